"""Pages of quality: the marketplace's for staff, a vendor's own with its lessons, the sheets to mend first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from backoffice.database import key_in
from backoffice.errors import NotFound
from backoffice.exporting import csv_answer, csv_line
from backoffice.extensions import db
from backoffice.paging import Page, paginate
from backoffice.permissions import Permission, requires
from backoffice.vendors.models import Vendor
from catalog import issues, tree
from catalog.figures import arrivals, counting, course, faulty, lessons, mending, pages, words
from catalog.figures.models import ALL_VENDORS, MendFirst
from catalog.figures.pages import Compared
from catalog.taxonomies import levels
from catalog.views.blueprint import reader_language

blueprint = Blueprint("figures", __name__, url_prefix="/quality")
PERIODS = (30, 90, 365)
FIRST = 90
# Sheets to mend shown on a page that shows other things too, and on the list of them.
FEW, MANY = 8, 25


def _days() -> int:
    asked = request.args.get("days", "")
    return int(asked) if asked.isdecimal() and int(asked) in PERIODS else FIRST


def _asked() -> dict[str, Any]:
    """Return what the address narrows the figures to."""
    given = request.args
    vendor = key_in(given.get("vendor"))
    by = given.get("by", "vendor")
    return {
        "vendor": ALL_VENDORS if vendor is None else vendor,
        "category": given.get("category") or None,
        "by": by if by in ("vendor", "category") else "vendor",
        "days": _days(),
    }


def _kept(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return what narrows the figures as an address says it."""
    return {name: value for name, value in asked.items() if value}


@blueprint.get("/")
@requires(Permission.READ_REPORTS)
def overview() -> ResponseReturnValue:
    """Show how the sheets stand and how that changed, by vendor or category."""
    asked = _asked()
    day = course.last_day()
    stood = course.course(asked["vendor"], asked["category"], since=course.since(asked["days"]))
    vendors = db.session.execute(sa.select(Vendor.id, Vendor.name).order_by(Vendor.name)).all()
    return render_template(
        "figures/overview.html",
        **asked,
        periods=PERIODS,
        day=day,
        counted_at=course.counted_at(day) if day else None,
        now_stands=stood.get(day or "", course.NOTHING),
        quality=pages.points(stood, "quality"),
        completeness=pages.points(stood, "completeness"),
        lines=_lines(day, asked) if day else [],
        vendors=[(str(number), name) for number, name in vendors],
        kept=_kept(asked),
        tree=tree.current(),
    )


def _lines(day: str, asked: dict[str, Any]) -> list[tuple[Any, str, course.Standing]]:
    """Return the table: (key, name, standing) by vendor or by category."""
    if asked["by"] == "vendor":
        every = course.by_vendor(day, asked["category"])
        return [line for line in every if asked["vendor"] in (ALL_VENDORS, line[0])]
    found = course.by_category(day, asked["vendor"], asked["category"])
    return [(code, tree.current().path(code, reader_language()) or code, one) for code, one in found]


@blueprint.get("/figures.csv")
@requires(Permission.READ_REPORTS)
def export_figures() -> ResponseReturnValue:
    """Give the table of the page as a CSV file."""
    asked, day = _asked(), course.last_day()
    return csv_answer(_csv(_lines(day, asked) if day else [], asked["by"]), "quality.csv")


def _csv(lines: list[tuple[Any, str, course.Standing]], by: str) -> Iterator[str]:
    name = _("Vendor") if by == "vendor" else _("Category")
    yield "\ufeff" + csv_line([name, _("Sheets"), _("Completeness"), _("Quality"), "A", "B", "C", "D", "E"])
    for _key, label, one in lines:
        yield csv_line([label, one.sheets, round(one.completeness, 4), round(one.quality, 4), *one.bands])


