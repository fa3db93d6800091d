"""A feed from its turn to its import, against a server of this machine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, current_app

from backoffice import clock, jobs
from backoffice.accounts.models import User
from backoffice.audit import AuditEvent
from backoffice.extensions import db
from backoffice.notifications import Notification, OutgoingMail
from backoffice.permissions import Role
from backoffice.vendors.models import Vendor, VendorStatus
from catalog.feeds import keeping, turns, words
from catalog.feeds.lifecycle import Credential, FeedAction, FeedState, FetchOutcome
from catalog.feeds.models import Feed, FeedFetch
from catalog.feeds.schedule import MOST_FAILURES
from catalog.intake.refusals import TEXTS
from catalog.models import Import, ImportStatus, ListingStatus
from tests.factories.accounts import make_user
from tests.factories.catalog import SHEET, csv_of, import_rows, listing_of, selling_vendor
from tests.factories.feeds import fetch_now, make_feed, shop_in_reach
from tests.factories.web import Shop

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


def _file(**row: str) -> bytes:
    return csv_of([{**SHEET, **row}])


def _feed(vendor: Vendor, shop: Shop, path: str = "/sheets.csv", **values: object) -> Feed:
    return make_feed(vendor, shop.url(path, "127.0.0.1"), **values)  # type: ignore[arg-type]


def _fetches(feed: Feed) -> list[FeedFetch]:
    return list(db.session.scalars(sa.select(FeedFetch).where(FeedFetch.feed_id == feed.id).order_by(FeedFetch.id)))


def _outcomes(feed: Feed) -> list[str]:
    return [one.outcome.value for one in _fetches(feed)]


def test_a_feed_is_imported_as_a_file_that_was_sent(vendor: Vendor, shop: Shop) -> None:
    shop.gives("/sheets.csv", _file(), Content_Type="text/csv")
    feed = _feed(vendor, shop)
    fetch_now(feed)
    fetched = _fetches(feed)[0]
    assert (fetched.outcome, fetched.size) == (FetchOutcome.IMPORTED, len(_file()))
    assert fetched.run is not None
    assert (fetched.run.status, fetched.run.lines_created) == (ImportStatus.DONE, 1)
    assert fetched.run.file.name == "sheets.csv"
    assert listing_of(vendor).status == ListingStatus.PUBLISHED


def test_a_server_that_has_nothing_new_is_believed(vendor: Vendor, shop: Shop) -> None:
    shop.gives("/sheets.csv", _file(), ETag='"v1"', Last_Modified="Mon, 23 Nov 2026 07:00:00 GMT")
    feed = _feed(vendor, shop)
    fetch_now(feed)
    shop.gives("/sheets.csv", status=304)
    fetch_now(feed)
    asked = shop.seen[-1][1]
    assert (asked["if-none-match"], asked["if-modified-since"]) == ('"v1"', "Mon, 23 Nov 2026 07:00:00 GMT")
    assert _outcomes(feed) == ["imported", "unchanged"]
    assert db.session.scalar(sa.select(sa.func.count(Import.id))) == 1


def test_the_same_content_is_imported_once_and_another_is_imported(vendor: Vendor, shop: Shop) -> None:
    shop.gives("/sheets.csv", _file())
    feed = _feed(vendor, shop)
    fetch_now(feed)
    fetch_now(feed)
    shop.gives("/sheets.csv", _file(prix="79,90 €"))
    fetch_now(feed)
    assert _outcomes(feed) == ["imported", "unchanged", "imported"]
    assert listing_of(vendor).price_minor == 7990


def test_a_full_replacement_withdraws_what_the_feed_no_longer_holds(vendor: Vendor, shop: Shop) -> None:
    import_rows(vendor, *({"sku": f"S{n}", "titre": f"Théière en fonte n° {n}"} for n in range(9)))
    kept = csv_of([{**SHEET, "sku": f"S{n}", "titre": f"Théière en fonte n° {n}"} for n in range(8)])
    shop.gives("/sheets.csv", kept)
    fetch_now(_feed(vendor, shop, full_replacement=True))
    assert listing_of(vendor, "S8").status == ListingStatus.WITHDRAWN
    assert listing_of(vendor, "S7").status == ListingStatus.PUBLISHED


def test_an_import_that_waits_for_a_person_is_told_and_puts_the_next_off(vendor: Vendor, shop: Shop) -> None:
    user = make_user(Role.VENDOR_USER, vendor_id=vendor.id)
    import_rows(vendor, *({"sku": f"S{n}", "titre": f"Théière en fonte n° {n}"} for n in range(9)))
    shop.gives("/sheets.csv", _file(sku="S1"))
    feed = _feed(vendor, shop, full_replacement=True)
    fetch_now(feed)
    assert _fetches(feed)[0].run.status == ImportStatus.AWAITING_CONFIRMATION  # type: ignore[union-attr]
    turns.open_turns()
    turns.open_turns()
    assert _told(user) == ["feed_withdraws"]
    shop.gives("/sheets.csv", _file(sku="S2"))
    fetch_now(feed)
    assert _outcomes(feed) == ["imported", "busy"]


def _told(user: User) -> list[str]:
    return list(db.session.scalars(sa.select(Notification.kind).where(Notification.user_id == user.id)))


def test_a_file_whose_title_is_not_found_waits_for_its_columns(vendor: Vendor, shop: Shop) -> None:
    user = make_user(Role.VENDOR_USER, vendor_id=vendor.id)
    shop.gives("/sheets.csv", b"zz;qq\n1;2\n3;4\n")
    feed = _feed(vendor, shop)
    fetch_now(feed)
    turns.open_turns()
    assert _fetches(feed)[0].run.status == ImportStatus.UPLOADED  # type: ignore[union-attr]
    assert _told(user) == ["feed_columns"]


def test_a_failure_is_told_in_words_and_tried_again_later(vendor: Vendor, shop: Shop) -> None:
    shop.gives("/sheets.csv", status=503)
    feed = _feed(vendor, shop)
    with clock.frozen(datetime(2026, 11, 22, 9, 0, tzinfo=UTC)):
        fetch_now(feed)
    failed = _fetches(feed)[0]
    assert (failed.outcome, failed.refusal["code"], feed.failures) == (FetchOutcome.FAILED, "status", 1)
    assert words.failure(failed, "en") == "The server “127.0.0.1” answered with the error 503."
    assert words.failure(failed, "fr") == "Le serveur « 127.0.0.1 » a répondu par l’erreur 503."
    assert feed.next_at == datetime(2026, 11, 22, 9, 10, tzinfo=UTC)
    shop.gives("/sheets.csv", _file())
    fetch_now(feed)
    assert (feed.failures, _outcomes(feed)) == (0, ["failed", "imported"])


def test_a_feed_that_keeps_failing_stops_and_tells_vendor_and_manager(vendor: Vendor, shop: Shop) -> None:
    user = make_user(Role.VENDOR_USER, vendor_id=vendor.id)
    manager = make_user(Role.ACCOUNT_MANAGER)
    vendor.account_manager_id = manager.id
    shop.gives("/sheets.csv", status=404)
    feed = _feed(vendor, shop)
    for _turn in range(MOST_FAILURES):
        assert feed.state == FeedState.ACTIVE
        fetch_now(feed)
    assert feed.state == FeedState.STOPPED
    assert (_told(user), _told(manager)) == (["feed_stopped"], ["feed_stopped"])
    assert db.session.scalar(sa.select(sa.func.count(OutgoingMail.id))) == 2
    keeping.act(feed, FeedAction.RESUME, by=user)
    assert (feed.state, feed.failures) == (FeedState.ACTIVE, 0)


@pytest.mark.parametrize("code", TEXTS)
def test_nobody_is_asked_to_send_a_feed_s_file_again(code: str) -> None:
    failed = FeedFetch(refusal={"code": code, "params": {"name": "flux.csv"}})
    french, english = words.failure(failed, "fr"), words.failure(failed, "en")
    assert french.endswith(".")
    assert "nvoyez" not in french
    assert "send" not in english.lower()


@pytest.mark.parametrize(
    "refusal", [{"code": "web_page"}, {"code": "unexpected_type", "params": {"found": "text/html; charset=utf-8"}}]
)
def test_a_web_page_at_a_feed_s_address_is_told_as_one(refusal: dict[str, Any]) -> None:
    said = words.failure(FeedFetch(refusal=refusal), "fr")
    assert said.startswith("L’adresse a répondu par une page web (HTML) au lieu d’un fichier de produits")


def test_a_file_that_cannot_be_read_is_a_failure_until_it_is_mended(vendor: Vendor, shop: Shop) -> None:
    shop.gives("/sheets.csv", b"%PDF-1.4 \x00\x01", ETag='"v1"')
    feed = _feed(vendor, shop)
    fetch_now(feed)
    fetch_now(feed)
    assert (_outcomes(feed), feed.failures, feed.etag) == (["failed", "failed"], 2, "")
    assert words.failure(_fetches(feed)[0], "en")


def test_a_page_to_log_in_is_not_taken_for_a_file(vendor: Vendor, shop: Shop) -> None:
    shop.gives("/sheets.csv", b"<html>Log in", Content_Type="text/html; charset=utf-8")
    feed = _feed(vendor, shop)
    fetch_now(feed)
    assert _fetches(feed)[0].refusal["code"] == "unexpected_type"


def test_a_feed_that_leads_inside_is_refused(app: Flask, vendor: Vendor, shop: Shop) -> None:
    feed = _feed(vendor, shop)
    app.config["EGRESS_NETWORKS"] = ()
    fetch_now(feed)
    assert (_fetches(feed)[0].refusal["code"], shop.seen) == ("not_public", [])


@pytest.mark.parametrize(
    ("credential", "name", "header", "expected"),
    [
        (Credential.BASIC, "shop", "authorization", "Basic c2hvcDpzM2NyM3Q="),
        (Credential.HEADER, "X-Api-Key", "x-api-key", "s3cr3t"),
    ],
)
def test_a_credential_goes_to_the_server_and_nowhere_else(
    vendor: Vendor, shop: Shop, credential: Credential, name: str, header: str, expected: str
) -> None:
    shop.gives("/sheets.csv", _file())
    feed = _feed(vendor, shop, credential=credential, credential_name=name, secret="s3cr3t")
    fetch_now(feed)
    assert shop.seen[0][1][header] == expected
    said = [str(event.changes) for event in db.session.scalars(sa.select(AuditEvent))]
    said += [str(job.arguments) + job.error for job in db.session.scalars(sa.select(jobs.Job))]
    assert not any("s3cr3t" in one for one in said)


def test_a_secret_sealed_with_another_key_is_asked_for_again_and_not_sent_empty(
    vendor: Vendor, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.gives("/sheets.csv", _file())
    feed = _feed(vendor, shop, credential=Credential.BASIC, credential_name="shop", secret="s3cr3t")
    db.session.expire_all()
    monkeypatch.setitem(current_app.config, "SECRET_KEY", "another key altogether, of thirty-two letters")
    monkeypatch.delitem(current_app.extensions, "seals")
    fetch_now(feed)
    assert (_fetches(feed)[0].refusal["code"], shop.seen) == ("secret_lost", [])


def test_a_turn_is_opened_once_and_the_next_is_set(vendor: Vendor, shop: Shop) -> None:
    shop.gives("/sheets.csv", _file())
    feed = _feed(vendor, shop)
    before = feed.next_at
    turns.open_turns()
    assert _outcomes(feed) == []
    with clock.frozen(before + timedelta(minutes=1)):
        turns.open_turns()
        db.session.commit()
        turns.open_turns()
        db.session.commit()
        jobs.drain()
        db.session.expire_all()
        assert _outcomes(feed) == ["imported"]
        assert feed.next_at == before + timedelta(days=1)


@pytest.mark.parametrize("state", [FeedState.PAUSED, FeedState.STOPPED, FeedState.REMOVED])
def test_a_feed_that_rests_is_not_opened(vendor: Vendor, shop: Shop, state: FeedState) -> None:
    feed = _feed(vendor, shop)
    feed.state, feed.next_at = state, clock.now() - timedelta(hours=1)
    turns.open_turns()
    assert db.session.scalar(sa.select(jobs.Job.id).where(jobs.Job.kind == "catalog.fetch_feed")) is None


def test_the_feed_of_a_vendor_who_is_gone_is_not_opened(vendor: Vendor, shop: Shop) -> None:
    feed = _feed(vendor, shop)
    vendor.status, feed.next_at = VendorStatus.TERMINATED, clock.now() - timedelta(hours=1)
    turns.open_turns()
    assert db.session.scalar(sa.select(jobs.Job.id).where(jobs.Job.kind == "catalog.fetch_feed")) is None
