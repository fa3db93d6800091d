"""`flask orders …`: taking a file of orders from a script.

Exit status: 0 done, 1 done with lines in error, 2 the file cannot be read.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import NoReturn

import click
from flask import Flask
from flask.cli import AppGroup

from backoffice.extensions import db
from backoffice.orders import imports, problems, recording
from backoffice.orders.problems import UnreadableOrders

group = AppGroup("orders", help="Orders as the storefront reports them.")
# Problems told on standard error; a file that is wrong throughout would only scroll.
TOLD = 50


@group.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--locale", type=click.Choice(["fr", "en"]), default="en", help="Language of the problems' sentences.")
def import_command(file: Path, locale: str) -> None:
    """Take the orders of the CSV FILE; orders with a problem are left out and told. The last line is the result."""
    try:
        reading = imports.read(file.read_bytes())
    except OSError as error:
        _stop(f"“{file.name}” cannot be read: {error.strerror}.")
    except UnreadableOrders as error:
        _stop(error.message(locale))
    done = recording.record_all(reading.baskets, by=None)
    db.session.commit()
    issues = sorted([*reading.issues, *done.issues], key=lambda issue: issue.row or 0)
    for issue in issues[:TOLD]:
        click.echo(f"line {issue.row}, {issue.column}: {problems.sentence(issue, locale)}", err=True)
    wrong = imports.lines_in_error(issues)
    figures = {
        "lines_read": reading.lines_read,
        "lines_in_success": reading.lines_read - wrong,
        "lines_in_error": wrong,
        "orders": len(done.orders),
    }
    click.echo(json.dumps(figures))
    sys.exit(1 if wrong else 0)


def _stop(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(2)


def register(app: Flask) -> None:
    """Add `flask orders`."""
    app.cli.add_command(group)
