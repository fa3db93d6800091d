"""Search over the published products, their shared pages, and the state of the index."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy.orm import joinedload

from backoffice import audit
from backoffice.database import key_in
from backoffice.errors import NotFound
from backoffice.extensions import db
from backoffice.permissions import Permission, may, requires
from catalog import completing, demand, judgements, options, publishing, searching, sheet_page, tree
from catalog.images import showing
from catalog.lifecycle import ListingStatus
from catalog.models import Listing, Product
from catalog.search import sync
from catalog.search.port import EngineUnavailable
from catalog.steering import telling
from catalog.views.blueprint import blueprint, reader_language

# What a vendor's offer says of itself, not of the product, and what the page shows otherwise.
OFFER = frozenset(
    {
        "id", "price", "sale_price", "stock", "availability", "vat_rate", "shipping", "condition", "item_group_id",
        "parent_id", "image_link", "additional_image_link",
    }
)  # fmt: skip

# Where a page sells variants: what each has for itself, so that one's is not the page's.
OF_A_VARIANT = ("title", "gtin", "mpn")


@blueprint.get("/products")
@requires(Permission.READ_CATALOG)
def products() -> ResponseReturnValue:
    """Search the published products with facets; each hit says why it is here."""
    asked = searching.read(request.args, reader_language())
    try:
        answer = searching.answer(asked, tree.current())
    except EngineUnavailable:
        return render_template("catalog/products.html", asked=asked, answer=None), 503
    return render_template("catalog/products.html", asked=asked, answer=answer)


@blueprint.get("/products/suggest")
@requires(Permission.READ_CATALOG)
def suggest_searches() -> ResponseReturnValue:
    """Answer how a begun search may go on; asked by the search form's script."""
    try:
        found = completing.complete(request.args.get("q", "")[:200], reader_language())
    except EngineUnavailable:
        found = []
    return {"items": [{"text": one.text, "source": one.source.value} for one in found]}


@blueprint.post("/products/count")
@requires(Permission.READ_CATALOG)
def count_search() -> ResponseReturnValue:
    """Count a search that a person made, or that one of its results was opened, without the person; sent by a script."""
    text, found = request.form.get("q", ""), key_in(request.form.get("total"))
    if request.form.get("clicked"):
        demand.count_click(text)
        db.session.commit()
    elif text.strip() and found is not None:
        demand.count(text, found=found)
        db.session.commit()
    return "", 204


def _product_or_404(product_id: int) -> Product:
    product = db.session.scalar(
        sa.select(Product)
        .options(joinedload(Product.listings).joinedload(Listing.vendor))
        .where(Product.id == product_id)
    )
    if product is None:
        raise NotFound()
    # A vendor sees what customers see, and the pages its own sheets are on.
    mine = any(one.vendor_id == current_user.vendor_id for one in product.listings)
    if not current_user.is_staff and not (product.published or product.merged_into_id or mine):
        raise NotFound()
    return product


@blueprint.get("/products/<int:product_id>")
@requires(Permission.READ_CATALOG)
def product(product_id: int) -> ResponseReturnValue:
    """Show a shared page with its offers; a merged page forwards to the one that was kept."""
    found = _product_or_404(product_id)
    if found.merged_into_id is not None:
        return redirect(url_for("catalog.product", product_id=judgements.kept_page(found).id))
    staff = current_user.is_staff
    shown = [one for one in found.listings if staff or one.status == ListingStatus.PUBLISHED]
    choice = options.of_page(shown, reader_language())
    context: dict[str, Any] = {"product": found, "offers": choice.offers, "choice": choice, "staff": staff}
    context["said"] = sheet_page.shown
    context["lines"] = _lines(shown, [*choice.names, *OF_A_VARIANT] if choice.names else ())
    context["picture"] = showing.of_page(shown)
    if may(current_user, Permission.REVIEW_SHEETS):
        decided = judgements.of_product(found)
        context["judged"] = [one for one in decided if one.undone_at is None and one.kept_product_id == found.id]
        context["timeline"] = audit.timeline(*(one.proposal for one in decided))
    return render_template(
        "catalog/product.html", **context, path=tree.current().path(found.category, reader_language())
    )


def _lines(shown: list[Listing], but: Collection[str]) -> list[tuple[str, str]]:
    """Return what the page says, attribute by attribute, in the words of its best sheet without what offers differ in."""
    best = publishing.best_of(shown)
    lines = sheet_page.view(best, reader_language()).lines if best is not None else []
    return [
        (line.label, line.value) for line in lines if line.value and line.name not in OFFER and line.name not in but
    ]


@blueprint.get("/products/<int:product_id>/why")
@requires(Permission.READ_CATALOG)
def why_here(product_id: int) -> ResponseReturnValue:
    """Say why a product is in the results of a query."""
    found = _product_or_404(product_id)
    asked = searching.read(request.args, reader_language())
    try:
        reasons = searching.why(asked, product_id)
    except EngineUnavailable:
        reasons = None
    steered = telling.steered(asked.query, found) if current_user.is_staff else []
    return render_template("catalog/why.html", product=found, asked=asked, reasons=reasons, steered=steered)


@blueprint.get("/index")
@requires(Permission.MANAGE_SETTINGS)
def index_state() -> ResponseReturnValue:
    """Show the engine's health, the backlog, and on request how index and database differ."""
    health = sync.engine().health()
    figures = None
    if request.args.get("check") and health.ok:
        figures = sync.check()
    return render_template("catalog/index.html", health=health, backlog=sync.backlog(), figures=figures)


@blueprint.post("/index/mend")
@requires(Permission.MANAGE_SETTINGS)
def mend_index() -> ResponseReturnValue:
    """Have every difference between index and database indexed again."""
    try:
        differing = sync.reconcile()
    except EngineUnavailable:
        flash(_("The search engine does not answer; nothing was lost, it will catch up when it is back."), "warning")
    else:
        db.session.commit()
        flash(
            ngettext("%(num)s product will be indexed again.", "%(num)s products will be indexed again.", differing),
            "success",
        )
    return redirect(url_for("catalog.index_state", check=1))
