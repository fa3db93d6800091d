"""Vendors: the state table, the checklist, documents, lists, and who sees what."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy.exc import IntegrityError

from backoffice import clock, words
from backoffice.accounts.models import User
from backoffice.audit import AuditEvent
from backoffice.clock import now
from backoffice.errors import Conflict, IllegalMove, Invalid
from backoffice.events import vendor_status_changed
from backoffice.extensions import db
from backoffice.notifications import Notification, OutgoingMail
from backoffice.options import in_reading_order
from backoffice.permissions import Role
from backoffice.vendors import application, lifecycle, panels, portfolio, requirements, vetting
from backoffice.vendors.forms import FIELDS
from backoffice.vendors.lifecycle import MOVES, Action
from backoffice.vendors.models import (
    CheckResult,
    LegalForm,
    RequirementState,
    SuspensionReason,
    Vendor,
    VendorDocument,
    VendorSource,
    VendorStatus,
)
from backoffice.vendors.vetting import Judgement
from backoffice.vendors.words import VERBS
from tests.factories.accounts import login, make_user
from tests.factories.vendors import company_values, make_vendor, siren

S, R = VendorStatus, RequirementState


@pytest.fixture
def manager(app: Flask) -> User:
    return make_user(Role.ACCOUNT_MANAGER)


def picture(kind: str = "PNG") -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (20, 20), "white").save(out, kind)
    out.seek(0)
    return out


# What a reviewer looks at, whatever the table asks for.
DOCUMENTS = [one.kind for one in requirements.CHECKLIST if one.document]


def own_user(vendor: Vendor, **values: object) -> User:
    return make_user(Role.VENDOR_USER, vendor_id=vendor.id, **values)


def filled(status: VendorStatus = S.ONBOARDING, **values: object) -> Vendor:
    """Return a vendor that has given everything; its documents wait for a reviewer."""
    vendor = make_vendor(status=status, **values)
    person = own_user(vendor)
    vendor.status = S.ONBOARDING
    vetting.assess(vendor)
    vetting.accept_terms(vendor, "Anna Bell", by=person)
    for kind in DOCUMENTS:
        vetting.send_document(vendor, kind, picture(), f"{kind}.png", by=person)
    vendor.status = status
    db.session.commit()
    return vendor


def states(vendor: Vendor) -> dict[str, RequirementState]:
    return {item.kind: item.state for item in vetting.checklist(vendor)}


def mails() -> list[OutgoingMail]:
    return list(db.session.scalars(sa.select(OutgoingMail).order_by(OutgoingMail.id)))


# The state table


@pytest.mark.parametrize("status", list(VendorStatus))
def test_what_the_table_does_not_name_is_refused_with_what_is_possible(manager: User, status: VendorStatus) -> None:
    vendor = make_vendor(status=status)
    for action in Action:
        if (status, action) not in MOVES:
            with pytest.raises(IllegalMove) as refusal:
                lifecycle.move(vendor, action, by=manager, reason="because")
            possible = [choice.action for choice in lifecycle.choices(vendor, manager) if choice.obstacle is None]
            assert list(refusal.value.legal) == possible
    assert vendor.status == status


def test_every_state_but_the_last_has_a_way_on() -> None:
    assert {status for status, _ in MOVES} == set(VendorStatus) - {S.TERMINATED}
    assert set(MOVES.values()) | {S.PROSPECT} == set(VendorStatus)


@pytest.mark.parametrize(
    ("action", "status"), [("reject", S.READY_FOR_REVIEW), ("suspend", S.LIVE), ("give_notice", S.LIVE)]
)
def test_a_restriction_without_a_reason_is_refused(manager: User, action: str, status: VendorStatus) -> None:
    vendor = make_vendor(status=status)
    with pytest.raises(Invalid):
        lifecycle.move(vendor, Action(action), by=manager, reason="  ")
    assert vendor.status == status


def test_approval_is_audited_told_and_signalled_in_one_transaction(manager: User) -> None:
    vendor = filled(S.READY_FOR_REVIEW)
    for kind in DOCUMENTS:
        vetting.judge(vendor, kind, Judgement.ACCEPT, by=manager)
    heard: list[tuple[VendorStatus, VendorStatus]] = []

    def hear(_sender: Vendor, before: VendorStatus, after: VendorStatus, **_more: object) -> None:
        heard.append((before, after))

    with vendor_status_changed.connected_to(hear):
        lifecycle.approve(vendor, by=manager, reason="Welcome aboard.")
    assert heard == [(S.READY_FOR_REVIEW, S.APPROVED)]
    event = db.session.scalar(sa.select(AuditEvent).where(AuditEvent.verb == "vendor.approve"))
    assert (event.actor_id, event.reason) == (manager.id, "Welcome aboard.")
    assert event.changes == {"status": ["ready_for_review", "approved"]}
    assert "Welcome aboard." in mails()[-1].body
    assert db.session.scalar(sa.select(Notification.kind)) == "vendor_approved"
    assert vendor.approved_at is not None
    assert lifecycle.can_sell(vendor)
    db.session.rollback()
    assert db.session.get(Vendor, vendor.id).status == S.READY_FOR_REVIEW
    assert db.session.scalar(sa.select(sa.func.count()).select_from(OutgoingMail)) == 0


@pytest.mark.parametrize("status", list(VendorStatus))
def test_only_the_approved_and_the_live_sell(app: Flask, status: VendorStatus) -> None:
    assert lifecycle.can_sell(make_vendor(status=status)) == (status in (S.APPROVED, S.LIVE))


def test_a_file_with_something_unjudged_cannot_be_approved(manager: User) -> None:
    vendor = filled(S.READY_FOR_REVIEW)
    with pytest.raises(IllegalMove, match="Identity document, Registration extract"):
        lifecycle.approve(vendor, by=manager)


def test_a_file_with_something_missing_cannot_be_handed_in(app: Flask) -> None:
    vendor = filled()
    vetting.give(vendor, {"iban": ""}, by=make_user())
    with pytest.raises(IllegalMove, match="Bank account"):
        lifecycle.submit(vendor, by=own_user(vendor))


def test_a_stale_page_decides_nothing(manager: User) -> None:
    vendor = filled(S.READY_FOR_REVIEW)
    seen = vendor.version
    vetting.give(vendor, {"iban": ""}, by=manager)
    db.session.flush()
    with pytest.raises(Conflict):
        lifecycle.reject(vendor, by=manager, reason="no", version=seen)
    assert vendor.status == S.READY_FOR_REVIEW


def test_a_double_click_rejects_once_and_names_what_is_possible(app: Flask, manager: User) -> None:
    vendor = filled(S.READY_FOR_REVIEW)
    browser = login(app, manager)
    form = {"action": "reject", "reason": "Not our range.", "version": str(vendor.version)}
    assert browser.post(f"/vendors/{vendor.id}/act", data=form).status_code == 302
    second = browser.post(f"/vendors/{vendor.id}/act", data=form)
    assert second.status_code == 409
    assert "Possible now: Reopen the file." in second.text
    rejections = sa.select(sa.func.count()).where(AuditEvent.verb == "vendor.reject")
    assert db.session.scalar(rejections) == 1


def test_of_two_people_deciding_at_once_one_is_told(app: Flask, manager: User) -> None:
    vendor = filled(S.READY_FOR_REVIEW)
    key = vendor.id
    row = db.session.get(Vendor, key)
    # Another process decides between our reading and our writing.
    with db.session.no_autoflush:
        other = sa.update(Vendor).where(Vendor.id == key).values(version=Vendor.version + 1)
        db.session.execute(other, execution_options={"synchronize_session": False})
        with pytest.raises(Conflict):
            lifecycle.reject(row, by=manager, reason="no")


def test_a_vendor_decides_nothing_about_itself_but_its_vacation(app: Flask) -> None:
    vendor = make_vendor(status=S.LIVE)
    person = own_user(vendor)
    assert [choice.action for choice in lifecycle.choices(vendor, person)] == [Action.GO_ON_VACATION]
    with pytest.raises(IllegalMove):
        lifecycle.suspend(vendor, by=person, reason="why not")
    stranger = own_user(make_vendor())
    with pytest.raises(IllegalMove):
        lifecycle.move(vendor, Action.GO_ON_VACATION, by=stranger)
    lifecycle.move(vendor, Action.GO_ON_VACATION, by=person)
    assert not lifecycle.can_sell(vendor)
    lifecycle.move(vendor, Action.COME_BACK, by=person)
    assert vendor.status == S.LIVE


def test_suspension_keeps_its_kind_and_reinstating_brings_back_what_was(manager: User) -> None:
    vendor = make_vendor(status=S.LIVE, live_at=now())
    lifecycle.suspend(vendor, by=manager, reason="Late parcels.", because=SuspensionReason.AUTOMATIC)
    assert (vendor.status, vendor.suspension_reason) == (S.SUSPENDED, SuspensionReason.AUTOMATIC)
    assert "Late parcels." in mails()[-1].body
    lifecycle.reinstate(vendor, by=manager)
    db.session.commit()
    assert (vendor.status, vendor.suspension_reason) == (S.LIVE, None)


def test_a_vendor_never_live_is_reinstated_as_approved(manager: User) -> None:
    vendor = make_vendor(status=S.APPROVED)
    lifecycle.suspend(vendor, by=manager, reason="Papers.")
    lifecycle.reinstate(vendor, by=manager)
    assert vendor.status == S.APPROVED


def test_the_first_sheet_on_sale_makes_the_vendor_live_once(app: Flask) -> None:
    vendor = make_vendor(status=S.APPROVED)
    lifecycle.go_live(vendor)
    lifecycle.go_live(vendor)
    assert vendor.status == S.LIVE
    assert vendor.live_at is not None
    with pytest.raises(IllegalMove):
        lifecycle.go_live(make_vendor(status=S.ONBOARDING))


def test_a_contract_ends_thirty_days_after_notice_and_not_before(manager: User) -> None:
    vendor = make_vendor(status=S.SUSPENDED)
    with pytest.raises(IllegalMove):
        lifecycle.move(vendor, Action.TERMINATE, by=manager)
    lifecycle.move(vendor, Action.GIVE_NOTICE, by=manager, reason="Counterfeit.")
    db.session.commit()
    assert (vendor.status, vendor.suspension_reason) == (S.SUSPENDED, SuspensionReason.MANUAL)
    with clock.frozen(now() + timedelta(days=29)):
        lifecycle.end_contracts()
        assert vendor.status == S.SUSPENDED
        with pytest.raises(IllegalMove):
            lifecycle.move(vendor, Action.TERMINATE, by=manager)
    with clock.frozen(now() + timedelta(days=30, minutes=1)):
        lifecycle.end_contracts()
    db.session.commit()
    assert (vendor.status, vendor.suspension_reason) == (S.TERMINATED, None)


def test_notice_can_be_withdrawn(manager: User) -> None:
    vendor = make_vendor(status=S.LIVE)
    lifecycle.move(vendor, Action.GIVE_NOTICE, by=manager, reason="Sales too low.")
    lifecycle.move(vendor, Action.WITHDRAW_NOTICE, by=manager)
    assert vendor.ends_at is None


def test_the_database_itself_refuses_an_approval_without_a_date(app: Flask) -> None:
    with pytest.raises(IntegrityError):
        make_vendor(status=S.APPROVED, approved_at=None)
    db.session.rollback()
    with pytest.raises(IntegrityError):
        make_vendor(status=S.LIVE, suspension_reason=SuspensionReason.MANUAL)
    db.session.rollback()


def test_beside_a_possible_duplicate_an_approval_needs_its_reason(manager: User) -> None:
    vendor = filled(S.READY_FOR_REVIEW)
    make_vendor(iban=vendor.iban, name="Twin")
    vetting.recheck(vendor, by=manager)
    for kind in DOCUMENTS:
        vetting.judge(vendor, kind, Judgement.ACCEPT, by=manager)
    assert vetting.possible_duplicates(vendor)[0]["fields"] == ["iban"]
    with pytest.raises(Invalid):
        lifecycle.approve(vendor, by=manager)
    lifecycle.approve(vendor, by=manager, reason="Two shops of one company.")
    assert vendor.status == S.APPROVED


# The checklist


def test_the_checklist_follows_legal_form_and_country(app: Flask) -> None:
    french = set(states(make_vendor()))
    trader = set(states(make_vendor(legal_form=LegalForm.SOLE_TRADER)))
    belgian = set(states(make_vendor(country="BE")))
    assert french - trader == {"vat", "registration_document"}
    assert belgian ^ french == {"company", "company_abroad"}


def test_every_requirement_asks_for_fields_and_checks_that_exist() -> None:
    for requirement in requirements.CHECKLIST:
        assert set(requirement.fields + requirement.optional) <= set(FIELDS)
        assert all(hasattr(Vendor, name) for name in requirement.fields + requirement.optional)
        assert bool(requirement.fields) + requirement.document + requirement.terms == 1
    assert len(requirements.BY_KIND) == len(requirements.CHECKLIST)


def test_a_vendor_that_gave_all_has_only_its_documents_to_be_judged(app: Flask) -> None:
    found = states(filled())
    assert {kind for kind, state in found.items() if state == R.PENDING} == set(DOCUMENTS)
    assert {state for kind, state in found.items() if not kind.endswith("_document")} == {R.COMPLETE}


def test_an_account_abroad_waits_for_a_reviewer(manager: User) -> None:
    vendor = filled()
    vetting.give(vendor, {"iban": "DE89370400440532013000", "bic": "COBADEFF"}, by=manager)
    assert states(vendor)["bank_account"] == R.PENDING


def test_a_wrong_number_entered_by_staff_leaves_the_item_open(manager: User) -> None:
    vendor = filled()
    vetting.give(vendor, {"siren": "123456789"}, by=manager)
    assert states(vendor)["company"] == R.INCOMPLETE
    assert states(vendor)["vat"] == R.INCOMPLETE


def test_a_judgement_stands_until_something_under_it_moves(manager: User) -> None:
    vendor = filled()
    vetting.give(vendor, {"iban": "DE89370400440532013000", "bic": "COBADEFF"}, by=manager)
    vetting.judge(vendor, "bank_account", Judgement.ACCEPT, by=manager)
    vetting.give(vendor, {"city": "Lyon"}, by=manager)
    assert states(vendor)["bank_account"] == R.COMPLETE
    vetting.give(vendor, {"account_holder": "Somebody Else"}, by=manager)
    assert states(vendor)["bank_account"] == R.PENDING


def test_new_terms_ask_for_acceptance_again(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    vendor = filled()
    assert states(vendor)["accept_terms"] == R.COMPLETE
    monkeypatch.setattr(vetting, "TERMS_VERSION", "2030-01")
    assert states(vendor)["accept_terms"] == R.INCOMPLETE


def test_a_revision_or_waiver_needs_words_and_nothing_given_is_not_accepted(manager: User) -> None:
    vendor = make_vendor(status=S.ONBOARDING)
    for judgement in (Judgement.REVISE, Judgement.WAIVE):
        with pytest.raises(Invalid):
            vetting.judge(vendor, "identity_document", judgement, by=manager, words=" ")
    with pytest.raises(IllegalMove):
        vetting.judge(vendor, "identity_document", Judgement.ACCEPT, by=manager)
    vetting.judge(vendor, "identity_document", Judgement.WAIVE, by=manager, words="Seen in person.")
    assert states(vendor)["identity_document"] == R.WAIVED


def test_the_vendor_reads_which_item_to_correct_and_why(manager: User) -> None:
    vendor = filled(S.READY_FOR_REVIEW)
    with pytest.raises(IllegalMove):
        lifecycle.request_revision(vendor, by=manager)
    vetting.judge(vendor, "identity_document", Judgement.REVISE, by=manager, words="The back side is missing.")
    lifecycle.request_revision(vendor, by=manager)
    assert vendor.status == S.ONBOARDING
    assert "- Identity document: The back side is missing." in mails()[-1].body


def test_a_file_in_review_is_closed_to_the_vendor_and_open_to_staff(manager: User) -> None:
    vendor = filled(S.READY_FOR_REVIEW)
    person = db.session.scalar(sa.select(User).where(User.vendor_id == vendor.id))
    with pytest.raises(IllegalMove):
        vetting.give(vendor, {"city": "Lyon"}, by=person)
    with pytest.raises(IllegalMove):
        vetting.send_document(vendor, "identity_document", picture(), "x.png", by=person)
    vetting.give(vendor, {"city": "Lyon"}, by=manager)
    assert vendor.city == "Lyon"


def test_what_changed_is_in_the_history_with_old_and_new(app: Flask, manager: User) -> None:
    vendor = make_vendor(city="Paris")
    login(app, manager).post(
        f"/vendors/{vendor.id}/edit",
        data={"name": vendor.name, "legal_form": "company", "country": "FR", "locale": "fr", "city": "Lyon"},
    )
    event = db.session.scalar(sa.select(AuditEvent).where(AuditEvent.verb == "vendor.edit"))
    assert event.changes["city"] == ["Paris", "Lyon"]
    assert "Lyon" in login(app, manager).get(f"/vendors/{vendor.id}").text


# Documents


@pytest.mark.parametrize("content", [b"%PDF-1.7\n1 0 obj\n%%EOF\n", picture().getvalue(), picture("JPEG").getvalue()])
def test_a_pdf_jpeg_or_png_is_taken_whatever_its_name(app: Flask, content: bytes) -> None:
    vendor = make_vendor(status=S.ONBOARDING)
    browser = login(app, own_user(vendor))
    sent = {"document": (io.BytesIO(content), "../../etc/passwd.exe")}
    assert browser.post("/onboarding/identity_document", data=sent).status_code == 302
    assert states(vendor)["identity_document"] == R.PENDING
    assert db.session.scalar(sa.select(VendorDocument)).file.name == "passwd.exe"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ\x90\x00 a program",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"%PDF-1.7 that never ends",
        picture().getvalue()[:40],
        b"GIF89a" + b"\0" * 50,
    ],
)
def test_anything_else_is_refused_with_a_sentence_and_leaves_nothing(app: Flask, content: bytes) -> None:
    vendor = make_vendor(status=S.ONBOARDING)
    browser = login(app, own_user(vendor))
    answer = browser.post("/onboarding/identity_document", data={"document": (io.BytesIO(content), "passport.pdf")})
    assert answer.status_code == 422
    assert "field-error" in answer.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(VendorDocument)) == 0


def test_a_document_too_large_or_with_too_many_pixels_is_refused(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    vendor = make_vendor(status=S.ONBOARDING)
    browser = login(app, own_user(vendor))
    large = io.BytesIO(b"%PDF-" + b"0" * (10 * 1024 * 1024) + b"%%EOF")
    answer = browser.post("/onboarding/identity_document", data={"document": (large, "large.pdf")})
    assert "larger than 10 MB" in answer.text
    monkeypatch.setattr("backoffice.vendors.documents.MAX_PIXELS", 100)
    assert browser.post("/onboarding/identity_document", data={"document": (picture(), "x.png")}).status_code == 422


def test_a_document_goes_to_its_vendor_and_staff_only_and_runs_nowhere(app: Flask, manager: User) -> None:
    vendor, other = filled(), make_vendor()
    document = vendor.documents[0]
    address = f"/vendors/{vendor.id}/documents/{document.id}"
    mine = db.session.scalar(sa.select(User).where(User.vendor_id == vendor.id))
    for person, status in ((manager, 200), (mine, 200), (own_user(other), 404), (make_user(Role.BUYER), 404)):
        assert login(app, person).get(address).status_code == status
    assert login(app, manager).get(f"/vendors/{other.id}/documents/{document.id}").status_code == 404
    answer = login(app, mine).get(address)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_a_new_document_replaces_the_refused_one_and_both_are_kept(manager: User) -> None:
    vendor = filled()
    vetting.judge(vendor, "identity_document", Judgement.REVISE, by=manager, words="Blurred.")
    person = db.session.scalar(sa.select(User).where(User.vendor_id == vendor.id))
    vetting.send_document(vendor, "identity_document", picture("JPEG"), "again.jpg", by=person)
    item = vetting.find_item(vendor, "identity_document")
    assert item.state == R.PENDING
    assert [document.file.name for document in item.documents] == ["again.jpg", "identity_document.png"]


# Coming in


APPLICATION = {
    "name": "L'Échoppe & Cie",
    "legal_form": "company",
    "country": "FR",
    "contact_name": "Anna Bell",
    "email": "Anna@echoppe.example",
    "phone": "01 42 68 53 00",
    "siren": "",
    "presentation": "Lamps.",
}


def test_anyone_may_apply_and_the_account_managers_hear_of_it(client: FlaskClient, manager: User) -> None:
    assert client.get("/apply").status_code == 200
    assert client.post("/apply", data=APPLICATION).status_code == 302
    vendor = db.session.scalar(sa.select(Vendor))
    assert (vendor.code, vendor.status, vendor.email) == ("l-echoppe-cie", S.PROSPECT, "anna@echoppe.example")
    assert vendor.phone == "+33142685300"
    assert db.session.scalar(sa.select(Notification.user_id)) == manager.id
    assert mails()[0].recipient == "anna@echoppe.example"


def test_an_application_keeps_what_was_typed_and_says_what_is_wrong(client: FlaskClient) -> None:
    answer = client.post("/apply", data={**APPLICATION, "siren": "123456789", "phone": "12"})
    assert answer.status_code == 422
    assert "check digit is wrong" in answer.text
    assert "not a number that exists" in answer.text
    assert "Anna Bell" in answer.text


def test_a_program_that_fills_the_trap_is_thanked_and_forgotten(client: FlaskClient) -> None:
    assert client.post("/apply", data={**APPLICATION, "fax": "1"}).status_code == 302
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Vendor)) == 0


def test_applications_are_slowed_down(client: FlaskClient) -> None:
    answers = [client.post("/apply", data=APPLICATION).status_code for _ in range(9)]
    assert answers == [302] * 8 + [429]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Vendor)) == 8


def test_codes_are_short_clean_and_unique(app: Flask) -> None:
    assert application.free_code("Été à la plage !") == "ete-a-la-plage"
    make_vendor(code="alpha")
    make_vendor(code="alpha-2")
    assert application.free_code("Alpha") == "alpha-3"
    assert application.free_code("漢字") == "vendor"


def test_inviting_needs_an_address_and_an_address_nobody_has(manager: User) -> None:
    with pytest.raises(IllegalMove):
        application.invite(make_vendor(status=S.PROSPECT, email=""), by=manager)
    with pytest.raises(Conflict):
        application.invite(make_vendor(status=S.PROSPECT, email=manager.email), by=manager)


def test_a_rejected_vendor_can_be_invited_again_with_its_own_user(manager: User) -> None:
    vendor = make_vendor(status=S.ONBOARDING)
    own_user(vendor, email=vendor.email, password_hash="x")
    lifecycle.reject(vendor, by=manager, reason="Too early.")
    lifecycle.move(vendor, Action.REOPEN, by=manager)
    application.invite(vendor, by=manager)
    assert vendor.status == S.INVITED
    assert "open again" in mails()[-1].subject
    assert db.session.scalar(sa.select(sa.func.count()).select_from(User).where(User.vendor_id == vendor.id)) == 1


# Lists


def test_lists_are_narrowed_by_state_manager_and_text(app: Flask, manager: User) -> None:
    make_vendor(name="Alpha", status=S.PROSPECT, account_manager_id=manager.id)
    make_vendor(name="Beta", city="Nantes")
    make_vendor(name="100% Gamma")

    def shown(**query: str) -> set[str]:
        select = portfolio.filtered(portfolio.Filters(**query), manager)
        return {vendor.name for vendor in db.session.scalars(select)}

    assert shown() == {"Alpha", "Beta", "100% Gamma"}
    assert shown(status="prospect") == {"Alpha"}
    assert shown(manager=str(manager.id)) == {"Alpha"}
    assert shown(manager="none") == {"Beta", "100% Gamma"}
    assert shown(text="nant") == {"Beta"}
    assert shown(text="%") == {"100% Gamma"}
    assert shown(status="nonsense", manager="9" * 40) == {"Alpha", "Beta", "100% Gamma"}


def test_the_list_costs_the_same_for_many_vendors(app: Flask, manager: User, queries: list[str]) -> None:
    for _ in range(12):
        make_vendor(account_manager_id=manager.id)
    browser = login(app, manager)
    queries.clear()
    assert browser.get("/vendors").status_code == 200
    assert browser.get("/vendors/board").status_code == 200
    assert len([statement for statement in queries if statement.startswith("SELECT")]) < 30


def test_a_vendors_page_stays_within_its_queries(app: Flask, manager: User, queries: list[str]) -> None:
    vendor = filled(S.READY_FOR_REVIEW)
    browser, address = login(app, manager), f"/vendors/{vendor.id}"
    db.session.expunge_all()
    queries.clear()
    assert browser.get(address).status_code == 200
    assert len([statement for statement in queries if statement.startswith("SELECT")]) <= 20


def test_the_export_says_what_the_list_says_and_runs_in_no_spreadsheet(app: Flask, manager: User) -> None:
    make_vendor(name="=HYPERLINK(1)", city="@cmd", phone="+33142685300")
    make_vendor(name="Beta", status=S.PROSPECT)
    answer = login(app, manager).get("/vendors.csv?status=live")
    rows = list(csv.DictReader(io.StringIO(answer.text), delimiter=";"))
    assert [row["name"] for row in rows] == ["'=HYPERLINK(1)"]
    assert rows[0]["city"] == "'@cmd"
    assert rows[0]["phone"] == "'+33142685300"


def test_the_board_shows_the_longest_waiting_first(app: Flask, manager: User) -> None:
    make_vendor(name="Young", status=S.READY_FOR_REVIEW)
    make_vendor(name="Old", status=S.READY_FOR_REVIEW, status_changed_at=now() - timedelta(days=9))
    column = {status: vendors for status, _number, vendors in portfolio.board()}[S.READY_FOR_REVIEW]
    assert [vendor.name for vendor in column] == ["Old", "Young"]
    assert login(app, manager).get("/vendors/board").text.index("Old") > 0


# Pages


def test_other_packages_hang_panels_on_the_page(app: Flask, manager: User, monkeypatch: pytest.MonkeyPatch) -> None:
    vendor = make_vendor()
    monkeypatch.setattr(panels, "PANELS", [])
    panels.add(lambda one: {"template": "vendors/applied.html", "context": {}} if one.id == vendor.id else None)
    assert "Your application has arrived" in login(app, manager).get(f"/vendors/{vendor.id}").text
    assert "Your application has arrived" not in login(app, manager).get(f"/vendors/{make_vendor().id}").text


def test_a_correction_asked_for_without_words_leads_back_to_its_item_and_says_so(app: Flask, manager: User) -> None:
    vendor, browser = filled(S.READY_FOR_REVIEW), login(app, manager)
    sent = {"judgement": Judgement.REVISE, "words": " ", "version": vendor.version}
    answer = browser.post(f"/vendors/{vendor.id}/requirements/identity_document", data=sent)
    assert (answer.status_code, answer.location.rpartition("#")[2]) == (302, "item-identity_document")
    assert "Say why, in words the vendor can act on." in browser.get(answer.location).text


def test_countries_are_listed_as_a_dictionary_has_them() -> None:
    listed = in_reading_order([("ET", "Éthiopie"), ("ZM", "Zambie"), ("ES", "Espagne"), ("FI", "Finlande")])
    assert [code for code, _ in listed] == ["ES", "ET", "FI", "ZM"]


def test_those_who_do_not_vet_see_no_decisions(app: Flask) -> None:
    vendor = filled(S.READY_FOR_REVIEW)
    page = login(app, make_user(Role.MEDIATOR)).get(f"/vendors/{vendor.id}").text
    assert "Identity document" in page
    assert 'name="judgement"' not in page
    assert 'name="action"' not in page


def test_a_vendor_sees_where_it_stands_in_every_state(app: Flask) -> None:
    for status in VendorStatus:
        vendor = make_vendor(status=status)
        browser = login(app, own_user(vendor))
        assert browser.get("/onboarding").status_code == 200
        assert browser.get("/company").status_code == 200
        assert browser.get("/onboarding/company").status_code == 200
        assert browser.get("/onboarding/no-such-item").status_code == 404


def test_a_bic_that_the_iban_tells_need_not_be_given(app: Flask) -> None:
    vendor = make_vendor(status=S.ONBOARDING, iban="", bic="")
    browser = login(app, own_user(vendor))
    form = {"account_holder": "Alpha SAS", "iban": "FR76 3000 6000 0112 3456 7890 189", "bic": ""}
    assert browser.post("/onboarding/bank_account", data=form).status_code == 302
    assert vendor.bic == "AGRIFRPPXXX"
    unknown = {**form, "iban": "BE68 5390 0754 7034"}
    answer = browser.post("/onboarding/bank_account", data=unknown)
    assert answer.status_code == 422
    assert vendor.iban.startswith("FR")


def test_a_field_left_empty_does_not_hide_what_is_wrong_in_another(app: Flask) -> None:
    vendor = make_vendor(status=S.ONBOARDING, iban="", bic="", locale="en")
    form = {"account_holder": "", "iban": "FR76 3000 6000 0112 3456 7890 188", "bic": ""}
    answer = login(app, own_user(vendor)).post("/onboarding/bank_account", data=form)
    assert answer.status_code == 422
    for name in ("account_holder", "iban", "bic"):
        assert f'id="{name}-error"' in answer.text, name
    assert vendor.iban == ""


def test_a_wrong_number_is_refused_at_its_field_and_kept(app: Flask) -> None:
    vendor = make_vendor(status=S.ONBOARDING, siren="", siret="")
    browser = login(app, own_user(vendor))
    form = {"legal_name": "Alpha SAS", "siren": "111 111 111", "siret": company_values(5)["siret"]}
    answer = browser.post("/onboarding/company", data=form)
    assert answer.status_code == 422
    assert "111 111 111" in answer.text
    assert vendor.siren == ""
    form = {"legal_name": "Alpha SAS", "siren": siren(5), "siret": company_values(5)["siret"]}
    assert browser.post("/onboarding/company", data=form).status_code == 302
    assert vendor.siren == siren(5)


def test_terms_need_a_name_and_a_tick(app: Flask) -> None:
    vendor = make_vendor(status=S.INVITED)
    person = own_user(vendor)
    browser = login(app, person)
    assert browser.post("/onboarding/accept_terms", data={"signer": "Anna"}).status_code == 422
    assert browser.post("/onboarding/accept_terms", data={"signer": "Anna", "accepted": "y"}).status_code == 302
    item = vetting.find_item(vendor, "accept_terms")
    assert item.result is not None
    assert item.result.given == {"version": requirements.TERMS_VERSION, "signer": "Anna", "user_id": person.id}
    assert vendor.status == S.ONBOARDING


def test_a_vendor_is_handed_over_and_the_history_says_from_whom(app: Flask, manager: User) -> None:
    vendor, other = make_vendor(account_manager_id=manager.id), make_user(Role.ACCOUNT_MANAGER)
    browser = login(app, manager)
    browser.post(f"/vendors/{vendor.id}/manager", data={"manager": str(other.id)})
    assert vendor.account_manager_id == other.id
    editor = make_user(Role.CONTENT_EDITOR)
    assert browser.post(f"/vendors/{vendor.id}/manager", data={"manager": str(editor.id)}).status_code == 422
    event = db.session.scalar(sa.select(AuditEvent).where(AuditEvent.verb == "vendor.assign"))
    assert event.changes["account_manager"] == [manager.display_name, other.display_name]


def test_every_state_and_act_has_words(app: Flask) -> None:
    for states_of in (VendorStatus, SuspensionReason, LegalForm, RequirementState, CheckResult, VendorSource, Action):
        assert words.missing(states_of) == []
    assert words.label(VendorStatus.REJECTED) != words.label(RequirementState.REJECTED)
    assert {f"vendor.{action}" for action in Action} <= set(VERBS)
    assert {f"vendor.item_{judgement}" for judgement in Judgement} <= set(VERBS)
