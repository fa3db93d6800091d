"""Finding one vendor's products among another's: proposed across vendors, merged where sure, decisions kept."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from backoffice.extensions import db
from backoffice.permissions import Role
from catalog import judgements, linking
from catalog.matching.evidence import evidence_of, variants
from catalog.models import Judgement, Listing, Proposal, ProposalState
from catalog.sheets import Decision, Verdict
from tests.factories.accounts import make_user
from tests.factories.catalog import import_rows, listing_of, selling_vendor
from tests.factories.desk import make_sheets

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


def test_a_colour_and_a_material_said_in_two_languages_do_not_contradict(app: Flask) -> None:
    said = {"title": "Krups Essenza Mini", "color": ["noir"], "material": ["acier inoxydable"]}
    translated = {**said, "color": ["black"], "material": ["stainless steel"]}
    french, english, red = (
        make_sheets(selling_vendor(), 1, values=values, locale=locale)[0]
        for values, locale in ((said, "fr"), (translated, "en"), ({**translated, "color": ["red"]}, "en"))
    )
    left, right, other = map(linking.record_of, (french, english, red))
    verdicts = {one.attribute: one.verdict for one in evidence_of(left, right, {})}
    assert (verdicts["color"], verdicts["material"]) == (Verdict.AGREE, Verdict.AGREE)
    assert variants(left, right) == []
    assert variants(left, other) == ["color"]


def test_the_evidence_names_the_sides_in_the_order_of_the_pair(app: Flask) -> None:
    import_rows(selling_vendor(), {"titre": "Krups Nespresso Essenza Mini noir 0,6 L", "couleur": "noir"})
    import_rows(selling_vendor(), {"sku": "K-77", "titre": "Krups Nespresso Essenza Mini rouge", "couleur": "rouge"})
    (proposal,) = _proposals()
    said = {one["attribute"]: (one["left"], one["right"]) for one in proposal.evidence}
    assert said["title"] == (proposal.left.title, proposal.right.title)
    assert said["color"] == (proposal.left.values["color"][0], proposal.right.values["color"][0])


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


def _proposal(left: Listing, right: Listing, score: float) -> Proposal:
    """Say that the matcher is so sure of these two, whatever it thinks of them."""
    first, second = sorted((left, right), key=lambda one: one.id)
    known = sa.select(Proposal).where(Proposal.left_id == first.id, Proposal.right_id == second.id)
    proposal = db.session.scalar(known) or Proposal(left=first, right=second, route="model")
    proposal.score, proposal.decision, proposal.route = score, Decision.SAME, "model"
    db.session.add(proposal)
    db.session.commit()
    return proposal


def test_of_two_sheets_that_claim_one_page_the_likelier_gets_it_whichever_batch_came_first(app: Flask) -> None:
    one, other = selling_vendor(), selling_vendor()
    import_rows(one, {"titre": "Vase bleu"})
    import_rows(other, {"sku": "K-1", "titre": "Fauteuil rouge"}, {"sku": "K-2", "titre": "Tapis vert"})
    page, first, second = listing_of(one), listing_of(other, "K-1"), listing_of(other, "K-2")
    worse, better = _proposal(page, first, 0.6), _proposal(page, second, 0.9)
    linking.merge_found(other.id)
    assert page.product_id == second.product_id != first.product_id
    assert (better.state, worse.state) == (ProposalState.ACCEPTED, ProposalState.PENDING)
    # The other one waits for a person, and is not tried again at every import.
    assert (worse.decision, worse.route) == (Decision.UNSURE, "model_refused")


def test_two_sheets_judged_different_are_not_joined_through_a_third(app: Flask) -> None:
    vendors = [selling_vendor() for _ in range(3)]
    titles = ("Vase bleu", "Fauteuil rouge", "Tapis vert")
    for vendor, title in zip(vendors, titles, strict=True):
        import_rows(vendor, {"titre": title, "description": "", "marque": ""})
    a, b, c = (listing_of(vendor) for vendor in vendors)
    apart = _proposal(a, c, 0.2)
    judgements.decide(apart, Decision.DIFFERENT, by=make_user(Role.CONTENT_EDITOR))
    _proposal(a, b, 0.9)
    _proposal(b, c, 0.8)
    linking.merge_found(vendors[1].id)
    assert a.product_id == b.product_id != c.product_id


def test_batches_are_neighbours_by_title_and_their_merges_wait_for_the_last(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linking, "BATCH", 2)
    seen: list[list[str]] = []
    proposed = linking.proposals_for

    def watched(batch: list[Listing]) -> object:
        assert db.session.scalar(sa.select(Judgement.id).limit(1)) is None
        seen.append(sorted(one.title for one in batch))
        return proposed(batch)

    one, other = selling_vendor(), selling_vendor()
    import_rows(one, {"ean": BARCODE})
    monkeypatch.setattr(linking, "proposals_for", watched)
    names = ("Vase bleu", "Fauteuil rouge", "Vase blanc", "Cafetière Krups Essenza", "Fauteuil vert")
    import_rows(
        other,
        *(
            {"sku": f"B{n}", "titre": name, "ean": BARCODE if name.startswith("Caf") else ""}
            for n, name in enumerate(names)
        ),
    )
    assert seen == [["Cafetière Krups Essenza", "Fauteuil rouge"], ["Fauteuil vert", "Vase blanc"], ["Vase bleu"]]
    assert listing_of(one).product_id == listing_of(other, "B3").product_id
    assert not list((app.config["DATA_FOLDER"] / "spill").glob("link-*"))


def test_what_a_pair_that_waits_says_is_brought_up_to_date(app: Flask) -> None:
    one, other = selling_vendor(), selling_vendor()
    import_rows(one)
    import_rows(other, {"sku": "K-77", "titre": "Cafetière Krups à capsules, rouge", "couleur": "rouge"})
    (before,) = _proposals()
    assert before.state == ProposalState.PENDING
    for vendor, sku in ((one, "CAF-1"), (other, "K-77")):
        import_rows(vendor, {"sku": sku, "ean": BARCODE})
    (after,) = _proposals()
    assert (after.id, after.state, after.route) == (before.id, ProposalState.ACCEPTED, "gtin")


def test_sheets_that_share_numbers_alone_are_never_merged_by_the_software(app: Flask) -> None:
    one, other = selling_vendor(), selling_vendor()
    import_rows(one, {"titre": "Boîte à outils Vaubanel 20 pouces 22 L noir", "description": "", "marque": "Vaubanel"})
    import_rows(other, {"titre": "Lampe articulée modèle 22", "description": "", "marque": "", "couleur": "noir"})
    assert all(proposal.state == ProposalState.PENDING for proposal in _proposals())
