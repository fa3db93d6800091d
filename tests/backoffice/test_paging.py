"""Keyset paging: every row once, in order, whatever the address says."""

from __future__ import annotations

import base64
import json
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask

from backoffice.extensions import db
from backoffice.paging import Page, decode_key, encode_key, paginate
from backoffice.vendors.models import Vendor
from tests.factories.vendors import make_vendor

BY_NAME = [(Vendor.name, "asc"), (Vendor.id, "desc")]


def page(app: Flask, address: str, order: Any = BY_NAME, size: int = 3) -> Page:
    with app.test_request_context(address):
        return paginate(sa.select(Vendor), order=order, size=size)


def walk(app: Flask, address: str, order: Any, size: int) -> list[int]:
    """Follow the next links to the end."""
    seen: list[int] = []
    following: str | None = address
    while following and len(seen) < 100:
        found = page(app, following, order, size)
        seen += [vendor.id for vendor in found.items]
        following = found.next_url
    return seen


@pytest.mark.parametrize("size", [1, 2, 3, 7, 50])
@pytest.mark.parametrize(
    "order",
    [BY_NAME, [(Vendor.created_at, "desc"), (Vendor.id, "asc")], [(Vendor.status, "asc"), (Vendor.id, "asc")]],
)
def test_walking_meets_every_row_once_in_order(app: Flask, order: Any, size: int) -> None:
    for name in "abbbac":
        make_vendor(name=name, created_at=datetime(2026, 1, ord(name) % 28, 12, 0, 0, 7, tzinfo=UTC))
    columns = [column.desc() if way == "desc" else column.asc() for column, way in order]
    expected = list(db.session.scalars(sa.select(Vendor.id).order_by(*columns)))
    assert walk(app, "/vendors", order, size) == expected


def test_neighbours_keep_the_filters_and_the_first_page_has_no_previous(app: Flask) -> None:
    for _ in range(5):
        make_vendor()
    first = page(app, "/vendors?status=live&text=a%26b&text=c")
    assert first.previous_url is None
    query = parse_qs(urlsplit(first.next_url or "").query)
    assert (query["status"], query["text"]) == (["live"], ["a&b", "c"])
    second = page(app, first.next_url or "")
    assert second.next_url is None
    assert "after" not in (second.previous_url or "")


@pytest.mark.parametrize(
    "address", ["/vendors/7?vendor_id=9", "/vendors?_external=1&endpoint=x&_method=POST", "/a b/é?q=é"]
)
def test_no_parameter_of_the_address_breaks_the_links(app: Flask, address: str) -> None:
    for _ in range(5):
        make_vendor()
    following = page(app, address).next_url or ""
    assert following.startswith("/")
    assert parse_qs(urlsplit(following).query).keys() > parse_qs(urlsplit(address).query).keys()


def forged(values: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "token",
    [
        "x",
        "%00",
        "é",
        forged({"a": 1}),
        forged([]),
        forged([["v", "a"]]),
        forged([["v", {"a": 1}], ["v", 1]]),
        forged([["v", 1], ["v", "a"]]),
        forged([["t", "2026-01-01"], ["v", 1]]),
        forged([["z", "a"], ["v", 1]]),
        forged([["v", "a"], ["v", 10**30]]),
        forged([["v", "a"], ["v", True]]),
        forged([["v", "a\0"], ["v", 1]]),
        forged([["v", None], ["v", None]]),
    ],
)
def test_a_token_made_up_by_hand_shows_the_first_page(app: Flask, token: str) -> None:
    for _ in range(4):
        make_vendor()
    assert len(page(app, f"/vendors?after={token}").items) == 3


def test_tokens_give_back_what_went_in() -> None:
    values = ["é", 3, datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC), date(2026, 1, 2)]
    assert decode_key(encode_key(values)) == values
