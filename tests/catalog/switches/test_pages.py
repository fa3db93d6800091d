"""Rules on their pages: figures, a switch previewed and agreed to, sheets followed while they are made again."""

from __future__ import annotations

import html
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from backoffice import jobs
from backoffice.clock import frozen, now
from backoffice.extensions import db
from backoffice.permissions import Role
from backoffice.vendors.models import Vendor
from catalog.harmonization import RULES, golden
from catalog.switches import effect, looking, switching
from catalog.switches.effect import Effect
from catalog.switches.models import RuleSwitch, SwitchRun
from catalog.switches.scopes import Scope
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


def test_the_page_of_a_rule_shows_all_its_golden_pairs_with_what_becomes_of_each(app: Flask) -> None:
    page = html.unescape(_editor(app).get("/rules/title.truncated").text)
    pairs = golden.by_rule()["title.truncated"]
    assert {golden.Outcome.VALUE, golden.Outcome.REPORTED} <= {pair.outcome for pair in pairs}
    for pair in pairs:
        assert pair.before in page
        assert (f"reported: The title is cut off: “{pair.before}”" if pair.reports else pair.after) in page
    assert "{value}" not in page
    assert "left as it is" in _editor(app).get("/rules/title.case").text


def test_a_vendor_sees_the_rules_and_no_ones_figures_or_switches(app: Flask) -> None:
    vendor = _vendor()
    page = login(app, make_user(Role.VENDOR_USER, vendor_id=vendor.id)).get("/rules").text
    assert "title.case" in page
    assert "Taken back" not in page


def _look(browser: FlaskClient, address: str, **form: object) -> str:
    """Ask for a look, let the job take it, and return its address."""
    asked = browser.post(address, data=form)
    assert asked.status_code == 302
    jobs.drain()
    return str(asked.location)


def _off(browser: FlaskClient, vendor: Vendor, **form: object) -> TestResponse:
    return browser.post(
        _look(browser, "/rules/title.case", vendor=vendor.id), data={"reason": "Essai", "agreed": "yes", **form}
    )


def test_a_switch_is_previewed_then_saved_with_its_reason_and_the_sheets_follow(app: Flask) -> None:
    vendor, browser = _vendor(), _editor(app)
    look = _look(browser, "/rules/title.case", vendor=vendor.id)
    seen = browser.get(look).text
    assert "All 5 sheets were made with and without the rule." in seen
    assert SHOUTED.split()[0] in seen
    assert db.session.scalar(sa.select(sa.func.count(RuleSwitch.id))) == 0
    saved = browser.post(look, data={"reason": "Marque déposée en capitales"})
    assert saved.status_code == 302
    jobs.drain()
    assert listing_of(vendor, "S0").title == SHOUTED
    page = browser.get("/rules/title.case").text
    assert "Marque déposée en capitales" in page
    assert "1 sheet changed" in page


def test_the_page_waits_for_the_look_and_says_when_it_is_taken(app: Flask) -> None:
    vendor, browser = _vendor(), _editor(app)
    look = browser.post("/rules/title.case", data={"vendor": vendor.id}).location
    assert "A sample of the sheets is being made with and without the rule" in browser.get(look).text
    assert browser.get(f"{look}/progress").get_json() == {"state": "waiting"}
    jobs.drain()
    assert browser.get(f"{look}/progress").get_json() == {"state": "done"}


def test_a_look_that_fails_says_so_and_where_to_ask_again(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_asked: object, **_named: object) -> None:
        raise RuntimeError

    vendor, browser = _vendor(), _editor(app)
    monkeypatch.setattr(effect, "of", broken)
    look = browser.post("/rules/title.case", data={"vendor": vendor.id}).location
    with frozen(now() + timedelta(hours=1)):
        jobs.drain()
    with frozen(now() + timedelta(hours=2)):
        jobs.drain()
    assert "The effect could not be looked at." in browser.get(look).text
    # Deciding on what nobody saw is no way round: it asks for another look.
    assert browser.post(look, data={"reason": "Essai", "agreed": "yes"}).location.startswith("/rules/looks/")
    assert db.session.scalar(sa.select(sa.func.count(RuleSwitch.id))) == 0


@pytest.mark.parametrize("later", ["a switch", "an hour"])
def test_what_was_seen_before_something_changed_is_shown_anew_with_the_reason_kept(app: Flask, later: str) -> None:
    vendor, browser = _vendor(), _editor(app)
    look = _look(browser, "/rules/title.case", vendor=vendor.id)
    if later == "a switch":
        switching.switch_off(Scope("text.html"), "Autre", by=None, effect=Effect(0, 0, 0, {}, (), 0, 0))
        db.session.commit()
    switches = db.session.scalar(sa.select(sa.func.count(RuleSwitch.id)))
    with frozen(now() + timedelta(minutes=61 if later == "an hour" else 0)):
        again = browser.post(look, data={"reason": "Marque déposée"})
        assert again.status_code == 302
        jobs.drain()
        shown = browser.get(again.location).text
    assert again.location.split("?")[0] != look
    assert "Here is what would change now." in shown
    assert "Marque déposée" in shown
    assert db.session.scalar(sa.select(sa.func.count(RuleSwitch.id))) == switches


