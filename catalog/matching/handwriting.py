"""How a vendor writes a product down: order, abbreviations, codes, units, language, missing columns, noise, errors.

Promise: `write` gives a sheet's values by attribute; one `Style` is one vendor's habits, the same on all its sheets.
Not here: which products there are (`worlds.py`).
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from catalog.matching.worlds import Product, phrases, vocabulary


@dataclass(frozen=True, slots=True)
class Style:
    """How one vendor writes: the chance of each habit."""

    locale: str
    order: tuple[str, ...]
    says: dict[str, float]
    columns: dict[str, float]
    description: str
    short: float
    noise: float
    extra: int
    typo: float
    code_form: str
    repeat_code: bool
    units: int
    price: float


# The chance that a vendor has a column, fills it, and says a part of the product in the title.
COLUMN_CHANCE = {"brand": 0.4, "mpn": 0.15, "color": 0.12, "category": 0.15, "price": 0.85, "description": 0.7}
FILLED = {
    "brand": (1, 0.95, 0.5),
    "mpn": (1, 0.8),
    "color": (1, 0.7),
    "category": (1,),
    "price": (1, 0.95, 0.5),
    "description": (1, 0.9, 0.6),
}
SAID = {
    "brand": (1, 1, 0.95, 0.6),
    "line": (1, 0.98, 0.9),
    "kind": (1, 0.9, 0.5),
    "options": (1, 0.9, 0.7, 0.4),
    "code": (1, 0.95, 0.7, 0.3),
}
ORDER = ("brand", "line", "kind", "options", "code")
DESCRIPTIONS = ("short", "phrases", "phrases", "title", "title", "code")
CODE_FORMS = ("plain", "plain", "hyphen", "split", "cut", "extended", "slash")


def style_of(chance: random.Random, locale: str) -> Style:
    """Invent a vendor's habits."""
    return Style(
        locale=locale,
        order=ORDER if chance.random() < 0.85 else tuple(chance.sample(ORDER, len(ORDER))),
        says={part: chance.choice(shares) for part, shares in SAID.items()},
        columns={c: chance.choice(FILLED[c]) for c, share in COLUMN_CHANCE.items() if chance.random() < share},
        description=chance.choice(DESCRIPTIONS),
        short=chance.choice((0, 0.1, 0.4)),
        noise=chance.choice((0, 0.1, 0.3)),
        extra=chance.choice((0, 0, 1, 2)),
        typo=chance.choice((0, 0.01, 0.04)),
        code_form=chance.choice(CODE_FORMS),
        repeat_code=chance.random() < 0.3,
        units=chance.randrange(6),
        price=chance.uniform(0.7, 1.1),
    )


def write(product: Product, style: Style, chance: random.Random) -> dict[str, str]:
    """Return the sheet that a vendor of this style writes of the product."""
    code = _code(product.code, style, chance)
    options = [
        _option(name, value, style)
        for name, value in product.options.items()
        if chance.random() < style.says["options"]
    ]
    parts = {
        "brand": _brand(product.brand, style, chance),
        "line": _line(product.line, style, chance),
        "kind": chance.choice(product.kind[style.locale]),
        "options": " ".join(options),
        "code": code,
    }
    said = [parts[part] for part in style.order if parts[part] and chance.random() < style.says[part]]
    title = (
        " ".join(said)
        if len(said) > 1
        else " ".join(filter(None, (parts["brand"], parts["line"], parts["kind"], code)))
    )
    if style.repeat_code and code and code not in title:
        title = f"{title} - {code}"
    title = _roughened(title, _extra(product, style, chance), style, chance)
    values = {
        "title": title,
        "description": _description(product, title, code, style, chance),
        "brand": product.brand,
        "mpn": code,
        "color": _colour(product, style),
        "category": product.domain["name"],
        "price": f"{product.price * style.price * _haggle(chance):.2f}",
    }
    return {
        name: v
        for name, v in values.items()
        if v and (name == "title" or chance.random() < style.columns.get(name, 0.0))
    }


