"""The blueprint of the desks' own pages."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("desk", __name__)
