"""What a sheet says to customers who search: its texts, and the tokens and plain words of each, read once.

    sheet's values ─► said: description, colours, attributes ─► own_text ─► read: tokens, words ─► the index's fields

Reading is half of the work of indexing. Who made a sheet in another process reads it there and hands the readings over
(`spoken`, `remember`); the indexer finds them by the text itself, so that a text which changed meanwhile is read anew.
Promise: pure but for what it remembers, which never changes a result. Not here: the fields (`schema`).
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalog.search.measures import counts, usual
from catalog.sheets import Locale
from catalog.text import fold, folded_tokens, tokens

# Attributes whose words help a customer find the sheet, in the order they are read.
SEARCHED_ATTRIBUTES = (
    "material", "size", "capacity", "power", "weight", "length", "width", "height", "pack_quantity", "pattern",
    "gender", "compatible_with", "product_type",
)  # fmt: skip
# The codes of a closed list as customers say them: a girl's dress is found by "fille", not by "femme".
YOUNG = frozenset(("newborn", "infant", "toddler", "kids"))
PEOPLE: Mapping[tuple[str, bool], Mapping[Locale, str]] = {
    ("female", False): {"fr": "femme", "en": "women"},
    ("female", True): {"fr": "fille", "en": "girls"},
    ("male", False): {"fr": "homme", "en": "men"},
    ("male", True): {"fr": "garçon", "en": "boys"},
    ("unisex", False): {"fr": "mixte", "en": "unisex"},
    ("unisex", True): {"fr": "mixte", "en": "unisex"},
}
# Texts are cut here before they are made into tokens; the longest description of 30,196 real sheets has 1,300 signs.
MAX_TEXT = 20_000
# Shorter words are no words to compare with; those of two letters serve to read "wifi" as "wi fi".
SHORTEST_WORD = 2
# Readings kept for the indexer: two a sheet, of the chunks that are written between two of its turns.
REMEMBERED = 8_000
_DIGIT = re.compile(r"\d")
_WORD = re.compile(rf"[a-z]{{{SHORTEST_WORD},30}}")
# Vendors lose the space between two fields ("4400 mAhCouleur : Noir"): a capital after a small letter starts a word,
# unless it stands in a unit (mAh, kHz, kWh, hPa). Few texts have any: the plain class is looked for first.
_MAYBE_GLUED = re.compile(r"[a-zà-öø-ÿ][A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ]")
_SEAM = r"(?<=[a-zà-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ])(?!(?:Ah|Hz|Wh|Pa)(?![a-zà-öø-ÿ]))"
_GLUED = re.compile(_SEAM)
_GLUED_WORD = re.compile(rf"[^\W\d_]+{_SEAM}[^\W\d_]+")


# ---- what is said -------------------------------------------------------------------------------------------------


def said(variants: Sequence[Mapping[str, Any]], locale: Locale) -> dict[str, Any]:
    """Return `description`, `colours` and `attributes` of a page: the first sheet's words, every variant's attributes."""
    variants = [_for_whom(values, locale) if "gender" in values else values for values in variants]
    given = set().union(*variants)
    attributes = [text for name in SEARCHED_ATTRIBUTES if name in given for text in _of_all(variants, name)]
    return {
        "description": str(variants[0].get("description") or ""),
        "colours": tuple(_of_all(variants, "color")),
        "attributes": " · ".join(attributes),
    }


def _for_whom(values: Mapping[str, Any], locale: Locale) -> Mapping[str, Any]:
    """Return the values with the code of the gender in the words of the page's language."""
    gender = values["gender"]
    words = PEOPLE.get((gender, values.get("age_group") in YOUNG)) if isinstance(gender, str) else None
    return {**values, "gender": words[locale]} if words else values


def own_text(description: str, attributes: str, keywords: Sequence[str], colours: Sequence[str]) -> str:
    """Return all that a page says beside its title, as one text."""
    return " \n".join(part for part in (description, attributes, *keywords, *colours) if part)


def _of_all(variants: Sequence[Mapping[str, Any]], name: str) -> Iterable[str]:
    """Return the texts of an attribute in all of these sheets, each once."""
    found = [values[name] for values in variants if values.get(name) is not None]
    return dict.fromkeys(text for value in found for text in _texts(value)) if found else ()


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [str(value.get("raw") or f"{value.get('value')} {value.get('unit')}")]
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


# ---- reading ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reading:
    """A text's tokens in order, and its plain words as they are written: what misspelled queries are compared with."""

    tokens: Sequence[str]
    words: frozenset[str]


def read(text: str, locale: Locale) -> Reading:
    """Return a sheet's text as read; words glued by a lost space are read apart and together."""
    text = text[:MAX_TEXT]
    apart, glued = _apart(text)
    folded = fold(apart)
    words = frozenset((*_WORD.findall(folded), *(fold(word) for word in glued)))
    plain = usual(text)
    if plain != text:
        apart, glued = _apart(plain)
        folded = fold(apart)
    found = folded_tokens(folded, locale)
    if _DIGIT.search(folded):
        found += [token for _, _, token in counts(folded)]
    return Reading(found + [token for whole in glued for token in tokens(whole, locale)[:1]], words)


def _apart(text: str) -> tuple[str, list[str]]:
    """Return the text with its glued words apart, and those words as they were."""
    if not _MAYBE_GLUED.search(text):
        return text, []
    apart = _GLUED.sub(" ", text)
    return apart, _GLUED_WORD.findall(text) if apart != text else []


# ---- read ahead ---------------------------------------------------------------------------------------------------

_ready: dict[tuple[str, Locale], Reading] = {}
_lock = threading.Lock()


def _own_texts(columns: Mapping[str, Any]) -> tuple[str, str]:
    """Return the title and the text that the page of a sheet alone will have, from its listing's columns."""
    told = said([columns["values"]], columns["locale"])
    return columns["title"], own_text(told["description"], told["attributes"], (), told["colours"])


def spoken(columns: Mapping[str, Any]) -> list[list[str]]:
    """Return the readings of a sheet's title and text, as they are sent to another process."""
    readings = [read(text, columns["locale"]) for text in _own_texts(columns)]
    return [[" ".join(one.tokens), " ".join(one.words)] for one in readings]


def remember(columns: Mapping[str, Any], readings: Sequence[Sequence[str]]) -> None:
    """Keep what `spoken` said of this sheet until it is indexed."""
    with _lock:
        for text, (found, words) in zip(_own_texts(columns), readings, strict=True):
            _ready[text, columns["locale"]] = Reading(found.split(" ") if found else [], frozenset(words.split()))
        for key in [key for key, _ in zip(_ready, range(len(_ready) - REMEMBERED), strict=False)]:
            del _ready[key]


def reading_of(text: str, locale: Locale) -> Reading:
    """Return a text's reading: the one made ahead, which is forgotten with that, or a new one."""
    return _ready.pop((text, locale), None) or read(text, locale)
