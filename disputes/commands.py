"""Disputes from the command line, for scripts."""

from __future__ import annotations

import json
import sys

import click
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import joinedload

from backoffice.cli import HouseGroup
from backoffice.extensions import db
from disputes import reporting
from disputes.models import Dispute
from disputes.vocabulary import Status

# Nothing is due any more; the rows keep when their last timer ended.
OVER = (Status.CLOSED, Status.MERGED)

group = HouseGroup("disputes", help="Disputes between buyers and vendors.")


@group.command("list")
@click.option("--status", type=click.Choice([status.value for status in Status]), help="Only disputes in this status.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array instead of a table.")
def list_disputes(status: str | None, as_json: bool) -> None:
    """List disputes by due date, the most urgent first; closed and merged ones come last."""
    query = sa.select(Dispute).options(joinedload(Dispute.vendor), joinedload(Dispute.order))
    if status is not None:
        query = query.where(Dispute.status == Status(status))
    urgent_first = query.order_by(Dispute.status.in_(OVER), Dispute.due_at, Dispute.id)
    rows = reporting.listed(db.session.scalars(urgent_first))
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        due = "—" if row["status"] in OVER else f"due {row['due_at'][:16]}"
        click.echo(f"{row['number']}  {row['status']:<24} {row['vendor']:<20} {row['order']:<20} {due}")
    print(f"{len(rows)} disputes", file=sys.stderr)


def register(app: Flask) -> None:
    """Add `flask disputes`."""
    app.cli.add_command(group)
