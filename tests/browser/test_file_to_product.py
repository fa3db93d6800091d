"""File to found product: a vendor sends a messy file, leaves while it runs, reads the report; the product is found."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from backoffice.permissions import Role
from tests.browser.conftest import Visit
from tests.browser.house import speaking
from tests.browser.watching import sound
from tests.factories.catalog import SHEET, csv_of

say = speaking("fr")
# Enough that the run is still going on when the vendor leaves its page, on a machine twice as fast as the slowest seen.
FURTHER_LINES = 1200
COFFEE_MAKER = {
    **SHEET,
    "sku": "CAF-NES-1",
    "titre": "CAFETIERE A CAPSULES NESPRESSO ESSENZA MINI",
    "description": "<p>Cafetière compacte pour capsules Nespresso, réservoir de 0,6 L, pression de 19 bars.</p>",
}
NAMELESS = {**SHEET, "sku": "SANS-NOM", "titre": ""}


def further(number: int) -> dict[str, str]:
    """Return one of the many other lines of the file."""
    title = f"Lampe de bureau modèle {number:04d} en métal noir"
    return {
        **SHEET,
        "sku": f"LAMPE-{number}",
        "titre": title,
        "description": f"{title}, 40 cm, bras articulé.",
        "marque": "Lumio",
    }


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The vendor's file: semicolons, Windows letters, a title in capitals, HTML, one line without a title."""
    path = tmp_path / "catalogue-été.csv"
    rows = [COFFEE_MAKER, NAMELESS, *(further(number) for number in range(FURTHER_LINES))]
    path.write_bytes(csv_of(rows).decode().encode("cp1252"))
    return path


def send(page: Page, file: Path) -> None:
    page.get_by_role("link", name=say("Imports")).first.click()
    page.get_by_role("link", name=say("Send a file")).first.click()
    page.set_input_files("input[type=file]", file)
    sound(page)
    page.get_by_role("button", name=say("Look at the file")).click()


def check_preview(page: Page) -> None:
    main = page.get_by_role("main")
    expect(main.locator("dl").first).to_contain_text("Windows-1252")
    expect(main).to_contain_text(say("What was recognized"))
    becomes = "What the column %(column)s becomes"
    expect(page.get_by_label(say(becomes, column="titre"))).to_have_value("title")
    # The vendor changes one column, and it stays changed.
    page.get_by_label(say(becomes, column="stock")).select_option("")
    sound(page)


def leave_and_come_back(page: Page, own_page: str) -> None:
    """The run shows its progress; the vendor goes home, and finds it again, further on or done."""
    expect(page.locator("progress").first).to_be_visible()
    sound(page)
    page.goto("/")
    page.get_by_role("link", name=say("Imports")).first.click()
    page.get_by_role("link", name="catalogue-été.csv").click()
    page.wait_for_url(own_page)


def read_report(page: Page) -> None:
    main = page.get_by_role("main")
    counted = main.locator(".counter")
    expect(counted.filter(has_text="Lignes lues")).to_contain_text(re.compile(r"1\s202"), timeout=60_000)
    expect(counted.filter(has_text=say("In error"))).to_contain_text("1")
    sound(page)
    with page.expect_download() as download:
        main.get_by_role("link", name=say("Only the lines in error")).click()
    report = download.value.path().read_text(encoding="cp1252", errors="replace")
    assert "SANS-NOM" in report
    assert "CAF-NES-1" not in report


def test_a_vendors_file_becomes_a_product_that_is_found(enter: Visit, file: Path) -> None:
    vera = enter(Role.VENDOR_USER)
    send(vera, file)
    check_preview(vera)
    own_page = vera.url
    vera.get_by_role("button", name=say("Start the import")).click()
    leave_and_come_back(vera, own_page)
    read_report(vera)

    # An editor finds it as a customer would, by words that the vendor wrote in capitals and without accents.
    elodie = enter(Role.CONTENT_EDITOR)
    elodie.get_by_role("link", name=say("Products")).first.click()
    elodie.get_by_label(say("Search products")).fill("cafetière Nespresso")
    elodie.keyboard.press("Enter")
    hits = elodie.locator("#hits li")
    expect(hits.first).to_contain_text("Nespresso Essenza Mini", ignore_case=True)
    sound(elodie)
    hits.first.get_by_role("link", name=say("Why is this here?")).click()
    expect(elodie.get_by_role("main")).to_contain_text("nespresso", ignore_case=True)
    elodie.go_back()
    hits.first.get_by_role("link").first.click()
    expect(elodie.get_by_role("main")).to_contain_text("Maison Exemple")
    expect(elodie.get_by_role("main")).to_contain_text("89,90 €")
    sound(elodie)
