"""Uploaded files: kept in a folder under their content's hash, known by a row, given out only to those they are for.

A stored file's name on disk never comes from outside; the vendor's own name is kept as text only.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import IO

import sqlalchemy as sa
from flask import Response, current_app, send_file
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.clock import now
from backoffice.extensions import UtcDateTime, db


class StoredFile(db.Model):
    """A file someone sent: its name as sent, its size in bytes, its hash."""

    __tablename__ = "stored_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    media_type: Mapped[str] = mapped_column(sa.String(100), default="application/octet-stream")
    size: Mapped[int] = mapped_column(sa.BigInteger)
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    uploaded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    @property
    def path(self) -> Path:
        """Where the bytes are."""
        return Path(current_app.config["FILES_FOLDER"]) / self.sha256[:2] / self.sha256


def safe_name(name: str) -> str:
    """Return the last part of a sent file name, without folders of either kind, control characters or excess length."""
    last = PureWindowsPath(PurePosixPath(name).name).name
    printable = "".join(character for character in last if character.isprintable()).strip(". ")
    return printable[-180:] or "file"


def store(
    stream: IO[bytes], name: str, *, media_type: str = "application/octet-stream", by: object = None
) -> StoredFile:
    """Keep the stream's bytes and return their row, added to the session; the same bytes are kept once."""
    folder = Path(current_app.config["FILES_FOLDER"])
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / f".partial-{secrets.token_hex(8)}"
    digest, size = hashlib.sha256(), 0
    try:
        with partial.open("wb") as out:
            for block in _blocks(stream):
                out.write(block)
                digest.update(block)
                size += len(block)
            # The row that speaks of these bytes survives a power cut: so must they.
            out.flush()
            os.fsync(out.fileno())
        final = folder / digest.hexdigest()[:2] / digest.hexdigest()
        final.parent.mkdir(exist_ok=True)
        os.replace(partial, final)
    finally:
        partial.unlink(missing_ok=True)
    row = StoredFile(
        name=safe_name(name),
        media_type=media_type,
        size=size,
        sha256=digest.hexdigest(),
        uploaded_by_id=getattr(by, "id", None),
    )
    db.session.add(row)
    return row


def _blocks(stream: IO[bytes]) -> Iterator[bytes]:
    while block := stream.read(1 << 20):
        yield block


def give_out(row: StoredFile) -> Response:
    """Answer with the file as an attachment that no browser runs; whether the reader may have it is asked before."""
    response = send_file(row.path, as_attachment=True, download_name=row.name, mimetype="application/octet-stream")
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
