"""A line of `catalog harmonize`: a sheet as it came and as it is, and all that was found of it.

Not here: making the sheet (`assembly`), reading the file (`commands`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Protocol

from catalog import issues as issue_table
from catalog.duplicates import Duplicates
from catalog.issues import issue
from catalog.sheets import CategorySuggestion, HarmonizedSheet, Issue, KeywordGap, Locale, MappedSheet


class Made(Protocol):
    """What a line is printed from: a sheet and all that was found of it (`catalog.assembly.MadeSheet`)."""

    @property
    def mapped(self) -> MappedSheet: ...
    @property
    def sheet(self) -> HarmonizedSheet: ...
    @property
    def issues(self) -> Sequence[Issue]: ...
    @property
    def keywords(self) -> Sequence[KeywordGap]: ...
    @property
    def suggestions(self) -> Sequence[CategorySuggestion]: ...
    @property
    def completeness(self) -> float: ...
    @property
    def quality(self) -> float: ...


def harmonize_line(
    made: Made,
    locale: Locale,
    duplicates: Duplicates | None = None,
    broken: Issue | None = None,
    given: Collection[str] = (),
) -> dict[str, Any]:
    """Return one line of `catalog harmonize`; `duplicates` remembers the file's lines where they are watched.

    `broken` is what is wrong with the line of the file itself, `given` the attributes that the file has a column for.
    """
    again = duplicates.found_in(made.mapped) if duplicates else None
    mapped = made.mapped
    named = "id" not in given or mapped.values.get("id", "").strip()
    nameless = None if named else issue("1000", "id", row=mapped.row)
    found = [*made.issues, *filter(None, (again, nameless, broken))]
    return {
        "row": mapped.row,
        "mapped": dict(mapped.values),
        "sheet": dict(made.sheet.values),
        "changes": [change.as_json() for change in made.sheet.changes],
        "issues": [issue_table.as_json(one, locale) for one in found],
        "keywords": [{"kind": gap.kind, "term": gap.term, "evidence": gap.evidence} for gap in made.keywords],
        "category": [{"id": one.id, "path": one.path, "score": one.score} for one in made.suggestions],
        "completeness": made.completeness,
        "quality": made.quality,
    }
