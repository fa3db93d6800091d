"""Rules of brands: no brand, the canonical name, recovery from the text, contradiction.

Promise: a brand comes from a lexicon or from words that say "brand", never from a guess; a brand named after "pour"
or "compatible avec" is what the article fits, not what it is. Not here: what it fits (compatibility).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from catalog.harmonization import lexicons
from catalog.harmonization.compatibility import is_accessory, is_fitted, names_accessory
from catalog.harmonization.context import Brand, Context, listed_brands
from catalog.harmonization.draft import Draft, Hit, Words
from catalog.harmonization.registry import Outcome, Repair, fault, rule
from catalog.text import fold, is_word

# What was said of a brand is remembered for this many: a vendor has some hundreds, a catalogue some thousands.
KNOWN_BRANDS = 4096
_MARKS = re.compile(r"[®™©]|\s*\((?:r|tm)\)", re.IGNORECASE)
_LABEL = re.compile(r"^\s*(?:marque|brand|fabricant|manufacturer)\s*[:=-]\s*", re.IGNORECASE)


@rule(
    "brand.none",
    attribute="brand",
    fixes="brand_missing",
    confidence=0.97,
    fr="Lit « AUCUNE », « Sans marque », « N/A » comme l’absence de marque.",
    en="Reads “NONE”, “Unbranded”, “N/A” as no brand.",
)
def none(value: str, draft: Draft, context: Context) -> Outcome:
    """Turn the words for "no brand" into none."""
    return Repair(None) if _says_none(value) else None


@lru_cache(maxsize=KNOWN_BRANDS)
def _says(stated: str) -> str | None:
    """Return what a word in the brand's column says where it is no brand ("unbranded", "missing")."""
    return lexicons.no_brand_words().get(fold(stated))


@lru_cache(maxsize=KNOWN_BRANDS)
def _says_none(value: str) -> bool:
    return fold(value).strip(" .") in lexicons.no_brand_words() or not value.strip(" .-/_?*")


@rule(
    "brand.canonical",
    attribute="brand",
    confidence=0.97,
    fr="Écrit la marque comme la liste des marques.",
    en="Writes the brand as the list of brands does.",
)
def canonical(value: str, draft: Draft, context: Context) -> Outcome:
    """Give a known brand its own spelling, and take label and trade marks off any."""
    plain = _bare(value)
    known = context.brands.get(plain)
    after = known.name if known else plain
    if after.isupper() and listed_brands().get(after) is None:
        after = _spelled_elsewhere(after, context)
    return Repair(after) if after and after != value else None


@lru_cache(maxsize=KNOWN_BRANDS)
def _bare(value: str) -> str:
    return _MARKS.sub("", _LABEL.sub("", value)).strip()


def _spelled_elsewhere(name: str, context: Context) -> str:
    """Return an unlisted brand sent in capitals as the vendor's running texts write it; else as it was sent.

    "TORVEL" alone may be a shouted Torvel or the name itself, as IKEA is: without another sheet nobody can tell.
    """
    seen = context.spellings.get(fold(name), "")
    return name if seen.islower() else seen or name


# The letter comes first, so that the search skips to it; what may not stand before it is looked at afterwards.
_SAID = re.compile(
    r"[bfmpBFMP](?<!\w.)(?i:(?<=m)arque|(?<=f)abricant|(?<=b)rand|(?<=m)anufacturer|(?<=b)y|(?<=p)ar)\s*(:|=)?\s+"
    r"[\"«“]?\s?((?:[A-ZÀ-Ý][\w'’&.-]*|[A-Z0-9]{2,})(?: (?:&|et|and|de|d'|la|le|[A-ZÀ-Ý][\w'’&.-]*)){0,3})"
)
_SAID_CUES = lexicons.mark("brand_cues")


@rule(
    "brand.recovered",
    attribute="brand",
    fixes="brand_missing",
    confidence=0.9,
    on_missing=True,
    needs=("brand", "brand_cues"),
    fr="Retrouve la marque dans le titre ou la description, par la liste des marques.",
    en="Recovers the brand from the title or description through the list of brands.",
)
def recovered(value: str | None, draft: Draft, context: Context) -> Outcome:
    """Fill a missing brand from the title's known brand, or from a text that names it as the brand."""
    if value:
        return None
    hit = _own_brand(draft, context)
    if hit is not None:
        confident = hit.start == 0 or hit.term.anywhere
        stated = str(draft.sheet.values.get("brand") or "")
        unbranded = _says(stated) == "unbranded"
        confidence = 0.75 if unbranded else 0.95 if hit.start == 0 else 0.9 if confident else 0.78
        return Repair(hit.term.value, confidence=confidence, source=draft.sheet.sources.get("title"))
    for attribute, words in draft.texts():
        said = _said_brand(words.text, context) if words.marks & _SAID_CUES else None
        if said:
            return Repair(said[0], confidence=said[1], source=draft.sheet.sources.get(attribute))
    return None


def _own_brand(draft: Draft, context: Context) -> Hit | None:
    """Return the known brand that the title gives as the article's own, if there is one and only one candidate."""
    words = draft.words("title")
    hits = [hit for hit in words.hits("brand") if not _brand(hit, context).licence and not _is_measure(hit, words)]
    if not hits:
        return None
    for hit in hits:
        accessory = is_accessory(words, hit.start) or (_brand(hit, context).fitted and names_accessory(words))
        if is_fitted(words, hit) or (accessory and not _signs(hit, words, context) and not _opens(hit, words)):
            continue
        named = hit.start == 0 and (_is_name(words, hit, context) or _has_code(words) or _names_line(words, hit))
        if hit.term.anywhere or named:
            return hit
    return None


