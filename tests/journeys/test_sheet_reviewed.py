"""A doubtful sheet reviewed at the desk as its editor walks it: queue, correction, sending back, acceptance."""

from __future__ import annotations

import re

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from backoffice import jobs
from backoffice.audit import AuditEvent
from backoffice.extensions import db
from backoffice.permissions import Role
from catalog.models import Listing, ListingStatus
from catalog.search import sync
from catalog.search.queries import Query
from tests.factories.accounts import login, make_user
from tests.factories.catalog import import_rows, listing_of, selling_vendor

NAMES = ("THEIERE EN FONTE", "BOUILLOIRE ELECTRIQUE", "MOULIN A POIVRE")


def _press(browser: FlaskClient, listing: Listing, act: str, **form: object) -> str:
    """Press a button of the desk with the version its page shows, and return the page it leads to."""
    page = browser.get(f"/review/{listing.id}").text
    version = re.search(r'name="version" value="(\d+)"', page)
    following = re.search(r'name="next" value="(\d*)"', page)
    assert version is not None
    assert following is not None
    sent = {"version": version.group(1), "next": following.group(1), **form}
    answer = browser.post(f"/sheets/{listing.id}/{act}", data=sent)
    assert answer.status_code == 302
    jobs.drain()
    return browser.get(answer.headers["Location"]).text


def test_a_queue_is_worked_through(app: Flask) -> None:
    vendor = selling_vendor(name="Maison Exemple")
    seller = make_user(Role.VENDOR_USER, vendor_id=vendor.id, locale="fr")
    rows = [
        {"sku": f"S{number}", "titre": name, "description": f"{name}. Une question ? Appelez le 06 12 34 56 78."}
        for number, name in enumerate(NAMES)
    ]
    import_rows(vendor, *rows)
    editor = make_user(Role.CONTENT_EDITOR, name="Élodie", locale="en")
    desk = login(app, editor)
    assert "Sheets to review" in desk.get("/").text

    # Correct the first title, take one change of the machine back, then accept: the next sheet is shown.
    first, second, third = (listing_of(vendor, f"S{number}") for number in range(3))
    page = _press(desk, first, "correct", attribute="title", value="Théière Krups en fonte")
    assert "Value corrected." in page
    assert "corrected by hand" in page
    rule = next(one["rule"] for one in listing_of(vendor, "S0").changes if one["attribute"] == "description")
    assert "Change taken back." in _press(desk, first, "change", rule=rule, attribute="description")
    page = _press(desk, first, "accept")
    assert "“Théière Krups en fonte” accepted." in page
    assert f'aria-current="true" data-queue-link><span class="queue-label">{second.title}' in page
    assert sync.engine().search(Query("théière")).total == 1

    # Send the second back with two reasons; its vendor reads both, mends the line, and the sheet is shown.
    form = {"issue": "contact_in_text:description", "reason-attribute": "title", "reason-words": "Dites la contenance."}
    assert "sent back to Maison Exemple" in _press(desk, second, "send-back", **form)
    shop = login(app, seller)
    notices = shop.get("/notifications").text
    assert "renvoyée" in notices or "sent back" in notices
    sheet = shop.get(f"/sheets/{second.id}").text
    assert "Dites la contenance." in sheet
    assert "un téléphone" in sheet
    import_rows(vendor, {**rows[1], "titre": "Bouilloire électrique 1,7 L", "description": "Bouilloire de 1,7 L."})
    assert listing_of(vendor, "S1").status == ListingStatus.PUBLISHED

    # Reject the third with the reason that its vendor reads; the queue is empty.
    page = _press(desk, third, "act", action="reject", reason="Article interdit.")
    assert "The queue is empty" in page
    assert "Article interdit." in desk.get(f"/sheets/{third.id}").text
    mine = desk.get("/review?tab=mine").text
    assert "Théière Krups en fonte" in mine
    acts = sa.select(AuditEvent.verb).where(AuditEvent.actor_id == editor.id).order_by(AuditEvent.id)
    assert list(db.session.scalars(acts)) == [
        "listing.correct", "listing.undo_change", "listing.accept", "listing.send_back", "listing.reject",
    ]  # fmt: skip
