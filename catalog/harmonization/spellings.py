"""The lists of values as a person chooses from them, and every spelling of a value that is understood.

Promise: what is offered here is read without a change by the rules of its attribute. Not here: those rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from catalog.harmonization import lexicons
from catalog.sheets import Locale
from catalog.text import fold

# The file of names and the file of the list, for the attributes that have names in two languages.
_NAMED = {"color": ("colours", "colour", "colour_list"), "material": ("materials", "material", "material_list")}


@lru_cache(maxsize=4)
def spellings(locale: Locale) -> Mapping[str, Mapping[str, str]]:
    """Return attribute → folded spelling → the value in the list, for every attribute that has a list."""
    known: dict[str, dict[str, str]] = {}
    for attribute, (table, column, listed) in _NAMED.items():
        names = lexicons.list_names(listed, locale)
        known[attribute] = {fold(row["name"]): names[row[column]] for row in lexicons.table(table)}
        known[attribute] |= {fold(one): names[french] for french in names for one in (french, names[french])}
    for table in ("value_lists", "people"):
        for row in lexicons.table(table):
            of_attribute = known.setdefault(row["attribute"], {})
            of_attribute[fold(row["word"])] = of_attribute[fold(row["value"])] = row["value"]
    return known


def values_of(attribute: str, locale: Locale) -> list[str]:
    """Return the values of an attribute's list, by name; none for an attribute without a list."""
    return sorted(set(spellings(locale).get(attribute, {}).values()))
