"""Category suggestion learned from the house's own decisions, every night, live only where it is better.

    decided sheets ─► four fifths learned, one kept aside (by the sheet's identifier, the same every night)
                   ─► the new model and the present one are asked about those kept aside
                   ─► better: kept, and live in the transaction that notes it; else noted with both figures

A category that an editor gave or accepted counts; one that the vendor stated counts on published sheets. One that the
machine gave by itself is not learned from: it would teach its own mistakes.
Promise: no lock is held while it learns; killed anywhere, the night is learned again and nothing is half live.
Not here: the learning itself (`catalog.categories`), where models stand (`shelf`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from backoffice import audit, settings
from backoffice.clock import now
from backoffice.database import reading
from backoffice.errors import Conflict
from backoffice.extensions import db
from backoffice.jobs import enqueue, handler
from catalog import tree
from catalog.categories import Suggester, coverage_curve, train
from catalog.lifecycle import ListingStatus
from catalog.models import Listing
from catalog.quality import stated_category
from catalog.taxonomies import shelf, threshold, words
from catalog.taxonomies.models import CategoryModel

# Measured on 30,196 French sheets of 1,300 categories, top-1 on 2,000 others: by the names alone 20.9 %; learned from
# 100 sheets 34.6, 200 42.4, 500 51.6, 1,000 58.8, 2,000 64.1, 5,000 69.3. Learning pays from the first hundred on, but
# a fifth of a hundred cannot tell a better model from luck: of 500, the hundred kept aside tell ten points apart.
ENOUGH = 500
FOLDS = 5
# Sheets kept aside tell a point apart; what is beyond is better learned from.
MOST_ASIDE = 3_000
BATCH = 2_000
Labelled = tuple[dict[str, Any], str]


@dataclass(frozen=True, slots=True)
class Trial:
    """A model weighed against the present one on the sheets kept aside."""

    model: Suggester
    sheets: int
    aside: int
    figures: dict[str, Any]

    @property
    def better(self) -> bool:
        """Return whether the new one places more of them right."""
        top1 = self.figures["top1"]
        return bool(top1["new"] > top1["present"])


def decided() -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield (identifier, values, category) of the sheets whose category a person decided or a vendor stated."""
    columns = (Listing.vendor_id, Listing.sku, Listing.values, Listing.category, Listing.corrections, Listing.mapped)
    query = sa.select(*columns, Listing.reviewed_by_id).where(
        Listing.status.in_((ListingStatus.PUBLISHED, ListingStatus.PENDING)), Listing.category.is_not(None)
    )
    taxonomy = tree.current().taxonomy
    # In one order, so that the same sheets teach the same model every night.
    for row in db.session.execute(query.order_by(Listing.id).execution_options(yield_per=BATCH)):
        _vendor, sku, values, category, corrections, mapped, editor = row
        standing = taxonomy.standing(category)
        by_editor = "category" in corrections or editor is not None
        if standing and (by_editor or stated_category(mapped, taxonomy, "fr") == standing):
            yield f"{_vendor}:{sku}", {name: said for name, said in values.items() if name != "category"}, standing


def _split(folds: int) -> tuple[list[Labelled], list[Labelled]]:
    """Return the sheets to learn from and those kept aside: one in `folds` by its identifier, the same every night."""
    learned, aside = list[Labelled](), list[tuple[int, Labelled]]()
    for key, values, category in decided():
        place = int(hashlib.sha256(key.encode()).hexdigest(), 16)
        if place % folds == 0:
            aside.append((place, (values, category)))
        else:
            learned.append((values, category))
    aside.sort(key=lambda pair: pair[0])
    learned.extend(sheet for _, sheet in aside[MOST_ASIDE:])
    return learned, [sheet for _, sheet in aside[:MOST_ASIDE]]


