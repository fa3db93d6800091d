"""Headers over two lines, and the lines that a template names itself.

    | Réf. | Dimensions colis (cm) |   |   | Prix |        ─►  Réf. · L (cm) under "Dimensions colis" · … · Prix > Net
    |      | L                     | l | H | Net  |

Promise: two lines are one header only where the lower names columns that the upper leaves open, and nothing else
differs; Amazon's templates are read where their own settings say. Not here: which line is a header (`headers`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from catalog.attributes import ATTRIBUTES
from catalog.intake.headers import is_typed
from catalog.mapping.reading import BRACKET, FAMILY_OF_UNIT, UNITS, plain, words_of
from catalog.mapping.vocabulary import PACKED, meaning_of

LONGEST_NAME = 40
# "settings=attributeRow=4&dataRow=5&labelRow=3&contentLanguageTag=en_GB": the first cell of Amazon's templates.
_SETTINGS = re.compile(r"\battributeRow=(\d+).*?\bdataRow=(\d+)|\bdataRow=(\d+).*?\battributeRow=(\d+)", re.S)


def told_lines(first: Sequence[str]) -> tuple[int, int] | None:
    """Return the numbers of the header's and the first data line that a template's first line tells, or None."""
    for cell in first[:3]:
        told = _SETTINGS.search(cell) if "Row=" in cell else None
        if told:
            header, data = (told[1], told[2]) if told[1] else (told[4], told[3])
            return int(header), int(data)
    return None


def are_one(upper: Sequence[str], lower: Sequence[str]) -> bool:
    """Tell whether two adjoining lines are one header: groups above, the names of their columns below."""
    width = max(len(upper), len(lower))
    above, below = _texts(upper, width), _texts(lower, width)
    names = [name for name in below if name]
    if not names or any(is_typed(name) or len(name) > LONGEST_NAME for name in names):
        return False
    groups = [at for at in range(width - 1) if above[at] and not above[at + 1] and below[at] and below[at + 1]]
    others = [at for at in range(width) if above[at] and at not in groups]
    # A title above the header names no column itself.
    return bool(groups) and bool(others) and all(below[at] in ("", above[at]) for at in others)


def as_one(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """Return the names of the columns of a header over two lines."""
    width = max(len(upper), len(lower))
    above, below = _texts(upper, width), _texts(lower, width)
    names: list[str] = []
    group = ""
    for at in range(width):
        group = above[at] or (group if below[at] else "")
        own = below[at] and below[at] != above[at]
        names.append(_named(group, below[at], below) if own and group else below[at] or above[at])
    return names


def _named(group: str, name: str, names: Sequence[str]) -> str:
    """Return a column's name: its own where that says all, else behind its group's; with the unit of the group."""
    units = [inside for inside in BRACKET.findall(group) if _measures(UNITS.get(plain(inside)), name)]
    full = f"{name} ({units[0]})" if units else name
    above = BRACKET.sub("", group).strip(" :")
    whole = next(filter(_attribute, (f"{above} {full}", f"{above} > {full}")), f"{above} > {full}")
    alone = _attribute(full) if names.count(name) == 1 and len(name) > 1 else None
    return full if alone and _attribute(whole) in (None, alone) and not words_of(plain(above)) & PACKED else whole


def _attribute(name: str) -> str | None:
    meaning = meaning_of(name)
    return meaning.attribute if meaning else None


def _measures(unit: str | None, name: str) -> bool:
    """Return whether a group's unit is that of a column: of a letter for a side, or of a name without a unit of its own."""
    meaning = meaning_of(name)
    if unit is None or len(name) == 1:
        return unit is not None
    if meaning is None or meaning.attribute is None or meaning.unit or meaning.header.unit:
        return False
    return FAMILY_OF_UNIT[unit] == ATTRIBUTES[meaning.attribute].family


def _texts(line: Sequence[str], width: int) -> list[str]:
    return [re.sub(r"\s+", " ", cell).strip() for cell in line] + [""] * (width - len(line))
