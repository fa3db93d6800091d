"""The machine judged by a random sample: every decision has the same chance, verdicts are kept, the interval is told."""

from __future__ import annotations

import re
from collections import Counter

import pytest
import sqlalchemy as sa
from flask import Flask

from backoffice.accounts.models import User
from backoffice.errors import Conflict
from backoffice.extensions import db
from backoffice.permissions import Role
from catalog import judgements
from catalog.desk import sampling
from catalog.desk.models import MergeAudit, SheetAudit
from catalog.lifecycle import ListingStatus
from catalog.models import Judgement, Listing, Proposal
from catalog.sheets import Decision
from tests.factories.accounts import login, make_user
from tests.factories.catalog import selling_vendor
from tests.factories.desk import make_sheets

pytestmark = pytest.mark.usefixtures("quick_reading")


def _editor() -> User:
    return make_user(Role.CONTENT_EDITOR, locale="en")


def _accepted(count: int) -> list[Listing]:
    return make_sheets(selling_vendor(), count, status=ListingStatus.PUBLISHED, issues=[])


def _merged() -> Judgement:
    left, right = (_accepted(1)[0] for _ in range(2))
    pair = Proposal(left=left, right=right, score=0.99, decision=Decision.SAME, route="model", evidence=[])
    db.session.add(pair)
    db.session.commit()
    made = judgements.decide(pair, Decision.SAME, by=None)
    db.session.commit()
    return made


def test_the_draw_stays_until_the_verdict_so_that_nobody_picks(app: Flask) -> None:
    _accepted(20)
    editor = _editor()
    drawn = sampling.draw_sheet(editor.id)
    assert drawn is not None
    assert {sampling.draw_sheet(editor.id) for _ in range(5)} == {drawn}
    sampling.judge_sheet(db.session.get_one(Listing, drawn), right=True, by=editor)
    db.session.flush()
    assert sampling.draw_sheet(editor.id) not in (None, drawn)


def test_every_sheet_has_the_same_chance_whatever_was_deleted_between(app: Flask) -> None:
    sheets = _accepted(30)
    # Two stand beside each other, then a gap: drawing "the next after a number" would favour the one after the gap.
    for one in sheets[2:29]:
        db.session.delete(one)
    db.session.commit()
    drawn = Counter(sampling.draw_sheet(user) for user in range(1, 601))
    assert set(drawn) == {sheets[0].id, sheets[1].id, sheets[29].id}
    assert all(150 < count < 250 for count in drawn.values())


def test_only_what_the_machine_accepted_and_still_stands_is_drawn(app: Flask) -> None:
    make_sheets(selling_vendor(), 3)
    make_sheets(selling_vendor(), 3, status=ListingStatus.PUBLISHED, automatic=False)
    assert sampling.draw_sheet(1) is None
    (sheet,) = _accepted(1)
    assert sampling.draw_sheet(1) == sheet.id


def test_verdicts_make_the_precision_and_its_interval(app: Flask) -> None:
    editor, sheets = _editor(), _accepted(10)
    for place, one in enumerate(sheets):
        sampling.judge_sheet(one, right=place > 0, attribute="" if place else "brand", by=editor)
    db.session.commit()
    found = sampling.of_sheets()
    assert (found.seen, found.share) == (10, 0.9)
    low, high = found.interval
    assert (round(low, 3), round(high, 3)) == (0.596, 0.982)
    page = login(app, editor).get("/review?tab=automatic").text
    assert "right in 90% of the 10 checked; with 95% confidence between 59.6% and 98.2%" in page


def test_a_sheet_is_judged_once_in_one_version(app: Flask) -> None:
    editor, (sheet,) = _editor(), _accepted(1)
    sampling.judge_sheet(sheet, right=True, by=editor)
    with pytest.raises(Conflict):
        sampling.judge_sheet(sheet, right=True, by=editor)
    sheet.version += 1
    db.session.flush()
    assert sampling.draw_sheet(editor.id) == sheet.id


def test_a_wrong_sheet_is_opened_at_its_field_to_be_corrected(app: Flask) -> None:
    editor, (sheet,) = _editor(), _accepted(1)
    browser = login(app, editor)
    page = browser.get("/review/audit").text
    assert sheet.title in page
    # Nothing is chosen beforehand: a verdict without a choice would count against the first attribute of the list.
    assert re.search(r'<select[^>]*name="attribute"[^>]*><option value="">', page)
    form = {"version": sheet.version, "verdict": "wrong"}
    refused = browser.post(f"/review/audit/{sheet.id}", data=form)
    assert refused.status_code == 422
    assert 'id="attribute" name="attribute" aria-invalid="true"' in refused.text
    answer = browser.post(f"/review/audit/{sheet.id}", data={**form, "attribute": "brand"})
    assert answer.headers["Location"] == f"/review/{sheet.id}?tab=automatic&edit=brand"
    kept = db.session.scalars(sa.select(SheetAudit)).one()
    assert (kept.right, kept.attribute, kept.auditor_id) == (False, "brand", editor.id)
    assert browser.post(f"/review/audit/{sheet.id}", data={**form, "attribute": "brand"}).status_code == 409
    assert "Nothing to check" in browser.get("/review/audit").text


def test_a_wrong_merge_is_taken_back_at_once_and_its_verdict_kept(app: Flask) -> None:
    made, browser = _merged(), login(app, _editor())
    left, right = made.proposal.left, made.proposal.right
    assert left.product_id == right.product_id
    assert "Rightly merged" in browser.get("/duplicates/audit").text
    browser.post(f"/duplicates/audit/{made.id}", data={"verdict": "wrong"})
    db.session.expire_all()
    assert left.product_id != right.product_id
    assert [one.right for one in db.session.scalars(sa.select(MergeAudit))] == [False]
    assert "Nothing to check" in browser.get("/duplicates/audit").text
    assert "right in 0% of the 1 checked" in browser.get("/duplicates").text
    assert browser.post(f"/duplicates/audit/{made.id}", data={"verdict": "right"}).status_code == 409


def test_a_merge_by_a_person_is_not_of_the_sample(app: Flask) -> None:
    made = _merged()
    made.judge_id = _editor().id
    db.session.commit()
    assert sampling.draw_merge(1) is None
    assert login(app, _editor()).post("/duplicates/audit/99", data={"verdict": "right"}).status_code == 404
