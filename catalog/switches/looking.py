"""A look at a switch's effect before it is set or lifted: asked for by a page, taken by a job, decided on once.

    ask() ─ row and job ─► take_look() ─ effect ─► row ─► decided on while `current()`, else asked for again

Promise: what a person agrees to is what was shown. Not here: the effect (`effect`), the decision (`switching`).
"""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from backoffice.clock import now
from backoffice.database import reading
from backoffice.extensions import db
from backoffice.jobs import enqueue, handler
from catalog.switches import effect, scopes
from catalog.switches.effect import Effect, Example
from catalog.switches.models import EffectLook, RuleSwitch
from catalog.switches.scopes import Scope, of_stored

# Sheets come in all day: what was seen is decided on for so long.
CURRENT = timedelta(hours=1)
KEPT = timedelta(days=7)


def ask(scope: Scope, *, by: Any, lifting: RuleSwitch | None = None) -> EffectLook:
    """Have the effect looked at; the caller commits."""
    look = EffectLook(
        **dataclasses.asdict(scope), lifting_id=lifting.id if lifting else None, author_id=getattr(by, "id", None)
    )
    db.session.add(look)
    db.session.flush()
    look.job = enqueue("catalog.look_at_effect", {"look_id": look.id}, priority=1)
    return look


@handler("catalog.look_at_effect", max_attempts=2)
def take_look(look_id: int) -> None:
    """Make the sample with and without the rule, and keep what was seen."""
    with reading():
        look = db.session.get(EffectLook, look_id)
        if look is None or look.seen is not None:
            return
        standing = list(scopes.revision())
        seen = effect.of(of_stored(look), lifting=look.lifting_id)
        db.session.rollback()
    look = db.session.get_one(EffectLook, look_id)
    look.seen, look.standing = dataclasses.asdict(seen), standing


def seen(look: EffectLook) -> Effect | None:
    """Return what was seen, None while it is looked at."""
    if look.seen is None:
        return None
    told = {**look.seen, "examples": [Example(**one) for one in look.seen["examples"]]}
    return Effect(**told)


def current(look: EffectLook) -> bool:
    """Whether what was seen may be decided on: no switch was set or lifted since, and it is not old."""
    return now() - look.asked_at < CURRENT and look.standing == list(scopes.revision())


@handler("catalog.forget_looks", every=timedelta(days=1))
def forget_looks() -> None:
    """Drop the looks of days ago."""
    db.session.execute(sa.delete(EffectLook).where(EffectLook.asked_at < now() - KEPT))
