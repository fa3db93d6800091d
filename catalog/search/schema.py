"""What of a product is searchable, and under which field; the one table both engines build their schema from.

What it does: turns a `ProductDocument` into fields of tokens (`wording`), keywords and numbers.
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

from catalog.search.wording import MAX_TEXT, own_text, read, reading_of
from catalog.sheets import Locale
from catalog.text import fold

# Raise with every change of the fields, of their tokens or of `catalog.text`: the index is then rebuilt by itself.
SCHEMA_VERSION = 3

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


_repeated = lru_cache(maxsize=REPEATED_TEXTS)(read)


def code(written: str) -> str:
    """Return an identifier without what vendors write differently: "SM-G900F" and "sm g900f" are one."""
    return re.sub(r"[^a-z0-9]", "", fold(written))


def texts(document: ProductDocument) -> dict[str, str]:
    """Return the document's free texts by field, as a person wrote them."""
    return {
        "title": document.title,
        "brand": document.brand,
        "category": document.category_path,
        "text": own_text(document.description, document.attributes, document.keywords, document.colours),
    }


def indexed(document: ProductDocument) -> dict[str, Any]:
    """Return the document's fields as the engines take them: tokens and marks as lists, numbers, keywords."""
    written, locale = texts(document), document.locale
    readings = {name: reading_of(written[name], locale) for name in OWN_TEXT}
    readings |= {name: _repeated(written[name], locale) for name in SHARED_TEXT}
    fields: dict[str, Any] = {name: readings[name].tokens for name in FREE_TEXT}
    fields["all"] = sorted(set().union(*fields.values()))
    fields["words"] = sorted(frozenset().union(*(one.words for one in readings.values())))
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
