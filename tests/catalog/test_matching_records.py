"""A record reads whatever a vendor says into comparable words, codes, measures and prices."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from catalog.matching.pool import CODE, NUMBER, WORD, Pool, Statistics, kind_of
from catalog.matching.records import Record, codes, fold, read_number, tokens
from catalog.matching.units import quantities


def test_the_same_words_are_read_whatever_their_case_accents_and_language_tags() -> None:
    assert fold('"Cafetière Électrique"@fr [fr]') == '"cafetiere electrique"'
    assert Record.of({"title": "CAFETIÈRE  Noire"}).head == Record.of({"title": "cafetiere noire"}).head


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("version 7.0", ["version", "7"]),
        ("1,000 pages", ["1000", "pages"]),
        ("1,5 l", ["1.5", "l"]),
        ("firmware 1.2.3", ["firmware", "1.2.3"]),
        ("psl-x350h", ["psl", "x350h"]),
    ],
)
def test_numbers_have_one_spelling(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sony psl-x350h turntable", ["pslx350h"]),
        ("disk 500gb usb 2.0 1080p", []),
        ("cordless phone 5.8 ghz kx-tg6700b", ["kxtg6700b"]),
        ("ref 706018", ["706018"]),
    ],
)
def test_model_numbers_are_told_from_measures(text: str, expected: list[str]) -> None:
    assert codes(text) == expected


def test_a_litre_and_a_half_is_one_measure_however_it_is_written() -> None:
    assert set(quantities("bouilloire 1,5 l")) == set(quantities("kettle 1500ml")) == {("l", "1.5")}
    assert ("pack", "3") in set(quantities("lot de 3 ampoules"))


def test_typed_values_of_a_harmonized_sheet_are_read_like_texts() -> None:
    sheet: dict[str, Any] = {
        "title": "Bouilloire",
        "price": {"amount": 1999, "currency": "EUR"},
        "capacity": {"value": 1.5, "unit": "L", "raw": "1,5 L"},
        "color": ["noir", "rouge"],
        "brand": None,
        "pack_quantity": 3,
    }
    record = Record.of(sheet, key="7")
    assert record.price == pytest.approx(19.99)
    assert record.values["capacity"] == "1.5 L"
    assert record.values["color"] == "noir rouge"
    assert "brand" not in record.values
    assert record.key == "7"


def test_brand_and_model_complete_the_title_only_where_it_lacks_them() -> None:
    record = Record.of({"title": "Sony turntable PSLX350H", "brand": "Sony", "mpn": "PSL-X350H"})
    assert record.head_tokens.count("sony") == 1
    assert Record.of({"title": "turntable", "brand": "Sony"}).head_tokens == ("turntable", "sony")


def test_a_sheet_whose_title_is_in_another_column_is_named_by_what_it_has() -> None:
    assert "turntable" in Record.of({"title": "", "description": "sony turntable"}).head_tokens


@pytest.mark.parametrize(
    ("text", "value"), [("$ 1,299.00", 1299), ("19,99 €", 19.99), ("1 299,50", 1299.5), ("n/a", None), ("", None)]
)
def test_prices_are_read_in_both_conventions(text: str, value: float | None) -> None:
    assert read_number(text) == (None if value is None else pytest.approx(value))


def test_nothing_at_all_is_still_a_record() -> None:
    record = Record.of({"title": None, "price": "free", "color": []})
    assert record.head == ""
    assert record.price is None
    assert len(Pool([record], Statistics.of([record])).head) == 1


def test_a_word_is_worth_more_the_rarer_it_is() -> None:
    records = [Record.of({"title": f"sony item{i}"}) for i in range(50)]
    statistics = Statistics.of(records)
    assert statistics.weight("sony") < statistics.weight("item3") < statistics.weight("neverseen") <= 1.01
    assert [kind_of(t) for t in ("sony", "42", "kdl40")] == [WORD, NUMBER, CODE]


def test_joining_counts_adds_both_catalogues() -> None:
    one, other = Statistics(2, {"a": 2}), Statistics(3, {"a": 1, "b": 3})
    both = one.together_with(other)
    assert both.records == 5
    assert both.counts == {"a": 3, "b": 3}
    assert np.isfinite(both.weight("c"))
