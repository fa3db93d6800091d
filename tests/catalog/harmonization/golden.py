"""Golden pairs: files of before and after that a content editor can read and extend, one a family of rules.

Columns: rule, locale, attribute, before, after, beside (other attributes of the sheet, `name=value ¦ name=value`) and
note.
`after` is a value as a person writes it ("1.5 L", "noir, blanc", "1999 EUR"), `∅` for nothing, `=` where the rule must
leave the text alone, `!code` where it must raise that issue. `\\n` and `\\uXXXX` stand for characters that do not show;
a single space before stands for an empty cell. `codes.tsv` holds whole sheets instead, each with a code that is raised of
it or is not.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from catalog.sheets import Locale, MappedSheet, Value

GOLDEN = Path(__file__).parents[2] / "data" / "golden"
# Files of whole sheets, which are no pairs of a rule.
WHOLE_SHEETS = ("clean_sheets.tsv", "codes.tsv")
_ESCAPE = re.compile(r"\\u([0-9a-f]{4})|\\(n)|\\(\\)")


@dataclass(frozen=True, slots=True)
class Pair:
    """One line of a golden file."""

    rule: str
    locale: Locale
    attribute: str
    before: str
    after: str
    beside: str
    note: str

    def sheet(self) -> MappedSheet:
        """Return the sheet the line describes."""
        values = dict(part.split("=", 1) for part in self.beside.split(" ¦ ") if part)
        if self.before:
            values[self.attribute] = "" if self.before == " " else self.before
        return MappedSheet(2, values, {name: name for name in values})


def pairs() -> Iterator[Pair]:
    """Yield every golden pair of every family."""
    for path in sorted(GOLDEN.glob("*.tsv")):
        if path.name in WHOLE_SHEETS:
            continue
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                texts = {name: _unescaped(row[name] or "") for name in ("before", "after", "beside")}
                yield Pair(**{**row, **texts})  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Coded:
    """One line of `codes.tsv`: a whole sheet, and whether the code is raised of it once every stage has seen it."""

    code: str
    locale: Locale
    raised: bool
    cells: str

    def sheet(self) -> MappedSheet:
        """Return the sheet the line describes."""
        values = dict(part.split("=", 1) for part in _unescaped(self.cells).split(" ¦ "))
        return MappedSheet(2, values, {name: name for name in values})


def coded() -> Iterator[Coded]:
    """Yield every line of the codes' file."""
    with (GOLDEN / "codes.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            locale: Locale = "en" if row["locale"] == "en" else "fr"
            yield Coded(row["code"], locale, row["raised"] == "yes", row["sheet"])


def shown(value: Value) -> str:
    """Return a value as the golden files write it."""
    if value is None or value == "":
        return "∅"
    if isinstance(value, list):
        return ", ".join(value)
    if isinstance(value, dict):
        return f"{value['amount']} {value['currency']}" if "amount" in value else f"{value['value']} {value['unit']}"
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return str(value)


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda e: chr(int(e[1], 16)) if e[1] else "\n" if e[2] else "\\", text)
