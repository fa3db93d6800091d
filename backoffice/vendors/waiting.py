"""What waits for whom among vendors: for the staff the files of each state, for a vendor its own checklist.

Promise: each number is that of the list its link leads to. Not here: the list itself (`portfolio`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _

from backoffice.accounts.models import User
from backoffice.clock import now
from backoffice.dashboard.needs import NAMED_FIRST, First, Need
from backoffice.extensions import db
from backoffice.permissions import Permission, Role, may
from backoffice.vendors import lifecycle, portfolio, vetting
from backoffice.vendors.models import Vendor, VendorStatus
from backoffice.vendors.portfolio import PATIENCE

# The states that wait for the staff from the first hour; in the others of PATIENCE it is the vendor's turn, until it is late.
_OURS = (VendorStatus.READY_FOR_REVIEW, VendorStatus.PROSPECT)


def home_items(user: User) -> list[Need]:
    """Return what the home page shows of vendors."""
    if may(user, Permission.VET_VENDORS):
        return _for_staff(user)
    return _for_vendor(user) if user.role == Role.VENDOR_USER else []


def _for_staff(user: User) -> list[Need]:
    """Count the states of the reader's own vendors and of nobody's; an administrator's are all."""
    if user.role == Role.ADMINISTRATOR:
        return [_item(status, *counted, "") for status, counted in _counted(sa.true()).items()]
    own = _counted(Vendor.account_manager_id == user.id)
    nobodys = _counted(Vendor.account_manager_id.is_(None))
    items = [_item(status, *counted, str(user.id)) for status, counted in own.items()]
    # Of nobody's vendors only those that wait for us are named, and only where there are some.
    return items + [_item(status, *nobodys[status], "none") for status in _OURS if nobodys[status][0]]


def _waits(status: VendorStatus, moment: datetime) -> sa.ColumnElement[bool]:
    """Return the condition of a vendor that waits in this state for someone to act."""
    late = sa.true() if status in _OURS else Vendor.status_changed_at < moment - PATIENCE[status]
    return sa.and_(Vendor.status == status, late)


def _counted(whose: sa.ColumnElement[bool]) -> dict[VendorStatus, tuple[int, datetime | None]]:
    """Return how many vendors of each state wait, and since when the first does, in one statement."""
    moment = now()
    parts: list[Any] = []
    for status in PATIENCE:
        waits = _waits(status, moment)
        parts += [sa.func.sum(sa.case((waits, 1), else_=0)), sa.func.min(sa.case((waits, Vendor.status_changed_at)))]
    row = db.session.execute(sa.select(*parts).where(whose)).one()
    return {status: (row[2 * place] or 0, row[2 * place + 1]) for place, status in enumerate(PATIENCE)}


def _item(status: VendorStatus, number: int, since: datetime | None, manager: str) -> Need:
    labels = {
        VendorStatus.READY_FOR_REVIEW: _("Vendors to vet"),
        VendorStatus.PROSPECT: _("Prospects to invite or turn down"),
        VendorStatus.INVITED: _("Invitations without an answer"),
        VendorStatus.ONBOARDING: _("Files that the vendor is late to complete or correct"),
    }
    nobodys = _("Looked after by nobody: %(what)s", what=labels[status])
    late = "" if status in _OURS else "1"
    due = since + PATIENCE[status] if since else None
    address = url_for("vendors.index", status=status.value, manager=manager or None, late=late or None)
    label, tone = nobodys if manager == "none" else labels[status], "blocked" if due and due < now() else "attention"
    return Need(label, number, address, due, tone, _first(status, manager) if number else ())


def _first(status: VendorStatus, manager: str) -> list[First]:
    """Return the vendors that have waited longest in this state."""
    waits = sa.select(Vendor).where(_waits(status, now()))
    if manager:
        waits = waits.where(Vendor.account_manager_id == (None if manager == "none" else int(manager)))
    found = db.session.scalars(waits.order_by(Vendor.status_changed_at, Vendor.id).limit(NAMED_FIRST))
    return [
        First(
            one.name,
            url_for("vendors.show", vendor_id=one.id),
            one.city or "",
            one.status_changed_at + PATIENCE[status],
        )
        for one in found
    ]


def _for_vendor(user: User) -> list[Need]:
    vendor = portfolio.own(user)
    address = url_for("vendors.onboarding")
    if vendor.status in vetting.FILLING:
        missing = len(vetting.open_items(vetting.checklist(vendor), states=lifecycle.GIVEN))
        label = _("Items of your file to give or correct") if missing else _("Your file is complete: hand it in")
        return [Need(label, missing or 1, address)]
    if vendor.status == VendorStatus.SUSPENDED:
        label = _("Your shop is suspended: read why")
        return [Need(label, 1, url_for("vendors.company"), tone="blocked")]
    return []
