"""Decisions on possible duplicates: two pages become one and two again, and what must never meet does not."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from flask import Flask

from backoffice import jobs
from backoffice.audit import AuditEvent
from backoffice.errors import Conflict
from backoffice.extensions import db
from backoffice.permissions import Role
from backoffice.vendors.models import Vendor
from catalog import judgements, waiting
from catalog.models import Judgement, Listing, Product, Proposal, ProposalState
from catalog.search import sync
from catalog.search.queries import Query
from catalog.sheets import Decision
from tests.factories.accounts import login, make_user
from tests.factories.catalog import import_rows, listing_of, selling_vendor

pytestmark = pytest.mark.usefixtures("quick_reading")


def _listing(sku: str, title: str, vendor: Vendor | None = None) -> Listing:
    vendor = vendor or selling_vendor()
    import_rows(vendor, {"sku": sku, "titre": title, "description": f"{title}, pour la maison.", "marque": ""})
    return listing_of(vendor, sku)


def _pair(left: Listing, right: Listing, score: float = 0.4) -> Proposal:
    """Return the undecided proposal of two listings, whatever the matcher thought of them."""
    one, other = sorted((left, right), key=lambda listing: listing.id)
    query = sa.select(Proposal).where(Proposal.left_id == one.id, Proposal.right_id == other.id)
    found = db.session.scalar(query)
    if found is None:
        found = Proposal(left=one, right=other, score=score, decision=Decision.UNSURE, route="model", evidence=[])
        db.session.add(found)
    db.session.commit()
    return found


def _two() -> tuple[Listing, Listing]:
    """Return the listings of two vendors that the matcher does not bring together by itself."""
    return _listing("A", "Théière japonaise en fonte"), _listing("B", "Lampe de chevet pivotante")


def _indexed() -> dict[int, int]:
    db.session.commit()
    jobs.drain()
    return dict(sync.engine().versions())


def _editor() -> object:
    return make_user(Role.CONTENT_EDITOR)


def test_the_same_product_is_one_page_with_both_offers_and_the_other_forwards(app: Flask) -> None:
    left, right = _two()
    kept, gone = left.product_id, right.product_id
    judgements.decide(_pair(left, right), Decision.SAME, by=_editor())
    indexed = _indexed()
    assert left.product_id == right.product_id == kept
    assert kept in indexed
    assert gone not in indexed
    (hit,) = sync.engine().search(Query("théière")).hits
    assert (hit.id, hit.offers) == (kept, 2)
    answer = login(app, _editor()).get(f"/products/{gone}")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/products/{kept}")


def test_taking_a_merge_back_restores_both_pages_and_their_index_rows(app: Flask) -> None:
    left, right = _two()
    pages = {left.product_id: left.title, right.product_id: right.title}
    judgement = judgements.decide(_pair(left, right), Decision.SAME, by=_editor())
    _indexed()
    judgements.undo(judgement, by=_editor())
    indexed = _indexed()
    assert set(pages) <= set(indexed)
    stored = {page.id: page for page in db.session.scalars(sa.select(Product).where(Product.id.in_(pages)))}
    assert {number: page.title for number, page in stored.items()} == pages
    assert all(page.published and page.merged_into_id is None for page in stored.values())
    assert {hit.id for hit in sync.engine().search(Query("lampe")).hits} == {right.product_id}
    assert sync.check() == {"database": 2, "index": 2, "missing": 0, "stale": 0, "surplus": 0}


def test_each_decision_and_its_taking_back_are_told_in_the_history(app: Flask) -> None:
    pair = _pair(*_two())
    judgement = judgements.decide(pair, Decision.SAME, by=_editor())
    judgements.undo(judgement, by=_editor())
    db.session.commit()
    query = sa.select(AuditEvent.verb).where(AuditEvent.object_type == "match_proposal").order_by(AuditEvent.id)
    assert list(db.session.scalars(query)) == ["match.same", "match.undo"]
    assert pair.state == ProposalState.PENDING


def test_what_was_undone_is_not_undone_twice(app: Flask) -> None:
    judgement = judgements.decide(_pair(*_two()), Decision.DIFFERENT, by=_editor())
    judgements.undo(judgement, by=_editor())
    with pytest.raises(Conflict):
        judgements.undo(judgement, by=_editor())


def test_a_pair_is_decided_once(app: Flask) -> None:
    pair = _pair(*_two())
    judgements.decide(pair, Decision.DIFFERENT, by=_editor())
    with pytest.raises(Conflict) as refused:
        judgements.decide(pair, Decision.SAME, by=_editor())
    assert "Take that decision back first" in refused.value.message


def test_a_vendor_has_one_offer_on_a_page(app: Flask) -> None:
    vendor = selling_vendor()
    left = _listing("A", "Théière japonaise en fonte", vendor)
    right = _listing("B", "Lampe de chevet pivotante", vendor)
    with pytest.raises(Conflict) as refused:
        judgements.decide(_pair(left, right), Decision.SAME, by=_editor())
    assert vendor.name in refused.value.message
    assert left.product_id != right.product_id


def test_two_sheets_judged_different_never_meet_through_a_third(app: Flask) -> None:
    one, other = _two()
    third = _listing("C", "Fauteuil club en cuir")
    judgements.decide(_pair(one, other), Decision.DIFFERENT, by=_editor())
    judgements.decide(_pair(one, third), Decision.SAME, by=_editor())
    with pytest.raises(Conflict) as refused:
        judgements.decide(_pair(other, third), Decision.SAME, by=_editor())
    assert "were judged different" in refused.value.message
    assert one.product_id == third.product_id != other.product_id


def test_an_earlier_merge_is_held_while_a_later_one_stands_on_it(app: Flask) -> None:
    one, other = _two()
    third = _listing("C", "Fauteuil club en cuir")
    # The second merge moves the kept page of the first: a published page is kept before one that is not.
    for listing in (one, other):
        listing.product.published = False
    first = judgements.decide(_pair(one, other), Decision.SAME, by=_editor())
    one.product.published = False
    second = judgements.decide(_pair(one, third), Decision.SAME, by=_editor())
    assert one.product_id == other.product_id == third.product_id
    with pytest.raises(Conflict) as refused:
        judgements.undo(first, by=_editor())
    assert "Take the later merge back first" in refused.value.message
    judgements.undo(second, by=_editor())
    judgements.undo(first, by=_editor())
    assert len({one.product_id, other.product_id, third.product_id}) == 3


def test_unsure_pairs_wait_apart_and_are_not_counted_as_to_decide(app: Flask) -> None:
    pair = _pair(*_two())
    browser = login(app, _editor())
    assert waiting.to_compare() == 1
    assert browser.post(f"/duplicates/{pair.id}/decide", data={"decision": "unsure"}).status_code == 302
    assert waiting.to_compare() == 0
    assert "No pair waits for a decision" in browser.get("/duplicates").text
    assert "Théière japonaise" in browser.get("/duplicates?tab=later").text
    assert browser.post(f"/duplicates/{pair.id}/decide", data={"decision": "same"}).status_code == 302
    assert pair.left.product_id == pair.right.product_id


def test_the_desk_shows_both_sheets_and_takes_the_decision_and_its_return(app: Flask) -> None:
    pair = _pair(*_two())
    browser = login(app, _editor())
    page = browser.get("/duplicates").text
    for words in ("Théière japonaise", "Lampe de chevet", 'data-shortcut="a"', 'data-shortcut="r"'):
        assert words in page
    browser.post(f"/duplicates/{pair.id}/decide", data={"decision": "same"})
    decided = browser.get("/duplicates?tab=decided").text
    assert "Théière japonaise" in decided
    judgement = db.session.scalars(sa.select(Judgement)).one()
    assert "Separate again" in browser.get(f"/products/{pair.left.product_id}").text
    assert browser.post(f"/judgements/{judgement.id}/undo").status_code == 302
    db.session.refresh(pair.right)
    assert pair.left.product_id != pair.right.product_id
    # Both pages keep what was done and undone.
    for page in (pair.left.product_id, pair.right.product_id):
        text = browser.get(f"/products/{page}").text
        assert "Separate again" not in text
        assert "judged: same product" in text
        assert "took the judgement back" in text


def test_a_decision_further_in_the_queue_of_pairs_leaves_the_editor_there(app: Flask) -> None:
    first, second = _pair(*_two()), _pair(_listing("C", "Robe en lin"), _listing("D", "Vélo de ville"))
    form = {"decision": "different", "next": second.id, "after": "W10"}
    desk = login(app, _editor())
    assert 'name="after" value="W10"' in desk.get(f"/duplicates/{first.id}?after=W10").text
    answer = desk.post(f"/duplicates/{first.id}/decide", data=form)
    assert answer.location == f"/duplicates/{second.id}?tab=waiting&after=W10"


def test_codes_of_closed_lists_are_shown_in_words(app: Flask) -> None:
    pair = _pair(*_two())
    pair.left.values = {**pair.left.values, "condition": "refurbished", "availability": "in_stock"}
    pair.left.condition = "refurbished"
    db.session.commit()
    browser = login(app, make_user(Role.CONTENT_EDITOR, locale="fr"))
    assert "reconditionné" in browser.get(f"/duplicates/{pair.id}").text
    assert "reconditionné" in browser.get(f"/products/{pair.left.product_id}").text
    assert "en stock" in browser.get(f"/sheets/{pair.left.id}").text


def test_a_refused_merge_comes_back_to_the_pair_with_the_reason(app: Flask) -> None:
    vendor = selling_vendor()
    left = _listing("A", "Théière japonaise en fonte", vendor)
    pair = _pair(left, _listing("B", "Lampe de chevet pivotante", vendor))
    browser = login(app, _editor())
    assert "Same product" not in browser.get(f"/duplicates/{pair.id}").text
    answer = browser.post(f"/duplicates/{pair.id}/decide", data={"decision": "same"})
    assert answer.status_code == 409
    assert "has an offer on both pages" in answer.text
    assert browser.post(f"/duplicates/{pair.id}/decide", data={"decision": "perhaps"}).status_code == 422
    again = browser.post(f"/duplicates/{pair.id}/decide", data={"decision": "different"})
    assert again.status_code == 302
    twice = browser.post(f"/duplicates/{pair.id}/decide", data={"decision": "different"})
    assert twice.status_code == 409
    assert "Take this decision back" in twice.text


def test_a_taking_back_that_is_refused_shows_the_desk_as_the_desk(app: Flask) -> None:
    judgement = judgements.decide(_pair(*_two()), Decision.SAME, by=_editor())
    judgements.undo(judgement, by=_editor())
    db.session.commit()
    answer = login(app, _editor()).post(f"/judgements/{judgement.id}/undo")
    assert answer.status_code == 409
    assert re.findall(r'class="nav-link" href="([^"]+)"[^>]*aria-current="page"', answer.text)[0] == "/duplicates"


def test_two_sheets_that_other_decisions_joined_cannot_be_called_different(app: Flask) -> None:
    one, other = _two()
    third = _listing("C", "Fauteuil club en cuir")
    judgements.decide(_pair(one, other), Decision.SAME, by=_editor())
    judgements.decide(_pair(other, third), Decision.SAME, by=_editor())
    with pytest.raises(Conflict) as refused:
        judgements.decide(_pair(one, third), Decision.DIFFERENT, by=_editor())
    assert "Take those back first" in refused.value.message
