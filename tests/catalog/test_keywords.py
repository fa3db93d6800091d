"""Keyword gaps are shown with the words that prove them; contradictions are never turned into suggestions."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from catalog.gap_words import ADDED, told
from catalog.keywords import KeywordContext, contradictions, keyword_contradiction, keyword_gaps
from catalog.sheets import Value
from catalog.taxonomy import Taxonomy

CONTEXT = KeywordContext.default("fr")


def gaps(context: KeywordContext = CONTEXT, **values: Value) -> dict[str, str]:
    return {gap.kind: gap.term for gap in keyword_gaps(values, context)}


def test_a_capsule_that_says_nespresso_only_in_its_description_lacks_it_in_the_title() -> None:
    text = "25 capsules compatibles avec les machines Nespresso, arôme noisette."
    found = keyword_gaps({"title": "25 capsules de café", "description": text}, CONTEXT)
    assert [(gap.kind, gap.term) for gap in found] == [("missing_compatibility_term", "Nespresso")]
    assert "machines Nespresso" in found[0].evidence


def test_a_quotation_begins_and_ends_with_a_whole_word() -> None:
    before = "Un café corsé, torréfié lentement dans la Drôme par une maison familiale"
    after = "et dans toutes celles qui acceptent des capsules rechargeables en aluminium"
    text = f"{before}, pour les machines Nespresso {after}."
    (found,) = keyword_gaps({"title": "25 capsules de café", "description": text}, CONTEXT)
    quote = found.facts["quote"]
    assert quote.startswith("…")
    assert quote.endswith("…")
    assert set(quote.strip("…").split()) <= set(text.split())


def test_a_title_that_says_nespresso_and_a_text_that_says_tassimo_contradict() -> None:
    values: dict[str, Value] = {
        "title": "Nespresso BOSCH TAS4502",
        "description": "Nespresso BOSCH TAS4502 - Gamme Tassimo Joy, pour T-Discs.",
    }
    found = keyword_gaps(values, CONTEXT)
    assert [gap.kind for gap in found] == ["contradictory_term"]
    issues = contradictions(found)
    assert [(one.code, one.value, one.params["other"]) for one in issues] == [
        ("keyword_contradiction", "Nespresso", "Tassimo")
    ]  # fmt: skip
    assert keyword_contradiction(values, CONTEXT) == issues[0]


@pytest.mark.parametrize(
    ("title", "description"),
    [
        ("Capsules pour Nespresso", "Compatibles Nespresso, ne convient pas aux Tassimo ni aux Nespresso Vertuo."),
        ("Tuyau pour Dolce Gusto et Nespresso", "Tuyau silicone pour cafetière Dolce Gusto."),
        ("Manette PS3", "Manette pour PlayStation 3."),
        ("Manette pour console", "Compatible PS3, PS4 et Xbox 360."),
    ],
)
def test_a_sheet_that_fits_several_or_names_the_same_twice_does_not_contradict(title: str, description: str) -> None:
    assert keyword_contradiction({"title": title, "description": description}, CONTEXT) is None


@pytest.mark.parametrize(
    ("title", "description", "said", "against"),
    [
        ("Souris sans fil M185", "Cette souris filaire se branche par un câble USB.", "sans fil", "filaire"),
        (
            "Tondeuse électrique 40 cm",
            "Cette tondeuse thermique à essence démarre au lanceur.",
            "électrique",
            "thermique",
        ),
        ("Croquettes pour chien 12 kg", "Un aliment complet pour chat adulte.", "chien", "chat"),
        ("Montre homme à quartz", "Une montre pour femme au bracelet de cuir.", "homme", "femme"),
        ("Poussette canne pliable", "Elle n’est pas pliable et se transporte montée.", "pliable", "pas pliable"),
        ("Cartouche d’origine 303", "Cette cartouche générique n’est pas d’origine.", "origine", "pas origine"),
    ],
)
def test_a_text_that_excludes_what_the_title_says_contradicts_it(
    title: str, description: str, said: str, against: str
) -> None:
    found = keyword_contradiction({"title": title, "description": description}, CONTEXT)
    assert found is not None
    assert (found.value, found.params["other"]) == (said, against)


@pytest.mark.parametrize(
    ("title", "description"),
    [
        ("Souris sans fil M185", "Sans fil, là où une souris filaire encombre le bureau."),
        ("Parfum homme 100 ml", "Il séduit les femmes autant que les hommes."),
        ("Montre homme à quartz", "Une femme sur deux l’offre à Noël."),
        ("Bloc secteur non régulé", "Ce bloc non régulé donne 12 V."),
        ("Poussette canne pliable", "Pliable d’une main ; le panier n’est pas pliable."),
    ],
)
def test_a_text_that_speaks_of_others_besides_does_not_contradict(title: str, description: str) -> None:
    assert keyword_contradiction({"title": title, "description": description}, CONTEXT) is None


def test_a_system_named_without_words_of_compatibility_is_not_suggested() -> None:
    text = "Aussi bon que Nespresso, ce moulin broie le grain."
    assert gaps(title="Moulin à café", description=text) == {}


def test_a_brand_of_the_sheet_that_the_title_lacks_is_suggested() -> None:
    assert gaps(title="Singe rieur", brand="Tobar") == {"missing_brand_in_title": "Tobar"}
    assert gaps(title="Singe rieur TOBAR", brand="Tobar") == {}
    assert gaps(title="Balancelle AstralPool", brand="Astral Pool") == {}
    assert gaps(title="Buste sun d'koh", brand="SUN D’KOH") == {}


@pytest.mark.parametrize("brand", [None, "AUCUNE", "Sans marque", "materielmedical.fr", "Nespresso"])
def test_no_brand_a_shop_or_a_system_is_never_suggested_as_a_brand(brand: str | None) -> None:
    assert gaps(title="Tabouret pliant", brand=brand) == {}


def test_a_noun_of_the_category_is_suggested_where_the_text_says_it() -> None:
    values: dict[str, Value] = {"title": "Krups XP344 noire", "category": "736"}
    assert gaps(**values, description="Cafetière à pompe, 15 bars.") == {"missing_category_noun": "Cafetières"}
    assert gaps(**values, description="Pompe de 15 bars.") == {}
    assert gaps(title="Cafetière Krups", category="736", description="Cafetière à pompe.") == {}


def test_a_cut_title_is_completed_from_the_description() -> None:
    text = "Coque souple grise pour Nexus 5 motif Macarons - Coque souple ultra fine."
    assert gaps(title="Coque souple grise pour Nexus 5 motif Ma…", description=text) == {"truncated_title": "Macarons"}
    assert gaps(title="Coque souple grise…", description="Autre texte.") == {}


def test_what_is_searched_most_comes_first_with_its_count() -> None:
    context = CONTEXT.with_queries({"cafetière nespresso": 320, "capsule nespresso": 80})
    values: dict[str, Value] = {
        "title": "25 capsules", "brand": "Tobar", "description": "Capsules compatibles Nespresso.",
    }  # fmt: skip
    found = keyword_gaps(values, context)
    assert [gap.term for gap in found] == ["Nespresso", "Tobar"]
    assert found[0].evidence.endswith("400 recherches.")


def test_evidence_is_in_the_reader_s_language() -> None:
    english = KeywordContext.default("en", Taxonomy.builtin())
    found = keyword_gaps({"title": "Laughing monkey", "brand": "Tobar"}, english)
    assert found[0].evidence == "The sheet's brand is “Tobar”; the title does not name it."


def test_a_sheet_without_title_has_no_gaps() -> None:
    assert keyword_gaps({"description": "Compatible Nespresso"}, CONTEXT) == []
    assert keyword_gaps({"title": None, "brand": "Tobar"}, CONTEXT) == []


def test_evidence_that_is_kept_is_told_in_the_language_of_whoever_reads_it() -> None:
    context = CONTEXT.with_queries({"tobar": 12})
    [found] = keyword_gaps({"title": "Singe rieur", "brand": "Tobar"}, context)
    kept = {**asdict(found), "state": "open"}
    assert told(kept, "fr") == found.evidence
    assert told(kept, "en") == "The sheet's brand is “Tobar”; the title does not name it. 12 searches."
    assert told({"kind": ADDED, "term": "rieur", "evidence": "Vu en boutique."}, "en") == "Vu en boutique."
    assert told({}, "fr") == ""
