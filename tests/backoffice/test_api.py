"""What every resource of the API promises: keys and their reach, one shape of errors, paging, and doing things once."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from marshmallow import class_registry

from backoffice import clock
from backoffice.accounts import tokens
from backoffice.accounts.models import ApiToken
from backoffice.api import idempotency
from backoffice.api.models import IdempotencyKey
from backoffice.api.sentences import in_words
from backoffice.api.throttle import REQUESTS, Throttle
from backoffice.clock import now
from backoffice.extensions import db
from backoffice.orders.models import Order
from backoffice.permissions import Role
from tests.factories.accounts import login, make_user
from tests.factories.api import Program, basket
from tests.factories.disputes import make_dispute
from tests.factories.orders import make_order
from tests.factories.vendors import make_vendor


def count_of(model: Any) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


# -- keys -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic abc", "Bearer cpt_unknown", "Bearer ünknown"])
def test_without_a_key_of_ours_nothing_is_answered(client: FlaskClient, header: str) -> None:
    answer = client.get("/api/v1/orders", headers={"Authorization": header} if header else {})
    assert answer.status_code == 401
    assert answer.get_json()["error"]["code"] == "not_authorized"


def test_a_revoked_key_opens_nothing_any_more(app: Flask) -> None:
    program = Program(app)
    assert program.get("/account").status_code == 200
    tokens.revoke(program.token, by=make_user())
    db.session.commit()
    assert program.get("/account").status_code == 401


def test_the_account_says_whose_the_key_is_and_its_use_is_noted(app: Flask) -> None:
    vendor = make_vendor()
    program = Program(app, vendor)
    answer = program.get("/account").get_json()
    assert (answer["scope"], answer["vendor"]) == ("vendor", vendor.code)
    assert db.session.get_one(ApiToken, program.token.id).last_used_at is not None


def test_a_login_is_no_key(app: Flask) -> None:
    from tests.factories.accounts import login

    assert login(app, make_user()).get("/api/v1/orders").status_code == 401


@pytest.mark.parametrize(
    ("path", "operator", "owner", "stranger"),
    [
        ("/account", 200, 200, 200),
        ("/vendors", 200, 403, 403),
        ("/orders", 200, 200, 200),
        ("/orders/{order}", 200, 200, 404),
        ("/orders?vendor={vendor}", 200, 200, 404),
        ("/offers?vendor={vendor}", 200, 200, 404),
        ("/disputes", 200, 200, 200),
        ("/disputes/{dispute}", 200, 200, 404),
        ("/orders/999999", 404, 404, 404),
        ("/disputes/D-1999-000001", 404, 404, 404),
        ("/disputes/anything", 404, 404, 404),
        ("/offers", 422, 200, 200),
    ],
)
def test_a_key_reaches_what_is_its_own(app: Flask, path: str, operator: int, owner: int, stranger: int) -> None:
    order = make_order()
    dispute = make_dispute(order)
    address = path.format(order=order.id, vendor=order.vendor.code, dispute=dispute.number)
    programs = (Program(app), Program(app, order.vendor), Program(app, make_vendor()))
    assert [one.get(address).status_code for one in programs] == [operator, owner, stranger]


def test_lists_of_a_vendors_key_hold_nothing_of_others(app: Flask) -> None:
    order = make_order()
    make_dispute(order)
    stranger = Program(app, make_vendor())
    for path in ("/orders", "/disputes", "/offers"):
        assert stranger.get(path).get_json() == {"items": [], "next_page_token": None}
    assert Program(app).get("/orders").get_json()["items"][0]["buyer"]["email"] == order.buyer_email
    assert Program(app, order.vendor).get("/orders").get_json()["items"][0]["buyer"]["email"] is None


def test_only_the_storefront_reports_orders(app: Flask) -> None:
    vendor = make_vendor()
    assert Program(app, vendor).post("/orders", json=basket(vendor)).status_code == 403
    assert count_of(Order) == 0


# -- errors ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "request_", "status", "code"),
    [
        ("GET", "/nothing", {}, 404, "not_found"),
        ("GET", "/orders/abc", {}, 404, "not_found"),
        ("DELETE", "/orders", {}, 405, "method_not_allowed"),
        ("PUT", "/orders/1", {}, 405, "method_not_allowed"),
        ("POST", "/orders", {"data": "{", "content_type": "application/json"}, 400, "bad_request"),
        ("POST", "/orders", {"json": {}}, 422, "invalid"),
        ("POST", "/orders", {"json": []}, 422, "invalid"),
        ("POST", "/orders", {"data": "x"}, 422, "invalid"),
        ("GET", "/orders?limit=0", {}, 422, "invalid"),
        ("GET", "/orders?page_token=x", {}, 422, "invalid"),
        ("GET", "/orders?status=lost", {}, 422, "invalid"),
        ("GET", "/vendors?status=lost", {}, 422, "invalid"),
        ("POST", "/products/imports", {"data": {}}, 422, "invalid"),
    ],
)
def test_every_error_has_one_shape(
    app: Flask, method: str, path: str, request_: dict[str, Any], status: int, code: str
) -> None:
    answer = Program(app).ask(method, path, **request_)
    assert answer.status_code == status
    body = answer.get_json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message", "details"}
    assert body["error"]["code"] == code
    assert body["error"]["message"]


FAULTY = {
    "basket": "",
    "currency": "XTS",
    "ordered_at": "yesterday",
    "lines": [{"vendor": 4, "sku": "A", "quantity": 0, "amount_minor": "much", "unheard_of": 1}],
}


def test_each_field_is_told_in_the_language_of_who_asks(app: Flask) -> None:
    told = {
        language: Program(app, language=language).post("/orders", json=FAULTY).get_json()["error"]["details"]
        for language in ("fr", "en")
    }
    assert told["en"]["lines.0.quantity"].startswith("This must be between 1 and ")
    assert told["fr"]["lines.0.quantity"].startswith("Il faut ici une valeur de 1 à ")
    assert told["fr"]["lines.0.vendor"] == "Il faut ici un texte."
    assert len(told["fr"]) >= 7
    assert [field for field, said in told["fr"].items() if said == told["en"][field]] == []


def test_every_sentence_of_the_schema_library_that_a_field_of_ours_can_say_is_in_the_table(app: Flask) -> None:
    schemas = {one for known in class_registry._registry.values() for one in known if isinstance(one, type)}
    ours = [one for one in schemas if one.__module__.startswith(("backoffice.", "catalog.", "disputes."))]
    said = {
        message.replace("{obj_type}", "datetime")
        for schema in ours
        for field in schema._declared_fields.values()
        for message in field.error_messages.values()
        if "{" not in message.replace("{obj_type}", "")
    }
    assert len(ours) > 20
    with app.test_request_context():
        assert {one for one in said if in_words(one) == one} == set()


def test_a_wrong_method_is_told_which_ones_are_right(app: Flask) -> None:
    answer = Program(app).ask("DELETE", "/orders")
    assert answer.headers["Allow"] == "GET, POST"
    assert answer.get_json()["error"]["details"] == {"allowed_methods": ["GET", "POST"]}


def test_a_field_that_does_not_fit_is_named_by_its_place(app: Flask) -> None:
    sent = basket(make_vendor())
    sent["lines"][0]["quantity"] = 0
    sent["buyer"]["email"] = "alix"
    sent["surprise"] = 1
    details = Program(app).post("/orders", json=sent).get_json()["error"]["details"]
    assert set(details) == {"lines.0.quantity", "buyer.email", "surprise"}


def test_too_many_requests_of_one_key_wait_while_another_goes_on(app: Flask) -> None:
    usual = app.extensions["api_throttle"]
    app.extensions["api_throttle"] = Throttle(requests=2)
    try:
        busy, quiet = Program(app), Program(app)
        with clock.frozen(now().replace(second=20)):
            assert [busy.get("/account").status_code for _ in range(3)] == [200, 200, 429]
            answer = busy.get("/account")
            assert 0 < int(answer.headers["Retry-After"]) <= 40
            assert answer.get_json()["error"]["code"] == "too_many_requests"
            assert quiet.get("/account").status_code == 200
        with clock.frozen(now().replace(second=20) + timedelta(minutes=1)):
            assert busy.get("/account").status_code == 200
    finally:
        app.extensions["api_throttle"] = usual


def test_who_has_a_key_is_led_to_a_document_that_says_what_holds_for_every_address(app: Flask) -> None:
    page = login(app, make_user(Role.ADMINISTRATOR)).get("/api-keys").text
    assert 'href="/api/v1/openapi.json"' in page
    guide = app.test_client().get("/api/v1/openapi.json").get_json()["info"]["description"]
    for told in (
        "Authorization: Bearer",
        "next_page_token",
        "Idempotency-Key",
        "Retry-After",
        f"{REQUESTS:,} requests",
    ):
        assert told in guide


# -- paging ---------------------------------------------------------------------------------------------------------


def test_pages_together_hold_every_row_once_even_when_one_arrives_meanwhile(app: Flask) -> None:
    vendor = make_vendor()
    expected = [make_order(vendor=vendor).id for _ in range(7)]
    program, seen, token = Program(app, vendor), list[int](), ""
    while True:
        page = program.get(f"/orders?limit=3&page_token={token}").get_json()
        seen += [order["id"] for order in page["items"]]
        make_order(vendor=vendor)
        if page["next_page_token"] is None:
            break
        token = page["next_page_token"]
    assert seen == sorted(expected, reverse=True)


# -- once -----------------------------------------------------------------------------------------------------------


def test_the_same_key_and_body_is_done_once_and_answered_alike(app: Flask) -> None:
    program, sent = Program(app), basket(make_vendor())
    first = program.post("/orders", json=sent, key="k-1")
    again = program.post("/orders", json=sent, key="k-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.get_json() == again.get_json()
    assert (first.headers.get("Idempotency-Replayed"), again.headers["Idempotency-Replayed"]) == (None, "true")
    assert count_of(Order) == 1


def test_the_same_key_with_another_body_is_refused(app: Flask) -> None:
    program, vendor = Program(app), make_vendor()
    program.post("/orders", json=basket(vendor), key="k-1")
    answer = program.post("/orders", json=basket(vendor, number="CMD-2"), key="k-1")
    assert answer.status_code == 422
    assert count_of(Order) == 1


def test_the_same_key_of_another_program_is_another_key(app: Flask) -> None:
    vendor = make_vendor()
    assert Program(app).post("/orders", json=basket(vendor), key="k-1").status_code == 201
    answer = Program(app).post("/orders", json=basket(vendor, number="CMD-2"), key="k-1")
    assert answer.status_code == 201


def test_a_request_that_failed_leaves_its_key_free_for_a_corrected_one(app: Flask) -> None:
    program, vendor = Program(app), make_vendor()
    wrong = basket(vendor)
    wrong["lines"][0]["vendor"] = "nobody"
    assert program.post("/orders", json=wrong, key="k-1").status_code == 422
    assert count_of(IdempotencyKey) == 0
    assert program.post("/orders", json=basket(vendor), key="k-1").status_code == 201


def test_while_a_request_is_in_flight_its_key_is_taken_until_its_process_must_have_died(app: Flask) -> None:
    program, sent = Program(app), basket(make_vendor())
    program.post("/orders", json=sent, key="k-1")
    # As a process leaves it that dies between claim and effect.
    for order in db.session.scalars(sa.select(Order)).all():
        for line in order.lines:
            db.session.delete(line)
        db.session.delete(order)
    db.session.execute(
        sa.update(IdempotencyKey).values(status_code=None, answer=None, lease_until=now() + idempotency.LEASE)
    )
    db.session.commit()
    refused = program.post("/orders", json=sent, key="k-1")
    assert (refused.status_code, refused.get_json()["error"]["code"]) == (409, "conflict")
    with clock.frozen(now() + idempotency.LEASE + timedelta(seconds=1)):
        assert program.post("/orders", json=sent, key="k-1").status_code == 201
    assert count_of(Order) == 1


def test_two_at_once_with_one_key_make_one_order(app: Flask) -> None:
    program, sent = Program(app), basket(make_vendor())
    start, statuses = threading.Barrier(4), list[int]()

    def report() -> None:
        start.wait()
        statuses.append(program.post("/orders", json=sent, key="k-1").status_code)

    # The test's own transaction would keep the writers waiting.
    db.session.rollback()
    threads = [threading.Thread(target=report) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert set(statuses) <= {201, 409}
    assert 201 in statuses
    assert count_of(Order) == 1
    assert count_of(IdempotencyKey) == 1


def test_a_file_sent_again_counts_as_the_same_by_its_bytes(app: Flask) -> None:
    import io

    vendor = make_vendor()
    program = Program(app, vendor)

    def send(content: bytes) -> Any:
        data = {"file": (io.BytesIO(content), "sheets.csv")}
        return program.post("/products/imports", data=data, key="k-1")

    first = send(b"sku;titre\nA;Lampe\n")
    assert first.status_code == 202
    assert send(b"sku;titre\nA;Lampe\n").get_json()["id"] == first.get_json()["id"]
    assert send(b"sku;titre\nA;Chaise\n").status_code == 422


def test_old_keys_are_forgotten(app: Flask) -> None:
    program, sent = Program(app), basket(make_vendor())
    program.post("/orders", json=sent, key="k-1")
    with clock.frozen(now() + idempotency.KEPT + timedelta(minutes=1)):
        idempotency.forget_keys()
    assert count_of(IdempotencyKey) == 0
