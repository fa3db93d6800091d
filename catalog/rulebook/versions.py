"""The versions of a vendor's mapping: kept for ever, compared, gone back to by a new one.

Promise: a version is never changed; who saves says on which version it was made, and where another was saved meanwhile
nothing is written and nothing that was typed is lost. Rules that point at what is gone are left out of a run, and told.
Not here: who may save (the views).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from backoffice import audit
from backoffice.errors import Conflict, Invalid
from backoffice.extensions import db
from backoffice.vendors.models import Vendor
from catalog import tree
from catalog.attributes import ATTRIBUTES
from catalog.harmonization.spellings import spellings
from catalog.mapping.rule_checks import Known, check
from catalog.mapping.rule_faults import Fault
from catalog.mapping.rule_text import Read, read_rules, write_rule
from catalog.mapping.verbs import Rule, key_of
from catalog.models import MappingVersion
from catalog.rulebook import decisions, words
from catalog.sheets import Locale

# Versions whose rules are kept as read: one of 5,000 lines takes 0.1 s and 3 MB.
READ_VERSIONS = 32

Columns = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Difference:
    """What one version says otherwise than another: (header, before, after) of columns, lines gone and lines new.

    `moved` says that the lines of both stand in another order.
    """

    columns: Sequence[tuple[str, str | None, str | None]]
    removed: Sequence[str]
    added: Sequence[str]
    moved: bool = False

    def __bool__(self) -> bool:
        return bool(self.columns or self.removed or self.added or self.moved)


def newest(vendor_id: int) -> MappingVersion | None:
    """Return the vendor's mapping as it stands, None where nobody decided anything yet."""
    query = sa.select(MappingVersion).where(MappingVersion.vendor_id == vendor_id)
    return db.session.scalars(query.order_by(MappingVersion.version.desc()).limit(1)).first()


def numbered(vendor_id: int, version: int) -> MappingVersion | None:
    """Return one version of a vendor's mapping."""
    return db.session.scalar(
        sa.select(MappingVersion).where(MappingVersion.vendor_id == vendor_id, MappingVersion.version == version)
    )


def read_of(version: MappingVersion | None) -> Read:
    """Return a version's rules as read."""
    return _read(tuple(version.rules) if version else ())


@lru_cache(maxsize=READ_VERSIONS)
def _read(lines: tuple[str, ...]) -> Read:
    return read_rules(lines)


def in_words(version: MappingVersion | None, locale: str) -> list[str]:
    """Return a version's lines with verbs in the reader's language, notes and lines that are not understood as they are."""
    read = read_of(version)
    lines = list(read.lines)
    for rule in read.rules:
        lines[rule.line - 1] = write_rule(rule, locale)
    return lines


def known(headers: Sequence[str] | None = None, locale: str = "fr") -> Known:
    """Return what rules are checked against: the tree, the lists of values, and the file's columns where there is one."""
    reader: Locale = "fr" if locale.startswith("fr") else "en"
    return Known(headers, tree.current().taxonomy, spellings(reader))


def usable(version: MappingVersion | None) -> tuple[list[Rule], list[Fault]]:
    """Return the rules that a run follows, and what is wrong with those it leaves out."""
    read = read_of(version)
    faults = [fault for fault in check(read, known()) if fault.blocking]
    apart = {fault.line for fault in faults}
    return [rule for rule in read.rules if rule.line not in apart], faults


def columns_of(version: MappingVersion | None) -> dict[str, str | None]:
    """Return a version's decisions on headers; one that points at a removed attribute is no decision any more."""
    said = version.columns if version else {}
    return {header: name for header, name in said.items() if name is None or name in ATTRIBUTES}


def remembered(vendor_id: int) -> dict[str, str | None]:
    """Return the vendor's own decisions on headers as they stand."""
    return columns_of(newest(vendor_id))


def remember(vendor_id: int, columns: Columns, *, by: Any, reason: str) -> MappingVersion | None:
    """Add decisions on columns to the vendor's newest version; None where they say nothing new."""
    _hold(vendor_id)
    standing = newest(vendor_id)
    merged = {**(standing.columns if standing else {}), **columns}
    rules = standing.rules if standing else []
    if standing is not None and merged == standing.columns:
        return None
    return _add(vendor_id, standing, merged, rules, by=by, reason=reason)


