"""Columns that values alone can tell: files without a header, headers that say nothing.

Promise: for an unknown header only what values prove (barcodes, images); for a column that has no name, a fuller guess
at a low confidence that the preview shows.
Not here: columns whose header is known.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from catalog.mapping.candidates import Candidate
from catalog.mapping.profiles import Profile
from catalog.mapping.reading import plain, words_of
from catalog.mapping.settling import BULLETS_FROM
from catalog.text import LEXICONS

_NAMELESS = re.compile(
    r"(column|colonne|col|field|champ|spalte|feld|columna|campo|unnamed|f|c|var)?[ _:.-]*\d*|[a-z]", re.I
)
MANY_NAMELESS = 0.6
"""Share of columns without a name above which a file counts as one without a header."""

# What values prove by themselves, with the share that is asked.
_PROVED: Sequence[tuple[str, Callable[[Profile], float], float]] = (
    ("gtin", lambda p: p["gtin"] if p.distinct > 0.3 else 0.0, 0.9),
    ("image_link", lambda p: p["image"] if p["url"] >= 0.9 else 0.0, 0.9),
    ("condition", lambda p: p["condition"] if p["number"] < 0.1 and p["wordy"] >= 0.9 else 0.0, 0.95),
    ("product_type", lambda p: p["levels"] if p["wordy"] >= 0.9 and p.length < 120 else 0.0, 0.9),
)
# What values suggest where no column has a name, in the order in which attributes choose.
_SUGGESTED: Sequence[tuple[str, Callable[[Profile], float], float]] = (
    ("gtin", lambda p: p["gtin"], 0.7),
    ("image_link", lambda p: p["image"] if p["url"] + p["image"] >= 0.7 else 0.0, 0.6),
    ("link", lambda p: p["url"] - p["image"], 0.6),
    ("gender", lambda p: p["gender"] if p["size"] < 0.4 else 0.0, 0.8),
    ("condition", lambda p: p["condition"] if p["number"] < 0.2 else 0.0, 0.8),
    ("availability", lambda p: p["availability"] if p["number"] < 0.2 else 0.0, 0.8),
    ("size", lambda p: p["size"] if p["integer"] < 0.9 else 0.0, 0.8),
    ("color", lambda p: p["color"] if p.length <= 20 else 0.0, 0.75),
    ("product_type", lambda p: p["path"] if p["url"] < 0.1 and p.length < 120 else 0.0, 0.6),
    ("price", lambda p: max(p["money"], p["decimals"]) if p["gtin"] < 0.1 else 0.0, 0.5),
)


def infer(settled: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates with those told by values filled in."""
    taken = {candidate.attribute for candidate in settled if candidate.attribute}
    nameless = [c for c in settled if _NAMELESS.fullmatch(c.column.header) and c.attribute is None]
    found = {c.column.position: c for c in settled}
    if len(nameless) >= len(settled) * MANY_NAMELESS:
        found.update(_without_names(nameless, taken))
    else:
        open_ones = [c for c in settled if c.attribute is None and c.reason == "unknown"]
        found.update(_choose(open_ones, taken, _PROVED, 3))
    return [found[c.column.position] for c in settled]


# "Item Description" is what a shop's till calls its name of an article; a lone "Description" may be an offer's remark.
_OF_ARTICLES = words_of("item product article articles produit artikel produkt articulo producto part")
_NAME_LENGTH = 80
# What a stock list calls the name of an article; a shop that describes its articles writes the word.
_ABBREVIATED = words_of("descr desc dscr")
MOSTLY_DISTINCT = 0.8


def entitle(settled: Sequence[Candidate]) -> list[Candidate]:
    """Read the short one of two descriptions as the title, or an article's only one, where no column has the title."""
    if any(candidate.attribute == "title" for candidate in settled):
        return list(settled)
    texts = sorted(filter(_is_description, settled), key=lambda c: c.column.profile.length)
    if not texts or not _may_name(texts[0], texts[1:]):
        return list(settled)
    read = {texts[0].column.position: _read_as(texts[0], "title", "short_text")}
    if texts[0].attribute and len(texts) > 1:
        read[texts[-1].column.position] = _read_as(texts[-1], "description", "header_words")
    return [read.get(candidate.column.position, candidate) for candidate in settled]


def _read_as(candidate: Candidate, attribute: str, reason: str) -> Candidate:
    return replace(
        candidate, attribute=attribute, confidence=0.7, reason=reason, params={"words": candidate.words}, order=0
    )


def _is_description(candidate: Candidate) -> bool:
    lost = candidate.reason == "taken" and candidate.params.get("attribute") == "description"
    bullet = candidate.order >= BULLETS_FROM
    return (candidate.attribute == "description" or lost) and candidate.reason != "remembered" and not bullet


def _may_name(shortest: Candidate, others: Sequence[Candidate]) -> bool:
    profile = shortest.column.profile
    if profile.filled < 3 or profile["wordy"] < 0.6 or profile.distinct < 0.5 or profile.length > _NAME_LENGTH:
        return False
    if others:
        return all(other.column.profile.length >= profile.length * 2 for other in others)
    if any(word.startswith(tuple(_OF_ARTICLES)) for word in shortest.words.split(" ")):
        return True
    return shortest.words in _ABBREVIATED and profile.distinct >= MOSTLY_DISTINCT


