"""Made-up products in families of siblings: other colour, capacity, version, pack or code, else the same.

Promise: everything comes from `vocabulary.json` and a random generator; brands are invented from syllables.
Not here: how a vendor writes a product down (`handwriting.py`).
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

VOCABULARY = Path(__file__).parent.parent / "data" / "matcher" / "vocabulary.json"
FAMILY = (1, 1, 1, 2, 3, 5)  # Sizes of families; with more siblings the model asks for more than vendors ever say.


@dataclass(frozen=True, slots=True)
class Product:
    """A made-up product, before any vendor writes it down."""

    number: int
    domain: dict[str, Any]
    brand: str
    line: str
    code: str
    kind: dict[str, list[str]]
    options: dict[str, str]
    features: tuple[int, ...]
    price: float


@lru_cache(maxsize=1)
def vocabulary() -> dict[str, Any]:
    """Return the words that catalogues are made of."""
    words: dict[str, Any] = json.loads(VOCABULARY.read_text(encoding="utf-8"))
    return words


def products_of(chance: random.Random, domains: Sequence[dict[str, Any]], count: int) -> Iterator[Product]:
    """Invent families of siblings until there are `count` products."""
    brands = {d["name"]: [_name(chance) for _ in range(chance.choice((3, 8, 20)))] for d in domains}
    number = 0
    while number < count:
        domain = chance.choice(domains)
        brand, kind = chance.choice(brands[domain["name"]]), chance.choice(domain["types"])
        line = _line(chance) if chance.random() < domain["line"] else ""
        code = _code(chance) if chance.random() < domain["code"] else ""
        price = domain["price"][0] * (domain["price"][1] / domain["price"][0]) ** chance.random()
        features = tuple(chance.sample(range(12), 5))
        used = chance.sample(sorted(domain["options"]), min(len(domain["options"]), chance.choice((1, 2, 3))))
        options = {name: _option(chance, domain, name) for name in used}
        for _ in range(chance.choice(FAMILY)):
            yield Product(number, domain, brand, line, code, kind, dict(options), features, round(price, 2))
            number += 1
            for name in chance.sample(used, chance.choice((1, 1, min(2, len(used))))):
                options[name] = _option(chance, domain, name)
            code = _sibling_code(chance, code)
            price *= chance.uniform(0.8, 1.3)


def phrases(domain: dict[str, Any], locale: str) -> list[str]:
    """Return the phrases that describe a domain's products."""
    found: list[str] = domain["features"][locale]
    return found


def _option(chance: random.Random, domain: dict[str, Any], name: str) -> str:
    """Choose a value; colours are numbers, so that each vendor writes them in its language."""
    values = domain["options"][name]
    return (
        f"#{chance.randrange(len(vocabulary()['colors']['en']))}" if values == "colors" else str(chance.choice(values))
    )


def _line(chance: random.Random) -> str:
    """Name a product line: common words, rare ones, or both."""
    words = chance.sample(vocabulary()["lines"], chance.choice((0, 1, 2, 3)))
    names = [_name(chance) for _ in range(chance.choice((0, 1, 1, 2)) or not words)]
    return " ".join(chance.sample([*words, *names], len(words) + len(names)))


def _name(chance: random.Random) -> str:
    return "".join(chance.sample(vocabulary()["syllables"], chance.choice((2, 2, 3))))


def _code(chance: random.Random) -> str:
    letters = "".join(chance.choices("abcdefghjklmnprstuvwxz", k=chance.choice((1, 2, 2, 3, 4))))
    digits = "".join(chance.choices("0123456789", k=chance.choice((2, 3, 3, 4, 5))))
    tail = "".join(chance.choices("abcdefghklnprstuvwx", k=chance.choice((0, 0, 1, 2))))
    return letters + digits + tail if chance.random() < 0.85 else digits + letters


def _sibling_code(chance: random.Random, code: str) -> str:
    """Change a digit or the ending of a code, as makers do; some siblings share it."""
    if not code or chance.random() < 0.12:
        return code
    places = [i for i, c in enumerate(code) if c.isdigit()]
    if chance.random() < 0.6:
        place = chance.choice(places)
        return code[:place] + chance.choice("0123456789") + code[place + 1 :]
    return code.rstrip("abcdefghijklmnopqrstuvwxyz") + chance.choice(
        ("b", "s", "w", "r", "bk", "wh", "ss", "p", "k", "a")
    )
