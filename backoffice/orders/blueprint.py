"""The blueprint of orders, on which its pages hang."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("orders", __name__)
