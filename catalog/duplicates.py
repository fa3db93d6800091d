"""Lines of one file that say the same article again: by their id, by their barcode, or in the same words under another.

Promise: at most 72 bytes a line, 24 for each of its three keys, whatever the identifiers.
Not here: the same article with another vendor (`matching`).
"""

from __future__ import annotations

from hashlib import blake2b

import numpy as np

from catalog.issues import issue
from catalog.sheets import Issue, MappedSheet

# What must agree, beside the barcode, for two lines to be one article: used and new, or two sizes, are not.
_OF_ONE = ("title", "condition", "color", "size")
_SHORTEST_GTIN = 8
# What a line may say otherwise and still be the same article.
_IDENTIFIERS = frozenset(("id", "gtin", "mpn", "link", "image_link", "additional_image_link", "stock", "availability"))


class Duplicates:
    """The identifiers of a file that were seen, each with its first line; 24 bytes a key, whatever the identifiers."""

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

        So does one article under two ids: the same barcode with the same title and options, or without one the same
        words throughout.
        """
        said = sheet.values.get("id", "").strip()
        content = "\0".join(f"{name}\0{value}" for name, value in sorted(sheet.values.items()))
        first = self.first_row(f"id:{said}" if said else f"sheet:{content}", sheet.row)
        if first is not None:
            return issue("duplicate_in_file", "id", said or sheet.values.get("title"), row=sheet.row, first_row=first)
        gtin = sheet.values.get("gtin", "").strip()
        told = self.first_row(_words_of(sheet), sheet.row) if said else None
        if said and len(gtin) >= _SHORTEST_GTIN and gtin.strip("0").isdecimal():
            of_one = (" ".join(sheet.values.get(name, "").lower().split()) for name in _OF_ONE)
            first = self.first_row("\0".join((f"gtin:{gtin}", *of_one)), sheet.row)
            return None if first is None else issue("duplicate_in_file", "gtin", gtin, row=sheet.row, first_row=first)
        # Two barcodes are two articles whose difference the vendor did not write down.
        if gtin or told is None:
            return None
        return issue("duplicate_in_file", "title", sheet.values["title"], row=sheet.row, first_row=told)

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


def _words_of(sheet: MappedSheet) -> str:
    """Return all that a described sheet says but its identifiers, or nothing where it says too little to be told by."""
    if not sheet.values.get("description") or not sheet.values.get("title"):
        return ""
    kept = (f"{name}\0{value}" for name, value in sorted(sheet.values.items()) if name not in _IDENTIFIERS)
    return "words:" + " ".join("\0".join(kept).lower().split())
