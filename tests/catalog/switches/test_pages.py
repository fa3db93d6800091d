"""Rules on their pages: figures, a switch previewed and agreed to, sheets followed while they are made again."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from backoffice import jobs
from backoffice.extensions import db
from backoffice.permissions import Role
from backoffice.vendors.models import Vendor
from catalog.harmonization import RULES
from catalog.switches.models import RuleSwitch, SwitchRun
from tests.factories.accounts import login, make_user
from tests.factories.catalog import import_rows, listing_of, selling_vendor

pytestmark = pytest.mark.usefixtures("quick_reading")
SHOUTED = "CAFETIERE A CAPSULES ESSENZA MINI NOIRE"
CALM = {"titre": "Cafetière à capsules Essenza Mini noire"}


def _vendor(shouting: int = 1, calm: int = 4) -> Vendor:
    vendor = selling_vendor()
    rows = [{"sku": f"S{number}", "titre": SHOUTED} for number in range(shouting)]
    import_rows(vendor, *rows, *({"sku": f"C{number}", **CALM} for number in range(calm)))
    return vendor


def _editor(app: Flask) -> FlaskClient:
    return login(app, make_user(Role.CONTENT_EDITOR))


def test_every_rule_is_listed_in_both_languages_and_has_its_page(app: Flask) -> None:
    browser = _editor(app)
    page = browser.get("/rules").text
    for rule in RULES.values():
        assert rule.id in page
    assert RULES["title.case"].text["fr"].split("’")[0][:30] in page
    for rule in RULES:
        assert browser.get(f"/rules/{rule}").status_code == 200
    assert browser.get("/rules/no.such").status_code == 404


def test_a_vendor_sees_the_rules_and_no_ones_figures_or_switches(app: Flask) -> None:
    vendor = _vendor()
    page = login(app, make_user(Role.VENDOR_USER, vendor_id=vendor.id)).get("/rules").text
    assert "title.case" in page
    assert "Taken back" not in page


def test_a_switch_is_previewed_then_saved_with_its_reason_and_the_sheets_follow(app: Flask) -> None:
    vendor, browser = _vendor(), _editor(app)
    seen = browser.get(f"/rules/title.case/effect?vendor={vendor.id}").text
    assert "All 5 sheets were made with and without the rule." in seen
    assert SHOUTED.split()[0] in seen
    assert db.session.scalar(sa.select(sa.func.count(RuleSwitch.id))) == 0
    saved = browser.post("/rules/title.case/off", data={"vendor": vendor.id, "reason": "Marque déposée en capitales"})
    assert saved.status_code == 302
    jobs.drain()
    assert listing_of(vendor, "S0").title == SHOUTED
    page = browser.get("/rules/title.case").text
    assert "Marque déposée en capitales" in page
    assert "1 sheet changed" in page


def test_a_switch_over_a_third_of_the_sheets_is_saved_only_by_who_agrees(app: Flask) -> None:
    vendor, browser = _vendor(shouting=2, calm=2), _editor(app)
    form = {"vendor": vendor.id, "reason": "Essai"}
    refused = browser.post("/rules/title.case/off", data=form)
    assert refused.status_code == 422
    assert "50%" in refused.text
    assert "Essai" in refused.text
    assert browser.post("/rules/title.case/off", data={**form, "agreed": "yes"}).status_code == 302


def test_a_switch_over_nearly_all_sheets_asks_for_the_figure_to_be_typed(app: Flask) -> None:
    vendor, browser = _vendor(shouting=3, calm=0), _editor(app)
    form = {"vendor": vendor.id, "reason": "Essai"}
    assert browser.post("/rules/title.case/off", data={**form, "agreed": "yes"}).status_code == 422
    assert browser.post("/rules/title.case/off", data={**form, "agreed": "100 %"}).status_code == 302


def test_a_category_that_is_none_is_told_at_its_field(app: Flask) -> None:
    answer = _editor(app).get("/rules/title.case/effect?category=zzz")
    assert answer.status_code == 422
    assert "No category is called “zzz”." in answer.text


def test_a_switch_is_lifted_after_a_look_at_what_that_changes(app: Flask) -> None:
    vendor, browser = _vendor(), _editor(app)
    browser.post("/rules/title.case/off", data={"vendor": vendor.id, "reason": "Essai"})
    jobs.drain()
    switch = db.session.scalars(sa.select(RuleSwitch)).one()
    assert "Switch on again" in browser.get(f"/rules/switches/{switch.id}/lift").text
    assert browser.post(f"/rules/switches/{switch.id}/lift", data={"reason": "Fini"}).status_code == 302
    jobs.drain()
    assert listing_of(vendor, "S0").title.startswith("Cafetière")
    # A page left open, clicked again: it leads back to the rule.
    assert browser.get(f"/rules/switches/{switch.id}/lift").status_code == 302


def test_the_progress_is_told_and_can_be_stopped(app: Flask) -> None:
    vendor, browser = _vendor(), _editor(app)
    browser.post("/rules/title.case/off", data={"vendor": vendor.id, "reason": "Essai"})
    run = db.session.scalars(sa.select(SwitchRun)).one()
    told = browser.get(f"/rules/runs/{run.id}/progress").get_json()
    assert (told["done"], told["total"], told["state"]) == (0, 5, "running")
    assert "Stop here" in browser.get("/rules/title.case").text
    assert browser.post(f"/rules/runs/{run.id}/cancel").status_code == 302
    jobs.drain()
    assert listing_of(vendor, "S0").title != SHOUTED


@pytest.mark.parametrize("path", ["/rules", "/rules/title.case", "/rules/title.case/effect"])
def test_no_page_asks_the_database_often(app: Flask, queries: list[str], path: str) -> None:
    _vendor()
    browser = _editor(app)
    browser.post("/rules/title.case/off", data={"reason": "Essai", "agreed": "yes"})
    browser.get(path)
    queries.clear()
    assert browser.get(path).status_code == 200
    assert len(queries) <= 20, "\n".join(queries)
