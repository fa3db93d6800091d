"""A colleague's word on a sheet: it waits there alone, and both decisions are kept."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from backoffice import jobs
from backoffice.errors import Conflict, Invalid
from backoffice.extensions import db
from backoffice.notifications import Notification
from backoffice.permissions import Role
from catalog.desk import bulk, opinions
from catalog.desk.groups import Group
from catalog.desk.models import BulkAct, BulkDecision, SecondOpinion
from catalog.lifecycle import ListingStatus
from tests.factories.accounts import login, make_user
from tests.factories.catalog import selling_vendor
from tests.factories.desk import make_sheets

pytestmark = pytest.mark.usefixtures("quick_reading")


def test_a_sheet_asked_about_waits_with_the_colleague_and_both_decisions_are_kept(app: Flask) -> None:
    (sheet,) = make_sheets(selling_vendor(), 1)
    anna = make_user(Role.CONTENT_EDITOR, name="Anna Blum", locale="en")
    ben = make_user(Role.CONTENT_EDITOR, name="Ben Moss", locale="en")
    carl = make_user(Role.CONTENT_EDITOR, name="Carl Fox", locale="en")
    form = {"version": sheet.version, "colleague": ben.id, "leaning": "send_back", "why": "Is it cast iron at all?"}
    assert login(app, anna).post(f"/review/{sheet.id}/ask", data=form).status_code == 302
    assert sheet.title not in login(app, anna).get("/review").text
    assert sheet.title not in login(app, carl).get("/review").text
    desk = login(app, ben)
    page = desk.get("/review?tab=asked").text
    assert "Anna Blum asked Ben Moss, leaning to “Send back”" in page
    assert "Is it cast iron at all?" in page
    desk.post(f"/sheets/{sheet.id}/accept?tab=asked", data={"version": sheet.version})
    kept = db.session.scalars(sa.select(SecondOpinion)).one()
    assert (kept.leaning, kept.decision, kept.decider_id) == ("send_back", "accept", ben.id)
    assert "Ben Moss decided: Accept." in login(app, anna).get(f"/review/{sheet.id}").text
    told = db.session.scalars(sa.select(Notification).where(Notification.kind == "opinion_asked")).one()
    assert told.user_id == ben.id
    assert opinions.agreement(anna.id) == opinions.agreement(ben.id) == (0, 1)
    assert opinions.agreement(carl.id) == (0, 0)


def test_a_question_needs_a_colleague_who_decides_and_a_reason_and_is_asked_once(app: Flask) -> None:
    (sheet,) = make_sheets(selling_vendor(), 1)
    anna, ben = make_user(Role.CONTENT_EDITOR), make_user(Role.CONTENT_EDITOR)
    for colleague in (None, anna, make_user(Role.MEDIATOR), make_user(Role.CONTENT_EDITOR, active=False)):
        with pytest.raises(Invalid):
            opinions.ask(sheet, colleague, leaning="accept", reason="Why?", by=anna)
    for leaning, reason in (("accept", ""), ("burn", "Why?")):
        with pytest.raises(Invalid):
            opinions.ask(sheet, ben, leaning=leaning, reason=reason, by=anna)
    opinions.ask(sheet, ben, leaning="accept", reason="Why?", by=anna)
    with pytest.raises(Conflict):
        opinions.ask(sheet, ben, leaning="accept", reason="Why?", by=anna)


def test_a_question_about_another_version_is_refused_with_the_reason(app: Flask) -> None:
    (sheet,) = make_sheets(selling_vendor(), 1)
    anna, ben = make_user(Role.CONTENT_EDITOR), make_user(Role.CONTENT_EDITOR)
    form = {"version": sheet.version + 1, "colleague": ben.id, "leaning": "accept", "why": "Why?"}
    answer = login(app, anna).post(f"/review/{sheet.id}/ask", data=form | {"why": "Is it cast iron at all?"})
    assert opinions.open_on(sheet.id) is None
    assert answer.status_code == 409
    assert 'value="Is it cast iron at all?"' in answer.text
    assert f'<option value="{ben.id}" selected>' in answer.text


def test_after_a_question_the_next_sheet_of_the_queue_is_shown(app: Flask) -> None:
    _first, second, third = make_sheets(selling_vendor(), 3)
    anna, ben = make_user(Role.CONTENT_EDITOR), make_user(Role.CONTENT_EDITOR)
    desk = login(app, anna)
    assert f'name="next" value="{third.id}"' in desk.get(f"/review/{second.id}").text
    form = {"version": second.version, "colleague": ben.id, "leaning": "accept", "why": "Why?", "next": third.id}
    assert desk.post(f"/review/{second.id}/ask", data=form).location.startswith(f"/review/{third.id}")
    elsewhere = {"version": third.version, "colleague": ben.id, "leaning": "accept", "why": "Why?", "next": 999}
    assert desk.post(f"/review/{third.id}/ask", data=elsewhere).location == "/review?tab=waiting"


def test_a_decision_taken_back_asks_the_colleague_again(app: Flask) -> None:
    (sheet,) = make_sheets(selling_vendor(), 1)
    anna, ben = make_user(Role.CONTENT_EDITOR), make_user(Role.CONTENT_EDITOR)
    opinions.ask(sheet, ben, leaning="accept", reason="Is it cast iron at all?", by=anna)
    db.session.commit()
    desk = login(app, ben)
    desk.post(f"/sheets/{sheet.id}/accept?tab=asked", data={"version": sheet.version})
    assert opinions.open_on(sheet.id) is None
    db.session.expire_all()
    desk.post(f"/sheets/{sheet.id}/undo-decision?tab=asked", data={"version": sheet.version})
    again = opinions.open_on(sheet.id)
    assert again is not None
    assert (again.decision, again.decider_id) == ("", None)
    assert sheet.title in desk.get("/review?tab=asked").text


def test_a_question_about_a_sheet_decided_with_its_group_is_answered_and_asked_again_when_that_is_taken_back(
    app: Flask,
) -> None:
    (sheet,) = make_sheets(selling_vendor(), 1)
    anna, ben = make_user(Role.CONTENT_EDITOR), make_user(Role.CONTENT_EDITOR)
    opinions.ask(sheet, ben, leaning="accept", reason="Is it cast iron at all?", by=anna)
    made = bulk.begin(Group("contact_in_text", "description"), BulkAct.ACCEPT, seen=1, by=anna)
    db.session.commit()
    jobs.drain()
    assert opinions.open_on(sheet.id) is None
    assert opinions.agreement(anna.id) == (1, 1)
    bulk.undo(db.session.get_one(BulkDecision, made.id), by=anna)
    db.session.commit()
    jobs.drain()
    assert opinions.open_on(sheet.id) is not None


def test_a_sheet_that_a_file_settled_leaves_the_colleague_s_queue(app: Flask) -> None:
    (sheet,) = make_sheets(selling_vendor(), 1)
    anna, ben = make_user(Role.CONTENT_EDITOR), make_user(Role.CONTENT_EDITOR)
    opinions.ask(sheet, ben, leaning="accept", reason="Is it cast iron at all?", by=anna)
    db.session.commit()
    assert sheet.title in login(app, ben).get("/review?tab=asked").text
    sheet.status = ListingStatus.PUBLISHED
    db.session.commit()
    assert sheet.title not in login(app, ben).get("/review?tab=asked").text


def test_what_a_colleague_who_left_was_asked_comes_back_to_the_others(app: Flask) -> None:
    (sheet,) = make_sheets(selling_vendor(), 1)
    anna, ben = make_user(Role.CONTENT_EDITOR), make_user(Role.CONTENT_EDITOR)
    opinions.ask(sheet, ben, leaning="accept", reason="Is it cast iron at all?", by=anna)
    db.session.commit()
    assert sheet.title not in login(app, anna).get("/review").text
    ben.active = False
    db.session.commit()
    assert sheet.title in login(app, anna).get("/review").text
