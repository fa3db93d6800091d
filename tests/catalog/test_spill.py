"""Lines between the reading and the writing: each with its own faults, in chunks, read back as they were written."""

from __future__ import annotations

from pathlib import Path

from catalog import spill
from catalog.sheets import Issue, MappedSheet, Severity


def _sheets(*skus: str) -> list[MappedSheet]:
    return [
        MappedSheet(row, {"id": sku, "title": f"Théière {sku}"}, {"id": "sku"}, {"x": "1"})
        for row, sku in enumerate(skus, 2)
    ]


def _broken(row: int) -> Issue:
    return Issue("wrong_field_count", Severity.ERROR, None, None, {"expected": 3, "found": 2}, row)


def test_what_is_read_back_is_what_was_written(tmp_path: Path) -> None:
    written = list(spill.write(tmp_path, _sheets("A", "B", "C"), list, size=2))
    assert [len(lines) for lines in written] == [2, 1]
    assert [spill.read(tmp_path, chunk) for chunk in (0, 1)] == written


def test_a_repeated_identifier_names_the_first_line_even_from_another_chunk(tmp_path: Path) -> None:
    chunks = list(spill.write(tmp_path, _sheets("A", "B", "A"), list, size=2))
    assert [line.first for lines in chunks for line in lines] == [None, None, 2]
    fault = spill.read(tmp_path, 1)[0].faults[0]
    assert (fault.code, fault.value, fault.params, fault.row) == ("duplicate_in_file", "A", {"first_row": 2}, 4)


def test_a_fault_found_ahead_of_its_line_waits_for_the_lines_chunk(tmp_path: Path) -> None:
    # The reader hands over its first batch of rows with the faults of all of them, before the first chunk is full.
    found = [[_broken(2), _broken(4)], [], []]
    chunks = list(spill.write(tmp_path, _sheets("A", "B", "C"), lambda: found.pop(0), size=1))
    assert [[fault.code for fault in lines[0].faults] for lines in chunks] == [
        ["wrong_field_count"],
        [],
        ["wrong_field_count"],
    ]


def test_the_same_words_have_the_same_hash_on_any_line() -> None:
    one, other = MappedSheet(2, {"id": "A", "title": "B"}), MappedSheet(9, {"title": "B", "id": "A"})
    assert spill.content_hash(one) == spill.content_hash(other)
    assert spill.content_hash(one) != spill.content_hash(MappedSheet(2, {"id": "A", "title": "b"}))
