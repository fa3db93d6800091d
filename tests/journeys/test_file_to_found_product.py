"""A vendor's file becomes a product that a customer finds, as its people walk it: send, confirm, read, mend, find."""

from __future__ import annotations

import io
import re

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from backoffice import jobs
from backoffice.clock import now
from backoffice.extensions import db
from backoffice.notifications import Notification, OutgoingMail
from backoffice.permissions import Role
from backoffice.vendors.models import VendorStatus
from catalog.models import Import, Listing, ListingStatus
from catalog.publishing import vendor_changed
from tests.factories.accounts import login, make_user
from tests.factories.vendors import make_vendor

# As a small shop's spreadsheet writes it: its own headers, Windows letters, capitals, HTML, a wrong barcode.
FILE = (
    "Réf;Désignation;Descriptif;Fabricant;Prix TTC;Gencod;Qté\n"
    "CM-1;CAFETIERE A CAPSULES NESPRESSO ESSENZA MINI NOIRE;<p>Compacte, réservoir 0,6 L, 19 bars.</p>;Krups;89,90 €;;12\n"
    "CM-2;Machine à expresso pour dosettes;Fonctionne avec les capsules Nespresso, 1200 W.;De'Longhi;119,00 €;;3\n"
    "CM-3;Bouilloire électrique inox 1,7 L;Bouilloire 2200 W.;Moulinex;39,90 €;3045386381457;5\n"
)


def _send(browser: FlaskClient, text: str, name: str) -> Import:
    """Send a file, look at its preview, and start it with the mapping as proposed."""
    form = {"empty_cells": "keep", "file": (io.BytesIO(text.encode("cp1252")), name)}
    address = browser.post("/imports/new", data=form).headers["Location"]
    preview = browser.get(address).text
    chosen = {}
    for place, select in re.findall(
        r'<select class="form-select" name="(column-\d+)".*?>(.*?)</select>', preview, re.S
    ):
        value = re.search(r'value="(\w*)" selected', select)
        chosen[place] = value.group(1) if value else ""
    assert {"title", "id", "price", "brand", "gtin", "stock", "description"} <= set(chosen.values())
    assert browser.post(f"{address}/start", data=chosen).status_code == 302
    jobs.drain()
    return db.session.get_one(Import, int(address.rsplit("/", 1)[1]))


def test_a_file_becomes_products_that_are_found(app: Flask) -> None:
    vendor = make_vendor(status=VendorStatus.LIVE, name="Maison Test", locale="fr")
    seller = make_user(Role.VENDOR_USER, vendor_id=vendor.id, locale="fr")
    shop = login(app, seller)

    # The file is read without any setting; the wrong barcode is told on its line, the others are taken.
    run = _send(shop, FILE, "catalogue été.csv")
    assert (run.encoding, run.lines_in_success, run.lines_in_error) == ("cp1252", 2, 1)
    report = shop.get(f"/imports/{run.id}").text
    assert "Le code-barres « 3045386381457 » est faux." in report
    told = db.session.scalars(sa.select(Notification).where(Notification.user_id == seller.id)).all()
    assert [one.kind for one in told] == ["import_done"]
    assert db.session.scalar(sa.select(OutgoingMail).where(OutgoingMail.recipient == seller.email)) is not None

    # Capitals and HTML are gone from the page, and the vendor sees why.
    first = db.session.scalars(sa.select(Listing).where(Listing.sku == "CM-1")).one()
    assert first.title == "Cafetière à capsules Nespresso Essenza Mini noire"
    sheet = shop.get(f"/sheets/{first.id}").text
    assert "CAFETIERE A CAPSULES" in sheet
    assert "Remet en minuscules un titre tout en majuscules" in sheet

    # A customer's words find it, and the sheet that only says it in its description.
    editor = login(app, make_user(Role.CONTENT_EDITOR, locale="fr"))
    found = editor.get("/products?q=cafetière Nespresso").text
    assert "capsules Nespresso Essenza Mini noire" in re.sub(r"</?mark>", "", found)
    assert "89,90\u00a0€" in found
    assert "expresso pour dosettes" in editor.get("/products?q=Nespresso").text

    # The editor takes the missing keyword; the corrected line is sent again and nothing else moves.
    second = db.session.scalars(sa.select(Listing).where(Listing.sku == "CM-2")).one()
    term = next(one["term"] for one in second.keywords if "Nespresso" in one["term"])
    form = {"version": second.version, "term": term, "decision": "accept"}
    assert editor.post(f"/sheets/{second.id}/keyword", data=form).status_code == 302
    jobs.drain()
    again = _send(shop, FILE.replace("3045386381457", "3045386381456"), "catalogue corrigé.csv")
    assert (again.lines_updated, again.lines_unchanged, again.lines_in_error) == (1, 2, 0)
    db.session.expire_all()
    statuses = {one.sku: one.status for one in db.session.scalars(sa.select(Listing))}
    assert set(statuses.values()) == {ListingStatus.PUBLISHED}
    assert "Bouilloire" in editor.get("/products?q=bouilloire").text
    assert db.session.get_one(Listing, second.id).keywords != []


def test_nothing_is_found_before_the_vendor_is_approved_and_everything_after(app: Flask) -> None:
    vendor = make_vendor(status=VendorStatus.ONBOARDING, locale="fr")
    seller = login(app, make_user(Role.VENDOR_USER, vendor_id=vendor.id))
    editor = login(app, make_user(Role.CONTENT_EDITOR))
    _send(seller, FILE, "a.csv")
    assert "No product found" in editor.get("/products?q=Nespresso").text
    vendor = db.session.get_one(type(vendor), vendor.id)
    vendor.status, vendor.approved_at = VendorStatus.LIVE, now()
    vendor_changed(vendor)
    db.session.commit()
    jobs.drain()
    assert "No product found" not in editor.get("/products?q=Nespresso").text
