"""A browser page that is watched: what the console, the content policy, the accessibility check and a phone say of it.

`Watch` collects while a journey runs; `sound(page)` looks at the page as it stands. Both speak in sentences that name
the page, so that a failure tells where to look.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Locator, Page, Response
from playwright.sync_api import Error as PlaywrightError

from tests.browser.house import await_state

PHONE = {"width": 375, "height": 812}
# Wider than the window by less than this is a rounding of half pixels, which nobody can scroll to.
ROUNDING_PIXELS = 1
GRAVE = ("serious", "critical")
# What Chromium answers to a reload while the page is just then loading itself: a bar that reached its end does so.
OVERTAKEN = ("Not attached to an active page", "net::ERR_ABORTED")
# What a form that is not taken is answered with, and with its page.
REFUSED = (409, 422)


class Watch:
    """What went wrong on the pages of one browser, as sentences."""

    def __init__(self, page: Page) -> None:
        self.complaints: list[str] = []
        self._page = page
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self._note(f"script error: {error}"))
        page.on("response", self._answered)

    def _note(self, sentence: str) -> None:
        self.complaints.append(f"{urlsplit(self._page.url).path}: {sentence}")

    def _heard(self, message: ConsoleMessage) -> None:
        # A refused form is answered 4xx with its page; the browser calls that an error, the answer itself is judged below.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self._note(message.text)

    def _answered(self, answer: Response) -> None:
        # A desk's form is sent without a page load, and its refusal is a page all the same.
        of_a_page = answer.request.resource_type == "document" or answer.status in REFUSED
        if answer.status >= 500 or (answer.status >= 400 and not of_a_page):
            self._note(f"{answer.status} for {answer.url}")


def grave_faults(page: Page) -> list[str]:
    """Return what axe finds serious or critical on the page, with the elements."""
    found = Axe().run(page).response["violations"]
    return [
        f"{fault['id']} ({fault['impact']}): {node['html'][:200]}"
        for fault in found
        if fault["impact"] in GRAVE
        for node in fault["nodes"]
    ]


def scrolls_sideways(page: Page) -> int:
    """Return by how many pixels the page is wider than its window."""
    width: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return width if width > ROUNDING_PIXELS else 0


def spilling_tables(page: Page) -> int:
    """Return how many tables reach over the edge of their frame, where nothing scrolls them."""
    spilt: int = page.locator(".table-frame").evaluate_all(
        "(frames) => frames.filter((one) => !one.closest('.scroll-across') && getComputedStyle(one).overflowX === 'visible'"
        " && one.scrollWidth > one.clientWidth + 1).length"
    )
    return spilt


def faults(page: Page) -> list[str]:
    """Return what is hard on someone in the page as it stands: what axe finds grave, a window scrolled sideways."""
    place = urlsplit(page.url).path
    found = [f"{place}: {fault}" for fault in grave_faults(page)]
    if spilling_tables(page):
        found.append(f"{place} has a table that reaches over its frame")
    wide = page.viewport_size
    if pixels := scrolls_sideways(page):
        found.append(f"{place} is {pixels} px wider than its window")
    page.set_viewport_size(PHONE)
    if pixels := scrolls_sideways(page):
        found.append(f"{place} is {pixels} px wider than a phone")
    if wide:
        page.set_viewport_size(wide)
    return found


def sound(page: Page) -> None:
    """Fail where the page as it stands has faults."""
    found = faults(page)
    assert not found, "\n".join(found)


def reload(page: Page) -> None:
    """Load the page again; where it is just then loading itself, that load is the one."""
    try:
        page.reload()
    except PlaywrightError as error:
        if not any(words in error.message for words in OVERTAKEN):
            raise
        page.wait_for_load_state()


def reload_until(page: Page, words: str) -> None:
    """Load the page again until it says this: work done beside the pages needs a moment."""
    _reload_until(page, lambda: words in page.get_by_role("main").inner_text(), f"“{words}”")


def reload_until_there(page: Page, part: Locator, name: str) -> None:
    """Load the page again until it has this part."""
    _reload_until(page, lambda: part.count() > 0, name)


def _reload_until(page: Page, holds: Callable[[], bool], name: str) -> None:
    def found() -> bool | None:
        reload(page)
        return holds() or None

    await_state(found, f"{name} on {urlsplit(page.url).path}")
