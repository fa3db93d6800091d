"""Files sent to us: kept under their content's hash, named by nobody, given out as attachments."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from flask import Flask

from backoffice import files
from backoffice.extensions import db
from tests.factories.accounts import make_user


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("kbis.pdf", "kbis.pdf"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\system.ini", "system.ini"),
        ("/etc/cron.d/x", "x"),
        ("C:\\Users\\anna\\fiche.csv", "fiche.csv"),
        ("..", "file"),
        ("", "file"),
        (".htaccess", "htaccess"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"),
        ("nul\0.pdf", "nul.pdf"),
        ("\u202egpj.exe", "gpj.exe"),
        ("é" * 300 + ".pdf", "é" * 176 + ".pdf"),
    ],
)
def test_a_name_keeps_its_last_part_only(sent: str, kept: str) -> None:
    assert files.safe_name(sent) == kept


def test_the_same_bytes_are_kept_once_under_two_names(app: Flask) -> None:
    first = files.store(io.BytesIO(b"same"), "a.txt", by=make_user())
    second = files.store(io.BytesIO(b"same"), "b.txt")
    db.session.commit()
    assert first.path == second.path
    assert (first.size, second.name) == (4, "b.txt")
    assert first.path.read_bytes() == b"same"
    assert Path(app.config["FILES_FOLDER"]) in first.path.parents


def test_an_upload_that_breaks_off_leaves_nothing(app: Flask) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise ConnectionError("gone")

    folder = Path(app.config["FILES_FOLDER"])
    before = set(folder.rglob("*")) if folder.exists() else set()
    with pytest.raises(ConnectionError):
        files.store(Broken(), "a.txt")
    assert {path for path in folder.rglob("*") if path.is_file()} <= before
    assert not list(folder.glob(".partial-*"))


def test_a_file_is_given_out_as_something_no_browser_runs(app: Flask) -> None:
    row = files.store(io.BytesIO(b"<script>alert(1)</script>"), "évil.html", media_type="text/html")
    db.session.commit()
    with app.test_request_context("/"):
        answer = app.process_response(files.give_out(row))
        answer.direct_passthrough = False
        assert answer.data == b"<script>alert(1)</script>"
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
