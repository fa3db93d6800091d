"""How each vendor of the demo writes down what it sells: its own habits, and the faults that come with them.

    assortment ─ who sells what ─► sheet in the vendor's words ─ every nth one spoilt ─► + the hand-written ones

Pure; the same at every call. Promise: the five vendors together have 400 sheets, and several sell the same articles.
Not here: the form of their files (`vendor_files`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from catalog.demo import assortment, oddities
from catalog.demo.assortment import Article
from catalog.taxonomy import Taxonomy

Sheet = dict[str, str]


def _sheet(article: Article, prefix: str, title: str, price: str, text: str) -> Sheet:
    return {
        "sku": f"{prefix}-{1000 + article.number}",
        "title": title,
        "brand": article.brand,
        "shelf": article.shelf,
        "category": article.category,
        "text": text,
        "price": price,
        "gtin": article.gtin,
        "mpn": article.mpn,
        "stock": str(article.number * 37 % 60),
        "colour": article.colour,
        "size": article.size,
        "capacity": article.fact("L"),
        "power": article.fact("W"),
        "handle": article.handle,
        "image": f"https://images.{prefix.lower()}.example/{1000 + article.number}.jpg",
    }


def _path(category: str) -> str:
    return Taxonomy.builtin().path(category, "fr")


def french_price(cents: int) -> str:
    """Return a price as French shops write it: "1 299,00 €"."""
    return f"{cents // 100:,}".replace(",", " ") + f",{cents % 100:02d} €"


def _verlaine(article: Article, place: int) -> Sheet:
    """Capitals everywhere, brands left out, phrases from the old web shop."""
    title = article.title
    if place % 5 < 3:
        title = title.upper()
    elif place % 7 == 3:
        title = title[:44].rstrip() + "…"
    ending = ("", " Voir la présentation", " Livraison gratuite dès 49 € !!!", "")[place % 4]
    price = french_price(article.price + (place % 3) * 100)
    sheet = _sheet(article, "MV", title, price, article.text + ending)
    # The shop keeps to the marketplace's own shelves, but for the drawer where everything new lands.
    sheet["shelf"] = _path(article.category) if place % 11 else "Divers"
    sheet["mpn"] = ""
    if place % 9 == 4:
        sheet["brand"] = "AUCUNE"
    elif place % 2:
        sheet["brand"] = article.brand.upper()
    if place % 6 == 5:
        sheet["gtin"] = ""
    elif place % 31 == 8:
        sheet["gtin"] = sheet["gtin"][:-1] + str((int(sheet["gtin"][-1]) + 3) % 10)
    return sheet


def _brin_de_fil(article: Article, place: int) -> Sheet:
    """A web shop's export: markup in every description, variants below their first line."""
    facts = "".join(f"<li>{fact}</li>" for fact in article.facts)
    text = f"<p>{article.text}</p>\n<ul>{facts}</ul><p>&nbsp;</p>"
    title = f"{article.noun} {article.model}" if place % 3 else f"✨ {article.noun} {article.model} ✨ NOUVEAU"
    sheet = _sheet(article, "BDF", title, f"{article.price / 100 * 1.02:.2f}", text)
    if place % 4 == 1:
        sheet["gtin"] = ""
    return sheet


_SHORT = (
    ("Cafetière", "Caf."),
    ("électrique", "élec."),
    ("Machine à", "Mach."),
    ("sans fil", "s/fil"),
    ("Bouilloire", "Bouil."),
)


def _voltamarine(article: Article, place: int) -> Sheet:
    """A stock list: the brand first and shouted, abbreviations, a full stop for the comma."""
    noun = article.noun
    if place % 3 == 1:
        for whole, short in _SHORT:
            noun = noun.replace(whole, short)
    facts = " ".join(fact.replace(",", ".").replace(" L", "L").replace(" W", "W") for fact in article.facts[:2])
    title = f"{article.brand.upper()} {noun} {article.model} {article.size} {facts} {article.colour}"
    text = article.text if place % 8 else ""
    sheet = _sheet(article, "VM", " ".join(title.split()), f"{(article.price - (place % 4) * 150) / 100}", text)
    if place % 10 == 6:
        sheet["gtin"] = ""
    return sheet


def _cap(article: Article, place: int) -> Sheet:
    """A feed made for an advertiser: the shop's name behind each title, tags written as text."""
    text = article.text.replace(". ", ".&lt;br&gt; ") if place % 3 == 0 else article.text
    ending = " | Atelier du Cap" if place % 2 else ""
    sheet = _sheet(article, "ADC", article.title + ending, f"{(article.price + 210) / 100:.2f} EUR", text)
    if place % 5 == 2:
        sheet["gtin"], sheet["mpn"] = "", article.mpn.replace("-", " ")
    if place % 17 == 3:
        sheet["price"] = sheet["price"].removesuffix(" EUR")
    return sheet


def _kastanje(article: Article, place: int) -> Sheet:
    """A wholesaler's records: short names, the maker under another name, no colour."""
    title = f"{article.brand} {article.model} - {article.noun} {article.size}".strip()
    sheet = _sheet(article, "KST", title, f"{(article.price - 90) / 100:.2f}", article.text)
    if place % 7 == 2:
        sheet["title"] = sheet["title"].lower()
    if place % 9 == 5:
        sheet["gtin"] = "0" * 13
    return sheet


@dataclass(frozen=True, slots=True)
class Range:
    """What one vendor sells and how it writes: departments with how many articles of each, counted from either end."""

    write: Callable[[Article, int], Sheet]
    shelves: Sequence[tuple[str, int]]


RANGES: Mapping[str, Range] = {
    "maison-verlaine": Range(_verlaine, (("cuisine", 59), ("maison", 37))),
    "brin-de-fil": Range(_brin_de_fil, (("mode", 52), ("maison", 37))),
    "voltamarine": Range(_voltamarine, (("hightech", 35), ("cuisine", 38))),
    "atelier-du-cap": Range(_cap, (("bricolage", 27), ("cuisine", -30))),
    "kastanje": Range(_kastanje, (("jouets", 20), ("hightech", 35))),
}


def of(vendor: str) -> list[Sheet]:
    """Return a vendor's sheets as it writes them, the hand-written ones last."""
    sells = RANGES[vendor]
    goods: list[Article] = []
    for department, count in sells.shelves:
        found = assortment.of(department)
        goods += found[count:] if count < 0 else found[:count]
    written = [sells.write(article, place) for place, article in enumerate(goods)]
    blank = dict.fromkeys(written[0], "")
    by_hand = [{**blank, "stock": str(3 + place * 5 % 20), **odd} for place, odd in enumerate(oddities.of(vendor))]
    return [*written, *by_hand]
