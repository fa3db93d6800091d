"""Who gets what from the rules: staff read how each did, editors of the tree switch them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from backoffice.extensions import db
from catalog.switches import switching
from catalog.switches.effect import Effect
from catalog.switches.models import RuleSwitch, RunState, SwitchRun
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


ROWS = [
    Row("catalog.show_rule", allowed=STAFF, values=lambda _world: RULE),
    Row("catalog.rule_effect", allowed=EDITORS, values=lambda _world: RULE),
    Row(
        "catalog.switch_rule_off", "POST", EDITORS, 302, values=lambda _world: RULE,
        data=lambda world: {"vendor": world.vendor.id, "reason": "Essai", "agreed": "100"},
    ),
    Row("catalog.lift_rule_switch", allowed=EDITORS, values=_switch_id),
    Row("catalog.lift_rule_switch", "POST", EDITORS, 302, values=_switch_id, data=lambda _world: {"reason": "Fini"}),
    Row("catalog.rule_run_progress", allowed=STAFF, values=lambda world: {"run_id": _run(world).id}),
    Row("catalog.cancel_rule_run", "POST", EDITORS, 302, values=lambda world: {"run_id": _run(world).id}),
]  # fmt: skip
