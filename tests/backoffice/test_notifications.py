"""Mails: written in the transaction, sent by a job, to a folder or through a real SMTP server."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from flask import Flask

from backoffice import clock, jobs, notifications
from backoffice.clock import now
from backoffice.extensions import db
from backoffice.notifications import MailState, Notification, OutgoingMail, notify, send_mail
from tests.factories.accounts import make_user


class Mailbox:
    """What an SMTP server has taken; refuses everything while `closed`."""

    def __init__(self) -> None:
        self.taken: list[Any] = []
        self.closed = False

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 (the library's name)
        if self.closed:
            return "451 try again later"
        self.taken.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 taken"


class AnyPort(Controller):
    """A server on a port that the system chooses, known once it listens."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def mailbox(app: Flask) -> Iterator[Mailbox]:
    """A real SMTP server on this machine, which the house is told to use."""
    box = Mailbox()
    server = AnyPort(box, hostname="127.0.0.1", port=0)
    server.start()
    app.config["SMTP_URL"] = f"smtp://127.0.0.1:{server.port}"
    yield box
    app.config["SMTP_URL"] = ""
    server.stop(no_assert=True)


def write(**values: Any) -> OutgoingMail:
    given = {"locale": "fr", "url": "/reset/x", "name": "Zoé Façade", "minutes": 60, **values}
    mail = send_mail("zoe@house.example", "password_reset", **given)
    db.session.commit()
    return mail


def test_a_mail_reaches_a_real_server_whole(app: Flask, mailbox: Mailbox) -> None:
    mail = write()
    assert jobs.drain() == 1
    (message,) = mailbox.taken
    assert message["To"] == "zoe@house.example"
    assert "Comptoir" in message["From"]
    assert message["Message-ID"] == mail.message_id
    assert message["Auto-Submitted"] == "auto-generated"
    assert "Zoé Façade" in message.get_content()
    assert "http://localhost/reset/x" in message.get_content()
    assert (mail.state, mail.sent_at is not None) == (MailState.SENT, True)


def test_a_server_that_refuses_costs_time_and_no_second_copy(app: Flask, mailbox: Mailbox) -> None:
    mailbox.closed = True
    mail = write()
    assert jobs.drain() == 0
    assert mail.state == MailState.QUEUED
    mailbox.closed = False
    with clock.frozen(now() + timedelta(minutes=1)):
        assert jobs.drain() == 1
    notifications.deliver(mail.id)
    assert len(mailbox.taken) == 1


def test_a_server_that_is_away_is_tried_again(app: Flask) -> None:
    app.config["SMTP_URL"] = "smtp://127.0.0.1:9"
    try:
        mail = write()
        jobs.drain()
    finally:
        app.config["SMTP_URL"] = ""
    assert mail.state == MailState.QUEUED
    assert db.session.scalar(sa.select(jobs.Job.error)).startswith("ConnectionRefusedError")


def test_without_a_server_mails_are_files(app: Flask) -> None:
    mail = write()
    jobs.drain()
    path = Path(app.config["MAIL_FOLDER"]) / f"{mail.id:06d}.eml"
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert message["Subject"] == mail.subject
    assert "Zoé Façade" in message.get_content()


def test_a_transaction_taken_back_sends_nothing(app: Flask) -> None:
    send_mail("zoe@house.example", "password_reset", name="Zoé", minutes=60)
    db.session.rollback()
    assert jobs.drain() == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(OutgoingMail)) == 0


def test_a_mail_speaks_its_readers_language_whoever_caused_it(app: Flask) -> None:
    app.config["DEFAULT_LOCALE"] = "en"
    english = write(locale=None)
    assert english.subject == "Your new password for Comptoir"
    french = write(locale="fr")
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert write(locale="fr").subject == french.subject


def test_no_one_writes_headers_through_a_name(app: Flask) -> None:
    mail = send_mail(
        "zoe@house.example", "vendor_approved", locale="en", vendor="A\r\nBcc: all@house.example", reason=""
    )
    db.session.commit()
    assert "\n" not in mail.subject
    jobs.drain()
    path = Path(app.config["MAIL_FOLDER"]) / f"{mail.id:06d}.eml"
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert message["Bcc"] is None


def test_an_operators_name_with_a_comma_is_still_one_sender(app: Flask) -> None:
    app.config["OPERATOR_NAME"] = "Lamps, Chairs & Co"
    try:
        mail = write()
        jobs.drain()
    finally:
        app.config["OPERATOR_NAME"] = "Comptoir"
    path = Path(app.config["MAIL_FOLDER"]) / f"{mail.id:06d}.eml"
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert [sender.display_name for sender in message["From"].addresses] == ["Lamps, Chairs & Co"]


def test_the_text_of_a_mail_with_a_key_is_forgotten_once_it_left(app: Flask) -> None:
    kept, secret = write(), write(keep=False)
    jobs.drain()
    assert "reset/x" in kept.body
    assert secret.body == ""


def test_a_line_under_the_bell_and_its_mail_are_one_act(app: Flask) -> None:
    user = make_user()
    notify(user, "vendor_submitted", url="/vendors/1", mail=True, vendor="Alpha")
    db.session.commit()
    assert notifications.unread_count(user.id) == 1
    assert "Alpha" in db.session.scalar(sa.select(OutgoingMail.subject))


def test_lines_read_long_ago_are_forgotten(app: Flask) -> None:
    user = make_user()
    db.session.add_all(
        Notification(user_id=user.id, kind=kind, read_at=now() - timedelta(days=days))
        for kind, days in (("old", 91), ("new", 1))
    )
    db.session.add(Notification(user_id=user.id, kind="unread", created_at=now() - timedelta(days=400)))
    notifications.forget_old()
    db.session.commit()
    assert set(db.session.scalars(sa.select(Notification.kind))) == {"new", "unread"}
