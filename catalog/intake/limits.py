"""How much of a file is ever read: the sums that keep one upload from starving the house.

Promise: every reader of this package takes these limits and refuses what passes them with a coded sentence.
Not here: the enforcement on a whole process, which is `child.py`'s.
"""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Sums on one file (sizes in bytes, lengths in characters) and on the process that parses it (seconds, bytes)."""

    file_bytes: int = 2048 * MEGABYTE
    archive_entries: int = 2_000
    inflated_bytes: int = 1024 * MEGABYTE
    inflated_ratio: int = 200
    """Honest workbooks were seen to inflate up to 60 times; the known bombs start at 1,000."""
    ratio_floor: int = 32 * MEGABYTE
    """Below this inflated size the ratio is not judged: a small file of one repeated line is no danger."""
    line_length: int = 1_000_000
    cell_length: int = 32_767
    """The most a spreadsheet program lets a cell hold; a longer one is cut, and the cut is said."""
    columns: int = 4_000
    total_text: int = 4_000_000_000
    problems: int = 100_000
    process_bytes: int = 1024 * MEGABYTE
    cpu_seconds: int = 1_200
    seconds: float = 3_600.0
    """Time that one reading may keep its caller waiting; a million XLSX rows take about two minutes on one core."""


DEFAULT = Limits()
