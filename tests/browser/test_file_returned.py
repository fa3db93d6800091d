"""Vendor mends the returned file: only the faulty lines come back, are corrected and sent again, and nothing is left."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from backoffice.permissions import Role
from tests.browser.conftest import Visit
from tests.browser.house import speaking
from tests.browser.watching import reload_until, sound
from tests.factories.catalog import SHEET, csv_of

say = speaking("fr")
WRONG, RIGHT = "4006381333932", "4006381333931"
FAULTY = 3


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Five lines in Windows letters, three of them with a wrong barcode."""
    rows = [
        {**SHEET, "sku": f"VER-{number}", "titre": f"Théière en grès émaillé n° {number}", "marque": "Lumio",
         "description": f"Théière en grès émaillé, modèle {number}, 0,8 L.", "ean": WRONG if number < FAULTY else ""}
        for number in range(5)
    ]  # fmt: skip
    path = tmp_path / "théières.csv"
    path.write_bytes(csv_of(rows).decode().encode("cp1252"))
    return path


def send(page: Page, file: Path, start: str) -> None:
    page.goto("/imports/new")
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name=say("Look at the file")).click()
    page.get_by_role("button", name=say(start)).click()


def in_error(page: Page) -> str:
    expect(counter(page, "Lines read")).to_be_visible(timeout=60_000)
    return counter(page, "In error").inner_text()


def counter(page: Page, name: str) -> Locator:
    return page.get_by_role("main").locator(".counter").filter(has_text=say(name))


def test_a_vendor_mends_the_lines_that_came_back_and_sends_them_again(enter: Visit, file: Path, tmp_path: Path) -> None:
    page = enter(Role.VENDOR_USER)
    send(page, file, "Start the import")
    assert str(FAULTY) in in_error(page)
    with page.expect_download() as download:
        page.get_by_role("link", name=say("Only the lines in error")).click()
    returned = download.value.path().read_bytes()
    assert returned.decode("cp1252").count(WRONG) > FAULTY  # in its column, and in what is said of it

    # What recurs is a lesson, with one of the vendor's own sheets.
    page.get_by_role("link", name=say("Quality and lessons")).first.click()
    reload_until(page, WRONG)
    sound(page)

    mended = tmp_path / str(download.value.suggested_filename)
    mended.write_bytes(returned.replace(WRONG.encode(), RIGHT.encode()))
    # A vendor that has sheets is told what the file would change before it changes anything.
    send(page, mended, "Count what it changes")
    expect(counter(page, "Changed")).to_contain_text(str(FAULTY), timeout=60_000)
    sound(page)
    page.get_by_role("button", name=say("Go on with the import")).click()
    assert "0" in in_error(page)
    sound(page)
    page.goto("/sheets?status=changes_requested")
    expect(page.get_by_role("main")).to_contain_text(say("No sheet matches"))
    # Learned: the lesson is gone, and the night that counts the figures has not been yet.
    page.goto("/quality/own")
    reload_until(page, say("No figures yet"))
