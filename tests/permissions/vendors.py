"""Who gets what from the pages of vendors."""

from __future__ import annotations

import io
from typing import Any

from backoffice.extensions import db
from backoffice.files import store
from backoffice.permissions import Role
from backoffice.vendors import vetting
from backoffice.vendors.models import VendorDocument, VendorStatus
from tests.factories.accounts import make_user
from tests.factories.vendors import make_vendor
from tests.permissions.table import EVERYONE, STAFF, Row

MANAGERS = ("administrator", "account_manager")
VENDORS = ("vendor_owner", "vendor_stranger")
APPLICATION = {
    "name": "Lamps",
    "legal_form": "company",
    "country": "FR",
    "contact_name": "Anna Bell",
    "email": "anna@lamps.example",
    "phone": "01 42 68 53 00",
    "presentation": "Lamps.",
}


def extend(world: Any) -> None:
    """Add a document of the owner's vendor, a prospect, and a file waiting for a reviewer."""
    file = store(io.BytesIO(b"%PDF-1.7\n%%EOF"), "kbis.pdf")
    world.document = VendorDocument(vendor=world.vendor, kind="registration_document", file=file)
    db.session.add(world.document)
    world.prospect = make_vendor(status=VendorStatus.PROSPECT)
    world.in_review = make_vendor(status=VendorStatus.READY_FOR_REVIEW)
    vetting.assess(world.in_review)
    world.workmate = make_user(Role.VENDOR_USER, vendor_id=world.vendor.id)
    db.session.commit()


def _own(world: Any) -> dict[str, Any]:
    return {"vendor_id": world.vendor.id}


def _workmate(world: Any) -> dict[str, Any]:
    return {"user_id": world.workmate.id}


def _somebody(world: Any) -> dict[str, Any]:
    return {"email": f"wim-{world.vendor.id}@lamps.example", "name": "Wim"}


def _company(_world: Any) -> dict[str, Any]:
    return {"kind": "company"}


def _application(world: Any) -> dict[str, Any]:
    return {**APPLICATION, "email": f"anna-{world.vendor.id}@lamps.example"}


def _edited(world: Any) -> dict[str, Any]:
    return {"name": "Renamed", "legal_form": "company", "country": "FR", "locale": "fr"}


ROWS = [
    Row("vendors.apply", allowed=EVERYONE),
    Row("vendors.apply", "POST", EVERYONE, 302, data=_application),
    Row("vendors.applied", allowed=EVERYONE),
    Row("vendors.terms", allowed=EVERYONE),
    Row("vendors.index", allowed=STAFF),
    Row("vendors.export", allowed=STAFF),
    Row("vendors.board", allowed=STAFF),
    Row("vendors.show", allowed=STAFF, values=_own),
    Row("vendors.create", allowed=MANAGERS),
    Row("vendors.create", "POST", MANAGERS, 302, data=lambda _world: {**APPLICATION, "locale": "fr"}),
    Row("vendors.edit", allowed=MANAGERS, values=_own),
    Row("vendors.edit", "POST", MANAGERS, 302, values=_own, data=_edited),
    Row(
        "vendors.act",
        "POST",
        MANAGERS,
        302,
        values=lambda world: {"vendor_id": world.prospect.id},
        data=lambda _world: {"action": "invite"},
    ),
    Row(
        "vendors.judge",
        "POST",
        MANAGERS,
        302,
        values=lambda world: {"vendor_id": world.in_review.id, "kind": "identity_document"},
        data=lambda _world: {"judgement": "waive", "words": "Seen in person."},
    ),
    Row("vendors.assign", "POST", MANAGERS, 302, values=_own, data=lambda _world: {"manager": ""}),
    Row("vendors.recheck", "POST", MANAGERS, 302, values=_own),
    Row(
        "vendors.document",
        allowed=(*STAFF, "vendor_owner"),
        values=lambda world: {"vendor_id": world.vendor.id, "document_id": world.document.id},
    ),
    Row("vendors.onboarding", allowed=VENDORS),
    Row("vendors.requirement", allowed=VENDORS, values=_company),
    Row("vendors.requirement", "POST", VENDORS, 409, values=_company),
    Row("vendors.submit", "POST", VENDORS, 409),
    Row("vendors.team", allowed=VENDORS),
    Row("vendors.team", "POST", VENDORS, 302, data=_somebody),
    Row("vendors.invite_colleague_again", "POST", ("vendor_owner",), 302, values=_workmate),
    Row("vendors.deactivate_colleague", "POST", ("vendor_owner",), 302, values=_workmate),
    Row("vendors.activate_colleague", "POST", ("vendor_owner",), 302, values=_workmate),
    Row("vendors.people", allowed=MANAGERS, values=_own),
    Row("vendors.people", "POST", MANAGERS, 302, values=_own, data=_somebody),
    Row("vendors.company", allowed=VENDORS),
    Row("vendors.company_act", "POST", VENDORS, 302, data=lambda _world: {"action": "go_on_vacation"}),
]