def _haggle(chance: random.Random) -> float:
    """Return the factor of a price: none, a little, or anything."""
    return chance.choice((1, chance.uniform(0.8, 1.15), chance.uniform(0.4, 1.6)))


def _brand(brand: str, style: Style, chance: random.Random) -> str:
    company = chance.choice(vocabulary()["company"][style.locale])
    return f"{brand} {company}" if chance.random() < style.noise / 2 else brand


def _line(line: str, style: Style, chance: random.Random) -> str:
    """Drop, glue or number a word of the product line now and then."""
    words = line.split()
    if len(words) > 2 and chance.random() < style.noise:
        words.pop(chance.randrange(len(words)))
    glue = "" if len(words) > 1 and chance.random() < style.short / 3 else " "
    return glue.join(words)


def _code(code: str, style: Style, chance: random.Random) -> str:
    """Write a code as the vendor does: hyphens, blanks, a part, or a tail for the country or the finish."""
    border = re.search(r"(?<=[a-z])(?=\d)|(?<=\d)(?=[a-z])", code)
    if not code or chance.random() < 0.3:
        return code
    if style.code_form in ("hyphen", "split", "slash") and border:
        return (
            code[: border.start()]
            + {"hyphen": "-", "split": " ", "slash": "/"}[style.code_form]
            + code[border.start() :]
        )
    if style.code_form == "cut":
        return re.sub(r"(?<=\d)[a-z]+$", "", code)
    return code + chance.choice(("na", "us", "/b", "-10", "eu", "gb", "##")) if style.code_form == "extended" else code


def _option(name: str, value: str, style: Style) -> str:
    if value.startswith("#"):
        return str(vocabulary()["colors"][style.locale][int(value[1:])])
    forms = vocabulary()["units"].get(name, ["{}"])
    return str(forms[style.units % len(forms)]).format(value)


def _colour(product: Product, style: Style) -> str:
    return _option("color", product.options["color"], style) if product.options.get("color", "").startswith("#") else ""


def _description(product: Product, title: str, code: str, style: Style, chance: random.Random) -> str:
    """Say the features, with or without what the title says already; the details vary from vendor to vendor."""
    known = phrases(product.domain, style.locale)
    picked = [known[i % len(known)] for i in product.features if chance.random() < 0.8]
    if chance.random() < 0.3:
        picked.append(chance.choice(known))
    chance.shuffle(picked)
    options = [_option(name, value, style) for name, value in product.options.items() if chance.random() < 0.8]
    joined = chance.choice(("/ ", " - ", ", ", ". ")).join([*options, *picked])
    begin = {
        "title": title,
        "code": f"{code} {product.line}",
        "short": "",
        "phrases": chance.choice(product.kind[style.locale]),
    }
    return f"{begin[style.description]} {joined if style.description != 'short' else ' '.join(picked[:2])}".strip()


def _extra(product: Product, style: Style, chance: random.Random) -> list[str]:
    """Return words that this vendor adds to its title: features, and what has nothing to do with the product."""
    known = phrases(product.domain, style.locale)
    extra = [known[i % len(known)] for i in product.features[: chance.randint(0, style.extra)]]
    if chance.random() < style.noise:
        extra.append(chance.choice(vocabulary()["noise"][style.locale]))
    if chance.random() < style.noise / 2:
        extra.append(chance.choice(vocabulary()["lines"]))
    return extra


def _roughened(title: str, extra: list[str], style: Style, chance: random.Random) -> str:
    """Abbreviate, misspell and pad a title."""
    short = vocabulary()["short"]
    words = [chance.choice(short[w]) if w in short and chance.random() < style.short else w for w in title.split()]
    words = [_misspelt(w, chance) if len(w) > 4 and chance.random() < style.typo else w for w in words]
    for phrase in extra:
        words.insert(chance.choice((0, len(words), len(words))), phrase)
    return " ".join(words)


def _misspelt(word: str, chance: random.Random) -> str:
    place = chance.randrange(1, len(word) - 1)
    swapped = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    return chance.choice((swapped, word[:place] + word[place + 1 :]))
