"""The commands that other people's scripts rely on: output, exit status, sentences."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient

from backoffice import checkup, jobs
from backoffice.accounts.models import User
from backoffice.clock import now
from backoffice.extensions import db
from backoffice.notifications import OutgoingMail
from backoffice.permissions import Role
from backoffice.vendors.models import VendorStatus
from config import ROOT
from tests.factories.accounts import make_user
from tests.factories.vendors import make_vendor


def flask(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=list(arguments))


@pytest.mark.parametrize(
    "command", [("users", "create"), ("vendors", "list"), ("jobs", "status"), ("jobs", "work"), ("check",)]
)
def test_each_command_explains_itself(app: Flask, command: tuple[str, ...]) -> None:
    result = flask(app, *command, "--help")
    assert result.exit_code == 0
    assert "Usage:" in result.stdout


def test_the_first_administrator_comes_in_through_the_printed_link(app: Flask, client: FlaskClient) -> None:
    result = flask(app, "users", "create", "Anna@House.example", "--role", "administrator", "--locale", "en")
    assert result.exit_code == 0
    link = result.stdout.strip().splitlines()[-1]
    path = link.removeprefix("http://localhost")
    good = "lantern orbit 7 walnut"
    assert client.post(path, data={"name": "Anna", "password": good, "again": good}).status_code == 302
    assert client.get("/users").status_code == 200
    assert db.session.scalar(sa.select(OutgoingMail.recipient)) == "anna@house.example"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("anna", "--role", "mediator"), "not an e-mail address"),
        (("anna@house.example", "--role", "king"), "king"),
        (("anna@house.example",), "--role"),
        (("anna@house.example", "--role", "vendor_user"), "belongs to one vendor"),
        (("anna@house.example", "--role", "vendor_user", "--vendor", "nobody"), "no vendor with the code"),
        (("taken@house.example", "--role", "mediator"), "belongs to a user already"),
    ],
)
def test_wrong_usage_is_one_sentence_and_status_2(app: Flask, arguments: tuple[str, ...], sentence: str) -> None:
    make_user(email="taken@house.example")
    result = flask(app, "users", "create", *arguments)
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert "Traceback" not in result.stderr
    assert db.session.scalar(sa.select(sa.func.count()).select_from(User)) == 1


def test_a_vendors_user_is_created_for_their_vendor(app: Flask) -> None:
    vendor = make_vendor(code="alpha")
    flask(app, "users", "create", "b@house.example", "--role", "vendor_user", "--vendor", "alpha")
    assert db.session.scalar(sa.select(User.vendor_id)) == vendor.id


def test_vendors_are_listed_as_a_table_and_as_json(app: Flask) -> None:
    manager = make_user(Role.ACCOUNT_MANAGER, email="m@house.example")
    make_vendor(code="beta", name="Béta", account_manager_id=manager.id)
    make_vendor(code="alpha", status=VendorStatus.PROSPECT)
    table = flask(app, "vendors", "list").stdout.splitlines()
    assert table[0].split()[:3] == ["code", "name", "status"]
    assert [line.split()[0] for line in table[1:]] == ["alpha", "beta"]
    rows = json.loads(flask(app, "vendors", "list", "--json").stdout.splitlines()[-1])
    assert rows[1] | {"since": ""} == {
        "code": "beta",
        "name": "Béta",
        "status": "live",
        "since": "",
        "account_manager": "m@house.example",
    }
    assert len(json.loads(flask(app, "vendors", "list", "--json", "--status", "prospect").stdout)) == 1


def test_job_status_is_json_on_the_last_line(app: Flask) -> None:
    jobs.enqueue("accounts.forget_attempts", due_at=now() - timedelta(seconds=90))
    db.session.commit()
    status = json.loads(flask(app, "jobs", "status").stdout.splitlines()[-1])
    assert (status["waiting"], status["failed"], status["due"]) == (1, 0, 1)
    assert 85 < status["oldest_due_seconds"] < 200


def test_working_once_does_what_is_due_and_stops(app: Flask) -> None:
    jobs.enqueue("accounts.forget_attempts")
    jobs.enqueue("accounts.forget_attempts", due_at=now() + timedelta(hours=1))
    db.session.commit()
    result = flask(app, "jobs", "work", "--once")
    assert result.exit_code == 0
    assert json.loads(result.stdout.splitlines()[-1])["done"] >= 1
    assert jobs.backlog()[0] == 0
    assert jobs.status()["waiting"] == 1


def test_a_worker_ends_well_at_sigterm(tmp_path: Path) -> None:
    script = (
        "import app as house\n"
        "house.PACKAGES = ('backoffice.commands',)\n"
        "app = house.create_app()\n"
        "from backoffice.extensions import db\n"
        "with app.app_context():\n    db.create_all()\n"
        "app.cli.main(['jobs', 'work'], obj=__import__('flask').cli.ScriptInfo(create_app=lambda: app))\n"
    )
    environ = {"DATA_FOLDER": str(tmp_path), "PATH": "", "PYTHONPATH": str(ROOT), "COMPTOIR_PROFILE": "test"}
    worker = subprocess.Popen(
        [sys.executable, "-c", script], env=environ, cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert worker.stderr is not None
    line = worker.stderr.readline()
    while "working" not in line and worker.poll() is None:
        line = worker.stderr.readline()
    worker.send_signal(signal.SIGTERM)
    started = time.monotonic()
    _out, rest = worker.communicate(timeout=30)
    assert worker.returncode == 0, rest
    assert "stopped" in rest
    assert time.monotonic() - started < 20


# flask check


def finding(name: str) -> checkup.Finding:
    return next(found for found in checkup.findings() if found.name == name)


def test_check_prints_a_line_a_finding_and_exits_1_where_one_is_wrong(app: Flask) -> None:
    result = flask(app, "check")
    lines = result.stdout.splitlines()
    assert all(re.match(r"(ok   |WRONG) [a-z]+: \S", line) for line in lines)
    names = {line.split()[1].rstrip(":") for line in lines}
    assert {"settings", "python", "sqlite", "database", "migrations", "jobs", "broker", "mail", "folders"} <= names
    assert result.exit_code == int(any(line.startswith("WRONG") for line in lines))


@pytest.mark.parametrize("command", ["check", "serve"])
def test_wrong_settings_are_sentences_without_a_trace(tmp_path: Path, command: str) -> None:
    kept = {"PATH": os.environ["PATH"], "DATA_FOLDER": str(tmp_path), "COMPTOIR_PROFILE": "production"}
    ended = subprocess.run(
        [sys.executable, "-m", "flask", command], cwd=ROOT, env=kept, capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 1
    assert ended.stderr.startswith("Error: SECRET_KEY is missing: set it before starting in production.")
    assert "Traceback" not in ended.stderr


def test_check_says_when_the_tables_are_behind(app: Flask) -> None:
    """The tests' tables were made without migrations: none of the chain was run here."""
    found = finding("migrations")
    assert not found.good
    assert "flask db upgrade" in found.words


