"""Rules of sizes: clothes, shoes (FR, EU, UK, US), rings, screens, bedding.

Promise: a size is written one way ("XXL" for "2XL", "42" for "T.42" or "pointure 42"); a system that is not European
is kept with it ("UK 8"). Not here: the size of bedding (bedding), furniture, whose sizes are dimensions (dimensions).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from catalog.harmonization import lexicons
from catalog.harmonization.bedding import bedding_size
from catalog.harmonization.compatibility import names_accessory
from catalog.harmonization.context import Context
from catalog.harmonization.draft import Draft, Words
from catalog.harmonization.quantities import measures_in, tidy
from catalog.harmonization.registry import Outcome, Repair, Typed, rule
from catalog.sheets import Value

_LETTERS = r"(?:[2-6]X[LS]|X{0,4}[SL]|M|XXS|XS)"
_ALPHA = {"2XL": "XXL", "3XL": "XXXL", "2XS": "XXS", "XXXXL": "4XL"}
_UNIQUE = re.compile(
    r"^(?:t(?:aille)?\.? ?u(?:nique)?|tu|unique|one[ -]?size(?: fits (?:all|most))?|os|osfa|free size)$", re.IGNORECASE
)
_WORDS = {
    "small": "S", "medium": "M", "large": "L", "extra large": "XL", "x-large": "XL", "extra small": "XS", "petit": "S",
    "moyen": "M", "grand": "L", "xx-large": "XXL", "x-small": "XS",
}  # fmt: skip
_CELL = re.compile(
    rf"^(?:taille|size|t\.?|pointure|eu(?:r)?|fr)?\s?:?\s?({_LETTERS}|\d{{1,3}}(?:[.,]5| 1/2)?)(?: ?(?:eu|fr))?$",
    re.IGNORECASE,
)


@rule(
    "size.read",
    attribute="size",
    confidence=0.95,
    fr="Écrit la taille d’une seule façon (« T.42 » devient « 42 », « 2XL » devient « XXL »).",
    en="Writes the size one way (“EU 42” becomes “42”, “2XL” becomes “XXL”).",
)
def read(value: str, draft: Draft, context: Context) -> Outcome:
    """Bring a clothing or shoe size to its one spelling; other sizes stay as written."""
    if not isinstance(value, str):
        return None
    text = value.strip()
    if _UNIQUE.match(text):
        return Repair("taille unique" if context.locale == "fr" else "one size")
    if text.lower() in _WORDS:
        return Repair(_WORDS[text.lower()])
    cell = _CELL.match(text)
    after = _canonical(cell[1]) if cell else text
    return Typed(after) if after == value else Repair(after)


def _canonical(size: str) -> str:
    upper = size.upper().replace(",", ".").replace(" 1/2", ".5")
    return _ALPHA.get(upper, upper)


_SAID = re.compile(
    (
        rf"\b(?:taille|pointure|size)\s?:?\s?(?:(uk|us|eur?|fr|it|"
        rf"w)\s?)?((?-i:{_LETTERS}(?:\s?/\s?{_LETTERS})?)(?!['’])|\d{{1,3}}(?:[.,]5| "
        rf"1/2| [12]/3)?(?:\s?/\s?\d{{1,3}})?)(?![\w.,%]\d|\w|\s?(?:cm|mm|x|%|ans|mois|pouces|m\b|l\b|inch|years))"
    ),
    re.IGNORECASE,
)
_SIZE_WORDS = lexicons.mark("size_words")
_SYSTEM = re.compile(
    r"\b(UK|US|EU|EUR|FR)\s?(\d{1,2}(?:[.,]5| 1/2)?)(?!\w|[.,]\d|\s?(?:cm|mm|x|V|W|%|plug|stock))|"
    r"(?<![\w.,])(\d{1,2}(?:[.,]5)?)\s?(UK|EU)\b"
)
_T = re.compile(r"(?<![\w.-])T\.?\s?(\d{2}(?:/\d{2})?)(?![\w.,]|\s?(?:cm|mm))")
_LAST = re.compile(r"(?:[-–,(/|]\s*|\s)((?:X{1,3}[SL]|[2-5]XL|[SML])(?:\s?/\s?(?:X{0,3}[SL]|M))?)\s*\)?\s*$")
_AGE_SIZE = re.compile(
    (
        r"(?<![\w.,-])(\d{1,2})(?:\s?[-/à]\s?(\d{1,2}))?\s?(ans|mois|years|months|yrs)\b(?!\s?(?:de garantie|"
        r"warranty|d'|et\b|and\b|\+))"
    ),
    re.IGNORECASE,
)
# Jeans: waist and leg in inches.
_WAIST = re.compile(r"(?<!\w)W\s?(\d{2})\s?[/x-]?\s?L\s?(\d{2})(?!\w)")
_SHOE_LAST = re.compile(r"\s(3[4-9]|4[0-9]|50)(?:[.,](5)| (1/2))?\s*\)?$")
_CLOTHES = lexicons.mark("clothes")
_SHOES = lexicons.mark("shoes")
_SCREENS = lexicons.mark("screens")


@rule(
    "size.found",
    attribute="size",
    confidence=0.87,
    on_missing=True,
    needs=("size_words", "clothes", "shoes", "screens", "digits"),
    fr="Relève la taille ou la pointure dans le texte, ou la diagonale d’un écran.",
    en="Notes the size from the text, or the diagonal of a screen.",
)
def found(value: object, draft: Draft, context: Context) -> Outcome:
    """Take a size that the text calls so, the last word of a garment's title, or a screen's inches."""
    if value:
        return None
    for attribute, words in draft.texts():
        source = draft.sheet.sources.get(attribute)
        size: Value = _said(words)
        if size is None and attribute == "title":
            size = bedding_size(words) or _garment(words) or _screen(words, context)
        elif size is None and words.digits:
            size = _told_screen(words, draft.words("title"), context)
        if size is not None:
            return Repair(size, source=source)
    return None


def _said(words: Words) -> str | None:
    said = _SAID.search(words.text) if words.marks & _SIZE_WORDS else None
    if said:
        system = (said[1] or "").upper()
        size = " / ".join(_canonical(part.strip()) for part in said[2].split("/")).replace(" / ", "/")
        return f"{system} {size}" if system in ("UK", "US") else size
    return None


def _garment(words: Words) -> str | None:
    """Return the size of a garment or a shoe from where sellers put it in a title."""
    worn = words.marks & _SHOES
    if not worn and not words.marks & _CLOTHES:
        return None
    system = _SYSTEM.search(words.text)
    if system:
        name, size = (system[1] or system[4]), _canonical(system[2] or system[3])
        return f"{name} {size}" if name in ("UK", "US") else size
    waist = _WAIST.search(words.text)
    if waist:
        return f"W{waist[1]} L{waist[2]}"
    numbered = _T.search(words.text)
    if numbered:
        return numbered[1]
    last = _LAST.search(words.text)
    if last:
        return "/".join(_canonical(part.strip()) for part in last[1].split("/"))
    shoe = _SHOE_LAST.search(words.text) if worn else None
    if shoe:
        return shoe[1] + (".5" if shoe[2] or shoe[3] else "")
    aged = _AGE_SIZE.search(words.text)
    if aged:
        return f"{aged[1]}-{aged[2]} {aged[3]}" if aged[2] else f"{aged[1]} {aged[3]}"
    return None


_INCHES = ('"', "″", "”", "''", "pouces", "inch", "inches", "in")
# A single quote after a diagonal is what is left of two: no screen is measured in feet.
_QUOTED = re.compile(r"(?<![\w.,/'’])(\d{1,3}(?:[.,]\d{1,2})?)['’](?![\w'’])")
# The diagonals of portable computers are so few that sellers of their panels leave the unit out.
_BARE = re.compile(
    r"(?<![\w.,/-])(10[.,]1|11[.,]6|12[.,][15]|13[.,]3|14[.,][01]|15[.,][046]|16[.,][01]|17[.,][0134]|18[.,]4)(?![\w.,]?\d)"
)
# What holds a screen has the screens' sizes in its name.
_HOLDERS = frozenset(
    ("stand", "mount", "mounts", "bracket", "arm", "support", "supports", "fixation", "meuble", "cart")
)
_PANELS = frozenset(("dalle", "ecran", "screen"))


def _screen(words: Words, context: Context) -> dict[str, Any] | None:
    """Return a screen's diagonal in inches."""
    if not words.digits or not words.marks & _SCREENS or not _HOLDERS.isdisjoint(words.folded):
        return None
    for each in _diagonals(words, context):
        return each
    bare = _BARE.search(words.text) if not _PANELS.isdisjoint(words.folded) else None
    return _in_inches(bare[1], bare[1]) if bare else None


