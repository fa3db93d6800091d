"""What a page is found by: its values in the words of its language."""

from __future__ import annotations

import pytest

from catalog.search.wording import said
from catalog.sheets import Locale


@pytest.mark.parametrize(
    ("gender", "age_group", "locale", "words"),
    [
        ("female", None, "fr", "femme"),
        ("female", "kids", "fr", "fille"),
        ("male", "adult", "en", "men"),
        ("male", "infant", "en", "boys"),
        ("unisex", None, "fr", "mixte"),
    ],
)
def test_a_gender_is_found_by_the_word_customers_use(
    gender: str, age_group: str | None, locale: Locale, words: str
) -> None:
    assert said([{"gender": gender, "age_group": age_group, "size": "M"}], locale)["attributes"] == f"M · {words}"


def test_a_gender_that_is_no_code_is_left_as_it_is_written() -> None:
    assert said([{"gender": "dames"}], "fr")["attributes"] == "dames"


def test_every_variant_is_found_by_its_own_size_and_gender() -> None:
    variants = [{"gender": "female", "size": "38"}, {"gender": "male", "size": "44"}]
    assert said(variants, "fr")["attributes"] == "38 · 44 · femme · homme"
