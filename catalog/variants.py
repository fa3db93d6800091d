"""Variants of one product: which sheets are, what they are called together, and what tells one from another. Pure.

    sheets that name the same group (or parent) ─ kin by their titles ─► one page: shared title, options by sheet

Promise: a group that its vendor names is believed only as far as the titles agree, so that a column read wrongly (a
collection, a season, one constant) does not join a catalogue into one page. What distinguishes is computed from what
the sheets say, never asked of the vendor. Not here: pages and offers as stored (`catalog.grouping`).

A page for each variant with links between them was the other way: customers would meet the same shirt forty times in a
search, and two vendors' shirts would meet forty times at the duplicates desk.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalog.sheets import Value

LONGEST_KEY = 120
# Sheets of one group that one page takes; a shop's largest known products have 2,048 variants, and are unreadable.
MOST_VARIANTS = 500
# Of the shorter title's telling words, the share that the other must have. Variants differ in one or two words.
KIN_SHARE = 0.5
# What a customer chooses by, in the order in which it is asked; measures only where none of these differs.
CHOSEN = (
    "color", "size", "size_type", "capacity", "power", "voltage", "material", "pattern", "pack_quantity", "gender",
    "age_group", "compatible_with",
)  # fmt: skip
MEASURED = ("weight", "length", "width", "height", "depth")
# Words that announce an option and say nothing once it is gone.
_ANNOUNCING = frozenset(
    {
        "taille", "size", "couleur", "coloris", "color", "colour", "en", "de", "à", "in", "of", "with", "t.", "grösse",
        "größe", "farbe", "talla",
    }
)  # fmt: skip
_WORD = re.compile(r"[^\W_]+")


def key_of(values: Mapping[str, Value]) -> str | None:
    """Return under what a sheet's group is found again: the group it names, else the parent; None without either."""
    for name in ("item_group_id", "parent_id"):
        said = values.get(name)
        text = str(said).strip() if isinstance(said, str | int) else ""
        if text:
            return text if len(text) <= LONGEST_KEY else "sha-" + hashlib.sha256(text.encode()).hexdigest()[:40]
    return None


@dataclass(frozen=True, slots=True)
class Named:
    """What a sheet, or a page, is called."""

    title: str
    brand: str | None


def kin(left: Named, right: Named) -> bool:
    """Return whether two sheets that name one group may be variants of one product."""
    if left.brand and right.brand and left.brand.casefold() != right.brand.casefold():
        return False
    words, others = _telling(left.title), _telling(right.title)
    fewer = min(len(words), len(others))
    return fewer == 0 or len(words & others) >= KIN_SHARE * fewer


def _telling(title: str) -> frozenset[str]:
    """Return a title's words that could name a product: no sizes, no numbers."""
    return frozenset(word for word in _WORD.findall(title.casefold()) if len(word) > 2 and not word[0].isdigit())


def shared_title(titles: Sequence[str]) -> str:
    """Return what all titles say, in the words and order of the first; the first itself where that names nothing."""
    words = titles[0].split()
    others = [Counter(map(_plain, title.split())) for title in titles[1:]]
    kept = [all(other[_plain(word)] > 0 for other in others) for word in words]
    if all(kept):
        return titles[0]
    # What stood beside an option and says nothing by itself goes with it: "140 x 190 cm", "taille M", "- bleu".
    for places in (range(len(words)), range(len(words) - 1, -1, -1)):
        for at in places:
            beside = [kept[near] for near in (at - 1, at + 1) if 0 <= near < len(words)]
            kept[at] = kept[at] and (all(beside) or _says_something(words[at]))
    said = " ".join(word for word, stays in zip(words, kept, strict=True) if stays).rstrip(" ,;:-–—/|(")
    return said if _telling(said) else titles[0]


def _says_something(word: str) -> bool:
    return bool(_telling(word)) and _plain(word) not in _ANNOUNCING


def _plain(word: str) -> str:
    return word.casefold().strip(" ,;:-–—/|()[]'\"")


def distinguishing(sheets: Sequence[Mapping[str, Value]]) -> list[str]:
    """Return the attributes in which these sheets differ, as a customer would choose: all that do, measures at need."""
    chosen = [name for name in CHOSEN if _differs(sheets, name)]
    return chosen or [name for name in MEASURED if _differs(sheets, name)]


def _differs(sheets: Sequence[Mapping[str, Value]], name: str) -> bool:
    return len({plain_value(sheet.get(name)) for sheet in sheets} - {()}) > 1


def plain_value(value: Any) -> tuple[str, ...]:
    """Return a value as it is compared: texts without case, a measure by number and unit; () where there is none."""
    if value is None or value == "":
        return ()
    if isinstance(value, Mapping):
        return (f"{value.get('value')} {value.get('unit') or ''}".strip().casefold(),)
    items = value if isinstance(value, list) else [value]
    return tuple(sorted(str(item).strip().casefold() for item in items if str(item).strip()))


def differ(left: Mapping[str, Value], right: Mapping[str, Value]) -> bool:
    """Return whether two sheets are different variants: both state an option, and not the same."""
    pairs = ((plain_value(left.get(name)), plain_value(right.get(name))) for name in CHOSEN)
    return any(one and other and one != other for one, other in pairs)
