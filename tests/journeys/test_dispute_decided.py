"""A buyer without an account complains, the vendor offers too little, a mediator decides, the money is given back."""

from __future__ import annotations

import re
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from backoffice import clock
from backoffice.clock import now
from backoffice.extensions import db
from backoffice.jobs import drain, sweep
from backoffice.notifications import OutgoingMail
from backoffice.permissions import Role
from disputes.models import Dispute, RemedyExecution
from disputes.vocabulary import DecidedBy, Outcome, Status
from tests.factories.accounts import login, make_user
from tests.factories.orders import make_order


def link_in_last_mail_to(recipient: str) -> str:
    """Return the path of the house in the latest mail to someone."""
    query = sa.select(OutgoingMail.body).where(OutgoingMail.recipient == recipient).order_by(OutgoingMail.id.desc())
    body = db.session.scalars(query).first() or ""
    found = re.search(r"http://localhost(/\S+)", body)
    assert found is not None, body
    return found[1]


def follow(browser: FlaskClient, response: object) -> str:
    return browser.get(response.location).get_data(as_text=True)  # type: ignore[attr-defined]


def test_a_dispute_from_opening_to_decision_and_closing(app: Flask, client: FlaskClient) -> None:
    order = make_order(buyer_email="alix@buyer.example", lines=[{"title": "Coffee maker", "amount_minor": 8900}])
    vendor = login(app, make_user(Role.VENDOR_USER, vendor_id=order.vendor_id, email="shop@vendor.example"))
    mediator = login(app, make_user(Role.MEDIATOR))
    line = order.lines[0].id

    # The buyer finds the order by mail and opens a dispute in three steps.
    client.post("/find-my-order", data={"basket": order.basket, "email": "alix@buyer.example"})
    order_page = link_in_last_mail_to("alix@buyer.example")
    assert "Report a problem" in client.get(order_page).get_data(as_text=True)
    complaint = {
        "line": str(line),
        "reason": "not_as_described",
        "wish": "refund",
        "words": "The page says 1.5 litres, it holds half a litre. Call 06 12 34 56 78.",
    }
    client.post(f"{order_page}/dispute", data={"step": "lines", "line": str(line)})
    client.post(f"{order_page}/dispute", data={"step": "reason", **complaint})
    opened = client.post(f"{order_page}/dispute", data={"step": "check", **complaint})
    assert "is open" in follow(client, opened)
    dispute = db.session.scalars(sa.select(Dispute)).one()

    # The vendor reads it without the phone number, answers, and offers a little.
    page = link_in_last_mail_to("shop@vendor.example")
    shown = vendor.get(page).get_data(as_text=True)
    assert "half a litre" in shown
    assert "06 12" not in shown
    vendor.post(f"{page}/messages", data={"body": "We are sorry.", "audience": "everyone"})
    vendor.post(f"{page}/offers", data={"remedy": "refund_partial", f"amount_{line}": "10.00", "words": "Keep it?"})

    # The buyer refuses and asks for a mediator.
    own_page = link_in_last_mail_to("alix@buyer.example")
    assert "€10.00" in client.get(own_page).get_data(as_text=True)
    client.post(f"{own_page}/acts/deny_offer", data={"reason": "No."})
    asked = client.post(f"{own_page}/acts/escalate", data={"reason": "They sold me something else."})
    assert "with a mediator" in follow(client, asked)

    # The mediator takes it from the list, reads the original words, and decides with reasons.
    assert dispute.number in mediator.get("/disputes?view=unassigned").get_data(as_text=True)
    mediator.post(f"/disputes/{dispute.id}/acts/take")
    assert "06 12 34 56 78" in mediator.get(f"/disputes/{dispute.id}").get_data(as_text=True)
    decided = mediator.post(
        f"/disputes/{dispute.id}/decision",
        data={
            "outcome": "buyer_favour",
            "remedy": "refund_full",
            "fault": "seller",
            "funded_by": "seller",
            f"amount_{line}": "89",
            "reason": "The sheet states another capacity than the article has.",
        },
    )
    assert decided.status_code == 302
    drain()
    dispute = db.session.scalars(sa.select(Dispute)).one()
    assert (dispute.status, dispute.outcome, dispute.decided_by) == (
        Status.RESOLVED,
        Outcome.BUYER_FAVOUR,
        DecidedBy.MEDIATOR,
    )
    assert db.session.scalars(sa.select(RemedyExecution.amount_minor)).all() == [8900]
    assert "states another capacity" in client.get(own_page).get_data(as_text=True)
    assert "Appeal" in client.get(own_page).get_data(as_text=True)

    # It is counted in the report, and closes by itself when nobody appeals.
    assert "in the buyer" in mediator.get("/disputes/report").get_data(as_text=True)
    with clock.frozen(now() + timedelta(days=app.config["APPEAL_DAYS"] + 1)):
        sweep()
        drain()
    assert db.session.scalars(sa.select(Dispute.status)).one() is Status.CLOSED
    assert client.post(f"{own_page}/messages", data={"body": "Thank you"}).status_code == 409
