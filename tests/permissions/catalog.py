"""Who gets what from the pages of the catalogue: a vendor's user reads its own imports and sheets, staff by permission."""

from __future__ import annotations

import io
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from backoffice.extensions import db
from catalog import judgements, uploads
from catalog.lifecycle import ListingStatus
from catalog.models import Import, ImportStatus, Judgement, Listing, Product, Proposal
from catalog.sheets import Decision
from tests.permissions.table import STAFF, Row

VENDORS = ("vendor_owner", "vendor_stranger")
READERS = (*STAFF, *VENDORS)
EDITORS = ("administrator", "content_editor")
IMPORTERS = ("administrator", "account_manager", "content_editor", *VENDORS)
# What is the owner's alone, beside the staff who may.
OWN_IMPORT = ("administrator", "account_manager", "content_editor", "vendor_owner")
OWN_SHEET = (*STAFF, "vendor_owner")
SHEET = {"title": "Théière en fonte émaillée", "brand": "Atelier"}


class Catalogued:
    """A file, sheets in the states that acts need, and a possible duplicate; each made when a row first asks."""

    def __init__(self, world: Any) -> None:
        self._world = world

    @cached_property
    def waiting(self) -> Import:
        """A file of the owner's vendor, looked at and not started."""
        return self._upload()

    @cached_property
    def held(self) -> Import:
        """An import of the owner's vendor that waits for a word before it withdraws sheets."""
        return self._upload(ImportStatus.AWAITING_CONFIRMATION)

    @cached_property
    def finished(self) -> Import:
        """An import of the owner's vendor that is over."""
        return self._upload(ImportStatus.DONE)

    def _upload(self, status: ImportStatus = ImportStatus.UPLOADED) -> Import:
        run = uploads.upload(self._world.vendor, io.BytesIO(b"sku;titre\nA;Chaise en bois\n"), "a.csv", by=None)
        run.status = status
        db.session.commit()
        return run

    @cached_property
    def sheet(self) -> Listing:
        """A sheet of the owner's vendor that waits for an editor."""
        return make_listing(self._world.vendor, ListingStatus.TO_REVIEW)

    @cached_property
    def pair(self) -> Proposal:
        """A possible duplicate across the two vendors."""
        sides = [make_listing(one, ListingStatus.PUBLISHED) for one in (self._world.vendor, self._world.other_vendor)]
        found = Proposal(left=sides[0], right=sides[1], score=0.6, decision=Decision.UNSURE, route="pair", evidence=[])
        db.session.add(found)
        db.session.commit()
        return found

    @cached_property
    def judgement(self) -> Judgement:
        """The decision that the pair is one product."""
        made = judgements.decide(self.pair, Decision.SAME, by=self._world.users["content_editor"])
        db.session.commit()
        return made


def make_listing(vendor: Any, status: ListingStatus) -> Listing:
    """Return a stored listing on a page of its own, as an import would have left it."""
    number = (db.session.scalar(sa.select(sa.func.max(Listing.id))) or 0) + 1
    listing = Listing(
        vendor_id=vendor.id,
        sku=f"SKU-{number}",
        product=Product(title=SHEET["title"], published=status == ListingStatus.PUBLISHED),
        status=status,
        content_hash="0" * 64,
        mapped=SHEET,
        values=SHEET,
        title=SHEET["title"],
        brand=SHEET["brand"],
        keywords=[{"kind": "missing_category_noun", "term": "théière", "evidence": "", "state": "open"}],
    )
    db.session.add(listing)
    db.session.commit()
    return listing


def extend(world: Any) -> None:
    """Add what the catalogue holds of the owner's vendor."""
    world.catalogued = Catalogued(world)


def _waiting(world: Any) -> dict[str, Any]:
    return {"import_id": world.catalogued.waiting.id}


def _held(world: Any) -> dict[str, Any]:
    return {"import_id": world.catalogued.held.id}


def _finished(world: Any) -> dict[str, Any]:
    return {"import_id": world.catalogued.finished.id}


def _sheet(world: Any) -> dict[str, Any]:
    return {"listing_id": world.catalogued.sheet.id}


def _published(world: Any) -> dict[str, Any]:
    return {"product_id": world.catalogued.pair.left.product_id}


def _unshown(world: Any) -> dict[str, Any]:
    return {"product_id": world.catalogued.sheet.product_id}


def _pair(world: Any) -> dict[str, Any]:
    return {"proposal_id": world.catalogued.pair.id}