@blueprint.post("/count")
@requires(Permission.READ_REPORTS)
def count_now() -> ResponseReturnValue:
    """Have today's figures counted anew."""
    counting.ask()
    db.session.commit()
    flash(_("The figures are being counted; reload this page in a moment."), "success")
    return redirect(url_for("figures.overview", **_kept(_asked())))


@blueprint.get("/own")
@requires(Permission.READ_CATALOG)
def own() -> ResponseReturnValue:
    """Lead a vendor's user to the vendor's page, and staff to the marketplace's."""
    if current_user.vendor_id is None:
        return redirect(url_for("figures.overview"))
    return redirect(url_for("figures.vendor", vendor_id=current_user.vendor_id))


@blueprint.get("/vendors/<int:vendor_id>")
@requires(Permission.READ_CATALOG)
def vendor(vendor_id: int) -> ResponseReturnValue:
    """Show a vendor how its sheets stand, what recurs in them and what to mend first."""
    shop, reader, days = _vendor_or_404(vendor_id), reader_language(), _days()
    day = course.last_day()
    stood = course.course(shop.id, since=course.since(days))
    weeks, medians = course.arrivals(shop.id), course.medians(day) if day else {}
    now_stands = stood.get(day or "", course.NOTHING)
    known = bool(now_stands.sheets)
    return render_template(
        "figures/vendor.html",
        shop=shop,
        days=days,
        periods=PERIODS,
        counted_at=course.counted_at(day) if day else None,
        now_stands=now_stands,
        quality=Compared(now_stands.quality if known else None, medians.get("quality")),
        completeness=Compared(now_stands.completeness if known else None, medians.get("completeness")),
        acceptance=Compared(pages.rate(weeks), medians.get("acceptance")),
        quality_points=pages.points(stood, "quality"),
        acceptance_points=pages.acceptance(weeks),
        lessons=lessons.of_vendor(shop.id, reader),
        categories=course.by_category(day, shop.id, None)[:FEW] if day else [],
        tree=tree.current(),
        first=pages.first_to_mend(shop.id, reader, FEW),
        weight=mending.MET_FOR_A_SALE,
    )


def _vendor_or_404(vendor_id: int) -> Vendor:
    """Return a vendor whose figures the reader may see: staff every one's, a vendor's user its own."""
    found = db.session.get(Vendor, vendor_id)
    if found is None or not (current_user.is_staff or current_user.vendor_id == vendor_id):
        raise NotFound()
    return found


@blueprint.get("/vendors/<int:vendor_id>/faults/<string:code>.csv")
@requires(Permission.READ_CATALOG)
def export_faulty(vendor_id: int, code: str) -> ResponseReturnValue:
    """Give the vendor's sheets that have one fault as a file to correct and send again."""
    shop = _vendor_or_404(vendor_id)
    if code not in issues.ISSUES:
        raise NotFound()
    return csv_answer(faulty.lines(shop.id, code, reader_language()), f"{code}.csv")


@blueprint.get("/mend-first")
@requires(Permission.READ_CATALOG)
def mend_first() -> ResponseReturnValue:
    """List the sheets whose mending customers would meet most: a vendor's user its own, staff all or one vendor's."""
    asked = _asked()["vendor"] or None
    vendor_id = asked if current_user.is_staff else current_user.vendor_id
    query = pages.with_sheets(mending.ranked(vendor_id))
    found = paginate(query, order=[(MendFirst.effect, "desc"), (MendFirst.listing_id, "desc")], size=MANY)
    requirements = levels.current()
    rows = [pages.to_mend(row, requirements, reader_language()) for row in found.items]
    return render_template(
        "figures/mend_first.html",
        page=Page(rows, found.next_url, found.previous_url),
        staff=current_user.is_staff,
        weight=mending.MET_FOR_A_SALE,
    )


def register(app: Flask) -> None:
    """Add the pages, their navigation, and the note that a sheet came back once."""
    app.register_blueprint(blueprint)
    words.register()
    arrivals.register()
