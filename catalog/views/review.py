"""The review desk: a queue, a sheet, a decision; from the keyboard or without JavaScript.

A decision that is refused comes back to the same desk with the reason and with what was typed still in its fields.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import joinedload, load_only

from backoffice import navigation
from backoffice.database import key_in
from backoffice.errors import BackofficeError, Conflict, IllegalMove, Invalid, wants_json
from backoffice.extensions import db
from backoffice.paging import paginate
from backoffice.permissions import Permission, requires
from backoffice.vendors.models import Vendor
from catalog import attributes, lifecycle, listings, reports, set_aside, sheet_page, uploads
from catalog import review as verbs
from catalog import words as said
from catalog.desk import leases, opinions, prior, sampling, undoing
from catalog.lifecycle import Action, ListingStatus
from catalog.models import Listing
from catalog.review import Reason
from catalog.views.blueprint import blueprint, listing_or_404, reader_language

# Sheets of the queue shown beside the one in hand.
SHOWN = 12
TABS = ("waiting", "asked", "blocked", "mine", "automatic")
# Queues whose sheets are in one editor's hands at a time.
LEASED = ("waiting", "asked", "blocked")
# What a line of the queue says.
QUEUED = (Listing.id, Listing.vendor_id, Listing.sku, Listing.title, Listing.priority, Listing.reviewed_at)
REASON_FIELDS = 2
# Where the words stand that a refused form is to mend.
FIELDS = {
    "catalog.correct_sheet": "value",
    "catalog.send_sheet_back": "reason-words-1",
    "catalog.act_on_sheet": "reason",
    "desk.ask": "ask-why",
}
# Characters from which a value is corrected in a field of several lines; in one of a single line, Enter sends.
LINE = 160


def _queue(tab: str) -> tuple[sa.Select[Any], list[tuple[Any, str]]]:
    """Return the tab's listings and their order."""
    free = leases.free_for(current_user.id)
    queries = {
        "waiting": verbs.queue().where(free, opinions.not_asked_of_others(current_user.id)),
        "asked": opinions.asked_of(current_user.id),
        "blocked": verbs.queue(status=ListingStatus.CHANGES_REQUESTED).where(free),
        "mine": sa.select(Listing).where(Listing.reviewed_by_id == current_user.id),
        "automatic": sa.select(Listing).where(Listing.automatic, Listing.status == ListingStatus.PUBLISHED),
    }
    return queries[tab], _ORDERS.get(tab, [(Listing.priority, "asc"), (Listing.id, "asc")])


# What presses comes first; of what is done, the latest.
_ORDERS: Mapping[str, list[tuple[Any, str]]] = {
    "mine": [(Listing.reviewed_at, "desc"), (Listing.id, "desc")],
    "automatic": [(Listing.id, "desc")],
}


def _tab() -> str:
    asked = request.args.get("tab", "waiting")
    return asked if asked in TABS else "waiting"


@blueprint.get("/review")
@requires(Permission.REVIEW_SHEETS)
def review() -> ResponseReturnValue:
    """Open the first sheet of the queue, or say that there is none."""
    return _desk(None)


@blueprint.get("/review/<int:listing_id>")
@requires(Permission.REVIEW_SHEETS)
def review_sheet(listing_id: int) -> ResponseReturnValue:
    """Show one sheet at the desk."""
    return _desk(listing_or_404(listing_id))


def _desk(listing: Listing | None, refusal: BackofficeError | None = None) -> ResponseReturnValue:
    # A refused decision shows the desk under the address of the sheet's act.
    navigation.stand_at("catalog.review")
    tab = _tab()
    query, order = _queue(tab)
    queued = query.options(load_only(*QUEUED), joinedload(Listing.vendor).load_only(Vendor.name))
    page = paginate(queued, order=order, size=SHOWN)
    if listing is None and page.items:
        listing = listing_or_404(page.items[0].id)
    context: dict[str, Any] = {"tab": tab, "tabs": TABS, "page": page, "listing": listing, "refusal": refusal}
    context["wrong"] = _wrong(refusal)
    if tab == "automatic":
        context["precision"] = sampling.of_sheets()
    if listing is not None:
        context |= {
            "view": sheet_page.view(listing, reader_language()),
            "acts": lifecycle.actions(listing.status),
            "following": _following(page.items, listing),
            "timeline": sheet_page.history(listing, reader_language(), limit=10),
            "editable": [(name, label) for name, label in _editable() if name != "category"],
            "edited": _edited(listing),
            "typed": _typed(listing),
            "last": undoing.of(listing) if tab == "mine" else None,
            "lease": leases.of(listing.id) if tab in LEASED else None,
            "opinions": opinions.on(listing.id),
            "colleagues": opinions.colleagues(current_user),
            "leanings": opinions.LEANINGS,
        }
    return render_template("catalog/review.html", **context), refusal.status if refusal else 200


