"""Our own small pictures for our own pages: which one stands for a sheet or product, and what is known of a sheet's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask import url_for
from sqlalchemy.orm import contains_eager

from backoffice.extensions import db
from catalog.images.judging import CODES
from catalog.images.models import ListingPicture, Picture
from catalog.lifecycle import ListingStatus
from catalog.models import Listing
from catalog.publishing import best_of


@dataclass(frozen=True, slots=True)
class Shown:
    """One picture of a sheet: its small copy's address where there is one, and the codes of what is wrong with it."""

    address: str
    small: str | None
    width: int | None
    height: int | None
    looked_at: bool
    codes: Sequence[str]


def of_sheet(listing: Listing) -> list[Shown]:
    """Return the pictures of a sheet, the main one first."""
    query = sa.select(ListingPicture).join(ListingPicture.picture).options(contains_eager(ListingPicture.picture))
    rows = db.session.scalars(query.where(ListingPicture.listing_id == listing.id).order_by(ListingPicture.place))
    wrong = {one["value"]: one["code"] for one in listing.issues if one["code"] in CODES}
    return [_shown(row.picture, wrong) for row in rows]


def _shown(one: Picture, wrong: dict[str, str]) -> Shown:
    codes = [wrong[one.url]] if one.url in wrong else []
    return Shown(one.url, _address(one.id, one.small_id), one.width, one.height, one.checked_at is not None, codes)


def _address(picture_id: int, small_id: int | None) -> str | None:
    # The copy's number makes a new address of a new look, so that browsers may keep the old one.
    return url_for("pictures.small", picture_id=picture_id, v=small_id) if small_id is not None else None


def of_page(listings: Sequence[Listing]) -> str | None:
    """Return the address of the picture of a product page: that of its best sheet, else of any that has one."""
    found = of_listings([one.id for one in listings])
    best = best_of([one for one in listings if one.id in found])
    return found[best.id] if best is not None else None


def of_listings(listing_ids: Iterable[int]) -> dict[int, str]:
    """Return the address of the small main picture of each sheet that has one, in one query."""
    query = (
        sa.select(ListingPicture.listing_id, Picture.id, Picture.small_id)
        .join(ListingPicture.picture)
        .where(
            ListingPicture.listing_id.in_(list(listing_ids)), ListingPicture.place == 0, Picture.small_id.is_not(None)
        )
    )
    return {listing: _address(number, small) or "" for listing, number, small in db.session.execute(query)}


def seen_by(picture_id: int, user: object) -> Picture | None:
    """Return a picture that this reader may see: staff all, a vendor its own and those of published sheets."""
    query = sa.select(Picture).where(Picture.id == picture_id, Picture.small_id.is_not(None))
    if not getattr(user, "is_staff", False):
        open_to_reader = sa.or_(
            Listing.vendor_id == getattr(user, "vendor_id", None), Listing.status == ListingStatus.PUBLISHED
        )
        named = sa.select(ListingPicture.picture_id).join(Listing, Listing.id == ListingPicture.listing_id)
        query = query.where(Picture.id.in_(named.where(ListingPicture.picture_id == picture_id, open_to_reader)))
    return db.session.scalar(query)
