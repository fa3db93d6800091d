"""A sheet as it was: its former versions, and one of them beside the present."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from backoffice.errors import NotFound
from backoffice.permissions import Permission, requires
from catalog import past, sheet_page
from catalog.attributes import ATTRIBUTES
from catalog.models import Listing
from catalog.past import PastVersion, Then
from catalog.views.blueprint import blueprint, listing_or_404, reader_language


@blueprint.get("/sheets/<int:listing_id>/past")
@blueprint.get("/sheets/<int:listing_id>/past/<int:version>")
@requires(Permission.READ_CATALOG)
def sheet_past(listing_id: int, version: int | None = None) -> ResponseReturnValue:
    """Show the versions of a sheet, and one of them (the last that ended by default) beside the present."""
    listing = listing_or_404(listing_id)
    ended = past.versions(listing)
    chosen = version if version is not None else ended[0].version if ended else None
    then = past.as_of(listing, chosen, ended) if chosen is not None else None
    if version is not None and then is None:
        raise NotFound()
    return render_template(
        "catalog/past.html",
        listing=listing,
        versions=[(one, _changed(one)) for one in ended],
        then=then,
        rows=_rows(listing, then) if then else [],
    )


def _changed(ended: PastVersion) -> list[str]:
    """Return the labels of what the next version says otherwise."""
    return [sheet_page.label(name, reader_language()) for name in ended.said.get("values", {}) if name in ATTRIBUTES]


def _rows(listing: Listing, then: Then) -> list[dict[str, Any]]:
    named = [name for name in ATTRIBUTES if name in then.values or listing.values.get(name) not in (None, "")]
    return [_row(name, then.values.get(name), listing.values.get(name)) for name in named]


def _row(name: str, before: Any, after: Any) -> dict[str, Any]:
    left, right = sheet_page.shown(before, name), sheet_page.shown(after, name)
    verdict = "same" if left == right else "changed" if left and right else "added" if right else "missing"
    return {"attribute": sheet_page.label(name, reader_language()), "left": left, "right": right, "verdict": verdict}
