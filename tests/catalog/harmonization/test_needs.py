"""What a rule says it needs never hides a case from it, and words are found where they stand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.harmonization import RULES, Context, harmonize, lexicons, registry, rule
from catalog.harmonization.draft import Hit, Words
from catalog.harmonization.golden import pairs
from catalog.harmonization.lexicons import Term, mark
from catalog.sheets import HarmonizedSheet, Locale, MappedSheet
from tests.catalog.harmonization.seeded import FAULTS, clean_sheets

LOCALES: tuple[Locale, ...] = ("fr", "en")


def sheets() -> list[MappedSheet]:
    """Return the sheets of all golden pairs, the clean ones, and these with every seeded fault."""
    clean = [(locale, values) for locale, values, _ in clean_sheets()]
    seeded = [made for fault in FAULTS for locale, values in clean if (made := fault.seed(values, locale))]
    texts = [{"title": values["title"], "description": values["description"]} for _, values in clean]
    return [
        *(pair.sheet() for pair in pairs()),
        *(MappedSheet(2, values) for values in (*seeded, *texts)),
    ]


def harmonized() -> list[HarmonizedSheet]:
    """Return all sheets harmonized in both languages."""
    contexts = [Context.default(locale) for locale in LOCALES]
    return [harmonize(sheet, context) for context in contexts for sheet in sheets()]


def test_what_a_rule_needs_never_hides_a_case(monkeypatch: pytest.MonkeyPatch) -> None:
    gated = harmonized()
    assert any(each.needs for each in RULES.values())
    for each in list(RULES.values()):
        monkeypatch.setitem(RULES, each.id, replace(each, needs=0))
    monkeypatch.setattr(registry, "_PLANS", {})
    assert harmonized() == gated


def test_a_rule_that_needs_nothing_always_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[object] = []
    monkeypatch.setattr(registry, "RULES", {})
    monkeypatch.setattr(registry, "_PLANS", {})
    register = rule(
        "test.any", attribute="color", on_missing=True, fr="Ne fait rien du tout.", en="Does nothing at all."
    )
    register(lambda value, draft, context: seen.append(value))
    harmonize(MappedSheet(2, {"title": "Vase"}))
    assert seen == [None]


def test_a_need_that_no_list_knows_is_a_programming_fault() -> None:
    with pytest.raises(KeyError, match="no such group"):
        rule("test.need", attribute="title", needs="no such group", fr="Rien.", en="Nothing.")(lambda *_: None)
    assert "test.need" not in RULES


SITES = ("com", "fr", "net", "org", "eu", "co.uk", "shop", "store", "boutique", "biz", "info")
CALLS = (
    "Contactez-nous.", "Contacter-nous vite.", "N'hésitez pas à nous contacter.", "Pensez à nous appeler.",
    "Vous pouvez nous écrire.",
    "Écrivez-nous.", "Appelez-nous.", "Joignez-nous.", "Contactez le vendeur.", "Contact us.", "Message us.", "Call us.",
    "Phone us.", "Email us.", "E-mail us.", "Text us.", "WhatsApp us.", "Reach out to us.", "Contact the seller.",
)  # fmt: skip


@pytest.mark.parametrize(
    "said", [*(f"Voir exemple-bols.{ending} !" for ending in SITES), "Voir www.exemple.bols", *CALLS]
)
def test_whatever_leads_away_from_the_marketplace_is_seen(said: str) -> None:
    result = harmonize(MappedSheet(2, {"title": "Bol en grès", "description": f"Un bol en grès émaillé. {said}"}))
    named = [change.rule for change in result.changes] + [issue.code for issue in result.issues]
    assert {"text.contact", "contact_in_text"} & set(named)


def test_marks_that_many_texts_have_fit_into_one_digit_of_a_number() -> None:
    assert lexicons.MARKS[30:] == ("contact_cues", "foreign")
    assert mark(*lexicons.MARKS[:30]) < 2**30


def test_every_group_that_marks_texts_is_in_the_list_of_words() -> None:
    groups = {row["group"] for row in lexicons.table("word_groups")}
    assert set(lexicons.MARKS) - {"text", "digits", "phrases", "foreign", *lexicons.KINDS} <= groups


WORDY = st.text(st.sampled_from("aZé ÀœŒß…’–µª0Ω中★.,'\n"), max_size=60)


@given(WORDY)
def test_a_word_is_placed_where_it_stands(text: str) -> None:
    words = Words(text, Context.default("fr"))
    places = [words.place(at) for at in range(len(words.folded))]
    assert places == words.spans()
    if places:
        whole = Hit(Term(("x",), "brand", "X"), 0, len(places))
        assert words.span(whole) == (places[0][0], places[-1][1])


@given(WORDY, st.integers(0, 60))
def test_the_words_of_a_beginning_are_those_of_the_text_cut_anew(text: str, size: int) -> None:
    context = Context.default("fr")
    beginning = Words(text, context).beginning(text[:size])
    if beginning is not None:
        anew = Words(text[:size], context)
        assert (beginning.folded, beginning.bits, beginning.marks, beginning.digits) == (
            anew.folded, anew.bits, anew.marks, anew.digits
        )  # fmt: skip
