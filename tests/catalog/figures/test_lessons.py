"""What recurs in a vendor's sheets, with an example of its own, and the file of those sheets to correct."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from backoffice import clock
from backoffice.accounts.models import User
from backoffice.clock import now
from backoffice.extensions import db
from backoffice.notifications import OutgoingMail
from backoffice.permissions import Role
from backoffice.vendors.models import Vendor
from catalog.figures import faulty, lessons
from catalog.intake import open_table
from catalog.mapping import map_headers
from catalog.models import Import
from catalog.sheets import Severity
from tests.factories.accounts import make_user
from tests.factories.catalog import SHEET, import_rows, listing_of, selling_vendor

pytestmark = pytest.mark.usefixtures("quick_reading")

SHOUTED = [
    {"sku": f"S{number}", "titre": f"BOUILLOIRE ELECTRIQUE EN VERRE MODELE {number}", "marque": ""}
    for number in range(3)
]
WRONG = [{"sku": f"W{number}", "ean": "4006381333932"} for number in range(4)]


def _vendor(*rows: dict[str, str]) -> Vendor:
    vendor = selling_vendor()
    import_rows(vendor, *rows)
    return vendor


def _lesson(vendor: Vendor, code: str, locale: str = "fr") -> lessons.Lesson:
    db.session.expire_all()
    return next(one for one in lessons.of_vendor(vendor.id, "en" if locale == "en" else "fr") if one.code == code)


def test_a_fault_that_we_mended_teaches_by_before_and_after_from_the_vendors_own_sheet(app: Flask) -> None:
    vendor = _vendor(*SHOUTED)
    one = _lesson(vendor, "title_all_caps")
    assert (one.standing, one.mended, one.column, one.attribute) == (0, 3, "titre", "Titre")
    assert one.before == SHOUTED[0]["titre"]
    assert one.after is not None
    assert one.after.startswith("Bouilloire électrique")
    assert one.listing_id == listing_of(vendor, "S0").id


def test_a_fault_that_stands_shows_the_value_and_the_remedy_in_the_readers_language(app: Flask) -> None:
    vendor = _vendor(*WRONG)
    one = _lesson(vendor, "invalid_gtin")
    assert (one.standing, one.before, one.after, one.severity) == (4, "4006381333932", None, Severity.ERROR)
    assert one.remedy.startswith("Recopiez le code")
    assert _lesson(vendor, "invalid_gtin", "en").remedy.startswith("Copy the number")


def test_the_blocking_come_first_and_what_does_not_recur_is_no_lesson(app: Flask) -> None:
    vendor = _vendor(*WRONG, *SHOUTED, {"sku": "ONE", "prix": "0,00 €"})
    codes = [one.code for one in lessons.of_vendor(vendor.id, "fr")]
    assert codes[0] == "invalid_gtin"
    assert "title_all_caps" in codes
    assert "price_suspect" not in codes


def test_a_lesson_says_since_when_and_is_gone_once_it_is_learned(app: Flask) -> None:
    vendor = selling_vendor()
    with clock.frozen(now() - timedelta(days=30)):
        import_rows(vendor, *WRONG)
    first = _lesson(vendor, "invalid_gtin").since
    assert now() - first > timedelta(days=29)
    import_rows(vendor, *({"sku": f"X{number}", "ean": "4006381333932"} for number in range(2)))
    later = _lesson(vendor, "invalid_gtin")
    assert (later.since, later.standing) == (first, 6)
    import_rows(vendor, *({**row, "ean": "4006381333931"} for row in WRONG))
    import_rows(vendor, *({"sku": f"X{number}", "ean": "4006381333931"} for number in range(2)))
    assert "invalid_gtin" not in {one.code for one in lessons.of_vendor(vendor.id, "fr")}


def test_the_sheets_of_a_fault_come_as_a_file_in_the_vendors_own_columns_that_can_be_sent_again(
    app: Flask, tmp_path: Path
) -> None:
    vendor = _vendor(*WRONG, {"sku": "GOOD"})
    text = "".join(faulty.lines(vendor.id, "invalid_gtin", "fr"))
    path = tmp_path / "invalid_gtin.csv"
    path.write_text(text, "utf-8", newline="")
    table = open_table(path)
    rows = list(table.rows())
    assert [row.cells["sku"] for row in rows] == [row["sku"] for row in WRONG]
    assert {row.cells["error-code"] for row in rows} == {"invalid_gtin"}
    assert set(table.headers) >= {name for name, value in SHEET.items() if value} | {"ean"}
    memory = {"sku": "id", "titre": "title", "ean": "gtin"}
    assert {name: map_headers(table.headers)[name] for name in memory} == memory


def test_a_mended_fault_has_its_file_too_and_no_cell_is_a_formula(app: Flask) -> None:
    vendor = _vendor(*({**row, "description": "=HYPERLINK(1) Une bouilloire en verre."} for row in SHOUTED))
    lines = list(csv.reader(io.StringIO("".join(faulty.lines(vendor.id, "title_all_caps", "fr"))), delimiter=";"))
    assert len(lines) == 4
    assert not [cell for line in lines for cell in line if cell.startswith("=")]


def test_the_mail_after_an_import_names_the_three_most_frequent_faults(app: Flask) -> None:
    vendor = selling_vendor()
    user: User = make_user(Role.VENDOR_USER, vendor_id=vendor.id, locale="fr")
    run = import_rows(vendor, *WRONG, *SHOUTED, by=user)
    mail = db.session.query(OutgoingMail).filter_by(recipient=user.email).one()
    assert "Recopiez le code imprimé sous le code-barres" in mail.body
    assert mail.body.count("\n- ") == len(lessons.most_frequent(db.session.get_one(Import, run.id).faults or [], "fr"))
    assert mail.body.index("Recopiez") < mail.body.index("/imports/")


def test_a_mail_of_a_clean_import_names_none(app: Flask) -> None:
    assert lessons.most_frequent([], "fr") == []
    assert (
        len(lessons.most_frequent([["1004", 5, 2], ["invalid_gtin", 1, 3], ["2006", 4, 2], ["mojibake", 3, 1]], "fr"))
        == 3
    )
    assert lessons.most_frequent([["1004", 5, 2], ["invalid_gtin", 1, 3]], "en")[0][1] == 1
