"""Rules of the operator's own value lists: values added beside the built-in ones, with their words in both languages.

Promise: a word of the operator's counts before a built-in one; a list that the operator made for an attribute without a
built-in one is closed: what it does not hold is reported. Not here: the built-in lists (their families), where the
operator's are kept (`catalog.taxonomies`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from catalog.harmonization import lexicons
from catalog.harmonization.context import Context, OwnValues
from catalog.harmonization.draft import Draft
from catalog.harmonization.lexicons import Term
from catalog.harmonization.registry import Outcome, Repair, Typed, fault, rule
from catalog.text import fold

# Attributes whose rules look for terms in a text, with the kind of term: an own value is a term like the others.
TERM_KINDS: Mapping[str, str] = {
    "color": "colour", "material": "material", "gender": "gender", "age_group": "age_group",
}  # fmt: skip
# Attributes whose built-in list is read as a whole cell.
CELLS = ("condition", "availability", "size_type", "energy_efficiency_class")
# Attributes without a built-in list, for which an operator may make one.
OPEN = ("size", "pattern", "origin_country")
LISTABLE = (*TERM_KINDS, *CELLS, *OPEN)


def own_values(lists: Mapping[str, Mapping[str, str]]) -> OwnValues:
    """Return an operator's lists, attribute → word → value, as the rules look them up; own words stand for a cell.

    In running text a word of the operator's counts only where it is labelled: nobody has read texts with it yet.
    """
    terms = tuple(
        Term(lexicons.key(word), kind, value, anywhere=False)
        for attribute, kind in TERM_KINDS.items()
        for word, value in lists.get(attribute, {}).items()
    )
    listed = {name: {plain(word): value for word, value in lists[name].items()} for name in lists if name in LISTABLE}
    return OwnValues(terms, listed)


def plain(word: str) -> str:
    """Return a word as it is compared: without case, accents, dashes and stops."""
    return re.sub(r"[\s_-]+", " ", fold(word)).strip(" .")


@rule(
    "values.listed",
    attribute=OPEN,
    confidence=0.97,
    fr="Ramène une valeur à la liste que la place de marché tient pour l’attribut.",
    en="Brings a value to the list that the marketplace keeps for the attribute.",
)
def read(value: str, draft: Draft, context: Context) -> Outcome:
    """Read a cell as a value of the operator's list, where there is one; an unknown word is an issue."""
    own = context.listed.get(draft.attribute)
    if own is None or not isinstance(value, str):
        return None
    known = own.get(plain(value))
    if known is None:
        return fault("2006", draft, value)
    return Typed(known) if known == value else Repair(known)
