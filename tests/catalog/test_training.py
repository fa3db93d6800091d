"""The matcher learned from people's decisions: in use only where it is better on pairs that it did not see."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from flask import Flask

from backoffice.extensions import db
from backoffice.permissions import Role
from catalog import judgements, linking, training
from catalog.matching import Matcher, Record, Statistics, load_shipped
from catalog.matching.model import Numbers
from catalog.matching.synthesis import labelled_pairs
from catalog.models import Listing, Proposal
from catalog.sheets import Decision
from catalog.training import ASIDE, THRESHOLD, Decided
from tests.factories.accounts import make_user
from tests.factories.catalog import selling_vendor
from tests.factories.desk import make_sheets


@pytest.fixture(scope="module")
def pairs() -> tuple[list[tuple[Record, Record]], list[int]]:
    return labelled_pairs(worlds=1, products=140, seed=5)


@pytest.fixture(autouse=True)
def shelf(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where this test's matcher is kept: no other test works with what it learned."""
    folder = tmp_path / "models"
    monkeypatch.setattr(linking, "model_folder", lambda: folder)
    return folder


def _decide(monkeypatch: pytest.MonkeyPatch, pairs: list[tuple[Record, Record]], labels: np.ndarray) -> None:
    decided = Decided(pairs, labels, training._fifths(labels.tolist()))
    monkeypatch.setattr(training, "_decided", lambda: decided)


def test_a_matcher_that_is_better_on_pairs_kept_aside_is_taken_into_use_with_its_card(
    app: Flask, pairs: tuple[list[tuple[Record, Record]], list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    # People who call different what the shipped one calls the same: only learning from them agrees with them.
    _decide(monkeypatch, pairs[0], 1 - np.array(pairs[1], np.int64))
    told = training.train_matcher()
    assert told["live"]
    assert told["f1"]["new"] > told["f1"]["present"]
    card = linking.matcher().card
    assert {"data", "date", "pairs", "same", "kept_aside", "f1", "thresholds"} <= set(card)
    assert linking.matcher().accept == card["thresholds"]["accept"]


class Backwards(Matcher):
    """A matcher that learned the contrary."""

    def score_linked(self, pairs: Sequence[tuple[Record, Record]], statistics: Statistics | None = None) -> Numbers:
        return 1 - super().score_linked(pairs, statistics)


def test_a_matcher_that_is_not_better_leaves_the_present_one_in_use(
    app: Flask,
    pairs: tuple[list[tuple[Record, Record]], list[int]],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    shelf: Path,
) -> None:
    monkeypatch.setattr("catalog.matching.train", lambda pairs, labels: Backwards(**vars(load_shipped())))
    _decide(monkeypatch, pairs[0], np.array(pairs[1], np.int64))
    told = training.train_matcher()
    assert not told["live"]
    assert "not better" in told["reason"]
    assert not shelf.exists()
    assert linking.matcher() is load_shipped()
    output = tmp_path / "elsewhere"
    assert not training.train_matcher(output)["live"]
    assert Matcher.load(output).card["f1"] == told["f1"]


def test_a_learned_matcher_that_cannot_be_read_any_more_leaves_the_shipped_one_in_use(app: Flask, shelf: Path) -> None:
    shelf.mkdir()
    (shelf / "model.npz").write_bytes(b"of another version")
    (shelf / "card.json").write_text("{}")
    assert linking.matcher() is load_shipped()


def test_a_sheet_of_several_decided_pairs_is_one_record(app: Flask) -> None:
    sheets = [make_sheets(selling_vendor(), 1)[0] for _ in range(3)]
    for left, right in ((0, 1), (0, 2)):
        judgements.decide(_pair(sheets[left], sheets[right]), Decision.DIFFERENT, by=make_user(Role.CONTENT_EDITOR))
    db.session.commit()
    decided = training._decided()
    assert [int(label) for label in decided.labels] == [0, 0]
    assert decided.pairs[0][0] is decided.pairs[1][0]
    assert not decided.enough


def _pair(left: Listing, right: Listing) -> Proposal:
    made = Proposal(left=left, right=right, score=0.4, decision=Decision.UNSURE, route="model", evidence=[])
    db.session.add(made)
    return made


def test_the_pairs_of_each_answer_are_dealt_to_all_fifths() -> None:
    labels = [0] * 9 + [1] * 6
    fifths = training._fifths(labels)
    for label in (0, 1):
        assert {THRESHOLD, ASIDE} <= {int(one) for one in fifths[np.array(labels) == label]}
