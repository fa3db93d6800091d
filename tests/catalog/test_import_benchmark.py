"""The import benchmark prints the promised figures for any vendor's file, of any number of rows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.benchmarks import import_throughput


@pytest.mark.parametrize("rows", [30, 1200])
def test_it_prints_its_figures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    file = tmp_path / "sheets.csv"
    lines = [f"Cafetière {number} tasses;Noire, {number} W;Verlaine;{number},90 €" for number in range(1, 21)]
    file.write_text("\n".join(["titre;description;marque;prix", *lines]), encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["import_throughput", str(file), "--rows", str(rows)])
    assert import_throughput.main() == 0
    figures = json.loads(capsys.readouterr().out.strip().splitlines()[-1])
    assert set(figures) == {"sheets_per_second", "peak_rss_mb", "tenths", "rss_mb", "cpu_seconds", "stages"}
    assert min(figures["sheets_per_second"], *figures["tenths"]) > 0
    assert {"catalog.read_import", "catalog.import_chunk", "catalog.drain_index"} <= figures["stages"].keys()
