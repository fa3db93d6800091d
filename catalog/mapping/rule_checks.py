"""What is wrong with rules that are well written: columns, categories, units and values that are not there.

Promise: the same answer for the same rules, file and lists; what blocks and what only warns is said by each fault.
Not here: what a rule would do to the lines of a file (`trial.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import process

from catalog.attributes import ATTRIBUTES, Kind
from catalog.mapping.reading import CURRENCIES, FAMILY_OF_UNIT, UNITS
from catalog.mapping.rule_faults import Fault
from catalog.mapping.rule_text import Read
from catalog.mapping.verbs import CATEGORY, VERBS, Rule, key_of, sign_of
from catalog.taxonomy import Taxonomy

_NEAR = 75
# A "column" of nothing else is what somebody wants between the columns of a join.
_SIGNS = " \t-–—_/|,;:.+&·•"
# The families of an attribute's units, by the family it names: a capacity is also one of memory or of charge.
_FAMILIES: Mapping[str, str] = {"data": "volume", "charge": "volume", "screen": "length"}


@dataclass(frozen=True, slots=True)
class Known:
    """What rules are checked against; what is None is not checked.

    `lists` holds, for an attribute with a list of values, the spellings that are understood, each by its key.
    """

    headers: Sequence[str] | None = None
    categories: Taxonomy | None = None
    lists: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def check(read: Read, known: Known) -> list[Fault]:
    """Return every fault of rules as read, those of their writing among them, by line."""
    found = [fault for rule in read.rules for look in _CHECKS for fault in look(rule, known)]
    return sorted((*read.faults, *found), key=lambda fault: fault.line)


def _columns(rule: Rule, known: Known) -> Iterator[Fault]:
    if known.headers is None or not VERBS[rule.verb].reads_columns(rule):
        return
    missing = [column for column in rule.columns if column not in known.headers]
    joined = rule.verb == "join" and len(missing) < len(rule.columns)
    for column in missing:
        if joined and not key_of(column).strip(_SIGNS):
            yield Fault(rule.line, "sign_as_column", {"sign": column})
            continue
        near = nearest(column, known.headers)
        yield Fault(rule.line, "joined_without" if joined else "no_such_column", {"column": column, "near": near})


def _search(rule: Rule, known: Known) -> Iterator[Fault]:
    if rule.verb in ("replace", "split") and not rule.text:
        yield Fault(rule.line, "empty_search")


def _identifier(rule: Rule, known: Known) -> Iterator[Fault]:
    if rule.target == "id" and rule.verb == "constant" and not rule.if_empty:
        yield Fault(rule.line, "one_for_all")


def _unit(rule: Rule, known: Known) -> Iterator[Fault]:
    if rule.verb != "unit":
        return
    attribute = ATTRIBUTES.get(rule.target)
    if attribute is None or attribute.kind not in (Kind.MEASURE, Kind.PRICE):
        yield Fault(rule.line, "unit_without_measure", {"attribute": rule.target})
        return
    allowed = units_of(rule.target)
    if sign_of(rule.text) not in allowed:
        params = {"unit": rule.text, "attribute": rule.target, "units": ", ".join(allowed)}
        yield Fault(rule.line, "unit_unfit", params)


def units_of(attribute: str) -> list[str]:
    """Return the signs of the units, or of the currencies, that an attribute's bare numbers may get."""
    row = ATTRIBUTES[attribute]
    if row.kind == Kind.PRICE:
        return sorted(set(CURRENCIES.values()))
    family = _FAMILIES.get(row.family or "", row.family)
    return [sign for sign in dict.fromkeys(UNITS.values()) if FAMILY_OF_UNIT.get(sign) == family]


def _values(rule: Rule, known: Known) -> Iterator[Fault]:
    given = [right for _left, right in rule.pairs] + ([rule.text] if rule.verb == "constant" else [])
    for value in filter(None, given):
        if rule.target == CATEGORY:
            if known.categories is not None and known.categories.standing(value) is None:
                near = _near_category(value, known.categories)
                yield Fault(rule.line, "unknown_category", {"category": value, "near": near})
        elif rule.target in known.lists and key_of(value) not in known.lists[rule.target]:
            near = nearest(value, list(known.lists[rule.target].values()))
            yield Fault(rule.line, "not_in_list", {"value": value, "attribute": rule.target, "near": near})


def _near_category(text: str, categories: Taxonomy) -> str:
    found = categories.by_path(text, "fr") or categories.by_path(text, "en")
    near = [found] if found else (categories.search(text, "fr", 1) or categories.search(text, "en", 1))
    return near[0].id if near else ""


def nearest(text: str, known: Iterable[str]) -> str:
    """Return the one of these that resembles the text most, "" where none does."""
    keys = {key_of(one): one for one in known}
    found = process.extractOne(key_of(text), list(keys), score_cutoff=_NEAR)
    return keys[found[0]] if found else ""


_CHECKS: Sequence[Callable[[Rule, Known], Iterator[Fault]]] = (_columns, _search, _identifier, _unit, _values)
