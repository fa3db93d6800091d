"""The words for vendors: states, acts, checks and their evidence, history, and the line under the bell."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from backoffice import things, words
from backoffice.things import Kind
from backoffice.vendors.lifecycle import Action
from backoffice.vendors.messages import describe_fields
from backoffice.vendors.models import (
    CheckResult,
    LegalForm,
    RequirementState,
    SuspensionReason,
    Vendor,
    VendorCheck,
    VendorSource,
    VendorStatus,
)
from backoffice.vendors.requirements import CHECKLIST
from backoffice.words import Tone

# One mapping an enum: members of two that are equal as texts would be one key of a dict.
LABELS: tuple[dict[Any, Any], ...] = (
    {
        VendorStatus.PROSPECT: _l("prospect"),
        VendorStatus.INVITED: _l("invited"),
        VendorStatus.ONBOARDING: _l("filling in the file"),
        VendorStatus.READY_FOR_REVIEW: _l("to be reviewed"),
        VendorStatus.APPROVED: _l("approved"),
        VendorStatus.LIVE: _l("live"),
        VendorStatus.REJECTED: _l("not accepted"),
        VendorStatus.ON_VACATION: _l("on vacation"),
        VendorStatus.SUSPENDED: _l("suspended"),
        VendorStatus.TERMINATED: _l("contract ended"),
    },
    {
        SuspensionReason.MANUAL: _l("decision of the marketplace"),
        SuspensionReason.PENDING_APPROVAL: _l("new approval pending"),
        SuspensionReason.INCOMPLETE_PROFILE: _l("incomplete file"),
        SuspensionReason.AUTOMATIC: _l("automatic"),
        SuspensionReason.SANCTIONS: _l("sanctions list"),
        SuspensionReason.INSOLVENCY: _l("insolvency"),
    },
    {
        LegalForm.COMPANY: _l("company"),
        LegalForm.SOLE_TRADER: _l("sole trader"),
        LegalForm.ASSOCIATION: _l("association"),
    },
    {
        VendorSource.PROSPECTION: _l("prospection"),
        VendorSource.APPLICATION: _l("application"),
    },
    {
        RequirementState.INCOMPLETE: _l("to be given"),
        RequirementState.PENDING: _l("to be judged"),
        RequirementState.COMPLETE: _l("complete"),
        RequirementState.REJECTED: _l("to be corrected"),
        RequirementState.WAIVED: _l("waived"),
    },
    {
        CheckResult.PASSED: _l("right"),
        CheckResult.WARNING: _l("to look at"),
        CheckResult.FAILED: _l("wrong"),
        CheckResult.SKIPPED: _l("not checked"),
    },
    {
        Action.INVITE: _l("Invite"),
        Action.START: _l("Begin"),
        Action.SUBMIT: _l("Hand in the file"),
        Action.REQUEST_REVISION: _l("Ask for corrections"),
        Action.APPROVE: _l("Approve"),
        Action.REJECT: _l("Reject"),
        Action.REOPEN: _l("Reopen the file"),
        Action.GO_LIVE: _l("Go live"),
        Action.GO_ON_VACATION: _l("Go on vacation"),
        Action.COME_BACK: _l("Come back from vacation"),
        Action.SUSPEND: _l("Suspend"),
        Action.REINSTATE: _l("Reinstate"),
        Action.GIVE_NOTICE: _l("Give notice"),
        Action.WITHDRAW_NOTICE: _l("Withdraw the notice"),
        Action.TERMINATE: _l("End the contract"),
    },
)

TONES: tuple[dict[Any, Tone], ...] = (
    {
        VendorStatus.PROSPECT: "neutral",
        VendorStatus.INVITED: "information",
        VendorStatus.ONBOARDING: "information",
        VendorStatus.READY_FOR_REVIEW: "attention",
        VendorStatus.APPROVED: "done",
        VendorStatus.LIVE: "done",
        VendorStatus.REJECTED: "blocked",
        VendorStatus.ON_VACATION: "neutral",
        VendorStatus.SUSPENDED: "blocked",
        VendorStatus.TERMINATED: "neutral",
    },
    {
        RequirementState.INCOMPLETE: "neutral",
        RequirementState.PENDING: "attention",
        RequirementState.COMPLETE: "done",
        RequirementState.REJECTED: "blocked",
        RequirementState.WAIVED: "information",
    },
    {
        CheckResult.PASSED: "done",
        CheckResult.WARNING: "attention",
        CheckResult.FAILED: "blocked",
        CheckResult.SKIPPED: "neutral",
    },
)

FIELD_NAMES: dict[str, Any] = {
    "name": _l("Name of the shop"),
    "legal_name": _l("Legal name"),
    "legal_form": _l("Legal form"),
    "country": _l("Country"),
    "siren": _l("SIREN"),
    "siret": _l("SIRET of the main establishment"),
    "registration_number": _l("Number in the trade register"),
    "vat_number": _l("VAT number"),
    "iban": _l("IBAN"),
    "bic": _l("BIC"),
    "account_holder": _l("Holder of the account"),
    "contact_name": _l("First and last name"),
    "email": _l("E-mail"),
    "phone": _l("Telephone"),
    "website": _l("Website"),
    "street": _l("Street and number"),
    "postcode": _l("Postcode"),
    "city": _l("City"),
    "locale": _l("Language we write to you in"),
    "presentation": _l("What you sell, in a few sentences"),
}

CHECK_NAMES: dict[str, Any] = {
    "siren": _l("SIREN"),
    "siret": _l("SIRET"),
    "siret_of_siren": _l("SIRET belongs to SIREN"),
    "vat": _l("VAT number"),
    "vat_of_siren": _l("VAT number belongs to SIREN"),
    "iban": _l("IBAN"),
    "bic": _l("BIC"),
    "bic_of_iban": _l("BIC agrees with IBAN"),
    "iban_country": _l("Country of the account"),
    "holder": _l("Holder of the account"),
    "phone": _l("Telephone"),
    "duplicates": _l("Other vendors"),
}

SOURCES: dict[str, Any] = {
    "check_digit": _l("check digit"),
    "comparison": _l("comparison of what was given"),
    "bank_list": _l("list of banks"),
    "numbering_plan": _l("numbering plan of the country"),
    "own_vendors": _l("vendors we know"),
}

EVIDENCE: dict[str, Any] = {
    "not_given": _l("Nothing was given to check."),
    "unreadable": _l("Cannot be compared: one of the two is wrong."),
    "nothing_to_compare": _l("There is no name to compare with."),
    "digits_right": _l("%(value)s: form and check digit are right."),
    "digits_invalidlength": _l("%(value)s has too many or too few characters."),
    "digits_invalidformat": _l("%(value)s holds characters that do not belong there."),
    "digits_invalidchecksum": _l("%(value)s: the check digit is wrong; a digit is probably mistyped."),
    "digits_invalidcomponent": _l("%(value)s does not begin as such numbers do."),
    "siret_begins_with_siren": _l("The SIRET %(siret)s begins with the SIREN %(siren)s."),
    "siret_of_another": _l("The SIRET %(siret)s does not begin with the SIREN %(siren)s."),
    "vat_of_another_country": _l("%(value)s is right, but not of the vendor's country (%(country)s)."),
    "vat_follows_from_siren": _l("%(value)s follows from the SIREN %(siren)s."),
    "vat_of_another": _l("From the SIREN %(siren)s follows %(expected)s, but %(value)s was given."),
    "not_french": _l("Not a French number: nothing to compare."),
    "iban_right": _l("%(value)s: form and check digits are right. Bank: %(bank)s."),
    "iban_checksum": _l("%(value)s: the check digits are wrong; a digit is probably mistyped."),
    "iban_wrong": _l("%(value)s is not an IBAN."),
    "bic_right": _l("%(value)s is a BIC. Bank: %(bank)s."),
    "bic_wrong": _l("%(value)s is not a BIC: it has 8 or 11 characters, such as BNPAFRPP."),
    "bic_same_country": _l("Both are of %(iban_country)s."),
    "bic_of_another_country": _l("The IBAN is of %(iban_country)s, the BIC of %(bic_country)s."),
    "account_at_home": _l("The account is in the vendor's country (%(country)s)."),
    "account_abroad": _l("The account is in %(iban_country)s, the vendor in %(country)s."),
    "holder_known": _l("“%(holder)s” is “%(name)s” (%(score)s %% of the words)."),
    "holder_unlike": _l("“%(holder)s” looks unlike “%(name)s” (%(score)s %% of the words)."),
    "phone_right": _l("%(value)s can be given to someone."),
    "phone_wrong": _l("%(value)s is not a number that exists in its country."),
    "phone_unreadable": _l("%(value)s is not a telephone number."),
    "no_duplicate": _l("No other vendor has the same SIREN, VAT number, IBAN, telephone or e-mail."),
    "shares": _l("Others have the same: %(others)s."),
}


def evidence(values: Mapping[str, Any]) -> str:
    """Return the sentence for a check's evidence (its code and values)."""
    code = str(values.get("code", ""))
    plain = dict(values)
    if code == "shares":
        plain["others"] = "; ".join(
            f"{other['name']} ({describe_fields(other['fields'])})" for other in values["vendors"]
        )
    return str(EVIDENCE[code]) % plain if code in EVIDENCE else "—"


