"""Every golden pair holds, every rule has one, and every rule speaks both languages."""

from __future__ import annotations

import pytest

from catalog.harmonization import RULES, Context, harmonize
from tests.catalog.harmonization.golden import Pair, pairs, shown

PAIRS = list(pairs())


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.rule}-{pair.locale}-{pair.before or pair.beside}"[:80])
def test_a_golden_pair_holds(pair: Pair) -> None:
    result = harmonize(pair.sheet(), Context.default(pair.locale))
    if pair.after.startswith("!"):
        assert pair.after[1:] in {found.code for found in result.issues}
    elif pair.after == "=":
        assert result.values[pair.attribute] == pair.before
        assert pair.rule not in {change.rule for change in result.changes}
        assert not {RULES[pair.rule].fixes, "brand_conflict"} & {found.code for found in result.issues}
    else:
        assert shown(result.values.get(pair.attribute)) == pair.after


def test_every_rule_has_a_golden_pair() -> None:
    assert set(RULES) - {pair.rule for pair in PAIRS} == set()


def test_every_golden_pair_names_a_rule_that_exists() -> None:
    assert {pair.rule for pair in PAIRS} - set(RULES) == set()


def test_every_rule_says_what_it_does_in_both_languages() -> None:
    for rule in RULES.values():
        for locale in ("fr", "en"):
            sentence = rule.text[locale]
            assert sentence.endswith("."), (rule.id, locale)
            assert len(sentence.split()) >= 4, (rule.id, locale)


def test_there_are_at_least_three_hundred_golden_pairs() -> None:
    assert len(PAIRS) >= 300
