"""A POST that is sent twice is done once: with an `Idempotency-Key`, the second is answered as the first was.

    claim (committed: in flight) ─► effect + answer in ONE transaction, fenced by owner ─► replayed for KEPT
    same key, other request → 422 · same key, still in flight → 409 · a claim whose process died is free after LEASE

A request that failed leaves no key behind, so that a corrected body may use it again.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Any

import sqlalchemy as sa
from flask import request
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from backoffice.api import caller
from backoffice.api.models import IdempotencyKey
from backoffice.clock import now
from backoffice.errors import Conflict, Invalid
from backoffice.extensions import db
from backoffice.jobs import handler

# Longer than any request runs; a claim older than this belongs to a process that died.
LEASE = timedelta(minutes=3)
# Storefronts repeat what failed within hours; two days cover a weekend's maintenance.
KEPT = timedelta(days=2)

Answer = tuple[dict[str, Any], int]
View = Callable[..., Answer]


@dataclass(frozen=True, slots=True)
class _Claim:
    id: int
    owner: str


def once(view: View) -> Callable[..., Any]:
    """Commit what the view did; with an Idempotency-Key, do it once and repeat its answer. The view returns
    (plain JSON object, status)."""

    @wraps(view)
    def run(*arguments: Any, **named: Any) -> Any:
        key = request.headers.get("Idempotency-Key", "").strip()
        if not key:
            answer = view(*arguments, **named)
            db.session.commit()
            return answer
        if len(key) > 200 or not key.isprintable():
            raise Invalid(_("An Idempotency-Key has at most 200 printable characters."))
        claim = _claim(caller.current().token_id, key, _print_of_request())
        if not isinstance(claim, _Claim):
            return (*claim, {"Idempotency-Replayed": "true"})
        try:
            answer = view(*arguments, **named)
            _keep(claim, *answer)
            db.session.commit()
        except BaseException:
            _release(claim)
            raise
        return answer

    return run


def _print_of_request() -> str:
    """Return a print of method, address and body; files count by their bytes, not by how the form was packed."""
    digest = hashlib.sha256(f"{request.method} {request.full_path}\n".encode())
    if not request.files and not request.form:
        digest.update(request.get_data(cache=True))
    for name, text in sorted(request.form.items(multi=True)):
        digest.update(f"{name}={text}\n".encode())
    for name, sent in sorted(request.files.items(multi=True), key=lambda pair: (pair[0], pair[1].filename or "")):
        digest.update(f"{name}:{sent.filename}\n".encode())
        while block := sent.stream.read(1 << 20):
            digest.update(block)
        sent.stream.seek(0)
    return digest.hexdigest()


def _claim(token_id: int, key: str, request_hash: str) -> _Claim | Answer:
    """Take the key for this request, or return the answer it had; raises Invalid or Conflict."""
    own = IdempotencyKey.token_id == token_id, IdempotencyKey.key == key
    row = db.session.scalar(sa.select(IdempotencyKey).where(*own))
    owner, lease = secrets.token_hex(16), now() + LEASE
    if row is None:
        row = IdempotencyKey(token_id=token_id, key=key, request_hash=request_hash, owner=owner, lease_until=lease)
        db.session.add(row)
        try:
            db.session.commit()
        except IntegrityError:
            raise _in_flight() from None
        return _Claim(row.id, owner)
    if row.request_hash != request_hash:
        raise Invalid(_("This Idempotency-Key was sent before with another request."))
    if row.status_code is not None:
        return dict(row.answer or {}), row.status_code
    if row.lease_until > now():
        raise _in_flight()
    held = IdempotencyKey.id == row.id, IdempotencyKey.owner == row.owner
    taken = _update(held, {"owner": owner, "lease_until": lease})
    db.session.commit()
    if not taken:
        raise _in_flight()
    return _Claim(row.id, owner)


def _in_flight() -> Conflict:
    return Conflict(_("A request with this Idempotency-Key is being worked on. Try again in a moment."))


def _update(where: Any, values: dict[str, Any]) -> bool:
    query = sa.update(IdempotencyKey).where(*where).values(**values)
    return bool(db.session.execute(query, execution_options={"synchronize_session": False}).rowcount)


def _keep(claim: _Claim, body: dict[str, Any], status: int) -> None:
    """Write the answer beside the effect; a claim that another process took over meanwhile undoes both."""
    held = IdempotencyKey.id == claim.id, IdempotencyKey.owner == claim.owner
    if not _update(held, {"answer": body, "status_code": status}):
        raise _in_flight()


def _release(claim: _Claim) -> None:
    db.session.rollback()
    held = IdempotencyKey.id == claim.id, IdempotencyKey.owner == claim.owner
    query = sa.delete(IdempotencyKey).where(*held)
    db.session.execute(query, execution_options={"synchronize_session": False})
    db.session.commit()


@handler("api.forget_keys", every=timedelta(hours=1))
def forget_keys() -> None:
    """Drop keys that are too old to be repeated."""
    query = sa.delete(IdempotencyKey).where(IdempotencyKey.created_at < now() - KEPT)
    db.session.execute(query, execution_options={"synchronize_session": False})
