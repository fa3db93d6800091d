"""F1 of links between two vendors' whole catalogues, through intake, mapping, candidates and matching.

    python -m tests.benchmarks.catalogue_linking LEFT RIGHT GOLD [--labels DIR]

LEFT and RIGHT are vendors' files, each with its identifiers in the first column (or one named `id`); GOLD links them,
one pair of identifiers a line below a header. With `--labels` (folders as of `pair_matching`) the matcher learns from
train and chooses its threshold on valid; without, the model that ships is used with the thresholds that it ships
with.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from catalog.candidates import LIMIT, MemoryCandidates
from catalog.intake import open_table
from catalog.mapping import map_headers
from catalog.matching import Matcher, Record, load_shipped, propose_all
from catalog.matching.training import best_threshold, compared_fields, fit
from catalog.sheets import Decision
from tests.benchmarks.pair_matching import PARTS, SAMPLES, attributes_of, network_of, read_dataset, record_of


def main(arguments: Sequence[str]) -> int:
    """Print the figures as one JSON object; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.catalogue_linking")
    parser.add_argument("left", type=Path)
    parser.add_argument("right", type=Path)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--labels", type=Path, metavar="DIR")
    chosen = parser.parse_args(arguments)
    try:
        print(json.dumps(measure(chosen.left, chosen.right, chosen.gold, chosen.labels)))
    except (OSError, ValueError) as error:
        print(f"Unreadable input: {error}", file=sys.stderr)
        return 2
    return 0


def measure(left: Path, right: Path, gold: Path, labels: Path | None) -> dict[str, float]:
    """Link the catalogues and compare with the gold links."""
    started = time.perf_counter()
    sheets, products, links = records_of(left), records_of(right), gold_links(gold)
    matcher = trained(labels) if labels else load_shipped()
    found = [[c.record for c in row] for row in MemoryCandidates(products).candidates_of(sheets, LIMIT)]
    retrieved = {(a.key, b.key) for a, row in zip(sheets, found, strict=True) for b in row}
    proposals = [p for row in propose_all(sheets, found, matcher) for p in row]
    linked = {(p.left, p.right) for p in proposals if p.decision is Decision.SAME}
    hits = len(linked & links)
    precision, recall = 100 * hits / max(1, len(linked)), 100 * hits / max(1, len(links))
    asked = {(p.left, p.right) for p in proposals if p.decision is Decision.UNSURE}
    print(f"put to a person: {len(asked)}, of which linked in gold: {len(asked & links)}", file=sys.stderr)
    return {
        "precision": round(precision, 2),
        "recall": round(recall, 2),
        "f1": round(2 * precision * recall / max(1e-9, precision + recall), 2),
        "candidate_recall_at_20": round(100 * len(retrieved & links) / max(1, len(links)), 2),
        "seconds": round(time.perf_counter() - started, 1),
    }


def records_of(path: Path) -> list[Record]:
    """Read a vendor's file through the product's intake and mapping."""
    table = open_table(path)
    rows = [dict(row.cells) for row in table.rows()]
    headers = list(table.headers)
    key = next((h for h in headers if h.strip().lower() == "id"), headers[0])
    found = map_headers(headers, rows[:: max(1, len(rows) // SAMPLES)][:SAMPLES])
    attributes = {h: found.get(h) or h for h in headers if h != key}
    print(f"{path.name}: {len(rows)} rows, columns {attributes}", file=sys.stderr)
    cells = [{h: value for h, value in row.items() if h != key and value} for row in rows]
    return [record_of(cell, attributes, row[key]) for cell, row in zip(cells, rows, strict=True)]


def gold_links(path: Path) -> set[tuple[str, str]]:
    """Read pairs of identifiers below a header line, between any of the usual delimiters."""
    text = path.read_text(encoding="utf-8-sig")
    delimiter = max("#|;,\t", key=text.split("\n", 1)[0].count)
    rows = [row for row in csv.reader(text.splitlines(), delimiter=delimiter) if row]
    if any(len(row) < 2 for row in rows):
        raise ValueError(f"{path.name}: expected two identifiers a line")
    return {(row[0].strip(), row[1].strip()) for row in rows[1:]}


def trained(folder: Path) -> Matcher:
    """Learn from labelled pairs of the same catalogues; the threshold is the best one on the valid pairs."""
    dataset = read_dataset(folder)
    attributes = attributes_of([*dataset.left, *dataset.right])
    network, rows = network_of(dataset, attributes)
    border = len(dataset.left)
    fields = compared_fields(network.pool.records[:border], network.pool.records[border:])
    fitted = fit(network, rows[PARTS[0]], dataset.pairs[PARTS[0]][2], fields)
    threshold = best_threshold(fitted.linked_logits(network, rows[PARTS[1]]), dataset.pairs[PARTS[1]][2])
    accept = float(1 / (1 + np.exp(-threshold)))
    return fitted.matcher.with_thresholds(accept=accept, review=accept / 4)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
