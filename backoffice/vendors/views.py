"""The staff's pages of vendors: list, board, one vendor with its checklist, and the decisions on it."""

from __future__ import annotations

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from backoffice import audit, files, navigation
from backoffice.accounts.invitations import invitation_accepted
from backoffice.errors import Invalid
from backoffice.exporting import csv_answer
from backoffice.extensions import db
from backoffice.navigation import Entry
from backoffice.paging import paginate
from backoffice.permissions import Permission, Role, requires
from backoffice.vendors import application, lifecycle, panels, portfolio, vetting, waiting, words
from backoffice.vendors.blueprint import bp
from backoffice.vendors.forms import (
    EDIT_FIELDS,
    EDIT_OPTIONAL,
    PROSPECT_FIELDS,
    PROSPECT_OPTIONAL,
    ActForm,
    JudgeForm,
    ManagerForm,
    status_choices,
    vendor_form,
)
from backoffice.vendors.lifecycle import Action
from backoffice.vendors.messages import users_of
from backoffice.vendors.models import SuspensionReason, Vendor
from backoffice.vendors.portfolio import Filters
from backoffice.vendors.vetting import Judgement
from backoffice.words import label


def _filters() -> Filters:
    return Filters(*(request.args.get(name, "") for name in ("status", "manager", "text", "late")))


@bp.get("/vendors")
@requires(Permission.READ_VENDORS)
def index() -> ResponseReturnValue:
    """List the vendors, narrowed by state, account manager and text."""
    filters = _filters()
    page = paginate(portfolio.filtered(filters, current_user), order=[(Vendor.name, "asc"), (Vendor.id, "asc")])
    people = [("", _("all account managers")), ("none", _("nobody yet"))]
    people += [(str(person.id), person.display_name) for person in portfolio.managers()]
    return render_template(
        "vendors/index.html",
        page=page,
        filters=filters,
        people=people,
        statuses=status_choices(),
        counts=portfolio.counts(),
        is_late=portfolio.is_late,
    )


@bp.get("/vendors.csv")
@requires(Permission.READ_VENDORS)
def export() -> ResponseReturnValue:
    """Give the list out as CSV, narrowed as the page is."""
    lines = portfolio.as_csv(portfolio.filtered(_filters(), current_user))
    return csv_answer(lines, "vendors.csv")


@bp.get("/vendors/board")
@requires(Permission.READ_VENDORS)
def board() -> ResponseReturnValue:
    """Show the vendors in columns by state, the longest waiting first."""
    return render_template("vendors/board.html", columns=portfolio.board())


