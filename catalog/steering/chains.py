"""Which synonyms follow from others, and which would make them go round in a circle.

Promise: pure. What an editor wrote holds through others too ("tv" → "télé" → "téléviseur"), at most `MOST_STEPS` far;
a synonym that closes a circle, or says what already follows, is refused with the way shown. Two words that mean the
same are one entry both ways. Not here: keeping them (`keeping`), asking with them (`catalog.search.plan`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from catalog.search.queries import Synonym, roots_of
from catalog.sheets import Locale

# A word that means another through more than two between them is a sign of an error: each hop drifts in meaning.
MOST_STEPS = 3

Roots = tuple[str, ...]


class Fault(StrEnum):
    """What is wrong with a synonym."""

    NOTHING = "nothing"
    SAME = "same"
    FOLLOWS = "follows"
    LOOP = "loop"
    TOO_FAR = "too_far"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a synonym cannot be added, with the words that show it, in order."""

    fault: Fault
    way: tuple[str, ...] = ()


class Graph:
    """The entries of one language as arrows between token sequences, each with the words it was written with."""

    def __init__(self, entries: Iterable[Synonym], locale: Locale) -> None:
        self._locale = locale
        self._next: dict[Roots, list[Roots]] = {}
        self._previous: dict[Roots, list[Roots]] = {}
        self._written: dict[Roots, str] = {}
        for entry in entries:
            self.add(entry)

    def add(self, entry: Synonym) -> None:
        """Add an entry as it stands."""
        term, means = roots_of(entry.term, self._locale), roots_of(entry.means, self._locale)
        self._written.setdefault(term, entry.term)
        self._written.setdefault(means, entry.means)
        for one, other in ((term, means), (means, term))[: 2 if entry.both_ways else 1]:
            self._next.setdefault(one, []).append(other)
            self._previous.setdefault(other, []).append(one)

    def refusal(self, entry: Synonym) -> Refusal | None:
        """Return why this entry cannot join the others, or None."""
        term, means = roots_of(entry.term, self._locale), roots_of(entry.means, self._locale)
        if not term or not means:
            return Refusal(Fault.NOTHING)
        if term == means:
            return Refusal(Fault.SAME, (entry.term, entry.means))
        if way := self._way(term, means):
            return Refusal(Fault.FOLLOWS, self._said(way))
        if way := self._way(means, term):
            return Refusal(Fault.LOOP, self._said((term, *way)))
        longest = self._longest_through(term, means)
        if entry.both_ways:
            longest = max(longest, self._longest_through(means, term), key=len)
        if len(longest) - 1 > MOST_STEPS:
            spelled = {term: entry.term, means: entry.means}
            return Refusal(Fault.TOO_FAR, tuple(self._written.get(one) or spelled[one] for one in longest))
        return None

    def closed(self) -> list[Synonym]:
        """Return every synonym that holds, those that follow from others among them, all one way."""
        found = []
        for start in self._next:
            for end in self._reached(start):
                if end != start:
                    found.append(Synonym(self._written[start], self._written[end]))
        return found

    def _said(self, way: Sequence[Roots]) -> tuple[str, ...]:
        return tuple(self._written[roots] for roots in way)

    def _reached(self, start: Roots, *, backwards: bool = False) -> Mapping[Roots, Roots | None]:
        """Return what is reached from here, each with the step before it, nearest first."""
        arrows = self._previous if backwards else self._next
        before: dict[Roots, Roots | None] = {start: None}
        waiting = deque([start])
        while waiting:
            here = waiting.popleft()
            for one in arrows.get(here, ()):
                if one not in before:
                    before[one] = here
                    waiting.append(one)
        return before

    def _way(self, start: Roots, end: Roots) -> tuple[Roots, ...]:
        return tuple(reversed(_back(self._reached(start), end)))

    def _longest_through(self, term: Roots, means: Roots) -> tuple[Roots, ...]:
        """Return the longest way that a new arrow from term to means would be a part of."""
        into, onward = self._reached(term, backwards=True), self._reached(means)
        # What is reached last is the farthest.
        return (*_back(into, list(into)[-1]), *reversed(_back(onward, list(onward)[-1])))


def _back(before: Mapping[Roots, Roots | None], end: Roots) -> tuple[Roots, ...]:
    """Return the steps from an end back to the start."""
    if end not in before:
        return ()
    way = [end]
    while (previous := before[way[-1]]) is not None:
        way.append(previous)
    return tuple(way)
