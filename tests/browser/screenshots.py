"""`python -m tests.browser.screenshots FOLDER`: a picture of every page of every role, to be looked at by a person.

Each page in French and English, light and dark, 1,440 px wide and 375 px: `editor-review.fr.dark.phone.png`. The house
is the demo marketplace, loaded anew unless `--data` names a data folder that holds it. Pages that a role finds nothing
on are named on standard error. Not here: any judgement; `tests.browser.test_pages` judges what a machine can.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from backoffice.permissions import Role
from config import ROOT, read_settings
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.house import House, served, settings
from tests.browser.rooms import FIRST_ROW, PUBLIC, ROOMS, Room

# The name a demo account has in its address.
DEMO_NAMES = {
    Role.ADMINISTRATOR: "admin",
    Role.ACCOUNT_MANAGER: "manager",
    Role.CONTENT_EDITOR: "editor",
    Role.MEDIATOR: "mediator",
    Role.VENDOR_USER: "vendor",
    Role.BUYER: "buyer",
}
LOCALES = ("fr", "en")
THEMES = ("light", "dark")
WIDTHS = {"wide": (1440, 900), "phone": (375, 812)}
# A taller picture is unreadable, and the browser takes long over it.
TALLEST_PIXELS = 4000


@dataclass(frozen=True, slots=True)
class Look:
    """How a page is looked at."""

    locale: str
    theme: str
    width: str

    def __str__(self) -> str:
        return f"{self.locale}.{self.theme}.{self.width}"


# What the README shows, in the order of a vendor's file and then of a dispute.
README = (
    (Role.CONTENT_EDITOR, Room("home", "/"), Look("en", "light", "wide")),
    (Role.ACCOUNT_MANAGER, Room("vendor", "/vendors?status=ready_for_review", FIRST_ROW), Look("en", "light", "wide")),
    (Role.CONTENT_EDITOR, Room("import", "/imports", FIRST_ROW), Look("en", "light", "wide")),
    (Role.CONTENT_EDITOR, Room("review", "/review"), Look("fr", "light", "wide")),
    (Role.CONTENT_EDITOR, Room("duplicates", "/duplicates"), Look("en", "light", "wide")),
    (Role.CONTENT_EDITOR, Room("search", "/products?q=cafeti%C3%A8re+nespresso"), Look("fr", "light", "wide")),
    (Role.CONTENT_EDITOR, Room("mapping", "/mappings", FIRST_ROW), Look("en", "light", "wide")),
    (Role.CONTENT_EDITOR, Room("groups", "/review/groups", FIRST_ROW), Look("fr", "dark", "wide")),
    (Role.CONTENT_EDITOR, Room("keywords", "/keywords"), Look("en", "light", "wide")),
    (Role.CONTENT_EDITOR, Room("rule", "/rules/title.case"), Look("fr", "light", "wide")),
    (Role.CONTENT_EDITOR, Room("mend-first", "/quality/mend-first"), Look("en", "dark", "wide")),
    (Role.VENDOR_USER, Room("lessons", "/quality/own"), Look("fr", "light", "wide")),
    (Role.MEDIATOR, Room("dispute", "/disputes?view=mine&status=under_review", FIRST_ROW), Look("en", "light", "wide")),
    (Role.MEDIATOR, Room("dispute-report", "/disputes/report"), Look("en", "dark", "wide")),
)
README_WINDOW: ViewportSize = {"width": 1280, "height": 800}
README_COLOURS = 96


@contextmanager
def demo_house(data: Path | None) -> Iterator[House]:
    """Serve the demo marketplace of a data folder, or one loaded anew."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = data or Path(scratch)
        own = {"COMPTOIR_PROFILE": "demo"}
        if data is None:
            environ = {**settings(folder, "http://127.0.0.1"), **own}
            subprocess.run([sys.executable, "-m", "flask", "demo", "load"], cwd=ROOT, env=environ, check=True)
        with served(folder, **own) as house:
            yield house


