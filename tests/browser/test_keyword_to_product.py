"""Keyword gap to found product: a search finds nothing, its story shows why, a word is taken, a synonym tried and saved."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from backoffice.permissions import Role
from tests.browser.conftest import Visit
from tests.browser.house import speaking
from tests.browser.watching import sound
from tests.factories.catalog import SHEET, csv_of

say = speaking("fr")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Capsules whose title does not say what they fit, and a refrigerator that nobody calls so."""
    path = tmp_path / "cuisine.csv"
    capsules = "Capsules de café bio lot de 50"
    rows = [
        {**SHEET, "sku": "C-1", "titre": capsules, "marque": "Moka Bleu",
         "description": f"{capsules}, compatibles avec les machines Nespresso."},
        {**SHEET, "sku": "R-1", "titre": "Réfrigérateur combiné 300 L blanc", "marque": "Bosch",
         "description": "Réfrigérateur combiné à froid brassé."},
    ]  # fmt: skip
    path.write_bytes(csv_of(rows))
    return path


def import_file(page: Page, file: Path) -> None:
    page.goto("/imports/new")
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name=say("Look at the file")).click()
    page.get_by_role("button", name=say("Start the import")).click()
    expect(page.get_by_role("main")).to_contain_text(say("Lines read"), timeout=60_000)


def search_for(page: Page, words: str) -> None:
    page.goto("/products")
    page.get_by_label(say("Search products"), exact=True).fill(words)
    with page.expect_response("**/products/count"):
        page.get_by_role("button", name=say("Search"), exact=True).last.click()


def take_keyword(page: Page) -> None:
    page.goto("/keywords")
    main = page.get_by_role("main")
    row = main.get_by_role("row", name="Nespresso").first
    expect(row).to_contain_text("compatible avec Nespresso")
    sound(page)
    row.get_by_role("button", name=say("Take"), exact=True).click()
    expect(main).to_contain_text("1 mot-clé retenu")


def try_synonym(page: Page) -> None:
    page.goto("/steering/queries")
    sound(page)
    page.get_by_role("link", name="frigo").click()
    sound(page)
    page.get_by_role("link", name=say("Make a synonym")).click()
    page.get_by_label(say("Who searches"), exact=True).fill("frigo")
    page.get_by_label(say("also finds"), exact=True).fill("réfrigérateur")
    page.get_by_role("button", name=say("See what it changes")).click()
    expect(page.get_by_role("main")).to_contain_text(say("comes in"))
    sound(page)
    page.get_by_role("button", name=say("Save the synonym")).click()
    expect(page.get_by_role("main")).to_contain_text(say("The synonym holds from now on."))
    sound(page)


def test_a_missing_keyword_and_a_synonym_make_products_found(enter: Visit, file: Path) -> None:
    vera, elodie = enter(Role.VENDOR_USER), enter(Role.CONTENT_EDITOR)
    import_file(vera, file)
    search_for(elodie, "frigo")
    take_keyword(elodie)
    try_synonym(elodie)
    search_for(elodie, "frigo")
    expect(elodie.locator("#hits")).to_contain_text("Réfrigérateur combiné")
    elodie.goto("/steering/queries/story?q=frigo")
    expect(elodie.get_by_role("main")).to_contain_text(say("Synonym added"))
