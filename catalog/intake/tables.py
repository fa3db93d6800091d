"""What a reader gives: a table with a head known at once and rows that stream.

Promise: headers are unique and never change; `rows()` may be called again and starts afresh; a row with the wrong
number of fields is yielded with what is there, and told once in `problems` as issue 1002.
Not here: how any format is parsed.

Problems are collected rather than yielded between rows so that a caller who only wants rows writes a plain loop; one
who reports them calls `drain_problems()` after each chunk, which keeps memory bounded on a file where every row is bad.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from catalog.intake.limits import DEFAULT, Limits
from catalog.intake.refusals import UnreadableFile
from catalog.sheets import Issue, Row, Severity

WRONG_NUMBER_OF_FIELDS = "1002"


@dataclass(frozen=True, slots=True)
class Overrides:
    """What the person decided in the preview; None leaves the reader to find out. `header_line` 0: no header."""

    encoding: str | None = None
    delimiter: str | None = None
    sheet_name: str | None = None
    header_line: int | None = None


NO_OVERRIDES = Overrides()


# What a reader repaired or left out; the keys are the codes of the notes, `{count}` and others their params.
NOTES: Mapping[str, Mapping[str, str]] = {
    "archive": {"fr": "Fichier extrait de l’archive : {member}.", "en": "File taken out of the archive: {member}."},
    "mixed_encodings": {
        "fr": "{count} lignes étaient dans un autre encodage ; elles ont été lues en {encoding}.",
        "en": "{count} lines were in another encoding; they were read as {encoding}.",
    },
    "nul_characters": {"fr": "{count} caractères nuls retirés.", "en": "{count} NUL characters removed."},
    "loose_quotes": {
        "fr": "{count} lignes contenaient des guillemets mal fermés ; ils ont été gardés comme du texte.",
        "en": "{count} lines held badly closed quotes; they were kept as text.",
    },
    "lines_above_header": {
        "fr": "{count} lignes avant l’en-tête ont été laissées de côté.",
        "en": "{count} lines above the header were left aside.",
    },
    "no_header": {
        "fr": "Le fichier n’a pas d’en-tête : les colonnes sont numérotées.",
        "en": "The file has no header: the columns are numbered.",
    },
    "empty_headers": {
        "fr": "{count} colonnes sans nom ont été nommées d’après leur position.",
        "en": "{count} columns without a name were named after their position.",
    },
    "duplicate_headers": {
        "fr": "{count} en-têtes en double ont reçu un numéro.",
        "en": "{count} duplicate headers were numbered.",
    },
    "total_lines": {
        "fr": "{count} lignes de total ou de remarque ont été laissées de côté.",
        "en": "{count} lines of totals or remarks were left aside.",
    },
    "merged_cells": {
        "fr": "Les cellules fusionnées ont été recopiées sur {count} lignes.",
        "en": "Merged cells were copied down on {count} lines.",
    },
    "hidden_columns": {
        "fr": "{count} colonnes masquées ont été lues aussi.",
        "en": "{count} hidden columns were read too.",
    },
    "other_sheets": {
        "fr": "Onglet lu : « {sheet} » ; autres onglets laissés de côté : {others}.",
        "en": "Tab read: “{sheet}”; other tabs left aside: {others}.",
    },
    "twin_sheets": {
        "fr": "D’autres onglets semblent contenir des fiches aussi : {others}. Seul « {sheet} » est lu. "
        "Envoyez le fichier une fois par onglet, en choisissant l’onglet à lire, et jamais comme remplacement de tout le "
        "catalogue : il retirerait les fiches des autres onglets.",
        "en": "Other tabs seem to hold product sheets too: {others}. Only “{sheet}” is read. "
        "Send the file once for each tab, choose the tab to read, and never as a replacement of the whole catalogue: "
        "that would withdraw the other tabs’ sheets.",
    },
    "formula_without_value": {
        "fr": "{count} formules n’ont pas de valeur enregistrée ; leurs cellules sont vides. "
        "Ouvrez le classeur, enregistrez-le, puis renvoyez-le.",
        "en": "{count} formulas have no stored value; their cells are empty. "
        "Open the workbook, save it and send it again.",
    },
    "digits_restored": {
        "fr": "{count} nombres en notation scientifique ont été rétablis.",
        "en": "{count} numbers in scientific notation were restored.",
    },
    "digits_lost": {
        "fr": "{count} nombres ont perdu des chiffres (notation scientifique, par exemple {value}).",
        "en": "{count} numbers have lost digits (scientific notation, for example {value}).",
    },
    "cells_cut": {
        "fr": "{count} cellules trop longues ont été coupées à {limit} caractères.",
        "en": "{count} overlong cells were cut at {limit} characters.",
    },
    "variants_unfolded": {
        "fr": "Les produits à variantes donnent une ligne par variante ({count} lignes).",
        "en": "Products with variants give one line per variant ({count} lines).",
    },
    "encoding_repaired": {
        "fr": "L’encodage annoncé ({encoding}) était faux ; le texte a été relu.",
        "en": "The declared encoding ({encoding}) was wrong; the text was read again.",
    },
}
# The same of one thing alone, where the sentence is another.
NOTES_OF_ONE: Mapping[str, Mapping[str, str]] = {
    "mixed_encodings": {
        "fr": "Une ligne était dans un autre encodage ; elle a été lue en {encoding}.",
        "en": "One line was in another encoding; it was read as {encoding}.",
    },
    "nul_characters": {"fr": "Un caractère nul retiré.", "en": "One NUL character removed."},
    "loose_quotes": {
        "fr": "Une ligne contenait des guillemets mal fermés ; ils ont été gardés comme du texte.",
        "en": "One line held badly closed quotes; they were kept as text.",
    },
    "lines_above_header": {
        "fr": "Une ligne avant l’en-tête a été laissée de côté.",
        "en": "One line above the header was left aside.",
    },
    "empty_headers": {
        "fr": "Une colonne sans nom a été nommée d’après sa position.",
        "en": "One column without a name was named after its position.",
    },
    "duplicate_headers": {
        "fr": "Un en-tête en double a reçu un numéro.",
        "en": "One duplicate header was numbered.",
    },
    "total_lines": {
        "fr": "Une ligne de total ou de remarque a été laissée de côté.",
        "en": "One line of totals or remarks was left aside.",
    },
    "merged_cells": {
        "fr": "Des cellules fusionnées ont été recopiées sur une ligne.",
        "en": "Merged cells were copied down on one line.",
    },
    "hidden_columns": {"fr": "Une colonne masquée a été lue aussi.", "en": "One hidden column was read too."},
    "formula_without_value": {
        "fr": "Une formule n’a pas de valeur enregistrée ; sa cellule est vide. "
        "Ouvrez le classeur, enregistrez-le, puis renvoyez-le.",
        "en": "One formula has no stored value; its cell is empty. Open the workbook, save it and send it again.",
    },
    "digits_restored": {
        "fr": "Un nombre en notation scientifique a été rétabli.",
        "en": "One number in scientific notation was restored.",
    },
    "digits_lost": {
        "fr": "Un nombre a perdu des chiffres (notation scientifique : {value}).",
        "en": "One number has lost digits (scientific notation: {value}).",
    },
    "cells_cut": {
        "fr": "Une cellule trop longue a été coupée à {limit} caractères.",
        "en": "One overlong cell was cut at {limit} characters.",
    },
    "variants_unfolded": {
        "fr": "Les produits à variantes donnent une ligne par variante (une ligne).",
        "en": "Products with variants give one line per variant (one line).",
    },
}


@dataclass(frozen=True, slots=True)
class Note:
    """One thing a reader repaired or left out, by code."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def message(self, locale: str = "fr") -> str:
        """Return the sentence for a reader of this language."""
        alone = NOTES_OF_ONE.get(self.code) if self.params.get("count") == 1 else None
        text = (alone or NOTES[self.code])["fr" if locale.startswith("fr") else "en"]
        return text.format_map({"count": 0, **self.params})


