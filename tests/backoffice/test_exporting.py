"""Files given out: one dialect, times as ISO, and nothing that a spreadsheet would run."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from backoffice.exporting import csv_line, safe_cell


@pytest.mark.parametrize("text", ["=1+1", "+33", "-1", "@x", "\tx", "\rx", "\nx"])
def test_a_cell_is_never_a_formula(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


def test_nothing_is_an_empty_cell_and_a_time_is_written_in_iso() -> None:
    assert safe_cell(None) == ""
    assert safe_cell(datetime(2026, 3, 1, 8, 30, tzinfo=UTC)) == "2026-03-01T08:30:00+00:00"


def test_a_line_quotes_what_would_end_its_cells() -> None:
    assert csv_line(["a;b", 'say "yes"', "=1"]) == '"a;b";"say ""yes""";\'=1\r\n'