def _is_measure(hit: Hit, words: Words) -> bool:
    """Return whether what reads like a brand is a length: "3m" of cable is no 3M, nor is "3M" amid capitals."""
    if not hit.start or not hit.term.value[0].isdigit():
        return False
    start, end = words.place(hit.start)
    return words.text[start:end] != hit.term.value or words.text.isupper()


_MODEL_CODE = re.compile(r"\b(?=[A-Z0-9-]*\d)(?=[A-Z0-9-]*[A-Z])[A-Z0-9][A-Z0-9-]{4,}\b")


def _has_code(words: Words) -> bool:
    """Return whether a title names a model; a word before a model's code is a maker ("Sharp … KDT240W")."""
    return words.digits > 0 and _MODEL_CODE.search(words.text) is not None


_LINES = lexicons.mark("product_lines")


def _names_line(words: Words, hit: Hit) -> bool:
    """Return whether a product line follows a brand: "Apple iPhone" speaks of no fruit."""
    return words.near(_LINES, hit.end, hit.end + 1)


def _is_name(words: Words, hit: Hit, context: Context) -> bool:
    """Return whether a weak brand that opens the title is used as a name: capitals in a title that has others too."""
    start, end = words.place(hit.start)
    written = words.text[start:end]
    if len(hit.term.parts) > 1:
        return written[:1].isupper()
    common = is_word(fold(written), "fr") or is_word(fold(written), "en")
    return (written.isupper() and not words.text.isupper()) or (written[:1].isupper() and not common)


def _signs(hit: Hit, words: Words, context: Context) -> bool:
    """Return whether a brand after an accessory's name is its maker: no maker of devices, or signed at the end."""
    if not _brand(hit, context).fitted:
        return True
    text, span = words.text, words.span(hit)
    return span[1] == len(text.rstrip(" )")) and text[: span[0]].rstrip().endswith(("-", "–", ",", "|", "("))


# A maker's own title ends in its code: "Canon Compact Travel Charger - 4417B002".
_SIGNED = re.compile(r"\s[-–]\s(?=[A-Z-]*\d)[A-Z0-9]{2,}(?:[-/.][A-Z0-9]+)*\s*$")


def _opens(hit: Hit, words: Words) -> bool:
    """Return whether a brand opens a title that is signed with a code and names no line of devices."""
    return hit.start == 0 and not words.marks & _LINES and bool(_SIGNED.search(words.text))


def _brand(hit: Hit, context: Context) -> Brand:
    return context.brands.by_key[hit.term.parts]


def _said_brand(text: str, context: Context) -> tuple[str, float] | None:
    """Return a brand that the text calls so, and how sure that is."""
    for found in _SAID.finditer(text):
        cue = found[0][: found.start(2) - found.start()].lower()
        name = re.sub(r"(?: (?:&|et|and|de|d'|la|le))+$", "", found[2].strip(" .-"))
        known = context.brands.get(name) or context.brands.get(name.split()[0])
        if known and not known.licence:
            return known.name, 0.9
        if ("marque" in cue or "brand" in cue) and 2 < len(name) <= 30 and fold(name) not in lexicons.no_brand_words():
            first = name.split()[0]
            return (name if len(name.split()) <= 2 else first), 0.82
    return None


@rule(
    "brand.missing",
    attribute="brand",
    on_missing=True,
    fr="Signale une marque absente.",
    en="Reports a missing brand.",
)
def missing(value: str | None, draft: Draft, context: Context) -> Outcome:
    """Report a sheet without a brand, unless the vendor states that the article has none."""
    if value or not draft.is_given("brand"):
        return None
    stated = str(draft.sheet.values.get("brand") or "")
    if draft.has_issue("brand_missing", "brand") or _says(stated) == "unbranded":
        return None
    return fault("brand_missing", draft, stated or None)


@rule(
    "brand.conflict",
    attribute="brand",
    needs="brand",
    fr="Signale une marque que le titre contredit.",
    en="Reports a brand that the title contradicts.",
)
def conflict(value: str, draft: Draft, context: Context) -> Outcome:
    """Report a brand that the texts never name while the title names another as its own."""
    if draft.changed_by("brand.recovered"):
        return None
    own = lexicons.key(value)
    # Nearly all titles name the sheet's own brand and no other, which is soon seen.
    if not own or all(_is_related(own, lexicons.key(hit.term.value)) for hit in draft.words("title").hits("brand")):
        return None
    hit = _own_brand(draft, context)
    if hit is None or _is_related(own, lexicons.key(hit.term.value)):
        return None
    said = (*draft.words("title").folded, *draft.words("description").folded)
    if own[0] in said or " ".join(own) in " ".join(said) or _is_fitted_by(value, hit, draft, context):
        return None
    return fault("brand_conflict", draft, value, other=hit.term.value)


def _is_fitted_by(value: str, hit: Hit, draft: Draft, context: Context) -> bool:
    """Return whether the title's brand is only that of the device an accessory fits.

    A cable of two known makers of cables is in doubt; that of a maker whom no list knows may fit anything.
    """
    accessory = is_accessory(draft.words("title"), hit.start)
    return accessory and (listed_brands().get(value) is None or _brand(hit, context).fitted)


def _is_related(own: Sequence[str], other: Sequence[str]) -> bool:
    """Return whether two brands share a word, or one is part of the other."""
    if own == other or not set(own).isdisjoint(other):
        return True
    ours, theirs = "".join(own), "".join(other)
    return ours in theirs or theirs in ours
