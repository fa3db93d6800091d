"""What one column could be, seen alone: by earlier decisions, by its header, by a header it resembles.

Promise: in the order of trust of the package docstring, and only where the values do not say otherwise.
Not here: columns that compete for one attribute (`settling.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA

from catalog.attributes import ATTRIBUTES
from catalog.mapping.profiles import Profile, contradicts, fits
from catalog.mapping.reading import (
    BRACKET,
    FAMILY_OF_UNIT,
    UNITS,
    Header,
    is_packed,
    phrases_of,
    plain,
    read_header,
    split_unit,
    words_of,
)
from catalog.mapping.vocabulary import IGNORED, PACKED, STRONG, SYNONYMS, WEAK, meaning_of, written_out

Dictionary = Mapping[str, Mapping[str, int]]
MANY_AGREE = 0.8
"""Share of other vendors' decisions that must agree; below it their words differ in meaning from house to house."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column as proposals see it."""

    header: str
    position: int
    reading: Header
    profile: Profile
    values: Sequence[str]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One column's best attribute (None: none), how strong, and why."""

    column: Column
    attribute: str | None
    confidence: float = 0.0
    reason: str = "unknown"
    params: Mapping[str, Any] = field(default_factory=dict)
    unit: str | None = None
    weak: bool = False
    order: int = 0

    @property
    def words(self) -> str:
        """Return the plain words of the header."""
        return self.column.reading.words


def candidate_of(
    column: Column, remembered: Mapping[str, str | None], dictionary: Dictionary, named: Collection[str]
) -> Candidate:
    """Return a column's candidate; `named` are the attributes that some header of the file names exactly."""
    for found in (_from_memory(column, remembered), _from_header(column, named), _from_others(column, dictionary)):
        if found:
            return found
    return _from_likeness(column) or Candidate(column, None)


def _from_memory(column: Column, remembered: Mapping[str, str | None]) -> Candidate | None:
    """Return this vendor's own decision, which beats even an exact header: a person saw it and decided."""
    for key in (column.header, plain(column.header)):
        if key in remembered:
            known = remembered[key] if remembered[key] in ATTRIBUTES else None
            return Candidate(column, known, 1.0, "remembered", unit=unit_for(known, column))
    return None


def _from_others(column: Column, dictionary: Dictionary) -> Candidate | None:
    votes = dictionary.get(column.header) or dictionary.get(plain(column.header)) or {}
    total = sum(votes.values())
    if total < 2:
        return None
    best = max(votes, key=lambda name: votes[name])
    share = votes[best] / total
    if share < MANY_AGREE or (best in ATTRIBUTES and fits(best, column.profile) is False):
        return None
    params = {"count": votes[best], "share": round(share * 100)}
    known = best if best in ATTRIBUTES else None
    return Candidate(column, known, round(0.75 + 0.2 * share, 2), "dictionary", params, unit_for(known, column))


def _from_header(column: Column, named: Collection[str]) -> Candidate | None:
    meaning = meaning_of(column.header)
    if meaning is None:
        return None
    if meaning.attribute is None:
        return Candidate(column, None, 0.95, "pairs" if is_packed(column.header) else "known_unused")
    attribute = _redirected(meaning.attribute, column, named)
    params = {"words": column.reading.words, "attribute": meaning.attribute}
    inside = _bracketed(column.header)
    if inside & _OTHER_PRICES and attribute in ("price", "sale_price"):
        return Candidate(column, None, 0.8, "known_unused")
    weak = meaning.strength <= WEAK or (attribute == "price" and bool(inside & _WITHOUT_TAX))
    doubtful = weak or attribute in _NEED_VALUES
    if attribute is None or contradicts(attribute, column.profile):
        return Candidate(column, None, 0.6, "contrary_values", params)
    if doubtful and column.profile.filled >= 3 and fits(attribute, column.profile) is False:
        return Candidate(column, None, 0.6, "contrary_values", params)
    unit = meaning.unit or unit_for(attribute, column)
    return Candidate(column, attribute, round(meaning.strength * 0.99, 2), meaning.how, params, unit, weak)


