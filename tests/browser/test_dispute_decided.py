"""Dispute from opening to decision: a buyer by signed link, a vendor who offers too little, a mediator with reasons."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from backoffice.extensions import db
from backoffice.permissions import Role
from backoffice.vendors.models import Vendor
from tests.browser.conftest import Visit
from tests.browser.house import House, speaking
from tests.browser.watching import reload, reload_until, sound
from tests.factories.orders import make_order

ALIX = "alix@buyer.example"
COFFEE_MAKER = "Cafetière Nespresso Essenza"
say = speaking("fr")


@pytest.fixture
def basket(house: House) -> str:
    """The number of an order that Alix made at Maison Exemple: two articles, one of them in two pieces."""
    with house.inside():
        vendor = db.session.scalars(sa.select(Vendor).where(Vendor.code == "maison-exemple")).one()
        lines = [{"title": COFFEE_MAKER, "amount_minor": 8900}, {"title": "Capsules", "quantity": 2}]
        order = make_order(vendor=vendor, buyer_email=ALIX, buyer_locale="fr", basket="CMD-2026-77", lines=lines)
        return order.basket


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A picture of the article that came."""
    file = tmp_path / "photo.png"
    Image.new("RGB", (320, 240), "brown").save(file)
    return file


def main(page: Page) -> Locator:
    return page.get_by_role("main")


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).first.click()


def open_dispute(page: Page, photo: Path) -> None:
    """The three steps, each looked at; the second once with too little said."""
    main(page).get_by_role("link", name=say("Report a problem")).click()
    page.get_by_label(COFFEE_MAKER).check()
    sound(page)
    press(page, say("Continue"))
    page.get_by_label(say("Tell us more")).fill("Trop petit")
    press(page, say("Continue"))
    expect(page.locator(".error-summary")).to_be_visible()
    expect(page.get_by_label(say("Tell us more"))).to_have_value("Trop petit")
    sound(page)
    page.get_by_label(say("What happened?")).select_option(label=say("Not as described"))
    page.get_by_label(say("What do you ask for?")).select_option(label=say("A refund"))
    page.get_by_label(say("Tell us more")).fill(
        "La page dit 1,5 litre, elle en contient un demi. Appelez le 06 12 34 56 78."
    )
    press(page, say("Continue"))
    expect(main(page)).to_contain_text("La page dit 1,5 litre")
    page.set_input_files("input[type=file]", photo)
    sound(page)
    press(page, say("Send"))
    expect(main(page)).to_contain_text(say("waiting for the vendor"))


def answer_with_too_little(page: Page) -> None:
    page.get_by_role("link", name=say("Disputes")).first.click()
    page.locator("main tbody th a").first.click()
    expect(main(page)).to_contain_text("elle en contient un demi")
    expect(main(page)).not_to_contain_text("06 12 34")
    sound(page)
    page.get_by_placeholder(say("Your message")).fill("Nous en sommes désolés.")
    press(page, say("Send"))
    expect(main(page)).to_contain_text("Nous en sommes désolés.")
    page.locator("#offer summary").click()
    offer = page.locator("#offer")
    offer.get_by_label(say("What you offer")).select_option(label=say("partial refund"))
    offer.locator("input[name^=amount_]").fill("10,00")
    offer.get_by_label(say("A word to go with it")).fill("Gardez-la pour 10 euros de moins.")
    press(page, say("Send the offer"))
    expect(main(page)).to_contain_text(say("settlement offered"))


def refuse_and_escalate(page: Page) -> None:
    reload(page)
    expect(main(page)).to_contain_text("10,00 €")
    sound(page)
    for act, outcome in (("Refuse the offer", "offer refused"), ("Ask for a mediator", "with a mediator")):
        fold = page.locator("#acts details").filter(has_text=say(act))
        fold.locator("summary").click()
        fold.get_by_role("textbox").fill("On m’a vendu autre chose.")
        fold.get_by_role("button", name=say(act)).click()
        expect(main(page)).to_contain_text(say(outcome))


def decide(page: Page) -> None:
    """The mediator reads English; the first try gives no reasons and is refused at its field."""
    page.get_by_role("link", name="Disputes").first.click()
    page.get_by_role("link", name="Unassigned").click()
    page.locator("main tbody th a").first.click()
    expect(main(page)).to_contain_text("06 12 34 56 78")
    press(page, "Take")
    form = page.locator("#decision")
    for label, chosen in (
        ("Outcome", "in the buyer’s favour"),
        ("Solution", "full refund"),
        ("Responsibility", "vendor responsible"),
        ("Who pays", "paid for by the vendor"),
    ):
        form.get_by_label(label, exact=True).select_option(label=chosen)
    form.locator("input[name^=amount_]").fill("89")
    sound(page)
    press(page, "Decide and tell both parties")
    expect(page.locator("#decision .field-error").first).to_be_visible()
    expect(form.locator("input[name^=amount_]")).to_have_value("89")
    form.get_by_label("Reasons", exact=True).fill("La fiche annonce une autre contenance que celle de l’article.")
    press(page, "Decide and tell both parties")
    expect(main(page)).to_contain_text("in the buyer’s favour")
    expect(main(page)).to_contain_text("Meera Shah")


def test_a_dispute_from_opening_to_decision(house: House, enter: Visit, visit: Visit, basket: str, photo: Path) -> None:
    # The buyer has no account: a link comes by mail, and opens the order.
    alix = visit()
    alix.goto("/find-my-order")
    alix.get_by_label(say("Order number")).fill(basket)
    alix.get_by_label(say("E-mail address")).fill(ALIX)
    sound(alix)
    press(alix, say("Send me the link"))
    expect(main(alix)).to_contain_text(ALIX)
    alix.goto(house.link_mailed_to(ALIX, "/my-order/"))
    expect(main(alix)).to_contain_text(COFFEE_MAKER)
    sound(alix)
    open_dispute(alix, photo)

    answer_with_too_little(enter(Role.VENDOR_USER))
    refuse_and_escalate(alix)

    meera = enter(Role.MEDIATOR, "en")
    decide(meera)

    reload_until(alix, "résolu")
    for seen in ("en faveur de l’acheteur", "89,00 €", "La fiche annonce une autre contenance"):
        expect(main(alix)).to_contain_text(seen)
    sound(alix)
    meera.goto("/disputes/report")
    expect(main(meera)).to_contain_text("in the buyer’s favour")
    sound(meera)
