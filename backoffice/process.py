"""What a process of the house tells Python's collector and the C library about its memory.

Promise: settings alone; nothing that a process computes depends on them. Every process begins with `settle`, one that
stays calls `stay` once it stands. Not here: limits for hostile files (`catalog.intake`), which only their readers have.
"""

from __future__ import annotations

import ctypes
import gc
from collections.abc import Iterator
from contextlib import contextmanager, suppress

# After so many new objects the collector looks for cycles (Python's own bounds are 700, 10, 10). Of a harmonized sheet
# nothing is cyclic: in three turns on a noisy machine `tests.benchmarks.harmonization` made 3 to 7 % more sheets a second
# with these bounds, in the same memory to a megabyte.
COLLECTED_FROM = (50_000, 20, 100)
# glibc's own bound grows with the largest block ever freed, up to 32 MB; what lies under it stays with the process. With
# the bound fixed an import of 30,196 sheets peaks at 560 MB instead of 583–600, as fast as before.
_RETURNED_FROM_BYTES = 1 << 20
_M_MMAP_THRESHOLD = -3


def settle() -> None:
    """Look for garbage seldom, and give large blocks back to the system as soon as they are freed."""
    gc.set_threshold(*COLLECTED_FROM)
    with suppress(OSError, TypeError, AttributeError):  # another C library than glibc
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _RETURNED_FROM_BYTES)


@contextmanager
def starting() -> Iterator[None]:
    """Look for no garbage meanwhile: what a start makes stays, and looking through it took a fifth of the start."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def stay() -> None:
    """Leave what stands now out of every later look for garbage: it lasts as long as the process."""
    gc.freeze()
