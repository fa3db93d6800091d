"""The checklist as a table: what a vendor must give, by legal form and country; a kind is added by one entry here.

An entry names the vendor's columns it asks for, the checks that look at them, whether a document is sent, and to whom
it applies. Forms, states, pages and guards follow from it. Not here: the state of an item for one vendor (`vetting`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from backoffice.vendors.models import LegalForm, Vendor

# The version of templates/vendors/terms.html that is in force; a new one asks every vendor to accept again.
TERMS_VERSION = "2026-01"


def everyone(_vendor: Vendor) -> bool:
    """Applies to every vendor."""
    return True


def french(vendor: Vendor) -> bool:
    """Applies to vendors established in France."""
    return vendor.country == "FR"


def foreign(vendor: Vendor) -> bool:
    """Applies to vendors established elsewhere."""
    return vendor.country != "FR"


def liable_to_vat(vendor: Vendor) -> bool:
    """Applies to those that surely have a VAT number: a sole trader or an association may be exempt."""
    return vendor.legal_form == LegalForm.COMPANY


def registered(vendor: Vendor) -> bool:
    """Applies to those that a register knows by deed; a sole trader shows an identity only."""
    return vendor.legal_form != LegalForm.SOLE_TRADER


@dataclass(frozen=True, slots=True)
class Requirement:
    """One item of the checklist.

    `fields` are columns of the vendor that must be filled, `optional` those that may; `checks` are kinds of
    `checks.CHECKS` that must not fail; a `document` waits for a reviewer; `terms` are accepted by name.
    """

    kind: str
    label: Any
    hint: Any
    fields: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    document: bool = False
    terms: bool = False
    applies: Callable[[Vendor], bool] = everyone


CHECKLIST: tuple[Requirement, ...] = (
    Requirement(
        "complete_profile",
        _l("Your shop"),
        _l("What buyers and we see of you: name, address and language."),
        fields=("name", "street", "postcode", "city", "locale"),
        optional=("website", "presentation"),
    ),
    Requirement(
        "contact",
        _l("Contact"),
        _l("Who answers for the shop, and how we reach them."),
        fields=("contact_name", "email", "phone"),
        checks=("phone",),
    ),
    Requirement(
        "company",
        _l("Company"),
        _l("As on your registration extract; we check the numbers at once."),
        fields=("legal_name", "siren", "siret"),
        checks=("siren", "siret", "siret_of_siren"),
        applies=french,
    ),
    Requirement(
        "company_abroad",
        _l("Company"),
        _l("As in the register of your country."),
        fields=("legal_name", "registration_number"),
        applies=foreign,
    ),
    Requirement(
        "vat",
        _l("VAT number"),
        _l("Your intra-community VAT number."),
        fields=("vat_number",),
        checks=("vat", "vat_of_siren"),
        applies=liable_to_vat,
    ),
    Requirement(
        "bank_account",
        _l("Bank account"),
        _l("Where we pay you; the holder must be your company or yourself."),
        fields=("account_holder", "iban", "bic"),
        checks=("iban", "bic", "bic_of_iban", "iban_country", "holder"),
    ),
    Requirement(
        "identity_document",
        _l("Identity document"),
        _l("Passport or identity card of the legal representative, both sides, as PDF, JPEG or PNG."),
        document=True,
    ),
    Requirement(
        "registration_document",
        _l("Registration extract"),
        _l("Kbis, register extract or statutes, less than three months old, as PDF, JPEG or PNG."),
        document=True,
        applies=registered,
    ),
    Requirement(
        "accept_terms",
        _l("Terms of sale on the marketplace"),
        _l("Read them, then accept them with your name."),
        terms=True,
    ),
)
BY_KIND: dict[str, Requirement] = {requirement.kind: requirement for requirement in CHECKLIST}


def requirements_of(vendor: Vendor) -> list[Requirement]:
    """Return the items that this vendor's legal form and country ask for, in order."""
    return [requirement for requirement in CHECKLIST if requirement.applies(vendor)]
