"""The catalogue's blueprint, and what its pages share: fetching within what the reader may see."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Blueprint
from flask_babel import get_locale
from flask_login import current_user
from sqlalchemy.orm import joinedload

from backoffice.errors import NotFound
from backoffice.extensions import db
from catalog import uploads
from catalog.models import Import, Listing
from catalog.sheets import Locale

blueprint = Blueprint("catalog", __name__)


def reader_language() -> Locale:
    """Return the reader's language, fr or en."""
    return "fr" if str(get_locale()).startswith("fr") else "en"


def import_or_404(import_id: int, *, to_decide: bool = False) -> Import:
    """Return an import that the reader may see; `to_decide` keeps others off it meanwhile."""
    query = uploads.of_reader(current_user).where(Import.id == import_id)
    found = db.session.scalar(query.with_for_update(of=Import) if to_decide else query)
    if found is None:
        raise NotFound()
    return found


def listings_of_reader() -> sa.Select[Any]:
    """Return the listings that the reader may see: staff all, a vendor's user those of the vendor."""
    query = sa.select(Listing)
    return query if current_user.is_staff else query.where(Listing.vendor_id == current_user.vendor_id)


def listing_or_404(listing_id: int, *, to_decide: bool = False) -> Listing:
    """Return a listing that the reader may see, with its vendor and product; `to_decide` keeps others off it meanwhile."""
    query = listings_of_reader().where(Listing.id == listing_id)
    query = query.options(joinedload(Listing.vendor), joinedload(Listing.product))
    found = db.session.scalar(query.with_for_update(of=Listing) if to_decide else query)
    if found is None:
        raise NotFound()
    return found
