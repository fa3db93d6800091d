"""The report's page and file, the vendor's panel, and the list for scripts."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

import pytest
from flask import Flask, render_template

from backoffice.clock import now
from backoffice.extensions import db
from backoffice.permissions import Role
from disputes import reporting, resolution
from disputes.vocabulary import Outcome
from tests.factories.accounts import login, make_user
from tests.factories.disputes import BUYER, make_dispute, make_mediator
from tests.factories.orders import make_order
from tests.factories.vendors import make_vendor


def test_the_figures_are_those_of_the_disputes_opened_in_the_period(app: Flask) -> None:
    withdrawn = make_dispute()
    make_dispute(make_order(lines=[{}, {}]))
    resolution.withdraw(withdrawn, BUYER)
    db.session.commit()
    moment = now()
    found = reporting.read_figures(moment - timedelta(days=10), moment + timedelta(days=1))
    assert (found.opened, found.resolved) == (2, 1)
    assert (found.incident.numerator, found.incident.denominator) == (3, 3)
    assert found.by_outcome[0].member is Outcome.CANCELLED_BY_BUYER
    assert reporting.read_figures(moment + timedelta(days=1), moment + timedelta(days=2)).opened == 0


@pytest.mark.parametrize("address", ["", "?from=2026-01-01&to=2025-01-01", "?from=nonsense&to=2026-13-40"])
def test_the_page_and_the_file_take_any_period(app: Flask, address: str) -> None:
    make_dispute()
    browser = login(app, make_user(Role.MEDIATOR))
    assert browser.get(f"/disputes/report{address}").status_code == 200
    assert browser.get(f"/disputes/report.csv{address}").status_code == 200


def test_the_file_has_one_line_a_dispute_and_no_formula(app: Flask) -> None:
    vendor = make_vendor(name='=HYPERLINK("http://evil.example")')
    dispute = make_dispute(make_order(vendor=vendor))
    browser = login(app, make_user(Role.MEDIATOR))
    rows = list(csv.DictReader(io.StringIO(browser.get("/disputes/report.csv").get_data(as_text=True)), delimiter=";"))
    assert [row["number"] for row in rows] == [dispute.number]
    assert rows[0]["vendor"].startswith("'=")
    assert rows[0]["amount"] == "20.00"


def test_the_report_costs_few_statements(app: Flask, queries: list[str]) -> None:
    for _number in range(10):
        make_dispute()
    browser = login(app, make_user(Role.ADMINISTRATOR))
    queries.clear()
    assert browser.get("/disputes/report").status_code == 200
    assert len(queries) <= 20


def test_the_vendors_page_shows_its_disputes(app: Flask) -> None:
    dispute = make_dispute()
    with app.test_request_context():
        panel = reporting.vendor_panel(dispute.vendor)
        shown = render_template(panel["template"], vendor=dispute.vendor, **panel["context"])
    assert dispute.number in shown
    assert "1 / 1" in shown


def test_the_list_for_scripts_is_one_json_array(app: Flask) -> None:
    dispute, other = make_dispute(), make_dispute(safety_risk=True)
    runner = app.test_cli_runner()
    listed = json.loads(runner.invoke(args=["disputes", "list", "--json"]).stdout)
    assert {row["number"] for row in listed} == {dispute.number, other.number}
    narrowed = runner.invoke(args=["disputes", "list", "--status", "under_review", "--json"])
    assert [row["number"] for row in json.loads(narrowed.stdout)] == [other.number]
    assert runner.invoke(args=["disputes", "list", "--status", "nonsense"]).exit_code == 2
    assert dispute.number in runner.invoke(args=["disputes", "list"]).stdout


def test_the_list_ends_with_what_nothing_is_due_on(app: Flask) -> None:
    order = make_order(lines=[{}, {}])
    first, second = (make_dispute(order, pieces={line.id: 1}) for line in order.lines)
    resolution.merge(first, second, make_mediator())
    db.session.commit()
    shown = app.test_cli_runner().invoke(args=["disputes", "list"]).stdout.splitlines()
    assert [line.split()[0] for line in shown] == [second.number, first.number]
    assert shown[1].endswith("—")
