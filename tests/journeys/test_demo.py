"""The demo: loaded once through the real pipeline, then looked at as each of its people does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from stdnum import ean

from backoffice import serving, things, words
from backoffice.accounts.models import User
from backoffice.audit import AuditEvent
from backoffice.clock import now
from backoffice.demo import people
from backoffice.extensions import db
from backoffice.jobs import Job, JobState
from backoffice.notifications import OutgoingMail
from backoffice.orders.models import Order, OrderLine, OrderStatus
from backoffice.vendors.models import Vendor, VendorStatus
from catalog.demo import assortment, baskets, vendor_files, vendor_sheets
from catalog.lifecycle import ListingStatus
from catalog.models import Import, ImportStatus, Listing, Product, Proposal, ProposalState, SearchCount
from catalog.search import sync
from catalog.search.queries import Query
from disputes.demo.stories import stories
from disputes.models import Dispute, DisputeTimer
from disputes.vocabulary import Status
from tests.journeys.conftest import PASSWORD, demo_app

SHOWN = [person for person in people.PEOPLE if person.shown]


def count(query: Any) -> int:
    table = query if isinstance(query, sa.Select) else sa.select(sa.func.count()).select_from(query)
    return db.session.scalar(table) or 0


def by_state(column: Any) -> dict[str, int]:
    return dict(db.session.execute(sa.select(column, sa.func.count()).group_by(column)).all())


def test_the_accounts_are_printed_with_the_address_and_the_password_of_the_setting(loaded: tuple[Flask, str]) -> None:
    assert "http://127.0.0.1:5000" in loaded[1]
    for person in SHOWN:
        assert person.email in loaded[1]
    assert loaded[1].count(PASSWORD) == len(SHOWN) == 6


def test_a_second_load_changes_nothing_and_prints_the_accounts_again(demo: Flask) -> None:
    before = count(AuditEvent)
    db.session.rollback()
    result = demo.test_cli_runner().invoke(args=["demo", "load", "--port", "5001"])
    assert result.exit_code == 0
    assert "http://127.0.0.1:5001" in result.stdout
    assert count(AuditEvent) == before


def test_the_demo_is_loaded_and_served_by_one_start(demo: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[dict[str, Any]] = []
    monkeypatch.setattr(serving, "run", lambda **where: served.append(where))
    result = demo.test_cli_runner().invoke(args=["demo", "load", "--serve", "--port", "5001"])
    assert result.exit_code == 0
    assert served == [{"host": "127.0.0.1", "port": 5001}]


def test_every_act_of_the_history_and_its_thing_have_words(demo: Flask) -> None:
    acts = db.session.execute(sa.select(AuditEvent.verb, AuditEvent.object_type).distinct()).all()
    assert {verb for verb, _table in acts} <= words.known_verbs()
    assert {table for _verb, table in acts} <= set(things.known())


def test_five_vendors_send_400_sheets_in_five_forms_and_every_line_is_accounted_for(demo: Flask) -> None:
    assert count(Listing) == 400
    runs = db.session.scalars(sa.select(Import).where(Import.status == ImportStatus.DONE)).all()
    assert {run.format for run in runs} == {"csv", "xlsx", "xml", "jsonl"}
    assert {run.encoding for run in runs} >= {"cp1252", "utf-8"}
    assert all(run.lines_in_success + run.lines_in_error == run.lines_read == run.lines_total for run in runs)
    assert by_state(Import.status).keys() == {ImportStatus.DONE, ImportStatus.REFUSED, ImportStatus.UPLOADED}


def test_sheets_stand_in_every_state_that_an_editor_meets(demo: Flask) -> None:
    states = by_state(Listing.status)
    assert states[ListingStatus.PUBLISHED] > 250
    for status in (
        ListingStatus.TO_REVIEW,
        ListingStatus.CHANGES_REQUESTED,
        ListingStatus.PENDING,
        ListingStatus.WITHDRAWN,
    ):
        assert states[status] > 0, status
    assert count(sa.select(sa.func.count()).where(Listing.flags != sa.literal([], Listing.flags.type))) > 0


def test_what_several_vendors_sell_meets_on_one_page_and_doubtful_pairs_wait(demo: Flask) -> None:
    shared = sa.select(Listing.product_id).group_by(Listing.product_id).having(sa.func.count() > 1)
    assert len(db.session.scalars(shared).all()) > 80
    assert by_state(Proposal.state)[ProposalState.PENDING] > 5


def test_cafetiere_nespresso_finds_the_sheet_that_was_given_the_word(demo: Flask) -> None:
    found = {hit.id for hit in sync.engine().search(Query("cafetière nespresso", "fr", limit=20)).hits}
    sheet = db.session.scalars(sa.select(Listing).where(Listing.sku == "MV-9002")).one()
    assert "nespresso" not in sheet.title.lower()
    assert sheet.product_id in found
    assert db.session.scalar(sa.select(sa.func.sum(SearchCount.empty))) > 0


def test_the_index_holds_what_the_database_says(demo: Flask) -> None:
    figures = sync.check()
    assert (figures["missing"], figures["stale"], figures["surplus"]) == (0, 0, 0)
    assert figures["database"] == count(sa.select(sa.func.count()).where(Product.merged_into_id.is_(None)))


def test_vendors_stand_along_the_whole_way(demo: Flask) -> None:
    states = by_state(Vendor.status)
    assert states[VendorStatus.LIVE] >= 3
    assert set(VendorStatus) - states.keys() == {VendorStatus.ON_VACATION, VendorStatus.TERMINATED}


def test_300_orders_of_90_days_carry_their_commission(demo: Flask) -> None:
    assert count(Order) == baskets.ORDERS == 300
    assert set(by_state(Order.status)) == set(OrderStatus)
    assert db.session.scalar(sa.select(sa.func.count()).where(OrderLine.commission_rule_id.is_(None))) == 0
    first, last = db.session.execute(sa.select(sa.func.min(Order.ordered_at), sa.func.max(Order.ordered_at))).one()
    assert 88 <= (last - first).days <= 91


def test_30_disputes_rest_in_every_status_that_lasts(demo: Flask) -> None:
    assert count(Dispute) == len(stories()) == 30
    # A dispute is open, or executing, for the moment of one job only.
    assert set(by_state(Dispute.status)) == set(Status) - {Status.OPEN, Status.EXECUTING}
    decided = db.session.scalars(sa.select(Dispute.decision_reason).where(Dispute.decided_by_id.is_not(None))).all()
    assert decided
    assert all(decided)


def test_deadlines_have_fired_at_their_time_and_others_are_to_come(demo: Flask) -> None:
    running = sa.and_(DisputeTimer.fired_at.is_(None), DisputeTimer.stopped_at.is_(None))
    assert count(sa.select(sa.func.count()).where(running, DisputeTimer.due_at <= now())) == 0
    assert count(sa.select(sa.func.count()).where(running, DisputeTimer.due_at > now())) > 10
    assert count(sa.select(sa.func.count()).where(DisputeTimer.fired_at == DisputeTimer.due_at)) > 5
    assert count(sa.select(sa.func.count()).where(Dispute.awaiting.is_not(None), Dispute.due_at < now())) > 0


def test_no_task_failed_and_nothing_lies_in_the_future(demo: Flask) -> None:
    assert by_state(Job.state).keys() <= {JobState.DONE, JobState.WAITING}
    assert db.session.scalar(sa.select(sa.func.max(AuditEvent.at))) <= now()


def test_everyone_and_everything_is_invented(demo: Flask) -> None:
    addresses = [*db.session.scalars(sa.select(User.email)), *db.session.scalars(sa.select(OutgoingMail.recipient))]
    addresses += db.session.scalars(sa.select(Order.buyer_email))
    assert [address for address in addresses if not address.endswith(".example")] == []
    assert all(ean.is_valid(article.gtin) for article in assortment.articles())


def login(app: Flask, person: people.Person) -> FlaskClient:
    browser = app.test_client()
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "fr"
    answer = browser.post("/login", data={"email": person.email, "password": PASSWORD})
    assert answer.status_code == 302, person.email
    return browser


PAGES = {
    people.ADMINISTRATOR: ("/", "/users", "/vendors", "/orders", "/disputes", "/disputes/report", "/products"),
    people.MANAGER: ("/", "/vendors", "/vendors/board", "/orders"),
    people.EDITOR: ("/", "/review", "/duplicates", "/imports", "/sheets", "/keywords"),
    people.MEDIATOR: ("/", "/disputes", "/disputes?view=all"),
    people.VENDOR: ("/", "/company", "/imports", "/sheets", "/disputes", "/orders"),
    people.BUYER: ("/", "/disputes"),
}


@pytest.mark.parametrize("person", SHOWN, ids=lambda person: person.email)
def test_each_account_logs_in_and_sees_its_pages(loaded: tuple[Flask, str], person: people.Person) -> None:
    browser = login(loaded[0], person)
    for path in PAGES[person.email]:
        answer = browser.get(path, follow_redirects=True)
        assert (answer.status_code, answer.request.path) != (200, "/login"), path
        assert answer.status_code == 200, path


def test_the_demo_is_never_loaded_outside_its_profile(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["demo", "load"])
    assert result.exit_code == 2
    assert "COMPTOIR_PROFILE=demo" in result.stderr


def test_a_database_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    other = demo_app(tmp_path)
    with other.app_context():
        db.create_all()
        db.session.add(User(email="someone@house.example", role=people.PEOPLE[0].role))
        db.session.commit()
    result = other.test_cli_runner().invoke(args=["demo", "load"])
    assert result.exit_code == 2
    assert str(tmp_path) in result.stderr
    with other.app_context():
        assert count(User) == 1
        db.session.remove()
        db.engine.dispose()


def test_a_vendor_writes_the_same_sheets_at_every_call() -> None:
    assert sum(len(vendor_sheets.of(vendor)) for vendor in vendor_sheets.RANGES) == 400
    # A workbook says when it was packed; the other forms say nothing but their sheets.
    texts = [vendor for vendor in vendor_sheets.RANGES if vendor != "voltamarine"]
    assert [vendor_files.file_of(vendor) for vendor in texts] == [vendor_files.file_of(vendor) for vendor in texts]
    assert vendor_sheets.of("voltamarine") == vendor_sheets.of("voltamarine")
