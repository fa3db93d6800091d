"""Who gets what from the rules: staff read how each did, editors of the tree switch them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from backoffice.extensions import db
from catalog.switches import looking, switching
from catalog.switches.effect import Effect
from catalog.switches.models import EffectLook, RuleSwitch, RunState, SwitchRun
from catalog.switches.scopes import Scope
from tests.permissions.catalog import EDITORS
from tests.permissions.table import STAFF, Row

RULE = {"rule": "title.case"}


def _run(world: Any) -> SwitchRun:
    """Return the owner's sheets being made again after a rule was switched off for them; begun when first asked for."""
    within = sa.select(SwitchRun).join(SwitchRun.switch).where(RuleSwitch.vendor_id == world.vendor.id)
    known = db.session.scalar(within.where(SwitchRun.state == RunState.RUNNING))
    if known is not None:
        return known
    scope = Scope("text.html", vendor_id=world.vendor.id)
    run = switching.switch_off(scope, "Essai", by=None, effect=Effect(0, 0, 0, {}, (), 0, 0))
    db.session.commit()
    return run


def _switch_id(world: Any) -> dict[str, Any]:
    return {"switch_id": _run(world).switch_id}


def _look_id(world: Any) -> dict[str, Any]:
    """Return a look at what a switch would change, taken when first asked for and again where it is no longer current."""
    known = db.session.scalars(sa.select(EffectLook).order_by(EffectLook.id.desc())).first()
    if known is None or not looking.current(known):
        known = looking.ask(Scope("text.html", vendor_id=world.other_vendor.id), by=None)
        db.session.commit()
        looking.take_look(known.id)
        db.session.commit()
    return {"look_id": known.id}


ROWS = [
    Row("catalog.show_rule", allowed=STAFF, values=lambda _world: RULE),
    Row(
        "catalog.look_at_switching_off", "POST", EDITORS, 302, values=lambda _world: RULE,
        data=lambda world: {"vendor": world.vendor.id},
    ),
    Row("catalog.look_at_lifting", "POST", EDITORS, 302, values=_switch_id),
    Row("catalog.rule_effect", allowed=EDITORS, values=_look_id),
    Row("catalog.rule_effect_progress", allowed=EDITORS, values=_look_id),
    Row("catalog.decide_on_effect", "POST", EDITORS, 302, values=_look_id, data=lambda _world: {"reason": "Essai"}),
    Row("catalog.rule_run_progress", allowed=STAFF, values=lambda world: {"run_id": _run(world).id}),
    Row("catalog.cancel_rule_run", "POST", EDITORS, 302, values=lambda world: {"run_id": _run(world).id}),
]  # fmt: skip
