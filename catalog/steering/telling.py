"""What editors' boosts and pins do to one product in one search, in sentences for the page that says why it is here."""

from __future__ import annotations

from flask_babel import format_decimal
from flask_babel import gettext as _

from catalog import tree
from catalog.models import Product
from catalog.search.queries import Boost, Query
from catalog.steering import active


def steered(query: Query, product: Product) -> list[str]:
    """Return a sentence for each boost and pin that moves the product in this search today; none where it is sorted."""
    if query.sort:
        return []
    held = active.steered(query)
    pins = [
        _("An editor put this product at place %(rank)s for this search.", rank=pin.rank)
        for pin in held.pins
        if pin.product == product.id
    ]
    return pins + [_said(boost, product, query.locale) for boost in held.boosts if _meets(boost, product)]


def _meets(boost: Boost, product: Product) -> bool:
    held: dict[str, tuple[str | int, ...]] = {
        "id": (product.id,),
        "brand_name": ((product.brand or "").casefold(),),
        "categories": tree.current().lineage(product.category),
    }
    value = boost.value.casefold() if isinstance(boost.value, str) else boost.value
    return value in held[boost.field]


def _said(boost: Boost, product: Product, locale: str) -> str:
    current = tree.current()
    category = current.label(current.codes.get(int(boost.value)), locale) if boost.field == "categories" else ""
    what = {"id": product.title, "brand_name": product.brand, "categories": category}[boost.field]
    factor = format_decimal(boost.factor)
    if boost.factor < 1:
        return _("An editor has “%(what)s” shown later for this search (factor %(factor)s).", what=what, factor=factor)
    return _("An editor has “%(what)s” shown sooner for this search (factor %(factor)s).", what=what, factor=factor)
