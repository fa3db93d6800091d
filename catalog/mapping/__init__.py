"""Columns → attributes: what each column of a vendor's file is, why, and a row in the marketplace's words.

    headers, samples → a reading of each header → candidates by trust → settled among columns → mapping → mapped sheets
    reading             vocabulary                candidates            settling, inference     columns   application

A vendor's own rules work on what the columns gave: verbs (what one can do), rule_text (reading and writing them),
rules (at work), rule_checks and rule_faults (what is wrong), trial (what they would change), carrying (as a file).

Order of trust: the vendor's own decision on this very header, an exact header, other vendors' decisions, a header that
resembles one and whose values agree, values alone. Precision first: a column without a counterpart stays unmapped.
Not here: the storage of decisions, suggestions for values and categories, harmonization.
"""

from catalog.mapping.application import CONTINUED_BY, LEVEL_SEPARATOR, MULTI_SEPARATOR, apply_mapping, map_rows
from catalog.mapping.columns import ColumnMapping
from catalog.mapping.proposals import map_headers, propose_mapping
from catalog.mapping.rules import NO_RULES, Rules

__all__ = [
    "CONTINUED_BY",
    "LEVEL_SEPARATOR",
    "MULTI_SEPARATOR",
    "NO_RULES",
    "ColumnMapping",
    "Rules",
    "apply_mapping",
    "map_headers",
    "map_rows",
    "propose_mapping",
]
