"""A newer tree against the one in use, category by category: same, renamed, moved, new, gone with a likely successor.

Promise: pure; a category is recognized by its id; one that is gone is given the category that is written most like it,
else the nearest above it that stands, which a person confirms or replaces. Not here: reading files
(`catalog.taxonomy`), applying (`updates`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from rapidfuzz import fuzz, process

from catalog.sheets import Locale
from catalog.taxonomy import SEPARATOR, Taxonomy
from catalog.text import fold

# Of the 155 categories by which Google's 2019 tree is finer than that of 2015: by writing alone from 70 on, half of the
# 92 found stood in another branch ("Thimbles" → "Textiles"); from 85 on none did, and the category above takes the rest.
LIKELY = 85.0


class Difference(StrEnum):
    """What became of a category in the newer tree."""

    RENAMED = "renamed"
    MOVED = "moved"
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Line:
    """One category that differs: its path before and after; a gone one with the likeliest successor and its likeness."""

    kind: Difference
    code: str
    before: str
    after: str
    successor: str | None = None
    likeness: float = 0.0


def compare(old: Taxonomy, new: Taxonomy, locale: Locale) -> list[Line]:
    """Return what differs, the gone first, since they need a person; paths are written in this language."""
    likeness = _Likeness(new, locale)
    lines = [*_gone(old, new, likeness, locale), *_changed(old, new, locale)]
    lines += [Line(Difference.NEW, one.id, "", new.path(one.id, locale)) for one in new if one.id not in old]
    return lines


def _gone(old: Taxonomy, new: Taxonomy, likeness: _Likeness, locale: Locale) -> Iterator[Line]:
    for one in old:
        if one.id not in new:
            path = old.path(one.id, locale)
            successor, score = likeness.nearest(path)
            successor = successor or _above(one.id, old, new)
            after = new.path(successor, locale) if successor else ""
            yield Line(Difference.GONE, one.id, path, after, successor, round(score, 1))


def _above(code: str, old: Taxonomy, new: Taxonomy) -> str | None:
    """Return the nearest category above that still stands; a top one says too little of a sheet."""
    standing = [above.id for above in old.ancestors(code) if above.id in new and new[above.id].parent is not None]
    return standing[-1] if standing else None


def _changed(old: Taxonomy, new: Taxonomy, locale: Locale) -> Iterator[Line]:
    for one in new:
        if one.id not in old:
            continue
        mine = old[one.id]
        before, after = old.path(one.id, locale), new.path(one.id, locale)
        # A tree in one language says nothing against labels of the other.
        if any(mine.labels.get(said) and mine.labels[said] != label for said, label in one.labels.items()):
            yield Line(Difference.RENAMED, one.id, before, after)
        elif mine.parent != one.parent:
            yield Line(Difference.MOVED, one.id, before, after)


@dataclass(frozen=True)
class _Likeness:
    """The newer tree's paths, by which the likeliest successor is found; leaf and branch count both."""

    tree: Taxonomy
    locale: Locale

    @cached_property
    def _paths(self) -> Mapping[str, str]:
        return {one.id: _plain(self.tree.path(one.id, self.locale)) for one in self.tree}

    @cached_property
    def _leaves(self) -> Mapping[str, str]:
        return {one.id: fold(one.label(self.locale)) for one in self.tree}

    def nearest(self, path: str) -> tuple[str | None, float]:
        """Return the category written most like this path and how alike, 0 to 100; None under `LIKELY`."""
        leaf = fold(path.split(SEPARATOR)[-1])
        names = process.extract(leaf, self._leaves, scorer=fuzz.token_sort_ratio, limit=20)
        paths = process.extract(_plain(path), self._paths, scorer=fuzz.token_sort_ratio, limit=20)
        candidates = {found[2] for found in (*names, *paths)}
        scored = [(self._score(leaf, path, one), one) for one in sorted(candidates)]
        best = max(scored, default=(0.0, ""))
        return (best[1], best[0]) if best[0] >= LIKELY else (None, best[0])

    def _score(self, leaf: str, path: str, code: str) -> float:
        own = fuzz.token_sort_ratio(leaf, self._leaves[code])
        return 0.6 * own + 0.4 * fuzz.token_sort_ratio(_plain(path), self._paths[code])


def _plain(path: str) -> str:
    return " ".join(fold(part) for part in path.split(SEPARATOR))


def counts(lines: Iterable[Line]) -> dict[Difference, int]:
    """Return how many categories differ in which way."""
    found = dict.fromkeys(Difference, 0)
    for line in lines:
        found[line.kind] += 1
    return found
