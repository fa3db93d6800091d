"""Numbers that carry a unit, in one canonical unit each, so that 1,5 L and 1500 ml are the same statement.

Promise: a closed table of units in French and English; what is not in it is left to the other features.
Not here: typing of attributes (harmonization does that); this only serves comparison.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from catalog.sheets import Locale

# canonical unit: {spelling: factor}. Factors bring a spelling to the canonical unit.
UNITS: dict[str, dict[str, float]] = {
    "gb": {
        "gb": 1,
        "go": 1,
        "gigabyte": 1,
        "gigabytes": 1,
        "tb": 1000,
        "to": 1000,
        "terabyte": 1000,
        "mb": 0.001,
        "mo": 0.001,
    },
    "cm": {"cm": 1, "mm": 0.1, "m": 100, "meter": 100, "meters": 100, "metre": 100, "metres": 100},
    "in": {
        "in": 1,
        "inch": 1,
        "inches": 1,
        "pouces": 1,
        "pouce": 1,
        '"': 1,
        "''": 1,
        "'": 1,
        "ft": 12,
        "feet": 12,
        "foot": 12,
    },
    "w": {"w": 1, "watt": 1, "watts": 1, "kw": 1000},
    "v": {"v": 1, "volt": 1, "volts": 1},
    "mah": {"mah": 1, "ah": 1000},
    "mhz": {"mhz": 1, "ghz": 1000},
    "hz": {"hz": 1, "khz": 1000},
    "g": {"g": 1, "gr": 1, "kg": 1000, "grammes": 1, "gram": 1, "grams": 1},
    "lb": {"lb": 1, "lbs": 1, "pound": 1, "pounds": 1, "oz": 0.0625, "ounce": 0.0625, "ounces": 0.0625},
    "l": {"l": 1, "litre": 1, "litres": 1, "liter": 1, "liters": 1, "ml": 0.001, "cl": 0.01, "dl": 0.1},
    "gal": {"gal": 1, "gallon": 1, "gallons": 1},
    "cuft": {"cu": 1},
    "mp": {"mp": 1, "megapixel": 1, "megapixels": 1, "mpx": 1},
    "lines": {"p": 1, "i": 1},
    "zoom": {"x": 1},
    "fps": {"fps": 1},
    "btu": {"btu": 1, "btus": 1},
    "rpm": {"rpm": 1},
    "bit": {"bit": 1, "bits": 1},
    "dpi": {"dpi": 1, "ppp": 1},
    "mbps": {"mbps": 1, "kbps": 0.001, "gbps": 1000},
    "pack": {
        "pack": 1,
        "pk": 1,
        "packs": 1,
        "pcs": 1,
        "pieces": 1,
        "piece": 1,
        "ct": 1,
        "count": 1,
        "capsules": 1,
        "unites": 1,
    },
    "port": {"port": 1, "ports": 1},
    "channel": {"channel": 1, "channels": 1, "ch": 1, "disc": 1, "discs": 1},
    "user": {
        "user": 1,
        "users": 1,
        "u": 1,
        "seat": 1,
        "seats": 1,
        "license": 1,
        "licenses": 1,
        "postes": 1,
        "pc": 1,
        "pcs.": 1,
    },
    "hour": {"hour": 1, "hours": 1, "hr": 1, "hrs": 1, "min": 1 / 60, "minutes": 1 / 60, "heures": 1},
    "year": {"year": 1, "years": 1, "yr": 1, "ans": 1},
    "percent": {"%": 1, "percent": 1},
    "sheets": {"sheets": 1, "sheet": 1, "pages": 1, "feuilles": 1},
    "cup": {"cup": 1, "cups": 1, "tasses": 1},
    "cycle": {"cycle": 1, "cycles": 1, "speed": 1, "vitesses": 1},
}
# How a canonical unit is said, where its own letters are not what a reader would write.
UNITS_SAID: Final[Mapping[str, Mapping[Locale, str]]] = {
    "gb": {"fr": "Go", "en": "GB"},
    "in": {"fr": "po", "en": "in"},
    "w": {"fr": "W", "en": "W"},
    "v": {"fr": "V", "en": "V"},
    "mah": {"fr": "mAh", "en": "mAh"},
    "mhz": {"fr": "MHz", "en": "MHz"},
    "hz": {"fr": "Hz", "en": "Hz"},
    "cuft": {"fr": "pi³", "en": "cu ft"},
    "mp": {"fr": "Mpx", "en": "MP"},
    "lines": {"fr": "lignes", "en": "lines"},
    "zoom": {"fr": "×", "en": "×"},
    "fps": {"fr": "images/s", "en": "fps"},
    "btu": {"fr": "BTU", "en": "BTU"},
    "rpm": {"fr": "tr/min", "en": "rpm"},
    "bit": {"fr": "bits", "en": "bits"},
    "dpi": {"fr": "ppp", "en": "dpi"},
    "mbps": {"fr": "Mbit/s", "en": "Mbit/s"},
    "pack": {"fr": "par lot", "en": "per pack"},
    "port": {"fr": "ports", "en": "ports"},
    "channel": {"fr": "canaux", "en": "channels"},
    "user": {"fr": "postes", "en": "users"},
    "hour": {"fr": "h", "en": "h"},
    "year": {"fr": "ans", "en": "years"},
    "percent": {"fr": "%", "en": "%"},
    "sheets": {"fr": "feuilles", "en": "sheets"},
    "cup": {"fr": "tasses", "en": "cups"},
    "cycle": {"fr": "vitesses", "en": "speeds"},
    "date": {"fr": "(année)", "en": "(year)"},
    "version": {"fr": "(version)", "en": "(version)"},
}
_BY_SPELLING = {spelling: (unit, factor) for unit, table in UNITS.items() for spelling, factor in table.items()}
_ALTERNATIVES = "|".join(sorted(map(re.escape, _BY_SPELLING), key=len, reverse=True))
_QUANTITY = re.compile(rf"(?<![^\W_])(\d+(?:[.,]\d+)?)\s?-?\s?({_ALTERNATIVES})(?![^\W_])")
_PACK = re.compile(r"\b(?:lot de|pack of|set of|pack de|boite de|x) ?(\d{1,4})\b|\b(\d{1,3}) ?x(?= ?\d)")
_YEAR = re.compile(r"\b(?:19[5-9]\d|20[0-4]\d)\b")
_VERSION = re.compile(
    r"\b(?:v|ver|version|vol|volume|edition|gen)\.? ?(\d+(?:\.\d+)*)\b|\b(\d{1,2}\.\d(?:\.\d+)*)(?=\s|$|\))"
)

# "140 x 200 cm", "30x40x5": lengths of sides. "2 x 500 g" is a pack of two.
_LENGTHS = ("cm", "in")
_OTHER_UNITS = "|".join(re.escape(word) for word, (unit, _) in _BY_SPELLING.items() if unit not in _LENGTHS)
_SIDES = re.compile(
    r"(?<![\w.,])(\d+(?:[.,]\d+)?(?:\s?[x×*]\s?\d+(?:[.,]\d+)?){1,2})(?![.,]?\d)"
    rf"(?:\s?(mm|cm|m|metres?|meters?|in|inch(?:es)?|pouces?|\")(?!\w)|(?!\w|\s?(?:{_OTHER_UNITS})(?!\w)))"
)
_BY = re.compile(r"\s?[x×*]\s?")
_CM_PER_INCH = 2.54


class Sides(NamedTuple):
    """The lengths of one "140 x 200 cm": in centimetres, smallest first; without a unit they are taken for that."""

    lengths: tuple[float, ...]
    numbers: frozenset[str]
    said: str


def sides(text: str) -> Iterator[Sides]:
    """Yield what a folded text says of lengths of sides."""
    for match in _SIDES.finditer(text):
        unit = match.group(2) or ""
        factor = UNITS["cm"].get(unit) or UNITS["in"].get(unit, 1 / _CM_PER_INCH) * _CM_PER_INCH
        numbers = [float(side.replace(",", ".")) for side in _BY.split(match.group(1))]
        written = [f"{number:.5g}" for number in numbers]
        lengths = tuple(sorted(number * factor for number in numbers))
        yield Sides(lengths, frozenset(written), f"{' × '.join(written)} {unit}".rstrip())


def quantities(text: str) -> Iterator[tuple[str, str]]:
    """Yield (unit, canonical number) of a folded text; years, versions and pack sizes are units of their own."""
    measured = set()
    for match in _QUANTITY.finditer(text):
        measured.add(match.start(1))
        unit, factor = _BY_SPELLING[match.group(2)]
        yield unit, f"{float(match.group(1).replace(',', '.')) * factor:.5g}"
    for match in _PACK.finditer(text):
        yield "pack", f"{int(match.group(1) or match.group(2))}"
    for match in _YEAR.finditer(text):
        yield "date", match.group()
    for match in _VERSION.finditer(text):
        if match.start(2) not in measured:
            yield "version", re.sub(r"\.0+$", "", match.group(1) or match.group(2))
