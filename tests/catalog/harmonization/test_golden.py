"""Every golden pair holds, every rule has one, and every rule speaks both languages."""

from __future__ import annotations

import pytest

from catalog.assembly import Workshop, make
from catalog.harmonization import RULES, Context, harmonize
from catalog.harmonization.golden import Outcome, Pair, pairs, unescaped, visible
from tests.catalog.harmonization.golden import Coded, coded, shown

PAIRS = list(pairs())
CODED = list(coded())
# What one sheet alone can be told of; others need its file, its picture, another sheet, the law's day or a buyer.
CODES = """1000 1001 1004 2006 bulk_gtin invalid_gtin restricted_gtin gtin_digits_lost title_truncated title_all_caps
    title_repeated_words html_in_text mojibake control_characters boilerplate emoji_in_text contact_in_text
    placeholder_value brand_missing brand_conflict category_conflict unit_conflict price_missing price_suspect price_format
    image_missing image_url_invalid description_missing description_equals_title title_too_short title_too_long
    keyword_contradiction wrong_language"""


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.rule}-{pair.locale}-{pair.before or pair.beside}"[:80])
def test_a_golden_pair_holds(pair: Pair) -> None:
    result = harmonize(pair.sheet(), Context.default(pair.locale))
    if pair.reports:
        assert pair.reports in {found.code for found in result.issues}
    elif pair.outcome is Outcome.UNTOUCHED:
        assert result.values[pair.attribute] == pair.before
        assert pair.rule not in {change.rule for change in result.changes}
        assert not {RULES[pair.rule].fixes, "brand_conflict"} & {found.code for found in result.issues}
    else:
        assert shown(result.values.get(pair.attribute)) == pair.after


def test_every_rule_has_a_golden_pair() -> None:
    assert set(RULES) - {pair.rule for pair in PAIRS} == set()


def test_a_page_shows_what_does_not_show_as_the_files_write_it() -> None:
    assert visible("Th\u00e9i\u200b\u00e8re\n1\u202fL") == "Th\u00e9i\\u200b\u00e8re\\n1\\u202fL"
    assert unescaped("Th\u00e9i\\u200b\u00e8re\\n1") == "Th\u00e9i\u200b\u00e8re\n1"


def test_every_golden_pair_names_a_rule_that_exists() -> None:
    assert {pair.rule for pair in PAIRS} - set(RULES) == set()


def test_every_rule_says_what_it_does_in_both_languages() -> None:
    for rule in RULES.values():
        for locale in ("fr", "en"):
            sentence = rule.text[locale]
            assert sentence.endswith("."), (rule.id, locale)
            assert len(sentence.split()) >= 4, (rule.id, locale)


def test_there_are_at_least_seven_hundred_golden_pairs() -> None:
    assert len(PAIRS) >= 700


@pytest.mark.parametrize("line", CODED, ids=lambda line: f"{line.code}-{line.locale}-{line.cells}"[:80])
def test_a_whole_sheet_is_told_what_is_wrong_with_it_and_nothing_else(line: Coded) -> None:
    [made] = make([line.sheet()], Workshop.default(line.locale))
    told = {issue.code for issue in made.issues} | {gap.kind for gap in made.keywords}
    assert (line.code in told) == line.raised


def test_every_code_that_a_sheet_alone_can_have_is_in_the_golden_files() -> None:
    written = {pair.reports for pair in PAIRS} | {line.code for line in CODED}
    assert set(CODES.split()) - written == set()
