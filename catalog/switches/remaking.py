"""The sheets of a switch made again, a turn at a time, each turn a job of one transaction.

Promise: killed anywhere, the next turn goes on where the last one committed; cancelled, what was made stays and says
how far it came; editors' corrections and the changes they took back stay. A sheet that says the same is not written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from flask import current_app

from backoffice import audit, compact
from backoffice.clock import now
from backoffice.database import reading
from backoffice.errors import Conflict
from backoffice.extensions import db
from backoffice.jobs import enqueue, handler
from catalog import listings, publishing, workshop
from catalog.assembly import MadeSheet
from catalog.columns import columns_of
from catalog.images import noting
from catalog.images.judging import CODES
from catalog.models import Listing
from catalog.switches import words
from catalog.switches.comparing import differing, told
from catalog.switches.making import by_vendor, made_again
from catalog.switches.models import RuleSwitch, RunState, SwitchRun
from catalog.switches.scopes import of_stored

# Sheets made in one turn: a third of a second, most of it without the database's lock.
TURN = 300
# What a switch can change of a sheet as it is stored.
_MADE = ("values", "changes", "category", "issues")


def begin(switch: RuleSwitch, *, lifting: bool) -> SwitchRun:
    """Ask for the sheets of a switch to be made again; an earlier turn-taking of the same switch stops for this one."""
    running = sa.select(SwitchRun).where(SwitchRun.switch_id == switch.id, SwitchRun.state == RunState.RUNNING)
    for earlier in db.session.scalars(running):
        earlier.state, earlier.finished_at = RunState.CANCELLED, now()
    conditions = of_stored(switch).sheets()
    counted = sa.select(sa.func.count(Listing.id), sa.func.coalesce(sa.func.max(Listing.id), 0)).where(*conditions)
    total, last = db.session.execute(counted).one()
    run = SwitchRun(switch_id=switch.id, lifting=lifting, total=total, until=last)
    db.session.add(run)
    db.session.flush()
    enqueue("catalog.remake_sheets", {"run_id": run.id, "after": 0})
    return run


def cancel(run: SwitchRun, *, by: Any) -> None:
    """Stop after the turn under way; the rest is made the new way when its vendors send it again."""
    if run.state != RunState.RUNNING:
        raise Conflict(words.remaking_over())
    run.state, run.finished_at = RunState.CANCELLED, now()
    audit.record("rule.stop_remaking", run.switch, by=by, changes={"sheets": (run.total, run.done)})


@handler("catalog.remake_sheets", max_attempts=8)
def remake_sheets(run_id: int, after: int) -> None:
    """Make one turn of sheets again and ask for the next."""
    with reading():
        run = db.session.get_one(SwitchRun, run_id)
        if run.state != RunState.RUNNING or run.after != after:
            return
        batch = _turn(run)
        made = {one.id: (one.version, fresh) for one, fresh in _fresh(batch)}
        db.session.rollback()
    run = db.session.get_one(SwitchRun, run_id)
    if run.state != RunState.RUNNING or run.after != after:
        return
    run.changed += _write(made)
    run.done += len(made)
    if not made:
        run.state, run.finished_at, run.done = RunState.DONE, now(), run.total
        return
    run.after = max(made)
    enqueue("catalog.remake_sheets", {"run_id": run_id, "after": run.after})


def _turn(run: SwitchRun) -> Sequence[Listing]:
    within = (Listing.id > run.after, Listing.id <= run.until, *of_stored(run.switch).sheets())
    return db.session.scalars(sa.select(Listing).where(*within).order_by(Listing.id).limit(TURN)).all()


def _fresh(batch: Sequence[Listing]) -> list[tuple[Listing, MadeSheet]]:
    found: list[tuple[Listing, MadeSheet]] = []
    for (vendor, locale), sheets in by_vendor(batch).items():
        found += zip(sheets, made_again(sheets, workshop.of_vendor(vendor, locale)), strict=True)
    return found


def _write(made: Mapping[int, tuple[int, MadeSheet]]) -> int:
    """Write those that are now another way, and count those that say something else.

    One that a person changed meanwhile is made once more.
    """
    written: list[Listing] = []
    changed = 0
    for listing in db.session.scalars(sa.select(Listing).where(Listing.id.in_(made))):
        version, fresh = made[listing.id]
        if listing.version != version:
            [fresh] = made_again([listing], workshop.of_vendor(listing.vendor_id, listing.locale))
        columns = _plain({name: value for name, value in columns_of(fresh).items() if name in _MADE})
        if _is_other(listing, columns):
            changed += _says_other(listing, columns)
            listings.take(listing, fresh)
            listings.restate(listing)
            listing.version += 1
            listing.updated_at = now()
            written.append(listing)
    if written:
        db.session.flush()
        if current_app.config["IMAGES_CHECKED"]:
            noting.note(written)
        publishing.refresh(one.product_id for one in written)
    return changed


def _is_other(listing: Listing, columns: Mapping[str, Any]) -> bool:
    """Whether a sheet made again is stored otherwise."""
    if any(getattr(listing, name) != columns[name] for name in ("values", "changes", "category")):
        return True
    return bool(_own_issues(listing) != columns["issues"])


def _says_other(listing: Listing, columns: Mapping[str, Any]) -> bool:
    """Whether a sheet made again says something else, as `effect` counts it before."""
    return (
        listing.category != columns["category"]
        or bool(differing(listing.values, columns["values"]))
        or told(_own_issues(listing)) != told(columns["issues"])
    )


def _own_issues(listing: Listing) -> list[dict[str, Any]]:
    """Return what is told of a sheet beside what was seen of its pictures, which another job tells."""
    return [one for one in listing.issues if one["code"] not in CODES]


def _plain(value: Any) -> Any:
    return compact.loads(compact.dumps(value))


def latest_runs(switch_ids: Sequence[int]) -> dict[int, SwitchRun]:
    """Return the last run of each of these switches."""
    last = sa.select(sa.func.max(SwitchRun.id)).where(SwitchRun.switch_id.in_(switch_ids)).group_by(SwitchRun.switch_id)
    found = db.session.scalars(sa.select(SwitchRun).where(SwitchRun.id.in_(last)))
    return {run.switch_id: run for run in found}
