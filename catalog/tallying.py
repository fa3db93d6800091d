"""Searches by programs counted in memory and written together, so that a search waits for no writer.

Promise: an answer never waits for its counting; what a killed process had not written is seconds of counts, which are
figures and no records. Not here: what is kept of a query (`catalog.demand`).
"""

from __future__ import annotations

import threading
import time
from collections import Counter

import structlog
from flask import Flask, Response, current_app
from sqlalchemy.exc import SQLAlchemyError

from backoffice.database import writing
from backoffice.extensions import db
from catalog import demand

log = structlog.get_logger(__name__)
# A storefront asks some ten times a second: written every five seconds, the database sees one write where fifty were.
EVERY_SECONDS = 5.0
AT_MOST = 500


class Tally:
    """Counts of (query, products found up to `FEW`), and when they were last written."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[tuple[str, int]] = Counter()
        self._since = time.monotonic()

    def note(self, text: str, found: int) -> None:
        """Count one search."""
        with self._lock:
            self._counts[demand.normalized(text), min(found, demand.FEW)] += 1

    def due(self) -> bool:
        """Return whether what is counted should be written now."""
        waited = time.monotonic() - self._since >= EVERY_SECONDS
        return bool(self._counts) and (waited or len(self._counts) >= AT_MOST)

    def write(self) -> None:
        """Write what is counted; what cannot be written now waits for the next time."""
        with self._lock:
            counts, self._counts, self._since = self._counts, Counter(), time.monotonic()
        try:
            with writing():
                for (text, found), times in counts.items():
                    demand.count(text, found=found, times=times)
                db.session.commit()
        except SQLAlchemyError as error:
            db.session.rollback()
            with self._lock:
                self._counts += counts
            log.warning("searches not counted yet", searches=counts.total(), error=str(error.__class__.__name__))


def register(app: Flask) -> None:
    """Give the application its tally, written after answers that are due to."""
    app.extensions["search_tally"] = Tally()

    @app.after_request
    def write_when_due(answer: Response) -> Response:
        tally = of_app()
        if tally.due():
            # After the answer has gone out: the request's own context is over by then.
            answer.call_on_close(lambda: _write(app))
        return answer


def of_app() -> Tally:
    """Return the running application's tally."""
    found: Tally = current_app.extensions["search_tally"]
    return found


def _write(app: Flask) -> None:
    with app.app_context():
        of_app().write()
