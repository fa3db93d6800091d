"""What an editor decides on one sheet: accept, correct, take a change back, send back with reasons, take a keyword.

Promise: every decision names the version of the sheet it was taken on, and is refused where the sheet has changed
since; corrections and changes taken back outlive the vendor's next file as long as the vendor's own words stay.
Not here: the moves themselves (`catalog.lifecycle`), who may decide (the views).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import get_locale

from backoffice import audit
from backoffice.accounts.models import User
from backoffice.clock import now
from backoffice.errors import Conflict, Invalid
from backoffice.extensions import db
from backoffice.notifications import notify
from catalog import attributes, lifecycle, listings, publishing, tree, words
from catalog.desk import selection
from catalog.gap_words import ADDED
from catalog.gaps import trademarks, weighing
from catalog.lifecycle import Action, ListingStatus
from catalog.models import Listing
from catalog.sheet_page import text_of
from catalog.sheets import Locale
from catalog.switches import record

# Categories named to an editor whose words fit several.
NEAR = 5


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a sheet goes back, for one field, in words that the vendor reads; `code` where an issue says so."""

    attribute: str
    words: str
    code: str = ""


def hold(listing: Listing, version: int) -> None:
    """Refuse a decision taken on another version of the sheet than the one that stands."""
    if listing.version != version:
        raise Conflict(words.changed_meanwhile(listing.status))


def accept(listing: Listing, *, by: Any, reason: str = "", seen: bool = True) -> None:
    """Accept the sheet as it stands: its doubts are settled, and it is published where its vendor may sell.

    Where nobody has `seen` each of its changes, as in a group of sheets, nothing is said of the rules that made them.
    """
    listing.dismissed = sorted({*listing.dismissed, *(listings.doubts_of(listing) or [selection.DRAWN])})
    listing.flags, listing.feedback = [], []
    _sign(listing, by)
    if seen:
        record.accepted(listing)
    publishing.move(listing, Action.ACCEPT, by=by, reason=reason)
    publishing.refresh([listing.product_id])


def correct(listing: Listing, attribute: str, text: str, *, by: Any) -> None:
    """Put an editor's value in place of the sheet's; an empty text clears it. Raises Invalid where it cannot be read."""
    if attribute not in attributes.EDITABLE:
        raise Invalid(words.unknown_attribute(attribute))
    before, text = listing.values.get(attribute), text.strip()
    if attribute == "category" and text:
        text = category_named(text, listing.locale)
    listings.check_value(attribute, text, listing.locale)
    corrections = {**listing.corrections, attribute: {"text": text, "mapped": listing.mapped.get(attribute)}}
    listings.rebuild(listing, corrections=corrections)
    _sign(listing, by)
    audit.record("listing.correct", listing, by=by, changes=_difference(listing, attribute, before))
    publishing.refresh([listing.product_id])


def category_named(text: str, locale: str) -> str:
    """Return the code of the category that a person named by number, path or words; raises Invalid naming the nearest."""
    reader: Locale = "fr" if locale.startswith("fr") else "en"
    categories = tree.current().taxonomy
    if text in categories:
        return text
    named = categories.by_path(text, reader)
    if named is not None:
        return named.id
    near = categories.search(text, reader, NEAR)
    if len(near) == 1:
        return near[0].id
    raise Invalid(words.which_category(text, [f"{categories.path(one.id, reader)} ({one.id})" for one in near]))


def undo_change(listing: Listing, rule: str, attribute: str, *, by: Any) -> None:
    """Take one change back: the rule no longer touches that attribute of this sheet."""
    _set_undone(listing, rule, attribute, undone=True, by=by)


def redo_change(listing: Listing, rule: str, attribute: str, *, by: Any) -> None:
    """Let the rule work on that attribute of this sheet again."""
    _set_undone(listing, rule, attribute, undone=False, by=by)


def _set_undone(listing: Listing, rule: str, attribute: str, *, undone: bool, by: Any) -> None:
    before = listing.values.get(attribute)
    pairs = [pair for pair in listing.undone if pair != [rule, attribute]]
    listings.rebuild(listing, undone=[*pairs, [rule, attribute]] if undone else pairs)
    _sign(listing, by)
    record.judged(listing, rule, attribute, undone=undone)
    verb = "listing.undo_change" if undone else "listing.redo_change"
    audit.record(verb, listing, by=by, changes=_difference(listing, attribute, before), reason=rule)
    publishing.refresh([listing.product_id])


