"""An editor's decisions on one sheet: accepted, corrected, sent back; and what two editors or two clicks cannot do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from html import unescape

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from backoffice import clock, jobs
from backoffice.accounts.models import User
from backoffice.audit import AuditEvent
from backoffice.errors import Conflict, IllegalMove, Invalid
from backoffice.extensions import db
from backoffice.notifications import Notification
from backoffice.permissions import Role
from backoffice.vendors.models import Vendor
from catalog import publishing, review, sheet_page, words
from catalog.attributes import ATTRIBUTES
from catalog.harmonization import RULES, Context, harmonize
from catalog.lifecycle import Action, ListingStatus
from catalog.models import Listing
from catalog.review import Reason
from catalog.search import sync
from catalog.search.queries import Query
from catalog.sheets import MappedSheet
from catalog.switches import record
from tests.factories.accounts import login, make_user
from tests.factories.catalog import import_rows, listing_of, selling_vendor
from tests.factories.desk import make_sheets

pytestmark = pytest.mark.usefixtures("quick_reading")

# The description holds a telephone number, so that the sheet waits for an editor.
DOUBTFUL = {
    "titre": "CAFETIERE A CAPSULES ESSENZA MINI NOIRE",
    "description": "Machine à café pour capsules Nespresso, 19 bars. Contactez-nous au 06 12 34 56 78.",
}


def _waiting(vendor: Vendor | None = None, **cells: str) -> Listing:
    vendor = vendor or selling_vendor()
    import_rows(vendor, {**DOUBTFUL, **cells})
    listing = listing_of(vendor, cells.get("sku", "CAF-1"))
    assert listing.status == ListingStatus.TO_REVIEW
    return listing


def _editor() -> User:
    return make_user(Role.CONTENT_EDITOR)


def _post(app: Flask, listing: Listing, act: str, **form: object) -> TestResponse:
    return login(app, _editor()).post(f"/sheets/{listing.id}/{act}", data={"version": listing.version, **form})


def _verbs(listing: Listing) -> list[str]:
    query = sa.select(AuditEvent.verb).where(AuditEvent.object_type == "listing", AuditEvent.object_id == listing.id)
    return list(db.session.scalars(query.order_by(AuditEvent.id)))


def test_an_accepted_sheet_is_published_found_and_signed(app: Flask) -> None:
    listing, editor = _waiting(), _editor()
    review.accept(listing, by=editor)
    db.session.commit()
    jobs.drain()
    assert listing.status == ListingStatus.PUBLISHED
    assert (listing.reviewed_by_id, listing.automatic) == (editor.id, False)
    assert [hit.id for hit in sync.engine().search(Query("cafetière Essenza")).hits] == [listing.product_id]
    assert _verbs(listing) == ["listing.accept"]


def test_a_doubt_that_was_accepted_does_not_come_back_with_the_next_file(app: Flask) -> None:
    vendor = selling_vendor()
    listing = _waiting(vendor)
    review.accept(listing, by=_editor())
    db.session.commit()
    import_rows(vendor, {**DOUBTFUL, "stock": "3"})
    assert listing_of(vendor).status == ListingStatus.PUBLISHED


def test_a_sheet_with_a_blocking_problem_cannot_be_accepted(app: Flask) -> None:
    vendor = selling_vendor()
    import_rows(vendor, {"ean": "3661234567891"})
    listing = listing_of(vendor)
    review.flag(listing, dispute="L-1", quote="Not what I ordered.")
    listing.status = ListingStatus.TO_REVIEW
    with pytest.raises(IllegalMove) as refused:
        review.accept(listing, by=_editor())
    assert "blocking problems" in refused.value.message
    assert refused.value.legal == ("send_back", "reject", "withdraw")


def test_a_correction_replaces_the_value_and_keeps_the_vendor_s_words(app: Flask) -> None:
    listing = _waiting()
    review.correct(listing, "title", "Cafetière Krups Essenza Mini", by=_editor())
    assert listing.title == listing.values["title"] == "Cafetière Krups Essenza Mini"
    assert listing.mapped["title"] == DOUBTFUL["titre"]
    assert listing.product.title == "Cafetière Krups Essenza Mini"


def test_a_corrected_price_is_read_as_a_price(app: Flask) -> None:
    listing = _waiting()
    review.correct(listing, "price", "79,50 €", by=_editor())
    assert (listing.price_minor, listing.currency) == (7950, "EUR")


def test_corrections_outlive_the_vendor_s_next_file_while_its_own_words_stay(app: Flask) -> None:
    vendor = selling_vendor()
    listing = _waiting(vendor)
    review.correct(listing, "title", "Cafetière Krups Essenza Mini", by=_editor())
    db.session.commit()
    import_rows(vendor, {**DOUBTFUL, "stock": "5"})
    listing = listing_of(vendor)
    assert (listing.stock, listing.title) == (5, "Cafetière Krups Essenza Mini")
    import_rows(vendor, {**DOUBTFUL, "titre": "Cafetière Krups Essenza Maxi", "stock": "5"})
    assert listing_of(vendor).title == "Cafetière Krups Essenza Maxi"


def test_a_cleared_value_stays_cleared(app: Flask) -> None:
    listing = _waiting()
    review.correct(listing, "brand", "", by=_editor())
    assert listing.brand is None


def test_a_correction_that_mends_the_blocking_problem_lets_the_sheet_be_accepted(app: Flask) -> None:
    vendor = selling_vendor()
    import_rows(vendor, {"ean": "3661234567891"})
    listing = listing_of(vendor)
    assert listing.status == ListingStatus.CHANGES_REQUESTED
    review.correct(listing, "gtin", "3045386381456", by=_editor())
    assert (listing.status, listing.gtin) == (ListingStatus.TO_REVIEW, "3045386381456")
    review.accept(listing, by=_editor())
    assert listing.status == ListingStatus.PUBLISHED


@pytest.mark.parametrize(("attribute", "text"), [("gtin", "123"), ("id", "OTHER"), ("no_such", "x")])
def test_what_cannot_be_read_as_the_attribute_is_refused(app: Flask, attribute: str, text: str) -> None:
    listing = _waiting()
    with pytest.raises(Invalid):
        review.correct(listing, attribute, text, by=_editor())


def test_a_category_is_chosen_by_number_by_path_or_by_words_that_fit_one(app: Flask) -> None:
    listing = _waiting()
    path = "Maison et jardin > Cuisine et table > Cafetières et machines à café"
    review.correct(listing, "category", path, by=_editor())
    number = listing.category
    assert number is not None
    review.correct(listing, "category", "", by=_editor())
    review.correct(listing, "category", number, by=_editor())
    assert listing.category == number
    with pytest.raises(Invalid) as refused:
        review.correct(listing, "category", "maison", by=_editor())
    assert "Give the number of one" in refused.value.message
    with pytest.raises(Invalid) as unknown:
        review.correct(listing, "category", "zzyzx", by=_editor())
    assert unknown.value.message == "No category is called “zzyzx”."


def test_a_change_taken_back_gives_the_vendor_s_words_back_and_can_be_put_back(app: Flask) -> None:
    listing = _waiting()
    harmonized = listing.title
    assert harmonized != DOUBTFUL["titre"]
    rule = next(change["rule"] for change in listing.changes if change["attribute"] == "title")
    review.undo_change(listing, rule, "title", by=_editor())
    assert listing.title == DOUBTFUL["titre"]
    assert listing.undone == [[rule, "title"]]
    review.redo_change(listing, rule, "title", by=_editor())
    assert (listing.title, listing.undone) == (harmonized, [])
    assert _verbs(listing) == ["listing.undo_change", "listing.redo_change"]
    with app.test_request_context():
        told = {act.reason for act in sheet_page.history(listing, "fr") if act.verb in words.ABOUT_RULES}
    assert told == {RULES[rule].text["fr"]}


def test_a_change_taken_back_stays_so_with_the_next_file(app: Flask) -> None:
    vendor = selling_vendor()
    listing = _waiting(vendor)
    review.undo_change(listing, "title.case", "title", by=_editor())
    db.session.commit()
    import_rows(vendor, {**DOUBTFUL, "stock": "4"})
    assert listing_of(vendor).title == DOUBTFUL["titre"]


def test_a_sheet_is_sent_back_for_several_reasons_at_once_and_its_vendor_is_told(app: Flask) -> None:
    listing = _waiting()
    user = make_user(Role.VENDOR_USER, vendor_id=listing.vendor_id)
    stranger = make_user(Role.VENDOR_USER, vendor_id=selling_vendor().id)
    reasons = [Reason("title", "Nommez le modèle."), Reason("description", "Retirez le téléphone.", "contact_in_text")]
    review.send_back(listing, reasons, by=_editor())
    assert listing.status == ListingStatus.CHANGES_REQUESTED
    assert [one["words"] for one in listing.feedback] == ["Nommez le modèle.", "Retirez le téléphone."]
    told = list(db.session.scalars(sa.select(Notification)))
    assert [(one.user_id, one.kind, one.params["count"]) for one in told] == [(user.id, "sheet_sent_back", 2)]
    assert stranger.id not in {one.user_id for one in told}


def test_a_sheet_is_not_sent_back_without_a_word(app: Flask) -> None:
    with pytest.raises(Invalid):
        review.send_back(_waiting(), [], by=_editor())


def test_the_vendor_reads_the_reasons_in_its_language_on_its_own_page(app: Flask) -> None:
    listing = _waiting()
    form = {"issue": "contact_in_text:description", "reason-attribute": ["title"], "reason-words": ["Nommez-la."]}
    assert _post(app, listing, "send-back", **form).status_code == 302
    vendor_page = login(app, make_user(Role.VENDOR_USER, vendor_id=listing.vendor_id, locale="fr"))
    page = vendor_page.get(f"/sheets/{listing.id}").text
    assert "Nommez-la." in page
    assert "Le texte donne une adresse, un téléphone ou un site" in page
    assert "contact_in_text" not in page


def test_a_mended_file_brings_a_sheet_back_from_the_vendor(app: Flask) -> None:
    vendor = selling_vendor()
    listing = _waiting(vendor)
    review.send_back(listing, [Reason("description", "Retirez le téléphone.")], by=_editor())
    db.session.commit()
    import_rows(vendor, {**DOUBTFUL, "description": "Machine à café pour capsules Nespresso, 19 bars."})
    assert listing_of(vendor).status == ListingStatus.PUBLISHED


def test_a_keyword_that_was_taken_makes_the_sheet_found_by_it(app: Flask) -> None:
    listing = _waiting()
    assert "Nespresso" not in listing.title
    term = next(one["term"] for one in listing.keywords if "Nespresso" in one["term"])
    review.decide_keyword(listing, term, accepted=True, by=_editor())
    assert publishing.listing_keywords(listing) == [term]
    other = next((one["term"] for one in listing.keywords if one["term"] != term), None)
    if other is not None:
        review.decide_keyword(listing, other, accepted=False, by=_editor())
        assert publishing.listing_keywords(listing) == [term]


def test_a_contradiction_is_never_taken_as_a_keyword(app: Flask) -> None:
    listing = _waiting(titre="Cafetière Nespresso", description="Pour dosettes Tassimo uniquement, 1,5 L.")
    term = next(one["term"] for one in listing.keywords if one["kind"] == "contradictory_term")
    with pytest.raises(Invalid):
        review.decide_keyword(listing, term, accepted=True, by=_editor())
    review.decide_keyword(listing, term, accepted=False, by=_editor())
    with pytest.raises(Invalid):
        review.decide_keyword(listing, "Dolce Gusto", accepted=True, by=_editor())


def test_a_rejected_sheet_leaves_the_queue_and_can_be_restored(app: Flask) -> None:
    listing, editor = _waiting(), _editor()
    review.act(listing, Action.REJECT, by=editor, reason="Forbidden article.")
    assert listing.status == ListingStatus.REJECTED
    review.act(listing, Action.RESTORE, by=editor)
    assert listing.status == ListingStatus.TO_REVIEW
    assert _verbs(listing) == ["listing.reject", "listing.restore"]


def test_a_buyer_s_words_take_a_sheet_off_the_shop_and_to_the_head_of_the_queue(app: Flask) -> None:
    first, vendor = _waiting(), selling_vendor()
    import_rows(vendor, {"sku": "GOOD", "titre": "Théière en fonte émaillée rouge 1 L"})
    good = listing_of(vendor, "GOOD")
    review.flag(good, dispute="L-000042", quote="It is blue, not red.")
    db.session.commit()
    order = review.queue().order_by(Listing.priority, Listing.id)
    assert [one.id for one in db.session.scalars(order)] == [good.id, first.id]
    page = login(app, _editor()).get(f"/review/{good.id}").text
    assert "L-000042" in page
    assert "It is blue, not red." in page
    review.accept(good, by=_editor())
    assert (good.status, good.flags) == (ListingStatus.PUBLISHED, [])


def test_two_editors_on_one_sheet_the_second_is_told_and_nothing_is_written(app: Flask) -> None:
    listing = _waiting()
    seen = listing.version
    _post(app, listing, "correct", attribute="title", value="Cafetière Krups Essenza")
    second = login(app, _editor())
    answer = second.post(
        f"/sheets/{listing.id}/correct", data={"version": seen, "attribute": "title", "value": "Machine à café"}
    )
    assert answer.status_code == 409
    assert "Someone changed this sheet while you were reading it; it is now: to review." in answer.text
    assert "Possible now: “Accept”" in answer.text
    # What was typed is still in its field, on a form made for the sheet as it stands.
    assert 'value="Machine à café"' in answer.text
    assert f'name="version" value="{seen + 1}"' in answer.text
    assert listing_of(listing.vendor).title == "Cafetière Krups Essenza"


def test_a_double_click_accepts_once(app: Flask) -> None:
    listing, editor = _waiting(), _editor()
    browser = login(app, editor)
    form = {"version": listing.version}
    answers = [browser.post(f"/sheets/{listing.id}/accept", data=form).status_code for _ in range(2)]
    assert answers == [302, 409]
    assert _verbs(listing) == ["listing.accept"]


def test_a_stale_version_is_held_back(app: Flask) -> None:
    listing = _waiting()
    with pytest.raises(Conflict):
        review.hold(listing, listing.version - 1)


def test_an_illegal_move_comes_back_to_the_desk_naming_what_is_possible(app: Flask) -> None:
    vendor = selling_vendor()
    import_rows(vendor)
    answer = _post(app, listing_of(vendor), "accept")
    assert answer.status_code == 409
    assert "Possible now: “Send back”, “Reject”, “Withdraw”." in answer.text
    assert listing_of(vendor).status == ListingStatus.PUBLISHED


def test_a_program_gets_the_refusal_as_json(app: Flask) -> None:
    listing = _waiting()
    answer = login(app, _editor()).post(
        f"/sheets/{listing.id}/accept", data={"version": 99}, headers={"Accept": "application/json"}
    )
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "conflict")


@pytest.mark.parametrize(
    ("act", "form"),
    [
        ("correct", {"attribute": "gtin", "value": "123"}),
        ("correct", {"attribute": "category", "value": "zzyzx"}),
        ("send-back", {"reason-attribute": ["title"], "reason-words": ["  "]}),
        ("act", {"action": "reject", "reason": ""}),
        ("act", {"action": "explode"}),
        ("keyword", {"term": "never suggested", "decision": "accept"}),
        ("accept", {"version": "x"}),
    ],
)
def test_a_form_that_cannot_be_taken_comes_back_to_the_desk(app: Flask, act: str, form: Mapping[str, object]) -> None:
    listing = _waiting()
    before = listing.version
    answer = _post(app, listing, act, **form)
    assert answer.status_code == 422
    assert "Nothing was written." in answer.text
    assert "desk-decision" in answer.text
    assert re.findall(r'class="nav-link" href="([^"]+)"[^>]*aria-current="page"', answer.text)[0] == "/review"
    assert listing_of(listing.vendor).version == before


@pytest.mark.parametrize(
    ("act", "form", "field"),
    [
        ("correct", {"attribute": "price", "value": "a lot"}, "value"),
        ("correct", {"attribute": "category", "value": "no such thing"}, "category"),
        ("send-back", {"reason-attribute": ["title"], "reason-words": [" "]}, "reason-words-1"),
        ("act", {"action": "reject", "reason": " "}, "reason"),
    ],
)
def test_what_is_wrong_with_a_form_stands_at_its_field(
    app: Flask, act: str, form: Mapping[str, object], field: str
) -> None:
    page = _post(app, _waiting(), act, **form).text
    wrong = re.findall(r'id="([^"]+)"[^>]*aria-invalid="true" aria-describedby="([^"]+)"', page)
    assert wrong == [(field, f"{field}-error")]
    assert f'id="{field}-error"' in page


def test_after_a_decision_the_next_sheet_of_the_queue_is_shown(app: Flask) -> None:
    vendor = selling_vendor()
    rows = [{**DOUBTFUL, "sku": f"S{n}", "titre": f"Cafetière à capsules modèle {n}"} for n in range(3)]
    import_rows(vendor, *rows)
    browser = login(app, _editor())
    page = browser.get("/review").text
    first, second = listing_of(vendor, "S0"), listing_of(vendor, "S1")
    assert f'name="next" value="{second.id}"' in page
    answer = browser.post(f"/sheets/{first.id}/accept", data={"version": first.version, "next": second.id})
    assert answer.headers["Location"].startswith(f"/review/{second.id}")


def test_a_decision_further_in_the_queue_leaves_the_editor_there(app: Flask) -> None:
    sheets = make_sheets(selling_vendor(), 15)
    desk = login(app, _editor())
    further = re.search(r'href="(/review\?[^"]*after=[^"]+)"', desk.get("/review").text)
    assert further
    page = desk.get(unescape(further[1])).text
    fields = dict(re.findall(r'name="(version|next|after)" value="([^"]*)"', page))
    assert fields["next"] == str(sheets[13].id)
    shown = desk.post(f"/sheets/{sheets[12].id}/accept", data=fields, follow_redirects=True).text
    assert f"/review/{sheets[0].id}?" not in shown
    assert f'name="next" value="{sheets[14].id}"' in shown


def test_the_desk_offers_its_keys_and_reads_without_javascript(app: Flask) -> None:
    page = login(app, _editor()).get(f"/review/{_waiting().id}").text
    assert set(re.findall(r'data-shortcut="(.)"', page)) >= {"a", "e", "r", "/"}
    assert "data-queue-link" in page
    assert page.count('name="version"') >= 4
    assert "onclick" not in page


def test_any_value_can_be_chosen_for_correction(app: Flask) -> None:
    listing = _waiting()
    page = login(app, _editor()).get(f"/review/{listing.id}?edit=brand").text
    assert '<input type="hidden" name="attribute" value="brand">' in page
    assert re.search(r'id="value" name="value" value="Krups"', page)


def test_the_empty_desk_says_so(app: Flask) -> None:
    assert "The queue is empty" in login(app, _editor()).get("/review").text


def test_a_sheet_that_a_wrong_barcode_blocks_is_mended_at_the_desk(app: Flask) -> None:
    vendor = selling_vendor()
    import_rows(vendor, {"ean": "3045386381457"})
    listing = listing_of(vendor)
    assert listing.status == ListingStatus.CHANGES_REQUESTED
    browser = login(app, _editor())
    assert listing.title not in browser.get("/review").text
    page = browser.get("/review?tab=blocked").text
    assert listing.title in page
    # The value that blocks is the one in hand.
    assert 'name="attribute" value="gtin"' in page
    mended = {"version": listing.version, "attribute": "gtin", "value": "3045386381456"}
    browser.post(f"/sheets/{listing.id}/correct", data=mended)
    listing = listing_of(vendor)
    assert (listing.status, listing.gtin) == (ListingStatus.TO_REVIEW, "3045386381456")
    assert listing.title in browser.get("/review").text
    review.accept(listing, by=_editor())
    assert listing.status == ListingStatus.PUBLISHED


def test_coded_values_are_shown_in_words_that_are_read_back_as_the_same_value() -> None:
    for (attribute, code), said in words.VALUES.items():
        if attribute in ("gender", "age_group"):
            assert sheet_page.shown(code, attribute) == str(said)
            read = harmonize(MappedSheet(1, {"title": "Pull", attribute: str(said)}, {}, {}), Context(locale="en"))
            assert read.values[attribute] == code


@pytest.mark.parametrize(
    ("act", "form", "after"),
    [
        ("accept", {}, ListingStatus.PUBLISHED),
        (
            "send-back",
            {"reason-attribute": "title", "reason-words": "Dites le modèle."},
            ListingStatus.CHANGES_REQUESTED,
        ),
        ("act", {"action": "reject", "reason": "Article interdit."}, ListingStatus.REJECTED),
    ],
)
def test_a_decision_is_taken_back_from_where_it_is_said(
    app: Flask, act: str, form: Mapping[str, str], after: ListingStatus
) -> None:
    listing = _waiting()
    browser = login(app, _editor())
    desk = browser.post(f"/sheets/{listing.id}/{act}", data={"version": listing.version, **form}, follow_redirects=True)
    db.session.expire_all()
    assert listing.status == after
    undo = f"/sheets/{listing.id}/undo-decision?tab=waiting"
    assert undo in desk.text
    assert 'aria-keyshortcuts="u"' in desk.text
    again = browser.post(undo, data={"version": listing.version}, follow_redirects=True)
    assert again.request.path == f"/review/{listing.id}"
    db.session.expire_all()
    assert listing.status == ListingStatus.TO_REVIEW
    assert (listing.feedback, listing.dismissed, listing.reviewed_by_id) == ([], [], None)
    assert not listing.product.published
    assert _verbs(listing)[-1] == "listing.undo_decision"
    assert browser.post(undo, data={"version": listing.version}).status_code == 409


def test_an_accept_that_was_taken_back_says_nothing_of_the_rules(app: Flask) -> None:
    listing = _waiting()
    browser = login(app, _editor())
    browser.post(f"/sheets/{listing.id}/accept", data={"version": listing.version})
    assert record.figures(30)["title.case"].seen == 1
    db.session.expire_all()
    browser.post(f"/sheets/{listing.id}/undo-decision", data={"version": listing.version})
    assert record.figures(30)["title.case"].seen == 0


def test_a_decision_stays_where_the_sheet_has_changed_since(app: Flask) -> None:
    listing = _waiting()
    browser = login(app, _editor())
    browser.post(f"/sheets/{listing.id}/accept", data={"version": listing.version})
    db.session.expire_all()
    review.correct(listing, "title", "Cafetière Essenza", by=_editor())
    db.session.commit()
    refused = browser.post(f"/sheets/{listing.id}/undo-decision", data={"version": listing.version})
    assert refused.status_code == 409
    assert "has changed since that decision" in refused.text
    db.session.expire_all()
    assert listing.status == ListingStatus.PUBLISHED


def test_what_an_editor_checked_can_be_taken_back_later_as_long_as_it_stands(app: Flask) -> None:
    listing = _waiting()
    browser = login(app, _editor())
    browser.post(f"/sheets/{listing.id}/accept", data={"version": listing.version})
    browser.get("/review")  # the notice is gone with this page
    mine = browser.get(f"/review/{listing.id}?tab=mine").text
    assert "Take this decision back" in mine
    db.session.expire_all()
    review.correct(listing, "title", "Cafetière Essenza", by=_editor())
    db.session.commit()
    assert "Take this decision back" not in browser.get(f"/review/{listing.id}?tab=mine").text


def test_what_an_editor_checked_last_comes_first_among_its_own(app: Flask) -> None:
    vendor, browser = selling_vendor(), login(app, _editor())
    first, second = _waiting(vendor, sku="A-1"), _waiting(vendor, sku="A-2")
    for moment, listing in ((9, second), (10, first)):
        with clock.frozen(datetime(2026, 11, 23, moment, tzinfo=UTC)):
            browser.post(f"/sheets/{listing.id}/accept", data={"version": listing.version})
    page = browser.get("/review?tab=mine").text
    assert page.index(f"/review/{first.id}?tab=mine") < page.index(f"/review/{second.id}?tab=mine")


@pytest.mark.parametrize(
    ("attribute", "text"),
    [
        ("price", "abc"), ("price", "-5 €"), ("price", "0"), ("stock", "1e9"), ("pack_quantity", "many"),
        ("capacity", "grand"), ("weight", "-3 kg"), ("color", "zorglub"), ("availability", "maybe"),
        ("image_link", "javascript:alert(1)"), ("image_link", "foo"),
    ],
)  # fmt: skip
def test_a_correction_that_is_no_value_of_its_kind_is_refused_in_the_reader_s_words(
    app: Flask, attribute: str, text: str
) -> None:
    listing = _waiting()
    before = listing.values.get(attribute)
    answer = _post(app, listing, "correct", attribute=attribute, value=text)
    assert answer.status_code == 422
    assert f"“{text}” cannot be read as a value of “{ATTRIBUTES[attribute].en}”." in unescape(answer.text)
    assert listing_of(listing.vendor).values.get(attribute) == before


@pytest.mark.parametrize(
    ("attribute", "text", "value"),
    [
        ("price", "25000 €", {"amount": 2_500_000, "currency": "EUR"}), ("stock", "12", 12),
        ("color", "Bleu nuit", ["bleu"]), ("size", "zzz", "zzz"), ("material", "wengé", "wengé"),
        ("image_link", "https://images.example/a.jpg", "https://images.example/a.jpg"), ("condition", "neuf", "new"),
        ("gtin", "3045 3863 81456", "3045386381456"),
    ],
)  # fmt: skip
def test_a_correction_of_its_kind_is_taken(app: Flask, attribute: str, text: str, value: object) -> None:
    listing = _waiting()
    assert _post(app, listing, "correct", attribute=attribute, value=text).status_code == 302
    assert listing_of(listing.vendor).values[attribute] == value
