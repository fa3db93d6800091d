"""An act answered with the page that it leads to, in one turn."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backoffice.permissions import Role
from catalog.lifecycle import ListingStatus
from catalog.models import Listing
from tests.factories.accounts import login, make_user
from tests.factories.catalog import selling_vendor
from tests.factories.desk import make_sheets

PAGE = {"Prefer": "return=representation"}


@pytest.fixture
def sheets(app: Flask) -> list[Listing]:
    return make_sheets(selling_vendor(), 2)


@pytest.fixture
def editor(app: Flask) -> FlaskClient:
    return login(app, make_user(Role.CONTENT_EDITOR))


def _accepting(sheets: list[Listing]) -> dict[str, object]:
    return {"version": sheets[0].version, "next": sheets[1].id}


def test_a_decision_is_answered_with_the_next_sheet_and_its_place(editor: FlaskClient, sheets: list[Listing]) -> None:
    first, second = (one.id for one in sheets)
    answer = editor.post(f"/sheets/{first}/accept", data=_accepting(sheets), headers=PAGE)
    assert (answer.status_code, answer.headers["Content-Location"]) == (200, f"/review/{second}?tab=waiting")
    assert answer.headers["Preference-Applied"] == "return=representation"
    assert sheets[0].status == ListingStatus.PUBLISHED
    assert f'href="/review/{second}?tab=waiting" aria-current="true"' in answer.text
    # What was done is told on that page, once.
    assert "accepted." in answer.text
    assert "accepted." not in editor.get(f"/review/{second}").text


def test_who_does_not_ask_for_the_page_is_redirected(editor: FlaskClient, sheets: list[Listing]) -> None:
    answer = editor.post(f"/sheets/{sheets[0].id}/accept", data=_accepting(sheets))
    assert answer.status_code == 302
    assert "Preference-Applied" not in answer.headers


def test_the_page_is_behind_the_same_wall(app: Flask, sheets: list[Listing]) -> None:
    answer = app.test_client().post(f"/sheets/{sheets[0].id}/accept", data=_accepting(sheets), headers=PAGE)
    assert (answer.status_code, answer.headers["Content-Location"]) == (200, "/login")
    assert sheets[0].status == ListingStatus.TO_REVIEW


def test_a_refused_decision_is_answered_as_ever(editor: FlaskClient, sheets: list[Listing]) -> None:
    stale = {**_accepting(sheets), "version": 99}
    answer = editor.post(f"/sheets/{sheets[0].id}/accept", data=stale, headers=PAGE)
    assert answer.status_code == 409
    assert "Content-Location" not in answer.headers


def test_cookies_that_an_act_sets_come_with_its_page(app: Flask, editor: FlaskClient) -> None:
    answer = editor.post("/logout", headers=PAGE)
    assert answer.status_code == 200
    assert editor.get("/profile").status_code == 302


def test_the_page_is_drawn_without_holding_the_databases_one_writer(
    editor: FlaskClient, sheets: list[Listing], queries: list[str]
) -> None:
    editor.post(f"/sheets/{sheets[0].id}/accept", data=_accepting(sheets), headers=PAGE)
    # PostgreSQL has no one writer, and no such statement.
    assert [one for one in queries if one.startswith("BEGIN")][-1:] in ([], ["BEGIN"])
