"""Who gets what from the pages of mappings: a vendor's user their own, staff who import; strangers find nothing."""

from __future__ import annotations

import io
from typing import Any

from backoffice.extensions import db
from catalog.rulebook import versions
from catalog.takeback.traces import Trace, TraceAct
from tests.permissions.table import Row

IMPORTERS = ("administrator", "account_manager", "content_editor")
OWN = (*IMPORTERS, "vendor_owner")


def _vendor(world: Any) -> dict[str, Any]:
    return {"vendor_id": world.vendor.id}


def _version(world: Any) -> dict[str, Any]:
    if versions.newest(world.vendor.id) is None:
        versions.save(world.vendor.id, base=0, columns={"Nom": "title"}, rules="", by=None)
        db.session.commit()
    return {"vendor_id": world.vendor.id, "number": 1}


def _import(world: Any) -> dict[str, Any]:
    run, sheet = world.catalogued.finished, world.catalogued.sheet
    if db.session.get(Trace, (run.id, sheet.id)) is None:
        db.session.add(Trace(import_id=run.id, listing_id=sheet.id, act=TraceAct.CREATED, version=sheet.version))
        db.session.commit()
    return {"import_id": run.id}


def _file(_world: Any) -> dict[str, Any]:
    return {"base": "0", "file": (io.BytesIO(b'{"comptoir_mapping": 1, "columns": {}, "rules": ["# a"]}'), "m.json")}


def _word(_world: Any) -> dict[str, Any]:
    return {"base": "0", "take": "0", "target-0": "color", "word-0": "Encre", "value-0": "noir"}


ROWS = [
    # A vendor's user is led to their own.
    Row(
        "catalog.mappings",
        allowed=(*IMPORTERS, "vendor_owner", "vendor_stranger"),
        exceptions={"vendor_owner": 302, "vendor_stranger": 302},
    ),
    Row("catalog.mapping", allowed=OWN, values=_vendor),
    Row("catalog.save_mapping", "POST", OWN, 302, values=_vendor, data=lambda _world: {"base": "0", "rules": "# a"}),
    Row("catalog.try_mapping", "POST", OWN, values=_vendor, data=lambda _world: {"rules": "title: copy Nom"}),
    Row("catalog.decide_words", "POST", OWN, 302, values=_vendor, data=_word),
    Row("catalog.mapping_versions", allowed=OWN, values=_vendor),
    Row("catalog.mapping_version", allowed=OWN, values=_version),
    Row("catalog.revert_mapping", "POST", OWN, 302, values=_version, data=lambda _world: {"base": "1"}),
    Row("catalog.export_mapping", allowed=OWN, values=_vendor),
    Row("catalog.import_mapping", "POST", OWN, values=_vendor, data=_file),
    Row("catalog.replay_files", allowed=OWN, values=_vendor),
    Row(
        "catalog.replay_file",
        "POST",
        OWN,
        302,
        values=_vendor,
        data=lambda world: {"import": str(world.catalogued.finished.id)},
    ),
    Row("catalog.take_import_back", "POST", OWN, 302, values=_import),
    Row("catalog.taken_back", allowed=OWN, values=_import),
    Row("catalog.take_back_progress", allowed=OWN, values=_import),
]
