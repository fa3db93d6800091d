"""A typed mapping tried on the first lines of one of the vendor's files.

Promise: nothing is written; the file's head is read once and kept, so that a trial costs a few milliseconds. Not here:
the comparison itself (`catalog.mapping.trial`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backoffice.extensions import db
from catalog import uploads
from catalog.intake import Preview, UnreadableFile
from catalog.mapping import ColumnMapping, Rules, map_rows, propose_mapping
from catalog.mapping.file_words import FileWords, Words
from catalog.mapping.rule_checks import check
from catalog.mapping.rule_faults import Fault
from catalog.mapping.rule_text import read_rules
from catalog.mapping.trial import Difference, Trial, Way
from catalog.mapping.trial import attempt as compared
from catalog.models import Import, ImportStatus, MappingVersion
from catalog.rulebook import versions
from catalog.rulebook.models import ImportStudy

READABLE = tuple(status for status in ImportStatus if status != ImportStatus.REFUSED)


@dataclass(frozen=True, slots=True)
class Tried:
    """What a typed mapping does to a file's first lines: beside the standing one, and beside the columns alone."""

    against_standing: Trial
    by_rules: Trial

    @property
    def lost(self) -> Sequence[Difference]:
        """Return what a sheet needs and would lose on some lines, by the columns or by the rules."""
        return self.against_standing.emptied() or self.by_rules.emptied()


def file_of(vendor_id: int, number: int | None = None) -> Import | None:
    """Return the vendor's import of this number, or the newest one whose file can be read."""
    query = uploads.everything().where(Import.vendor_id == vendor_id, Import.status.in_(READABLE))
    query = query.where(Import.format != "")
    if number is not None:
        query = query.where(Import.id == number)
    return db.session.scalars(query.order_by(Import.id.desc()).limit(1)).first()


def preview(run: Import | None) -> Preview | None:
    """Return the head of a file, None where there is none or it is gone."""
    if run is None:
        return None
    try:
        return uploads.preview_for(run)
    except UnreadableFile:
        return None


def columns_of(seen: Preview | None, decided: Mapping[str, str | None]) -> list[ColumnMapping]:
    """Return the file's columns as these decisions and what is known make them; then columns of other files."""
    found = propose_mapping(seen.table.headers, seen.rows, decided) if seen else []
    known = {column.header for column in found}
    return [*found, *(ColumnMapping(one, decided[one], 1.0, "remembered") for one in decided if one not in known)]


def faults_of(rules: str, seen: Preview | None, locale: str) -> list[Fault]:
    """Return what is wrong with typed rules, on this file where there is one."""
    return check(read_rules(rules), versions.known(seen.table.headers if seen else None, locale))


def attempt(
    standing: MappingVersion | None, columns: Mapping[str, str | None], rules: str, seen: Preview | None
) -> Tried | None:
    """Return what a typed mapping does to the file's first lines; None without a file."""
    if seen is None:
        return None
    headers = seen.table.headers
    old = Way(seen.columns, Rules(versions.usable(standing)[0], headers))
    typed = propose_mapping(headers, seen.rows, {**versions.columns_of(standing), **columns})
    read = read_rules(rules)
    wrong = {fault.line for fault in check(read, versions.known()) if fault.blocking}
    new = Way(typed, Rules([rule for rule in read.rules if rule.line not in wrong], headers))
    return Tried(compared(seen.rows, old, new), compared(seen.rows, Way(typed), new))


def words_of(run: Import | None, seen: Preview | None) -> Words:
    """Return the vendor's words in a file: counted over all of it where it was read, over its head before."""
    if run is None:
        return {}
    study = db.session.get(ImportStudy, run.id)
    if study is not None and study.words:
        return {name: [(word, count) for word, count in counted] for name, counted in study.words.items()}
    if seen is None:
        return {}
    counts = FileWords()
    counts.add(map_rows(seen.rows, seen.columns))
    return counts.most_used()
