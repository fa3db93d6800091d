"""Vendor approved: a prospect is entered, invited, fills the checklist, mends a document and is approved, in French."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from backoffice.permissions import Role
from tests.browser.conftest import Visit
from tests.browser.house import PASSWORD, House, speaking
from tests.browser.watching import sound
from tests.factories.vendors import company_values

say = speaking("fr")
NUMBERS = company_values(4242)
# What Anna types, item by item of the checklist, by the label she reads.
ANSWERS: dict[str, dict[str, str]] = {
    "Your shop": {"Street and number": "1 rue des Essais", "Postcode": "69001", "City": "Lyon"},
    "Contact": {"First and last name": "Anna Bell", "Telephone": "01 42 68 53 00"},
    "Company": {
        "Legal name": "Atelier Lumen SAS",
        "SIREN": NUMBERS["siren"],
        "SIRET of the main establishment": NUMBERS["siret"],
    },
    "VAT number": {"VAT number": NUMBERS["vat_number"]},
    "Bank account": {"Holder of the account": "Atelier Lumen SAS", "IBAN": NUMBERS["iban"], "BIC": NUMBERS["bic"]},
}


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """A scanned page."""
    file = tmp_path / "recto.jpg"
    Image.new("L", (600, 800), 255).save(file, "JPEG")
    return file


def press(page: Page, words: str) -> None:
    """Press the one button or link of the page that says this."""
    page.get_by_role("main").locator("button, a.btn, summary").filter(has_text=words).first.click()


def open_item(page: Page, label: str) -> None:
    page.goto("/onboarding")
    page.get_by_role("main").get_by_role("link", name=say(label), exact=True).click()


def send_document(page: Page, label: str, file: Path) -> None:
    open_item(page, label)
    page.set_input_files("input[type=file]", file)
    press(page, say("Send"))
    page.wait_for_url("**/onboarding")


def hand_in(page: Page) -> None:
    page.goto("/onboarding")
    press(page, say("Hand in the file"))
    expect(page.get_by_role("main")).to_contain_text(say("to be reviewed"))


def enter_prospect(page: Page) -> None:
    page.get_by_role("link", name=say("Vendors")).first.click()
    press(page, say("Enter a prospect"))
    page.get_by_label(say("Name of the shop")).fill("Atelier Lumen")
    page.get_by_label(say("E-mail")).fill("anna@lumen.example")
    sound(page)
    press(page, say("Save"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Atelier Lumen")


def join(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_label(say("Your name")).fill("Anna Bell")
    page.get_by_label(say("New password"), exact=True).fill(PASSWORD)
    page.get_by_label(say("New password, once more")).fill(PASSWORD)
    sound(page)
    press(page, say("Join"))
    page.wait_for_url(lambda url: "/join/" not in url)


def fill_checklist(page: Page, scan: Path) -> None:
    # A mistyped number is refused at its field, and what was typed stays.
    open_item(page, "Company")
    for label, typed in {**ANSWERS["Company"], "SIREN": "123456789"}.items():
        page.get_by_label(say(label), exact=True).fill(typed)
    press(page, say("Save"))
    expect(page.locator("#siren-error")).to_be_visible()
    expect(page.get_by_label("SIREN", exact=True)).to_have_value("123456789")
    sound(page)
    for item, answers in ANSWERS.items():
        open_item(page, item)
        for label, typed in answers.items():
            page.get_by_label(say(label), exact=True).fill(typed)
        press(page, say("Save"))
        page.wait_for_url("**/onboarding")
    send_document(page, "Identity document", scan)
    send_document(page, "Registration extract", scan)
    open_item(page, "Terms of sale on the marketplace")
    page.get_by_label(say("First and last name of who accepts")).fill("Anna Bell")
    page.get_by_label(say("I have read the terms and accept them for the vendor.")).check()
    press(page, say("Save"))
    page.wait_for_url("**/onboarding")


def test_a_prospect_becomes_a_vendor_that_may_sell(house: House, enter: Visit, visit: Visit, scan: Path) -> None:
    manager = enter(Role.ACCOUNT_MANAGER)
    enter_prospect(manager)
    vendor_page = manager.url
    press(manager, say("Invite"))
    expect(manager.get_by_role("main")).to_contain_text(say("invited"))

    anna = visit()
    join(anna, house.link_mailed_to("anna@lumen.example", "/join/"))
    anna.goto("/onboarding")
    sound(anna)
    fill_checklist(anna, scan)
    hand_in(anna)

    # The account manager reads the evidence, and asks for the other side of the identity card.
    manager.goto(vendor_page)
    sound(manager)
    identity = manager.locator("#item-identity_document")
    expect(identity).to_contain_text("recto.jpg")
    identity.locator("summary").click()
    identity.get_by_role("textbox").fill("Il manque le verso.")
    identity.get_by_role("button", name=say("Ask for a correction"), exact=True).click()
    expect(identity).to_contain_text("Marc Petit")
    extract = manager.locator("#item-registration_document")
    extract.get_by_role("button", name=say("Accept"), exact=True).click()
    expect(extract.get_by_role("button", name=say("Accept"), exact=True)).to_have_count(0)
    press(manager, say("Ask for corrections"))
    expect(manager.get_by_role("main")).to_contain_text(say("filling in the file"))

    anna.goto("/onboarding")
    expect(anna.get_by_role("main")).to_contain_text("Il manque le verso.")
    send_document(anna, "Identity document", scan)
    hand_in(anna)

    manager.goto(vendor_page)
    identity.get_by_role("button", name=say("Accept"), exact=True).click()
    expect(identity.get_by_role("button", name=say("Accept"), exact=True)).to_have_count(0)
    press(manager, say("Approve"))
    expect(manager.get_by_role("main")).to_contain_text(say("approved"))
    expect(manager.get_by_role("main")).to_contain_text(say("approved the vendor"))

    anna.goto("/onboarding")
    expect(anna.get_by_role("main")).to_contain_text("Votre dossier est approuvé : vous pouvez vendre.")
    anna.get_by_role("link", name="notification").first.click()
    expect(anna.get_by_role("main")).to_contain_text("Atelier Lumen")
    sound(anna)
