"""Faults put into clean sheets are found and mended, clean sheets are left alone, and their values are noted."""

from __future__ import annotations

import pytest

from catalog.harmonization import Context, harmonize
from catalog.sheets import Locale, MappedSheet
from tests.catalog.harmonization.golden import shown
from tests.catalog.harmonization.seeded import Values, clean_sheets, measure

CLEAN = clean_sheets()


def test_seeded_faults_are_found_and_mended() -> None:
    scores = measure()
    whole = scores["all"]
    assert whole.precision >= 0.97
    assert whole.recall >= 0.95
    assert whole.exact >= 0.90
    assert {code for code, score in scores.items() if score.recall < 0.85} == set()
    assert {code for code, score in scores.items() if score.exact < 0.80} == set()


@pytest.mark.parametrize(("locale", "values", "noted"), CLEAN, ids=lambda part: str(part)[:40])
def test_a_clean_sheet_is_left_alone(locale: Locale, values: Values, noted: dict[str, str]) -> None:
    result = harmonize(MappedSheet(2, values), Context.default(locale))
    assert not result.issues
    assert [change for change in result.changes if change.attribute in values] == []


def test_values_are_noted_from_the_texts_of_clean_sheets() -> None:
    right = wrong = missed = 0
    for locale, values, noted in CLEAN:
        result = harmonize(MappedSheet(2, values), Context.default(locale))
        read = {name: shown(value) for name, value in result.values.items() if name not in values}
        read.pop("compatible_with", None)
        right += sum(read.get(name) == value for name, value in noted.items())
        missed += sum(read.get(name) != value for name, value in noted.items())
        wrong += sum(noted.get(name) != value for name, value in read.items())
    precision, recall = right / (right + wrong), right / (right + missed)
    assert precision >= 0.90
    assert 2 * precision * recall / (precision + recall) >= 0.85


def test_the_brand_is_recovered_from_the_title_and_never_another() -> None:
    found = 0
    for locale, values, _ in CLEAN:
        alone = {name: value for name, value in values.items() if name != "brand"}
        brand = harmonize(MappedSheet(2, alone), Context.default(locale)).values.get("brand")
        assert brand in (None, values["brand"])
        found += brand is not None
    assert found >= 0.85 * len(CLEAN)
