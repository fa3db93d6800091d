"""The rules of harmonization: what each does, how often it worked and was taken back, and where it is switched off."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import joinedload

from backoffice import audit
from backoffice.errors import NotFound
from backoffice.extensions import db
from backoffice.permissions import Permission, may, requires
from catalog import issues, tree
from catalog.harmonization import RULES, Context, Rule, golden, harmonize
from catalog.sheets import Locale
from catalog.switches import record
from catalog.switches.forms import ScopeForm
from catalog.switches.models import RuleSwitch, SwitchRun
from catalog.switches.remaking import latest_runs
from catalog.switches.scopes import NEEDED
from catalog.views.blueprint import blueprint, reader_language

DEFAULT_PERIOD = 90
# Switches of one rule shown, those lifted among them.
SHOWN = 50
# Examples of a rule that stand open on its page; the others unfold.
OPEN_EXAMPLES = 5


def period() -> int:
    """Return the days that the figures look back on, as the address asks."""
    asked = request.args.get("days", "")
    return int(asked) if asked.isdecimal() and int(asked) in record.PERIODS else DEFAULT_PERIOD


def described(one: Rule, reader: Locale) -> dict[str, Any]:
    """Return a rule in words: its sentence in the reader's language and the other, attributes, confidence, remedy."""
    other: Locale = "en" if reader == "fr" else "fr"
    return {
        "id": one.id,
        "attributes": [issues.attribute_label(name, reader) for name in one.attributes if name != "*"],
        "text": one.text[reader],
        "other_text": one.text[other],
        "other_language": other,
        "confidence": one.confidence,
        "mends": issues.named(one.fixes, reader) if one.fixes else None,
        "needed": one.id in NEEDED,
    }


def examples(rule: str, reader: Locale) -> list[dict[str, Any]]:
    """Return the golden pairs of a rule in words, those in the reader's language first."""
    found = sorted(golden.by_rule().get(rule, ()), key=lambda pair: pair.locale != reader)
    return [
        {
            "language": pair.locale,
            "attribute": issues.attribute_label(pair.attribute, reader),
            "before": golden.visible(pair.before.strip()),
            "beside": [
                (issues.attribute_label(name, reader), golden.visible(text)) for name, text in pair.others().items()
            ],
            "after": golden.visible(pair.after) if pair.outcome is golden.Outcome.VALUE else None,
            "outcome": pair.outcome.value,
            "issue": _reported(pair, reader) if pair.reports else None,
        }
        for pair in found
    ]


def _reported(pair: golden.Pair, reader: Locale) -> str:
    """Return what is reported of a pair's sheet, as whoever has such a sheet reads it."""
    found = harmonize(pair.sheet(), Context.default(pair.locale)).issues
    return next(issues.message(one, reader) for one in found if one.code == pair.reports)


def rule_or_404(rule: str) -> Rule:
    """Return the rule of this id."""
    if rule not in RULES:
        raise NotFound()
    return RULES[rule]


@blueprint.get("/rules")
@requires(Permission.READ_CATALOG)
def rules() -> ResponseReturnValue:
    """List every rule in the order in which they run; staff see how each did and where it is off."""
    reader, days = reader_language(), period()
    context: dict[str, Any] = {
        "rules": [described(one, reader) for one in RULES.values()],
        "staff": current_user.is_staff,
    }
    if current_user.is_staff:
        off = (
            sa.select(RuleSwitch.rule, sa.func.count()).where(RuleSwitch.lifted_at.is_(None)).group_by(RuleSwitch.rule)
        )
        context |= {
            "figures": record.figures(days),
            "unseen": record.Figures(),
            "off": dict(db.session.execute(off).all()),
        }
    return render_template("catalog/rules.html", days=days, periods=record.PERIODS, **context)


@blueprint.get("/rules/<string:rule>")
@requires(Permission.READ_REPORTS)
def show_rule(rule: str) -> ResponseReturnValue:
    """Show one rule with its figures, its switches, and the form that previews another."""
    form = ScopeForm(formdata=None)
    form.offer(rule_or_404(rule).id, reader_language())
    return rule_page(rule, form)


def rule_page(rule: str, form: ScopeForm, status: int = 200) -> ResponseReturnValue:
    """Return the page of a rule, with this form on it."""
    days, reader = period(), reader_language()
    people = (joinedload(RuleSwitch.vendor), joinedload(RuleSwitch.author), joinedload(RuleSwitch.lifted_by))
    query = sa.select(RuleSwitch).options(*people).where(RuleSwitch.rule == rule)
    switches = db.session.scalars(query.order_by(RuleSwitch.id.desc()).limit(SHOWN)).all()
    runs = latest_runs([one.id for one in switches])
    page = render_template(
        "catalog/rule.html",
        rule=described(rule_or_404(rule), reader),
        examples=examples(rule, reader),
        open_examples=OPEN_EXAMPLES,
        figures=record.figures(days).get(rule, record.Figures()),
        days=days,
        periods=record.PERIODS,
        switches=switches,
        labels={one.id: issues.attribute_label(one.attribute, reader) for one in switches if one.attribute},
        runs=runs,
        running=[(run, progress_of(run)) for run in runs.values() if run.state == "running"],
        tree=tree.current(),
        form=form,
        may_switch=may(current_user, Permission.MANAGE_TAXONOMY),
        timeline=audit.timeline(*switches),
    )
    return page, status


def progress_of(run: SwitchRun) -> dict[str, Any]:
    """Return how far the sheets of a switch have come, as the bar shows it."""
    return {"done": run.done, "total": run.total, "state": run.state}
