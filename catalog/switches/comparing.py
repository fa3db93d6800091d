"""Whether a sheet made in two ways says the same. Pure.

Promise: what a preview counts as changed and what a run counts is one thing. A list of one value says what the value
does, and a measure what its number does: only the form in which a rule writes them differs, and no customer sees that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """Return the attributes of which two readings of a sheet say something else: (name, before, after), by name."""
    pairs = ((name, before.get(name), after.get(name)) for name in sorted({*before, *after}))
    return [(name, old, new) for name, old, new in pairs if _said(old) != _said(new)]


def _said(value: Any) -> Any:
    if isinstance(value, Mapping):
        # The words it was read from say the same in capitals.
        return {name: part for name, part in value.items() if name != "raw"}
    return value[0] if isinstance(value, list | tuple) and len(value) == 1 else value


def told(issues: Iterable[Mapping[str, Any]]) -> set[tuple[str, str | None]]:
    """Return what is told of a sheet, as (code, attribute)."""
    return {(issue["code"], issue["attribute"]) for issue in issues}
