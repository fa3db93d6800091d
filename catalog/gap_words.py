"""What a word that a sheet lacks is called and how it is told, in the reader's language.

Not here: finding such words (`keywords`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from catalog.sheets import Locale
from catalog.text import fold

MISSING_BRAND = "missing_brand_in_title"
MISSING_COMPATIBILITY = "missing_compatibility_term"
MISSING_NOUN = "missing_category_noun"
TRUNCATED = "truncated_title"
CONTRADICTORY = "contradictory_term"
# A word that no rule proposed and an editor gave the sheet.
ADDED = "added_by_editor"
# What of a suggestion is a person's.
DECIDED = ("state", "reason")
# Between the two words of a contradiction: what the title says, what the description says.
AGAINST = " / "

# Letters of a sheet that are quoted at most.
QUOTED = 90

_SAID: Mapping[str, Mapping[Locale, str]] = {
    MISSING_BRAND: {
        "fr": "La marque de la fiche est « {term} » ; le titre ne la nomme pas.",
        "en": "The sheet's brand is “{term}”; the title does not name it.",
    },
    MISSING_COMPATIBILITY: {
        "fr": "La fiche dit « {quote} » ; le titre ne dit pas « compatible avec {term} ».",
        "en": "The sheet says “{quote}”; the title does not say “compatible with {term}”.",
    },
    MISSING_NOUN: {
        "fr": "La catégorie est « {category} » et le texte dit « {quote} » ; le titre ne dit pas « {term} ».",
        "en": "The category is “{category}” and the text says “{quote}”; the title does not say “{term}”.",
    },
    TRUNCATED: {
        "fr": "Le titre est coupé ; la description continue par « {term} ».",
        "en": "The title is cut off; the description goes on with “{term}”.",
    },
    CONTRADICTORY: {
        "fr": "Le titre dit « {title} », la description dit « {text} » : « {quote} ».",
        "en": "The title says “{title}”, the description says “{text}”: “{quote}”.",
    },
    "demand": {"fr": " {count} recherches.", "en": " {count} searches."},
}


def told(gap: Mapping[str, Any], locale: Locale) -> str:
    """Return the evidence of a gap that is kept with its sheet, in the reader's language where its facts are known."""
    facts, kind = gap.get("facts"), gap.get("kind", "")
    return in_words(kind, facts, locale) if facts and kind in _SAID else str(gap.get("evidence") or "")


def in_words(kind: str, facts: Mapping[str, str], locale: Locale) -> str:
    """Return the evidence of a gap of this kind with these facts, in a language."""
    searched = _SAID["demand"][locale].format_map(facts) if "count" in facts else ""
    return _SAID[kind][locale].format_map(facts) + searched


def quoted(text: str, parts: Sequence[str]) -> str:
    """Return the words of the text around these parts, or its first ones where they are not in it."""
    pattern = r"[^\w]{0,3}".join(re.escape(part) for part in parts)
    found = re.search(pattern, fold(text))
    first, last = found.span() if found else (0, QUOTED)
    start, end = (max(0, first - QUOTED // 2), last + QUOTED // 3) if found else (0, QUOTED)
    begins = text.find(" ", start, first) + 1 if start else 0
    ends = text.rfind(" ", last if found else 0, end + 1) if end < len(text) else len(text)
    begins, ends = begins or start, ends if ends >= 0 else end
    return f"{'…' if begins else ''}{text[begins:ends].strip()}{'…' if ends < len(text) else ''}"
