"""The goods of the demo's marketplace as they truly are: the table `assortment.txt`, read into articles.

Pure and always the same. Promise: every brand and article is invented, and every barcode has a right check digit.
Not here: how vendors write these goods down (`vendor_files`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).with_name("assortment.txt")
_FAMILY = re.compile(r"^\[(\w+)\] (.+)$")
# Reads as a French maker's; the check digit follows.
_BARCODE_STEM = "379940{:06d}"


@dataclass(frozen=True, slots=True)
class Article:
    """One thing on sale as its maker knows it: `category` of the built-in tree, `price` in cents, `facts` of the box."""

    number: int
    department: str
    noun: str
    category: str
    shelf: str
    text: str
    brand: str
    model: str
    facts: tuple[str, ...]
    colour: str
    size: str
    price: int

    @property
    def title(self) -> str:
        """The title a careful vendor would write."""
        words = (self.noun, self.brand, self.model, self.size, *self.facts[:2], self.colour)
        return " ".join(word for word in words if word)

    @property
    def mpn(self) -> str:
        """The maker's own number."""
        letters = "".join(word[0] for word in re.findall(r"[^\W\d_]+", f"{self.brand} {self.model}")).upper()
        return f"{letters}-{4000 + self.number * 7}"

    @property
    def gtin(self) -> str:
        """The barcode."""
        return barcode(self.number)

    @property
    def handle(self) -> str:
        """What the variants of one model have in common."""
        return re.sub(r"[^a-z0-9]+", "-", f"{self.noun} {self.brand} {self.model}".lower()).strip("-")

    def fact(self, *units: str) -> str:
        """Return the first fact that ends in one of these units, or nothing."""
        found = (fact for fact in self.facts if fact.split(" ")[-1] in units and fact[0].isdigit())
        return next(found, "")


def barcode(number: int) -> str:
    """Return a GTIN-13 with a right check digit."""
    stem = _BARCODE_STEM.format(number)
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(stem))
    return f"{stem}{-total % 10}"


@cache
def articles() -> tuple[Article, ...]:
    """Return every article of the table, in its order."""
    return tuple(_read(_TABLE.read_text(encoding="utf-8")))


def of(*departments: str) -> list[Article]:
    """Return the articles of these departments, in the table's order."""
    return [article for article in articles() if article.department in departments]


def _read(table: str) -> Iterator[Article]:
    number, family = 1, ("", "", "", "", "")
    for line in table.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        start = _FAMILY.match(line)
        if start is not None:
            noun, category, shelf, text = (part.strip() for part in start[2].split("|"))
            family = (start[1], noun, category, shelf, text)
            continue
        for article in _variants(number, family, [part.strip() for part in line.split("|")]):
            yield article
            number += 1


def _variants(number: int, family: tuple[str, str, str, str, str], cells: list[str]) -> Iterator[Article]:
    department, noun, category, shelf, pattern = family
    brand, model, written_facts, colours, sizes, price = cells
    facts = tuple(fact.strip() for fact in written_facts.split(";"))
    said = ", ".join(facts)
    text = pattern.format(model=f"{noun[0].lower()}{noun[1:]} {brand} {model}", facts=said[:1].upper() + said[1:])
    cents = round(float(price.replace(",", ".")) * 100)
    for colour in colours.split(", "):
        for place, size in enumerate(sizes.split(", ")):
            dearer = cents if department == "mode" else cents + place * round(cents * 0.25 / 10) * 10
            yield Article(number, department, noun, category, shelf, text, brand, model, facts, colour, size, dearer)
            number += 1
