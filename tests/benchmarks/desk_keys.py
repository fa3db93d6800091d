"""Milliseconds from a key at the review desk to the next sheet on the screen, in Chromium, over a served house.

    python -m tests.benchmarks.desk_keys [--sheets 200] [--decisions 60]

Last line: JSON `sheets`, `decisions`, and of each key (`a` accepts, `r` and Enter send back) `p50_ms p95_ms`.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from backoffice.accounts.passwords import set_password
from backoffice.extensions import db
from backoffice.permissions import Role
from config import ROOT
from tests.benchmarks.pages import shares
from tests.browser.house import PASSWORD, House, served
from tests.factories.accounts import make_user
from tests.factories.catalog import selling_vendor
from tests.factories.desk import make_sheets

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
EDITOR = "editor@house.example"
# From the last key down to the frame that shows another sheet as the one in hand.
WATCH = """() => {
  const name = () => document.querySelector(".queue-item-active a")?.getAttribute("href") ?? "";
  const before = name();
  let began = 0;
  addEventListener("keydown", () => (began = performance.now()), { capture: true });
  window.shown = new Promise((resolve) => {
    new MutationObserver((_news, watcher) => {
      if (name() === before) return;
      watcher.disconnect();
      requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - began)));
    }).observe(document.body, { childList: true, subtree: true });
  });
}"""
# Milliseconds for which nobody decides: an eye needs more to find the title.
GLANCE = 250
KEYS = {"a": ("a",), "r": ("r", "Enter")}


def fill(house: House, sheets: int) -> None:
    """Store an editor and so many sheets in doubt."""
    subprocess.run(
        [sys.executable, "-m", "flask", "db", "upgrade"], cwd=ROOT, env=house.environ, check=True, capture_output=True
    )
    with house.inside():
        set_password(make_user(Role.CONTENT_EDITOR, email=EDITOR, locale="fr"), PASSWORD)
        make_sheets(selling_vendor(), sheets)
        db.session.commit()


def decide(page: Page, keys: tuple[str, ...]) -> float:
    """Decide on the sheet in hand; returns the milliseconds until the next one is shown."""
    page.wait_for_timeout(GLANCE)
    page.evaluate(WATCH)
    for key in keys:
        page.keyboard.press(key)
    milliseconds: float = page.evaluate("() => window.shown")
    return milliseconds


def measure(folder: Path, sheets: int, decisions: int) -> dict[str, Any]:
    """Serve a house and decide; returns the figures."""
    fill(House("http://127.0.0.1", folder, folder / "serve.log"), sheets)
    with served(folder) as house, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(base_url=house.url)
        page.goto("/login")
        page.fill("#email", EDITOR)
        page.fill("#password", PASSWORD)
        page.press("#password", "Enter")
        page.wait_for_url("/")
        page.goto("/review")
        page.wait_for_load_state("networkidle")
        took = {key: [decide(page, keys) for _ in range(decisions)] for key, keys in KEYS.items()}
        browser.close()
    return {key: shares(times) for key, times in took.items()}


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sheets", type=int, default=200)
    parser.add_argument("--decisions", type=int, default=60)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder), given.sheets, given.decisions)
    print(json.dumps({"sheets": given.sheets, "decisions": given.decisions, **found}))


if __name__ == "__main__":
    main()
