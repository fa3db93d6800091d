"""Sheet reviewed from the keyboard: an editor walks the queue, accepts, corrects and sends back without a mouse."""

from __future__ import annotations

import io

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from backoffice.extensions import db
from backoffice.permissions import Role
from backoffice.vendors.models import Vendor
from catalog import pipeline, uploads
from catalog.lifecycle import ListingStatus
from catalog.models import Listing
from tests.browser.conftest import Visit
from tests.browser.house import PASSWORD, House, speaking
from tests.browser.watching import reload_until, sound
from tests.factories.catalog import SHEET, csv_of
from tests.factories.desk import make_sheets

say = speaking("fr")
SHEETS = 20
NAMES = ("Théière en fonte", "Bouilloire électrique", "Moulin à poivre", "Presse-agrumes")


@pytest.fixture
def doubtful_sheets(house: House) -> None:
    """Four sheets whose description holds a telephone number: an editor must look at each."""
    words = "{name} de cuisine, garantie deux ans. Une question ? Appelez le 06 12 34 56 78."
    rows = [
        {**SHEET, "sku": f"CUI-{number}", "titre": name, "marque": "Cuistot", "description": words.format(name=name)}
        for number, name in enumerate(NAMES)
    ]
    with house.inside():
        vendor = db.session.scalars(sa.select(Vendor).where(Vendor.code == "maison-exemple")).one()
        run = uploads.upload(vendor, io.BytesIO(csv_of(rows)), "cuisine.csv", by=None)
        pipeline.confirm(run, by=None)
        db.session.commit()


def stands(page: Page, name: str) -> None:
    """The sheet at the desk is this one, and its page listens to keys."""
    expect(page.locator(".queue-item-active")).to_contain_text(name)
    page.wait_for_load_state()


def keyboard_login(page: Page) -> None:
    page.goto("/login")
    expect(page.locator("#email")).to_be_focused()
    page.keyboard.type(f"{Role.CONTENT_EDITOR}@house.example")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("/")


def walk(page: Page) -> None:
    stands(page, NAMES[0])
    for key, name in (("j", NAMES[1]), ("j", NAMES[2]), ("k", NAMES[1]), ("k", NAMES[0])):
        page.keyboard.press(key)
        stands(page, name)


