"""Completeness and quality stay apart; categories are taken or asked for; duplicates in a file are seen."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import pytest

from catalog.duplicates import Duplicates
from catalog.harmonized_line import harmonize_line
from catalog.issues import ISSUES, issue
from catalog.quality import (
    CHECKS,
    Band,
    band_of,
    choose_category,
    completeness,
    missing_issues,
    quality,
)
from catalog.requirements import Level, Requirements, default_requirements
from catalog.sheets import (
    CategorySuggestion,
    Change,
    HarmonizedSheet,
    Issue,
    KeywordGap,
    MappedSheet,
    Value,
)
from catalog.taxonomy import Category, Taxonomy

TREE = Taxonomy.builtin()
FULL: dict[str, Value] = {
    "title": "Cafetière expresso Krups XP344", "description": "Pompe de 15 bars.", "brand": "Krups",
    "image_link": "https://example.org/a.jpg",
}  # fmt: skip


def sheet(*issues: Issue, **values: Value) -> HarmonizedSheet:
    return HarmonizedSheet(2, {**FULL, **values}, issues=issues)


def test_completeness_names_what_is_missing_the_required_first() -> None:
    levels = {"*": {"brand": Level.RECOMMENDED, "title": Level.REQUIRED, "gtin": Level.OPTIONAL}}
    score, missing = completeness({"title": "", "brand": None}, None, Requirements(levels))
    assert (score, missing) == (0.0, ["title", "brand"])
    assert [one.attribute for one in missing_issues(missing, row=4)] == ["title"]
    score, missing = completeness({"title": "Robe", "brand": None}, None, Requirements(levels))
    assert (score, missing) == (pytest.approx(0.6667), ["brand"])
    assert missing_issues(missing) == []


def test_a_category_asks_for_its_own_attributes_and_silences_others() -> None:
    requirements = default_requirements(TREE)
    _, of_dress = completeness(FULL, "2271", requirements)
    _, of_book = completeness({**FULL, "brand": None}, "784", requirements)
    assert "size" in of_dress
    assert "brand" not in of_book


def test_a_text_counts_only_in_its_language_where_it_is_given_by_language() -> None:
    requirements = Requirements({"*": {"title": Level.REQUIRED}})
    assert completeness({"title_fr": "Robe"}, None, requirements, "fr")[0] == 1
    assert completeness({"title_fr": "Robe"}, None, requirements, "en")[0] == 0


def test_nothing_asked_for_is_complete() -> None:
    assert completeness({}, None, Requirements({})) == (1.0, [])


def test_a_clean_sheet_is_an_a_and_each_fault_lowers_it() -> None:
    clean = quality(sheet())
    assert (clean.score, clean.band) == (1.0, Band.A)
    cut = quality(sheet(issue("title_truncated")))
    both = quality(sheet(issue("title_truncated")), [KeywordGap("missing_brand_in_title", "Krups", "…")])
    assert 1 > cut.score > both.score
    assert quality(sheet(image_link=None)).score < 1


def test_a_dismissed_check_or_code_no_longer_counts_and_stays_visible() -> None:
    flawed = sheet(issue("title_truncated"), issue("wrong_language"))
    assert quality(flawed, dismissed=["title.whole", "wrong_language"]).score == 1
    results = {result.check.id: result for result in quality(flawed, dismissed=["title.whole"]).checks}
    assert results["title.whole"].dismissed
    assert results["title.whole"].found == ("title_truncated",)
    assert not results["description.language"].dismissed


@pytest.mark.parametrize(("score", "band"), [(1, "A"), (0.9, "A"), (0.8, "B"), (0.7, "C"), (0.6, "D"), (0.59, "E")])
def test_bands_start_where_the_design_says(score: float, band: str) -> None:
    assert band_of(score) == band


def test_every_issue_code_belongs_to_one_check_at_most_and_nearly_all_to_one() -> None:
    codes = [code for check in CHECKS for code in check.fails_on]
    assert len(codes) == len(set(codes))
    assert set(ISSUES) - set(codes) == {"duplicate_in_file"}


def test_a_category_stated_by_id_or_path_is_taken() -> None:
    assert choose_category(sheet(google_product_category="736"), [], TREE, 0.7)[0] == "736"
    path = TREE.path("736", "en")
    assert choose_category(sheet(product_type=path), [], TREE, 0.7) == ("736", [])


def test_a_suggestion_is_taken_from_the_threshold_on_and_asked_about_below() -> None:
    sure = [CategorySuggestion("736", TREE.path("736", "fr"), 0.8)]
    assert choose_category(sheet(), sure, TREE, 0.7) == ("736", [])
    assert choose_category(sheet(), sure, TREE, 0.9) == (None, [])
    category, found = choose_category(sheet(), [CategorySuggestion("736", "…", 0.2)], TREE, 0.7)
    assert (category, [one.code for one in found]) == (None, ["1004"])


def test_a_stated_number_that_a_marketplace_s_own_tree_lacks_is_an_error() -> None:
    tree = Taxonomy.of([Category("1", None, {"fr": "Maison"})])
    found = choose_category(sheet(google_product_category="99"), [], tree, 0.7)[1]
    assert [one.code for one in found] == ["1001", "1004"]


def test_a_stated_category_that_the_title_contradicts_is_kept_and_flagged() -> None:
    category, found = choose_category(sheet(title="Bouilloire inox", google_product_category="187"), [], TREE, 0.7)
    assert (category, [one.code for one in found]) == ("187", ["category_conflict"])


def test_a_duplicate_in_a_file_names_the_first_line() -> None:
    seen = Duplicates()
    rows = [MappedSheet(number, {"id": key, "title": str(number)}) for number, key in enumerate("abcab", start=2)]
    found = [seen.found_in(row) for row in rows]
    assert [one.params["first_row"] if one else None for one in found] == [None, None, None, 2, 3]


def test_without_an_id_only_the_same_content_is_a_duplicate() -> None:
    seen = Duplicates()
    assert seen.found_in(MappedSheet(2, {"title": "Robe"})) is None
    assert seen.found_in(MappedSheet(3, {"title": "Jupe"})) is None
    assert seen.found_in(MappedSheet(4, {"title": "Robe"})) is not None
    assert seen.first_row("", 5) is None


def test_one_article_under_two_ids_is_a_duplicate_but_not_another_condition_or_size() -> None:
    seen = Duplicates()
    told = {"title": "Robe", "gtin": "3770000000008", "condition": "new", "size": "M"}
    others = (
        {"id": "a"},
        {"id": "b", "condition": "used"},
        {"id": "c", "size": "L"},
        {"id": "d", "title": "Jupe"},
        {"id": "e"},
    )
    found = [seen.found_in(MappedSheet(row, {**told, **other})) for row, other in enumerate(others, start=2)]
    assert found[:4] == [None] * 4
    assert found[4] is not None
    assert (found[4].attribute, found[4].params["first_row"]) == ("gtin", 2)
    assert seen.found_in(MappedSheet(8, {"id": "f", "title": "Sac", "gtin": "00000000"})) is None
    assert seen.found_in(MappedSheet(9, {"id": "g", "title": "Sac", "gtin": "00000000"})) is None


def test_many_keys_are_remembered_in_little_memory() -> None:
    seen = Duplicates()
    assert all(seen.first_row(f"sku-{number}", number) is None for number in range(1, 20_001))
    assert [seen.first_row(f"sku-{number}", 0) for number in (1, 9_999, 20_000)] == [1, 9_999, 20_000]
    assert seen._keys.nbytes + seen._rows.nbytes <= 24 * 20_001 * 2


@dataclass
class Made:
    mapped: MappedSheet
    sheet: HarmonizedSheet
    issues: tuple[Issue, ...]
    keywords: tuple[KeywordGap, ...]
    suggestions: tuple[CategorySuggestion, ...]
    completeness: float
    quality: float


def test_a_line_has_the_shape_that_scripts_rely_on() -> None:
    made = Made(
        MappedSheet(2, {"title": "ROBE", "gtin": "1"}),
        HarmonizedSheet(2, {"title": "Robe"}, [Change("title", "ROBE", "Robe", "title.case", 0.98, "Libelle")]),
        (issue("invalid_gtin", value="1"),), (KeywordGap("missing_brand_in_title", "Krups", "…"),),
        (CategorySuggestion("2271", "Mode > Robes", 0.9),), 0.5, 0.7,
    )  # fmt: skip
    line = harmonize_line(made, "en")
    assert list(line) == [
        "row", "mapped", "sheet", "changes", "issues", "keywords", "category", "completeness", "quality",
    ]  # fmt: skip
    assert line["changes"][0]["rule"] == "title.case"
    assert line["issues"][0]["message"] == "The barcode “1” is wrong."
    assert line["keywords"] == [{"kind": "missing_brand_in_title", "term": "Krups", "evidence": "…"}]
    assert line["category"] == [{"id": "2271", "path": "Mode > Robes", "score": 0.9}]


def test_a_repeated_line_carries_the_issue_where_the_file_is_watched() -> None:
    seen = Duplicates()
    made = Made(MappedSheet(2, {"id": "a"}), sheet(), (), (), (), 1.0, 1.0)
    codes = [[one["code"] for one in harmonize_line(made, "fr", seen)["issues"]] for _ in range(2)]
    assert codes == [[], ["duplicate_in_file"]]


def test_weights_of_checks_are_positive_and_texts_are_in_both_languages() -> None:
    assert all(check.weight > 0 and check.text["fr"] != check.text["en"] for check in CHECKS)
    assert all(one.id != other.id for one, other in pairwise(sorted(CHECKS, key=lambda check: check.id)))
