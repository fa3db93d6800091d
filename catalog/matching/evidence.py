"""Why two records are held for one product or not, attribute by attribute, in words a reviewer reads.

Promise: `evidence_of` gives one `Evidence` an attribute that at least one side fills, conflicts first, then by weight;
`describe` says one in French or English. Weights are the push of the attribute's features on the log odds: what the
score loses when those features are set to their usual value.
Not here: the decision (`cascade.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from rapidfuzz import fuzz

from catalog.matching.identifiers import brands_clash, model_number, valid_gtin
from catalog.matching.records import Record, read_number
from catalog.matching.units import UNITS_SAID, Sides
from catalog.sheets import Evidence, Locale, Verdict

# Attributes shown, in this order; what is in neither record is left out.
SHOWN = ("title", "gtin", "brand", "mpn", "pack_quantity", "capacity", "size", "color", "material", "power", "price")
NAMES: Final[Mapping[str, Mapping[Locale, str]]] = {
    "title": {"fr": "Titre", "en": "Title"},
    "words": {"fr": "Mots propres à chacun", "en": "Words of one side only"},
    "quantity": {"fr": "Mesures", "en": "Measures"},
    "dimensions": {"fr": "Dimensions", "en": "Dimensions"},
    "gtin": {"fr": "GTIN", "en": "GTIN"},
    "brand": {"fr": "Marque", "en": "Brand"},
    "mpn": {"fr": "Référence fabricant", "en": "Manufacturer's number"},
    "pack_quantity": {"fr": "Nombre par lot", "en": "Pack size"},
    "capacity": {"fr": "Capacité", "en": "Capacity"},
    "size": {"fr": "Taille", "en": "Size"},
    "color": {"fr": "Couleur", "en": "Colour"},
    "material": {"fr": "Matière", "en": "Material"},
    "power": {"fr": "Puissance", "en": "Power"},
    "price": {"fr": "Prix", "en": "Price"},
}
SENTENCES: Final[Mapping[Verdict, Mapping[Locale, str]]] = {
    Verdict.AGREE: {
        "fr": "{name} : « {left} » et « {right} » concordent.",
        "en": "{name}: “{left}” and “{right}” agree.",
    },
    Verdict.CONFLICT: {"fr": "{name} : « {left} » contre « {right} ».", "en": "{name}: “{left}” against “{right}”."},
    Verdict.MISSING: {"fr": "{name} : « {said} » d’un seul côté.", "en": "{name}: “{said}” on one side only."},
}
IDENTICAL: Final[Mapping[Locale, str]] = {
    "fr": "{name} : « {left} » des deux côtés.",
    "en": "{name}: “{left}” on both sides.",
}
# Which features push for which attribute: the first pattern that fits, all others count for the title.
PUSHES = (
    (re.compile(r"^price\."), "price"),
    (re.compile(r"^code\."), "mpn"),
    (re.compile(r"^(quantity|number)\."), "quantity"),
    (re.compile(r"^brand\."), "brand"),
    (re.compile(r"^color\."), "color"),
    (re.compile(r"^capacity\."), "capacity"),
)
PRICE_APART = (
    2.0  # Twice the price: one in fifty true pairs of the measured catalogues lies beyond, one in four others.
)
SAME_TITLE = 85
INCH_ROUNDING = 0.02  # 12 in is sold as 30 cm.
BY_X = ("zoom", "pack")  # What "8 x" says where it is no length of a side.
MEASURED = ("quantity", "dimensions")
_UNIT = re.compile(r"(?<=\d )[a-z]+")
VARIANT = ("pack_quantity", "capacity", "size", "color")  # In conflict, these make a variant, not a duplicate.


def attribute_of(feature: str) -> str:
    """Return the attribute that a feature speaks for."""
    return next((attribute for pattern, attribute in PUSHES if pattern.match(feature)), "title")


def evidence_of(left: Record, right: Record, pushes: Mapping[str, float]) -> list[Evidence]:
    """Return what each attribute says of the pair, conflicts first."""
    found = [*_attributes(left, right, pushes), *_quantities(left, right, pushes), *_words(left, right)]
    rank = {Verdict.CONFLICT: 0, Verdict.AGREE: 1, Verdict.MISSING: 2}
    return sorted(found, key=lambda e: (rank[e.verdict], -abs(e.weight)))


def describe(evidence: Evidence, locale: Locale) -> str:
    """Say one piece of evidence in the reader's language."""
    name = NAMES.get(evidence.attribute, {}).get(locale, evidence.attribute.replace("_", " "))
    same = evidence.verdict is Verdict.AGREE and evidence.left == evidence.right
    sentence = IDENTICAL[locale] if same else SENTENCES[evidence.verdict][locale]
    left, right = evidence.left, evidence.right
    if evidence.attribute == "price" and locale == "fr":
        left, right = ((side or "").replace(".", ",") for side in (left, right))
    if evidence.attribute in MEASURED:
        left, right = (_measured(side or "", locale) for side in (left, right))
    return sentence.format(name=name, left=left, right=right, said=left or right)


def _measured(side: str, locale: Locale) -> str:
    """Say "500 gb, 1.5 l" as the reader writes it: "500 Go, 1,5 l"."""
    if locale == "fr":
        side = re.sub(r"(?<=\d)\.(?=\d)", ",", side)
    return _UNIT.sub(lambda match: UNITS_SAID.get(match.group(), {}).get(locale, match.group()), side)


