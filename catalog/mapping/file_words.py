"""The vendor's own words for categories and for values of a list, counted over the lines of a file.

Promise: bounded memory whatever the file: the words met first and often are kept. Not here: what they become.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from catalog.sheets import MappedSheet

# The attributes whose words a person maps one by one, the vendor's category first.
LISTED = ("product_type", "color", "material", "condition", "availability", "gender", "age_group", "size_type")
# Distinct words counted for an attribute, and those kept: a vendor with more categories than this maps by rule.
COUNTED, KEPT = 5_000, 300
LONGEST_WORD = 200

Words = Mapping[str, list[tuple[str, int]]]


class FileWords:
    """The words of a file's lines by attribute, with the number of lines of each."""

    def __init__(self) -> None:
        self._counts: dict[str, Counter[str]] = {name: Counter() for name in LISTED}

    def add(self, sheets: Iterable[MappedSheet]) -> None:
        """Count the words of these lines."""
        for sheet in sheets:
            for name, counts in self._counts.items():
                text = sheet.values.get(name)
                if text and len(text) <= LONGEST_WORD and (text in counts or len(counts) < COUNTED):
                    counts[text] += 1

    def most_used(self) -> Words:
        """Return the words of each attribute, those of most lines first."""
        return {name: counts.most_common(KEPT) for name, counts in self._counts.items() if counts}
