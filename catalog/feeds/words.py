"""The words of feeds: labels and tones of states, verbs of the history, sentences of refusals."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from backoffice import formatting, things, words
from backoffice.egress import refusals
from backoffice.things import Kind
from catalog.feeds.lifecycle import Credential, FeedAction, FeedState, FetchOutcome, actions
from catalog.feeds.models import Feed, FeedFetch
from catalog.feeds.schedule import Every
from catalog.intake import UnreadableFile
from catalog.sheets import Locale

STATES: dict[FeedState, tuple[Any, words.Tone]] = {
    FeedState.ACTIVE: (_l("active"), "done"),
    FeedState.PAUSED: (_l("paused"), "neutral"),
    FeedState.STOPPED: (_l("stopped after failures"), "blocked"),
    FeedState.REMOVED: (_l("removed"), "neutral"),
}
OUTCOMES: dict[FetchOutcome, tuple[Any, words.Tone]] = {
    FetchOutcome.IMPORTED: (_l("new content"), "done"),
    FetchOutcome.UNCHANGED: (_l("nothing new"), "neutral"),
    FetchOutcome.BUSY: (_l("put off: an import is under way"), "information"),
    FetchOutcome.FAILED: (_l("failure"), "blocked"),
}
ACTIONS: dict[FeedAction, Any] = {
    FeedAction.PAUSE: _l("Pause"),
    FeedAction.RESUME: _l("Resume"),
    FeedAction.STOP: _l("Stop"),
    FeedAction.REMOVE: _l("Remove"),
    FeedAction.RESTORE: _l("Restore"),
}
SCHEDULES: dict[Every, Any] = {
    Every.HOUR: _l("every hour"),
    Every.DAY: _l("every day"),
    Every.WEEK: _l("every week"),
}
CREDENTIALS: dict[Credential, Any] = {
    Credential.NONE: _l("nothing: the address is open"),
    Credential.BASIC: _l("a user name and a password"),
    Credential.HEADER: _l("a key in a header"),
}
WEEKDAYS = (
    _l("Monday"), _l("Tuesday"), _l("Wednesday"), _l("Thursday"), _l("Friday"), _l("Saturday"), _l("Sunday"),
)  # fmt: skip
# Nobody sent a feed's file, so nobody is asked to send it again.
MEND_AT_ADDRESS: dict[Locale, str] = {
    "fr": "Corrigez le fichier à son adresse : le flux le relira.",
    "en": "Mend the file at its address: the feed will read it again.",
}
WEB_PAGE: dict[Locale, str] = {
    "fr": "L’adresse a répondu par une page web (HTML) au lieu d’un fichier de produits : souvent une page de connexion "
    "ou d’erreur. Vérifiez l’adresse, et ce que le serveur demande.",
    "en": "The address answered with a web page (HTML) instead of a file of products: often a page to log in or an "
    "error. Check the address, and what the server asks for.",
}
FIELDS = {
    "name": (_l("name"), None),
    "address": (_l("address"), None),
    "every": (_l("how often"), Every),
    "hour": (_l("hour"), None),
    "weekday": (_l("day"), None),
    "full_replacement": (_l("full replacement"), None),
    "clear_empty": (_l("empty cells clear"), None),
    "credential": (_l("asked by the server"), Credential),
    "credential_name": (_l("user or header"), None),
    "secret": (_l("password or key"), None),
    "state": (_l("status"), FeedState),
}
VERBS = {
    "feed.add": _l("added the feed"),
    "feed.change": _l("changed the feed"),
    "feed.pause": _l("paused the feed"),
    "feed.resume": _l("resumed the feed"),
    "feed.stop": _l("stopped the feed after failures"),
    "feed.remove": _l("removed the feed"),
    "feed.restore": _l("restored the feed"),
    "feed.ask": _l("asked for the feed to be fetched"),
}
NOTIFICATIONS = {
    "feed_stopped": _l("The feed “%(feed)s” of %(vendor)s failed several times and was stopped."),
    "feed_columns": _l("A file of the feed “%(feed)s” of %(vendor)s waits: choose the column that holds the title."),
    "feed_withdraws": _l(
        "A file of the feed “%(feed)s” of %(vendor)s would withdraw many sheets and waits for your word."
    ),
}


def register() -> None:
    """Give the words of feeds to the house."""
    for table in (STATES, OUTCOMES):
        pairs: dict[Any, tuple[Any, words.Tone]] = dict(table)
        words.register({one: pair[0] for one, pair in pairs.items()}, {one: pair[1] for one, pair in pairs.items()})
    for labels in (ACTIONS, SCHEDULES, CREDENTIALS):
        words.register(dict(labels))
    words.register_fields("vendor_feed", FIELDS)
    words.register_verbs(VERBS)
    words.register_notifications(NOTIFICATIONS)
    things.register("vendor_feed", Kind(_l("feed"), sa.select(Feed.id, Feed.name), "feeds.show", "feed_id"))


def failure(fetched: FeedFetch, locale: Locale) -> str:
    """Return why a fetch brought nothing, in the reader's language; "" where it did not fail."""
    code, params = fetched.refusal.get("code"), fetched.refusal.get("params", {})
    if not code:
        return ""
    if code == "web_page" or (code == "unexpected_type" and params.get("found", "").startswith("text/html")):
        return WEB_PAGE[locale]
    if code in refusals.CODES:
        return refusals.sentence(code, params, locale)
    return f"{UnreadableFile(code, params).problem(locale)} {MEND_AT_ADDRESS[locale]}"


def turn(feed: Feed) -> str:
    """Return when a feed is fetched, in words: every day at 4 h."""
    if feed.every == Every.HOUR:
        return str(SCHEDULES[Every.HOUR])
    if feed.every == Every.DAY:
        return _("every day at %(hour)s:00", hour=feed.hour)
    return _("every week, %(day)s at %(hour)s:00", day=WEEKDAYS[feed.weekday], hour=feed.hour)


def cannot(action: FeedAction, state: FeedState) -> str:
    """Return the refusal of a move that the table does not have, with what is possible instead."""
    possible = ", ".join(formatting.quoted(ACTIONS[legal]) for legal in actions(state)) or _("nothing")
    return _(
        "“%(action)s” is not possible for a feed that is %(status)s. Possible now: %(possible)s.",
        action=ACTIONS[action],
        status=STATES[state][0],
        possible=possible,
    )


def removed_is_not_fetched() -> str:
    """Return the refusal to fetch a removed feed."""
    return _("This feed was removed. Restore it first.")


def secret_needed() -> str:
    """Return the refusal of a credential without its secret."""
    return _("Give the password or key.")


def secret_of_another() -> str:
    """Return the refusal of a kept secret for another server, or for another way of giving it."""
    return _("Give the password or key again: one that was kept is only for the server it was given for.")
