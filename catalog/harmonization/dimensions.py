"""Rules of dimensions and packs: "30 x 40 cm", "H 85 x L 40 cm", "lot de 3", "6 x 33 cl".

Promise: letters and words that name a side decide; bare numbers are length, width, height in that order.
Not here: sizes of clothes and screens (sizes), single measures of other kinds (measures).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from catalog.harmonization import lexicons
from catalog.harmonization.context import Context
from catalog.harmonization.draft import Draft, Words
from catalog.harmonization.quantities import measures_in, number, tidy
from catalog.harmonization.registry import Outcome, Repair, Typed, fault, rule
from catalog.sheets import Locale
from catalog.text import fold, units

_LENGTHS = "|".join(re.escape(name) for name, unit in units().items() if unit.family == "length" and name.isalpha())
_SIDE = (
    r"(?:(longueur|largeur|hauteur|profondeur|length|width|height|depth|long|larg|haut|prof|lg|ht|"
    r"[LlHhPpWwDd])\.?\s?:?\s?)?"
)
_SIDE_AFTER = r"(?:\s?\(?([LlHhPpWwDd])\)?(?![\w'’]))?"
_PART = rf"{_SIDE}(\d+(?:[.,]\d+)?)\s?({_LENGTHS}|\"|″|'')?{_SIDE_AFTER}"
_TIMES = r"\s?(?:x|×|\*|X|par|by)\s?"
_SIZES = re.compile(rf"(?<![\w.,/]){_PART}{_TIMES}{_PART}(?:{_TIMES}{_PART})?(?![\w/]|\s?[x×]\s?\d)", re.IGNORECASE)
_MAYBE = re.compile(
    r"\d[^\W\d_]{0,11}[\"”″]?\s?(?:[LlHhPpWwDd()]\)?\s?)?(?:[x×X*]|par|by)\s?\(?[LlHhPpWwDdØ]?[a-zA-Z]{0,9}\.?\s?:?\s?\d"
)
_TIMES_SIGNS = ("x", "×", "X", "*", "par", "by")
_NAMED: Mapping[str, str] = {
    "longueur": "length", "long": "length", "length": "length", "lg": "length", "largeur": "width", "larg": "width",
    "width": "width", "w": "width", "hauteur": "height", "haut": "height", "height": "height", "ht": "height",
    "h": "height", "profondeur": "depth", "prof": "depth", "depth": "depth", "p": "depth", "d": "depth",
}  # fmt: skip
SIDES = ("length", "width", "height", "depth")
_CONNECTOR = re.compile(
    r"(?:connecteur|embout|connector|connexion|jack|plug|fiche|trou|vis|capteur|sensor)[^.]{0,20}$", re.IGNORECASE
)
_INCHES = frozenset("\"″''")
# Numbers multiplied that are no dimensions of a thing: pixels, and packs ("6 x 33 cl").
LARGEST_SIDE_CM = 3000


@rule(
    "dimensions.found",
    attribute="length",
    confidence=0.88,
    on_missing=True,
    fr="Relève dans le texte les dimensions (« 30 x 40 cm », « H 85 x L 40 cm »).",
    en="Notes dimensions from the text (“30 x 40 cm”, “H 85 x W 40 cm”).",
)
def found(value: object, draft: Draft, context: Context) -> Outcome:
    """Fill the sides that the file left empty from the title, else from the description."""
    if not draft.values.keys().isdisjoint(SIDES) and any(draft.values.get(side) for side in SIDES):
        return None
    for attribute in ("title", "description"):
        words = draft.words(attribute)
        if not words.has_digits:
            continue
        multiplied = any(map(words.text.__contains__, _TIMES_SIGNS)) and _MAYBE.search(words.text)
        sides = _multiplied(words.text, context.locale) if multiplied else {}
        sides = sides or _named(words, context)
        if sides:
            source = draft.sheet.sources.get(attribute)
            return tuple(Repair(measure, attribute=side, source=source) for side, measure in sides.items())
    return None


def _multiplied(text: str, locale: Locale) -> dict[str, dict[str, object]]:
    for match in _SIZES.finditer(text):
        groups = [match.groups()[at : at + 4] for at in (0, 4, 8)]
        parts = [(fold(side or after or ""), value, unit) for side, value, unit, after in groups if value]
        unit = next((written for _, _, written in reversed(parts) if written), None)
        if unit is None or (
            len(parts) == 2 and re.match(r"\s?(?:[x×]|mp|px|pixels|hz|dpi)", text[match.end() :], re.I)
        ):
            continue
        if _CONNECTOR.search(text[max(0, match.start() - 30) : match.start()]):
            continue
        sides = _sides(
            [side for side, _, _ in parts], [match.groups()[at : at + 4] for at in range(0, 4 * len(parts), 4)]
        )
        read: dict[str, dict[str, object]] = {}
        for side, (_, value, written) in zip(sides, parts, strict=True):
            factor = units()['"' if (written or unit) in _INCHES else fold(written or unit)].factor
            amount = (number(value, locale) or 0) * factor
            if 0 < amount <= LARGEST_SIDE_CM:
                read[side] = {"value": tidy(amount), "unit": "cm", "raw": f"{value} {written or unit}"}
        if len(read) == len(parts):
            return read
    return {}


def _sides(names: list[str], groups: list[tuple[str | None, ...]]) -> list[str]:
    """Return which side each number is; "L" beside "l" is length and width, beside "P" it is the width."""
    plain = ["length", "width", "height"][: len(names)]
    if not any(names):
        return plain
    written = [(group[0] or group[3] or "") for group in groups]
    sides: list[str] = []
    for name, letter in zip(names, written, strict=True):
        if name == "l":
            others = [other for other in written if other.lower() == "l"]
            wide = ("p" in names or "d" in names or "prof" in names) and len(others) == 1
            side = "width" if (letter == "l" and len(others) > 1) or wide else "length"
            if len(others) == 1 and "w" not in names and set(names) == {"l", "h"} and not wide:
                side = "width"
        else:
            side = _NAMED.get(name, "")
        sides.append(side)
    free = iter(side for side in (*SIDES,) if side not in sides)
    return [side if side and sides.index(side) == at else next(free) for at, side in enumerate(sides)]


_BEFORE = re.compile(
    r"(longueur|largeur|hauteur|profondeur|length|width|height|depth|\bh)(?: totale| max(?:imale)?| du "
    r"produit| de la lame| r[ée]glable)?"
    r"(?: \(?(?:in |en )?(?:cm|mm)\)?)?\s?[.:=]*\s?(?:env(?:iron|\.)?|approx\.?|de|d'|of|is|est de)?\s?:?\s*$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    (
        r"\s?(?:de |en |in )?(longueur|largeur|hauteur|profondeur|long|large|haut|profond|length|width|"
        r"height|depth|wide|high|tall|deep)\b"
    ),
    re.IGNORECASE,
)
_AFTER_NAMES = {
    "large": "width", "wide": "width", "high": "height", "tall": "height", "deep": "depth", "profond": "depth",
}  # fmt: skip
_LONG_THINGS = lexicons.words("long_things")


def _named(words: Words, context: Context) -> dict[str, dict[str, object]]:
    """Return the sides that words name ("hauteur 30 cm", "30 cm de haut"); a cable's only measure is its length."""
    sides: dict[str, dict[str, object]] = {}
    lengths = [each for each in measures_in(words, context.locale) if each.family == "length"]
    if not lengths:
        return sides
    for each in lengths:
        before = _BEFORE.search(words.text[max(0, each.start - 40) : each.start])
        after = None if before else _AFTER.match(words.text[each.end : each.end + 16])
        named = before or after
        name = fold(named[1]) if named else ""
        side = _NAMED.get(name) or _AFTER_NAMES.get(name)
        if side and 0 < each.value <= LARGEST_SIDE_CM:
            sides.setdefault(side, each.as_value())
    bare = [each for each in lengths if not each.raw.endswith(('"', "″", "inch", "pouces"))]
    if not sides and len(bare) == 1 and not _LONG_THINGS.isdisjoint(words.folded[:5]) and bare[0].value >= 10:
        sides["length"] = bare[0].as_value()
    return sides


