"""Levels, lists and duties that the operator states reach the sheets, and go out and come back as files."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask

from backoffice import clock, jobs
from backoffice.errors import Invalid
from backoffice.extensions import db
from catalog import tree, workshop
from catalog.assembly import Recipe, Workshop, make
from catalog.gates import Gate, all_gates, missed
from catalog.issues import ISSUES, as_json
from catalog.lifecycle import ListingStatus
from catalog.models import Listing
from catalog.requirements import EVERYWHERE, Level
from catalog.sheets import MappedSheet, Severity
from catalog.taxonomies import duties, files, levels, ruling, values
from catalog.taxonomy import Taxonomy, TaxonomyRefused
from tests.factories.accounts import make_user
from tests.factories.catalog import selling_vendor
from tests.factories.taxonomies import put_listing, small_tree

ACTIVE = {"gpsr_manufacturer_missing": {"severity": "warning", "categories": []}}


@pytest.fixture
def home(app: Flask) -> None:
    small_tree()


def finish() -> None:
    db.session.commit()
    jobs.drain()
    db.session.expire_all()


def fresh(listing: Listing) -> Listing:
    db.session.expire_all()
    return db.session.get_one(Listing, listing.id)


def made(words: dict[str, str], locale: str = "fr") -> Any:
    """Return the sheet as a worker's child would make it: from the recipe sent in plain types."""
    recipe = Recipe.of_json(workshop.recipe_of(None, locale).as_json())
    return make([MappedSheet(2, {"title": "Objet utile pour la maison", **words})], Workshop.of(recipe))[0]


# ---- levels ----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("home")
def test_a_level_is_inherited_until_a_category_says_otherwise_and_again_once_that_is_taken_away() -> None:
    ruling.put_levels([("70001", "material", Level.REQUIRED), ("70004", "material", Level.OPTIONAL)], by=None)
    assert [levels.current().level(code, "material") for code in ("70003", "70004", "70006")] == [
        Level.REQUIRED, Level.OPTIONAL, Level.OPTIONAL,
    ]  # fmt: skip
    assert levels.current().origin("70003", "material") == "70001"
    ruling.put_levels([("70004", "material", None)], by=None)
    assert levels.current().level("70004", "material") == Level.REQUIRED


@pytest.mark.usefixtures("home")
def test_present_sheets_of_the_branch_are_judged_again_and_no_others() -> None:
    vendor = selling_vendor()
    inside, outside = put_listing(vendor, "70003", "A"), put_listing(vendor, "70006", "B")
    assert ruling.put_levels([("70002", "material", Level.REQUIRED)], by=make_user()) == 1
    finish()
    found = fresh(inside)
    assert [(one["code"], one["attribute"]) for one in found.issues] == [("1000", "material")]
    assert found.status == ListingStatus.CHANGES_REQUESTED
    assert not found.product.published
    assert fresh(outside).status == ListingStatus.PUBLISHED
    ruling.put_levels([("70002", "material", Level.RECOMMENDED)], by=None)
    finish()
    assert fresh(inside).issues == []


@pytest.mark.usefixtures("home")
def test_sheets_that_are_read_afterwards_follow_the_levels() -> None:
    ruling.put_levels([(EVERYWHERE, "origin_country", Level.REQUIRED)], by=None)
    assert "1000" in {one.code for one in made({"description": "Bel objet."}).issues}


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("pair", [("999", "title"), ("70001", "id"), ("70001", "no_such")])
def test_a_level_of_what_is_not_there_is_refused(pair: tuple[str, str]) -> None:
    with pytest.raises(Invalid):
        ruling.put_levels([(*pair, Level.REQUIRED)], by=None)


# ---- lists -----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("home")
def test_a_value_of_the_operator_s_is_understood_in_both_languages_where_it_was_a_problem_before() -> None:
    words = {"color": "brumailleux"}
    assert "2006" in {one.code for one in made(words).issues}
    ruling.put_value(
        "color", "bleu pétrole", label_en="petrol blue", synonyms={"fr": ["Brumailleux"], "en": ["brumaly"]},
        by=None,
    )  # fmt: skip
    finish()
    assert made(words).sheet.values["color"] == ["bleu pétrole"]
    assert made({"color": "Brumaly"}, "en").sheet.values["color"] == ["petrol blue"]
    assert made({"color": "noir / brumailleux"}).sheet.values["color"] == ["noir", "bleu pétrole"]
    assert made({"color": "bleu nuit"}).sheet.values["color"] == ["bleu"]


