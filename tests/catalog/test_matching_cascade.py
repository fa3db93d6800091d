"""Proposals: identifiers decide first, doubts go to a person, a product takes one sheet of a vendor, all say why."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from catalog.matching import Record, describe, load_shipped, propose, propose_all
from catalog.matching.evidence import evidence_of, variants
from catalog.matching.identifiers import brands_agree, brands_clash, valid_gtin
from catalog.sheets import Decision, Evidence, MatchProposal, Verdict

GTIN = "4006381333931"


def sheet(key: str = "1", **values: Any) -> Record:
    return Record.of({"title": "Sony Bravia KDL-40V4100 40 in LCD TV", **values}, key=key)


def only(left: Record, right: Record) -> MatchProposal:
    (proposal,) = propose(left, [right])
    return proposal


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        (GTIN, True),
        ("4006381333930", False),
        ("2000000000008", False),
        ("0212345678909", False),
        ("9812345678908", False),
        ("036000291452", True),
        ("0000000000000", False),
        ("abc", False),
    ],
)
def test_only_a_valid_unrestricted_gtin_identifies(text: str, valid: bool) -> None:
    assert (valid_gtin(text) is not None) is valid


def test_an_upc_is_the_ean_with_a_zero_before_it() -> None:
    assert valid_gtin("036000291452") == valid_gtin("0036000291452")


def test_equal_gtins_are_the_same_product_however_it_is_called() -> None:
    found = only(sheet("a", gtin=GTIN), sheet("b", title="televiseur", gtin=GTIN))
    assert (found.decision, found.route, found.score) == (Decision.SAME, "gtin", 1.0)


def test_a_clash_of_brands_under_one_gtin_is_put_to_a_person() -> None:
    found = only(sheet(gtin=GTIN, brand="Sony"), Record.of({"title": "Tefal pan", "gtin": GTIN, "brand": "Tefal"}))
    assert (found.decision, found.route) == (Decision.UNSURE, "gtin_clash")
    assert found.evidence[0].verdict is Verdict.CONFLICT
    assert any(e.attribute == "brand" and e.verdict is Verdict.CONFLICT for e in found.evidence)


def test_a_wrong_gtin_on_both_sides_decides_nothing() -> None:
    assert not propose(sheet(gtin="4006381333930"), [Record.of({"title": "Tefal pan", "gtin": "4006381333930"})])


CREDULOUS = replace(load_shipped(), accept=0.0, review=0.0)


@pytest.mark.parametrize(("brand", "decision"), [("", Decision.UNSURE), ("Doriane", Decision.SAME)])
def test_a_title_of_one_word_names_no_article_unless_the_brands_agree(brand: str, decision: Decision) -> None:
    shirt = Record.of({"title": "T-shirt Essentiel", "brand": "Doriane"}, key="2")
    (found,) = propose(Record.of({"title": "T-Shirt", "brand": brand}, key="1"), [shirt], CREDULOUS)
    assert found.decision is decision


def test_two_things_of_two_makers_are_put_to_a_person_however_alike_they_read() -> None:
    lamp = sheet(title="Lampe de bureau modèle 5169 en métal noir 40 cm", brand="Lumio", mpn="5169", color=["noir"])
    mouse = sheet("2", title="Souris sans fil Velours 1600 dpi noir", brand="Tessaria", mpn="TV-5169", color=["noir"])
    (found,) = propose(lamp, [mouse], CREDULOUS)
    assert found.decision is Decision.UNSURE
    assert any(each.attribute == "brand" and each.verdict is Verdict.CONFLICT for each in found.evidence)


def test_the_maker_s_number_under_an_agreed_brand_is_the_same_product() -> None:
    found = only(
        Record.of({"title": "Poste lcd", "brand": "Sony", "mpn": "KDL-40V4100"}),
        Record.of({"title": "Bravia tv", "brand": "SONY France", "mpn": "kdl40v4100"}),
    )
    assert (found.decision, found.route) == (Decision.SAME, "brand_mpn")


@pytest.mark.parametrize(
    ("name", "a", "b"), [("pack_quantity", 1, 3), ("color", "noir", "blanc"), ("capacity", "1 L", "2 L")]
)
def test_a_variant_is_never_merged_by_itself(name: str, a: Any, b: Any) -> None:
    common = {"brand": "Sony", "mpn": "KDL40V4100"}
    found = only(sheet("a", **common, **{name: a}), sheet("b", **common, **{name: b}))
    assert found.decision is Decision.UNSURE
    assert found.evidence[0].verdict is Verdict.CONFLICT


def test_strangers_are_not_proposed() -> None:
    assert propose(sheet(), [Record.of({"title": "Tefal frying pan 28 cm", "brand": "Tefal"})]) == []


def test_no_candidates_no_proposals() -> None:
    assert propose_all([sheet("a"), sheet("b")], [[], []]) == [[], []]


def test_one_product_takes_one_sheet_of_a_vendor() -> None:
    product = sheet("p", gtin=GTIN)
    proposals = propose_all([sheet("a", gtin=GTIN), sheet("b", gtin=GTIN)], [[product], [product]])
    decisions = sorted(p.decision for row in proposals for p in row)
    assert decisions == [Decision.SAME, Decision.UNSURE]


def test_differing_gtins_keep_a_likely_pair_for_a_person() -> None:
    found = propose(
        sheet("a", gtin=GTIN),
        [sheet("b", gtin="036000291452")],
        load_shipped().with_thresholds(accept=0.01, review=0.0),
    )
    assert found[0].decision is Decision.UNSURE


def test_brands_agree_in_other_spellings_and_clash_only_without_any_trace() -> None:
    hp = Record.of({"title": "printer", "brand": "Hewlett-Packard"})
    assert brands_agree(hp, Record.of({"title": "x", "brand": "hewlett packard company"}))
    assert brands_clash(hp, Record.of({"title": "x", "brand": "Canon"}))
    assert not brands_clash(hp, Record.of({"title": "hewlett printer", "brand": "Canon"}))
    assert not brands_clash(hp, Record.of({"title": "x", "brand": "Sans marque"}))


def test_evidence_puts_conflicts_first_and_shows_both_values() -> None:
    left = sheet(color="noir", price="100", brand="Sony")
    right = sheet(color="blanc", price="105", brand="Sony")
    found = evidence_of(left, right, {"color": -0.7, "price": 0.2})
    assert (found[0].attribute, found[0].left, found[0].right, found[0].weight) == ("color", "noir", "blanc", -0.7)
    assert {e.attribute: e.verdict for e in found}["brand"] is Verdict.AGREE
    assert variants(left, right) == ["color"]


def test_measures_and_left_over_words_are_shown() -> None:
    found = evidence_of(
        Record.of({"title": "Acme disk 500 GB retail"}), Record.of({"title": "Acme disk 250 GB oem"}), {}
    )
    by_name = {e.attribute: e for e in found}
    assert (by_name["quantity"].left, by_name["quantity"].right) == ("500 gb", "250 gb")
    assert "retail" in (by_name["words"].left or "")
    assert "oem" in (by_name["words"].right or "")


def titled(title: str) -> Record:
    return Record.of({"title": title})


@pytest.mark.parametrize(
    ("left", "right", "apart"),
    [
        ("Drap housse 140 x 200 cm", "Drap housse 160x200", ["dimensions"]),
        ("Étagère 1,2 x 0,8 m", "Étagère 120x80 cm", []),
        ("Cadre 12 x 18 in", "Cadre 30 × 46 cm", []),
        ("Boîte 30x40x5 cm", "Boîte 30 x 40 cm", []),
        ("Serviette 50 x 100 cm lot de 2", "Serviette 50x100 lot de 4", ["pack_quantity"]),
        ("Serviette 50 x 100 cm", "Serviette 70 x 140 cm", ["dimensions"]),
        ("Café 2 x 500 g", "Café 4 x 500 g", ["pack_quantity"]),
        ("Café 2 x 500 g", "Café 2 x 250 g", []),
    ],
)
def test_lengths_of_sides_make_a_variant_and_are_no_packs(left: str, right: str, apart: list[str]) -> None:
    assert variants(titled(left), titled(right)) == apart


def test_lengths_of_sides_are_told_as_such() -> None:
    found = evidence_of(titled("Drap 140 x 200 cm"), titled("Drap 160 x 200 cm"), {})
    assert [describe(e, "fr") for e in found if e.attribute == "dimensions"] == [
        "Dimensions : « 140 × 200 cm » contre « 160 × 200 cm »."
    ]
    assert not any("zoom" in str(e) or "pack" in str(e) for e in found)


def test_a_measure_is_said_with_the_reader_s_unit() -> None:
    found = evidence_of(titled("Clé USB 1,5 L 64 Go lot de 2"), titled("Clé USB 1,2 L 128 Go lot de 3"), {})
    said = {describe(e, locale) for e in found for locale in ("fr", "en") if e.attribute == "quantity"}
    assert {
        "Mesures : « 64 Go » contre « 128 Go ».",
        "Measures: “64 GB” against “128 GB”.",
        "Mesures : « 1,5 l » contre « 1,2 l ».",
        "Mesures : « 2 par lot » contre « 3 par lot ».",
        "Measures: “2 per pack” against “3 per pack”.",
    } <= said


@pytest.mark.parametrize(
    ("evidence", "fr", "en"),
    [
        (
            Evidence("color", "noir", "blanc", Verdict.CONFLICT),
            "Couleur : « noir » contre « blanc ».",
            "Colour: “noir” against “blanc”.",
        ),
        (
            Evidence("brand", "Sony", "Sony", Verdict.AGREE),
            "Marque : « Sony » des deux côtés.",
            "Brand: “Sony” on both sides.",
        ),
        (
            Evidence("price", None, "9.99", Verdict.MISSING),
            "Prix : « 9,99 » d’un seul côté.",
            "Price: “9.99” on one side only.",
        ),
    ],
)
def test_evidence_is_said_in_both_languages(evidence: Evidence, fr: str, en: str) -> None:
    assert describe(evidence, "fr") == fr
    assert describe(evidence, "en") == en


def test_a_model_s_proposal_says_what_pushed_it() -> None:
    found = only(sheet("a", price="899"), sheet("b", price="890"))
    title = next(e for e in found.evidence if e.attribute == "title")
    assert found.route == "model"
    assert (found.left, found.right) == ("a", "b")
    assert title.weight > 0
