"""From the words of a query to the clauses that both engines answer: which documents match, and what each is worth.

What it does: every word becomes a group of alternatives (the word in any form, a measure, a compound, a synonym; and,
only when needed, the words it may be a misspelling of); the ladder asks for all words first and lets go step by step.
Promise: pure; a product with every word as typed always comes before one where a word had to be read as misspelled,
which comes before one that lacks a word. Not here: running it (`engine`).

The score, in the order of what counts: the tier (every word, as typed or mended), then for each word by how rare it is
the best field that holds it, then whether it is written exactly so and the words stand together, then a little BM25.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from catalog.search import nodes
from catalog.search.nodes import AllOf, Node, Phrase, Ranked, Term, Worth, all_of, any_of
from catalog.search.queries import Boost, Query, QueryWord, query_words
from catalog.search.vocabulary import UNKNOWN_SHARE, Vocabulary
from catalog.sheets import Locale
from catalog.text import stem

# The constants below were set on 1,080 queries of nine kinds made from 30,196 French sheets (nDCG@10 with them 0.977 on
# both engines); beside each stands what another value gave.

# What a word is worth in each field, as a share of its weight. Text at 0.9: 0.977; brand at 1.3: 0.977.
FIELD_WORTH = {"title": 1.0, "brand": 1.1, "category": 0.75, "text": 0.7}
CODE_WORTH = 1.5
# Each further field that holds the word adds this share of its worth there. At 0: 0.972; at 0.25: 0.975.
FIELD_TIE = 0.1
EVERY_WORD_AS_TYPED = 2.0
EVERY_WORD = 1.0
# For the very form that was typed. At 0: 0.971; at 0.4 the same on all, but plurals lose 0.02.
WRITTEN_SO = 0.2
# For neighbours that are neighbours in the title. At 0: 0.977; at 0.3: 0.976; kept for names of two words.
STANDING_TOGETHER = 0.05
# Places that may lie between two neighbours: the whole of a compound stands after its parts. More than one would not be
# the same on both engines: from two on Lucene takes the words in either order, and over three words tantivy counts
# each gap alone.
NEIGHBOUR_SLOP = 1
# Prefers short titles among equals. At 0: 0.975; at 0.03: 0.974.
BM25 = 0.01
# What a boost adds for each part of its factor above one, or takes from the others for each part below. A factor of two
# adds as much as all words in the title: less than the step between what was typed and what was mended, so the tiers
# hold whatever an editor boosts.
BOOST_WORTH = 1.0
# Above every score: pinned products come first from the engine, and are then put at their places.
PINNED = 100.0

# way: how near its alternatives come to the word itself.
QUALITY = {
    "exact": 1.0,
    "measure": 1.0,
    "code": 1.0,
    "compound": 0.95,
    "elision": 0.95,
    "synonym": 0.9,
    "typo": 0.8,
    "apart": 0.6,
}
# A word that the catalogue holds is seldom a misspelling, so what it may have meant weighs less.
KNOWN_WORD = 0.7
# Letters from which a word is taken to be misspelled by one edit, and by two where one finds nothing.
ONE_EDIT = 4
TWO_EDITS = 8
KNOWN_ONE_EDIT = 5
MOST_TYPOS = 6
# With fewer hits than these, misspellings are looked for as well.
ENOUGH = 10


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way to meet a word of the query: all of these tokens, side by side where `adjacent`, and in the one field
    that `field` names, if any."""

    tokens: tuple[str, ...]
    way: str
    quality: float
    field: str | None = None
    adjacent: bool = False

    def node(self, field: str) -> Node:
        """Return the clause for this alternative in a field."""
        if self.adjacent and field == "all":
            return any_of([Phrase(name, self.tokens, NEIGHBOUR_SLOP) for name in FIELD_WORTH])
        if self.adjacent:
            return Phrase(field, self.tokens, NEIGHBOUR_SLOP)
        return all_of([Term(field, token) for token in self.tokens])


