"""What the home page shows of what waits for someone, whichever package tells it: how much, until when, what first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

# Things named under each number: enough to begin with, few enough to read at a glance.
NAMED_FIRST = 4


@dataclass(frozen=True, slots=True)
class First:
    """One of the things that wait: what it is called, where it is, what stands beside its name, until when it waits."""

    title: str
    url: str
    beside: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """Things of one kind that wait for the reader; `url` leads to their list, `first` names those to begin with."""

    label: Any
    count: int
    url: str
    due_at: datetime | None = None
    tone: str = "attention"
    first: Sequence[First] = ()
