"""The blueprint of accounts, and the way back to where a person came from."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint

bp = Blueprint("accounts", __name__)
HOME = "/"


def safe_next(address: str | None) -> str:
    """Return the address if it is a path of this house, else the home page; no one is led elsewhere by a link."""
    if not address or not address.startswith("/") or address.startswith("//"):
        return HOME
    if "\\" in address or any(ord(character) < 33 for character in address):
        return HOME
    parts = urlsplit(address)
    return address if not parts.scheme and not parts.netloc else HOME
