"""Finding vendors: lists with filters, the board by state, the export, and whose a vendor is.

Every fetch is narrowed to its reader: staff see all vendors, a vendor's user their own; a stranger gets NotFound.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from backoffice.accounts.models import User
from backoffice.clock import now
from backoffice.database import key_in
from backoffice.errors import NotFound
from backoffice.exporting import csv_line
from backoffice.extensions import db
from backoffice.permissions import Role
from backoffice.vendors.models import Vendor, VendorDocument, VendorStatus

BOARD_SIZE = 30
# Columns of the board, in the order of the flow; those aside come last and only where they hold someone.
BOARD = (
    VendorStatus.PROSPECT,
    VendorStatus.INVITED,
    VendorStatus.ONBOARDING,
    VendorStatus.READY_FOR_REVIEW,
    VendorStatus.APPROVED,
    VendorStatus.LIVE,
)
ASIDE = tuple(status for status in VendorStatus if status not in BOARD)
# How long a vendor may rest in a state before someone should ask what holds it up. Set by judgement: applicants are
# told that they hear from us within a few days, and a registration extract takes about a week to come.
PATIENCE = {
    VendorStatus.READY_FOR_REVIEW: timedelta(days=3),
    VendorStatus.PROSPECT: timedelta(days=3),
    VendorStatus.INVITED: timedelta(days=7),
    VendorStatus.ONBOARDING: timedelta(days=10),
}
EXPORTED = [
    *("code", "name", "status", "status_changed_at", "legal_name", "legal_form", "country"),
    *("siren", "siret", "vat_number", "email", "phone", "city", "created_at"),
]


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader narrows the list to; empty means all."""

    status: str = ""
    manager: str = ""
    text: str = ""
    late: str = ""


def is_late(vendor: Vendor) -> bool:
    """Return whether the vendor rests in its state for longer than it should."""
    patience = PATIENCE.get(vendor.status)
    return patience is not None and vendor.status_changed_at < now() - patience


def _late() -> sa.ColumnElement[bool]:
    moment = now()
    rests = (
        sa.and_(Vendor.status == status, Vendor.status_changed_at < moment - patience)
        for status, patience in PATIENCE.items()
    )
    return sa.or_(*rests)


def visible_to(user: User) -> sa.Select[Any]:
    """Return the select of the vendors this user may see."""
    query = sa.select(Vendor)
    if user.is_staff:
        return query
    return query.where(Vendor.id == (user.vendor_id or -1))


def find(vendor_id: int, user: User) -> Vendor:
    """Return the vendor, or raise NotFound where it is none of the reader's."""
    vendor = db.session.scalar(visible_to(user).where(Vendor.id == vendor_id))
    if vendor is None:
        raise NotFound()
    return vendor


def own(user: User) -> Vendor:
    """Return the vendor that this vendor user belongs to."""
    return find(user.vendor_id or -1, user)


def find_by_code(code: str) -> Vendor | None:
    """Return the vendor with this code."""
    return db.session.scalar(sa.select(Vendor).where(Vendor.code == code))


def find_document(vendor_id: int, document_id: int, user: User) -> VendorDocument:
    """Return a document of a vendor the reader may see."""
    vendor = find(vendor_id, user)
    document = db.session.get(VendorDocument, document_id)
    if document is None or document.vendor_id != vendor.id:
        raise NotFound()
    return document


def filtered(filters: Filters, user: User) -> sa.Select[Any]:
    """Return the select of a list page."""
    query = visible_to(user).options(joinedload(Vendor.account_manager))
    if filters.status in list(VendorStatus):
        query = query.where(Vendor.status == VendorStatus(filters.status))
    if filters.manager == "none":
        query = query.where(Vendor.account_manager_id.is_(None))
    elif (manager := key_in(filters.manager)) is not None:
        query = query.where(Vendor.account_manager_id == manager)
    if filters.late:
        query = query.where(_late())
    if filters.text.strip():
        query = query.where(_matches(filters.text.strip()))
    return query


def _matches(text: str) -> sa.ColumnElement[bool]:
    columns = (Vendor.name, Vendor.legal_name, Vendor.code, Vendor.email, Vendor.siren, Vendor.city)
    return sa.or_(*(column.icontains(text, autoescape=True) for column in columns))


def counts() -> dict[VendorStatus, int]:
    """Return how many vendors stand in each state."""
    rows = db.session.execute(sa.select(Vendor.status, sa.func.count()).group_by(Vendor.status))
    found = {VendorStatus(status): int(number) for status, number in rows}
    return {status: found.get(status, 0) for status in VendorStatus}


def waiting_for_review(_user: User) -> sa.Select[Any]:
    """Return the query of how many files wait for a reviewer; shown in the navigation."""
    return sa.select(sa.func.count(Vendor.id)).where(Vendor.status == VendorStatus.READY_FOR_REVIEW)


def board() -> list[tuple[VendorStatus, int, list[Vendor]]]:
    """Return the columns of the board: state, how many, and the longest waiting, in one query a shown column."""
    numbers = counts()
    shown = [*BOARD, *(status for status in ASIDE if numbers[status])]
    return [(status, numbers[status], _longest_waiting(status) if numbers[status] else []) for status in shown]


def _longest_waiting(status: VendorStatus) -> list[Vendor]:
    query = sa.select(Vendor).options(joinedload(Vendor.account_manager)).where(Vendor.status == status)
    return list(db.session.scalars(query.order_by(Vendor.status_changed_at, Vendor.id).limit(BOARD_SIZE)))


def managers() -> list[User]:
    """Return the people who may look after a vendor."""
    roles = (Role.ACCOUNT_MANAGER, Role.ADMINISTRATOR)
    return list(
        db.session.scalars(sa.select(User).where(User.role.in_(roles), User.active).order_by(User.name, User.id))
    )


def as_csv(query: sa.Select[Any]) -> Iterator[str]:
    """Yield the vendors as lines of CSV that no spreadsheet takes for formulas."""
    yield csv_line(EXPORTED)
    for vendor in db.session.scalars(query.order_by(Vendor.id).execution_options(yield_per=500)):
        yield csv_line(getattr(vendor, name) for name in EXPORTED)
