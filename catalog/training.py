"""Learning the matcher from people's decisions on pairs, every night, live only where it is better.

    decided pairs ─► three fifths learned, one sets the threshold, one kept aside (by the pair's number)
                  ─► the new matcher and the present one judge the pairs kept aside, each at its own best threshold
                  ─► better: stored with its card where linking finds it; else the present one stays

Promise: no lock is held while it learns. Not here: the model (`catalog.matching`), learning categories
(`catalog.taxonomies.learning`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.orm import contains_eager

from backoffice.clock import now
from backoffice.database import reading
from backoffice.extensions import db
from backoffice.jobs import handler
from catalog import linking, matching
from catalog.matching import Matcher, Record
from catalog.models import Judgement, Proposal
from catalog.sheets import Decision

# A matcher learned from fewer decisions was worse than the shipped one on every set it was tried on.
ENOUGH_PAIRS = 500
# Of each answer, so that every fifth has some.
ENOUGH_OF_EACH = 25
FIFTHS = 5
# The fifths that are not learned from.
THRESHOLD, ASIDE = 3, 4
# Chances nearer to 0 or 1 say no more: their log odds would weigh without bound.
SURE = 1e-6


@dataclass(frozen=True)
class Decided:
    """Pairs that people decided on, 1 for the same product, and the fifth that each belongs to."""

    pairs: list[tuple[Record, Record]]
    labels: NDArray[np.int64]
    fifths: NDArray[np.int64]

    @property
    def enough(self) -> bool:
        """Whether there is something to learn from, and something left to tell whether it helped."""
        return len(self.pairs) >= ENOUGH_PAIRS and int(np.bincount(self.labels, minlength=2).min()) >= ENOUGH_OF_EACH


def train_matcher(output: Path | None = None) -> dict[str, Any]:
    """Learn a matcher from what people decided; written to `output`, or taken into use where it is better."""
    with reading():
        decided, present = _decided(), linking.matcher()
        db.session.rollback()
    if not decided.enough:
        reason = f"fewer than {ENOUGH_PAIRS} decided pairs, {ENOUGH_OF_EACH} of each answer"
        return {"live": False, "pairs": len(decided.pairs), "reason": reason}
    fresh, figures = _learned(decided, present)
    better = figures["f1"]["new"] > figures["f1"]["present"]
    if output is not None or better:
        fresh.save(output or linking.model_folder())
    told = {
        "live": output is None and better,
        "pairs": len(decided.pairs),
        "same": int(decided.labels.sum()),
        **figures,
    }
    return told if better or output else told | {"reason": "not better than the present one on the pairs kept aside"}


@handler("catalog.learn_matcher", max_attempts=3, every=timedelta(days=1))
def learn_tonight() -> None:
    """Learn from what was decided on pairs."""
    train_matcher()


def _decided() -> Decided:
    """Return the decided pairs; a sheet of several pairs is one record, so that it is no rival of itself."""
    query = (
        sa.select(Judgement)
        .join(Judgement.proposal)
        .options(contains_eager(Judgement.proposal))
        .where(Judgement.judge_id.is_not(None), Judgement.undone_at.is_(None), Judgement.decision != Decision.UNSURE)
    )
    records: dict[int, Record] = {}
    pairs, labels = list[tuple[Record, Record]](), list[int]()
    for judgement in db.session.scalars(query.order_by(Proposal.id)):
        sides = (judgement.proposal.left, judgement.proposal.right)
        for one in sides:
            if one.id not in records:
                records[one.id] = linking.record_of(one)
        pairs.append((records[sides[0].id], records[sides[1].id]))
        labels.append(int(judgement.decision == Decision.SAME))
    return Decided(pairs, np.array(labels, np.int64), _fifths(labels))


def _fifths(labels: Sequence[int]) -> NDArray[np.int64]:
    """Deal the pairs of each answer to the fifths in turn."""
    seen = [0, 0]
    dealt = []
    for label in labels:
        dealt.append(seen[label] % FIFTHS)
        seen[label] += 1
    return np.array(dealt, np.int64)


def _learned(decided: Decided, present: Matcher) -> tuple[Matcher, dict[str, Any]]:
    """Return a matcher learned from three fifths with its card, and its figures beside the present one's."""
    learned = np.flatnonzero(decided.fifths < THRESHOLD)
    fresh = matching.train([decided.pairs[at] for at in learned], decided.labels[learned].tolist())
    (new, threshold), (old, _) = _weighed(fresh, decided), _weighed(present, decided)
    aside = int((decided.fifths == ASIDE).sum())
    figures = {"kept_aside": aside, "f1": {"new": new, "present": old}}
    card = {"data": "decisions of this marketplace's editors", "date": f"{now():%Y-%m-%d}", **fresh.card, **figures}
    card["thresholds"] = {"accept": round(threshold, 4), "review": round(min(matching.REVIEW, threshold / 2), 4)}
    return fresh.with_thresholds(**card["thresholds"]).with_card(card), figures


def _weighed(matcher: Matcher, decided: Decided) -> tuple[float, float]:
    """Return a matcher's F1 on the pairs kept aside, and the threshold that another fifth set for it."""
    chances = np.clip(matcher.score_linked(decided.pairs), SURE, 1 - SURE)
    scores = np.log(chances / (1 - chances))
    of_threshold, aside = decided.fifths == THRESHOLD, decided.fifths == ASIDE
    threshold = matching.best_threshold(scores[of_threshold], decided.labels[of_threshold])
    called, truth = scores[aside] >= threshold, decided.labels[aside] == 1
    f1 = 2 * int((called & truth).sum()) / max(int(called.sum() + truth.sum()), 1)
    return round(f1, 4), float(1 / (1 + np.exp(-threshold)))
