"""The one door to category suggestion: learned from sheets where there are some, from names where there are none.

Promise: `suggest` answers with ids of the marketplace's present tree: a category that was retired since the model
learned it is not proposed. Not here: either way of suggesting (model, names).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from catalog.categories.features import Values
from catalog.categories.model import SUGGESTIONS, LearnedCategories, UnreadableModel
from catalog.categories.names import NameSuggester
from catalog.sheets import CategorySuggestion, Locale
from catalog.taxonomy import Taxonomy
from catalog.text import language

log = structlog.get_logger(__name__)


class NothingToSave(ValueError):
    """A suggester that reads names has learned nothing that could be kept."""


@dataclass(frozen=True)
class Suggester:
    """Suggests categories by what it learned, or else by names in each sheet's language."""

    learned: LearnedCategories | None = None
    taxonomy: Taxonomy | None = None
    names: tuple[NameSuggester, ...] = ()

    @classmethod
    def of_labels(cls, taxonomy: Taxonomy, locale: Locale | None = None) -> Suggester:
        """Return a suggester by the tree's names; without a locale each sheet is read in its own language."""
        locales: tuple[Locale, ...] = (locale,) if locale else ("fr", "en")
        return cls(taxonomy=taxonomy, names=tuple(NameSuggester.of(taxonomy, one) for one in locales))

    @classmethod
    def load(cls, folder: Path, taxonomy: Taxonomy | None = None) -> Suggester:
        """Return the suggester kept in a folder; raises `UnreadableModel` with a sentence."""
        return cls(LearnedCategories.load(folder), taxonomy)

    @classmethod
    def kept(cls, folder: Path | None, taxonomy: Taxonomy, locale: Locale | None = None) -> Suggester:
        """Return the suggester kept in a folder, or one by names where there is none that can be read.

        A model of a former version of the software must not stop an import: the next night learns another.
        """
        if folder is not None:
            try:
                return cls.load(folder, taxonomy)
            except UnreadableModel as error:
                log.warning("category model not read", folder=str(folder), error=str(error))
        return cls.of_labels(taxonomy, locale)

    @property
    def card(self) -> dict[str, Any]:
        """Return what the model was learned from and how good it was on sheets it had not seen."""
        return dict(self.learned.card) if self.learned else {}

    def save(self, folder: Path) -> None:
        """Write what was learned into a folder."""
        if self.learned is None:
            raise NothingToSave("A suggester by names has nothing to save.")
        self.learned.save(folder)

    def suggest(self, sheets: Sequence[Values], how_many: int = SUGGESTIONS) -> list[list[CategorySuggestion]]:
        """Return the best categories of each sheet, best first, with calibrated scores."""
        if self.learned is None:
            return [self._by_name(values).suggest([values], how_many)[0] for values in sheets]
        found = self.learned.suggest(sheets, how_many)
        if self.taxonomy is None:
            return found
        return [_standing(best, self.taxonomy) for best in found]

    def _by_name(self, values: Values) -> NameSuggester:
        if len(self.names) == 1:
            return self.names[0]
        said = values.get("locale") or language(f"{values.get('title') or ''} {values.get('description') or ''}")
        return next((one for one in self.names if str(said or "").startswith(one.locale)), self.names[0])


def _standing(best: Sequence[CategorySuggestion], taxonomy: Taxonomy) -> list[CategorySuggestion]:
    """Return the suggestions in today's tree: one that was merged into another stands for that one."""
    found: dict[str, CategorySuggestion] = {}
    for one in best:
        code = taxonomy.standing(one.id)
        if code is not None:
            found.setdefault(code, one if code == one.id else CategorySuggestion(code, one.path, one.score))
    return list(found.values())
