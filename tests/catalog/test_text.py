"""Search tokens, spellings and languages of texts."""

from __future__ import annotations

import pytest

from catalog.sheets import Locale
from catalog.text import detected_language, fold, foreign_words, is_word, language, spellings, tokens, units, words


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("1,5L", "1.5 l"),
        ("1,5 litre", "1.5l"),
        ("Écran 15,6 pouces", 'ecran 15.6"'),
        ("30x40 cm", "30 x 40 cm"),
        ("1 200 W", "1200w"),
        ("boucle d'oreille", "boucle d oreille"),
        ("L’eau", "eau"),
        ("aspirateurs traîneaux", "ASPIRATEUR TRAINEAU"),
        ("robes blanches", "robe blanc"),
        ("chevaux", "cheval"),
        ("œillet", "oeillet"),
        ("2,50 mm²", "2.5 mm2"),
    ],
)
def test_two_ways_of_writing_give_the_same_tokens(left: str, right: str) -> None:
    assert tokens(left, "fr") == tokens(right, "fr")


@pytest.mark.parametrize(
    ("left", "right", "locale"),
    [
        ("75 cl", "750 ml", "fr"),
        ("presse-agrumes", "presse agrumes", "fr"),
        ("presse-agrumes", "presseagrumes", "fr"),
        ("t-shirt", "tshirt", "fr"),
        ("iPhone 5", "iphone5", "fr"),
        ("SM-G900", "smg900", "fr"),
        ("women's kettles", "woman kettle", "en"),
        ("1.7 L", "1700 ml", "en"),
    ],
)
def test_variants_share_a_token(left: str, right: str, locale: Locale) -> None:
    assert set(tokens(left, locale)) & set(tokens(right, locale))


def test_a_measure_gives_its_number_and_its_canonical_form() -> None:
    assert tokens("Bouilloire 150 cl", "fr") == ["bouilloir", "150", "1.5l"]


def test_stop_words_are_left_out_but_a_text_of_them_alone_is_kept() -> None:
    assert tokens("la lampe de chevet sans fil", "fr") == ["lamp", "chevet", "san", "fil"]
    assert tokens("le la les", "fr") == ["le", "la", "les"]


def test_folding_keeps_nothing_but_plain_letters() -> None:
    assert fold("Œuvre d’Été — Ça") == "oeuvre d'ete - ca"


def test_words_stay_as_written() -> None:
    assert words("L'Oréal presse-agrumes 1,5L") == ["L'Oréal", "presse-agrumes", "1,5L"]


def test_the_dictionary_knows_the_accents_of_a_word() -> None:
    assert spellings("cafetiere", "fr") == ("cafetière",)
    assert set(spellings("sur", "fr")) == {"sur", "sûr"}
    assert is_word("kettle", "en")
    assert not is_word("nespresso", "fr")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Une table en chêne avec deux tiroirs pour la chambre", "fr"),
        ("This table is made of oak and has two drawers", "en"),
        ("Der Tisch ist aus Eiche und hat zwei Schubladen", None),
        ("Lampe LED USB", None),
        ("", None),
    ],
)
def test_the_language_of_a_text_is_told_or_left_open(text: str, expected: str | None) -> None:
    assert language(text) == expected


def test_languages_that_the_house_does_not_speak_are_told_apart_too() -> None:
    assert detected_language("Der Tisch ist aus Eiche und hat zwei Schubladen") == "de"
    assert "und" in foreign_words("fr")
    assert "avec" not in foreign_words("fr")
    # Words that French has too, though it does not tell itself by them.
    assert foreign_words("fr").isdisjoint(("a", "on", "se", "y"))


def test_units_are_a_closed_list_with_plain_factors() -> None:
    assert units()["cl"].factor == 0.01
    assert units()['"'].canonical == "cm"
    assert "furlong" not in units()


def test_a_model_and_its_memory_stay_two_numbers() -> None:
    assert tokens("iPhone 13 128 Go", "fr") == ["iphon", "13", "128", "128gb"]
    assert tokens("iphone 13 128", "fr") == ["iphon", "13", "128"]
    assert tokens("disque dur 1 000 Go", "fr")[-2:] == ["1000", "1000gb"]
    assert "10000mah" in tokens("batterie 10 000 mAh", "fr")
