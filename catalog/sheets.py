"""The frozen values that travel from a vendor's file to the review desk.

Promise: every stage of the catalogue takes and returns these, so that each can be run, tested and read alone;
nothing here knows of the web, the database or the search engine. Not here: how a value is found or judged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal, NamedTuple

# What a harmonized attribute may hold: text, a list of texts, a measure ({"value", "unit", "raw"}), a price
# ({"amount" in minor units, "currency"}), a whole number, or None where the vendor's word means "nothing".
Value = str | int | float | bool | list[str] | dict[str, Any] | None
Locale = Literal["fr", "en"]


class Severity(StrEnum):
    """Whether an issue blocks publication (error) or asks for a look (warning)."""

    ERROR = "error"
    WARNING = "warning"


class Verdict(StrEnum):
    """What one attribute says of a pair of sheets."""

    AGREE = "agree"
    CONFLICT = "conflict"
    MISSING = "missing"


class Decision(StrEnum):
    """What is proposed, or judged, of a pair of sheets."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a vendor's file: `number` as the vendor sees it (the header is line 1), cells by unique header."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class MappedSheet:
    """A row in the marketplace's attributes, every value still in the vendor's words.

    `sources` names the column an attribute came from; `extras` keeps the columns that no attribute took.
    """

    row: int
    values: Mapping[str, str]
    sources: Mapping[str, str] = field(default_factory=dict)
    extras: Mapping[str, str] = field(default_factory=dict)


class Change(NamedTuple):
    """One explained act of harmonization; confidence is from 0 to 1, source the vendor's column.

    A named tuple: a sheet has some three of these, and a frozen dataclass takes six times as long to make.
    """

    attribute: str
    before: Value
    after: Value
    rule: str
    confidence: float
    source: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the shape printed by `catalog harmonize` and kept with a listing."""
        return {
            "attribute": self.attribute,
            "before": self.before,
            "after": self.after,
            "rule": self.rule,
            "confidence": self.confidence,
            "source": self.source,
        }


@dataclass(frozen=True, slots=True)
class Issue:
    """One coded fault of a sheet; its words come from `catalog.issues` in the reader's language."""

    code: str
    severity: Severity
    attribute: str | None = None
    value: Value = None
    params: Mapping[str, Any] = field(default_factory=dict)
    row: int | None = None
    column: str | None = None


@dataclass(frozen=True, slots=True)
class HarmonizedSheet:
    """A sheet in canonical form with all that was done to it and all that a person should look at."""

    row: int
    values: Mapping[str, Value]
    changes: Sequence[Change] = ()
    issues: Sequence[Issue] = ()
    locale: Locale = "fr"


@dataclass(frozen=True, slots=True)
class KeywordGap:
    """A term that customers use and the sheet lacks, or contradicts, with the words that show it.

    `evidence` is said in the sheet's language; `facts` are what it says, for readers of another (`gap_words.told`).
    """

    kind: str
    term: str
    evidence: str
    confidence: float = 1.0
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CategorySuggestion:
    """One plausible category of a sheet; score is a calibrated probability."""

    id: str
    path: str
    score: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one attribute says of a pair, both values as read; weight is its push on the score (signed)."""

    attribute: str
    left: str | None
    right: str | None
    verdict: Verdict
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class MatchProposal:
    """Whether two sheets are the same product: probability, proposed decision, evidence with conflicts first."""

    left: str
    right: str
    score: float
    decision: Decision
    evidence: Sequence[Evidence] = ()
    route: str = "model"
