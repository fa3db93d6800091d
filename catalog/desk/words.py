"""The words of the desks: states, verbs and fields of the history, notifications, sentences of refusals."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from backoffice import things, words
from backoffice.things import Kind
from catalog.desk.models import BulkAct, BulkDecision, BulkOutcome, BulkState
from catalog.desk.selection import TrustLevel

BULK_ACTS = {
    BulkAct.ACCEPT: _l("accept"),
    BulkAct.SEND_BACK: _l("send back"),
    BulkAct.CORRECT: _l("correct"),
}
BULK_STATES: dict[BulkState, tuple[Any, words.Tone]] = {
    BulkState.RUNNING: (_l("sheets being decided"), "information"),
    BulkState.DONE: (_l("all sheets decided"), "done"),
    BulkState.UNDOING: (_l("being taken back"), "information"),
    BulkState.UNDONE: (_l("taken back"), "neutral"),
}
OUTCOMES: dict[BulkOutcome, tuple[Any, words.Tone]] = {
    BulkOutcome.DECIDED: (_l("decided"), "done"),
    BulkOutcome.LIGHTER: (_l("still waits for another doubt"), "information"),
    BulkOutcome.LEFT: (_l("left as it was"), "attention"),
    BulkOutcome.RESTORED: (_l("as before the decision"), "neutral"),
    BulkOutcome.KEPT: (_l("kept as it is now"), "attention"),
}
TRUST_LEVELS: dict[TrustLevel, tuple[Any, words.Tone]] = {
    TrustLevel.TRUSTED: (_l("trusted"), "done"),
    TrustLevel.USUAL: (_l("checked as usual"), "information"),
    TrustLevel.DISTRUSTED: (_l("checked more often"), "attention"),
}
EFFECTS = {
    TrustLevel.TRUSTED: _l("Minor doubts skip the desk; the others, and blocking problems, never do."),
    TrustLevel.USUAL: _l("Every doubt brings the sheet to the desk."),
    TrustLevel.DISTRUSTED: _l("Every doubt brings the sheet to the desk, and so does chance for some of the others."),
}
VERBS = {
    "bulk.decide": _l("decided on a group of sheets"),
    "bulk.undo": _l("took the decision on a group back"),
    "listing.bulk_settle": _l("settled one doubt of the sheet with its group"),
    "listing.bulk_undo": _l("took the group's decision on the sheet back"),
    "listing.undo_decision": _l("took the decision on the sheet back"),
    "listing.ask_opinion": _l("asked a colleague for an opinion"),
    "listing.audit_right": _l("checked the machine's acceptance: right"),
    "listing.audit_wrong": _l("checked the machine's acceptance: wrong"),
    "match.audit_right": _l("checked the machine's merge: right"),
    "match.audit_wrong": _l("checked the machine's merge: wrong"),
}
NOTIFICATIONS = {
    "opinion_asked": _l("%(name)s asks for your opinion on “%(title)s”."),
    "sheets_sent_back": _l("%(count)s of your sheets were sent back for the same reason: %(reason)s"),
}


def register() -> None:
    """Give the words to the house."""
    for table in (BULK_STATES, OUTCOMES, TRUST_LEVELS):
        words.register(
            {member: label for member, (label, _tone) in table.items()},
            {member: tone for member, (_label, tone) in table.items()},
        )
    words.register(BULK_ACTS)
    words.register_verbs(VERBS)
    words.register_fields("bulk_decision", {"sheets": (_l("sheets"), None), "act": (_l("act"), BulkAct)})
    words.register_notifications(NOTIFICATIONS)
    names = sa.select(BulkDecision.id, BulkDecision.code.label("name"))
    things.register(BulkDecision.__tablename__, Kind(_l("decision on a group"), names, "desk.bulk", "bulk_id"))


def judged_already() -> str:
    """Return the refusal of a second verdict, or of one on what a person decided."""
    return _("Someone has judged this already, or it is no longer the machine's decision.")


def which_attribute() -> str:
    """Return the refusal of a verdict that does not say what is wrong."""
    return _("Say which field is wrong.")


def empty_group() -> str:
    """Return the refusal to decide on a group that nothing is left of."""
    return _("No sheet waits for this any more.")


def group_grew(now_there: int, seen: int) -> str:
    """Return the refusal of a decision on more sheets than were shown."""
    return _(
        "This group has %(now)s sheets now; it had %(seen)s when you looked. Look again.", now=now_there, seen=seen
    )


def words_needed() -> str:
    """Return the refusal to send back without words that the vendor reads."""
    return _("Say what is to be mended: the vendor reads it.")


def value_needed() -> str:
    """Return the refusal of a correction without an attribute or a value."""
    return _("Give the value that is to stand on every sheet of the group.")


# Why a sheet of a group was left, kept as a code: the job that leaves it does not know who will read it.
CHANGED_SINCE, NO_LONGER_WAITS, DISPUTED = "changed_since", "no_longer_waits", "disputed"
_NOTES = {
    CHANGED_SINCE: _l("The sheet was changed since."),
    NO_LONGER_WAITS: _l("The sheet no longer waits for this."),
    DISPUTED: _l("A buyer says that this sheet is wrong: decide on it by itself."),
}


def note(kept: str) -> str:
    """Return a kept note in the reader's words; one that was written as a sentence is that sentence."""
    return str(_NOTES.get(kept, kept))


def bulk_not_over() -> str:
    """Return the refusal to take back what is under way or was taken back."""
    return _("Only a finished decision can be taken back, and only once.")


def nothing_to_take_back() -> str:
    """Return the refusal to take a decision back after which the sheet changed, or which is not known any more."""
    return _("The sheet has changed since that decision, which therefore stays. Decide on the sheet as it is now.")


def not_oneself() -> str:
    """Return the refusal to ask oneself, or someone who may not decide."""
    return _("Choose a colleague who decides on sheets.")


def say_why() -> str:
    """Return the refusal to ask a colleague without saying what about."""
    return _("Say what you are unsure of, and what you lean to.")


def asked_already() -> str:
    """Return the refusal to ask twice about one sheet at a time."""
    return _("A colleague has been asked about this sheet already.")


def bulk_reason(bulk_id: int) -> str:
    """Return the reason that the history of each sheet of a group gives."""
    return _("decision %(number)s on a group", number=bulk_id)
