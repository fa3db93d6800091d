"""A colleague's word on a sheet: asked with a leaning and a reason, answered by the decision itself; both are kept.

A sheet that was asked about waits in the colleague's queue and in nobody else's. Promise: one question at a time for a
sheet; whoever decides on it closes the question, and what both said stays. Not here: the decision (`catalog.review`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from backoffice import audit
from backoffice.accounts.models import User
from backoffice.clock import now
from backoffice.errors import Conflict, Invalid
from backoffice.extensions import db
from backoffice.notifications import notify
from backoffice.permissions import ROLE_PERMISSIONS, Permission, Role
from catalog.desk import words
from catalog.desk.models import SecondOpinion
from catalog.lifecycle import Action, ListingStatus
from catalog.models import Listing

LEANINGS = (Action.ACCEPT, Action.SEND_BACK, Action.REJECT)
_DECIDERS = [role for role in Role if Permission.REVIEW_SHEETS in ROLE_PERMISSIONS[role]]
# Colleagues offered in the list.
OFFERED = 100
# Questions shown beside a sheet.
SHOWN = 5


def colleagues(of: User) -> list[User]:
    """Return who may be asked: everyone else who decides on sheets."""
    query = sa.select(User).where(User.role.in_(_DECIDERS), User.active, User.id != of.id)
    return list(db.session.scalars(query.order_by(User.name, User.id).limit(OFFERED)))


def open_on(listing_id: int) -> SecondOpinion | None:
    """Return the question about a sheet that is open now."""
    query = sa.select(SecondOpinion).where(SecondOpinion.listing_id == listing_id, SecondOpinion.answered_at.is_(None))
    return db.session.scalar(query)


def on(listing_id: int) -> list[SecondOpinion]:
    """Return what colleagues were asked about a sheet, the latest first, with the people."""
    people = (SecondOpinion.asker, SecondOpinion.asked, SecondOpinion.decider)
    query = sa.select(SecondOpinion).where(SecondOpinion.listing_id == listing_id).options(*map(joinedload, people))
    return list(db.session.scalars(query.order_by(SecondOpinion.id.desc()).limit(SHOWN)))


def not_asked_of_others(user_id: int) -> sa.ColumnElement[bool]:
    """Return the condition that no colleague of this editor's who still decides on sheets has been asked about it."""
    elsewhere = sa.exists().where(
        SecondOpinion.listing_id == Listing.id,
        SecondOpinion.answered_at.is_(None),
        SecondOpinion.asked_id != user_id,
        SecondOpinion.asked_id == User.id,
        User.role.in_(_DECIDERS),
        User.active,
    )
    return ~elsewhere


def asked_of(user_id: int) -> sa.Select[Any]:
    """Return the sheets that an editor was asked about and that wait for an answer."""
    mine = sa.select(SecondOpinion.listing_id).where(
        SecondOpinion.asked_id == user_id, SecondOpinion.answered_at.is_(None)
    )
    # What a file or a group's decision settled meanwhile waits for nobody.
    return sa.select(Listing).where(Listing.id.in_(mine), Listing.status == ListingStatus.TO_REVIEW)


def ask(listing: Listing, colleague: User | None, *, leaning: str, reason: str, by: User) -> SecondOpinion:
    """Ask a colleague about a sheet; raises Invalid for a wrong question, Conflict where one is open."""
    if colleague is None or colleague.id == by.id or colleague.role not in _DECIDERS or not colleague.active:
        raise Invalid(words.not_oneself(), details={"colleague": words.not_oneself()})
    if leaning not in LEANINGS or not reason:
        raise Invalid(words.say_why(), details={"why": words.say_why()})
    if open_on(listing.id) is not None:
        raise Conflict(words.asked_already())
    asked = SecondOpinion(
        listing_id=listing.id, asker_id=by.id, asked_id=colleague.id, leaning=leaning, reason=reason[:500]
    )
    db.session.add(asked)
    audit.record("listing.ask_opinion", listing, by=by, reason=f"{colleague.display_name}: {reason}"[:500])
    notify(colleague, "opinion_asked", url=f"/review/{listing.id}?tab=asked", name=by.display_name, title=listing.title)
    return asked


def answer(listing: Listing, action: Action, *, by: User) -> None:
    """Close the question about a sheet with the decision that was taken on it, where one is open."""
    asked = open_on(listing.id)
    if asked is not None:
        asked.decision, asked.decider_id, asked.answered_at = str(action), by.id, now()


def reopen(listing: Listing, *, since: datetime) -> None:
    """Ask again what a decision from this moment on answered, since that decision was taken back."""
    answered = sa.select(SecondOpinion).where(
        SecondOpinion.listing_id == listing.id, SecondOpinion.answered_at >= since
    )
    for one in db.session.scalars(answered):
        one.decision, one.decider_id, one.answered_at = "", None, None


def agreement(user_id: int) -> tuple[int, int]:
    """Return (alike, all) of the answered questions that an editor asked or answered."""
    answered = sa.or_(
        SecondOpinion.asker_id == user_id,
        sa.and_(SecondOpinion.asked_id == user_id, SecondOpinion.decider_id == user_id),
    )
    alike = sa.func.coalesce(sa.func.sum(sa.case((SecondOpinion.leaning == SecondOpinion.decision, 1), else_=0)), 0)
    query = sa.select(alike, sa.func.count()).where(SecondOpinion.answered_at.is_not(None), answered)
    same, count = db.session.execute(query).one()
    return int(same), count
