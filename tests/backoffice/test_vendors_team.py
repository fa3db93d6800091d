"""A vendor's people: they invite and put away one another, the staff invite for them, nobody reaches another's."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backoffice import audit
from backoffice.accounts import invitations
from backoffice.errors import IllegalMove
from backoffice.extensions import db
from backoffice.permissions import Role
from backoffice.vendors import team
from backoffice.vendors.models import Vendor, VendorStatus
from tests.factories.accounts import login, make_user
from tests.factories.vendors import make_vendor


@pytest.fixture
def vendor(app: Flask) -> Vendor:
    """A vendor that sells."""
    return make_vendor(name="Lamps")


@pytest.fixture
def browser(app: Flask, vendor: Vendor) -> FlaskClient:
    """The browser of one of its people."""
    return login(app, make_user(Role.VENDOR_USER, vendor_id=vendor.id, name="Luc"))


def _text(browser: FlaskClient, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_a_vendors_person_invites_a_colleague_who_joins_the_same_vendor(browser: FlaskClient, vendor: Vendor) -> None:
    assert browser.post("/team", data={"email": "Mia@lamps.example", "name": "Mia"}).status_code == 302
    colleague = invitations.find_by_email("mia@lamps.example")
    assert colleague is not None
    assert (colleague.role, colleague.vendor_id, colleague.password_hash) == (Role.VENDOR_USER, vendor.id, None)
    assert [entry.actor_name for entry in audit.timeline(colleague)] == ["Luc"]
    assert "Mia" in _text(browser, "/team")


def test_an_address_that_is_taken_or_none_is_said_at_its_field(browser: FlaskClient) -> None:
    taken = make_user(Role.BUYER).email
    for address, said in ((taken, "belongs to a user already"), ("mia", "not an e-mail address"), ("", "needed")):
        answer = browser.post("/team", data={"email": address, "name": "Mia"})
        assert answer.status_code == 422
        page = answer.get_data(as_text=True)
        assert said in page
        assert 'value="Mia"' in page


def test_a_colleague_is_put_away_and_brought_back_but_never_oneself(
    app: Flask, browser: FlaskClient, vendor: Vendor
) -> None:
    colleague = make_user(Role.VENDOR_USER, vendor_id=vendor.id)
    colleagues_browser = login(app, colleague)
    assert browser.post(f"/team/{colleague.id}/deactivate").status_code == 302
    assert colleagues_browser.get("/team").status_code == 302
    assert browser.post(f"/team/{colleague.id}/activate").status_code == 302
    assert colleague.active
    own = next(person for person in team.members(vendor) if person.name == "Luc")
    refusal = browser.post(f"/team/{own.id}/deactivate")
    assert refusal.status_code == 409
    assert "your own rights" in refusal.get_data(as_text=True)


def test_nobody_reaches_another_vendors_people_or_other_users(browser: FlaskClient) -> None:
    stranger = make_user(Role.VENDOR_USER, vendor_id=make_vendor().id)
    for other in (stranger, make_user(Role.MEDIATOR), make_user(Role.BUYER)):
        for act in ("deactivate", "activate", "invite-again"):
            assert browser.post(f"/team/{other.id}/{act}").status_code == 404
        assert other.active
    assert stranger.email not in _text(browser, "/team")


def test_the_staff_invite_one_person_more_from_the_vendors_page(app: Flask, vendor: Vendor) -> None:
    manager = login(app, make_user(Role.ACCOUNT_MANAGER))
    assert f"/vendors/{vendor.id}/people" in _text(manager, f"/vendors/{vendor.id}")
    assert manager.post(f"/vendors/{vendor.id}/people", data={"email": "mia@lamps.example"}).status_code == 302
    assert [person.email for person in team.members(vendor)] == ["mia@lamps.example"]
    assert "mia@lamps.example" in _text(manager, f"/vendors/{vendor.id}")


@pytest.mark.parametrize("status", [VendorStatus.PROSPECT, VendorStatus.REJECTED, VendorStatus.TERMINATED])
def test_nobody_joins_a_vendor_that_was_not_invited_or_is_gone(app: Flask, status: VendorStatus) -> None:
    vendor, manager = make_vendor(status=status), make_user(Role.ACCOUNT_MANAGER)
    with pytest.raises(IllegalMove):
        team.invite(vendor, "mia@lamps.example", name="", by=manager)
    db.session.rollback()
    page = _text(login(app, manager), f"/vendors/{vendor.id}/people")
    assert 'name="email"' not in page.partition("<main")[2]
