"""The pages of feeds and their API: added, changed, paused, and never a secret in sight."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from backoffice import jobs
from backoffice.audit import AuditEvent
from backoffice.extensions import db
from backoffice.permissions import Role
from backoffice.vendors.models import Vendor
from catalog.feeds.lifecycle import MOVES, Credential, FeedAction, FeedState, FetchOutcome
from catalog.feeds.models import Feed, FeedFetch
from tests.factories.accounts import login, make_user
from tests.factories.api import Program
from tests.factories.catalog import SHEET, csv_of, selling_vendor
from tests.factories.feeds import make_feed, shop_in_reach
from tests.factories.web import Shop

FORM = {"every": "day", "hour": "4", "weekday": "0", "credential": "none", "empty_cells": "keep"}

pytestmark = pytest.mark.usefixtures("quick_reading")


@pytest.fixture
def shop(app: Flask) -> Iterator[Shop]:
    """A vendor's server."""
    with shop_in_reach(app) as made:
        yield made


@pytest.fixture
def vendor(app: Flask) -> Vendor:
    """A vendor who may sell."""
    return selling_vendor()


@pytest.fixture
def browser(app: Flask, vendor: Vendor) -> FlaskClient:
    """The browser of the vendor's user, who reads English."""
    return login(app, make_user(Role.VENDOR_USER, vendor_id=vendor.id, locale="en"))


def _only() -> Feed:
    db.session.expire_all()
    return db.session.scalars(sa.select(Feed)).one()


def test_a_vendor_adds_a_feed_and_fetches_it_at_once(browser: FlaskClient, shop: Shop) -> None:
    shop.gives("/sheets.csv", csv_of([SHEET]))
    answer = browser.post("/feeds/new", data={**FORM, "address": shop.url("/sheets.csv", "127.0.0.1")})
    feed = _only()
    assert answer.location == f"/feeds/{feed.id}"
    assert feed.name == "127.0.0.1"
    browser.post(f"/feeds/{feed.id}/fetch")
    browser.post(f"/feeds/{feed.id}/fetch")
    jobs.drain()
    page = browser.get(f"/feeds/{feed.id}").text
    assert "new content" in page
    assert "import 1" in page or "/imports/" in page
    assert db.session.scalar(sa.select(sa.func.count(FeedFetch.id))) == 1
    assert "new content" in browser.get("/feeds").text


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"address": "ftp://shop.example/a.csv"}, "Only http and https"),
        ({"address": "https://me:pass@shop.example/a.csv"}, "The address holds a password"),
        ({"address": "https://shop.example:22/a.csv"}, "The port 22 is not allowed."),
        ({"address": "http://169.254.169.254/latest"}, "leads inside a network"),
        ({"address": "http://[::1]/a.csv"}, "leads inside a network"),
        ({"address": ""}, "Give the address."),
        ({"credential": "basic", "credential_name": "me"}, "Give the password or key."),
        ({"credential": "header", "secret": "k"}, "This is needed."),
        ({"credential": "header", "credential_name": "Host", "secret": "k"}, "This header cannot be set."),
        ({"credential": "header", "credential_name": "X-Key\r\nY: z", "secret": "k"}, "without accents or spaces"),
    ],
)
def test_a_feed_that_cannot_be_is_refused_at_its_field(browser: FlaskClient, form: dict[str, str], words: str) -> None:
    answer = browser.post("/feeds/new", data={**FORM, "address": "https://shop.example/a.csv", **form})
    assert answer.status_code == 422
    assert words in answer.text
    assert db.session.scalar(sa.select(sa.func.count(Feed.id))) == 0


def test_a_secret_is_on_no_page_and_stays_when_the_form_leaves_it_empty(browser: FlaskClient, vendor: Vendor) -> None:
    feed = make_feed(vendor, credential=Credential.BASIC, credential_name="shop", secret="s3cr3t", hour=6)
    for path in ("/feeds", f"/feeds/{feed.id}", f"/feeds/{feed.id}/edit", "/feeds.csv"):
        answer = browser.get(path)
        assert answer.status_code == 200
        assert "s3cr3t" not in answer.text
    edited = browser.get(f"/feeds/{feed.id}/edit").text
    assert 'value="shop"' in edited
    data = {**FORM, "credential": "basic", "credential_name": "shop", "hour": "5"}
    browser.post(f"/feeds/{feed.id}/edit", data={**data, "address": "https://shop.example/other.csv"})
    feed = _only()
    assert (feed.hour, feed.address, feed.secret) == (5, "https://shop.example/other.csv", "s3cr3t")


