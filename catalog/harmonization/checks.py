"""Rules that only look: missing or idle descriptions, the wrong language.

Promise: they run when every repair is done and alter nothing.
Not here: completeness by category and the two scores (quality).
"""

from __future__ import annotations

from catalog.harmonization.context import Context
from catalog.harmonization.draft import Draft
from catalog.harmonization.registry import Outcome, fault, rule
from catalog.sheets import Locale
from catalog.text import detected_language, foreign_words


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
# Without two different words that only other languages use there is nothing to look at more closely.
_FOREIGN: dict[Locale, frozenset[str]] = {"fr": foreign_words("fr"), "en": foreign_words("en")}


@rule(
    "text.language",
    attribute=("description", "title"),
    fr="Signale un texte qui n'est pas dans la langue de la fiche.",
    en="Reports a text that is not in the sheet's language.",
)
def language(value: str, draft: Draft, context: Context) -> Outcome:
    """Report a text whose function words are plainly those of another language; a title alone may be a name."""
    if len(value) < SHORTEST_JUDGED:
        return None
    if len(_FOREIGN[context.locale].intersection(draft.words(draft.attribute).folded)) < 2:
        return None
    if draft.attribute == "title" and detected_language(draft.text("description")) == context.locale:
        return None
    found = detected_language(value)
    if found is None or found == context.locale:
        return None
    return fault("wrong_language", draft, value[:80], found=found, expected=context.locale)
