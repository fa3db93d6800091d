"""What a vendor is told, and what its account manager is: a table from moves to messages, carrying the words said."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from backoffice.accounts.models import User
from backoffice.extensions import db
from backoffice.notifications import notify, send_mail
from backoffice.permissions import Role
from backoffice.vendors import vetting
from backoffice.vendors.models import RequirementState, Vendor

# Moves whose message goes to the vendor, and the page it leads to. An invitation is a mail of its own.
TO_VENDOR: dict[str, tuple[str, str]] = {
    "request_revision": ("vendor_revision_requested", "/onboarding"),
    "approve": ("vendor_approved", "/"),
    "reject": ("vendor_rejected", "/onboarding"),
    "suspend": ("vendor_suspended", "/company"),
    "reinstate": ("vendor_reinstated", "/company"),
    "give_notice": ("vendor_notice_given", "/company"),
    "withdraw_notice": ("vendor_notice_withdrawn", "/company"),
    "terminate": ("vendor_terminated", "/company"),
}
TO_MANAGER: dict[str, str] = {"submit": "vendor_submitted", "start": "vendor_started"}


def tell_move(vendor: Vendor, action: str, *, reason: str, by: User | None) -> None:
    """Tell those whom a move concerns, in their own language."""
    if action in TO_VENDOR:
        kind, path = TO_VENDOR[action]
        _tell_vendor(vendor, kind, path, reason=reason)
    if action in TO_MANAGER:
        for person in managers_of(vendor):
            notify(person, TO_MANAGER[action], url=f"/vendors/{vendor.id}", mail=action == "submit", vendor=vendor.name)


def _tell_vendor(vendor: Vendor, kind: str, path: str, *, reason: str) -> None:
    values: dict[str, Any] = {"vendor": vendor.name, "reason": reason}
    people = users_of(vendor)
    for person in people:
        notify(person, kind, url=path, **values)
    asked = [
        (item.requirement.label, item.result.words)
        for item in vetting.checklist(vendor)
        if item.result is not None and item.state == RequirementState.REJECTED
    ]
    addresses = [(person.email, person.locale or vendor.locale) for person in people] or [(vendor.email, vendor.locale)]
    for address, locale in addresses:
        if address:
            send_mail(address, kind, locale=locale, url=path, asked=asked, ends_at=vendor.ends_at, **values)


def users_of(vendor: Vendor) -> list[User]:
    """Return the vendor's own active users."""
    query = sa.select(User).where(User.vendor_id == vendor.id, User.active, User.role == Role.VENDOR_USER)
    return list(db.session.scalars(query.order_by(User.id)))


def managers_of(vendor: Vendor) -> list[User]:
    """Return the vendor's account manager, or every one where none was named."""
    if vendor.account_manager is not None and vendor.account_manager.active:
        return [vendor.account_manager]
    query = sa.select(User).where(User.role == Role.ACCOUNT_MANAGER, User.active)
    return list(db.session.scalars(query.order_by(User.id)))


def tell_applied(vendor: Vendor) -> None:
    """Confirm an application to its sender and announce it to the account managers."""
    send_mail(
        vendor.email, "vendor_applied", locale=vendor.locale, url="/", vendor=vendor.name, contact=vendor.contact_name
    )
    for person in managers_of(vendor):
        notify(person, "vendor_new_application", url=f"/vendors/{vendor.id}", vendor=vendor.name)


def tell_reopened(vendor: Vendor) -> None:
    """Tell a vendor that joined before that its file is open again."""
    _tell_vendor(vendor, "vendor_reopened", "/onboarding", reason="")


def describe_fields(fields: list[str]) -> str:
    """Return the names of identifying columns as people say them."""
    words = {
        "siren": _("SIREN"),
        "vat_number": _("VAT number"),
        "iban": _("IBAN"),
        "phone": _("telephone"),
        "email": _("e-mail"),
    }
    return ", ".join(words[name] for name in fields)