def _choose(
    columns: Sequence[Candidate],
    taken: set[str],
    table: Sequence[tuple[str, Callable[[Profile], float], float]],
    least: int,
) -> dict[int, Candidate]:
    found: dict[int, Candidate] = {}
    for attribute, share_of, asked in table:
        open_ones = [c for c in columns if c.column.position not in found and c.column.profile.filled >= least]
        if attribute in taken or not open_ones:
            continue
        best = max(open_ones, key=lambda c: (share_of(c.column.profile), -c.column.position))
        share = share_of(best.column.profile)
        if share >= asked:
            found[best.column.position] = _by_values(best, attribute, share)
            taken.add(attribute)
    return found


def _by_values(candidate: Candidate, attribute: str, share: float) -> Candidate:
    params = {"share": round(share * 100)}
    return Candidate(candidate.column, attribute, round(0.5 + 0.25 * share, 2), "values", params)


def _without_names(columns: Sequence[Candidate], taken: set[str]) -> dict[int, Candidate]:
    found = _choose(columns, taken, _SUGGESTED, 2)
    rules: Mapping[str, Callable[[Sequence[Candidate]], Candidate | None]] = {
        "description": _longest_text,
        "title": _likeliest_title,
        "id": _first_code,
        "weight": _kilograms,
        "stock": _count_column,
        "brand": lambda left: _of_known_brands(left) or _named_in_titles(left, _titles(found)),
    }
    for attribute, rule in rules.items():
        left = [c for c in columns if c.column.position not in found and c.column.profile.filled >= 2]
        if attribute in taken or not left:
            continue
        chosen = rule(left)
        if chosen:
            found[chosen.column.position] = _by_values(chosen, attribute, 0.6)
            taken.add(attribute)
    return found


def _titles(found: Mapping[int, Candidate]) -> Sequence[str]:
    return next((c.column.values for c in found.values() if c.attribute == "title"), ())


def _texts(columns: Sequence[Candidate]) -> list[Candidate]:
    """Return the columns of running text, longest first."""
    texts = [c for c in columns if c.column.profile["wordy"] >= 0.8 and c.column.profile.distinct >= 0.5]
    return sorted(texts, key=lambda c: -c.column.profile.length)


def _longest_text(columns: Sequence[Candidate]) -> Candidate | None:
    texts = _texts(columns)
    if not texts or texts[0].column.profile.length < 40:
        return None
    # A single column of text is the title, unless it is far too long for one.
    alone = len(texts) == 1 or texts[1].column.profile.length < 8
    return None if alone and texts[0].column.profile.length < 120 else texts[0]


def _likeliest_title(columns: Sequence[Candidate]) -> Candidate | None:
    texts = [c for c in _texts(columns) if 5 <= c.column.profile.length <= 150]
    return texts[0] if texts else None


def _first_code(columns: Sequence[Candidate]) -> Candidate | None:
    for candidate in columns:
        profile = candidate.column.profile
        # The first column of a file is its key, be some of its codes letters alone.
        asked = 0.7 if candidate.column.position == 0 and profile["wordy"] < 0.1 else 0.9
        if profile["code"] + profile["integer"] >= asked and profile.distinct >= 0.95 and profile["decimals"] < 0.1:
            return candidate if candidate.column.position <= 2 or profile["integer"] < 0.5 else None
    return None


def _count_column(columns: Sequence[Candidate]) -> Candidate | None:
    counts = [c for c in columns if c.column.profile["integer"] >= 0.95 and c.column.profile.length <= 4]
    counts = [c for c in counts if c.column.profile["boolean"] < 0.6 and not set(c.column.values) <= _VAT_RATES]
    return counts[0] if len(counts) == 1 else None


_VAT_RATES = words_of("20 21 19 10 22 5 7 0")
_KILOGRAMS = re.compile(r"\d{1,3}[.,]\d{3}")
MOST = 0.9
# Of the names of a column of brands so many are known to a list of 3,000; of colours, towns and makers' lines none are.
KNOWN_BRANDS = 0.4


def _kilograms(columns: Sequence[Candidate]) -> Candidate | None:
    """Return the one column of numbers with three decimals, as scales give them."""
    weighed = [
        c for c in columns
        if sum(bool(_KILOGRAMS.fullmatch(value.strip())) for value in c.column.values) >= MOST * c.column.profile.filled
    ]  # fmt: skip
    return weighed[0] if len(weighed) == 1 else None


@lru_cache(maxsize=1)
def _brands() -> frozenset[str]:
    with (LEXICONS / "brands.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(plain(row["brand"]) for row in csv.DictReader(file) if not row["common_word"])


def _of_known_brands(columns: Sequence[Candidate]) -> Candidate | None:
    """Return the column of which most names are brands that everybody knows."""

    def share(candidate: Candidate) -> float:
        names = {plain(value) for value in candidate.column.values if value.strip()}
        return len(names & _brands()) / len(names) if names else 0.0

    best = max(columns, key=share, default=None)
    return best if best and share(best) >= KNOWN_BRANDS else None


def _named_in_titles(columns: Sequence[Candidate], titles: Sequence[str]) -> Candidate | None:
    """Return a column of short names that come back and stand in a fifth of the titles: a brand, not a category."""
    for candidate in columns:
        profile, values = candidate.column.profile, candidate.column.values
        if profile["wordy"] < 0.8 or profile.length > 25 or not 0 < profile.distinct < 0.9:
            continue
        pairs = [
            (name.strip().lower(), title.lower()) for name, title in zip(values, titles, strict=False) if name.strip()
        ]
        if len({name for name, _ in pairs}) > 1 and sum(name in title for name, title in pairs) >= len(pairs) * 0.2:
            return candidate
    return None
