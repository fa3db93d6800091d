"""Columns → attributes: what each column of a vendor's file is, why, and a row in the marketplace's words.

    headers, samples → a reading of each header → candidates by trust → settled among columns → mapping → mapped sheets
    reading             vocabulary                candidates            settling, inference     columns   application

Order of trust: the vendor's own decision on this very header, an exact header, other vendors' decisions, a header that
resembles one and whose values agree, values alone. Precision first: a column without a counterpart stays unmapped.
Not here: category and value mapping, the storage of decisions, harmonization.
"""

from catalog.mapping.application import CONTINUED_BY, LEVEL_SEPARATOR, MULTI_SEPARATOR, apply_mapping, map_rows
from catalog.mapping.columns import ColumnMapping
from catalog.mapping.proposals import map_headers, propose_mapping

__all__ = [
    "CONTINUED_BY",
    "LEVEL_SEPARATOR",
    "MULTI_SEPARATOR",
    "ColumnMapping",
    "apply_mapping",
    "map_headers",
    "map_rows",
    "propose_mapping",
]
