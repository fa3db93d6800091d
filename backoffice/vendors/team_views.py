"""The people of a vendor: its own page, and the staff's invitation on the vendor's page."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from backoffice.accounts import invitations
from backoffice.accounts.models import User
from backoffice.errors import Conflict
from backoffice.extensions import db
from backoffice.permissions import Permission, requires
from backoffice.vendors import portfolio, team
from backoffice.vendors.blueprint import bp
from backoffice.vendors.forms import ColleagueForm
from backoffice.vendors.models import Vendor


@bp.route("/team", methods=["GET", "POST"], endpoint="team")
@requires(Permission.FILL_ONBOARDING)
def own_team() -> ResponseReturnValue:
    """Show the reader's colleagues and invite another one."""
    vendor, form = portfolio.own(current_user), ColleagueForm()
    if form.validate_on_submit() and _invited(vendor, form):
        return redirect(url_for("vendors.team"))
    page = render_template(
        "vendors/team.html", vendor=vendor, form=form, people=team.members(vendor), opened=team.is_open(vendor)
    )
    return page, 422 if form.is_submitted() else 200


@bp.post("/team/<int:user_id>/invite-again")
@requires(Permission.FILL_ONBOARDING)
def invite_colleague_again(user_id: int) -> ResponseReturnValue:
    """Send a colleague's invitation again."""
    person = _colleague(user_id)
    invitations.invite_again(person, by=current_user)
    db.session.commit()
    flash(_("A new invitation is on its way to %(email)s.", email=person.email), "success")
    return redirect(url_for("vendors.team"))


@bp.post("/team/<int:user_id>/deactivate")
@requires(Permission.FILL_ONBOARDING)
def deactivate_colleague(user_id: int) -> ResponseReturnValue:
    """Put a colleague away, who can no longer sign in."""
    person = _colleague(user_id)
    invitations.deactivate(person, by=current_user)
    db.session.commit()
    flash(_("%(name)s is deactivated and signed out everywhere.", name=person.display_name), "success")
    return redirect(url_for("vendors.team"))


@bp.post("/team/<int:user_id>/activate")
@requires(Permission.FILL_ONBOARDING)
def activate_colleague(user_id: int) -> ResponseReturnValue:
    """Bring a colleague back."""
    invitations.activate(_colleague(user_id), by=current_user)
    db.session.commit()
    return redirect(url_for("vendors.team"))


@bp.route("/vendors/<int:vendor_id>/people", methods=["GET", "POST"])
@requires(Permission.MANAGE_VENDORS)
def people(vendor_id: int) -> ResponseReturnValue:
    """Invite someone more to work for a vendor, in its place."""
    vendor, form = portfolio.find(vendor_id, current_user), ColleagueForm()
    if form.validate_on_submit() and _invited(vendor, form):
        return redirect(url_for("vendors.show", vendor_id=vendor.id, _anchor="people"))
    page = render_template(
        "vendors/people.html", vendor=vendor, form=form, people=team.members(vendor), opened=team.is_open(vendor)
    )
    return page, 422 if form.is_submitted() else 200


def _colleague(user_id: int) -> User:
    return team.member(portfolio.own(current_user), user_id)


def _invited(vendor: Vendor, form: ColleagueForm) -> bool:
    """Invite whom the form names and say so; an e-mail that belongs to somebody is said at its field."""
    try:
        person = team.invite(vendor, form.email.data or "", name=form.name.data or "", by=current_user)
    except Conflict as conflict:
        form.email.errors = [conflict.message]
        return False
    db.session.commit()
    flash(_("%(email)s is invited.", email=person.email), "success")
    return True
