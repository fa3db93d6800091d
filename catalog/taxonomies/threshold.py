"""The score from which a suggested category is taken without a person, as the operator set it, and what that does.

Promise: the figures shown are of sheets that the model had not seen. Not here: what happens below it (review).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from backoffice import settings
from catalog.taxonomies.models import CategoryModel

KEY = "CATEGORY_ACCEPT"
# Points of the curve that a chart can show apart.
POINTS = 60


def _share(said: Any) -> float:
    share = float(str(said).replace(",", "."))
    if not 0 <= share <= 1:
        raise ValueError("write a number from 0 to 1")
    return round(share, 3)


settings.register(settings.Key(KEY, _l("score from which a category is taken"), _share))


@dataclass(frozen=True, slots=True)
class Effect:
    """Of the sheets kept aside: the share placed without a person at a threshold, and the share of these placed right."""

    threshold: float
    placed: float
    right: float


def accept() -> float:
    """Return the score from which a suggestion is taken."""
    share: float = settings.value(KEY)
    return share


def set_accept(share: Any, *, by: Any) -> None:
    """Store the score; the caller commits. Raises ValueError where it is no share."""
    settings.put(KEY, share, by=by)


def effects(model: CategoryModel | None) -> list[Effect]:
    """Return the curve of a model, from the surest sheets alone to all of them."""
    return [Effect(*point) for point in (model.figures.get("curve", ()) if model else ())]


def effect_at(curve: Sequence[Effect], threshold: float) -> Effect | None:
    """Return what a threshold does: the last point of the curve that still reaches it."""
    reached = [point for point in curve if point.threshold >= threshold]
    if not curve:
        return None
    return Effect(threshold, reached[-1].placed, reached[-1].right) if reached else Effect(threshold, 0.0, 1.0)
