"""What a vendor's numbers say about themselves: check digits, and whether they agree with one another.

Pure: plain values in, outcomes out, each with its source and evidence (a code and its values; the words are in
`words.EVIDENCE`). Promise: no check asks the network, and none raises on bad input. Not here: whether a register or
another vendor knows the number (`vetting` adds the duplicates).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import phonenumbers
from rapidfuzz import fuzz
from stdnum.eu import vat as eu_vat
from stdnum.exceptions import ValidationError
from stdnum.fr import siren as french_siren
from stdnum.fr import siret as french_siret

Facts = Mapping[str, str]

PASSED, WARNING, FAILED, SKIPPED = "passed", "warning", "failed", "skipped"

# Below this likeness the holder's name is shown to a reviewer. Of 27 pairs written by hand (legal forms, initials,
# order, accents; neighbours such as "Nord Textile" and "Sud Textile"), the same names scored 67 and more, others 50
# and less.
SAME_HOLDER = 60
SAME_WORD = 80
_IDLE_WORDS = frozenset(
    {
        "sas",
        "sasu",
        "sarl",
        "eurl",
        "sa",
        "snc",
        "sci",
        "ei",
        "eirl",
        "gmbh",
        "ltd",
        "limited",
        "srl",
        "spa",
        "bv",
        "inc",
        "societe",
        "ste",
        "ets",
        "etablissements",
        "etablissement",
        "m",
        "mr",
        "mme",
        "monsieur",
        "madame",
        "le",
        "la",
        "les",
        "l",
        "de",
        "du",
        "des",
        "d",
        "et",
        "and",
        "und",
    }
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one check found: a result, where the knowledge comes from, and why."""

    kind: str
    result: str
    source: str
    evidence: dict[str, Any] = field(default_factory=dict)


Judge = Callable[[Facts], tuple[str, dict[str, Any]]]


def compact(value: str) -> str:
    """Return an identifier without the spaces, dots and dashes people write in it, in capitals."""
    return re.sub(r"[\s.\-/\u2010-\u2015]", "", value).upper()


def international_phone(value: str, country: str) -> str:
    """Return a telephone number in its international form, or the text as it is where it is none."""
    try:
        number = phonenumbers.parse(value, country or None)
    except phonenumbers.NumberParseException:
        return value
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _schwifty() -> Any:
    """Return the library of account numbers: it takes 90 ms to import, which every start of a command would wait for."""
    import schwifty
    import schwifty.exceptions

    return schwifty


def _siren(facts: Facts) -> tuple[str, dict[str, Any]]:
    return _digits(french_siren.validate, facts["siren"])


def _siret(facts: Facts) -> tuple[str, dict[str, Any]]:
    return _digits(french_siret.validate, facts["siret"])


def _digits(validate: Callable[[str], str], value: str) -> tuple[str, dict[str, Any]]:
    try:
        return PASSED, {"code": "digits_right", "value": validate(value)}
    except ValidationError as error:
        return FAILED, {"code": f"digits_{type(error).__name__.lower()}", "value": value}


def _siret_of_siren(facts: Facts) -> tuple[str, dict[str, Any]]:
    siren, siret = compact(facts["siren"]), compact(facts["siret"])
    if siret.startswith(siren):
        return PASSED, {"code": "siret_begins_with_siren", "siren": siren, "siret": siret}
    return FAILED, {"code": "siret_of_another", "siren": siren, "siret": siret}


def _vat(facts: Facts) -> tuple[str, dict[str, Any]]:
    status, evidence = _digits(eu_vat.validate, facts["vat_number"])
    country = facts.get("country", "")
    if status == PASSED and country and not evidence["value"].startswith({"GR": "EL"}.get(country, country)):
        return WARNING, {"code": "vat_of_another_country", "value": evidence["value"], "country": country}
    return status, evidence


def _vat_of_siren(facts: Facts) -> tuple[str, dict[str, Any]]:
    vat, siren = compact(facts["vat_number"]), compact(facts["siren"])
    if not vat.startswith("FR"):
        return SKIPPED, {"code": "not_french"}
    if not siren.isdigit():
        return FAILED, {"code": "vat_of_another", "siren": siren, "expected": "", "value": vat}
    # The key of a French VAT number follows from the SIREN (CGI annexe II).
    expected = f"FR{(12 + 3 * (int(siren) % 97)) % 97:02d}{siren}"
    if vat == expected:
        return PASSED, {"code": "vat_follows_from_siren", "value": vat, "siren": siren}
    return FAILED, {"code": "vat_of_another", "siren": siren, "expected": expected, "value": vat}


def _iban(facts: Facts) -> tuple[str, dict[str, Any]]:
    try:
        iban = _schwifty().IBAN(facts["iban"], validate_bban=True)
    except _schwifty().exceptions.SchwiftyException as error:
        fault = "checksum" if "Checksum" in type(error).__name__ else "wrong"
        return FAILED, {"code": f"iban_{fault}", "value": facts["iban"]}
    return PASSED, {"code": "iban_right", "value": iban.formatted, "bank": iban.bank_name or "—"}


