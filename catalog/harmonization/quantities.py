"""Numbers and measures in French and English text: reading them, nothing else.

Promise: a closed list of units and plain factors, so that no text can make it compute ("6^800000" is just text);
what was written is kept as `raw`. Not here: which attribute a measure belongs to (measures).
Pint was tried and left out: its parser evaluates expressions and costs 50 µs a value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from catalog.harmonization.draft import Words
from catalog.sheets import Locale
from catalog.text import GROUPED_STORAGE, Unit, fold, units

NUMBER = r"\d{1,3}(?:[  \u202f]\d{3})+(?!\d)|\d+(?:[.,]\d+)*"
# The digit comes first, so that the search skips to digits; what may not stand before it is looked at afterwards.
_MEASURE = re.compile(
    r"(\d(?<![\w.,/-].)(?:\d{0,2}(?:[ \u00a0\u202f]\d{3})+(?!\d)|\d*+(?:[.,]\d++)*+))(?:\s?(/)\s?(\d++))?[\s\u00a0\u202f-]?"
    r"((?:[fF][lL]|[fF]luid|[cC]u|CU|[cC]ubic)\.?[ -]?[a-zA-Z]{2,6}\.?|[^\W\d_]++[23²³]?(?:/min)?\.?|[\"”″]|''|’’|°[cC])"
    r"(?![\w²³'°^]|/(?!\s))"
)
_COUNTED = re.compile(r"(?:\bde|\bof|(?<![^\W\d_])[x×])\s?$", re.IGNORECASE)
_QUOTES = frozenset('"”″')
# Units in which three decimals are a thousands mark: nobody weighs 1.500 W to the thousandth.
_FINE_UNITS = frozenset(("W", "mAh", "g", "ml", "mm", "V", "lm", "rpm"))
_SMALL_UNITS = frozenset(("ml", "cl", "g", "cm"))
# Nothing that is sold is measured with more digits; longer runs are codes, or an attempt to make the reader compute.
LONGEST_NUMBER = 15
# What may stand beside the measure in a cell: "env.", "poids net :".
LONGEST_REST = 16
_GROUPING = re.compile(r"[\s\u00a0\u202f'’](?=\d{3})")
# Signs that are a unit only in the right place.
_DOUBTFUL = frozenset(('"', "”", "″", "g", "in", "to", "hp", "ch", "m", "s"))
_GENERATIONS = frozenset(("2", "3", "4", "5", "6"))


@dataclass(slots=True)
class Measure:
    """A measure read from a text: value in the canonical unit of its family, and where it stands."""

    value: float
    unit: str
    family: str
    raw: str
    start: int = 0
    end: int = 0

    def as_value(self) -> dict[str, object]:
        """Return the shape kept in a sheet."""
        return {"value": tidy(self.value), "unit": self.unit, "raw": self.raw}


def tidy(value: float) -> float | int:
    """Return the number without binary dust, whole where it is whole."""
    rounded = round(value, 4)
    return int(rounded) if rounded == int(rounded) else rounded


def number(written: str, locale: Locale, *, fine: bool = False) -> float | None:
    """Return the number that is written, or None; `fine` is for units never written with three decimals."""
    if written.isdecimal():
        return float(written) if len(written) <= LONGEST_NUMBER else None
    text = _GROUPING.sub("", written.strip())
    if len(text) > LONGEST_NUMBER:
        return None
    if text.isdecimal():
        return float(text)
    marks = [mark for mark in text if mark in ".,"]
    if len(marks) == 1:
        whole, decimals = re.split(r"[.,]", text)
        thousands = len(decimals) == 3 and 1 <= len(whole) <= 3 and whole[0] != "0"
        if thousands and (fine or (marks[0] == "," and locale == "en")):
            return float(whole + decimals)
        return float(f"{whole or 0}.{decimals}") if decimals else None
    if len(set(marks)) == 2 and marks[-1] != marks[0]:
        whole, decimals = re.split(rf"[{re.escape(marks[-1])}]", text)[0], text.rsplit(marks[-1], 1)[-1]
        return float(re.sub(r"[.,]", "", whole) + "." + decimals)
    return float(re.sub(r"[.,]", "", text)) if marks and re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", text) else None


def measures_in(words: Words, locale: Locale) -> list[Measure]:
    """Return the measures of a text in order; what only looks like one ("5G", "3 in 1", "5 to 10") is left out."""
    if words.measures is None:
        words.measures = list(_read_all(words.text, locale)) if words.digits else []
    return words.measures


# The unit said once with the label: "Longueur (cm) : 135.8".
_UNIT_FIRST = re.compile(
    r"[(](?:en |in )?((?:[mc]m|m|kg|gr?|[mc]?l|k?w|v|mah|go|gb|to|tb|in|inch|inches|pouces))[)]\s?[:=]?\s?"
    rf"({NUMBER})(?![\w.,x×/]|\s?(?:[x×]|(?-i:[a-zA-Z]{{1,3}}\b)))",
    re.IGNORECASE,
)


def _unit_first(text: str, locale: Locale) -> Iterator[Measure]:
    """Yield the measures whose unit stands in brackets before them."""
    for match in _UNIT_FIRST.finditer(text):
        unit, value = _unit(match[1]), number(match[2], locale)
        if unit is not None and value is not None:
            raw = f"{match[2]} {match[1]}"
            yield Measure(value * unit.factor, unit.canonical, unit.family, raw, match.start(2), match.end(2))


def _read_all(text: str, locale: Locale) -> list[Measure]:
    found = list(_unit_first(text, locale)) if "(" in text else []
    for match in _MEASURE.finditer(text):
        digits, _, _, written = match.groups()
        unit = _unit(written)
        if unit is None or (written.lower() in _DOUBTFUL and not _is_unit(match, written, text)):
            continue
        before, _, last = digits.rpartition(" ")
        # "iPhone 13 128 Go": a model and its memory; of memory only round thousands are grouped.
        apart = unit.family == "storage" and last not in GROUPED_STORAGE
        # "SPF 50 200 ml": small units are not counted in tens of thousands.
        apart = apart or (len(before) > 1 and unit.sign in _SMALL_UNITS)
        if before and (apart or _COUNTED.search(text[max(0, match.start() - 4) : match.start()])):
            digits = last
        value = number(digits, locale, fine=unit.sign in _FINE_UNITS)
        if value is None:
            continue
        if match[2]:
            value = value / float(match[3]) if float(match[3]) else value
        start = match.start(1) + len(match[1]) - len(digits)
        found.append(
            Measure(value * unit.factor, unit.canonical, unit.family, text[start : match.end()], start, match.end())
        )
    return found


@lru_cache(maxsize=20_000)
def _unit(written: str) -> Unit | None:
    return units().get(fold(written)) or units().get(fold(written).rstrip("."))


def _is_unit(match: re.Match[str], written: str, text: str) -> bool:
    after = text[match.end() : match.end() + 2]
    attached = text[match.end() - len(written) - 1].isdigit()
    if written in _QUOTES:
        return text.count('"', 0, match.start()) % 2 == 0 or written != '"'
    if written in ("G", "g") and attached and match[1] in _GENERATIONS:
        return False
    if written == "in":
        return not re.match(r"\s[\da-z]", after) or after.startswith(" x")
    if written.lower() == "to":
        return written == "To" or (attached and not after[:1].isalnum())
    if written == "HP" or (written.lower() == "ch" and re.search(r"[.,]\d$", match[1])):
        return False
    return not (written in ("M", "S") and not attached)


# A measure in two units, as people say it: 1 kg 200, 1m20, 1 lb 8 oz, 5'6". The second of metric ones may stay unsaid.
_IN_TWO = re.compile(
    r"(\d{1,3})\s?(?:(?P<kg>kg)\s?(?P<g>\d{3})(?:\s?gr?)?|(?P<m>m)\s?(?P<cm>\d{2})(?:\s?cm)?"
    r"|(?P<lb>lbs?)\s?(?P<oz>\d{1,2})\s?oz|(?P<ft>ft|['’′])\s?(?P<in>\d{1,2})\s?(?:in|[\"”″]|''))",
    re.IGNORECASE,
)


def _in_two(raw: str) -> Measure | None:
    """Return the sum of a measure said in two units, in the canonical unit of its family."""
    found = _IN_TWO.fullmatch(raw)
    if found is None:
        return None
    first, second = next(pair for pair in (("kg", "g"), ("m", "cm"), ("lb", "oz"), ("ft", "in")) if found[pair[0]])
    large, small = unit_of(first), unit_of(second)
    if large is None or small is None:
        return None
    value = float(found[1]) * large.factor + float(found[second]) * small.factor
    return Measure(value, large.canonical, large.family, raw)


def read_measure(raw: str, locale: Locale) -> Measure | None:
    """Return the measure that a cell holds ("1,5 L", "2 kg 500"), or None where it is not one measure."""
    in_two = _in_two(raw.strip())
    if in_two is not None:
        return in_two
    found = _read_all(raw.strip(), locale)
    if len(found) != 1:
        return None
    rest = raw.strip().replace(found[0].raw, "", 1)
    return found[0] if len(rest) <= LONGEST_REST and not re.search(r"[\d^*/+]", rest) else None


def unit_of(written: str) -> Unit | None:
    """Return the unit written this way."""
    return units().get(fold(written))
