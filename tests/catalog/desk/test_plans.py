"""A long queue is read as its index lies: the plans of the desk's queries use an index and sort nothing."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from backoffice.extensions import db
from backoffice.permissions import Role
from catalog import judgements, review
from catalog.desk import leases, opinions
from catalog.desk.groups import Group
from catalog.desk.models import WaitingReason
from catalog.lifecycle import ListingStatus
from catalog.models import Listing, Proposal
from tests.factories.accounts import login, make_user
from tests.factories.catalog import selling_vendor
from tests.factories.desk import make_sheets

# A planner of few rows reads them all and sorts them: these ways are closed, so that it must show what the indexes allow.
_CLOSED = ("enable_seqscan", "enable_bitmapscan", "enable_sort", "enable_incremental_sort")
SORTS = ("TEMP B-TREE", "Sort Key")
SCANS = ("SCAN listing", "SCAN desk_lease", "SCAN second_opinion", "Seq Scan on listing")


def _plan(query: sa.Select[Any]) -> str:
    text = query.compile(dialect=db.engine.dialect, compile_kwargs={"literal_binds": True})
    explain = "EXPLAIN QUERY PLAN"
    if db.engine.dialect.name == "postgresql":
        explain = "EXPLAIN"
        for way in _CLOSED:
            db.session.execute(sa.text(f"SET LOCAL {way} = off"))
    return "\n".join(row[-1] for row in db.session.connection().exec_driver_sql(f"{explain} {text}"))


def _held(plan: str, *signs: str) -> list[str]:
    return [sign for sign in signs if sign in plan]


def test_the_queue_is_read_by_its_index_with_leases_and_questions_looked_up_by_key(app: Flask) -> None:
    free = review.queue().where(leases.free_for(7), opinions.not_asked_of_others(7))
    plan = _plan(free.order_by(Listing.priority, Listing.id).limit(13))
    assert "ix_listing_queue" in plan
    assert _held(plan, *SORTS, *SCANS) == []


def test_what_the_machine_accepted_is_read_by_its_index(app: Flask) -> None:
    accepted = sa.select(Listing).where(Listing.automatic, Listing.status == ListingStatus.PUBLISHED)
    plan = _plan(accepted.order_by(Listing.id.desc()).limit(13))
    assert "ix_listing_status" in plan
    assert _held(plan, *SORTS) == []


def test_pairs_are_read_in_the_order_of_their_worth(app: Flask) -> None:
    waiting = judgements.waiting(sa.select(Proposal)).order_by(Proposal.value.desc(), Proposal.id.desc())
    plan = _plan(waiting.limit(13))
    assert "ix_match_proposal_worth" in plan
    assert _held(plan, *SORTS) == []


def test_groups_are_counted_in_an_index_alone(app: Flask) -> None:
    members = Group("contact_in_text", "description", 3).members()
    plan = _plan(sa.select(sa.func.count()).select_from(WaitingReason).where(*members))
    assert _held(plan, "COVERING INDEX", "Index Only Scan")


@pytest.mark.parametrize(
    "address",
    ["/review", "/review?tab=asked", "/review?tab=blocked", "/review?tab=mine", "/review?tab=automatic",
     "/review/audit", "/review/groups", "/review/group?code=contact_in_text&attribute=description", "/duplicates",
     "/duplicates/audit", "/review/pace"],
)  # fmt: skip
def test_no_page_of_the_desks_asks_the_database_more_than_fifteen_times(
    app: Flask, queries: list[str], address: str
) -> None:
    make_sheets(selling_vendor(), 5)
    make_sheets(selling_vendor(), 5, status=ListingStatus.PUBLISHED)
    browser = login(app, make_user(Role.CONTENT_EDITOR))
    browser.get(address)
    queries.clear()
    assert browser.get(address).status_code == 200
    assert len(queries) <= 15, "\n".join(queries)
