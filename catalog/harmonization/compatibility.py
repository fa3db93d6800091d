"""What an article fits: "compatible avec Nespresso", "pour iPhone 5", "for Dyson V8".

Promise: what comes after such words is compatibility and never the brand. Not here: the brand (brands) and whether a
keyword is missing (keywords).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from catalog.harmonization import lexicons
from catalog.harmonization.context import Context
from catalog.harmonization.draft import Draft, Hit, Words
from catalog.harmonization.registry import Outcome, Repair, Typed, rule

_CUES = lexicons.mark("fitting_words")
# A cue governs what follows in its part of the title; eight words cover "compatible avec les machines Nespresso".
_REACH = 8
_BREAK = re.compile(r"\s[-–|]\s|[;]|\.\s|\)")
# Of these the device's maker is seldom the maker; of cartridges and filters it often is.
_MADE_BY_OTHERS = lexicons.mark("accessories_of_devices")
_ACCESSORIES = lexicons.mark("accessories")


def is_accessory(words: Words, before: int) -> bool:
    """Return whether the words before a place name an article that is made to fit another's ("coque", "toner")."""
    return words.near(_ACCESSORIES, 0, before)


# What follows these comes with the article, or is left out of its box.
_BESIDE = frozenset(("avec", "with", "inclus", "livre", "sans", "without"))


def names_accessory(words: Words) -> bool:
    """Return whether the text names, anywhere, an article that others make for a maker's devices."""
    if not words.marks & _MADE_BY_OTHERS:
        return False
    folded = words.folded
    beside = next((at for at, word in enumerate(folded) if word in _BESIDE), len(folded))
    return words.near(_MADE_BY_OTHERS, 0, beside)


def is_fitted(words: Words, hit: Hit) -> bool:
    """Return whether a brand stands after a word of compatibility, in the same part of the text."""
    if not words.marks & _CUES:
        return False
    for at in range(hit.start - 1, max(-1, hit.start - 1 - _REACH), -1):
        if words.near(_CUES, at, at + 1):
            between = words.text[words.place(at)[1] : words.place(hit.start)[0]]
            return not _BREAK.search(between)
    return False


_PHRASE = re.compile(
    r"(?i:compatibles?(?: avec| with| pour| for| :)?|pour|adaptables?(?: à| sur| pour)?|fits|for use with|for|"
    r"convient (?:à|pour|aux?))"
    r"(?:\s+(?:les?|la|l'|des?|machines?|appareils?|cafeti[èe]res?|syst[èe]mes?|modèles?|aspirateurs?|imprimantes?|telephones?|"
    r"smartphones?|the|machines?|système|all|tous|toutes))*\s+((?:[A-Z0-9](?:[\w+/-]|\.(?=\w))*|i[A-Z]\w+)(?:[ "
    r"]?(?:/|&|,|et|and)?[ ]?(?:[A-Z0-9](?:[\w+-]|\.(?=\w))*|i[A-Z]\w+|[a-z]{1,2}\d[\w-]*)){0,3})"
)
_LINES = lexicons.words("product_lines")
_LINE_NAMED = lexicons.mark("product_lines")


@rule(
    "compatible.read",
    attribute="compatible_with",
    fr="Lit la liste des appareils compatibles.",
    en="Reads the list of compatible devices.",
)
def read(value: str, draft: Draft, context: Context) -> Outcome:
    """Cut a cell into the devices it lists."""
    if not isinstance(value, str):
        return None
    return Typed(list(dict.fromkeys(part.strip() for part in re.split(r"[|;\n]|,\s", value) if part.strip())))


@rule(
    "compatible.found",
    attribute="compatible_with",
    confidence=0.85,
    on_missing=True,
    needs="fitting_words",
    fr="Relève dans le texte l’appareil ou le système auquel l’article convient.",
    en="Notes from the text the device or system that the article fits.",
)
def found(value: object, draft: Draft, context: Context) -> Outcome:
    """Take a known brand or product line named after a word of compatibility."""
    if value:
        return None
    for attribute, words in draft.texts():
        if not words.marks & _CUES or not _may_name(words):
            continue
        named = (name for match in _phrases(words) for name in _each(_without_measure(match)))
        names = [known for name in named if (known := _known_device(name, context))]
        if names:
            distinct = list(dict.fromkeys(names))
            return Repair(distinct[:8], source=draft.sheet.sources.get(attribute))
    return None


def _phrases(words: Words) -> Iterator[re.Match[str]]:
    """Yield what stands after words of compatibility; a phrase begins with one of these."""
    end = 0
    for at in words.marked(_CUES):
        match = _PHRASE.match(words.text, words.place(at)[0])
        if match and match.start() >= end:
            yield match
            end = match.end()


_UNIT_AFTER = re.compile(
    r"\s?(?:bars?|W|watts?|V|volts?|cm|mm|m|[cm]?l|litres?|k?g|pouces|inch(?:es)?|ans|mois|pi[èe]ces|capsules|dosettes|tasses)\b|\"",
    re.IGNORECASE,
)
_LAST_NUMBER = re.compile(r"\s+\d+(?:[.,]\d+)?$")


def _without_measure(match: re.Match[str]) -> str:
    """Return what a phrase names, without a number that belongs to a unit after it ("Nespresso 19 bars")."""
    measured = _UNIT_AFTER.match(match.string, match.end())
    return _LAST_NUMBER.sub("", match[1]) if measured else match[1]


_TOGETHER = re.compile(r"\s*(?:[/,&]|\b(?:et|and)\b)\s*")
_MODEL = re.compile(r"[A-Z]{0,3}\d[\w-]*")


def _each(named: str) -> Iterator[str]:
    """Yield the devices of "Dyson V8, V10 et V11", each with the name that stands before the first."""
    first, *more = _TOGETHER.split(named.strip(" ,/&.+-"))
    yield first
    line = first.rsplit(" ", 1)[0]
    for name in more:
        yield f"{line} {name}" if _MODEL.fullmatch(name) else name


def _may_name(words: Words) -> bool:
    """Return whether a brand follows a word of compatibility closely, or a known product line is named at all."""
    if words.marks & _LINE_NAMED:
        return True
    return any(words.near(_CUES, hit.start - 6, hit.start) for hit in words.hits("brand"))


def _known_device(name: str, context: Context) -> str | None:
    """Return the device named, where its first word is a brand or a product line that is known."""
    name = name.strip(" ,/&.+-")
    first = re.split(r"[ /,]", name)[0]
    brand = context.brands.get(first) or context.brands.get(" ".join(name.split()[:2]))
    weak = brand is not None and brand.weak and not _is_line(name[len(first) :])
    return name if (brand and (not weak or " " in name)) or _is_line(first) else None


def _is_line(name: str) -> bool:
    """Return whether a name begins with a product line that everybody knows ("iPhone 5", "PS4")."""
    first = re.match(r"[a-z]+[2-5]?", name.strip().lower())
    return first is not None and (first[0] in _LINES or first[0].rstrip("2345") in _LINES)
