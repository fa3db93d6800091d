"""Whole sheets, each with a code that is raised of it or is not, and values as the golden files write them.

Columns of `tests/data/sheets/codes.tsv`: code, locale, raised, sheet (`name=value ¦ name=value`) and note.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from catalog.harmonization.golden import NOTHING, cells, unescaped
from catalog.sheets import Locale, MappedSheet, Value

SHEETS = Path(__file__).parents[2] / "data" / "sheets"


@dataclass(frozen=True, slots=True)
class Coded:
    """One line of `codes.tsv`: a whole sheet, and whether the code is raised of it once every stage has seen it."""

    code: str
    locale: Locale
    raised: bool
    cells: str

    def sheet(self) -> MappedSheet:
        """Return the sheet the line describes."""
        values = cells(unescaped(self.cells))
        return MappedSheet(2, values, {name: name for name in values})


def coded() -> Iterator[Coded]:
    """Yield every line of the codes' file."""
    with (SHEETS / "codes.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            locale: Locale = "en" if row["locale"] == "en" else "fr"
            yield Coded(row["code"], locale, row["raised"] == "yes", row["sheet"])


def shown(value: Value) -> str:
    """Return a value as the golden files write it."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, list):
        return ", ".join(value)
    if isinstance(value, dict):
        return f"{value['amount']} {value['currency']}" if "amount" in value else f"{value['value']} {value['unit']}"
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return str(value)
