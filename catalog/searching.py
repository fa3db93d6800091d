"""A search as its page asks and shows it: the address's parameters in, hits with facets and reasons out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from backoffice.database import key_in
from backoffice.extensions import db
from backoffice.formatting import money
from backoffice.vendors.models import Vendor
from catalog.harmonization.lexicons import list_names
from catalog.models import Product
from catalog.search import sync
from catalog.search.port import Reason, Results
from catalog.search.queries import SORTS, Filters, Query, is_page_key
from catalog.sheets import Locale
from catalog.steering import active
from catalog.tree import Tree

# How many values of a facet are offered; who looks for the eleventh brand types its name.
OFFERED = 10
# The engine's facets: (its name, the address parameter that narrows by it, its words).
FACETS = (
    ("brand_name", "brand", _l("Brand")),
    ("categories", "category", _l("Category")),
    ("colours", "colour", _l("Colour")),
    ("price", "price", _l("Price")),
    ("vendors", "vendor", _l("Vendor")),
    ("available", "available", _l("Available")),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page was asked for, and the address parameters that say it."""

    query: Query
    params: dict[str, str]

    def without(self, *names: str) -> dict[str, str]:
        """Return the parameters but these, for a link that drops a filter or a page."""
        return {key: value for key, value in self.params.items() if key not in names}

    @property
    def counts(self) -> bool:
        """Whether this is a search of its own: words, neither narrowed nor leafed through."""
        return bool(self.query.text) and not self.without("q", "sort")


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet: its words, how many products have it, and the parameters that narrow to it."""

    label: str
    count: int
    params: dict[str, str]
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """One facet with the values to choose from."""

    label: str
    values: list[Choice]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found, what narrows it, and the query with its words mended where that would find more."""

    results: Results
    facets: list[Facet]
    # The filters in use: {"label", "params"} of the same search without the filter.
    applied: list[dict[str, Any]]
    suggestion: str | None


def read(args: Mapping[str, str], locale: str) -> Asked:
    """Return the search that an address asks for; what makes no sense in it is left out."""
    reader: Locale = "fr" if locale.startswith("fr") else "en"
    low, high = _price_range(args.get("price", ""))
    filters = Filters(
        brand=args.get("brand") or None,
        category=_number(args.get("category")),
        colour=args.get("colour") or None,
        vendor=key_in(args.get("vendor")),
        available={"1": True, "0": False}.get(args.get("available", "")),
        price_min=low,
        price_max=high,
    )
    sort = args.get("sort", "") if args.get("sort") in SORTS else ""
    text = args.get("q", "").strip()[:200]
    query = Query(text, reader, filters, sort, after=args.get("page") or None)
    names = ("q", "brand", "category", "colour", "vendor", "available", "price", "sort", "page")
    return Asked(query, {name: args[name] for name in names if args.get(name)})


def unread(asked: Asked, categories: Tree) -> dict[str, str]:
    """Return the filters that name nothing, each with a sentence: {address parameter: what it takes}.

    A page leaves them out; a program that narrows by them would show its customers the whole catalogue.
    """
    given, filters = asked.params, asked.query.filters
    wrong = {
        "price": filters.price_min is None and filters.price_max is None,
        "category": filters.category not in categories.codes,
        "vendor": db.session.get(Vendor, filters.vendor or 0) is None,
        "page": not is_page_key(given.get("page", "")),
    }
    sentences = {
        "price": _("Give a range in minor units, such as 2000-5000, 2000- or -5000."),
        "category": _("There is no such category: give a value of the facet."),
        "vendor": _("There is no such vendor: give its code or a value of the facet."),
        "page": _("This page token is not one of ours."),
    }
    return {name: sentences[name] for name, is_wrong in wrong.items() if name in given and is_wrong}


# Prices in minor units, and categories, of which the built-in ones without a number are below zero.
_NUMBER = re.compile(r"-?[0-9]{1,11}")


def _number(text: str | None) -> int | None:
    return int(text) if text and _NUMBER.fullmatch(text) else None


def _price_range(text: str) -> tuple[int | None, int | None]:
    low, _dash, high = text.partition("-")
    upper = _number(high)
    # A range of the facet ends where the next begins.
    return _number(low), upper - 1 if upper else None


def answer(asked: Asked, categories: Tree) -> Answer:
    """Ask the engine; raises EngineUnavailable."""
    query, results = search(asked.query)
    suggestion = suggest(query, results)
    label = labelling(asked, results, categories)
    told = in_language_of(asked, results, categories)
    return Answer(told, _facets(asked, results, label), _applied(asked, label), suggestion)


