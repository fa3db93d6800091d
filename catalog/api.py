"""The catalogue in the API: files of sheets in, their figures and reports out, search, and a vendor's offers."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import marshmallow as ma
import sqlalchemy as sa
from flask import Flask, Response, send_file
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_smorest.fields import Upload
from marshmallow import fields, validate

from backoffice.api import caller, registry
from backoffice.api.idempotency import Answer, once
from backoffice.api.paging import PageArgs, page_of, seek
from backoffice.api.registry import IDEMPOTENCY, Resources
from backoffice.api.schemas import MoneySchema, moment
from backoffice.errors import Conflict, Invalid, NotFound, Unavailable
from backoffice.extensions import db
from backoffice.vendors.portfolio import find_by_code
from catalog import completing, pipeline, reports, searching, tallying, tree, uploads
from catalog.intake import UnreadableFile
from catalog.lifecycle import ListingStatus
from catalog.models import Import, ImportStatus, Listing
from catalog.search.port import EngineUnavailable, Hit
from catalog.search.queries import SORTS

bp = Resources("api_catalog", __name__, description="Product sheets: imports, search, offers")
STATUSES = [status.value for status in ImportStatus]
FACETED = tuple(param for _name, param, _words in searching.FACETS)
REPORTED = (ImportStatus.DONE, ImportStatus.CANCELLED)


class ImportFormSchema(ma.Schema):
    """The vendor's file and what to do with it."""

    file = Upload(required=True, metadata={"description": "CSV, XLSX, ODS, XML, JSON, or one of them in a zip."})
    vendor = fields.String(metadata={"description": "Vendor's code; needed with a key of the marketplace."})
    full_replacement = fields.Boolean(load_default=False)
    empty_cells = fields.String(load_default="keep", validate=validate.OneOf(["keep", "clear"]))


class ImportSchema(ma.Schema):
    """One import; `uploaded` was not looked at yet, or waits for a person to say which column holds the title."""

    id = fields.Integer(required=True)
    vendor = fields.String(required=True)
    file = fields.String(required=True)
    status = fields.String(required=True, validate=validate.OneOf(STATUSES))
    lines_read = fields.Integer(required=True)
    lines_in_success = fields.Integer(required=True)
    lines_in_error = fields.Integer(required=True)
    lines_with_warning = fields.Integer(required=True)
    unchanged = fields.Integer(required=True)
    created_at = moment(required=True)
    finished_at = moment(required=True, allow_none=True)
    refusal = fields.String(required=True, allow_none=True)


class HitSchema(ma.Schema):
    """One product found."""

    product = fields.Integer(required=True)
    title = fields.String(required=True)
    brand = fields.String(required=True, allow_none=True)
    category = fields.String(required=True, metadata={"description": "Path from the root."})
    price = fields.Nested(MoneySchema, required=True, allow_none=True)
    offers = fields.Integer(required=True)
    available = fields.Boolean(required=True)
    score = fields.Float(required=True)


class FacetValueSchema(ma.Schema):
    """One value to narrow by; a range of prices is "2000-5000" in minor units, without an upper bound "50000-"."""

    value = fields.String(required=True)
    label = fields.String(required=True, metadata={"description": "The value in words, in the language asked for."})
    count = fields.Integer(required=True)


class FoundSchema(ma.Schema):
    """A page of products found; `mended` where words were read as misspelled, `partial` where no product has all."""

    total = fields.Integer(required=True)
    items = fields.List(fields.Nested(HitSchema), required=True)
    facets = fields.Dict(
        keys=fields.String(), values=fields.List(fields.Nested(FacetValueSchema)), required=True,
        metadata={"description": "Brand, category, colour, price, vendor, availability: the first ten values each."},
    )  # fmt: skip
    did_you_mean = fields.String(required=True, allow_none=True)
    mended = fields.Boolean(required=True)
    partial = fields.Boolean(required=True)
    next_page_token = fields.String(required=True, allow_none=True)


class SearchArgs(ma.Schema):
    """What is sought."""

    q = fields.String(load_default="", validate=validate.Length(max=200))
    locale = fields.String(validate=validate.OneOf(["fr", "en"]), metadata={"description": "Language of the words."})
    brand = fields.String(metadata={"description": "A value of the facet, written alike."})
    category = fields.String(metadata={"description": "A value of the facet; finds what is below it too."})
    colour = fields.String(metadata={"description": "A value of the facet: the French name, in either language."})
    vendor = fields.String(metadata={"description": "A vendor's code, or a value of the facet."})
    available = fields.String(
        validate=validate.OneOf(["0", "1"]), metadata={"description": "1 in stock, 0 out of stock."}
    )
    price = fields.String(metadata={"description": "Minor units, as in the facet: 2000-5000, 50000- or -2000."})
    sort = fields.String(
        load_default="", validate=validate.OneOf(["", *SORTS]),
        metadata={"description": "Left out: the best match first. `price` cheapest, `-price` dearest first."},
    )  # fmt: skip
    limit = fields.Integer(load_default=20, validate=validate.Range(1, 100))
    page_token = fields.String(
        load_default="",
        metadata={"description": "The `next_page_token` of the answer before, with the same words and filters."},
    )


