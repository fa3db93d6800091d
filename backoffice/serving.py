"""`flask serve`: the pages through waitress, with the worker threads and the sweeper beside them.

With BROKER_URL set the jobs are carried by RabbitMQ and this process only serves: start workers with `flask jobs work`.
"""

from __future__ import annotations

import click
from flask import Flask, current_app
from waitress import create_server

from backoffice import jobs, process

# A page takes tens of milliseconds; eight threads keep a slow download from holding up the others.
THREADS = 8


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=5000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
def serve(host: str, port: int) -> None:
    """Serve the pages and, without a broker, work on jobs in the same process."""
    run(host=host, port=port)


def run(*, host: str, port: int) -> None:
    """Serve the application of this context until the process is asked to stop."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    try:
        server = create_server(app, host=host, port=port, threads=THREADS, ident=None, channel_timeout=120)
    except OSError as error:
        raise click.ClickException(
            f"Port {port} is taken or not allowed ({error.strerror}); choose another: PORT=5001."
        ) from None
    worker = jobs.connect(app, with_workers=not app.config["BROKER_URL"])
    process.stay()
    click.echo(f"Comptoir answers on http://{host}:{port}", err=True)
    try:
        server.run()
    finally:
        if worker is not None:
            worker.stop()


def register(app: Flask) -> None:
    """Add the command."""
    app.cli.add_command(serve)
