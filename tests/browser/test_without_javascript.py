"""Without JavaScript everything can still be done: log in, send a file, start the import, read its report."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from backoffice.permissions import Role
from tests.browser.conftest import Visit
from tests.browser.house import speaking
from tests.browser.watching import reload_until
from tests.factories.catalog import SHEET, csv_of

say = speaking("fr")


def test_a_file_is_imported_without_javascript(enter: Visit, tmp_path: Path) -> None:
    file = tmp_path / "fiches.csv"
    file.write_bytes(csv_of([SHEET, {**SHEET, "sku": "CAF-2", "titre": "Cafetière à piston inox 1 L"}]))
    page = enter(Role.VENDOR_USER, java_script_enabled=False)
    main = page.get_by_role("main")
    page.goto("/imports/new")
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name=say("Look at the file")).click()
    expect(main).to_contain_text(say("What was recognized"))
    page.get_by_role("button", name=say("Start the import")).click()
    expect(main).to_contain_text(say("started the import"))
    reload_until(page, say("Lines read"))
    # Menus are plain disclosure elements: the account menu opens, and the way out works.
    page.locator(".account-menu summary").click()
    page.get_by_role("button", name=say("Sign out")).click()
    expect(page.locator("#password")).to_be_visible()
