"""Words that customers search and a sheet lacks, each with the words that show it, and words that contradict.

What: demand (queries with their counts) × the category's own nouns × brands and systems ("Nespresso") − what the
sheet says. Promise: precision first. A trademark is never added: it is proposed to a person, and only where the sheet
itself says it; "compatible avec X" makes X a thing it fits, never its brand; where title and description name two
systems that exclude one another, the answer is a contradiction and no suggestion.
Not here: counting the searches, and what an editor decides of a suggestion.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from catalog import gap_words, systems
from catalog.gap_words import (
    ADDED,
    AGAINST,
    CONTRADICTORY,
    DECIDED,
    MISSING_BRAND,
    MISSING_COMPATIBILITY,
    MISSING_NOUN,
    TRUNCATED,
)  # fmt: skip
from catalog.harmonization import lexicons
from catalog.issues import issue
from catalog.opposites import opposition
from catalog.sheets import Issue, KeywordGap, Locale, Value
from catalog.taxonomy import Taxonomy
from catalog.text import tokens

_ENDING = re.compile(r"\s*(?:…|\.{3})\s*$")
_SHOP = re.compile(r"\.(?:com|fr|net|eu|co|be|de)\b", re.IGNORECASE)


@dataclass(frozen=True)
class KeywordContext:
    """What is known besides the sheet: its language, the tree, and how often each word is searched."""

    locale: Locale = "fr"
    taxonomy: Taxonomy = field(default_factory=Taxonomy)
    demand: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def default(cls, locale: Locale = "fr", taxonomy: Taxonomy | None = None) -> KeywordContext:
        """Return the context of a marketplace whose customers' searches are not known yet."""
        return cls(locale, taxonomy or Taxonomy.builtin())

    def with_queries(self, queries: Mapping[str, int]) -> KeywordContext:
        """Return this context knowing how often each query was made."""
        counts: dict[str, int] = {}
        for query, count in queries.items():
            for word in set(tokens(query, self.locale)):
                counts[word] = counts.get(word, 0) + count
        return KeywordContext(self.locale, self.taxonomy, counts)

    def searches(self, term: str) -> int:
        """Return how often the rarest word of a term was searched."""
        words = tokens(term, self.locale)
        return min((self.demand.get(word, 0) for word in words), default=0)


@dataclass(frozen=True)
class _Said:
    """What a sheet says, cut into folded parts once; `rest` is the description without a repetition of the title."""

    title: str
    title_parts: tuple[str, ...]
    text: str
    text_parts: tuple[str, ...]
    rest: str
    rest_parts: tuple[str, ...]

    @classmethod
    def of(cls, values: Mapping[str, Value]) -> _Said:
        title, text = str(values.get("title") or ""), str(values.get("description") or "")
        stem = _ENDING.sub("", title)
        rest = text[len(stem) :] if stem and text.startswith(stem) else text
        text_parts = lexicons.key(text)
        return cls(
            title, lexicons.key(title), text, text_parts, rest, text_parts if rest is text else lexicons.key(rest)
        )


def keyword_gaps(values: Mapping[str, Value], context: KeywordContext) -> list[KeywordGap]:
    """Return what the sheet's title lacks or contradicts, contradictions first, then by searches and confidence.

    `values` are those of a harmonized sheet; `category` is an id of the context's tree.
    """
    said = _Said.of(values)
    if not said.title_parts:
        return []
    in_title, in_text = systems.named(said.title_parts), systems.named(said.rest_parts)
    against = _contradiction(said, in_title, in_text, context)
    gaps = [
        *against,
        *_missing_brand(values, said, context),
        *([] if against else _missing_systems(values, said, in_title, context)),
        *_missing_noun(values, said, context),
        *_truncated(values, context),
    ]
    return sorted(gaps, key=lambda gap: (gap.kind != CONTRADICTORY, -context.searches(gap.term), -gap.confidence))


def keyword_contradiction(values: Mapping[str, Value], context: KeywordContext) -> Issue | None:
    """Return the issue that title and description name systems which exclude one another, or None."""
    said = _Said.of(values)
    gaps = _contradiction(said, systems.named(said.title_parts), systems.named(said.rest_parts), context)
    return next(iter(contradictions(gaps)), None)


