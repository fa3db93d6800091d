"""Which sheets a person sees, by how far their vendor is trusted. Pure.

Promise: an error always blocks; a vendor's past changes only who looks at doubts. The draw is made from the vendor's own
words, so that the same file brings the same sheets. Not here: how trust is counted (`trust`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any


class TrustLevel(StrEnum):
    """How many of a vendor's sheets a person sees."""

    TRUSTED = "trusted"
    USUAL = "usual"
    DISTRUSTED = "distrusted"


# Doubts of which the vendor is told anyway and that mislead no buyer: a value outside its list, a text in the other
# language.
MINOR_CODES = frozenset({"2006", "wrong_language"})
# What a buyer decides by: a doubtful change of one of these is looked at whoever the vendor is.
WEIGHTY = frozenset({"title", "price", "sale_price", "gtin", "brand", "category", "condition", "pack_quantity"})
# Of a distrusted vendor's sound sheets, one in five: of 100 sheets with 5 % of faults unseen by the checks, the chance to
# meet one is 66 %, at a fifth of the work.
SHARE = 0.2
# Under this key an accepted sheet is not drawn a second time.
DRAWN = "trust.sample"
_DIGITS = 8


def seen(level: TrustLevel, doubts: Sequence[str], changes: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the doubts that bring a sheet to the desk: all, or the weighty ones of a trusted vendor's."""
    if level is not TrustLevel.TRUSTED:
        return list(doubts)
    minor = {f"{one['rule']}:{one['attribute']}" for one in changes if one["attribute"] not in WEIGHTY} | MINOR_CODES
    return [key for key in doubts if key not in minor]


def drawn(level: TrustLevel, digest: str, dismissed: Sequence[str]) -> bool:
    """Return whether a sound sheet is looked at all the same; `digest` is the hash of the vendor's words, in hexadecimal."""
    if level is not TrustLevel.DISTRUSTED or DRAWN in dismissed:
        return False
    return int(digest[:_DIGITS] or "0", 16) < SHARE * 16**_DIGITS
