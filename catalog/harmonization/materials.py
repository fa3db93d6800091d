"""Rules of materials: names in French and English to the list.

Promise: a material is taken from running text only where the word cannot be the article itself, or where "en", "100 %"
or "matière" stands before it. Not here: colours that share a name with a material (colours).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from catalog.harmonization import lexicons
from catalog.harmonization.context import Context
from catalog.harmonization.draft import Draft, Hit, Words
from catalog.harmonization.parts import follows_part
from catalog.harmonization.registry import Outcome, Repair, Typed, fault, rule
from catalog.sheets import Locale
from catalog.text import fold

MOST_MATERIALS = 4
# A description names the article itself in its first words; further on it names parts, uses and other articles.
OPENING_WORDS = 8
_LABEL = re.compile(
    r"(?:\b(?:en|in|made (?:of|from)|mati[èe]res?|mat[ée]riaux?|mat[ée]riels?|materials?|composition|"
    r"compos[ée] de|fabric|tissu|body|corps)\b\s*(?:n°\s?\d\s*)?[:=]?\s*(?:principale?s?|main)?\s*[:=]?"
    r"|\d\s?%\s*(?:de |d'|of )?)\s*(?:pure? |vrai |v[ée]ritable |real |genuine |"
    r"solid |recycled |powder-coated |brushed |organic |natural )?$",
    re.IGNORECASE,
)
_JOINTS = re.compile(r"\s*(?:[/|,;+&]|\bet\b|\band\b)\s*")
# A product's own noun is among so many first words of its title.
FIRST_WORDS = 4
_CARE = lexicons.words("care_products")
# A composition names so many materials with their shares.
FEWEST_SHARES = 2
_SHARED = re.compile(r"\d\s?% ?(?:de |d['’]|of )?$")
_SHARE = re.compile(r"\d+\s?%")
_IMITATION = lexicons.mark("imitations")
_OTHER_PART = lexicons.mark("other_parts")


@rule(
    "material.read",
    attribute="material",
    confidence=0.93,
    fr="Ramène une matière à la liste (« inox » devient « acier inoxydable »).",
    en="Brings a material to the list (“aluminum” becomes “aluminium”).",
)
def read(value: str, draft: Draft, context: Context) -> Outcome:
    """Read a cell as materials of the list; another name for one is a change, an unknown one an issue."""
    if not isinstance(value, str):
        return None
    found = _distinct(list(Words(value, context).hits("material")), context)
    if not found:
        return fault("2006", draft, value)
    parts = [_SHARE.sub("", part).strip() for part in _JOINTS.split(value)]
    literal = _literal(context.locale)
    return Typed(found) if all(fold(part) in literal for part in parts if part) else Repair(found)


@lru_cache(maxsize=2)
def _literal(locale: Locale) -> frozenset[str]:
    """Return the folded names that are written as the list has them."""
    names = lexicons.list_names("material_list", locale)
    return frozenset(map(fold, (*names, *names.values())))


def _distinct(hits: list[Hit], context: Context) -> list[str]:
    names = lexicons.list_names("material_list", context.locale)
    return list(dict.fromkeys(names.get(hit.term.value, hit.term.value) for hit in hits))


@rule(
    "material.found",
    attribute="material",
    confidence=0.86,
    on_missing=True,
    needs="material",
    fr="Relève la matière dans le titre, ou dans la description qui la nomme.",
    en="Notes the material from the title, or from a description that names it.",
)
def found(value: object, draft: Draft, context: Context) -> Outcome:
    """Take the title's materials, else those the description labels, else its only one."""
    # What a cleaner is good for is not what it is made of.
    if value or not _CARE.isdisjoint(draft.words("title").folded[:FIRST_WORDS]):
        return None
    for attribute, words in draft.texts():
        hits = words.hits("material")
        if not hits:
            continue
        labelled = [hit for hit in hits if _is_labelled(hit, words) or (attribute != "title" and _is_made(hit, words))]
        plain = [hit for hit in hits if hit in labelled or _is_own(hit, words)]
        if attribute == "description":
            plain = labelled or [hit for hit in plain if hit.end <= OPENING_WORDS]
        plain = _with_joined(plain, hits, words)
        materials = _distinct(plain, context)
        if attribute == "title" and materials:
            materials = _composition(materials, draft, context)
        if 0 < len(materials) <= MOST_MATERIALS:
            return Repair(
                materials, confidence=0.86 if attribute == "title" else 0.8, source=draft.sheet.sources.get(attribute)
            )
    return None


def _composition(told: list[str], draft: Draft, context: Context) -> list[str]:
    """Return the materials of which a description gives the shares ("70 % laine, 30 % polyester") for the title's one."""
    words = draft.words("description")
    if "%" not in words.text or len(words.hits("material")) < FEWEST_SHARES:
        return told
    shares = [hit for hit in words.hits("material") if _SHARED.search(words.text[: words.span(hit)[0]][-12:])]
    composed = _distinct([hit for hit in shares if hit.term.value not in _ALSO_FINISHES], context)
    return composed if len(composed) >= FEWEST_SHARES and set(told) <= set(composed) else told


_ALSO_FINISHES = frozenset(("or", "argent", "chrome", "cuivre", "bronze"))
_JOINED = re.compile(r"\s*(?:[/,&+]|\bet\b|\band\b)\s*(?:\d{1,3}\s?%\s*)?", re.IGNORECASE)


def _with_joined(own: list[Hit], hits: Sequence[Hit], words: Words) -> list[Hit]:
    """Return the article's materials with those that are joined to one of them ("en argent et cristal")."""
    for before, hit in pairwise(hits):
        if before in own and hit not in own and hit.start - before.end <= 2:
            joint = words.text[words.span(before)[1] : words.span(hit)[0]]
            # "Inox/Or" names finishes to choose from; "acier et or" is made of both.
            if _JOINED.fullmatch(joint) and not (hit.term.value in _ALSO_FINISHES and "/" in joint):
                own = [*own, hit]
    return own


# What an English text says to be of a material, when it is the article or all that one sees of it.
_MADE = re.compile(r" (?:construction|shell|case|body|exterior|finish|fabric|housing|cabinet)\b", re.IGNORECASE)


def _is_made(hit: Hit, words: Words) -> bool:
    """Return whether a description calls the article's body or cover of this material ("aluminum construction")."""
    return hit.term.anywhere and bool(_MADE.match(words.text, words.span(hit)[1])) and _is_own(hit, words)


_NOT_OF_IT = frozenset(("pour", "for", "sans", "without", "no", "non"))


def _is_own(hit: Hit, words: Words) -> bool:
    if not hit.term.anywhere or words.near(_IMITATION, hit.start - 3, hit.start):
        return False
    # "Rubber grips" tell what a part is made of.
    if words.near(_OTHER_PART, hit.end, hit.end + 1):
        return False
    if hit.start and words.folded[hit.start - 1] in _NOT_OF_IT:
        return False
    if follows_part(hit, words):
        return False
    # "Gris titane" is a shade of grey.
    return not any(shade.start < hit.start < shade.end for shade in words.hits("colour"))


_LABEL_WORDS = lexicons.mark("materials_labels")


def _is_labelled(hit: Hit, words: Words) -> bool:
    if not words.near(_LABEL_WORDS, hit.start - 4, hit.start):
        near = words.folded[max(0, hit.start - 2) : hit.start] if words.digits else ()
        if not any(map(str.isdigit, near)):
            return False
    start = words.span(hit)[0]
    return bool(_LABEL.search(words.text[max(0, start - 34) : start])) and not words.near(
        _OTHER_PART, hit.start - 3, hit.start
    )
