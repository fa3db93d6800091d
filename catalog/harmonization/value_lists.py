"""Rules of the short value lists and plain numbers: condition, availability, size type, energy class, stock, VAT.

Promise: values are Google Merchant's codes in both languages; a word that no list holds stays as written and is
reported. Not here: colours, materials, sizes and people, which have rules of their own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from catalog.harmonization import lexicons
from catalog.harmonization.context import Context
from catalog.harmonization.draft import Draft
from catalog.harmonization.quantities import number
from catalog.harmonization.registry import Outcome, Repair, Typed, fault, rule
from catalog.text import fold

_LISTS: Mapping[str, Mapping[str, str]] = {
    attribute: {
        fold(row["word"]): row["value"] for row in lexicons.table("value_lists") if row["attribute"] == attribute
    }
    for attribute in ("condition", "availability", "size_type", "energy_efficiency_class")
}


@rule(
    "values.read",
    attribute=tuple(_LISTS),
    confidence=0.97,
    fr="Ramène l’état, la disponibilité, le type de taille et la classe énergétique à leur liste.",
    en="Brings condition, availability, size type and energy class to their lists.",
)
def read(value: str, draft: Draft, context: Context) -> Outcome:
    """Read a cell as a code of its list; an unknown word is an issue."""
    if not isinstance(value, str):
        return None
    word = _plain(value)
    known = context.listed.get(draft.attribute, {}).get(word) or _LISTS[draft.attribute].get(word)
    if known is None and draft.attribute == "availability" and value.strip().isdecimal():
        known = "in_stock" if int(value) else "out_of_stock"
    return Typed(known) if known else fault("2006", draft, value)


def _plain(value: str) -> str:
    return re.sub(r"[\s_-]+", " ", fold(value)).strip(" .")


@rule(
    "numbers.read",
    attribute=("stock", "vat_rate"),
    confidence=0.9,
    fr="Lit le stock et le taux de TVA comme des nombres.",
    en="Reads stock and VAT rate as numbers.",
)
def read_number(value: str, draft: Draft, context: Context) -> Outcome:
    """Read a whole number of pieces, a word for having some or none, or a percentage; what is neither is an issue."""
    if not isinstance(value, str):
        return None
    found = re.fullmatch(
        r"\s*(?:[<>+≥~]|plus de|au moins|more than|over)?\s*(-?)\s*([\d.,\s]+?)\s*"
        r"(?:\+|%|pcs|pi[èe]ces|unit[ée]s?|en stock|in stock)?\s*",
        value,
        re.IGNORECASE,
    )
    amount = number(found[2], context.locale) if found else None
    if amount is None or found is None:
        worded = _LISTS["availability"].get(_plain(value)) if draft.attribute == "stock" else None
        return _worded_stock(worded, draft) if worded else fault("2006", draft, value)
    amount = -amount if found[1] else amount
    if draft.attribute == "stock":
        return Typed(max(0, int(amount))) if amount >= 0 else Repair(0, confidence=0.8)
    share = amount * 100 if 0 < amount < 1 else amount
    return Typed(share) if 0 <= share <= 100 else fault("2006", draft, value)


def _worded_stock(availability: str, draft: Draft) -> Outcome:
    """Return what a word says of the stock: "épuisé" is none, "en stock" is no number but an availability."""
    if availability == "out_of_stock":
        return Repair(0)
    if draft.values.get("availability"):
        return Repair(None)
    return Repair(None), Repair(availability, attribute="availability", source=draft.sheet.sources.get("stock"))


_USED = frozenset(("occasion", "preowned", "used"))
_SECOND_HAND = lexicons.mark("second_hand")


@rule(
    "condition.found",
    attribute="condition",
    confidence=0.85,
    on_missing=True,
    needs="second_hand",
    fr="Relève dans le titre qu’un article est reconditionné ou d’occasion.",
    en="Notes from the title that an article is refurbished or used.",
)
def found(value: object, draft: Draft, context: Context) -> Outcome:
    """Take "reconditionné", "occasion" and their like; "new" is a name too often to be taken from a title."""
    if value:
        return None
    words = draft.words("title")
    if not words.marks & _SECOND_HAND:
        return None
    told = {words.folded[at] for at in words.marked(_SECOND_HAND)}
    if told - _USED - {"remis"} or {"remis", "neuf"}.issubset(words.folded):
        return Repair("refurbished", source=draft.sheet.sources.get("title"))
    if told & _USED and "grande" not in words.folded:
        return Repair("used", source=draft.sheet.sources.get("title"))
    return None
