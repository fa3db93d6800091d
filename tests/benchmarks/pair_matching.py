"""F1 of the matcher on labelled pairs: learns from train, chooses its thresholds without test, looks at test once.

    python -m tests.benchmarks.pair_matching DIR     (train.txt valid.txt test.txt)

A line is `left TAB right TAB label`, a record `COL name VAL value COL …`. Columns reach the matcher's attributes
through `catalog.mapping`, as a vendor's columns do; those that it does not know count as further text. `f1` is the
product's way (among the rivals that retrieval finds in the records of all three files, no label outside train), its
threshold chosen on valid; `f1_pair_only` looks at the pair alone, its threshold chosen on valid and on train, where
each pair is scored by a model that did not see it. `pairs_per_second` counts processor time from raw text to
probability, records, retrieval and rivals included, so other work on the machine does not change it.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from catalog.mapping import map_headers
from catalog.matching.pool import Pool, Statistics
from catalog.matching.records import Record
from catalog.matching.training import Fitted, Network, best_threshold, compared_fields, fit

PARTS = ("train", "valid", "test")
SAMPLES = 200
_COLUMN = re.compile(r"COL\s+(\S+)\s+VAL(?:\s+(.*?))?\s*(?=COL\s+\S+\s+VAL|$)", re.DOTALL)


@dataclass(frozen=True)
class Dataset:
    """Raw records by side without repetition, and the pairs of each file as positions and labels."""

    left: list[dict[str, str]]
    right: list[dict[str, str]]
    pairs: dict[str, tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int64]]]


def main(arguments: Sequence[str]) -> int:
    """Print the figures as one JSON object; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.pair_matching")
    parser.add_argument("folder", type=Path, metavar="DIR", help="Folder of train.txt, valid.txt and test.txt.")
    try:
        dataset = read_dataset(parser.parse_args(arguments).folder)
    except (OSError, ValueError) as error:
        print(f"Unreadable input: {error}", file=sys.stderr)
        return 2
    print(json.dumps(measure(dataset)))
    return 0


def measure(dataset: Dataset) -> dict[str, float]:
    """Learn, choose the thresholds, and return the figures on the test pairs."""
    attributes = attributes_of([*dataset.left, *dataset.right])
    print(f"columns: {attributes}", file=sys.stderr)
    started = time.perf_counter()
    network, rows = network_of(dataset, attributes)
    fields = compared_fields(network.pool.records[: len(dataset.left)], network.pool.records[len(dataset.left) :])
    fitted = fit(network, rows["train"], dataset.pairs["train"][2], fields)
    seconds = time.perf_counter() - started
    labels = {part: dataset.pairs[part][2] for part in PARTS}
    alone = {part: fitted.honest[rows[part]] for part in PARTS}
    linked = {part: fitted.linked_logits(network, rows[part]) for part in PARTS[1:]}
    threshold = best_threshold(linked["valid"], labels["valid"])
    precision, recall, f1 = scores(linked["test"] >= threshold, labels["test"])
    known = [np.concatenate([part["train"], part["valid"]]) for part in (alone, labels)]
    pair_only = scores(alone["test"] >= best_threshold(*known), labels["test"])[2]
    return {
        "precision": round(precision, 2),
        "recall": round(recall, 2),
        "f1": round(f1, 2),
        "f1_pair_only": round(pair_only, 2),
        "threshold": round(float(1 / (1 + np.exp(-threshold))), 4),
        "pairs": sum(map(len, labels.values())),
        "train_seconds": round(seconds, 1),
        "pairs_per_second": round(speed(dataset, attributes, fitted)),
    }


def read_dataset(folder: Path) -> Dataset:
    """Read the three files; raise ValueError naming file and line where one is not as described."""
    sides: tuple[dict[str, int], dict[str, int]] = ({}, {})
    pairs = {}
    for part in PARTS:
        rows = []
        for number, line in enumerate((folder / f"{part}.txt").read_text(encoding="utf-8").splitlines(), 1):
            cells = line.split("\t")
            if len(cells) != 3 or cells[2].strip() not in ("0", "1"):
                raise ValueError(f"{part}.txt, line {number}: expected left TAB right TAB 0 or 1")
            rows.append(
                (*(side.setdefault(cell, len(side)) for side, cell in zip(sides, cells, strict=False)), int(cells[2]))
            )
        table = np.array(rows, np.int64).reshape(-1, 3)
        pairs[part] = (table[:, 0].astype(np.int32), table[:, 1].astype(np.int32), table[:, 2])
    left, right = ([columns_of(text) for text in side] for side in sides)
    return Dataset(left, right, pairs)


def columns_of(text: str) -> dict[str, str]:
    """Return the columns of a record; a text without any is one column of its own."""
    return {name: (value or "").strip() for name, value in _COLUMN.findall(text)} or {"text": text.strip()}


def attributes_of(rows: Sequence[dict[str, str]]) -> dict[str, str]:
    """Return the attribute of each column; an unknown one keeps its name, the first names the product if none does."""
    headers = list(dict.fromkeys(name for row in rows for name in row))
    step = max(1, len(rows) // SAMPLES)
    found = map_headers(headers, rows[::step][:SAMPLES])
    attributes = {header: found.get(header) or header for header in headers}
    if headers and "title" not in attributes.values():
        attributes[next((h for h in headers if not found.get(h)), headers[0])] = "title"
    return attributes


def record_of(columns: dict[str, str], attributes: dict[str, str], key: str = "") -> Record:
    """Return a record; columns of one attribute are joined."""
    values: dict[str, str] = {}
    for name, value in columns.items():
        attribute = attributes[name]
        values[attribute] = f"{values[attribute]} {value}".strip() if attribute in values else value
    return Record.of(values, key)


def network_of(dataset: Dataset, attributes: dict[str, str]) -> tuple[Network, dict[str, NDArray[np.intp]]]:
    """Build the records and their candidates; return with the edges of each file's pairs."""
    records = [record_of(row, attributes) for row in (*dataset.left, *dataset.right)]
    pool = Pool(records, Statistics.of(records))
    border = len(dataset.left)
    left = np.concatenate([dataset.pairs[part][0] for part in PARTS])
    right = np.concatenate([dataset.pairs[part][1] for part in PARTS]) + np.int32(border)
    network = Network.of(pool, np.arange(border), np.arange(border, len(records)), (left, right))
    return network, {
        part: network.rows_of(dataset.pairs[part][0], dataset.pairs[part][1] + np.int32(border)) for part in PARTS
    }


def scores(called: NDArray[np.bool_], labels: NDArray[np.int64]) -> tuple[float, float, float]:
    """Return precision, recall and F1 in percent."""
    hits = float((called & (labels == 1)).sum())
    precision = hits / max(1, called.sum())
    recall = hits / max(1, (labels == 1).sum())
    return 100 * precision, 100 * recall, 100 * 2 * precision * recall / max(1e-9, precision + recall)


def speed(dataset: Dataset, attributes: dict[str, str], fitted: Fitted) -> float:
    """Return how many candidate pairs a second of one core go from raw text to a probability among rivals."""
    started = time.process_time()
    network, _ = network_of(dataset, attributes)
    fitted.matcher.linked_logits(network.pool, network.left, network.right)
    return len(network.left) / (time.process_time() - started)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
