"""The benchmark of search: its figures on a file of our own, and its refusals."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.benchmarks.search_quality import main, ndcg, recall, reciprocal_rank

SHEETS = """Libelle,Description,Marque,Categorie1
Cafetière à capsules,Réservoir de 1 litre,Nespresso,CUISINE
Chaise pliante,Assise en toile,AUCUNE,MEUBLES
Bouilloire,"Contient 1,5 L",Moulinex,CUISINE
"""


def test_the_figures_are_one_json_object_with_lines_as_the_vendor_sees_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "sheets.csv").write_text(SHEETS, encoding="utf-8")
    judged = [
        {"query": "cafetiere nespresso", "relevant": {"2": 1}, "kind": "brand"},
        {"query": "bouilloire 150cl", "relevant": {"4": 2}, "kind": "unit"},
        {"query": "chaize", "relevant": {"3": 1, "99": 1}},
    ]
    (tmp_path / "queries.jsonl").write_text("\n".join(map(json.dumps, judged)), encoding="utf-8")
    assert main([str(tmp_path / "sheets.csv"), str(tmp_path / "queries.jsonl")]) == 0
    figures = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert figures["mrr"] == 1.0
    assert figures["by_kind"]["unit"]["ndcg_at_10"] == 1.0
    assert 0 < figures["recall_at_10"] < 1
    assert {"ndcg_at_10", "recall_at_10", "mrr", "p50_ms", "p95_ms"} <= figures.keys()
    assert 0 < figures["bare_p95_ms"] <= figures["p95_ms"]


@pytest.mark.parametrize("queries", ["", "{}", "not json", '{"query": "x", "relevant": {"a": 1}}'])
def test_unreadable_queries_are_refused_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], queries: str
) -> None:
    (tmp_path / "sheets.csv").write_text(SHEETS, encoding="utf-8")
    (tmp_path / "queries.jsonl").write_text(queries, encoding="utf-8")
    assert main([str(tmp_path / "sheets.csv"), str(tmp_path / "queries.jsonl")]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert main([str(tmp_path / "none.csv"), str(tmp_path / "none.jsonl")]) == 2


def test_gains_count_linearly_and_places_are_discounted() -> None:
    assert ndcg({1: 3.0, 2: 1.0}, [1, 2]) == 1.0
    assert ndcg({1: 3.0, 2: 1.0}, [2, 1]) == pytest.approx((1 + 3 / 1.58496) / (3 + 1 / 1.58496), rel=1e-4)
    assert ndcg({1: 1.0}, []) == 0.0
    assert recall({1: 1.0, 2: 1.0, 3: 0.0}, [1, 3]) == 0.5
    assert reciprocal_rank({7: 1.0}, [1, 7]) == 0.5
