"""A sheet in an editor's hands: others pass it by, and whoever opens it all the same is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from backoffice import clock
from backoffice.extensions import db
from backoffice.permissions import Role
from catalog.desk import leases
from catalog.lifecycle import ListingStatus
from tests.factories.accounts import login, make_user
from tests.factories.catalog import selling_vendor
from tests.factories.desk import make_sheets

pytestmark = pytest.mark.usefixtures("quick_reading")
JSON = {"Accept": "application/json"}


def test_two_editors_who_open_the_desk_do_not_get_the_same_sheet(app: Flask) -> None:
    first, second = make_sheets(selling_vendor(), 2)
    anna, ben = (make_user(Role.CONTENT_EDITOR, name=name) for name in ("Anna", "Ben"))
    held = login(app, anna).post(f"/review/{first.id}/hold", headers=JSON).json
    assert held == {"mine": True, "words": ""}
    queue = login(app, ben).get("/review").text
    assert first.title not in queue
    assert second.title in queue
    assert first.title in login(app, anna).get("/review").text


def test_a_direct_visit_says_who_has_the_sheet_and_does_not_take_it(app: Flask) -> None:
    (sheet,) = make_sheets(selling_vendor(), 1)
    anna, ben = (make_user(Role.CONTENT_EDITOR, name=name) for name in ("Anna Blum", "Ben Moss"))
    leases.take(sheet.id, anna.id)
    db.session.commit()
    browser = login(app, ben)
    assert "Anna Blum has this sheet in hand" in browser.get(f"/review/{sheet.id}").text
    answer = browser.post(f"/review/{sheet.id}/hold", headers=JSON).json
    assert answer is not None
    assert (answer["mine"], "Anna Blum" in answer["words"]) == (False, True)
    assert "Anna Blum has this sheet" in browser.post(f"/review/{sheet.id}/hold", follow_redirects=True).text


def test_reading_a_sheet_holds_nothing_so_that_pages_fetched_ahead_stay_free(app: Flask) -> None:
    (sheet,) = make_sheets(selling_vendor(), 1)
    login(app, make_user(Role.CONTENT_EDITOR)).get(f"/review/{sheet.id}")
    assert leases.of(sheet.id) is None


def test_a_lease_ends_by_itself_and_is_renewed_by_a_sign_of_life(app: Flask) -> None:
    (sheet,) = make_sheets(selling_vendor(), 1)
    anna, ben = make_user(Role.CONTENT_EDITOR), make_user(Role.CONTENT_EDITOR)
    start = clock.now()
    with clock.frozen(start):
        assert leases.take(sheet.id, anna.id)
    with clock.frozen(start + leases.LEASE - timedelta(minutes=1)):
        assert not leases.take(sheet.id, ben.id)
        assert leases.take(sheet.id, anna.id)
    with clock.frozen(start + leases.LEASE + timedelta(minutes=1)):
        assert not leases.take(sheet.id, ben.id)
    with clock.frozen(start + 3 * leases.LEASE):
        assert leases.take(sheet.id, ben.id)


def test_who_takes_another_sheet_lets_go_of_the_one_before(app: Flask) -> None:
    first, second = make_sheets(selling_vendor(), 2)
    anna = make_user(Role.CONTENT_EDITOR)
    leases.take(first.id, anna.id)
    leases.take(second.id, anna.id)
    assert leases.of(first.id) is None
    assert leases.of(second.id) is not None


def test_a_decision_takes_the_next_sheet_in_hand_and_lets_go_of_its_own(app: Flask) -> None:
    first, second = make_sheets(selling_vendor(), 2)
    anna = make_user(Role.CONTENT_EDITOR)
    form = {"version": first.version, "next": second.id}
    answer = login(app, anna).post(f"/sheets/{first.id}/accept?tab=waiting", data=form)
    assert answer.headers["Location"].startswith(f"/review/{second.id}")
    lease = leases.of(second.id)
    assert lease is not None
    assert lease.holder_id == anna.id
    assert leases.of(first.id) is None


def test_a_next_sheet_that_someone_took_meanwhile_is_passed_over(app: Flask) -> None:
    first, second, third = make_sheets(selling_vendor(), 3)
    anna, ben = make_user(Role.CONTENT_EDITOR), make_user(Role.CONTENT_EDITOR)
    leases.take(second.id, ben.id)
    db.session.commit()
    browser = login(app, anna)
    form = {"version": first.version, "next": second.id}
    page = browser.post(f"/sheets/{first.id}/accept?tab=waiting", data=form, follow_redirects=True).text
    assert third.title in page
    assert second.title not in page


def test_the_version_is_the_last_defence_of_a_sheet_in_other_hands(app: Flask) -> None:
    (sheet,) = make_sheets(selling_vendor(), 1)
    anna, ben = make_user(Role.CONTENT_EDITOR), make_user(Role.CONTENT_EDITOR)
    leases.take(sheet.id, anna.id)
    db.session.commit()
    seen = sheet.version
    assert login(app, ben).post(f"/sheets/{sheet.id}/accept", data={"version": seen}).status_code == 302
    assert login(app, anna).post(f"/sheets/{sheet.id}/accept", data={"version": seen}).status_code == 409
    db.session.refresh(sheet)
    assert (sheet.status, sheet.reviewed_by_id) == (ListingStatus.PUBLISHED, ben.id)
