"""Who sees a sheet's small pictures: who may read the sheet."""

from __future__ import annotations

import io
from typing import Any

from backoffice import files
from backoffice.extensions import db
from catalog.images.models import ListingPicture, Picture
from catalog.images.noting import url_hash
from catalog.lifecycle import ListingStatus
from tests.permissions.catalog import make_listing
from tests.permissions.table import STAFF, Row


def extend(world: Any) -> None:
    """Add a picture of a sheet of the owner's vendor that is not shown to customers."""
    listing = make_listing(world.vendor, ListingStatus.TO_REVIEW)
    address = f"https://shop.example/{listing.id}.jpg"
    small = files.store(io.BytesIO(b"a picture"), "small.jpg", media_type="image/jpeg")
    world.picture = Picture(url_hash=url_hash(address), url=address, small=small)
    db.session.add(world.picture)
    db.session.flush()
    db.session.add(ListingPicture(listing_id=listing.id, place=0, picture_id=world.picture.id))
    db.session.commit()


ROWS = [
    Row(
        "pictures.small",
        allowed=(*STAFF, "vendor_owner"),
        values=lambda world: {"picture_id": world.picture.id},
    ),
]
