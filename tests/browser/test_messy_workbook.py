"""Messy workbook to published products: title lines, merged cells, numbers as text, a totals line; found by customers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from openpyxl import Workbook
from playwright.sync_api import expect

from backoffice.permissions import Role
from tests.browser.conftest import Visit
from tests.browser.house import speaking
from tests.browser.watching import sound

say = speaking("fr")
HEAD = ("Réf.", "Désignation", "Descriptif", "Marque", "EAN", "Prix TTC (€)", "Longueur (cm)", "Qté")
OWN = tuple(f"Emplacement en réserve {number}" for number in range(1, 16))
LINES = (
    ("PO-1", "POELE INDUCTION 28 CM TEFAL INGENIO", "<p>Poêle antiadhésive.</p>", "TEFAL", 3168430299993, "39,90 €", 45, "12"),
    ("PL-2", "plaid polaire 130x170 bleu", "Plaid doux pour le canapé.", "", "", 19.5, None, 3),
    ("CA-3", "Cafetière italienne Bialetti Moka 6 tasses", "CafetiÃ¨re en aluminium.", "Bialetti", "", "29,00", 10, 7),
)  # fmt: skip


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """What a small shop keeps for itself: a cover sheet, a title above the header, a total below."""
    book, path = Workbook(), tmp_path / "tarif novembre.xlsx"
    cover = book.active
    cover.title = "Lisez-moi"
    cover["A1"] = "Tarif de la Maison Exemple, novembre"
    sheet = book.create_sheet("Catalogue")
    sheet.append(["TARIF NOVEMBRE"])
    sheet.merge_cells("A1:H1")
    sheet.append([])
    # Far more columns than a page is wide, as an export of a till has them.
    for row in (HEAD + OWN, *LINES, (None, "TOTAL", None, None, None, "=SUM(F4:F6)", None, 22)):
        sheet.append(list(row))
    sheet.column_dimensions["H"].hidden = True
    book.save(path)
    return path


def test_a_messy_workbook_becomes_products_that_customers_find(enter: Visit, workbook: Path) -> None:
    vera = enter(Role.VENDOR_USER)
    vera.goto("/imports/new")
    vera.set_input_files("input[type=file]", workbook)
    vera.get_by_role("button", name=say("Look at the file")).click()
    main = vera.get_by_role("main")
    expect(main).to_contain_text("Catalogue")
    becomes = "What the column %(column)s becomes"
    for column, attribute in (("Désignation", "title"), ("EAN", "gtin"), ("Prix TTC (€)", "price"), ("Qté", "stock")):
        expect(vera.get_by_label(say(becomes, column=column), exact=True)).to_have_value(attribute)
    sound(vera)
    vera.get_by_role("button", name=say("Start the import")).click()
    counted = main.locator(".counter")
    expect(counted.filter(has_text=say("Lines read"))).to_contain_text(re.compile("3"), timeout=60_000)
    sound(vera)

    elodie = enter(Role.CONTENT_EDITOR)
    for words, found in (("poele tefal", "Poêle"), ("plaid bleu", "Plaid"), ("cafetiere bialetti", "Bialetti")):
        elodie.goto("/products")
        elodie.get_by_label(say("Search products"), exact=True).fill(words)
        elodie.keyboard.press("Enter")
        expect(elodie.locator("#hits li").first).to_contain_text(found, ignore_case=True)
    elodie.locator("#hits li").first.get_by_role("link").first.click()
    expect(elodie.get_by_role("main")).to_contain_text("29,00 €")
    expect(elodie.get_by_role("main")).to_contain_text("Cafetière en aluminium")
    sound(elodie)
