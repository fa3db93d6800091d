"""Sides of things that one letter names: "L (cm)", or "L", "l" and "H" below "Dimensions colis".

Promise: a letter is read by the letters beside it, and only where a unit or a group says that sides are meant; those of a
parcel are its own. Not here: words for sides (`vocabulary`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from catalog.attributes import ATTRIBUTES
from catalog.mapping.candidates import Candidate, unit_for
from catalog.mapping.reading import words_of
from catalog.mapping.vocabulary import PACKED

_DIMENSIONS = words_of(
    "dimension dimensions dim dims masse abmessungen produktmasse artikelmasse paketmasse versandmasse medidas dimensiones "
    "dimensioni misure mesures size sizes taille tailles measurements"
)
_ALWAYS = {"H": "height", "h": "height", "P": "depth", "p": "depth", "D": "depth", "d": "depth", "T": "depth",
           "t": "depth", "W": "width", "w": "width", "B": "width", "b": "width"}  # fmt: skip
CONFIDENCE = 0.75


def sides_by_letter(found: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates with those named by one letter read as the sides of the product or of its parcel."""
    alone = {candidate.column.header.strip()[:1] for candidate in found if len(candidate.words) == 1}
    return [_of_group(one, found) if one.column.reading.path else _alone(one, alone) for one in found]


def _alone(candidate: Candidate, letters: Collection[str]) -> Candidate:
    """Read "L (cm)" or "l (cm)"; the other letters are known with their unit."""
    attribute = _side(candidate.column.header.strip()[:1], letters) if candidate.words == "l" else None
    unit = unit_for(attribute, candidate.column)
    return _read(candidate, attribute, unit) if attribute and unit else candidate


def _of_group(candidate: Candidate, found: Sequence[Candidate]) -> Candidate:
    *groups, last = candidate.column.reading.path
    words = words_of(" ".join(groups))
    if len(last) != 1 or not words & _DIMENSIONS:
        return candidate
    letters = {_letter(one) for one in found if list(one.column.reading.path[:-1]) == groups}
    attribute = _side(_letter(candidate), letters)
    if attribute and words & PACKED:
        packed = f"shipping_{attribute}"
        attribute = packed if packed in ATTRIBUTES else "shipping_length"
    return _read(candidate, attribute, unit_for(attribute, candidate.column)) if attribute else candidate


def _letter(candidate: Candidate) -> str:
    return candidate.column.header.replace("/", ">").rsplit(">", 1)[-1].strip()[:1]


def _side(letter: str, letters: Collection[str]) -> str | None:
    """Return what a letter means: L a length beside W, B or a small l that is then the width, a width beside P."""
    beside = set(letters)
    if letter == "L":
        length = bool(beside & set("WwBb")) or "l" in beside
        return "length" if length else "width" if "P" in beside else None
    if letter == "l":
        return "width" if beside & set("LPp") else None
    return _ALWAYS.get(letter)


def _read(candidate: Candidate, attribute: str, unit: str | None) -> Candidate:
    return replace(candidate, attribute=attribute, confidence=CONFIDENCE, reason="abbreviation", unit=unit)
