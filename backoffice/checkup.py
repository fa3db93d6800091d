"""What `flask check` looks at: settings, versions, reachability; one finding a line, with a remedy where it is wrong.

Packages above add their own to `app.extensions["checks"]`: functions without arguments that return findings.
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app

from backoffice.database import reading, sqlite, wal_is_safe
from backoffice.extensions import db, migrate
from backoffice.jobs import backlog
from config import DEVELOPMENT_SECRET

CONNECT_SECONDS = 3
# The version named in the README; older servers lack parts of the SQL we use.
OLDEST_POSTGRESQL = 15


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it is right, and the words."""

    name: str
    good: bool
    words: str


def findings() -> list[Finding]:
    """Return everything there is to say; a part that breaks is a finding, not an end. Only reads."""
    parts: list[Callable[[], Iterator[Finding]]] = [
        *(_settings, _versions, _database, _migrations, _jobs, _broker, _mail, _folders)
    ]
    with reading():
        found = [finding for part in parts for finding in _careful(part)]
        found += [Finding(*_answer(added)) for added in current_app.extensions.get("checks", [])]
        db.session.rollback()
    return found


def _careful(part: Callable[[], Iterator[Finding]]) -> list[Finding]:
    try:
        return list(part())
    except Exception as error:  # whatever breaks is what this command is for
        return [Finding(part.__name__.strip("_"), False, f"{type(error).__name__}: {_one_line(error)}")]


def _answer(added: Callable[[], tuple[str, bool, str]]) -> tuple[str, bool, str]:
    try:
        return added()
    except Exception as error:  # as above
        return getattr(added, "__name__", "check"), False, f"{type(error).__name__}: {_one_line(error)}"


def _one_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0][:200]


def _settings() -> Iterator[Finding]:
    settings = current_app.config
    profile = settings["COMPTOIR_PROFILE"]
    yield Finding("settings", True, f"profile {profile}, data in {settings['DATA_FOLDER']}")
    if profile == "production" and settings["SECRET_KEY"] == DEVELOPMENT_SECRET:
        yield Finding("secret", False, "SECRET_KEY is the one of development: set one of your own")
    if settings["COMPTOIR_PROFILE"] == "demo" and not settings["BASE_URL"].startswith(
        ("http://127.", "http://localhost")
    ):
        yield Finding("demo", False, "the demo profile, whose accounts everyone knows, serves a public address")


def _versions() -> Iterator[Finding]:
    python = ".".join(map(str, sys.version_info[:3]))
    yield Finding("python", sys.version_info >= (3, 11), f"{python} (3.11 or newer is needed)")
    safe = wal_is_safe(sqlite.sqlite_version_info)
    mode = "WAL is safe" if safe else "too old for WAL (fixed in 3.51.3), so the slower DELETE journal is used"
    yield Finding("sqlite", True, f"{sqlite.sqlite_version}: {mode}")


def _database() -> Iterator[Finding]:
    with db.engine.connect() as connection:
        name = db.engine.dialect.name
        if name == "postgresql":
            version = connection.scalar(sa.text("SHOW server_version_num"))
            yield Finding(
                "database", int(version) // 10_000 >= OLDEST_POSTGRESQL, f"PostgreSQL {int(version) // 10_000}"
            )
        else:
            mode = connection.scalar(sa.text("PRAGMA journal_mode"))
            fault = connection.scalar(sa.text("PRAGMA quick_check(1)"))
            yield Finding("database", fault == "ok", f"SQLite, journal {mode}, quick check {fault}")


def _migrations() -> Iterator[Finding]:
    with db.engine.connect() as connection:
        here = set(MigrationContext.configure(connection).get_current_heads())
    heads = set(ScriptDirectory(migrate.directory).get_heads())
    words = (
        "up to date" if here == heads else f"at {_heads(here)}, should be at {_heads(heads)}: run `flask db upgrade`"
    )
    yield Finding("migrations", here == heads and bool(heads), words)


def _heads(revisions: set[str]) -> str:
    return ", ".join(sorted(revisions)) or "nothing"


def _jobs() -> Iterator[Finding]:
    number, seconds = backlog()
    late = seconds > 10 * current_app.config["JOB_LEASE_SECONDS"]
    words = f"{number} due" + (f", the oldest for {seconds:.0f} s: is a worker running?" if late else "")
    yield Finding("jobs", not late, words)


def _broker() -> Iterator[Finding]:
    url = current_app.config["BROKER_URL"]
    if not url:
        yield Finding("broker", True, "none: jobs are carried inside the serving process")
        return
    yield _reached("broker", url, 5672)


def _mail() -> Iterator[Finding]:
    url = current_app.config["SMTP_URL"]
    if not url:
        yield Finding("mail", True, f"none: mails are written to {current_app.config['MAIL_FOLDER']}")
        return
    yield _reached("mail", url, 465 if url.startswith("smtps:") else 25)


def _reached(name: str, url: str, port: int) -> Finding:
    """Connect to the server of an address; its password is never shown."""
    parts = urlsplit(url)
    place = (parts.hostname or "localhost", parts.port or port)
    try:
        socket.create_connection(place, timeout=CONNECT_SECONDS).close()
    except OSError as error:
        return Finding(name, False, f"{place[0]}:{place[1]} does not answer ({error.strerror or error})")
    return Finding(name, True, f"{place[0]}:{place[1]} answers")


def _folders() -> Iterator[Finding]:
    for setting in ("DATA_FOLDER", "FILES_FOLDER", "SEARCH_PATH", "MAIL_FOLDER"):
        folder = Path(current_app.config[setting])
        existing = next(place for place in (folder, *folder.parents) if place.exists())
        good = existing.is_dir() and os.access(existing, os.W_OK)
        if not good:
            yield Finding("folders", False, f"{setting} {folder} cannot be written to")
            return
    yield Finding("folders", True, "can be written to")
