"""Sheets made ahead in a process of their own, so that an import uses a second core and pages need not wait for it.

    chunk n     this process: make what nobody has made ─ write ─ index
    chunk n + 1 the child:    make ──────────────────────────────────► taken when its turn comes

Promise: a help and nothing more: whatever becomes of the child, `take` answers None and the caller makes the sheets
itself, with the same result; the child ends with its parent, however that ends. Not here: the making (`assembly`).

`subprocess` rather than `multiprocessing`: forking a serving process with threads is not safe, and a spawned pool
outlives a parent that is killed. They speak in lines of JSON: a recipe where it is new, and the batch's sheets; columns.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Hashable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from backoffice import compact
from catalog.assembly import Recipe, Workshop, make
from catalog.columns import columns_of
from catalog.sheets import MappedSheet

# A batch that nobody took for so long is forgotten: its import was cancelled, or goes on in another process.
FORGOTTEN_SECONDS = 120
_ROOT = Path(__file__).resolve().parents[1]


def columns_made(sheets: Sequence[MappedSheet], workshop: Workshop) -> list[dict[str, Any]]:
    """Return the listings' columns of a batch of sheets, in their order."""
    return [columns_of(made) for made in make(sheets, workshop)]


class Maker:
    """One child that makes one batch at a time; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._key: Hashable | None = None
        self._since = 0.0
        self._knows: Recipe | None = None

    def begin(self, key: Hashable, recipe: Recipe, sheets: Sequence[MappedSheet]) -> bool:
        """Have a batch made while the caller does something else; False where the child is at another."""
        if not self._lock.acquire(blocking=False):
            return False
        try:
            if self._key is not None and time.monotonic() - self._since < FORGOTTEN_SECONDS:
                return False
            if self._key is not None:
                self._end()
            self._child = self._child or _started()
            known = recipe is self._knows
            rows = [[sheet.row, dict(sheet.values), dict(sheet.sources), dict(sheet.extras)] for sheet in sheets]
            _say(self._child.stdin, [None if known else recipe.as_json(), rows])
            self._key, self._since, self._knows = key, time.monotonic(), recipe
        except OSError:
            self._end()
        finally:
            self._lock.release()
        return self._key == key

    def take(self, key: Hashable) -> list[dict[str, Any]] | None:
        """Return the columns of the batch begun under this key, waiting for them; None where there are none."""
        with self._lock:
            if self._key != key or self._child is None or self._child.stdout is None:
                return None
            try:
                answer: list[dict[str, Any]] = compact.loads(self._child.stdout.readline())
            except (OSError, ValueError):
                self._end()
                return None
            self._key = None
            return answer

    def stop(self, belongs: Callable[[Any], bool]) -> None:
        """End the child where it is idle, or where `belongs(key)` says that nobody will take its batch any more."""
        with self._lock:
            if self._key is None or belongs(self._key):
                self._end()

    def _end(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            for stream in (self._child.stdin, self._child.stdout):
                with suppress(OSError):
                    stream.close()  # type: ignore[union-attr]
        self._child = self._key = self._knows = None


def _started() -> subprocess.Popen[bytes]:
    # Without the serving process's own variables the child knows none of its secrets; one thread is its share.
    variables = {"PATH": os.defpath, "PYTHONPATH": str(_ROOT), "LC_ALL": "C.UTF-8", "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(
        [sys.executable, "-m", "catalog.makers"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, cwd=_ROOT, env=variables, start_new_session=True,
    )  # fmt: skip


def _say(stream: IO[bytes] | None, said: Any) -> None:
    if stream is not None:
        stream.write(compact.dumps(said) + b"\n")
        stream.flush()


def main() -> None:
    """Answer each batch read from standard input until that is closed, which it is when the parent ends."""
    workshop: Workshop | None = None
    for line in sys.stdin.buffer:
        recipe, rows = compact.loads(line)
        if recipe is not None:
            workshop = Workshop.of(Recipe.of_json(recipe))
        if workshop is not None:
            _say(sys.stdout.buffer, columns_made([MappedSheet(*row) for row in rows], workshop))


if __name__ == "__main__":
    main()
