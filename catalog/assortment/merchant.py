"""Published products as partners take them: Google Merchant XML, CSV and JSON Lines, a product at a time.

Promise: pure; each writer yields text that is whole when all of it is read, whatever stands in the products; a cell that
a spreadsheet would run is made harmless. Not here: which products, and in which language (`published`).
Attributes and their writing follow Google's product data specification ("19.90 EUR", "1.5 kg", "in_stock").
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from backoffice import compact
from catalog.sheets import Locale
from catalog.taxonomy import Taxonomy
from catalog.vendor_report import neutralized

# Google's attributes in the order of its specification, then those that only a marketplace has.
ATTRIBUTES = (
    "id", "title", "description", "link", "image_link", "additional_image_link", "availability", "price", "sale_price",
    "brand", "gtin", "mpn", "condition", "color", "size", "size_type", "material", "pattern", "gender", "age_group",
    "product_type", "google_product_category", "item_group_id", "shipping_weight", "shipping_length", "shipping_width",
    "shipping_height", "product_length", "product_width", "product_height", "product_weight", "multipack",
    "external_seller_id", "content_language",
)  # fmt: skip
# Google takes so many further pictures of a product.
MOST_IMAGES = 10
# What XML 1.0 cannot hold, however it is escaped.
_UNSPEAKABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Item = Mapping[str, Any]


# What Google asks of every product.
REQUIRED = ("title", "description", "link", "image_link", "price")
# So many tops of a tree must be Google's for its numbers to be: few could be a marketplace's own counting.
FEWEST_TOPS = 5


@dataclass(frozen=True, slots=True)
class Shop:
    """Whose products these are: what stands at the head of an XML feed."""

    name: str
    address: str
    locale: str


@dataclass(frozen=True, slots=True)
class Writing:
    """One format: how its file is named and served, and the writer."""

    extension: str
    media_type: str
    write: Callable[[Iterable[Item], Shop], Iterator[str]]


def lacking(item: Item, locale: Locale) -> list[str]:
    """Return the attributes for which Google refuses an item in a file of this language."""
    missing = [name for name in REQUIRED if item.get(name) in (None, "", [])]
    return missing if item.get("content_language") == locale else [*missing, "content_language"]


def speaks_google(taxonomy: Taxonomy) -> bool:
    """Return whether the numbers of a tree are Google's, as those of the built-in tree and of Google's own are."""
    googles = {one.id for one in Taxonomy.builtin().children(None)}
    tops = {one.id for one in taxonomy.children(None) if one.id.isdigit()}
    return tops <= googles and len(tops) >= FEWEST_TOPS


def google_number(taxonomy: Taxonomy, code: str | None) -> str | None:
    """Return Google's number of a category, or of the nearest above it where it is one of the marketplace's own."""
    if code is None:
        return None
    lineage = [code, *(one.id for one in reversed(taxonomy.ancestors(code)))]
    return next((one for one in lineage if one.isdigit()), None)


def _xml(items: Iterable[Item], shop: Shop) -> Iterator[str]:
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss xmlns:g="http://base.google.com/ns/1.0" version="2.0">\n'
        f"<channel>\n<title>{_said(shop.name)}</title>\n<link>{_said(shop.address)}</link>\n"
        f"<description>{_said(shop.name)}</description>\n<language>{shop.locale}</language>\n"
    )
    for item in items:
        lines = [
            f"<g:{name}>{_said(text)}</g:{name}>"
            for name in ATTRIBUTES
            if item.get(name) not in (None, "", [])
            for text in _repeated(name, item[name])
        ]
        yield "<item>\n" + "\n".join(lines) + "\n</item>\n"
    yield "</channel>\n</rss>\n"


def _repeated(name: str, value: Any) -> list[str]:
    """Return a value as elements: further pictures are an element each, other lists are one text."""
    if name == "additional_image_link" and isinstance(value, list):
        return [str(one) for one in value[:MOST_IMAGES]]
    return [_text(value)]


def _said(text: str) -> str:
    return escape(_UNSPEAKABLE.sub("", str(text)))


def _text(value: Any) -> str:
    return "/".join(str(one) for one in value) if isinstance(value, list) else "" if value is None else str(value)


def _csv(items: Iterable[Item], shop: Shop) -> Iterator[str]:
    yield "\ufeff" + _line(ATTRIBUTES)
    for item in items:
        # Pictures are separated by commas, as Google reads them; other lists by slashes.
        cells = [
            ",".join(item[name][:MOST_IMAGES])
            if name == "additional_image_link" and item.get(name)
            else _text(item.get(name))
            for name in ATTRIBUTES
        ]
        yield _line([neutralized(cell) for cell in cells])


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()


def _json_lines(items: Iterable[Item], shop: Shop) -> Iterator[str]:
    for item in items:
        yield compact.text_of({name: value for name, value in item.items() if value not in (None, "", [])}) + "\n"


FORMATS: Mapping[str, Writing] = {
    "xml": Writing("xml", "application/xml", _xml),
    "csv": Writing("csv", "text/csv", _csv),
    "jsonl": Writing("jsonl", "application/x-ndjson", _json_lines),
}
