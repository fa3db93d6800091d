"""A possible duplicate as the desk shows it: both sheets attribute by attribute, the evidence in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from catalog import judgements, sheet_page
from catalog.attributes import ATTRIBUTES
from catalog.matching.evidence import describe
from catalog.models import Proposal
from catalog.sheets import Evidence, Locale, Verdict

COMPARED = (
    "title", "brand", "gtin", "mpn", "price", "condition", "color", "size", "capacity", "power", "material",
    "pack_quantity", "weight", "length", "width", "height", "description",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PairView:
    """What the desk shows of a pair."""

    rows: list[dict[str, Any]]
    evidence: list[dict[str, Any]]
    refusal: str | None


def view(proposal: Proposal, locale: str) -> PairView:
    """Return both sheets side by side with what agrees and what does not."""
    reader: Locale = "fr" if locale.startswith("fr") else "en"
    found = [_evidence(stored) for stored in proposal.evidence]
    verdicts = {one.attribute: one.verdict for one in found}
    left, right = proposal.left, proposal.right
    rows = [
        _row(name, *(sheet_page.shown(one.values.get(name), name) for one in (left, right)), verdicts, reader)
        for name in COMPARED
        if left.values.get(name) or right.values.get(name)
    ]
    told = [{"words": describe(one, reader), "verdict": _mark(one.verdict, one.left == one.right)} for one in found]
    refusal = None
    if left.product_id != right.product_id:
        refusal = judgements.merge_refusal(left.product, right.product)
    return PairView(rows, told, refusal)


def _evidence(stored: dict[str, Any]) -> Evidence:
    return Evidence(**{**stored, "verdict": Verdict(stored["verdict"])})


def _mark(verdict: Verdict, equal: bool) -> str:
    """What agrees is the same only where it is written alike: two prices may agree and differ."""
    if verdict == Verdict.AGREE:
        return "same" if equal else "close"
    return {Verdict.CONFLICT: "conflict", Verdict.MISSING: "missing"}[verdict]


def _row(name: str, left: str, right: str, verdicts: dict[str, Verdict], locale: Locale) -> dict[str, Any]:
    plain = "same" if left == right else "missing" if not left or not right else "different"
    verdict = _mark(verdicts[name], left == right) if name in verdicts else plain
    return {"attribute": ATTRIBUTES[name].label(locale), "left": left, "right": right, "verdict": verdict}
