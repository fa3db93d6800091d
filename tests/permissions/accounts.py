"""Who gets what from the pages of accounts."""

from __future__ import annotations

from typing import Any

from backoffice.accounts import links, tokens
from backoffice.accounts.links import Purpose
from backoffice.extensions import db
from backoffice.notifications import Notification
from backoffice.permissions import Role
from tests.factories.accounts import make_user
from tests.permissions.table import EVERYONE, LOGGED_IN, Row

ADMIN = ("administrator",)
GOOD = "lantern orbit 7 walnut"


def extend(world: Any) -> None:
    """Add someone to manage, links, keys and a line under the administrator's bell."""
    world.colleague = make_user(Role.MEDIATOR)
    world.join_token = links.create(make_user(Role.MEDIATOR, password_hash=None), Purpose.INVITATION)
    world.reset_token = links.create(make_user(Role.MEDIATOR), Purpose.RESET)
    world.key, _secret = tokens.create("storefront", by=world.users["administrator"])
    world.vendor_key, _secret = tokens.create("orders", by=world.users["administrator"], vendor_id=world.vendor.id)
    world.bell = Notification(user_id=world.users["administrator"].id, kind="vendor_started", url="/profile")
    db.session.add(world.bell)
    db.session.commit()


def _colleague(world: Any) -> dict[str, Any]:
    return {"user_id": world.colleague.id}


def _new_password(_world: Any) -> dict[str, Any]:
    return {"name": "Anna", "password": GOOD, "again": GOOD}


ROWS = [
    Row("accounts.login", allowed=("anonymous",), exceptions=dict.fromkeys(LOGGED_IN, 302)),
    Row("accounts.login", "POST", ("anonymous",), 422, exceptions=dict.fromkeys(LOGGED_IN, 302)),
    Row("accounts.logout", "POST", LOGGED_IN, 302),
    Row("accounts.logout_everywhere", "POST", LOGGED_IN, 302),
    Row("accounts.join", allowed=EVERYONE, values=lambda world: {"token": world.join_token}),
    Row("accounts.join", "POST", EVERYONE, 302, values=lambda world: {"token": world.join_token}, data=_new_password),
    Row("accounts.ask_reset", allowed=EVERYONE),
    Row("accounts.ask_reset", "POST", EVERYONE, 302, data=lambda world: {"email": world.colleague.email}),
    Row("accounts.reset", allowed=EVERYONE, values=lambda world: {"token": world.reset_token}),
    Row("accounts.reset", "POST", EVERYONE, 302, values=lambda world: {"token": world.reset_token}, data=_new_password),
    Row("accounts.set_language", "POST", EVERYONE, 302, data=lambda _world: {"locale": "fr"}),
    Row("accounts.set_theme", "POST", LOGGED_IN, 302, data=lambda _world: {"theme": "dark"}),
    Row("accounts.profile", allowed=LOGGED_IN),
    Row("accounts.profile", "POST", LOGGED_IN, 302, data=lambda _world: {"name": "A", "locale": "fr", "theme": "auto"}),
    Row("accounts.change_password", "POST", LOGGED_IN, 422),
    Row("accounts.notifications", allowed=LOGGED_IN),
    Row("accounts.read_notifications", "POST", LOGGED_IN, 302),
    Row(
        "accounts.open_notification",
        "POST",
        ADMIN,
        302,
        values=lambda world: {"notification_id": world.bell.id},
        exceptions=dict.fromkeys(("account_manager", "content_editor", "mediator"), 404),
    ),
    Row("accounts.users", allowed=ADMIN),
    Row("accounts.invite", allowed=ADMIN),
    Row(
        "accounts.invite",
        "POST",
        ADMIN,
        302,
        data=lambda _world: {"email": "new@house.example", "role": "mediator", "locale": "fr"},
    ),
    Row("accounts.user", allowed=ADMIN, values=_colleague),
    Row("accounts.change_role", "POST", ADMIN, 302, values=_colleague, data=lambda _world: {"role": "content_editor"}),
    Row("accounts.deactivate", "POST", ADMIN, 302, values=_colleague),
    Row("accounts.activate", "POST", ADMIN, 302, values=_colleague),
    Row("accounts.invite_again", "POST", ADMIN, 302, values=_colleague),
    Row("accounts.tokens", allowed=("administrator", "vendor_owner", "vendor_stranger")),
    Row(
        "accounts.tokens",
        "POST",
        ("administrator", "vendor_owner"),
        200,
        data=lambda world: {"name": "till", "vendor": str(world.vendor.id)},
        exceptions={"vendor_stranger": 422},
    ),
    Row(
        "accounts.revoke_token",
        "POST",
        ("administrator", "vendor_owner"),
        302,
        values=lambda world: {"token_id": world.vendor_key.id},
    ),
]
