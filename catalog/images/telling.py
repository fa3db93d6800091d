"""What was seen of pictures, told where it is read: on the sheet with its quality, and in its import's lines and counts.

Promise: told twice it reads the same; the rest of a sheet's issues is left alone; an editor who is reading the sheet is
not turned away, since nothing that an editor decides on has changed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, load_only

from backoffice.extensions import db
from backoffice.jobs import enqueue, handler
from catalog import set_aside
from catalog.assembly import plain
from catalog.images.judging import CODES, SHARED_FROM, Facts, issues_of
from catalog.images.models import ListingPicture, Picture
from catalog.models import Import, ImportLine, LineOutcome, Listing

BATCH = 500
READ = (
    Listing.id, Listing.vendor_id, Listing.product_id, Listing.import_id, Listing.row, Listing.locale, Listing.values,
    Listing.issues, Listing.keywords, Listing.quality, Listing.set_aside,
)  # fmt: skip


@handler("catalog.tell_pictures")
def tell_pictures(picture_ids: list[int], after: int = 0) -> None:
    """Tell a batch of the sheets that name these pictures, and ask for the next."""
    query = sa.select(ListingPicture.listing_id).where(
        ListingPicture.picture_id.in_(picture_ids), ListingPicture.listing_id > after
    )
    ids = db.session.scalars(query.distinct().order_by(ListingPicture.listing_id).limit(BATCH)).all()
    tell(ids)
    if len(ids) == BATCH:
        enqueue("catalog.tell_pictures", {"picture_ids": picture_ids, "after": ids[-1]})


def tell(listing_ids: Sequence[int]) -> None:
    """Bring the issues of these sheets, their quality and their lines in step with what is known of their pictures."""
    query = sa.select(Listing).options(load_only(*READ)).where(Listing.id.in_(listing_ids))
    listings = db.session.scalars(query.order_by(Listing.id)).all()
    pictures = _pictures(listing_ids)
    shared = _shared(listings, pictures)
    for listing in listings:
        seen = pictures.get(listing.id, [])
        facts = [_facts(one, shared.get((listing.vendor_id, one.fingerprint), 0)) for one in seen]
        _say(listing, plain(issues_of(facts)))


def _pictures(listing_ids: Sequence[int]) -> Mapping[int, list[Picture]]:
    query = sa.select(ListingPicture).join(ListingPicture.picture).options(contains_eager(ListingPicture.picture))
    found: defaultdict[int, list[Picture]] = defaultdict(list)
    named = query.where(ListingPicture.listing_id.in_(listing_ids)).order_by(ListingPicture.place)
    for row in db.session.scalars(named.execution_options(populate_existing=True)):
        found[row.listing_id].append(row.picture)
    return found


def _facts(one: Picture, shared_by: int) -> Facts:
    return Facts(one.url, one.fault, one.width, one.height, one.blank, one.fingerprint, shared_by)


def _shared(listings: Sequence[Listing], pictures: Mapping[int, list[Picture]]) -> dict[tuple[int, str], int]:
    """Return on how many product pages of a vendor the main pictures of these sheets stand, by (vendor, fingerprint)."""
    vendors = {listing.vendor_id for listing in listings}
    prints = {found[0].fingerprint for found in pictures.values() if found[0].fingerprint}
    if not prints:
        return {}
    pages = sa.func.count(sa.distinct(Listing.product_id))
    query = (
        sa.select(Listing.vendor_id, Picture.fingerprint, pages)
        .join(ListingPicture, ListingPicture.picture_id == Picture.id)
        .join(Listing, Listing.id == ListingPicture.listing_id)
        .where(ListingPicture.place == 0, Picture.fingerprint.in_(prints), Listing.vendor_id.in_(vendors))
        .group_by(Listing.vendor_id, Picture.fingerprint)
        .having(pages >= SHARED_FROM)
    )
    return {(vendor, known): count for vendor, known, count in db.session.execute(query)}


def _say(listing: Listing, found: list[dict[str, Any]]) -> None:
    """Put these issues in the place of those that the sheet had of its pictures."""
    told = [one for one in listing.issues if one["code"] in CODES]
    if told == found:
        return
    listing.issues = [*(one for one in listing.issues if one["code"] not in CODES), *found]
    listing.quality = set_aside.quality_of(listing).score
    if listing.import_id is not None:
        _say_on_line(listing.import_id, listing.row, found)


def _say_on_line(import_id: int, row: int, found: Sequence[Mapping[str, Any]]) -> None:
    """Write the issues on the line that the sheet came from, and count them where the import's were counted."""
    line, run = db.session.get(ImportLine, (import_id, row)), db.session.get(Import, import_id)
    if line is None or run is None:
        return
    kept = ("code", "severity", "attribute", "value", "params")
    others = [one for one in line.issues if one["code"] not in CODES]
    before = {one["code"] for one in line.issues if one["code"] in CODES}
    warned = bool(line.issues)
    line.issues = [*others, *({**{name: one[name] for name in kept}, "column": None} for one in found)]
    if line.outcome != LineOutcome.ERROR:
        run.lines_with_warning += bool(line.issues) - warned
    if run.faults is not None:
        run.faults = _recounted(run.faults, row, gone=before, come={one["code"] for one in found})


def _recounted(faults: Iterable[Sequence[Any]], row: int, *, gone: set[str], come: set[str]) -> list[list[Any]]:
    """Return an import's counts, [code, lines, first line], with one line's codes taken off and put on."""
    counts = Counter({code: lines for code, lines, _first in faults})
    first = {code: place for code, _lines, place in faults}
    for code in gone - come:
        counts[code] -= 1
    for code in come - gone:
        counts[code] += 1
        first[code] = min(first.get(code, row), row)
    return [[code, lines, first[code]] for code, lines in counts.items() if lines > 0]
