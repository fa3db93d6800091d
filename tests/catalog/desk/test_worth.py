"""Which pair comes first, and how many are left: worth by doubt, sales and offers; the estimate by how likelihoods fared."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from flask import Flask

from backoffice import jobs
from backoffice.extensions import db
from backoffice.permissions import Role
from catalog import judgements
from catalog.desk import worth
from catalog.lifecycle import ListingStatus
from catalog.models import Proposal, ProposalState
from catalog.sheets import Decision
from tests.factories.accounts import login, make_user
from tests.factories.catalog import import_rows, selling_vendor
from tests.factories.desk import make_sheets
from tests.factories.orders import make_order

pytestmark = pytest.mark.usefixtures("quick_reading")


def _pair(score: float) -> Proposal:
    left, right = (make_sheets(selling_vendor(), 1, status=ListingStatus.PUBLISHED)[0] for _ in range(2))
    made = Proposal(left=left, right=right, score=score, decision=Decision.UNSURE, route="model", evidence=[])
    db.session.add(made)
    db.session.commit()
    return made


def test_a_decision_is_worth_most_in_doubt_and_more_where_more_is_sold_and_offered() -> None:
    assert worth.worth(0.5, 0, 2) == 1.0
    assert worth.worth(1.0, 5000, 40) == worth.worth(0.0, 5000, 40) == 0.0
    assert worth.worth(0.5, 0, 2) < worth.worth(0.5, 10, 2) < worth.worth(0.5, 10, 8) < worth.worth(0.5, 1000, 8)
    assert worth.worth(0.9, 0, 2) < worth.worth(0.7, 0, 2)


def test_a_pair_has_its_doubt_when_it_is_proposed_and_its_sales_after_weighing(app: Flask) -> None:
    unsure, likely = _pair(0.5), _pair(0.8)
    assert (unsure.value, likely.value) == (1.0, 0.64)
    make_order(vendor=likely.left.vendor, lines=[{"sku": likely.left.sku, "quantity": 30}])
    db.session.commit()
    worth.weigh_pairs_again()
    db.session.commit()
    jobs.drain()
    db.session.expire_all()
    assert (unsure.value, likely.value) == (1.0, 0.64 * 5)
    page = login(app, make_user(Role.CONTENT_EDITOR, locale="en")).get("/duplicates").text
    assert re.findall(r"/duplicates/(\d+)\?tab=waiting\" ", page)[:1] == [str(likely.id)]


def test_pages_that_cannot_become_one_wait_behind_those_that_can(app: Flask) -> None:
    doubtful, likely, apart = _pair(0.5), _pair(0.8), _pair(0.5)
    # The left one's vendor sells on the right one's page already.
    make_sheets(apart.left.vendor, 1, product=apart.right.product)
    worth.weigh_pairs_again()
    db.session.commit()
    jobs.drain()
    db.session.expire_all()
    assert doubtful.value > likely.value > apart.value > 0
    # Where the offers are of variants, both may stand on one page.
    apart.left.group_key = "G-1"
    db.session.commit()
    worth.weigh_pairs_again()
    db.session.commit()
    jobs.drain()
    db.session.expire_all()
    assert apart.value >= doubtful.value


def test_one_barcode_under_two_brands_is_flagged_and_comes_before_what_the_matcher_is_sure_of(app: Flask) -> None:
    code = "3045386381456"
    import_rows(selling_vendor(), {"ean": code})
    import_rows(selling_vendor(), {"sku": "Z-1", "titre": "Perceuse Zorglub 18 V", "marque": "Zorglub", "ean": code})
    clash = db.session.scalars(sa.select(Proposal).where(Proposal.route == "gtin_clash")).one()
    sure = _pair(0.02)
    worth.weigh_pairs_again()
    db.session.commit()
    jobs.drain()
    db.session.expire_all()
    assert clash.state == ProposalState.PENDING
    assert clash.value > sure.value
    browser = login(app, make_user(Role.CONTENT_EDITOR, locale="en"))
    assert "One barcode, two brands." in browser.get(f"/duplicates/{clash.id}").text
    assert "One barcode, two brands." not in browser.get(f"/duplicates/{sure.id}").text


def test_what_is_left_is_estimated_by_how_the_likelihoods_fared(app: Flask) -> None:
    editor = make_user(Role.CONTENT_EDITOR, locale="en")
    for _ in range(4):
        _pair(0.5)
    found = worth.remaining()
    assert (found.decided, found.waiting, found.same) == (0, 4, 2.0)
    for decision in (Decision.DIFFERENT, Decision.DIFFERENT):
        judgements.decide(_pair(0.5), decision, by=editor)
    db.session.commit()
    found = worth.remaining()
    # Two pairs at 0.5 were expected to hold one same product and held none.
    assert (found.decided, found.waiting, found.same) == (2, 4, 1.0)
    assert "Decided by people: 2. Waiting: 4, of which probably 1" in login(app, editor).get("/duplicates").text


def test_decided_pairs_are_not_weighed(app: Flask) -> None:
    pair = _pair(0.5)
    pair.state, pair.value = ProposalState.REJECTED, 0.25
    db.session.commit()
    worth.weigh_pairs()
    assert pair.value == 0.25
