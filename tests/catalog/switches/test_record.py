"""What became of a rule's changes: applied, seen, taken back, and how sure the precision is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from backoffice import clock
from backoffice.clock import now
from backoffice.extensions import db
from backoffice.permissions import Role
from catalog import review
from catalog.models import Listing
from catalog.switches import record
from catalog.switches.intervals import wilson
from tests.factories.accounts import make_user
from tests.factories.catalog import import_rows, listing_of, selling_vendor

pytestmark = pytest.mark.usefixtures("quick_reading")

DOUBTFUL = {
    "titre": "CAFETIERE A CAPSULES ESSENZA MINI NOIRE",
    "description": "Machine à café pour capsules Nespresso, 19 bars. Contactez-nous au 06 12 34 56 78.",
}


def _sheet() -> Listing:
    vendor = selling_vendor()
    import_rows(vendor, DOUBTFUL)
    return listing_of(vendor)


def _case() -> tuple[int, int, int]:
    one = record.figures(30).get("title.case", record.Figures())
    return one.applied, one.seen, one.undone


def test_a_change_is_applied_when_its_sheet_comes_in_and_seen_when_an_editor_accepts_it(app: Flask) -> None:
    listing = _sheet()
    assert _case() == (1, 0, 0)
    review.accept(listing, by=make_user(Role.CONTENT_EDITOR))
    assert _case() == (1, 1, 0)


def test_a_change_taken_back_counts_once_and_put_back_no_longer(app: Flask) -> None:
    listing, editor = _sheet(), make_user(Role.CONTENT_EDITOR)
    review.undo_change(listing, "title.case", "title", by=editor)
    review.accept(listing, by=editor)
    assert _case() == (1, 1, 1)
    review.redo_change(listing, "title.case", "title", by=editor)
    assert _case() == (1, 1, 0)


def test_the_figures_look_back_no_further_than_asked(app: Flask) -> None:
    with clock.frozen(now() - timedelta(days=60)):
        review.accept(_sheet(), by=make_user(Role.CONTENT_EDITOR))
        db.session.commit()
    assert "title.case" not in record.figures(30)
    assert record.figures(90)["title.case"].seen == 1


def test_precision_is_of_what_was_seen_and_says_how_sure_it_is() -> None:
    some = record.Figures(applied=1000, seen=50, undone=5)
    assert some.precision == 0.9
    low, high = some.interval
    assert 0.78 < low < 0.9 < high < 0.97
    assert record.Figures(applied=1000).precision is None


def test_of_nothing_everything_is_possible_and_of_much_little() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(10, 10)[1] == 1.0
    low, high = wilson(9000, 10000)
    assert high - low < 0.02


def test_the_figures_of_all_rules_cost_two_statements(app: Flask, queries: list[str]) -> None:
    record.figures(90)
    assert len([one for one in queries if one.startswith("SELECT")]) == 2
