"""The history of the whole house: in words, with links, narrowed as a person would, given out as a file."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from backoffice import audit, clock, things
from backoffice.audit import AuditEvent
from backoffice.extensions import db
from backoffice.permissions import Role
from disputes.models import Dispute
from tests.factories.accounts import login, make_user
from tests.factories.disputes import make_dispute
from tests.factories.orders import make_order
from tests.factories.vendors import make_vendor


@pytest.fixture
def reader(app: Flask) -> FlaskClient:
    """An administrator's browser; reads English."""
    return login(app, make_user(Role.ADMINISTRATOR, name="Ada"))


def _shown(reader: FlaskClient, query: str = "") -> str:
    answer = reader.get(f"/audit{query}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True).partition("<tbody>")[2].partition("</tbody>")[0]


def test_an_act_is_said_in_words_and_leads_to_its_thing(reader: FlaskClient) -> None:
    vendor = make_vendor(name="Lampes du Monde")
    audit.record("vendor.suspend", vendor, changes={"status": ("live", "suspended")}, reason="no answer")
    db.session.commit()
    shown = _shown(reader)
    assert f'href="/vendors/{vendor.id}">Lampes du Monde</a>' in shown
    for words in ("suspended the vendor", "the software", "no answer", "live"):
        assert words in shown
    assert "vendor.suspend" not in shown


def test_every_kind_of_thing_has_its_name_and_page_in_one_statement(reader: FlaskClient, queries: list[str]) -> None:
    dispute = make_dispute()
    for thing in (dispute, dispute.order, dispute.vendor, make_user(name="Bo")):
        audit.record("vendor.edit", thing)
    db.session.commit()
    queries.clear()
    shown = _shown(reader)
    assert len(queries) <= 8
    for name in (dispute.number, dispute.order.basket, dispute.vendor.name, "Bo"):
        assert f">{name}</a>" in shown


def test_a_dispute_is_called_the_same_in_sql(app: Flask) -> None:
    dispute = make_dispute()
    assert db.session.scalar(sa.select(Dispute.number)) == dispute.number


def test_the_list_is_narrowed_by_act_actor_thing_kind_and_day(reader: FlaskClient) -> None:
    actor, lamps, chairs = make_user(name="Nadia"), make_vendor(name="Lamps"), make_vendor(name="Chairs")
    with clock.frozen(datetime(2026, 3, 1, 23, 30, tzinfo=UTC)):  # already 2 March in Paris
        audit.record("vendor.approve", lamps, by=actor)
    with clock.frozen(datetime(2026, 3, 5, 12, 0, tzinfo=UTC)):
        audit.record("vendor.suspend", chairs)
        audit.record("order.report", make_order(vendor=chairs))
    db.session.commit()
    found = {
        "?verb=vendor.approve": {"Lamps"},
        "?actor=nad": {"Lamps"},
        "?by=software&kind=vendor": {"Chairs"},
        "?by=people": {"Lamps"},
        "?thing=chair": {"Chairs"},
        "?kind=vendor": {"Lamps", "Chairs"},
        "?from=2026-03-02&to=2026-03-02": {"Lamps"},
        "?to=2026-03-01": set(),
        "?from=2026-03-03&kind=vendor": {"Chairs"},
        "?from=nonsense&to=9999-12-31&verb=nonsense&kind=nonsense": {"Lamps", "Chairs"},
    }
    for query, names in found.items():
        shown = _shown(reader, query)
        assert {name for name in ("Lamps", "Chairs") if f">{name}</a>" in shown} == names, query


def test_a_row_edited_behind_our_back_is_pointed_out(reader: FlaskClient) -> None:
    event = audit.record("vendor.edit", make_vendor())
    db.session.commit()
    assert "altered" not in _shown(reader)
    db.session.execute(sa.update(AuditEvent).where(AuditEvent.id == event.id).values(reason="forged"))
    db.session.commit()
    assert "altered" in _shown(reader)


def test_the_file_has_codes_beside_words_and_no_formula(reader: FlaskClient) -> None:
    audit.record("vendor.suspend", make_vendor(name="=Lamps"), changes={"status": ("live", "suspended")}, reason="+1")
    audit.record("user.activate", make_user())
    db.session.commit()
    answer = reader.get("/audit.csv?kind=vendor")
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True)), delimiter=";"))
    assert [(row["verb"], row["act"], row["name"], row["reason"], row["intact"]) for row in rows] == [
        ("vendor.suspend", "suspended the vendor", "'=Lamps", "'+1", "1")
    ]
    assert rows[0]["changes"] == '{"status": ["live", "suspended"]}'


def test_a_thing_that_is_gone_keeps_its_kind_and_number(app: Flask) -> None:
    with app.test_request_context():
        found = things.find([("vendor", 12345), ("nowhere", 1)])
    assert [(thing.name, thing.url) for thing in found.values()] == [("12345", "/vendors/12345")]
