"""What a column's values look like, in shares of its filled cells.

Promise: a profile says which attributes the values can be (`fits`: yes, no, or unknown where nothing is filled), and
names the few that values alone prove.
Not here: headers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from catalog.attributes import ATTRIBUTES, Kind
from catalog.mapping.reading import UNITS, phrases_of, plain, words_of

LOOK_AT = 200
_NUMBER = re.compile(r"[-+]?\d{1,3}(?:[\s.,'\u00a0\u202f]?\d{3})*(?:[.,]\d+)?|[-+]?\d+(?:[.,]\d+)?")
_MONEY = re.compile(
    r"(?:[€$£]|EUR|USD|GBP|CHF)\s*[-\d.,'\s\u00a0\u202f]+|[-\d.,'\s\u00a0\u202f]*\d\s*(?:€|\$|£|EUR|euros?|USD|GBP|CHF)(?:\s*(?:TTC|HT))?",
    re.I,
)
_WHOLE = re.compile(r"-?\d+(?:[.,]0+)?")
_DECIMALS = re.compile(r"\d+[.,]\d{2}")
_MEASURE = re.compile(r"[-+]?\d[\d.,\s]*\s*([A-Za-z]+)\.?")
_URL = re.compile(r"(?:https?:)?//\S+|www\.\S+\.\S+", re.I)
_IMAGE = re.compile(
    r"\S+\.(?:jpe?g|png|webp|gif|avif|tiff?|bmp)(?:[?#]\S*)?|(?:https?:)?//\S*(?:image|img|photo|media|cdn|picture)\S*",
    re.I,
)
_CODE = re.compile(r"(?=\S*\d)[A-Za-z0-9][\w\-./#]{1,39}")
_WORDY = re.compile(r"[^\W\d_]{3}")
# A count in figures or in words: "Lot de 3", "à l'unité", "paire"; a box or a bag of no number is none.
_COUNTED = re.compile(
    r"\d|\b(?:unit|pi[eè]ce|pair|par\b|single|each|solo|einzeln|st(?:ü|ue)ck|unidad|duo|trio|two|deux|three|trois|dozen|douz)",
    re.I,
)
_AGED = re.compile(
    r"\d.*\b(?:mois|ans?|months?|years?|yrs?|monate?|jahre?|meses|años?|mesi|anni)\b|^\d{1,2}\s?(?:\+|[-–]\s?\d{1,2})$",
    re.I,
)
_DATE = re.compile(r"\d{4}-\d\d-\d\d.*|\d\d[/.]\d\d[/.]\d{2,4}.*")

_WORDS: Mapping[str, frozenset[str]] = {
    "boolean": words_of("0 1 yes no oui non true false vrai faux ja nein si y n o x on off"),
    "type": words_of(
    """simple variable variation configurable virtual downloadable bundle grouped external subscription parent child
    pack storable consumable consu service goods product"""
),
    "availability": phrases_of(
    """in stock; out of stock; preorder; backorder; available; unavailable; instock; outofstock; onbackorder; en
    stock; rupture; rupture de stock; hors stock; disponible; indisponible; epuise; non disponible; sur commande;
    precommande; stock; auf lager; nicht auf lager; lieferbar; nicht lieferbar; ausverkauft; verfuegbar;
    verfugbar; vorbestellung; agotado; no disponible; sin stock; in_stock; out_of_stock; pre order; back order;
    limited availability; sold out; stock limite"""
),
    "condition": phrases_of(
    """new; used; refurbished; neuf; occasion; reconditionne; neu; gebraucht; nuevo; usado; reacondicionado; comme
    neuf; tres bon etat; bon etat; etat correct; like new; very good; good; acceptable; recon; reconditioned; d occasion;
    used good;
    used like new; remis a neuf; general\u00fcberholt; neuware; nine; newitem; usedgood; 11; 1000; 1500; 3000;
    seconde main; segunda mano; etat neuf; neuf avec etiquette; open box; used acceptable; used very good; collectible new;
    neuf sous blister; wie neu; sehr gut; como nuevo; new other;
    newcondition; usedcondition; refurbishedcondition; damagedcondition"""
),
    "gender": phrases_of(
    """male; female; unisex; homme; femme; mixte; unisexe; hommes; femmes; garcon; fille; enfant; men; women; mens;
    womens; boys; girls; herren; damen; kinder; hombre; mujer; unisexo; m; f; h; u; herr; dame; junge; madchen;
    maenner; manner; frauen; uomo; donna; bambino; bambina;
    man; woman; kids; bebe; baby; garcons; filles; adulte; jungen; hombres; mujeres;
    nino; nina"""
),
    "age": phrases_of(
    """adult; kids; toddler; infant; newborn; adulte; enfant; bebe; junior; erwachsene; kinder; kind; adulto; nino;
    adultes; enfants; tout petit; nouveau ne; baby; ado; teen; kleinkind; bebes; ninos"""
),
    "color": phrases_of(
    """black; white; red; blue; green; yellow; grey; gray; brown; pink; purple; orange; beige; gold; silver; navy;
    noir; noire; blanc; blanche; rouge; bleu; bleue; vert; verte; jaune; gris; grise; marron; rose; violet;
    argent; or; dore; argente; ecru; bordeaux; kaki; turquoise; multicolore; schwarz; weiss; rot; blau; gruen;
    grun; gelb; grau; braun; rosa; lila; negro; blanco; rojo; azul; verde; amarillo; gris; marine; marron;
    naranja; morado; taupe; anthracite; transparent; bleu marine; bleu nuit; creme; ivoire; multicolor"""
),
    "size": words_of(
    """xxs xs s m l xl xxl xxxl 2xl 3xl 4xl tu unique 34 36 38 40 42 44 46 48"""
),
}  # fmt: skip


# Kinds told by any one word ("für Männer", "noir mat"); the others by the whole value.
_BY_TOKEN = frozenset(("gender", "age", "color", "condition", "availability"))


@dataclass(frozen=True, slots=True)
class Profile:
    """Shares (0 to 1) of a column's filled values by what they look like; `filled` is their number."""

    filled: int
    distinct: float
    length: float
    shares: Mapping[str, float]

    def __getitem__(self, kind: str) -> float:
        return self.shares.get(kind, 0.0)


