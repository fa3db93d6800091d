"""Every issue code speaks both languages and says what to do."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from catalog.issues import ISSUES, as_json, attribute_label, fix, issue, language_name, message, named, severity_of
from catalog.sheets import Issue, Severity
from catalog.text import Language

PUBLISHED = (
    "1000 1001 1002 1004 2006 invalid_gtin restricted_gtin bulk_gtin title_truncated title_all_caps "
    "title_repeated_words html_in_text mojibake control_characters boilerplate emoji_in_text contact_in_text "
    "placeholder_value brand_missing brand_conflict category_conflict unit_conflict price_missing price_suspect "
    "price_format duplicate_in_file image_missing image_url_invalid description_missing description_equals_title "
    "title_too_short title_too_long keyword_contradiction wrong_language"
)


@pytest.mark.parametrize("code", PUBLISHED.split(" "))
def test_every_published_code_is_known(code: str) -> None:
    assert ISSUES[code].code == code


@pytest.mark.parametrize("code", sorted(ISSUES))
def test_a_code_says_the_same_parameters_in_both_languages(code: str) -> None:
    kind = ISSUES[code]
    names = [set(re.findall(r"{(\w+)}", kind.words[locale])) for locale in ("fr", "en")]
    assert names[0] == names[1]
    assert kind.words["fr"] != kind.words["en"]
    assert kind.fix["fr"] != kind.fix["en"]


def test_a_message_names_the_attribute_in_the_reader_s_language() -> None:
    found = issue("1000", "brand", row=7)
    assert found.severity is Severity.ERROR
    assert found.row == 7
    assert message(found, "fr") == "L’attribut obligatoire « Marque » manque."
    assert message(found, "en") == "The required attribute “Brand” is missing."
    assert fix(found, "en") == "Fill in “Brand” in your file."


def test_an_amount_that_cannot_be_read_is_not_sought_in_a_list() -> None:
    stock, weight, colour = (issue("2006", name, "abc") for name in ("stock", "weight", "color"))
    assert message(stock, "fr") == "« abc » ne se lit pas comme un nombre pour « Stock »."
    assert fix(weight, "en") == "Write a number, with its unit where it has one."
    assert "is not in the list" in message(colour, "en")


def test_a_doubtful_price_reads_as_the_reader_writes_money() -> None:
    doubtful = issue("price_suspect", "price", "-3.00 EUR")
    assert message(doubtful, "fr") == "Le prix « -3,00\N{NO-BREAK SPACE}€ » paraît faux."
    assert message(doubtful, "en") == "The price “-€3.00” looks wrong."
    assert "“trois euros”" in message(issue("price_suspect", "price", "trois euros"), "en")


def test_a_message_with_a_parameter_missing_is_still_a_sentence() -> None:
    assert message(Issue("1002", Severity.ERROR), "en") == "The line has ? fields instead of ?."


def test_a_long_value_is_cut_and_a_measure_is_quoted_as_the_vendor_wrote_it() -> None:
    assert len(message(issue("mojibake", value="Ã©" * 500), "en")) < 140
    measure = {"value": 1.5, "unit": "L", "raw": "1,5 L"}
    assert "is 1,5 L here and 2 L elsewhere" in message(issue("unit_conflict", "capacity", measure, other="2 L"), "en")


@pytest.mark.parametrize(
    ("found", "expected", "in_french", "in_english"),
    [
        ("de", "fr", "est en allemand alors que la fiche est en français", "is in German while the sheet is in French"),
        (
            "nl",
            "en",
            "est en néerlandais alors que la fiche est en anglais",
            "is in Dutch while the sheet is in English",
        ),
        ("xx", "fr", "est en xx alors que la fiche est en français", "is in xx while the sheet is in French"),
    ],
)
def test_a_wrong_language_is_named_in_the_reader_s_language(
    found: str, expected: str, in_french: str, in_english: str
) -> None:
    wrong = issue("wrong_language", "description", "Der Tisch", found=found, expected=expected)
    assert in_french in message(wrong, "fr")
    assert in_english in message(wrong, "en")


def test_every_language_that_can_be_recognized_has_a_name() -> None:
    assert all(language_name(code, "fr") != code for code in get_args(Language))


def test_braces_in_a_vendor_s_value_do_not_break_the_message() -> None:
    assert "{0}{attribute}" in message(issue("title_truncated", value="{0}{attribute}"), "fr")


def test_the_json_line_carries_the_message_beside_the_code() -> None:
    line = as_json(issue("invalid_gtin", value="123"), "fr")
    assert line == {
        "code": "invalid_gtin", "severity": "error", "attribute": "gtin", "value": "123",
        "message": "Le code-barres « 123 » est faux.",
    }  # fmt: skip


def test_an_unknown_attribute_is_shown_as_it_is_and_an_unknown_code_is_refused() -> None:
    assert attribute_label("fret_code", "fr") == "fret_code"
    with pytest.raises(KeyError):
        severity_of("no_such_code")


@pytest.mark.parametrize("code", ISSUES)
def test_a_fault_is_named_in_general_without_a_value(code: str) -> None:
    for locale in ("fr", "en"):
        assert named(code, locale).endswith(".")
        assert "{" not in named(code, locale)
    assert named("title_truncated", "fr") == "Le titre est coupé."
    assert named("image_url_invalid", "en") == "The image address “…” is not valid."
