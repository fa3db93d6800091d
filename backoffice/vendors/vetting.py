"""The checklist of one vendor: what was given, what the checks found, and what a reviewer judged.

    give / accept_terms / send_document (the vendor) → checks → state of each item → judge (the reviewer, with words)

Every verb audits within the caller's transaction and touches the vendor, so that a page shown before is stale.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import IO, Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm.attributes import flag_modified

from backoffice import audit, files
from backoffice.accounts.models import User
from backoffice.clock import now
from backoffice.errors import IllegalMove, Invalid, NotFound
from backoffice.extensions import db
from backoffice.vendors import checks, documents
from backoffice.vendors.models import (
    CheckResult,
    RequirementResult,
    RequirementState,
    Vendor,
    VendorCheck,
    VendorDocument,
    VendorStatus,
)
from backoffice.vendors.requirements import TERMS_VERSION, Requirement, requirements_of

# A vendor fills its checklist in these states; later changes go through the account manager.
FILLING = frozenset({VendorStatus.INVITED, VendorStatus.ONBOARDING})
# A reviewer judges in these: the file is in hand, or still being filled and a waiver helps.
JUDGING = frozenset({VendorStatus.ONBOARDING, VendorStatus.READY_FOR_REVIEW})
SETTLED = frozenset({RequirementState.COMPLETE, RequirementState.WAIVED})
# Two vendors that share one of these are shown to the reviewer as possible duplicates.
IDENTIFYING = ("siren", "vat_number", "iban", "phone", "email")
_NORMAL = dict.fromkeys(("siren", "siret", "vat_number", "iban", "bic"), checks.compact)


class Judgement(StrEnum):
    """What a reviewer decides on one item."""

    ACCEPT = "accept"
    REVISE = "revise"
    WAIVE = "waive"


_JUDGED_STATE = {
    Judgement.ACCEPT: RequirementState.COMPLETE,
    Judgement.REVISE: RequirementState.REJECTED,
    Judgement.WAIVE: RequirementState.WAIVED,
}


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a vendor's checklist as pages show it."""

    requirement: Requirement
    state: RequirementState
    result: RequirementResult | None
    checks: list[VendorCheck]
    documents: list[VendorDocument]

    @property
    def kind(self) -> str:
        """The requirement's kind."""
        return self.requirement.kind


def checklist(vendor: Vendor) -> list[Item]:
    """Return the items that apply to the vendor, each with its state and evidence."""
    results = {result.kind: result for result in vendor.requirement_results}
    found = {check.kind: check for check in vendor.checks}
    items = []
    for requirement in requirements_of(vendor):
        result = results.get(requirement.kind)
        items.append(
            Item(
                requirement,
                _current_state(requirement, result),
                result,
                [found[kind] for kind in requirement.checks if kind in found],
                [document for document in vendor.documents if document.kind == requirement.kind],
            )
        )
    return items


def find_item(vendor: Vendor, kind: str) -> Item:
    """Return one item of the vendor's checklist, or raise NotFound."""
    for item in checklist(vendor):
        if item.kind == kind:
            return item
    raise NotFound()


def _current_state(requirement: Requirement, result: RequirementResult | None) -> RequirementState:
    if result is None:
        return RequirementState.INCOMPLETE
    outdated = requirement.terms and result.given.get("version") != TERMS_VERSION
    return RequirementState.INCOMPLETE if outdated and result.state == RequirementState.COMPLETE else result.state


def facts_of(vendor: Vendor) -> dict[str, str]:
    """Return the vendor's columns as the checks read them."""
    names = {name for check in checks.CHECKS.values() for name in check.needs} | {"country", "legal_name", "name"}
    return {name: getattr(vendor, name) or "" for name in names | {"contact_name"}}


