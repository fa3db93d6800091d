"""How a vendor comes to us: entered by an account manager, or by its own short application; then invited."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from backoffice import audit
from backoffice.accounts import invitations
from backoffice.accounts.models import User
from backoffice.extensions import db
from backoffice.permissions import Role
from backoffice.vendors import lifecycle, messages, vetting
from backoffice.vendors.lifecycle import Action
from backoffice.vendors.models import Vendor, VendorSource, VendorStatus


def enter_prospect(values: Mapping[str, Any], *, by: User) -> Vendor:
    """Create a prospect from what an account manager knows; one who enters a prospect looks after it."""
    manager = by.id if by.role == Role.ACCOUNT_MANAGER else None
    vendor = _create({"account_manager_id": manager, **values}, VendorSource.PROSPECTION)
    audit.record("vendor.enter", vendor, by=by, changes={"status": (None, vendor.status)})
    vetting.assess(vendor)
    return vendor


def apply(values: Mapping[str, Any]) -> Vendor:
    """Create a prospect from the public form, confirm it to its sender and announce it to the account managers."""
    vendor = _create(values, VendorSource.APPLICATION)
    audit.record("vendor.apply", vendor, by=None, changes={"status": (None, vendor.status)})
    vetting.assess(vendor)
    messages.tell_applied(vendor)
    return vendor


def _create(values: Mapping[str, Any], source: VendorSource) -> Vendor:
    tidy = vetting.normalized(values, str(values.get("country") or "FR"))
    vendor = Vendor(code=free_code(str(values["name"])), source=source, status=VendorStatus.PROSPECT, **tidy)
    db.session.add(vendor)
    db.session.flush()
    return vendor


def free_code(name: str) -> str:
    """Return a short code made of the name that no vendor has yet."""
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", bare).strip("-")[:50] or "vendor"
    taken = set(db.session.scalars(sa.select(Vendor.code).where(Vendor.code.startswith(stem, autoescape=True))))
    number = 2
    code = stem
    while code in taken:
        code, number = f"{stem}-{number}", number + 1
    return code


def invite(vendor: Vendor, *, by: User, version: int | None = None) -> None:
    """Invite the vendor's contact to log in and fill the checklist; someone who joined before keeps their password."""
    lifecycle.move(vendor, Action.INVITE, by=by, version=version)
    existing = invitations.find_by_email(vendor.email)
    if existing is not None and existing.vendor_id == vendor.id:
        if existing.password_hash is None:
            invitations.invite_again(existing, by=by)
        else:
            messages.tell_reopened(vendor)
        return
    invitations.invite(
        vendor.email,
        Role.VENDOR_USER,
        by=by,
        name=vendor.contact_name,
        locale=vendor.locale,
        vendor_id=vendor.id,
        template="vendor_invitation",
    )


def start(vendor: Vendor, *, by: User) -> None:
    """Note that an invited vendor has begun its checklist; does nothing later."""
    if vendor.status == VendorStatus.INVITED:
        lifecycle.move(vendor, Action.START, by=by)


def assign(vendor: Vendor, manager_id: int | None, *, by: User) -> None:
    """Give the vendor to an account manager, or to nobody."""
    if vendor.account_manager_id == manager_id:
        return
    before = vendor.account_manager
    vendor.account_manager = db.session.get_one(User, manager_id) if manager_id is not None else None
    names = tuple(person.display_name if person else None for person in (before, vendor.account_manager))
    audit.record("vendor.assign", vendor, by=by, changes={"account_manager": (names[0], names[1])})


def on_joined(user: User) -> None:
    """Receive that someone accepted an invitation: a vendor's user begins the checklist."""
    if user.vendor_id is not None:
        vendor = db.session.get_one(Vendor, user.vendor_id)
        start(vendor, by=user)
