"""Telling people: a line under the bell, and a mail from an outbox table that a job empties.

Both are written in the transaction of what they tell about. Mails are rendered when written, in the recipient's
language, so that what was sent can be shown later; a stable Message-ID lets a mail server drop a repeated one.
"""

from __future__ import annotations

import secrets
import ssl
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from enum import StrEnum
from pathlib import Path
from smtplib import SMTP, SMTP_SSL
from typing import Any
from urllib.parse import unquote, urlsplit

import sqlalchemy as sa
from flask import current_app
from flask_babel import force_locale
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.clock import now
from backoffice.extensions import Json, UtcDateTime, db, state_type
from backoffice.jobs import enqueue, handler


class MailState(StrEnum):
    """Whether a mail has left."""

    QUEUED = "queued"
    SENT = "sent"


class Notification(db.Model):
    """One line under a user's bell; its words come from `backoffice.words` by kind, in the reader's language."""

    __tablename__ = "notification"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(60))
    params: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    url: Mapped[str] = mapped_column(sa.String(300), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class OutgoingMail(db.Model):
    """A mail as it will leave, or has left."""

    __tablename__ = "outgoing_mail"
    id: Mapped[int] = mapped_column(primary_key=True)
    recipient: Mapped[str] = mapped_column(sa.String(254))
    subject: Mapped[str] = mapped_column(sa.String(250))
    body: Mapped[str] = mapped_column(sa.Text)
    message_id: Mapped[str] = mapped_column(sa.String(250), unique=True)
    # A mail that carries a key (a link to join, to choose a password) is blanked here once it has left.
    keep_body: Mapped[bool] = mapped_column(default=True)
    state: Mapped[MailState] = mapped_column(state_type(MailState), default=MailState.QUEUED)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


def notify(user: Any, kind: str, *, url: str = "", mail: bool = False, **params: Any) -> None:
    """Put a line under the user's bell; with `mail`, also send `templates/mail/<kind>.txt` to the user."""
    db.session.add(Notification(user_id=user.id, kind=kind, params=params, url=url))
    if mail:
        send_mail(user.email, kind, locale=user.locale, url=url, **params)


def send_mail(
    recipient: str, template: str, *, locale: str | None = None, url: str = "", keep: bool = True, **params: Any
) -> OutgoingMail:
    """Write a mail into the outbox: `templates/mail/<template>.txt`, whose first line is the subject.

    `url` is a path of this house; the template gets it as a full address. Without `keep` the text is forgotten once
    it has left, because it carries a key.
    """
    settings = current_app.config
    # Not `render_template`: what is said to the recipient must not depend on who happens to be logged in, if anyone.
    page = current_app.jinja_env.get_template(f"mail/{template}.txt")
    with force_locale(locale or settings["DEFAULT_LOCALE"]):
        text = page.render(url=settings["BASE_URL"].rstrip("/") + url, operator=settings["OPERATOR_NAME"], **params)
    subject, _separator, body = text.strip().partition("\n")
    mail = OutgoingMail(
        recipient=recipient,
        subject=" ".join(subject.split())[:250],
        body=body.strip() + "\n",
        message_id=f"<{secrets.token_hex(12)}@{urlsplit(settings['BASE_URL']).hostname}>",
        keep_body=keep,
    )
    db.session.add(mail)
    db.session.flush()
    enqueue("notifications.send_mail", {"mail_id": mail.id}, unique_key=f"mail-{mail.id}")
    return mail


def unread_count(user_id: int) -> int:
    """Return how many lines under the user's bell were not read."""
    query = sa.select(sa.func.count()).where(Notification.user_id == user_id, Notification.read_at.is_(None))
    return db.session.scalar(query) or 0


@handler("notifications.send_mail", max_attempts=8)
def deliver(mail_id: int) -> None:
    """Send one mail of the outbox; one that has left is not sent again."""
    mail = db.session.get(OutgoingMail, mail_id)
    if mail is None or mail.state == MailState.SENT:
        return
    message = _as_message(mail)
    url = current_app.config["SMTP_URL"]
    if url:
        _send_smtp(url, message)
    else:
        _write_eml(Path(current_app.config["MAIL_FOLDER"]), mail.id, message)
    mail.state, mail.sent_at = MailState.SENT, now()
    if not mail.keep_body:
        mail.body = ""


def _as_message(mail: OutgoingMail) -> EmailMessage:
    message = EmailMessage()
    headers: Mapping[str, str | Address] = {
        "From": Address(current_app.config["OPERATOR_NAME"], addr_spec=current_app.config["MAIL_FROM"]),
        "To": mail.recipient,
        "Subject": mail.subject,
        "Date": format_datetime(mail.created_at),
        "Message-ID": mail.message_id,
        # RFC 3834: answers by machines are not wanted, so that two of them never talk for ever.
        "Auto-Submitted": "auto-generated",
    }
    for name, value in headers.items():
        message[name] = value
    message.set_content(mail.body)
    return message


def _send_smtp(url: str, message: EmailMessage) -> None:
    parts = urlsplit(url)
    host, port = parts.hostname or "localhost", parts.port or (465 if parts.scheme == "smtps" else 25)
    opened: SMTP = (
        SMTP_SSL(host, port, timeout=30, context=ssl.create_default_context())
        if parts.scheme == "smtps"
        else SMTP(host, port, timeout=30)
    )
    with opened as server:
        if parts.scheme == "smtp+starttls":
            server.starttls(context=ssl.create_default_context())
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)


def _write_eml(folder: Path, number: int, message: EmailMessage) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{number:06d}.eml").write_bytes(message.as_bytes())


@handler("notifications.forget", every=timedelta(days=1))
def forget_old() -> None:
    """Drop lines under the bell that were read more than 90 days ago."""
    db.session.execute(sa.delete(Notification).where(Notification.read_at < now() - timedelta(days=90)))
