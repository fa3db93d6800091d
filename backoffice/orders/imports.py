"""A file of orders: kept as sent, looked at, taken once, and given back with the problems beside each line.

Looking writes no order. Taking reads the same bytes again, so what was shown is what is taken.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import IO, Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _

from backoffice import audit, files
from backoffice.clock import now
from backoffice.errors import Conflict, NotFound
from backoffice.exporting import csv_line
from backoffice.extensions import db
from backoffice.orders import intake, problems, recording
from backoffice.orders.intake import Reading
from backoffice.orders.models import OrderImport, OrderImportState
from backoffice.orders.problems import OrderIssue
from backoffice.orders.recording import Recorded

# Problems kept of one file; the thousandth tells nothing that the first did not, and the report has them all.
KEPT_ISSUES = 1_000


def read(data: bytes) -> Reading:
    """Read a file's bytes in the house's time zone; raises UnreadableOrders."""
    return intake.read_csv(data, ZoneInfo(current_app.config["TIMEZONE"]))


def upload(stream: IO[bytes], name: str, *, by: Any) -> OrderImport:
    """Keep a file and say what taking it would do; raises UnreadableOrders, and then nothing is kept."""
    data = stream.read(intake.MAX_MEGABYTES * (1 << 20) + 1)
    reading = read(data)
    stream.seek(0)
    run = OrderImport(file=files.store(stream, name, media_type="text/csv", by=by), created_by_id=by.id)
    run.lines_read = reading.lines_read
    _note(run, [*reading.issues, *recording.problems_of(reading.baskets)])
    db.session.add(run)
    audit.record("order_import.upload", run, by=by, changes={"file": (None, run.file.name)})
    return run


def take(run: OrderImport, *, by: Any) -> Recorded:
    """Store the orders of a file that are right; raises Conflict where it has been done."""
    if run.state is not OrderImportState.UPLOADED:
        raise Conflict(_("This file has been taken already."))
    reading = read(run.file.path.read_bytes())
    done = recording.record_all(reading.baskets, by=by)
    _note(run, [*reading.issues, *done.issues])
    run.state, run.taken_at = OrderImportState.TAKEN, now()
    run.orders_created, run.orders_moved = len(done.created), len(done.moved)
    run.orders_unchanged = len(done.unchanged)
    audit.record("order_import.take", run, by=by)
    return done


def _note(run: OrderImport, issues: Sequence[OrderIssue]) -> None:
    run.lines_in_error = lines_in_error(issues)
    ordered = sorted(issues, key=lambda issue: (issue.warning, issue.code == "order_refused", issue.row or 0))
    run.issues = [asdict(issue) for issue in ordered[:KEPT_ISSUES]]


def lines_in_error(issues: Iterable[OrderIssue]) -> int:
    """Return how many lines have a problem that keeps their order out."""
    return len({issue.row for issue in issues if not issue.warning})


def issues_of(run: OrderImport) -> list[OrderIssue]:
    """Return the kept problems of a file as values."""
    return [OrderIssue(**stored) for stored in run.issues]


def find(import_id: int) -> OrderImport:
    """Return a file of orders, or raise NotFound."""
    run = db.session.get(OrderImport, import_id)
    if run is None:
        raise NotFound()
    return run


def newest_first() -> sa.Select[Any]:
    """Return the select of all files."""
    return sa.select(OrderImport)


def report(run: OrderImport, locale: str) -> Iterator[str]:
    """Yield the file as sent with `error-line, error-code, error-message` beside each line; no cell is a formula."""
    data = run.file.path.read_bytes()
    reading = read(data)
    faults: defaultdict[int | None, list[OrderIssue]] = defaultdict(list)
    # Vendors and stored orders are asked again before the file is taken; afterwards what was found then is told.
    stored = recording.problems_of(reading.baskets) if run.state is OrderImportState.UPLOADED else issues_of(run)
    once = {(issue.row, issue.column, issue.code): issue for issue in [*reading.issues, *stored]}
    for issue in once.values():
        faults[issue.row].append(issue)
    headers, rows = intake.table_of(data)
    return _report_lines(headers, rows, faults, locale)


def _report_lines(
    headers: Sequence[str], rows: Iterable[tuple[int, Sequence[str]]], faults: Any, locale: str
) -> Iterator[str]:
    yield csv_line([*headers, "error-line", "error-code", "error-message"])
    for row, cells in rows:
        found = faults.get(row, [])
        padded = [*cells, *[""] * (len(headers) - len(cells))]
        codes = ", ".join(dict.fromkeys(issue.code for issue in found))
        said = " ".join(problems.sentence(issue, locale) for issue in found)
        yield csv_line([*padded, str(row) if found else "", codes, said])
