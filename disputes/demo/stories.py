"""The stories of the demo's disputes as values, read from `stories.txt`; pure.

Not here: how a step is done (`telling`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

from disputes.vocabulary import Reason, Wish

_TABLE = Path(__file__).with_name("stories.txt")
_STEP = re.compile(r"^\+(\d+)([hd]) (\w+) (\w+)([^:]*)(?:: (.+))?$")
_TIME = re.compile(r"^(\d+)([hd])$")
_UNITS = {"h": "hours", "d": "days"}


@dataclass(frozen=True, slots=True)
class Step:
    """One act: so long after the one before, by whom, which, with what (words of the act), and what they say."""

    after: timedelta
    who: str
    act: str
    details: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Story:
    """One dispute: on which basket and lines, opened how long ago, why, and what followed."""

    basket: str
    ago: timedelta
    reason: Reason
    wish: Wish
    lines: str
    words: str
    steps: tuple[Step, ...]


@cache
def stories() -> tuple[Story, ...]:
    """Return every story of the table, in its order."""
    text = "\n".join(line for line in _TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return tuple(_story(block.strip().splitlines()) for block in text.split("=== ")[1:])


def _story(lines: list[str]) -> Story:
    basket, ago, reason, wish, which = (cell.strip() for cell in lines[0].split("|"))
    complaint = lines[1].removeprefix("buyer: ")
    return Story(
        basket, _time(ago), Reason(reason), Wish(wish), which, complaint, tuple(_step(line) for line in lines[2:])
    )


def _time(text: str) -> timedelta:
    found = _TIME.match(text)
    if found is None:
        raise ValueError(f"“{text}” is no time such as 5h or 12d")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _step(line: str) -> Step:
    found = _STEP.match(line)
    if found is None:
        raise ValueError(f"“{line}” is no step such as “+5h seller writes: …”")
    return Step(_time(found[1] + found[2]), found[3], found[4], tuple(found[5].split()), found[6] or "")
