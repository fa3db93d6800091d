"""Columns that stand in for what a file of products cannot do without, where no header names it.

Promise: only an attribute that no column has is given, and only to a column that nothing else wanted or whose own
sense says less: a recommended price is the price of a file that has no other. The preview says that it stands in.
Not here: files without any header (`inference`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from catalog.mapping.candidates import Candidate
from catalog.mapping.profiles import fits
from catalog.mapping.reading import phrases_of, words_of

CONFIDENCE = 0.6
# What shows that a file is one of products at all: of an address book no column becomes a title.
_OF_PRODUCTS = words_of("title id gtin mpn price stock brand image_link")
# What shows that it describes them: a file of prices and stocks updates sheets, and a remark in it is no new title.
_DESCRIBING = words_of("title description brand image_link product_type color material capacity")

_PRICES = words_of(
    "prix price preis precio tarif pvp prezzo rrp srp uvp ppc msrp retail pv pvc unverbindliche preisempfehlung pvr"
)
_OTHER_PRICES = words_of(
    """achat purchase fournisseur supplier proveedor cost ek einkauf compra revient gros wholesale mayorista kilo kg litre
    liter livraison shipping delivery port transport eco promo promotion barre ancien old was before avant compare
    anterior tachado alter min max minimum date margin marge id type code unit unite display map grundpreis streichpreis"""
)
_NUMBERS = words_of("sku ref reference referencia referenz code codigo codice artikelnummer artikelnr aid")
_OTHER_NUMBERS = words_of(
    "oe oem model modele ean gtin barcode barre hs sh commodity taric douane customs tariff postal telephone phone siret vat "
    "tva lot batch serial serie"
)
# Columns that people left out, and one that is read otherwise.
_DECIDED = ("remembered", "dictionary", "pairs")


def stand_in(settled: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates, where something indispensable is missing with the columns that come nearest to it."""
    found = _lowered(_numbered(settled))
    known = {one.attribute for one in found}
    if len(_OF_PRODUCTS & known) < 2:
        return found
    found = _named_by_description(found)
    known = {one.attribute for one in found}
    texts = frozenset() if _DESCRIBING & known else frozenset(("title", "description"))
    if "image_link" in known:
        found = [_further_picture(one) for one in found]
    for attribute, pick in _PICKED.items():
        if attribute in known | texts:
            continue
        chosen = pick([one for one in found if one.attribute is None and one.reason not in _DECIDED])
        if chosen is not None:
            found = [_standing(one, attribute) if one is chosen else one for one in found]
    return found


# "Was" and "Now", "statt" and "jetzt": the price before, and the one that is asked.
_BEFORE = phrases_of(
    "was; was price; price was; statt; antes; prima; avant; rrp; uvp; srp; msrp; ancien prix; old price; prix avant"
)
_NOW = phrases_of("now; now price; price now; jetzt; ahora; ora; maintenant; prix maintenant")


def _lowered(found: Sequence[Candidate]) -> list[Candidate]:
    """Read what a column calls the price of now as the sale price, where another one has the price before."""
    now = next((one for one in found if one.attribute == "price" and _says(one, _NOW)), None)
    before = next((one for one in found if one.attribute is None and _says(one, _BEFORE)), None)
    if now is None or before is None or before.reason in _DECIDED or not fits("price", before.column.profile):
        return list(found)
    told = {id(now): "sale_price", id(before): "price"}
    return [_standing(one, told[id(one)]) if id(one) in told else one for one in found]


def _says(candidate: Candidate, phrases: frozenset[str]) -> bool:
    reading = candidate.column.reading
    return reading.words in phrases or (reading.path or reading.words.split(" "))[-1] in phrases


def _named_by_description(found: Sequence[Candidate]) -> list[Candidate]:
    """Read the only description as the title where none is one, and an unknown column holds far longer texts."""
    short = next((one for one in found if one.attribute == "description" and one.reason not in _DECIDED), None)
    if short is None or any(one.attribute == "title" for one in found) or not _is_name(short):
        return list(found)
    long = _description([one for one in found if one.attribute is None])
    if long is None or long.column.profile.length < 2 * short.column.profile.length:
        return list(found)
    told = {id(short): "title", id(long): "description"}
    return [_standing(one, told[id(one)]) if id(one) in told else one for one in found]


def _is_name(candidate: Candidate) -> bool:
    profile = candidate.column.profile
    return profile.filled >= 3 and profile["wordy"] >= 0.9 and profile.distinct >= 0.5 and profile.length <= 80