class SuggestArgs(ma.Schema):
    """What was typed so far."""

    q = fields.String(load_default="", validate=validate.Length(max=200))
    locale = fields.String(validate=validate.OneOf(["fr", "en"]))
    limit = fields.Integer(load_default=completing.SHOWN, validate=validate.Range(1, completing.MOST))


class ProposalSchema(ma.Schema):
    """A search to go on with."""

    text = fields.String(required=True)
    source = fields.String(required=True, validate=validate.OneOf([one.value for one in completing.Source]))


class ProposalsSchema(ma.Schema):
    """Searches that go on from what was typed, best first."""

    items = fields.List(fields.Nested(ProposalSchema), required=True)


class OffersArgs(PageArgs):
    """Whose offers."""

    vendor = fields.String(metadata={"description": "Vendor's code; needed with a key of the marketplace."})
    sku = fields.String()
    status = fields.String(validate=validate.OneOf([status.value for status in ListingStatus]))


class OfferSchema(ma.Schema):
    """A vendor's price, stock and condition on one product."""

    id = fields.Integer(required=True)
    sku = fields.String(required=True)
    product = fields.Integer(required=True)
    title = fields.String(required=True)
    gtin = fields.String(required=True, allow_none=True)
    status = fields.String(required=True)
    price = fields.Nested(MoneySchema, required=True, allow_none=True)
    stock = fields.Integer(required=True, allow_none=True)
    condition = fields.String(required=True)
    updated_at = moment(required=True)


@bp.route("/products/imports", methods=["POST"])
@bp.doc(parameters=[IDEMPOTENCY])
@bp.arguments(ImportFormSchema, location="multipart")
@bp.response(202, ImportSchema)
@once
def import_products(form: dict[str, Any]) -> Answer:
    """Send a vendor's file; it is read by its remembered mapping and written in the background."""
    vendor = caller.vendor_of(form.get("vendor"))
    file = form["file"]
    run = uploads.upload(vendor, file.stream, file.filename or "", by=caller.current(), later=pipeline.LOOK_AND_START)
    if run.status == ImportStatus.REFUSED:
        raise Invalid(_refusal(run) or "", details={"file": run.refusal["code"]})
    run.full_replacement, run.clear_empty = form["full_replacement"], form["empty_cells"] == "clear"
    pipeline.start_if_mapped(run, by=caller.current())
    db.session.flush()
    return _import_json(run), 202


@bp.route("/products/imports/<int:import_id>", methods=["GET"])
@bp.response(200, ImportSchema)
def get_import(import_id: int) -> dict[str, Any]:
    """Return where an import stands."""
    return _import_json(_import(import_id))


@bp.route("/products/imports/<int:import_id>/error-report", methods=["GET"])
@bp.response(
    200,
    {"type": "string", "format": "binary"},
    content_type="application/octet-stream",
    description="The vendor's file with `error-line, error-code, error-message` beside each line",
)
def get_error_report(import_id: int) -> Response:
    """Give the vendor's file back with the errors beside each line, once the import has ended."""
    run = _import(import_id)
    if run.status not in REPORTED:
        raise Conflict(_("The report exists once the import has ended."), details={"status": run.status.value})
    # The open file keeps its bytes until the answer is sent; its folder need not.
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "report"
        reports.write(run, output, only_errors=True, locale=_language())
        stream = output.open("rb")
    name = reports.file_name(run, only_errors=True)
    return send_file(stream, mimetype="application/octet-stream", as_attachment=True, download_name=name)


def _import(import_id: int) -> Import:
    who = caller.current()
    query = sa.select(Import).where(Import.id == import_id)
    run = db.session.scalar(query if who.is_operator else query.where(Import.vendor_id == who.vendor_id))
    if run is None:
        raise NotFound(_("There is no such import."))
    return run


def _import_json(run: Import) -> dict[str, Any]:
    figures = reports.figures(run)
    return {
        **{name: figures[name] for name in figures if name != "import"},
        "id": run.id,
        "vendor": run.vendor.code,
        "file": run.file.name,
        "created_at": run.created_at.isoformat(),
        "finished_at": run.finished_at.isoformat() if run.finished_at else None,
        "refusal": _refusal(run),
    }


