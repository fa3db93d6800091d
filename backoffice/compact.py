"""JSON as machines keep it and speak it: in rows, in files beside the database, between a process and its child.

Promise: the shortest text, UTF-8, several times as fast as the standard library's; what orjson refuses (a number beyond
64 bits, a key that is no text, half a surrogate pair) the standard library writes. Not here: JSON that a person's
script reads, which the commands print with `json`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import orjson

loads = orjson.loads


def dumps(value: Any, default: Callable[[Any], Any] | None = None) -> bytes:
    """Return the value as JSON in UTF-8; raises TypeError for what neither JSON nor `default` can say."""
    try:
        return orjson.dumps(value, default)
    except orjson.JSONEncodeError:
        written = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=default)
        return written.encode("utf-8", "replace")


def text_of(value: Any) -> str:
    """Return the value as JSON text; raises TypeError for what JSON cannot say."""
    return dumps(value).decode()