def test_a_kept_secret_does_not_follow_to_another_server(browser: FlaskClient, vendor: Vendor) -> None:
    feed = make_feed(vendor, credential=Credential.BASIC, credential_name="shop", secret="s3cr3t")
    data = {**FORM, "credential": "basic", "credential_name": "shop", "address": "https://elsewhere.example/a.csv"}
    answer = browser.post(f"/feeds/{feed.id}/edit", data=data)
    assert answer.status_code == 422
    assert "only for the server it was given for" in answer.text
    assert _only().address == "https://shop.example/sheets.csv"


def test_the_history_tells_what_changed_and_hides_keys_in_addresses(browser: FlaskClient, vendor: Vendor) -> None:
    feed = make_feed(vendor)
    data = {**FORM, "address": "https://shop.example/sheets.csv?key=s3cr3t", "every": "hour"}
    browser.post(f"/feeds/{feed.id}/edit", data=data)
    event = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.verb == "feed.change")).one()
    assert event.changes["every"] == ["day", "hour"]
    assert "s3cr3t" not in str(event.changes)
    assert "changed the feed" in browser.get(f"/feeds/{feed.id}").text


def test_a_feed_is_paused_removed_and_restored(browser: FlaskClient, vendor: Vendor) -> None:
    feed = make_feed(vendor, credential=Credential.BASIC, credential_name="shop", secret="s3cr3t")
    states = []
    for action in ("pause", "resume", "remove", "restore"):
        browser.post(f"/feeds/{feed.id}/act", data={"action": action})
        states.append(_only().state.value)
    assert states == ["paused", "active", "removed", "paused"]
    assert _only().secret == ""
    assert browser.post(f"/feeds/{feed.id}/act", data={"action": "pause"}).status_code == 409
    assert browser.post(f"/feeds/{feed.id}/act", data={"action": "stop"}).status_code == 422


def test_every_move_of_a_feed_leads_somewhere_and_a_removed_one_is_not_fetched(
    browser: FlaskClient, vendor: Vendor
) -> None:
    assert set(MOVES.values()) == set(FeedState)
    assert {action for _state, action in MOVES} == set(FeedAction)
    feed = make_feed(vendor)
    browser.post(f"/feeds/{feed.id}/act", data={"action": "remove"})
    assert browser.post(f"/feeds/{feed.id}/fetch").status_code == 409
    assert "Our sheets" not in browser.get("/feeds").text
    assert "Our sheets" in browser.get("/feeds?state=removed").text


def test_the_fetches_are_given_as_a_file_without_formulas(browser: FlaskClient, vendor: Vendor) -> None:
    from backoffice.clock import now

    feed = make_feed(vendor, name="=1+1")
    refusal = {"code": "status", "params": {"host": "shop.example", "status": 404}}
    db.session.add(FeedFetch(feed=feed, outcome=FetchOutcome.FAILED, started_at=now(), refusal=refusal))
    db.session.commit()
    assert "has nothing at this address (error 404)" in browser.get(f"/feeds/{feed.id}/fetches.csv").text
    assert "'=1+1" in browser.get("/feeds.csv").text


def test_the_list_of_feeds_costs_few_queries(app: Flask, vendor: Vendor, queries: list[str]) -> None:
    for number in range(12):
        make_feed(vendor, name=f"Feed {number}")
    staff = login(app, make_user(Role.ACCOUNT_MANAGER, locale="en"))
    staff.get("/feeds")
    queries.clear()
    assert staff.get("/feeds").status_code == 200
    assert len(queries) <= 12


def test_a_program_adds_a_feed_and_reads_how_it_goes(app: Flask, vendor: Vendor, shop: Shop) -> None:
    shop.gives("/sheets.csv", csv_of([SHEET]))
    api = Program(app, vendor)
    body = {"address": shop.url("/sheets.csv", "127.0.0.1"), "every": "hour", "user": "me", "password": "s3cr3t"}
    made = api.post("/products/feeds", json=body)
    assert made.status_code == 201
    number = made.json["id"]
    assert api.post(f"/products/feeds/{number}/fetch").status_code == 202
    jobs.drain()
    listed = api.get("/products/feeds").json["items"]
    assert (listed[0]["credential"], listed[0]["last"]["outcome"], listed[0]["failures"]) == ("basic", "imported", 0)
    assert "s3cr3t" not in made.text + str(listed)
    report = api.get(f"/products/imports/{listed[0]['last']['import']}").json
    assert (report["status"], report["lines_in_success"]) == ("done", 1)


def test_a_program_is_told_what_is_wrong_with_an_address(app: Flask, vendor: Vendor) -> None:
    api = Program(app, vendor)
    answer = api.post("/products/feeds", json={"address": "file:///etc/passwd"})
    assert answer.status_code == 422
    assert "address" in answer.json["error"]["details"]
    other = Program(app, selling_vendor())
    feed = make_feed(vendor)
    assert other.post(f"/products/feeds/{feed.id}/fetch").status_code == 404