def test_looks_are_forgotten_after_some_days(app: Flask) -> None:
    vendor, browser = _vendor(), _editor(app)
    look = _look(browser, "/rules/title.case", vendor=vendor.id)
    with frozen(now() + timedelta(days=8)):
        looking.forget_looks()
        db.session.commit()
    assert browser.get(look).status_code == 404


def test_a_switch_over_a_third_of_the_sheets_is_saved_only_by_who_agrees(app: Flask) -> None:
    vendor, browser = _vendor(shouting=2, calm=2), _editor(app)
    refused = _off(browser, vendor, agreed="")
    assert refused.status_code == 422
    assert "50%" in refused.text
    assert "Essai" in refused.text
    assert 'aria-describedby="agreed-error" autofocus' in refused.text
    assert _off(browser, vendor).status_code == 302


def test_a_switch_without_a_reason_is_refused_at_the_reason(app: Flask) -> None:
    vendor, browser = _vendor(), _editor(app)
    refused = _off(browser, vendor, reason=" ")
    assert refused.status_code == 422
    assert 'id="reason-error"' in refused.text
    assert 'aria-describedby="reason-error" autofocus' in refused.text


def test_a_switch_over_nearly_all_sheets_asks_for_the_figure_to_be_typed(app: Flask) -> None:
    vendor, browser = _vendor(shouting=3, calm=0), _editor(app)
    assert "is not the figure: type 100%." in _off(browser, vendor, agreed="12").text
    assert _off(browser, vendor, agreed="").status_code == 422
    assert _off(browser, vendor, agreed="100 %").status_code == 302


def test_an_effect_where_no_sheet_stands_says_so_instead_of_counting_none(app: Flask) -> None:
    browser = login(app, make_user(Role.CONTENT_EDITOR, locale="en"))
    page = browser.get(_look(browser, "/rules/title.case", vendor=selling_vendor().id)).text
    assert "No sheet stands there now; those that come in are made without the rule." in page
    assert "All 0 sheets" not in page


def test_a_switch_set_twice_is_refused_the_second_time(app: Flask) -> None:
    vendor, browser = _vendor(), _editor(app)
    meanwhile = _look(browser, "/rules/title.case", vendor=vendor.id)
    assert _off(browser, vendor).status_code == 302
    again = browser.post(meanwhile, data={"reason": "Essai", "agreed": "yes"}).location
    jobs.drain()
    refused = browser.post(again, data={"reason": "Essai", "agreed": "yes"})
    assert refused.status_code == 409
    assert "This rule is switched off there already." in refused.text


def test_a_category_that_is_none_is_told_at_its_field(app: Flask) -> None:
    answer = _editor(app).post("/rules/title.case", data={"category": "zzz"})
    assert answer.status_code == 422
    assert "No category is called “zzz”." in answer.text


def test_where_a_rule_is_off_its_effect_is_not_looked_at_again(app: Flask) -> None:
    vendor = _vendor()
    browser = login(app, make_user(Role.CONTENT_EDITOR, locale="en"))
    _off(browser, vendor)
    answer = browser.post("/rules/title.case", data={"vendor": vendor.id})
    assert answer.status_code == 409
    assert (
        "This rule is switched off there already." in answer.text.split('id="category-error"', 1)[1].split("</p>", 1)[0]
    )
    assert browser.post("/rules/title.case", data={}).status_code == 302


def test_a_switch_is_lifted_after_a_look_at_what_that_changes(app: Flask) -> None:
    vendor, browser = _vendor(), _editor(app)
    _off(browser, vendor)
    jobs.drain()
    switch = db.session.scalars(sa.select(RuleSwitch)).one()
    look = _look(browser, f"/rules/switches/{switch.id}/look")
    assert "Switch on again: the effect" in browser.get(look).text
    assert browser.post(look, data={"reason": "Fini", "agreed": "yes"}).location == "/rules/title.case"
    jobs.drain()
    assert listing_of(vendor, "S0").title.startswith("Cafetière")
    # A page left open, clicked again: it leads back to the rule.
    assert browser.post(f"/rules/switches/{switch.id}/look").location == "/rules/title.case"


def test_the_progress_is_told_and_can_be_stopped(app: Flask) -> None:
    vendor, browser = _vendor(), _editor(app)
    _off(browser, vendor)
    run = db.session.scalars(sa.select(SwitchRun)).one()
    told = browser.get(f"/rules/runs/{run.id}/progress").get_json()
    assert (told["done"], told["total"], told["state"]) == (0, 5, "running")
    assert "Stop here" in browser.get("/rules/title.case").text
    assert browser.post(f"/rules/runs/{run.id}/cancel").status_code == 302
    jobs.drain()
    assert listing_of(vendor, "S0").title != SHOUTED


@pytest.mark.parametrize("path", ["/rules", "/rules/title.case", "the effect"])
def test_no_page_asks_the_database_often(app: Flask, queries: list[str], path: str) -> None:
    vendor, browser = _vendor(), _editor(app)
    _off(browser, vendor)
    path = _look(browser, "/rules/text.html") if path == "the effect" else path
    browser.get(path)
    queries.clear()
    assert browser.get(path).status_code == 200
    assert len(queries) <= 20, "\n".join(queries)
