"""A beat beside long work: a function called again and again from another thread until the work is over."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog

log = structlog.get_logger(__name__)


@contextmanager
def beating(beat: Callable[[], None], *, every: float) -> Iterator[None]:
    """Call `beat` every so many seconds while the block runs; a beat that fails is noted, and the next one is tried."""
    over = threading.Event()

    def run() -> None:
        while not over.wait(every):
            try:
                beat()
            except Exception as error:  # a beat serves the work; it must never end it
                log.info("beat failed", error=repr(error))

    threading.Thread(target=run, daemon=True, name="heartbeat").start()
    try:
        yield
    finally:
        over.set()
