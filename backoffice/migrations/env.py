"""How Alembic reaches the house's database: the application's own engine, one chain for SQLite and PostgreSQL."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from flask import current_app
from sqlalchemy.dialects import postgresql, sqlite

from backoffice.extensions import BigKey, Json, UtcDateTime, db


def render_item(kind: str, thing: Any, _context: Any) -> str | Literal[False]:
    """Write the house's own column types by their names, so that a migration reads as the models do."""
    if kind == "type":
        if isinstance(thing, UtcDateTime):
            return "UtcDateTime()"
        for name, own in (("Json", Json), ("BigKey", BigKey)):
            if isinstance(thing, type(own)) and _compiled(thing) == _compiled(own):
                return name
    return False


def _compiled(thing: Any) -> tuple[str, str]:
    return thing.compile(dialect=sqlite.dialect()), thing.compile(dialect=postgresql.dialect())


OPTIONS: dict[str, Any] = {
    "target_metadata": db.metadata,
    "render_as_batch": True,
    "compare_type": True,
    "render_item": render_item,
}


def run_offline() -> None:
    """Write the statements as text instead of running them."""
    url = db.engine.url.render_as_string(hide_password=False)
    context.configure(url=url, literal_binds=True, **OPTIONS)
    with context.begin_transaction():
        context.run_migrations()


def run_online() -> None:
    """Run the migrations on the house's database; SQLite's keys are off while tables are made anew."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        context.configure(connection=connection, **OPTIONS)
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


assert current_app, "migrations run through `flask db`, inside the application"
if context.is_offline_mode():
    run_offline()
else:
    run_online()