def _refusal(run: Import) -> str | None:
    if not run.refusal:
        return None
    return UnreadableFile(run.refusal["code"], run.refusal["params"]).message(_language())


def _language() -> Any:
    return "fr" if str(get_locale()).startswith("fr") else "en"


@bp.route("/products/search", methods=["GET"])
@bp.arguments(SearchArgs, location="query")
@bp.response(200, FoundSchema)
def search_products(args: dict[str, Any]) -> dict[str, Any]:
    """Search the published products; a search is counted by its words and day, without who asked."""
    asked = _asked(args)
    try:
        query, found = searching.search(replace(asked.query, limit=args["limit"]))
        suggestion = searching.suggest(query, found)
    except EngineUnavailable as error:
        raise Unavailable(_("Search does not answer just now. Try again in a moment.")) from error
    found = searching.in_language_of(asked, found, tree.current())
    if asked.counts:
        tallying.of_app().note(args["q"], found.total)
    label = searching.labelling(asked, found, tree.current())
    facets = {
        name: [
            {"value": one.value, "label": label(facet, one.value), "count": one.count}
            for one in values[: searching.OFFERED]
        ]
        for facet, name, _words in searching.FACETS
        if (values := found.facets.get(facet, ()))
    }
    return {
        "total": found.total,
        "items": [_hit(hit) for hit in found.hits],
        "facets": facets,
        "did_you_mean": suggestion,
        "mended": found.mended,
        "partial": found.partial,
        "next_page_token": found.after,
    }


def _asked(args: dict[str, Any]) -> searching.Asked:
    """Return the search that a program asks for; raises Invalid where it narrows by what does not exist."""
    given = {name: args[name] for name in FACETED if name in args}
    vendor = find_by_code(given.get("vendor", ""))
    if vendor is not None:
        given["vendor"] = str(vendor.id)
    asked = searching.read(
        {**given, "q": args["q"], "sort": args["sort"], "page": args["page_token"]}, args.get("locale") or _language()
    )
    if wrong := searching.unread(asked, tree.current()):
        details = {"page_token" if name == "page" else name: words for name, words in wrong.items()}
        raise Invalid(next(iter(wrong.values())), details=details)
    return asked


@bp.route("/products/suggest", methods=["GET"])
@bp.arguments(SuggestArgs, location="query")
@bp.response(200, ProposalsSchema)
def suggest_searches(args: dict[str, Any]) -> dict[str, Any]:
    """Return searches that begin with what was typed: popular ones, brands, categories, words of the catalogue."""
    try:
        found = completing.complete(args["q"], args.get("locale") or _language(), args["limit"])
    except EngineUnavailable as error:
        raise Unavailable(_("Search does not answer just now. Try again in a moment.")) from error
    return {"items": [{"text": one.text, "source": one.source.value} for one in found]}


def _hit(hit: Hit) -> dict[str, Any]:
    return {
        "product": hit.id,
        "title": hit.title,
        "brand": hit.brand or None,
        "category": hit.category_path,
        "price": _money(hit.price_minor, hit.currency),
        "offers": hit.offers,
        "available": hit.available,
        "score": round(hit.score, 4),
    }


def _money(amount_minor: int | None, currency: str) -> dict[str, Any] | None:
    return {"amount": amount_minor, "currency": currency} if amount_minor is not None else None


@bp.route("/offers", methods=["GET"])
@bp.arguments(OffersArgs, location="query")
@bp.response(200, page_of(OfferSchema))
def list_offers(args: dict[str, Any]) -> dict[str, Any]:
    """List a vendor's offers in the order in which they arrived."""
    query = sa.select(Listing).where(Listing.vendor_id == caller.vendor_of(args.get("vendor")).id)
    if "sku" in args:
        query = query.where(Listing.sku == args["sku"])
    if "status" in args:
        query = query.where(Listing.status == ListingStatus(args["status"]))
    rows, following = seek(query, args, order=[(Listing.id, "asc")])
    return {"items": [_offer(listing) for listing in rows], "next_page_token": following}


def _offer(listing: Listing) -> dict[str, Any]:
    return {
        "id": listing.id,
        "sku": listing.sku,
        "product": listing.product_id,
        "title": listing.title,
        "gtin": listing.gtin,
        "status": listing.status.value,
        "price": _money(listing.price_minor, listing.currency),
        "stock": listing.stock,
        "condition": listing.condition,
        "updated_at": listing.updated_at.isoformat(),
    }


def register(app: Flask) -> None:
    """Add the catalogue's resources to the API."""
    registry.add(app, bp)
    tallying.register(app)
