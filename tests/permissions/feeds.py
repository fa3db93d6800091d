"""Who gets what from the pages of feeds: a vendor's user its own, staff by permission."""

from __future__ import annotations

from typing import Any

from tests.factories.feeds import make_feed
from tests.permissions.table import EVERYONE, Row

IMPORTERS = ("administrator", "account_manager", "content_editor", "vendor_owner", "vendor_stranger")
OWN = tuple(persona for persona in IMPORTERS if persona != "vendor_stranger")
SETTINGS = {"every": "day", "hour": "4", "weekday": "0", "credential": "none", "empty_cells": "keep"}


def extend(world: Any) -> None:
    """Add a feed of the owner's vendor."""
    world.feed = make_feed(world.vendor)


def _feed(world: Any) -> dict[str, Any]:
    return {"feed_id": world.feed.id}


def _form(world: Any) -> dict[str, Any]:
    return {**SETTINGS, "vendor": str(world.vendor.id), "address": "https://shop.example/sheets.csv"}


ROWS = [
    Row("feeds.index", allowed=IMPORTERS),
    Row("feeds.export", allowed=IMPORTERS),
    Row("feeds.new", allowed=IMPORTERS),
    Row("feeds.new", "POST", IMPORTERS, 302, data=_form),
    Row("feeds.show", allowed=OWN, values=_feed),
    Row("feeds.export_fetches", allowed=OWN, values=_feed),
    Row("feeds.edit", allowed=OWN, values=_feed),
    Row("feeds.edit", "POST", OWN, 302, values=_feed, data=_form),
    Row("feeds.fetch_now", "POST", OWN, 302, values=_feed),
    Row("feeds.act", "POST", OWN, None, values=_feed, data=lambda _world: {"action": "pause"}),
    Row("api_feeds.list_feeds", allowed=EVERYONE, status=401),
    Row("api_feeds.add_feed", "POST", EVERYONE, 401, json=True),
    Row("api_feeds.fetch_feed_now", "POST", EVERYONE, 401, values=lambda _world: {"feed_id": 1}),
]
