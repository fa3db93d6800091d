"""Attributes that one cell holds as pairs: Magento's `additional_attributes`, "color=Bleu,manufacturer=Filomé".

Promise: a pair says an attribute only where its name does so exactly; a comma within a value parts nothing. Not here:
which of the columns says it better (`application`: a column of its own comes first).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from catalog.mapping.candidates import is_strong

_NAME = r"[a-z][a-z0-9_]*"
_PAIR = re.compile(rf'(?:^|,)\s*"?({_NAME})=(.*?)"?(?=,\s*"?{_NAME}=|\s*$)', re.DOTALL)
# Several choices of one attribute, as Magento writes them.
_CHOICES = "|"
_NAMES_KEPT = 4_096


def pairs(cell: str) -> Iterator[tuple[str, str]]:
    """Yield (attribute, value) of the pairs whose names are known."""
    for name, value in _PAIR.findall(cell):
        attribute = _attribute(name)
        if attribute and (text := value.strip().replace('""', '"').replace(_CHOICES, ", ")):
            yield attribute, text


@lru_cache(maxsize=_NAMES_KEPT)
def _attribute(name: str) -> str | None:
    return is_strong(name)