def shoot(page: Page, file: Path) -> None:
    """Write the whole page as it stands."""
    width, height = (page.viewport_size or {"width": 1440, "height": 900}).values()
    whole = min(int(page.evaluate("document.documentElement.scrollHeight")), TALLEST_PIXELS)
    page.set_viewport_size({"width": width, "height": max(whole, height)})
    page.screenshot(path=file, animations="disabled")
    page.set_viewport_size({"width": width, "height": height})


def context_of(browser: Browser, house: House, look: Look) -> BrowserContext:
    """Return a browser of someone who looks at pages in this way."""
    width, height = WIDTHS[look.width]
    return browser.new_context(
        base_url=house.url,
        locale=look.locale,
        color_scheme="dark" if look.theme == "dark" else "light",
        viewport={"width": width, "height": height},
        reduced_motion="reduce",
    )


def log_in(page: Page, name: str, locale: str) -> None:
    """Log in as the demo account of this name, and read this language from now on."""
    page.goto("/login")
    page.fill("#email", f"{name}@demo.example")
    page.fill("#password", read_settings(os.environ)["DEMO_PASSWORD"])
    page.press("#password", "Enter")
    page.wait_for_url("/")
    other = page.locator(f".language-switch button[value={locale}]").first
    if other.count():
        other.click()
        page.wait_for_function(f"document.documentElement.lang === '{locale}'")


def walk(page: Page, who: str, rooms: tuple[Room, ...], look: Look, folder: Path) -> int:
    """Shoot these pages one after the other; returns how many there were."""
    taken = 0
    for room in rooms:
        if room.open(page):
            shoot(page, folder / f"{who}-{room.name}.{look}.png")
            taken += 1
        else:
            print(f"{who}: nothing at {room.address} for {room.name}", file=sys.stderr)
    return taken


def chosen(rooms: tuple[Room, ...], only: str) -> tuple[Room, ...]:
    """Return the pages whose name is asked for; all where none is."""
    names = {name for name in only.split(",") if name}
    return tuple(room for room in rooms if not names or room.name in names)


def shoot_all(browser: Browser, house: House, folder: Path, only: str) -> int:
    """Walk every role through its pages in every look; returns the number of pictures."""
    taken = 0
    for parts in product(LOCALES, THEMES, WIDTHS):
        look = Look(*parts)
        people = {"public": PUBLIC, **{DEMO_NAMES[role]: rooms for role, rooms in ROOMS.items()}}
        for who, rooms in people.items():
            context = context_of(browser, house, look)
            page = context.new_page()
            if who != "public":
                log_in(page, who, look.locale)
            taken += walk(page, who, chosen(rooms, only), look, folder)
            context.close()
        print(f"{look}: {taken} pictures so far", file=sys.stderr)
    return taken


def shoot_for_readme(browser: Browser, house: House, folder: Path) -> int:
    """Take the pictures of the README: one window high, in few colours so that each stays small."""
    for role, room, look in README:
        context = context_of(browser, house, look)
        page = context.new_page()
        page.set_viewport_size(README_WINDOW)
        log_in(page, DEMO_NAMES[role], look.locale)
        if not room.open(page):
            raise SystemExit(f"nothing to show at {room.address}")
        file = folder / f"{room.name}.png"
        page.screenshot(path=file, animations="disabled")
        Image.open(file).convert("RGB").quantize(README_COLOURS).save(file, optimize=True)
        context.close()
    return len(README)


def main() -> None:
    """Read the command line and take the pictures."""
    parser = argparse.ArgumentParser(prog="python -m tests.browser.screenshots", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("--data", type=Path, help="data folder that holds the demo (it is loaded anew without)")
    parser.add_argument("--only", default="", help="names of pages, separated by commas")
    parser.add_argument("--readme", action="store_true", help="only the few pictures of the README, small")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    with demo_house(given.data) as house, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        if given.readme:
            taken = shoot_for_readme(browser, house, given.folder)
        else:
            taken = shoot_all(browser, house, given.folder, given.only)
        browser.close()
    print(f"{taken} pictures in {given.folder}")


if __name__ == "__main__":
    main()