def field_name(name: str) -> str:
    """Return what a column of the vendor is called."""
    return str(FIELD_NAMES[name])


def check_name(check: VendorCheck) -> str:
    """Return what a check looks at."""
    return str(CHECK_NAMES.get(check.kind, check.kind))


def check_source(check: VendorCheck) -> str:
    """Return where a check's knowledge comes from."""
    return str(SOURCES.get(check.source, check.source))


VERBS: dict[str, Any] = {
    "vendor.enter": _l("entered the prospect"),
    "vendor.apply": _l("received the application"),
    "vendor.edit": _l("changed the file"),
    "vendor.accept_terms": _l("accepted the terms"),
    "vendor.send_document": _l("sent a document"),
    "vendor.item_accept": _l("accepted an item"),
    "vendor.item_revise": _l("asked for a correction"),
    "vendor.item_waive": _l("waived an item"),
    "vendor.assign": _l("changed the account manager"),
    "vendor.recheck": _l("ran the checks again"),
    "vendor.invite": _l("invited the vendor"),
    "vendor.start": _l("began the file"),
    "vendor.submit": _l("handed in the file"),
    "vendor.request_revision": _l("gave the file back for correction"),
    "vendor.approve": _l("approved the vendor"),
    "vendor.reject": _l("rejected the application"),
    "vendor.reopen": _l("reopened the file"),
    "vendor.go_live": _l("put the first sheet on sale"),
    "vendor.go_on_vacation": _l("went on vacation"),
    "vendor.come_back": _l("came back from vacation"),
    "vendor.suspend": _l("suspended the vendor"),
    "vendor.reinstate": _l("reinstated the vendor"),
    "vendor.give_notice": _l("gave notice"),
    "vendor.withdraw_notice": _l("withdrew the notice"),
    "vendor.terminate": _l("ended the contract"),
}

