"""Users and roles, and programs' keys: the pages of an administrator; a vendor's user has the vendor's keys."""

from __future__ import annotations

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import joinedload

from backoffice import audit
from backoffice.accounts import invitations, tokens
from backoffice.accounts.blueprint import bp
from backoffice.accounts.forms import InviteForm, RoleForm, TokenForm
from backoffice.accounts.models import ApiToken, User, UserState
from backoffice.errors import Conflict, Forbidden, Invalid, NotFound
from backoffice.extensions import db
from backoffice.options import options
from backoffice.paging import paginate
from backoffice.permissions import Permission, Role, may, requires

_STATES = {
    UserState.INVITED: sa.and_(User.active, User.password_hash.is_(None)),
    UserState.JOINED: sa.and_(User.active, User.password_hash.is_not(None)),
    UserState.PUT_AWAY: sa.not_(User.active),
}


@bp.get("/users")
@requires(Permission.MANAGE_USERS)
def users() -> ResponseReturnValue:
    """List the users, narrowed by role, state and text."""
    role, state, text = (request.args.get(name, "") for name in ("role", "state", "text"))
    query = sa.select(User).options(joinedload(User.vendor))
    if role in list(Role):
        query = query.where(User.role == Role(role))
    if state in list(UserState):
        query = query.where(_STATES[UserState(state)])
    if text.strip():
        matches = (column.icontains(text.strip(), autoescape=True) for column in (User.email, User.name))
        query = query.where(sa.or_(*matches))
    page = paginate(query, order=[(User.email, "asc"), (User.id, "asc")])
    return render_template("accounts/users.html", page=page, roles=list(Role), states=list(UserState))


@bp.route("/users/invite", methods=["GET", "POST"])
@requires(Permission.MANAGE_USERS)
def invite() -> ResponseReturnValue:
    """Invite a member of the staff by mail."""
    form = InviteForm()
    if form.validate_on_submit():
        try:
            role = Role(form.role.data)
            email, name = form.email.data or "", form.name.data or ""
            user, _path = invitations.invite(email, role, by=current_user, name=name, locale=form.locale.data)
        except Conflict as conflict:
            form.email.errors = [conflict.message]
        else:
            db.session.commit()
            flash(_("%(email)s is invited.", email=user.email), "success")
            return redirect(url_for("accounts.user", user_id=user.id))
    return render_template("accounts/invite.html", form=form), 422 if form.is_submitted() else 200


@bp.get("/users/<int:user_id>")
@requires(Permission.MANAGE_USERS)
def user(user_id: int) -> ResponseReturnValue:
    """Show one user: role, state, history."""
    person = _find(user_id)
    form = RoleForm(formdata=None, role=person.role.value)
    return render_template("accounts/user.html", user=person, form=form, events=audit.timeline(person))


@bp.post("/users/<int:user_id>/role")
@requires(Permission.MANAGE_USERS)
def change_role(user_id: int) -> ResponseReturnValue:
    """Give a member of the staff another role."""
    person, form = _find(user_id), RoleForm()
    if not form.validate():
        raise Invalid(_("There is no such role."))
    invitations.change_role(person, Role(form.role.data), by=current_user)
    db.session.commit()
    flash(_("The role is changed; %(name)s signs in anew.", name=person.display_name), "success")
    return redirect(url_for("accounts.user", user_id=person.id))


@bp.post("/users/<int:user_id>/deactivate")
@requires(Permission.MANAGE_USERS)
def deactivate(user_id: int) -> ResponseReturnValue:
    """Put a user away."""
    person = _find(user_id)
    invitations.deactivate(person, by=current_user)
    db.session.commit()
    flash(_("%(name)s is deactivated and signed out everywhere.", name=person.display_name), "success")
    return redirect(url_for("accounts.user", user_id=person.id))


@bp.post("/users/<int:user_id>/activate")
@requires(Permission.MANAGE_USERS)
def activate(user_id: int) -> ResponseReturnValue:
    """Bring a user back."""
    person = _find(user_id)
    invitations.activate(person, by=current_user)
    db.session.commit()
    return redirect(url_for("accounts.user", user_id=person.id))


@bp.post("/users/<int:user_id>/invite-again")
@requires(Permission.MANAGE_USERS)
def invite_again(user_id: int) -> ResponseReturnValue:
    """Send the invitation again."""
    person = _find(user_id)
    invitations.invite_again(person, by=current_user)
    db.session.commit()
    flash(_("A new invitation is on its way to %(email)s.", email=person.email), "success")
    return redirect(url_for("accounts.user", user_id=person.id))


def _find(user_id: int) -> User:
    person = db.session.get(User, user_id)
    if person is None:
        raise NotFound()
    return person


def _own_scope() -> int | None:
    """Return the vendor whose keys the reader manages, None for an administrator, who manages all."""
    if may(current_user, Permission.MANAGE_SETTINGS):
        return None
    if current_user.role == Role.VENDOR_USER:
        return int(current_user.vendor_id)
    raise Forbidden(_("Your role does not include this.")) if current_user.is_staff else NotFound()


@bp.route("/api-keys", methods=["GET", "POST"], endpoint="tokens")
def api_keys() -> ResponseReturnValue:
    """List the keys of programs and make a new one, whose secret is shown on the answer and never again."""
    scope, names, secret = _own_scope(), tokens.vendor_names(), None
    form = TokenForm()
    choices = {"": _("everything of the marketplace"), **{str(key): name for key, name in names.items()}}
    form.vendor.choices = options(choices.items() if scope is None else [(str(scope), names[scope])])
    if form.validate_on_submit():
        vendor_id = int(form.vendor.data) if form.vendor.data else None
        _row, secret = tokens.create(form.name.data or "", by=current_user, vendor_id=vendor_id)
        db.session.commit()
        form = TokenForm(formdata=None)
        form.vendor.choices = options(choices.items() if scope is None else [(str(scope), names[scope])])
    page = render_template(
        "accounts/tokens.html", form=form, rows=tokens.listed(scope), names=names, secret=secret, scope=scope
    )
    return page, 422 if form.errors else 200


@bp.post("/api-keys/<int:token_id>/revoke")
def revoke_token(token_id: int) -> ResponseReturnValue:
    """Make a key useless."""
    scope, row = _own_scope(), db.session.get(ApiToken, token_id)
    if row is None or (scope is not None and row.vendor_id != scope):
        raise NotFound()
    tokens.revoke(row, by=current_user)
    db.session.commit()
    flash(_("The key “%(name)s” is revoked.", name=row.name), "success")
    return redirect(url_for("accounts.tokens"))
