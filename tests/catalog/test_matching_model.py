"""A model learns from judged pairs, is stored as plain arrays, and gives the same answers after loading."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse
from sklearn.ensemble import HistGradientBoostingClassifier

from catalog.matching import Matcher, Record, TooFewPairs, UnreadableModel, load_shipped, train
from catalog.matching.linear import Linear
from catalog.matching.model import SHIPPED
from catalog.matching.synthesis import labelled_pairs, two_catalogues
from catalog.matching.training import best_threshold, compared_fields
from catalog.matching.trees import Trees


@pytest.fixture(scope="module")
def judged() -> tuple[list[tuple[Record, Record]], list[int]]:
    return labelled_pairs(worlds=2, products=60, seed=5)


@pytest.fixture(scope="module")
def matcher(judged: tuple[list[tuple[Record, Record]], list[int]], tmp_path_factory: pytest.TempPathFactory) -> Matcher:
    return train(*judged, folder=tmp_path_factory.mktemp("model"), card={"data": "made up"})


def test_trees_as_arrays_answer_like_the_learner_they_were_taken_from() -> None:
    chance = np.random.default_rng(3)
    table = chance.normal(size=(400, 12)).astype(np.float32)
    labels = (table[:, 0] + table[:, 1] * table[:, 2] > 0.3).astype(np.int64)
    model = HistGradientBoostingClassifier(max_iter=60, max_leaf_nodes=8, early_stopping=False).fit(table, labels)
    chances = model.predict_proba(table)[:, 1]
    assert np.allclose(Trees.of(model).logits(table), np.log(chances / (1 - chances)), atol=1e-4)


def test_linear_weights_ignore_words_never_seen() -> None:
    table = np.array([[0.0], [1.0], [0.0], [1.0]], np.float32)
    words = sparse.csr_matrix(np.array([[1, 0, 0], [0, 1, 0], [1, 0, 0], [0, 1, 0]], np.float32))
    fitted = Linear.fit(table, words, np.array([0, 1, 0, 1]))
    unseen = sparse.csr_matrix(np.array([[0, 0, 1]], np.float32))
    nothing = sparse.csr_matrix((1, 3), dtype=np.float32)
    assert fitted.logits(table[:1], unseen) == pytest.approx(fitted.logits(table[:1], nothing))
    assert fitted.logits(table, words)[1] > 0 > fitted.logits(table, words)[0]


def test_a_stored_model_answers_as_before(
    matcher: Matcher, judged: tuple[list[tuple[Record, Record]], list[int]], tmp_path: Path
) -> None:
    pairs = judged[0][:80]
    matcher.save(tmp_path)
    again = Matcher.load(tmp_path)
    assert np.allclose(again.score(pairs), matcher.score(pairs))
    assert np.allclose(again.score_linked(pairs), matcher.score_linked(pairs))
    assert (again.accept, again.review, again.fields) == (matcher.accept, matcher.review, matcher.fields)


def test_what_is_stored_holds_no_pickled_code(matcher: Matcher, tmp_path: Path) -> None:
    matcher.save(tmp_path)
    with np.load(tmp_path / "model.npz", allow_pickle=False) as archive:
        assert all(archive[name].dtype != object for name in archive.files)


def test_a_missing_or_broken_model_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UnreadableModel, match="No readable matching model"):
        Matcher.load(tmp_path)
    (tmp_path / "model.npz").write_bytes(b"not a model")
    (tmp_path / "card.json").write_text("{}")
    with pytest.raises(UnreadableModel, match="No readable matching model"):
        Matcher.load(tmp_path)


def test_learning_tells_the_same_product_from_its_siblings(matcher: Matcher) -> None:
    pairs, labels = labelled_pairs(worlds=1, products=80, seed=77)
    scores, truth = matcher.score(pairs), np.array(labels)
    won = scores[truth == 1][:, None] > scores[truth == 0][None, :]
    assert won.mean() > 0.9


def test_learning_from_one_kind_of_answer_is_refused(judged: tuple[list[tuple[Record, Record]], list[int]]) -> None:
    with pytest.raises(TooFewPairs, match="two pairs judged the same"):
        train(judged[0][:30], [0] * 30)


def test_a_handful_of_judgements_is_enough_to_run() -> None:
    same = [(Record.of({"title": f"acme k{i}00"}), Record.of({"title": f"acme k{i}00 new"})) for i in range(3)]
    other = [(Record.of({"title": f"acme k{i}00"}), Record.of({"title": f"zeta q{i}55"})) for i in range(3)]
    assert train([*same, *other], [1, 1, 1, 0, 0, 0]).score(same).shape == (3,)


def test_the_best_threshold_separates_what_can_be_separated() -> None:
    scores, labels = np.array([0.9, 0.8, 0.4, 0.1]), np.array([1, 1, 0, 0])
    assert 0.4 < best_threshold(scores, labels) < 0.8


def test_the_best_threshold_is_not_led_by_a_lucky_pair() -> None:
    chance = np.random.default_rng(5)
    labels = (chance.random(4000) < 0.2).astype(np.int64)
    scores = chance.normal(size=4000) + 3.0 * labels - 1.5
    whole = best_threshold(scores, labels)
    parts = [best_threshold(scores[i::10], labels[i::10]) for i in range(10)]
    assert np.ptp([*parts, whole]) < 0.8


def test_pairs_hopeless_alone_are_not_decided_otherwise_among_rivals(
    matcher: Matcher, judged: tuple[list[tuple[Record, Record]], list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = matcher.score_linked(judged[0])
    monkeypatch.setattr("catalog.matching.model.HOPELESS", -np.inf)
    thorough = matcher.score_linked(judged[0])
    assert np.array_equal(quick >= matcher.review, thorough >= matcher.review)
    assert np.array_equal(quick[quick >= matcher.review], thorough[thorough >= matcher.review])


def test_only_columns_that_both_catalogues_fill_are_compared_by_themselves() -> None:
    left = [Record.of({"title": "a", "abv": "5", "brand": "b", "gtin": "1"})]
    right = [Record.of({"title": "a", "abv": "6", "style": "ale"})]
    assert compared_fields(left, right) == ("abv",)


def test_made_up_catalogues_are_the_same_for_the_same_seed() -> None:
    first, second = (two_catalogues(random.Random(4), 40) for _ in range(2))
    assert [(n, r.values) for n, r in first[0]] == [(n, r.values) for n, r in second[0]]
    assert {n for n, _ in first[0]} & {n for n, _ in first[1]}, "the vendors share products"


def test_the_shipped_model_knows_the_obvious_from_the_first_day() -> None:
    left = Record.of({"title": "Sony Bravia KDL-40V4100 40 in LCD TV black", "price": "899"})
    right = Record.of({"title": "Sony KDL40V4100 Bravia lcd television 40'' black", "price": "920"})
    sibling = Record.of({"title": "Sony KDL46V4100 Bravia lcd television 46'' black", "price": "1220"})
    stranger = Record.of({"title": "Bosch cordless drill 18 V", "price": "99"})
    same, near, far = load_shipped().score([(left, right), (left, sibling), (left, stranger)])
    assert same > 0.5 > near > far


def test_the_card_says_what_the_model_learnt_from_and_what_it_measured() -> None:
    card = json.loads((SHIPPED / "card.json").read_text(encoding="utf-8"))
    assert {"date", "data", "pairs", "features_version", "evaluation", "thresholds"} <= set(card)