def _wrong(refusal: BackofficeError | None) -> dict[str, str]:
    """Return the field that an invalid form is refused for, with the sentence that says why."""
    if not isinstance(refusal, Invalid):
        return {}
    category = request.form.get("attribute") == "category"
    field = "category" if category else FIELDS.get(request.endpoint or "", "")
    return {field: refusal.message}


def _editable() -> list[tuple[str, str]]:
    return [pair for pair in uploads.attribute_choices(reader_language()) if pair[0] in attributes.EDITABLE]


def _edited(listing: Listing) -> dict[str, Any]:
    """Return the attribute in the correction field, and its text: as typed where that was refused, else the sheet's."""
    name = request.form.get("attribute") or request.args.get("edit", "")
    if name not in attributes.EDITABLE or name == "category":
        # What keeps the sheet from being published comes first: a wrong barcode is mended where it is told.
        faulty = [one["attribute"] for one in lifecycle.blocking(listing.issues)]
        name = next((one for one in faulty if one in attributes.EDITABLE), "title")
    text = sheet_page.text_of(listing.values.get(name))
    if request.form.get("attribute") == name:
        text = request.form.get("value", text)
    return {"name": name, "label": sheet_page.label(name, reader_language()), "text": text, "long": len(text) > LINE}


def _typed(listing: Listing) -> dict[str, Any]:
    """Return what a refused form held, for its fields; a fresh one has what brought the sheet here ticked.

    Sent back for that alone, a sheet is decided in two keys.
    """
    form = request.form
    doubts = listings.doubts_of(listing)
    pressing = [*lifecycle.blocking(listing.issues), *(one for one in listing.issues if one["code"] in doubts)]
    blocking = [_key(one) for one in pressing]
    pairs = list(zip(form.getlist("reason-attribute"), form.getlist("reason-words"), strict=False))
    return {
        "category": form.get("value", "") if form.get("attribute") == "category" else "",
        "reason": form.get("reason", ""),
        **{name: form.get(name, "") for name in ("colleague", "leaning", "why")},
        "issues": form.getlist("issue") if "reason-words" in form else blocking,
        "reasons": (pairs + [("title", ""), ("description", "")][len(pairs) :])[:REASON_FIELDS],
    }


def _key(issue: Mapping[str, Any]) -> str:
    return f"{issue['code']}:{issue['attribute'] or ''}"


def _following(items: Any, listing: Listing) -> int | None:
    """Return the sheet that comes after this one in the queue shown."""
    ids = [one.id for one in items]
    at = ids.index(listing.id) + 1 if listing.id in ids else 0
    rest = [one for one in [*ids[at:], *ids[:at]] if one != listing.id]
    return rest[0] if rest else None


def decision(decide: Callable[[Listing], ResponseReturnValue]) -> Callable[[int], ResponseReturnValue]:
    """Give a view the sheet that its form was made for; show the desk again where the decision is refused."""

    @wraps(decide)
    def view(listing_id: int) -> ResponseReturnValue:
        listing = listing_or_404(listing_id, to_decide=True)
        try:
            given = key_in(request.form.get("version"))
            if given is None:
                raise Invalid(said.incomplete_form())
            verbs.hold(listing, given)
            return decide(listing)
        except (Invalid, Conflict, IllegalMove) as refusal:
            db.session.rollback()
            if wants_json():
                raise
            return _desk(listing_or_404(listing_id), refusal)

    return view


def _decided(listing: Listing, action: Action, before: Mapping[str, Any], words: str) -> ResponseReturnValue:
    """End a decision that moved the sheet: it answers a colleague who asked, and can be taken back from where it is said."""
    undoing.remember(listing, action, before, by=current_user)
    opinions.answer(listing, action, by=current_user)
    return done(listing, words, undo=url_for("catalog.undo_decision", listing_id=listing.id, tab=_tab()))


def done(listing: Listing, words: str, *, stay: bool = False, undo: str = "") -> ResponseReturnValue:
    """Commit, say what was done and where it is undone, and go on to the next sheet of the desk (or stay on this one)."""
    tab = _tab()
    following = listing.id if stay else key_in(request.form.get("next", ""))
    if not stay:
        leases.release(listing.id, current_user.id)
    if tab in LEASED and following is not None and not _held(following):
        # Someone took the next one meanwhile: the head of the queue is another.
        following = listing.id if stay else None
    db.session.commit()
    # The part of the queue that was shown: the one after it is the next in line, not the head of the queue.
    after = request.form.get("after") or None
    fields = {"version": listing.version, "after": after or ""}
    flash({"text": words, "undo": undo, "fields": fields} if undo else words, "success")
    if following is not None:
        return redirect(url_for("catalog.review_sheet", listing_id=following, tab=tab, after=after))
    return redirect(url_for("catalog.review", tab=tab))


def _held(listing_id: int) -> bool:
    """Take the next sheet in hand with the decision on the one before, where it is there and free."""
    there = db.session.scalar(sa.select(Listing.id).where(Listing.id == listing_id)) is not None
    return there and leases.take(listing_id, current_user.id)