def is_gtin(text: str) -> bool:
    """Tell whether digits of a right length end in their right check digit."""
    digits = text.strip().replace(" ", "").replace("-", "")
    if len(digits) not in (8, 12, 13, 14) or not digits.isdigit() or not digits.isascii():
        return False
    total = sum(int(d) * (3 if place % 2 else 1) for place, d in enumerate(reversed(digits)))
    return total % 10 == 0 and len(set(digits)) > 1


def _measure(text: str) -> bool:
    match = _MEASURE.fullmatch(text)
    return bool(match) and match[1].lower() in UNITS if match else False


_TESTS: Mapping[str, Callable[[str], bool]] = {
    "gtin": is_gtin,
    "long_digits": lambda text: text.isdigit() and 8 <= len(text) <= 14,
    "number": lambda text: bool(_NUMBER.fullmatch(text)),
    "integer": lambda text: text.isdigit() or (text[:1] == "-" and text[1:].isdigit()),
    "whole": lambda text: bool(_WHOLE.fullmatch(text)),
    "decimals": lambda text: bool(_DECIMALS.fullmatch(text)),
    "money": lambda text: bool(_MONEY.fullmatch(text)),
    "counted": lambda text: bool(_COUNTED.search(text)),
    "percent": lambda text: text.endswith("%"),
    "measure": _measure,
    "url": lambda text: bool(_URL.match(text)),
    "image": lambda text: bool(_IMAGE.match(text)),
    "code": lambda text: bool(_CODE.fullmatch(text)),
    "wordy": lambda text: bool(_WORDY.search(text)) and not _URL.match(text),
    "aged": lambda text: bool(_AGED.search(text)),
    "date": lambda text: bool(_DATE.fullmatch(text)),
    "levels": lambda text: text.strip("<>").count(">") > 0 and "<" not in text,
    "path": lambda text: (
        " > " in text or " / " in text or " | " in text or (">" in text.strip("<>") and "<" not in text)
    ),
}


def profile_of(values: Sequence[str]) -> Profile:
    """Return the profile of a column's sample."""
    filled = [value.strip()[:2000] for value in values if value and value.strip()][:LOOK_AT]
    if not filled:
        return Profile(0, 0.0, 0.0, {})
    count = len(filled)
    shares = {kind: sum(map(test, filled)) / count for kind, test in _TESTS.items()}
    words = [plain(value) if len(value) <= 40 else "" for value in filled]
    for kind, known in _WORDS.items():
        shares[kind] = sum(_among(word, known, kind) for word in words) / count
    return Profile(count, len(set(filled)) / count, median(map(len, filled)), shares)


def _among(word: str, known: frozenset[str], kind: str) -> bool:
    if kind == "type":
        return bool(word) and all(part in known for part in word.split())
    if kind in _BY_TOKEN:
        return word in known or any(part in known for part in word.split())
    return word in known


_Rule = Callable[[Profile], bool]


def _is_number(p: Profile) -> bool:
    return p["number"] + p["money"] >= 0.6 and p["gtin"] < 0.6 and p["date"] < 0.5


def _is_short(p: Profile) -> bool:
    return p.length <= 60 and p["url"] < 0.3


