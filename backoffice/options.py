"""What a select or radio field offers, from (value, words) pairs as lists and tables of the house hold them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms import SelectChoice


def options(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    """Return the choices of a field; the words may be lazy."""
    return [SelectChoice(value, words) for value, words in pairs]