_PACK = re.compile(
    r"(?:\b(?:(?:lot|lots|pack|packs|set|sets)\s?(?:de|of|:)?|(?:bo[iî]te|coffret|paquet|sachet|pochette|carton|box|case|bag|packet|bundle|kit|jeu|ensemble|assortiment)\s?(?:de|of))"
    r"\s?(\d{1,4})\b(?!\s?(?:[.,]\d|(?:cm|mm|ml|cl|kg|g|l|w|v|go|gb|to|mah|ans|mois|m|en|in|x|gr|grs|oz|lb|lbs|pouces|inch|inches|places|couverts|tasses|cups|litres?|liters?)\b|%|\"))"
    r"|\bpar (\d{1,3})\b(?!\s?(?:[.,]\d|cm|mm|[x×]))"
    r"|(?<![\w.,/-])(\d{1,4})[\s-]?(?:pack|pk|pcs|pc|pi[èe]ces?|pieces?|unit[ée]s?|units|count|ct|"
    r"capsules|dosettes|pods|rouleaux|rolls|sachets|tea bags|"
    r"comprim[ée]s|tablets|g[ée]lules|lingettes|wipes|piles|batteries|ampoules|bulbs|bouteilles|bottles|canettes|cans|couches|nappies|diapers|verres|glasses|assiettes|plates|paires|pairs)\b(?!\s?(?:puzzle|of\b))"
    r"|(?<![\w.,/-])(\d{1,3})\s?[x×]\s?(?=\d+(?:[.,]\d+)?\s?(?:ml|cl|dl|l|g|gr|kg|oz|fl)\b)"
    r"|(?:(?<=\s)|^)(?-i:[x×])(\d{1,3})(?![\w.,x×])|\(\s?(\d{1,3})\s?(?:x|pcs|pi[èe]ces)\s?\)|\b(?:quantit[ée]|quantity|qty|qt[ée])\s?:?\s?(\d{1,4})\b)",
    re.IGNORECASE,
)
_MAYBE_PACK = re.compile(r"\d\s?[x×X]|[x×]\d|[Pp]ar \d|\d(?:pc|pk|pi|ct|pa|un)")
_PACK_WORDS = lexicons.words("pack_words")
_PUZZLE = frozenset(["puzzle", "puzzles", "lego", "construction"])
_BESIDE = re.compile(r"(?:avec|with|et|and|\+|&|inclus|plus|size|taille|num[ée]ro|no|n°)\s?$", re.IGNORECASE)


