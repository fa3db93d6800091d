"""The public pages of vendors: the terms, and the short application."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from backoffice.accounts import throttling
from backoffice.extensions import db
from backoffice.permissions import public
from backoffice.vendors import application
from backoffice.vendors.blueprint import bp
from backoffice.vendors.forms import ApplicationForm
from backoffice.vendors.requirements import TERMS_VERSION


@bp.route("/apply", methods=["GET", "POST"])
@public
def apply() -> ResponseReturnValue:
    """Take a short application from someone who would like to sell."""
    form = ApplicationForm()
    if form.taken(None):
        # A program that filled the hidden field is thanked like anyone, and nothing is kept.
        if not form.fax.data:
            keys = throttling.keys("apply", form.email.data or "")
            throttling.check(keys)
            throttling.count(keys)
            application.apply({**form.values(), "locale": str(get_locale() or "fr")})
            db.session.commit()
        return redirect(url_for("vendors.applied"))
    return render_template("vendors/apply.html", form=form), 422 if form.is_submitted() else 200


@bp.get("/apply/thanks")
@public
def applied() -> ResponseReturnValue:
    """Say what happens next."""
    return render_template("vendors/applied.html")


@bp.get("/terms")
@public
def terms() -> ResponseReturnValue:
    """Show the terms in force."""
    return render_template("vendors/terms.html", version=TERMS_VERSION)
