"""The disputes of the demo: a table of stories, each told by the acts of its buyer, its vendor and our mediators.

    stories.txt ─ read ─► stories with steps ─► moments, each an act through the verbs of disputes

Promise: what ends by a deadline ends by its timer; nothing is set by hand. Not here: the orders (`catalog.demo`).
"""

from __future__ import annotations

from collections.abc import Iterator

from flask import Flask

from backoffice.demo.timeline import Calendar, Moment


def register(app: Flask) -> None:
    """Add the stories to the demo."""
    app.extensions.setdefault("demo", []).append(_moments)


def _moments(calendar: Calendar) -> Iterator[Moment]:
    # Imported for a load alone: every start of the house would wait for what the demo is made with.
    from disputes.demo import telling

    yield from telling.moments(calendar)