class Ledger:
    """What one reading found on its way: counted notes, problems by row, text read so far."""

    def __init__(self, name: str, limits: Limits = DEFAULT) -> None:
        self.name = name
        self.limits = limits
        self.counts: Counter[str] = Counter()
        self.params: dict[str, dict[str, Any]] = {}
        self.problems: list[Issue] = []
        self.text = 0

    def count(self, code: str, by: int = 1, **params: Any) -> None:
        """Add to the note of this code; the first params are kept as the example."""
        self.counts[code] += by
        self.params.setdefault(code, params)

    def notes(self) -> list[Note]:
        """Return what was counted, as notes."""
        return [Note(code, {**self.params.get(code, {}), "count": n}) for code, n in self.counts.items() if n]

    def wrong_fields(self, row: int, *, expected: int, found: int) -> None:
        """Keep one issue 1002 for this row, up to the limit of what is kept between two drains."""
        if len(self.problems) < self.limits.problems:
            params = {"expected": expected, "found": found}
            self.problems.append(Issue(WRONG_NUMBER_OF_FIELDS, Severity.ERROR, None, found, params, row))

    def admit(self, cells: Sequence[str]) -> Sequence[str]:
        """Return the cells cut to the longest allowed; a table whose text passes the total is refused."""
        size = sum(map(len, cells))
        self.text += size
        if self.text > self.limits.total_text:
            raise UnreadableFile("too_much_text", {"name": self.name})
        longest = self.limits.cell_length
        if size <= longest or max(map(len, cells)) <= longest:
            return cells
        self.count("cells_cut", sum(len(cell) > longest for cell in cells), limit=longest)
        return [cell[:longest] for cell in cells]


