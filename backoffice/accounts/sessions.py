"""Server-side sessions: the cookie holds a random id, the table its hash, and a revoked row is logged out at once.

Flask's own signed cookie survives a logout when it was copied; this one does not. The Flask `session` stays in use for
flash messages and form tokens only.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import Flask, Request, Response, current_app, g, request

from backoffice.accounts.models import User, UserSession
from backoffice.clock import now
from backoffice.database import writing
from backoffice.extensions import db, login_manager

# A session's last-seen moment is written at most this often, so that reading pages does not write.
SEEN_EVERY = timedelta(minutes=5)


def digest_of(token: str) -> str:
    """Return the hash under which a random token is stored."""
    return hashlib.sha256(token.encode()).hexdigest()


def cookie_name() -> str:
    """Return the cookie's name; `__Host-` binds it to this host where cookies are secure."""
    return "__Host-comptoir" if current_app.config["SECURE_COOKIES"] else "comptoir"


def open_session(user: User) -> None:
    """Start a session for the user; the cookie is set on the answer to this request."""
    token = secrets.token_urlsafe(32)
    row = UserSession(digest=digest_of(token), user_id=user.id, user_agent=(request.user_agent.string or "")[:200])
    db.session.add(row)
    user.last_login_at = now()
    g.new_session_token = token


def close_session() -> None:
    """Revoke the session of this request and drop its cookie."""
    row = _row(request)
    if row is not None:
        row.revoked_at = now()
    if row is not None:
        g.new_session_token = ""


def close_all_sessions(user: User, *, but_this: bool = False) -> int:
    """Revoke every session of the user; returns how many."""
    query = sa.update(UserSession).where(UserSession.user_id == user.id, UserSession.revoked_at.is_(None))
    row = _row(request) if but_this else None
    if row is not None:
        query = query.where(UserSession.id != row.id)
    return int(db.session.execute(query.values(revoked_at=now())).rowcount)


def _row(incoming: Request) -> UserSession | None:
    token = incoming.cookies.get(cookie_name())
    if not token:
        return None
    return db.session.scalar(sa.select(UserSession).where(UserSession.digest == digest_of(token)))


def _load(incoming: Request) -> User | None:
    row = _row(incoming)
    moment = now()
    if row is None or row.revoked_at is not None or not row.user.active:
        return None
    if row.seen_at + timedelta(hours=current_app.config["SESSION_HOURS"]) < moment:
        return None
    if row.seen_at + SEEN_EVERY < moment:
        _note_seen(row.id, moment)
    return row.user


def _note_seen(session_id: int, moment: datetime) -> None:
    """Write when the session was last seen, in a transaction of its own: a GET's was opened for reading only."""
    db.session.rollback()
    with writing():
        db.session.execute(sa.update(UserSession).where(UserSession.id == session_id).values(seen_at=moment))
        db.session.commit()


def register(app: Flask) -> None:
    """Let Flask-Login find the user by our cookie, and set or drop the cookie on answers."""
    login_manager.request_loader(_load)

    @app.after_request
    def write_cookie(response: Response) -> Response:
        token = g.pop("new_session_token", None)
        if token:
            response.set_cookie(
                cookie_name(), token, httponly=True, samesite="Lax", secure=app.config["SECURE_COOKIES"], path="/"
            )
        elif token == "":
            response.delete_cookie(cookie_name(), path="/", secure=app.config["SECURE_COOKIES"])
        return response