@dataclass(frozen=True, slots=True)
class Group:
    """A word of the query with the alternatives that meet it surely, and those it may be a misspelling of."""

    word: QueryWord
    weight: float
    sure: tuple[Alternative, ...]
    likely: tuple[Alternative, ...] = ()

    def match(self) -> Node:
        """Return the clause that a document must match to hold this word."""
        return any_of([alternative.node(alternative.field or "all") for alternative in (*self.sure, *self.likely)])

    def match_surely(self) -> Node:
        """Return the same without misspellings."""
        return replace(self, likely=()).match()

    def worth(self) -> Node:
        """Return the clause that scores where and how the word is met."""
        clauses: list[Node] = []
        for alternative in (*self.sure, *self.likely):
            worths = {alternative.field: CODE_WORTH} if alternative.field else FIELD_WORTH
            most = self.weight * alternative.quality
            clauses += [Worth(alternative.node(name), most * worth) for name, worth in worths.items()]
        return nodes.Best(tuple(clauses), FIELD_TIE)


@dataclass(frozen=True, slots=True)
class Step:
    """One rung of the ladder: the clauses to run, and what its hits are like."""

    node: Ranked
    groups: tuple[Group, ...]
    mended: bool = False
    partial: bool = False


def ladder(query: Query, vocabulary: Vocabulary) -> Iterable[Step]:
    """Yield what to ask, strictest first: every word as typed, every word mended, all but one, any."""
    for step in _unpinned(query, vocabulary):
        yield replace(step, node=_pinned(step.node, query)) if query.pins and not query.sort else step


def _pinned(node: Ranked, query: Query) -> Ranked:
    pinned = any_of([Term("id", pin.product) for pin in query.pins])
    return Ranked(any_of([node.must, pinned]), (*node.scores, Worth(pinned, PINNED)), node.filters)


def _unpinned(query: Query, vocabulary: Vocabulary) -> Iterable[Step]:
    filters = (*([Term("published", 1)] if query.published else []), *query.filters.nodes())
    boosts = () if query.sort else tuple(_boosted(boost) for boost in query.boosts)
    words = query_words(query.text, query.locale)
    if not words:
        yield Step(Ranked(nodes.Everything(), boosts, filters), ())
        return
    sure = groups(words, query, vocabulary)
    yield Step(Ranked(all_of([group.match() for group in sure]), (*_scores(sure), *boosts), filters), sure)
    mended = tuple(_with_typos(group, query.locale, vocabulary) for group in sure)
    mended = _weighed(mended, query.locale, vocabulary)
    scores = (*_scores(mended), *boosts)
    yield Step(Ranked(all_of([group.match() for group in mended]), scores, filters), mended, mended=True)
    for missing in sorted({1, len(mended) - 1}):
        if 0 < missing < len(mended):
            some = nodes.AnyOf(tuple(group.match() for group in mended), len(mended) - missing)
            yield Step(Ranked(some, scores, filters), mended, mended=True, partial=True)


def _boosted(boost: Boost) -> Node:
    holds: Node = Term(boost.field, boost.value)
    if boost.factor >= 1:
        return Worth(holds, BOOST_WORTH * (boost.factor - 1))
    # No engine takes from a score: the others are given what these are to lack.
    return Worth(nodes.Not(nodes.Everything(), holds), BOOST_WORTH * (1 - boost.factor))


def _scores(among: Sequence[Group]) -> tuple[Node, ...]:
    every = [Worth(AllOf(tuple(group.match_surely() for group in among)), EVERY_WORD_AS_TYPED)]
    if any(group.likely for group in among):
        every.append(Worth(AllOf(tuple(group.match() for group in among)), EVERY_WORD))
    words = [group.word for group in among]
    written = [
        Worth(Term("words", group.word.written), WRITTEN_SO * group.weight) for group in among if not group.word.measure
    ]
    together = [
        Worth(Phrase("title", (left.token, right.token), NEIGHBOUR_SLOP), STANDING_TOGETHER / (len(words) - 1))
        for left, right in pairwise(words)
    ]
    return (
        *every,
        *(group.worth() for group in among),
        *written,
        *together,
        *(nodes.BestMatches("title", word.token, BM25) for word in words),
    )