# A reading gives (number of the line as the vendor sees it, cells in the order of the headers).
Reading = Callable[[Ledger], Iterable[tuple[int, Sequence[str]]]]


@dataclass(slots=True)
class Table:
    """A readable table: its head, and its rows on demand.

    `header_line` is the line of the header as the vendor sees it (0: none); `delimiter` and `encoding` are None where
    the format has none; `record_count` is set where a reader had to count to find the headers; `lead` holds the lines
    above the first data row, as they are; `lines` reads every line of a delimited file as it is, unfitted, for the
    vendor's report.
    """

    name: str
    format: str
    headers: tuple[str, ...]
    reading: Reading
    encoding: str | None = None
    delimiter: str | None = None
    header_line: int = 1
    sheet_name: str | None = None
    sheet_names: tuple[str, ...] = ()
    head_notes: tuple[Note, ...] = ()
    lead: tuple[tuple[str, ...], ...] = ()
    newline: str = "\n"
    record_count: int | None = None
    limits: Limits = DEFAULT
    lines: Reading | None = None
    ledger: Ledger | None = None

    @property
    def notes(self) -> tuple[Note, ...]:
        """Return what was repaired: the head's notes, then those of the rows read so far."""
        return self.head_notes + (tuple(self.ledger.notes()) if self.ledger else ())

    @property
    def problems(self) -> list[Issue]:
        """Return the issues 1002 of the rows read since the last drain."""
        return self.ledger.problems if self.ledger else []

    def drain_problems(self) -> list[Issue]:
        """Return the problems of the rows read since the last call and forget them."""
        found = list(self.problems)
        self.problems.clear()
        return found

    def cells(self) -> Iterator[tuple[int, Sequence[str]]]:
        """Yield (line, cells in the order of the headers), reading from the start in bounded memory."""
        self.ledger = ledger = Ledger(self.name, self.limits)
        for number, cells in self.reading(ledger):
            yield number, ledger.admit(cells)

    def rows(self) -> Iterator[Row]:
        """Yield every data row as a `Row`; `UnreadableFile` may come midway, where a file breaks or passes a limit."""
        headers = self.headers
        for number, cells in self.cells():
            yield Row(number, dict(zip(headers, cells, strict=True)))


def fitted(cells: Sequence[str], width: int) -> Sequence[str]:
    """Return the cells in exactly this width, filled with empty ones or without the surplus."""
    if len(cells) == width:
        return cells
    return [*cells[:width], *[""] * (width - len(cells))]
