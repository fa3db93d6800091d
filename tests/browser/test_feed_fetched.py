"""Feed to published products: a vendor gives an address once; the file there is fetched, imported and shown with its report."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from backoffice.permissions import Role
from tests.browser.conftest import Visit
from tests.browser.house import House, served, speaking
from tests.browser.watching import reload_until, reload_until_there, sound
from tests.factories.catalog import SHEET, csv_of
from tests.factories.web import Shop, opened

say = speaking("fr")
# The link from a fetch to the import that it led to.
RESULT = "main table a[href^='/imports/']"


@pytest.fixture(scope="module")
def shop() -> Iterator[Shop]:
    """The vendor's own server, which asks for a password."""
    with opened() as shop:
        rows = [{**SHEET, "sku": f"CAF-{n}", "titre": f"Cafetière Nespresso Essenza Mini n° {n}"} for n in range(3)]
        shop.gives("/fiches.csv", csv_of(rows), Content_Type="text/csv")
        yield shop


@pytest.fixture(scope="module")
def house(furnished: Path, chromium: Browser, tmp_path_factory: pytest.TempPathFactory, shop: Shop) -> Iterator[House]:
    """A house that may fetch from this machine."""
    folder = tmp_path_factory.mktemp("served") / "data"
    shutil.copytree(furnished, folder)
    with served(folder, EGRESS_NETWORKS="127.0.0.0/8", EGRESS_PORTS=f"80,443,{shop.port}") as house:
        yield house


def test_a_vendor_gives_an_address_and_its_sheets_come_by_themselves(enter: Visit, shop: Shop) -> None:
    page = enter(Role.VENDOR_USER)
    page.get_by_role("link", name=say("Imports")).first.click()
    page.get_by_role("link", name=say("Feeds"), exact=True).first.click()
    sound(page)
    page.get_by_role("link", name=say("Add a feed")).first.click()
    _fill(page, shop)
    page.get_by_role("button", name=say("Fetch now")).click()
    reload_until_there(page, page.locator(RESULT), "the feed's first fetch")
    sound(page)
    expect(page.get_by_role("main")).not_to_contain_text("mot-de-passe")
    assert shop.seen[0][1]["authorization"].startswith("Basic ")
    page.locator(RESULT).click()
    reload_until(page, say("finished"))


def _fill(page: Page, shop: Shop) -> None:
    page.fill("[name=address]", shop.url("/fiches.csv", "127.0.0.1"))
    page.fill("[name=name]", "Fiches du soir")
    page.select_option("[name=credential]", "basic")
    page.get_by_role("button", name=say("Add the feed")).click()
    # What was typed is kept, and the field that lacks something says so.
    expect(page.locator("[name=name]")).to_have_value("Fiches du soir")
    sound(page)
    page.fill("[name=credential_name]", "maison")
    page.fill("[name=secret]", "mot-de-passe")
    page.get_by_role("button", name=say("Add the feed")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Fiches du soir")
