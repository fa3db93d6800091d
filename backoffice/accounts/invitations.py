"""Joining the house and coming back: invitations, password resets, and what changes of a user's rights.

Each verb takes who acts and audits; the mail leaves with the caller's commit. Promise: the last administrator stays.
"""

from __future__ import annotations

import sqlalchemy as sa
from blinker import Namespace
from flask_babel import gettext as _

from backoffice import audit
from backoffice.accounts import links, passwords, sessions
from backoffice.accounts.links import Purpose
from backoffice.accounts.models import User
from backoffice.errors import Conflict, IllegalMove, Invalid
from backoffice.extensions import db
from backoffice.notifications import send_mail
from backoffice.permissions import STAFF, Role

# Sender is the user who has just chosen a first password; sent inside the transaction.
invitation_accepted = Namespace().signal("invitation-accepted")


def find_by_email(email: str) -> User | None:
    """Return the user with this e-mail, however it is written."""
    return db.session.scalar(sa.select(User).where(User.email == email.strip().lower()))


def invite(
    email: str,
    role: Role,
    *,
    by: User | None,
    name: str = "",
    locale: str | None = None,
    vendor_id: int | None = None,
    template: str = "invitation",
) -> tuple[User, str]:
    """Create the user and mail a link to join; returns the user and the link's path.

    Raises Conflict where the e-mail belongs to someone, Invalid for a vendor user without vendor.
    """
    if (role == Role.VENDOR_USER) != (vendor_id is not None):
        raise Invalid(_("A vendor's user belongs to one vendor, and nobody else does."))
    if find_by_email(email) is not None:
        raise Conflict(_("%(email)s belongs to a user already.", email=email))
    user = User(email=email.strip().lower(), name=name.strip(), role=role, locale=locale, vendor_id=vendor_id)
    db.session.add(user)
    db.session.flush()
    audit.record("user.invite", user, by=by, changes={"role": (None, role)})
    return user, _send_invitation(user, by=by, template=template)


def invite_again(user: User, *, by: User) -> str:
    """Mail a fresh link to a user who never chose a password; the earlier link stops working."""
    if user.password_hash is not None:
        raise IllegalMove(_("This person has joined already; a forgotten password is reset from the login page."))
    if not user.active:
        raise IllegalMove(_("This person is put away; bring them back first."), legal=["activate"])
    audit.record("user.invite_again", user, by=by)
    return _send_invitation(user, by=by, template="invitation")


def _send_invitation(user: User, *, by: User | None, template: str) -> str:
    path = f"/join/{links.create(user, Purpose.INVITATION)}"
    send_mail(
        user.email,
        template,
        locale=user.locale,
        url=path,
        keep=False,
        name=user.name,
        inviter=by.display_name if by is not None else "",
        days=links.LIFETIME[Purpose.INVITATION].days,
    )
    return path


def join(token: str, password: str, *, name: str) -> User:
    """Spend an invitation: set the name and the first password of its user."""
    user = links.use(token, Purpose.INVITATION)
    user.name = name.strip() or user.name
    passwords.set_password(user, password)
    audit.record("user.join", user, by=user)
    invitation_accepted.send(user)
    return user


def ask_reset(email: str) -> None:
    """Mail a link to choose a new password, where the e-mail is of an active user; says nothing either way."""
    user = find_by_email(email)
    if user is None or not user.active:
        return
    if user.password_hash is None:
        _send_invitation(user, by=None, template="invitation")
        return
    path = f"/reset/{links.create(user, Purpose.RESET)}"
    minutes = int(links.LIFETIME[Purpose.RESET].total_seconds() // 60)
    send_mail(user.email, "password_reset", locale=user.locale, url=path, keep=False, name=user.name, minutes=minutes)
    audit.record("user.ask_reset", user, by=None)


def reset(token: str, password: str) -> User:
    """Spend a reset link: set the new password and log the user out everywhere."""
    user = links.use(token, Purpose.RESET)
    _change(user, password, verb="user.reset_password")
    return user


def change_password(user: User, password: str) -> None:
    """Set a new password at the user's own word and log every other browser out; the caller opens a new session."""
    _change(user, password, verb="user.change_password")


def _change(user: User, password: str, *, verb: str) -> None:
    passwords.set_password(user, password)
    links.forget(user, Purpose.RESET)
    sessions.close_all_sessions(user)
    audit.record(verb, user, by=user)
    send_mail(user.email, "password_changed", locale=user.locale, url="/password", name=user.name)


def change_role(user: User, role: Role, *, by: User) -> None:
    """Give a member of the staff another role; their sessions end, so that the new rights hold at once."""
    if user.role == role:
        return
    if not user.is_staff or role not in STAFF:
        raise IllegalMove(_("Only members of the staff change roles. Invite the person anew instead."))
    _keep_an_administrator(user, by)
    audit.record("user.change_role", user, by=by, changes={"role": (user.role, role)})
    user.role = role
    sessions.close_all_sessions(user)


def deactivate(user: User, *, by: User, reason: str = "") -> None:
    """Put a user away: no login, every session ended, every open link useless. Nothing they did is lost."""
    if not user.active:
        return
    _keep_an_administrator(user, by)
    user.active = False
    sessions.close_all_sessions(user)
    for purpose in Purpose:
        links.forget(user, purpose)
    audit.record("user.deactivate", user, by=by, changes={"active": (True, False)}, reason=reason)


def activate(user: User, *, by: User) -> None:
    """Bring a user back."""
    if not user.active:
        user.active = True
        audit.record("user.activate", user, by=by, changes={"active": (False, True)})


def _keep_an_administrator(user: User, by: User) -> None:
    if user.id == by.id:
        raise IllegalMove(_("You cannot take your own rights away; another administrator can."))
    if user.role != Role.ADMINISTRATOR or not user.active:
        return
    others = sa.select(sa.func.count()).where(User.role == Role.ADMINISTRATOR, User.active, User.id != user.id)
    if not db.session.scalar(others):
        raise IllegalMove(_("This is the last administrator; name another one first."))
