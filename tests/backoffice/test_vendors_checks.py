"""What a vendor's numbers say about themselves."""

from __future__ import annotations

import pytest

from backoffice.vendors import checks
from backoffice.vendors.words import CHECK_NAMES, EVIDENCE, SOURCES
from tests.factories.vendors import company_values, french_iban, french_vat, siren, siret

OWN = siren(1)


def outcome(kind: str, **facts: str) -> tuple[str, str]:
    """Return a check's result and evidence code."""
    found = checks.run(kind, {"country": "FR", **facts})
    return found.result, found.evidence["code"]


@pytest.mark.parametrize(
    ("kind", "facts", "expected"),
    [
        ("siren", {"siren": OWN}, ("passed", "digits_right")),
        ("siren", {"siren": f"{OWN[:3]} {OWN[3:6]} {OWN[6:]}"}, ("passed", "digits_right")),
        ("siren", {"siren": OWN[:-1] + str((int(OWN[-1]) + 1) % 10)}, ("failed", "digits_invalidchecksum")),
        ("siren", {"siren": "12"}, ("failed", "digits_invalidlength")),
        ("siren", {"siren": "<script>!"}, ("failed", "digits_invalidformat")),
        ("siren", {"siren": ""}, ("skipped", "not_given")),
        ("siret", {"siret": siret(OWN)}, ("passed", "digits_right")),
        ("siret", {"siret": siret(OWN)[:-1]}, ("failed", "digits_invalidlength")),
        ("siret_of_siren", {"siren": OWN, "siret": siret(OWN, 2)}, ("passed", "siret_begins_with_siren")),
        ("siret_of_siren", {"siren": OWN, "siret": siret(siren(2))}, ("failed", "siret_of_another")),
        ("vat", {"vat_number": french_vat(OWN)}, ("passed", "digits_right")),
        ("vat", {"vat_number": "DE 136,695 976"}, ("warning", "vat_of_another_country")),
        ("vat", {"vat_number": "EL094259216", "country": "GR"}, ("passed", "digits_right")),
        ("vat", {"vat_number": "FR00"}, ("failed", "digits_invalidformat")),
        ("vat_of_siren", {"vat_number": french_vat(OWN), "siren": OWN}, ("passed", "vat_follows_from_siren")),
        ("vat_of_siren", {"vat_number": french_vat(siren(2)), "siren": OWN}, ("failed", "vat_of_another")),
        ("vat_of_siren", {"vat_number": "DE136695976", "siren": OWN}, ("skipped", "not_french")),
        ("iban", {"iban": french_iban(7)}, ("passed", "iban_right")),
        ("iban", {"iban": "FR76 3000 6000 0112 3456 7890 188"}, ("failed", "iban_checksum")),
        ("iban", {"iban": "my account"}, ("failed", "iban_wrong")),
        ("bic", {"bic": "BNPAFRPP"}, ("passed", "bic_right")),
        ("bic", {"bic": "nonsense"}, ("failed", "bic_wrong")),
        ("bic_of_iban", {"iban": french_iban(7), "bic": "DEUTDEFF"}, ("warning", "bic_of_another_country")),
        ("bic_of_iban", {"iban": "?", "bic": "DEUTDEFF"}, ("skipped", "unreadable")),
        ("iban_country", {"iban": french_iban(7)}, ("passed", "account_at_home")),
        ("iban_country", {"iban": french_iban(7), "country": "BE"}, ("warning", "account_abroad")),
        ("phone", {"phone": "01 42 68 53 00"}, ("passed", "phone_right")),
        ("phone", {"phone": "01 42"}, ("failed", "phone_wrong")),
        ("phone", {"phone": "call me"}, ("failed", "phone_unreadable")),
        (
            "holder",
            {"account_holder": "ATELIER DU BOIS", "legal_name": "Atelier du Bois S.A.R.L."},
            ("passed", "holder_known"),
        ),
        (
            "holder",
            {"account_holder": "Martin Jean-Pierre", "contact_name": "J.-P. Martin"},
            ("passed", "holder_known"),
        ),
        ("holder", {"account_holder": "Éts Lumière", "legal_name": "LUMIERE"}, ("passed", "holder_known")),
        ("holder", {"account_holder": "Nord Textile", "legal_name": "Sud Textile"}, ("warning", "holder_unlike")),
        ("holder", {"account_holder": "Paul Martin", "legal_name": "Jean Martin"}, ("warning", "holder_unlike")),
        ("holder", {"account_holder": "Paul Martin"}, ("skipped", "nothing_to_compare")),
    ],
)
def test_each_check_says_what_it_found(kind: str, facts: dict[str, str], expected: tuple[str, str]) -> None:
    assert outcome(kind, **facts) == expected


def test_a_company_whose_numbers_agree_passes_everything() -> None:
    facts = {name: str(value) for name, value in company_values(3).items()}
    results = {found.kind: found.result for found in checks.run_all({**facts, "country": "FR", "name": "Maison 3"})}
    assert results == dict.fromkeys(checks.CHECKS, "passed")


@pytest.mark.parametrize("junk", ["", "\0", "é" * 500, "=1+1", "१२३४५६७८९", "\u202e123", "0" * 5000])
def test_no_check_breaks_on_junk(junk: str) -> None:
    names = {name for check in checks.CHECKS.values() for name in check.needs} | {"legal_name", "contact_name", "name"}
    for found in checks.run_all(dict.fromkeys(names, junk)):
        assert found.result in ("passed", "warning", "failed", "skipped")


def test_every_check_source_and_evidence_has_words() -> None:
    assert set(checks.CHECKS) <= set(CHECK_NAMES)
    assert {check.source for check in checks.CHECKS.values()} <= set(SOURCES)
    seen = {
        outcome(kind, **facts)[1]
        for kind in checks.CHECKS
        for facts in ({}, dict.fromkeys(checks.CHECKS[kind].needs, "junk"), company_values(1))
    }
    assert seen <= set(EVIDENCE)
