"""Words for the search box: what a misspelled query may have meant, and how a begun one may go on.

What it does: mends against the vocabulary, and spells the mended word as the products found spell it (with accents).
Promise: proposes only what finds something. Not here: edit distances (`vocabulary`), searching (`engine`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace

from rapidfuzz import process
from rapidfuzz.distance import OSA

from catalog.search.queries import MAX_QUERY, Query
from catalog.search.vocabulary import Vocabulary
from catalog.text import fold, spellings

_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST_MENDED = 4
_TWO_EDITS = 8
# A word that the catalogue holds is taken for a misspelling where a near one is held by this many times more products.
MUCH_MORE_FREQUENT = 50


def did_you_mean(query: Query, vocabulary: Vocabulary, titles: Callable[[Query], Sequence[str]]) -> str | None:
    """Return the query with misspelled words mended where the mended one finds something, else None."""
    text = query.text[:MAX_QUERY]
    vouched = query.synonyms.words if query.synonyms else ()
    mended = {match.group(): _mended(match.group(), vocabulary, vouched) for match in _WORD.finditer(text)}
    changed = {word: better for word, better in mended.items() if better is not None}
    if not changed:
        return None
    plain = _WORD.sub(lambda match: changed.get(match.group()) or match.group(), text)
    found = titles(replace(query, text=plain, after=None))
    if not found:
        return None
    spelled = {fold(match.group()): match.group().lower() for title in found for match in _WORD.finditer(title)}
    return _WORD.sub(lambda match: _accented(changed.get(match.group()), spelled, query) or match.group(), text)


def _mended(word: str, vocabulary: Vocabulary, vouched: Collection[str]) -> str | None:
    """Return the word that was meant; `vouched` are the words of synonyms, which no sheet needs to hold."""
    folded = fold(word)
    if len(folded) < _SHORTEST_MENDED or folded in vouched:
        return None
    held = vocabulary.products(folded)
    near = vocabulary.near(folded, distance=1)
    if not near and not held:
        meant = process.extractOne(folded, sorted(vouched), scorer=OSA.distance, score_cutoff=1)
        if meant is not None:
            return str(meant[0])
    if not near and not held and len(folded) >= _TWO_EDITS:
        near = vocabulary.near(folded, distance=2)
    if not near or near[0].products < MUCH_MORE_FREQUENT * held:
        return None
    return near[0].word


def _accented(word: str | None, spelled: dict[str, str], query: Query) -> str | None:
    if word is None:
        return None
    shown = spelled.get(word, word)
    known = spellings(word, query.locale)
    return known[0] if shown.isascii() and len(known) == 1 else shown


def completions(
    query: Query, vocabulary: Vocabulary, finds: Callable[[Sequence[Query]], Iterable[bool]], *, limit: int
) -> list[str]:
    """Return the begun query with its last word completed, only where something is found."""
    begun = re.fullmatch(r"(.*?)([^\W\d_]+)", query.text[:MAX_QUERY])
    if not begun or len(begun[2]) < 2:
        return []
    words = vocabulary.beginning(fold(begun[2]), limit * 2)
    texts = list(dict.fromkeys(begun[1] + (_accented(word, {}, query) or word) for word in words))
    found = finds([replace(query, text=text) for text in texts])
    return [text for text, any_found in zip(texts, found, strict=True) if any_found][:limit]