def give(vendor: Vendor, values: Mapping[str, Any], *, by: User | None, kind: str | None = None) -> None:
    """Write columns of the vendor, run the checks, and settle the items they bear on; `kind` is the item sent."""
    _allow_filling(vendor, by)
    changes = {}
    for name, value in normalized(values, vendor.country).items():
        if getattr(vendor, name) != value:
            changes[name] = (getattr(vendor, name), value)
            setattr(vendor, name, value)
    if changes:
        audit.record("vendor.edit", vendor, by=by, changes=changes)
    assess(vendor, given=kind)
    touch(vendor)


def normalized(values: Mapping[str, Any], country: str) -> dict[str, Any]:
    """Return the values in the form they are stored and compared in."""
    plain = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
    tidy = {name: _NORMAL[name](value) if name in _NORMAL else value for name, value in plain.items()}
    if tidy.get("phone"):
        tidy["phone"] = checks.international_phone(tidy["phone"], plain.get("country") or country)
    if tidy.get("email"):
        tidy["email"] = tidy["email"].lower()
    return tidy


def assess(vendor: Vendor, *, given: str | None = None) -> None:
    """Run every check and set the state of the items made of columns; a judgement stands while nothing moves."""
    if vendor.id is None:
        db.session.flush()
    moved = run_checks(vendor)
    for requirement in requirements_of(vendor):
        if not requirement.fields:
            continue
        result = _result(vendor, requirement.kind)
        judged = result.judged_at is not None and result.state in (*SETTLED, RequirementState.REJECTED)
        if judged and requirement.kind != given and not moved & set(requirement.checks):
            continue
        if result.state != RequirementState.WAIVED:
            _settle(result, _assessed(vendor, requirement))


def _assessed(vendor: Vendor, requirement: Requirement) -> RequirementState:
    if any(not getattr(vendor, name) for name in requirement.fields):
        return RequirementState.INCOMPLETE
    outcomes = {check.result for check in vendor.checks if check.kind in requirement.checks}
    if CheckResult.FAILED in outcomes:
        return RequirementState.INCOMPLETE
    return RequirementState.PENDING if CheckResult.WARNING in outcomes else RequirementState.COMPLETE


def _settle(result: RequirementResult, state: RequirementState) -> None:
    result.state, result.given_at = state, now()
    result.words, result.judged_by_id, result.judged_at = "", None, None


def _result(vendor: Vendor, kind: str) -> RequirementResult:
    for result in vendor.requirement_results:
        if result.kind == kind:
            return result
    result = RequirementResult(kind=kind, state=RequirementState.INCOMPLETE, given={}, words="")
    vendor.requirement_results.append(result)
    return result


def run_checks(vendor: Vendor) -> set[str]:
    """Run every check now and keep its outcome; returns the kinds whose outcome is another than before."""
    known = {check.kind: check for check in vendor.checks}
    moved = set()
    for outcome in [*checks.run_all(facts_of(vendor)), _duplicates(vendor)]:
        row = known.get(outcome.kind)
        if row is None:
            row = VendorCheck(kind=outcome.kind)
            vendor.checks.append(row)
        if (row.result, row.evidence) != (outcome.result, outcome.evidence):
            moved.add(outcome.kind)
        row.result, row.source = CheckResult(outcome.result), outcome.source
        row.evidence, row.at = outcome.evidence, now()
    return moved


def recheck(vendor: Vendor, *, by: User) -> None:
    """Run the checks again at a reviewer's word: another vendor may have come with the same account."""
    assess(vendor)
    audit.record("vendor.recheck", vendor, by=by)
    touch(vendor)


