"""The door: login, logout, invitations, forgotten passwords, and the language of the page."""

from __future__ import annotations

from flask import Flask, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from backoffice import navigation
from backoffice.accounts import invitations, links, passwords, sessions, throttling, words
from backoffice.accounts.blueprint import HOME, bp, safe_next
from backoffice.accounts.forms import LANGUAGES, THEMES, EmailForm, JoinForm, LoginForm, NewPasswordForm
from backoffice.accounts.links import Purpose
from backoffice.accounts.models import User
from backoffice.extensions import db
from backoffice.permissions import Permission, public


@bp.route("/login", methods=["GET", "POST"])
@public
def login() -> ResponseReturnValue:
    """Let in whoever knows the e-mail and its password; unknown and wrong are answered alike."""
    if current_user.is_authenticated:
        return redirect(safe_next(request.args.get("next")))
    form = LoginForm()
    if not form.validate_on_submit():
        return render_template("accounts/login.html", form=form), 422 if form.is_submitted() else 200
    user = _check_login(form.email.data or "", form.password.data or "")
    if user is None:
        form.password.errors = [_("This e-mail and this password do not go together.")]
        return render_template("accounts/login.html", form=form), 422
    _enter(user)
    db.session.commit()
    return redirect(safe_next(request.args.get("next")))


def _check_login(email: str, password: str) -> User | None:
    """Return the user whose password this is, each try counted before it is made."""
    keys = throttling.keys("login", email)
    throttling.check(keys)
    tries = throttling.count(keys)
    db.session.commit()
    user = invitations.find_by_email(email)
    if not passwords.verify(user, password) or user is None or not user.active:
        return None
    throttling.forget(keys, tries)
    return user


def _enter(user: User) -> None:
    """Start a fresh session for the user; nothing of the browser's earlier one but its language goes with it."""
    language = session.get("locale")
    session.clear()
    if language:
        session["locale"] = language
    sessions.close_session()
    sessions.open_session(user)


@bp.post("/logout")
def logout() -> ResponseReturnValue:
    """End this session; the browser keeps the language in which it was left."""
    language = str(get_locale() or "")
    sessions.close_session()
    session.clear()
    session["locale"] = language
    db.session.commit()
    flash(_("You are signed out."), "success")
    return redirect(url_for("accounts.login"))


@bp.post("/logout-everywhere")
def logout_everywhere() -> ResponseReturnValue:
    """End every session of the reader but this one."""
    number = sessions.close_all_sessions(current_user, but_this=True)
    db.session.commit()
    said = ngettext("Signed out of %(num)s other browser.", "Signed out of %(num)s other browsers.", number)
    flash(said if number else _("No other browser was signed in."), "success")
    return redirect(url_for("accounts.profile"))


@bp.route("/join/<token>", methods=["GET", "POST"])
@public
def join(token: str) -> ResponseReturnValue:
    """Let someone invited choose a name and a password; opening the page does not spend the link."""
    user = links.find(token, Purpose.INVITATION).user
    form = JoinForm(email=user.email, data={"name": user.name} if request.method == "GET" else None)
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return render_template("accounts/join.html", form=form, user=user), status
    user = invitations.join(token, form.password.data or "", name=form.name.data or "")
    if user.locale is None:
        user.locale = session.get("locale")
    _enter(user)
    db.session.commit()
    return redirect(HOME)


@bp.route("/password", methods=["GET", "POST"])
@public
def ask_reset() -> ResponseReturnValue:
    """Send a link to choose a new password; the answer is the same for an unknown e-mail."""
    form = EmailForm()
    if not form.validate_on_submit():
        return render_template("accounts/ask_reset.html", form=form), 422 if form.is_submitted() else 200
    keys = throttling.keys("reset", form.email.data or "")
    throttling.check(keys)
    throttling.count(keys)
    invitations.ask_reset(form.email.data or "")
    db.session.commit()
    flash(_("If this address is known, a mail with a link is on its way. It works for one hour."), "success")
    return redirect(url_for("accounts.login"))


@bp.route("/reset/<token>", methods=["GET", "POST"])
@public
def reset(token: str) -> ResponseReturnValue:
    """Let the holder of a reset link choose a new password."""
    user = links.find(token, Purpose.RESET).user
    form = NewPasswordForm(email=user.email, person=user.name)
    if not form.validate_on_submit():
        return render_template("accounts/reset.html", form=form, user=user), 422 if form.is_submitted() else 200
    user = invitations.reset(token, form.password.data or "")
    _enter(user)
    db.session.commit()
    flash(_("Your new password holds. Every other browser was signed out."), "success")
    return redirect(HOME)


@bp.post("/language")
@public
def set_language() -> ResponseReturnValue:
    """Keep the language of the page: with the person, and in this browser for one who is not logged in."""
    chosen = request.form.get("locale")
    if chosen in dict(LANGUAGES):
        session["locale"] = chosen
        if current_user.is_authenticated:
            current_user.locale = chosen
            db.session.commit()
    return redirect(safe_next(request.form.get("next")))


@bp.post("/theme")
def set_theme() -> ResponseReturnValue:
    """Keep the reader's choice of light, dark, or as the device."""
    chosen = request.form.get("theme")
    if chosen in dict(THEMES):
        current_user.theme = chosen
        db.session.commit()
    return redirect(safe_next(request.form.get("next")))


def register(app: Flask) -> None:
    """Add the pages, the words and the navigation of accounts."""
    from backoffice.accounts import own_views, user_views

    _pages = (own_views, user_views)  # their routes hang on the blueprint
    app.register_blueprint(bp)
    words.register()
    navigation.add(
        navigation.Entry(_l("Users"), "accounts.users", "users", Permission.MANAGE_USERS, order=800),
        navigation.Entry(_l("API keys"), "accounts.tokens", "lock", Permission.MANAGE_SETTINGS, order=820),
        navigation.Entry(
            _l("API keys"), "accounts.tokens", "lock", Permission.FILL_ONBOARDING, navigation.OUTSIDERS, order=820
        ),
    )
