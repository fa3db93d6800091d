"""Golden pairs: what each rule makes of a cell, in files that a content editor can read and extend, one a family.

Columns: rule, locale, attribute, before, after, beside (other attributes of the sheet, `name=value ¦ name=value`) and
note.
`after` is a value as a person writes it ("1.5 L", "noir, blanc", "1999 EUR"), `∅` for nothing, `=` where the rule must
leave the text alone, `!code` where it must raise that issue. `\\n` and `\\uXXXX` stand for characters that do not show;
a single space before stands for an empty cell.
Promise: every pair is proven by a test, so that the page of a rule shows nothing that the rule does not do.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from catalog.sheets import Locale, MappedSheet

GOLDEN = Path(__file__).parents[1] / "data" / "golden"
NOTHING, _UNTOUCHED, _REPORTED = "∅", "=", "!"
_BESIDE = " ¦ "
_ESCAPE = re.compile(r"\\u([0-9a-f]{4})|\\(n)|\\(\\)")


class Outcome(StrEnum):
    """What becomes of the cell."""

    VALUE = "value"
    NOTHING = "nothing"
    UNTOUCHED = "untouched"
    REPORTED = "reported"


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

    @property
    def outcome(self) -> Outcome:
        """What becomes of the cell; only a `VALUE` is written in `after`."""
        if self.after.startswith(_REPORTED):
            return Outcome.REPORTED
        return _OUTCOMES.get(self.after, Outcome.VALUE)

    @property
    def reports(self) -> str | None:
        """The code of the issue that is raised, None where none is asked for."""
        return self.after[1:] if self.outcome is Outcome.REPORTED else None

    def others(self) -> dict[str, str]:
        """Return the other attributes of the sheet."""
        return cells(self.beside)

    def sheet(self) -> MappedSheet:
        """Return the sheet the line describes."""
        values = self.others()
        if self.before:
            values[self.attribute] = "" if self.before == " " else self.before
        return MappedSheet(2, values, {name: name for name in values})


_OUTCOMES = {NOTHING: Outcome.NOTHING, _UNTOUCHED: Outcome.UNTOUCHED}


def pairs() -> Iterator[Pair]:
    """Yield every golden pair of every family."""
    for path in sorted(GOLDEN.glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                texts = {name: unescaped(row[name] or "") for name in ("before", "after", "beside")}
                yield Pair(**{**row, **texts})  # type: ignore[arg-type]


@lru_cache(maxsize=1)
def by_rule() -> Mapping[str, Sequence[Pair]]:
    """Return rule → its pairs, in the order of the files."""
    found: dict[str, list[Pair]] = {}
    for pair in pairs():
        found.setdefault(pair.rule, []).append(pair)
    return found


def cells(written: str) -> dict[str, str]:
    """Return the attributes of a sheet written as "name=value ¦ name=value"."""
    return dict(part.split("=", 1) for part in written.split(_BESIDE) if part)


def unescaped(text: str) -> str:
    """Return a cell of a golden file with the characters that do not show in their places."""
    return _ESCAPE.sub(lambda e: chr(int(e[1], 16)) if e[1] else "\n" if e[2] else "\\", text)


def visible(text: str) -> str:
    """Return a text with what does not show written as the golden files write it."""
    return "".join(one if one.isprintable() else "\\n" if one == "\n" else f"\\u{ord(one):04x}" for one in text)
