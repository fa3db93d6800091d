"""The one door through which a dispute changes its status: checked, compared-and-set, audited, its timers set.

    move() ─ lifecycle says whether ─► UPDATE … WHERE version = seen ─► timers of the new status ─► history row

A move that lost against another writes nothing and raises Conflict. The entry point commits.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _
from sqlalchemy.orm.attributes import set_committed_value

from backoffice import audit, words
from backoffice.clock import now
from backoffice.errors import Conflict, IllegalMove
from backoffice.extensions import db
from backoffice.jobs import enqueue
from disputes import deadlines, lifecycle
from disputes.access import LinkHolder, Reader
from disputes.deadlines import TimerKind
from disputes.lifecycle import Standing
from disputes.models import Dispute, DisputeTimer, SettlementOffer
from disputes.vocabulary import Action, OfferState, Party, Stage, Status

SYSTEM = Reader(Party.SYSTEM, LinkHolder(""))


def terms() -> deadlines.Terms:
    """Return the operator's delays."""
    return deadlines.terms_from(current_app.config)


def live_offer(dispute: Dispute) -> SettlementOffer | None:
    """Return the offer that lies on the table, where one does."""
    if dispute.status is not Status.OFFER_PENDING:
        return None
    query = sa.select(SettlementOffer).where(
        SettlementOffer.dispute_id == dispute.id, SettlementOffer.state == OfferState.LIVE
    )
    return db.session.scalar(query)


def _offer_by(dispute: Dispute) -> Party | None:
    offer = live_offer(dispute)
    return offer.made_by if offer else None


def standing(dispute: Dispute, reader: Reader) -> Standing:
    """Return what the table needs to know of this dispute for this reader."""
    return Standing(
        status=dispute.status,
        stage=dispute.stage,
        offer_by=_offer_by(dispute),
        seller_answered=dispute.seller_answered_at is not None,
        decided_by=dispute.decided_by,
        window_open=dispute.appeal_until is not None and now() <= dispute.appeal_until,
        decided_before=reader.actor.id is not None and reader.actor.id == dispute.former_mediator_id,
    )


def allowed_actions(dispute: Dispute, reader: Reader) -> tuple[Action, ...]:
    """Return every act that this reader may do on this dispute now; pages and API show just those."""
    return lifecycle.allowed_actions(standing(dispute, reader), reader.party)


def require(dispute: Dispute, action: Action, reader: Reader) -> tuple[Status, Stage]:
    """Return where the act leads; raises IllegalMove, naming what is possible instead."""
    where = standing(dispute, reader)
    following = lifecycle.next_state(where, action, reader.party)
    if following is not None:
        return following
    legal = lifecycle.allowed_actions(where, reader.party)
    possible = ", ".join(words.label(each) for each in legal) or _("nothing")
    raise IllegalMove(
        _(
            "“%(act)s” is not possible while the dispute is “%(status)s”. Possible now: %(possible)s.",
            act=words.label(action),
            status=words.label(dispute.status),
            possible=possible,
        ),
        legal=[each.value for each in legal],
    )


def check_version(dispute: Dispute, seen: int | None) -> None:
    """Raise Conflict where the page was made before someone else's act."""
    if seen is not None and seen != dispute.version:
        raise _acted_meanwhile(dispute)


def _acted_meanwhile(dispute: Dispute) -> Conflict:
    status = words.label(dispute.status)
    return Conflict(
        _("Someone else acted on this dispute meanwhile; it is now: %(status)s. Look again, then act.", status=status)
    )


def move(
    dispute: Dispute,
    action: Action,
    reader: Reader,
    *,
    reason: str = "",
    offer_by: Party | None = None,
    changes: Mapping[str, Any] | None = None,
) -> None:
    """Do a legal move: status, stage and `changes` are written by compare-and-set on the version.

    `offer_by` names who made the offer that the move lays on the table. Raises IllegalMove or Conflict.
    """
    status, stage = require(dispute, action, reader)
    before_status, before_stage, seen = dispute.status, dispute.stage, dispute.version
    values = {
        **(changes or {}),
        "status": status,
        "stage": stage,
        "awaiting": lifecycle.awaited(status, offer_by or _offer_by(dispute)),
        "version": seen + 1,
    }
    _compare_and_set(dispute, seen, values)
    if before_status is Status.OFFER_PENDING and action not in _OFFER_ACTS:
        _withdraw_live_offer(dispute)
    # Only a move that changes where the dispute stands starts its clocks anew.
    if (status, stage) != (before_status, before_stage) or action is Action.OFFER:
        _set_timers(dispute)
    told = {"status": (before_status, status), "stage": (before_stage, stage)}
    changed = {name: pair for name, pair in told.items() if pair[0] is not pair[1]}
    note(dispute, f"dispute.{action}", reader, changes=changed, reason=reason)


