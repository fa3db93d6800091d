"""Folding and cutting byte by byte give what folding and cutting letter by letter give, for texts of any alphabet."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.folding import _FOLDED, PLAINLY, Cutter, fold

LETTERS = re.compile(r"[^\W_]+")
# Letters of the west, typographic signs, other alphabets, emoji: what sheets are written in.
TEXTS = st.text(st.sampled_from("aZé ÀœŒßæ…’–“€™®²½µªº0१Ωжł中\u200b\u0301\xa0\n★🔥-.,'ƒŠÿ"))


def letter_by_letter(text: str) -> str:
    """Return the text folded by the table of letters alone."""
    return text.lower().translate(_FOLDED)


@given(TEXTS)
def test_a_text_is_folded_as_letter_by_letter(text: str) -> None:
    assert fold(text) == letter_by_letter(text)


@given(TEXTS)
def test_a_text_is_cut_as_by_the_pattern(text: str) -> None:
    cutter = Cutter(LETTERS, fold)
    assert cutter.words(text, cutter.line(text)) == cutter.words(text, None)


@given(TEXTS)
def test_a_line_has_a_byte_for_each_letter(text: str) -> None:
    line = Cutter(LETTERS, fold).line(text)
    assert line is None or len(line) == len(text)


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("Œuvre d’Été — 30×40 cm…", ["oeuvre", "d", "ete", "30", "40", "cm"]),
        ("★ Straße ★", ["strasse"]),
        ("Ωmega жук", ["ωmega", "жук"]),
        ("", []),
    ],
)
def test_words_are_cut_and_folded(text: str, cut: list[str]) -> None:
    cutter = Cutter(LETTERS, fold)
    assert cutter.words(text, cutter.line(text)) == cut


def test_a_poorer_alphabet_has_plain_signs_for_french_ones() -> None:
    assert "L’attribut « œuf\u00a0» : 5\u00a0€…".encode("ascii", PLAINLY) == b'L\'attribut " oeuf " : 5 EUR...'
