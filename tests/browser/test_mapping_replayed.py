"""Mapping changed and replayed: a rule typed and tried, a word decided, an earlier file read again, applied, taken back."""

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
    """The vendor's file: a word of its own in every title, a colour that no list knows."""
    path = tmp_path / "lampes.csv"
    titles = ("Lampe de bureau articulée", "Lampadaire arc en métal", "Applique murale ronde")
    rows = [
        {**SHEET, "sku": f"L-{at}", "titre": f"{title} EXCLU", "description": f"{title}, 40 cm.", "couleur": "Xyzzy"}
        for at, title in enumerate(titles, 1)
    ]
    path.write_bytes(csv_of(rows))
    return path


def import_file(page: Page, file: Path) -> None:
    page.goto("/imports/new")
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name=say("Look at the file")).click()
    page.get_by_role("button", name=say("Start the import")).click()
    expect(page.get_by_role("main")).to_contain_text(say("Lines read"), timeout=60_000)


def change_mapping(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name=say("Mapping"), exact=True).first.click()
    sound(page)
    # The trial follows the typing, faults first.
    rules = page.get_by_label(say("One rule a line"))
    trial = page.locator("[data-trial-result]")
    rules.fill('titre: remplacer " EXCLU" pr ""')
    expect(trial).to_contain_text("Par exemple")
    rules.fill('titre: remplacer " EXCLU" par ""')
    expect(trial.get_by_role("cell", name="Lampe de bureau articulée", exact=True)).to_be_visible()
    page.get_by_label(say("Why"), exact=True).fill("Mot réservé à la boutique")
    sound(page)
    page.get_by_role("button", name=say("Save as a new version")).click()
    expect(page.get_by_role("main")).to_contain_text(say("Version %(version)s is saved.", version=2))


def decide_word(page: Page) -> None:
    page.get_by_label(say("Keep what “%(word)s” becomes", word="Xyzzy")).check()
    page.get_by_label(say("What “%(word)s” becomes", word="Xyzzy"), exact=True).fill("bleu")
    page.get_by_role("button", name=say("Keep the ticked ones")).click()
    expect(page.locator("#rules")).to_have_value('titre: remplacer " EXCLU" par ""\ncouleur: table "Xyzzy" -> "bleu"')


def replay(page: Page) -> None:
    page.get_by_role("link", name=say("Read an earlier file again")).click()
    page.get_by_role("button", name=say("See what would change")).click()
    main = page.get_by_role("main")
    expect(main).to_contain_text(say("This is what it would do"), timeout=60_000)
    expect(main.get_by_role("cell", name="Lampe de bureau articulée EXCLU", exact=True)).to_be_visible()
    expect(main.get_by_role("cell", name="Lampe de bureau articulée", exact=True)).to_be_visible()
    sound(page)
    page.get_by_role("button", name=say("Go on with the import")).click()
    expect(main.locator(".counter").filter(has_text=say("Updated"))).to_contain_text("3", timeout=60_000)


def take_back(page: Page) -> None:
    page.get_by_role("button", name=say("Take this import back")).click()
    main = page.get_by_role("main")
    expect(main.locator(".counter").filter(has_text=say("as before"))).to_contain_text("3", timeout=60_000)
    sound(page)
    main.get_by_role("row", name="Lampadaire arc").get_by_role("link").click()
    expect(page.get_by_role("main")).to_contain_text("EXCLU")


def test_a_mapping_is_changed_replayed_on_an_earlier_file_and_taken_back(enter: Visit, file: Path) -> None:
    vera = enter(Role.VENDOR_USER)
    import_file(vera, file)
    change_mapping(vera)
    decide_word(vera)
    replay(vera)
    take_back(vera)
