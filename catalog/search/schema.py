"""What of a product is searchable, and under which field; the one table both engines build their schema from.

What it does: turns a `ProductDocument` into fields of tokens (made by `catalog.text`), keywords and numbers.
Promise: pure; the engine does no analysis of its own, it splits at spaces. A change here raises SCHEMA_VERSION, and
an index of another version is rebuilt by itself. Not here: how a field is stored by an engine.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal

from catalog.search.measures import counts, usual
from catalog.sheets import Locale
from catalog.text import fold, folded_tokens, tokens

# Raise with every change of the fields, of their tokens or of `catalog.text`: the index is then rebuilt by itself.
SCHEMA_VERSION = 1

Kind = Literal["tokens", "marks", "keyword", "number"]

# field: (kind, counted in facets). "tokens" keep their order and frequency, "marks" only say whether a token is there.
FIELDS: dict[str, tuple[Kind, bool]] = {
    "title": ("tokens", False),
    "brand": ("tokens", False),
    "category": ("tokens", False),
    "text": ("tokens", False),
    "all": ("marks", False),
    "words": ("marks", False),
    "codes": ("marks", False),
    "brand_name": ("keyword", True),
    "locale": ("keyword", True),
    "colours": ("keyword", True),
    "categories": ("number", True),
    "vendors": ("number", True),
    "price": ("number", True),
    "offers": ("number", False),
    "available": ("number", True),
    "published": ("number", False),
    "updated": ("number", False),
}
# Of the free texts, those that many products share are made into tokens once.
OWN_TEXT, SHARED_TEXT = ("title", "text"), ("brand", "category")
FREE_TEXT = (*OWN_TEXT, *SHARED_TEXT)
REPEATED_TEXTS = 20_000

# Texts are cut here before they are made into tokens; the longest description of 30,196 real sheets has 1,300 signs.
MAX_TEXT = 20_000
# Shorter words are no words to compare with; those of two letters serve to read "wifi" as "wi fi".
SHORTEST_WORD = 2
_DIGIT = re.compile(r"\d")
_WORD = re.compile(rf"[a-z]{{{SHORTEST_WORD},30}}")
# Vendors lose the space between two fields ("4400 mAhCouleur : Noir"): a capital after a small letter starts a word,
# unless it stands in a unit (mAh, kHz, kWh, hPa). Few texts have any: the plain class is looked for first.
_MAYBE_GLUED = re.compile(r"[a-zà-öø-ÿ][A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ]")
_SEAM = r"(?<=[a-zà-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ])(?!(?:Ah|Hz|Wh|Pa)(?![a-zà-öø-ÿ]))"
_GLUED = re.compile(_SEAM)
_GLUED_WORD = re.compile(rf"[^\W\d_]+{_SEAM}[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class ProductDocument:
    """A product as the index sees it; `version` is the row's version in the database, prices are in minor units.

    `category_ids` holds the category with all its ancestors; unpublished products are indexed too, for matching.
    """

    id: int
    version: int
    title: str
    locale: Locale = "fr"
    brand: str = ""
    description: str = ""
    category_ids: tuple[int, ...] = ()
    category_path: str = ""
    colours: tuple[str, ...] = ()
    attributes: str = ""
    gtins: tuple[str, ...] = ()
    mpns: tuple[str, ...] = ()
    price_min_minor: int | None = None
    currency: str = "EUR"
    offers: int = 0
    vendor_ids: tuple[int, ...] = ()
    available: bool = False
    published: bool = False
    keywords: tuple[str, ...] = ()
    updated_at: datetime | None = None


def searchable_tokens(text: str, locale: Locale) -> list[str]:
    """Return the tokens of a sheet's text in order; words glued by a lost space are read apart and together."""
    text = usual(text[:MAX_TEXT])
    apart, glued = _apart(text)
    folded = fold(apart)
    found = folded_tokens(folded, locale)
    if _DIGIT.search(folded):
        found += [token for _, _, token in counts(folded)]
    return found + [token for whole in glued for token in tokens(whole, locale)[:1]]


def written_words(text: str) -> set[str]:
    """Return the plain words of a text as they are written, folded: what misspelled queries are compared with."""
    apart, glued = _apart(text[:MAX_TEXT])
    return {*_WORD.findall(fold(apart)), *(fold(word) for word in glued)}


def _apart(text: str) -> tuple[str, list[str]]:
    """Return the text with its glued words apart, and those words as they were."""
    if not _MAYBE_GLUED.search(text):
        return text, []
    apart = _GLUED.sub(" ", text)
    return apart, _GLUED_WORD.findall(text) if apart != text else []


@lru_cache(maxsize=REPEATED_TEXTS)
def _repeated_tokens(text: str, locale: Locale) -> tuple[str, ...]:
    return tuple(searchable_tokens(text, locale))


@lru_cache(maxsize=REPEATED_TEXTS)
def _repeated_words(text: str) -> frozenset[str]:
    return frozenset(written_words(text))


def code(written: str) -> str:
    """Return an identifier without what vendors write differently: "SM-G900F" and "sm g900f" are one."""
    return re.sub(r"[^a-z0-9]", "", fold(written))


def texts(document: ProductDocument) -> dict[str, str]:
    """Return the document's free texts by field, as a person wrote them."""
    more = [document.description, document.attributes, *document.keywords, *document.colours]
    return {
        "title": document.title,
        "brand": document.brand,
        "category": document.category_path,
        "text": " \n".join(part for part in more if part),
    }


def indexed(document: ProductDocument) -> dict[str, Any]:
    """Return the document's fields as the engines take them: tokens and marks as lists, numbers, keywords."""
    written = texts(document)
    fields: dict[str, Any] = {name: searchable_tokens(written[name], document.locale) for name in OWN_TEXT}
    fields |= {name: _repeated_tokens(written[name], document.locale) for name in SHARED_TEXT}
    fields["all"] = sorted(set().union(*(fields[name] for name in FREE_TEXT)))
    words = (_repeated_words(written[name]) for name in SHARED_TEXT)
    fields["words"] = sorted(set().union(*words, *(written_words(written[name]) for name in OWN_TEXT)))
    fields["codes"] = sorted({code(value) for value in (*document.gtins, *document.mpns)} - {""})
    return fields | {
        "brand_name": _listed(document.brand),
        "locale": [document.locale],
        "colours": list(document.colours),
        "categories": list(document.category_ids),
        "vendors": list(document.vendor_ids),
        "price": [] if document.price_min_minor is None else [document.price_min_minor],
        "offers": [document.offers],
        "available": [int(document.available)],
        "published": [int(document.published)],
        "updated": [] if document.updated_at is None else [int(document.updated_at.timestamp())],
    }


def stored(document: ProductDocument) -> dict[str, Any]:
    """Return what the index gives back with a hit: enough for a line of results, its snippet and its explanation."""
    return {
        "id": document.id,
        "version": document.version,
        "locale": document.locale,
        "brand_name": document.brand,
        "price": document.price_min_minor,
        "currency": document.currency,
        "offers": document.offers,
        "available": document.available,
        "codes": [*document.gtins, *document.mpns],
        **{name: value[:MAX_TEXT] for name, value in texts(document).items()},
    }


def _listed(value: str) -> Iterable[str]:
    return [value] if value else []
