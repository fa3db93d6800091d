"""Server-side sessions: what the cookie is worth, and for how long."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from flask import Flask

from backoffice import clock
from backoffice.accounts import sessions
from backoffice.accounts.models import UserSession
from backoffice.clock import now
from backoffice.extensions import db
from tests.factories.accounts import login, make_user


def test_a_session_ends_after_hours_without_use_and_lives_with_use(app: Flask) -> None:
    browser = login(app, make_user())
    start = now()
    with clock.frozen(start + timedelta(hours=11)):
        assert browser.get("/profile").status_code == 200
    with clock.frozen(start + timedelta(hours=22)):
        assert browser.get("/profile").status_code == 200
    with clock.frozen(start + timedelta(hours=35)):
        assert browser.get("/profile").status_code == 302


def test_reading_pages_writes_the_last_visit_once_in_five_minutes(app: Flask, queries: list[str]) -> None:
    browser = login(app, make_user())
    with clock.frozen(now() + timedelta(minutes=6)):
        browser.get("/profile")
        queries.clear()
        browser.get("/profile")
    assert [statement for statement in queries if statement.startswith("UPDATE")] == []
    with clock.frozen(now() + timedelta(minutes=30)):
        browser.get("/profile")
    assert len([statement for statement in queries if statement.startswith("UPDATE user_session")]) == 1


def test_the_last_visit_is_written_under_the_write_lock_even_by_a_get(app: Flask, queries: list[str]) -> None:
    if db.engine.dialect.name != "sqlite":
        return
    browser = login(app, make_user())
    queries.clear()
    with clock.frozen(now() + timedelta(minutes=6)):
        browser.get("/profile")
    position = next(i for i, statement in enumerate(queries) if statement.startswith("UPDATE user_session"))
    begins = [statement for statement in queries[:position] if statement.startswith("BEGIN")]
    assert begins[-1] == "BEGIN IMMEDIATE"


def test_a_made_up_cookie_opens_nothing(app: Flask) -> None:
    browser = app.test_client()
    for value in ("", "x", "é" * 100, "0" * 10_000):
        browser.set_cookie("comptoir", value)
        assert browser.get("/profile").status_code == 302


def test_closing_all_sessions_counts_the_open_ones(app: Flask) -> None:
    user = make_user()
    login(app, user)
    login(app, user)
    with app.test_request_context():
        assert sessions.close_all_sessions(user) == 2
        assert sessions.close_all_sessions(user) == 0
    assert db.session.scalar(sa.select(sa.func.count()).where(UserSession.revoked_at.is_(None))) == 0


def test_the_cookie_is_hidden_from_scripts_and_other_sites(app: Flask) -> None:
    with app.test_request_context():
        sessions.open_session(make_user())
        db.session.commit()
        header = app.process_response(app.make_response("")).headers["Set-Cookie"]
    assert "HttpOnly" in header
    assert "SameSite=Lax" in header


def test_where_cookies_are_secure_their_name_binds_them_to_the_host(app: Flask) -> None:
    app.config["SECURE_COOKIES"] = True
    try:
        with app.test_request_context():
            sessions.open_session(make_user())
            header = app.process_response(app.make_response("")).headers["Set-Cookie"]
    finally:
        app.config["SECURE_COOKIES"] = False
    assert header.startswith("__Host-comptoir=")
    assert "Secure" in header
    assert "Path=/" in header
