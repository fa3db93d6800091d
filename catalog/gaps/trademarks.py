"""Whether a word may be added to what a sheet is found by: whose name it is, and what the sheet itself says of it.

Promise: pure. Another's trademark is added only where the sheet says that the article fits it ("compatible avec X"),
by a person and alone, never in a batch; it is then something the article fits and never its brand. A word that excludes
what the title says is not added at all. Not here: finding the words (`catalog.keywords`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from catalog.gap_words import CONTRADICTORY
from catalog.harmonization import lexicons
from catalog.harmonization.context import listed_brands
from catalog.sheets import Locale
from catalog.systems import fitted, rival, systems_in


class Standing(StrEnum):
    """What a word is to a sheet."""

    FREE = "free"
    OWN_BRAND = "own_brand"
    FITS = "fits"
    FOREIGN = "foreign"
    CONTRADICTS = "contradicts"


# What a person may add; of these, what a batch may.
ADDABLE = frozenset({Standing.FREE, Standing.OWN_BRAND, Standing.FITS})
IN_A_BATCH = frozenset({Standing.FREE, Standing.OWN_BRAND})

_WHY: Mapping[Standing, Mapping[Locale, str]] = {
    Standing.FREE: {"fr": "Mot courant.", "en": "A common word."},
    Standing.OWN_BRAND: {
        "fr": "« {mark} » est la marque de la fiche.",
        "en": "“{mark}” is the sheet's own brand.",
    },
    Standing.FITS: {
        "fr": "« {mark} » est une marque d’autrui : ajouté seul, et seulement comme « compatible avec {mark} », "
        "parce que la fiche le dit.",
        "en": "“{mark}” is another's trademark: added one at a time, and only as “compatible with {mark}”, because the "
        "sheet says so.",
    },
    Standing.FOREIGN: {
        "fr": "« {mark} » est une marque d’autrui et la fiche ne dit pas qu’elle est compatible avec elle.",
        "en": "“{mark}” is another's trademark, and the sheet does not say that it fits it.",
    },
    Standing.CONTRADICTS: {
        "fr": "Le titre dit « {other} », qui exclut « {mark} ».",
        "en": "The title says “{other}”, which excludes “{mark}”.",
    },
}
_JOINED = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Judged:
    """What a word is to a sheet, with the trademark in it and what excludes it, if any."""

    standing: Standing
    mark: str = ""
    other: str = ""

    def why(self, locale: Locale) -> str:
        """Return the reason in words."""
        return _WHY[self.standing][locale].format(mark=self.mark, other=self.other)


def judge(term: str, kind: str, values: Mapping[str, Any]) -> Judged:
    """Return what a word is to the sheet with these harmonized values."""
    if kind == CONTRADICTORY:
        title, _, text = term.partition(" / ")
        return Judged(Standing.CONTRADICTS, text, title)
    other = rival(values, term)
    marks = trademarks_in(term)
    if other is not None:
        return Judged(Standing.CONTRADICTS, next(iter(marks), term), other)
    brand = str(values.get("brand") or "")
    own = {_name(brand), *(_name(mark) for mark in trademarks_in(brand))} - {""}
    foreign = [mark for mark in marks if _name(mark) not in own]
    if not foreign:
        return Judged(Standing.OWN_BRAND, marks[0]) if marks else Judged(Standing.FREE)
    fits = all(fitted(values, mark) for mark in foreign)
    return Judged(Standing.FITS if fits else Standing.FOREIGN, foreign[0])


def trademarks_in(text: str) -> list[str]:
    """Return the trademarks that a text names: brands of the lexicon that are no common words, and systems."""
    parts, found = lexicons.key(text), dict.fromkeys(systems_in(text))
    brands = listed_brands().by_key
    for start in range(len(parts)):
        for end in range(len(parts), start, -1):
            brand = brands.get(parts[start:end])
            # A brand that is a common word ("Orange") is one only where it is all that is said.
            if brand is not None and (not brand.weak or end - start == len(parts)):
                found.setdefault(brand.name)
                break
    return list(found)


def crossed(term: str, means: str, *, both_ways: bool) -> str:
    """Return a trademark whose searchers would be shown goods that do not bear it, if these words meant the same."""
    said, meant = trademarks_in(term), trademarks_in(means)
    others = [mark for mark in said if mark not in meant]
    others += [mark for mark in meant if both_ways and mark not in said]
    return others[0] if others else ""


def _name(text: str) -> str:
    return "".join(_JOINED.findall(" ".join(lexicons.key(text))))
