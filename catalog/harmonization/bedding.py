"""The size of bedding: "Drap housse 140x190" is sold as 140 x 190 cm, whichever of the two is its length.

Promise: only the two numbers that a title gives of what covers or makes a bed, in centimetres. Not here: a mattress's
thickness and other dimensions (dimensions), the sizes of clothes (sizes).
"""

from __future__ import annotations

import re

from catalog.harmonization import lexicons
from catalog.harmonization.draft import Words

_BEDDING = lexicons.words("bedding")
# "Sheet" alone may be of plywood.
_SHEETS = frozenset(("sheet", "sheets"))
_OF_A_BED = frozenset(("bed", "bedding", "fitted", "flat", "cotton", "linen", "percale", "flannel", "king", "queen"))
_SIZE = re.compile(
    r"(?<![\w.,/x×-])(\d{2,3})\s?(?:cm)?\s?[xX×/*]\s?(\d{2,3})(?![\d°]|[.,]\d|\s?(?:mm|m|in|ft|g|%)\b|\s?[\"″])(?:\s?cm)?"
)
# A cradle's pillowcase is not smaller, a bed for two has no larger cover.
SMALLEST_CM, LARGEST_CM = 35, 320


def bedding_size(title: Words) -> str | None:
    """Return the size that a title of bedding gives, as "140 x 190 cm"."""
    if not title.digits or not _names_bedding(title):
        return None
    for first, second in _SIZE.findall(title.text):
        if all(SMALLEST_CM <= int(number) <= LARGEST_CM for number in (first, second)):
            return f"{first} x {second} cm"
    return None


def _names_bedding(title: Words) -> bool:
    if not _BEDDING.isdisjoint(title.folded):
        return True
    return not _SHEETS.isdisjoint(title.folded) and not _OF_A_BED.isdisjoint(title.folded)
