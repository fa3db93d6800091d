"""What the law asks a sheet to say, by category and from a date on: product safety, producer responsibility, energy.

What: a table of gates in `catalog/data/taxonomy/gates.csv`, each with its attributes, categories, first day and the text
it comes from; an operator switches a gate on, as a warning or as what blocks publication. Promise: pure; a gate that is
not switched on says nothing. Not here: the operator's choice (`catalog.taxonomies.ruling`), legal advice: the table is
what a marketplace starts from.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from catalog.issues import issue
from catalog.sheets import Issue, Severity, Value
from catalog.taxonomy import Taxonomy
from catalog.text import fold

_DATA = Path(__file__).parent / "data" / "taxonomy"
ANY = "*"


@dataclass(frozen=True, slots=True)
class Gate:
    """One duty: which attributes a sheet of these categories must give since that day, and how grave a lack is.

    `outside` narrows it to articles whose stated origin lies outside the Union.
    """

    code: str
    attributes: tuple[str, ...]
    categories: tuple[str, ...]
    but: tuple[str, ...]
    since: str
    outside: bool
    law: str
    severity: Severity = Severity.WARNING

    def as_json(self) -> dict[str, Any]:
        """Return the gate in plain types."""
        return asdict(self)

    @classmethod
    def of_json(cls, said: Mapping[str, Any]) -> Gate:
        """Return the gate of these plain types."""
        lists = {name: tuple(said[name]) for name in ("attributes", "categories", "but")}
        return cls(**{**said, **lists, "severity": Severity(said["severity"])})

    def in_force(self, day: date) -> bool:
        """Return whether the duty holds on this day."""
        return day >= date.fromisoformat(self.since)


@cache
def all_gates() -> Mapping[str, Gate]:
    """Return the gates by their issue code, as the table has them."""
    with (_DATA / "gates.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return {
        row["code"]: Gate(
            code=row["code"],
            attributes=tuple(row["attributes"].split()),
            categories=tuple(row["categories"].split()),
            but=tuple(row["but"].split()),
            since=row["since"],
            outside=row["outside"] == "yes",
            law=row["law"],
        )
        for row in rows
    }


@cache
def _union() -> frozenset[str]:
    """Return how sheets name the Union and the countries of the European Economic Area: codes and names, folded."""
    return frozenset(fold(line).strip() for line in (_DATA / "union.txt").read_text("utf-8").splitlines() if line)


def missed(
    values: Mapping[str, Value], category: str | None, gates: Sequence[Gate], taxonomy: Taxonomy, row: int | None = None
) -> list[Issue]:
    """Return an issue for each attribute that a gate of the sheet's category asks for and the sheet lacks."""
    lineage = _lineage(category, taxonomy)
    found: list[Issue] = []
    for gate in gates:
        if not _concerns(gate, lineage) or (gate.outside and not _comes_from_outside(values)):
            continue
        shown = values.get("origin_country") if gate.outside else None
        for attribute in gate.attributes:
            if values.get(attribute) in (None, "", [], {}):
                told = issue(gate.code, attribute, shown, row=row, since=gate.since)
                found.append(Issue(told.code, gate.severity, attribute, told.value, told.params, row))
    return found


def _lineage(category: str | None, taxonomy: Taxonomy) -> set[str]:
    if category is None or category not in taxonomy:
        return {ANY}
    return {ANY, category, *(one.id for one in taxonomy.ancestors(category))}


def _concerns(gate: Gate, lineage: set[str]) -> bool:
    return not lineage.isdisjoint(gate.categories) and lineage.isdisjoint(gate.but)


def _comes_from_outside(values: Mapping[str, Value]) -> bool:
    said = values.get("origin_country")
    return isinstance(said, str) and bool(said.strip()) and fold(said).strip() not in _union()
