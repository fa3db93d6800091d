"""One header taken apart: its words, and the unit, currency, language, channel and number it carries.

Promise: "Longueur (cm)", "name-fr_FR-ecommerce", "price[channel=FR]", "bullet_point3" and "g:imageLink" become plain
words with what they carried kept beside.
Not here: what the words mean (`vocabulary.py`).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache


def plain(text: str) -> str:
    """Return lower case words without accents or punctuation, parted by single spaces."""
    folded = text.replace("ß", "ss").replace("œ", "oe").replace("Œ", "OE").replace("æ", "ae").replace("°", " ")
    folded = "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))
    return " ".join(re.findall(r"[a-z0-9#%]+|[€$£]", folded.lower()))


def is_packed(header: str) -> bool:
    """Return whether a column of this header holds further attributes as pairs, as Magento writes them."""
    return plain(header) == "additional attributes"


def words_of(text: str) -> frozenset[str]:
    """Return the words of a text as a set."""
    return frozenset(text.split())


def phrases_of(text: str) -> frozenset[str]:
    """Return the phrases of a text, parted by ";", as plain words."""
    return frozenset(filter(None, map(plain, text.split(";"))))


UNITS = {
    "kg": "kg", "kgs": "kg", "kilogram": "kg", "kilograms": "kg", "kilogramme": "kg", "kilogrammes": "kg",
    "kilo": "kg", "kilos": "kg", "g": "g", "gr": "g", "grs": "g", "gram": "g", "grams": "g", "gramme": "g",
    "grammes": "g", "gramm": "g", "mg": "mg", "lb": "lb", "lbs": "lb", "pound": "lb", "pounds": "lb", "oz": "oz",
    "ounce": "oz", "ounces": "oz", "mm": "mm", "millimeter": "mm", "millimetre": "mm", "millimetres": "mm",
    "cm": "cm", "cms": "cm", "centimeter": "cm", "centimeters": "cm", "centimetre": "cm", "centimetres": "cm",
    "zentimeter": "cm", "centimetros": "cm", "dm": "dm", "m": "m", "meter": "m", "metre": "m", "metres": "m",
    "in": "in", "inch": "in", "inches": "in", "pouce": "in", "pouces": "in", "zoll": "in", "ft": "ft", "l": "L",
    "litre": "L", "litres": "L", "liter": "L", "liters": "L", "litros": "L", "cl": "cL", "dl": "dL", "ml": "mL",
    "milliliter": "mL", "millilitre": "mL", "w": "W", "watt": "W", "watts": "W", "kw": "kW", "v": "V", "volt": "V",
    "volts": "V", "voltios": "V", "mah": "mAh", "gb": "GB", "go": "GB", "tb": "TB", "to": "TB", "mb": "MB",
}  # fmt: skip
FAMILY_OF_UNIT = {
    **dict.fromkeys(("kg", "g", "mg", "lb", "oz"), "mass"),
    **dict.fromkeys(("mm", "cm", "dm", "m", "in", "ft"), "length"),
    **dict.fromkeys(("L", "cL", "dL", "mL", "GB", "TB", "MB", "mAh"), "volume"),
    **dict.fromkeys(("W", "kW"), "power"),
    "V": "voltage",
}
CURRENCIES = {
    "eur": "EUR", "euro": "EUR", "euros": "EUR", "€": "EUR", "usd": "USD", "$": "USD", "dollar": "USD",
    "dollars": "USD", "us$": "USD", "gbp": "GBP", "£": "GBP", "pound sterling": "GBP", "chf": "CHF", "sek": "SEK",
    "dkk": "DKK", "pln": "PLN", "cad": "CAD", "nok": "NOK", "jpy": "JPY", "czk": "CZK",
}  # fmt: skip
_LANGUAGES = {
    "fr": "fr", "fra": "fr", "fre": "fr", "francais": "fr", "french": "fr", "franzosisch": "fr", "frances": "fr",
    "en": "en", "eng": "en", "anglais": "en", "english": "en", "englisch": "en", "ingles": "en", "de": "de",
    "deu": "de", "ger": "de", "allemand": "de", "german": "de", "deutsch": "de", "aleman": "de", "es": "es",
    "spa": "es", "espagnol": "es", "spanish": "es", "spanisch": "es", "espanol": "es", "it": "it", "italien": "it",
    "italian": "it", "nl": "nl", "neerlandais": "nl", "dutch": "nl", "pt": "pt", "portugais": "pt", "be": "be",
    "ch": "ch", "uk": "en", "gb": "en", "us": "en",
}  # fmt: skip
# "de" and "en" are also words of French, Spanish and German headers: at the end of one they are only a language
# when written like a code, after a dash, an underscore or in brackets.
_CHANNELS = words_of(
    """ecommerce e_commerce print mobile web default marketplace b2c b2b webshop store amazon google tablet"""
)
_LOCALE = re.compile(r"(?:^|[\s_\-.\[(:|/])([a-z]{2})[_-]([A-Za-z]{2})(?=$|[\s_\-.\])|/])")
_CODE = re.compile(r"[_\-.:|/\[(\s]([a-z]{2}|[A-Z]{2})\]?\)?$")
BARE_NUMBER = re.compile(r"[-+]?\d[\d\s.,'\u00a0\u202f]*")
BRACKET = re.compile(r"[\[({<]([^\])}>]*)[\])}>]")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])|(?<=[a-z])(?=[A-Z]{2,}\b)|(?<=[A-Z])(?=[A-Z][a-z]{2})")
_PREFIX = re.compile(r"^[A-Za-z]\w{0,12}:(?=\w)")
_DOTTED = re.compile(r"\b(?:[A-Za-z]\.){2,}")  # "P.V. TTC", "N.W."
# "brand#1.value": the place of a value among several, in Amazon's templates.
_PLACE = re.compile(r"#\d+(?=\.|$)")
_NUMBER = re.compile(r"^(.*?[^\W\d])[\s]*0*(\d{1,2})$")
_INNER_NUMBER = re.compile(r" (\d{1,2}) ")
_KEEP_DIGITS = re.compile(r"^(ean|gtin|upc|isbn|jan|code ean|gtin ean) ?\d+$")


@dataclass(frozen=True, slots=True)
class Header:
    """A header's plain words and what it carries; `path` holds the parts of a nested name, the last one first read."""

    raw: str
    words: str
    index: int | None = None
    unit: str | None = None
    currency: str | None = None
    locale: str | None = None
    channel: str | None = None
    path: tuple[str, ...] = ()


