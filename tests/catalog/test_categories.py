"""A suggester learns categories from labelled sheets, keeps without pickling, and names serve until then."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import scipy.sparse as sp

from catalog.categories import (
    LearnedCategories,
    NameSuggester,
    NothingToSave,
    Suggester,
    TooFewSheets,
    UnreadableModel,
    category_conflict,
    category_unknown,
    coverage_at,
    coverage_curve,
    names_conflict,
    train,
)
from catalog.categories.features import Features, hashed, read, signatures, stem
from catalog.categories.naming import COLUMNS, Naming, alternatives, told
from catalog.categories.network import Network, joined
from catalog.sheets import CategorySuggestion
from catalog.taxonomy import Category, Taxonomy

KINDS = {
    "Maison > Cuisine > Cafetières": ["cafetière expresso", "machine à café filtre", "cafetière italienne"],
    "Maison > Cuisine > Bouilloires": ["bouilloire électrique", "bouilloire inox sifflante"],
    "Mode > Vêtements > Robes": ["robe longue femme", "robe de soirée", "robe d'été fleurie"],
    "Mode > Chaussures > Bottines": ["bottines cuir", "bottines à lacets femme"],
}
BRANDS = ["Krups", "Moulinex", "Naf Naf", "Kickers", None]


def labelled(count: int = 240, seed: int = 1) -> list[tuple[dict[str, str | None], str]]:
    random_ = random.Random(seed)
    sheets = []
    for number in range(count):
        path = list(KINDS)[number % len(KINDS)]
        title = f"{random_.choice(KINDS[path])} {random_.choice(['noir', 'rouge', 'blanc'])} {random_.randint(10, 99)}"
        text = f"{title}. {random_.choice(['Livrée sous 48 h.', 'Garantie deux ans.', 'Couleur au choix.'])}"
        sheets.append(({"title": title, "description": text, "brand": random_.choice(BRANDS)}, path))
    return sheets


@pytest.fixture(scope="module")
def learned() -> LearnedCategories:
    return train(labelled())


def test_it_learns_and_suggests_three_best_first(learned: LearnedCategories) -> None:
    held = labelled(80, seed=2)
    suggested = learned.suggest([values for values, _ in held])
    right = [best[0].id == path for best, (_, path) in zip(suggested, held, strict=True)]
    assert np.mean(right) > 0.95
    for best in suggested:
        assert len(best) <= 3
        assert [one.score for one in best] == sorted((one.score for one in best), reverse=True)
        assert sum(one.score for one in best) <= 1.001


def test_a_sheet_like_none_before_gets_a_lower_score(learned: LearnedCategories) -> None:
    sure = learned.suggest([{"title": "cafetière expresso noir 12"}])[0][0].score
    unsure = learned.suggest([{"title": "zzyzx qwfp"}])[0][0].score
    assert sure > unsure


def test_a_model_comes_back_from_its_folder_without_pickling(learned: LearnedCategories, tmp_path: Path) -> None:
    learned.save(tmp_path)
    with np.load(tmp_path / "model.npz", allow_pickle=False) as arrays:
        assert all(arrays[name].dtype != object for name in arrays.files)
    sheets = [values for values, _ in labelled(20, seed=3)]
    again = Suggester.load(tmp_path).suggest(sheets)
    assert [best[0].id for best in again] == [best[0].id for best in learned.suggest(sheets)]
    assert learned.card["sheets"] == 240


def test_a_retired_category_is_no_longer_suggested(learned: LearnedCategories, tmp_path: Path) -> None:
    learned.save(tmp_path)
    tree = Taxonomy.of([Category("Mode > Vêtements > Robes", None, {"fr": "Robes"})])
    found = Suggester.load(tmp_path, tree).suggest([{"title": "cafetière expresso noir 12"}])[0]
    assert all(one.id in tree for one in found)


def test_a_model_that_cannot_be_read_is_refused_with_a_sentence(learned: LearnedCategories, tmp_path: Path) -> None:
    with pytest.raises(UnreadableModel, match="no category model"):
        Suggester.load(tmp_path / "nowhere")
    learned.save(tmp_path)
    (tmp_path / "card.json").write_text(json.dumps({"format": 0}))
    with pytest.raises(UnreadableModel, match="another format"):
        Suggester.load(tmp_path)
    (tmp_path / "card.json").write_text("{")
    with pytest.raises(UnreadableModel, match="damaged"):
        Suggester.load(tmp_path)


def test_too_few_sheets_or_one_category_are_refused() -> None:
    with pytest.raises(TooFewSheets):
        train(labelled(20))
    with pytest.raises(TooFewSheets):
        train([(values, "one") for values, _ in labelled(100)])


def test_training_twice_gives_the_same_model() -> None:
    sheets, asked = labelled(80), [{"title": "robe de soirée rouge"}]
    assert train(sheets).suggest(asked) == train(sheets).suggest(asked)


def test_a_path_can_stand_beside_an_id() -> None:
    ids = {path: str(number) for number, path in enumerate(KINDS)}
    model = train(
        [(values, ids[path]) for values, path in labelled(80)], {number: path for path, number in ids.items()}
    )
    best = model.suggest([{"title": "bouilloire électrique noir"}])[0][0]
    assert (best.id, best.path) == ("1", "Maison > Cuisine > Bouilloires")


def test_a_category_without_a_sheet_is_suggested_by_its_name() -> None:
    leaf = "Maison > Cuisine > Grille-pain"
    asked = [{"title": "grille-pain noir 12"}]
    far = "Jardin > Outils > Râteaux"
    model = train(labelled(), leaves=[*KINDS, leaf, far])
    assert list(model.classes) == sorted([*KINDS, leaf])
    assert model.suggest(asked)[0][0].id == leaf
    assert all(one.id != leaf for one in train(labelled()).suggest(asked)[0])
    assert model.card["categories"] == len(KINDS)


def test_no_more_categories_without_a_sheet_are_learned_than_with_one() -> None:
    many = [f"Maison > Cuisine > Ustensile {letter}" for letter in "abcdefghijklmnop"]
    assert len(train(labelled(), leaves=[*KINDS, *many]).classes) == 2 * len(KINDS)


def test_categories_without_a_sheet_do_not_make_up_for_too_few() -> None:
    with pytest.raises(TooFewSheets):
        train([(values, "one") for values, _ in labelled(100)], leaves=KINDS)


def test_empty_and_odd_sheets_are_suggested_for_without_failing(learned: LearnedCategories) -> None:
    odd = [{}, {"title": ""}, {"title": None, "brand": ["a"]}, {"title": "…" * 500}, {"description": "\x00 💥 中文"}]
    assert len(learned.suggest(odd)) == len(odd)
    assert learned.suggest([]) == []


def test_features_are_the_same_on_every_machine() -> None:
    values = {"title": "Cafetière Krups", "brand": "Krups"}
    assert hashed(read(values)) == hashed(read({"title": "CAFETIÈRE krups", "brand": "KRUPS"}))
    assert signatures(read({"title": "Robe longue"}))[1] == 1817220411
    assert signatures(read({})) == [0, 0, 0, 0, 0]


def test_rows_are_of_length_one_and_unknown_words_are_left_out() -> None:
    features, rows = Features.learned([read({"title": title}) for title in ("robe rouge", "robe bleue", "table basse")])
    lengths = np.sqrt(rows.multiply(rows).sum(1)).A1
    assert lengths[:2] == pytest.approx([1, 1])
    assert features.matrix([read({"title": "inconnu", "brand": "x"})]).nnz == 0


def test_coverage_falls_as_the_threshold_rises() -> None:
    scores, right = [0.9, 0.8, 0.7, 0.6, 0.5], [True, True, True, False, False]
    assert [point.accuracy for point in coverage_curve(scores, right)] == pytest.approx([1, 1, 1, 0.75, 0.6])
    assert coverage_at(scores, right, 0.95).threshold == 0.7
    assert coverage_at(scores, right, 0.95).coverage == pytest.approx(0.6)
    assert coverage_at([0.9], [False], 0.95).coverage == 0
    assert coverage_curve([], []) == []


def test_names_suggest_on_the_first_day_in_both_languages() -> None:
    by_names = Suggester.of_labels(Taxonomy.builtin())
    sheets = [
        {"title": "Robe longue à fleurs, taille 38", "locale": "fr"},
        {"title": "Cafetière expresso 15 bars", "locale": "fr"},
        {"title": "Electric kettle, stainless steel", "locale": "en"},
        {"title": "Coque de protection pour iPhone 5", "locale": "fr"},
        {"title": "zzyzx"},
    ]
    found = [[one.id for one in best][:1] for best in by_names.suggest(sheets)]
    assert found == [["2271"], ["736"], ["751"], ["2353"], []]
    with pytest.raises(NothingToSave):
        by_names.save(Path("unused"))


def test_a_vendors_wide_category_does_not_outweigh_what_the_title_names() -> None:
    sheets = [
        ("Bouilloire électrique sans fil 1,7 L", "Petit électroménager", "751"),
        ("Casquette en coton", "Vêtements - lingerie", "173"),
        ("Chaise empilable", "Meuble", "443"),
        ("Coussin rond velours", "Linge de maison", "c099"),
        ("Kit plaquettes de frein avant", "Auto - moto > Pièces", "2977"),
    ]
    names = NameSuggester.of(Taxonomy.builtin(), "fr")
    found = [
        best[0].id for best in names.suggest([{"title": title, "product_type": shelf} for title, shelf, _ in sheets])
    ]
    assert found == [category for *_, category in sheets]


def test_a_vendors_category_tells_what_a_title_leaves_open() -> None:
    names = NameSuggester.of(Taxonomy.builtin(), "fr")
    shelves = {"Téléphonie": "c033", "Photo": "c023"}
    found = {shelf: names.suggest([{"title": "Batterie lithium", "product_type": shelf}])[0][0].id for shelf in shelves}
    assert found == shelves
    alone = names.suggest([{"product_type": "Bouilloires électriques"}])[0][0]
    assert alone.id == "751"
    assert alone.score > 0.5


def test_what_a_category_sells_is_found_though_its_name_does_not_say_it() -> None:
    titles = {
        "fr": [("Mascara noir volume", "477"), ("Tente dôme deux places", "1013"), ("Foret béton 8 mm", "3650")],
        "en": [("Spanner set, chrome", "1167"), ("Yoga mat with strap", "990"), ("Skillet 26 cm", "654")],
    }
    for locale, expected in titles.items():
        names = NameSuggester.of(Taxonomy.builtin(), locale)  # type: ignore[arg-type]
        found = [best[0].id for best in names.suggest([{"title": title} for title, _ in expected])]
        assert found == [category for _, category in expected]


def test_a_tree_that_names_a_category_otherwise_keeps_its_own_words() -> None:
    tree = Taxonomy.builtin()
    renamed = Taxonomy({one.id: replace(one, labels={"fr": "Divers"}) if one.id == "477" else one for one in tree})
    assert all(best.id != "477" for best in NameSuggester.of(renamed, "fr").suggest([{"title": "Mascara"}])[0])


def test_the_vendor_s_own_category_weighs_more_than_the_title() -> None:
    by_names = Suggester.of_labels(Taxonomy.builtin(), "fr")
    best = by_names.suggest([{"title": "Stella", "product_type": "Luminaires > Suspensions"}])[0][0]
    assert "Suspensions" in best.path


def test_a_stated_category_that_the_text_plainly_contradicts_is_reported() -> None:
    sure = [CategorySuggestion("1", "Maison > Cuisine > Cafetières", 0.97)]
    found = category_conflict("Mode > Vêtements > Robes", sure)
    assert found is not None
    assert (found.code, found.params["suggested"]) == ("category_conflict", "Maison > Cuisine > Cafetières")
    assert category_conflict("Maison > Cuisine > Bouilloires", sure) is None
    assert category_conflict("Mode > Vêtements > Robes", [CategorySuggestion("1", "Maison > Cuisine", 0.6)]) is None
    assert category_conflict(None, sure) is None


def test_names_alone_find_a_plain_contradiction_and_leave_books_alone() -> None:
    names = NameSuggester.of(Taxonomy.builtin(), "fr")
    assert names_conflict({"title": "Bouilloire inox 1,7 L", "product_type": "Chaussures > Bottines"}, names)
    assert names_conflict({"title": "Bouilloire inox 1,7 L", "product_type": "Cuisine > Bouilloires"}, names) is None
    assert names_conflict({"title": "La bouilloire d'argent", "product_type": "Livres > Romans"}, names) is None
    assert names_conflict({"title": "Bouilloire inox 1,7 L"}, names) is None
    assert names_conflict({"title": "Vélo électrique 28 pouces", "product_type": "Sport > Cycles"}, names) is None


def test_a_guess_is_reported_as_a_category_not_identified() -> None:
    found = category_unknown([CategorySuggestion("1", "Maison", 0.2)])
    assert found is not None
    assert found.code == "1004"
    assert category_unknown([CategorySuggestion("1", "Maison", 0.8)]) is None
    assert category_unknown([CategorySuggestion("1", "Maison", 0.3)]) is None
    assert category_unknown([]) is not None


def test_a_name_is_covered_by_the_words_a_sheet_says_of_it_in_french_and_english() -> None:
    paths = ["Sport > Cycles > Sonnette - Klaxon de cycle", "Photo > Batteries", "Maison > Bougies"]
    sheets = [read({"title": "Klaxons chromés", "description": "Pour cycle"}), read({"title": "Spare camera battery"})]
    naming = Naming.of(paths, sheets)
    said = [naming.said(texts) for texts in told(sheets)]
    chosen = np.tile(np.arange(len(paths)), (len(sheets), 1))
    found = naming.evidence(said, chosen)
    assert found.shape == (2, 3, len(COLUMNS))
    in_title, in_text = COLUMNS.index("leaf in title"), COLUMNS.index("leaf in description")
    assert 0 < found[0, 0, in_title] < 1  # "klaxon", of "klaxon de cycle"
    assert 0 < found[0, 0, in_text] < 1  # "cycle"
    assert found[1, :, in_title] == pytest.approx([0, 1, 0])
    assert found[1, 1, COLUMNS.index("name in title")] > 0


def test_a_name_of_two_things_is_either_of_them() -> None:
    assert alternatives("PASSOIRE - ECUMOIRE") == ["PASSOIRE", "ECUMOIRE"]
    assert alternatives("Tires, Wheels and Rims") == ["Tires", "Wheels", "Rims"]


def test_names_without_a_word_say_nothing_of_any_sheet() -> None:
    naming = Naming.of(["1 > 2", "1 > 3"], [read({"title": "2"})])
    said = [naming.said(texts) for texts in told([read({"title": "2 3"})])]
    assert not naming.evidence(said, np.array([[0, 1]])).any()


@pytest.mark.parametrize(
    ("one", "other"), [("batteries", "battery"), ("anneaux", "anneau"), ("montres", "montre"), ("boxes", "boxe")]
)
def test_a_plural_has_the_stem_of_its_singular(one: str, other: str) -> None:
    assert stem(one) == stem(other)
    assert stem("bus") == "bus"


def test_joined_networks_score_like_their_mean() -> None:
    random_ = np.random.default_rng(1)
    networks = [
        Network.of(*(random_.standard_normal(shape).astype(np.float32) for shape in ((50, 8), (6, 8), (6,))))
        for _ in range(3)
    ]
    rows = sp.random(20, 50, 0.2, "csr", np.float32, random_state=1)
    mean = np.mean([network.logits(rows) for network in networks], axis=0)
    assert joined(networks).logits(rows) == pytest.approx(mean, abs=0.1)


def test_a_model_that_cannot_be_read_leaves_the_names_to_suggest_by(tmp_path: Path) -> None:
    tree = Taxonomy.builtin()
    by_names = Suggester.of_labels(tree, "fr").suggest([{"title": "Cafetière expresso"}])
    (tmp_path / "card.json").write_text('{"format": 1}')
    assert Suggester.kept(tmp_path, tree, "fr").suggest([{"title": "Cafetière expresso"}]) == by_names
    assert Suggester.kept(None, tree, "fr").suggest([{"title": "Cafetière expresso"}]) == by_names
