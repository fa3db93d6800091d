"""The turns of feeds: opened by the schedule, fetched under the guard, imported, followed to the end of the import.

Promise: no lock of the database is held while a server is waited for; a turn that is killed is begun again and writes
once; the same content is imported once, whoever asked. Not here: what a person decides (`catalog.feeds.keeping`).
"""

from __future__ import annotations

import base64
import tempfile
import time
from datetime import timedelta
from typing import IO, Any

import sqlalchemy as sa
from flask import current_app

from backoffice.clock import now
from backoffice.database import reading
from backoffice.egress import Answer, FetchRefused, Limits, Wanted, fetch, rules_of
from backoffice.egress.addresses import read_address
from backoffice.extensions import db
from backoffice.jobs import enqueue, handler
from backoffice.notifications import notify
from backoffice.vendors.messages import managers_of, users_of
from backoffice.vendors.models import Vendor, VendorStatus
from catalog import pipeline, uploads
from catalog.feeds import keeping
from catalog.feeds.lifecycle import Credential, FeedAction, FeedState, FetchOutcome
from catalog.feeds.models import Feed, FeedFetch
from catalog.feeds.schedule import MOST_FAILURES, retry
from catalog.models import Import, ImportStatus

# A file of 200 MB over a slow line takes minutes; a job may take 25 (`backoffice.jobs.LONGEST_JOB`).
FETCH_SECONDS = 900
WAIT_SECONDS = 60
# Feeds whose turns are opened at once.
OPENED = 500
# What a server answers in place of a file: a page to log in, a picture, a film.
NOT_SHEETS = ("text/html", "image/", "video/", "audio/", "application/pdf")
# Vendors who are gone send nothing more.
GONE = (VendorStatus.TERMINATED, VendorStatus.REJECTED)
RUNNING = (ImportStatus.UPLOADED, ImportStatus.READING, ImportStatus.RUNNING, ImportStatus.AWAITING_CONFIRMATION)
# What an import of a feed asks of a person, by where it stands: the kind of notification.
ASKS = {ImportStatus.UPLOADED: "feed_columns", ImportStatus.AWAITING_CONFIRMATION: "feed_withdraws"}


@handler("catalog.open_feeds", every=timedelta(minutes=5))
def open_turns() -> None:
    """Open the due turns, each once, and follow the imports of earlier ones."""
    due = sa.select(Feed).join(Feed.vendor).where(Feed.state == FeedState.ACTIVE, Feed.next_at <= now())
    for feed in db.session.scalars(due.where(Vendor.status.not_in(GONE)).order_by(Feed.next_at).limit(OPENED)):
        enqueue("catalog.fetch_feed", {"feed_id": feed.id}, unique_key=f"feed-{feed.id}@{feed.next_at.isoformat()}")
        feed.next_at = keeping.turn_of(feed)
    for fetched in db.session.scalars(sa.select(FeedFetch).where(~FeedFetch.told)):
        _follow(fetched)


@handler("catalog.fetch_feed", max_attempts=3)
def fetch_feed(feed_id: int) -> None:
    """Fetch a feed and import what is new in it; a failure is written down and counted, not raised."""
    with reading():
        feed = db.session.get(Feed, feed_id)
        if feed is None or feed.state == FeedState.REMOVED:
            return
        wanted, secret_lost = wanted_of(feed), feed.credential != Credential.NONE and not feed.secret
        db.session.rollback()
    started, begun = now(), time.monotonic()
    settings = current_app.config
    limits = Limits(settings["MAX_CONTENT_LENGTH"], read_seconds=WAIT_SECONDS, total_seconds=FETCH_SECONDS)
    with tempfile.TemporaryFile(dir=settings["DATA_FOLDER"]) as content:
        try:
            if secret_lost:
                raise FetchRefused("secret_lost")
            found: Answer | FetchRefused = fetch(wanted, content, rules=rules_of(settings), limits=limits)
        except FetchRefused as refused:
            found = refused
        content.seek(0)
        feed = db.session.get_one(Feed, feed_id, with_for_update=True)
        fetched = FeedFetch(feed=feed, started_at=started, seconds=round(time.monotonic() - begun, 2), told=True)
        _take(feed, fetched, found, content)
        db.session.add(fetched)


