"""What the search over everything returns, whichever package found it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that the global search found: what it is, what it is called, where it is."""

    kind: Any
    title: str
    url: str
    detail: str = ""
    status: Any = None
