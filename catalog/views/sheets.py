"""Pages of sheets: the list with its filters and export, and one sheet with all that is known of it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Response, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import joinedload, load_only

from backoffice.database import key_in
from backoffice.extensions import db
from backoffice.paging import paginate
from backoffice.permissions import Permission, requires
from backoffice.vendors.models import Vendor
from catalog import exports, finding, sheet_page, tree
from catalog.finding import Near
from catalog.images import showing
from catalog.lifecycle import ListingStatus
from catalog.models import Listing
from catalog.search.queries import MAX_WINDOW
from catalog.views.blueprint import blueprint, listing_or_404, listings_of_reader, reader_language

# The address parameters that narrow the list.
FILTERS = ("q", "status", "vendor", "category", "import")


# What a line of the list says: a sheet's texts and findings, ten times as many bytes, are left where they are.
LISTED = (
    Listing.id, Listing.vendor_id, Listing.sku, Listing.title, Listing.brand, Listing.category, Listing.status,
    Listing.quality, Listing.price_minor, Listing.currency,
)  # fmt: skip


def _filtered(found: Near | None) -> sa.Select[tuple[Listing]]:
    """Return the sheets that the address asks for; `found` is what its words are near to."""
    query = listings_of_reader()
    given = request.args
    if given.get("status") in set(ListingStatus):
        query = query.where(Listing.status == ListingStatus(given["status"]))
    vendor, run = key_in(given.get("vendor")), key_in(given.get("import"))
    if vendor is not None and current_user.is_staff:
        query = query.where(Listing.vendor_id == vendor)
    if run is not None:
        query = query.where(Listing.import_id == run)
    if given.get("category"):
        query = query.where(Listing.category.in_(_branch(given["category"])))
    return finding.narrowed(query, found) if found is not None else query


def _near() -> Near | None:
    """Return what the words of the address are near to; None without any."""
    word = request.args.get("q", "").strip().replace("\0", "")
    if not word:
        return None
    vendor = current_user.vendor_id
    if current_user.is_staff:
        vendor = key_in(request.args.get("vendor"))
    return finding.near(word, locale=reader_language(), vendor=vendor)


def _branch(code: str) -> list[str]:
    """Return the category and all below it: the sheets of a shelf are those on its boards."""
    categories = tree.current().taxonomy
    return categories.branch(code) if code in categories else [code]


@blueprint.get("/sheets")
@requires(Permission.READ_CATALOG)
def sheets() -> ResponseReturnValue:
    """List the sheets the reader may see, newest first."""
    found = _near()
    shown = _filtered(found).options(load_only(*LISTED), joinedload(Listing.vendor).load_only(Vendor.name))
    page = paginate(shown, order=[(Listing.id, "desc")])
    vendors = []
    if current_user.is_staff:
        named = db.session.execute(sa.select(Vendor.id, Vendor.name).order_by(Vendor.name))
        vendors = [(str(number), name) for number, name in named]
    given = {name: request.args[name] for name in FILTERS if request.args.get(name)}
    return render_template(
        "catalog/sheets.html",
        page=page,
        found=found,
        most=MAX_WINDOW,
        statuses=list(ListingStatus),
        vendors=vendors,
        tree=tree.current(),
        staff=current_user.is_staff,
        given=given,
        applied=_applied(given),
    )


def _applied(given: dict[str, str]) -> list[dict[str, str]]:
    """Return the filters that have no field of their own on the page, each with the address without it."""
    words = {
        "category": lambda code: tree.current().path(code, reader_language()) or code,
        "import": lambda number: _("import %(number)s", number=number),
    }
    return [
        {"label": words[name](given[name]), "remove_url": url_for("catalog.sheets", **_without(given, name))}
        for name in words
        if name in given
    ]


def _without(given: dict[str, str], name: str) -> dict[str, Any]:
    return {key: value for key, value in given.items() if key != name}


@blueprint.get("/sheets.csv")
@requires(Permission.READ_CATALOG)
def export_sheets() -> ResponseReturnValue:
    """Give the filtered sheets as a CSV file, streamed."""
    lines = exports.sheets_csv(_filtered(_near()).order_by(Listing.id), reader_language())
    answer = Response(stream_with_context(lines), content_type="text/csv; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename="sheets.csv")
    return answer


@blueprint.get("/sheets/<int:listing_id>")
@requires(Permission.READ_CATALOG)
def sheet(listing_id: int) -> ResponseReturnValue:
    """Show one sheet: raw beside harmonized, changes, problems, keywords, categories, offer, history."""
    return sheet_shown(listing_or_404(listing_id))


def sheet_shown(listing: Listing, **more: Any) -> str:
    """Return the page of a sheet; `more` is what a form on it was refused for."""
    return render_template(
        "catalog/sheet.html",
        listing=listing,
        view=sheet_page.view(listing, reader_language()),
        pictures=showing.of_sheet(listing),
        timeline=sheet_page.history(listing, reader_language()),
        **more,
    )
