"""Programs that call the API."""

from __future__ import annotations

from itertools import count
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from backoffice.accounts import tokens
from backoffice.extensions import db
from backoffice.vendors.models import Vendor
from tests.factories.accounts import make_user

_numbers = count(1)


class Program:
    """A program with a key: the operator's, or one vendor's."""

    def __init__(self, app: Flask, vendor: Vendor | None = None, *, language: str = "en") -> None:
        self._language = language
        key = vendor.id if vendor is not None else None
        self.token, self.secret = tokens.create(f"program {next(_numbers)}", by=make_user(), vendor_id=key)
        db.session.commit()
        self._client: FlaskClient = app.test_client()

    def ask(self, method: str, path: str, *, key: str = "", **request: Any) -> TestResponse:
        """Send a request under /api/v1, with an Idempotency-Key where one is given."""
        headers = {"Authorization": f"Bearer {self.secret}", "Accept-Language": self._language}
        headers |= {"Idempotency-Key": key} if key else {}
        return self._client.open(f"/api/v1{path}", method=method, headers=headers, **request)

    def get(self, path: str, **request: Any) -> TestResponse:
        """Read."""
        return self.ask("GET", path, **request)

    def post(self, path: str, **request: Any) -> TestResponse:
        """Write."""
        return self.ask("POST", path, **request)


def basket(*vendors: Vendor, number: str = "CMD-1", **values: Any) -> dict[str, Any]:
    """Return a basket as a storefront sends it: one article at 20 € of each vendor."""
    lines = [
        {"vendor": vendor.code, "sku": f"SKU-{place}", "title": "A lamp", "quantity": 1, "amount_minor": 2000}
        for place, vendor in enumerate(vendors, start=1)
    ]
    return {
        "basket": number,
        "ordered_at": "2026-11-20T10:00:00+01:00",
        "buyer": {"email": "alix@buyer.example", "name": "Alix Martin", "locale": "en"},
        "lines": lines,
        **values,
    }
