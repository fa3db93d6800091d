"""One product's words, read once for comparison: tokens, codes, numbers with units, price.

Promise: `Record.of` takes whatever a mapped or harmonized sheet holds (text, lists, measures, prices, or nothing),
in any column names, and never fails on a strange value. A record knows nothing of the other records.
Not here: how rare a word is (`pool.py`) or what two records have in common (`features.py`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from catalog.matching.traits import traits
from catalog.matching.units import Sides, quantities, sides

TITLE = ("title",)
NAMING = ("brand", "mpn", "model")  # Their words complete the title where it lacks them.
LAST = ("description",)
SILENT = frozenset({"id", "link", "image_link", "additional_image_link", "gtin"})  # Addresses and keys are not words.
PRICE = ("price", "sale_price")

_LANGUAGE_TAG = re.compile(r"(?<=[\"'\s])@[a-z]{2}\b|\[[a-z]{2}(?:[-_][A-Za-z]{2})?\]")
_TOKEN = re.compile(r"\d+(?:[.,]\d+)+(?![^\W_])|[^\W_]+")
_CHUNK = re.compile(r"[^\W_]+(?:[-/._+][^\W_]+)*")
_THOUSANDS = re.compile(r"^\d{1,3}(?:,\d{3})+(?:\.\d+)?$")
_NUMBER = re.compile(r"-?\d[\d.,\s\u00a0\u202f]*")
_DIGITS = re.compile(r"\d{2,}")
CODES_READ = 4
_PLAIN_ASCII = re.compile(r"^[\x00-\x7f]*$")
_MEASURE = re.compile(
    r"^\d+(?:[.,]\d+)?(?:gb|tb|mb|kb|mhz|ghz|hz|khz|cm|mm|in|ft|w|kw|v|mah|g|kg|lb|lbs|oz|ml|cl|p|x|fps|bit|"
    r"rpm|btu|mp|dpi|mbps|gbps|kbps|user|users|pack|pk|port|ports|st|nd|rd|th|d|s|h|hr|min|inch|yr|year)$"
)


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """A sheet's words ready for comparison; two records are compared by identity, never by content."""

    head: str
    full: str
    head_tokens: tuple[str, ...]
    full_tokens: tuple[str, ...]
    codes: tuple[str, ...]
    digits: tuple[str, ...]
    quantities: tuple[tuple[str, str], ...]
    sides: tuple[Sides, ...]
    traits: tuple[tuple[str, str], ...]
    price: float | None
    fields: Mapping[str, str]
    values: Mapping[str, str]
    key: str = ""

    @classmethod
    def of(cls, values: Mapping[str, Any], key: str = "") -> Record:
        """Read a sheet's values by attribute name; names that are not attributes count as further text."""
        texts = {name: text for name, value in values.items() if (text := as_text(value))}
        fields = {name: fold(text) for name, text in texts.items()}
        head = _head(fields)
        rest = [text for name, text in fields.items() if name not in (*TITLE, *SILENT, *PRICE)]
        full = " ".join([head, *rest])
        head_tokens, found = tuple(tokens(head)), tuple(dict.fromkeys(codes(f"{fields.get('mpn', '')} {head} {full}")))
        return cls(
            head=head,
            full=full,
            head_tokens=head_tokens,
            full_tokens=tuple(dict.fromkeys(tokens(full))),
            codes=found,
            digits=tuple(dict.fromkeys(run for code in found[:CODES_READ] for run in _DIGITS.findall(code))),
            quantities=tuple(sorted({*quantities(full)})),
            sides=tuple(sides(full)),
            traits=tuple(dict.fromkeys(traits(head_tokens))) or tuple(dict.fromkeys(traits(tokens(full)))),
            price=_price(values),
            fields=fields,
            values=texts,
            key=key,
        )


def as_text(value: Any) -> str:
    """Return any sheet value as one text: a list by its items, a measure by its number and unit, a price in units."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, Mapping):
        if "amount" in value:
            return f"{value['amount'] / 100:.2f}" if isinstance(value["amount"], int | float) else ""
        unit = value.get("unit") or ""
        return (
            f"{value['value']:g} {unit}".strip()
            if isinstance(value.get("value"), int | float)
            else str(value.get("raw", ""))
        )
    if isinstance(value, Iterable) and not isinstance(value, str):
        return " ".join(as_text(item) for item in value)
    return str(value).strip()


def fold(text: str) -> str:
    """Return the text in lower case, without accents, language tags or runs of blanks."""
    if "@" in text or "[" in text:
        text = _LANGUAGE_TAG.sub(" ", text)
    text = text.lower()
    if not _PLAIN_ASCII.match(text):
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(text.split())


def tokens(text: str) -> list[str]:
    """Return the alphanumeric runs of a folded text; 7.0 and 7 are one token, and so are 1,000 and 1000."""
    return [number(t) if t[0].isdigit() and not t.isalnum() else t for t in _TOKEN.findall(text)]


def number(text: str) -> str:
    """Return a number with comma or point in its shortest form, or the text itself (a version such as 1.2.3)."""
    plain = text.replace(",", "") if _THOUSANDS.match(text) else text.replace(",", ".")
    whole, point, part = plain.partition(".")
    if "." in part:
        return plain
    part = part.rstrip("0")
    return f"{whole}.{part}" if point and part else whole


def codes(text: str) -> list[str]:
    """Return the model numbers of a folded text: joined chunks with a digit and a letter, or five digits and more."""
    found = []
    for chunk in _CHUNK.findall(text):
        joined = re.sub(r"[-/._+]", "", chunk)
        digits = sum(map(str.isdigit, joined))
        if len(joined) < 3 or not digits or (digits == len(joined) and digits < 5):
            continue
        if all(_MEASURE.match(piece) or not any(map(str.isdigit, piece)) for piece in re.split(r"[-/+]", chunk)):
            continue
        found.append(joined)
    return found


def read_number(text: str) -> float | None:
    """Return the first number of a text (19,99 · 1 299.00 · $5), or None."""
    match = _NUMBER.search(text)
    if not match:
        return None
    digits = re.sub(r"\s", "", match.group()).rstrip(".,")
    try:
        return float(number(digits))
    except ValueError:
        return None


def _head(fields: Mapping[str, str]) -> str:
    """Return title, brand and model words; a sheet without a title is named by all the words that it has."""
    title = " ".join(fields[name] for name in TITLE if name in fields)
    if not title:
        return " ".join(text for name, text in fields.items() if name not in SILENT and name not in PRICE)
    known, joined = set(tokens(title)), re.sub(r"[\W_]", "", title)
    words = [word for name in NAMING if name in fields for word in tokens(fields[name])]
    missing = [w for w in dict.fromkeys(words) if w not in known and not (len(w) > 3 and w in joined)]
    return " ".join([title, *missing])


def _price(values: Mapping[str, Any]) -> float | None:
    """Return the price as a number; free of charge counts as not said, as vendors mean it."""
    for name in PRICE:
        found = read_number(as_text(values.get(name)))
        if found and found > 0:
            return found
    return None
