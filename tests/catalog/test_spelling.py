"""The dictionary files: made from the tables, grouped by beginning, and quick to open."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from catalog.sheets import Locale
from catalog.spelling import dictionary_text
from catalog.text import _groups, _spellings, beginning, fold, is_word, spellings


@pytest.mark.parametrize("locale", get_args(Locale))
def test_a_line_of_the_dictionary_is_a_beginning_and_its_words(locale: Locale) -> None:
    for line in dictionary_text(locale).split("\n")[:500]:
        first, *group = line.split()
        assert {beginning(fold(word)) for word in group} == {first}


def test_the_words_are_the_same_with_and_without_the_installed_file(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = ("cafetiere", "sur", "zzqx", "or")
    before = [spellings(word, "fr") for word in asked]
    monkeypatch.setattr("catalog.text.dictionary_file", lambda locale: Path("nowhere") / locale)
    _groups.cache_clear()
    _spellings.cache_clear()
    assert [spellings(word, "fr") for word in asked] == before
    _groups.cache_clear()
    _spellings.cache_clear()


def test_words_shorter_than_a_beginning_are_found_and_unknown_beginnings_are_no_words() -> None:
    assert is_word("or", "fr")
    assert not is_word("zzqx", "fr")
    assert not is_word("", "fr")
    assert spellings("zzqxia", "en") == ()
