"""A stored listing: in which state it stands, and making it again with what editors decided.

Promise: made again, a listing says the same as before but for what was decided since. Not here: what of a sheet is
stored (`catalog.columns`), the run over a file (`catalog.pipeline`), an editor's decisions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from flask import current_app

from backoffice.clock import now
from backoffice.errors import Invalid
from backoffice.jobs import enqueue
from catalog import keywords, lifecycle, set_aside, words, workshop
from catalog.assembly import MadeSheet, Workshop, remake
from catalog.attributes import ATTRIBUTES, Kind
from catalog.columns import columns_of
from catalog.desk import selection
from catalog.desk.selection import TrustLevel
from catalog.harmonization import harmonize
from catalog.lifecycle import ListingStatus
from catalog.models import Listing
from catalog.sheets import Issue, MappedSheet, Severity, Value

# The lower, the sooner, so that the queue is read as its index lies. A disputed sheet comes before all others in the
# editors' queue; then the doubtful ones, by how many doubts they have.
FLAG_PRIORITY = -1000
ROUTINE_PRIORITY = -10


def doubts_of(listing: Listing) -> list[str]:
    """Return the keys of what an editor should look at in this listing."""
    below = current_app.config["REVIEW_BELOW"]
    return lifecycle.doubts(listing.issues, listing.changes, dismissed=listing.dismissed, review_below=below)


def state_of(
    columns: Mapping[str, Any],
    *,
    dismissed: Sequence[str],
    flagged: bool,
    below: float,
    trust: TrustLevel = TrustLevel.USUAL,
) -> dict[str, Any]:
    """Return status and priority of a listing with these columns, before anything is published.

    How far its vendor is trusted says which doubts a person sees, and which sound sheets.
    """
    found = lifecycle.doubts(columns["issues"], columns["changes"], dismissed=dismissed, review_below=below)
    open_doubts = selection.seen(trust, found, columns["changes"])
    doubtful = bool(open_doubts) or selection.drawn(trust, columns["content_hash"], dismissed)
    blocked = bool(lifecycle.blocking(columns["issues"]))
    status = lifecycle.first_status(blocked=blocked, doubtful=doubtful, flagged=flagged)
    priority = FLAG_PRIORITY if flagged else len(open_doubts) * ROUTINE_PRIORITY
    return {"status": status, "priority": priority}


def rebuild(
    listing: Listing, *, corrections: Mapping[str, Any] | None = None, undone: Sequence[Sequence[str]] | None = None
) -> None:
    """Make the listing's sheet again with these corrections and changes taken back; raises Invalid for a bad value."""
    corrections = listing.corrections if corrections is None else corrections
    undone = listing.undone if undone is None else undone
    made = remake_of(listing, mapped_of(listing), corrections=corrections, undone=undone)
    take(listing, made)
    listing.corrections, listing.undone = dict(corrections), [list(pair) for pair in undone]
    _restate(listing)
    listing.version += 1
    listing.updated_at = now()
    if current_app.config["IMAGES_CHECKED"]:
        enqueue("catalog.note_listing_pictures", {"listing_id": listing.id})


def take(listing: Listing, made: MadeSheet) -> None:
    """Put what was made again of the vendor's same words into the listing.

    Decisions on keywords and checks stay; the hash of the words stays too, so that the same file is still the same.
    """
    columns = columns_of(made)
    columns["keywords"] = keywords.carried(listing.keywords, columns["keywords"])
    del columns["content_hash"]
    for name, value in columns.items():
        setattr(listing, name, value)
    set_aside.rescore(listing)


def restate(listing: Listing) -> None:
    """Bring state and place in the queue in line with a sheet made again without a person's hand.

    What an editor sent back stays with the vendor; what is shown stays so unless it is blocked now.
    """
    if not listing.feedback:
        _restate(listing)
    if listing.status == ListingStatus.TO_REVIEW and not listing.flags:
        listing.priority = len(doubts_of(listing)) * ROUTINE_PRIORITY


def _restate(listing: Listing) -> None:
    """A sheet that a correction mended waits for the editor's acceptance; one it broke is no longer shown."""
    if lifecycle.blocking(listing.issues) and listing.status in (ListingStatus.PENDING, ListingStatus.PUBLISHED):
        listing.status = ListingStatus.CHANGES_REQUESTED
    elif listing.status == ListingStatus.CHANGES_REQUESTED and not lifecycle.blocking(listing.issues):
        listing.status = ListingStatus.TO_REVIEW


def mapped_of(listing: Listing) -> MappedSheet:
    """Return the vendor's sheet as it was mapped."""
    return MappedSheet(listing.row, listing.mapped, listing.sources)


def remake_of(
    listing: Listing,
    mapped: MappedSheet,
    *,
    corrections: Mapping[str, Any],
    undone: Iterable[Sequence[str]],
    shop: Workshop | None = None,
) -> MadeSheet:
    """Return the sheet made again with what editors decided, as far as the vendor's own words are still the same."""
    shop = shop or workshop.of_vendor(listing.vendor_id, listing.locale)
    standing = {name: entry for name, entry in corrections.items() if entry.get("mapped") == mapped.values.get(name)}
    values = {name: read_value(name, entry["text"], listing.locale) for name, entry in standing.items()}
    return remake(mapped, shop, undone=list(undone), values=values)


def read_value(attribute: str, text: str, locale: str) -> Value:
    """Return an editor's text as a value of the attribute, read as a vendor's would be; raises Invalid where it cannot."""
    if not text:
        return None
    if attribute == "category":
        return text
    value, issues = _read(attribute, text, locale)
    if any(issue.severity == Severity.ERROR for issue in issues):
        raise Invalid(words.unreadable_value(attribute, text), details={attribute: text})
    # A person's text is taken to the letter where the value is a text: the machine's opinion of it was just overruled.
    return text if value is None or (isinstance(value, str) and not _has_a_form(attribute)) else value


def _has_a_form(attribute: str) -> bool:
    """Whether a value of the attribute is written in one way only: "neuf" is "new", a barcode has no spaces."""
    kind = ATTRIBUTES[attribute].kind if attribute in ATTRIBUTES else Kind.TEXT
    return attribute == "gtin" or kind in (Kind.CHOICE, Kind.LINK)


def _read(attribute: str, text: str, locale: str) -> tuple[Value, list[Issue]]:
    shop = workshop.of_vendor(None, locale)
    sheet = harmonize(MappedSheet(0, {attribute: text}), shop.context)
    return sheet.values.get(attribute), [issue for issue in sheet.issues if issue.attribute == attribute]


# What a value must be by its attribute's kind, given whether the machine found fault with it; a text may say anything.
_FITS: Mapping[Kind, Callable[[Any, bool], bool]] = {
    Kind.PRICE: lambda value, _faulty: isinstance(value, Mapping) and value["amount"] > 0,
    Kind.MEASURE: lambda value, _faulty: isinstance(value, Mapping),
    Kind.NUMBER: lambda value, _faulty: isinstance(value, int | float),
    Kind.CHOICE: lambda value, faulty: value is not None and not faulty,
    Kind.LINK: lambda value, faulty: value is not None and not faulty,
}


def check_value(attribute: str, text: str, locale: str) -> None:
    """Refuse an editor's new text that is no value of the attribute's kind; one that was taken earlier still stands."""
    fits = _FITS.get(ATTRIBUTES[attribute].kind) if attribute in ATTRIBUTES else None
    if not text or fits is None:
        return
    value, issues = _read(attribute, text, locale)
    if not fits(value, bool(issues)):
        raise Invalid(words.unreadable_value(attribute, text), details={attribute: text})
