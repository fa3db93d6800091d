"""The dictionary files: made from the tables, grouped by beginning, and quick to open."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from catalog.sheets import Locale
from catalog.spelling import dictionary_text
from catalog.text import _dictionary, _spellings, beginning, fold, is_word, spellings


@pytest.mark.parametrize("locale", get_args(Locale))
def test_a_line_of_the_dictionary_is_a_beginning_and_its_words(locale: Locale) -> None:
    for line in dictionary_text(locale).split("\n")[:500]:
        first, *group = line.split()
        assert {beginning(fold(word)) for word in group} == {first}


def test_the_words_are_the_same_with_and_without_the_installed_file(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = ("cafetiere", "sur", "zzqx", "or")
    before = [spellings(word, "fr") for word in asked]
    monkeypatch.setattr("catalog.text.dictionary_file", lambda locale: Path("nowhere") / locale)
    _dictionary.cache_clear()
    _spellings.cache_clear()
    assert [spellings(word, "fr") for word in asked] == before
    _dictionary.cache_clear()
    _spellings.cache_clear()


@pytest.mark.parametrize("locale", get_args(Locale))
def test_every_beginning_is_found_at_its_line(locale: Locale) -> None:
    text, beginnings, _starts = _dictionary(locale)
    lines = text.decode().split("\n")
    assert (
        [line.split()[0] for line in lines]
        == [one.decode() for one in beginnings]
        == sorted(map(bytes.decode, beginnings))
    )
    for line in (lines[0], lines[-1], *lines[::97]):
        first, *group = line.split()
        assert set(group) == {word for known in _spellings(first, locale).values() for word in _all(known)}


def _all(known: str | tuple[str, ...]) -> tuple[str, ...]:
    return (known,) if isinstance(known, str) else known


def test_words_shorter_than_a_beginning_are_found_and_unknown_beginnings_are_no_words() -> None:
    assert is_word("or", "fr")
    assert not is_word("zzqx", "fr")
    assert not is_word("", "fr")
    assert spellings("zzqxia", "en") == ()