# What a bracket after "Prix" or "Price" says.
_WITHOUT_TAX = words_of("ht excl excluded exclusive excluding ex hors netto net exkl zzgl sin")
_OTHER_PRICES = words_of(
    """achat purchase fournisseur supplier cost einkauf ek compra old ancien barre conseille recommended gros wholesale
    revient avant"""
)


def _bracketed(header: str) -> frozenset[str]:
    return words_of(" ".join(plain(inside) for inside in BRACKET.findall(header)))


# Attributes whose headers have other meanings too ("state", "genre", "public"): only believed with fitting values.
_NEED_VALUES = frozenset(("condition", "gender", "capacity", "age_group", "pack_quantity", "locale"))
_CODE_WORDS = phrases_of(
    """product id; code; ref; reference; identifiant produit; id produit; product code; code produit; reference produit"""
)
# Amazon's word for men's and women's; elsewhere a department is a part of the shop.
_SHOP_FLOORS = phrases_of("department; department name")


def _redirected(attribute: str, column: Column, named: Collection[str]) -> str | None:
    """Return what the values make of an ambiguous header: `product-id` may hold EANs, "Stock" say yes or no."""
    profile, words = column.profile, column.reading.words
    if ATTRIBUTES[attribute].family and PACKED & words_of(" ".join(column.reading.path[:-1])):
        return f"shipping_{attribute}" if f"shipping_{attribute}" in ATTRIBUTES else attribute
    if profile.filled < 3:
        return attribute
    if attribute == "pack_quantity" and words == "cond" and fits("condition", profile):
        return "condition"
    if attribute == "id" and words in _CODE_WORDS and profile["gtin"] >= 0.8 and "gtin" not in named:
        return "gtin"
    if (
        attribute == "stock"
        and profile["availability"] >= 0.8
        and profile["number"] < 0.2
        and "availability" not in named
    ):
        return "availability"
    if attribute == "stock" and "?" in column.header and profile["boolean"] >= 0.9 and "availability" not in named:
        return "availability"
    if attribute == "gender" and words in _SHOP_FLOORS and profile["gender"] + profile["age"] < 0.1:
        return "product_type" if profile["wordy"] >= 0.9 else attribute
    if attribute == "availability" and profile["integer"] >= 0.9 and profile["boolean"] < 0.9 and "stock" not in named:
        return "stock"
    if attribute == "size" and FAMILY_OF_UNIT.get(column.reading.unit or "") == "volume":
        return "capacity"
    if attribute == "link" and profile["image"] >= 0.8 and "image_link" not in named:
        return "image_link"
    known = SYNONYMS.get(words) or SYNONYMS.get(written_out(words))
    if attribute == "title" and known and known[1] and (profile["wordy"] < 0.3 or profile["code"] >= 0.8):
        return "id" if profile["code"] + profile["integer"] >= 0.8 and "id" not in named else None
    return attribute


def unit_for(attribute: str | None, column: Column) -> str | None:
    """Return the unit or currency that a header carries for this attribute."""
    if attribute is None:
        return None
    header = column.reading
    if attribute in ("price", "sale_price", "shipping"):
        return header.currency
    family = ATTRIBUTES[attribute].family
    unit = header.unit or UNITS.get(header.words.rpartition(" ")[2])
    return unit if family and unit and FAMILY_OF_UNIT[unit] == family else None


@lru_cache(maxsize=1)
def _known_words() -> tuple[list[str], dict[str, str]]:
    """Return every known header and the same without spaces, for likeness and for words run together."""
    words = [words for words in (*SYNONYMS, *IGNORED) if len(words) >= 4]
    return words, {words.replace(" ", ""): words for words in reversed(words)}


def _from_likeness(column: Column) -> Candidate | None:
    """Return the attribute of a known header that this one resembles: run together, mistyped, or longer by a word."""
    words = column.reading.words
    known, compact = _known_words()
    joined = words.replace(" ", "")
    if joined in compact:
        return _alike(column, compact[joined], 0.93, "header_words")
    if len(words) < 4:
        return None
    parts, full = split_unit(words), written_out(words)
    return (
        _mistyped(column, words, known)
        or (_mistyped(column, parts[0], known) if parts else None)
        or (_mistyped(column, full, known) if full != words else None)
        or _containing(column, words)
    )


