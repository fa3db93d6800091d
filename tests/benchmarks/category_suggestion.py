"""Leaf accuracy of the category suggester on labelled sheets (columns Categorie1..3, Libelle, Description, Marque).

    python -m tests.benchmarks.category_suggestion TRAIN TEST
    python -m tests.benchmarks.category_suggestion --split SHEETS [--part N] [--whole-tree]

With `--split`, the tenth whose content hashes to N (0 by default) is held out; identical lines fall on one side. With
`--whole-tree` the names of all leaves are known, as a marketplace knows its tree, else those of TRAIN alone. The last
line is JSON; `*_without_copies` leaves out test sheets whose title and description also stand in TRAIN, `ceiling` is
the share of test sheets whose leaf occurs in TRAIN at all.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import time
import zlib
from collections.abc import Sequence
from pathlib import Path

from catalog.categories import LearnedCategories, coverage_at, train
from catalog.sheets import CategorySuggestion
from catalog.taxonomy import SEPARATOR

Labelled = tuple[dict[str, str], str]
_COLUMNS = {"title": "Libelle", "description": "Description", "brand": "Marque"}
_NO_BRAND = frozenset({"AUCUNE", ""})


def read(path: Path) -> list[Labelled]:
    """Return the sheets of a file in the marketplace's attributes, each with its leaf as "a > b > c"."""
    with path.open(encoding="utf-8", newline="") as file:
        return [_labelled(record) for record in csv.DictReader(file)]


def _labelled(record: dict[str, str]) -> Labelled:
    values = {attribute: record[column] for attribute, column in _COLUMNS.items()}
    if values["brand"] in _NO_BRAND:
        values["brand"] = ""
    return values, SEPARATOR.join(record[f"Categorie{level}"].strip() for level in (1, 2, 3))


def split(sheets: Sequence[Labelled], part: int) -> tuple[list[Labelled], list[Labelled]]:
    """Return nine tenths and one, told apart by the content of each sheet."""
    kept: list[Labelled] = []
    held: list[Labelled] = []
    for sheet in sheets:
        (held if zlib.crc32("|".join([*sheet[0].values(), sheet[1]]).encode()) % 10 == part else kept).append(sheet)
    return kept, held


def measure(model: LearnedCategories, learned: Sequence[Labelled], held: Sequence[Labelled]) -> dict[str, float]:
    """Return the figures of one model on sheets it has not seen."""
    began = time.perf_counter()
    suggested = model.suggest([values for values, _ in held])
    seconds = time.perf_counter() - began
    first = [bool(best) and best[0].id == truth for best, (_, truth) in zip(suggested, held, strict=True)]
    three = [_holds(best, truth) for best, (_, truth) in zip(suggested, held, strict=True)]
    scores = [best[0].score if best else 0.0 for best in suggested]
    texts = {(values["title"], values["description"]) for values, _ in learned}
    fresh = [at for at, (values, _) in enumerate(held) if (values["title"], values["description"]) not in texts]
    leaves = {leaf for _, leaf in learned}
    return {
        "top1": _mean(first),
        "top3": _mean(three),
        "coverage_at_95": round(coverage_at(scores, first, 0.95).coverage, 4),
        "sheets_per_second": round(len(held) / seconds, 1),
        "ceiling": _mean([leaf in leaves for _, leaf in held]),
        "top1_without_copies": _mean([first[at] for at in fresh]),
        "top3_without_copies": _mean([three[at] for at in fresh]),
    }


def _holds(best: Sequence[CategorySuggestion], truth: str) -> bool:
    return any(suggestion.id == truth for suggestion in best[:3])


def _mean(flags: Sequence[bool]) -> float:
    return round(sum(flags) / max(len(flags), 1), 4)


def main() -> int:
    """Train, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("train", type=Path, nargs="?")
    parser.add_argument("test", type=Path, nargs="?")
    parser.add_argument("--split", type=Path, metavar="SHEETS")
    parser.add_argument("--part", type=int, default=0)
    parser.add_argument("--whole-tree", action="store_true", help="know the names of leaves without a sheet too")
    parser.add_argument("--save", type=Path, metavar="FOLDER", help="keep the trained model")
    options = parser.parse_args()
    files = [path for path in (options.train, options.test, options.split) if path]
    if (options.split is None) != (len(files) == 2) or len(files) not in (1, 2):
        parser.error("give TRAIN and TEST, or --split SHEETS")
    for path in files:
        if not path.is_file():
            parser.error(f"{path} does not exist")
    learned, held = split(read(files[0]), options.part) if options.split else (read(files[0]), read(files[1]))
    print(f"learning from {len(learned)} sheets, measuring on {len(held)}", file=sys.stderr)
    began = time.perf_counter()
    model = train(learned, leaves={leaf for _, leaf in [*learned, *held]} if options.whole_tree else ())
    seconds = round(time.perf_counter() - began, 1)
    if options.save:
        model.save(options.save)
    print(json.dumps({**measure(model, learned, held), "train_seconds": seconds, "own_estimate": model.card}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