def save(
    vendor_id: int, *, base: int, columns: Columns, rules: str | Sequence[str], by: Any, reason: str = ""
) -> MappingVersion | None:
    """Keep a mapping that was made on version `base` (0: on none); None where it says nothing new.

    Raises Conflict where another version was saved meanwhile, Invalid where a rule or an attribute cannot be.
    """
    _hold(vendor_id)
    standing = newest(vendor_id)
    number = standing.version if standing else 0
    if number != base:
        raise Conflict(words.saved_meanwhile(number))
    unknown = sorted({name for name in columns.values() if name and name not in ATTRIBUTES})
    if unknown:
        raise Invalid(words.unknown_attribute(unknown[0]))
    read = read_rules(rules)
    wrong = sum(fault.blocking for fault in check(read, known()))
    if wrong:
        raise Invalid(words.rules_to_mend(wrong))
    if standing is not None and (dict(columns), list(read.lines)) == (standing.columns, standing.rules):
        return None
    return _add(vendor_id, standing, columns, read.lines, by=by, reason=reason)


def revert(vendor_id: int, version: MappingVersion, *, base: int, by: Any) -> MappingVersion | None:
    """Make an earlier version stand again, as a new one; raises as `save` does."""
    said = words.back_to_version(version.version)
    return save(vendor_id, base=base, columns=columns_of(version), rules=version.rules, by=by, reason=said)


def decide(vendor_id: int, pairs: Mapping[tuple[str, str], str], *, by: Any, base: int) -> MappingVersion | None:
    """Add what the vendor's words become, {(target, word): value}, as a new version; raises as `save` does.

    A word that was decided before loses its earlier value.
    """
    standing = newest(vendor_id)
    again = {(target, key_of(word)) for target, word in pairs}
    kept = _without(read_of(standing), again)
    fresh = [write_rule(Rule(target, "lookup", pairs=((word, value),))) for (target, word), value in pairs.items()]
    columns = standing.columns if standing else {}
    reason = words.values_decided(len(fresh))
    return save(vendor_id, base=base, columns=columns, rules=[*kept, *fresh], by=by, reason=reason)


def _without(read: Read, again: Collection[tuple[str, str]]) -> list[str]:
    """Return the lines without what lookups say of these words; stored lines have no blank ones among them."""
    lines: list[str | None] = list(read.lines)
    for rule in read.rules:
        if rule.verb == "lookup":
            pairs = tuple(pair for pair in rule.pairs if (rule.target, key_of(pair[0])) not in again)
            if pairs != rule.pairs:
                lines[rule.line - 1] = write_rule(replace(rule, pairs=pairs)) if pairs else None
    return [line for line in lines if line is not None]


def _hold(vendor_id: int) -> None:
    """Keep others from saving this vendor's mapping until the transaction ends."""
    db.session.execute(sa.select(Vendor.id).where(Vendor.id == vendor_id).with_for_update())


def _add(
    vendor_id: int, standing: MappingVersion | None, columns: Columns, rules: Sequence[str], *, by: Any, reason: str
) -> MappingVersion:
    version = MappingVersion(
        vendor_id=vendor_id,
        version=(standing.version if standing else 0) + 1,
        columns=dict(columns),
        rules=list(rules),
        author_id=getattr(by, "id", None),
        reason=reason[:300],
    )
    db.session.add(version)
    numbers = (standing.version if standing else None, version.version)
    audit.record("mapping.change", version, by=by, changes={"version": numbers}, reason=reason)
    decisions.keep(vendor_id, columns, read_of(version).rules)
    return version


def draft(columns: Columns, rules: Sequence[str]) -> MappingVersion:
    """Return a mapping that is not kept, to be shown and compared as a version is."""
    return MappingVersion(columns=dict(columns), rules=list(rules))


def difference(before: MappingVersion | None, after: MappingVersion, locale: str = "en") -> Difference:
    """Return what `after` says otherwise than `before`, rules in this language; without one, all of it is new."""
    old_columns = before.columns if before else {}
    old_lines, new_lines = in_words(before, locale), in_words(after, locale)
    old_set, new_set = set(old_lines), set(new_lines)
    columns = [
        (header, old_columns.get(header), after.columns.get(header))
        for header in sorted({*old_columns, *after.columns})
        if old_columns.get(header) != after.columns.get(header)
    ]
    removed, added = [one for one in old_lines if one not in new_set], [one for one in new_lines if one not in old_set]
    moved = [one for one in old_lines if one in new_set] != [one for one in new_lines if one in old_set]
    return Difference(columns, removed, added, moved)
