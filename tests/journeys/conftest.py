"""The demo marketplace, loaded once for all the tests that look at it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from backoffice.extensions import db

PASSWORD = "herbes-de-la-garrigue"


def demo_app(folder: Path, **environ: str) -> Flask:
    return create_app({"COMPTOIR_PROFILE": "demo", "DATA_FOLDER": str(folder), **environ}, WTF_CSRF_ENABLED=False)


@pytest.fixture(scope="package")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, str]]:
    """The demo's application after `flask demo load`, and what the command printed."""
    app = demo_app(tmp_path_factory.mktemp("demo"), DEMO_PASSWORD=PASSWORD)
    result = app.test_cli_runner().invoke(args=["demo", "load"])
    assert result.exit_code == 0, result.output
    yield app, result.stdout
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def demo(loaded: tuple[Flask, str]) -> Iterator[Flask]:
    """The loaded application, inside its context."""
    with loaded[0].app_context():
        yield loaded[0]
        db.session.rollback()
        db.session.remove()
