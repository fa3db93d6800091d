"""What a file looks like before it is imported: its form, its records, and a mapping proposed for each column.

Promise: `inspect` gives the JSON of the command `catalog inspect`, whole file counted; `Preview` what the page shows.
Not here: any decision of a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from catalog.intake.child import safe_open_table
from catalog.intake.limits import DEFAULT, Limits
from catalog.intake.tables import Overrides, Table
from catalog.mapping import ColumnMapping, propose_mapping
from catalog.sheets import Row

SAMPLED_ROWS = 300


@dataclass(frozen=True, slots=True)
class Preview:
    """A table, its first rows, its number of records (None where it was not counted) and the proposed mapping."""

    table: Table
    rows: tuple[Row, ...]
    records: int | None
    columns: tuple[ColumnMapping, ...]

    def as_json(self, locale: str = "en") -> dict[str, Any]:
        """Return the shape printed by `catalog inspect`."""
        columns = [
            {
                "header": column.header,
                "attribute": column.attribute,
                "confidence": column.confidence,
                "reason": column.reason(locale),
            }
            for column in self.columns
        ]
        return {
            "format": self.table.format,
            "encoding": self.table.encoding,
            "delimiter": self.table.delimiter,
            "records": self.records,
            "columns": columns,
        }


def preview_of(
    table: Table,
    remembered: Mapping[str, str | None] | None = None,
    dictionary: Mapping[str, Mapping[str, int]] | None = None,
    *,
    count_all: bool = True,
) -> Preview:
    """Return the preview of an open table; its rows are read to the end only where they are to be counted."""
    sample: list[Row] = []
    count = 0
    rows = table.rows()
    for row in rows:
        sample.append(row)
        count += 1
        if count == SAMPLED_ROWS:
            break
    if table.record_count is None and (count_all or count < SAMPLED_ROWS):
        table.record_count = count + sum(1 for _ in rows)
    columns = propose_mapping(table.headers, sample, remembered, dictionary)
    return Preview(table, tuple(sample), table.record_count, tuple(columns))


def inspect(
    source: Path,
    *,
    file_name: str | None = None,
    overrides: Overrides | None = None,
    limits: Limits = DEFAULT,
    locale: str = "en",
) -> dict[str, Any]:
    """Return the JSON of `catalog inspect`, the file parsed in a child process; raise `UnreadableFile`."""
    table = safe_open_table(Path(source), file_name=file_name, overrides=overrides, limits=limits)
    return preview_of(table).as_json(locale)