def _duplicates(vendor: Vendor) -> checks.Outcome:
    """Look for other vendors with the same identifying values."""
    given = {name: getattr(vendor, name) for name in IDENTIFYING if getattr(vendor, name)}
    if not given:
        return checks.Outcome("duplicates", checks.SKIPPED, "own_vendors", {"code": "not_given"})
    same = sa.or_(*(getattr(Vendor, name) == value for name, value in given.items()))
    with db.session.no_autoflush:
        others = db.session.scalars(sa.select(Vendor).where(Vendor.id != vendor.id, same).order_by(Vendor.id).limit(10))
        found = [
            {
                "id": other.id,
                "name": other.name,
                "fields": [name for name in given if getattr(other, name) == given[name]],
            }
            for other in others
        ]
    if not found:
        return checks.Outcome("duplicates", checks.PASSED, "own_vendors", {"code": "no_duplicate"})
    return checks.Outcome("duplicates", checks.WARNING, "own_vendors", {"code": "shares", "vendors": found})


def possible_duplicates(vendor: Vendor) -> list[dict[str, Any]]:
    """Return the other vendors that the last check found to share an identifying value."""
    evidence = [check.evidence for check in vendor.checks if check.kind == "duplicates"]
    return list(evidence[0].get("vendors", [])) if evidence else []


def accept_terms(vendor: Vendor, signer: str, *, by: User) -> None:
    """Accept the terms in force in the signer's name."""
    _allow_filling(vendor, by)
    result = _result(vendor, "accept_terms")
    _settle(result, RequirementState.COMPLETE)
    result.given = {"version": TERMS_VERSION, "signer": signer.strip(), "user_id": by.id}
    audit.record("vendor.accept_terms", vendor, by=by, changes={"accept_terms": (None, TERMS_VERSION)})
    touch(vendor)


def send_document(vendor: Vendor, kind: str, stream: IO[bytes], name: str, *, by: User) -> VendorDocument:
    """Keep a document for an item, which then waits for a reviewer; raises Invalid for content we do not take."""
    _allow_filling(vendor, by)
    if not find_item(vendor, kind).requirement.document:
        raise NotFound()
    content, media_type = documents.read(stream)
    file = files.store(io.BytesIO(content), name, media_type=media_type, by=by)
    document = VendorDocument(kind=kind, file=file, sent_at=now())
    vendor.documents.insert(0, document)
    _settle(_result(vendor, kind), RequirementState.PENDING)
    audit.record("vendor.send_document", vendor, by=by, changes={kind: (None, file.name)})
    touch(vendor)
    return document


def judge(vendor: Vendor, kind: str, judgement: Judgement, *, by: User, words: str = "") -> None:
    """Settle one item as a reviewer; asking for a revision and waiving need words, which the vendor reads."""
    item = find_item(vendor, kind)
    if vendor.status not in JUDGING:
        raise IllegalMove(_("This vendor's checklist is not open for judgement now."))
    if judgement != Judgement.ACCEPT and not words.strip():
        raise Invalid(_("Say why, in words the vendor can act on."), details={"words": _("This is needed.")})
    if judgement == Judgement.ACCEPT and item.state == RequirementState.INCOMPLETE:
        raise IllegalMove(_("Nothing was given for this item yet; it can be waived with a reason."), legal=["waive"])
    before, reviewer, result = item.state, by.id, _result(vendor, kind)
    result.judged_by_id, result.judged_at = reviewer, now()
    result.state, result.words = _JUDGED_STATE[judgement], words.strip()
    audit.record(
        f"vendor.item_{judgement}", vendor, by=by, changes={kind: (before, result.state)}, reason=words.strip()
    )
    touch(vendor)


def open_items(items: Iterable[Item], *, states: frozenset[RequirementState]) -> list[Item]:
    """Return the items whose state is none of these."""
    return [item for item in items if item.state not in states]


def _allow_filling(vendor: Vendor, by: User | None) -> None:
    if by is not None and not by.is_staff and vendor.status not in FILLING:
        raise IllegalMove(_("Your file is with us now and cannot be changed. Write to your account manager."))


def touch(vendor: Vendor) -> None:
    """Count a change of the file as one of the vendor, so that a page shown before it is stale."""
    vendor.changed_at = now()
    flag_modified(vendor, "changed_at")
