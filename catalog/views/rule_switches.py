"""Switching a rule off or on again: look at the effect, agree to it, follow the sheets as they are made again."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import joinedload

from backoffice.errors import BackofficeError, Conflict, Invalid, NotFound
from backoffice.extensions import db
from backoffice.permissions import Permission, requires
from backoffice.vendors.models import Vendor
from catalog import issues, sheet_page, tree
from catalog.switches import looking, remaking, switching
from catalog.switches.effect import Effect, Example
from catalog.switches.forms import ScopeForm
from catalog.switches.models import EffectLook, RuleSwitch, SwitchRun
from catalog.switches.scopes import Scope, of_stored
from catalog.views.blueprint import blueprint, reader_language
from catalog.views.rules import described, progress_of, rule_or_404, rule_page


@blueprint.post("/rules/<string:rule>")
@requires(Permission.MANAGE_TAXONOMY)
def look_at_switching_off(rule: str) -> ResponseReturnValue:
    """Have the effect of switching the rule off looked at; no sheet is touched."""
    form = ScopeForm()
    form.offer(rule_or_404(rule).id, reader_language())
    scope = form.scope(rule, reader_language())
    if scope is None:
        return rule_page(rule, form, 422)
    switching.refuse_unknown(scope)
    try:
        switching.refuse_standing(scope)
    except Conflict as refusal:
        form.category.errors = [refusal.message]
        return rule_page(rule, form, refusal.status)
    return _look_at(scope)


@blueprint.post("/rules/switches/<int:switch_id>/look")
@requires(Permission.MANAGE_TAXONOMY)
def look_at_lifting(switch_id: int) -> ResponseReturnValue:
    """Have the effect of switching the rule on again looked at; no sheet is touched."""
    switch = db.session.get(RuleSwitch, switch_id)
    if switch is None:
        raise NotFound()
    if switch.lifted_at is not None:
        return redirect(url_for("catalog.show_rule", rule=switch.rule))
    return _look_at(of_stored(switch), switch)


def _look_at(scope: Scope, switch: RuleSwitch | None = None, **typed: str) -> ResponseReturnValue:
    look = looking.ask(scope, by=current_user, lifting=switch)
    db.session.commit()
    return redirect(url_for("catalog.rule_effect", look_id=look.id, **typed))


@blueprint.get("/rules/looks/<int:look_id>")
@requires(Permission.MANAGE_TAXONOMY)
def rule_effect(look_id: int) -> ResponseReturnValue:
    """Show what would change, or how far the look has come."""
    return _effect_page(_look_or_404(look_id))


@blueprint.get("/rules/looks/<int:look_id>/progress")
@requires(Permission.MANAGE_TAXONOMY)
def rule_effect_progress(look_id: int) -> ResponseReturnValue:
    """Say whether the look was taken, for the bar on its page."""
    return jsonify({"state": _look_or_404(look_id).state.value})


@blueprint.post("/rules/looks/<int:look_id>")
@requires(Permission.MANAGE_TAXONOMY)
def decide_on_effect(look_id: int) -> ResponseReturnValue:
    """Switch the rule off, or on again, as the look showed it; its sheets are made again by a job."""
    look = _look_or_404(look_id)
    seen, reason, agreed = looking.seen(look), request.form.get("reason", ""), request.form.get("agreed", "")
    if seen is None or not looking.current(look):
        flash(
            _("Rules have changed since, or it was seen more than an hour ago. Here is what would change now."), "info"
        )
        return _look_at(of_stored(look), look.lifting, reason=reason[: switching.LONGEST_REASON])
    try:
        if look.lifting:
            switching.lift(look.lifting, reason, by=current_user, effect=seen, agreed=agreed)
        else:
            switching.switch_off(of_stored(look), reason, by=current_user, effect=seen, agreed=agreed)
    except (Invalid, Conflict) as refusal:
        db.session.rollback()
        return _effect_page(_look_or_404(look_id), refusal)
    db.session.commit()
    said = (
        _("The rule is switched on again. Its sheets are being made again.")
        if look.lifting_id
        else _("The rule is switched off. Its sheets are being made again.")
    )
    flash(said, "success")
    return redirect(url_for("catalog.show_rule", rule=look.rule))


def _look_or_404(look_id: int) -> EffectLook:
    look = db.session.get(EffectLook, look_id, options=[joinedload(EffectLook.lifting), joinedload(EffectLook.job)])
    if look is None:
        raise NotFound()
    return look


def _effect_page(look: EffectLook, refusal: BackofficeError | None = None) -> ResponseReturnValue:
    scope, seen = of_stored(look), looking.seen(look)
    context = {
        "rule": described(rule_or_404(look.rule), reader_language()),
        "where": _where(scope),
        "look": look,
        "refusal": refusal,
        "typed": request.values,
        **(_shown(seen) if seen else {}),
    }
    page = render_template("catalog/rule_effect.html" if seen else "catalog/rule_effect_awaited.html", **context)
    return page, refusal.status if refusal else 200


def _shown(seen: Effect) -> dict[str, Any]:
    reader = reader_language()
    return {
        "effect": seen,
        "values": [{"label": sheet_page.label(name, reader), "value": count} for name, count in seen.values.items()],
        "examples": [_example(one) for one in seen.examples],
        "ask": "type" if seen.share >= switching.TYPE_FROM else "tick" if seen.share >= switching.AGREE_FROM else "",
    }


def _example(one: Example) -> dict[str, Any]:
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
