"""What a reader repaired is told in a sentence of its own number."""

from __future__ import annotations

import pytest

from catalog.intake.tables import NOTES, NOTES_OF_ONE, Note

PARAMS = {"encoding": "cp1252", "value": "3,6E+12", "limit": 100}


@pytest.mark.parametrize("code", sorted(code for code, words in NOTES.items() if "{count}" in words["fr"]))
@pytest.mark.parametrize("locale", ["fr", "en"])
def test_one_thing_is_told_in_the_singular(code: str, locale: str) -> None:
    one, many = (Note(code, {"count": count, **PARAMS}).message(locale) for count in (1, 2))
    assert "1 " not in one.replace("cp1252 ", "")
    assert "2 " in many
    assert one != many


def test_no_sentence_of_one_is_without_its_plural() -> None:
    assert NOTES_OF_ONE.keys() <= NOTES.keys()
