"""The words for what happens to users: states, history, and the line under the bell."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from backoffice import things, words
from backoffice.accounts.models import ApiToken, User, UserState
from backoffice.permissions import Role
from backoffice.things import Kind


def register() -> None:
    """Add the words of users and tokens."""
    words.register(
        {UserState.INVITED: _l("invited"), UserState.JOINED: _l("active"), UserState.PUT_AWAY: _l("deactivated")},
        {UserState.INVITED: "attention", UserState.JOINED: "done", UserState.PUT_AWAY: "neutral"},
    )
    words.register_fields("user_account", {"role": (_l("Role"), Role), "active": (_l("Active"), None)})
    words.register_fields("api_token", {"name": (_l("Name"), None)})
    people = sa.select(User.id, sa.case((User.name == "", User.email), else_=User.name).label("name"))
    things.register("user_account", Kind(_l("user"), people, "accounts.user", "user_id"))
    things.register("api_token", Kind(_l("API key"), sa.select(ApiToken.id, ApiToken.name), "accounts.tokens"))
    words.register_verbs(
        {
            "user.invite": _l("invited the user"),
            "user.invite_again": _l("sent the invitation again"),
            "user.join": _l("accepted the invitation"),
            "user.ask_reset": _l("received a request for a new password"),
            "user.reset_password": _l("chose a new password through a link"),
            "user.change_password": _l("changed the password"),
            "user.change_role": _l("changed the role"),
            "user.deactivate": _l("deactivated the user"),
            "user.activate": _l("reactivated the user"),
            "token.create": _l("created an API key"),
            "token.revoke": _l("revoked an API key"),
        }
    )
