"""The vendor's page with everything on it: few statements, however much is behind it."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from backoffice import audit
from backoffice.clock import now
from backoffice.extensions import db
from backoffice.permissions import Role
from backoffice.vendors import vetting
from backoffice.vendors.models import RequirementState, Vendor, VendorStatus
from tests.factories.accounts import login, make_user
from tests.factories.catalog import import_rows
from tests.factories.disputes import make_dispute
from tests.factories.orders import make_order
from tests.factories.vendors import make_vendor

# The house allows twenty statements; the frame's own (session, bell, navigation) are among them.
MOST_QUERIES = 16


def _full_vendor() -> Vendor:
    """Return a vendor judged by several people, with files, disputes and a history."""
    vendor = make_vendor(status=VendorStatus.LIVE, account_manager_id=make_user(Role.ACCOUNT_MANAGER).id)
    vetting.assess(vendor)
    judges = [make_user(Role.ACCOUNT_MANAGER) for _result in vendor.requirement_results]
    for result, judge in zip(vendor.requirement_results, judges, strict=True):
        result.judged_by, result.judged_at = judge, now() - timedelta(days=1)
        result.state, result.words = RequirementState.WAIVED, "Seen in person."
    for number in range(6):
        import_rows(vendor, {"sku": f"A-{number}"})
        make_dispute(make_order(vendor=vendor))
        audit.record("vendor.edit", vendor, by=make_user(Role.ACCOUNT_MANAGER))
        make_user(Role.VENDOR_USER, vendor_id=vendor.id)
    db.session.commit()
    return vendor


def test_a_full_vendors_page_costs_few_statements_whoever_reads_it(app: Flask, queries: list[str]) -> None:
    # One vendor for all readers: to make it takes longer than to read it.
    address = f"/vendors/{_full_vendor().id}"
    for role in (Role.ADMINISTRATOR, Role.ACCOUNT_MANAGER, Role.CONTENT_EDITOR, Role.MEDIATOR):
        browser = login(app, make_user(role))
        db.session.remove()
        queries.clear()
        answer = browser.get(address)
        assert answer.status_code == 200
        assert len(queries) <= MOST_QUERIES, "\n".join([role, *queries])
        for shown in ("Seen in person.", "sheets.csv", "D-20"):
            assert shown in answer.text
