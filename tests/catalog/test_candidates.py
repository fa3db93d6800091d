"""Candidates: the right product is among the first, whatever its words' order, spelling or place."""

from __future__ import annotations

import pytest

from catalog.candidates import CandidateSource, MemoryCandidates
from catalog.matching import Record

TITLES = [
    "Sony turntable PSL-X350H",
    "Bose Acoustimass 5 speaker system",
    "Linksys EtherFast 8-port switch",
    "Tefal frying pan 28 cm",
]


@pytest.fixture
def source() -> CandidateSource:
    fillers = [Record.of({"title": f"item {i} of series {i % 7}"}, key=f"f{i}") for i in range(60)]
    return MemoryCandidates([*(Record.of({"title": t}, key=t) for t in TITLES), *fillers])


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"title": "PSLX350H turntable by sony"}, TITLES[0]),
        ({"title": "speaker systm acoustimas"}, TITLES[1]),
        ({"title": "network box", "description": "Linksys EtherFast switch"}, TITLES[2]),
        ({"description": "Tefal pan 28 cm"}, TITLES[3]),
    ],
)
def test_the_right_product_comes_first(source: CandidateSource, values: dict[str, str], expected: str) -> None:
    assert source.candidates(Record.of(values))[0].record.key == expected


def test_no_more_than_asked_for_and_best_first(source: CandidateSource) -> None:
    found = source.candidates(Record.of({"title": "item of series"}), limit=5)
    assert len(found) == 5
    assert [c.score for c in found] == sorted((c.score for c in found), reverse=True)


def test_what_shares_nothing_is_no_candidate(source: CandidateSource) -> None:
    assert source.candidates(Record.of({"title": "qqqq"})) == []


def test_many_at_once_find_what_each_finds_alone() -> None:
    source = MemoryCandidates([Record.of({"title": t}, key=t) for t in TITLES])
    asked = [Record.of({"title": t.lower()}) for t in TITLES]
    assert [row[0].record.key for row in source.candidates_of(asked)] == TITLES
    assert source.candidates_of([]) == []


def test_an_empty_catalogue_has_no_candidates() -> None:
    assert MemoryCandidates([]).candidates(Record.of({"title": "anything"})) == []
