"""Learning the matcher from people's decisions on pairs, with a card of its figures.

Not here: the model (`catalog.matching`), learning categories (`catalog.taxonomies.learning`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from backoffice.extensions import db
from catalog import linking, matching
from catalog.models import Judgement
from catalog.sheets import Decision

# A matcher learned from fewer decisions was worse than the shipped one on every set it was tried on.
ENOUGH_PAIRS = 500


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
