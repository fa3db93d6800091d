"""Keys that decide by themselves: valid GTINs, and a maker's own number under an agreed brand.

Promise: only a GTIN with a right check digit and a worldwide prefix counts; shops' own and coupon ranges do not.
Brands clash only when both are said and have nothing in common, not even in the other's title.
Not here: what follows from it (`cascade.py`).
"""

from __future__ import annotations

import re

from rapidfuzz import fuzz

from catalog.matching.records import Record, tokens

LENGTHS = frozenset({8, 12, 13, 14})
RESTRICTED = re.compile(r"^0?(?:02|04|2\d|98|99)")  # On thirteen digits: shops' own ranges and coupons.
NO_BRAND = frozenset(
    {"aucune", "aucun", "sans marque", "n/a", "na", "none", "no brand", "generic", "generique", "unbranded"}
)
SAME_SPELLING = 80  # Token-set ratio: "hewlett-packard" and "hewlett packard company" agree, "sony" and "sonos" do not.


def gtin(record: Record) -> str | None:
    """Return the record's GTIN on fourteen digits if it is valid and unrestricted."""
    return valid_gtin(record.values.get("gtin", ""))


def valid_gtin(text: str) -> str | None:
    """Return a GTIN on fourteen digits, or None when it is wrong, restricted or no GTIN."""
    digits = re.sub(r"[\s-]", "", text)
    if not digits.isascii() or not digits.isdigit() or len(digits) not in LENGTHS or not int(digits):
        return None
    padded = digits.zfill(14)
    if sum(int(d) * (3 if i % 2 == 0 else 1) for i, d in enumerate(padded)) % 10:
        return None
    restricted = digits[0] in "02" if len(digits) == 8 else RESTRICTED.match(padded[1:])
    return None if restricted else padded


def model_number(record: Record) -> str | None:
    """Return the maker's number without punctuation, if it is long enough and holds a digit."""
    joined = re.sub(r"[\W_]", "", record.fields.get("mpn", ""))
    return joined if len(joined) >= 3 and any(map(str.isdigit, joined)) else None


def brand(record: Record) -> str | None:
    """Return the folded brand, None where the vendor's word means that there is none."""
    said = record.fields.get("brand", "")
    return " ".join(tokens(said)) or None if said not in NO_BRAND else None


def brands_agree(left: Record, right: Record) -> bool:
    """Tell whether both name a brand and it is the same one."""
    a, b = brand(left), brand(right)
    if not a or not b:
        return False
    return a == b or fuzz.token_set_ratio(a, b) >= SAME_SPELLING


def brands_clash(left: Record, right: Record) -> bool:
    """Tell whether both name a brand, and neither is found anywhere in what the other says."""
    a, b = brand(left), brand(right)
    if not a or not b or brands_agree(left, right):
        return False
    return not (set(tokens(a)) & set(right.full_tokens) or set(tokens(b)) & set(left.full_tokens))
