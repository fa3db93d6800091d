"""Parsing in a child process that can be killed: a hostile file costs only the child.

Promise: the child has limits of memory, processor time and files, may write no file, and is killed when its time is
up; the parent only ever reads JSON lines of bounded size from it, and turns every end of it into a coded refusal.
Not here: parsing; the child runs `open_table` like anyone else.

`subprocess` rather than `multiprocessing`: forking a serving process with threads is not safe, and pickles from a
process that parses hostile bytes are not to be trusted.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from backoffice import compact
from catalog.intake.limits import DEFAULT, MEGABYTE, Limits
from catalog.intake.refusals import UnreadableFile
from catalog.intake.tables import Ledger, Note, Overrides, Table

CHUNK_ROWS = 500
CHUNK_TEXT = 1_000_000
LINE_BYTES = 256 * MEGABYTE
_ROOT = Path(__file__).resolve().parents[2]
_HEAD = ("name", "format", "headers", "encoding", "delimiter", "header_line", "sheet_name", "sheet_names", "lead")


class _Child:
    """A running child, its clock, and what ended it.

    The clock only runs while the parent waits: what the parent does with the rows is not the child's time.
    """

    def __init__(self, process: subprocess.Popen[bytes], seconds: float) -> None:
        self.process = process
        self.left = seconds
        self.timed_out = False

    def line(self, stream: IO[bytes]) -> bytes:
        """Return the next line it says; where its time is up it is killed and says nothing more."""
        timer = threading.Timer(max(self.left, 0.001), self._expire)
        timer.daemon = True
        started = time.monotonic()
        timer.start()
        try:
            return stream.readline(LINE_BYTES)
        finally:
            timer.cancel()
            self.left -= time.monotonic() - started

    def _expire(self) -> None:
        self.timed_out = True
        self.process.kill()


def safe_open_table(
    source: Path, *, file_name: str | None = None, overrides: Overrides | None = None, limits: Limits = DEFAULT
) -> Table:
    """Return the same table as `open_table`, parsed in a child process each time its rows are read.

    Raises `UnreadableFile`, also from `rows()`, where the child is refused, killed or dies.
    """
    order = {
        "source": str(Path(source).resolve()),
        "file_name": file_name or Path(source).name,
        "overrides": asdict(overrides) if overrides else None,
        "limits": asdict(limits),
    }
    with _conversation({**order, "rows": False}, limits) as lines:
        head = next(lines)

    def reading(ledger: Ledger) -> Iterator[tuple[int, Sequence[str]]]:
        with _conversation({**order, "rows": True}, limits) as lines:
            next(lines)
            for chunk in lines:
                _take(chunk, ledger)
                yield from ((number, cells) for number, cells in chunk["rows"])

    return _table(head, reading, limits)


def _table(head: Mapping[str, Any], reading: Any, limits: Limits) -> Table:
    values: dict[str, Any] = {key: tuple(head[key]) if isinstance(head[key], list) else head[key] for key in _HEAD}
    values["lead"] = tuple(tuple(line) for line in head["lead"])
    notes = tuple(Note(code, params) for code, params in head["notes"])
    return Table(
        reading=reading, head_notes=notes, newline=head["newline"], record_count=head["record_count"], limits=limits,
        **values,
    )  # fmt: skip


def _take(chunk: Mapping[str, Any], ledger: Ledger) -> None:
    """Add a chunk's problems and notes to the parent's ledger."""
    for number, expected, found in chunk["problems"]:
        ledger.wrong_fields(number, expected=expected, found=found)
    for code, by, params in chunk["counts"]:
        ledger.count(code, by, **params)


@contextmanager
def _conversation(order: Mapping[str, Any], limits: Limits) -> Iterator[Iterator[Mapping[str, Any]]]:
    """Start a child with an order and give what it says, line by line; it never outlives the block."""
    # Without the serving process's own variables the child knows none of its secrets.
    variables = {"PATH": os.defpath, "PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8"}
    process = subprocess.Popen(
        [sys.executable, "-m", "catalog.intake.child"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, cwd=_ROOT, env=variables, start_new_session=True,
    )  # fmt: skip
    try:
        yield _spoken(_Child(process, limits.seconds), order)
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream:
                stream.close()


def _spoken(child: _Child, order: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    name = str(order["file_name"])
    stdin, stdout = child.process.stdin, child.process.stdout
    if stdin is None or stdout is None:
        raise UnreadableFile("crashed", {"name": name})
    try:
        stdin.write(compact.dumps(order) + b"\n")
        stdin.close()
    except BrokenPipeError as error:
        raise _ending(child, name) from error
    while line := child.line(stdout):
        try:
            said = compact.loads(line)
        except ValueError as error:
            raise _ending(child, name) from error
        if "refused" in said:
            raise UnreadableFile(said["refused"], said["params"])
        if said.get("done"):
            return
        yield said
    raise _ending(child, name)


def _ending(child: _Child, name: str) -> UnreadableFile:
    """Return the refusal for a child that ended without a word."""
    status = child.process.wait()
    if child.timed_out or status == -signal.SIGXCPU:
        return UnreadableFile("too_long", {"name": name})
    if status == -signal.SIGKILL:
        return UnreadableFile("too_much_memory", {"name": name})
    return UnreadableFile("crashed", {"name": name})


def _limit_self(limits: Limits) -> None:
    """Set the limits of this process, where the system has them."""
    try:
        import resource
    except ImportError:  # Windows has no such limits; the parent's clock still holds
        return
    sums = {
        resource.RLIMIT_AS: limits.process_bytes,
        resource.RLIMIT_CPU: limits.cpu_seconds,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: 64,
    }
    for kind, value in sums.items():
        _, hard = resource.getrlimit(kind)
        most = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (most, most))


def main() -> None:
    """Read an order from standard input and answer with lines of JSON: a head, chunks of rows, an end."""
    # openpyxl loads numpy where it finds it, for nothing we use; without it the child starts in half the time.
    sys.modules["numpy"] = None  # type: ignore[assignment]
    order = compact.loads(sys.stdin.buffer.readline())
    from catalog.intake.opening import open_table

    limits = Limits(**order["limits"])
    _limit_self(limits)
    overrides = Overrides(**order["overrides"]) if order["overrides"] else None
    name = order["file_name"]
    try:
        table = open_table(Path(order["source"]), file_name=name, overrides=overrides, limits=limits)
        _say(_head(table))
        if order["rows"]:
            _say_rows(table)
        _say({"done": True})
    except UnreadableFile as refusal:
        _say({"refused": refusal.code, "params": refusal.params})
    except MemoryError:
        _say({"refused": "too_much_memory", "params": {"name": name}})
    except BrokenPipeError:  # the parent has seen enough
        os._exit(0)
    except Exception:  # whatever a hostile file brings about, the parent hears one sentence
        _say({"refused": "crashed", "params": {"name": name}})


def _head(table: Table) -> dict[str, Any]:
    said = {key: getattr(table, key) for key in _HEAD}
    notes = [(note.code, note.params) for note in table.notes]
    return {**said, "notes": notes, "newline": table.newline, "record_count": table.record_count}


def _say_rows(table: Table) -> None:
    chunk: list[tuple[int, list[str]]] = []
    size = 0
    counted: dict[str, int] = {}
    for number, cells in table.cells():
        chunk.append((number, list(cells)))
        size += sum(map(len, cells))
        if len(chunk) >= CHUNK_ROWS or size >= CHUNK_TEXT:
            _say(_chunk(table, chunk, counted))
            chunk, size = [], 0
    _say(_chunk(table, chunk, counted))


def _chunk(table: Table, rows: Sequence[Any], counted: dict[str, int]) -> dict[str, Any]:
    problems = [(issue.row, issue.params["expected"], issue.params["found"]) for issue in table.drain_problems()]
    ledger = table.ledger
    counts = []
    for code, total in ledger.counts.items() if ledger else ():
        counts.append((code, total - counted.get(code, 0), ledger.params.get(code, {}) if ledger else {}))
        counted[code] = total
    return {"rows": rows, "problems": problems, "counts": [entry for entry in counts if entry[1]]}


def _say(said: Mapping[str, Any]) -> None:
    sys.stdout.buffer.write(compact.dumps(said, _plain) + b"\n")
    sys.stdout.buffer.flush()


def _plain(value: object) -> object:
    return str(value)


if __name__ == "__main__":
    main()
