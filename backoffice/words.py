"""The words people see for states, roles and acts, each with the tone of its pill; codes are never shown.

Capabilities register theirs at start: `register(LABELS, TONES)` keyed by enum member, `register_verbs({...})` and
`register_fields(table, {...})` for the timeline, `register_notifications({...})` for the bell, `register_tasks({...})` for
the jobs. A word that was never registered is a defect that a test finds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from backoffice import formatting
from backoffice.jobs import JobState
from backoffice.permissions import Role

Tone = Literal["information", "done", "attention", "blocked", "neutral"]

# StrEnum members of two enums may be equal as texts, and French agrees in gender: the key carries the enum's name. For
# the same reason one mapping given to `register` holds one enum: in a dict equal members of two would be one key.
_labels: dict[tuple[str, str], Any] = {}
_tones: dict[tuple[str, str], Tone] = {}
_verbs: dict[str, Any] = {}
_notifications: dict[str, Any] = {}
_tasks: dict[str, Any] = {}
_fields: dict[tuple[str, str], tuple[Any, type[StrEnum] | None]] = {}
# A moment as the history keeps it.
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d")


def register(labels: Mapping[Any, Any], tones: Mapping[Any, Tone] | None = None) -> None:
    """Add the words (lazy strings) and tones of enum members."""
    _labels.update({_key(member): words for member, words in labels.items()})
    _tones.update({_key(member): tone for member, tone in (tones or {}).items()})


def register_verbs(verbs: Mapping[str, Any]) -> None:
    """Add the words of audit verbs, such as "vendor.approve": "approved the vendor"."""
    _verbs.update(verbs)


def register_notifications(kinds: Mapping[str, Any]) -> None:
    """Add the words of notification kinds; placeholders `%(name)s` take the notification's params."""
    _notifications.update(kinds)


def register_tasks(kinds: Mapping[str, Any]) -> None:
    """Add what jobs of each kind do, such as "notifications.send_mail": "Send an e-mail"."""
    _tasks.update(kinds)


def register_fields(table: str, fields: Mapping[str, tuple[Any, type[StrEnum] | None]]) -> None:
    """Add how the history of a table's things names what changed: {field: (words, the enum of its values or None)}."""
    _fields.update({(table, name): words for name, words in fields.items()})


def change(table: str, name: str, before: Any, after: Any) -> tuple[str, Any, Any]:
    """Return one change of a thing as people read it: its field, before and after; states and moments in words."""
    words, states = _fields.get((table, name), (name, None))
    known = {str(member) for member in states} if states is not None else set()
    shown = [
        label(states(value)) if states is not None and value in known else _plain(value) for value in (before, after)
    ]
    return str(words), shown[0], shown[1]


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, float):
        return formatting.number(value)
    is_moment = isinstance(value, str) and _MOMENT.fullmatch(value)
    return formatting.moment(datetime.fromisoformat(value)) if is_moment else value


def label(value: Any) -> str:
    """Return the words for an enum member; "—" for nothing."""
    if value is None or value == "":
        return "—"
    return str(_labels.get(_key(value), value))


def tone(value: Any) -> Tone:
    """Return the tone of an enum member's pill."""
    return _tones.get(_key(value), "neutral") if value is not None else "neutral"


def verb(code: str) -> str:
    """Return the words for an audit verb."""
    return str(_verbs.get(code, code))


def task(kind: str) -> str:
    """Return what a job of this kind does; one of a former version of the software is told by its code."""
    return str(_tasks.get(kind, kind))


def notification(kind: str, params: Mapping[str, Any]) -> str:
    """Return a notification's sentence in the reader's language."""
    return str(_notifications.get(kind, kind)) % _Known(params)


class _Known(dict[str, Any]):
    """Values of a sentence; one that an older row does not have is a dash, and the list still shows."""

    def __missing__(self, _name: str) -> str:
        return "—"


def missing(states: type[StrEnum]) -> list[str]:
    """Return the members of an enum that have no words; a test keeps this empty."""
    return [str(member) for member in states if _key(member) not in _labels]


def known_verbs() -> frozenset[str]:
    """Return the audit verbs that have words."""
    return frozenset(_verbs)


def known_tasks() -> frozenset[str]:
    """Return the kinds of jobs that have words."""
    return frozenset(_tasks)


def _key(value: Any) -> tuple[str, str]:
    return f"{type(value).__module__}.{type(value).__qualname__}", str(value)


register(
    {
        Role.ADMINISTRATOR: _l("administrator"),
        Role.ACCOUNT_MANAGER: _l("account manager"),
        Role.CONTENT_EDITOR: _l("content editor"),
        Role.MEDIATOR: _l("mediator"),
        Role.VENDOR_USER: _l("vendor"),
        Role.BUYER: _l("buyer"),
        JobState.WAITING: _l("waiting"),
        JobState.RUNNING: _l("in progress"),
        JobState.DONE: _l("done"),
        JobState.FAILED: _l("failed"),
    },
    {
        JobState.WAITING: "neutral",
        JobState.RUNNING: "information",
        JobState.DONE: "done",
        JobState.FAILED: "blocked",
    },
)
register_tasks(
    {
        "accounts.forget_attempts": _l("Forget old login attempts"),
        "api.forget_keys": _l("Forget answers kept for repeated API calls"),
        "jobs.forget": _l("Forget tasks done long ago"),
        "notifications.forget": _l("Forget notifications read long ago"),
        "notifications.send_mail": _l("Send an e-mail"),
        "vendors.end_contracts": _l("End contracts whose notice is over"),
    }
)