def _deciding(**more: str) -> Any:
    return lambda world: {"version": world.catalogued.sheet.version, **more}


def _upload(world: Any) -> dict[str, Any]:
    return {
        "vendor": str(world.vendor.id),
        "empty_cells": "keep",
        "file": (io.BytesIO(b"sku;titre\nA;Chaise en bois\n"), "a.csv"),
    }


ROWS = [
    Row("catalog.imports", allowed=IMPORTERS),
    Row("catalog.new_import", allowed=IMPORTERS),
    Row("catalog.new_import", "POST", IMPORTERS, 302, data=_upload),
    Row("catalog.show_import", allowed=OWN_IMPORT, values=_waiting),
    Row("catalog.reread_import", "POST", OWN_IMPORT, 302, values=_waiting, data=lambda _world: {"delimiter": ";"}),
    Row(
        "catalog.start_import",
        "POST",
        OWN_IMPORT,
        302,
        values=_waiting,
        data=lambda _world: {"column-0": "id", "column-1": "title"},
    ),
    Row("catalog.proceed_import", "POST", OWN_IMPORT, 302, values=_held),
    Row("catalog.cancel_import", "POST", OWN_IMPORT, 302, values=_waiting),
    Row("catalog.import_progress", allowed=OWN_IMPORT, values=_waiting),
    Row("catalog.import_lines", allowed=OWN_IMPORT, values=_finished),
    Row("catalog.import_report", allowed=OWN_IMPORT, values=_finished),
    Row("catalog.sheets", allowed=READERS),
    Row("catalog.export_sheets", allowed=READERS),
    Row("catalog.sheet", allowed=OWN_SHEET, values=_sheet),
    Row("catalog.sheet_past", allowed=OWN_SHEET, values=_sheet),
    Row("catalog.review", allowed=EDITORS),
    Row("catalog.review_sheet", allowed=EDITORS, values=_sheet),
    Row("catalog.accept_sheet", "POST", EDITORS, 302, values=_sheet, data=_deciding()),
    Row("catalog.undo_decision", "POST", EDITORS, 409, values=_sheet, data=_deciding()),
    Row(
        "catalog.correct_sheet", "POST", EDITORS, 302, values=_sheet, data=_deciding(attribute="title", value="Théière")
    ),
    Row(
        "catalog.undo_sheet_change",
        "POST",
        EDITORS,
        302,
        values=_sheet,
        data=_deciding(rule="title.case", attribute="title"),
    ),
    # The sheet has no description: the check that asks for one may be set aside.
    Row(
        "catalog.set_check_aside",
        "POST",
        EDITORS,
        302,
        values=_sheet,
        data=_deciding(check="description.present", why="Le titre dit tout"),
    ),
    Row(
        "catalog.send_sheet_back",
        "POST",
        EDITORS,
        302,
        values=_sheet,
        data=_deciding(**{"reason-attribute": "title", "reason-words": "Say what it is."}),
    ),
    Row(
        "catalog.decide_sheet_keyword",
        "POST",
        EDITORS,
        302,
        values=_sheet,
        data=_deciding(term="théière", decision="accept"),
    ),
    Row("catalog.act_on_sheet", "POST", EDITORS, 302, values=_sheet, data=_deciding(action="withdraw")),
    Row("catalog.keywords", allowed=EDITORS),
    Row("catalog.duplicates", allowed=EDITORS),
    Row("catalog.duplicate", allowed=EDITORS, values=_pair),
    Row("catalog.decide_duplicate", "POST", EDITORS, 302, values=_pair, data=lambda _world: {"decision": "different"}),
    Row(
        "catalog.undo_judgement",
        "POST",
        EDITORS,
        302,
        values=lambda world: {"judgement_id": world.catalogued.judgement.id},
    ),
    Row("catalog.products", allowed=READERS, query={"q": "théière"}),
    Row("catalog.count_search", "POST", READERS, 204, data=lambda _world: {"q": "théière", "total": "0"}),
    # A published page is there for every vendor; one that is not shown, for those whose sheet is on it.
    Row("catalog.product", allowed=READERS, values=_published),
    Row("catalog.product", allowed=OWN_SHEET, values=_unshown),
    Row("catalog.why_here", allowed=READERS, values=_published, query={"q": "théière"}),
    Row("catalog.rules", allowed=READERS),
    Row("catalog.index_state", allowed=("administrator",)),
    Row("catalog.mend_index", "POST", ("administrator",), 302),
]
