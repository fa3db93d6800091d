"""Lists given out as CSV files: one dialect for the house, and no cell that a spreadsheet would run as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask import Response, stream_with_context

# A spreadsheet runs a cell that begins with one of these as a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe_cell(value: Any) -> str:
    """Return a cell's text, quoted with an apostrophe where a spreadsheet would run it; times are written in ISO."""
    text = "" if value is None else value.isoformat() if isinstance(value, datetime) else str(value)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def csv_line(cells: Iterable[Any]) -> str:
    """Return one line of CSV, its cells made safe."""
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerow([safe_cell(cell) for cell in cells])
    return out.getvalue()


def csv_answer(lines: Iterable[str], name: str) -> Response:
    """Return the lines as a file of this name, sent while they are made."""
    answer = Response(stream_with_context(iter(lines)), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
