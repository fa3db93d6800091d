"""What is written beside a line: its number, codes and messages, as cells of a table or fields of a record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from catalog.intake.records import unfold

ERROR_COLUMNS = ("error-line", "error-code", "error-message")
# Line → (code, message) pairs.
Errors = Mapping[int, Sequence[tuple[str, str]]]


def cells_of(number: int, errors: Errors) -> list[str]:
    """Return the three cells beside a line; empty ones where it has no error."""
    return fields_of([number], errors) or ["", "", ""]


def fields_of(numbers: Sequence[int], errors: Errors) -> list[str]:
    """Return the three fields of a record that stands on these lines; nothing where it has no error."""
    found = [(number, pair) for number in numbers for pair in errors.get(number, ())]
    if not found:
        return []
    lines = dict.fromkeys(str(number) for number, _pair in found)
    codes = dict.fromkeys(code for _number, (code, _message) in found)
    return [", ".join(lines), ",".join(codes), " | ".join(message for _number, (_code, message) in found)]


class Numbers:
    """The line numbers of a nested file's records, as its reading counts them: a number a variant where it has any."""

    def __init__(self, *, unfolded: bool) -> None:
        self._unfolded, self._last = unfolded, 0

    def of(self, record: Mapping[str, Any], own: int) -> list[int]:
        """Return the numbers of the next record, whose own place in the file is `own`."""
        if not self._unfolded:
            return [own]
        first, self._last = self._last + 1, self._last + len(unfold(record))
        return list(range(first, self._last + 1))
