"""The blueprint of the desks' own pages, and what their addresses carry."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("desk", __name__)


def number_in(text: str) -> int | None:
    """Return the number that an address or a form carries, None where it carries none that a key could be."""
    return int(text) if text.isdecimal() and len(text) < 10 else None
