"""Secrets at rest: sealed in the row, in clear in the program, forgotten with another key."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from backoffice import sealing
from backoffice.extensions import db
from catalog.feeds.lifecycle import Credential
from catalog.feeds.models import Feed
from tests.factories.feeds import make_feed
from tests.factories.vendors import make_vendor


def _stored(feed: Feed) -> str:
    return str(db.session.scalar(sa.text("SELECT secret FROM vendor_feed WHERE id = :id").bindparams(id=feed.id)))


def test_the_row_holds_no_secret_in_clear_and_the_program_does(app: Flask) -> None:
    feed = make_feed(make_vendor(), credential=Credential.BASIC, credential_name="shop", secret="s3cr3t")
    assert _stored(feed).startswith(sealing.MARK)
    assert "s3cr3t" not in _stored(feed)
    db.session.expire_all()
    assert feed.secret == "s3cr3t"


def test_no_secret_is_stored_as_nothing(app: Flask) -> None:
    assert _stored(make_feed(make_vendor())) == ""


def test_the_same_secret_is_sealed_differently_each_time(app: Flask) -> None:
    assert sealing.seal("s3cr3t") != sealing.seal("s3cr3t")


@pytest.mark.parametrize("change", ["another key", "an altered row"])
def test_what_cannot_be_opened_counts_as_forgotten(app: Flask, monkeypatch: pytest.MonkeyPatch, change: str) -> None:
    sealed = sealing.seal("s3cr3t")
    assert sealing.opened(sealed) == "s3cr3t"
    if change == "another key":
        monkeypatch.setitem(app.config, "SECRET_KEY", "another key altogether, of thirty-two letters")
        monkeypatch.delitem(app.extensions, "seals")
    else:
        sealed = sealed[:-3] + "abc"
    assert sealing.opened(sealed) == ""
