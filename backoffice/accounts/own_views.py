"""What a person sees of themselves: profile, password, the lines under the bell."""

from __future__ import annotations

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from backoffice import audit, words
from backoffice.accounts import invitations, sessions, throttling
from backoffice.accounts.blueprint import bp, safe_next
from backoffice.accounts.forms import ChangePasswordForm, ProfileForm
from backoffice.clock import now
from backoffice.errors import NotFound
from backoffice.extensions import db
from backoffice.notifications import Notification
from backoffice.paging import paginate


@bp.route("/profile", methods=["GET", "POST"])
def profile() -> ResponseReturnValue:
    """Show and take the reader's own name, language and appearance."""
    form = ProfileForm(obj=current_user, locale=current_user.locale or "fr")
    if form.validate_on_submit():
        form.populate_obj(current_user)
        db.session.commit()
        flash(_("Your profile is saved."), "success")
        return redirect(url_for("accounts.profile"))
    return _profile_page(form, ChangePasswordForm(formdata=None)), 422 if form.is_submitted() else 200


@bp.post("/profile/password")
def change_password() -> ResponseReturnValue:
    """Take a new password from someone who knows the old one; guesses are slowed down as at the door."""
    keys = throttling.keys("password", current_user.email)
    throttling.check(keys)
    tries = throttling.count(keys)
    db.session.commit()
    form = ChangePasswordForm(email=current_user.email, person=current_user.name)
    if not form.validate_on_submit():
        return _profile_page(_own_form(), form), 422
    throttling.forget(keys, tries)
    invitations.change_password(current_user, form.password.data or "")
    sessions.open_session(current_user)
    db.session.commit()
    flash(_("Your new password holds. Every other browser was signed out."), "success")
    return redirect(url_for("accounts.profile"))


def _own_form() -> ProfileForm:
    return ProfileForm(formdata=None, obj=current_user, locale=current_user.locale or "fr")


def _profile_page(form: ProfileForm, password_form: ChangePasswordForm) -> str:
    return render_template(
        "accounts/profile.html", form=form, password_form=password_form, events=audit.timeline(current_user, limit=10)
    )


@bp.get("/notifications")
def notifications() -> ResponseReturnValue:
    """List what the reader was told, newest first."""
    query = sa.select(Notification).where(Notification.user_id == current_user.id)
    page = paginate(query, order=[(Notification.id, "desc")])
    return render_template("accounts/notifications.html", page=page, sentence=words.notification)


@bp.post("/notifications/read")
def read_notifications() -> ResponseReturnValue:
    """Mark every line as read."""
    unread = sa.update(Notification).where(Notification.user_id == current_user.id, Notification.read_at.is_(None))
    db.session.execute(unread.values(read_at=now()))
    db.session.commit()
    return redirect(url_for("accounts.notifications"))


@bp.post("/notifications/<int:notification_id>/open")
def open_notification(notification_id: int) -> ResponseReturnValue:
    """Mark one line as read and lead to what it is about."""
    row = db.session.get(Notification, notification_id)
    if row is None or row.user_id != current_user.id:
        raise NotFound()
    row.read_at = row.read_at or now()
    db.session.commit()
    return redirect(safe_next(row.url) if row.url else request.referrer or url_for("accounts.notifications"))
