"""Which sheet names which picture, noted after an import a batch of sheets at a time.

Promise: noting a sheet again changes nothing where its addresses are the same; the import is over before this begins.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import load_only

from backoffice.clock import now
from backoffice.extensions import db
from backoffice.jobs import Job, JobState, enqueue, handler
from catalog.images import telling
from catalog.images.models import ListingPicture, Picture
from catalog.models import Listing

BATCH = 500
# Pictures of one sheet that are looked at; storefronts show ten.
MOST_PICTURES = 10
LONGEST_ADDRESS = 2_000


@handler("catalog.note_pictures")
def note_pictures(import_id: int, after: int = 0) -> None:
    """Note the pictures of a batch of an import's sheets and ask for the next; after the last one, for the looking."""
    if not current_app.config["IMAGES_CHECKED"]:
        return
    query = sa.select(Listing).where(Listing.import_id == import_id, Listing.id > after)
    listings = db.session.scalars(
        query.options(load_only(Listing.id, Listing.values)).order_by(Listing.id).limit(BATCH)
    )
    batch = listings.all()
    note(batch)
    if len(batch) == BATCH:
        enqueue("catalog.note_pictures", {"import_id": import_id, "after": batch[-1].id})
    ask()


@handler("catalog.note_listing_pictures")
def note_listing(listing_id: int) -> None:
    """Note the pictures of one sheet that was corrected."""
    listing = db.session.get(Listing, listing_id)
    if listing is not None and current_app.config["IMAGES_CHECKED"]:
        note([listing])
        ask()


def ask() -> None:
    """See that due pictures will be looked at, unless someone is at it."""
    busy = sa.select(Job.id).where(
        Job.kind == "catalog.check_pictures", Job.state.in_((JobState.WAITING, JobState.RUNNING))
    )
    if db.session.scalar(busy.limit(1)) is None:
        enqueue("catalog.check_pictures")


def note(batch: Sequence[Listing]) -> None:
    """Keep what pictures these sheets name, and tell the sheets what is known of them already."""
    named = {listing.id: addresses_of(listing.values) for listing in batch}
    known = _known({address for addresses in named.values() for address in addresses})
    wanted = {
        (number, place): known[address]
        for number, addresses in named.items()
        for place, address in enumerate(addresses)
    }
    kept = {(row.listing_id, row.place): row.picture_id for row in _rows(list(named))}
    gone = [key for key, picture in kept.items() if wanted.get(key) != picture]
    for number, place in gone:
        places = (ListingPicture.listing_id == number, ListingPicture.place == place)
        db.session.execute(sa.delete(ListingPicture).where(*places))
    fresh = [
        {"listing_id": number, "place": place, "picture_id": picture}
        for (number, place), picture in wanted.items()
        if kept.get((number, place)) != picture
    ]
    if fresh:
        db.session.execute(sa.insert(ListingPicture), fresh)
    telling.tell(list(named))


def addresses_of(values: Mapping[str, Any]) -> list[str]:
    """Return the addresses of a sheet's pictures, the main one first, each once."""
    main, more = values.get("image_link"), values.get("additional_image_link")
    said = [one for one in (main, *(more if isinstance(more, list) else [more])) if isinstance(one, str)]
    good = [one for one in said if one.startswith(("http://", "https://")) and len(one) <= LONGEST_ADDRESS]
    # A place is a place of the sheet: a further picture does not become the main one where that is missing.
    return list(dict.fromkeys(good))[:MOST_PICTURES] if main in good else []


def _rows(listing_ids: Sequence[int]) -> Sequence[Any]:
    columns = (ListingPicture.listing_id, ListingPicture.place, ListingPicture.picture_id)
    return db.session.execute(sa.select(*columns).where(ListingPicture.listing_id.in_(listing_ids))).all()


def url_hash(address: str) -> str:
    """Return under what an address is found again, however long it is."""
    return hashlib.sha256(address.encode()).hexdigest()


def _known(addresses: set[str]) -> dict[str, int]:
    """Return the pictures' ids by address; those never seen are added, due now."""
    hashes = {url_hash(address): address for address in sorted(addresses)}
    found = _ids(list(hashes))
    moment = now()
    fresh = [
        {"url_hash": digest, "url": address, "host": (urlsplit(address).hostname or "")[:255], "due_at": moment}
        for digest, address in hashes.items()
        if digest not in found
    ]
    if fresh:
        dialect: Any = postgresql if db.engine.dialect.name == "postgresql" else sqlite
        adding = dialect.insert(Picture).on_conflict_do_nothing(index_elements=["url_hash"])
        db.session.execute(adding, fresh)
        found |= _ids([row["url_hash"] for row in fresh])
    return {hashes[digest]: number for digest, number in found.items()}


def _ids(hashes: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for start in range(0, len(hashes), BATCH):
        some = hashes[start : start + BATCH]
        found |= dict(
            db.session.execute(sa.select(Picture.url_hash, Picture.id).where(Picture.url_hash.in_(some))).all()
        )
    return found
