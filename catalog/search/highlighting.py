"""Shows a person why a product was found: marked words, a piece of the description, reasons in words.

What it does: the same token chain as the index, run on the stored text of the hits of one page. Promise: pure; returns
pieces of plain text and never HTML, so that the template escapes every one of them. Not here: which products are found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from catalog.search.plan import FIELD_WORTH, Alternative, Group
from catalog.search.port import Fragment, Reason
from catalog.search.schema import code
from catalog.search.wording import read
from catalog.sheets import Locale
from catalog.text import fold

Stored = Mapping[str, Any]
SNIPPET_SIGNS = 220
# The words of the pages shown last: sheets share most of theirs, so that each is read once.
KEPT_WORDS = 20_000
_CHUNK = re.compile(r"\d+(?:[.,]\d+)?\s?[^\W\d]+|[^\s]+")

# What a reason says, by language.
FIELD_WORDS: dict[str, dict[str, str]] = {
    "title": {"fr": "le titre", "en": "the title"},
    "brand": {"fr": "la marque", "en": "the brand"},
    "category": {"fr": "la catégorie", "en": "the category"},
    "text": {"fr": "la description ou les attributs", "en": "the description or the attributes"},
    "codes": {"fr": "un identifiant (GTIN ou référence)", "en": "an identifier (GTIN or part number)"},
}
WAY_WORDS: dict[str, dict[str, str]] = {
    "exact": {"fr": "écrit ainsi", "en": "written so"},
    "lemma": {"fr": "sous une autre forme", "en": "in another form"},
    "typo": {"fr": "en corrigeant une faute de frappe", "en": "by mending a typing mistake"},
    "synonym": {"fr": "par un synonyme", "en": "by a synonym"},
    "compound": {"fr": "en un mot, en deux ou avec un trait d’union", "en": "as one word, two, or hyphenated"},
    "measure": {"fr": "comme la même mesure", "en": "as the same measure"},
    "elision": {"fr": "sans l’apostrophe", "en": "without the apostrophe"},
    "code": {"fr": "comme identifiant", "en": "as an identifier"},
}
_SENTENCE = {
    "fr": "« {word} » est dans {field}, {way} : « {found} ».",
    "en": "“{word}” is in {field}, {way}: “{found}”.",
}


def marks_of(groups: Sequence[Group], locale: Locale) -> Callable[[str], bool]:
    """Return a test of whether a written word is one that the query found."""
    wanted = {token for group in groups for way in (*group.sure, *group.likely) for token in way.tokens}

    def is_marked(written: str) -> bool:
        return not wanted.isdisjoint(_tokens(written, locale))

    return is_marked


@lru_cache(maxsize=KEPT_WORDS)
def _tokens(written: str, locale: Locale) -> frozenset[str]:
    return frozenset(read(written, locale).tokens)


def marked(text: str, is_marked: Callable[[str], bool]) -> tuple[Fragment, ...]:
    """Return the text in pieces, those with a word of the query marked."""
    pieces: list[Fragment] = []
    at = 0
    for match in _CHUNK.finditer(text):
        if not is_marked(match.group()):
            continue
        if match.start() > at:
            pieces.append(Fragment(text[at : match.start()]))
        pieces.append(Fragment(match.group(), True))
        at = match.end()
    if at < len(text):
        pieces.append(Fragment(text[at:]))
    return tuple(pieces)


def snippet(text: str, is_marked: Callable[[str], bool]) -> tuple[Fragment, ...]:
    """Return the part of a text that shows most words of the query, about SNIPPET_SIGNS long, in pieces."""
    text = text[: SNIPPET_SIGNS * 20]
    starts = [match.start() for match in _CHUNK.finditer(text) if is_marked(match.group())]
    if not starts:
        return marked(_cut(text, 0), is_marked)
    best = max(starts, key=lambda start: (sum(start <= other < start + SNIPPET_SIGNS for other in starts), -start))
    return marked(_cut(text, 0 if best < SNIPPET_SIGNS // 2 else best - 30), is_marked)


def _cut(text: str, start: int) -> str:
    if start:
        start = text.find(" ", start) + 1 or start
    end = start + SNIPPET_SIGNS
    if end < len(text):
        end = max(text.rfind(" ", start, end), start + SNIPPET_SIGNS // 2)
    return ("… " if start else "") + text[start:end].strip() + (" …" if end < len(text) else "")


def reasons(groups: Sequence[Group], stored: Stored, locale: Locale) -> list[Reason]:
    """Return, for each word of the query, the best way in which the product's fields hold it."""
    of_sheet: Locale = "en" if stored.get("locale") == "en" else "fr"
    fields = {name: _spelled(str(stored.get(name, "")), of_sheet) for name in FIELD_WORTH}
    found = [_reason(group, fields, stored, locale) for group in groups]
    return [reason for reason in found if reason is not None]


def _spelled(text: str, locale: Locale) -> dict[str, str]:
    """Return the tokens of a text with the words they were made of."""
    spelled = dict.fromkeys(read(text, locale).tokens, "")
    for match in _CHUNK.finditer(text):
        for token in read(match.group(), locale).tokens:
            if not spelled.get(token):
                spelled[token] = match.group().strip(".,;:!?()…")
    return spelled


def _kind(way: str, written: str, found: str) -> str:
    """Return the way to tell a person: one token stands for a word's other forms and spellings."""
    if way != "exact" or written in fold(found):
        return way
    return "compound" if code(written) == code(found) else "lemma"


def _reason(group: Group, fields: Mapping[str, Mapping[str, str]], stored: Stored, locale: Locale) -> Reason | None:
    met: list[tuple[float, str, str, Alternative]] = []
    for way in (*group.sure, *group.likely):
        for name, spelled in fields.items():
            if way.field is None and all(token in spelled for token in way.tokens):
                found = " ".join(dict.fromkeys(spelled[token] or token for token in way.tokens))
                met.append((way.quality * FIELD_WORTH[name], name, found, way))
        if way.field == "codes" and way.tokens[0] in code(" ".join(stored.get("codes", ()))):
            met.append((2.0, "codes", group.word.written, way))
    if not met:
        return None
    _, name, found, way = max(met, key=lambda one: one[0])
    kind = _kind(way.way, group.word.written, found)
    field, how = FIELD_WORDS[name][locale], WAY_WORDS[kind][locale]
    sentence = _SENTENCE[locale].format(word=group.word.written, field=field, way=how, found=found)
    return Reason(group.word.written, name, kind, found, sentence)
