"""What of a sheet is stored: under which identifier, with which hash, in which columns of its listing.

Promise: pure; a vendor's sheet is found again by the vendor's own identifier, else its barcode, else its content; the
hash says whether the vendor's words changed. Not here: a listing's state, what editors decided (`catalog.listings`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from backoffice import compact
from catalog.assembly import MadeSheet, plain
from catalog.sheets import MappedSheet, Severity, Value

# Suggestions and issues of a listing are kept whole; a text longer than this is cut where it becomes a column.
TITLE_LENGTH, NAME_LENGTH, SKU_LENGTH = 500, 120, 120


def sku_of(mapped: Mapping[str, str]) -> str:
    """Return the identifier under which a vendor's sheet is found again."""
    for name in ("id", "gtin"):
        text = (mapped.get(name) or "").strip()
        if text:
            return text if len(text) <= SKU_LENGTH else "sha-" + _digest(text)[:40]
    telling = [
        mapped.get(name) or "" for name in ("title", "brand", "mpn", "description", "product_type", "size", "color")
    ]
    return "sha-" + _digest("\x1f".join(telling))[:40]


def content_hash(sheet: MappedSheet) -> str:
    """Return the hash of what the vendor says, independent of line and order of columns."""
    return _digest(compact.text_of(dict(sorted(sheet.values.items()))))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def columns_of(made: MadeSheet) -> dict[str, Any]:
    """Return the columns of a listing that say what the machine made of the sheet, its state not yet among them."""
    values = dict(made.sheet.values)
    price = values.get("sale_price") or values.get("price")
    offer = price if isinstance(price, dict) else {}
    return {
        "mapped": dict(made.mapped.values),
        "sources": dict(made.mapped.sources),
        "content_hash": content_hash(made.mapped),
        "row": made.mapped.row,
        "locale": made.sheet.locale,
        "values": values,
        "changes": [change.as_json() for change in made.sheet.changes],
        "issues": plain(made.issues),
        "keywords": [gap | {"state": "open"} for gap in plain(made.keywords)],
        "suggestions": plain(made.suggestions),
        "title": str(values.get("title") or "")[:TITLE_LENGTH],
        "brand": _short(values.get("brand")),
        "gtin": _valid_gtin(values.get("gtin"), made),
        "mpn": _short(values.get("mpn")),
        "category": made.category,
        "completeness": round(made.completeness, 4),
        "quality": round(made.quality, 4),
        "price_minor": offer.get("amount"),
        "currency": offer.get("currency") or "EUR",
        "stock": values.get("stock") if isinstance(values.get("stock"), int) else None,
        "condition": str(values.get("condition") or "")[:20],
    }


def _short(value: Value) -> str | None:
    return str(value)[:NAME_LENGTH] if value else None


def _valid_gtin(value: Value, made: MadeSheet) -> str | None:
    """A wrong barcode is worse than none: it is shown with its issue, and never used to match."""
    if not value or any(issue.attribute == "gtin" and issue.severity == Severity.ERROR for issue in made.issues):
        return None
    return str(value)[:14]
