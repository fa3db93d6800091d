"""Switching a rule off or on again: look at the effect, agree to it, follow the sheets as they are made again."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from backoffice.errors import BackofficeError, Conflict, Invalid, NotFound
from backoffice.extensions import db
from backoffice.permissions import Permission, requires
from backoffice.vendors.models import Vendor
from catalog import issues, sheet_page, tree
from catalog.switches import effect, remaking, switching
from catalog.switches.effect import Effect
from catalog.switches.forms import ScopeForm, parameters
from catalog.switches.models import RuleSwitch, SwitchRun
from catalog.switches.scopes import Scope, of_switch
from catalog.views.blueprint import blueprint, reader_language
from catalog.views.rules import described, progress_of, rule_or_404, rule_page


@blueprint.get("/rules/<string:rule>/effect")
@requires(Permission.MANAGE_TAXONOMY)
def rule_effect(rule: str) -> ResponseReturnValue:
    """Show what switching the rule off would change; nothing is kept."""
    form = _form(rule)
    scope = form.scope(rule, reader_language())
    if scope is None:
        return rule_page(rule, form, 422)
    switching.refuse_unknown(scope)
    return _effect_page(scope, effect.of(scope), None)


def _form(rule: str) -> ScopeForm:
    form = ScopeForm(request.values)
    form.offer(rule_or_404(rule).id, reader_language())
    return form


@blueprint.post("/rules/<string:rule>/off")
@requires(Permission.MANAGE_TAXONOMY)
def switch_rule_off(rule: str) -> ResponseReturnValue:
    """Switch the rule off as it was previewed; its sheets are made again by a job."""
    form = _form(rule)
    scope = form.scope(rule, reader_language())
    if scope is None:
        return rule_page(rule, form, 422)
    switching.refuse_unknown(scope)
    seen = effect.of(scope)
    try:
        switching.switch_off(scope, _reason(), by=current_user, effect=seen, agreed=_agreed())
    except (Invalid, Conflict) as refusal:
        db.session.rollback()
        return _effect_page(scope, seen, None, refusal)
    db.session.commit()
    flash(_("The rule is switched off. Its sheets are being made again."), "success")
    return redirect(url_for("catalog.show_rule", rule=rule))


@blueprint.route("/rules/switches/<int:switch_id>/lift", methods=["GET", "POST"])
@requires(Permission.MANAGE_TAXONOMY)
def lift_rule_switch(switch_id: int) -> ResponseReturnValue:
    """Show what switching the rule on again would change; on POST, do it."""
    switch = db.session.get(RuleSwitch, switch_id)
    if switch is None:
        raise NotFound()
    scope = of_switch(switch)
    if switch.lifted_at is not None:
        return redirect(url_for("catalog.show_rule", rule=switch.rule))
    seen = effect.of(scope, lifting=switch.id)
    if request.method == "GET":
        return _effect_page(scope, seen, switch)
    try:
        switching.lift(switch, _reason(), by=current_user, effect=seen, agreed=_agreed())
    except (Invalid, Conflict) as refusal:
        db.session.rollback()
        return _effect_page(scope, seen, db.session.get(RuleSwitch, switch_id), refusal)
    db.session.commit()
    flash(_("The rule is switched on again. Its sheets are being made again."), "success")
    return redirect(url_for("catalog.show_rule", rule=scope.rule))


def _reason() -> str:
    return request.form.get("reason", "")


def _agreed() -> str:
    return request.form.get("agreed", "")


def _effect_page(
    scope: Scope, seen: Effect, switch: RuleSwitch | None, refusal: BackofficeError | None = None
) -> ResponseReturnValue:
    reader = reader_language()
    page = render_template(
        "catalog/rule_effect.html",
        rule=described(rule_or_404(scope.rule), reader),
        scope=scope,
        where=_where(scope),
        kept=parameters(scope),
        effect=seen,
        values=[{"label": sheet_page.label(name, reader), "value": count} for name, count in seen.values.items()],
        examples=[_example(one) for one in seen.examples],
        ask="type" if seen.share >= switching.TYPE_FROM else "tick" if seen.share >= switching.AGREE_FROM else "",
        switch=switch,
        refusal=refusal,
        typed=request.form,
    )
    return page, refusal.status if refusal else 200


def _example(one: effect.Example) -> dict[str, Any]:
    return {
        "url": url_for("catalog.sheet", listing_id=one.listing_id),
        "title": one.title,
        "attribute": issues.attribute_label(one.attribute, reader_language()),
        "before": sheet_page.shown(one.before, one.attribute),
        "after": sheet_page.shown(one.after, one.attribute),
    }


def _where(scope: Scope) -> list[str]:
    """Return the scope in words."""
    named = [issues.attribute_label(scope.attribute, reader_language())] if scope.attribute else []
    if scope.category:
        named.append(tree.current().path(scope.category, reader_language()) or scope.category)
    if scope.vendor_id:
        named.append(db.session.scalar(sa.select(Vendor.name).where(Vendor.id == scope.vendor_id)) or "")
    return named


@blueprint.get("/rules/runs/<int:run_id>/progress")
@requires(Permission.READ_REPORTS)
def rule_run_progress(run_id: int) -> ResponseReturnValue:
    """Say how far the sheets of a switch have come, for the bar on the rule's page."""
    return jsonify({**progress_of(_run_or_404(run_id)), "label": _("Sheets made again")})


@blueprint.post("/rules/runs/<int:run_id>/cancel")
@requires(Permission.MANAGE_TAXONOMY)
def cancel_rule_run(run_id: int) -> ResponseReturnValue:
    """Stop making a switch's sheets again; those made stay."""
    run = _run_or_404(run_id)
    rule = run.switch.rule
    try:
        remaking.cancel(run, by=current_user)
        db.session.commit()
        flash(
            _("Stopped. Sheets made again so far stay; the others follow when their vendors send them again."), "info"
        )
    except Conflict as refusal:
        db.session.rollback()
        flash(refusal.message, "danger")
    return redirect(url_for("catalog.show_rule", rule=rule))


def _run_or_404(run_id: int) -> SwitchRun:
    run = db.session.get(SwitchRun, run_id)
    if run is None:
        raise NotFound()
    return run
