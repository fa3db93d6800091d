"""Who may do what: roles, permissions, one table between them, and the wall around every view.

Every view needs a logged-in user unless it is `@public`; `@requires(Permission.X)` asks for more. Whether *this* thing
is the reader's is asked where the thing is fetched (`visible_to` queries), and a stranger gets 404.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

from flask import Flask, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from backoffice.errors import BackofficeError, Forbidden, NotFound, wants_json

View = TypeVar("View", bound=Callable[..., object])


class Role(StrEnum):
    """What a user is here for; one role a user."""

    ADMINISTRATOR = "administrator"
    ACCOUNT_MANAGER = "account_manager"
    CONTENT_EDITOR = "content_editor"
    MEDIATOR = "mediator"
    VENDOR_USER = "vendor_user"
    BUYER = "buyer"


STAFF = frozenset({Role.ADMINISTRATOR, Role.ACCOUNT_MANAGER, Role.CONTENT_EDITOR, Role.MEDIATOR})


class Permission(StrEnum):
    """One kind of act; a view asks for one, a role has several."""

    MANAGE_USERS = "manage_users"
    READ_AUDIT = "read_audit"
    MANAGE_SETTINGS = "manage_settings"
    READ_VENDORS = "read_vendors"
    MANAGE_VENDORS = "manage_vendors"
    VET_VENDORS = "vet_vendors"
    FILL_ONBOARDING = "fill_onboarding"
    READ_CATALOG = "read_catalog"
    IMPORT_SHEETS = "import_sheets"
    REVIEW_SHEETS = "review_sheets"
    MANAGE_TAXONOMY = "manage_taxonomy"
    READ_ORDERS = "read_orders"
    MANAGE_ORDERS = "manage_orders"
    READ_DISPUTES = "read_disputes"
    OPEN_DISPUTE = "open_dispute"
    ANSWER_DISPUTE = "answer_dispute"
    MEDIATE = "mediate"
    READ_REPORTS = "read_reports"
    USE_DESK = "use_desk"


P = Permission
_STAFF_READS = {P.READ_VENDORS, P.READ_CATALOG, P.READ_ORDERS, P.READ_DISPUTES, P.READ_REPORTS, P.USE_DESK}

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: frozenset(Permission) - {P.FILL_ONBOARDING, P.OPEN_DISPUTE},
    Role.ACCOUNT_MANAGER: frozenset(_STAFF_READS | {P.MANAGE_VENDORS, P.VET_VENDORS, P.IMPORT_SHEETS, P.MANAGE_ORDERS}),
    Role.CONTENT_EDITOR: frozenset(_STAFF_READS | {P.IMPORT_SHEETS, P.REVIEW_SHEETS, P.MANAGE_TAXONOMY}),
    Role.MEDIATOR: frozenset(_STAFF_READS | {P.MEDIATE}),
    # Vendors and buyers see their own only: the queries behind these pages narrow to the vendor or the buyer.
    Role.VENDOR_USER: frozenset(
        {P.FILL_ONBOARDING, P.READ_CATALOG, P.IMPORT_SHEETS, P.READ_ORDERS, P.READ_DISPUTES, P.ANSWER_DISPUTE}
    ),
    Role.BUYER: frozenset({P.READ_ORDERS, P.READ_DISPUTES, P.OPEN_DISPUTE, P.ANSWER_DISPUTE}),
}


class NotLoggedIn(BackofficeError):
    """Nobody is logged in; a page leads to the login, a program gets 401."""

    status = 401
    code = "not_logged_in"


def public(view: View) -> View:
    """Let everyone in, logged in or not."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def requires(permission: Permission) -> Callable[[View], View]:
    """Ask for `permission` before the view runs."""

    def mark(view: View) -> View:
        view.required_permission = permission  # type: ignore[attr-defined]
        return view

    return mark


def may(user: object, permission: Permission) -> bool:
    """Return whether the user's role includes the act."""
    role = getattr(user, "role", None)
    return role is not None and permission in ROLE_PERMISSIONS[Role(role)]


def register(app: Flask) -> None:
    """Put the wall before every request and give templates `may`."""

    @app.before_request
    def wall() -> ResponseReturnValue | None:
        if request.endpoint is None:
            return None if current_user.is_authenticated else _to_login()
        view = current_app.view_functions[request.endpoint]
        if getattr(view, "is_public", False) or request.endpoint in PUBLIC_ENDPOINTS:
            return None
        if not current_user.is_authenticated:
            return _to_login()
        permission = getattr(view, "required_permission", None)
        if permission is not None and not may(current_user, permission):
            # Outsiders are not told what exists; staff are told that it is another role's.
            raise Forbidden(_("Your role does not include this.")) if current_user.role in STAFF else NotFound()
        return None

    app.jinja_env.globals.update(may=may, Permission=Permission, Role=Role)


# Views of the extensions themselves, which carry no mark of ours: files without anyone's data.
PUBLIC_ENDPOINTS = frozenset({"static", "bootstrap.static"})


def _to_login() -> ResponseReturnValue:
    if wants_json():
        raise NotLoggedIn(_("Log in to go on."))
    here = request.full_path if request.query_string else request.path
    return redirect(url_for("accounts.login", next=here if request.method == "GET" else None))
