"""Chromium and a served house for the journeys; one house a module, so that no journey sees another's traces."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from app import create_app
from backoffice.accounts.passwords import set_password
from backoffice.extensions import db
from backoffice.permissions import Role
from config import ROOT
from tests.browser.house import PASSWORD, House, served, settings
from tests.browser.watching import Watch
from tests.factories.accounts import make_user
from tests.factories.vendors import make_vendor

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)
# How long an expected state may take before the journey fails; the machine may be busy with the other half of the tests.
EXPECT_MILLISECONDS = 20_000

Visit = Callable[..., Page]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser, started once; where it is not installed the journeys are skipped."""
    if not Path(CHROMIUM).exists():
        pytest.skip(f"no Chromium at {CHROMIUM}: install it, or name it in the variable CHROMIUM")
    expect.set_options(timeout=EXPECT_MILLISECONDS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with its database, made by the migrations, and the people of every journey."""
    folder = tmp_path_factory.mktemp("furnished")
    environ = settings(folder, "http://127.0.0.1")
    made = subprocess.run(
        [sys.executable, "-m", "flask", "db", "upgrade"], cwd=ROOT, env=environ, capture_output=True, text=True
    )
    assert made.returncode == 0, made.stderr
    with create_app(environ).app_context():
        vendor = make_vendor(code="maison-exemple", name="Maison Exemple", locale="fr")
        for role, name, locale in (
            (Role.ACCOUNT_MANAGER, "Marc Petit", "fr"),
            (Role.CONTENT_EDITOR, "Élodie Roux", "fr"),
            (Role.MEDIATOR, "Meera Shah", "en"),
            (Role.ADMINISTRATOR, "Ada Lang", "en"),
            (Role.VENDOR_USER, "Vera Neuve", "fr"),
        ):
            values: dict[str, Any] = {"vendor_id": vendor.id} if role is Role.VENDOR_USER else {}
            user = make_user(role, email=f"{role}@house.example", name=name, locale=locale, **values)
            set_password(user, PASSWORD)
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return folder


@pytest.fixture(scope="module")
def house(furnished: Path, chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A served house of this module's own, with the people in it and nothing else."""
    folder = tmp_path_factory.mktemp("served") / "data"
    shutil.copytree(furnished, folder)
    with served(folder) as house:
        yield house


@pytest.fixture
def visit(house: House, chromium: Browser) -> Iterator[Visit]:
    """Open a browser of one's own on the house; at the end none of its pages may have complained."""
    contexts, watches = [], []

    def open_page(locale: str = "fr", **options: Any) -> Page:
        context = chromium.new_context(
            base_url=house.url,
            locale=locale,
            viewport={"width": 1280, "height": 900},
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(EXPECT_MILLISECONDS)
        contexts.append(context)
        page = context.new_page()
        watches.append(Watch(page))
        return page

    yield open_page
    for context in contexts:
        context.close()
    complaints = [complaint for watch in watches for complaint in watch.complaints]
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def enter(visit: Visit) -> Visit:
    """Open a browser and log in through the page as the person of this role."""

    def log_in(role: Role, locale: str = "fr", **options: Any) -> Page:
        page = visit(locale, **options)
        page.goto("/login")
        page.fill("#email", f"{role}@house.example")
        page.fill("#password", PASSWORD)
        page.press("#password", "Enter")
        expect(page.locator("nav.side-nav, main")).not_to_have_count(0)
        page.wait_for_url("/")
        return page

    return log_in
