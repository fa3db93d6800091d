"""What people do with feeds: add one, change it, pause it, remove it, ask for it now.

Promise: every act is in the history with its author, and none of them shows a secret; a secret that was kept follows no
change of server, so that nobody can have it sent elsewhere. Not here: the fetching (`catalog.feeds.turns`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import joinedload

from backoffice import audit
from backoffice.clock import now
from backoffice.egress import FetchRefused, rules_of
from backoffice.egress.addresses import Target, leads_inside, read_address
from backoffice.errors import IllegalMove, Invalid
from backoffice.extensions import db
from backoffice.jobs import enqueue
from backoffice.vendors.models import Vendor
from catalog.feeds import words
from catalog.feeds.lifecycle import MOVES, Credential, FeedAction, FeedState, actions
from catalog.feeds.models import Feed, FeedFetch
from catalog.feeds.schedule import minute_of, next_turn

# What a person sets; the history tells a change of each but the secret.
SETTINGS = (
    "name", "address", "every", "hour", "weekday", "full_replacement", "clear_empty", "credential", "credential_name",
)  # fmt: skip


def add(vendor: Vendor, values: Mapping[str, Any], *, secret: str = "", by: Any) -> Feed:
    """Add a feed, fetched at its next turn; raises FetchRefused for an address that cannot be one, Invalid."""
    target = _asked(values["address"])
    given = {name: values[name] for name in SETTINGS if name in values}
    feed = Feed(vendor=vendor, next_at=now(), **{**given, "name": given.get("name") or target.host})
    db.session.add(feed)
    db.session.flush()
    feed.secret, feed.next_at = _secret(feed.credential, secret, words.secret_needed()), turn_of(feed)
    audit.record("feed.add", feed, by=by, changes={"address": (None, _told("address", feed.address))})
    return feed


def change(feed: Feed, values: Mapping[str, Any], *, secret: str = "", by: Any) -> None:
    """Change a feed's settings; without a secret the kept one stays, for the same server. Raises FetchRefused, Invalid."""
    moved = _asked(values["address"]).origin != _target(feed.address).origin
    before = {name: getattr(feed, name) for name in SETTINGS}
    for name in SETTINGS:
        setattr(feed, name, values.get(name, before[name]))
    feed.name = feed.name or _target(feed.address).host
    kept = "" if moved or feed.credential != before["credential"] else feed.secret
    lacking = words.secret_of_another() if feed.secret and not kept else words.secret_needed()
    feed.secret = _secret(feed.credential, secret or kept, lacking)
    if feed.address != before["address"]:
        feed.etag = feed.last_modified = feed.sha256 = ""
    feed.next_at = turn_of(feed)
    pairs = {name: (old, getattr(feed, name)) for name, old in before.items()}
    changed = {name: (_told(name, old), _told(name, new)) for name, (old, new) in pairs.items() if old != new}
    if secret:
        changed["secret"] = ("•••", "•••")
    audit.record("feed.change", feed, by=by, changes=changed)


def _asked(address: str) -> Target:
    """Return the parts of an address that a person gives; one whose number says that it leads inside is refused at once."""
    target = _target(address)
    if leads_inside(target, rules_of(current_app.config).networks):
        raise FetchRefused("not_public", host=target.host)
    return target


def _target(address: str) -> Target:
    return read_address(address, rules_of(current_app.config).ports)


def _secret(credential: Credential, secret: str, lacking: str) -> str:
    if credential == Credential.NONE:
        return ""
    if not secret:
        raise Invalid(lacking, details={"secret": lacking})
    return secret


def _told(name: str, value: Any) -> Any:
    """What follows the question mark of an address is often a key."""
    return str(value).partition("?")[0] if name == "address" else value


def turn_of(feed: Feed) -> Any:
    """Return the feed's next turn by its schedule."""
    return next_turn(
        feed.every,
        hour=feed.hour,
        weekday=feed.weekday,
        minute=minute_of(feed.id),
        after=now(),
        zone=current_app.config["TIMEZONE"],
    )


def act(feed: Feed, action: FeedAction, *, by: Any = None) -> None:
    """Change a feed's state by the table; raises IllegalMove naming what is possible instead."""
    before = feed.state
    after = MOVES.get((before, action))
    if after is None:
        raise IllegalMove(words.cannot(action, before), legal=[str(legal) for legal in actions(before)])
    feed.state = after
    if action == FeedAction.RESUME:
        feed.failures, feed.next_at = 0, turn_of(feed)
    if action == FeedAction.REMOVE:
        feed.secret, feed.credential, feed.credential_name = "", Credential.NONE, ""
    audit.record(f"feed.{action}", feed, by=by, changes={"state": (before, after)})


def ask(feed: Feed, *, by: Any) -> None:
    """Have the feed fetched as soon as a worker is free; asked twice within a minute, once."""
    if feed.state == FeedState.REMOVED:
        raise IllegalMove(words.removed_is_not_fetched(), legal=[str(legal) for legal in actions(feed.state)])
    moment = now()
    enqueue("catalog.fetch_feed", {"feed_id": feed.id}, unique_key=f"feed-{feed.id}-asked-{moment:%Y%m%d%H%M}")
    audit.record("feed.ask", feed, by=by)


def of_reader(user: Any) -> sa.Select[Any]:
    """Return the feeds that this user may see: staff all, a vendor's user those of the vendor."""
    query = sa.select(Feed).options(joinedload(Feed.vendor))
    return query if user.is_staff else query.where(Feed.vendor_id == user.vendor_id)


def fetches_of(feed: Feed) -> sa.Select[Any]:
    """Return the fetches of a feed with their imports."""
    return sa.select(FeedFetch).options(joinedload(FeedFetch.run)).where(FeedFetch.feed_id == feed.id)


def latest(feed_ids: list[int]) -> dict[int, FeedFetch]:
    """Return the last fetch of each feed."""
    newest = sa.select(sa.func.max(FeedFetch.id)).where(FeedFetch.feed_id.in_(feed_ids)).group_by(FeedFetch.feed_id)
    found = db.session.scalars(sa.select(FeedFetch).options(joinedload(FeedFetch.run)).where(FeedFetch.id.in_(newest)))
    return {fetch.feed_id: fetch for fetch in found}
