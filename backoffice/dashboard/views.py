"""The pages of the dashboard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Flask, abort, current_app, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from backoffice import jobs, navigation
from backoffice.audit import AuditEvent
from backoffice.clock import now
from backoffice.dashboard import standing
from backoffice.dashboard import trail as trails
from backoffice.dashboard.finding import Found
from backoffice.dashboard.forms import SampleForm
from backoffice.errors import NotFound
from backoffice.exporting import csv_answer
from backoffice.extensions import db
from backoffice.navigation import EVERYONE, Entry
from backoffice.paging import paginate
from backoffice.permissions import Permission, public, requires

blueprint = Blueprint("dashboard", __name__)
FOUND_PER_KIND = 8


@blueprint.get("/")
def home() -> ResponseReturnValue:
    """Show what waits for the reader, the nearest deadline first."""
    items = [item for ask in _registered("home") for item in ask(current_user)]
    items.sort(key=lambda item: (item.count == 0, item.due_at or datetime.max.replace(tzinfo=UTC)))
    return render_template("dashboard/home.html", items=items, moment=now())


@blueprint.get("/search")
def search() -> ResponseReturnValue:
    """Find vendors, sheets, orders and disputes by a word, each within what the reader may see."""
    query = request.args.get("q", "").strip()[:100]
    found: list[Found] = []
    if query:
        found = [one for find in _registered("finders") for one in find(query, current_user, FOUND_PER_KIND)]
    return render_template("dashboard/search.html", query=query, found=found)


@blueprint.get("/audit")
@requires(Permission.READ_AUDIT)
def trail() -> ResponseReturnValue:
    """Show who did what to which thing, newest first."""
    given = trails.asked()
    page = paginate(trails.narrowed(given), order=[(AuditEvent.id, "desc")])
    page = replace(page, items=trails.lines(page.items))
    return render_template("dashboard/audit.html", page=page, given=given, fields=trails.fields(given))


@blueprint.get("/audit.csv")
@requires(Permission.READ_AUDIT)
def trail_csv() -> ResponseReturnValue:
    """Give the history out as a file, narrowed as the page is."""
    return csv_answer(trails.as_csv(trails.narrowed(trails.asked())), "audit.csv")


@blueprint.get("/tasks")
@requires(Permission.MANAGE_SETTINGS)
def tasks() -> ResponseReturnValue:
    """Show the tasks that failed with what went wrong, those that are due, or those of a later day."""
    counts = standing.counts()
    tab = request.args.get("tab", "")
    tab = tab if tab in counts else "failed" if counts["failed"] else "due"
    page = paginate(
        sa.select(jobs.Job).where(standing.conditions()[tab]), order=[(jobs.Job.due_at, "asc"), (jobs.Job.id, "asc")]
    )
    return render_template("dashboard/tasks.html", page=page, tab=tab, counts=counts)


@blueprint.post("/tasks/<int:job_id>/retry")
@requires(Permission.MANAGE_SETTINGS)
def retry_task(job_id: int) -> ResponseReturnValue:
    """Put a failed task back in the queue."""
    job = db.session.get(jobs.Job, job_id)
    if job is None or job.state != jobs.JobState.FAILED:
        raise NotFound()
    jobs.retry(job)
    db.session.commit()
    return redirect(url_for("dashboard.tasks"))


@blueprint.get("/style")
@public
def style() -> ResponseReturnValue:
    """Show every component in every state; not in production."""
    if current_app.config["COMPTOIR_PROFILE"] == "production":
        abort(404)
    typed = MultiDict({"name": "Atelier Dubreuil", "email": "contact", "rate": "douze", "country": "FR", "kind": "a"})
    form = SampleForm(typed, meta={"csrf": False})
    form.validate()
    return render_template("style.html", form=form, now=now())


@blueprint.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """Say that the process lives."""
    return jsonify({"status": "ok"})


@blueprint.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """Say whether the parts that pages need answer; 503 where one does not."""
    parts = {"database": _database_answers()}
    parts |= {name: ok for check in _registered("readiness") for name, ok in check().items()}
    good = all(parts.values())
    return jsonify({"status": "ok" if good else "degraded", "parts": parts}), 200 if good else 503


def _database_answers() -> bool:
    try:
        db.session.execute(sa.text("SELECT 1"))
    except sa.exc.SQLAlchemyError:
        return False
    return True


def _registered(kind: str) -> Sequence[Callable[..., Any]]:
    functions: Sequence[Callable[..., Any]] = current_app.extensions.get(kind, ())
    return functions


def register(app: Flask) -> None:
    """Add the pages and their navigation."""
    app.register_blueprint(blueprint)
    navigation.add(
        Entry(_l("Home"), "dashboard.home", "home", roles=EVERYONE, order=0),
        Entry(_l("Audit"), "dashboard.trail", "audit", Permission.READ_AUDIT, order=920),
        Entry(_l("Tasks in progress"), "dashboard.tasks", "clock", Permission.MANAGE_SETTINGS, order=930),
    )
