"""The registry of rules, and the engine that lets them work on a sheet.

What it does: a rule is a pure function from a value, the draft of its sheet and the context to an outcome; the engine
applies the outcomes in the order of registration and keeps each as a `Change` or an `Issue`. Promise: no value is
altered without a `Change`, and each can be undone. Not here: the rules themselves (one module a family).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from catalog import issues
from catalog.harmonization.context import Context
from catalog.harmonization.draft import Draft
from catalog.harmonization.lexicons import mark
from catalog.sheets import Change, HarmonizedSheet, Issue, Locale, MappedSheet, Value


@dataclass(slots=True)
class Typed:
    """The vendor's words read as a value: typing, not a change."""

    value: Value


@dataclass(slots=True)
class Repair:
    """A value altered or added; attribute, confidence and source default to the rule's own."""

    after: Value
    attribute: str | None = None
    confidence: float | None = None
    source: str | None = None


Outcome = Typed | Repair | Issue | tuple["Typed | Repair | Issue", ...] | None
Act = Callable[[Any, Draft, Context], Outcome]


@dataclass(frozen=True, slots=True)
class Rule:
    """A registered rule: what it works on, what it does in one sentence, how sure it is, which codes it mends."""

    id: str
    attributes: tuple[str, ...]
    act: Act
    text: Mapping[Locale, str]
    confidence: float
    fixes: str | None
    on_missing: bool
    needs: int = 0


RULES: dict[str, Rule] = {}


def rule(
    rule_id: str,
    *,
    attribute: str | tuple[str, ...],
    fr: str,
    en: str,
    confidence: float = 0.95,
    fixes: str | None = None,
    on_missing: bool = False,
    needs: str | tuple[str, ...] = (),
) -> Callable[[Act], Act]:
    """Register a rule; it is called for each of its attributes that has a value (or none, with `on_missing`).

    `fixes` is the issue code of the fault it mends: raised beside the change where the confidence is below the
    operator's threshold. `needs` names what the title or the description must hold, one of them, for the rule to find
    anything: word groups, kinds of terms or "digits" (`lexicons.mark`); a rule that names nothing always runs.
    Two rules of one id are a programming fault (ValueError).
    """

    def register(act: Act) -> Act:
        if rule_id in RULES:
            raise ValueError(f"two rules are called {rule_id}")
        attributes = (attribute,) if isinstance(attribute, str) else attribute
        marks = mark(needs) if isinstance(needs, str) else mark(*needs)
        RULES[rule_id] = Rule(rule_id, attributes, act, {"fr": fr, "en": en}, confidence, fixes, on_missing, marks)
        return act

    return register


def fault(code: str, draft: Draft, value: Value = None, *, attribute: str | None = None, **params: Any) -> Issue:
    """Return an issue of the sheet that is being worked on, with its row and the vendor's column."""
    name = attribute or draft.attribute
    return Issue(
        code, issues.severity_of(code), name, value, params, row=draft.sheet.row, column=draft.sheet.sources.get(name)
    )


def harmonize(sheet: MappedSheet, context: Context | None = None) -> HarmonizedSheet:
    """Return the sheet in canonical form, with each change explained and each doubtful thing as an issue.

    Pure: the same sheet and context give the same result. Prices are in minor units, measures in the attribute's
    canonical unit; a rule named in `context.disabled` does not run, one named as "rule:attribute" not there.
    """
    context = context or Context.default()
    draft = Draft(sheet, context)
    values, disabled = draft.values, context.disabled
    for each, act, attribute, on_missing, needs in _plan(tuple(values), disabled):
        if needs and not needs & (draft.marks or draft.all_marks()):
            continue
        value = values.get(attribute)
        if not value and not on_missing and (value is None or value == ""):
            continue
        draft.attribute = attribute
        outcome = act(value, draft, context)
        if outcome is None:
            continue
        for part in outcome if isinstance(outcome, tuple) else (outcome,):
            if not (disabled and isinstance(part, Repair) and f"{each.id}:{part.attribute}" in disabled):
                _apply(part, each, draft)
    return HarmonizedSheet(sheet.row, values, tuple(draft.changes), tuple(draft.issues), context.locale)


Plan = tuple[tuple[Rule, Act, str, bool, int], ...]
_PLANS: dict[tuple[int, tuple[str, ...], frozenset[str]], Plan] = {}
# Files of one vendor have one shape; a thousand shapes is a feed whose records all differ.
_MOST_PLANS = 1000


def _plan(given: tuple[str, ...], disabled: frozenset[str]) -> Plan:
    """Return the rules to run on a sheet that has these attributes, in order; "*" stands for each of them.

    A rule sees an attribute that the vendor did not give only where it is registered with `on_missing`.
    """
    shape = (len(RULES), given, disabled)
    plan = _PLANS.get(shape)
    if plan is None:
        if len(_PLANS) >= _MOST_PLANS:
            _PLANS.clear()
        plan = _PLANS[shape] = tuple(
            (each, each.act, attribute, each.on_missing, each.needs)
            for each in RULES.values()
            for attribute in (given if each.attributes == ("*",) else each.attributes)
            if (each.on_missing or attribute in given) and disabled.isdisjoint((each.id, f"{each.id}:{attribute}"))
        )
    return plan


def _apply(part: Typed | Repair | Issue, each: Rule, draft: Draft) -> None:
    if not isinstance(part, Repair):
        if isinstance(part, Issue):
            draft.issues.append(part)
        else:
            draft.values[draft.attribute] = part.value
        return
    attribute = part.attribute or draft.attribute
    before = draft.values.get(attribute)
    if before == part.after:
        return
    confidence = each.confidence if part.confidence is None else part.confidence
    source = part.source or draft.sheet.sources.get(attribute)
    draft.put(attribute, part.after)
    draft.changes.append(Change(attribute, before, part.after, each.id, confidence, source))
    if confidence < draft.review_below and each.fixes and not draft.has_issue(each.fixes, attribute):
        draft.issues.append(fault(each.fixes, draft, before, attribute=attribute))


def undo(sheet: HarmonizedSheet, change: Change) -> HarmonizedSheet:
    """Return the sheet with the attribute as it was before this change.

    Later changes of the same attribute stood on it and are taken back too. A change that the sheet does not hold is
    a ValueError.
    """
    if change not in sheet.changes:
        raise ValueError(f"the sheet of line {sheet.row} holds no such change by {change.rule}")
    at = sheet.changes.index(change)
    kept = tuple(
        other for place, other in enumerate(sheet.changes) if place < at or other.attribute != change.attribute
    )
    return replace(sheet, values={**sheet.values, change.attribute: change.before}, changes=kept)


def rules_of(attribute: str) -> Iterator[Rule]:
    """Yield the rules that work on an attribute, in the order in which they run."""
    return (each for each in RULES.values() if attribute in each.attributes or each.attributes == ("*",))
