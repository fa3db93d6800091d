"""What the home page shows of vendors: to each reader the numbers of the lists that its links lead to."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask

from backoffice.accounts.models import User
from backoffice.clock import now
from backoffice.dashboard.needs import Need
from backoffice.extensions import db
from backoffice.permissions import Role
from backoffice.vendors.models import Vendor, VendorStatus
from backoffice.vendors.portfolio import PATIENCE
from backoffice.vendors.waiting import home_items
from tests.factories.accounts import login, make_user
from tests.factories.vendors import make_vendor

S = VendorStatus


def _vendor(status: VendorStatus, days: int, manager: User | None = None) -> Vendor:
    since = now() - timedelta(days=days)
    vendor = make_vendor(status=status, status_changed_at=since)
    vendor.account_manager_id = manager.id if manager else None
    db.session.commit()
    return vendor


def _items(app: Flask, user: User) -> dict[str, Need]:
    with app.test_request_context():
        return {str(item.label): item for item in home_items(user)}


def test_an_account_manager_is_told_of_their_own_vendors_and_of_nobodys(app: Flask) -> None:
    manager, other = make_user(Role.ACCOUNT_MANAGER), make_user(Role.ACCOUNT_MANAGER)
    first = _vendor(S.READY_FOR_REVIEW, 5, manager)
    for days, owner in ((1, manager), (1, other), (2, None)):
        _vendor(S.READY_FOR_REVIEW, days, owner)
    items = _items(app, manager)
    assert items["Vendors to vet"].count == 2
    assert items["Vendors to vet"].due_at == first.status_changed_at + PATIENCE[S.READY_FOR_REVIEW]
    assert items["Vendors to vet"].tone == "blocked"
    assert items["Looked after by nobody: Vendors to vet"].count == 1
    # Who has waited longest is named first.
    assert items["Vendors to vet"].first[0].title == first.name
    assert _items(app, make_user(Role.ADMINISTRATOR))["Vendors to vet"].count == 4


def test_the_vendors_turn_counts_only_once_it_is_late(app: Flask) -> None:
    manager = make_user(Role.ACCOUNT_MANAGER)
    for days in (1, 30):
        _vendor(S.INVITED, days, manager)
        _vendor(S.ONBOARDING, days, manager)
    items = _items(app, manager)
    assert items["Invitations without an answer"].count == 1
    assert items["Files that the vendor is late to complete or correct"].count == 1


def test_every_number_is_that_of_the_list_behind_it(app: Flask) -> None:
    manager = make_user(Role.ACCOUNT_MANAGER)
    for status in PATIENCE:
        for days in (1, 30):
            _vendor(status, days, manager)
            _vendor(status, days, None)
    for reader in (manager, make_user(Role.ADMINISTRATOR)):
        browser = login(app, reader)
        items = _items(app, reader)
        assert sum(item.count for item in items.values()) > 0
        for item in items.values():
            rows = re.findall(r"<tr data-row>", browser.get(item.url).get_data(as_text=True))
            assert len(rows) == item.count, item.url


@pytest.mark.parametrize(("status", "label"), [(S.ONBOARDING, "to give or correct"), (S.SUSPENDED, "suspended")])
def test_a_vendor_is_told_what_it_has_to_do(app: Flask, status: VendorStatus, label: str) -> None:
    vendor = make_vendor(status=status)
    items = _items(app, make_user(Role.VENDOR_USER, vendor_id=vendor.id))
    assert [label in said for said in items] == [True]


def test_who_vets_nobody_is_told_nothing(app: Flask) -> None:
    _vendor(S.READY_FOR_REVIEW, 5)
    seller = make_user(Role.VENDOR_USER, vendor_id=make_vendor(status=S.LIVE).id)
    for reader in (seller, make_user(Role.BUYER), make_user(Role.MEDIATOR), make_user(Role.CONTENT_EDITOR)):
        assert _items(app, reader) == {}
