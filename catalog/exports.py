"""Sheets as CSV for a person's spreadsheet: streamed, safe from cells that a spreadsheet would run.

Numbers have the decimal mark of the reader's language: a French spreadsheet takes "12.05" for a day in May.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from backoffice.extensions import db
from backoffice.formatting import units
from backoffice.vendors.models import Vendor
from backoffice.words import label
from catalog import tree
from catalog.models import Listing
from catalog.vendor_report import neutralized

BATCH = 500


def sheets_csv(query: sa.Select[Any], locale: str) -> Iterator[str]:
    """Yield the lines of a CSV of these listings, with a BOM so that spreadsheets read the accents."""
    head = [
        _("Identifier"), _("Title"), _("Brand"), _("Category"), _("GTIN"), _("Price"), _("Currency"), _("Stock"),
        _("Status"), _("Completeness"), _("Quality"), _("Vendor"),
    ]  # fmt: skip
    yield "\ufeff" + _csv([head])
    categories = tree.current()
    query = query.options(joinedload(Listing.vendor).load_only(Vendor.name))
    for batch in db.session.scalars(query.execution_options(yield_per=BATCH)).partitions(BATCH):
        yield _csv([_line(one, categories, locale) for one in batch])


def _line(one: Listing, categories: tree.Tree, locale: str) -> list[Any]:
    price = "" if one.price_minor is None else _number(units(one.price_minor, one.currency), locale)
    texts = [one.sku, one.title, one.brand or "", categories.path(one.category, locale), one.gtin or ""]
    figures = [_number(round(share, 2), locale) for share in (one.completeness, one.quality)]
    offer = (price, one.currency, one.stock, label(one.status))
    return [*map(neutralized, texts), *offer, *figures, neutralized(one.vendor.name)]


def _number(value: float | Decimal, locale: str) -> str:
    return str(value).replace(".", "," if locale == "fr" else ".")


def _csv(lines: list[list[Any]]) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows(lines)
    return out.getvalue()