def _difference(listing: Listing, attribute: str, before: Any) -> dict[str, tuple[str, str]]:
    return {attribute: (text_of(before), text_of(listing.values.get(attribute)))}


def send_back(listing: Listing, reasons: Sequence[Reason], *, by: Any, tell: bool = True) -> None:
    """Send the sheet back to its vendor with several reasons at once; the vendor's users are told, unless all at once."""
    if not reasons:
        raise Invalid(words.reasons_needed())
    listing.feedback = [{"attribute": one.attribute, "code": one.code, "words": one.words} for one in reasons]
    _sign(listing, by)
    told = "; ".join(one.words for one in reasons)
    publishing.move(listing, Action.SEND_BACK, by=by, reason=told)
    publishing.refresh([listing.product_id])
    people = sa.select(User).where(User.vendor_id == listing.vendor_id, User.active)
    for user in db.session.scalars(people) if tell else ():
        notify(user, "sheet_sent_back", url=f"/sheets/{listing.id}", title=listing.title, count=len(reasons))


def act(listing: Listing, action: Action, *, by: Any, reason: str = "") -> None:
    """Reject, withdraw or restore a sheet."""
    _sign(listing, by)
    publishing.move(listing, action, by=by, reason=reason)
    publishing.refresh([listing.product_id])


def decide_keyword(listing: Listing, term: str, *, accepted: bool, by: Any, reason: str = "") -> None:
    """Take or refuse a suggested search term; what contradicts the sheet or is another's trademark is refused only."""
    found = next((keyword for keyword in listing.keywords if keyword["term"] == term), None)
    if found is None:
        raise Invalid(words.no_such_keyword(term))
    if accepted:
        hold_trademark(listing, term, found["kind"])
    settle_keyword(listing, term, "accepted" if accepted else "refused", by=by, reason=reason)
    weighing.renew([listing.id])
    publishing.refresh([listing.product_id])


def hold_trademark(listing: Listing, term: str, kind: str) -> None:
    """Refuse a word that may not be added to the sheet, with why."""
    judged = trademarks.judge(term, kind, listing.values)
    if judged.standing not in trademarks.ADDABLE:
        raise Invalid(judged.why("fr" if str(get_locale()).startswith("fr") else "en"))


def settle_keyword(listing: Listing, term: str, state: str, *, by: Any, reason: str = "") -> None:
    """Give a suggested term its state; the caller refreshes the product."""
    before = next((one["state"] for one in listing.keywords if one["term"] == term), None)
    said = {"state": state, "reason": reason[:300]} if reason else {"state": state}
    listing.keywords = [
        {name: value for name, value in one.items() if name != "reason"} | said if one["term"] == term else one
        for one in listing.keywords
    ]
    listing.version += 1
    listing.updated_at = now()
    audit.record("listing.keyword", listing, by=by, changes={term: (before, state)}, reason=reason)


def add_keyword(listing: Listing, term: str, *, by: Any, evidence: str = "") -> None:
    """Give a sheet a word that customers use and no rule proposed; held to the same rules as a suggested one."""
    tidy = " ".join(term.split())[:120]
    if not tidy:
        raise Invalid(words.incomplete_form())
    hold_trademark(listing, tidy, ADDED)
    others = [one for one in listing.keywords if one["term"] != tidy]
    listing.keywords = [
        *others, {"kind": ADDED, "term": tidy, "evidence": evidence[:300], "confidence": 1.0, "state": "open"},
    ]  # fmt: skip
    settle_keyword(listing, tidy, "accepted", by=by, reason=evidence)
    publishing.refresh([listing.product_id])


def flag(listing: Listing, *, dispute: str, quote: str) -> None:
    """Put a sheet before the editors with a buyer's words from a dispute."""
    listing.flags = [*listing.flags, {"dispute": dispute, "quote": quote[:1000]}]
    listing.priority = min(listing.priority, listings.FLAG_PRIORITY)
    if (listing.status, Action.FLAG) in lifecycle.MOVES:
        publishing.move(listing, Action.FLAG, reason=dispute)
        publishing.refresh([listing.product_id])


def queue(*, status: ListingStatus = ListingStatus.TO_REVIEW) -> sa.Select[Any]:
    """Return the editors' queue, to be ordered by priority and id."""
    return sa.select(Listing).where(Listing.status == status)


def _sign(listing: Listing, by: Any) -> None:
    listing.reviewed_by_id = getattr(by, "id", None)
    listing.reviewed_at = now()
    listing.automatic = False
