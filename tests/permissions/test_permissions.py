"""Every route × every persona, walked from the application's own map."""

from __future__ import annotations

import importlib
import pkgutil
import re

import pytest
from flask import Flask, url_for

import tests.permissions as areas
from backoffice.permissions import Role
from tests.factories.accounts import login, make_user
from tests.permissions.table import PERSONAS, Row
from tests.permissions.world import World


def _rows() -> list[Row]:
    rows: list[Row] = []
    for module in pkgutil.iter_modules(areas.__path__):
        rows += getattr(importlib.import_module(f"{areas.__name__}.{module.name}"), "ROWS", [])
    return rows


ROWS = _rows()
# Files of the extensions, which carry nobody's data.
WITHOUT_ROW = {"static", "bootstrap.static"}
REFUSED = (401, 403, 404, 500)


def test_every_route_has_a_row_for_each_of_its_methods(app: Flask) -> None:
    routes = {
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.endpoint not in WITHOUT_ROW
    }
    assert routes - {(row.endpoint, row.method) for row in ROWS} == set()


def test_a_number_that_no_table_holds_is_nowhere(app: Flask) -> None:
    browser = login(app, make_user(Role.ADMINISTRATOR))
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and "<int" in rule.rule]
    assert len(rules) > 30
    for rule in rules:
        address = re.sub("<[^>]*>", "x", re.sub("<int[^>]*>", "9" * 30, rule.rule))
        assert browser.get(address).status_code == 404, address


def test_no_row_names_a_route_that_is_gone(app: Flask) -> None:
    assert {row.endpoint for row in ROWS} - set(app.view_functions) == set()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.method}-{row.endpoint}")
def test_each_persona_gets_what_the_table_says(app: Flask, row: Row) -> None:
    wrong = []
    world, acted = World.build(app), False
    for persona in PERSONAS:
        if acted:
            # Who was let in changed the world: the next persona gets a fresh one.
            world = World.build(app)
        with app.test_request_context():
            address = url_for(row.endpoint, **row.values(world), _external=False)
        expected = row.expected(persona)
        got = _ask(world, persona, row, address)
        good = got not in REFUSED if expected is None else got == expected
        acted = row.method != "GET" and got not in REFUSED
        if not good:
            wrong.append(f"{persona}: expected {expected}, got {got}")
    assert not wrong, "; ".join(wrong)


def _ask(world: World, persona: str, row: Row, address: str) -> int:
    browser = world.browser(persona)
    if row.method == "GET":
        return browser.get(address, query_string=row.query).status_code
    form = {"json": row.data(world)} if row.json else {"data": row.data(world)}
    return browser.open(address, method=row.method, query_string=row.query, **form).status_code
