"""Numbers of companies and accounts that pass every check digit and were made up.

Pure. Not here: what a vendor's checklist makes of them.
"""

from __future__ import annotations

from schwifty import IBAN
from stdnum import luhn
from stdnum.iso7064 import mod_11_10


def french(number: int) -> dict[str, str]:
    """Return the SIREN, SIRET, VAT number, IBAN and BIC of an invented French company."""
    siren = _with_luhn(f"99{number:06d}")
    return {
        "siren": siren,
        "siret": _with_luhn(f"{siren}0001"),
        "vat_number": f"FR{(12 + 3 * (int(siren) % 97)) % 97:02d}{siren}",
        "iban": str(IBAN.generate("FR", bank_code="10096", branch_code="18206", account_code=f"{number:011d}")),
        "bic": "CMCIFRPP",
    }


def german(number: int) -> dict[str, str]:
    """Return the register number, VAT number, IBAN and BIC of an invented German company."""
    digits = f"99{number:06d}"
    return {
        "registration_number": f"HRB {number:06d}",
        "vat_number": f"DE{digits}{mod_11_10.calc_check_digit(digits)}",
        "iban": str(IBAN.generate("DE", bank_code="50070010", account_code=f"{number:010d}")),
        "bic": "DEUTDEFFXXX",
    }


def _with_luhn(stem: str) -> str:
    return stem + luhn.calc_check_digit(stem)