def groups(words: Sequence[QueryWord], query: Query, vocabulary: Vocabulary) -> tuple[Group, ...]:
    """Return one group a word, with everything that surely means the same."""
    found = [list(_own_alternatives(word, query.locale, vocabulary)) for word in words]
    for at, (left, right) in enumerate(pairwise(words)):
        if left.whole is None and right.whole is None and not (left.measure or right.measure):
            joined = Alternative((stem(left.written + right.written, query.locale),), "compound", QUALITY["compound"])
            found[at].append(joined)
            found[at + 1].append(joined)
    synonyms = query.synonyms
    longest = synonyms.longest if synonyms else 0
    for at in range(len(words) if longest else 0):
        for end in range(at + 1, min(len(words), at + longest) + 1):
            for means in synonyms.of(tuple(word.token for word in words[at:end])) if synonyms else ():
                alike = Alternative(means, "synonym", QUALITY["synonym"], adjacent=len(means) > 1)
                for alternatives in found[at:end]:
                    alternatives.append(alike)
    made = tuple(Group(word, 0.0, tuple(own)) for word, own in zip(words, found, strict=True))
    return _weighed(made, query.locale, vocabulary)


def _own_alternatives(word: QueryWord, locale: Locale, vocabulary: Vocabulary) -> Iterable[Alternative]:
    yield Alternative((word.token,), "measure" if word.measure else "exact", 1.0)
    if word.code and len(word.code) > 3:
        yield Alternative((word.code,), "code", QUALITY["code"], field="codes")
    if word.measure:
        return
    if word.whole:
        yield Alternative((word.whole,), "compound", QUALITY["compound"])
    if word.parts:
        yield Alternative(word.parts, "compound", QUALITY["compound"], adjacent=len(word.parts) > 1)
    for left, right in vocabulary.cuts(word.written):
        parts = (stem(left, locale), stem(right, locale))
        yield Alternative(parts, "compound", QUALITY["compound"], adjacent=True)
    if not vocabulary.products(word.written) and word.written[:1] in "dl" and vocabulary.products(word.written[1:]):
        yield Alternative((stem(word.written[1:], locale),), "elision", QUALITY["elision"])


def _with_typos(group: Group, locale: Locale, vocabulary: Vocabulary) -> Group:
    word = group.word
    if word.measure:
        bare = [Alternative((part,), "typo", QUALITY["typo"]) for part in word.parts]
        return replace(group, likely=tuple(bare))
    apart = tuple(
        replace(way, adjacent=False, quality=QUALITY["apart"])
        for way in group.sure
        if way.adjacent and way.way != "synonym" and not word.code
    )
    group = replace(group, likely=apart)
    if any(way.way == "synonym" for way in group.sure):
        return group  # an editor said what the word means; guessing at it would be a second opinion
    known = vocabulary.products(word.written) > 0
    if not word.written.isalpha() or len(word.written) < (KNOWN_ONE_EDIT if known else ONE_EDIT):
        return group
    near = vocabulary.near(word.written, distance=1)
    if not near and not known and len(word.written) >= TWO_EDITS:
        near = vocabulary.near(word.written, distance=2)
    roots: dict[str, float] = {}
    most = max((one.products for one in near), default=1)
    for one in near:
        root = stem(one.word, locale)
        if root != word.token and root not in roots and len(roots) < MOST_TYPOS:
            frequent = vocabulary.telling(one.products) - vocabulary.telling(most)
            quality = QUALITY["typo"] * (KNOWN_WORD if known else 1.0) / (1 + 0.02 * frequent)
            roots[root] = quality / one.distance**0.5
    typos = [Alternative((root,), "typo", quality) for root, quality in roots.items()]
    return replace(group, likely=(*apart, *typos))


def _weighed(among: Sequence[Group], locale: Locale, vocabulary: Vocabulary) -> tuple[Group, ...]:
    """Return the groups with weights that add up to one: the rarer a word, the more it says."""
    telling = []
    for group in among:
        counts = [vocabulary.products_with_token(token, locale) for token in _single_tokens(group)]
        usual = int(UNKNOWN_SHARE * vocabulary.documents)
        telling.append(vocabulary.telling(max(counts, default=0) or usual))
    total = sum(telling) or 1.0
    return tuple(replace(group, weight=value / total) for group, value in zip(among, telling, strict=True))


def _single_tokens(group: Group) -> Iterable[str]:
    alternatives = group.sure[:1] if group.sure[0].way == "exact" else ()
    return [alternative.tokens[0] for alternative in (*alternatives, *group.likely) if len(alternative.tokens) == 1]
