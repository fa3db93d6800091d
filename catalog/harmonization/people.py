"""Rules of people: for whom an article is, by gender and age.

Promise: values are Google Merchant's (male, female, unisex; newborn, infant, toddler, kids, adult) in both languages.
Not here: sizes given as ages (sizes).
"""

from __future__ import annotations

import re

from catalog.harmonization import lexicons
from catalog.harmonization.context import Context
from catalog.harmonization.draft import Draft, Words
from catalog.harmonization.registry import Outcome, Repair, Typed, fault, rule

ATTRIBUTES = ("gender", "age_group")
_CODES = frozenset(("male", "female", "unisex", "newborn", "infant", "toddler", "kids", "adult"))
# "sac à main femme" is for women; "homme de paille", "jeune fille" in a book's title are not for anyone.
_LABEL = re.compile(
    r"(?:pour|for|genre|gender|sexe|sex|d['’]|adapté aux?|conçu pour|designed for)\s*[:=]?\s*(?:les |le |la |l['’])?$",
    re.I,
)
_LABEL_WORDS = lexicons.mark("people_labels")
_AGE_WORDS = lexicons.mark("age_words")
# What lasts some years: no one's age.
_TERMS = lexicons.words("terms_of_years")
_AGE = re.compile(
    (
        r"(?:d[èe]s|à partir de|from|ages?|âge)\s?:?\s?(\d{1,2})\s?\+?\s?(ans|mois|years|months|yrs|m\b)|"
        r"(?<!\d)(\d{1,2})\s?(?:[-/à]\s?\d{1,2}\s?)?\+?\s?(ans|years|mois|months)\b(?! (?:de garantie|"
        r"warranty|garantie))|(?<!\w)ages? (\d{1,2})\+"
    ),
    re.I,
)


@rule(
    "people.read",
    attribute=ATTRIBUTES,
    confidence=0.97,
    fr="Ramène le genre et la tranche d’âge à la liste.",
    en="Brings gender and age group to the list.",
)
def read(value: str, draft: Draft, context: Context) -> Outcome:
    """Read a cell as a code of the list; an unknown word is an issue."""
    if not isinstance(value, str):
        return None
    text = value.strip().lower()
    if text in _CODES:
        return Typed(text)
    hits = Words(value, context).hits(draft.attribute)
    values = {hit.term.value for hit in hits}
    if values == {"male", "female"}:
        return Typed("unisex")
    return Typed(hits[0].term.value) if len(values) == 1 else fault("2006", draft, value)


@rule(
    "people.found",
    attribute=ATTRIBUTES,
    confidence=0.88,
    on_missing=True,
    needs=(*ATTRIBUTES, "age_words"),
    fr="Relève dans le texte pour qui est l’article.",
    en="Notes from the text whom the article is for.",
)
def found(value: object, draft: Draft, context: Context) -> Outcome:
    """Take the title's word for a person, else one that the description puts after "pour"."""
    if value:
        return None
    for attribute, words in draft.texts():
        found_words = words.hits(draft.attribute)
        if not found_words and (
            attribute == "description" or draft.attribute == "gender" or not words.marks & _AGE_WORDS
        ):
            continue
        hits = [hit for hit in found_words if hit.term.anywhere]
        if attribute == "description":
            hits = [hit for hit in hits if words.near(_LABEL_WORDS, hit.start - 3, hit.start)]
            hits = [
                hit for hit in hits if _LABEL.search(words.text[max(0, words.span(hit)[0] - 20) : words.span(hit)[0]])
            ]
        values = {hit.term.value for hit in hits}
        source = draft.sheet.sources.get(attribute)
        if len(values) == 1:
            return Repair(hits[0].term.value, source=source, confidence=0.9 if attribute == "title" else 0.82)
        if values == {"male", "female"} or "unisex" in values:
            return Repair("unisex", source=source, confidence=0.82)
        timed = not _TERMS.isdisjoint(words.folded)
        if draft.attribute == "age_group" and attribute == "title" and words.marks & _AGE_WORDS and not timed:
            age = _age_group(words.text)
            if age:
                return Repair(age, source=source, confidence=0.82)
    return None


def _age_group(text: str) -> str | None:
    found = _AGE.search(text)
    if not found:
        return None
    years = int(found[1] or found[3] or found[5])
    unit = (found[2] or found[4] or "ans").lower()
    if unit.startswith("m"):
        return "newborn" if years < 3 else "infant" if years <= 12 else "toddler"
    return (
        "infant"
        if years < 1
        else "toddler"
        if years <= 4
        else "kids"
        if years <= 13
        else "adult"
        if years >= 16
        else None
    )
