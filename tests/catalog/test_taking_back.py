"""An import taken back: every sheet is what it was, what was decided since is left, and nothing is done twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from backoffice import clock, jobs
from backoffice.errors import Conflict
from backoffice.extensions import db
from backoffice.notifications import Notification
from backoffice.permissions import Role
from backoffice.vendors.models import SuspensionReason, Vendor, VendorStatus
from catalog import judgements, review
from catalog.lifecycle import ListingStatus
from catalog.models import Import, Listing, Product, Proposal
from catalog.search import sync
from catalog.sheets import Decision
from catalog.takeback import taking_back, traces
from catalog.takeback.traces import Trace, TraceOutcome
from tests.factories.accounts import login, make_user
from tests.factories.catalog import import_rows, listing_of, selling_vendor
from tests.factories.orders import make_order


@pytest.fixture
def vendor(app: Flask) -> Vendor:
    """A vendor who may sell."""
    return selling_vendor()


def _take_back(run: Import, by: Any = None) -> Import:
    taking_back.begin(run, by=by)
    db.session.commit()
    jobs.drain()
    db.session.expire_all()
    return db.session.get_one(Import, run.id)


def _state(listing: Listing) -> dict[str, Any]:
    """Return all that a sheet says, but for its version and times."""
    apart = {"version", "updated_at", "created_at", "reviewed_at"}
    return {one.name: getattr(listing, one.key) for one in sa.inspect(Listing).columns if one.key not in apart}


def _outcomes(run: Import) -> dict[str, int]:
    return {str(outcome): number for outcome, number in taking_back.counts(run).items()}


def test_a_changed_sheet_says_again_what_it_said(vendor: Vendor) -> None:
    import_rows(vendor)
    before = _state(listing_of(vendor))
    run = import_rows(vendor, {"prix": "1,00 €", "titre": "Autre chose", "marque": "", "couleur": "rouge"})
    assert listing_of(vendor).price_minor == 100
    run = _take_back(run)
    assert _state(listing_of(vendor)) == before
    assert run.taken_back_at is not None
    assert _outcomes(run) == {"restored": 1}


def test_a_made_sheet_is_deleted_with_its_page_and_found_no_more(vendor: Vendor) -> None:
    run = import_rows(vendor)
    page = listing_of(vendor).product_id
    assert page in {number for number, _version in sync.engine().versions()}
    _take_back(run)
    assert db.session.scalar(sa.select(Listing.id)) is None
    assert db.session.get(Product, page) is None
    assert page not in {number for number, _version in sync.engine().versions()}


def test_a_made_sheet_that_was_ordered_is_withdrawn_instead(vendor: Vendor) -> None:
    run = import_rows(vendor, {}, {"sku": "CAF-2"})
    make_order(vendor=vendor, lines=[{"sku": "CAF-1"}])
    run = _take_back(run)
    assert listing_of(vendor).status == ListingStatus.WITHDRAWN
    assert _outcomes(run) == {"withdrawn": 1, "removed": 1}
    # The same words sent again show it again.
    import_rows(vendor)
    assert listing_of(vendor).status == ListingStatus.PUBLISHED


def test_a_made_sheet_on_which_a_pair_was_judged_is_withdrawn_instead(vendor: Vendor) -> None:
    other = selling_vendor()
    import_rows(other, {"sku": "B-1", "titre": "Bouilloire électrique inox", "description": "Bouilloire de 1,7 L."})
    run = import_rows(vendor)
    ids = sorted((listing_of(other, "B-1").id, listing_of(vendor).id))
    pair = db.session.scalar(sa.select(Proposal)) or Proposal(
        left_id=ids[0], right_id=ids[1], score=0.5, decision=Decision.UNSURE, route="pair"
    )
    db.session.add(pair)
    db.session.flush()
    judgements.decide(pair, Decision.DIFFERENT, by=None)
    db.session.commit()
    assert _outcomes(_take_back(run)) == {"withdrawn": 1}
    assert listing_of(vendor).status == ListingStatus.WITHDRAWN


def test_a_withdrawn_sheet_is_shown_again(vendor: Vendor) -> None:
    rows = [{"sku": f"CAF-{number}"} for number in range(1, 9)]
    import_rows(vendor, *rows)
    run = import_rows(vendor, *(row for row in rows if row["sku"] != "CAF-2"), full_replacement=True)
    assert listing_of(vendor, "CAF-2").status == ListingStatus.WITHDRAWN
    _take_back(run)
    again = listing_of(vendor, "CAF-2")
    assert again.status == ListingStatus.PUBLISHED
    assert again.product.published


def test_what_a_vendor_who_left_had_shown_is_restored_and_not_shown(vendor: Vendor) -> None:
    import_rows(vendor)
    run = import_rows(vendor, {"prix": "5,00 €"})
    vendor.status, vendor.suspension_reason = VendorStatus.SUSPENDED, next(iter(SuspensionReason))
    _take_back(run)
    assert listing_of(vendor).status == ListingStatus.PENDING
    assert listing_of(vendor).price_minor == 8990


def test_an_editors_earlier_decisions_outlive_the_way_back(vendor: Vendor) -> None:
    import_rows(vendor)
    review.correct(listing_of(vendor), "color", "rouge", by=make_user(Role.CONTENT_EDITOR))
    db.session.commit()
    run = import_rows(vendor, {"prix": "5,00 €"})
    _take_back(run)
    listing = listing_of(vendor)
    assert listing.values["color"] == ["rouge"]
    assert listing.price_minor == 8990


def test_a_sheet_that_an_editor_changed_since_is_left_and_told(vendor: Vendor) -> None:
    import_rows(vendor, {}, {"sku": "CAF-2"})
    run = import_rows(vendor, {"prix": "5,00 €"}, {"sku": "CAF-2", "prix": "6,00 €"})
    review.correct(listing_of(vendor), "color", "rouge", by=make_user(Role.CONTENT_EDITOR))
    db.session.commit()
    run = _take_back(run)
    assert _outcomes(run) == {"kept": 1, "restored": 1}
    assert (listing_of(vendor).price_minor, listing_of(vendor, "CAF-2").price_minor) == (500, 8990)
    kept = db.session.scalars(sa.select(Trace).where(Trace.outcome == TraceOutcome.KEPT)).one()
    assert kept.note == "editor"


def test_a_sheet_of_a_later_file_is_left_until_that_file_is_taken_back(vendor: Vendor) -> None:
    import_rows(vendor)
    first = import_rows(vendor, {"prix": "5,00 €"})
    second = import_rows(vendor, {"prix": "6,00 €"})
    second = _take_back(second)
    assert listing_of(vendor).price_minor == 500
    _take_back(db.session.get_one(Import, first.id))
    assert listing_of(vendor).price_minor == 8990


def test_a_sheet_of_a_later_file_names_that_file_as_the_reason(vendor: Vendor) -> None:
    import_rows(vendor)
    first = import_rows(vendor, {"prix": "5,00 €"})
    import_rows(vendor, {"prix": "6,00 €"})
    run = _take_back(db.session.get_one(Import, first.id))
    assert listing_of(vendor).price_minor == 600
    assert db.session.scalars(sa.select(Trace.note).where(Trace.import_id == run.id)).all() == ["import"]


def test_the_same_file_sent_again_after_the_way_back_is_a_change_again(vendor: Vendor) -> None:
    import_rows(vendor)
    run = import_rows(vendor, {"prix": "5,00 €"})
    _take_back(run)
    assert import_rows(vendor, {"prix": "5,00 €"}).lines_updated == 1
    assert import_rows(vendor, {"prix": "5,00 €"}).lines_unchanged == 1


def test_killed_between_and_within_turns_nothing_is_done_twice(vendor: Vendor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking_back, "TURN", 2)
    rows = [{"sku": f"CAF-{number}"} for number in range(5)]
    import_rows(vendor, *rows)
    run = import_rows(vendor, *({**row, "prix": "5,00 €"} for row in rows))
    taking_back.begin(run, by=None)
    db.session.commit()
    taking_back.take_back(run.id)
    db.session.rollback()  # killed before its turn was over
    taking_back.take_back(run.id)
    db.session.commit()
    taking_back.take_back(run.id)  # a message that came twice
    db.session.commit()
    jobs.drain()
    db.session.expire_all()
    assert _outcomes(run) == {"restored": 5}
    assert {one.price_minor for one in db.session.scalars(sa.select(Listing))} == {8990}
    assert {one.version for one in db.session.scalars(sa.select(Listing))} == {3}


def test_an_import_is_taken_back_once(vendor: Vendor) -> None:
    run = _take_back(import_rows(vendor))
    with pytest.raises(Conflict, match="already"):
        taking_back.begin(run, by=None)


def test_what_is_unchanged_leaves_no_trace_and_cannot_be_taken_back(vendor: Vendor) -> None:
    import_rows(vendor)
    run = import_rows(vendor)
    assert taking_back.counts(run) == {}
    with pytest.raises(Conflict, match="changed nothing"):
        taking_back.begin(run, by=None)


def test_a_price_list_leaves_small_traces(vendor: Vendor) -> None:
    import_rows(vendor)
    run = import_rows(vendor, {"prix": "5,00 €"})
    (prior,) = db.session.scalars(sa.select(Trace.prior).where(Trace.import_id == run.id))
    assert prior["mapped"] == {"price": "89,90 €"}
    assert len(str(prior)) < 300


def test_traces_are_forgotten_after_their_time_and_beyond_the_last_imports(vendor: Vendor) -> None:
    runs = [import_rows(vendor, {"prix": f"{number},00 €"}).id for number in range(10, 17)]
    traces.forget_traces()
    left = db.session.scalars(sa.select(Trace.import_id).order_by(Trace.import_id)).all()
    assert left == runs[-traces.KEPT_RUNS :]
    with clock.frozen(clock.now() + traces.KEPT_FOR + timedelta(days=1)):
        traces.forget_traces()
    assert db.session.scalars(sa.select(Trace.import_id)).all() == []


def test_the_person_is_led_from_one_click_to_what_became_of_each_sheet(app: Flask, vendor: Vendor) -> None:
    user = make_user(Role.VENDOR_USER, vendor_id=vendor.id, locale="en")
    import_rows(vendor)
    run = import_rows(vendor, {"prix": "5,00 €"}, {"sku": "CAF-9", "titre": "Théière en fonte"}, by=user)
    browser = login(app, user)
    assert "Take this import back" in browser.get(f"/imports/{run.id}").text
    answer = browser.post(f"/imports/{run.id}/take-back")
    assert answer.headers["Location"] == f"/imports/{run.id}/taken-back"
    jobs.drain()
    page = browser.get(f"/imports/{run.id}/taken-back").text
    assert "Théière en fonte" in page
    assert "as before" in page
    assert "Take this import back" not in browser.get(f"/imports/{run.id}").text
    kinds = db.session.scalars(sa.select(Notification.kind)).all()
    assert "import_taken_back" in kinds
    refused = browser.post(f"/imports/{run.id}/take-back", follow_redirects=True).text
    assert "already" in refused


def test_variants_of_one_page_are_taken_back_one_by_one(vendor: Vendor) -> None:
    rows = [{"sku": f"CAF-{size}", "groupe de variantes": "CAF", "taille": size} for size in ("S", "M", "L")]
    import_rows(vendor, rows[0])
    page = listing_of(vendor, "CAF-S").product_id
    run = import_rows(vendor, *rows)
    assert {one.product_id for one in db.session.scalars(sa.select(Listing))} == {page}
    assert _outcomes(_take_back(run)) == {"removed": 2}
    assert listing_of(vendor, "CAF-S").product.published