@pytest.mark.usefixtures("home")
def test_more_words_for_a_built_in_value_keep_its_name_in_each_language() -> None:
    ruling.put_value("color", "noir", synonyms={"fr": ["charbon mat"]}, by=None)
    ruling.put_value("color", "argenté", synonyms={"fr": ["clair de lune"]}, by=None)
    ruling.put_value("condition", "refurbished", synonyms={"fr": ["remis en forme"]}, by=None)
    finish()
    assert made({"color": "clair de lune"}, "en").sheet.values["color"] == ["silver"]
    assert made({"color": "Charbon mat"}).sheet.values["color"] == ["noir"]
    assert made({"color": "charbon mat"}, "en").sheet.values["color"] == ["black"]
    assert made({"condition": "Remis en forme"}).sheet.values["condition"] == "refurbished"
    shown = {one.value: one for one in values.listed("color")}
    assert shown["noir"].built_in
    assert (shown["noir"].english, shown["argenté"].english) == ("black", "silver")
    assert shown["noir"].row is not None


@pytest.mark.usefixtures("home")
def test_more_words_stand_beside_the_earlier_ones_and_a_file_s_words_replace_them() -> None:
    row = ruling.put_value("pattern", "rayé", label_en="striped", synonyms={"fr": ["rayures"]}, by=None)
    ruling.put_value(
        "pattern", "rayé", synonyms={"fr": ["à rayures", "rayures"], "en": ["stripes"]}, more=True, by=None
    )
    assert (row.label_en, row.synonyms) == ("striped", {"fr": ["rayures", "à rayures"], "en": ["stripes"]})
    files.take_values("attribute,value,label_en,synonyms_fr,synonyms_en\npattern,rayé,,ligné,\n".encode(), by=None)
    assert row.synonyms["fr"] == ["ligné"]


@pytest.mark.usefixtures("home")
def test_a_value_written_with_other_accents_or_capitals_is_the_one_of_the_list() -> None:
    assert ruling.put_value("color", "Argente", synonyms={"fr": ["lunaire"]}, by=None).value == "argenté"
    ruling.put_value("pattern", "rayé", by=None)
    assert ruling.put_value("pattern", "Raye", synonyms={"fr": ["rayures"]}, by=None).value == "rayé"
    assert [one.value for one in values.own("pattern")] == ["rayé"]


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("said", [{"fr": ["Vert"]}, {"en": ["green"]}])
def test_a_built_in_value_cannot_become_a_word_for_another(said: dict[str, list[str]]) -> None:
    with pytest.raises(Invalid, match=r"“(Vert|green)” is a word for “vert” already"):
        ruling.put_value("color", "rouge", synonyms=said, by=None)
    ruling.put_value("color", "vert", synonyms={"fr": ["vert"], "en": ["green"]}, label_en="green", by=None)
    assert made({"color": "Vert"}).sheet.values["color"] == ["vert"]


@pytest.mark.usefixtures("home")
def test_a_list_that_the_operator_begins_is_closed() -> None:
    assert "2006" not in {one.code for one in made({"pattern": "Zigzag"}).issues}
    ruling.put_value("pattern", "rayé", synonyms={"fr": ["rayures", "à rayures"]}, by=None)
    finish()
    assert made({"pattern": "À rayures"}).sheet.values["pattern"] == "rayé"
    assert ("2006", "pattern") in {(one.code, one.attribute) for one in made({"pattern": "Zigzag"}).issues}


@pytest.mark.usefixtures("home")
def test_one_word_leads_to_one_value() -> None:
    ruling.put_value("pattern", "rayé", synonyms={"fr": ["rayures"]}, by=None)
    with pytest.raises(Invalid, match="a word for “rayé” already"):
        ruling.put_value("pattern", "zébré", synonyms={"fr": ["Rayures"]}, by=None)
    with pytest.raises(Invalid, match="no attribute with a list"):
        ruling.put_value("title", "rayé", by=None)


@pytest.mark.usefixtures("home")
def test_a_value_taken_out_is_no_longer_understood() -> None:
    row = ruling.put_value("color", "brumailleux", by=None)
    db.session.commit()
    ruling.drop_value(row, by=None)
    finish()
    assert "2006" in {one.code for one in made({"color": "brumailleux"}).issues}


# ---- duties ----------------------------------------------------------------------------------------------------------


def test_every_duty_has_its_words_its_attributes_and_categories_of_the_built_in_tree() -> None:
    builtin = Taxonomy.builtin()
    for code, gate in all_gates().items():
        assert code in ISSUES
        assert set(gate.attributes) <= set(levels.ASKABLE)
        assert any(one in builtin or one == EVERYWHERE for one in gate.categories), code
        assert gate.in_force(date(2026, 1, 1))
        assert not gate.in_force(date(2020, 1, 1))