def learn(folds: int = FOLDS, *, by: Any = None) -> CategoryModel:
    """Learn, weigh, and go live if better; returns the note of it. The caller commits; no lock is held meanwhile."""
    with reading():
        learned, aside = _split(folds)
        taxonomy, present = tree.current().taxonomy, _present()
        paths = {one.id: taxonomy.path(one.id, "fr") for one in taxonomy}
        db.session.rollback()
    if len(learned) + len(aside) < ENOUGH or not aside or len({category for _, category in learned}) < 2:
        return _note(CategoryModel(verdict="few", sheets=len(learned), kept_aside=len(aside)))
    trial = _tried(Suggester(train(learned, paths, leaves=taxonomy.leaf_ids), taxonomy), present, len(learned), aside)
    name = f"{now():%Y%m%d-%H%M%S}"
    note = CategoryModel(
        folder=name if trial.better else "",
        verdict="live" if trial.better else "worse",
        sheets=trial.sheets,
        kept_aside=trial.aside,
        categories=len({category for _, category in learned}),
        figures=trial.figures,
    )
    if trial.better:
        shelf.keep(trial.model, name)
    _note(note)
    if trial.better:
        shelf.put_live(name, by=by, reason=words.better(trial.figures["top1"]))
    return note


def _note(note: CategoryModel) -> CategoryModel:
    db.session.add(note)
    db.session.flush()
    return note


def _present() -> Suggester:
    return Suggester.kept(shelf.live(), tree.current().taxonomy)


def _tried(fresh: Suggester, present: Suggester, sheets: int, aside: Sequence[Labelled]) -> Trial:
    new, old = _answers(fresh, aside), _answers(present, aside)
    scores, right = [score for score, _, _ in new], [first for _, first, _ in new]
    figures = {
        "top1": {"new": _share(right), "present": _share([first for _, first, _ in old])},
        "top3": {"new": _share([three for _, _, three in new]), "present": _share([three for _, _, three in old])},
        "curve": [
            [round(point.threshold, 4), round(point.coverage, 4), round(point.accuracy, 4)]
            for point in coverage_curve(scores, right, threshold.POINTS)
        ],
    }
    if fresh.learned is not None:
        fresh.learned.card.update(figures, kept_aside=len(aside))
    return Trial(fresh, sheets, len(aside), figures)


def _answers(suggester: Suggester, aside: Sequence[Labelled]) -> list[tuple[float, bool, bool]]:
    """Return of each sheet the best score, whether the best is right, and whether one of the three is."""
    found = suggester.suggest([values for values, _ in aside])
    return [
        (best[0].score if best else 0.0, bool(best) and best[0].id == truth, any(one.id == truth for one in best))
        for best, (_, truth) in zip(found, aside, strict=True)
    ]


def _share(flags: Sequence[bool]) -> float:
    return round(sum(flags) / max(len(flags), 1), 4)


@handler("catalog.learn_categories", max_attempts=3, every=timedelta(days=1))
def learn_tonight() -> None:
    """Learn from what was decided, and drop models that are too old to go back to."""
    learn()
    shelf.clear({settings.value(shelf.KEY), *(one.folder for one in live_ones())})


def ask(*, by: Any) -> None:
    """Have it learned now, in the background; asked twice within an hour, once."""
    enqueue("catalog.learn_categories", unique_key=f"catalog.learn_categories-asked-{now():%Y%m%d%H}")


def notes(limit: int = 20) -> Sequence[CategoryModel]:
    """Return the last nights' learning, newest first."""
    return db.session.scalars(sa.select(CategoryModel).order_by(CategoryModel.id.desc()).limit(limit)).all()


def live_ones(limit: int = shelf.KEPT) -> Sequence[CategoryModel]:
    """Return the models that can be gone back to, newest first."""
    query = sa.select(CategoryModel).where(CategoryModel.folder != "").order_by(CategoryModel.id.desc())
    return db.session.scalars(query.limit(limit)).all()


def go_back(note: CategoryModel, *, by: Any) -> None:
    """Make a former model the live one again; the caller commits. Raises Conflict where it is no longer kept."""
    if not note.folder or not (shelf.root() / note.folder).exists():
        raise Conflict(words.model_gone())
    shelf.put_live(note.folder, by=by)
    audit.record("model.back", note, by=by)
