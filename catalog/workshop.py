"""The workshop of each vendor, put together from the database and kept in memory until what it was made of changes.

What a vendor's sheets teach (its brands, the lines it repeats) is learned when a file is read and kept with the files,
so that every worker makes the same sheets. Not here: the making (`catalog.assembly`).
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import current_app

from backoffice.clock import now
from catalog import tree
from catalog.assembly import Recipe, Workshop
from catalog.harmonization.context import learn_boilerplate, learn_brands, learn_spellings, learn_title_style
from catalog.sheets import Locale, MappedSheet
from catalog.switches import scopes
from catalog.taxonomies import duties, levels, shelf, threshold, values

# Workshops kept in memory: one holds a vendor's brands and the index of all names, about 15 MB.
WORKSHOPS = 24


def of_vendor(vendor_id: int | None, locale: str) -> Workshop:
    """Return the workshop for a vendor's sheets in this language."""
    return made_by(recipe_of(vendor_id, locale))


def recipe_of(vendor_id: int | None, locale: str) -> Recipe:
    """Return what the workshop for a vendor's sheets is made from; the same object until any of it changes."""
    reader: Locale = "fr" if locale.startswith("fr") else "en"
    categories = tree.current()
    path, model, accept = learned_path(vendor_id), shelf.live(), threshold.accept()
    key = (vendor_id, reader)
    # The day is of the state because a duty of the law begins on one.
    state = (_stamp(path), model, accept, now().date(), categories.version, scopes.revision())
    kept: dict[Any, tuple[Any, Recipe]] = current_app.extensions.setdefault("recipes", {})
    if key not in kept or kept[key][0] != state:
        recipe = Recipe(
            locale=reader,
            taxonomy=categories.taxonomy,
            learned=json.loads(path.read_text("utf-8")) if _stamp(path) else {},
            model=model,
            currency=current_app.config["CURRENCY"],
            review_below=current_app.config["REVIEW_BELOW"],
            category_accept=accept,
            levels=levels.stated(),
            gates=duties.switched_on(),
            lists=values.words_of(reader),
            off=scopes.off_for(vendor_id),
        )
        kept[key] = (state, recipe)
    return kept[key][1]


@lru_cache(maxsize=WORKSHOPS)
def made_by(recipe: Recipe) -> Workshop:
    """Return the workshop of this recipe, put together once; those used last are kept."""
    return Workshop.of(recipe)


def _stamp(path: Path) -> int:
    return path.stat().st_mtime_ns if path.exists() else 0


def learned_path(vendor_id: int | None) -> Path:
    """Return the file of what a vendor's sheets taught; sheets of no vendor teach nothing."""
    return Path(current_app.config["DATA_FOLDER"]) / "learned" / f"vendor-{vendor_id}.json"


def learn(vendor_id: int, locale: str, sheets: list[MappedSheet]) -> None:
    """Learn from a vendor's sheets and keep it; what was learned from earlier files stays."""
    path = learned_path(vendor_id)
    known = json.loads(path.read_text("utf-8")) if path.exists() else {}
    texts = [sheet.values.get("description") or "" for sheet in sheets]
    taught = {
        "brands": {**known.get("brands", {}), **learn_brands(sheets)},
        "boilerplate": sorted({*known.get("boilerplate", ()), *learn_boilerplate(texts)}),
        "spellings": {**known.get("spellings", {}), **learn_spellings(sheets)},
        "title_style": learn_title_style(sheets) or known.get("title_style"),
        # What the vendor fills anywhere it has a column for: an empty cell of it is a lack worth telling.
        "given": sorted({*known.get("given", ()), *(name for sheet in sheets for name in sheet.values)}),
    }
    if taught == known:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(taught, ensure_ascii=False, sort_keys=True), "utf-8")
    partial.replace(path)