def wanted_of(feed: Feed) -> Wanted:
    """Return what is asked of the feed's server: only what changed since, with the vendor's credential."""
    known = {"If-None-Match": feed.etag, "If-Modified-Since": feed.last_modified}
    headers = {"Accept": "*/*", **{name: value for name, value in known.items() if value}}
    secrets: dict[str, str] = {}
    if feed.credential == Credential.BASIC:
        pair = base64.b64encode(f"{feed.credential_name}:{feed.secret}".encode()).decode()
        secrets["Authorization"] = f"Basic {pair}"
    elif feed.credential == Credential.HEADER:
        secrets[feed.credential_name] = feed.secret
    return Wanted(feed.address, headers, secrets, accepts=lambda kind: not kind.startswith(NOT_SHEETS))


def _take(feed: Feed, fetched: FeedFetch, found: Answer | FetchRefused, content: IO[bytes]) -> None:
    """Write down what a fetch brought, and import what is new."""
    if isinstance(found, FetchRefused):
        _fail(feed, fetched, found.code, found.params)
        return
    fetched.size = found.size
    if not found.unchanged and found.sha256 != feed.sha256 and _busy(feed):
        # Nothing of this answer is remembered: the next turn fetches it again.
        fetched.outcome = FetchOutcome.BUSY
        return
    if found.unchanged or found.sha256 == feed.sha256:
        fetched.outcome, feed.failures = FetchOutcome.UNCHANGED, 0
        feed.etag, feed.last_modified = found.etag or feed.etag, found.last_modified or feed.last_modified
        return
    feed.etag, feed.last_modified, feed.sha256 = found.etag, found.last_modified, found.sha256
    _import(feed, fetched, content)


def _busy(feed: Feed) -> bool:
    """Return whether an import of this feed is not over: the older file must not be written after the newer one."""
    live = sa.select(FeedFetch.id).join(FeedFetch.run).where(FeedFetch.feed_id == feed.id, Import.status.in_(RUNNING))
    return db.session.scalar(live.limit(1)) is not None


def _import(feed: Feed, fetched: FeedFetch, content: IO[bytes]) -> None:
    """Import a feed's content as a file that was sent; what waits for a person is told by the next opening of turns."""
    name = read_address(feed.address, rules_of(current_app.config).ports).path.partition("?")[0].rpartition("/")[2]
    run = uploads.upload(feed.vendor, content, name or feed.name, by=None)
    run.full_replacement, run.clear_empty = feed.full_replacement, feed.clear_empty
    fetched.run = run
    if run.status == ImportStatus.REFUSED:
        _fail(feed, fetched, run.refusal["code"], run.refusal["params"])
        return
    pipeline.start_if_mapped(run, by=None)
    fetched.outcome, fetched.told, feed.failures = FetchOutcome.IMPORTED, False, 0


def _fail(feed: Feed, fetched: FeedFetch, code: str, params: Any) -> None:
    """Count a failure, wait longer, and stop where it has failed too often."""
    fetched.outcome, fetched.refusal = FetchOutcome.FAILED, {"code": code, "params": dict(params)}
    if fetched.run is not None:
        # A file that cannot be read is not "unchanged" at the next turn: it is told again until it is mended.
        feed.etag = feed.last_modified = feed.sha256 = ""
    feed.failures += 1
    if feed.state != FeedState.ACTIVE:
        return
    feed.next_at = retry(feed.failures, now())
    if feed.failures >= MOST_FAILURES:
        keeping.act(feed, FeedAction.STOP)
        _tell(feed, "feed_stopped", f"/feeds/{feed.id}", mail=True)


def _follow(fetched: FeedFetch) -> None:
    """Tell once what the import of a fetch asks of a person; a file that proved unreadable counts as a failure."""
    run = fetched.run
    if run is None or run.status in ASKS:
        fetched.told = True
        if run is not None:
            _tell(fetched.feed, ASKS[run.status], f"/imports/{run.id}")
    elif run.status == ImportStatus.REFUSED:
        fetched.told = True
        _fail(fetched.feed, fetched, run.refusal["code"], run.refusal["params"])
    elif run.status not in RUNNING:
        fetched.told = True


def _tell(feed: Feed, kind: str, url: str, *, mail: bool = False) -> None:
    """Tell the vendor's people and its account manager."""
    for person in (*users_of(feed.vendor), *managers_of(feed.vendor)):
        notify(person, kind, url=url, mail=mail, feed=feed.name, vendor=feed.vendor.name)
