"""The history of the whole house: narrowed by who, what act, what thing and when; read in words, given out as a file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import current_app, request
from flask_babel import gettext as _

from backoffice import audit, things, words
from backoffice.audit import AuditEvent, TimelineEntry
from backoffice.exporting import csv_line
from backoffice.extensions import db
from backoffice.options import in_reading_order
from backoffice.things import Thing

NAMES = ("thing", "actor", "by", "verb", "kind", "from", "to")
# Acts that nobody did carry no name: timers, imports and other work of the software.
_BY = {"people": AuditEvent.actor_name != "", "software": AuditEvent.actor_name == ""}
_ALL = ""
COLUMNS = ("at", "actor", "act", "verb", "kind", "number", "name", "changes", "reason", "request", "intact")
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Line:
    """One act as the page and the file show it; `intact` is False for a row that was edited behind our back."""

    event: AuditEvent
    entry: TimelineEntry
    thing: Thing | None
    intact: bool

    @property
    def id(self) -> int:
        """The row's number."""
        return self.event.id


def asked() -> dict[str, str]:
    """Return what the address narrows the list to."""
    return {name: request.args[name].strip() for name in NAMES if request.args.get(name, "").strip()}


def narrowed(given: dict[str, str]) -> sa.Select[Any]:
    """Return the select of the acts asked for; what is no day, act or kind of ours narrows nothing."""
    query = sa.select(AuditEvent)
    if given.get("by") in _BY:
        query = query.where(_BY[given["by"]])
    if "actor" in given:
        query = query.where(AuditEvent.actor_name.icontains(given["actor"], autoescape=True))
    if given.get("verb") in words.known_verbs():
        query = query.where(AuditEvent.verb == given["verb"])
    if given.get("kind") in things.known():
        query = query.where(AuditEvent.object_type == given["kind"])
    if "thing" in given:
        query = query.where(things.is_named(AuditEvent.object_type, AuditEvent.object_id, given["thing"]))
    first, last = _day(given.get("from", "")), _day(given.get("to", ""))
    if first:
        query = query.where(AuditEvent.at >= _midnight(first))
    if last:
        query = query.where(AuditEvent.at < _midnight(last + timedelta(days=1)))
    return query


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    # A day has one before and one after it, and both have a time in UTC.
    return found if 1900 <= found.year < 9000 else None


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(current_app.config["TIMEZONE"]))


def lines(events: list[AuditEvent]) -> list[Line]:
    """Return the acts in words, with the names of their things in one statement."""
    found = things.find((event.object_type, event.object_id) for event in events)
    altered = set(audit.altered(events))
    return [
        Line(event, audit.entry(event), found.get((event.object_type, event.object_id)), event.id not in altered)
        for event in events
    ]


def fields(given: dict[str, str]) -> list[dict[str, Any]]:
    """Return the filters as the form macro takes them."""
    verbs = in_reading_order((code, words.verb(code)) for code in words.known_verbs())
    kinds = in_reading_order((table, str(kind.label)) for table, kind in things.known().items())
    shown = [
        ("thing", _("Name or number of the thing"), "search", None),
        ("actor", _("Who"), "text", None),
        ("by", _("Done by"), "select", [(_ALL, _("anyone")), ("people", _("people")), ("software", _("the software"))]),
        ("verb", _("Act"), "select", [(_ALL, _("every act")), *verbs]),
        ("kind", _("Kind of thing"), "select", [(_ALL, _("every kind")), *kinds]),
        ("from", _("From"), "date", None),
        ("to", _("To"), "date", None),
    ]
    return [
        {"name": name, "label": label, "type": kind, "value": given.get(name, "")}
        | ({"options": options} if options is not None else {})
        for name, label, kind, options in shown
    ]


def as_csv(query: sa.Select[Any]) -> Iterator[str]:
    """Yield the acts, newest first, as lines of CSV: the words beside the codes, what changed as JSON."""
    yield csv_line(COLUMNS)
    ordered = query.order_by(AuditEvent.id.desc()).execution_options(yield_per=_CHUNK)
    for part in db.session.scalars(ordered).partitions():
        for line in lines(list(part)):
            yield csv_line(_cells(line))


def _cells(line: Line) -> list[Any]:
    event = line.event
    said = json.dumps(event.changes, ensure_ascii=False) if event.changes else ""
    return [
        *(event.at, event.actor_name, line.entry.verb_label, event.verb),
        *(line.thing.kind if line.thing else event.object_type, event.object_id, line.thing.name if line.thing else ""),
        *(said, event.reason, event.request_id, "1" if line.intact else "0"),
    ]
