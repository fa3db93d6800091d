"""Setting and lifting a switch: who, why, and how much a person must agree to before many sheets change."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from backoffice import audit
from backoffice.clock import now
from backoffice.errors import Conflict, Invalid
from backoffice.extensions import db
from catalog.harmonization import RULES
from catalog.switches import remaking, words
from catalog.switches.effect import Effect
from catalog.switches.models import Position, RuleSwitch, SwitchRun
from catalog.switches.scopes import NEEDED, Scope, attributes_of

# From this share of the sheets on a person agrees to the figure; from the second on, types it: a rule that concerns
# nine sheets of ten is more often switched by mistake than meant. Of 56 rules on 30,000 sheets, 9 pass the first and
# 2 the second where they are switched off everywhere.
AGREE_FROM, TYPE_FROM = 0.3, 0.9
# Sheets may come in between looking and deciding: so far the figure may have moved.
MOVED = 5
LONGEST_REASON = 300


def refuse_unknown(scope: Scope) -> None:
    """Raise Invalid for a rule that is none, that the house needs, or that does not work on the attribute."""
    if scope.rule not in RULES:
        raise Invalid(words.no_such_rule(scope.rule))
    if scope.rule in NEEDED:
        raise Invalid(words.rule_needed())
    if scope.attribute and scope.attribute not in attributes_of(scope.rule):
        raise Invalid(words.no_such_attribute(scope.attribute))


def refuse_unagreed(effect: Effect, agreed: str) -> None:
    """Raise Invalid with the figure where more sheets would change than the person has agreed to.

    `agreed` is what the form says: "" for nothing, "yes" for a tick, or the percentage that was typed.
    """
    if effect.share >= TYPE_FROM:
        typed = agreed.strip().removesuffix("%").strip()
        if not typed.isdecimal() or abs(int(typed[:4]) - effect.share * 100) > MOVED:
            said = words.not_the_share(typed, effect.share) if typed else words.type_share(effect.share)
            raise Invalid(said, details={"agreed": said})
    elif effect.share >= AGREE_FROM and not agreed:
        raise Invalid(words.agree_to_share(effect.share), details={"agreed": words.agree_to_share(effect.share)})


def switch_off(scope: Scope, reason: str, *, by: Any, effect: Effect, agreed: str = "") -> SwitchRun:
    """Switch a rule off in this scope and have its sheets made again; the caller commits."""
    refuse_unknown(scope)
    _refuse_unreasoned(reason)
    refuse_standing(scope)
    refuse_unagreed(effect, agreed)
    switch = RuleSwitch(
        rule=scope.rule, attribute=scope.attribute, category=scope.category, vendor_id=scope.vendor_id,
        reason=reason.strip()[:LONGEST_REASON], author_id=getattr(by, "id", None),
    )  # fmt: skip
    db.session.add(switch)
    audit.record(
        "rule.switch_off", switch, by=by, changes={scope.key: (Position.ON, Position.OFF)}, reason=switch.reason
    )
    return remaking.begin(switch, lifting=False)


def lift(switch: RuleSwitch, reason: str, *, by: Any, effect: Effect, agreed: str = "") -> SwitchRun:
    """Let the rule work again where it was switched off and have its sheets made again; the caller commits."""
    if switch.lifted_at is not None:
        raise Conflict(words.switch_lifted())
    _refuse_unreasoned(reason)
    refuse_unagreed(effect, agreed)
    switch.lifted_at, switch.lifted_by_id = now(), getattr(by, "id", None)
    switch.lifted_reason = reason.strip()[:LONGEST_REASON]
    key = f"{switch.rule}:{switch.attribute}" if switch.attribute else switch.rule
    audit.record(
        "rule.switch_on", switch, by=by, changes={key: (Position.OFF, Position.ON)}, reason=switch.lifted_reason
    )
    db.session.flush()
    return remaking.begin(switch, lifting=True)


def _refuse_unreasoned(reason: str) -> None:
    if not reason.strip():
        raise Invalid(words.reason_for_switch(), details={"reason": words.reason_for_switch()})


def refuse_standing(scope: Scope) -> None:
    """Raise Conflict where the rule is off in this very scope."""
    same = sa.select(RuleSwitch.id).where(
        RuleSwitch.rule == scope.rule,
        RuleSwitch.attribute == scope.attribute,
        RuleSwitch.category.is_not_distinct_from(scope.category),
        RuleSwitch.vendor_id.is_not_distinct_from(scope.vendor_id),
        RuleSwitch.lifted_at.is_(None),
    )
    if db.session.scalar(same) is not None:
        raise Conflict(words.switched_already())
