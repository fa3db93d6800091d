"""Rules of titles: capitals brought down, repetitions removed, lengths checked.

Promise: a word is given only a spelling that the sheet, the vendor's others, a lexicon or the dictionary shows;
a title that mixes cases is left alone. Not here: cut titles (truncation), markup and emoji (text_defects).
"""

from __future__ import annotations

import re

from catalog.harmonization import lexicons
from catalog.harmonization.casing import is_shouted, recased
from catalog.harmonization.context import Context
from catalog.harmonization.draft import Draft
from catalog.harmonization.registry import Outcome, Repair, fault, rule
from catalog.text import fold, is_word

LONGEST_TITLE = 150
SHORTEST_TITLE = 10
_LETTERS = re.compile(r"[^\W\d_]+")
_TWO_WORDS = re.compile(r"\w\s+\S*\w")


@rule(
    "title.case",
    attribute="title",
    fixes="title_all_caps",
    confidence=0.9,
    fr="Remet en minuscules un titre tout en majuscules, sans toucher sigles, marques, modèles et unités.",
    en="Brings an all-capitals title down, leaving acronyms, brands, model codes and units.",
)
def case(value: str, draft: Draft, context: Context) -> Outcome:
    """Give an all-capitals title the case of the sheet's language."""
    if not is_shouted(value):
        return None
    after, evidence = recased(value, draft, context)
    return Repair(after, confidence=evidence) if after != value else None


@rule(
    "title.initial",
    attribute="title",
    confidence=0.95,
    fr="Met une majuscule au premier mot du titre.",
    en="Gives the first word of the title a capital.",
)
def initial(value: str, draft: Draft, context: Context) -> Outcome:
    """Capitalize a first word that is plainly a word of the language; "iPhone" and "adidas" stay."""
    first = value[:1]
    if not first.islower() or len(value) < SHORTEST_TITLE:
        return None
    word = _LETTERS.match(value)
    if not word or not word[0].islower() or not is_word(fold(word[0]), context.locale):
        return None
    brand = draft.text("brand")
    if brand and value.lower().startswith(brand.lower()):
        return None
    return Repair(first.upper() + value[1:])


# What follows these is another thing of the same name: "batterie Samsung Galaxy S3 pour Samsung Galaxy S3".
_JOINING = frozenset(("pour", "for", "de", "du", "of", "à", "avec", "with", "et", "and", "compatible", "+", "&"))
# Words that are said twice on purpose.
_DOUBLED = lexicons.words("doubled_words")
_TWICE = re.compile(r"(?<![\w-])([^\W\d_]{2,}(?:['’-][^\W\d_]+)*)(?:[\s,]+\1(?![\w'’-]))+", re.IGNORECASE)


@rule(
    "title.repeated",
    attribute="title",
    fixes="title_repeated_words",
    confidence=0.92,
    fr="Retire un mot ou un titre écrit deux fois de suite.",
    en="Removes a word or a whole title written twice in a row.",
)
def repeated(value: str, draft: Draft, context: Context) -> Outcome:
    """Remove words said twice in a row and a title said twice; report a word said three times apart."""
    folded = draft.words("title").folded
    if len(set(folded)) == len(folded):
        return None
    folded = [word for word in folded if len(word) > 2 and not word.isdigit()]
    if len(set(folded)) == len(folded):
        return None
    text = _once(value)
    text = _TWICE.sub(lambda twice: twice[0] if _on_purpose(twice, draft, context) else twice[1], text)
    text = _phrase_once(text)
    if text != value and " " in text:
        return Repair(text)
    most = max(folded, key=folded.count)
    if folded.count(most) >= 3 and len(most) > 3:
        return fault("title_repeated_words", draft, most)
    return None


def _on_purpose(twice: re.Match[str], draft: Draft, context: Context) -> bool:
    """Return whether a word is doubled by nature ("Cha cha") or by a brand ("Joseph Joseph")."""
    said = fold(twice[0])
    named = said in fold(draft.text("brand")) or context.brands.get(twice[0]) is not None
    return named or fold(twice[1]) in _DOUBLED


def _once(title: str) -> str:
    """Return a title that is the same text twice ("X - X", "X X") once."""
    for joint in (" - ", " | ", ", ", " / ", " "):
        half, found, rest = title.partition(joint)
        while found:
            if half.strip().lower() == rest.strip().lower() and len(half) > 3 and " " in half.strip():
                return half.strip()
            more, found, tail = rest.partition(joint)
            half, rest = (half + joint + more, tail) if found else (half, rest)
    return title


def _phrase_once(title: str) -> str:
    """Return the title without a run of two to four words that is repeated at once ("inox 1 L inox 1 L")."""
    words = title.split(" ")
    low = [word.lower().strip(",") for word in words]
    for size in (4, 3, 2):
        for at in range(len(words) - 2 * size + 1):
            run = low[at : at + size]
            if run == low[at + size : at + 2 * size] and any(len(word) > 3 and word.isalpha() for word in run):
                return " ".join(words[:at] + words[at + size :])
    # A title glued to its own beginning: "Ordinateur portable Lenovo X280 Ordinateur portable Lenovo".
    for size in range((len(low) - 1) // 2, 2, -1):
        if low[:size] == low[-size:] and low[-size - 1] not in _JOINING:
            return _once(_phrase_once(" ".join(words[:-size]).rstrip(" -,|/")))
    return title


@rule(
    "title.length",
    attribute="title",
    fr="Signale un titre trop court ou trop long.",
    en="Reports a title that is too short or too long.",
)
def length(value: str, draft: Draft, context: Context) -> Outcome:
    """Report a title over 150 characters (what shopping engines show) or too short to name a product."""
    if len(value) > LONGEST_TITLE:
        return fault("title_too_long", draft, value, length=len(value), longest=LONGEST_TITLE)
    if len(value) < SHORTEST_TITLE or not _TWO_WORDS.search(value):
        return fault("title_too_short", draft, value, length=len(value), shortest=SHORTEST_TITLE)
    return None
