"""What every command group shares: one clear sentence and status 2 instead of a traceback."""

from __future__ import annotations

import sys
from typing import Any, NoReturn

import click
from flask.cli import AppGroup
from sqlalchemy.exc import OperationalError, ProgrammingError

from backoffice.errors import BackofficeError


def stop(sentence: str) -> NoReturn:
    """End with one clear sentence and the status for unreadable input or wrong usage."""
    click.echo(sentence, err=True)
    sys.exit(2)


class HouseGroup(AppGroup):
    """A group whose commands say in a sentence that the database is away or behind, or what the house refused."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except BackofficeError as error:
            stop(error.message)
        except (OperationalError, ProgrammingError) as error:
            stop(f"The database does not answer, or is behind (`flask db upgrade` brings it up): {error.orig}.")