def _standing(candidate: Candidate, attribute: str) -> Candidate:
    currency = candidate.column.reading.currency if attribute in ("price", "sale_price") else None
    return Candidate(candidate.column, attribute, CONFIDENCE, "stand_in", unit=currency)


def _price(free: Sequence[Candidate]) -> Candidate | None:
    """Return the fullest column of prices that are not the shop's own costs."""
    priced = [one for one in free if _speaks_of(one, _PRICES, _OTHER_PRICES) and fits("price", one.column.profile)]
    return max(priced, key=lambda one: (one.column.profile.filled, -one.column.position), default=None)


def _number(free: Sequence[Candidate]) -> Candidate | None:
    """Return the first column of codes that tells all lines apart."""
    return next((one for one in free if _speaks_of(one, _NUMBERS, _OTHER_NUMBERS) and _tells_apart(one)), None)


def _tells_apart(candidate: Candidate) -> bool:
    profile = candidate.column.profile
    coded = profile["code"] + profile["integer"] >= 0.9 and profile["gtin"] < 0.5
    return coded and profile.filled >= 3 and profile.distinct >= 0.95


def _speaks_of(candidate: Candidate, words: frozenset[str], other: frozenset[str]) -> bool:
    said = frozenset(candidate.words.split(" "))
    return bool(said & words) and not said & other


def _title(free: Sequence[Candidate]) -> Candidate | None:
    """Return the first column of names: short texts that differ from line to line."""
    return next((one for one in free if _is_text(one, 8, 150)), None)


def _description(free: Sequence[Candidate]) -> Candidate | None:
    """Return the column of the longest texts."""
    return max(
        (one for one in free if _is_text(one, 50, 20_000)), key=lambda one: one.column.profile.length, default=None
    )


def _is_text(candidate: Candidate, shortest: int, longest: int) -> bool:
    profile = candidate.column.profile
    if candidate.reason not in ("unknown", "contrary_values") or profile.filled < 3:
        return False
    return (
        profile["wordy"] >= 0.9
        and profile["url"] == 0
        and profile.distinct >= 0.5
        and shortest <= profile.length <= longest
    )


def _picture(free: Sequence[Candidate]) -> Candidate | None:
    """Return the first column of pictures, whatever it is called, but small ones and those of something else."""
    return next((one for one in free if _are_pictures(one)), None)


_OTHER_PICTURES = words_of(
    "swatch small thumb thumbnail logo video brand marque lifestyle mobile icon pictogramme category"
)


def _are_pictures(candidate: Candidate) -> bool:
    profile = candidate.column.profile
    said = frozenset(candidate.words.split(" "))
    return profile.filled >= 3 and profile["image"] >= 0.9 and profile["url"] >= 0.9 and not said & _OTHER_PICTURES


def _further_picture(candidate: Candidate) -> Candidate:
    """Return an unknown column of pictures as further ones."""
    if candidate.attribute or candidate.reason != "unknown" or not _are_pictures(candidate):
        return candidate
    params = {"share": round(candidate.column.profile["image"] * 100)}
    order = candidate.column.reading.index or candidate.column.position
    return Candidate(candidate.column, "additional_image_link", CONFIDENCE, "values", params, order=order)


def _kind(free: Sequence[Candidate]) -> Candidate | None:
    """Return a "Genre" that names nobody's: of books, films and games it is what they are."""
    return next(
        (
            one
            for one in free
            if one.words == "genre" and one.reason == "contrary_values" and fits("product_type", one.column.profile)
        ),
        None,
    )


_PICKED: Mapping[str, Callable[[Sequence[Candidate]], Candidate | None]] = {
    "id": _number,
    "title": _title,
    "description": _description,
    "price": _price,
    "image_link": _picture,
    "product_type": _kind,
}


def _numbered(settled: Sequence[Candidate]) -> list[Candidate]:
    """Read a supplier's own part number as the identifier where a file has no other, and a second one as the maker's."""
    found = list(settled)
    own = next(
        (one for one in found if one.attribute == "mpn" and one.words.startswith("part") and _tells_apart(one)), None
    )
    if own is None or any(one.attribute == "id" for one in found):
        return found
    found[found.index(own)] = _standing(own, "id")
    other = next((one for one in found if one.reason == "taken" and one.params.get("attribute") == "mpn"), None)
    if other is not None and fits("mpn", other.column.profile):
        found[found.index(other)] = _standing(other, "mpn")
    return found
