"""Rules of colours: some 580 names in French and English to a list of twenty.

Promise: the vendor's own column is trusted with any name; in running text only names that are plainly colours count,
or names after "couleur". Not here: materials that share a name with a colour (materials).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from catalog.harmonization import lexicons
from catalog.harmonization.compatibility import names_accessory
from catalog.harmonization.context import Context
from catalog.harmonization.draft import Draft, Hit, Words
from catalog.harmonization.parts import follows_part
from catalog.harmonization.registry import Outcome, Repair, Typed, fault, rule
from catalog.sheets import Locale
from catalog.text import fold

# Beyond this many names a text lists what can be chosen, not what the article is.
MOST_COLOURS = 3
# A description names the article itself in its first words; further on it names parts, uses and other articles.
OPENING_WORDS = 8
_LABEL = re.compile(
    (
        r"\b(?:couleurs?|coloris|colou?rs?|teinte|finition|finish|ton)\b(?: (?:principale|du produit|"
        r"dominante|name))?\s*(?:[:=-]|est|is|en)?\s*$"
    ),
    re.I,
)
_JOINTS = re.compile(r"\s*(?:[/|,;+&]|\bet\b|\band\b|\s-\s)\s*")
_NOT_ITS_OWN = lexicons.mark("colours_of_parts")
_CARE = lexicons.words("care_products")
_CHOICE = re.compile(
    r"au choix|disponible en|existe en|available in|choice of|diff[ée]rentes couleurs|\d+ (?:couleurs|colou?rs)", re.I
)


@rule(
    "color.read",
    attribute="color",
    confidence=0.93,
    fr="Ramène une couleur à la liste (« Bleu nuit » devient « bleu »).",
    en="Brings a colour to the list (“Midnight blue” becomes “blue”).",
)
def read(value: str, draft: Draft, context: Context) -> Outcome:
    """Read a cell as colours of the list; another name for one is a change, an unknown one an issue."""
    if not isinstance(value, str):
        return None
    parts = [part.strip() for part in _JOINTS.split(value) if part.strip()]
    found = _distinct(_cell_colours(Words(value, context)), context)
    # A phrase that is no colour in a text ("thé vert", "LED blanc chaud") can only be one in the colours' own cell.
    found = found or _distinct([hit for word in value.split() for hit in _cell_colours(Words(word, context))], context)
    if not found:
        return fault("2006", draft, value)
    plain = all(fold(part) in _literal(context.locale) for part in parts)
    unknown = [part for part in parts if not _cell_colours(Words(part, context))]
    if unknown and len(parts) > 1:
        return Repair(found, confidence=0.75), fault("2006", draft, ", ".join(unknown))
    return Typed(found) if plain else Repair(found)


_FEMININE = (
    "noire",
    "blanche",
    "grise",
    "argentée",
    "dorée",
    "bleue",
    "verte",
    "violette",
    "brun",
    "gray",
    "navy",
    "multicolor",
)


@lru_cache(maxsize=2)
def _literal(locale: Locale) -> frozenset[str]:
    """Return the folded names that are written as the list has them."""
    names = lexicons.list_names("colour_list", locale)
    return frozenset(map(fold, (*names, *names.values(), *_FEMININE)))


def _cell_colours(words: Words) -> list[Hit]:
    return list(words.hits("colour"))


def _distinct(hits: list[Hit], context: Context) -> list[str]:
    names = lexicons.list_names("colour_list", context.locale)
    return list(dict.fromkeys(names.get(hit.term.value, hit.term.value) for hit in hits))


@rule(
    "color.found",
    attribute="color",
    confidence=0.88,
    on_missing=True,
    needs="colour",
    fr="Relève la couleur dans le titre, ou dans la description qui la nomme.",
    en="Notes the colour from the title, or from a description that names it.",
)
def found(value: object, draft: Draft, context: Context) -> Outcome:
    """Take the title's colours, else those the description labels, else its only one."""
    if value:
        return None
    labelled: list[Hit] = []
    for attribute, words in draft.texts():
        hits = words.hits("colour")
        if not hits:
            continue
        if attribute == "title":
            own = _with_joined([hit for hit in hits if _is_own(hit, words)], hits, words)
            own = own or [hit for hit in hits if _is_labelled(hit, words) or _stands_alone(hit, words)]
        else:
            own = labelled = [hit for hit in hits if _is_labelled(hit, words)]
            # What a cleaner may be used on is not its own colour.
            if not own and _CARE.isdisjoint(draft.words("title").folded):
                own = _opening(hits, words, draft) or [hit for hit in hits if _stands_alone(hit, words)]
        colours = _distinct(own, context)
        if 0 < len(colours) <= MOST_COLOURS and (
            attribute == "title" or len(labelled) == 1 == len(colours) or not _CHOICE.search(words.text)
        ):
            return Repair(
                colours, confidence=0.88 if attribute == "title" else 0.82, source=draft.sheet.sources.get(attribute)
            )
    return None


