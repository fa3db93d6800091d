"""A small tree in the database, and listings put into its categories without a file."""

from __future__ import annotations

from typing import Any

from backoffice.extensions import db
from backoffice.vendors.models import Vendor
from catalog import tree
from catalog.lifecycle import ListingStatus
from catalog.models import Listing, Product
from catalog.taxonomy import Taxonomy, read_csv

# Maison > Cuisine > Cafetières, Théières; Maison > Jardin; Jouets, under numbers that are not Google's own.
TREE = (
    "id,parent,label_fr,label_en",
    "70001,,Maison,Home",
    "70002,70001,Cuisine,Kitchen",
    "70003,70002,Cafetières,Coffee makers",
    "70004,70002,Théières,Teapots",
    "70005,70001,Jardin,Garden",
    "70006,,Jouets,Toys",
)


def small_tree() -> Taxonomy:
    """Load the small tree and return it."""
    tree.load(read_csv(TREE))
    db.session.commit()
    return tree.current().taxonomy


def put_listing(vendor: Vendor, category: str | None, sku: str = "A", **values: Any) -> Listing:
    """Return a published listing of a category, on a page of its own."""
    said = {"title": f"Article {sku}", "description": "Bel objet.", **values.pop("values", {})}
    page = Product(title=said["title"], category=category, published=True)
    listing = Listing(
        vendor=vendor,
        sku=sku,
        product=page,
        status=ListingStatus.PUBLISHED,
        content_hash="",
        mapped={"title": said["title"]},
        values={**said, "category": category} if category else said,
        title=said["title"],
        category=category,
        quality=1.0,
        **values,
    )
    db.session.add(listing)
    db.session.commit()
    return listing