def labelling(asked: Asked, results: Results, categories: Tree) -> Callable[[str, str], str]:
    """Return what says a value of a facet, (its name, the value), in the words of who asks."""
    vendors = _vendor_names([one.value for one in results.facets.get("vendors", ())] + [asked.params.get("vendor", "")])

    def label(facet: str, value: str) -> str:
        return vendors.get(value, value) if facet == "vendors" else _label(facet, categories, asked.query.locale, value)

    return label


def in_language_of(asked: Asked, results: Results, categories: Tree) -> Results:
    """Return the results with their categories in the reader's language; the index has them in each sheet's own."""
    numbers = [hit.id for hit in results.hits]
    found = (
        db.session.execute(sa.select(Product.id, Product.category).where(Product.id.in_(numbers))) if numbers else ()
    )
    codes = {row.id: row.category for row in found}
    hits = tuple(
        replace(hit, category_path=categories.path(codes.get(hit.id), asked.query.locale) or hit.category_path)
        for hit in results.hits
    )
    return replace(results, hits=hits)


def suggest(query: Query, results: Results) -> str | None:
    """Return the query with its misspelled words mended, where its answer is poor and mending finds something."""
    poor = query.text and (results.total == 0 or results.mended)
    return sync.engine().suggest(query) if poor else None


def search(query: Query, steer: Callable[[Query], Query] = active.steered) -> tuple[Query, Results]:
    """Ask in the reader's language, and in the other one where that finds better: people search in both."""
    engine = sync.engine()
    query = steer(query)
    results = engine.search(query)
    if not query.text or _worth(results) == (True, True, True):
        return query, results
    other = steer(in_other_language(query))
    better = engine.search(other)
    return (other, better) if _worth(better) > _worth(results) else (query, results)


def _worth(results: Results) -> tuple[bool, bool, bool]:
    return results.total > 0, not results.partial, not results.mended


def in_other_language(query: Query) -> Query:
    """Return the query as it is asked in the other language, not steered yet."""
    return replace(query, locale="en" if query.locale == "fr" else "fr", synonyms=None, boosts=(), pins=())


def _facets(asked: Asked, results: Results, label: Callable[[str, str], str]) -> list[Facet]:
    facets = []
    for name, param, words in FACETS:
        values = results.facets.get(name, ())[:OFFERED]
        rest, chosen = asked.without(param, "page"), asked.params.get(param)
        choices = [
            Choice(label(name, one.value), one.count, {**rest, param: one.value}, chosen == one.value) for one in values
        ]
        if choices:
            facets.append(Facet(str(words), choices))
    return facets


def _applied(asked: Asked, label: Callable[[str, str], str]) -> list[dict[str, Any]]:
    """Return the filters in use, each with the parameters of the same search without it."""
    return [
        {"label": f"{words}: {label(name, asked.params[param])}", "params": asked.without(param, "page")}
        for name, param, words in FACETS
        if param in asked.params
    ]


def why(asked: Asked, product_id: int) -> list[Reason]:
    """Return why the product is in the results, field by field; raises EngineUnavailable."""
    engine, reader = sync.engine(), asked.query.locale
    return engine.explain(active.steered(asked.query), product_id) or engine.explain(
        active.steered(in_other_language(asked.query)), product_id, told=reader
    )


def _vendor_names(values: Sequence[str]) -> dict[str, str]:
    numbers = {number for value in values if (number := key_in(value)) is not None}
    if not numbers:
        return {}
    found = db.session.execute(sa.select(Vendor.id, Vendor.name).where(Vendor.id.in_(numbers)))
    return {str(number): name for number, name in found}


def _label(name: str, categories: Tree, locale: Locale, value: str) -> str:
    """Return a facet value's words: a name for the id of a category, a range for prices, a colour in the language."""
    if name == "colours":
        return list_names("colour_list", locale).get(value, value)
    if name == "categories":
        return categories.label(categories.codes.get(_number(value) or 0), locale) or value
    if name == "available":
        return _("in stock") if value == "1" else _("out of stock")
    if name == "price":
        low, high = (_number(part) for part in (*value.split("-", 1), "")[:2])
        if low is not None and high is not None:
            return f"{money(low)} – {money(high)}"
        return value if low is None else _("from %(price)s", price=money(low))
    return value
