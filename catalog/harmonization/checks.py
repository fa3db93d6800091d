"""Rules that only look: missing or idle descriptions, the wrong language.

Promise: they run when every repair is done and alter nothing.
Not here: completeness by category and the two scores (quality).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from catalog.harmonization import lexicons
from catalog.harmonization.context import Context
from catalog.harmonization.draft import Draft
from catalog.harmonization.registry import Outcome, fault, rule
from catalog.sheets import Locale
from catalog.text import detected_language, fold, foreign_words, is_word, own_words


@rule(
    "description.check",
    attribute="description",
    on_missing=True,
    fr="Signale une description absente ou qui répète le titre.",
    en="Reports a description that is missing or repeats the title.",
)
def description(value: object, draft: Draft, context: Context) -> Outcome:
    """Report a description that is not there, or that says the title and nothing more."""
    if not value:
        told = draft.has_issue("placeholder_value", "description") or not draft.is_given("description")
        return None if told else fault("description_missing", draft)
    title, said = draft.words("title").folded, draft.words("description").folded
    if title and len(said) <= 2 * len(title) + 1 and (said == title or said == title + title):
        return fault("description_equals_title", draft, str(value))
    return None


# Shorter texts were misjudged too often: names of products are foreign words themselves.
SHORTEST_JUDGED = 40
# Without a word that only other languages use there is nothing to look at, without two nothing to count.
_FOREIGN_WORDS = lexicons.mark("foreign")
_FOREIGN: dict[Locale, frozenset[str]] = {"fr": foreign_words("fr"), "en": foreign_words("en")}
_OWN: dict[Locale, frozenset[str]] = {"fr": own_words("fr"), "en": own_words("en")}
# A description without the language's small words is judged by its vocabulary: so many words, in these shares.
_SMALL_LETTERS = re.compile(r"(?<![\w'’])[a-zà-öø-ÿœ]{3,}(?!\w)")
FEWEST_WORDS, THEIR_SHARE, OWN_SHARE = 5, 0.8, 0.4


@rule(
    "text.language",
    attribute=("description", "title"),
    fr="Signale un texte qui n’est pas dans la langue de la fiche.",
    en="Reports a text that is not in the sheet's language.",
)
def language(value: str, draft: Draft, context: Context) -> Outcome:
    """Report a text that is plainly in another language; a title alone may be a name."""
    words = draft.words(draft.attribute)
    if not words.marks & _FOREIGN_WORDS:
        return None
    foreign = len(_FOREIGN[context.locale].intersection(words.folded))
    if not foreign or (foreign == 1 and draft.attribute == "title"):
        return None
    found = _told(value, foreign, draft, context.locale)
    if found is None or found == context.locale:
        return None
    return fault("wrong_language", draft, value[:80], found=found, expected=context.locale)


def _told(value: str, foreign: int, draft: Draft, locale: Locale) -> str | None:
    """Return the language of a text by its function words, or of a description without any by its vocabulary."""
    titled = draft.attribute == "title"
    if foreign >= 2 and len(value) >= SHORTEST_JUDGED:
        if titled and detected_language(draft.text("description")) == locale:
            return None
        found = detected_language(value)
        if found is not None:
            return found
    if titled or len(_OWN[locale].intersection(draft.words("description").folded)) > 1:
        return None
    other: Locale = "en" if locale == "fr" else "fr"
    return other if _is_vocabulary_of(other, locale, value, draft.words("title").folded) else None


def _is_vocabulary_of(other: Locale, locale: Locale, text: str, titled: Sequence[str]) -> bool:
    """Return whether nearly all words that are no names are in another language's dictionary and few in the sheet's.

    Names are what has a capital, and what the title says: a book or a record is called what it is called.
    """
    words = set(fold(" ".join(_SMALL_LETTERS.findall(text))).split()).difference(titled)
    if len(words) < FEWEST_WORDS:
        return False
    # Most texts are in the sheet's language, which soon shows.
    own = islice((word for word in words if is_word(word, locale)), int(OWN_SHARE * len(words)), None)
    if next(own, None) is not None:
        return False
    return sum(is_word(word, other) for word in words) >= THEIR_SHARE * len(words)
