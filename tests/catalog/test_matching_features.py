"""Features say of a pair what a person would see: what agrees, what contradicts, what one side leaves out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from catalog.matching.features import Pairs, feature_table
from catalog.matching.model import pair_table
from catalog.matching.pool import Pool, Statistics
from catalog.matching.records import Record
from catalog.matching.rivals import Edges, rival_features
from catalog.matching.words import SIZE, word_features

OTHERS = [{"title": f"acme thing number{i} in blue"} for i in range(30)]


def compare(left: dict[str, Any], right: dict[str, Any], fields: tuple[str, ...] = ()) -> dict[str, float]:
    records = [Record.of(values) for values in (left, right, *OTHERS)]
    pairs = Pairs.of(Pool(records, Statistics.of(records)), np.array([0], np.int32), np.array([1], np.int32))
    return {name: float(values[0]) for name, values in feature_table(pairs, fields).items()}


def test_identical_titles_leave_nothing_unmatched() -> None:
    found = compare({"title": "sony turntable pslx350h"}, {"title": "Sony Turntable PSLX350H"})
    assert found["all.unmet.left"] == found["all.unmet.right"] == found["all.conflict"] == 0
    assert found["code.equal"] == 1
    assert found["cosine.head"] == pytest.approx(1, abs=1e-4)


def test_a_split_word_meets_its_joined_form() -> None:
    found = compare({"title": "speck see thru shell"}, {"title": "speck seethru shell"})
    assert found["word.unmet.left"] == pytest.approx(0, abs=1e-5)
    assert found["word.unmet.right"] == pytest.approx(0, abs=1e-5)


def test_a_misspelt_or_abbreviated_word_counts_nearly_as_met() -> None:
    found = compare({"title": "logitech keybaord blk"}, {"title": "logitech keyboard black"})
    far = compare({"title": "logitech keyboard blk"}, {"title": "logitech webcam pink"})
    assert found["word.conflict"] < far["word.conflict"] / 2


def test_a_code_written_with_hyphens_is_the_same_code() -> None:
    assert compare({"title": "panasonic kx-tg6700b"}, {"title": "panasonic kxtg6700b phone"})["code.inside"] == 1


def test_a_code_of_a_sibling_is_near_but_not_equal() -> None:
    found = compare({"title": "canon hf100"}, {"title": "canon hf10"})
    assert found["code.equal"] == 0
    assert found["code.ratio"] > 0.8
    assert found["digits.shared"] == 0


def test_measures_agree_across_units_and_conflict_otherwise() -> None:
    same = compare({"title": "kettle 1.5 l"}, {"title": "kettle 1500 ml"})
    other = compare({"title": "kettle 1.5 l"}, {"title": "kettle 1.7 l"})
    assert (same["quantity.agree"], same["quantity.conflict"]) == (1, 0)
    assert (other["quantity.agree"], other["quantity.conflict"]) == (0, 1)


def test_colours_contradict_across_languages_only_when_they_differ() -> None:
    assert compare({"title": "case black"}, {"title": "coque noire"})["colour.trait"] == 1
    assert compare({"title": "case black"}, {"title": "coque blanche"})["colour.trait"] == -1
    assert compare({"title": "case black"}, {"title": "coque"})["colour.trait"] == 0


def test_a_missing_price_is_no_difference() -> None:
    assert compare({"title": "a1", "price": "10"}, {"title": "a1"})["price.distance"] == 9
    assert compare({"title": "a1", "price": "10"}, {"title": "a1", "price": "20"})["price.distance"] == pytest.approx(
        np.log(2)
    )


def test_any_column_can_be_compared_by_itself() -> None:
    found = compare({"title": "ale", "abv": "5.0 %"}, {"title": "ale", "abv": "5,5 %"}, ("abv",))
    assert found["abv.same"] == 0
    assert found["abv.number"] == pytest.approx(0.5 / 5.5, abs=1e-5)
    assert compare({"title": "ale", "abv": "5.0 %"}, {"title": "ale"}, ("abv",))["abv.same"] == -1


def test_exchanging_the_records_exchanges_the_sides_and_nothing_else() -> None:
    a, b = (
        {"title": "sony kdl40v black tv 40 in", "price": "900"},
        {"title": "sony bravia kdl-40v 40'' lcd", "price": "1000"},
    )
    one, other = compare(a, b), compare(b, a)
    swapped = {n.replace(".left", ".X").replace(".right", ".left").replace(".X", ".right"): v for n, v in other.items()}
    symmetric = [n for n in one if n not in ("price.ratio", "cosine.head_full", "cosine.full_head")]
    for name in symmetric:
        assert one[name] == pytest.approx(swapped[name], abs=1e-3), name


def test_words_are_hashed_alike_whichever_record_comes_first() -> None:
    records = [Record.of({"title": "sony tv black"}), Record.of({"title": "sony tv white stand"})]
    pool = Pool(records, Statistics.of(records))
    one, other = (word_features(Pairs.of(pool, np.array([i], np.int32), np.array([1 - i], np.int32))) for i in (0, 1))
    assert one.shape == (1, SIZE)
    assert (one != other).nnz == 0
    assert one.nnz >= 5


def test_the_order_of_pairs_is_kept_whatever_their_length() -> None:
    records = [Record.of({"title": " ".join(f"w{i}{j}" for j in range(1 + i % 9))}) for i in range(40)]
    pool = Pool(records, Statistics.of(records))
    left = np.arange(40, dtype=np.int32)
    table = pair_table(pool, left, left[::-1].copy(), ())
    assert np.isfinite(table.dense).all()
    assert table.dense[:, table.names.index("words.left")].tolist() == [1 + i % 9 for i in range(40)]


def test_a_pair_is_told_how_it_stands_among_its_rivals() -> None:
    """The second left record and the first right one have no rival: they take the standing of the pair's other side."""
    records = [Record.of({"title": f"thing {i}"}) for i in range(5)]
    pool = Pool(records, Statistics.of(records))
    left, right = np.array([0, 0, 1], np.int32), np.array([2, 3, 3], np.int32)
    found = rival_features(Edges(pool, left, right, np.array([3.0, 1.0, 2.0])), np.arange(3))
    assert found["rival.lead.left"].tolist() == pytest.approx([2.0, -2.0, 1.0])
    assert found["rival.above.left"].tolist() == [0, 1, 0]
    assert found["rival.lead.right"].tolist() == pytest.approx([2.0, -1.0, 1.0])
    assert found["rival.taken.left"][0] == pytest.approx(1.0), "the rival of the first pair leads it elsewhere by one"


def test_a_pair_without_any_rival_is_known_to_be_alone() -> None:
    records = [Record.of({"title": f"thing {i}"}) for i in range(4)]
    pool = Pool(records, Statistics.of(records))
    edges = Edges(pool, np.array([0, 1, 1], np.int32), np.array([2, 3, 0], np.int32), np.zeros(3))
    assert edges.alone().tolist() == [True, False, False]
