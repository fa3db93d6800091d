"""Figures as a reader meets them, in the reader's language."""

from __future__ import annotations

from flask import Flask
from flask_babel import force_locale

from backoffice import formatting


def test_the_sign_of_a_percentage_stays_with_its_number(app: Flask) -> None:
    with app.test_request_context(), force_locale("fr"):
        assert formatting.percent(0.966) == "96,6\u00a0%"
    with app.test_request_context(), force_locale("en"):
        assert formatting.percent(0.966) == "96.6%"
