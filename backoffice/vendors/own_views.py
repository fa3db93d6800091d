"""What a vendor sees of itself: the checklist to fill, and its company once the file is with us."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from backoffice import audit
from backoffice.errors import Invalid
from backoffice.extensions import db
from backoffice.permissions import Permission, requires
from backoffice.vendors import application, lifecycle, portfolio, vetting, words
from backoffice.vendors.blueprint import bp
from backoffice.vendors.forms import ActForm, DocumentForm, TermsForm, vendor_form
from backoffice.vendors.lifecycle import Action
from backoffice.vendors.models import Vendor
from backoffice.vendors.requirements import TERMS_VERSION
from backoffice.vendors.vetting import Item


@bp.get("/onboarding")
@requires(Permission.FILL_ONBOARDING)
def onboarding() -> ResponseReturnValue:
    """Show the vendor its checklist, and what is still to be given."""
    vendor = portfolio.own(current_user)
    items = vetting.checklist(vendor)
    return render_template(
        "vendors/onboarding.html",
        vendor=vendor,
        items=items,
        done=len(items) - len(vetting.open_items(items, states=lifecycle.GIVEN)),
        filling=vendor.status in vetting.FILLING,
        choices=lifecycle.choices(vendor, current_user),
        words=words,
    )


@bp.route("/onboarding/<kind>", methods=["GET", "POST"])
@requires(Permission.FILL_ONBOARDING)
def requirement(kind: str) -> ResponseReturnValue:
    """Take one item of the checklist: columns, a document, or the acceptance of the terms."""
    vendor = portfolio.own(current_user)
    item = vetting.find_item(vendor, kind)
    form, taken = _answer(vendor, item)
    if taken:
        db.session.commit()
        flash(_("“%(item)s” is saved.", item=item.requirement.label), "success")
        return redirect(url_for("vendors.onboarding"))
    page = render_template(
        "vendors/requirement.html",
        vendor=vendor,
        item=item,
        form=form,
        filling=vendor.status in vetting.FILLING,
        terms_version=TERMS_VERSION,
        words=words,
    )
    return page, 422 if form.is_submitted() else 200


def _answer(vendor: Vendor, item: Item) -> tuple[DocumentForm | TermsForm, bool]:
    """Return the item's form, and whether what was sent was taken."""
    if item.requirement.document:
        return _take_document(vendor, item)
    if item.requirement.terms:
        return _take_terms(vendor)
    form = vendor_form(item.requirement.fields, item.requirement.optional, obj=vendor)
    taken = form.taken(vendor)
    if taken:
        application.start(vendor, by=current_user)
        vetting.give(vendor, form.values(), by=current_user, kind=item.kind)
    return form, taken


def _take_document(vendor: Vendor, item: Item) -> tuple[DocumentForm, bool]:
    form = DocumentForm()
    if not form.validate_on_submit():
        return form, False
    sent = form.document.data
    try:
        application.start(vendor, by=current_user)
        vetting.send_document(vendor, item.kind, sent.stream, sent.filename or "", by=current_user)
    except Invalid as refusal:
        db.session.rollback()
        form.document.errors = [refusal.message]
        return form, False
    return form, True


def _take_terms(vendor: Vendor) -> tuple[TermsForm, bool]:
    form = TermsForm(data={"signer": current_user.name} if request.method == "GET" else None)
    if not form.validate_on_submit():
        return form, False
    application.start(vendor, by=current_user)
    vetting.accept_terms(vendor, form.signer.data or "", by=current_user)
    return form, True


@bp.post("/onboarding/submit")
@requires(Permission.FILL_ONBOARDING)
def submit() -> ResponseReturnValue:
    """Hand the file to the reviewers."""
    vendor, form = portfolio.own(current_user), ActForm()
    lifecycle.submit(vendor, by=current_user, version=form.seen_version())
    db.session.commit()
    flash(_("Your file is with us. You hear from your account manager within a few days."), "success")
    return redirect(url_for("vendors.onboarding"))


@bp.get("/company")
@requires(Permission.FILL_ONBOARDING)
def company() -> ResponseReturnValue:
    """Show the vendor what we keep of it, and let it go on vacation."""
    vendor = portfolio.own(current_user)
    return render_template(
        "vendors/company.html",
        vendor=vendor,
        choices=[choice for choice in lifecycle.choices(vendor, current_user) if choice.action != Action.SUBMIT],
        items=vetting.checklist(vendor),
        events=audit.timeline(vendor, limit=20),
    )


@bp.post("/company/act")
@requires(Permission.FILL_ONBOARDING)
def company_act() -> ResponseReturnValue:
    """Go on vacation, or come back."""
    vendor, form = portfolio.own(current_user), ActForm()
    if not form.validate():
        raise Invalid(_("There is no such act."))
    lifecycle.move(vendor, Action(form.action.data), by=current_user, version=form.seen_version())
    db.session.commit()
    return redirect(url_for("vendors.company"))
