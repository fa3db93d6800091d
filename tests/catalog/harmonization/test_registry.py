"""The engine: changes are exact and can be taken back, rules can be switched off, doubtful repairs are also issues."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.harmonization import RULES, Context, harmonize, rule, undo
from catalog.sheets import HarmonizedSheet, MappedSheet


def sheet(**values: str) -> MappedSheet:
    """Return a mapped sheet whose columns are called as their attributes, in capitals."""
    return MappedSheet(7, values, {name: name.upper() for name in values})


def rules_of(result: HarmonizedSheet) -> list[str]:
    """Return the rules that changed the sheet, in order."""
    return [change.rule for change in result.changes]


def test_a_change_holds_the_value_before_and_after_and_the_vendors_column() -> None:
    result = harmonize(sheet(title="<b>Table</b> basse en chêne"))
    change = result.changes[0]
    assert (change.before, change.after) == ("<b>Table</b> basse en chêne", "Table basse en chêne")
    assert (change.attribute, change.rule, change.source) == ("title", "text.html", "TITLE")


def test_each_change_starts_where_the_one_before_it_ended() -> None:
    result = harmonize(sheet(title="🔥 <i>TABLE BASSE EN CHENE</i>   - LIVRAISON GRATUITE !!!"))
    titles = [change for change in result.changes if change.attribute == "title"]
    assert len(titles) >= 3
    assert all(earlier.after == later.before for earlier, later in pairwise(titles))
    assert titles[-1].after == result.values["title"] == "Table basse en chêne"


def test_undoing_a_change_restores_the_attribute_and_leaves_the_others() -> None:
    result = harmonize(sheet(title="TABLE BASSE EN CHENE", brand="AUCUNE"))
    change = next(change for change in result.changes if change.rule == "title.case")
    undone = undo(result, change)
    assert undone.values["title"] == "TABLE BASSE EN CHENE"
    assert undone.values["brand"] is None
    assert change not in undone.changes
    assert result.values["title"] == "Table basse en chêne"


def test_undoing_an_early_change_takes_back_what_stood_on_it() -> None:
    result = harmonize(sheet(title="<b>TABLE BASSE EN CHENE</b>"))
    undone = undo(result, result.changes[0])
    assert undone.values["title"] == "<b>TABLE BASSE EN CHENE</b>"
    assert "title.case" not in rules_of(undone)


def test_undoing_a_change_that_is_not_there_is_refused() -> None:
    result = harmonize(sheet(title="<b>Table</b> basse en chêne"))
    with pytest.raises(ValueError, match=r"text\.html"):
        undo(undo(result, result.changes[0]), result.changes[0])


def test_a_rule_can_be_switched_off_everywhere_or_for_one_attribute() -> None:
    given_sheet = sheet(title="<b>Table</b> basse en chêne", description="<p>Une table solide.</p>")
    everywhere = harmonize(given_sheet, replace(Context.default("fr"), disabled=frozenset({"text.html"})))
    assert "text.html" not in rules_of(everywhere)
    one = harmonize(given_sheet, replace(Context.default("fr"), disabled=frozenset({"text.html:title"})))
    assert one.values["title"] == "<b>Table</b> basse en chêne"
    assert one.values["description"] == "Une table solide."


def test_a_value_noted_for_another_attribute_can_be_switched_off_alone() -> None:
    context = replace(Context.default("fr"), disabled=frozenset({"dimensions.found:width"}))
    values = harmonize(sheet(title="Plateau en bambou 30x40 cm"), context).values
    assert "width" not in values
    assert values["length"] == {"value": 30, "unit": "cm", "raw": "30 cm"}


def test_a_repair_below_the_operators_threshold_is_also_an_issue() -> None:
    given_sheet = sheet(description="Une table en chêne. Contactez-nous au 06 12 34 56 78.")
    strict = harmonize(given_sheet, replace(Context.default("fr"), review_below=0.8))
    assert [found.code for found in strict.issues] == ["contact_in_text"]
    trusting = harmonize(given_sheet, replace(Context.default("fr"), review_below=0.5))
    assert trusting.issues == ()
    assert strict.values == trusting.values


def test_reading_a_price_is_no_change_but_guessing_its_currency_is() -> None:
    assert rules_of(harmonize(sheet(price="19,99 €"))) == []
    guessed = harmonize(sheet(price="19,99"), replace(Context.default("fr"), currency="CHF"))
    assert rules_of(guessed) == ["price.read"]
    assert guessed.values["price"] == {"amount": 1999, "currency": "CHF"}


def test_an_issue_names_the_line_and_the_column() -> None:
    found = harmonize(sheet(gtin="4006381333932")).issues[0]
    assert (found.code, found.row, found.column, found.value) == ("invalid_gtin", 7, "GTIN", "4006381333932")


def test_an_empty_cell_is_reported_only_where_the_file_has_the_column() -> None:
    plain = harmonize(sheet(title="Table basse en chêne"))
    assert plain.issues == ()
    told = harmonize(
        sheet(title="Table basse en chêne"), replace(Context.default("fr"), given=frozenset({"price", "image_link"}))
    )
    assert {found.code for found in told.issues} == {"price_missing", "image_missing"}


@pytest.mark.parametrize(
    ("attribute", "value", "code"),
    [("image_link", " ; ", "image_missing"), ("gtin", "400638133393²", "invalid_gtin"), ("availability", "²", "2006")],
)
def test_a_cell_of_signs_that_only_look_like_a_value_is_a_fault(attribute: str, value: str, code: str) -> None:
    assert code in {found.code for found in harmonize(sheet(**{attribute: value})).issues}


def test_two_rules_of_one_name_are_a_programming_fault() -> None:
    with pytest.raises(ValueError, match=r"text\.html"):
        rule("text.html", attribute="title", fr="Rien du tout ici.", en="Nothing at all here.")(lambda *_: None)
    assert RULES["text.html"].fixes == "html_in_text"


ATTRIBUTES = (
    "title", "description", "brand", "price", "gtin", "color", "size", "weight", "image_link", "stock", "availability",
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(ATTRIBUTES), st.text()))
def test_no_text_makes_a_rule_fail_and_a_second_run_is_the_same(values: dict[str, str]) -> None:
    once = harmonize(MappedSheet(2, values))
    assert harmonize(MappedSheet(2, values)) == once
    for attribute in ("title", "description"):
        last = [change.after for change in once.changes if change.attribute == attribute]
        assert not last or last[-1] == once.values[attribute]


HOSTILE = [
    "6^800000 g",
    "9" * 5000,
    "<" * 5000,
    "(" * 3000 + "a",
    "1 x " * 2000,
    "&amp;" * 2000,
    "a." * 4000,
    "@" * 5000,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_read_in_no_time(text: str) -> None:
    for attribute in ("title", "description", "weight", "price", "image_link", "color"):
        harmonize(MappedSheet(2, {attribute: text}))
