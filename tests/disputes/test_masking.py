"""Contact details are hidden however they are written; what only looks like them is left alone."""

from __future__ import annotations

import pytest

from disputes.masking import MASK, Detail, mask
from disputes.spoken import spoken_digits

HIDDEN = [
    (Detail.EMAIL, "Écrivez à {jean.dupont@mail.example} svp"),
    (Detail.EMAIL, "{jean point dupont arobase mail point com}"),
    (Detail.EMAIL, "{jean (at) mail (dot) com}"),
    (Detail.EMAIL, "c’est {j e a n @ m a i l . c o m}"),
    (Detail.EMAIL, "{jеan@mаil.com}"),
    (Detail.EMAIL, "{jean＠mail.com}"),
    (Detail.PHONE, "appelez le {06 12 34 56 78}"),
    (Detail.PHONE, "{06.12.34.56.78}, merci"),
    (Detail.PHONE, "{0612345678}"),
    (Detail.PHONE, "{+33 6 12 34 56 78}"),
    (Detail.PHONE, "{0033612345678}"),
    (Detail.PHONE, "{O6 12 34 56 78}"),
    (Detail.PHONE, "{０６１２３４５６７８}"),
    (Detail.PHONE, "{zéro six, douze, trente-quatre, cinquante-six, soixante-dix-huit}"),
    (Detail.PHONE, "{zero six vingt et un trente quatre quatre-vingt-dix-neuf zéro deux} merci"),
    (Detail.PHONE, "{oh seven nine one one two three four five six}"),
    (Detail.PHONE, "tel {zero6 12 trois quatre 56 78}"),
    (Detail.LINK, "voyez {https://ailleurs.example/x}"),
    (Detail.LINK, "sur {monsite.fr/promo}"),
    (Detail.LINK, "{www.ailleurs.example}"),
    (Detail.LINK, "{monsite point com}"),
    (Detail.MESSENGER, "insta: {jean_du_13}"),
    (Detail.MESSENGER, "{@jean_du_13} partout"),
]

LEFT_ALONE = [
    "Ma commande CMD-2026-0612345678 n’est pas arrivée.",
    "Le colis 6A12345678901 est parti.",
    "XY123456789FR",
    "suivi 8R 123 456 789 01 23",
    "suivi 1234 0612 345 678",
    "Le litige D-2026-000123",
    "EAN 3612345678901",
    "reçu le 05/06/2026 12h30",
    "le 2026-05-06 12:34:56",
    "12,50 € et 3 articles, soit 1 299,00 €.",
    "photo.jpg jointe",
    "J’en ai commandé deux, reçu un, quatre manquent et six sont cassés.",
    "Il fait 220 V, 10 A, 2200 W.",
    "Je passe parfois par WhatsApp.",
    "J’étais at home.Then nothing came",
    "Réf. 12345678",
]


@pytest.mark.parametrize(("kind", "text"), HIDDEN, ids=lambda value: str(value)[:30])
def test_a_contact_detail_is_hidden_and_only_that(kind: Detail, text: str) -> None:
    start, _open, rest = text.partition("{")
    _detail, _close, end = rest.partition("}")
    masked = mask(text.replace("{", "").replace("}", ""))
    assert masked.text == f"{start}{MASK}{end}"
    assert [found.kind for found in masked.found] == [kind]


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_what_is_no_contact_detail_is_left_alone(text: str) -> None:
    assert mask(text).text == text


def test_the_numbers_of_this_order_are_known_even_where_they_look_like_a_phone() -> None:
    assert mask("colis 0612345678", known=["0612345678"]).text == "colis 0612345678"
    assert mask("colis 0612345678").text == f"colis {MASK}"


def test_several_details_are_each_hidden_in_place() -> None:
    masked = mask("06 12 34 56 78 ou a@b.example, sinon www.c.example")
    assert masked.text == f"{MASK} ou {MASK}, sinon {MASK}"


def test_a_long_text_is_masked_in_no_time() -> None:
    assert mask("a.b-c d" * 1400 + " 0612345678").found


def test_numbers_in_words_are_read_in_both_languages() -> None:
    assert [digits for *_, digits in spoken_digits("un, deux, soixante-dix, quatre-vingt-un")] == ["127081"]
    assert [digits for *_, digits in spoken_digits("one two seventy eighty one")] == ["127081"]
    assert list(spoken_digits("12 34 56 78")) == []