_SHOWN = re.compile(
    r"[^.;|\d]{0,30}\b(?:[ée]cran|screen|touchscreen|display|lcd|oled|amoled|notebook|laptop|hdtv|monitor)\b",
    re.IGNORECASE,
)
_SHOWS = re.compile(r"\b(?:[ée]cran|screen|display)[^.;|\d]{0,25}$", re.IGNORECASE)


def _told_screen(words: Words, title: Words, context: Context) -> dict[str, Any] | None:
    """Return the diagonal that a description gives of the screen of what the title calls a thing with a screen."""
    if not title.marks & _SCREENS or not words.marks & _SCREENS or names_accessory(title):
        return None
    for each in _diagonals(words, context):
        at = words.text.find(each["raw"])
        if _SHOWN.match(words.text, at + len(each["raw"])) or _SHOWS.search(words.text[max(0, at - 40) : at]):
            return each
    return None


def _diagonals(words: Words, context: Context) -> Iterator[dict[str, Any]]:
    """Yield the text's measures in inches, those with two quotes or a word first."""
    for each in measures_in(words, context.locale):
        if each.family == "length" and each.raw.lower().rstrip(".").endswith(_INCHES):
            yield {"value": tidy(each.value / 2.54), "unit": "in", "raw": each.raw}
    for quoted in _QUOTED.finditer(words.text):
        yield _in_inches(quoted[1], quoted[0])


def _in_inches(written: str, raw: str) -> dict[str, Any]:
    return {"value": tidy(float(written.replace(",", "."))), "unit": "in", "raw": raw}
