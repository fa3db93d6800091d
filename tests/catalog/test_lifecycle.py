"""The table of moves of a listing: what is possible, what is refused, what is never offered to a person."""

from __future__ import annotations

import pytest
from flask import Flask

from backoffice.errors import IllegalMove
from backoffice.vendors.models import VendorStatus
from catalog import lifecycle, publishing
from catalog.lifecycle import MOVES, Action, ListingStatus
from tests.factories.catalog import import_rows, listing_of, selling_vendor

pytestmark = pytest.mark.usefixtures("quick_reading")


def test_every_state_can_be_left_and_reached() -> None:
    assert {status for status, _ in MOVES} == set(ListingStatus)
    # TO_REVIEW is where doubt puts a new sheet; all states are also some move's end.
    assert set(MOVES.values()) == set(ListingStatus)


def test_what_the_software_does_alone_is_never_offered_to_a_person() -> None:
    offered = {action for status in ListingStatus for action in lifecycle.actions(status)}
    assert not offered & lifecycle.AUTOMATIC
    assert offered == set(Action) - lifecycle.AUTOMATIC


@pytest.mark.parametrize(
    ("blocked", "doubtful", "flagged", "expected"),
    [
        (False, False, False, ListingStatus.PENDING),
        (False, True, False, ListingStatus.TO_REVIEW),
        (True, False, False, ListingStatus.CHANGES_REQUESTED),
        (True, True, False, ListingStatus.CHANGES_REQUESTED),
        (True, False, True, ListingStatus.TO_REVIEW),
    ],
)
def test_a_new_sheet_starts_where_its_faults_say(
    blocked: bool, doubtful: bool, flagged: bool, expected: ListingStatus
) -> None:
    assert lifecycle.first_status(blocked=blocked, doubtful=doubtful, flagged=flagged) == expected


def test_a_doubt_that_an_editor_settled_is_a_doubt_no_more() -> None:
    issues = [{"code": "price_suspect", "severity": "warning"}, {"code": "title_too_short", "severity": "warning"}]
    changes = [{"rule": "text.contact", "attribute": "description", "confidence": 0.7}]
    open_doubts = lifecycle.doubts(issues, changes, dismissed=(), review_below=0.8)
    assert open_doubts == ["price_suspect", "text.contact:description"]
    assert lifecycle.doubts(issues, changes, dismissed=open_doubts, review_below=0.8) == []


def test_an_illegal_move_is_refused_and_names_what_is_possible(app: Flask) -> None:
    vendor = selling_vendor()
    import_rows(vendor)
    listing = listing_of(vendor)
    with pytest.raises(IllegalMove) as refused:
        publishing.move(listing, Action.ACCEPT)
    assert refused.value.legal == ("send_back", "reject", "withdraw")
    assert refused.value.message == (
        "“Accept” is not possible for a sheet that is published. Possible now: “Send back”, “Reject”, “Withdraw”."
    )
    assert listing.status == ListingStatus.PUBLISHED


def test_every_pair_of_state_and_action_is_either_in_the_table_or_refused(app: Flask) -> None:
    vendor = selling_vendor(status=VendorStatus.SUSPENDED)
    import_rows(vendor)
    listing = listing_of(vendor)
    for status in ListingStatus:
        for action in Action:
            listing.status = status
            if (status, action) in MOVES:
                publishing.move(listing, action)
                # The vendor may not sell: what would be published is held.
                assert listing.status == MOVES[status, action]
            else:
                with pytest.raises(IllegalMove):
                    publishing.move(listing, action)
                assert listing.status == status
