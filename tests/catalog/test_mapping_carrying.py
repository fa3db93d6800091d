"""A mapping as a file: brought back as it was, or refused at the place that is wrong."""

from __future__ import annotations

import json

import pytest

from catalog.mapping import carrying
from catalog.mapping.rule_checks import Known
from catalog.mapping.rule_text import read_rules
from catalog.taxonomy import Category, Taxonomy

KNOWN = Known(None, Taxonomy.of([Category("594", None, {"fr": "Luminaires", "en": "Lighting"})]))
GOOD = {"comptoir_mapping": 1, "columns": {"Nom": "title"}, "rules": ['color: lookup "Bleu nuit" -> "bleu"']}


def refused(said: object, locale: str = "en") -> list[str]:
    """Return why a file with this content is not taken."""
    return list(carrying.read(json.dumps(said).encode(), KNOWN, locale).refusals)


def test_a_mapping_comes_back_as_it_went() -> None:
    columns = {"Libellé": "title", "Divers": None}
    rules = list(read_rules('# pourquoi\nmarque: si-vide copier "Fabricant"\ncategory: lookup "Lampes" -> "594"').lines)
    carried = carrying.read(carrying.written(columns, rules, version=7).encode(), KNOWN, "fr")
    assert (carried.columns, list(carried.rules), carried.refusals) == (columns, rules, ())


def test_the_file_names_no_vendor() -> None:
    assert set(json.loads(carrying.written({}, [], version=1))) == {"comptoir_mapping", "version", "columns", "rules"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe\x00", "not JSON"),
        (b'{"a":\n oops}', "line 2"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "not a mapping"),
        (b'{"columns": {}}', "not a mapping"),
        (b"x" * (carrying.LARGEST_FILE + 1), "too large"),
    ],
)
def test_what_is_no_mapping_is_refused_in_words(content: bytes, words: str) -> None:
    (sentence,) = carrying.read(content, KNOWN, "en").refusals
    assert words in sentence


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"comptoir_mapping": 2}, "another form (2)"),
        ({"columns": ["title"]}, "“columns”"),
        ({"columns": {"Nom": 3}}, "“columns”"),
        ({"rules": "title: copy"}, "“rules”"),
        ({"rules": [None]}, "“rules”"),
        ({"rules": ["a\nb"]}, "“rules”"),
        ({"columns": {"Nom": "titel"}}, "columns → “Nom”: there is no attribute “titel”"),
        ({"rules": ["# ok", 'colour_of_old: copy "x"']}, "rules → line 2: There is no attribute “colour_of_old”"),
        ({"rules": ['category: lookup "Lampes" -> "777"']}, "rules → line 1: There is no category “777”"),
    ],
)
def test_a_mapping_that_points_at_nothing_is_refused_at_its_place(change: dict[str, object], words: str) -> None:
    assert any(words in sentence for sentence in refused(GOOD | change))
    assert refused(GOOD | change, "fr") != refused(GOOD | change)


def test_all_that_is_wrong_is_told_at_once() -> None:
    assert len(refused(GOOD | {"columns": {"A": "x", "B": "y"}, "rules": ["z: copy", "title:"]})) == 4
