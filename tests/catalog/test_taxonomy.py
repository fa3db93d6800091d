"""A category tree is sound or refused with its line; requirement levels are inherited."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from catalog.requirements import Level, Requirements, default_requirements
from catalog.taxonomy import (
    Category,
    Taxonomy,
    TaxonomyRefused,
    lines_of,
    read_csv,
    read_google,
    read_taxonomy,
)

GOOGLE = Path(__file__).parents[3] / "shared" / "data" / "taxonomy"
ENGLISH = ["# Version: 1", "1 - Home", "2 - Home > Kitchen", "30 - Home > Kitchen > Coffee Makers", "9 - Toys"]
FRENCH = ["# Version : 1", "1 - Maison", "2 - Maison > Cuisine", "30 - Maison > Cuisine > Cafetières"]
HEADER = "id,parent,label_fr,label_en"


def home() -> Taxonomy:
    return read_google(ENGLISH, "en").merged(read_google(FRENCH, "fr"))


def test_both_languages_of_google_s_text_meet_by_id() -> None:
    tree = home()
    assert tree.path("30", "en") == "Home > Kitchen > Coffee Makers"
    assert tree.path("30", "fr") == "Maison > Cuisine > Cafetières"
    assert tree.path("9", "fr") == "Toys"


def test_the_tree_knows_its_leaves_children_and_ancestors() -> None:
    tree = home()
    assert [category.id for category in tree.leaves()] == ["30", "9"]
    assert [category.id for category in tree.children("1")] == ["2"]
    assert [category.id for category in tree.children(None)] == ["1", "9"]
    assert [category.id for category in tree.ancestors("30")] == ["1", "2"]


def test_a_category_is_found_by_words_and_by_path() -> None:
    tree = home()
    assert [category.id for category in tree.search("cafetière", "fr")] == ["30"]
    assert [category.id for category in tree.search("kitch", "en")][:1] == ["2"]
    assert tree.search("submarine", "en") == []
    found = tree.by_path("home>KITCHEN  > coffee makers", "en")
    assert found is not None
    assert found.id == "30"


@pytest.mark.parametrize(
    ("lines", "code", "line", "words"),
    [
        ([HEADER, "1,,a,a", "2,1,b,b", "1,,c,c"], "duplicate_id", 4, "line 2"),
        ([HEADER, "1,,a,a", "2,7,b,b"], "unknown_parent", 3, "“7”"),
        ([HEADER, "1,3,a,a", "2,1,b,b", "3,2,c,c"], "cycle", 2, "1 > 3 > 2 > 1"),
        ([HEADER, "5,5,a,a"], "cycle", 2, "5 > 5"),
        ([HEADER, "1,,,"], "missing_value", 2, "label"),
        ([HEADER, "a b/c,,a,a"], "bad_id", 2, "“a b/c”"),
        ([HEADER, f"{'x' * 41},,a,a"], "bad_id", 2, "40 at most"),
        ([HEADER, "1,,a > b,a"], "bad_label", 2, "“>”"),
        ([HEADER, "1,,a,a", '2,,"b,b', "3,,c,c"], "torn_line", 3, "quotation mark"),
        ([HEADER, "1,,a\0b,a"], "bad_label", 2, "null character"),
        ([f"1 - {'a' * 201}"], "bad_label", 1, "200 characters"),
        ([f"{'1' * 41} - Home"], "bad_id", 1, "40 at most"),
        ([HEADER], "empty", 0, "no category"),
        ([], "empty", 0, "no category"),
        (["name,parent", "a,b"], "missing_column", 0, "“id”"),
        (["name,parent", "a,b"], "missing_column", 0, "The first line of the file is: “name,parent”"),
        (["# c", "1 - Home", "2 - Garden > Chairs"], "unknown_parent", 3, "Garden"),
        (["# c", "1 - Home", "Kitchen"], "unreadable_line", 3, "Kitchen"),
        (["# c", "1 - Home", "1 - Toys"], "duplicate_id", 3, "line 2"),
    ],
)
def test_an_unsound_tree_is_refused_with_its_line(lines: list[str], code: str, line: int, words: str) -> None:
    with pytest.raises(TaxonomyRefused) as refused:
        read_taxonomy(lines, "en")
    assert (refused.value.code, refused.value.line) == (code, line)
    assert words in refused.value.message("en")
    assert refused.value.message("fr") != refused.value.message("en")


@pytest.mark.parametrize(
    "lines",
    [["ID;Parent;Label_FR; Label_EN ", "1;;Maison;Home"], ["id\tparent\tlabel_fr\tlabel_en", "1\t\tMaison\tHome"]],
    ids=["capitals", "tabs"],
)
def test_a_tree_with_capitals_in_its_header_or_parted_by_tabs_is_read(lines: list[str]) -> None:
    assert [(one.id, one.labels) for one in read_taxonomy(lines)] == [("1", {"fr": "Maison", "en": "Home"})]


def test_an_empty_file_is_refused_as_one() -> None:
    with pytest.raises(TaxonomyRefused, match="This file is empty"):
        lines_of(b" \n")


def test_a_workbook_that_calls_itself_a_csv_is_refused_as_what_it_is() -> None:
    with pytest.raises(TaxonomyRefused) as refused:
        lines_of(b"PK\x03\x04\x14\x00\x06\x00")
    assert refused.value.code == "workbook"
    assert "CSV (UTF-8)" in refused.value.message("fr")


def test_a_merge_that_would_make_a_loop_is_refused() -> None:
    mine = Taxonomy.of([Category("1", None, {"en": "a"}), Category("2", "1", {"en": "b"})])
    with pytest.raises(TaxonomyRefused):
        mine.merged(Taxonomy({"3": Category("3", "4", {"en": "c"}), "4": Category("4", "3", {"en": "d"})}))


def test_a_csv_with_a_byte_order_mark_and_one_language_is_read() -> None:
    tree = read_taxonomy(["\ufeff" + HEADER, "a,,Maison,", 'b,a,"Tables, chaises",Tables'])
    assert tree.path("b", "en") == "Maison > Tables"


def test_the_nearest_category_decides_the_level() -> None:
    levels = {"*": {"title": Level.REQUIRED, "size": Level.OPTIONAL}, "1": {"size": Level.REQUIRED}}
    requirements = Requirements({**levels, "30": {"size": Level.DISABLED}}, home())
    assert requirements.level("2", "size") is Level.REQUIRED
    assert requirements.level("30", "size") is Level.DISABLED
    assert requirements.level("9", "size") is Level.OPTIONAL
    assert requirements.level(None, "title") is Level.REQUIRED
    assert requirements.level("unheard-of", "colour") is Level.OPTIONAL


def test_the_builtin_tree_is_sound_and_complete_in_both_languages() -> None:
    tree = Taxonomy.builtin()
    assert 350 <= len(tree) <= 450
    assert all(set(category.labels) == {"fr", "en"} for category in tree)
    assert tree.path("604", "fr") == "Maison et jardin > Électroménager"
    paths = [tree.path(category.id, "fr") for category in tree]
    assert len(set(paths)) == len(paths)
    assert default_requirements(tree).level("2271", "size") is Level.RECOMMENDED


@pytest.mark.skipif(not GOOGLE.exists() and os.environ.get("CI") != "true", reason="../shared/data is not here")
def test_the_real_google_tree_loads_in_both_languages() -> None:
    english = (GOOGLE / "taxonomy-with-ids.en-US.txt").read_text(encoding="utf-8").splitlines()
    french = (GOOGLE / "taxonomy-with-ids.fr-FR.txt").read_text(encoding="utf-8").splitlines()
    tree = read_taxonomy(english, "en").merged(read_taxonomy(french, "fr"))
    assert len(tree) > 5_500
    assert tree.path("604", "fr") != tree.path("604", "en")


def test_reading_a_csv_counts_the_lines_of_quoted_cells() -> None:
    with pytest.raises(TaxonomyRefused) as refused:
        read_csv([HEADER + "\n", '1,,"two\n', 'lines",x\n', "2,9,b,b\n"])
    assert refused.value.line == 4
