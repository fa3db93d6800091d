"""Sheets made ahead in a child: the same columns as at home, and nothing lost where the child is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from catalog.assembly import Recipe, Workshop
from catalog.makers import AHEAD, Maker, columns_made
from catalog.search import wording
from catalog.sheets import MappedSheet
from catalog.taxonomy import Taxonomy

SHEETS = [
    MappedSheet(2, {"id": "A", "title": "CAFETIERE KRUPS ROUGE 1,5 L", "price": "89,90 €"}, {"title": "titre"}),
    MappedSheet(3, {"id": "B", "title": "Théière en fonte", "gtin": "3661234567891"}, {"title": "titre"}),
]


@pytest.fixture(scope="module")
def recipe() -> Recipe:
    return Recipe("fr", Taxonomy.builtin(), {"brands": {"Krups": False}, "title_style": "sentence"})


@pytest.fixture(scope="module")
def maker() -> Iterator[Maker]:
    maker = Maker()
    yield maker
    maker.stop(lambda key: True)


def _child_of(maker: Maker) -> int:
    assert maker._courier is not None
    assert maker._courier.child is not None
    return maker._courier.child.pid


def test_a_child_makes_the_same_columns(maker: Maker, recipe: Recipe) -> None:
    at_home = columns_made(SHEETS, Workshop.of(recipe))
    for turn in range(2):  # the second time the child knows the recipe
        maker.begin((1, turn), recipe, SHEETS)
        assert maker.take((1, turn), Workshop.of) == at_home


def test_batches_are_made_ahead_of_their_turn_and_each_is_given_to_who_began_it(maker: Maker, recipe: Recipe) -> None:
    for turn in range(AHEAD):
        assert maker.takes((turn, 0))
        maker.begin((turn, 0), recipe, SHEETS[: 1 + turn % 2])
    assert not maker.takes((AHEAD, 0))
    assert maker.take((AHEAD, 0), Workshop.of) is None
    for turn in reversed(range(AHEAD)):
        assert len(maker.take((turn, 0), Workshop.of) or []) == 1 + turn % 2
    assert maker.take((0, 0), Workshop.of) is None


def test_large_batches_wait_for_each_other_and_not_for_their_taker(maker: Maker, recipe: Recipe) -> None:
    """More than a pipe holds in either direction: child and parent must never both wait for the other to read."""
    for turn in range(AHEAD):
        maker.begin((1, turn), recipe, SHEETS * 200)
    assert [len(maker.take((1, turn), Workshop.of) or []) for turn in range(AHEAD)] == [400] * AHEAD


def test_who_waits_makes_a_later_batch_meanwhile_and_it_is_the_same(maker: Maker, recipe: Recipe) -> None:
    made_here: list[Recipe] = []

    def workshop_of(asked: Recipe) -> Workshop:
        made_here.append(asked)
        return Workshop.of(asked)

    maker.begin((0, 0), recipe, SHEETS)
    maker.take((0, 0), Workshop.of)
    child = _child_of(maker)
    # Stopped, so that the child has not answered when its batch is asked for.
    os.kill(child, signal.SIGSTOP)
    for turn in range(3):
        maker.begin((1, turn), recipe, SHEETS)
    threading.Timer(0.5, os.kill, (child, signal.SIGCONT)).start()
    taken = [maker.take((1, turn), workshop_of) for turn in range(3)]
    assert taken == [columns_made(SHEETS, Workshop.of(recipe))] * 3
    assert made_here == [recipe]


def test_a_child_that_is_warm_takes_the_first_batch(maker: Maker, recipe: Recipe) -> None:
    maker.warm()
    maker.begin((1, 0), recipe, SHEETS)
    assert len(maker.take((1, 0), Workshop.of) or []) == 2


def test_a_batch_that_nobody_takes_is_forgotten(maker: Maker, recipe: Recipe, monkeypatch: pytest.MonkeyPatch) -> None:
    for turn in range(AHEAD):
        maker.begin((1, turn), recipe, SHEETS[:1])
    assert not maker.takes((2, 0))
    monkeypatch.setattr("catalog.makers.FORGOTTEN_SECONDS", 0)
    assert maker.takes((2, 0))


def test_an_import_that_ends_takes_its_batches_with_it_and_leaves_the_others(maker: Maker, recipe: Recipe) -> None:
    maker.begin((1, 0), recipe, SHEETS[:1])
    maker.begin((2, 0), recipe, SHEETS)
    maker.stop(lambda key: key[0] == 1)
    assert maker.take((1, 0), Workshop.of) is None
    assert len(maker.take((2, 0), Workshop.of) or []) == 2


def test_where_the_child_is_killed_there_is_no_answer_and_the_next_batch_gets_a_new_child(
    maker: Maker, recipe: Recipe
) -> None:
    maker.begin((1, 0), recipe, SHEETS)
    maker.take((1, 0), Workshop.of)
    child = _child_of(maker)
    # Stopped first: a child that answers before it is killed would prove nothing.
    os.kill(child, signal.SIGSTOP)
    maker.begin((1, 1), recipe, SHEETS)
    os.kill(child, signal.SIGKILL)
    assert maker.take((1, 1), Workshop.of) is None
    maker.begin((1, 2), recipe, SHEETS)
    assert len(maker.take((1, 2), Workshop.of) or []) == 2


def test_the_child_ends_when_its_parent_is_gone() -> None:
    root = Path(__file__).resolve().parents[2]
    child = subprocess.Popen([sys.executable, "-m", "catalog.makers"], stdin=subprocess.PIPE, cwd=root)
    assert child.stdin is not None
    child.stdin.close()
    assert child.wait(timeout=20) == 0


def test_what_the_child_read_for_the_indexer_is_what_the_indexer_would_read(maker: Maker, recipe: Recipe) -> None:
    maker.begin((1, 0), recipe, SHEETS)
    for columns in maker.take((1, 0), Workshop.of) or ():
        told = wording.said([columns["values"]], columns["locale"])
        text = wording.own_text(told["description"], told["attributes"], (), told["colours"])
        for written in (columns["title"], text):
            ahead = wording._ready.get((written, "fr"))
            assert ahead == wording.read(written, "fr")
            assert wording.reading_of(written, "fr") == ahead
            assert (written, "fr") not in wording._ready


def test_what_the_child_logs_does_not_stand_among_its_answers(maker: Maker, recipe: Recipe, tmp_path: Path) -> None:
    """A model of a former version is logged and passed over."""
    (tmp_path / "card.json").write_text('{"format": 1}')
    maker.begin((1, 0), replace(recipe, model=tmp_path), SHEETS)
    maker.begin((1, 1), recipe, SHEETS[:1])
    assert [len(maker.take((1, turn), Workshop.of) or []) for turn in range(2)] == [2, 1]


def test_readings_that_nobody_takes_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wording, "REMEMBERED", 10)
    monkeypatch.setattr(wording, "_ready", {})
    for number in range(40):
        columns = {"title": f"Lampe {number}", "locale": "fr", "values": {"description": f"Une lampe n° {number}."}}
        wording.remember(columns, wording.spoken(columns))
    assert len(wording._ready) == 10
    assert ("Lampe 39", "fr") in wording._ready