@pytest.mark.parametrize(
    ("setting", "name", "scheme"), [("SMTP_URL", "mail", "smtp"), ("BROKER_URL", "broker", "amqp")]
)
def test_check_reaches_the_servers_and_shows_no_password(app: Flask, setting: str, name: str, scheme: str) -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        port = server.getsockname()[1]
        app.config[setting] = f"{scheme}://user:secret@127.0.0.1:{port}"
        try:
            closed = finding(name)
            server.listen()
            opened = finding(name)
        finally:
            app.config[setting] = ""
    assert not closed.good
    assert opened.good
    assert "secret" not in closed.words + opened.words


def test_check_asks_what_other_packages_added_and_survives_what_breaks(app: Flask) -> None:
    def search() -> tuple[str, bool, str]:
        return "search", True, "embedded, 3 products"

    def broken() -> tuple[str, bool, str]:
        raise RuntimeError("out of order\nwith details")

    before = app.extensions.get("checks", [])
    app.extensions["checks"] = [search, broken]
    try:
        assert finding("search").words == "embedded, 3 products"
        assert finding("broken") == checkup.Finding("broken", False, "RuntimeError: out of order")
    finally:
        app.extensions["checks"] = before


def test_check_finds_a_folder_that_cannot_be_written(app: Flask, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    before = app.config["MAIL_FOLDER"]
    app.config["MAIL_FOLDER"] = blocked / "mail"
    try:
        assert not finding("folders").good
    finally:
        app.config["MAIL_FOLDER"] = before


def test_check_notices_that_nobody_works(app: Flask) -> None:
    assert finding("jobs").good
    jobs.enqueue("accounts.forget_attempts", due_at=now() - timedelta(hours=5))
    db.session.commit()
    assert "is a worker running?" in finding("jobs").words
