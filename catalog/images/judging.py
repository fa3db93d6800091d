"""What is wrong with the pictures of one sheet. Pure: facts in, issues out.

Promise: a picture that nobody has looked at yet is no fault. Not here: the words (`catalog.issues`), the looking.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from catalog.images.looking import apart
from catalog.issues import issue
from catalog.sheets import Issue

# Google asks for 250 pixels where it asks for most, 100 elsewhere; under that a page has nothing to enlarge.
LEAST_LONG_SIDE, LEAST_SHORT_SIDE = 250, 100
# Wider or higher than this, a picture is a banner or a strip, and shows as a line in a square frame.
MOST_RATIO = 3.0
# Points of 64 in which two fingerprints differ: of a drawing and itself saved at other sizes, formats and qualities 0 to
# 3 (400 pairs); of two different drawings 7 at the least (4,950 pairs).
SAME_WITHIN = 4
# Product pages of a vendor that show one and the same picture: from here on it is a stand-in ("photo to come").
SHARED_FROM = 5
CODES = frozenset(
    {
        "image_unreachable", "image_not_image", "image_too_large", "image_blank", "image_too_small", "image_ratio",
        "image_duplicate", "image_shared",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one picture of a sheet: `fault` where it could not be looked at, None of all where nobody has."""

    address: str
    fault: str | None = None
    width: int | None = None
    height: int | None = None
    blank: bool = False
    fingerprint: str = ""
    shared_by: int = 0


def issues_of(pictures: Sequence[Facts]) -> list[Issue]:
    """Return what is wrong with a sheet's pictures, the first being the main one; one issue a picture."""
    found: list[Issue] = []
    for place, one in enumerate(pictures):
        code = one.fault or _code(one, pictures[:place])
        if code is None and place == 0 and one.shared_by >= SHARED_FROM:
            code = "image_shared"
        if code is not None:
            attribute = "additional_image_link" if place else "image_link"
            found.append(issue(code, attribute, one.address, **_params(one)))
    return found


def _code(one: Facts, before: Sequence[Facts]) -> str | None:
    if not one.width or not one.height:
        return None
    long, short = max(one.width, one.height), min(one.width, one.height)
    if one.blank:
        return "image_blank"
    if long < LEAST_LONG_SIDE or short < LEAST_SHORT_SIDE:
        return "image_too_small"
    if long / short > MOST_RATIO:
        return "image_ratio"
    again = any(other.fingerprint and apart(one.fingerprint, other.fingerprint) <= SAME_WITHIN for other in before)
    return "image_duplicate" if again else None


def _params(one: Facts) -> dict[str, Any]:
    said = {"width": one.width, "height": one.height, "count": one.shared_by}
    return {name: number for name, number in said.items() if number}