@lru_cache(maxsize=8192)
def read_header(raw: str) -> Header:
    """Return a header taken apart."""
    text = _PREFIX.sub("", _DOTTED.sub(lambda dotted: dotted[0].replace(".", ""), raw.replace("\ufeff", "").strip()))
    text = _PLACE.sub("", text)
    brackets = BRACKET.findall(text)
    bare = BRACKET.sub(" ", text).strip(" *:#-_") or text
    locale, bare = _locale_in(bare)
    unit = currency = channel = None
    for inside in brackets:
        unit = unit or UNITS.get(plain(inside).removeprefix("en ").removeprefix("in "))
        currency = currency or _currency(inside)
        locale = locale or _language(inside)
        channel = channel or (inside.partition("=")[2].strip() if "channel" in inside.lower() else None)
    words = plain(_CAMEL.sub(" ", bare))
    words, locale, channel, currency, unit = _suffixes(words, locale, channel, currency, unit)
    words, index = _numbered(words)
    path = tuple(
        plain(_CAMEL.sub(" ", _PREFIX.sub("", part))) for part in re.split(r"\.(?=\w)|/|>", bare) if part.strip()
    )
    return Header(raw, words, index, unit, currency, locale, channel, path if len(path) > 1 else ())


def _locale_in(text: str) -> tuple[str | None, str]:
    """Return (language, text without it) for a locale or a language code written as a suffix."""
    match = _LOCALE.search(text)
    if match and match[1].lower() in _LANGUAGES:
        return _LANGUAGES[match[1].lower()], text[: match.start()] + " " + text[match.end() :]
    match = _CODE.search(text)
    if match and match[1].lower() in _LANGUAGES and match.start() > 0:
        spaced = text[match.start()].isspace()
        if not spaced or (match[1].isupper() and not text.isupper()):
            return _LANGUAGES[match[1].lower()], text[: match.start()]
    return None, text


def _language(inside: str) -> str | None:
    code = plain(inside).split(" ")
    return _LANGUAGES.get(code[0]) if code and len(code) <= 2 and "=" not in inside else None


def _currency(inside: str) -> str | None:
    return next((CURRENCIES[word] for word in inside.lower().replace("(", " ").split() if word in CURRENCIES), None)


def _suffixes(
    words: str, locale: str | None, channel: str | None, currency: str | None, unit: str | None
) -> tuple[str, str | None, str | None, str | None, str | None]:
    """Take languages, channels and currencies off the end; a unit stays, as only its attribute can tell it is one."""
    parts = words.split(" ")
    while len(parts) > 1:
        last = parts[-1]
        if last in _CHANNELS:
            channel = channel or last
        elif last in CURRENCIES:
            currency = currency or CURRENCIES[last]
        elif len(last) > 3 and last in _LANGUAGES:
            locale = locale or _LANGUAGES[last]
        else:
            break
        parts.pop()
        if parts[-1] in ("en", "in") and len(parts) > 1:
            parts.pop()
    named = next((CURRENCIES[part] for part in parts if part in CURRENCIES), None) if len(parts) > 1 else None
    if named:
        parts = [part for part in parts if part not in CURRENCIES] or parts
    return " ".join(parts), locale, channel, currency or named, unit


def _numbered(words: str) -> tuple[str, int | None]:
    if _KEEP_DIGITS.match(words):
        return words, None
    match = _NUMBER.match(words)
    if match:
        return match[1].strip(), int(match[2])
    inner = _INNER_NUMBER.search(words)
    return (words.replace(inner[0], " ", 1), int(inner[1])) if inner else (words, None)


def split_unit(words: str) -> tuple[str, str] | None:
    """Return (words before, unit) for "poids kg" or "height in cm", or None."""
    head, _, last = words.rpartition(" ")
    if not head or last not in UNITS:
        return None
    return re.sub(r" (en|in|ein)$", "", head), UNITS[last]
