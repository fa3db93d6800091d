"""Rules of dimensions and packs: "30 x 40 cm", "H 85 x L 40 cm", "lot de 3", "6 x 33 cl".

Promise: letters and words that name a side decide; bare numbers are length, width, height in that order.
Not here: sizes of clothes and screens (sizes), single measures of other kinds (measures).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping

from catalog.harmonization import lexicons
from catalog.harmonization.bedding import bedding_size
from catalog.harmonization.context import Context
from catalog.harmonization.draft import Draft, Words
from catalog.harmonization.quantities import Measure, measures_in, number, tidy
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
# Two numbers multiplied, from the last digit of the first; the digit comes first, so that the search skips to digits.
_MAYBE = re.compile(rf"\d\s?(?:{_LENGTHS}|\"|″|'')?{_SIDE_AFTER}{_TIMES}{_SIDE}\d", re.IGNORECASE)
# How much may belong to it before its first number (the name of a side) and after its second (units, sides, a third).
_BEFORE_NUMBER, _AFTER_NUMBERS = 14, 120
# Places looked at in one text. The first dimensions decide, and a text of more products than these is a table, of which
# each place costs a millisecond.
_LOOKS = 50
# A sign of multiplication before a number, or before a side and a number: without one there are none, and it is told
# faster.
_MULTIPLIES = re.compile(
    r"[xX×*pPbB](?:(?<=[xX×*])|(?<=[pP])[aA][rR]|(?<=[bB])[yY])\s?(?:[a-zA-Z]{1,10}+\.?\s?:?\s?)?+\d"
)
_NAMED: Mapping[str, str] = {
    "longueur": "length", "long": "length", "length": "length", "lg": "length", "largeur": "width", "larg": "width",
    "width": "width", "w": "width", "hauteur": "height", "haut": "height", "height": "height", "ht": "height",
    "h": "height", "profondeur": "depth", "prof": "depth", "depth": "depth", "p": "depth", "d": "depth",
}  # fmt: skip
# A text of more words than a title has: what its later words name is seldom the article.
LONGEST_TITLE = 25
SIDES = ("length", "width", "height", "depth")
# What the size of bedding says.
_LAID = frozenset(("length", "width"))
# Before a number: of a part, of the article put away, or of its parcel.
_NOT_OWN = re.compile(
    r"(?:connecteur|embout|connector|connexion|jack|plug|fiche|trou|vis|capteur|sensor|\b(?:re)?pli[ée]e?s?\b|"
    r"\bpacked\b|\bfolded\b|(?:dimensions?|taille|size) (?:du |de l['’]|of the )?(?:colis|carton|emballage|parcel|"
    r"packag\w+))[^.;]{0,20}$",
    re.IGNORECASE,
)
# Which side each number is, said before them: "(HxWxD):", "L x l x H (cm) :".
_LEGEND = re.compile(
    r"(?<!\w)([LlHhPpWwDd])\.?\s?[x×*/]\s?([LlHhPpWwDd])\.?(?:\s?[x×*/]\s?([LlHhPpWwDd])\.?)?\s?\)?"
    r"\s?(?:\(?(?:en |in )?(?:cm|mm|m|in)\)?)?\s?[:=]?\s?$"
)
# The same after them: "140 x 60 x 75 cm (L x l x H)".
_LEGEND_AFTER = re.compile(
    r"\s?(?:cm|mm|m|in|\"|″)?\s?[(\[]\s?([LlHhPpWwDd])\s?[x×*/]\s?([LlHhPpWwDd])(?:\s?[x×*/]\s?([LlHhPpWwDd]))?\s?[)\]]"
)
_INCHES = frozenset("\"″''")
# Numbers multiplied that are no dimensions of a thing: pixels, and packs ("6 x 33 cl").
LARGEST_SIDE_CM = 3000


@rule(
    "dimensions.found",
    attribute="length",
    confidence=0.88,
    on_missing=True,
    needs="digits",
    fr="Relève dans le texte les dimensions (« 30 x 40 cm », « H 85 x L 40 cm »).",
    en="Notes dimensions from the text (“30 x 40 cm”, “H 85 x W 40 cm”).",
)
def found(value: object, draft: Draft, context: Context) -> Outcome:
    """Fill the sides that the file left empty from the title, else from the description."""
    if not draft.values.keys().isdisjoint(SIDES) and any(draft.values.get(side) for side in SIDES):
        return None
    for attribute, words in draft.texts():
        if not words.digits:
            continue
        multiplies = _MULTIPLIES.search(words.text) is not None
        sides = _multiplied(words.text, context.locale) if multiplies else {}
        sides = sides or _named(words, context)
        if not sides and multiplies and attribute == "title":
            sides = _cloth(words, context.locale)
        if sides.keys() >= _LAID and not draft.values.get("size") and bedding_size(draft.words("title")):
            sides = {side: measure for side, measure in sides.items() if side not in _LAID}
        if sides:
            source = draft.sheet.sources.get(attribute)
            return tuple(Repair(measure, attribute=side, source=source) for side, measure in sides.items())
    return None


def _multiplications(text: str) -> Iterator[re.Match[str]]:
    """Yield what looks like dimensions, looked for only around two numbers multiplied."""
    done, near, looks = 0, _MAYBE.search(text), 0
    while near and (looks := looks + 1) <= _LOOKS:
        number = len(text[: near.start()].rstrip("0123456789.,"))
        match = _SIZES.search(text, max(done, number - _BEFORE_NUMBER), near.end() + _AFTER_NUMBERS)
        # What begins further on may be cut by the end of the window; it has numbers of its own.
        if match and match.start() <= near.start():
            yield match
            done = match.end()
        near = _MAYBE.search(text, max(done, near.end() - 1))


def _multiplied(text: str, locale: Locale) -> dict[str, dict[str, object]]:
    """Return the sides of the first dimensions of a text."""
    for match in _multiplications(text):
        groups = [match.groups()[at : at + 4] for at in (0, 4, 8)]
        parts = [(fold(side or after or ""), value, unit) for side, value, unit, after in groups if value]
        unit = next((written for _, _, written in reversed(parts) if written), None)
        if unit is None or (
            len(parts) == 2 and re.match(r"\s?(?:[x×]|mp|px|pixels|hz|dpi)", text[match.end() :], re.I)
        ):
            continue
        if _NOT_OWN.search(text[max(0, match.start() - 30) : match.start()]):
            continue
        beside = [match.groups()[at : at + 4] for at in range(0, 4 * len(parts), 4)]
        legend = _LEGEND.search(text[max(0, match.start(2) - 40) : match.start(2)])
        legend = legend or _LEGEND_AFTER.match(text, match.end(4 * len(parts) - 2))
        letters = [letter for letter in legend.groups() if letter] if legend else []
        if len(letters) == len(parts):
            sides = _sides([fold(letter) for letter in letters], [(letter, None, None, None) for letter in letters])
        else:
            sides = _sides([side for side, _, _ in parts], beside)
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
    r"((?-i:[lLhHpPwWdD])(?:(?<=l)(?:ongueur|argeur|ength)|(?<=h)(?:auteur|eight|(?<!\w.))|(?<=p)rofondeur|(?<=w)idth|"
    r"(?<=d)epth))(?: totale| max(?:imale)?| du "
    r"produit| de la (?:lame|toile)| r[ée]glable)?"
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
_LONG_THINGS = lexicons.mark("long_things")


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
    bare = [
        each for each in lengths
        if not each.raw.endswith(('"', "″", "inch", "pouces"))
        and not _DEPTH_BORNE.search(words.text[max(0, each.start - 30) : each.start])
    ]  # fmt: skip
    if not sides and len(bare) == 1 and bare[0].value >= 10 and _is_long_thing(words, bare[0]):
        sides["length"] = bare[0].as_value()
    return sides


# "Étanche 50 m": how deep a watch may go.
_DEPTH_BORNE = re.compile(r"(?:[ée]tanche|waterproof|resistant|resistance)\s?(?:[àa]|jusqu'à|to|:)?\s?$", re.IGNORECASE)
# Bedding, carpets and prints are sold by centimetres that need not be said: "Tapis 120x180".
_FLAT_THINGS = lexicons.words("flat_things")
_BARE_SIZE = re.compile(
    r"(?<![\w.,/x×-])(\d{2,3})\s?[xX×]\s?(\d{2,3})(?!\d|[.,]\d|\s?[x×\"'/]|\s?(?:mm|m|in|ft|px|pixels)\b)"
)


def _cloth(words: Words, locale: Locale) -> dict[str, dict[str, object]]:
    """Return length and width of a flat thing of the house whose two numbers have no unit, in French centimetres."""
    if locale != "fr" or _FLAT_THINGS.isdisjoint(words.folded):
        return {}
    bare = list(_BARE_SIZE.finditer(words.text))
    if not bare or any(float(number) < 30 for number in bare[0].groups()):
        return {}
    return {
        side: {"value": int(written), "unit": "cm", "raw": written}
        for side, written in zip(("length", "width"), bare[0].groups(), strict=True)
    }


_CABLES = frozenset(("cable", "cables", "cord", "lead", "hose", "rope", "extension", "wire", "cordon", "rallonge"))
_WITH = re.compile(r"\b(?:with|w/|avec|incl\w*|plus|and|et)\b[^,;]*$|[+&][^,;]*$", re.IGNORECASE)


def _is_long_thing(words: Words, measure: Measure) -> bool:
    """Return whether a text names something sold by its length: among its first words, or last as in English."""
    if words.near(_LONG_THINGS, 0, 5):
        return True
    cable = next((at for at in words.marked(_LONG_THINGS) if words.folded[at] in _CABLES), None)
    if cable is None or len(words.folded) > LONGEST_TITLE:
        return False
    start = words.place(cable)[0]
    return measure.end <= start and not _WITH.search(words.text[:start])


# Letters and digits come first, so that the search tries few of these; what may not stand before them comes after.
_WORDED_PACK = (
    r"(?-i:[lpsbckjeaLPSBCKJEA])(?<!\w.)(?:(?:(?<=l)ots?|(?<=p)acks?|(?<=s)ets?)\s?(?:de|of|:)?|"
    r"(?:(?<=b)o[iî]te|(?<=b)lister|(?<=c)offret|(?<=p)aquet|(?<=s)achet|(?<=p)ochette|(?<=c)arton|(?<=b)ox|(?<=c)ase|(?<=b)ag|"
    r"(?<=p)acket|(?<=b)undle|(?<=k)it|(?<=j)eu|(?<=e)nsemble|(?<=a)ssortiment)\s?(?:de|of))"
    r"\s?(\d{1,4})\b(?!\s?(?:[.,]\d|(?:cm|mm|ml|cl|kg|g|l|w|v|go|gb|to|mah|ans|mois|m|en|in|x|gr|grs|oz|lb|lbs|"
    r"pouces|inch|inches|places|couverts|tasses|cups|litres?|liters?)\b|%|\"))"
)
_WORDED = re.compile(_WORDED_PACK, re.IGNORECASE)
_PACK = re.compile(
    _WORDED_PACK + r"|(?-i:[pP])(?<!\w.)ar (\d{1,3})\b(?!\s?(?:[.,]\d|cm|mm|[x×]))"
    r"|(\d(?<![\w.,/-].)\d{0,3})[\s-]?(?:pack|pk|pcs|pc|pi[èe]ces?|pieces?|unit[ée]s?|units|count|ct|"
    r"(?:double |mega |jumbo |giant |large )?rolls|"
    r"capsules|dosettes|pods|pastilles|tablettes|rouleaux|sachets|tea bags|comprim[ée]s|tablets|g[ée]lules|lingettes|wipes|piles|"
    r"batteries|ampoules|bulbs|bouteilles|bottles|canettes|cans|couches|nappies|diapers|verres|glasses|assiettes|"
    r"plates|paires|pairs)\b(?!\s?(?:puzzle|of\b))"
    r"|(\d(?<![\w.,/-].)\d{0,2})\s?[x×]\s?(?=\d+(?:[.,]\d+)?\s?(?:ml|cl|dl|l|g|gr|kg|oz|fl)\b)"
    r"|(?-i:[x×])(?<!\S.)(\d{1,3})(?![\w.,x×])|\(\s?(\d{1,3})\s?(?:x|pcs|pi[èe]ces)\s?\)"
    r"|(?-i:[qQ])(?<!\w.)(?:uantit[ée]|uantity|ty|t[ée])\s?:?\s?(\d{1,4})\b",
    re.IGNORECASE,
)
_MAYBE_PACK = re.compile(r"[\dx×pP](?:(?<=\d)(?:\s?[x×X]|pc|pk|pi|ct|pa|un)|(?<=[x×])\d|(?<=[pP])ar \d)")
# "33 cl x 6": the count after the content.
_AFTER_CONTENT = re.compile(r"\d\s?(?:ml|cl|dl|l|g|gr|kg)\s?[x×]\s?(\d{1,3})(?![\w.,x×])", re.IGNORECASE)
_PACK_WORDS = lexicons.mark("pack_words")
_NAMED_PACK = re.compile(r"\b(twin|duo|double|triple|trio)[\s-]?pack\b", re.IGNORECASE)
_NAMED_COUNTS = {"twin": 2, "duo": 2, "double": 2, "triple": 3, "trio": 3}
_COUNT_WORDS = {
    "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "huit": 8, "dix": 10, "douze": 12,
    "two": 2, "three": 3, "four": 4, "five": 5, "eight": 8, "ten": 10, "twelve": 12,
}  # fmt: skip
_SAID_COUNT = re.compile(rf"\b(?:lot|pack|set|paquet|jeu|box) (?:de|of) ({'|'.join(_COUNT_WORDS)})\b", re.IGNORECASE)


def _worded_count(draft: Draft) -> Repair | None:
    """Return the count of a pack that is written as a word ("lot de deux")."""
    for attribute, words in draft.texts():
        if words.marks & _PACK_WORDS and not _COUNT_WORDS.keys().isdisjoint(words.folded):
            said = _SAID_COUNT.search(words.text)
            if said:
                return Repair(_COUNT_WORDS[said[1].lower()], source=draft.sheet.sources.get(attribute))
    return None


_PUZZLE = lexicons.words("puzzles")
_BESIDE = re.compile(r"(?:avec|with|pour|for|et|and|\+|&|inclus|plus|size|taille|num[ée]ro|no|n°)\s?$", re.IGNORECASE)
# "2 batteries 4,0 Ah" come with a drill: cells that are sold as such hold milliampere-hours.
_OF_A_TOOL = re.compile(r"\s?(?:li-?ion )?\(?\d+(?:[.,]\d)?\s?Ah\b", re.IGNORECASE)


def _counts_packs(words: Words) -> bool:
    """Return whether a number stands near a word for a pack or for what packs hold."""
    if not words.marks & _PACK_WORDS:
        return False
    places = words.marked(_PACK_WORDS)
    return any(any(map(str.isdigit, words.folded[max(0, at - 2) : at + 4])) for at in places)


def _is_count(found: re.Match[str], words: Words) -> bool:
    """Return whether a number before a noun counts the articles sold, not what comes with one or a puzzle's pieces."""
    before, after = words.text[: found.start()].rstrip(), words.text[found.end() :]
    if _BESIDE.search(before) or re.match(r"\s?of\b", after) or _OF_A_TOOL.match(after):
        return False
    return not (found[3] and not _PUZZLE.isdisjoint(words.folded))


