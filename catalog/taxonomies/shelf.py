"""The category models that were learned, side by side on the disk; a stored setting says which one is live.

    models/categories/<version>/   whole before it is named; never changed afterwards

Promise: going live, or back to a former model, is one row written in the transaction of the act: whoever is reading the
old model goes on reading it, whoever asks next gets the new one, and a process killed anywhere leaves a whole model.
Not here: learning (`learning`).
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _l

from backoffice import settings
from catalog.categories import Suggester

KEY = "taxonomy.model"
# Models kept: the live one and those a person may want to go back to; one of 30,000 sheets takes 60 MB.
KEPT = 5
_CARD = "card.json"

settings.register(settings.Key(KEY, _l("category model"), str, default=""))


def root() -> Path:
    """Return the folder in which the models stand side by side."""
    return Path(current_app.config["DATA_FOLDER"]) / "models" / "categories"


def live() -> Path | None:
    """Return the folder of the live model; None where the names of the categories serve."""
    name: str = settings.value(KEY)
    folder = root() / name
    return folder if name and (folder / _CARD).exists() else None


def keep(model: Suggester, name: str) -> Path:
    """Write a model under a name of its own, whole or not at all; one of that name is left as it is."""
    folder, beside = root() / name, root() / f"{name}.partial"
    if not (folder / _CARD).exists():
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir(parents=True)
        model.save(beside)
        shutil.rmtree(folder, ignore_errors=True)
        beside.rename(folder)
    return folder


def put_live(name: str, *, by: Any, reason: str = "") -> None:
    """Make a kept model the live one; "" lets the names of the categories serve. The caller commits."""
    settings.put(KEY, name, by=by, reason=reason)


def clear(but: set[str]) -> None:
    """Remove what was left half written, and the models that nobody can go back to any more."""
    for folder in root().iterdir() if root().exists() else ():
        if folder.is_dir() and folder.name not in but:
            shutil.rmtree(folder, ignore_errors=True)
