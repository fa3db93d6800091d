"""Near words, beginnings and cuts."""

from __future__ import annotations

import pytest

from catalog.search.vocabulary import Vocabulary

WORDS = Vocabulary(
    [
        ("cafetiere", 40),
        ("cafetieres", 12),
        ("cafe", 90),
        ("lave", 30),
        ("vaisselle", 25),
        ("coque", 300),
        ("coquet", 2),
    ],
    documents=1000,
)


@pytest.mark.parametrize(
    "typed", ["caftiere", "cafetierre", "cafetiete", "cafteiere", "acfetiere", "cafetier", "kafetiere"]
)
def test_one_edit_anywhere_is_found(typed: str) -> None:
    assert WORDS.near(typed, distance=1)[0].word == "cafetiere"


def test_a_swap_of_neighbours_is_one_edit() -> None:
    assert [(near.word, near.distance) for near in WORDS.near("vaisselel", distance=1)] == [("vaisselle", 1)]


def test_the_nearest_comes_first_then_the_most_frequent() -> None:
    assert [near.word for near in WORDS.near("coque", distance=1)] == ["coquet"]
    assert [near.word for near in WORDS.near("cafetierex", distance=1)] == ["cafetiere", "cafetieres"]
    assert WORDS.near("cafetierex", distance=2)[0].distance == 1


def test_far_words_are_not_near() -> None:
    assert WORDS.near("perceuse", distance=2) == []


def test_beginnings_are_ordered_by_products() -> None:
    assert WORDS.beginning("caf", 2) == ["cafe", "cafetiere"]
    assert WORDS.beginning("zz", 5) == []


def test_a_glued_word_is_cut_into_known_words() -> None:
    assert list(WORDS.cuts("lavevaisselle")) == [("lave", "vaisselle")]
    assert list(WORDS.cuts("cafetiere")) == []


def test_all_forms_of_a_word_count_for_its_token() -> None:
    assert WORDS.products_with_token("cafetier", "fr") == 52
    assert WORDS.telling(2) > WORDS.telling(52)
    assert Vocabulary([], 0).telling(0) >= 0
