"""Vendors in any state, with numbers that pass their own checks and belong to nobody."""

from __future__ import annotations

from itertools import count
from typing import Any

from stdnum import luhn

from backoffice.clock import now
from backoffice.extensions import db
from backoffice.vendors.models import SuspensionReason, Vendor, VendorStatus

_numbers = count(1)
_SELLING = (VendorStatus.APPROVED, VendorStatus.LIVE, VendorStatus.ON_VACATION)


def siren(number: int) -> str:
    """Return a SIREN with a right check digit; those beginning with 99 are given to nobody."""
    stem = f"99{number:06d}"
    return stem + luhn.calc_check_digit(stem)


def siret(of_siren: str, establishment: int = 1) -> str:
    """Return a SIRET of this SIREN with a right check digit."""
    stem = f"{of_siren}{establishment:04d}"
    return stem + luhn.calc_check_digit(stem)


def french_vat(of_siren: str) -> str:
    """Return the French VAT number of this SIREN."""
    return f"FR{(12 + 3 * (int(of_siren) % 97)) % 97:02d}{of_siren}"


def french_iban(number: int) -> str:
    """Return a French IBAN with right check digits, on an account number given to nobody."""
    account = f"{number:011d}"
    key = 97 - (89 * 10096 + 15 * 18206 + 3 * int(account)) % 97
    bban = f"1009618206{account}{key:02d}"
    check = 98 - int(f"{bban}152700") % 97
    return f"FR{check:02d}{bban}"


def company_values(number: int | None = None) -> dict[str, Any]:
    """Return what a French company fills in, every number right and unlike any other call's."""
    number = number if number is not None else next(_numbers)
    own = siren(number)
    return {
        "legal_name": f"Maison {number} SAS",
        "siren": own,
        "siret": siret(own),
        "vat_number": french_vat(own),
        "iban": french_iban(number),
        "bic": "CMCIFRPP",
        "account_holder": f"Maison {number} SAS",
        "contact_name": f"Camille Exemple {number}",
        "phone": f"+331{number:08d}",
        "street": f"{number} rue des Essais",
        "postcode": "75011",
        "city": "Paris",
    }


def make_vendor(**values: Any) -> Vendor:
    """Return a stored vendor, live unless `status` says otherwise."""
    number = next(_numbers)
    given: dict[str, Any] = {
        "code": f"maison-{number}",
        "name": f"Maison {number}",
        "email": f"contact@maison-{number}.example",
        "status": VendorStatus.LIVE,
        "locale": "en",
        **company_values(number),
        **values,
    }
    if given["status"] in _SELLING:
        given.setdefault("approved_at", now())
    if given["status"] == VendorStatus.SUSPENDED:
        given.setdefault("suspension_reason", SuspensionReason.MANUAL)
    vendor = Vendor(**given)
    db.session.add(vendor)
    db.session.commit()
    return vendor