def _opening(hits: Sequence[Hit], words: Words, draft: Draft) -> list[Hit]:
    """Return the article's own colours among a description's first words, or those that follow the title said again."""
    hits = [hit for hit in hits if words.folded[hit.end : hit.end + 1] not in _PARTS_AFTER]
    own = [hit for hit in hits if hit.end <= OPENING_WORDS and _is_own(hit, words)]
    if own:
        return own
    opening = OPENING_WORDS + words.restated(draft.words("title"))
    return [hit for hit in hits if hit.end <= opening and _is_own(hit, words)] if opening > OPENING_WORDS else own


def _with_joined(own: list[Hit], hits: Sequence[Hit], words: Words) -> list[Hit]:
    """Return the article's colours with names that a stroke joins to one of them ("noir / argent")."""
    for before, hit in pairwise(hits):
        if before in own and hit not in own and words.text[words.span(before)[1] : words.span(hit)[0]].strip() == "/":
            own = [*own, hit]
    return own


def _is_own(hit: Hit, words: Words) -> bool:
    """Return whether a colour in running text is the article's: plainly a colour, and not that of a motif, an ink or a part."""
    if words.near(_NOT_ITS_OWN, hit.start - 3, hit.start) or words.folded[hit.end : hit.end + 1] == ["des"]:
        return False
    if follows_part(hit, words):
        return False
    # "Sterling silver" is what a jewel is made of.
    if _is_metal(hit) and any(made.start < hit.start < made.end for made in words.hits("material")):
        return False
    if hit.term.anywhere or _before_size(hit, words):
        return True
    closing = hit.term.value in ("orange", "rose", "marron") or hit.term.parts[0] in _CLOSING
    if closing and len(hit.term.parts) == 1 and hit.start > 0:
        return _ends_title(hit, words)
    # A clear case is no colourless suitcase, but "clear" alone is a verb and a voice.
    return hit.term.parts == ("clear",) and names_accessory(words)


# "Black dial", "white sole": said of a part.
_PARTS_AFTER = (["dial"], ["lid"], ["lids"], ["lettering"], ["stitching"], ["sole"], ["soles"])
# After these a name is that of a thing: "parfum de rose".
_JOINING = frozenset(("d", "de", "a", "l", "of", "la", "le", "les", "du", "des", "un", "une", "the", "en", "in"))
_SIZES = frozenset(
    ("xxs", "xs", "s", "m", "l", "xl", "xxl", "xxxl", "small", "medium", "large", "eu", "fr", "uk", "us")
)
_SIZE_WORDS = lexicons.mark("size_words")


def _before_size(hit: Hit, words: Words) -> bool:
    """Return whether an ambiguous name stands before a size that is called so, or between the material and a size."""
    if not hit.start or hit.end >= len(words.folded):
        return False
    sized = words.near(_SIZE_WORDS, hit.end, hit.end + 1)
    if sized and words.folded[hit.start - 1] not in _JOINING and _is_size(words.folded[hit.end + 1 : hit.end + 2]):
        return not _is_metal(hit)
    if not sized and not words.folded[hit.end][0].isdigit():
        return False
    return any(made.end == hit.start for made in words.hits("material"))


