"""Lines of one file that say an article again are told by id, by barcode, or by their words."""

from __future__ import annotations

from catalog.duplicates import Duplicates
from catalog.sheets import MappedSheet

TEXT = "Six verres moulés en verre trempé, qui résistent aux chocs."
GTIN, OTHER = "3701527924424", "4008770544683"


def _told(*lines: dict[str, str]) -> list[str | None]:
    """Return for each line which attribute shows that it repeats an earlier one."""
    seen = Duplicates()
    found = [
        seen.found_in(MappedSheet(row, {"title": "Six verres", "description": TEXT, **line}))
        for row, line in enumerate(lines, start=2)
    ]
    return [issue.attribute if issue else None for issue in found]


def test_the_same_words_under_another_id_repeat_the_article() -> None:
    assert _told({"id": "A", "gtin": GTIN, "mpn": "P1"}, {"id": "B"}, {"id": "C", "price": "9,90 €"}) == [
        None,
        "title",
        None,
    ]


def test_two_barcodes_are_two_articles_however_alike_their_words() -> None:
    assert _told({"id": "A", "gtin": GTIN}, {"id": "B", "gtin": OTHER}) == [None, None]


def test_a_line_without_a_description_is_not_told_by_its_words() -> None:
    assert _told({"id": "A", "description": ""}, {"id": "B", "description": ""}) == [None, None]


def test_a_barcode_repeats_under_a_title_written_with_other_blanks_and_capitals() -> None:
    assert _told({"id": "A", "gtin": GTIN}, {"id": "B", "gtin": GTIN, "title": "SIX  verres"}) == [None, "gtin"]


def test_a_barcode_in_another_size_is_another_article() -> None:
    assert _told({"id": "A", "gtin": GTIN, "size": "S"}, {"id": "B", "gtin": GTIN, "size": "M"}) == [None, None]
