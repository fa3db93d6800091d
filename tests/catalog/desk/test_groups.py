"""Sheets that share a doubt: found at once, decided together, taken back whole, except for what changed since."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from backoffice import jobs
from backoffice.accounts.models import User
from backoffice.audit import AuditEvent
from backoffice.errors import Conflict, Invalid
from backoffice.extensions import db
from backoffice.notifications import Notification
from backoffice.paging import PAGE_SIZE
from backoffice.permissions import Role
from catalog import listings, review
from catalog.desk import bulk, groups, reasons, undoing, words
from catalog.desk.groups import Group
from catalog.desk.models import BulkAct, BulkDecision, BulkItem, BulkOutcome, BulkState, WaitingReason
from catalog.lifecycle import ListingStatus
from catalog.models import Listing
from catalog.search import sync
from catalog.search.queries import Query
from catalog.switches.models import RuleVerdict
from tests.factories.accounts import login, make_user
from tests.factories.catalog import import_rows, listing_of, selling_vendor
from tests.factories.desk import CONTACT, make_sheets

pytestmark = pytest.mark.usefixtures("quick_reading")
PHONES = Group("contact_in_text", "description")
BRAND = {**CONTACT, "code": "brand_conflict", "attribute": "brand", "value": "Atelier"}
KEPT = ("status", "priority", "dismissed", "flags", "feedback", "automatic", "returned", "reviewed_by_id",
        "reviewed_at", "corrections", "values", "issues", "title", "brand")  # fmt: skip


def _editor() -> User:
    return make_user(Role.CONTENT_EDITOR)


def _decide(group: Group, act: BulkAct, text: str = "", by: User | None = None) -> BulkDecision:
    made = bulk.begin(group, act, text=text, seen=group.count(), by=by or _editor())
    db.session.commit()
    jobs.drain()
    return db.session.get_one(BulkDecision, made.id)


def _undo(made: BulkDecision) -> BulkDecision:
    bulk.undo(made, by=_editor())
    db.session.commit()
    jobs.drain()
    return db.session.get_one(BulkDecision, made.id)


def _state(listing: Listing) -> dict[str, Any]:
    db.session.refresh(listing)
    return {name: getattr(listing, name) for name in KEPT}


def test_what_a_file_brings_is_in_its_group_and_leaves_it_when_decided(app: Flask) -> None:
    vendor = selling_vendor()
    import_rows(vendor, {"description": "Machine à café 19 bars. Contactez-nous au 06 12 34 56 78."})
    assert PHONES.count() == 1
    review.accept(listing_of(vendor), by=_editor())
    db.session.commit()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(WaitingReason)) == 0


def test_groups_are_counted_by_doubt_and_by_vendor(app: Flask) -> None:
    one, other = selling_vendor(), selling_vendor()
    make_sheets(one, 3)
    make_sheets(other, 2, issues=[CONTACT, BRAND])
    found = {(group.code, sheets, vendors) for group, sheets, vendors in groups.listed()}
    assert found == {("contact_in_text", 5, 2), ("brand_conflict", 2, 1)}
    assert {(group.code, sheets) for group, sheets, _ in groups.listed(one.id)} == {("contact_in_text", 3)}
    assert [(name, sheets) for _, name, sheets in groups.vendors_of(PHONES)] == [(one.name, 3), (other.name, 2)]


def test_accepting_a_group_settles_its_doubt_and_leaves_those_with_another_in_the_queue(app: Flask) -> None:
    vendor = selling_vendor()
    alone = make_sheets(vendor, 3)
    (double,) = make_sheets(vendor, 1, issues=[CONTACT, BRAND], priority=-20)
    made = _decide(PHONES, BulkAct.ACCEPT)
    assert made.state == BulkState.DONE
    assert bulk.counts(made) == {BulkOutcome.DECIDED: 3, BulkOutcome.LIGHTER: 1}
    assert {_state(one)["status"] for one in alone} == {ListingStatus.PUBLISHED}
    assert (_state(double)["status"], double.priority) == (ListingStatus.TO_REVIEW, -10)
    assert (PHONES.count(), Group("brand_conflict", "brand").count()) == (0, 1)


def test_a_group_accepted_unseen_says_nothing_of_the_rules_that_changed_its_sheets(app: Flask) -> None:
    change = {"rule": "title.case", "attribute": "title", "before": "A", "after": "a", "confidence": 1.0, "source": ""}
    make_sheets(selling_vendor(), 2, changes=[change])
    _decide(PHONES, BulkAct.ACCEPT)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(RuleVerdict)) == 0


def test_a_sheet_that_buyers_dispute_is_not_decided_with_others(app: Flask) -> None:
    sheet, flagged = make_sheets(selling_vendor(), 2)
    review.flag(flagged, dispute="L-1", quote="It is blue.")
    db.session.commit()
    made = _decide(PHONES, BulkAct.ACCEPT)
    assert bulk.counts(made) == {BulkOutcome.DECIDED: 1, BulkOutcome.LEFT: 1}
    assert _state(flagged)["status"] == ListingStatus.TO_REVIEW
    assert _state(sheet)["status"] == ListingStatus.PUBLISHED


def test_a_blocked_sheet_is_never_let_through_with_its_group(app: Flask) -> None:
    wrong = {**CONTACT, "code": "invalid_gtin", "severity": "error", "attribute": "gtin"}
    (sheet,) = make_sheets(selling_vendor(), 1, issues=[CONTACT, wrong])
    made = _decide(PHONES, BulkAct.ACCEPT)
    assert bulk.counts(made) == {BulkOutcome.LEFT: 1}
    assert _state(sheet)["status"] == ListingStatus.TO_REVIEW
    assert PHONES.count() == 1


def test_a_sheet_changed_between_the_look_and_its_turn_is_left(app: Flask) -> None:
    sheet, other = make_sheets(selling_vendor(), 2)
    made = bulk.begin(PHONES, BulkAct.ACCEPT, seen=2, by=_editor())
    db.session.commit()
    review.correct(sheet, "brand", "Cuistot", by=_editor())
    db.session.commit()
    jobs.drain()
    outcomes = dict(db.session.execute(sa.select(BulkItem.listing_id, BulkItem.outcome)).all())
    assert outcomes == {sheet.id: BulkOutcome.LEFT, other.id: BulkOutcome.DECIDED}
    assert made.done == 2


def test_a_sheet_that_a_colleague_changed_after_the_page_was_shown_is_left(app: Flask) -> None:
    changed, other = make_sheets(selling_vendor(), 2)
    browser = login(app, _editor())
    page = browser.get("/review/group?code=contact_in_text&attribute=description").text
    looked_at = re.search(r'name="looked_at" value="([^"]+)"', page)
    assert looked_at
    review.correct(changed, "brand", "Cuistot", by=_editor())
    db.session.commit()
    form = {"code": PHONES.code, "attribute": PHONES.attribute, "seen": 2, "act": "accept", "looked_at": looked_at[1]}
    browser.post("/review/group", data=form)
    jobs.drain()
    assert (_state(changed)["status"], _state(other)["status"]) == (ListingStatus.TO_REVIEW, ListingStatus.PUBLISHED)


def test_a_group_of_one_says_so(app: Flask) -> None:
    vendor, address = selling_vendor(), "/review/group?code=contact_in_text&attribute=description"
    make_sheets(vendor, 1)
    assert "Decide on the only sheet" in login(app, _editor()).get(address).text
    make_sheets(vendor, 1)
    assert "Decide on all 2" in login(app, _editor()).get(address).text


def test_a_group_that_grew_since_it_was_looked_at_is_not_decided(app: Flask) -> None:
    make_sheets(selling_vendor(), 3)
    with pytest.raises(Conflict) as refused:
        bulk.begin(PHONES, BulkAct.ACCEPT, seen=2, by=_editor())
    assert "has 3 sheets now" in refused.value.message
    with pytest.raises(Conflict):
        bulk.begin(Group("no_such", ""), BulkAct.ACCEPT, seen=2, by=_editor())


def test_a_group_sent_back_tells_each_vendor_once_and_each_sheet_its_reason(app: Flask) -> None:
    vendor = selling_vendor()
    user = make_user(Role.VENDOR_USER, vendor_id=vendor.id, locale="fr")
    sheets = make_sheets(vendor, 3)
    _decide(PHONES, BulkAct.SEND_BACK)
    assert {_state(one)["status"] for one in sheets} == {ListingStatus.CHANGES_REQUESTED}
    assert "adresse, un téléphone" in sheets[0].feedback[0]["words"]
    told = list(db.session.scalars(sa.select(Notification).where(Notification.user_id == user.id)))
    assert [(one.kind, one.params["count"]) for one in told] == [("sheets_sent_back", 3)]


def test_one_value_is_put_on_every_sheet_of_a_group(app: Flask) -> None:
    words = {"title": "Théière en fonte", "brand": "Atelier", "description": "Une théière de la maison Atelier."}
    sheets = make_sheets(selling_vendor(), 2, issues=[BRAND], mapped=words, values=words)
    _decide(Group("brand_conflict", "brand"), BulkAct.CORRECT, "Cuistot")
    assert {(_state(one)["brand"], one.status) for one in sheets} == {("Cuistot", ListingStatus.PUBLISHED)}


@pytest.mark.parametrize(
    ("group", "act", "text"),
    [
        (Group("title.case", "title"), BulkAct.SEND_BACK, ""),
        (PHONES, BulkAct.CORRECT, ""),
        (Group("contact_in_text", "id"), BulkAct.CORRECT, "X"),
        (Group("price_suspect", "gtin"), BulkAct.CORRECT, "123"),
    ],
)
def test_a_decision_without_what_it_needs_is_refused(app: Flask, group: Group, act: BulkAct, text: str) -> None:
    with pytest.raises(Invalid):
        bulk.begin(group, act, text=text, seen=1, by=_editor())


@pytest.mark.parametrize(
    ("act", "text"), [(BulkAct.ACCEPT, ""), (BulkAct.SEND_BACK, "Retirez-le."), (BulkAct.CORRECT, "Une belle théière.")]
)
def test_a_decision_taken_back_leaves_every_sheet_as_it_was(app: Flask, act: BulkAct, text: str) -> None:
    sheets = make_sheets(selling_vendor(), 3)
    # What the house itself makes of these words, so that made again they say the same.
    for one in sheets:
        listings.rebuild(one)
    db.session.commit()
    before = [_state(one) for one in sheets]
    made = _decide(PHONES, act, text)
    assert [_state(one) for one in sheets] != before
    assert _undo(made).state == BulkState.UNDONE
    assert [_state(one) for one in sheets] == before
    assert PHONES.count() == 3
    assert not any(one.product.published for one in sheets)


def test_taking_back_keeps_a_sheet_that_changed_since_and_says_so(app: Flask) -> None:
    changed, other = make_sheets(selling_vendor(), 2)
    made = _decide(PHONES, BulkAct.ACCEPT)
    review.correct(changed, "brand", "Cuistot", by=_editor())
    db.session.commit()
    _undo(made)
    assert bulk.counts(made) == {BulkOutcome.KEPT: 1, BulkOutcome.RESTORED: 1}
    assert (_state(changed)["status"], changed.brand) == (ListingStatus.PUBLISHED, "Cuistot")
    assert _state(other)["status"] == ListingStatus.TO_REVIEW
    note = db.session.scalar(sa.select(BulkItem.note).where(BulkItem.listing_id == changed.id))
    assert words.note(note or "") == "The sheet was changed since."


def test_decisions_on_groups_are_taken_back_one_after_the_other(app: Flask) -> None:
    (sheet,) = make_sheets(selling_vendor(), 1, issues=[CONTACT, BRAND])
    before = _state(sheet)
    first = _decide(PHONES, BulkAct.ACCEPT)
    between = _state(sheet)
    second = _decide(Group("brand_conflict", "brand"), BulkAct.ACCEPT)
    assert _state(sheet)["status"] == ListingStatus.PUBLISHED
    _undo(second)
    assert _state(sheet) == between
    _undo(first)
    assert _state(sheet) == before
    assert bulk.counts(first) == {BulkOutcome.RESTORED: 1}


def test_a_decision_on_a_sheet_alone_can_be_taken_back_when_the_group_s_was(app: Flask) -> None:
    (sheet,) = make_sheets(selling_vendor(), 1)
    editor = _editor()
    desk = login(app, editor)
    desk.post(f"/sheets/{sheet.id}/act", data={"version": sheet.version, "action": "reject", "reason": "No."})
    _state(sheet)
    desk.post(f"/sheets/{sheet.id}/act", data={"version": sheet.version, "action": "restore"})
    _state(sheet)
    made = _decide(PHONES, BulkAct.ACCEPT)
    assert undoing.of(sheet) is None
    _undo(made)
    _state(sheet)
    assert undoing.of(sheet) is not None


def test_a_decision_is_taken_back_once_and_when_it_is_over(app: Flask) -> None:
    make_sheets(selling_vendor(), 1)
    made = bulk.begin(PHONES, BulkAct.ACCEPT, seen=1, by=_editor())
    with pytest.raises(Conflict):
        bulk.undo(made, by=_editor())
    db.session.commit()
    jobs.drain()
    _undo(made)
    with pytest.raises(Conflict):
        bulk.undo(made, by=_editor())


def test_a_long_group_is_decided_in_turns_each_sheet_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "TURN", 2)
    sheets = make_sheets(selling_vendor(), 5)
    made = bulk.begin(PHONES, BulkAct.ACCEPT, seen=5, by=_editor())
    db.session.commit()
    # A turn that was killed after its commit is asked for once more.
    bulk.decide_group(made.id, 0)
    db.session.commit()
    bulk.decide_group(made.id, 0)
    db.session.commit()
    jobs.drain()
    assert (made.state, made.done) == (BulkState.DONE, 5)
    accepted = sa.select(sa.func.count()).select_from(AuditEvent).where(AuditEvent.verb == "listing.accept")
    assert db.session.scalar(accepted) == 5
    _undo(made)
    assert {_state(one)["status"] for one in sheets} == {ListingStatus.TO_REVIEW}


def test_accepted_and_taken_back_the_index_follows(app: Flask) -> None:
    (sheet,) = make_sheets(selling_vendor(), 1)
    made = _decide(PHONES, BulkAct.ACCEPT)
    assert [hit.id for hit in sync.engine().search(Query("théière")).hits] == [sheet.product_id]
    _undo(made)
    assert sync.engine().search(Query("théière")).total == 0


def test_before_a_decision_each_sheet_says_what_accepting_would_do_to_it(app: Flask) -> None:
    vendor = selling_vendor()
    sound, doubtful, disputed = make_sheets(vendor, 3)
    doubtful.issues = [*doubtful.issues, BRAND]
    disputed.flags, disputed.priority = [{"quote": "Ce n’est pas de la fonte."}], listings.FLAG_PRIORITY
    db.session.commit()
    foreseen = {one.id: groups.line(one, PHONES, "en")["outcome"] for one in (sound, doubtful, disputed)}
    page = login(app, _editor()).get("/review/group?code=contact_in_text&attribute=description").text
    assert "A buyer says that this sheet is wrong" in page
    assert Group("brand_conflict", "brand").name("en") in html.unescape(page)
    assert groups.prospects(PHONES) == dict.fromkeys(foreseen.values(), 1)
    made = _decide(PHONES, BulkAct.ACCEPT)
    became = db.session.execute(sa.select(BulkItem.listing_id, BulkItem.outcome).where(BulkItem.bulk_id == made.id))
    assert {row.listing_id: row.outcome for row in became} == foreseen
    assert set(foreseen.values()) == {BulkOutcome.DECIDED, BulkOutcome.LIGHTER, BulkOutcome.LEFT}


def test_a_large_group_is_turned_page_by_page(app: Flask) -> None:
    make_sheets(selling_vendor(), PAGE_SIZE + 2)
    browser = login(app, _editor())
    page = browser.get("/review/group?code=contact_in_text&attribute=description").text
    assert page.count("Théière en fonte n°") == PAGE_SIZE
    following = re.search(r'href="(/review/group\?[^"]*after=[^"]*)"', page)
    assert following
    assert browser.get(html.unescape(following[1])).text.count("Théière en fonte n°") == 2


def test_the_pages_lead_from_the_desk_to_the_decision_and_back(app: Flask) -> None:
    vendor = selling_vendor()
    sheets = make_sheets(vendor, 7)
    browser = login(app, _editor())
    assert "/review/groups" in browser.get("/review").text
    listed = browser.get("/review/groups").text
    assert "contact_in_text" not in re.sub(r'"[^"]*"', "", listed)
    page = browser.get("/review/group?code=contact_in_text&attribute=description").text
    assert page.count("Théière en fonte n°") == len(sheets)
    form = {"code": PHONES.code, "attribute": PHONES.attribute, "vendor": "", "seen": 7, "act": "accept"}
    refused = browser.post(
        "/review/group", data={**form, "act": "send_back", "code": "title.case", "attribute": "title"}
    )
    assert refused.status_code == 422
    empty = browser.post("/review/group", data={**form, "act": "correct", "value": " "})
    assert re.search(r'id="value"[^>]* aria-invalid="true"', empty.text)
    assert browser.post("/review/group", data={**form, "act": "burn"}).status_code == 422
    assert browser.post("/review/group", data={**form, "seen": "2"}).status_code == 409
    odd = {**form, "seen": "2", "looked_at": "0001-01-01T00:00+14:00"}
    assert browser.post("/review/group", data=odd).status_code == 409
    address = browser.post("/review/group", data=form).headers["Location"]
    assert "running" in browser.get(f"{address}/progress").text
    jobs.drain()
    shown = browser.get(address).text
    assert sheets[0].title in shown
    assert "Take all of it back" in shown
    assert browser.post(f"{address}/undo").status_code == 302
    jobs.drain()
    assert "as before the decision" in browser.get(f"{address}?outcome=restored").text
    assert "Only a finished decision" in browser.post(f"{address}/undo", follow_redirects=True).text


def test_sheets_that_waited_before_reasons_were_kept_are_noted_by_night(app: Flask) -> None:
    made = make_sheets(selling_vendor(), 3)
    db.session.execute(sa.delete(WaitingReason).where(WaitingReason.listing_id != made[0].id))
    reasons.note_waiting()
    noted = db.session.execute(
        sa.select(WaitingReason.listing_id, WaitingReason.code).order_by(WaitingReason.listing_id)
    )
    assert [tuple(row) for row in noted] == [(one.id, "contact_in_text") for one in made]


def test_a_doubt_that_never_was_is_not_said_to_be_decided(app: Flask) -> None:
    browser = login(app, _editor())
    assert browser.get("/review/group?code=nonsense").status_code == 404
    assert "All of them were decided." in browser.get("/review/group?code=wrong_language&attribute=title").text
