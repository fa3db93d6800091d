"""The words of switches: refusals, verbs of the timeline, states."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from backoffice import things, words
from backoffice.formatting import percent
from backoffice.things import Kind
from catalog.harmonization import RULES
from catalog.switches.models import Position, RuleSwitch, RunState

RUN_STATES = {
    RunState.RUNNING: (_l("sheets being made again"), "information"),
    RunState.DONE: (_l("all sheets made again"), "done"),
    RunState.CANCELLED: (_l("stopped before the end"), "neutral"),
}
VERBS = {
    "rule.switch_off": _l("switched a rule off"),
    "rule.switch_on": _l("switched a rule on again"),
    "rule.stop_remaking": _l("stopped making sheets again"),
}


POSITIONS = {Position.ON: _l("switched on"), Position.OFF: _l("off")}


def _keys() -> list[str]:
    """Return by what the history names a rule, and a rule for one attribute."""
    pairs = [(rule, name) for rule in RULES for name in RULES[rule].attributes]
    return [*RULES, *(f"{rule}:{name}" for rule, name in pairs)]


def register() -> None:
    """Give the words to the house."""
    words.register(
        {state: label for state, (label, _tone) in RUN_STATES.items()},
        {state: tone for state, (_label, tone) in RUN_STATES.items()},
    )
    words.register_verbs(VERBS)
    words.register(POSITIONS)
    words.register_fields("rule_switch", {"sheets": (_l("sheets"), None), **{key: (key, Position) for key in _keys()}})
    names = sa.select(RuleSwitch.id, RuleSwitch.rule.label("name"))
    things.register(RuleSwitch.__tablename__, Kind(_l("rule switch"), names, "catalog.rules"))


def no_such_rule(rule: str) -> str:
    """Return the refusal to switch what is not a rule."""
    return _("There is no rule “%(rule)s”.", rule=rule)


def rule_needed() -> str:
    """Return the refusal to switch off a rule on whose values the house computes."""
    return _("This rule reads prices, barcodes or measures on which the house computes; it cannot be switched off.")


def no_such_attribute(name: str) -> str:
    """Return the refusal to switch a rule for an attribute that it does not work on."""
    return _("This rule does not work on “%(name)s”.", name=name)


def agree_to_share(share: float) -> str:
    """Return what a person must agree to before many sheets change."""
    return _("This would change %(share)s of the sheets. Tick that you want this.", share=percent(share))


def not_the_share(typed: str, share: float) -> str:
    """Return the refusal of a figure that is not the one shown."""
    return _("“%(typed)s” is not the figure: type %(share)s.", typed=typed[:40], share=percent(share))


def type_share(share: float) -> str:
    """Return what a person must type before nearly all sheets change."""
    return _("This would change %(share)s of the sheets. Type this figure to go on.", share=percent(share))


def reason_for_switch() -> str:
    """Return the refusal to switch without a word."""
    return _("Say why: whoever finds the rule off must know.")


def switched_already() -> str:
    """Return the refusal to switch off what is off."""
    return _("This rule is switched off there already.")


def switch_lifted() -> str:
    """Return the refusal to lift a switch twice."""
    return _("This rule was switched on again already.")


def remaking_over() -> str:
    """Return the refusal to stop what is over."""
    return _("These sheets are no longer being made again.")
