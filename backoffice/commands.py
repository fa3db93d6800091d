"""Commands of the foundations, accounts and vendors that other people's scripts rely on.

Names, arguments, output and exit status are public: 0 done, 1 done with something wrong, 2 wrong usage.
"""

from __future__ import annotations

import json
import signal
import threading
from typing import Any

import click
import sqlalchemy as sa
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_babel import force_locale
from sqlalchemy.orm import joinedload

from backoffice import checkup, jobs, process
from backoffice.accounts import invitations
from backoffice.cli import HouseGroup
from backoffice.database import reading
from backoffice.errors import BackofficeError
from backoffice.extensions import db
from backoffice.permissions import Role
from backoffice.vendors.models import Vendor, VendorStatus
from backoffice.vendors.portfolio import find_by_code

users = HouseGroup("users", help="The people who log in.")
vendors = HouseGroup("vendors", help="The vendors of the marketplace.")
work = HouseGroup("jobs", help="Tasks in progress: what is queued, and working on it.")


class Refused(click.ClickException):
    """Input that cannot be taken: one sentence, exit status 2, no traceback."""

    exit_code = 2


@users.command("create")
@click.argument("email")
@click.option(
    "--role", type=click.Choice([role.value for role in Role]), required=True, help="What the person is here for."
)
@click.option("--name", default="", help="First and last name.")
@click.option("--vendor", "vendor_code", help="Code of the vendor that a vendor user belongs to.")
@click.option("--locale", type=click.Choice(["fr", "en"]), help="Language of the invitation and of the pages.")
def create_user(email: str, role: str, name: str, vendor_code: str | None, locale: str | None) -> None:
    """Invite EMAIL: the mail leaves with the next job run, and the link is printed here as well."""
    if "@" not in email.strip("@"):
        raise Refused(f"“{email}” is not an e-mail address.")
    vendor = find_by_code(vendor_code) if vendor_code else None
    if vendor_code and vendor is None:
        raise Refused(f"There is no vendor with the code “{vendor_code}”.")
    try:
        with force_locale("en"):
            user, path = invitations.invite(
                email, Role(role), by=None, name=name, locale=locale, vendor_id=vendor.id if vendor else None
            )
    except BackofficeError as error:
        raise Refused(error.message) from None
    db.session.commit()
    click.echo(f"{user.email} is invited as {role}. The link works once, for 14 days:", err=True)
    click.echo(current_app.config["BASE_URL"].rstrip("/") + path)


@vendors.command("list")
@click.option(
    "--status", type=click.Choice([status.value for status in VendorStatus]), help="Only those in this state."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array instead of the table.")
def list_vendors(status: str | None, as_json: bool) -> None:
    """Print the vendors with their state, by code."""
    query = sa.select(Vendor).options(joinedload(Vendor.account_manager)).order_by(Vendor.code)
    if status:
        query = query.where(Vendor.status == VendorStatus(status))
    with reading():
        rows = [_row(vendor) for vendor in db.session.scalars(query)]
        db.session.rollback()
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    _print_table(rows, ("code", "name", "status", "since", "account_manager"))


def _row(vendor: Vendor) -> dict[str, Any]:
    manager = vendor.account_manager
    return {
        "code": vendor.code,
        "name": vendor.name,
        "status": vendor.status.value,
        "since": vendor.status_changed_at.isoformat(timespec="seconds"),
        "account_manager": manager.email if manager is not None else None,
    }


def _print_table(rows: list[dict[str, Any]], columns: tuple[str, ...]) -> None:
    cells = [list(columns), *([str(row[name] or "") for name in columns] for row in rows)]
    widths = [max(len(line[position]) for line in cells) for position in range(len(columns))]
    for line in cells:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


@work.command("status")
def job_status() -> None:
    """Print how many tasks stand in each state, and how long the oldest due one has waited."""
    with reading():
        counts = jobs.status()
        due, oldest = jobs.backlog()
        db.session.rollback()
    click.echo(json.dumps({**counts, "due": due, "oldest_due_seconds": round(oldest, 1)}))


@work.command("work")
@click.option("--once", is_flag=True, help="Do everything that is due now, then stop.")
def work_on_jobs(once: bool) -> None:
    """Work on tasks until stopped (SIGTERM or Ctrl-C lets the running ones end)."""
    if once:
        jobs.sweep()
        done = jobs.drain()
        click.echo(json.dumps({"done": done, "failed": jobs.status()["failed"]}))
        return
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    worker = jobs.connect(app, with_workers=True)
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_arguments: stop.set())
    process.stay()
    click.echo("working; stop with SIGTERM", err=True)
    while not stop.wait(1):
        pass
    worker.stop()
    click.echo("stopped", err=True)


@click.command("check")
@with_appcontext
def check() -> None:
    """Look at settings, versions and reachability, one line a finding; exit 1 if anything is wrong."""
    found = checkup.findings()
    for finding in found:
        click.echo(f"{'ok   ' if finding.good else 'WRONG'} {finding.name}: {finding.words}")
    if not all(finding.good for finding in found):
        raise SystemExit(1)


def register(app: Flask) -> None:
    """Give the commands to `flask`."""
    for command in (users, vendors, work, check):
        app.cli.add_command(command)
