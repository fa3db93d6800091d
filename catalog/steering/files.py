"""Synonyms as a CSV file, out and in: `locale;term;means;both_ways`, one line an entry.

Promise: a bad line keeps none of the others back, and each is named with its number and reason; what is there already
is passed over. Not here: keeping them (`keeping`).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from backoffice.errors import Invalid
from backoffice.exporting import csv_line
from catalog.search.queries import Synonym
from catalog.sheets import Locale
from catalog.steering import active, keeping, words
from catalog.steering.chains import Graph

HEADER = ("locale", "term", "means", "both_ways")
# More than can be kept is not a list of synonyms; two megabytes are twenty times the longest list.
MOST_BYTES = 2_000_000
_YES = frozenset({"1", "yes", "oui", "true", "vrai", "x"})


@dataclass(frozen=True, slots=True)
class Read:
    """A file as it was read: what would be added, what is there already, and (line, words) of what is refused."""

    new: tuple[tuple[Locale, Synonym], ...]
    known: int
    faults: tuple[tuple[int, str], ...]

    def text(self) -> str:
        """Return what would be added as a file that is read again as it is."""
        return "".join(_lines([(locale, entry) for locale, entry in self.new]))


def exported() -> Iterator[str]:
    """Yield every synonym that holds, as lines of CSV."""
    entries = active.current().entries
    yield from _lines([(locale, entry) for locale in active.LOCALES for entry in entries.get(locale, ())])


def _lines(rows: list[tuple[Locale, Synonym]]) -> Iterator[str]:
    yield csv_line(HEADER)
    for locale, entry in rows:
        yield csv_line((locale, entry.term, entry.means, "1" if entry.both_ways else ""))


def read(content: bytes) -> Read:
    """Read a file against what holds now; raises Invalid where it is no such file."""
    if len(content) > MOST_BYTES:
        raise Invalid(words.too_many(keeping.MOST_SYNONYMS))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    first = text.partition("\n")[0]
    rows = list(csv.reader(io.StringIO(text), delimiter=";" if ";" in first else ","))
    if not rows or [cell.strip().lower() for cell in rows[0][:3]] != list(HEADER[:3]):
        raise Invalid(words.not_synonyms(";".join(HEADER)))
    entries = active.current().entries
    graphs = {locale: Graph(entries.get(locale, ()), locale) for locale in active.LOCALES}
    counts = {locale: len(entries.get(locale, ())) for locale in active.LOCALES}
    new: list[tuple[Locale, Synonym]] = []
    known, faults = 0, []
    for number, row in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in row):
            continue
        cells = [*(cell.strip().removeprefix("'") for cell in row), "", "", "", ""][:4]
        locale: Locale = "en" if cells[0].lower() == "en" else "fr"
        entry = Synonym(cells[1], cells[2], cells[3].lower() in _YES)
        if entry in entries.get(locale, ()) or (locale, entry) in new:
            known += 1
            continue
        try:
            if cells[0].lower() not in active.LOCALES:
                raise Invalid(words.no_such_language(cells[0]))
            tidy = keeping.checked_synonym(entry, locale, graphs[locale], count=counts[locale])
        except Invalid as refusal:
            faults.append((number, refusal.message))
            continue
        graphs[locale].add(tidy)
        counts[locale] += 1
        new.append((locale, tidy))
    return Read(tuple(new), known, tuple(faults))