def variants(left: Record, right: Record) -> list[str]:
    """Return the attributes by which the records are two variants of one product."""
    found = [name for name in VARIANT if _verdict(name, left, right) is Verdict.CONFLICT]
    packs = [_numbers(record, "pack") for record in (left, right)]
    if all(packs) and not packs[0] & packs[1] and "pack_quantity" not in found:
        found.append("pack_quantity")
    if _sides_verdict(left, right) is Verdict.CONFLICT:
        found.append("dimensions")
    return found


def _attributes(left: Record, right: Record, pushes: Mapping[str, float]) -> Iterator[Evidence]:
    for name in SHOWN:
        a, b = left.values.get(name), right.values.get(name)
        if a or b:
            yield Evidence(name, a, b, _verdict(name, left, right), round(pushes.get(name, 0.0), 3))


def _verdict(name: str, left: Record, right: Record) -> Verdict:
    a, b = left.fields.get(name, ""), right.fields.get(name, "")
    if not a or not b:
        return Verdict.MISSING
    agrees = AGREEING.get(name)
    return Verdict.AGREE if (agrees(left, right) if agrees else _same_value(a, b)) else Verdict.CONFLICT


def _close(left: Record, right: Record) -> bool:
    a, b = left.price, right.price
    return not a or not b or max(a, b) / min(a, b) <= PRICE_APART


def _same_gtin(left: Record, right: Record) -> bool:
    a, b = left.fields["gtin"], right.fields["gtin"]
    return (valid_gtin(a) or a) == (valid_gtin(b) or b)


# How two records agree in an attribute, where it is not by the same number or words.
AGREEING: Final[Mapping[str, Callable[[Record, Record], bool]]] = {
    "title": lambda left, right: fuzz.token_set_ratio(left.fields["title"], right.fields["title"]) >= SAME_TITLE,
    "gtin": _same_gtin,
    "brand": lambda left, right: not brands_clash(left, right),
    "mpn": lambda left, right: model_number(left) == model_number(right),
    "price": _close,
}


def _same_value(a: str, b: str) -> bool:
    x, y = read_number(a), read_number(b)
    if x is not None and y is not None:
        return abs(x - y) <= 0.01 * max(abs(x), abs(y))
    return fuzz.token_set_ratio(a, b) >= SAME_TITLE


def _quantities(left: Record, right: Record, pushes: Mapping[str, float]) -> Iterator[Evidence]:
    """Compare lengths of sides, and numbers with a unit that both texts use."""
    weight = round(pushes.get("quantity", 0.0), 3)
    verdict = _sides_verdict(left, right)
    if verdict is not Verdict.MISSING:
        yield Evidence("dimensions", _sides_said(left), _sides_said(right), verdict, weight)
    for unit in sorted({u for u, _ in left.quantities} & {u for u, _ in right.quantities}):
        a, b = (_numbers(record, unit) for record in (left, right))
        if a and b:
            shown_a, shown_b = (", ".join(f"{v} {unit}" for v in sorted(side, key=float_or_zero)) for side in (a, b))
            yield Evidence("quantity", shown_a, shown_b, Verdict.AGREE if a & b else Verdict.CONFLICT, weight)


def _numbers(record: Record, unit: str) -> set[str]:
    """Return the record's numbers in a unit; the "140 x" of a side is neither a zoom nor a pack, a "2 x" is one pack."""
    found = {value for u, value in record.quantities if u == unit}
    if unit not in BY_X:
        return found
    packs = {value for u, value in record.quantities if u == "pack"} if unit == "zoom" else set()
    return found.difference(packs, *(side.numbers for side in record.sides))


def _sides_verdict(left: Record, right: Record) -> Verdict:
    """Compare the lengths of sides; two lengths and three say nothing of each other."""
    pairs = [(a, b) for a in left.sides for b in right.sides if len(a.lengths) == len(b.lengths)]
    if not pairs:
        return Verdict.MISSING
    return Verdict.AGREE if any(_same_sides(a, b) for a, b in pairs) else Verdict.CONFLICT


def _same_sides(a: Sides, b: Sides) -> bool:
    """Return whether the lengths agree to the rounding of an inch."""
    both = zip(a.lengths, b.lengths, strict=True)
    return all(abs(one - other) <= INCH_ROUNDING * max(one, other) for one, other in both)


def _sides_said(record: Record) -> str:
    return ", ".join(dict.fromkeys(side.said for side in record.sides))


def float_or_zero(text: str) -> float:
    """Return a number for sorting; versions such as 1.2.3 come first."""
    try:
        return float(text)
    except ValueError:
        return 0.0


def _words(left: Record, right: Record) -> Iterator[Evidence]:
    """Show the title words that the other side says nowhere."""
    a = [t for t in left.head_tokens if t not in right.full_tokens]
    b = [t for t in right.head_tokens if t not in left.full_tokens]
    if a and b:
        yield Evidence("words", " ".join(a), " ".join(b), Verdict.CONFLICT)
    elif a or b:
        yield Evidence("words", " ".join(a) or None, " ".join(b) or None, Verdict.MISSING)