@bp.route("/vendors/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_VENDORS)
def create() -> ResponseReturnValue:
    """Enter a prospect."""
    form = vendor_form(PROSPECT_FIELDS, PROSPECT_OPTIONAL)
    if form.taken(None):
        vendor = application.enter_prospect(form.values(), by=current_user)
        db.session.commit()
        flash(_("%(name)s is entered as a prospect.", name=vendor.name), "success")
        return redirect(url_for("vendors.show", vendor_id=vendor.id))
    return render_template("vendors/edit.html", form=form, vendor=None), 422 if form.is_submitted() else 200


@bp.get("/vendors/<int:vendor_id>")
@requires(Permission.READ_VENDORS)
def show(vendor_id: int) -> ResponseReturnValue:
    """Show one vendor: file, checklist with evidence, documents, what others know of it, history."""
    vendor = portfolio.find(vendor_id, current_user)
    return render_template(
        "vendors/show.html",
        vendor=vendor,
        items=vetting.checklist(vendor),
        duplicates=vetting.possible_duplicates(vendor),
        choices=lifecycle.choices(vendor, current_user),
        judging=vendor.status in vetting.JUDGING,
        form=ActForm(formdata=None),
        manager_form=ManagerForm(formdata=None, manager=str(vendor.account_manager_id or "")),
        people=users_of(vendor),
        panels=panels.drawn(vendor),
        events=audit.timeline(vendor),
        words=words,
    )


@bp.route("/vendors/<int:vendor_id>/edit", methods=["GET", "POST"])
@requires(Permission.MANAGE_VENDORS)
def edit(vendor_id: int) -> ResponseReturnValue:
    """Change the file in the vendor's place; what was there stays in the history."""
    vendor = portfolio.find(vendor_id, current_user)
    form = vendor_form(EDIT_FIELDS, EDIT_OPTIONAL, obj=vendor)
    if form.taken(vendor):
        vetting.give(vendor, form.values(), by=current_user)
        db.session.commit()
        flash(_("The file is saved."), "success")
        return redirect(url_for("vendors.show", vendor_id=vendor.id))
    return render_template("vendors/edit.html", form=form, vendor=vendor), 422 if form.is_submitted() else 200


@bp.post("/vendors/<int:vendor_id>/act")
@requires(Permission.VET_VENDORS)
def act(vendor_id: int) -> ResponseReturnValue:
    """Walk one step of the state table, as the button pressed says."""
    vendor, form = portfolio.find(vendor_id, current_user), ActForm()
    if not form.validate():
        raise Invalid(_("There is no such act."))
    action, version = Action(form.action.data), form.seen_version()
    if action == Action.INVITE:
        application.invite(vendor, by=current_user, version=version)
    elif action == Action.REINSTATE:
        lifecycle.reinstate(vendor, by=current_user, reason=form.reason.data or "", version=version)
    else:
        because = SuspensionReason(form.because.data or SuspensionReason.MANUAL) if action == Action.SUSPEND else None
        reason = form.reason.data or ""
        lifecycle.move(vendor, action, by=current_user, reason=reason, version=version, because=because)
    db.session.commit()
    flash(_("Done. %(name)s is now: %(status)s.", name=vendor.name, status=label(vendor.status)), "success")
    return redirect(url_for("vendors.show", vendor_id=vendor.id))


@bp.post("/vendors/<int:vendor_id>/requirements/<kind>")
@requires(Permission.VET_VENDORS)
def judge(vendor_id: int, kind: str) -> ResponseReturnValue:
    """Accept one item, ask for its correction with words, or waive it."""
    vendor, form = portfolio.find(vendor_id, current_user), JudgeForm()
    if not form.validate():
        raise Invalid(_("There is no such act."))
    seen = form.version.data or ""
    if seen and seen != str(vendor.version):
        raise lifecycle.changed_meanwhile(vendor)
    try:
        vetting.judge(vendor, kind, Judgement(form.judgement.data), by=current_user, words=form.words.data or "")
        db.session.commit()
    except Invalid as refusal:
        db.session.rollback()
        flash(refusal.message, "danger")
    return redirect(url_for("vendors.show", vendor_id=vendor.id, _anchor=f"item-{kind}"))


@bp.post("/vendors/<int:vendor_id>/manager")
@requires(Permission.MANAGE_VENDORS)
def assign(vendor_id: int) -> ResponseReturnValue:
    """Give the vendor to an account manager."""
    vendor, form = portfolio.find(vendor_id, current_user), ManagerForm()
    if not form.validate():
        raise Invalid(_("This person cannot look after a vendor."))
    application.assign(vendor, int(form.manager.data) if form.manager.data else None, by=current_user)
    db.session.commit()
    return redirect(url_for("vendors.show", vendor_id=vendor.id))


@bp.post("/vendors/<int:vendor_id>/recheck")
@requires(Permission.VET_VENDORS)
def recheck(vendor_id: int) -> ResponseReturnValue:
    """Run the checks again, now."""
    vendor = portfolio.find(vendor_id, current_user)
    vetting.recheck(vendor, by=current_user)
    db.session.commit()
    flash(_("The checks ran again."), "success")
    return redirect(url_for("vendors.show", vendor_id=vendor.id, _anchor="checklist"))


@bp.get("/vendors/<int:vendor_id>/documents/<int:document_id>")
def document(vendor_id: int, document_id: int) -> ResponseReturnValue:
    """Give a document out, to the staff and the vendor's own users."""
    return files.give_out(portfolio.find_document(vendor_id, document_id, current_user).file)


def register(app: Flask) -> None:
    """Add the pages, the words, the navigation and the receivers of vendors."""
    from backoffice.vendors import own_views, public_views, team_views

    _pages = (own_views, public_views, team_views)  # their routes hang on the blueprint
    app.register_blueprint(bp)
    words.register()
    invitation_accepted.connect(application.on_joined)
    app.extensions.setdefault("home", []).append(waiting.home_items)
    vendor_only = frozenset({Role.VENDOR_USER})
    navigation.add(
        Entry(
            _l("Vendors"),
            "vendors.index",
            "vendors",
            Permission.READ_VENDORS,
            order=20,
            count=portfolio.waiting_for_review,
        ),
        Entry(_l("My file"), "vendors.onboarding", "vendors", Permission.FILL_ONBOARDING, vendor_only, order=20),
        Entry(_l("My company"), "vendors.company", "settings", Permission.FILL_ONBOARDING, vendor_only, order=700),
        Entry(_l("My team"), "vendors.team", "users", Permission.FILL_ONBOARDING, vendor_only, order=710),
    )
