"""Rules of filler values: "à compléter", "xxx", "N/A", "lorem ipsum".

Promise: a filler is gone before anything is read, and its absence is not counted as a second fault.
Not here: the brand, whose words for "none" have a list of their own (brands).
"""

from __future__ import annotations

import re

from catalog.harmonization import lexicons
from catalog.harmonization.context import Context
from catalog.harmonization.draft import Draft
from catalog.harmonization.registry import Outcome, Repair, fault, rule
from catalog.text import fold

_FILLER = re.compile(
    r"^(?:lorem ipsum\b.*|[x_\-.?*#/\s]+|(?:xxx+|yyy+|zzz+)|\{\{?.*\}\}?|\[(?:.*)\]|<.*>|%\w+%|\$\{?\w+\}?)$",
    re.I | re.S,
)
# What a filler of this form begins with: the form itself is looked at only then.
_FILLER_STARTS = tuple("lxyzLXYZ_-.?*#/{[<%$")
_LOREM = re.compile(r"\blorem ipsum\b|\bdolor sit amet\b", re.IGNORECASE)
# Attributes in which these words may be true: a size "X", an id "test", a brand that has rules of its own.
_FREE = frozenset(
    ("brand", "id", "size", "stock", "parent_id", "item_group_id", "price", "sale_price", "link", "availability")
)
_LONGEST_FILLER = 40


@rule(
    "placeholder.value",
    attribute="*",
    confidence=0.95,
    fr="Vide une valeur de remplissage (« à compléter », « xxx », « N/A ») et la signale.",
    en="Empties a filler value (“to be completed”, “xxx”, “N/A”) and reports it.",
)
def placeholder(value: object, draft: Draft, context: Context) -> Outcome:
    """Take a filler out of any attribute; its absence is then no second fault."""
    if not isinstance(value, str) or draft.attribute in _FREE:
        return None
    if len(value) > _LONGEST_FILLER and "orem" not in value and "dolor" not in value:
        return None
    text = fold(value).strip(" .!:;,\"'()[]")
    shaped = _is_shaped(value.strip())
    if text not in lexicons.placeholders() and not shaped and not _is_lorem(text):
        return None
    if text in ("", "0000", "9999") and not shaped and fold(value).strip() not in lexicons.placeholders():
        return None
    return Repair(None), fault("placeholder_value", draft, value)


def _is_shaped(text: str) -> bool:
    return text.startswith(_FILLER_STARTS) and _FILLER.match(text) is not None


def _is_lorem(text: str) -> bool:
    return ("orem" in text or "dolor" in text) and _LOREM.search(text) is not None


@rule(
    "placeholder.price",
    attribute=("price", "availability", "link"),
    confidence=0.95,
    fr="Vide une valeur de remplissage à la place d'un prix.",
    en="Empties a filler value in place of a price.",
)
def placeholder_price(value: object, draft: Draft, context: Context) -> Outcome:
    """Take a worded filler out of a price; numbers are judged as prices."""
    if (
        not isinstance(value, str)
        or any(map(str.isdigit, value))
        or fold(value).strip(" .") not in lexicons.placeholders()
    ):
        return None
    return Repair(None), fault("placeholder_value", draft, value)
