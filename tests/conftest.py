"""The application under test: one a session on a database of its own, emptied between tests.

SQLite in a temporary folder by default; `TEST_DATABASE_URL` names a PostgreSQL server's database instead.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, g
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings

from app import create_app
from backoffice.extensions import db
from catalog.search import sync

# A machine that does something else as well is no fault of the code under test.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Under CI nothing may be skipped for want of a service: a skip mark becomes a failure."""
    if os.environ.get("CI") != "true":
        return
    for item in items:
        item.own_markers = [mark for mark in item.own_markers if mark.name not in ("skip", "skipif")]


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Under CI a test that skips itself has failed."""
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    if os.environ.get("CI") == "true" and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"skipped although CI=true: {report.longrepr}"


def database_url(worker: str) -> str:
    """Return the address of this test process's own database: empty for SQLite, else one made beside the named one."""
    base = os.environ.get("TEST_DATABASE_URL", "")
    if not base:
        return ""
    name = f"{sa.make_url(base).database}_{worker}"
    engine = sa.create_engine(base, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
        # A test's rows need not outlive the power.
        connection.execute(sa.text(f'ALTER DATABASE "{name}" SET synchronous_commit = off'))
    engine.dispose()
    return sa.make_url(base).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application, made once a session with all tables."""
    folder: Path = tmp_path_factory.mktemp("house")
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    environ = {
        "COMPTOIR_PROFILE": "test",
        "DATA_FOLDER": str(folder),
        "DATABASE_URL": database_url(worker),
        "BASE_URL": "http://localhost",
        "DEFAULT_LOCALE": "en",
    }
    app = create_app(environ, WTF_CSRF_ENABLED=False)
    # A test runs inside one application context, which its requests share: none may see the reader of the one before.
    app.before_request_funcs.setdefault(None, []).insert(0, _forget_earlier_request)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            sa.event.listen(db.engine, "connect", _as_tests_want_it)
            db.engine.dispose()
        db.create_all()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _as_tests_want_it(connection: Any, _record: Any) -> None:
    # A test's rows need not outlive the power: each commit waited 2 to 3 ms.
    connection.execute("PRAGMA synchronous=NORMAL")
    # PostgreSQL promises no order that was not asked for; here such rows come in the reverse of the usual one.
    connection.execute("PRAGMA reverse_unordered_selects=ON")


@pytest.fixture
def app(house: Flask) -> Iterator[Flask]:
    """The application with an empty database, inside its context."""
    with house.app_context():
        _empty()
        yield house
        db.session.rollback()
        db.session.remove()


def _forget_earlier_request() -> None:
    for name in list(g):
        g.pop(name)


def _empty() -> None:
    """Empty the tables that hold rows: asking all of them at once is much faster than emptying seventy."""
    filled = set(db.session.scalars(_filled()))
    # Rows are deleted, not tables truncated: TRUNCATE makes new files for each of them.
    if filled:
        postgresql = db.engine.dialect.name == "postgresql"
        unchecked = "SET LOCAL session_replication_role = replica" if postgresql else "PRAGMA defer_foreign_keys=ON"
        db.session.execute(sa.text(unchecked))
        for table in reversed(db.metadata.sorted_tables):
            if table.name in filled:
                db.session.execute(sa.delete(table))
    db.session.commit()
    indexed = [number for number, _version in sync.engine().versions()]
    if indexed:
        sync.engine().delete(indexed)


@cache
def _filled() -> sa.CompoundSelect[tuple[str]]:
    """Return the query for the names of the tables that hold rows."""
    tables = db.metadata.sorted_tables
    return sa.union_all(
        *(sa.select(sa.literal(table.name)).where(sa.exists(sa.select(1).select_from(table))) for table in tables)
    )


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that nobody is logged in with; reads English."""
    browser = app.test_client()
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return browser


@pytest.fixture
def queries(app: Flask) -> Iterator[list[str]]:
    """The statements sent to the database during the test, to find work done once a row."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    sa.event.remove(db.engine, "before_cursor_execute", note)
