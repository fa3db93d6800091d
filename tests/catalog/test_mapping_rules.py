"""Rules of a vendor's mapping: as written and read, at work on lines, wrong ones told at their place."""

from __future__ import annotations

import time

import pytest

from catalog.attributes import ATTRIBUTES
from catalog.mapping import ColumnMapping, Rules, map_rows, trial
from catalog.mapping.rule_checks import Known, check
from catalog.mapping.rule_faults import TEXTS, Fault
from catalog.mapping.rule_text import MOST_ACTS, MOST_LINES, read_rules, write_rule
from catalog.mapping.trial import Way, attempt
from catalog.mapping.verbs import CATEGORY, IF_EMPTY, LONGEST_VALUE, VERBS
from catalog.sheets import Row
from catalog.taxonomy import Category, Taxonomy

CELLS = {
    "Nom": "Lampe *PROMO* Arc",
    "Marque": "Lumio",
    "Fabricant": "Lumio SA",
    "Variante": "Bleu nuit / 40 cm",
    "Poids": "1,5",
    "Rayon": "Luminaires > Lampes",
    "Vide": "",
}
COLUMNS = [ColumnMapping("Nom", "title"), ColumnMapping("Poids", "weight"), ColumnMapping("Rayon", "product_type")]
TREE = Taxonomy.of([Category("594", None, {"fr": "Luminaires", "en": "Lighting"})])


def values(text: str, cells: dict[str, str] | None = None) -> dict[str, str]:
    """Return what the columns and these rules make of one line."""
    read = read_rules(text)
    assert [fault.message("en") for fault in read.faults] == []
    cells = CELLS | (cells or {})
    (sheet,) = map_rows([Row(2, cells)], COLUMNS, Rules(read.rules, list(cells)))
    return dict(sheet.values)


@pytest.mark.parametrize(
    ("text", "attribute", "expected"),
    [
        ('brand: copy "Marque"', "brand", "Lumio"),
        ('brand: copy "Vide"', "brand", None),
        ("marque: copier Marque", "brand", "Lumio"),
        ('condition: constant "new"', "condition", "new"),
        ('size: split "Variante" at "/" part 2', "size", "40 cm"),
        ('color: split "Variante" at "/"', "color", "Bleu nuit"),
        ('size: split "Variante" at "/" part -1', "size", "40 cm"),
        ('size: split "Variante" at "/" part 3', "size", None),
        ('title: split at "*" part 1', "title", "Lampe"),
        ('title: join "Marque" "Vide" "Nom" with " – "', "title", "Lumio – Lampe *PROMO* Arc"),
        ('titre: joindre "Marque" "Fabricant"', "title", "Lumio Lumio SA"),
        ('title: replace "*PROMO* " with ""', "title", "Lampe Arc"),
        ('title: replace "promo" with ""', "title", "Lampe *PROMO* Arc"),
        ('title: replace "(.+)+$" with "x"', "title", "Lampe *PROMO* Arc"),
        ('poids: unité "kg"', "weight", "1,5 kg"),
        ('weight: unit "kilogrammes"', "weight", "1,5 kg"),
        ('category: lookup "luminaires > LAMPES" -> "594"', "category", "594"),
        ('category: lookup "Autre" -> "594"', "category", None),
        ('brand: copy "Marque"\nbrand: lookup "LUMIO" -> "Lumio Paris"', "brand", "Lumio Paris"),
        ('brand: copy "Marque"\nbrand: lookup "Autre" -> "x"', "brand", "Lumio"),
        ('brand: copy "Marque"\nbrand: lookup "Lumio" -> ""', "brand", None),
        ('brand: si-vide copier "Fabricant"', "brand", "Lumio SA"),
        ('brand: copy "Marque"\nbrand: if-empty copy "Fabricant"', "brand", "Lumio"),
        ('title: copy "Absente"', "title", "Lampe *PROMO* Arc"),
        ('title: join "Absente" "Marque"', "title", "Lumio"),
        ("titre: copier « Marque »", "title", "Lumio"),
        ('title: constant "a \\"b\\" \\\\ c"', "title", 'a "b" \\ c'),
        ('# a note\n\ntitle: constant "x"', "title", "x"),
        (
            'image_link: constant "https://a.example/1.jpg, https://a.example/2.jpg"',
            "image_link",
            "https://a.example/1.jpg",
        ),
    ],
)
def test_a_rule_does_what_its_sentence_says(text: str, attribute: str, expected: str | None) -> None:
    assert values(text).get(attribute) == expected


