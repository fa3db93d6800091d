"""What the schema library says of a field, in the reader's language: its English sentences are the keys of a table.

Not here: what the house's own checks say, which is written in both languages where it is checked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

_ALWAYS: Mapping[str, Any] = {
    "Missing data for required field.": _l("This is needed."),
    "Field may not be null.": _l("This is needed."),
    "Unknown field.": _l("There is no such field."),
    "Invalid value.": _l("This value is not possible."),
    "Invalid type.": _l("This value is of another type than expected."),
    "Invalid input type.": _l("This value is of another type than expected."),
    "Not a valid list.": _l("This must be a list."),
    "Not a valid string.": _l("This must be a text."),
    "Not a valid utf-8 string.": _l("This must be a text in UTF-8."),
    "Not a valid integer.": _l("This must be a whole number."),
    "Not a valid number.": _l("This must be a number."),
    "Special numeric values (nan or infinity) are not permitted.": _l("This must be a number."),
    "Number too large.": _l("This number is too large."),
    "Not a valid boolean.": _l("This must be true or false."),
    "Not a valid date.": _l("This must be a date, such as 2026-03-31."),
    "Not a valid datetime.": _l("This must be a moment, such as 2026-03-31T09:30:00+02:00."),
    "Not a valid aware datetime.": _l("This must be a moment, such as 2026-03-31T09:30:00+02:00."),
    "Not a valid mapping type.": _l("This must be an object of names and values."),
    "Not a valid email address.": _l("This is not an e-mail address."),
    "Not a valid URL.": _l("Write the whole address, beginning with https://."),
}
_WITH_VALUES: tuple[tuple[re.Pattern[str], Any], ...] = (
    (re.compile(r"Must be one of: (?P<choices>.*)\.", re.S), _l("This must be one of: %(choices)s.")),
    (
        re.compile(r"Shorter than minimum length (?P<least>\d+)\."),
        _l("This is too short: its length must be at least %(least)s."),
    ),
    (
        re.compile(r"Longer than maximum length (?P<most>\d+)\."),
        _l("This is too long: its length must be at most %(most)s."),
    ),
    (
        re.compile(r"Length must be between (?P<least>\d+) and (?P<most>\d+)\."),
        _l("The length of this must be between %(least)s and %(most)s."),
    ),
    (
        re.compile(r"Must be greater than or equal to (?P<least>\S+) and less than or equal to (?P<most>\S+)\."),
        _l("This must be between %(least)s and %(most)s."),
    ),
    (re.compile(r"Must be greater than or equal to (?P<least>\S+)\."), _l("This must be at least %(least)s.")),
    (re.compile(r"Must be less than or equal to (?P<most>\S+)\."), _l("This must be at most %(most)s.")),
)


def in_words(said: str) -> str:
    """Return a field's fault in the reader's language; a sentence that is in no table stays as it is."""
    if said in _ALWAYS:
        return str(_ALWAYS[said])
    for pattern, sentence in _WITH_VALUES:
        found = pattern.fullmatch(said)
        if found:
            return str(sentence) % found.groupdict()
    return said