def bic_of(iban: str) -> str:
    """Return the BIC of the bank that holds this account, or "" where the list of banks does not tell it."""
    try:
        return str(_schwifty().IBAN(iban).bic or "")
    except _schwifty().exceptions.SchwiftyException:
        return ""


def _bic(facts: Facts) -> tuple[str, dict[str, Any]]:
    try:
        bic = _schwifty().BIC(facts["bic"])
    except _schwifty().exceptions.SchwiftyException:
        return FAILED, {"code": "bic_wrong", "value": facts["bic"]}
    names = bic.bank_names
    return PASSED, {"code": "bic_right", "value": bic.formatted, "bank": names[0] if names else "—"}


def _bic_of_iban(facts: Facts) -> tuple[str, dict[str, Any]]:
    try:
        iban, bic = _schwifty().IBAN(facts["iban"]), _schwifty().BIC(facts["bic"])
    except _schwifty().exceptions.SchwiftyException:
        return SKIPPED, {"code": "unreadable"}
    values = {"iban_country": iban.country_code, "bic_country": bic.country_code}
    if iban.country_code != bic.country_code:
        return WARNING, {"code": "bic_of_another_country", **values}
    return PASSED, {"code": "bic_same_country", **values}


def _iban_country(facts: Facts) -> tuple[str, dict[str, Any]]:
    values = {"iban_country": compact(facts["iban"])[:2], "country": facts["country"]}
    if values["iban_country"] != values["country"]:
        return WARNING, {"code": "account_abroad", **values}
    return PASSED, {"code": "account_at_home", **values}


def _holder(facts: Facts) -> tuple[str, dict[str, Any]]:
    holder = facts["account_holder"]
    names = [name for name in (facts.get("legal_name"), facts.get("contact_name"), facts.get("name")) if name]
    if not names:
        return SKIPPED, {"code": "nothing_to_compare"}
    score, name = max((_likeness(holder, name), name) for name in names)
    values = {"holder": holder, "name": name, "score": score}
    return (
        (PASSED, {"code": "holder_known", **values})
        if score >= SAME_HOLDER
        else (WARNING, {"code": "holder_unlike", **values})
    )


def _likeness(left: str, right: str) -> int:
    """Return from 0 to 100 how many words two names share, whatever their order, accents, initials and legal form."""
    shorter, longer = sorted((_name_words(left), _name_words(right)), key=len)
    if not shorter:
        return 0
    shared = sum(any(_same_word(word, other) for other in longer) for word in shorter)
    return round(100 * shared / len(longer))


def _name_words(name: str) -> list[str]:
    bare = unicodedata.normalize("NFKD", name.replace(".", "").lower())
    letters = "".join(character for character in bare if not unicodedata.combining(character))
    words = re.findall(r"[^\W_]+", letters)
    return [word for word in words if word not in _IDLE_WORDS] or words


def _same_word(left: str, right: str) -> bool:
    if len(left) == 1 or len(right) == 1:
        return left[0] == right[0]
    return fuzz.ratio(left, right) >= SAME_WORD


def _phone(facts: Facts) -> tuple[str, dict[str, Any]]:
    try:
        number = phonenumbers.parse(facts["phone"], facts.get("country") or None)
    except phonenumbers.NumberParseException:
        return FAILED, {"code": "phone_unreadable", "value": facts["phone"]}
    value = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    if phonenumbers.is_valid_number(number):
        return PASSED, {"code": "phone_right", "value": value}
    return FAILED, {"code": "phone_wrong", "value": value}


@dataclass(frozen=True, slots=True)
class Check:
    """One check: the facts it needs (without them it is skipped), its source, and its judge."""

    needs: tuple[str, ...]
    source: str
    judge: Judge


CHECKS: dict[str, Check] = {
    "siren": Check(("siren",), "check_digit", _siren),
    "siret": Check(("siret",), "check_digit", _siret),
    "siret_of_siren": Check(("siren", "siret"), "comparison", _siret_of_siren),
    "vat": Check(("vat_number",), "check_digit", _vat),
    "vat_of_siren": Check(("vat_number", "siren"), "comparison", _vat_of_siren),
    "iban": Check(("iban",), "check_digit", _iban),
    "bic": Check(("bic",), "bank_list", _bic),
    "bic_of_iban": Check(("iban", "bic"), "comparison", _bic_of_iban),
    "iban_country": Check(("iban", "country"), "comparison", _iban_country),
    "holder": Check(("account_holder",), "comparison", _holder),
    "phone": Check(("phone",), "numbering_plan", _phone),
}


def run(kind: str, facts: Facts) -> Outcome:
    """Return what one check says of these facts (the vendor's columns as texts; empty where not given)."""
    check = CHECKS[kind]
    if any(not facts.get(name) for name in check.needs):
        return Outcome(kind, SKIPPED, check.source, {"code": "not_given"})
    result, evidence = check.judge(facts)
    return Outcome(kind, result, check.source, evidence)


def run_all(facts: Facts) -> list[Outcome]:
    """Return what every check says, in the table's order."""
    return [run(kind, facts) for kind in CHECKS]
