"""How the database is opened: SQLite in WAL mode through a build without its known fault, PostgreSQL as it comes.

SQLite before 3.51.3 can lose acknowledged commits in WAL mode; `pysqlite3` bundles a newer one, and where an older one
is linked the journal is kept in DELETE mode instead. A transaction that will write takes its lock at once: upgrading a
read lock under load fails immediately instead of waiting.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import sqlalchemy as sa
from flask import Flask, has_request_context, request
from werkzeug.routing import IntegerConverter, Map

try:
    from pysqlite3 import dbapi2 as sqlite
except ImportError:  # a platform without the wheel: the standard library's own, checked below
    from sqlite3 import dbapi2 as sqlite  # type: ignore[no-redef]

SAFE_WAL = ((3, 51, 3), (3, 50, 7), (3, 44, 6))
# The largest number that a key holds: PostgreSQL's INTEGER; of a larger one its driver makes an error, not an empty answer.
LARGEST_KEY = 2**31 - 1
_reading: ContextVar[bool] = ContextVar("reading", default=False)
_writing: ContextVar[bool] = ContextVar("writing", default=False)


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Return whether this SQLite keeps acknowledged commits in WAL mode."""
    if version >= (3, 52) or version >= SAFE_WAL[0]:
        return True
    return any(version[:2] == fixed[:2] and version >= fixed for fixed in SAFE_WAL)


@contextmanager
def writing() -> Iterator[None]:
    """Within the block new transactions take the write lock at once, even in a GET; end the one under way first."""
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


@contextmanager
def reading() -> Iterator[None]:
    """Within the block new transactions only read, so that on SQLite they wait for no writer."""
    token = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(token)


def engine_options(uri: str) -> dict[str, Any]:
    """Return SQLAlchemy's engine options for this database address."""
    if uri.startswith("sqlite"):
        return {"module": sqlite, "connect_args": {"timeout": 30}}
    return {"pool_pre_ping": True, "pool_size": 10, "max_overflow": 10}


def _writes() -> bool:
    if _writing.get() or _reading.get():
        return _writing.get()
    return not has_request_context() or request.method not in ("GET", "HEAD", "OPTIONS")


@sa.event.listens_for(sa.Engine, "connect")
def _prepare(connection: Any, _record: Any) -> None:
    if not isinstance(connection, sqlite.Connection):
        return
    connection.isolation_level = None
    safe = wal_is_safe(sqlite.sqlite_version_info)
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA busy_timeout=30000")
    cursor.execute(f"PRAGMA journal_mode={'WAL' if safe else 'DELETE'}")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA cache_size=-32000")
    cursor.close()


@sa.event.listens_for(sa.Engine, "begin")
def _begin(connection: sa.Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _writes() else "BEGIN")


def key_in(text: str | None) -> int | None:
    """Return the number that a text is, or None where it is none or no table can hold it."""
    if not text or not text.isascii() or not text.isdecimal() or len(text) > len(str(LARGEST_KEY)):
        return None
    return number if (number := int(text)) <= LARGEST_KEY else None


class KeyConverter(IntegerConverter):
    """A number in an address; one that no table can hold is nowhere."""

    def __init__(self, addresses: Map, **bounds: Any) -> None:
        super().__init__(addresses, **{"max": LARGEST_KEY, **bounds})


def register(app: Flask) -> None:
    """Set the engine options from the database's address, make the folder of a SQLite file, and bound keys in addresses."""
    app.url_map.converters["int"] = KeyConverter
    uri = app.config["SQLALCHEMY_DATABASE_URI"]
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(uri)
    if uri.startswith("sqlite:///"):
        app.config["DATA_FOLDER"].mkdir(parents=True, exist_ok=True)
