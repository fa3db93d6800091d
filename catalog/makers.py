"""Sheets made ahead in a process of their own, so that an import uses a second core and pages need not wait for it.

    chunk n          this process: make what nobody has made ─ write ─ index
    chunks n + 1 …   the child:    make ─ make ─ make ───────────────► each taken when its turn comes

Promise: a help and nothing more: whatever becomes of the child, `take` answers None and the caller makes the sheets
itself, with the same result; the child ends with its parent, however that ends. Not here: the making (`assembly`).

`subprocess` rather than `multiprocessing`: forking a serving process with threads is not safe, and a spawned pool
outlives a parent that is killed. They speak in lines of JSON, one batch at a time, so that neither waits for the other
to read: a recipe where it is new, and the batch's sheets; their columns, and their texts read for the indexer.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from backoffice import compact, process
from catalog.assembly import Recipe, Workshop, make
from catalog.columns import columns_of
from catalog.search import wording
from catalog.sheets import MappedSheet

# Batches that are made before their turn: as many as are written between two turns of the indexer.
AHEAD = 6
# A batch that nobody took for so long is forgotten: its import was cancelled, or goes on in another process.
FORGOTTEN_SECONDS = 120
_ROOT = Path(__file__).resolve().parents[1]


def columns_made(sheets: Sequence[MappedSheet], workshop: Workshop) -> list[dict[str, Any]]:
    """Return the listings' columns of a batch of sheets, in their order."""
    return [columns_of(made) for made in make(sheets, workshop)]


def answered(sheets: Sequence[MappedSheet], workshop: Workshop) -> list[Any]:
    """Return what is answered to a batch: the columns of its sheets, and their texts read for the indexer."""
    made = columns_made(sheets, workshop)
    return [made, [wording.spoken(columns) for columns in made]]


@dataclass(frozen=True, slots=True)
class _Batch:
    """Sheets that are being made or wait for it: the answer as the child writes it, and since when it is wanted."""

    recipe: Recipe
    sheets: Sequence[MappedSheet]
    answer: Future[bytes]
    since: float


class _Courier:
    """One child and the thread that speaks with it; a child that is gone is followed by another."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="maker")
        self.child: subprocess.Popen[bytes] | None = None
        self._knows: Recipe | None = None

    def warm(self) -> None:
        """Start the child if there is none, without waiting for it."""
        self._thread.submit(self._living)

    def _living(self) -> subprocess.Popen[bytes]:
        self.child = self.child or _started()
        return self.child

    def ask(self, recipe: Recipe, sheets: Sequence[MappedSheet]) -> Future[bytes]:
        """Promise the child's answer to a batch; it raises OSError where the child is gone."""
        return self._thread.submit(self._ask, recipe, sheets)

    def _ask(self, recipe: Recipe, sheets: Sequence[MappedSheet]) -> bytes:
        try:
            child, known = self._living(), recipe is self._knows
            rows = [[sheet.row, dict(sheet.values), dict(sheet.sources), dict(sheet.extras)] for sheet in sheets]
            _say(child.stdin, [None if known else recipe.as_json(), rows])
            self._knows = recipe
            answer = child.stdout.readline() if child.stdout else b""
            if not answer:
                raise OSError("the child is gone")
        except OSError:
            self._bury()
            raise
        return answer

    def end(self) -> None:
        """Let the child end, whatever it is at."""
        if self.child is not None:
            self.child.kill()
        self._thread.submit(self._bury)
        self._thread.shutdown(wait=False)

    def _bury(self) -> None:
        child, self.child, self._knows = self.child, None, None
        if child is not None:
            child.kill()
            child.wait()
            for stream in (child.stdin, child.stdout):
                with suppress(OSError):
                    stream.close()  # type: ignore[union-attr]


class Maker:
    """One child that makes the batches of any import in the order in which they were begun; safe to share."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._batches: dict[Hashable, _Batch] = {}
        self._courier: _Courier | None = None

    def takes(self, key: Hashable) -> bool:
        """Return whether a batch can be begun under this key; what nobody took for long is forgotten."""
        with self._lock:
            old = time.monotonic() - FORGOTTEN_SECONDS
            self._batches = {one: batch for one, batch in self._batches.items() if batch.since >= old}
            return key not in self._batches and len(self._batches) < AHEAD

    def warm(self) -> None:
        """Start the child before there is anything to make: it needs half a second to be ready."""
        with self._lock:
            self._courier = self._courier or _Courier()
            self._courier.warm()

    def begin(self, key: Hashable, recipe: Recipe, sheets: Sequence[MappedSheet]) -> None:
        """Have a batch made while the caller does something else."""
        with self._lock:
            self._courier = self._courier or _Courier()
            self._batches[key] = _Batch(recipe, sheets, self._courier.ask(recipe, sheets), time.monotonic())

    def take(self, key: Hashable, workshop_of: Callable[[Recipe], Workshop]) -> list[dict[str, Any]] | None:
        """Return the columns of the batch begun under this key, waiting for them; None where there are none.

        Where the child is still at it, the caller makes a later batch meanwhile: it had nothing to do for 4.5 of 30 s.
        """
        with self._lock:
            batch = self._batches.pop(key, None)
        if batch is None:
            return None
        if not batch.answer.done():
            self._relieve(workshop_of)
        try:
            made: list[dict[str, Any]]
            made, readings = compact.loads(batch.answer.result())
        except (OSError, ValueError, CancelledError):
            return None
        for columns, said in zip(made, readings, strict=True):
            wording.remember(columns, said)
        return made

    def _relieve(self, workshop_of: Callable[[Recipe], Workshop]) -> None:
        """Make the last batch that the child has not come to."""
        with self._lock:
            last = next((key for key, batch in reversed(self._batches.items()) if batch.answer.cancel()), None)
            batch = self._batches.get(last)
        if batch is None:
            return
        made: Future[bytes] = Future()
        made.set_result(compact.dumps(answered(batch.sheets, workshop_of(batch.recipe))))
        with self._lock:
            if last in self._batches:
                self._batches[last] = replace(batch, answer=made)

    def stop(self, belongs: Callable[[Any], bool]) -> None:
        """Forget the batches that nobody will take any more, and end the child where no other waits."""
        with self._lock:
            for key in [one for one in self._batches if belongs(one)]:
                self._batches.pop(key).answer.cancel()
            if not self._batches and self._courier is not None:
                self._courier.end()
                self._courier = None


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
    # What is logged or printed along the way must not stand among the answers.
    answers, sys.stdout = sys.stdout.buffer, sys.stderr
    process.settle()
    workshop: Workshop | None = None
    for line in sys.stdin.buffer:
        recipe, rows = compact.loads(line)
        if recipe is not None:
            workshop = Workshop.of(Recipe.of_json(recipe))
        if workshop is not None:
            _say(answers, answered([MappedSheet(*row) for row in rows], workshop))


if __name__ == "__main__":
    main()
