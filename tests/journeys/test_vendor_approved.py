"""A vendor's way in, as its people walk it: prospect, invitation, checklist, correction, approval."""

from __future__ import annotations

import io
import re
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from backoffice import jobs
from backoffice.audit import AuditEvent
from backoffice.extensions import db
from backoffice.notifications import OutgoingMail
from backoffice.permissions import Role
from backoffice.vendors.lifecycle import can_sell
from backoffice.vendors.models import Vendor, VendorStatus
from tests.factories.accounts import login, make_user
from tests.factories.vendors import company_values

NUMBERS = company_values(4242)
PROFILE = {"name": "Atelier Lumen", "street": "1 rue des Essais", "postcode": "69001", "city": "Lyon", "locale": "en"}
ANSWERS = {
    "complete_profile": PROFILE,
    "contact": {"contact_name": "Anna Bell", "email": "anna@lumen.example", "phone": "01 42 68 53 00"},
    "company": {"legal_name": "Atelier Lumen SAS", "siren": NUMBERS["siren"], "siret": NUMBERS["siret"]},
    "vat": {"vat_number": NUMBERS["vat_number"]},
    "bank_account": {"account_holder": "ATELIER LUMEN", "iban": NUMBERS["iban"], "bic": NUMBERS["bic"]},
    "accept_terms": {"signer": "Anna Bell", "accepted": "y"},
}


def scan(name: str) -> dict[str, tuple[io.BytesIO, str]]:
    """Return a form with a scanned page."""
    out = io.BytesIO()
    Image.new("L", (60, 80), 255).save(out, "JPEG")
    out.seek(0)
    return {"document": (out, name)}


def last_mail() -> OutgoingMail:
    mail = db.session.scalar(sa.select(OutgoingMail).order_by(OutgoingMail.id.desc()))
    assert mail is not None
    return mail


def act(browser: FlaskClient, vendor: Vendor, action: str, reason: str = "") -> int:
    """Press a button of the vendor's page, with the version that the page shows."""
    page = browser.get(f"/vendors/{vendor.id}").text
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version is not None
    form = {"action": action, "reason": reason, "version": version.group(1)}
    return browser.post(f"/vendors/{vendor.id}/act", data=form).status_code


def test_a_prospect_becomes_a_vendor_that_may_sell(app: Flask) -> None:
    manager = make_user(Role.ACCOUNT_MANAGER, name="Marc")
    desk = login(app, manager)

    # Marc enters a prospect and invites it.
    prospect = {
        "name": "Lumen",
        "legal_form": "company",
        "country": "FR",
        "locale": "en",
        "email": "anna@lumen.example",
    }
    assert desk.post("/vendors/new", data={**prospect, "contact_name": "Anna Bell"}).status_code == 302
    vendor = db.session.scalars(sa.select(Vendor)).one()
    assert vendor.account_manager_id == manager.id
    assert act(desk, vendor, "approve") == 409
    assert act(desk, vendor, "invite") == 302

    # Anna follows the link of the mail, as written to the mail folder, and chooses a password.
    invitation = last_mail().id
    jobs.drain()
    mail = (Path(app.config["MAIL_FOLDER"]) / f"{invitation:06d}.eml").read_text()
    link = re.search(r"http://localhost(/join/\S+)", mail.replace("=\n", ""))
    assert link is not None
    shop = app.test_client()
    shop.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    password = "lantern orbit 7 walnut"
    assert (
        shop.post(link.group(1), data={"name": "Anna Bell", "password": password, "again": password}).status_code == 302
    )
    assert vendor.status == VendorStatus.ONBOARDING

    # She fills in the checklist; a mistyped number is refused at its field; handing in too early too.
    assert shop.post("/onboarding/submit").status_code == 409
    wrong = {**ANSWERS["company"], "siret": NUMBERS["siret"][:-1] + "x"}
    assert shop.post("/onboarding/company", data=wrong).status_code == 422
    for kind, answer in ANSWERS.items():
        assert shop.post(f"/onboarding/{kind}", data=answer).status_code == 302, kind
    assert shop.post("/onboarding/identity_document", data=scan("front.jpg")).status_code == 302
    assert shop.post("/onboarding/registration_document", data=scan("kbis.jpg")).status_code == 302
    assert shop.post("/onboarding/submit").status_code == 302
    assert vendor.status == VendorStatus.READY_FOR_REVIEW
    assert last_mail().recipient == manager.email
    assert not can_sell(vendor)

    # Marc reads the evidence, accepts one document and asks for the other again, in words.
    page = desk.get(f"/vendors/{vendor.id}").text
    assert "The SIRET" in page
    assert "front.jpg" in page
    items = f"/vendors/{vendor.id}/requirements"
    assert desk.post(f"{items}/registration_document", data={"judgement": "accept"}).status_code == 302
    words = {"judgement": "revise", "words": "The back side is missing."}
    assert desk.post(f"{items}/identity_document", data=words).status_code == 302
    assert act(desk, vendor, "approve") == 409
    assert act(desk, vendor, "request_revision", "Almost there!") == 302
    assert "The back side is missing." in last_mail().body
    assert "Almost there!" in last_mail().body

    # Anna reads the words where she mends it, and hands in again.
    assert "The back side is missing." in shop.get("/onboarding").text
    assert shop.post("/onboarding/identity_document", data=scan("both-sides.jpg")).status_code == 302
    assert shop.post("/onboarding/submit").status_code == 302

    # Marc approves; Anna is told under the bell and by mail, and the history says it all.
    assert desk.post(f"{items}/identity_document", data={"judgement": "accept"}).status_code == 302
    assert act(desk, vendor, "approve", "Welcome, Anna.") == 302
    assert can_sell(vendor)
    assert last_mail().recipient == "anna@lumen.example"
    assert "Welcome, Anna." in last_mail().body
    assert "Atelier Lumen is approved" in shop.get("/notifications").text
    assert "Send your first product sheets" in shop.get("/").text
    verbs = db.session.scalars(
        sa.select(AuditEvent.verb).where(AuditEvent.verb.like("vendor.%")).order_by(AuditEvent.id)
    )
    moves = [
        verb
        for verb in verbs
        if verb.split(".")[1] in ("enter", "invite", "start", "submit", "request_revision", "approve")
    ]
    assert [verb.split(".")[1] for verb in moves] == [
        *("enter", "invite", "start", "submit", "request_revision", "submit", "approve")
    ]
    jobs.drain()
    assert jobs.status()["failed"] == 0
