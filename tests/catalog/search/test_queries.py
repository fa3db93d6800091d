"""How a query is read: words, measures, compounds, pages, synonyms."""

from __future__ import annotations

import pytest

from catalog.search.measures import counts, usual
from catalog.search.nodes import Range, Term
from catalog.search.queries import MAX_WORDS, Filters, Page, Query, Synonym, Synonyms, page_of, query_words
from catalog.search.wording import read
from catalog.text import fold, tokens


@pytest.mark.parametrize(
    ("in_the_sheet", "in_the_query"),
    [
        ("écran 15.6''", "15,6 pouces"),
        ('écran 15,6"', "15.6 pouces"),
        ("disque 2 To", "2000 Go"),
        ("clé USB 16 Go", "16 gigas"),
        ("250g", "0,25 kg"),
        ("lot de 2", "2 pièces"),
        ("x2", "lot de 2"),
        ("30x40cm", "30 cm x 40 cm"),
        ("30 x 40 x 50 cm", "300x400x500 mm"),
        ("1 000 W", "1kW"),
        ("2400 MHz", "2,4 GHz"),
        ("1m50", "150 cm"),
        ("2h", "2 heures"),
        ("60 min", "60 minutes"),
        ("1/2 litre", "0,5L"),
        ("18 carats", "18k"),
        ("45°", "45 degrés"),
        ("4400mAhCouleur noire", "4,4 Ah"),
        ("gris_anthracite", "gris anthracite"),
    ],
)
def test_a_measure_is_the_same_however_it_is_written(in_the_sheet: str, in_the_query: str) -> None:
    held = read(in_the_sheet, "fr").tokens
    assert [word.token for word in query_words(in_the_query, "fr") if word.token not in held] == []


def test_different_measures_stay_different() -> None:
    assert "1.5l" not in read("bouteille de 15 L", "fr").tokens
    assert "2pc" not in read("écran x2 cm", "fr").tokens
    assert [token for _, _, token in counts(fold("lot de 12 et 3 pièces"))] == ["12pc", "3pc"]
    assert usual("Galaxy S3/4 mini") == "Galaxy S3/4 mini"


def test_glued_words_are_read_apart_and_together() -> None:
    held = read("VisioDirect", "fr").tokens
    assert {"visio", "direct", "visiodirect"} <= set(held)


def test_a_compound_is_read_in_parts_that_know_the_whole() -> None:
    parts = query_words("lave-vaisselle", "fr")
    assert [word.written for word in parts] == ["lave", "vaisselle"]
    assert {word.whole for word in parts} == set(tokens("lavevaisselle", "fr")[:1])


def test_stop_words_and_elisions_say_nothing_unless_alone() -> None:
    assert [word.written for word in query_words("housse de couette pour le lit", "fr")] == ["housse", "couette", "lit"]
    assert [word.token for word in query_words("d'oreiller", "fr")] == ["oreiller"]
    assert [word.written for word in query_words("de la", "fr")] == ["de", "la"]


def test_inches_may_stand_in_centimetres() -> None:
    (word,) = query_words("32 pouces", "fr")
    assert word.parts == ("32", "81cm", "81.3cm")


def test_a_pasted_text_is_cut_to_its_first_words() -> None:
    assert len(query_words(" ".join(f"mot{number}x" for number in range(100)), "fr")) <= MAX_WORDS


def test_a_repeated_word_counts_once() -> None:
    assert len(query_words("noir noire NOIR", "fr")) == 1


@pytest.mark.parametrize(("key", "page"), [(None, Page()), ("1-20", Page(1, 20)), ("x", Page()), ("9-99999", Page())])
def test_page_keys_are_ours_or_the_first_page(key: str | None, page: Page) -> None:
    assert page_of(Query("", after=key)) == page
    assert page_of(Query("", after=page.key())) == page


def test_filters_in_use_become_clauses() -> None:
    used = Filters(brand="Bosch", available=False, price_min=100)
    assert list(used.nodes()) == [Term("brand_name", "Bosch"), Term("available", 0), Range("price", 100, None)]
    assert list(Filters().nodes()) == []


def test_synonyms_are_looked_up_by_token_and_a_circle_ends() -> None:
    circle = Synonyms([Synonym("a1", "b1", True), Synonym("b1", "c1", True), Synonym("c1", "a1", True)])
    assert sorted(circle.of(("a1",))) == [("b1",), ("c1",)]
    one_way = Synonyms([Synonym("baskets", "chaussures de sport")])
    assert one_way.of(tuple(tokens("basket"))) == [tuple(tokens("chaussure sport"))]
    assert one_way.of(tuple(tokens("chaussures de sport"))) == ()
    assert Synonyms([Synonym("même", "mêmes")]).longest == 0