@rule(
    "pack.read",
    attribute="pack_quantity",
    confidence=0.9,
    fr="Lit le nombre d’articles d’un lot.",
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
    needs=("digits", "pack_words"),
    fr="Relève dans le titre le nombre d’articles (« lot de 3 », « 25 capsules », « 6 x 33 cl »).",
    en="Notes the number of articles from the title (“pack of 12”, “25 capsules”, “6 x 33 cl”).",
)
def found_pack(value: object, draft: Draft, context: Context) -> Outcome:
    """Take a count from the title, else a worded one ("lot de 3") from the description."""
    if value:
        return None
    worded = _worded_count(draft) if (draft.marks or draft.all_marks()) & _PACK_WORDS else None
    if worded:
        return worded
    named = _NAMED_PACK.search(draft.words("title").text) if draft.words("title").marks & _PACK_WORDS else None
    if named:
        return Repair(_NAMED_COUNTS[named[1].lower()], source=draft.sheet.sources.get("title"))
    for attribute, words in draft.texts():
        if not words.digits:
            continue
        counted = _counts_packs(words)
        if attribute == "description" and not (counted and _WORDED.search(words.text)):
            continue
        timed = attribute == "title" and ("x" in words.text or "×" in words.text)
        content = _AFTER_CONTENT.search(words.text) if timed else None
        if not counted and content is None and not _MAYBE_PACK.search(words.text):
            continue
        matches = [m for m in _PACK.finditer(words.text) if m[1] or (attribute == "title" and _is_count(m, words))]
        match = next((m for m in matches if m[1]), matches[0] if matches else content)
        if match is None:
            continue
        count = int(next(group for group in match.groups() if group))
        if count > 1:
            return Repair(count, source=draft.sheet.sources.get(attribute))
    return None


@rule(
    "pack.conflict",
    attribute="pack_quantity",
    fixes="unit_conflict",
    needs=("digits", "pack_words"),
    fr="Signale un nombre d’articles que le titre contredit.",
    en="Reports a number of articles that the title contradicts.",
)
def pack_conflict(value: object, draft: Draft, context: Context) -> Outcome:
    """Report a pack whose title counts otherwise; a vendor who counts packs says one of any."""
    if not isinstance(value, int) or value == 1 or draft.changed_by("pack.found"):
        return None
    title = draft.words("title")
    told = [int(count) for count in _WORDED.findall(title.text)] if title.marks & _PACK_WORDS else []
    if not told or value in (*told, math.prod(told)) or re.search(rf"\b{value}\b", title.text):
        return None
    return fault("unit_conflict", draft, str(value), other=str(told[0]))