def carried(before: Iterable[Mapping[str, Any]], made: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return a sheet's suggestions as made again, with what was decided of them, and what an editor added."""
    known = {one["term"]: one for one in before}
    kept = [
        {**one, "state": "open", **{name: known[one["term"]][name] for name in DECIDED if name in known[one["term"]]}}
        if one["term"] in known
        else {**one, "state": "open"}
        for one in made
    ]
    again = {one["term"] for one in kept}
    return kept + [dict(one) for one in known.values() if one["kind"] == ADDED and one["term"] not in again]


def contradictions(gaps: Iterable[KeywordGap]) -> list[Issue]:
    """Return the issues of the contradictions among these gaps."""
    pairs = [gap.term.split(AGAINST, 1) for gap in gaps if gap.kind == CONTRADICTORY]
    return [issue("keyword_contradiction", "title", title, other=text) for title, text in pairs]


# ---- what excludes one another --------------------------------------------------------------------------------------


def _contradiction(
    said: _Said, in_title: systems.Named, in_text: systems.Named, context: KeywordContext
) -> list[KeywordGap]:
    for name, (system, _) in in_title.items():
        rivals = [other for other, at in in_text.values() if other.family == system.family]
        titled = [other for other, _ in in_title.values() if other.family == system.family]
        if len(titled) == 1 and len(rivals) == 1 and rivals[0].name != name:
            other = rivals[0]
            return [_against(name, other.name, gap_words.quoted(said.rest, other.parts), 0.9, context)]
    against = opposition(said.title_parts, said.rest_parts, said.rest)
    if against is None:
        return []
    quote = gap_words.quoted(said.rest, against.words)
    return [_against(against.title, against.text, quote, 0.85, context)]


def _against(title: str, text: str, quote: str, confidence: float, context: KeywordContext) -> KeywordGap:
    facts = {"title": title, "text": text, "quote": quote}
    return _gap(CONTRADICTORY, title + AGAINST + text, confidence, facts, context)


# ---- what is missing ------------------------------------------------------------------------------------------------


def _missing_brand(values: Mapping[str, Value], said: _Said, context: KeywordContext) -> list[KeywordGap]:
    brand = values.get("brand")
    if not isinstance(brand, str) or _SHOP.search(brand):
        return []
    parts = lexicons.key(brand)
    if not parts or " ".join(parts) in lexicons.no_brand_words() or "".join(parts) in "".join(said.title_parts):
        return []
    if set(parts) <= set(said.title_parts) or systems.named(parts):
        return []
    cut = _ENDING.search(said.title) is not None
    return [_gap(MISSING_BRAND, brand, 0.7 if cut else 0.9, _searched(brand, context), context)]


def _missing_systems(
    values: Mapping[str, Value], said: _Said, in_title: systems.Named, context: KeywordContext
) -> list[KeywordGap]:
    gaps: list[KeywordGap] = []
    for name, (system, at) in systems.named(said.text_parts).items():
        same_family = any(other.family == system.family for other, _ in in_title.values())
        if name not in in_title and not same_family and systems.cued(said.text_parts, at):
            gaps.append(_compatibility(name, gap_words.quoted(said.text, system.parts), 0.9, context))
    fits = values.get("compatible_with")
    for device in fits if isinstance(fits, list) else []:
        parts = lexicons.key(device)
        if parts and not set(parts) <= set(said.title_parts) and not any(gap.term == device for gap in gaps):
            quote = gap_words.quoted(said.text, parts)
            if quote and not _cut_there(said, parts):
                gaps.append(_compatibility(device, quote, 0.75, context))
    return gaps[:3]


def _compatibility(term: str, quote: str, confidence: float, context: KeywordContext) -> KeywordGap:
    return _gap(MISSING_COMPATIBILITY, term, confidence, {"quote": quote, **_searched(term, context)}, context)


def _cut_there(said: _Said, parts: Sequence[str]) -> bool:
    """Return whether the title is cut off in the middle of these words."""
    return _ENDING.search(said.title) is not None and any(part in said.title_parts for part in parts)


@lru_cache(maxsize=20_000)
def _nouns(taxonomy: Taxonomy, category: str, locale: Locale) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the alternatives in a category's name ("Cafetières et machines à café"), each with its tokens."""
    label = taxonomy[category].label(locale)
    names = re.split(r"\s+-\s+|[,/&;:]|\b(?:et|ou|and|or)\b", label)
    return tuple((name.strip(), words) for name in names if (words := tuple(tokens(name, locale))))


def _missing_noun(values: Mapping[str, Value], said: _Said, context: KeywordContext) -> list[KeywordGap]:
    category = values.get("category")
    if not isinstance(category, str) or category not in context.taxonomy:
        return []
    nouns = _nouns(context.taxonomy, category, context.locale)
    titled = frozenset(tokens(said.title, context.locale))
    if any(not titled.isdisjoint(words) for _, words in nouns):
        return []
    text = tokens(said.rest, context.locale)
    for name, words in nouns:
        # The first words of a description say what the thing is; further on it is compared and combined.
        if len(words) <= 2 and set(words) <= set(text[:12]):
            label = context.taxonomy[category].label(context.locale)
            facts = {"category": label, "quote": gap_words.quoted(said.rest, words), **_searched(name, context)}
            return [_gap(MISSING_NOUN, name, 0.75, facts, context)]
    return []


def _truncated(values: Mapping[str, Value], context: KeywordContext) -> list[KeywordGap]:
    title, text = str(values.get("title") or ""), str(values.get("description") or "")
    stem = _ENDING.sub("", title)
    if stem == title or not stem or not text.startswith(stem):
        return []
    rest = re.split(r"\s[-–|]\s|[.!?]\s|…|\.{3}|\n", text[len(stem) :], maxsplit=1)[0].strip(" ,-")
    begun = stem.rsplit(" ", 1)[-1] if not text[len(stem) :].startswith((" ", "-", ",")) else ""
    term = (begun + rest).strip()[: gap_words.QUOTED]
    return [_gap(TRUNCATED, term, 0.85, {}, context)] if rest else []


def _gap(kind: str, term: str, confidence: float, facts: Mapping[str, str], context: KeywordContext) -> KeywordGap:
    facts = {"term": term, **facts}
    return KeywordGap(kind, term, gap_words.in_words(kind, facts, context.locale), confidence, facts)


def _searched(term: str, context: KeywordContext) -> dict[str, str]:
    """Return how often a term was searched, as a fact; none where nobody did."""
    count = context.searches(term)
    return {"count": str(count)} if count else {}
