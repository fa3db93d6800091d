"""Rule switched with preview: an editor looks at what it would change, agrees, follows the sheets, and switches it back."""

from __future__ import annotations

import io

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from backoffice.extensions import db
from backoffice.permissions import Role
from backoffice.vendors.models import Vendor
from catalog import pipeline, uploads
from tests.browser.conftest import Visit
from tests.browser.house import House, speaking
from tests.browser.watching import reload_until, sound
from tests.factories.catalog import SHEET, csv_of

say = speaking("fr")
SHOUTED = "GRILLE-PAIN DEUX FENTES EN INOX BROSSE"
CALM = ("Bouilloire en verre 1,5 L", "Moulin à poivre en hêtre", "Saladier en grès", "Planche à découper en noyer")


@pytest.fixture
def sheets(house: House) -> None:
    """Six sheets of Maison Exemple, two of them with a title in capitals."""
    titles = [f"{SHOUTED} {number}" for number in (1, 2)] + list(CALM)
    rows = [
        {
            **SHEET,
            "sku": f"REG-{number}",
            "titre": title,
            "marque": "Cuistot",
            "description": f"{title}, garanti 2 ans.",
        }
        for number, title in enumerate(titles)
    ]
    with house.inside():
        vendor = db.session.scalars(sa.select(Vendor).where(Vendor.code == "maison-exemple")).one()
        run = uploads.upload(vendor, io.BytesIO(csv_of(rows)), "regles.csv", by=None)
        pipeline.confirm(run, by=None)
        db.session.commit()


def look_at_effect(page: Page) -> None:
    page.get_by_label(say("Vendor")).select_option(label="Maison Exemple")
    page.get_by_role("button", name=say("Show the effect")).click()
    main = page.get_by_role("main")
    expect(main).to_contain_text(say("All %(all)s sheets were made with and without the rule.", all="6"))
    expect(main).to_contain_text("GRILLE-PAIN")
    sound(page)


def test_a_rule_is_switched_off_after_a_look_at_its_effect_and_on_again(enter: Visit, sheets: None) -> None:
    page = enter(Role.CONTENT_EDITOR)
    page.goto("/sheets")
    reload_until(page, "Planche à découper")
    page.get_by_role("link", name=say("Harmonization rules")).first.click()
    sound(page)
    page.locator("a[href$='/rules/title.case']").click()
    sound(page)
    look_at_effect(page)

    # A third of the sheets would change: it is done only by who says so.
    page.get_by_label(say("Why")).fill("Les titres de cette marque sont déposés en capitales")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name=say("Switch off")).click()
    main = page.get_by_role("main")
    expect(main).to_contain_text("déposés en capitales")
    reload_until(page, say("all sheets made again"))
    sound(page)
    page.goto("/sheets")
    expect(page.get_by_role("main")).to_contain_text(SHOUTED)

    page.goto("/rules/title.case")
    again = page.get_by_role("button", name=say("Switch on again…"))
    page.set_viewport_size({"width": 375, "height": 800})
    again.scroll_into_view_if_needed()
    expect(again).to_be_in_viewport(ratio=1)
    page.set_viewport_size({"width": 1280, "height": 900})
    again.click()
    expect(page.get_by_label(say("Why"))).to_be_visible()
    page.get_by_label(say("Why")).fill("Essai fini")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name=say("Switch on again")).click()
    expect(page.get_by_role("main")).to_contain_text("Essai fini")
    page.goto("/sheets")
    reload_until(page, "Grille-pain deux fentes")
