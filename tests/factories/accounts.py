"""Users of every role, and browsers logged in as them."""

from __future__ import annotations

from itertools import count

from flask import Flask
from flask.testing import FlaskClient

from backoffice.accounts.models import User, UserSession
from backoffice.accounts.sessions import cookie_name, digest_of
from backoffice.extensions import db
from backoffice.permissions import Role

_numbers = count(1)


def make_user(role: Role = Role.ADMINISTRATOR, **values: object) -> User:
    """Return a stored user of this role."""
    number = next(_numbers)
    given = {
        "email": f"{role}-{number}@house.example",
        "name": f"{role.replace('_', ' ').title()} {number}",
        "locale": "en",
    }
    user = User(role=role, **{**given, **values})
    db.session.add(user)
    db.session.commit()
    return user


def login(app: Flask, user: User) -> FlaskClient:
    """Return a browser in which the user is logged in, without the cost of a password hash."""
    token = f"token-{user.id}-{next(_numbers)}"
    db.session.add(UserSession(digest=digest_of(token), user_id=user.id))
    db.session.commit()
    browser = app.test_client()
    browser.set_cookie(cookie_name(), token)
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return browser
