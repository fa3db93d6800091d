"""What pages say of disputes: whose turn it is and since when, on orders too, in the right number, never in codes."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from backoffice import audit, clock
from backoffice.extensions import db
from backoffice.notifications import OutgoingMail
from backoffice.permissions import Role
from disputes import access, reporting, resolution, routing
from disputes.models import Dispute
from disputes.vocabulary import Fault, FundedBy, Outcome, Remedy
from tests.factories.accounts import login, make_user
from tests.factories.disputes import BUYER, make_dispute, make_mediator, seller_of
from tests.factories.orders import make_order


def _page(app: Flask, user: object, address: str) -> str:
    answer = login(app, user).get(address)  # type: ignore[arg-type]
    assert answer.status_code == 200
    return answer.text


def test_a_deadline_that_has_passed_is_said_to_have_passed(app: Flask) -> None:
    dispute = make_dispute()
    seller, watcher = seller_of(dispute).actor, make_user(Role.ACCOUNT_MANAGER)
    address = f"/disputes/{dispute.id}"
    assert "Please act before" in _page(app, seller, address)
    with clock.frozen(dispute.due_at + timedelta(hours=1)):
        assert "the time to act ended on" in _page(app, seller, address)
        shown = _page(app, watcher, address)
        assert "still waiting for the vendor, whose time to act ended on" in shown
        assert "until" not in shown.partition("still waiting")[2].partition("</")[0]


def test_no_page_shows_the_code_of_a_rule(app: Flask) -> None:
    dispute = make_dispute()
    shown = _page(app, make_mediator().actor, f"/disputes/{dispute.id}")
    assert not [rule.id for rule in routing.RULES if rule.id in shown]


def _appealed() -> tuple[Dispute, access.Reader]:
    dispute, mediator = make_dispute(safety_risk=True), make_mediator()
    resolution.take(dispute, mediator)
    line = dispute.lines[0].order_line_id
    verdict = resolution.Decision(
        outcome=Outcome.BUYER_FAVOUR,
        remedy=Remedy.REFUND_PARTIAL,
        amounts={line: 500},
        fault=Fault.SELLER,
        funded_by=FundedBy.SELLER,
        reason="The pictures show it.",
    )
    resolution.decide(dispute, verdict, mediator)
    resolution.execute(dispute.id)
    resolution.appeal(dispute, BUYER, reason="All of it is broken.")
    db.session.commit()
    return dispute, mediator


def test_who_decided_is_not_asked_to_decide_the_appeal(app: Flask) -> None:
    dispute, mediator = _appealed()
    other = make_mediator()
    assert "another mediator must take this dispute" in _page(app, mediator.actor, f"/disputes/{dispute.id}")
    assert "It is your turn" in _page(app, other.actor, f"/disputes/{dispute.id}")
    with app.test_request_context():
        counts = [reporting.home_items(reader.actor)[0].count for reader in (mediator, other)]  # type: ignore[arg-type]
    assert counts == [0, 1]


def test_an_orders_page_shows_its_disputes_to_those_who_may_know_of_them(app: Flask) -> None:
    order = make_order()
    dispute, elsewhere = make_dispute(order), make_dispute()
    address = f"/orders/{order.id}"
    buyer = make_user(Role.BUYER, email=order.buyer_email)
    for user in (make_user(Role.ADMINISTRATOR), make_mediator().actor, seller_of(dispute).actor, buyer):
        shown = _page(app, user, address)
        assert f'href="/disputes/{dispute.id}">{dispute.number}</a>' in shown
        assert elsewhere.number not in shown
    assert "/my-order/" in _page(app, buyer, address)
    assert "/my-order/" not in _page(app, seller_of(dispute).actor, address)


def test_a_mediator_mails_the_buyer_the_link_to_the_order(app: Flask) -> None:
    order, mediator = make_order(), make_mediator().actor
    assert f"/orders/{order.id}/mail-link" in _page(app, mediator, f"/orders/{order.id}")
    assert login(app, mediator).post(f"/orders/{order.id}/mail-link").status_code == 302  # type: ignore[arg-type]
    mail = db.session.scalars(sa.select(OutgoingMail)).one()
    assert mail.recipient == order.buyer_email
    assert next(entry.verb for entry in audit.timeline(order)) == "order.mail_link"


@pytest.mark.parametrize(("number", "said"), [(1, "1 dispute opened"), (2, "2 disputes opened")])
def test_the_report_counts_one_and_several_in_their_own_words(app: Flask, number: int, said: str) -> None:
    for _dispute in range(number):
        make_dispute()
    assert said in _page(app, make_mediator().actor, "/disputes/report")


def test_the_list_names_the_vendor_it_is_narrowed_to(app: Flask) -> None:
    dispute = make_dispute()
    shown = _page(app, make_mediator().actor, f"/disputes?view=all&vendor={dispute.vendor_id}")
    assert dispute.vendor.name in shown.partition('class="applied"')[2].partition("</ul>")[0]


def test_a_refused_act_leads_back_to_the_page_it_came_from(app: Flask) -> None:
    dispute = make_dispute()
    browser = login(app, make_mediator().actor)  # type: ignore[arg-type]
    address = f"/disputes/{dispute.id}"
    refused = browser.post(f"{address}/acts/close", headers={"Referer": f"http://localhost{address}?stay=1"})
    assert refused.status_code == 409
    assert f'href="{address}?stay=1"' in refused.text
    assert "Possible now:" in refused.text
    elsewhere = browser.post(f"{address}/acts/close", headers={"Referer": "http://evil.example/x"})
    assert "evil.example" not in elsewhere.text
