"""Sheets as CSV for a person's spreadsheet: streamed, and safe from cells that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from backoffice.extensions import db
from backoffice.words import label
from catalog import tree
from catalog.models import Listing
from catalog.vendor_report import neutralized

BATCH = 500


def sheets_csv(query: sa.Select[Any], locale: str) -> Iterator[str]:
    """Yield the lines of a CSV of these listings, with a BOM so that spreadsheets read the accents."""
    head = [
        _("Identifier"), _("Title"), _("Brand"), _("Category"), _("GTIN"), _("Price"), _("Currency"), _("Stock"),
        _("Status"), _("Completeness"), _("Quality"),
    ]  # fmt: skip
    yield "\ufeff" + _csv([head])
    categories = tree.current()
    for batch in db.session.scalars(query.execution_options(yield_per=BATCH)).partitions(BATCH):
        yield _csv([_line(one, categories, locale) for one in batch])


def _line(one: Listing, categories: tree.Tree, locale: str) -> list[Any]:
    price = f"{one.price_minor / 100:.2f}" if one.price_minor is not None else ""
    texts = [one.sku, one.title, one.brand or "", categories.path(one.category, locale), one.gtin or ""]
    figures = [round(one.completeness, 2), round(one.quality, 2)]
    return [*map(neutralized, texts), price, one.currency, one.stock, label(one.status), *figures]


def _csv(lines: list[list[Any]]) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows(lines)
    return out.getvalue()
