"""What a vendor gets back of an import: figures, and the file as sent with the faults beside each line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from backoffice.extensions import db
from catalog import issues, vendor_report
from catalog.models import Import, ImportLine
from catalog.sheets import Issue, Locale, Severity


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


def write(run: Import, output: Path, *, only_errors: bool = False, locale: str | None = None) -> None:
    """Write the vendor's file back with `error-line, error-code, error-message`; raises UnreadableFile or OSError."""
    reader: Locale = "fr" if (locale or run.locale).startswith("fr") else "en"
    query = sa.select(ImportLine).where(ImportLine.import_id == run.id).order_by(ImportLine.row)
    faults: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    for line in db.session.scalars(query.execution_options(yield_per=1000)):
        for stored in line.issues:
            if stored["severity"] == Severity.ERROR:
                faults[line.row].append((stored["code"], words(stored, reader)))
    vendor_report.write_report(
        run.file.path, output, faults, only_errors=only_errors, locale=reader, file_name=run.file.name
    )


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
    found: dict[str, dict[str, Any]] = {}
    query = sa.select(ImportLine).where(
        ImportLine.import_id == run.id, sa.func.length(sa.cast(ImportLine.issues, sa.Text)) > 2
    )
    for line in db.session.scalars(query.order_by(ImportLine.row).execution_options(yield_per=1000)):
        for stored in line.issues:
            entry = found.setdefault(
                stored["code"],
                {
                    "code": stored["code"],
                    "severity": Severity(stored["severity"]),
                    "count": 0,
                    "row": line.row,
                    "message": words(stored, reader),
                    "fix": issues.fix(issue_of(stored), reader),
                },
            )
            entry["count"] += 1
    return sorted(found.values(), key=lambda entry: (entry["severity"] != Severity.ERROR, -entry["count"]))


def file_name(run: Import, *, only_errors: bool) -> str:
    """Return the name under which the report is given back: the vendor's own with a word added."""
    own = Path(run.file.name)
    own = Path(own.stem) if own.suffix.lower() in (".gz", ".zip") else own
    kept = {"xlsx": ".xlsx", "csv": own.suffix if own.suffix.lower() in (".csv", ".tsv", ".txt") else ".csv"}
    return f"{own.stem}-{'errors' if only_errors else 'report'}{kept.get(run.format, '.csv')}"
