"""A file's columns with the attributes proposed for them.

Promise: fast enough for a preview (a hundred columns in a few milliseconds), the same for the same input, precision
first: a column without a counterpart stays unmapped.
Not here: applying a mapping to rows (`application.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from catalog.mapping.candidates import Candidate, Column, Dictionary, candidate_of, column_of, is_strong
from catalog.mapping.columns import ColumnMapping
from catalog.mapping.composing import compose
from catalog.mapping.conventions import by_convention
from catalog.mapping.inference import entitle, infer
from catalog.mapping.profiles import profile_of
from catalog.mapping.reading import CURRENCIES, phrases_of, plain, words_of
from catalog.mapping.settling import settle
from catalog.mapping.sides import sides_by_letter
from catalog.mapping.standing import stand_in
from catalog.mapping.vocabulary import meaning_of
from catalog.sheets import Row

# Samples are values by header, or rows.
Samples = Mapping[str, Sequence[str]] | Sequence[Row] | Sequence[Mapping[str, str]]
SHOWN_SAMPLES = 3
_UNIT_WORDS = ("unit of measure", "unit", "unite", "uom", "einheit", "unidad", "units")
_CURRENCY_WORDS = phrases_of(
    """currency; devise; monnaie; währung; waehrung; moneda; currency code; code devise; iso currency; price currency"""
)
_MEASURES = words_of(
    """weight length width height depth shipping_weight shipping_length shipping_width shipping_height capacity power
    voltage"""
)
_OPTION_ATTRIBUTES = words_of("""color size material pattern gender age_group capacity power voltage pack_quantity""")


def map_headers(headers: Sequence[str], samples: Samples | None = None) -> dict[str, str | None]:
    """Return the attribute proposed for every header, None where it stays unmapped."""
    return {column.header: column.attribute for column in propose_mapping(headers, samples or {})}


def propose_mapping(
    headers: Sequence[str],
    samples: Samples,
    remembered: Mapping[str, str | None] | None = None,
    dictionary: Dictionary | None = None,
) -> list[ColumnMapping]:
    """Return a mapping for every header, in order.

    `samples` are values by header or sample rows; `remembered` the vendor's own decisions by header (an empty
    attribute: leave the column out); `dictionary` other vendors' decisions: header → attribute → how many.
    """
    values = values_by_header(headers, samples)
    columns = [column_of(h, i, values[h], profile_of(values[h])) for i, h in enumerate(headers)]
    named = {attribute for attribute in map(is_strong, headers) if attribute}
    found = [candidate_of(column, remembered or {}, dictionary or {}, named) for column in columns]
    found = [compose(candidate) for candidate in by_convention(sides_by_letter(found))]
    found = [_option(candidate, columns) for candidate in found]
    settled = stand_in(infer(entitle(_variants(settle(found)))))
    return [_mapping(candidate, columns) for candidate in settled]


def values_by_header(headers: Sequence[str], samples: Samples) -> dict[str, list[str]]:
    """Return the sample values of every header, whichever way they were given."""
    if isinstance(samples, Mapping):
        return {header: [str(value) for value in samples.get(header, ())] for header in headers}
    rows: list[Mapping[str, str]] = [row.cells if isinstance(row, Row) else row for row in samples]
    return {header: [str(row.get(header) or "") for row in rows] for header in headers}


def _variants(settled: Sequence[Candidate]) -> list[Candidate]:
    """Read a product's own identifier as the group of its variants, where the variants of a nested file have theirs."""
    winner = next((candidate for candidate in settled if candidate.attribute == "id"), None)
    grouped = any(candidate.attribute == "item_group_id" for candidate in settled)
    if winner is None or grouped or "variant" not in winner.column.header.lower().split(".")[0]:
        return list(settled)
    return [
        replace(candidate, attribute="item_group_id", reason="exact_header", confidence=0.8)
        if candidate.reason == "taken" and candidate.params["attribute"] == "id" and not candidate.column.reading.path
        else candidate
        for candidate in settled
    ]


_NO_OPTION = "title"


def _option(candidate: Candidate, columns: Sequence[Column]) -> Candidate:
    """Read "Option1 Value" by the one name that "Option1 Name" gives it in the sample, where it gives one."""
    name_column = _name_column(candidate.column, columns)
    if name_column is None:
        return candidate
    names = Counter(plain(value) for value in name_column.values if value.strip())
    # Shopify names the option of a product that has none "Title", beside products that have some.
    if len(names) > 1:
        del names[_NO_OPTION]
    total = sum(names.values())
    if not total:
        return candidate
    name, count = names.most_common(1)[0]
    meaning = meaning_of(name)
    if count < total * 0.9 or meaning is None or meaning.attribute not in _OPTION_ATTRIBUTES:
        return candidate
    params = {"column": name_column.header, "name": name}
    return Candidate(candidate.column, meaning.attribute, 0.9, "option_name", params)


_VALUE_WORDS = words_of("value values valeur valeurs wert werte valor valores s")
_NAME_WORDS = words_of("name nom names noms nombre s")
_LINKING = words_of("de l du des d of the der")


def _name_column(column: Column, columns: Sequence[Column]) -> Column | None:
    """Return the column that names an option, for the one that holds its values ("Attribute 1 value(s)")."""
    words = set(plain(column.header).split(" "))
    if not words & (_VALUE_WORDS - {"s"}):
        return None
    kept = words - _VALUE_WORDS - _LINKING
    for other in columns:
        named = set(plain(other.header).split(" "))
        if kept and named & _NAME_WORDS and named - _NAME_WORDS - _LINKING == kept:
            return other
    return None


def _mapping(candidate: Candidate, columns: Sequence[Column]) -> ColumnMapping:
    column = candidate.column
    shown = list(dict.fromkeys(value.strip() for value in column.values if value.strip()))[:SHOWN_SAMPLES]
    return ColumnMapping(
        column.header, candidate.attribute, candidate.confidence, candidate.reason, dict(candidate.params),
        candidate.unit, tuple(shown), column.reading.locale, _companion(candidate, columns), candidate.order,
    )  # fmt: skip


def _companion(candidate: Candidate, columns: Iterable[Column]) -> str | None:
    """Return the column that holds the unit or currency of this one, row by row."""
    if candidate.unit or candidate.attribute is None:
        return None
    if candidate.attribute in ("price", "sale_price"):
        return _currency_column(candidate.column, columns)
    if candidate.attribute not in _MEASURES:
        return None
    words = plain(candidate.column.header)
    wanted = {f"{words} {unit}" for unit in _UNIT_WORDS} | {f"{unit} {words}" for unit in _UNIT_WORDS}
    wanted |= {f"unite de {words}", f"unite du {words}", f"unidad de {words}"}
    return next((other.header for other in columns if plain(other.header) in wanted), None)


def _currency_column(column: Column, columns: Iterable[Column]) -> str | None:
    for other in columns:
        words = plain(other.header)
        inner = other.reading.path[-1] if other.reading.path else words
        same_place = not other.reading.path or other.reading.path[:-1] == column.reading.path[:-1]
        if same_place and (words in _CURRENCY_WORDS or inner in _CURRENCY_WORDS):
            filled = [value.strip().lower() for value in other.values if value.strip()]
            if not filled or sum(value in CURRENCIES for value in filled) >= len(filled) * 0.8:
                return other.header
    return None
