"""Stored sheets made again a batch at a time, with what editors decided on each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from catalog import listings
from catalog.assembly import MadeSheet, Workshop, make
from catalog.models import Listing


def by_vendor(batch: Iterable[Listing]) -> Mapping[tuple[int, str], list[Listing]]:
    """Return the listings by what one workshop makes: (vendor, language)."""
    found: defaultdict[tuple[int, str], list[Listing]] = defaultdict(list)
    for listing in batch:
        found[listing.vendor_id, listing.locale].append(listing)
    return found


def made_again(batch: Sequence[Listing], shop: Workshop) -> list[MadeSheet]:
    """Return what this workshop makes of listings of one vendor and language, in their order.

    Sheets that an editor decided on are made one by one; the others together, which is several times as fast.
    """
    decided = [bool(one.corrections or one.undone) for one in batch]
    plain = [listings.mapped_of(one) for one, own in zip(batch, decided, strict=True) if not own]
    together = iter(make(plain, shop))
    return [
        listings.remake_of(one, listings.mapped_of(one), corrections=one.corrections, undone=one.undone, shop=shop)
        if own
        else next(together)
        for one, own in zip(batch, decided, strict=True)
    ]
