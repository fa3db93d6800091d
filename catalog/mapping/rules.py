"""A vendor's rules at work: in their order, on the value that the columns gave, attribute by attribute.

    cells → columns (application.py) → values → rule, rule, … → values

Promise: rules are compiled once for a file and cost a plain copy a microsecond; a rule whose column the file does not
have does nothing, so that the value stays as it was. Not here: the verbs (`verbs.py`), reading and writing rules
(`rule_text.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, MutableMapping, Sequence
from dataclasses import dataclass, replace

from catalog.mapping.verbs import CATEGORY, CATEGORY_WORDS, VERBS, Act, Cells, Rule, cell_of

Values = MutableMapping[str, str]


@dataclass(frozen=True, slots=True)
class _Step:
    """One compiled act: on which attribute, from which column its value comes, whether it keeps to empty ones.

    `source` is "" where the value that stands keeps its own, None where it comes from no column.
    """

    target: str
    act: Act
    source: str | None
    plain_copy: bool
    if_empty: bool
    reads_category: bool


class Rules:
    """Rules ready for the rows of one file."""

    def __init__(self, rules: Iterable[Rule], headers: Collection[str] | None = None) -> None:
        known = None if headers is None else frozenset(headers)
        fitting = [one for one in (_fitted(rule, known) for rule in rules) if one is not None]
        self._steps = tuple(_step(rule) for rule in _gathered(fitting))
        self.targets = frozenset(step.target for step in self._steps)
        # Attributes that some rule gives a value by itself: for these the file has a column, as it were.
        self.made = frozenset(rule.target for rule in fitting if VERBS[rule.verb].makes)

    def __bool__(self) -> bool:
        return bool(self._steps)

    def apply(self, cells: Cells, values: Values, sources: Values) -> None:
        """Work on one line's values and their sources in place; an attribute that comes out empty has no value."""
        for step in self._steps:
            target = step.target
            value = values.get(target, "")
            if step.if_empty and value:
                continue
            if step.plain_copy:
                after = cell_of(cells, step.source or "")
            else:
                if step.reads_category and not value:
                    value = next((values[name] for name in CATEGORY_WORDS if name in values), "")
                after = step.act(cells, value)
            if after:
                values[target] = after
                if step.source:
                    sources[target] = step.source
                elif step.source is None:
                    sources.pop(target, None)
            elif target in values:
                del values[target]
                sources.pop(target, None)


def _fitted(rule: Rule, headers: frozenset[str] | None) -> Rule | None:
    """Return the rule as far as this file has its columns: a join of those that are there, None where none is."""
    if headers is None or not VERBS[rule.verb].reads_columns(rule):
        return rule
    there = tuple(column for column in rule.columns if column in headers)
    return replace(rule, columns=there) if there else None


def _gathered(rules: Sequence[Rule]) -> list[Rule]:
    """Return the rules with the lookups of one attribute made one, where nothing else touches it in between."""
    gathered: list[Rule] = []
    at: dict[str, int] = {}
    for rule in rules:
        place = at.get(rule.target)
        before = gathered[place] if place is not None else None
        if before is not None and place is not None and _same_table(before, rule):
            gathered[place] = replace(before, pairs=before.pairs + rule.pairs)
            continue
        at[rule.target] = len(gathered)
        gathered.append(rule)
    return gathered


def _same_table(before: Rule, rule: Rule) -> bool:
    return before.verb == rule.verb == "lookup" and before.if_empty == rule.if_empty


def _step(rule: Rule) -> _Step:
    verb = VERBS[rule.verb]
    source = rule.columns[0] if verb.reads_columns(rule) else None if rule.verb == "constant" else ""
    reads_category = rule.target == CATEGORY and not verb.makes
    return _Step(rule.target, verb.act(rule), source, rule.verb == "copy", rule.if_empty, reads_category)


NO_RULES = Rules(())
