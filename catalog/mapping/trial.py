"""A mapping tried on the first rows of a file: what it would change of what stands now, in counts and examples.

    rows ─► sheets by the mapping that stands ─┐
         └► sheets by the one that is tried ───┴─► by attribute: how many lines differ, a few of them, how many emptied

Promise: nothing is written; what a person sees is made by the code that imports. Not here: a whole file, which a job
compares with what is stored (`catalog.forecast`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from catalog.attributes import ATTRIBUTES
from catalog.mapping.application import map_rows
from catalog.mapping.columns import ColumnMapping
from catalog.mapping.rules import NO_RULES, Rules
from catalog.sheets import MappedSheet, Row

EXAMPLES = 5
# An example's text is cut to this; a description would fill the page. Of what both texts share, so much leads to where
# they part.
SHOWN_LENGTH, LED_BY = 160, 60
# Without these a sheet is refused, whatever its category (`catalog.requirements.default_requirements`).
ALWAYS_REQUIRED = ("id", "title")


@dataclass(frozen=True, slots=True)
class Example:
    """One line on which an attribute's value differs: before and after, "" where there is none."""

    row: int
    before: str
    after: str


@dataclass(slots=True)
class Difference:
    """One attribute: on how many lines its value differs, on how many it is emptied, and a few of them."""

    attribute: str
    changed: int = 0
    emptied: int = 0
    examples: list[Example] = field(default_factory=list)

    def label(self, locale: str) -> str:
        """Return the attribute's name for a person."""
        known = ATTRIBUTES.get(self.attribute)
        return known.label(locale) if known else {"fr": "Catégorie", "en": "Category"}[locale]

    def add(self, row: int, before: str, after: str) -> None:
        """Count one line on which the value differs."""
        self.changed += 1
        self.emptied += not after
        if len(self.examples) < EXAMPLES:
            self.examples.append(Example(row, *cut(before, after)))


def cut(before: str, after: str) -> tuple[str, str]:
    """Return both texts cut to `SHOWN_LENGTH` from shortly before the place where they part."""
    pairs = enumerate(zip(before, after, strict=False))
    shared = next((at for at, (left, right) in pairs if left != right), min(len(before), len(after)))
    start = max(0, shared - LED_BY) if max(len(before), len(after)) > SHOWN_LENGTH else 0
    lead = "…" if start else ""
    shown = slice(start, start + SHOWN_LENGTH)
    return f"{lead}{before[shown]}", f"{lead}{after[shown]}"


@dataclass(frozen=True, slots=True)
class Way:
    """Columns and rules together, as a file is read by them."""

    columns: Sequence[ColumnMapping]
    rules: Rules = NO_RULES


@dataclass(frozen=True, slots=True)
class Trial:
    """What a mapping would change: the lines looked at, those that differ at all, and each attribute that does."""

    lines: int
    changed: int
    differences: Sequence[Difference]

    def emptied(self, required: Collection[str] = ALWAYS_REQUIRED) -> list[Difference]:
        """Return the attributes that a sheet needs and that some lines would lose."""
        return [one for one in self.differences if one.emptied and one.attribute in required]


def attempt(rows: Iterable[Row], before: Way, after: Way) -> Trial:
    """Return what the second mapping makes of these rows that the first does not."""
    rows = list(rows)
    old = {sheet.row: sheet for sheet in map_rows(rows, before.columns, before.rules)}
    new = {sheet.row: sheet for sheet in map_rows(rows, after.columns, after.rules)}
    found: dict[str, Difference] = {}
    touched = Counter[int]()
    for row in sorted({*old, *new}):
        for attribute, left, right in differing(_values(old.get(row)), _values(new.get(row))):
            found.setdefault(attribute, Difference(attribute)).add(row, left, right)
            touched[row] += 1
    ordered = sorted(found.values(), key=lambda one: (-one.changed, one.attribute))
    return Trial(len(rows), len(touched), ordered)


def differing(before: Mapping[str, str], after: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Return (attribute, before, after) of every attribute whose text differs, by name."""
    names = sorted(before.keys() | after.keys())
    return [
        (name, before.get(name, ""), after.get(name, ""))
        for name in names
        if before.get(name, "") != after.get(name, "")
    ]


def _values(sheet: MappedSheet | None) -> Mapping[str, str]:
    return sheet.values if sheet is not None else {}