def note(
    dispute: Dispute, verb: str, reader: Reader, *, changes: Mapping[str, tuple[Any, Any]], reason: str = ""
) -> None:
    """Add a line to the history that also says in which capacity it was done: outsiders read that, not the name."""
    by = reader.actor if reader.party is not Party.SYSTEM else None
    audit.record(verb, dispute, by=by, changes={**changes, "party": (None, reader.party)}, reason=reason)


# Acts after which the offer's own module has said what became of it.
_OFFER_ACTS = frozenset({Action.OFFER, Action.ACCEPT_OFFER, Action.DENY_OFFER, Action.EXPIRE_OFFER, Action.TAKE})


def _compare_and_set(dispute: Dispute, seen: int, values: Mapping[str, Any]) -> None:
    db.session.flush()
    done = db.session.execute(
        sa.update(Dispute).where(Dispute.id == dispute.id, Dispute.version == seen).values(**values),
        execution_options={"synchronize_session": False},
    )
    if done.rowcount != 1:
        db.session.refresh(dispute, ["status"])
        raise _acted_meanwhile(dispute)
    for name, value in values.items():
        set_committed_value(dispute, name, value)


def _withdraw_live_offer(dispute: Dispute) -> None:
    db.session.execute(
        sa.update(SettlementOffer)
        .where(SettlementOffer.dispute_id == dispute.id, SettlementOffer.state == OfferState.LIVE)
        .values(state=OfferState.SUPERSEDED, settled_at=now())
    )


def _set_timers(dispute: Dispute) -> None:
    """Stop the timers that do not run in this status, start those that do, and write down the next due date."""
    moment = now()
    wanted = deadlines.running(dispute.status, dispute.stage)
    rows = db.session.scalars(sa.select(DisputeTimer).where(DisputeTimer.dispute_id == dispute.id)).all()
    kept: list[datetime] = []
    for row in rows:
        if row.fired_at is not None or row.stopped_at is not None:
            continue
        # The inquiry's own limit began with the inquiry and is not prolonged by every letter.
        if row.kind is TimerKind.INQUIRY and TimerKind.INQUIRY in wanted:
            kept.append(row.due_at)
            wanted = tuple(kind for kind in wanted if kind is not TimerKind.INQUIRY)
        else:
            row.stopped_at = moment
    started = {kind: _start_timer(dispute, kind, _start_of(dispute, kind, moment), rows) for kind in wanted}
    # A reminder is no deadline: nothing ends with it.
    started.pop(TimerKind.BUYER_REMINDER, None)
    due = min([*started.values(), *kept], default=moment)
    db.session.execute(
        sa.update(Dispute).where(Dispute.id == dispute.id).values(due_at=due),
        execution_options={"synchronize_session": False},
    )
    set_committed_value(dispute, "due_at", due)


def _start_of(dispute: Dispute, kind: TimerKind, moment: datetime) -> datetime:
    return dispute.opened_at if kind is TimerKind.INQUIRY else moment


def _start_timer(dispute: Dispute, kind: TimerKind, start: datetime, rows: Any) -> datetime:
    due = deadlines.due(kind, start, terms())
    same = next((row for row in rows if row.kind is kind and row.due_at == due), None)
    if same is not None:
        # The same deadline again, set within the same moment: one row, one firing.
        same.stopped_at = None if same.fired_at is None else same.stopped_at
        return due
    timer = DisputeTimer(dispute_id=dispute.id, kind=kind, due_at=due, calendar_version=deadlines.CALENDAR_VERSION)
    db.session.add(timer)
    db.session.flush()
    enqueue("disputes.fire_timer", {"timer_id": timer.id}, due_at=due, unique_key=f"dispute-timer-{timer.id}")
    return due
