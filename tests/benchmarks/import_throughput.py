"""Sheets a second from file to indexed, through the product's own pipeline, database and search index.

    python -m tests.benchmarks.import_throughput FILE --rows N

Repeats the file with new identifiers up to N rows. Last line: JSON `sheets_per_second peak_rss_mb stages` (seconds by
stage), the memory of this process and its largest child together, `tenths` (sheets a second of the first and the last
tenth of the rows), and `cpu_seconds` of this process and of its children, which say more than the clock on a busy
machine. DATABASE_URL and SEARCH_ENGINE choose other real parts than SQLite and the embedded engine.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask

from app import create_app
from backoffice import jobs
from backoffice.clock import now
from backoffice.extensions import db
from backoffice.vendors.models import Vendor, VendorStatus
from catalog import pipeline, uploads
from catalog.intake import open_table
from catalog.models import Import, ImportStatus
from catalog.search import sync


def house(folder: str) -> Flask:
    """Return the application on an empty database in this folder."""
    environ = {**os.environ, "COMPTOIR_PROFILE": "test", "DATA_FOLDER": folder, "LOG_LEVEL": "ERROR"}
    app = create_app(environ)
    with app.app_context():
        db.drop_all()
        db.create_all()
    return app


def selling_vendor(code: str) -> Vendor:
    """Return a vendor whose sheets are published at once."""
    moment = now()
    vendor = Vendor(code=code, name=code.title(), status=VendorStatus.LIVE, approved_at=moment, live_at=moment)
    db.session.add(vendor)
    db.session.commit()
    return vendor


def repeated(source: Path, target: Path, rows: int) -> None:
    """Write a CSV of exactly so many rows: the source again and again, each row with an identifier of its own."""
    table = open_table(source)
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["sku", *table.headers])
        for number, cells in zip(range(rows), _endless(source), strict=False):
            writer.writerow([f"R{number:07d}", *cells])


def _endless(source: Path) -> Iterator[list[str]]:
    while True:
        table = open_table(source)
        for row in table.rows():
            yield [row.cells[header] for header in table.headers]


def measure(app: Flask, file: Path, rows: int) -> dict[str, Any]:
    """Import the file and return the figures."""
    stages: dict[str, float] = {}
    with app.app_context():
        vendor = selling_vendor("bench")
        started = time.perf_counter()
        with file.open("rb") as stream:
            run = uploads.upload(vendor, stream, file.name, by=None)
        pipeline.confirm(run, by=None)
        db.session.commit()
        number = run.id
        stages["look"] = time.perf_counter() - started
        read = _work(number, stages)
        sync.drain(rows * 2)
        db.session.commit()
        total = time.perf_counter() - started
        stages["rest"] = total - sum(stages.values())
        run = db.session.get_one(Import, number)
        assert run.status == ImportStatus.DONE, run.status
        assert run.lines_read == rows
        checked = sync.check()
        assert checked["missing"] == checked["stale"] == checked["surplus"] == 0, checked
    usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return {
        "sheets_per_second": round(rows / total, 1),
        "peak_rss_mb": round(sum(one.ru_maxrss for one in usage) / 1024, 1),
        "tenths": [round(_rate(read, rows * at // 10, rows * (at + 1) // 10), 1) for at in (0, 9)],
        "rss_mb": [round(one.ru_maxrss / 1024) for one in usage],
        "cpu_seconds": [round(one.ru_utime + one.ru_stime, 1) for one in usage],
        "stages": {name: round(seconds, 2) for name, seconds in stages.items()},
    }


def _work(number: int, stages: dict[str, float]) -> list[tuple[int, float]]:
    """Do every due job, adding up the time by kind; returns (lines read, moment) after each chunk."""
    read = [(0, time.perf_counter())]
    while ids := jobs.due_ids(1):
        kind = db.session.scalar(sa.select(jobs.Job.kind).where(jobs.Job.id == ids[0])) or ""
        db.session.rollback()
        started = time.perf_counter()
        jobs.perform(ids[0])
        stages[kind] = stages.get(kind, 0.0) + time.perf_counter() - started
        run = db.session.get_one(Import, number)
        if run.lines_read > read[-1][0]:
            read.append((run.lines_read, time.perf_counter()))
        elif run.lines_read == 0:
            read[0] = (0, time.perf_counter())
        if run.chunks_done % 20 == 0:
            print(f"{run.lines_read} of {run.lines_total}", file=sys.stderr)
        db.session.rollback()
    return read


def _rate(read: list[tuple[int, float]], start: int, end: int) -> float:
    """Return the lines a second between the last chunk that ended before `start` and the first one past `end`."""
    first, began = next(one for one in reversed(read) if one[0] <= start)
    last, ended = next(one for one in read if one[0] >= end)
    return (last - first) / (ended - began)


def main() -> int:
    """Read the arguments and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--rows", type=int, default=30_000)
    arguments = parser.parse_args()
    if not arguments.file.is_file():
        print(f"{arguments.file} is not a readable file.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "sheets.csv"
        repeated(arguments.file, file, arguments.rows)
        print(json.dumps(measure(house(folder), file, arguments.rows)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
