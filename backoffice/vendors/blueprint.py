"""The blueprint of vendors, on which the staff's, the vendor's and the public pages hang."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("vendors", __name__)
