"""Slowing guesses down: failed tries are counted in the database by key, so that every process sees the same count.

Keys name what is protected and by whom, such as "login:email:…" and "login:address:…". A row holds no password.
"""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from flask import request
from flask_babel import ngettext

from backoffice.accounts.models import LoginAttempt
from backoffice.clock import now
from backoffice.errors import TooManyRequests
from backoffice.extensions import db
from backoffice.jobs import handler

WINDOW = timedelta(minutes=15)
# A person who forgot mistypes a handful of times; a whole office may share one address.
LIMITS = {"email": 8, "address": 60}


def keys(purpose: str, email: str = "") -> list[str]:
    """Return the keys under which a try of this request counts."""
    found = [f"{purpose}:address:{request.remote_addr or '-'}"]
    return [f"{purpose}:email:{email.strip().lower()[:254]}", *found] if email else found


def check(tried: list[str]) -> None:
    """Raise TooManyRequests where any of these keys was tried too often lately."""
    moment = now()
    query = (
        sa.select(LoginAttempt.key, sa.func.count(), sa.func.min(LoginAttempt.at))
        .where(LoginAttempt.key.in_(tried), LoginAttempt.at > moment - WINDOW)
        .group_by(LoginAttempt.key)
    )
    for key, number, first in db.session.execute(query):
        if number >= LIMITS[key.split(":")[1]]:
            wait = max(1, int((first + WINDOW - moment).total_seconds()))
            said = ngettext(
                "Too many tries. Wait %(num)s minute, then try again.",
                "Too many tries. Wait %(num)s minutes, then try again.",
                -(-wait // 60),
            )
            raise TooManyRequests(said, retry_after=wait)


def count(tried: list[str]) -> list[int]:
    """Count one try under each key before it is made, and return the rows' ids; the caller commits at once."""
    rows = [LoginAttempt(key=key) for key in tried]
    db.session.add_all(rows)
    db.session.flush()
    return [row.id for row in rows]


def forget(tried: list[str], ids: list[int]) -> None:
    """Forget this try and those under the e-mail's key: its person has shown who they are."""
    own = [key for key in tried if key.split(":")[1] == "email"]
    query = sa.delete(LoginAttempt).where(sa.or_(LoginAttempt.id.in_(ids), LoginAttempt.key.in_(own)))
    db.session.execute(query, execution_options={"synchronize_session": False})


@handler("accounts.forget_attempts", every=timedelta(hours=1))
def forget_old() -> None:
    """Drop tries that no longer count."""
    db.session.execute(sa.delete(LoginAttempt).where(LoginAttempt.at < now() - WINDOW))
