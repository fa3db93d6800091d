"""The ladder: what is asked first, what is let go, and what never changes places."""

from __future__ import annotations

import pytest

from catalog.search.plan import (
    BM25,
    EVERY_WORD,
    EVERY_WORD_AS_TYPED,
    FIELD_TIE,
    FIELD_WORTH,
    QUALITY,
    STANDING_TOGETHER,
    WRITTEN_SO,
    ladder,
)
from catalog.search.queries import Query
from catalog.search.vocabulary import Vocabulary

SURE = ("exact", "measure", "compound", "elision", "synonym")
WORDS = Vocabulary([("cafetiere", 40), ("nespresso", 20), ("rouge", 200), ("chaise", 50), ("chaire", 3)], 1000)


def test_a_listing_without_words_has_one_step_and_no_scores() -> None:
    (step,) = ladder(Query("  "), WORDS)
    assert step.groups == ()
    assert step.node.scores == ()


def test_the_steps_go_from_every_word_to_any() -> None:
    steps = list(ladder(Query("cafetière nespresso rouge"), WORDS))
    assert [(step.mended, step.partial) for step in steps] == [
        (False, False),
        (True, False),
        (True, True),
        (True, True),
    ]
    assert [len(list(ladder(Query(text), WORDS))) for text in ("rouge", "rouge chaise")] == [2, 3]


def test_the_rarer_word_weighs_more_and_weights_add_up_to_one() -> None:
    step = next(iter(ladder(Query("rouge nespresso"), WORDS)))
    weights = {group.word.written: group.weight for group in step.groups}
    assert weights["nespresso"] > weights["rouge"]
    assert sum(weights.values()) == pytest.approx(1.0)


def test_misspellings_are_looked_for_only_after_the_words_as_typed() -> None:
    first, second = list(ladder(Query("nespreso"), WORDS))
    assert [way.way for way in first.groups[0].sure] == ["exact"]
    assert first.groups[0].likely == ()
    assert [way.way for way in second.groups[0].likely] == ["typo"]


def test_a_known_word_may_be_a_misspelling_but_weighs_less_than_an_unknown_one() -> None:
    known = list(ladder(Query("chaire"), WORDS))[1].groups[0].likely
    unknown = list(ladder(Query("chaize"), WORDS))[1].groups[0].likely
    assert known[0].quality < unknown[0].quality < 1.0


def test_short_words_numbers_and_measures_are_never_mended() -> None:
    for text in ("lit", "s5", "2200 w"):
        assert not [way for way in list(ladder(Query(text), WORDS))[1].groups[0].likely if len(way.tokens[0]) > 4]


def test_the_best_mended_product_stays_below_the_poorest_with_every_word_as_typed() -> None:
    every_field = max(FIELD_WORTH.values()) + FIELD_TIE * sum(FIELD_WORTH.values())
    five_rare_words_in_a_short_title = 5 * 12 * BM25
    best_mended = EVERY_WORD + every_field + WRITTEN_SO + STANDING_TOGETHER + five_rare_words_in_a_short_title
    poorest = EVERY_WORD_AS_TYPED + EVERY_WORD + min(QUALITY[way] for way in SURE) * min(FIELD_WORTH.values())
    assert best_mended < poorest
