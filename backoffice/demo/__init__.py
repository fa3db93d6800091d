"""The demo's marketplace: invented people, companies and goods, brought in through the house's own verbs.

    calendar ─► every room's moments (here vendors; above, sheets, orders, disputes) ─► sorted by time
             ─► each lived under a clock held at its time, its jobs done ─► today

Promise: nothing is written behind a verb's back, so histories, mails, figures and deadlines are as real ones; the load
is the same every time but for the day it is made. Only in the demo profile. Not here: what the rooms above add; they
register a function `(calendar) -> moments` in `app.extensions["demo"]`.
"""

from __future__ import annotations

from collections.abc import Iterator

from flask import Flask
from flask_babel import lazy_gettext as _l

from backoffice import words
from backoffice.demo import command
from backoffice.demo.timeline import Calendar, Moment


def register(app: Flask) -> None:
    """Add the command, and this room's moments."""
    app.cli.add_command(command.demo)
    app.extensions.setdefault("demo", []).append(_moments)
    words.register_verbs({"demo.load": _l("loaded the demo marketplace")})


def _moments(calendar: Calendar) -> Iterator[Moment]:
    # Imported for a load alone: every start of the house would wait for what the demo is made with.
    from backoffice.demo import people, shops

    yield from people.moments(calendar)
    yield from shops.moments(calendar)
