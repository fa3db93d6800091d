"""Feeds of vendors, kept on a server of this machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_network
from typing import Any

from flask import Flask

from backoffice import jobs
from backoffice.extensions import db
from backoffice.vendors.models import Vendor
from catalog.feeds import keeping
from catalog.feeds.models import Feed
from tests.factories.web import Shop, opened

LOCAL = (ip_network("127.0.0.0/8"),)


@contextmanager
def shop_in_reach(app: Flask) -> Iterator[Shop]:
    """A server that the house may fetch from while the block lasts, under the address of this machine."""
    with opened() as shop:
        before = {name: app.config[name] for name in ("EGRESS_NETWORKS", "EGRESS_PORTS")}
        app.config.update(EGRESS_NETWORKS=LOCAL, EGRESS_PORTS=frozenset({80, 443, shop.port}))
        try:
            yield shop
        finally:
            app.config.update(before)


def make_feed(
    vendor: Vendor, address: str = "https://shop.example/sheets.csv", secret: str = "", **values: Any
) -> Feed:
    """Return a feed, as its form would add it."""
    feed = keeping.add(vendor, {"name": "Our sheets", "address": address, **values}, secret=secret, by=None)
    db.session.commit()
    return feed


def fetch_now(feed: Feed) -> None:
    """Fetch a feed and do every job that follows."""
    jobs.enqueue("catalog.fetch_feed", {"feed_id": feed.id})
    db.session.commit()
    jobs.drain()
    db.session.expire_all()