def test_the_responsible_person_is_asked_for_of_what_comes_from_outside_the_union() -> None:
    gate = all_gates()["gpsr_responsible_missing"]

    def asked(origin: str | None) -> int:
        return len(missed({"origin_country": origin}, None, [gate], Taxonomy.builtin()))

    assert [asked(one) for one in ("Chine", "cn", "France", "Allemagne", "PAYS-BAS", "", None)] == [1, 1, 0, 0, 0, 0, 0]


def test_a_duty_holds_in_its_categories_and_below_and_not_in_those_left_out() -> None:
    gate = all_gates()["gpsr_manufacturer_missing"]
    food = next(one.id for one in Taxonomy.builtin().children("412"))
    told = missed({"manufacturer_name": "Krups"}, "604", [gate], Taxonomy.builtin(), 7)
    assert [(one.code, one.attribute, one.row) for one in told] == [
        ("gpsr_manufacturer_missing", "manufacturer_address", 7)
    ]
    assert missed({}, food, [gate], Taxonomy.builtin()) == []
    assert "13" in as_json(told[0], "fr")["message"]


@pytest.mark.usefixtures("home")
def test_no_duty_is_looked_for_before_the_operator_switches_it_on() -> None:
    assert duties.switched_on() == ()
    listing = put_listing(selling_vendor(), "70003")
    ruling.set_gates(ACTIVE, by=make_user())
    finish()
    found = fresh(listing)
    assert {one["attribute"] for one in found.issues} == {"manufacturer_name", "manufacturer_address"}
    assert {one["severity"] for one in found.issues} == {"warning"}
    assert found.status == ListingStatus.PUBLISHED, "a warning blocks nothing"
    assert "gpsr_manufacturer_missing" in {one.code for one in made({}).issues}


@pytest.mark.usefixtures("home")
def test_a_duty_that_blocks_takes_sheets_down_and_lets_them_be_shown_once_it_only_warns() -> None:
    listing = put_listing(selling_vendor(), "70003")
    ruling.set_gates({"epr_idu_missing": {"severity": "error", "categories": ["70002"]}}, by=None)
    finish()
    assert fresh(listing).status == ListingStatus.CHANGES_REQUESTED
    ruling.set_gates({}, by=None)
    finish()
    assert (fresh(listing).issues, fresh(listing).status) == ([], ListingStatus.TO_REVIEW)
    with pytest.raises(Invalid):
        ruling.set_gates({"epr_idu_missing": {"severity": "error", "categories": ["999"]}}, by=None)


@pytest.mark.usefixtures("home")
def test_a_duty_begins_on_its_day() -> None:
    ruling.set_gates(ACTIVE, by=None)
    db.session.commit()
    with clock.frozen(datetime(2024, 12, 12, 12, tzinfo=UTC)):
        assert duties.switched_on() == ()
    with clock.frozen(datetime(2024, 12, 13, 12, tzinfo=UTC)):
        gate: Gate = duties.switched_on()[0]
        assert gate.severity == Severity.WARNING


# ---- files -----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("home")
def test_tree_levels_and_values_that_go_out_come_back_the_same() -> None:
    ruling.put_levels([("70002", "material", Level.REQUIRED), (EVERYWHERE, "brand", Level.OPTIONAL)], by=None)
    ruling.put_value("pattern", "=rayé", label_en="striped", synonyms={"fr": ["rayures"], "en": ["stripes"]}, by=None)
    finish()
    out = {
        name: "".join(lines()).encode()
        for name, lines in (("tree", files.tree_csv), ("levels", files.levels_csv), ("values", files.values_csv))
    }
    assert b"'=ray" in out["values"], "no cell runs as a formula"
    again = files.read_trees([(out["tree"], "fr")])
    assert [again.path(one.id, "en") for one in again] == [
        tree.current().path(one.id, "en") for one in tree.current().taxonomy
    ]
    before = levels.stated()
    assert files.take_levels(out["levels"], by=None) == 0
    assert levels.stated() == before
    kept = [(row.value, row.label_en, row.synonyms) for row in values.own()]
    assert files.take_values(out["values"], by=None) == 1
    assert [(row.value, row.label_en, row.synonyms) for row in values.own()] == kept


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("line", "code"),
    [("999,title,required", "unknown_category"), ("70001,sku,required", "unknown_attribute"),
     ("70001,title,mandatory", "unknown_level")],
)  # fmt: skip
def test_a_faulty_file_of_levels_is_refused_whole_with_its_line(line: str, code: str) -> None:
    with pytest.raises(TaxonomyRefused) as refused:
        files.take_levels(f"category,attribute,level\n70002,brand,required\n{line}\n".encode(), by=None)
    assert (refused.value.code, refused.value.line) == (code, 3)
    assert levels.own() == {}