def _mistyped(column: Column, words: str, known: Sequence[str]) -> Candidate | None:
    """Allow one slip in short words, two from eight letters on; words under six letters need fitting values."""
    allowed = 1 if len(words) < 8 else 2
    near = process.extract(words, known, scorer=OSA.distance, score_cutoff=allowed, limit=8)
    found = [(like, slips) for like, slips, _ in near if _same_words(words, like, slips)]
    if not found:
        return None
    nearest = min(slips for _, slips in found)
    meanings = [like for like, slips in found if slips == nearest]
    fitting = [like for like in meanings if like in SYNONYMS and fits(SYNONYMS[like][0], column.profile) is not False]
    sure = [like for like in fitting if fits(SYNONYMS[like][0], column.profile)]
    if not fitting or (any(like in IGNORED for like in meanings) and not sure):
        return Candidate(column, None, 0.5, "known_unused")
    fitting = sure or fitting
    if len({SYNONYMS[like][0] for like in fitting}) > 1:
        return None
    if len(words) < 6 and not sure:
        return None
    return _alike(column, fitting[0], 0.85 - 0.08 * nearest + (0.05 if sure else 0.0), "fuzzy_header")


def _same_words(words: str, like: str, slips: int) -> bool:
    """Tell whether every word is the other's, mistyped: "note interne" is two slips from "code interne", and is not.

    Nobody slips on the first letter of a short word: "maille" and "taille" are two words.
    """
    left, right = words.split(" "), like.split(" ")
    if len(left) != len(right):
        return slips <= 1
    for one, other in zip(left, right, strict=True):
        longest = max(len(one), len(other))
        # Of four letters only two that changed places are a slip: "pirx"; "pont" is no "port".
        allowed = int(sorted(one) == sorted(other)) if longest < 5 else 1 if longest < 8 else 2
        if one != other and (OSA.distance(one, other) > allowed or (longest < 7 and one[0] != other[0])):
            return False
    return True


_LIMITING = words_of(
    """min mini max maxi achat purchase ancien old alt alternatif position fournisseur supplier conseille recommended
    barre type code id unite unit date debut fin start end nombre count statut status meta seo url name nom titre
    title label image photo compare avant before apres after previous remise taux rate par per pour for sans
    without ecran screen cable cordon text texte when lorsque si quand emballage colis carton palette secondaire
    concurrent competitor no non hors ex"""
)


# Attributes that one word inside a longer header is enough for; "nom" or "prix" inside one may be anything's.
_TELLING = words_of("gtin image_link color brand material")


def _containing(column: Column, words: str) -> Candidate | None:
    """Return the longest known header inside a longer one, where the words around it do not limit or change it."""
    parts = words.split(" ")
    for size in range(min(len(parts) - 1, 4), 0, -1):
        for start in range(len(parts) - size + 1):
            like = " ".join(parts[start : start + size])
            around = parts[:start] + parts[start + size :]
            if like not in SYNONYMS or len(around) > 3 or set(around) & _LIMITING or len(like) < 4:
                continue
            if size == 1 and SYNONYMS[like][0] not in _TELLING:
                continue
            if fits(SYNONYMS[like][0], column.profile):
                return _alike(column, like, 0.75 if size > 1 else 0.68, "header_words")
    return None


def _alike(column: Column, like: str, confidence: float, reason: str) -> Candidate | None:
    if like in IGNORED:
        return Candidate(column, None, 0.7, "known_unused")
    attribute, weak = SYNONYMS[like]
    if contradicts(attribute, column.profile) or (weak and fits(attribute, column.profile) is False):
        return None
    params = {"like": like, "words": like}
    found = Candidate(column, attribute, round(confidence, 2), reason, params, weak=weak)
    return replace(found, unit=unit_for(attribute, column))


def is_strong(header: str) -> str | None:
    """Return the attribute that a header names exactly and strongly, or None."""
    meaning = meaning_of(header)
    return meaning.attribute if meaning and meaning.strength >= STRONG * 0.9 else None


def column_of(header: str, position: int, values: Sequence[str], profile: Profile) -> Column:
    """Return a column with its header read."""
    return Column(header, position, read_header(header), profile, values)
