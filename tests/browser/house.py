"""A whole house for a browser: a new data folder, `flask serve` on a free loopback port, its people and its mails.

The world is small and made through the product: users with real passwords, vendors, orders; files are sent by the
journeys themselves. Not here: anything a journey does.
"""

from __future__ import annotations

import email
import email.policy
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from babel.support import NullTranslations, Translations
from flask import Flask

from app import create_app
from config import ROOT

PASSWORD = "lanterne orbite 7 noyer"
TRANSLATIONS = ROOT / "backoffice" / "translations"
# Two cores shared with a browser: a first start has been seen to take 9 seconds.
PATIENCE_SECONDS = 60.0

T = TypeVar("T")


def await_state(find: Callable[[], T | None], what: str, patience: float = PATIENCE_SECONDS) -> T:
    """Return what `find` finds, asking again until it finds something; fails with `what` when patience ends."""
    end = time.monotonic() + patience
    while (found := find()) is None:
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(0.05)
    return found


def speaking(locale: str) -> Callable[..., str]:
    """Return the function that says an English sentence of the product as a reader of this language sees it."""
    known: NullTranslations = Translations.load(str(TRANSLATIONS), [locale]) if locale != "en" else NullTranslations()

    def say(sentence: str, **values: object) -> str:
        said = known.ugettext(sentence)
        return said % values if values else said

    return say


@dataclass(frozen=True, slots=True)
class House:
    """A served house: its address and its data folder."""

    url: str
    folder: Path
    log: Path

    @property
    def environ(self) -> dict[str, str]:
        """The settings it runs with."""
        return settings(self.folder, self.url)

    @contextmanager
    def inside(self) -> Iterator[Flask]:
        """Give the application on the house's own database, for what a journey needs to find there before it begins."""
        app = create_app(self.environ)
        with app.app_context():
            yield app

    def link_mailed_to(self, recipient: str, path: str) -> str:
        """Return the latest address below `path` that was mailed to someone, as soon as the mail is in the folder."""
        pattern = re.compile(re.escape(self.url + path) + r"\S+")
        return await_state(lambda: self._find_link(recipient, pattern), f"a mail to {recipient} with {path}")

    def _find_link(self, recipient: str, pattern: re.Pattern[str]) -> str | None:
        for file in sorted((self.folder / "mail").glob("*.eml"), reverse=True):
            message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            body = message.get_body()
            if message["To"] == recipient and body is not None and (found := pattern.search(body.get_content())):
                return found[0]
        return None


def settings(folder: Path, url: str) -> dict[str, str]:
    """Return the environment of a house in this folder."""
    own = {
        "COMPTOIR_PROFILE": "development",
        "DATA_FOLDER": str(folder),
        "BASE_URL": url,
        "SWEEP_SECONDS": "1",
        "LOG_LEVEL": "WARNING",
    }
    kept = {
        name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "FLASK_APP", "TMPDIR")
    }
    return {**kept, **own, "OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}


def free_port() -> int:
    """Return a loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(folder: Path, **more: str) -> Iterator[House]:
    """Serve the house of this data folder, with these settings on top, until the block ends; it logs to `serve.log`."""
    port = free_port()
    house = House(f"http://127.0.0.1:{port}", folder, folder / "serve.log")
    with house.log.open("wb") as log:
        command = [sys.executable, "-m", "flask", "serve", "--port", str(port)]
        environ = {**house.environ, **more}
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=log, stderr=subprocess.STDOUT)
        try:
            await_state(lambda: _answers(house, process), f"{house.url}/readyz")
            yield house
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _answers(house: House, process: subprocess.Popen[bytes]) -> bool | None:
    assert process.poll() is None, f"the server stopped: {house.log.read_text()[-2000:]}"
    try:
        with urllib.request.urlopen(f"{house.url}/readyz", timeout=2) as answer:
            return True if answer.status == 200 else None
    except (urllib.error.URLError, OSError):
        return None
