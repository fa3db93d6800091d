"""An editor's own pace: counted from the editor's own acts, and of no one else's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from backoffice import audit, clock, jobs
from backoffice.extensions import db
from backoffice.permissions import Role
from catalog.desk import bulk, opinions, pace
from catalog.desk.groups import Group
from catalog.desk.models import BulkAct, BulkDecision
from catalog.lifecycle import Action
from tests.factories.accounts import login, make_user
from tests.factories.catalog import selling_vendor
from tests.factories.desk import make_sheets

pytestmark = pytest.mark.usefixtures("quick_reading")


def test_the_pace_is_the_middle_time_between_decisions_without_pauses(app: Flask) -> None:
    anna, ben = make_user(Role.CONTENT_EDITOR), make_user(Role.CONTENT_EDITOR)
    (sheet,) = make_sheets(selling_vendor(), 1)
    start = clock.now() - timedelta(hours=2)
    for seconds in (0, 10, 10, 30, 3000):
        with clock.frozen(start + timedelta(seconds=seconds)):
            audit.record("listing.accept", sheet, by=anna)
    audit.record("listing.correct", sheet, by=anna)
    db.session.commit()
    found = pace.of(anna)
    assert (found.decided, found.seconds) == (5, 15.0)
    assert (pace.of(ben).decided, pace.of(ben).seconds) == (0, None)


def test_a_decision_on_a_group_is_one_whatever_the_number_of_its_sheets(app: Flask) -> None:
    anna = make_user(Role.CONTENT_EDITOR)
    *many, one = make_sheets(selling_vendor(), 4)
    start = clock.now() - timedelta(minutes=5)
    with clock.frozen(start):
        audit.record("listing.accept", one, by=anna)
    with clock.frozen(start + timedelta(seconds=20)):
        made = bulk.begin(Group("contact_in_text", "description"), BulkAct.ACCEPT, seen=len(many) + 1, by=anna)
        db.session.commit()
    jobs.drain()
    assert db.session.get_one(BulkDecision, made.id).done == len(many) + 1
    found = pace.of(anna)
    assert (found.decided, found.seconds) == (2, 20.0)


def test_the_page_shows_the_reader_s_own_figures_and_takes_no_name(app: Flask) -> None:
    anna, ben = make_user(Role.CONTENT_EDITOR, locale="en"), make_user(Role.CONTENT_EDITOR, locale="en")
    (sheet,) = make_sheets(selling_vendor(), 1)
    audit.record("listing.accept", sheet, by=anna)
    db.session.commit()
    asked, own = (login(app, ben).get(f"/review/pace{more}").text for more in (f"?user={anna.id}", ""))
    assert "Nobody but you" in own
    assert asked.count(">1<") == own.count(">1<")
    assert login(app, anna).get("/review/pace").text.count(">1<") > own.count(">1<")


def test_one_second_opinion_is_said_in_the_singular(app: Flask) -> None:
    (sheet,) = make_sheets(selling_vendor(), 1)
    anna, ben = make_user(Role.CONTENT_EDITOR, locale="en"), make_user(Role.CONTENT_EDITOR)
    opinions.ask(sheet, ben, leaning="accept", reason="Is it cast iron?", by=anna)
    opinions.answer(sheet, Action.ACCEPT, by=ben)
    db.session.commit()
    assert "1 of 1 second opinion<" in login(app, anna).get("/review/pace").text
