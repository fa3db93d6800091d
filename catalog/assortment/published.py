"""The published products, read a batch at a time and said in one language, for whoever takes them away.

Promise: memory is that of a batch however large the catalogue; a product speaks through a sheet written in the language
asked for where it has one, and the price is that of its cheapest offer in stock; a page of variants gives an item for
each, joined by the page's number. Not here: the formats (`merchant`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import load_only

from backoffice.extensions import db
from backoffice.vendors.models import Vendor
from catalog import publishing, tree
from catalog.assortment import merchant
from catalog.harmonization.lexicons import list_names
from catalog.lifecycle import ListingStatus
from catalog.models import Listing, Product
from catalog.sheets import Locale, Value
from catalog.taxonomy import Taxonomy
from catalog.text import fold
from catalog.variants import distinguishing, plain_value

BATCH = 500
# Google takes no longer number of an item, and cuts longer texts in the middle of a word.
LONGEST_ID, LONGEST_TITLE, LONGEST_DESCRIPTION = 50, 150, 5000
READ = (
    Listing.product_id, Listing.vendor_id, Listing.sku, Listing.group_key, Listing.status, Listing.quality,
    Listing.locale, Listing.values, Listing.gtin, Listing.mpn, Listing.price_minor, Listing.currency, Listing.stock,
)  # fmt: skip
# Attributes whose French values have a list with their English names.
LISTS = {"color": "colour_list", "material": "material_list"}
MEASURES = {
    "shipping_weight": "shipping_weight", "shipping_length": "shipping_length", "shipping_width": "shipping_width",
    "shipping_height": "shipping_height", "product_length": "length", "product_width": "width",
    "product_height": "height", "product_weight": "weight",
}  # fmt: skip
SAID_AS_IS = ("image_link", "additional_image_link", "condition", "size_type", "pattern", "gender", "age_group",
              "google_product_category")  # fmt: skip


def items(locale: Locale) -> Iterator[dict[str, Any]]:
    """Yield every published product as Google's attributes, by ascending id."""
    categories, after = tree.current(), 0
    google = merchant.speaks_google(categories.taxonomy)
    codes = dict(db.session.execute(sa.select(Vendor.id, Vendor.code)).all())
    while True:
        shown = sa.select(Product).where(Product.published, Product.merged_into_id.is_(None), Product.id > after)
        products = db.session.scalars(shown.order_by(Product.id).limit(BATCH)).all()
        offers = _offers([one.id for one in products])
        for product in products:
            variants = _variants(offers[product.id])
            for words, sold in variants.items():
                item = _item(product, sold, categories, locale, codes)
                if google:
                    item |= {"google_product_category": _google(product, item, categories.taxonomy)}
                yield item if len(variants) == 1 else item | _member(product, words)
        if len(products) < BATCH:
            return
        after = products[-1].id
        db.session.expunge_all()


def _offers(ids: Sequence[int]) -> Mapping[int, list[Listing]]:
    found: dict[int, list[Listing]] = defaultdict(list)
    query = sa.select(Listing).options(load_only(*READ)).where(Listing.product_id.in_(ids))
    for one in db.session.scalars(query.where(Listing.status == ListingStatus.PUBLISHED).order_by(Listing.id)):
        found[one.product_id].append(one)
    return found


def _variants(offers: Sequence[Listing]) -> dict[str, list[Listing]]:
    """Return a page's offers by the variant that they are, under its words; all under none where there are no variants."""
    names = distinguishing([one.values for one in offers if one.group_key is not None])
    found: dict[str, list[Listing]] = defaultdict(list)
    for one in publishing.offered(offers):
        said = fold(" ".join(word for name in names for word in plain_value(one.values.get(name))))
        found["-".join(re.findall(r"[^\W_]+", said))].append(one)
    return found


def _member(product: Product, words: str) -> dict[str, str]:
    """Return what makes an item one of several of its page: a number of its own, and the page's that joins them."""
    number = f"{product.id}-{words}"
    if len(number) > LONGEST_ID:
        # Cut short, two of them could be one.
        number = f"{number[: LONGEST_ID - 9]}-{blake2b(words.encode(), digest_size=4).hexdigest()}"
    return {"id": number, "item_group_id": str(product.id)}


def _item(
    product: Product, offers: Sequence[Listing], categories: tree.Tree, locale: Locale, codes: Mapping[int, str]
) -> dict[str, Any]:
    speaking = publishing.best_of([one for one in offers if one.locale == locale]) or publishing.best_of(offers)
    assert speaking is not None
    offer = min(offers, key=lambda one: (one.stock == 0, one.price_minor is None, one.price_minor or 0, one.id))
    values, address = speaking.values, current_app.config["STOREFRONT_PRODUCT_URL"]
    said = {
        "id": str(product.id),
        "title": _within(values.get("title") or product.title, LONGEST_TITLE),
        "description": _within(values.get("description"), LONGEST_DESCRIPTION),
        "link": address.replace("{id}", str(product.id)),
        "availability": "out_of_stock" if all(one.stock == 0 for one in offers) else "in_stock",
        "brand": product.brand,
        "gtin": next((one.gtin for one in offers if one.gtin), None),
        "mpn": next((one.mpn for one in offers if one.mpn), None),
        "product_type": categories.path(product.category, locale) or values.get("product_type"),
        "size": _size(values.get("size")),
        "external_seller_id": codes.get(offer.vendor_id),
        "content_language": speaking.locale,
        "multipack": values.get("pack_quantity"),
    }
    said |= {name: values.get(name) for name in SAID_AS_IS}
    said |= {name: _named(values.get(name), name, locale) for name in LISTS}
    said |= {name: _measure(values.get(attribute)) for name, attribute in MEASURES.items()}
    return said | _prices(offer)


def _google(product: Product, item: Mapping[str, Any], taxonomy: Taxonomy) -> str | None:
    """Return Google's number: the vendor's where it is finer than the marketplace's tree, else that of the tree."""
    stated = item["google_product_category"]
    own = merchant.google_number(taxonomy, taxonomy.standing(product.category))
    return own if own and (not stated or str(stated) in taxonomy) else stated


def _within(text: Value, longest: int) -> str | None:
    """Return a text no longer than this, cut after a word."""
    if not isinstance(text, str) or len(text) <= longest:
        return text if isinstance(text, str) else None
    words, space, _cut = text[:longest].rpartition(" ")
    return f"{(words if space else text)[: longest - 1].rstrip(' ,;:-–')}…"


def _prices(offer: Listing) -> dict[str, str | None]:
    """Return the offer's price, and its sale price where it has one, as "19.90 EUR"."""
    usual, sale = offer.values.get("price"), offer.values.get("sale_price")
    price = usual if isinstance(usual, Mapping) else {"amount": offer.price_minor, "currency": offer.currency}
    return {"price": _amount(price), "sale_price": _amount(sale)}


def _amount(price: Value | Mapping[str, Any]) -> str | None:
    if not isinstance(price, Mapping) or price.get("amount") is None:
        return None
    return f"{price['amount'] / 100:.2f} {price.get('currency') or 'EUR'}"


def _measure(value: Value) -> str | None:
    return f"{value['value']} {value.get('unit') or ''}".strip() if isinstance(value, Mapping) else None


def _size(value: Value) -> str | None:
    return _measure(value) or (str(value) if value else None)


def _named(value: Value, name: str, locale: Locale) -> list[str]:
    words = list_names(LISTS[name], locale)
    texts = value if isinstance(value, list) else [value] if value else []
    return [words.get(str(one), str(one)) for one in texts]
