"""Whose a key is, and the marketplace's vendors."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _

from backoffice.api import caller
from backoffice.api.paging import page_of, seek
from backoffice.api.registry import Resources
from backoffice.api.schemas import AccountSchema, VendorsArgs, VendorSchema
from backoffice.errors import Invalid
from backoffice.extensions import db
from backoffice.vendors.models import Vendor, VendorStatus

bp = Resources("api_account", __name__, description="The key's account, and vendors")


@bp.route("/account", methods=["GET"])
@bp.response(200, AccountSchema)
def account() -> dict[str, Any]:
    """Return whose this API key is."""
    who = caller.current()
    vendor = None if who.is_operator else db.session.get_one(Vendor, who.vendor_id)
    return {
        "token": who.display_name,
        "scope": "operator" if vendor is None else "vendor",
        "vendor": vendor.code if vendor is not None else None,
        "operator": current_app.config["OPERATOR_NAME"],
    }


@bp.route("/vendors", methods=["GET"])
@bp.arguments(VendorsArgs, location="query")
@bp.response(200, page_of(VendorSchema))
def list_vendors(args: dict[str, Any]) -> dict[str, Any]:
    """List the vendors by code; for the operator's keys."""
    caller.require_operator()
    query = sa.select(Vendor)
    if "status" in args:
        if args["status"] not in list(VendorStatus):
            words = _("There is no such status.")
            raise Invalid(words, details={"status": words})
        query = query.where(Vendor.status == VendorStatus(args["status"]))
    rows, following = seek(query, args, order=[(Vendor.code, "asc"), (Vendor.id, "asc")])
    return {"items": [_as_json(vendor) for vendor in rows], "next_page_token": following}


def _as_json(vendor: Vendor) -> dict[str, Any]:
    return {
        "code": vendor.code,
        "name": vendor.name,
        "status": vendor.status.value,
        "country": vendor.country,
        "created_at": vendor.created_at.isoformat(),
    }
