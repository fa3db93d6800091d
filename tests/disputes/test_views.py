"""The pages of disputes as their readers use them."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from backoffice import clock
from backoffice.clock import now
from backoffice.extensions import db
from backoffice.jobs import drain
from backoffice.notifications import OutgoingMail
from backoffice.permissions import Role
from disputes import access, offers, resolution, threads
from disputes.models import Dispute, DisputeMessage, SettlementOffer
from disputes.reporting import home_items
from disputes.threads import Audience
from disputes.vocabulary import Action, Reason, Remedy, Stage, Status
from tests.disputes.test_threads import picture, upload
from tests.factories.accounts import login, make_user
from tests.factories.disputes import BUYER, make_dispute, make_mediator, seller_of
from tests.factories.orders import make_order
from tests.factories.vendors import make_vendor

# The house allows a page 20 statements; the frame's own (session, notifications, navigation) are among them.
MOST_QUERIES = 20


def link(dispute: Dispute) -> str:
    return access.buyer_link(dispute)


def text(response: object) -> str:
    return response.get_data(as_text=True)  # type: ignore[attr-defined, no-any-return]


@pytest.mark.parametrize("role", [Role.MEDIATOR, Role.ACCOUNT_MANAGER])
def test_a_list_of_many_disputes_costs_few_statements(app: Flask, queries: list[str], role: Role) -> None:
    for _number in range(20):
        make_dispute()
    browser = login(app, make_user(role))
    queries.clear()
    page = browser.get("/disputes?view=open")
    assert page.status_code == 200
    assert len(re.findall(r"data-row", text(page))) == 20
    assert len(queries) <= MOST_QUERIES


def test_the_conversation_of_many_messages_with_files_is_read_at_once(app: Flask, queries: list[str]) -> None:
    dispute = make_dispute(safety_risk=True)
    mediator = make_mediator()
    for number in range(15):
        threads.write(dispute, f"note {number}", mediator, uploads=[upload(picture())])
    db.session.commit()
    browser = login(app, mediator.actor)  # type: ignore[arg-type]
    queries.clear()
    assert browser.get(f"/disputes/{dispute.id}").status_code == 200
    assert len(queries) <= MOST_QUERIES


def test_the_buyers_list_of_orders_is_read_at_once(app: Flask, queries: list[str]) -> None:
    user = make_user(Role.BUYER, email="Alix@Buyer.example")
    for _number in range(10):
        make_dispute(make_order(buyer_email="alix@buyer.example"))
    browser = login(app, user)
    queries.clear()
    page = browser.get("/my-orders")
    assert text(page).count("data-row") == 10
    assert len(queries) <= MOST_QUERIES


def test_the_next_page_goes_on_where_this_one_ends(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    from backoffice import paging

    for _number in range(5):
        make_dispute()
    monkeypatch.setattr(paging.paginate, "__kwdefaults__", {**(paging.paginate.__kwdefaults__ or {}), "size": 3})
    browser = login(app, make_user(Role.MEDIATOR))
    first = text(browser.get("/disputes?view=open"))
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following is not None
    second = text(browser.get(following[1].replace("&amp;", "&")))
    numbers = [set(re.findall(r"D-\d{4}-\d{6}", page)) for page in (first, second)]
    assert len(numbers[0]) == 3
    assert len(numbers[1]) == 2
    assert not numbers[0] & numbers[1]


def test_views_and_filters_narrow_the_list(app: Flask) -> None:
    urgent = make_dispute(reason=Reason.COUNTERFEIT)
    mediator = make_mediator()
    mine = make_dispute(safety_risk=True)
    resolution.take(mine, mediator)
    calm = make_dispute(reason=Reason.LATE)
    db.session.commit()
    browser = login(app, mediator.actor)  # type: ignore[arg-type]

    def shown(address: str) -> set[int]:
        return {int(found) for found in re.findall(r"/disputes/(\d+)\"", text(browser.get(address)))}

    assert shown("/disputes?view=mine") == {mine.id}
    assert shown("/disputes?view=unassigned") == {urgent.id}
    assert shown("/disputes?view=todo") == {urgent.id, mine.id}
    assert shown("/disputes?view=open&reason=late") == {calm.id}
    assert shown(f"/disputes?view=all&q={calm.number}") == {calm.id}
    assert shown(f"/disputes?view=all&q={calm.order.basket}") == {calm.id}
    assert shown("/disputes?view=nonsense&status=nonsense&vendor=x") == {urgent.id, mine.id, calm.id}
    with clock.frozen(now() + timedelta(days=30)):
        assert calm.due_at < now()


def test_each_sees_their_own_and_a_stranger_gets_404(app: Flask) -> None:
    dispute = make_dispute()
    owner, stranger = seller_of(dispute).actor, make_user(Role.VENDOR_USER, vendor_id=make_vendor().id)
    buyer, other = make_user(Role.BUYER, email=dispute.buyer_email.upper()), make_user(Role.BUYER)
    for user, status in ((owner, 200), (buyer, 200), (stranger, 404), (other, 404)):
        browser = login(app, user)  # type: ignore[arg-type]
        assert browser.get(f"/disputes/{dispute.id}").status_code == status
        assert (dispute.number in text(browser.get("/disputes"))) == (status == 200)
        assert browser.post(f"/disputes/{dispute.id}/messages", data={"body": "hi"}).status_code in (status, 302)


def test_an_attachment_is_a_download_for_its_readers_and_404_for_others(app: Flask) -> None:
    dispute = make_dispute()
    mediator = make_mediator()
    note = threads.write(dispute, "look", mediator, audience=Audience.INTERNAL, uploads=[upload(picture())])
    db.session.commit()
    address = f"/disputes/{dispute.id}/attachments/{note.attachments[0].id}"
    given = login(app, mediator.actor).get(address)  # type: ignore[arg-type]
    assert given.status_code == 200
    assert given.headers["Content-Disposition"].startswith("attachment")
    assert given.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in given.headers["Content-Security-Policy"]
    assert login(app, seller_of(dispute).actor).get(address).status_code == 404  # type: ignore[arg-type]
    token = access.order_token(dispute.order)
    assert app.test_client().get(f"/my-order/{token}{address}").status_code == 404


def test_the_page_shows_an_internal_note_to_staff_only(app: Flask) -> None:
    dispute = make_dispute()
    threads.write(dispute, "They did this before.", make_mediator(), audience=Audience.INTERNAL)
    db.session.commit()
    pages = {
        "staff": login(app, make_user(Role.ACCOUNT_MANAGER)).get(f"/disputes/{dispute.id}"),
        "vendor": login(app, seller_of(dispute).actor).get(f"/disputes/{dispute.id}"),  # type: ignore[arg-type]
        "buyer": app.test_client().get(link(dispute)),
        "editor": login(app, make_user(Role.CONTENT_EDITOR)).get(f"/disputes/{dispute.id}"),
    }
    assert {name for name, page in pages.items() if "They did this before." in text(page)} == {"staff"}
    assert {page.status_code for page in pages.values()} == {200}


def test_the_link_works_without_an_account_and_a_forged_or_old_one_does_not(app: Flask, client: FlaskClient) -> None:
    dispute = make_dispute()
    other = make_dispute()
    token = access.order_token(dispute.order)
    assert client.get(f"/my-order/{token}").status_code == 200
    assert client.get(f"/my-order/{token}/disputes/{dispute.id}").status_code == 200
    assert client.get(f"/my-order/{token}/disputes/{other.id}").status_code == 404
    assert client.get(f"/my-order/{token[:-3]}abc").status_code == 404
    assert client.get("/my-order/nonsense").status_code == 404
    with clock.frozen(now() + access.LINK_LIFE + timedelta(days=1)):
        old = client.get(f"/my-order/{token}")
    assert old.status_code == 410
    assert "Ask for a new one" in text(old)
    dispute.order.buyer_email = "someone@else.example"
    db.session.commit()
    assert client.get(f"/my-order/{token}").status_code == 404


def test_finding_an_order_says_the_same_whether_it_exists_and_mails_only_its_buyer(
    app: Flask, client: FlaskClient
) -> None:
    order = make_order(buyer_email="Alix@buyer.example")
    right = client.post("/find-my-order", data={"basket": order.basket, "email": "alix@buyer.example"})
    wrong = client.post("/find-my-order", data={"basket": order.basket, "email": "eve@evil.example"})
    assert right.status_code == wrong.status_code == 200
    assert text(right).replace("alix@buyer.example", "") == text(wrong).replace("eve@evil.example", "") or (
        re.sub(r"nonce[^ >]*|csrf[^>]*|alix@buyer.example|eve@evil.example", "", text(right))
        == re.sub(r"nonce[^ >]*|csrf[^>]*|alix@buyer.example|eve@evil.example", "", text(wrong))
    )
    mails = db.session.scalars(sa.select(OutgoingMail)).all()
    assert [mail.recipient for mail in mails] == ["Alix@buyer.example"]
    # A basket of two vendors is two orders, and a mail each.
    assert order.vendor.name in mails[0].subject
    path = re.search(r"http://localhost(/my-order/\S+)", mails[0].body)
    assert path is not None
    assert client.get(path[1]).status_code == 200


def test_finding_orders_is_slowed_down(client: FlaskClient) -> None:
    tries = [
        client.post("/find-my-order", data={"basket": "x", "email": "a@b.example"}).status_code for _try in range(12)
    ]
    assert tries[0] == 200
    assert tries[-1] == 429


def test_a_wrong_form_keeps_what_was_typed(client: FlaskClient) -> None:
    page = client.post("/find-my-order", data={"basket": "CMD-7", "email": "nobody"})
    assert page.status_code == 422
    assert 'value="CMD-7"' in text(page)


def steps(client: FlaskClient, token: str, **fields: str) -> str:
    page = client.post(f"/my-order/{token}/dispute", data=fields)
    return text(page)


def test_opening_in_three_steps_keeps_every_step(app: Flask, client: FlaskClient) -> None:
    order = make_order(lines=[{"quantity": 3, "title": "Cup"}, {"title": "Plate"}])
    token = access.order_token(order)
    line = str(order.lines[0].id)
    assert "Cup" in text(client.get(f"/my-order/{token}/dispute"))
    lines = {"line": line, f"quantity_{line}": "2"}
    assert "What happened?" in steps(client, token, step="lines", **lines)
    missing = client.post(f"/my-order/{token}/dispute", data={"step": "reason", **lines, "words": "short"})
    assert missing.status_code == 422
    assert "short</textarea>" in text(missing)
    complaint = {**lines, "reason": "damaged", "words": "Both cups are broken.", "wish": "refund"}
    assert "Both cups are broken." in steps(client, token, step="reason", **complaint)
    back = steps(client, token, back="reason", **complaint)
    assert "Both cups are broken.</textarea>" in back
    assert 'value="2"' in steps(client, token, back="lines", **complaint)
    sent = client.post(
        f"/my-order/{token}/dispute",
        data={"step": "check", **complaint, "files": (io.BytesIO(picture()), "cup.jpg")},
        content_type="multipart/form-data",
    )
    dispute = db.session.scalars(sa.select(Dispute)).one()
    assert sent.status_code == 302
    assert sent.location.endswith(f"/disputes/{dispute.id}")
    assert (dispute.lines[0].quantity, dispute.reason) == (2, Reason.DAMAGED)
    assert len(db.session.scalars(sa.select(DisputeMessage)).one().attachments) == 1
    assert "is open" in text(client.get(f"/my-order/{token}/dispute"))


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"line": "999999"},
        {"line": "nonsense"},
        {"line": "{line}", "quantity_{line}": "0"},
        {"line": "{line}", "quantity_{line}": "4"},
        {"line": "{line}", "quantity_{line}": "99999999999999999999"},
        {"line": "{line}", "quantity_{line}": "²"},
    ],
)
def test_wrong_pieces_come_back_to_the_first_step(app: Flask, client: FlaskClient, fields: dict[str, str]) -> None:
    order = make_order(lines=[{"quantity": 3}])
    line = str(order.lines[0].id)
    data = {key.replace("{line}", line): value.replace("{line}", line) for key, value in fields.items()}
    page = client.post(f"/my-order/{access.order_token(order)}/dispute", data={"step": "check", **data})
    assert page.status_code == 422
    assert "Which articles" in text(page)


def test_the_same_complaint_sent_twice_opens_one_dispute(app: Flask, client: FlaskClient) -> None:
    order = make_order()
    data = {
        "step": "check",
        "line": str(order.lines[0].id),
        "reason": "late",
        "words": "Where is my parcel?",
        "wish": "delivery",
    }
    address = f"/my-order/{access.order_token(order)}/dispute"
    assert [client.post(address, data=data).status_code for _time in range(2)] == [302, 422]
    assert db.session.scalar(sa.select(sa.func.count(Dispute.id))) == 1


def test_only_the_acts_that_work_are_shown_and_others_are_refused_with_what_is_possible(app: Flask) -> None:
    dispute = make_dispute()
    browser = login(app, seller_of(dispute).actor)  # type: ignore[arg-type]
    said = browser.get(f"/disputes/{dispute.id}", headers={"Accept": "application/json"}).get_json()
    assert set(said["allowed_actions"]) == {"write", "reply", "offer", "announce_parcel", "escalate"}
    page = text(browser.get(f"/disputes/{dispute.id}"))
    for action in Action:
        assert (f"/acts/{action.value}" in page) == (action in (Action.ANNOUNCE_PARCEL, Action.ESCALATE))
    refused = browser.post(f"/disputes/{dispute.id}/acts/withdraw", headers={"Accept": "application/json"})
    assert refused.status_code == 409
    assert refused.get_json()["error"]["details"]["allowed_actions"] == said["allowed_actions"]
    assert browser.post(f"/disputes/{dispute.id}/acts/nonsense").status_code == 422
    assert browser.post(f"/disputes/{dispute.id}/acts/confirm_execution").status_code == 422


def test_a_stale_page_loses_against_a_faster_colleague(app: Flask) -> None:
    dispute = make_dispute(safety_risk=True)
    stale = dispute.version
    address = f"/disputes/{dispute.id}/acts/take"
    first, second = (login(app, make_user(Role.MEDIATOR)) for _person in range(2))
    assert first.post(address, data={"version": stale}).status_code == 302
    late = second.post(address, data={"version": stale})
    assert late.status_code == 409
    assert "meanwhile" in text(late)


def test_an_offer_with_a_strange_amount_comes_back_as_it_was_typed(app: Flask) -> None:
    dispute = make_dispute()
    browser = login(app, seller_of(dispute).actor)  # type: ignore[arg-type]
    name = f"amount_{dispute.lines[0].order_line_id}"
    for typed in ("a lot", "25,00", "1e30", "-3", "NaN", "0.001"):
        page = browser.post(f"/disputes/{dispute.id}/offers", data={"remedy": "refund_partial", name: typed})
        assert page.status_code == 422, typed
        assert f'value="{typed}"' in text(page)
    assert (
        browser.post(f"/disputes/{dispute.id}/offers", data={"remedy": "refund_partial", name: "12,50 €"}).status_code
        == 302
    )
    assert db.session.scalars(sa.select(SettlementOffer.amount_minor)).one() == 1250


def test_a_decision_without_reasons_comes_back_with_the_error_at_its_field(app: Flask) -> None:
    dispute = make_dispute(safety_risk=True)
    browser = login(app, make_mediator().actor)  # type: ignore[arg-type]
    fields = {"outcome": "denied", "remedy": "rejected", "fault": "none", "funded_by": "none"}
    page = browser.post(f"/disputes/{dispute.id}/decision", data={**fields, "reason": ""})
    assert page.status_code == 422
    assert "Give the reasons of the decision." in text(page)
    done = browser.post(f"/disputes/{dispute.id}/decision", data={**fields, "reason": "It is as described."})
    assert done.status_code == 302
    drain()
    assert db.session.get_one(Dispute, dispute.id, populate_existing=True).status is Status.RESOLVED


def test_a_message_that_cannot_be_taken_keeps_its_words(app: Flask) -> None:
    dispute = make_dispute()
    browser = login(app, seller_of(dispute).actor)  # type: ignore[arg-type]
    page = browser.post(
        f"/disputes/{dispute.id}/messages",
        data={"body": "See the file", "audience": "everyone", "files": (io.BytesIO(b"<svg/>"), "x.svg")},
        content_type="multipart/form-data",
    )
    assert page.status_code == 422
    assert "See the file" in text(page)
    assert "cannot be taken" in text(page)


def test_a_merged_dispute_forwards(app: Flask, client: FlaskClient) -> None:
    order = make_order(lines=[{}, {}])
    first = make_dispute(order, pieces={order.lines[0].id: 1})
    second = make_dispute(order, pieces={order.lines[1].id: 1})
    resolution.merge(second, first, make_mediator())
    db.session.commit()
    # The link is signed with the second in which it is made: another one may differ.
    address = link(second)
    assert client.get(address).location == address.replace(f"/disputes/{second.id}", f"/disputes/{first.id}")


def test_outsiders_read_the_history_without_names_and_inside_matters(app: Flask, client: FlaskClient) -> None:
    dispute = make_dispute(safety_risk=True)
    mediator = make_mediator()
    resolution.take(dispute, mediator)
    resolution.plain(dispute, Action.HOLD, mediator, reason="the vendor looks odd")
    db.session.commit()
    page = text(client.get(link(dispute)))
    assert mediator.actor.display_name not in page
    assert "looks odd" not in page
    assert "put the dispute on hold" in page


def test_what_is_written_is_shown_as_text(app: Flask, client: FlaskClient) -> None:
    dispute = make_dispute(words="<script>alert(1)</script> broken {{ 7*7 }}")
    page = text(client.get(link(dispute)))
    assert "<script>alert(1)" not in page
    assert "{{ 7*7 }}" in page


def test_the_home_page_counts_what_waits_for_whom(app: Flask) -> None:
    dispute = make_dispute()
    claim = make_dispute(safety_risk=True)
    seller, mediator = seller_of(dispute).actor, make_mediator().actor
    with app.test_request_context():
        assert [item.count for item in home_items(seller)] == [1]  # type: ignore[arg-type]
        assert [item.count for item in home_items(mediator)] == [1, 1]  # type: ignore[arg-type]
        assert home_items(mediator)[0].due_at == claim.due_at  # type: ignore[arg-type]
        assert home_items(make_user(Role.CONTENT_EDITOR)) == []


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_every_stage_of_a_dispute_can_be_looked_at_by_everyone_in_it(
    app: Flask, client: FlaskClient, locale: str
) -> None:
    dispute = make_dispute()
    seller, mediator = seller_of(dispute), make_mediator()
    line = dispute.lines[0].order_line_id
    people = [login(app, make_user(role, locale=locale)) for role in (Role.MEDIATOR, Role.ACCOUNT_MANAGER)]
    people.append(login(app, seller.actor))  # type: ignore[arg-type]

    def look() -> None:
        db.session.commit()
        assert {browser.get(f"/disputes/{dispute.id}").status_code for browser in people} == {200}
        assert client.get(link(dispute)).status_code == 200

    look()
    offers.make(dispute, Remedy.REFUND_WITH_RETURN, {line: 2000}, seller)
    look()
    offers.accept(dispute, BUYER)
    look()
    resolution.escalate(dispute, mediator)
    look()
    resolution.withdraw(dispute, BUYER)
    look()
    resolution.reopen(dispute, mediator, reason="mistake")
    assert dispute.stage is Stage.CLAIM
    look()