@blueprint.post("/sheets/<int:listing_id>/accept")
@requires(Permission.REVIEW_SHEETS)
@decision
def accept_sheet(listing: Listing) -> ResponseReturnValue:
    """Accept the sheet as it stands."""
    before = prior.of(listing)
    verbs.accept(listing, by=current_user)
    return _decided(listing, Action.ACCEPT, before, _("“%(title)s” accepted.", title=listing.title))


@blueprint.post("/sheets/<int:listing_id>/undo-decision")
@requires(Permission.REVIEW_SHEETS)
@decision
def undo_decision(listing: Listing) -> ResponseReturnValue:
    """Take the last decision on the sheet back; it is in hand again."""
    undoing.undo(listing, by=current_user)
    return done(listing, _("Decision on “%(title)s” taken back.", title=listing.title), stay=True)


@blueprint.post("/sheets/<int:listing_id>/correct")
@requires(Permission.REVIEW_SHEETS)
@decision
def correct_sheet(listing: Listing) -> ResponseReturnValue:
    """Put an editor's value in place of the sheet's."""
    verbs.correct(listing, request.form.get("attribute", ""), request.form.get("value", ""), by=current_user)
    return done(listing, _("Value corrected."), stay=True)


@blueprint.post("/sheets/<int:listing_id>/change")
@requires(Permission.REVIEW_SHEETS)
@decision
def undo_sheet_change(listing: Listing) -> ResponseReturnValue:
    """Take one change of the machine back, or put it back."""
    rule, name = request.form.get("rule", ""), request.form.get("attribute", "")
    if request.form.get("redo"):
        verbs.redo_change(listing, rule, name, by=current_user)
        return done(listing, _("Change put back."), stay=True)
    verbs.undo_change(listing, rule, name, by=current_user)
    return done(listing, _("Change taken back."), stay=True)


@blueprint.post("/sheets/<int:listing_id>/check")
@requires(Permission.REVIEW_SHEETS)
@decision
def set_check_aside(listing: Listing) -> ResponseReturnValue:
    """Set a check of quality aside with a reason, or let it count again."""
    check = request.form.get("check", "")
    if request.form.get("undo"):
        set_aside.restore(listing, check, by=current_user)
        return done(listing, _("The check counts again."), stay=True)
    set_aside.dismiss(listing, check, request.form.get("why", ""), by=current_user)
    return done(listing, _("Check set aside."), stay=True)


@blueprint.post("/sheets/<int:listing_id>/send-back")
@requires(Permission.REVIEW_SHEETS)
@decision
def send_sheet_back(listing: Listing) -> ResponseReturnValue:
    """Send the sheet back with several reasons, each on a field."""
    before = prior.of(listing)
    verbs.send_back(listing, _reasons(listing), by=current_user)
    told = _("“%(title)s” sent back to %(vendor)s.", title=listing.title, vendor=listing.vendor.name)
    return _decided(listing, Action.SEND_BACK, before, told)


def _reasons(listing: Listing) -> list[Reason]:
    """Read the reasons: each ticked problem, in the vendor's language, and each field with words of the editor's own."""
    form = request.form
    ticked = set(form.getlist("issue"))
    reasons = [
        Reason(one["attribute"] or "", reports.words(one, listing.vendor.locale), one["code"])
        for one in listing.issues
        if _key(one) in ticked
    ]
    pairs = zip(form.getlist("reason-attribute"), form.getlist("reason-words"), strict=False)
    return reasons + [Reason(name[:60], text.strip()[:500]) for name, text in pairs if text.strip()]


@blueprint.post("/sheets/<int:listing_id>/keyword")
@requires(Permission.REVIEW_SHEETS)
@decision
def decide_sheet_keyword(listing: Listing) -> ResponseReturnValue:
    """Take or refuse a suggested search term."""
    accepted = request.form.get("decision") == "accept"
    verbs.decide_keyword(listing, request.form.get("term", ""), accepted=accepted, by=current_user)
    return done(listing, _("Keyword taken.") if accepted else _("Keyword refused."), stay=True)


@blueprint.post("/sheets/<int:listing_id>/act")
@requires(Permission.REVIEW_SHEETS)
@decision
def act_on_sheet(listing: Listing) -> ResponseReturnValue:
    """Reject, withdraw or restore the sheet."""
    asked = request.form.get("action", "")
    if asked not in (Action.REJECT, Action.WITHDRAW, Action.RESTORE):
        raise Invalid(said.incomplete_form())
    reason = request.form.get("reason", "").strip()[:500]
    if asked == Action.REJECT and not reason:
        raise Invalid(said.reason_for_vendor())
    before = prior.of(listing)
    verbs.act(listing, Action(asked), by=current_user, reason=reason)
    said_done = {
        Action.REJECT: _("“%(title)s” rejected.", title=listing.title),
        Action.WITHDRAW: _("“%(title)s” withdrawn.", title=listing.title),
        Action.RESTORE: _("“%(title)s” is back in the queue.", title=listing.title),
    }
    return _decided(listing, Action(asked), before, said_done[Action(asked)])
