"""Sheets that someone at a vendor's wrote by hand, each with a fault that a marketplace meets every day; pure.

The table is `oddities.txt`: by vendor, the fields of `vendor_sheets.Sheet` in the vendor's words. Not here: what is
wrong with whole files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

_TABLE = Path(__file__).with_name("oddities.txt")
FIELDS = ("sku", "title", "brand", "shelf", "text", "price", "gtin")


def of(vendor: str) -> Sequence[Mapping[str, str]]:
    """Return the hand-written sheets of a vendor, by its code."""
    found: dict[str, list[Mapping[str, str]]] = {}
    code = ""
    for line in _TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("@"):
            code = line[1:].strip()
        elif line.strip() and not line.startswith("#"):
            cells = [cell.strip() for cell in line.split("|")]
            found.setdefault(code, []).append(dict(zip(FIELDS, cells + [""] * len(FIELDS), strict=False)))
    return found.get(vendor, [])
