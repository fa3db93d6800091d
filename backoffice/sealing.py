"""Secrets that must be known again in clear (a feed's password), kept sealed in the database.

Promise: who reads the database alone, or a copy of it, reads no secret. The key is derived from SECRET_KEY: with another
one the secret counts as forgotten, and whoever needs it is told that it must be given again. Not here: passwords of
people, which are hashed (`accounts.passwords`), and API keys (`api.tokens`).
"""

from __future__ import annotations

import base64
from typing import Any

import sqlalchemy as sa
import structlog
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

log = structlog.get_logger(__name__)
MARK = "sealed:"
# So that a token made for another purpose with the same key opens nothing here.
_PURPOSE = b"comptoir secrets at rest"


class Sealed(sa.types.TypeDecorator[str]):
    """A text column whose values are sealed on their way in and opened on their way out; an empty one stays empty."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Any) -> str | None:
        """Return the value as it is stored."""
        return seal(value) if value else value

    def process_result_value(self, value: str | None, _dialect: Any) -> str | None:
        """Return the value in clear; empty where it cannot be opened."""
        return opened(value) if value else value


def seal(secret: str) -> str:
    """Return the secret sealed, different each time."""
    return MARK + _seals().encrypt(secret.encode()).decode()


def opened(stored: str) -> str:
    """Return what was sealed; empty where it was sealed with another SECRET_KEY or was altered."""
    try:
        return _seals().decrypt(stored.removeprefix(MARK).encode()).decode()
    except InvalidToken:
        log.warning("a sealed secret cannot be opened: SECRET_KEY is another one, or the row was altered")
        return ""


def _seals() -> Fernet:
    known: Fernet | None = current_app.extensions.get("seals")
    if known is None:
        derived = HKDF(SHA256(), 32, salt=None, info=_PURPOSE).derive(current_app.config["SECRET_KEY"].encode())
        known = current_app.extensions["seals"] = Fernet(base64.urlsafe_b64encode(derived))
    return known