def ask_for_help(page: Page) -> None:
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    for key in ("j", "k", "a", "e", "r", "?"):
        expect(dialog.locator("kbd", has_text=key).first).to_be_visible()
    sound(page)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_sheets_are_decided_without_a_mouse(visit: Visit, doubtful_sheets: None) -> None:
    page = visit()
    keyboard_login(page)
    page.goto("/review")
    reload_until(page, NAMES[3])
    sound(page)
    walk(page)
    ask_for_help(page)

    # Accept: the next one is there at once, and the word of it above.
    page.keyboard.press("a")
    main = page.get_by_role("main")
    expect(main).to_contain_text("« Théière en fonte » acceptée.")
    stands(page, NAMES[1])
    sound(page)

    # A key too fast is taken back by another, and the sheet is in hand again.
    page.keyboard.press("u")
    expect(main).to_contain_text("Décision sur « Théière en fonte » annulée.")
    stands(page, NAMES[0])
    page.keyboard.press("a")
    stands(page, NAMES[1])

    # Escape leaves a field, and the keys are the desk's again.
    page.keyboard.press("e")
    expect(page.locator("[data-shortcut=e]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("[data-shortcut=e]")).not_to_be_focused()

    # Correct the title in place; the sheet stays at the desk with the new words.
    page.keyboard.press("e")
    expect(page.locator("[data-shortcut=e]")).to_be_focused()
    page.keyboard.type("Bouilloire électrique Cuistot 1,7 L")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(main).to_contain_text(say("Value corrected."))
    stands(page, "1,7 L")

    # Send it back with a reason in one's own words.
    page.keyboard.press("r")
    expect(page.locator("[data-shortcut=r]")).to_be_focused()
    page.keyboard.type("Retirez le numéro de téléphone.")
    page.keyboard.press("Enter")
    expect(main).to_contain_text("renvoyée à Maison Exemple")
    stands(page, NAMES[2])
    expect(page.locator(".queue-item")).to_have_count(2)


def decide(page: Page, keys: tuple[str, ...]) -> None:
    """Decide on the sheet in hand with these keys, and wait for the next."""
    before = page.locator(".queue-item-active a").get_attribute("href")
    for key in keys:
        page.keyboard.press(key)
    expect(page.locator(".queue-item-active a")).not_to_have_attribute("href", str(before))


def test_twenty_sheets_take_three_keys_each_at_most_and_no_page_is_loaded_between(enter: Visit, house: House) -> None:
    with house.inside():
        vendor = db.session.scalars(sa.select(Vendor).where(Vendor.code == "maison-exemple")).one()
        made = [one.id for one in make_sheets(vendor, SHEETS + 1)]
    page = enter(Role.CONTENT_EDITOR)
    page.goto(f"/review/{made[0]}")
    page.evaluate("window.stayed = true")
    for place in range(SHEETS):
        decide(page, ("a",) if place % 3 else ("r", "Enter"))
    assert page.evaluate("window.stayed") is True
    with house.inside():
        states = db.session.scalars(sa.select(Listing.status).where(Listing.id.in_(made[:SHEETS])))
        assert ListingStatus.TO_REVIEW not in set(states)
    # The browser's own arrow goes back through what was seen.
    page.go_back()
    expect(page.get_by_role("main")).to_contain_text("Théière en fonte")
    assert page.evaluate("window.stayed") is True
    sound(page)


def nodes_kept(page: Page) -> float:
    """The nodes that the page keeps alive once what nothing holds is thrown away."""
    inspector = page.context.new_cdp_session(page)
    inspector.send("Performance.enable")
    inspector.send("HeapProfiler.collectGarbage")
    metrics = inspector.send("Performance.getMetrics")["metrics"]
    return next(float(one["value"]) for one in metrics if one["name"] == "Nodes")


def test_a_day_of_decisions_keeps_no_sheet_that_was_decided(enter: Visit, house: House) -> None:
    with house.inside():
        vendor = db.session.scalars(sa.select(Vendor).where(Vendor.code == "maison-exemple")).one()
        made = [one.id for one in make_sheets(vendor, SHEETS + 1)]
    page = enter(Role.CONTENT_EDITOR)
    page.goto(f"/review/{made[0]}")
    decide(page, ("a",))
    early = nodes_kept(page)
    for _ in range(SHEETS - 2):
        decide(page, ("r", "Enter"))
    assert nodes_kept(page) < 4 * early


def test_a_decision_that_cannot_be_sent_is_told_and_can_be_sent_again(enter: Visit, house: House) -> None:
    with house.inside():
        vendor = db.session.scalars(sa.select(Vendor).where(Vendor.code == "maison-exemple")).one()
        made = [one.id for one in make_sheets(vendor, 2)]
    page = enter(Role.CONTENT_EDITOR)
    page.goto(f"/review/{made[0]}")
    page.keyboard.press("r")
    page.keyboard.type("Retirez le numéro.")
    page.route("**/send-back*", lambda route: route.abort())
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("La connexion est coupée")
    expect(page.locator("[data-shortcut=r]")).to_have_value("Retirez le numéro.")
    page.unroute("**/send-back*")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("renvoyée à Maison Exemple")


def test_what_is_typed_and_not_sent_is_there_again_when_its_sheet_is(enter: Visit, house: House) -> None:
    with house.inside():
        vendor = db.session.scalars(sa.select(Vendor).where(Vendor.code == "maison-exemple")).one()
        first, second = (one.id for one in make_sheets(vendor, 2))
    page = enter(Role.CONTENT_EDITOR)
    title, words = page.locator("[data-shortcut=e]"), page.locator("[data-shortcut=r]")
    page.goto(f"/review/{first}")
    title.fill("Théière en fonte émaillée")
    words.fill("Dites la contenance.")
    page.reload()
    expect(title).to_have_value("Théière en fonte émaillée")

    # Another sheet has its own words, and the first still has those typed over its own.
    page.locator(f'[data-queue-link][href*="/review/{second}"]').click()
    stands(page, f"n° {second}")
    expect(title).to_have_value(f"Théière en fonte n° {second}")
    page.go_back()
    expect(title).to_have_value("Théière en fonte émaillée")

    # What was sent is no draft any more; what stands beside it still is.
    title.press("Enter")
    expect(page.get_by_role("main")).to_contain_text(say("Value corrected."))
    expect(words).to_have_value("Dites la contenance.")
    assert page.evaluate("Object.keys(sessionStorage).filter((key) => key.includes('/correct')).length") == 0


def test_the_last_decision_is_told_beside_the_empty_queue(enter: Visit, house: House) -> None:
    with house.inside():
        vendor = db.session.scalars(sa.select(Vendor).where(Vendor.code == "maison-exemple")).one()
        make_sheets(vendor, 2)
    page = enter(Role.CONTENT_EDITOR)
    page.goto("/review")
    page.evaluate("window.stayed = true")
    main = page.get_by_role("main")
    while page.locator(".queue-item").count() > 1:
        decide(page, ("a",))
    page.keyboard.press("a")
    expect(main).to_contain_text(say("The queue is empty"))
    expect(main).to_contain_text("acceptée.")
    assert page.evaluate("window.stayed") is True
    sound(page)


def test_on_a_phone_the_sheet_is_read_and_every_decision_is_one_touch_away(enter: Visit, house: House) -> None:
    with house.inside():
        make_sheets(db.session.scalars(sa.select(Vendor).where(Vendor.code == "maison-exemple")).one(), 1)
    page = enter(Role.CONTENT_EDITOR)
    page.set_viewport_size({"width": 375, "height": 800})
    page.goto("/review")
    acts = page.locator(".desk-acts")
    accept = acts.get_by_role("button", name=say("Accept"))
    expect(accept).to_be_in_viewport()
    expect(page.locator("#value")).not_to_be_in_viewport()
    assert acts.bounding_box()["height"] < 100
    acts.get_by_role("link", name=say("Other decisions")).click()
    expect(page.locator("#value")).to_be_in_viewport()
    page.fill("#value", "Bouilloire en inox")
    page.locator("#correct").get_by_role("button", name=say("Correct")).click()
    expect(page.get_by_text(say("Value corrected."))).to_be_visible()


def test_a_refusal_far_down_a_sheet_is_brought_into_sight(enter: Visit, house: House) -> None:
    with house.inside():
        vendor = db.session.scalars(sa.select(Vendor).where(Vendor.code == "maison-exemple")).one()
        made = make_sheets(vendor, 1)[0].id
    page = enter(Role.CONTENT_EDITOR)
    page.set_viewport_size({"width": 375, "height": 800})
    page.goto(f"/review/{made}")
    with house.inside():
        db.session.get_one(Listing, made).version += 1
        db.session.commit()
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    page.locator(".desk-acts").get_by_role("button", name=say("Accept")).click()
    expect(page.get_by_role("alert").filter(has_text=say("Nothing was written."))).to_be_in_viewport()