# By attribute, then by kind: can the values be this?
_FITS: Mapping[str, _Rule] = {
    "gtin": lambda p: p["long_digits"] + p["gtin"] >= 0.6,
    "image_link": lambda p: p["url"] >= 0.5 or p["image"] >= 0.5,
    "additional_image_link": lambda p: p["url"] >= 0.5 or p["image"] >= 0.5,
    "title": lambda p: p["wordy"] >= 0.6 and p.length >= 3 and p["url"] < 0.3,
    "description": lambda p: p["wordy"] >= 0.6,
    "brand": lambda p: p["wordy"] + p["code"] >= 0.5 and p.length <= 40,
    "stock": lambda p: p["whole"] >= 0.7 and p["long_digits"] < 0.5,
    "pack_quantity": lambda p: p["counted"] >= 0.5 and p.length <= 25,
    "vat_rate": lambda p: p["number"] + p["percent"] >= 0.6,
    "availability": lambda p: p["availability"] + p["boolean"] >= 0.4,
    "condition": lambda p: p["condition"] >= 0.4,
    "gender": lambda p: p["gender"] + p["age"] >= 0.4,
    "age_group": lambda p: p["age"] + p["gender"] + p["aged"] >= 0.3 or p["number"] >= 0.5,
    "color": lambda p: p["wordy"] >= 0.5 and p.length <= 40,
    # Sizes are numbers as often as words: 38 to 44, 140 x 190.
    "size": lambda p: p.length <= 30 and p["url"] < 0.3 and p["money"] < 0.3 and p["gtin"] + p["long_digits"] < 0.3,
    "mpn": lambda p: p["code"] + p["integer"] >= 0.5 and p.length <= 40,
    "shipping": lambda p: p["number"] + p["money"] >= 0.5,
    "product_type": lambda p: p["wordy"] >= 0.5 and p["url"] < 0.3,
}
_FITS_KIND: Mapping[Kind, _Rule] = {
    Kind.PRICE: _is_number,
    Kind.MEASURE: lambda p: p["number"] + p["measure"] >= 0.6 and p["gtin"] < 0.6,
    Kind.NUMBER: _is_number,
    Kind.CODE: lambda p: (_is_short(p) and p["wordy"] < 0.9) or p["code"] >= 0.5,
    Kind.LINK: lambda p: p["url"] >= 0.5,
    Kind.TEXT: lambda p: _is_short(p) and p["number"] < 0.6,
    Kind.TEXTS: lambda p: p["wordy"] >= 0.5 and p["url"] < 0.3,
    Kind.CHOICE: lambda p: _is_short(p) and p["number"] < 0.8,
}


def fits(attribute: str, profile: Profile) -> bool | None:
    """Return whether the values can be this attribute's; None where nothing is filled."""
    if profile.filled == 0:
        return None
    rule = _FITS.get(attribute) or _FITS_KIND[ATTRIBUTES[attribute].kind]
    return rule(profile)


# Values so contrary that even an exact header is not believed, from three filled cells on.
_CONTRARY: Mapping[Kind, _Rule] = {
    Kind.PRICE: lambda p: (p["wordy"] >= 0.9 and p["money"] < 0.1) or p["url"] >= 0.5 or p["date"] >= 0.9,
    Kind.MEASURE: lambda p: (p["wordy"] >= 0.95 and p["measure"] < 0.1) or p["url"] >= 0.5,
    Kind.NUMBER: lambda p: (p["wordy"] >= 0.95 and p["percent"] < 0.1) or p["url"] >= 0.5,
    Kind.LINK: lambda p: p["url"] + p["image"] < 0.05 and p["wordy"] + p["number"] >= 0.8,
    Kind.CODE: lambda p: p.length > 80 or p["url"] >= 0.8,
}
_CONTRARY_NAMED: Mapping[str, _Rule] = {
    "title": lambda p: p["number"] >= 0.95 or p["url"] >= 0.8 or p["boolean"] >= 0.95 or p.length <= 3,
    "description": lambda p: p["number"] >= 0.95 or p["url"] >= 0.95,
    "gtin": lambda p: p["long_digits"] < 0.05 and p["wordy"] >= 0.9,
    "color": lambda p: p["url"] >= 0.5 or p["number"] >= 0.95,
    "product_type": lambda p: p["type"] >= 0.8 or p["boolean"] >= 0.95,
    "pack_quantity": lambda p: p["wordy"] >= 0.95 and p.length > 30,
    # Whether an article is sent at all is no price of sending it.
    "shipping": lambda p: p["boolean"] >= 0.95 and p["number"] < 0.5,
    # One number on every line is the vendor's, not an article's.
    "id": lambda p: p.filled >= 5 and p.filled * p.distinct <= 1,
}


def contradicts(attribute: str, profile: Profile) -> bool:
    """Tell whether the values cannot be what even an exact header says."""
    if profile.filled < 3:
        return False
    rule = _CONTRARY_NAMED.get(attribute) or _CONTRARY.get(ATTRIBUTES[attribute].kind)
    return rule is not None and rule(profile)
