"""The chain of migrations: up and down on the database under test, with data in it, ending where the models are."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import flask_migrate
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask

from app import create_app
from backoffice import jobs
from backoffice.extensions import db
from catalog.feeds.lifecycle import Credential
from catalog.feeds.models import Feed
from tests.conftest import database_url
from tests.factories.accounts import make_user
from tests.factories.catalog import import_rows, selling_vendor
from tests.factories.feeds import make_feed

VERSIONS = Path(__file__).resolve().parents[1] / "backoffice" / "migrations" / "versions"


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Flask]:
    """The application on a database without any table."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    environ = {
        "COMPTOIR_PROFILE": "test",
        "DATA_FOLDER": str(tmp_path),
        "DATABASE_URL": database_url(f"{worker}_migrations"),
        "DEFAULT_LOCALE": "en",
    }
    app = create_app(environ)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def test_the_chain_leads_up_to_the_models_and_keeps_their_data(bare: Flask) -> None:
    flask_migrate.upgrade()
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []
    make_user()
    import_rows(selling_vendor())
    rows = {table.name: _count(table) for table in db.metadata.sorted_tables}
    assert rows["listing"] == rows["user_account"] == 1
    db.session.remove()
    flask_migrate.upgrade()
    assert {table.name: _count(table) for table in db.metadata.sorted_tables} == rows


def test_the_chain_leads_down_again_with_data_in_the_tables(bare: Flask) -> None:
    flask_migrate.upgrade()
    make_user()
    import_rows(selling_vendor())
    jobs.enqueue("notifications.forget")
    db.session.commit()
    db.session.remove()
    flask_migrate.downgrade(revision="base")
    left = set(sa.inspect(db.engine).get_table_names()) - {"alembic_version"}
    assert left == set()


def test_a_password_that_stood_in_clear_is_sealed_on_the_way_up_and_clear_again_on_the_way_down(bare: Flask) -> None:
    flask_migrate.upgrade()
    vendor = selling_vendor()
    make_feed(vendor, credential=Credential.BASIC, credential_name="shop", secret="s3cr3t")
    db.session.remove()
    for revision, in_clear in (("0004", True), ("0005", False)):
        (flask_migrate.downgrade if in_clear else flask_migrate.upgrade)(revision=revision)
        with db.engine.connect() as connection:
            stored = connection.scalar(sa.text("SELECT secret FROM vendor_feed"))
        assert (stored == "s3cr3t") is in_clear
    assert db.session.scalars(sa.select(Feed.secret)).all() == ["s3cr3t"]


def test_revisions_are_one_numbered_chain() -> None:
    numbers = sorted(path.name[:4] for path in VERSIONS.glob("*.py"))
    assert numbers == [f"{number:04d}" for number in range(1, len(numbers) + 1)]


def _count(table: sa.Table) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
