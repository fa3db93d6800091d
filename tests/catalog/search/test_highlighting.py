"""Marks and snippets are pieces of plain text; reasons are sentences in both languages."""

from __future__ import annotations

from catalog.search.highlighting import FIELD_WORDS, SNIPPET_SIGNS, WAY_WORDS, marked, marks_of, reasons, snippet
from catalog.search.plan import ladder
from catalog.search.queries import Query
from catalog.search.vocabulary import Vocabulary

WORDS = Vocabulary([("cafetiere", 40), ("capsule", 20)], 100)


def test_marked_pieces_put_together_are_the_text() -> None:
    step = next(iter(ladder(Query("capsules 1,5 l"), WORDS)))
    text = "Pour <i>capsules</i> : réservoir 150 cl, capsule double."
    pieces = marked(text, marks_of(step.groups, "fr"))
    assert "".join(piece.text for piece in pieces) == text
    assert [piece.text for piece in pieces if piece.marked] == ["<i>capsules</i>", "150 cl", "capsule"]


def test_a_snippet_shows_the_part_with_the_words() -> None:
    step = next(iter(ladder(Query("cafetière"), WORDS)))
    text = "Autre chose. " * 60 + "Une cafetière enfin." + " Et la suite." * 60
    pieces = snippet(text, marks_of(step.groups, "fr"))
    assert [piece.text for piece in pieces if piece.marked] == ["cafetière"]
    assert sum(len(piece.text) for piece in pieces) < SNIPPET_SIGNS + 60
    assert pieces[0].text.startswith("… ")
    assert pieces[-1].text.endswith(" …")


def test_a_text_without_the_words_shows_its_beginning() -> None:
    assert snippet("Court.", lambda _: False)[0].text == "Court."
    assert snippet("", lambda _: True) == ()


def test_reasons_are_told_in_the_readers_language() -> None:
    groups = next(iter(ladder(Query("cafetieres"), WORDS))).groups
    stored = {"title": "Cafetière rouge", "brand": "", "category": "", "text": "", "locale": "fr"}
    (french,), (english,) = reasons(groups, stored, "fr"), reasons(groups, stored, "en")
    assert french.text == "« cafetieres » est dans le titre, sous une autre forme : « Cafetière »."
    assert english.text == "“cafetieres” is in the title, in another form: “Cafetière”."


def test_every_word_of_the_tables_is_in_both_languages() -> None:
    assert all(words.keys() == {"fr", "en"} for table in (FIELD_WORDS, WAY_WORDS) for words in table.values())