NOTIFICATIONS: dict[str, Any] = {
    "vendor_approved": _l("%(vendor)s is approved: you can sell now. %(reason)s"),
    "vendor_rejected": _l("The application of %(vendor)s was rejected: %(reason)s"),
    "vendor_revision_requested": _l("The file of %(vendor)s is to be corrected. %(reason)s"),
    "vendor_suspended": _l("%(vendor)s is suspended: %(reason)s"),
    "vendor_reinstated": _l("%(vendor)s can sell again. %(reason)s"),
    "vendor_notice_given": _l("Notice was given to %(vendor)s: %(reason)s"),
    "vendor_notice_withdrawn": _l("The notice given to %(vendor)s is withdrawn. %(reason)s"),
    "vendor_terminated": _l("The contract with %(vendor)s has ended. %(reason)s"),
    "vendor_reopened": _l("The file of %(vendor)s is open again. %(reason)s"),
    "vendor_submitted": _l("%(vendor)s has handed in its file for review."),
    "vendor_started": _l("%(vendor)s has begun its file."),
    "vendor_new_application": _l("%(vendor)s has applied."),
}


def _changed_fields() -> dict[str, tuple[Any, type[StrEnum] | None]]:
    """Return how the history names what changed: the columns as forms do, the items as the checklist does."""
    found: dict[str, tuple[Any, type[StrEnum] | None]] = {
        requirement.kind: (requirement.label, RequirementState) for requirement in CHECKLIST
    }
    return {
        **found,
        **{name: (words, None) for name, words in FIELD_NAMES.items()},
        "status": (_l("State"), VendorStatus),
        "account_manager": (_l("Account manager"), None),
        "legal_form": (_l("Legal form"), LegalForm),
    }


def register() -> None:
    """Add the words of vendors."""
    for labels in LABELS:
        words.register(labels)
    for tones in TONES:
        words.register({}, tones)
    words.register_fields("vendor", _changed_fields())
    words.register_verbs(VERBS)
    named = sa.select(Vendor.id, Vendor.name)
    things.register("vendor", Kind(_l("vendor"), named, "vendors.show", "vendor_id"))
    words.register_notifications(NOTIFICATIONS)
