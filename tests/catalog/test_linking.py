"""Finding one vendor's products among another's: proposed across vendors, merged where sure, decisions kept."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from backoffice.extensions import db
from backoffice.permissions import Role
from catalog import judgements, linking
from catalog.models import Judgement, Listing, Proposal, ProposalState
from catalog.sheets import Decision
from tests.factories.accounts import make_user
from tests.factories.catalog import import_rows, listing_of, selling_vendor

pytestmark = pytest.mark.usefixtures("quick_reading")

BARCODE = "3045386381456"


def _proposals() -> list[Proposal]:
    return list(db.session.scalars(sa.select(Proposal).order_by(Proposal.id)))


def test_one_vendor_alone_has_no_duplicates(app: Flask) -> None:
    vendor = selling_vendor()
    import_rows(vendor, {"ean": BARCODE}, {"sku": "CAF-2", "ean": ""})
    assert _proposals() == []


def test_a_shared_barcode_is_merged_by_the_software_with_its_evidence(app: Flask) -> None:
    one, other = selling_vendor(), selling_vendor()
    import_rows(one, {"ean": BARCODE})
    import_rows(other, {"sku": "K-77", "titre": "KRUPS Nespresso Essenza Mini noir", "ean": BARCODE})
    (proposal,) = _proposals()
    assert (proposal.state, proposal.decision, proposal.route) == (ProposalState.ACCEPTED, Decision.SAME, "gtin")
    assert proposal.evidence
    judgement = db.session.scalars(sa.select(Judgement)).one()
    assert judgement.judge_id is None
    assert {proposal.left.vendor_id, proposal.right.vendor_id} == {one.id, other.id}


def test_the_same_words_of_two_vendors_are_proposed(app: Flask) -> None:
    one, other = selling_vendor(), selling_vendor()
    import_rows(one)
    import_rows(other, {"sku": "K-77", "titre": "KRUPS Nespresso Essenza Mini noir, cafetière à capsules"})
    (proposal,) = _proposals()
    assert proposal.score > 0.5


def test_a_decision_is_kept_when_the_files_come_again(app: Flask) -> None:
    one, other = selling_vendor(), selling_vendor()
    import_rows(one, {"ean": BARCODE})
    import_rows(other, {"sku": "K-77", "ean": BARCODE})
    (proposal,) = _proposals()
    editor = make_user(Role.CONTENT_EDITOR)
    judgements.undo(db.session.scalars(sa.select(Judgement)).one(), by=editor)
    judgements.decide(proposal, Decision.DIFFERENT, by=editor)
    db.session.commit()
    import_rows(other, {"sku": "K-77", "ean": BARCODE, "stock": "2"})
    (again,) = _proposals()
    assert again.state == ProposalState.REJECTED
    assert listing_of(one).product_id != listing_of(other, "K-77").product_id


def test_a_pair_taken_apart_by_a_person_waits_for_a_person(app: Flask) -> None:
    one, other = selling_vendor(), selling_vendor()
    import_rows(one, {"ean": BARCODE})
    import_rows(other, {"sku": "K-77", "ean": BARCODE})
    judgements.undo(db.session.scalars(sa.select(Judgement)).one(), by=make_user(Role.CONTENT_EDITOR))
    db.session.commit()
    linking.link([listing_of(other, "K-77")])
    (proposal,) = _proposals()
    assert proposal.state == ProposalState.PENDING
    assert listing_of(one).product_id != listing_of(other, "K-77").product_id


def test_a_merge_that_the_rules_refuse_waits_at_the_desk(app: Flask) -> None:
    one, other = selling_vendor(), selling_vendor()
    import_rows(one, {"ean": BARCODE})
    # Two sheets of one vendor carry the same barcode: only one of them can have an offer on the page.
    import_rows(other, {"sku": "K-77", "ean": BARCODE}, {"sku": "K-78", "ean": BARCODE})
    page = listing_of(one).product_id
    together = list(db.session.scalars(sa.select(Listing.sku).where(Listing.product_id == page).order_by(Listing.id)))
    assert len(together) == 2
    assert together[0] == "CAF-1"


def test_many_sheets_are_linked_with_few_queries(app: Flask, queries: list[str]) -> None:
    one, other = selling_vendor(), selling_vendor()
    import_rows(one, *({"sku": f"A{n}", "titre": f"Vase bleu modèle {n}{n}"} for n in range(30)))
    import_rows(other, *({"sku": f"B{n}", "titre": f"Fauteuil rouge numéro {n}{n}"} for n in range(30)))
    batch = list(db.session.scalars(sa.select(Listing).where(Listing.vendor_id == other.id)))
    known = len(_proposals())
    queries.clear()
    linking.link(batch)
    # A proposal is looked up and kept one by one; the pages and their words are fetched together.
    assert len(queries) <= 5 + 3 * max(known, len(_proposals()))
