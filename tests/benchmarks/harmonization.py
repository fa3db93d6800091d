"""Sheets harmonized a second on one core; reading and mapping the file are outside the timing.

Processor time is counted, not the clock's, so that other work on the machine does not count as ours.

    python -m tests.benchmarks.harmonization FILE [--locale fr|en] [--rounds N]

What the vendor's own sheets teach is learned first, as in an import; the last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from backoffice import process
from catalog.harmonization import Context, harmonize
from catalog.intake import UnreadableFile, open_table
from catalog.mapping import apply_mapping, propose_mapping
from catalog.sheets import HarmonizedSheet, MappedSheet

SAMPLE_ROWS = 300
# Results are dropped as an import would write them, so that memory stays that of a chunk.
CHUNK = 1000


def main(arguments: Sequence[str]) -> int:
    """Print the figures as one JSON object; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.harmonization")
    parser.add_argument("file", type=Path)
    parser.add_argument("--locale", choices=("fr", "en"), default="fr")
    parser.add_argument("--rounds", type=int, default=3, help="The fastest of N rounds counts.")
    chosen = parser.parse_args(arguments)
    try:
        sheets, given = read(chosen.file)
    except (OSError, UnreadableFile) as error:
        print(f"{chosen.file}: {error}", file=sys.stderr)
        return 2
    process.settle()
    started = time.perf_counter()
    context = replace(Context.default(chosen.locale).learned(sheets), given=given)
    print(f"{len(sheets)} sheets read; learned in {time.perf_counter() - started:.1f} s", file=sys.stderr)
    # The sheets held for the rounds are an artefact of measuring; the collector need not walk them again and again.
    process.stay()
    fastest = min(timed(sheets, context) for _ in range(max(1, chosen.rounds)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"sheets_per_second": round(len(sheets) / fastest), "peak_rss_mb": round(peak)}))
    return 0


def read(path: Path) -> tuple[list[MappedSheet], frozenset[str]]:
    """Return the mapped sheets of a file and the attributes for which it has a column."""
    table = open_table(path)
    columns = propose_mapping(table.headers, list(islice(table.rows(), SAMPLE_ROWS)))
    given = frozenset(column.attribute for column in columns if column.attribute)
    return [apply_mapping(row, columns) for row in table.rows()], given


def timed(sheets: Sequence[MappedSheet], context: Context) -> float:
    """Return the seconds that one round takes, without the counting of what the rules did, which is printed."""
    changes: Counter[str] = Counter()
    issues: Counter[str] = Counter()
    seconds = 0.0
    for at in range(0, len(sheets), CHUNK):
        started = time.process_time()
        results = [harmonize(sheet, context) for sheet in sheets[at : at + CHUNK]]
        seconds += time.process_time() - started
        _count(results, changes, issues)
    print(f"{seconds:.2f} s; {dict(changes.most_common(8))}; {dict(issues.most_common(8))}", file=sys.stderr)
    return seconds


def _count(results: list[HarmonizedSheet], changes: Counter[str], issues: Counter[str]) -> None:
    for result in results:
        changes.update(change.rule for change in result.changes)
        issues.update(found.code for found in result.issues)
    results.clear()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
