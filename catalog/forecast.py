"""What a file would change, counted while it is read and before anything is written.

    chunk of lines ─► new, changed, unchanged by hash ─► where a person is asked first: what differs, by attribute
                   └► the vendor's own words for categories and values

Promise: memory is bounded; the earlier words of changed sheets are read only where someone will look at them. Not
here: the run itself (`catalog.pipeline`).
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Any

import sqlalchemy as sa

from backoffice.database import reading
from backoffice.extensions import db
from catalog.mapping.file_words import FileWords
from catalog.mapping.trial import Difference, differing
from catalog.models import Listing
from catalog.replacement import live_among
from catalog.rulebook.models import ImportStudy
from catalog.sheets import MappedSheet
from catalog.spill import Line
from catalog.writing import unsaid

# Sheets from which a vendor's brands and repeated lines are learned; more did not change what was learned.
LEARNING_SAMPLE = 5_000


class Forecast:
    """The figures of one reading of a file, fed chunk by chunk."""

    def __init__(self, vendor_id: int, *, in_detail: bool, replacing: bool, named: Container[str], clear: bool) -> None:
        """Begin to read a file that has columns for these attributes; `clear` where its empty cells clear.

        `replacing` counts the live sheets that it holds: what a full replacement leaves is asked for by nobody else.
        """
        self._vendor, self._in_detail, self._replacing = vendor_id, in_detail, replacing
        self._named, self._clear = named, clear
        self._differences: dict[str, Difference] = {}
        self._words = FileWords()
        self.lines = self.chunks = self.staying = 0
        self.figures = {"new": 0, "changed": 0, "unchanged": 0, "repeated": 0}
        self.sample: list[MappedSheet] = []

    def add(self, lines: Sequence[Line]) -> None:
        """Count a chunk; reads the database, and ends the transaction it reads in."""
        self.lines += len(lines)
        self.chunks += 1
        sheets = [line.sheet for line in lines]
        self.sample += sheets[: LEARNING_SAMPLE - len(self.sample)]
        self._words.add(sheets)
        with reading():
            known = hashes(self._vendor, lines)
            changed = [line for line in lines if line.first is None and known.get(line.sku, line.digest) != line.digest]
            if self._replacing:
                held = [line.sku for line in lines if line.sku in known and line.first is None]
                self.staying += live_among(self._vendor, held)
            if self._in_detail and changed:
                self._compare(changed)
            db.session.rollback()
        once = [line for line in lines if line.first is None]
        self.figures["repeated"] += len(lines) - len(once)
        self.figures["new"] += sum(line.sku not in known for line in once)
        self.figures["changed"] += len(changed)
        self.figures["unchanged"] += sum(known.get(line.sku) == line.digest for line in once)

    def _compare(self, changed: Sequence[Line]) -> None:
        skus = [line.sku for line in changed]
        columns = (Listing.sku, Listing.mapped, Listing.issues)
        query = sa.select(*columns).where(Listing.vendor_id == self._vendor, Listing.sku.in_(skus))
        earlier = {row.sku: row for row in db.session.execute(query)}
        for line in changed:
            words, issues, said = earlier[line.sku].mapped, earlier[line.sku].issues, line.sheet.values
            # What the file does not say stays as it is, so that it is no difference.
            told = {**unsaid(words, issues, said, named=self._named, clear=self._clear), **said}
            for attribute, before, after in differing(words, told):
                self._differences.setdefault(attribute, Difference(attribute)).add(line.sheet.row, before, after)

    def study(self, import_id: int) -> ImportStudy:
        """Return what is kept of the reading beside its figures."""
        found = sorted(self._differences.values(), key=lambda one: (-one.changed, one.attribute))
        words: dict[str, list[list[Any]]] = {
            name: [[word, count] for word, count in counted] for name, counted in self._words.most_used().items()
        }
        return ImportStudy(import_id=import_id, differences=[_as_json(one) for one in found], words=words)


def _as_json(difference: Difference) -> dict[str, Any]:
    examples = [[one.row, one.before, one.after] for one in difference.examples]
    figures = {"changed": difference.changed, "emptied": difference.emptied}
    return {"attribute": difference.attribute, **figures, "examples": examples}


def hashes(vendor_id: int, lines: Sequence[Line]) -> dict[str, str]:
    """Return the hashes of the vendor's listings under these lines' identifiers."""
    skus = [line.sku for line in lines]
    query = sa.select(Listing.sku, Listing.content_hash).where(Listing.vendor_id == vendor_id, Listing.sku.in_(skus))
    return dict(db.session.execute(query).all())