def _is_metal(hit: Hit) -> bool:
    """Return whether a name is as well that of what jewels are made of; "or" besides joins words in English."""
    return hit.term.parts in (("or",), ("argent",), ("gold",), ("silver",))


def _is_size(word: Sequence[str]) -> bool:
    """Return whether what follows "taille" is one: a "taille familiale" is none."""
    return bool(word) and (word[0][0].isdigit() or word[0] in _SIZES)


# Names of other things too, which are colours where sellers put the colour.
_CLOSING = lexicons.words("closing_colours")
_TASTES = lexicons.words("tastes_and_scents")
# Other measures that may follow a colour are of what has one: a taste is sold by weight.
_SIDES_OR_SIZE = re.compile(
    r"\s(?:\d{2,4}(?:[.,]\d+)?\s?(?:cm|mm|m|Go|To|GB|TB|pouces|inch|W|V|\"|[x×*])(?!\w)|\d{1,3}\s?[x×*]\s?\d|T\.?\s?\d{2}\b)"
)


def _ends_title(hit: Hit, words: Words) -> bool:
    """Return whether an ambiguous name stands where sellers put the colour: last, in brackets, after a dash, before a size."""
    if words.folded[hit.start - 1] in _JOINING or not _TASTES.isdisjoint(words.folded[: hit.start]):
        return False
    # "Marron et bordeaux" are two colours, "Léo et Bordeaux" none.
    joined = words.folded[hit.start - 1] in ("et", "and")
    if joined and all(one.end != hit.start - 1 for one in words.hits("colour")):
        return False
    start, end = words.span(hit)
    if _SIDES_OR_SIZE.match(words.text, end):
        # "Planche chêne 40 x 25 cm" is of oak.
        return all(made.start != hit.start for made in words.hits("material"))
    after = words.text[end : end + 3].strip()
    if after and after[0] not in ")/,-–|+":
        return False
    return not after or words.text[:start].rstrip().endswith(("-", "–", "(", ",", "/", "|"))


_LABEL_WORDS = lexicons.mark("colours_labels")
_FINISH = re.compile(r" (?:finish|colou?r)(?!\w)(?! (?:ink|toner|laser|printer|display|screen))", re.IGNORECASE)


def _is_labelled(hit: Hit, words: Words) -> bool:
    """Return whether a label stands before a colour ("coloris : sable") or, in English, after it ("black finish")."""
    if not words.marks & _LABEL_WORDS:
        return False
    if words.near(_LABEL_WORDS, hit.start - 4, hit.start):
        start = words.span(hit)[0]
        if _LABEL.search(words.text[max(0, start - 30) : start]):
            return True
    return words.near(_LABEL_WORDS, hit.end, hit.end + 1) and bool(_FINISH.match(words.text, words.span(hit)[1]))


# Sellers close titles and short descriptions with the colour alone: "… - Clear", "Polyamide | Navy | 2.7 in".
_BEFORE_ALONE = re.compile(r"(?:\s[-–]\s*|[-–]\s+|[|/;•\n()]\s*)$")
# Lists close with it as well: "Runs 30 hours, black."
_CLOSES = re.compile(r"\.?\s*$")
_AFTER_ALONE = re.compile(r"\s*(?:$|[|/;•\n)]|\s[-–]\s)")


def _stands_alone(hit: Hit, words: Words) -> bool:
    """Return whether a name is all that stands between two separators, after something else."""
    if not hit.start:
        return False
    start, end = words.span(hit)
    if words.text[:start].endswith(", ") and _CLOSES.match(words.text, end):
        return not _is_metal(hit)
    if not _AFTER_ALONE.match(words.text, end) or not _BEFORE_ALONE.search(words.text[max(0, start - 3) : start]):
        return False
    # "or" is gold in French and joins words in English.
    if words.text[start:end] == "or":
        return False
    return hit.term.parts == ("argent",) or all(one.start != hit.start for one in words.hits("material"))
