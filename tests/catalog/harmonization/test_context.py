"""What a vendor's own sheets teach: brands, repeated lines, spellings, the style of titles, the columns."""

from __future__ import annotations

from catalog.harmonization import Context, harmonize, learn_boilerplate, learn_brands
from catalog.sheets import MappedSheet


def sheets(*rows: dict[str, str]) -> list[MappedSheet]:
    """Return mapped sheets of these rows."""
    return [MappedSheet(number, row) for number, row in enumerate(rows, start=2)]


def test_a_brand_is_learned_from_two_sheets_in_its_commonest_spelling() -> None:
    rows = [{"brand": "Atelier Durand"}, {"brand": "Atelier Durand"}, {"brand": "ATELIER DURAND"}, {"brand": "Once"}]
    assert set(learn_brands(sheets(*rows))) == {"Atelier Durand"}


def test_words_for_no_brand_are_not_learned() -> None:
    assert learn_brands(sheets({"brand": "AUCUNE"}, {"brand": "AUCUNE"}, {"brand": "N/A"}, {"brand": "N/A"})) == {}


def test_a_learned_brand_is_recovered_from_another_title() -> None:
    known = sheets({"brand": "Vertigale"}, {"brand": "Vertigale"})
    context = Context.default("fr").learned(known)
    result = harmonize(MappedSheet(9, {"title": "Arrosoir Vertigale en zinc", "brand": ""}), context)
    assert result.values["brand"] == "Vertigale"


def test_a_line_repeated_over_a_vendors_sheets_is_boilerplate() -> None:
    texts = [f"Lampe numéro {n}, pour lire. Notre atelier fête ses dix ans !" for n in range(40)]
    assert learn_boilerplate(texts) == {"notre atelier fête ses dix ans"}
    context = Context.default("fr").learned(sheets(*({"description": text} for text in texts)))
    result = harmonize(MappedSheet(2, {"description": texts[0]}), context)
    assert result.values["description"] == "Lampe numéro 0, pour lire."


def test_a_line_of_a_few_sheets_is_not_boilerplate() -> None:
    assert learn_boilerplate([f"Vase {n}. Une pièce unique." for n in range(10)]) == frozenset()


def test_the_vendors_spelling_of_a_word_is_kept_when_capitals_come_down() -> None:
    rows = [{"description": f"Un vase de la série Zoéline numéro {n}."} for n in range(3)]
    context = Context.default("fr").learned(sheets(*rows))
    result = harmonize(MappedSheet(2, {"title": "VASE ZOELINE EN VERRE"}), context)
    assert result.values["title"] == "Vase Zoéline en verre"


def test_an_english_vendor_that_writes_sentences_gets_sentences() -> None:
    rows = [{"title": f"Folding garden chair with wooden arms number {n}"} for n in range(10)]
    context = Context.default("en").learned(sheets(*rows))
    result = harmonize(MappedSheet(2, {"title": "FOLDING GARDEN TABLE"}), context)
    assert result.values["title"] == "Folding garden table"


def test_learning_leaves_the_context_it_started_from_as_it_was() -> None:
    plain = Context.default("fr")
    learned = plain.learned(sheets({"brand": "Vertigale"}, {"brand": "Vertigale"}))
    assert plain.brands.get("Vertigale") is None
    assert learned.brands.get("VERTIGALE") is not None
    assert learned.given == {"brand"}


def test_a_brand_sent_in_capitals_is_spelled_as_the_vendor_s_other_sheets_do() -> None:
    shouted = [MappedSheet(n, {"title": f"BOUILLOIRE TORVEL V{n}", "brand": "TORVEL"}) for n in range(5)]
    written = [MappedSheet(n, {"title": f"Cafetière Torvel M{n}", "brand": "Torvel"}) for n in range(2)]
    alone, together = Context.default().learned(shouted), Context.default().learned([*shouted, *written])
    assert harmonize(shouted[0], alone).values["brand"] == "TORVEL"
    assert harmonize(shouted[0], together).values["brand"] == "Torvel"


def test_one_odd_spelling_does_not_take_a_name_s_capitals_away() -> None:
    sheets = [MappedSheet(n, {"title": f"Fil à broder {n}", "brand": "QVD" if n else "Qvd"}) for n in range(9)]
    assert harmonize(sheets[3], Context.default().learned(sheets)).values["brand"] == "QVD"


def test_the_same_text_sent_many_times_is_not_taken_for_the_shop_s() -> None:
    said = "Machine à café compacte pour capsules, réservoir de 0,6 L."
    assert learn_boilerplate([said] * 500) == frozenset()
