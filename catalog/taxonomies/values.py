"""The value lists as they are: built in, with the operator's own values and words beside.

Not here: how a vendor's word is read (`catalog.harmonization`), changing a list (`ruling`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from backoffice.extensions import db
from catalog.harmonization.listed import CELLS, LISTABLE
from catalog.harmonization.spellings import spellings, values_of
from catalog.sheets import Locale
from catalog.taxonomies.models import ListedValue
from catalog.text import fold

# Attributes whose values are codes, the same in every language of a sheet.
CODED = frozenset((*CELLS, "gender", "age_group"))


@dataclass(frozen=True, slots=True)
class Shown:
    """A value of a list as its page shows it, with its name on English sheets.

    `row` is the operator's own part of it, `words` the built-in ones.
    """

    value: str
    english: str
    row: ListedValue | None
    words: Sequence[str]

    @property
    def built_in(self) -> bool:
        """Return whether the value comes with Comptoir."""
        return bool(self.words)


def own(attribute: str | None = None) -> Sequence[ListedValue]:
    """Return the operator's values, of one attribute or of all, in their order."""
    query = sa.select(ListedValue).order_by(ListedValue.attribute, ListedValue.value)
    return db.session.scalars(query if attribute is None else query.where(ListedValue.attribute == attribute)).all()


def listed(attribute: str) -> list[Shown]:
    """Return an attribute's whole list: built-in values with more words for them, then the operator's own."""
    rows = {row.value: row for row in own(attribute)}
    words: dict[str, list[str]] = {}
    for word, value in spellings("fr").get(attribute, {}).items():
        words.setdefault(value, []).append(word)
    names = [*values_of(attribute, "fr"), *(value for value in rows if value not in words)]
    return [
        Shown(name, _english(attribute, name, rows.get(name)), rows.get(name), words.get(name, ())) for name in names
    ]


def words_of(locale: Locale) -> dict[str, dict[str, str]]:
    """Return what the operator added: attribute → word → value as a sheet of this language holds it."""
    found: dict[str, dict[str, str]] = {}
    for row in own():
        if row.attribute in LISTABLE:
            said = _said(row, locale)
            words = (row.value, row.label_en, *row.synonyms.get("fr", ()), *row.synonyms.get("en", ()))
            found.setdefault(row.attribute, {}).update({word: said for word in words if word})
    return found


def _said(row: ListedValue, locale: Locale) -> str:
    """Return how a sheet of this language says the value; a built-in one keeps its own name there."""
    if row.attribute in CODED or locale == "fr":
        return row.value
    return _english(row.attribute, row.value, row) or row.value


def _english(attribute: str, value: str, row: ListedValue | None) -> str:
    """Return the value's name on English sheets: the built-in one, else the operator's, "" where there is none."""
    # Another word for a built-in value may be a value of the operator's own: "bleu pétrole" beside "bleu".
    if spellings("fr").get(attribute, {}).get(fold(value)) == value:
        return spellings("en").get(attribute, {}).get(fold(value), "")
    return row.label_en if row else ""
