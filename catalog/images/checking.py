"""Looking at due pictures: fetched beside each other, decoded one after the other, written together.

Promise: no lock of the database is held while servers are waited for; a turn fetches each address once, asks a server
two things at a time with a pause between, and leaves one that fails three times in peace. Not here: what a picture is
(`looking`), what is wrong with it for a sheet (`judging`).
"""

from __future__ import annotations

import io
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from itertools import zip_longest

import sqlalchemy as sa
from flask import current_app

from backoffice import files
from backoffice.clock import now
from backoffice.database import reading
from backoffice.egress import Answer, FetchRefused, Limits, Rules, Wanted, fetch, rules_of
from backoffice.extensions import db
from backoffice.jobs import enqueue, handler
from catalog.images import noting
from catalog.images.looking import Look, NotAPicture, look
from catalog.images.models import Picture

# Pictures of one turn, and of one host among them: a turn is a transaction and should take seconds, not minutes.
TURN, OF_ONE_HOST = 60, 30
THREADS, AT_ONE_HOST = 8, 2
PAUSE_SECONDS = 0.1
STRIKES = 3
LIMITS = Limits(15 * 1024 * 1024, connect_seconds=5, read_seconds=10, total_seconds=30)
AGAIN = timedelta(days=30)
# How long a picture rests after its first, second, … failure that may pass; after the last it is called unreachable.
WAITS = (timedelta(minutes=15), timedelta(hours=2), timedelta(hours=12))
# Some servers name no type, or the wrong one: the content decides. A page is surely no picture.
FAULTS = {"unexpected_type": "image_not_image", "too_large": "image_too_large"}
NO_PICTURE = ("text/", "video/", "audio/", "application/json", "application/pdf")


@dataclass(frozen=True, slots=True)
class Due:
    """A picture to look at, as a thread needs it."""

    id: int
    url: str
    host: str
    etag: str
    last_modified: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of it: what is shown, or why not; nothing of both where the server said that it is as it was."""

    answer: Answer | None = None
    shown: Look | None = None
    fault: str | None = None
    passing: bool = False


class Manners:
    """What keeps one turn from being a nuisance: places at each host, and hosts that are left in peace."""

    def __init__(self) -> None:
        self.strikes: Counter[str] = Counter()
        self._places: defaultdict[str, threading.Semaphore] = defaultdict(lambda: threading.Semaphore(AT_ONE_HOST))
        # Decoded, one picture may take 120 MB.
        self.decoding = threading.Lock()
        self._hosts = threading.Lock()

    def at(self, host: str) -> threading.Semaphore:
        """Return the host's places."""
        with self._hosts:
            return self._places[host]


@handler("catalog.recheck_pictures", every=timedelta(hours=1))
def recheck_pictures() -> None:
    """See that pictures whose time has come are looked at again."""
    if current_app.config["IMAGES_CHECKED"] and due(1):
        noting.ask()


@handler("catalog.check_pictures")
def check_pictures() -> None:
    """Look at a turn of due pictures, write what was seen, have it told, and ask for the next turn."""
    if not current_app.config["IMAGES_CHECKED"]:
        return
    with reading():
        turn = due(TURN)
        db.session.rollback()
    if not turn:
        return
    seen = look_at(turn, rules_of(current_app.config))
    rows = sa.select(Picture).where(Picture.id.in_([one.id for one in turn]))
    pictures = {row.id: row for row in db.session.scalars(rows)}
    changed = [number for number, picture in pictures.items() if _keep(picture, seen[number])]
    db.session.flush()
    if changed:
        enqueue("catalog.tell_pictures", {"picture_ids": changed})
    if due(1):
        enqueue("catalog.check_pictures")


def due(most: int) -> list[Due]:
    """Return pictures whose time has come, the longest waiting first, of no host more than its share."""
    columns = (Picture.id, Picture.url, Picture.host, Picture.etag, Picture.last_modified)
    waiting = sa.select(Picture.id, Picture.host).where(Picture.due_at <= now()).order_by(Picture.due_at, Picture.id)
    hosts: Counter[str] = Counter()
    ids: list[int] = []
    # Of one host's thirty thousand pictures others are found behind, as far as is looked.
    for number, host in db.session.execute(waiting.limit(most * 20)):
        if hosts[host] < OF_ONE_HOST and len(ids) < most:
            hosts[host] += 1
            ids.append(number)
    found = db.session.execute(sa.select(*columns).where(Picture.id.in_(ids)).order_by(Picture.id))
    return [Due(*row) for row in found]


def look_at(turn: Sequence[Due], rules: Rules) -> dict[int, Seen]:
    """Return what is seen of each picture, by its id; the hosts take turns, so that none keeps all threads waiting."""
    manners = Manners()
    hosts: defaultdict[str, list[Due]] = defaultdict(list)
    for one in turn:
        hosts[one.host].append(one)
    mixed = [one for row in zip_longest(*hosts.values()) for one in row if one is not None]
    with ThreadPoolExecutor(THREADS, thread_name_prefix="pictures") as pool:
        found = pool.map(lambda one: _seen(one, rules, manners), mixed)
        return {one.id: seen for one, seen in zip(mixed, found, strict=True)}


def _seen(one: Due, rules: Rules, manners: Manners) -> Seen:
    content = io.BytesIO()
    with manners.at(one.host):
        if manners.strikes[one.host] >= STRIKES:
            return Seen(passing=True)
        try:
            answer = fetch(_wanted(one), content, rules=rules, limits=LIMITS)
        except FetchRefused as refused:
            manners.strikes[one.host] += refused.passing
            return Seen(fault=FAULTS.get(refused.code, "image_unreachable"), passing=refused.passing)
        finally:
            time.sleep(PAUSE_SECONDS)
    if answer.unchanged:
        return Seen(answer)
    with manners.decoding:
        try:
            return Seen(answer, look(content.getvalue()))
        except NotAPicture as fault:
            return Seen(answer, fault=fault.code)


def _wanted(one: Due) -> Wanted:
    known = {"If-None-Match": one.etag, "If-Modified-Since": one.last_modified}
    headers = {"Accept": "image/*", **{name: value for name, value in known.items() if value}}
    return Wanted(one.url, headers, accepts=lambda kind: not kind.startswith(NO_PICTURE))


def _keep(picture: Picture, seen: Seen) -> bool:
    """Write what was seen of a picture; returns whether sheets must be told."""
    moment = now()
    if seen.passing and (seen.fault is None or picture.failures < len(WAITS)):
        # One that was left out because its host fails has not failed itself.
        picture.due_at = moment + WAITS[min(picture.failures, len(WAITS) - 1)]
        picture.failures += seen.fault is not None
        return False
    before = (picture.fault, picture.fingerprint, picture.width, picture.height)
    picture.checked_at, picture.due_at, picture.failures = moment, moment + AGAIN, 0
    if seen.fault is not None:
        picture.fault, picture.etag, picture.last_modified = seen.fault, "", ""
    elif seen.answer is not None and seen.shown is not None:
        _keep_look(picture, seen.answer, seen.shown)
    return (picture.fault, picture.fingerprint, picture.width, picture.height) != before


def _keep_look(picture: Picture, answer: Answer, shown: Look) -> None:
    picture.fault = None
    picture.etag, picture.last_modified, picture.size = answer.etag, answer.last_modified, answer.size
    picture.format, picture.width, picture.height = shown.format, shown.width, shown.height
    picture.blank, picture.fingerprint = shown.blank, shown.fingerprint
    picture.small = files.store(io.BytesIO(shown.small), f"picture-{picture.id}.jpg", media_type="image/jpeg")
