"""What a sheet of each category must say: levels by category and attribute.

Promise: pure; each level is inherited from the nearest category above that states one, so that a branch is ruled in one
place and an exception stands where it belongs. Not here: where an operator's levels are kept (`catalog.taxonomies`),
what the law asks for from a date on (`catalog.gates`), and how a missing attribute is told (`catalog.quality`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from catalog.taxonomy import Taxonomy


class Level(StrEnum):
    """How much a category needs an attribute; a missing REQUIRED one blocks publication."""

    REQUIRED = "required"
    RECOMMENDED = "recommended"
    OPTIONAL = "optional"
    DISABLED = "disabled"


EVERYWHERE = "*"


@dataclass(frozen=True)
class Requirements:
    """Levels by category and attribute; `EVERYWHERE` holds what all categories start from."""

    levels: Mapping[str, Mapping[str, Level]]
    taxonomy: Taxonomy | None = None

    def of(self, category_id: str | None) -> Mapping[str, Level]:
        """Return the level of every attribute that this category or one above it speaks of; the nearest wins."""
        known = self._known.get(category_id)
        if known is None:
            found = dict(self.levels.get(EVERYWHERE, {}))
            for step in self._lineage(category_id):
                found.update(self.levels.get(step, {}))
            known = self._known[category_id] = found
        return known

    def origin(self, category_id: str | None, attribute: str) -> str | None:
        """Return the id of the category whose own level of the attribute counts here, `EVERYWHERE` among them."""
        steps = [EVERYWHERE, *self._lineage(category_id)]
        return next((step for step in reversed(steps) if attribute in self.levels.get(step, {})), None)

    def level(self, category_id: str | None, attribute: str) -> Level:
        """Return the level of one attribute; what nobody speaks of is optional."""
        return self.of(category_id).get(attribute, Level.OPTIONAL)

    @cached_property
    def _known(self) -> dict[str | None, Mapping[str, Level]]:
        return {}

    def _lineage(self, category_id: str | None) -> list[str]:
        if category_id is None:
            return []
        if self.taxonomy is None or category_id not in self.taxonomy:
            return [category_id]
        return [*(category.id for category in self.taxonomy.ancestors(category_id)), category_id]


_R, _D = Level.RECOMMENDED, Level.DISABLED
# What a general marketplace starts from. Only the title is required: a sheet without one cannot even be shown to an
# editor, while everything else can be asked for; a marketplace raises levels where its customers need it.
DEFAULT_LEVELS: Mapping[str, Mapping[str, Level]] = {
    EVERYWHERE: {
        "title": Level.REQUIRED, "description": _R, "brand": _R, "category": _R, "price": _R, "image_link": _R,
        "gtin": _R,
    },
    "166": {"color": _R, "size": _R, "gender": _R, "material": _R, "gtin": Level.OPTIONAL},  # clothing
    "188": {"size": Level.OPTIONAL, "gtin": Level.OPTIONAL},  # jewellery
    "436": {"color": _R, "material": _R, "gtin": Level.OPTIONAL},  # furniture
    "222": {"mpn": _R},  # electronics
    "604": {"mpn": _R, "power": _R},  # household appliances
    "783": {"brand": _D},  # books, music, films: the publisher is not a brand
    "412": {"origin_country": _R},  # food and drink
}  # fmt: skip


def default_requirements(taxonomy: Taxonomy | None = None) -> Requirements:
    """Return the levels a marketplace starts from, inherited along this tree."""
    return Requirements(DEFAULT_LEVELS, taxonomy)
