"""The systems that articles are made for ("Nespresso", "PS5"), by family, and what a sheet says of them.

Promise: within a family one system excludes the other; a name is found by its folded words, the longest first. Not here:
what follows where title and description disagree (`keywords`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from catalog.harmonization import lexicons
from catalog.sheets import Value

# Systems that an article is made for, by family: within a family one excludes the other. A sheet may name several
# where it says that it fits several; a title that names one and a description that names another do not agree.
SYSTEMS: Mapping[str, Sequence[str]] = {
    "capsules": ("Nespresso", "Tassimo", "Dolce Gusto", "Senseo", "Caffitaly", "A Modo Mio", "Nespresso Vertuo"),
    "consoles": (
        "PlayStation 2", "PlayStation 3", "PlayStation 4", "PlayStation 5", "PS2", "PS3", "PS4", "PS5", "PSP",
        "PS Vita", "Xbox 360", "Xbox One", "Xbox Series", "Nintendo Switch", "Nintendo 3DS", "Nintendo DS", "Wii U",
        "Wii", "GameCube", "Dreamcast",
    ),
    "robots": ("Thermomix", "Cookeo", "Companion", "Monsieur Cuisine"),
    "lens mounts": ("Canon EF", "Nikon F", "Micro 4/3", "Sony E", "Fujifilm X"),
    "blades": ("Gillette Fusion", "Gillette Mach3", "Wilkinson Hydro"),
    "pods": ("Soda Stream", "SodaStream"),
}  # fmt: skip
_SAME: Mapping[str, str] = {
    "PS2": "PlayStation 2", "PS3": "PlayStation 3", "PS4": "PlayStation 4", "PS5": "PlayStation 5",
    "Soda Stream": "SodaStream", "Nespresso Vertuo": "Nespresso",
}  # fmt: skip
# After these words a text names what the article fits.
_CUES = frozenset({
    "compatible", "compatibles", "pour", "adaptable", "adaptables", "convient", "conviennent", "fits", "fit", "for",
    "with", "avec",
})  # fmt: skip
# How many words may stand between the cue and the system: "compatibles avec toutes les machines Nespresso".
_REACH = 6


@dataclass(frozen=True, slots=True)
class System:
    """A system by its own name, its family, and the folded words that name it."""

    name: str
    family: str
    parts: tuple[str, ...]


Named = Mapping[str, tuple[System, int]]


@cache
def _by_first_part() -> Mapping[str, Sequence[System]]:
    found: dict[str, list[System]] = {}
    for family, names in SYSTEMS.items():
        for name in names:
            parts = lexicons.key(name)
            found.setdefault(parts[0], []).append(System(_SAME.get(name, name), family, parts))
    return {first: sorted(systems, key=lambda system: -len(system.parts)) for first, systems in found.items()}


def named(parts: Sequence[str]) -> dict[str, tuple[System, int]]:
    """Return the systems named, each with where it is named first."""
    index = _by_first_part()
    found: dict[str, tuple[System, int]] = {}
    if index.keys().isdisjoint(parts):
        return found
    for at, part in enumerate(parts):
        for system in index.get(part, ()):
            if tuple(parts[at : at + len(system.parts)]) == system.parts:
                found.setdefault(system.name, (system, at))
                break
    return found


def systems_in(text: str) -> list[str]:
    """Return the systems that a text names, by their own names."""
    return [system.name for system, _ in named(lexicons.key(text)).values()]


def rival(values: Mapping[str, Value], term: str) -> str | None:
    """Return the system in the sheet's title that excludes one which the term names, or None."""
    titled = named(lexicons.key(str(values.get("title") or "")))
    for name, (system, _) in named(lexicons.key(term)).items():
        others = [other.name for other, _ in titled.values() if other.family == system.family]
        if others and name not in others:
            return others[0]
    return None


def fitted(values: Mapping[str, Value], mark: str) -> bool:
    """Return whether the sheet says that the article fits a thing of this name ("compatible avec X")."""
    parts = lexicons.key(mark)
    fits = values.get("compatible_with")
    if any(set(parts) <= set(lexicons.key(str(device))) for device in (fits if isinstance(fits, list) else ())):
        return True
    text = lexicons.key(f"{values.get('title') or ''} . {values.get('description') or ''}")
    found = (at for at in range(len(text) - len(parts) + 1) if text[at : at + len(parts)] == parts)
    return any(cued(text, at) for at in found)


def cued(parts: Sequence[str], at: int) -> bool:
    """Return whether words before this place say that what is named there is fitted."""
    return not _CUES.isdisjoint(parts[max(0, at - _REACH) : at])