def test_rules_act_in_their_order_on_what_the_columns_gave() -> None:
    text = 'title: replace "Lampe" with "Lampadaire"\ntitle: join "Marque" "Nom"\ntitle: replace "Lumio" with "LUMIO"'
    assert values(text)["title"] == "LUMIO Lampe *PROMO* Arc"


def test_the_source_of_a_value_is_the_column_that_a_rule_took_it_from() -> None:
    rules = Rules(read_rules('brand: copy "Marque"\ncolor: split "Variante" at "/"\ncondition: constant "new"').rules)
    (sheet,) = map_rows([Row(2, CELLS)], COLUMNS, rules)
    assert (sheet.sources["brand"], sheet.sources["color"]) == ("Marque", "Variante")
    assert "condition" not in sheet.sources


def test_a_group_made_by_a_rule_joins_variants_as_a_column_would() -> None:
    rows = [Row(2, {"Nom": "Polo", "Ref": "P-1", "Taille": "S"}), Row(3, {"Nom": "", "Ref": "P-2", "Taille": "M"})]
    columns = [ColumnMapping("Nom", "title"), ColumnMapping("Ref", "id"), ColumnMapping("Taille", "size")]
    rules = Rules(read_rules('item_group_id: split "Ref" at "-"').rules)
    assert [sheet.values["title"] for sheet in map_rows(rows, columns, rules)] == ["Polo", "Polo"]


@pytest.mark.parametrize("locale", ["fr", "en"])
@pytest.mark.parametrize("verb", [*VERBS.values(), IF_EMPTY], ids=lambda verb: verb.words["en"])
def test_the_example_of_every_verb_is_understood_and_read_back_as_it_was_written(verb: object, locale: str) -> None:
    example = verb.example[locale]  # type: ignore[attr-defined]
    read = read_rules(example)
    assert read.faults == ()
    for language in ("fr", "en"):
        again = read_rules(write_rule(read.rules[0], language))
        assert again.rules == read.rules


@pytest.mark.parametrize("target", [*ATTRIBUTES, CATEGORY])
def test_a_rule_comes_back_in_french_with_its_attribute_in_french_and_is_read_as_the_same(target: str) -> None:
    (rule,) = read_rules(f'{target}: replace "a" with "b"').rules
    line = write_rule(rule, "fr")
    assert line.partition(":")[0].casefold() == label_of(target).casefold()
    assert read_rules(line).rules == (rule,)
    assert write_rule(rule).startswith(f"{target}: replace")


def label_of(target: str) -> str:
    """Return what a French page calls an attribute, or the category."""
    return "catégorie" if target == CATEGORY else ATTRIBUTES[target].label("fr")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('title copy "Nom"', "no_colon"),
        ('titel: copy "Nom"', "unknown_attribute"),
        ("title:", "no_verb"),
        ('title: copie "Nom"', "unknown_verb"),
        ("title: copy", "part_missing"),
        ('title: replace "a"', "part_missing"),
        ("color: lookup", "part_missing"),
        ('color: lookup "a" "b"', "no_arrow"),
        ('color: lookup "a" -> "b", "c"', "no_arrow"),
        ('size: split "Variant" at part 2', "part_missing"),
        ('title: copy "Nom" "Marque"', "left_over"),
        ('title: copy "Nom', "open_quote"),
        ('size: split "Nom" at "/" part zero', "bad_number"),
        ('title: constant "' + "x" * 3000 + '"', "line_too_long"),
        ('title: replace "" with "x"', "empty_search"),
        ('size: split "Nom" at ""', "empty_search"),
        ('title: copy "Non"', "no_such_column"),
        ('title: join "Non"', "no_such_column"),
        ('title: join "Marque" "Non"', "joined_without"),
        ('title: join "Marque" " " "Nom"', "sign_as_column"),
        ('title: join "Marque", " - ", "Nom"', "sign_as_column"),
        ('category: lookup "Lampes" -> "9999"', "unknown_category"),
        ('color: lookup "Bleu nuit" -> "bleuu"', "not_in_list"),
        ('weight: unit "L"', "unit_unfit"),
        ('title: unit "kg"', "unit_without_measure"),
        ('id: constant "x"', "one_for_all"),
    ],
)
def test_a_wrong_rule_is_told_at_its_line_with_a_remedy_in_both_languages(line: str, code: str) -> None:
    known = Known(list(CELLS), TREE, {"color": {"bleu": "bleu"}})
    faults = check(read_rules(f'# note\nbrand: copy "Marque"\n{line}'), known)
    assert [(fault.line, fault.code) for fault in faults] == [(3, code)]
    for locale in ("fr", "en"):
        said = faults[0].message(locale)
        assert len(said) > 20
        assert "{" not in said.replace(line, "")


