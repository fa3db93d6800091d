"""The roof: composes the application out of its packages; Flask and its commands find `create_app` here.

foundations (backoffice/*.py) → capabilities (accounts, vendors, orders, …) → engines (catalog, disputes) → here
"""

from __future__ import annotations

import importlib
import logging
import os
import sys
from collections.abc import Mapping
from typing import Any

import structlog
from flask import Flask, current_app, g, has_request_context, request, session
from flask_babel import get_locale
from flask_login import current_user
from werkzeug.middleware.proxy_fix import ProxyFix

from backoffice import (
    audit,
    database,
    errors,
    files,
    following,
    formatting,
    headers,
    jobs,
    navigation,
    notifications,
    permissions,
    process,
    words,
)
from backoffice.accounts import sessions
from backoffice.extensions import babel, bootstrap, csrf, db, login_manager, migrate
from config import ROOT, read_settings

# Each package offers `register(app)`: its blueprints, words, navigation, commands and job handlers. In this order.
PACKAGES = (
    "backoffice.accounts.views",
    "backoffice.vendors.views",
    "backoffice.orders.views",
    "backoffice.dashboard.views",
    "catalog.views",
    "catalog.taxonomies.views",
    "catalog.feeds.views",
    "catalog.images.views",
    "catalog.assortment.views",
    "catalog.steering.views",
    "catalog.figures.views",
    "catalog.desk.views",
    "disputes.views",
    "backoffice.api.views",
    "catalog.api",
    "catalog.feeds.api",
    "disputes.api",
    "backoffice.commands",
    "backoffice.serving",
    "catalog.commands",
    "disputes.commands",
    "backoffice.demo",
    "catalog.demo",
    "disputes.demo",
)
LOCALES = ("fr", "en")


def create_app(environ: Mapping[str, str] | None = None, **overrides: Any) -> Flask:
    """Return the application for these settings (the process environment by default); `overrides` replace single ones."""
    app = Flask(__name__, root_path=str(ROOT))
    app.config.from_mapping({**read_settings(os.environ if environ is None else environ), **overrides})
    _log(app)
    process.settle()
    database.register(app)
    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "backoffice" / "migrations"), render_as_batch=True)
    babel.init_app(app, locale_selector=reader_locale, timezone_selector=lambda: app.config["TIMEZONE"])
    bootstrap.init_app(app)
    csrf.init_app(app)
    login_manager.init_app(app)
    if app.config["TRUSTED_PROXIES"]:
        hops = app.config["TRUSTED_PROXIES"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    # `following` goes first: it looks at answers last.
    for foundation in (following, headers, errors, permissions, sessions, formatting, navigation):
        foundation.register(app)
    _context(app)
    with process.starting():
        for name in PACKAGES:
            importlib.import_module(name).register(app)
    return app


def reader_locale() -> str:
    """Return the reader's language: their own setting, else this browser's choice here, else what the browser asks for."""
    if not has_request_context():
        return str(current_app.config["DEFAULT_LOCALE"])
    for chosen in (getattr(current_user, "locale", None), session.get("locale")):
        if chosen in LOCALES:
            return str(chosen)
    return request.accept_languages.best_match(LOCALES) or str(current_app.config["DEFAULT_LOCALE"])


def _context(app: Flask) -> None:
    @app.context_processor
    def reader() -> dict[str, Any]:
        # A page that draws panels of others renders several templates, each with this context.
        if "unread_notifications" not in g:
            known = has_request_context() and current_user.is_authenticated
            g.unread_notifications = notifications.unread_count(current_user.id) if known else 0
        return {
            "locale": str(get_locale() or "fr"),
            "unread_notifications": g.unread_notifications,
            "operator": app.config["OPERATOR_NAME"],
        }

    app.jinja_env.globals.update(
        status_label=words.label,
        status_tone=words.tone,
        task_words=words.task,
        verb_label=words.verb,
        has_endpoint=lambda name: name in app.view_functions,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def _log(app: Flask) -> None:
    level = getattr(logging, app.config["LOG_LEVEL"])
    logging.basicConfig(level=level, format="%(message)s")
    if level > logging.DEBUG:  # the search client tells every request it makes
        logging.getLogger("elastic_transport").setLevel(max(level, logging.WARNING))
    # Standard output belongs to the results of commands.
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


# Models that no capability's views import are still part of the one metadata.
_FOUNDATION_MODELS = (audit.AuditEvent, files.StoredFile, jobs.Job, notifications.Notification)
