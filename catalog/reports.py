"""What a vendor gets back of an import: figures, and the file as sent with the faults beside each line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from backoffice.extensions import db
from catalog import issues, vendor_report
from catalog.intake import Overrides
from catalog.models import Import, ImportLine
from catalog.sheets import Issue, Locale, Severity

# Endings that a vendor's file of each format may have; another is replaced, since what comes out of an archive has none.
SUFFIXES: Mapping[str, tuple[str, ...]] = {
    "csv": (".csv", ".tsv", ".txt"), "xlsx": (".xlsx", ".xlsm"), "json": (".json",), "jsonl": (".jsonl", ".ndjson"),
    "xml": (".xml", ".rss", ".atom"), "ods": (".ods",),
}  # fmt: skip
# Lines whose faults are fetched together while a report is written.
BLOCK = 5_000


def figures(run: Import) -> dict[str, Any]:
    """Return the result of an import as scripts and the API see it."""
    return {
        "import": run.id,
        "status": run.status.value,
        "lines_read": run.lines_read,
        "lines_in_success": run.lines_in_success,
        "lines_in_error": run.lines_in_error,
        "lines_with_warning": run.lines_with_warning,
        "unchanged": run.lines_unchanged,
    }


class _Faults(Mapping[int, list[tuple[str, str]]]):
    """The blocking faults of an import by line, or those of one code, fetched a block of lines at a time.

    A file of half a million faulty lines is reported without holding half a million sentences.
    """

    def __init__(self, run: Import, reader: Locale, code: str | None) -> None:
        self._run, self._reader, self._code = run.id, reader, code
        self._block, self._kept = -1, dict[int, list[tuple[str, str]]]()

    def __getitem__(self, row: int) -> list[tuple[str, str]]:
        if row // BLOCK != self._block:
            self._block = row // BLOCK
            self._kept = self._fetched(self._block * BLOCK)
        return self._kept[row]

    def __iter__(self) -> Iterator[int]:
        query = sa.select(ImportLine.row).where(ImportLine.import_id == self._run).order_by(ImportLine.row)
        return (row for row in db.session.scalars(query) if row in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _fetched(self, start: int) -> dict[int, list[tuple[str, str]]]:
        query = sa.select(ImportLine.row, ImportLine.issues).where(
            ImportLine.import_id == self._run, ImportLine.row >= start, ImportLine.row < start + BLOCK
        )
        found: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
        for row, stored in db.session.execute(query):
            for one in stored:
                if one["code"] == self._code if self._code else one["severity"] == Severity.ERROR:
                    found[row].append((one["code"], words(one, self._reader)))
        return dict(found)


def write(
    run: Import, output: Path, *, only_errors: bool = False, locale: str | None = None, code: str | None = None
) -> None:
    """Write the vendor's file back with `error-line, error-code, error-message`; raises UnreadableFile or OSError.

    With `code`, the errors are those of this code alone, warnings too.
    """
    reader: Locale = "fr" if (locale or run.locale).startswith("fr") else "en"
    vendor_report.write_report(
        run.file.path, output, _Faults(run, reader, code), only_errors=only_errors, locale=reader,
        file_name=run.file.name, overrides=Overrides(**run.overrides),
    )  # fmt: skip


def words(stored: Mapping[str, Any], locale: str) -> str:
    """Return a stored issue's sentence in the reader's language."""
    reader: Locale = "fr" if locale.startswith("fr") else "en"
    return issues.message(issue_of(stored), reader)


def issue_of(stored: Mapping[str, Any]) -> Issue:
    """Return a stored issue as a value."""
    return Issue(
        stored["code"],
        Severity(stored["severity"]),
        stored.get("attribute"),
        stored.get("value"),
        stored.get("params") or {},
    )


def by_code(run: Import, locale: str) -> list[dict[str, Any]]:
    """Return the import's faults grouped by code, the commonest first, each with an example and its remedy."""
    reader: Locale = "fr" if locale.startswith("fr") else "en"
    found = run.faults if run.faults is not None else counts(run)
    rows = {row for _code, _count, row in found}
    examples = sa.select(ImportLine.row, ImportLine.issues).where(
        ImportLine.import_id == run.id, ImportLine.row.in_(rows)
    )
    stored = dict(db.session.execute(examples).all())
    entries = [
        _entry(next(one for one in stored[row] if one["code"] == name), count, row, reader)
        for name, count, row in found
    ]
    return sorted(entries, key=lambda entry: (entry["severity"] != Severity.ERROR, -entry["count"], entry["code"]))


def counts(run: Import) -> list[list[Any]]:
    """Return [code, lines, first line] of every kind of fault in the import's lines; reads them all."""
    element, code = _each_issue()
    query = sa.select(code, sa.func.count(), sa.func.min(ImportLine.row)).join(element, sa.true())
    query = query.select_from(ImportLine).where(ImportLine.import_id == run.id).group_by(code)
    return [list(row) for row in db.session.execute(query)]


def _each_issue() -> tuple[Any, sa.ColumnElement[str]]:
    """Return the issues of the lines as rows of their own, and their code: counting them is the database's work."""
    if db.engine.dialect.name == "postgresql":
        each = sa.func.jsonb_array_elements(ImportLine.issues).table_valued(sa.column("value", JSONB)).render_derived()
        return each, each.c.value["code"].astext
    element = sa.func.json_each(ImportLine.issues).table_valued("value")
    return element, sa.func.json_extract(element.c.value, "$.code")


def _entry(example: Mapping[str, Any], count: int, row: int, locale: Locale) -> dict[str, Any]:
    return {
        "code": example["code"],
        "severity": Severity(example["severity"]),
        "count": count,
        "row": row,
        "message": words(example, locale),
        "fix": issues.fix(issue_of(example), locale),
    }


def file_name(run: Import, *, only_errors: bool) -> str:
    """Return the name under which the report is given back: the vendor's own with a word added."""
    own = Path(run.file.name)
    own = Path(own.stem) if own.suffix.lower() in (".gz", ".zip") else own
    suffix = own.suffix if own.suffix.lower() in SUFFIXES.get(run.format, ()) else f".{run.format}"
    return f"{own.stem}-{'errors' if only_errors else 'report'}{suffix}"