def test_a_fault_names_what_was_probably_meant() -> None:
    known = Known(["Désignation"], TREE, {"color": {"bleu": "bleu"}})
    wrong = 'titre: copier "Designation"\nbrend: copy "x"\ncolor: constant "bleux"\ncategory: constant "Luminaires"'
    near = [fault.params["near"] for fault in check(read_rules(wrong), known)]
    assert near == ["Désignation", "brand", "bleu", "594"]


def test_the_attribute_that_was_probably_meant_is_named_in_the_readers_language() -> None:
    fault = check(read_rules('couleurz: constant "bleu"'), Known([], TREE, {}))[0]
    assert "Couleur" in fault.message("fr")
    assert "Did you mean “Colour”?" in fault.message("en")


def test_every_fault_has_its_sentence_in_both_languages() -> None:
    for code in TEXTS:
        assert set(TEXTS[code]) == {"fr", "en"}


def test_a_missing_column_and_an_unlisted_value_only_warn() -> None:
    assert not Fault(1, "no_such_column").blocking
    assert not Fault(1, "joined_without").blocking
    assert not Fault(1, "sign_as_column").blocking
    assert not Fault(1, "not_in_list").blocking
    assert Fault(1, "unknown_attribute").blocking


def test_too_many_rules_are_refused_and_many_words_are_not() -> None:
    words = [f'color: lookup "v{number}" -> "bleu"' for number in range(MOST_LINES)]
    assert read_rules(words).faults == ()
    assert [fault.code for fault in read_rules([*words, words[0]]).faults] == ["too_many_lines"]
    acts = ['title: replace "a" with "b"'] * (MOST_ACTS + 1)
    assert [fault.code for fault in read_rules(acts).faults] == ["too_many_rules"]


def test_no_rule_can_make_a_text_grow_without_end_or_hang() -> None:
    doubling = "\n".join(f'title: replace "{"a" * 1}" with "{"a" * 100}"' for _ in range(50))
    began = time.process_time()
    assert len(values(doubling, {"Nom": "a" * 1000})["title"]) <= LONGEST_VALUE
    hard = 'title: replace "' + "a" * 400 + 'b" with "c"\ntitle: split at "' + "a" * 400 + 'b"'
    values(hard, {"Nom": "a" * 100_000})
    read_rules(["title: copy " + '"\\' * 900, "«" * 1900, ":" * 1900, 'a: lookup "a" -> ' * 100])
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    "text", ["\0", "title: \ud800", "🙂: 🙂", "title: copy \u2028", ": : :", "->", '"', "title: copy →"]
)
def test_nothing_that_is_typed_breaks_the_reading(text: str) -> None:
    for fault in check(read_rules(text), Known([], TREE, {})):
        assert fault.message("fr")


def test_a_trial_counts_what_would_change_and_what_a_sheet_would_lose() -> None:
    rows = [Row(number, CELLS | {"Nom": "Lampe" if number % 2 else "*PROMO*"}) for number in range(2, 12)]
    after = Way(COLUMNS, Rules(read_rules('title: replace "*PROMO*" with ""\nweight: unit "kg"').rules))
    trial = attempt(rows, Way(COLUMNS), after)
    assert (trial.lines, trial.changed) == (10, 10)
    assert {one.attribute: (one.changed, one.emptied) for one in trial.differences} == {
        "weight": (10, 0),
        "title": (5, 5),
    }
    assert [one.attribute for one in trial.emptied()] == ["title"]
    assert next((one.row, one.before, one.after) for one in trial.differences[0].examples) == (2, "1,5", "1,5 kg")


def test_an_example_of_a_trial_begins_shortly_before_what_differs() -> None:
    text = "La cafetière prépare un expresso en 25 secondes. " * 8
    before, after = trial.cut(f"{text}Voir la présentation", text.strip())
    assert before.startswith("…")
    assert "Voir la présentation" in before
    assert "Voir la présentation" not in after
    assert trial.cut("1,5", "1,5 kg") == ("1,5", "1,5 kg")
