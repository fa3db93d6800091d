"""What a select or radio field offers, from (value, words) pairs as lists and tables of the house hold them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Any

from wtforms import SelectChoice


def in_reading_order(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the pairs by their words as a dictionary has them: "État" after "Espagne", not after "Zambie"."""
    return sorted(pairs, key=lambda pair: unicodedata.normalize("NFKD", pair[1]).encode("ascii", "ignore").lower())


def options(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    """Return the choices of a field; the words may be lazy."""
    return [SelectChoice(value, words) for value, words in pairs]
