"""Who gets what from the desks' own pages: those who decide on sheets, and nobody else."""

from __future__ import annotations

from typing import Any

from backoffice.extensions import db
from backoffice.permissions import Role
from catalog import judgements
from catalog.desk import bulk
from catalog.desk.groups import Group
from catalog.desk.models import BulkAct, BulkState
from catalog.lifecycle import ListingStatus
from catalog.models import Proposal
from catalog.sheets import Decision
from tests.factories.accounts import make_user
from tests.factories.desk import make_sheets
from tests.permissions.table import Row

EDITORS = ("administrator", "content_editor")
GROUP = {"code": "contact_in_text", "attribute": "description"}


def _sheet(world: Any) -> dict[str, Any]:
    return {"listing_id": make_sheets(world.vendor, 1)[0].id}


def _accepted(world: Any) -> dict[str, Any]:
    return {"listing_id": make_sheets(world.vendor, 1, status=ListingStatus.PUBLISHED, issues=[])[0].id}


def _merged(world: Any) -> dict[str, Any]:
    sides = [make_sheets(one, 1)[0] for one in (world.vendor, world.other_vendor)]
    pair = Proposal(left=sides[0], right=sides[1], score=0.99, decision=Decision.SAME, route="model", evidence=[])
    db.session.add(pair)
    db.session.commit()
    made = judgements.decide(pair, Decision.SAME, by=None)
    db.session.commit()
    return {"judgement_id": made.id}


def _bulk(world: Any) -> dict[str, Any]:
    make_sheets(world.vendor, 1)
    group = Group(GROUP["code"], GROUP["attribute"])
    made = bulk.begin(group, BulkAct.ACCEPT, seen=group.count(), by=world.users["content_editor"])
    made.state = BulkState.DONE
    db.session.commit()
    return {"bulk_id": made.id}


def _question(world: Any) -> dict[str, Any]:
    colleague = make_user(Role.CONTENT_EDITOR)
    return {"version": 1, "colleague": colleague.id, "leaning": "accept", "why": "Is it?"}


def _group(world: Any) -> dict[str, Any]:
    make_sheets(world.vendor, 1)
    return {**GROUP, "act": "accept", "seen": 1_000}


ROWS = [
    Row("desk.hold", "POST", EDITORS, 302, values=_sheet),
    Row("desk.ask", "POST", EDITORS, 302, values=_sheet, data=_question),
    Row("desk.own_pace", allowed=EDITORS),
    Row("desk.audit_sheet", allowed=EDITORS),
    Row("desk.judge_sheet", "POST", EDITORS, 302, values=_accepted, data=lambda _: {"version": 1, "verdict": "right"}),
    Row("desk.audit_merge", allowed=EDITORS),
    Row("desk.judge_merge", "POST", EDITORS, 302, values=_merged, data=lambda _: {"verdict": "right"}),
    Row("desk.list_groups", allowed=EDITORS),
    Row("desk.show_group", allowed=EDITORS, query=GROUP),
    Row("desk.decide_group", "POST", EDITORS, 302, data=_group),
    Row("desk.bulk", allowed=EDITORS, values=_bulk),
    Row("desk.bulk_progress", allowed=EDITORS, values=_bulk),
    Row("desk.undo_bulk", "POST", EDITORS, 302, values=_bulk),
]
