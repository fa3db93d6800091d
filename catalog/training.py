"""Learning from the house's own decisions: the category model and the matcher, each with a card of its figures.

Promise: a new category model goes live only where it is better than the present one on sheets kept aside; both figures
are on its card. Not here: the models (`catalog.categories`, `catalog.matching`).
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from backoffice.extensions import db
from catalog import linking, matching, tree, workshop
from catalog.categories import Suggester, train
from catalog.models import Judgement, Listing, ListingStatus
from catalog.sheets import Decision

# Below this many labelled sheets the names of the categories serve better than what could be learned.
ENOUGH = 500
# A matcher learned from fewer decisions was worse than the shipped one on every set it was tried on.
ENOUGH_PAIRS = 500
BATCH = 2_000


def _labelled() -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield (identifier, values, category) of the sheets whose category a person accepted or a vendor stated rightly."""
    query = sa.select(Listing.sku, Listing.values, Listing.category).where(
        Listing.status == ListingStatus.PUBLISHED, Listing.category.is_not(None)
    )
    for sku, values, category in db.session.execute(query.execution_options(yield_per=BATCH)):
        yield sku, {name: value for name, value in values.items() if name != "category"}, category


def _kept_aside(sku: str, folds: int) -> bool:
    return int(hashlib.sha256(sku.encode()).hexdigest(), 16) % folds == 0


def train_categories(*, folds: int = 5) -> dict[str, Any]:
    """Learn from the labelled sheets, compare with the present model on those kept aside, and go live if better."""
    learning: list[tuple[dict[str, Any], str]] = []
    aside: list[tuple[dict[str, Any], str]] = []
    for sku, values, category in _labelled():
        (aside if _kept_aside(sku, folds) else learning).append((values, category))
    if len(learning) < ENOUGH or not aside:
        return {"live": False, "sheets": len(learning), "reason": f"fewer than {ENOUGH} labelled sheets"}
    categories = tree.current()
    paths = {one.id: categories.path(one.id, "fr") for one in categories.taxonomy}
    fresh = Suggester(train(learning, paths), categories.taxonomy)
    folder = workshop.model_folder()
    present = (
        Suggester.load(folder, categories.taxonomy)
        if (folder / "card.json").exists()
        else Suggester.of_labels(categories.taxonomy)
    )
    figures = {"new": _top_one(fresh, aside), "present": _top_one(present, aside)}
    live = figures["new"] > figures["present"]
    if live:
        _put_in_place(fresh, folder)
    return {"live": live, "sheets": len(learning), "kept_aside": len(aside), "top1": figures}


def _top_one(suggester: Suggester, aside: list[tuple[dict[str, Any], str]]) -> float:
    found = suggester.suggest([values for values, _ in aside])
    right = sum(bool(best) and best[0].id == category for best, (_, category) in zip(found, aside, strict=True))
    return round(right / len(aside), 4)


def _put_in_place(fresh: Suggester, folder: Path) -> None:
    beside = folder.with_name(folder.name + ".new")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    fresh.save(beside)
    shutil.rmtree(folder, ignore_errors=True)
    beside.rename(folder)


def train_matcher(output: Path | None = None) -> dict[str, Any]:
    """Learn a matcher from the decisions that people took on pairs, and write it where linking finds it."""
    pairs, labels = [], []
    query = (
        sa.select(Judgement)
        .join(Judgement.proposal)
        .options(contains_eager(Judgement.proposal))
        .where(Judgement.judge_id.is_not(None), Judgement.undone_at.is_(None), Judgement.decision != Decision.UNSURE)
    )
    for judgement in db.session.scalars(query):
        pair = judgement.proposal
        pairs.append((linking.record_of(pair.left), linking.record_of(pair.right)))
        labels.append(judgement.decision == Decision.SAME)
    if len(pairs) < ENOUGH_PAIRS or len(set(labels)) < 2:
        return {"live": False, "pairs": len(pairs), "reason": f"fewer than {ENOUGH_PAIRS} decided pairs of both kinds"}
    matching.train(pairs, labels, output or linking.model_folder())
    return {"live": output is None, "pairs": len(pairs), "same": int(sum(labels))}
