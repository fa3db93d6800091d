"""`flask demo load`: the demo's marketplace in an empty database, once; the accounts printed at the end.

Promise: a load that came to its end is known by the last line of its history, and a second call changes nothing; a
database that holds anything else is left alone.
"""

from __future__ import annotations

import time
from typing import Any

import click
import flask_migrate
import sqlalchemy as sa
from flask import current_app
from flask.cli import AppGroup
from flask_babel import force_locale

from backoffice import audit, jobs, serving
from backoffice.accounts.models import User
from backoffice.database import reading
from backoffice.demo import people, timeline
from backoffice.extensions import db

demo = AppGroup("demo", help="The demo's marketplace.")
ADDRESS = "http://127.0.0.1:{port}"
_LOADED = "demo.load"


@demo.command("load")
@click.option(
    "--port", default=5000, show_default=True, envvar="PORT", help="Port named in the address that is printed."
)
@click.option("--serve", is_flag=True, help="Then serve it: one start of the house instead of two.")
def load(port: int, serve: bool) -> None:
    """Bring the demo's marketplace in; a second call changes nothing."""
    if current_app.config["COMPTOIR_PROFILE"] != "demo":
        raise _Refused(
            "The demo is loaded in the demo profile only: set COMPTOIR_PROFILE=demo and a DATA_FOLDER of its own."
        )
    if not _any(audit.AuditEvent, audit.AuditEvent.verb == _LOADED):
        if _any(User):
            folder = current_app.config["DATA_FOLDER"]
            raise _Refused(
                "This database holds something else, or half a demo after an interruption. "
                f"Remove {folder} or name another DATA_FOLDER, then load again."
            )
        flask_migrate.upgrade()
        _load()
    click.echo("\n".join(_accounts(port)))
    if serve:
        db.session.remove()
        serving.run(host="127.0.0.1", port=port)


class _Refused(click.ClickException):
    """Wrong usage: one sentence, exit status 2, no traceback."""

    exit_code = 2


def _any(table: Any, *conditions: sa.ColumnElement[bool]) -> bool:
    """Return whether the database has such a row; one that has no tables yet has none."""
    if not sa.inspect(db.engine).has_table(table.__tablename__):
        return False
    with reading():
        found = db.session.scalar(sa.select(sa.literal(True)).select_from(table).where(*conditions).limit(1))
        db.session.rollback()
    return bool(found)


def _load() -> None:
    started = time.monotonic()
    click.echo("Loading the demo's marketplace through the real pipeline; this takes about a minute…", err=True)
    calendar = timeline.calendar()
    with force_locale("fr"):
        sources: list[timeline.Source] = current_app.extensions["demo"]
        moments = [moment for source in sources for moment in source(calendar)]
        timeline.live(moments, calendar.today)
        if failed := jobs.status()["failed"]:
            raise click.ClickException(f"{failed} tasks of the demo failed; `flask jobs status` and the log say more.")
        administrator = people.find(people.ADMINISTRATOR)
        audit.record(_LOADED, administrator, by=administrator)
        db.session.commit()
    click.echo(f"{len(moments)} moments lived in {time.monotonic() - started:.0f} s.", err=True)


def _accounts(port: int) -> list[str]:
    password = current_app.config["DEMO_PASSWORD"]
    rows = [(person.email, password, person.does) for person in people.PEOPLE if person.shown]
    widths = [max(len(row[column]) for row in rows) for column in range(2)]
    table = [f"{email:<{widths[0]}}  {word:<{widths[1]}}  {does}" for email, word, does in rows]
    return [f"Comptoir's demo: {ADDRESS.format(port=port)}", "", *table]
