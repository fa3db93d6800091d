"""Lines of one file that say the same article again: by their id, or by their barcode under another.

Promise: 24 bytes a line, whatever the identifiers. Not here: the same article with another vendor (`matching`).
"""

from __future__ import annotations

from hashlib import blake2b

import numpy as np

from catalog.issues import issue
from catalog.sheets import Issue, MappedSheet

# What must agree, beside the barcode, for two lines to be one article: used and new, or two sizes, are not.
_OF_ONE = ("title", "condition", "color", "size")
_SHORTEST_GTIN = 8


class Duplicates:
    """The identifiers of a file that were seen, each with its first line; 24 bytes a line, whatever the identifiers."""

    def __init__(self) -> None:
        self._keys = np.zeros(1 << 12, np.uint64)
        self._rows = np.zeros(1 << 12, np.uint32)
        self._count = 0

    def first_row(self, key: str, row: int) -> int | None:
        """Return the line that had this key before, or None and remember this one; an empty key never repeats."""
        if not key:
            return None
        digest = int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "big") or 1
        place = self._place(digest)
        if self._keys[place]:
            return int(self._rows[place])
        self._keys[place], self._rows[place] = digest, row
        self._count += 1
        if self._count * 2 > len(self._keys):
            self._grow()
        return None

    def found_in(self, sheet: MappedSheet) -> Issue | None:
        """Return the issue that this sheet's id, or without one its whole content, stands on an earlier line.

        So does one article under two ids: the same barcode with the same title and options.
        """
        said = sheet.values.get("id", "").strip()
        content = "\0".join(f"{name}\0{value}" for name, value in sorted(sheet.values.items()))
        first = self.first_row(f"id:{said}" if said else f"sheet:{content}", sheet.row)
        if first is not None:
            return issue("duplicate_in_file", "id", said or sheet.values.get("title"), row=sheet.row, first_row=first)
        gtin = sheet.values.get("gtin", "").strip()
        if not said or len(gtin) < _SHORTEST_GTIN or not gtin.strip("0").isdecimal():
            return None
        first = self.first_row(
            "\0".join((f"gtin:{gtin}", *(sheet.values.get(name, "") for name in _OF_ONE))), sheet.row
        )
        return None if first is None else issue("duplicate_in_file", "gtin", gtin, row=sheet.row, first_row=first)

    def _place(self, digest: int) -> int:
        mask = len(self._keys) - 1
        place = digest & mask
        while self._keys[place] and int(self._keys[place]) != digest:
            place = (place + 1) & mask
        return place

    def _grow(self) -> None:
        keys, rows = self._keys, self._rows
        self._keys, self._rows = np.zeros(len(keys) * 2, np.uint64), np.zeros(len(keys) * 2, np.uint32)
        for at in np.flatnonzero(keys):
            place = self._place(int(keys[at]))
            self._keys[place], self._rows[place] = keys[at], rows[at]
