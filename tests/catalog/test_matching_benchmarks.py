"""The two matching benchmarks print the promised figures for any data in the promised form."""

from __future__ import annotations

import csv
import json
import os
import random
from pathlib import Path

import pytest

from catalog.matching.synthesis import labelled_pairs, two_catalogues
from tests.benchmarks import catalogue_linking, pair_matching

SHARED = Path(__file__).parents[2].parent / "shared" / "data"


def last_line(capsys: pytest.CaptureFixture[str]) -> dict[str, float]:
    figures: dict[str, float] = json.loads(capsys.readouterr().out.strip().splitlines()[-1])
    return figures


def as_line(values: dict[str, str]) -> str:
    return " ".join(f"COL {name} VAL {values.get(name, '')}" for name in ("Item_Name", "notes", "price"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return labelled pairs whose columns have names of their own."""
    pairs, labels = labelled_pairs(worlds=1, products=60, seed=8)
    lines = []
    for (left, right), label in zip(pairs, labels, strict=True):
        sides = [
            {**r.values, "Item_Name": r.values["title"], "notes": r.values.get("description", "")}
            for r in (left, right)
        ]
        lines.append(f"{as_line(sides[0])}\t{as_line(sides[1])}\t{label}\n")
    for start, part in enumerate(("train", "valid", "test")):
        (tmp_path / f"{part}.txt").write_text("".join(lines[start::3]), encoding="utf-8")
    return tmp_path


def test_pair_matching_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        pair_matching.main(["--help"])
    assert "train.txt" in capsys.readouterr().out


def test_pair_matching_prints_its_figures(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert pair_matching.main([str(folder)]) == 0
    figures = last_line(capsys)
    names = "precision recall f1 f1_pair_only threshold pairs train_seconds pairs_per_second"
    assert set(figures) == set(names.split())
    assert figures["f1"] > 50
    assert figures["pairs"] > 60


def test_a_line_that_is_no_pair_is_refused_by_file_and_number(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "valid.txt").write_text("COL a VAL b\tCOL a VAL b\tmaybe\n", encoding="utf-8")
    assert pair_matching.main([str(folder)]) == 2
    assert "valid.txt, line 1" in capsys.readouterr().err


def test_columns_are_read_even_when_empty_or_missing() -> None:
    assert pair_matching.columns_of("COL name VAL sony tv COL price VAL ") == {"name": "sony tv", "price": ""}
    assert pair_matching.columns_of("COL name VAL  COL price VAL 3") == {"name": "", "price": "3"}
    assert pair_matching.columns_of("just words") == {"text": "just words"}


def test_some_column_always_names_the_product() -> None:
    rows = [{"Foo_Bar": "blue dog stout", "ABV": "5 %"}] * 20
    assert pair_matching.attributes_of(rows) == {"Foo_Bar": "title", "ABV": "ABV"}


def test_catalogue_linking_prints_its_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    catalogues = two_catalogues(random.Random(12), 60)
    for name, catalogue in zip(("left", "right"), catalogues, strict=True):
        with (tmp_path / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["id", "title", "description", "price"])
            writer.writerows(
                [f"{name[0]}{n}", r.values["title"], r.values.get("description", ""), r.values.get("price", "")]
                for n, r in catalogue
            )
    common = {n for n, _ in catalogues[0]} & {n for n, _ in catalogues[1]}
    (tmp_path / "gold.csv").write_text("a,b\n" + "".join(f"l{n},r{n}\n" for n in common), encoding="utf-8")
    assert catalogue_linking.main([str(tmp_path / f"{name}.csv") for name in ("left", "right", "gold")]) == 0
    figures = last_line(capsys)
    assert set(figures) == {"precision", "recall", "f1", "candidate_recall_at_20", "seconds"}
    assert figures["candidate_recall_at_20"] > 90
    assert figures["f1"] > 50


def test_a_missing_file_is_said_in_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing = [str(tmp_path / name) for name in ("a.csv", "b.csv", "gold.csv")]
    assert catalogue_linking.main(missing) == 2
    assert capsys.readouterr().err.startswith("Unreadable input:")


def test_the_shipped_model_links_real_catalogues() -> None:
    folder = SHARED / "two_vendors" / "abt-buy"
    if not folder.exists() and os.environ.get("CI") != "true":
        pytest.skip("the real catalogues of ../shared/data are not on this machine")
    figures = catalogue_linking.measure(folder / "abt.csv", folder / "buy.csv", folder / "gt.csv", None)
    assert figures["f1"] >= 90
    assert figures["candidate_recall_at_20"] >= 98.5