def _counts_packs(folded: Sequence[str]) -> bool:
    """Return whether a number stands near a word for a pack or for what packs hold."""
    if _PACK_WORDS.isdisjoint(folded):
        return False
    places = (at for at, word in enumerate(folded) if word in _PACK_WORDS)
    return any(any(map(str.isdigit, folded[max(0, at - 1) : at + 4])) for at in places)


def _is_count(found: re.Match[str], words: Words) -> bool:
    """Return whether a number before a noun counts the articles sold, not what comes with one or a puzzle's pieces."""
    before, after = words.text[: found.start()].rstrip(), words.text[found.end() :]
    if _BESIDE.search(before) or re.match(r"\s?of\b", after):
        return False
    return not (found[3] and not _PUZZLE.isdisjoint(words.folded))


@rule(
    "pack.read",
    attribute="pack_quantity",
    confidence=0.9,
    fr="Lit le nombre d'articles d'un lot.",
    en="Reads the number of articles in a pack.",
)
def read_pack(value: object, draft: Draft, context: Context) -> Outcome:
    """Read a cell as a whole number ("lot de 3" is 3)."""
    if not isinstance(value, str):
        return None
    digits = re.fullmatch(r"\D*?(\d{1,5})(?:[.,]0+)?\D*", value)
    return Typed(int(digits[1])) if digits else (Repair(None, confidence=0.6), fault("2006", draft, value))


@rule(
    "pack.found",
    attribute="pack_quantity",
    confidence=0.88,
    on_missing=True,
    fr="Relève dans le titre le nombre d'articles (« lot de 3 », « 25 capsules », « 6 x 33 cl »).",
    en="Notes the number of articles from the title (“pack of 12”, “25 capsules”, “6 x 33 cl”).",
)
def found_pack(value: object, draft: Draft, context: Context) -> Outcome:
    """Take a count from the title, else a worded one ("lot de 3") from the description."""
    if value:
        return None
    for attribute in ("title", "description"):
        words = draft.words(attribute)
        if not words.has_digits:
            continue
        if not _counts_packs(words.folded) and (attribute != "title" or not _MAYBE_PACK.search(words.text)):
            continue
        matches = [m for m in _PACK.finditer(words.text) if m[1] or (attribute == "title" and _is_count(m, words))]
        match = next((m for m in matches if m[1]), matches[0] if matches else None)
        if match is None:
            continue
        count = int(next(group for group in match.groups() if group))
        if count > 1:
            return Repair(count, source=draft.sheet.sources.get(attribute))
    return None
