"""The blueprint on which every page of disputes hangs."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("disputes", __name__)
