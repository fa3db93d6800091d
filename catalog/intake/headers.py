"""Where the header stands, and unique names for its columns.

Promise: title lines above, several header lines (the last, most technical one is taken) and no header at all are told
apart by words that are known as headers and by how the lines below differ from them.
Not here: what a header means (`catalog.mapping`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from catalog.mapping.reading import phrases_of, plain
from catalog.mapping.vocabulary import is_known_header

LOOK_AT = 40
"""Lines looked at for a header; the longest preamble met (Amazon's templates, banks of logos and notes) has 20."""

_TYPED = re.compile(
    r"""\s*(?:
        [-+]?[\d\s.,']*\d\s*(?:€|\$|£|%|eur|usd|gbp|chf|kg|g|cm|mm|ml|cl|l)?   # a number, a price, a measure
      | https?://\S+ | www\.\S+
      | \d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}.*                                         # a date
      | <\w+.*>.*
    )\s*$""",
    re.X | re.I | re.S,
)
_MARKERS = phrases_of(
    """required; optional; recommended; preferred; conditional; mandatory; desired; obligatoire; facultatif; optionnel;
    recommandé; requis; souhaité; conditionnel; pflichtfeld; empfohlen; erforderlich; obligatorio; opcional;
    recomendado; conditionally required; not applicable; text; string; number; integer; decimal; date; boolean; texte;
    nombre"""
)
_COUNTED = (
    r"(?:articles?|produits?|products?|items?|r[ée]f[ée]rences?|lignes?|lines?|rows?|unit[ée]?s?|skus?|artikel|positionen|"
    r"art[íi]culos|referencias|productos|articoli|righe)"
)
_TOTAL = re.compile(
    r"(grand[- ]|sub-?|sous[- ]|zwischen|gesamt)?(total|totaux|totals|totales|summe|gesamt|somme|sum|suma)"
    rf"(\s+(général|generale?|ht|ttc|stock|pi[èe]ces?|quantit[ée]s?|quantity|st(?:ü|ue)ck|unidades|(?:de )?{_COUNTED}))?"
    r"\s*:?\s*\d*",
    re.I,
)
_COUNT = re.compile(
    rf"(?:nombre|nb|number|anzahl|n[úu]mero|count)\.? (?:de |des |d['’]|of |der |di )?{_COUNTED}\s*:?\s*\d*", re.I
)
_REMARK = re.compile(r"\s*(#|//|;|--)\W*(\s|$)")


@dataclass(frozen=True, slots=True)
class HeaderChoice:
    """Which of the looked-at lines is the header (None: none) and where data starts, both as indexes."""

    header: int | None
    first_row: int


def choose_header(lines: Sequence[Sequence[str]]) -> HeaderChoice:
    """Return the header among the first non-blank lines of a table."""
    if not lines:
        return HeaderChoice(None, 0)
    fills = [sum(1 for cell in line if cell.strip()) for line in lines]
    typical = median(fills[min(len(fills) - 1, 3) :]) if len(fills) > 6 else max(fills)
    candidates = [i for i, fill in enumerate(fills[:LOOK_AT]) if fill >= max(1, typical * 0.45)]
    if not candidates:
        return HeaderChoice(None, 0)
    best = max(candidates, key=lambda i: (round(_score(lines, i), 3), -i))
    if not _is_header(lines, best):
        return HeaderChoice(None, candidates[0])
    last = _last_of_block(lines, best)
    header, first = _for_machines(lines, best, last), last + 1
    while first < len(lines) and _is_marker_line(lines[first]):
        first += 1
    return HeaderChoice(header, first)


def _known_share(line: Sequence[str]) -> float:
    filled = [cell for cell in line if cell.strip()]
    return sum(map(is_known_header, filled)) / len(filled) if filled else 0.0


def _wordy_share(line: Sequence[str]) -> float:
    """Return the share of filled cells that could be a name: short, neither number, address nor date."""
    filled = [cell for cell in line if cell.strip()]
    return sum(len(cell) <= 80 and not _TYPED.match(cell) for cell in filled) / len(filled) if filled else 0.0


def _contrast(lines: Sequence[Sequence[str]], index: int) -> float:
    """Return the share of columns whose lines below are typed where this line is a word."""
    below = lines[index + 1 : index + 21]
    line = lines[index]
    turned = filled = 0
    for column, cell in enumerate(line):
        values = [row[column] for row in below if column < len(row) and row[column].strip()]
        if not cell.strip() or not values:
            continue
        filled += 1
        typed = sum(bool(_TYPED.match(value)) for value in values) / len(values)
        turned += typed >= 0.6 and not _TYPED.match(cell)
    return turned / filled if filled else 0.0


def _score(lines: Sequence[Sequence[str]], index: int) -> float:
    line = lines[index]
    filled = [cell.strip().lower() for cell in line if cell.strip()]
    unique = len(set(filled)) / len(filled)
    # The first lines are likelier; 0.02 a line never outweighs one known word in ten.
    return 3 * _known_share(line) + _wordy_share(line) + 0.5 * unique + 1.5 * _contrast(lines, index) - 0.02 * index


def _is_header(lines: Sequence[Sequence[str]], index: int) -> bool:
    line = lines[index]
    known, wordy = _known_share(line), _wordy_share(line)
    count = sum(1 for cell in line if cell.strip())
    if known >= 0.5 or (known >= 0.2 and wordy >= 0.9 and known * count >= min(2, count)):
        return True
    if wordy < 0.95:
        return False
    if _contrast(lines, index) > 0:
        return True
    return _shorter_than_below(lines, index)


def _shorter_than_below(lines: Sequence[Sequence[str]], index: int) -> bool:
    """Tell whether words nobody knows still look like names: half as long as what stands below, and never repeated."""
    below = lines[index + 1 : index + 21]
    if len(below) < 2:
        return False
    lengths = [len(cell) for row in below for cell in row if cell.strip()]
    own = [cell for cell in lines[index] if cell.strip()]
    repeated = {cell for row in below for cell in row} & set(own)
    return bool(lengths) and not repeated and median(map(len, own)) <= median(lengths) * 0.5


def _last_of_block(lines: Sequence[Sequence[str]], best: int) -> int:
    """Return the last of adjoining header lines: labels for people come first, names for machines last."""
    share = _known_share(lines[best])
    last = best
    for index in range(best + 1, min(best + 6, len(lines))):
        line = lines[index]
        known, count = _known_share(line), sum(1 for cell in line if cell.strip())
        if count >= 3 and known >= max(0.3, share * 0.6) and known * count >= 3 and _wordy_share(line) >= 0.9:
            last = index
        elif not _is_marker_line(line):
            break
    return last


# A line of names for machines: most of its cells are written as such, and the line for people knows little more.
MOSTLY_CODES, CODES_KNOWN = 0.5, 0.7
_CODE = re.compile(r"[a-z0-9]+[A-Z]\w*|\w+[_#\[.]\S+|[A-Z]{3,}\d*")


def _for_machines(lines: Sequence[Sequence[str]], best: int, last: int) -> int:
    """Return the one of adjoining header lines that holds names for machines, else the last."""
    known = _known_share(lines[best])
    coded = [
        at for at in range(max(0, best - 1), last + 1)
        if _coded_share(lines[at]) >= MOSTLY_CODES and _known_share(lines[at]) >= known * CODES_KNOWN
    ]  # fmt: skip
    return coded[-1] if coded else last


def _coded_share(line: Sequence[str]) -> float:
    """Return the share of filled cells that are written as names for machines ("productIdentifier", "ATT_COLOR")."""
    filled = [cell.strip() for cell in line if cell.strip()]
    return sum(bool(_CODE.fullmatch(cell)) for cell in filled) / len(filled) if len(filled) > 2 else 0.0


def is_typed(cell: str) -> bool:
    """Tell whether a cell is a number, a measure, an address, a date or markup: no name."""
    return bool(_TYPED.match(cell))


def _is_marker_line(line: Sequence[str]) -> bool:
    """Tell a template's line of "Required, Optional …" under its header."""
    filled = [plain(cell) for cell in line if cell.strip()]
    return len(filled) >= 3 and sum(cell in _MARKERS for cell in filled) >= len(filled) * 0.6


def is_total_line(cells: Sequence[str]) -> bool:
    """Tell a line of totals: its first word says so and at most half of its cells are filled."""
    filled = [cell for cell in cells if cell.strip()]
    if not filled or len(filled) > max(3, len(cells) // 2):
        return False
    return bool(_TOTAL.fullmatch(filled[0].strip()) or _COUNT.fullmatch(filled[0].strip()))


def is_remark(cells: Sequence[str]) -> bool:
    """Tell a line that an exporter wrote between its records: "# ---- next batch ----" alone in its first cell."""
    return bool(_REMARK.match(cells[0])) and not any(cell.strip() for cell in cells[1:])


def unique_headers(cells: Sequence[str]) -> tuple[tuple[str, ...], int, int]:
    """Return unique names for columns, how many were empty, how many were duplicates.

    An empty one becomes "column_3" after its position; the second "Price" becomes "Price (2)".
    """
    names: list[str] = []
    seen: set[str] = set()
    empty = doubled = 0
    for position, cell in enumerate(cells, 1):
        name = re.sub(r"\s+", " ", cell.replace("\ufeff", "")).strip()[:200]
        if not name:
            empty += 1
            name = f"column_{position}"
        base, turn = name, 1
        while name in seen:
            turn += 1
            name = f"{base} ({turn})"
        doubled += turn > 1
        seen.add(name)
        names.append(name)
    return tuple(names), empty, doubled
