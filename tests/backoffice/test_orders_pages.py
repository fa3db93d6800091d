"""The pages of orders: each reader's own, the export, files of orders from upload to report, rules of commission."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from backoffice.extensions import db
from backoffice.orders.archive import HANDLING, find_orders, home_items
from backoffice.orders.lifecycle import OrderStatus
from backoffice.orders.models import CommissionRule, Order, OrderImport
from backoffice.permissions import Role
from tests.factories.accounts import login, make_user
from tests.factories.orders import make_order
from tests.factories.vendors import make_vendor

HEADER = "basket;ordered_at;vendor;sku;title;quantity;amount;buyer_email\n"


@pytest.fixture
def manager(app: Flask) -> FlaskClient:
    return login(app, make_user(Role.ACCOUNT_MANAGER))


def text_of(response: TestResponse) -> str:
    return response.get_data(as_text=True)


def send(browser: FlaskClient, text: str | bytes, name: str = "orders.csv") -> TestResponse:
    data = text if isinstance(text, bytes) else text.encode()
    return browser.post("/orders/imports/new", data={"file": (io.BytesIO(data), name)})


def test_the_list_is_narrowed_by_its_address(app: Flask, manager: FlaskClient) -> None:
    lamps, chairs = make_vendor(name="Lamps"), make_vendor(name="Chairs")
    make_order(vendor=lamps, basket="CMD-LAMP", status=OrderStatus.PAID, lines=[{"sku": "L-1"}])
    make_order(vendor=chairs, basket="CMD-CHAIR", buyer_email="zoe@buyer.example")
    assert "CMD-LAMP" in text_of(manager.get("/orders"))
    for query, shown in {
        f"vendor={lamps.id}": "CMD-LAMP",
        "status=delivered": "CMD-CHAIR",
        "text=l-1": "",
        "text=L-1": "CMD-LAMP",
        "text=zoe@": "CMD-CHAIR",
    }.items():
        page = text_of(manager.get(f"/orders?{query}"))
        assert {"CMD-LAMP", "CMD-CHAIR"} & set(page.replace("<", " ").replace(">", " ").split()) == ({shown} - {""})


def test_a_vendor_sees_its_own_orders_without_the_buyers_address(app: Flask) -> None:
    order, foreign = make_order(buyer_name="Alix Martin"), make_order()
    vendor = login(app, make_user(Role.VENDOR_USER, vendor_id=order.vendor_id))
    page = text_of(vendor.get("/orders"))
    assert order.basket in page
    assert foreign.basket not in page
    shown = text_of(vendor.get(f"/orders/{order.id}"))
    assert "Alix Martin" in shown
    assert order.buyer_email not in shown
    assert order.buyer_email not in text_of(vendor.get("/orders.csv"))
    assert order.basket not in text_of(vendor.get(f"/orders?text={order.buyer_email}"))


def test_a_buyer_sees_the_order_without_the_vendors_commission(app: Flask) -> None:
    buyer = make_user(Role.BUYER, email="Alix@buyer.example")
    order = make_order(buyer_email="alix@buyer.example")
    page = text_of(login(app, buyer).get(f"/orders/{order.id}"))
    assert "Article" in page
    assert "Commission" not in page


def test_the_page_says_which_rule_set_a_commission_and_why(app: Flask, manager: FlaskClient) -> None:
    rule = CommissionRule(basis_points=1500)
    db.session.add(rule)
    db.session.flush()
    order = make_order(lines=[{"commission_minor": 300, "commission_rule_id": rule.id}])
    page = text_of(manager.get(f"/orders/{order.id}"))
    assert "€3.00" in page
    assert "15%" in page
    assert "usual rule" in page


def test_the_list_asks_the_database_no_more_for_fifty_orders_than_for_one(
    app: Flask, manager: FlaskClient, queries: list[str]
) -> None:
    vendor = make_vendor()
    for _order in range(30):
        make_order(vendor=vendor, lines=[{}, {}])
    queries.clear()
    manager.get("/orders")
    assert len(queries) <= 20


def test_no_cell_of_the_export_is_a_formula(app: Flask, manager: FlaskClient) -> None:
    make_order(buyer_name="=cmd()", lines=[{"title": "+1", "sku": "@A"}])
    rows = list(csv.reader(io.StringIO(text_of(manager.get("/orders.csv"))), delimiter=";"))
    assert "'=cmd()" in rows[1]
    assert all(not cell.startswith(("=", "+", "@")) for cell in rows[1])


def test_what_is_exported_can_be_sent_again_and_changes_nothing(app: Flask, manager: FlaskClient) -> None:
    make_order(lines=[{}, {"amount_minor": 550, "vat_basis_points": 550}])
    send(manager, text_of(manager.get("/orders.csv")))
    run = db.session.scalars(sa.select(OrderImport)).one()
    assert (run.lines_read, run.lines_in_error) == (2, 0)
    manager.post(f"/orders/imports/{run.id}/take")
    assert (run.orders_created, run.orders_unchanged) == (0, 1)


def test_a_file_is_looked_at_then_taken_then_given_back_with_its_problems(app: Flask, manager: FlaskClient) -> None:
    vendor = make_vendor()
    good = f"C-1;2026-11-20;{vendor.code};A;Lamp;1;20,00;alix@buyer.example\n"
    bad = f"C-2;2026-11-20;{vendor.code};B;=Chair;none;20,00;alix@buyer.example\n"
    stranger = "C-3;2026-11-20;nobody;C;Table;1;20,00;alix@buyer.example\n"
    sent = send(manager, HEADER + good + bad + stranger)
    assert sent.status_code == 302
    page = text_of(manager.get(sent.location))
    assert "“none” is not a quantity" in page
    assert "No vendor has the code “nobody”" in page
    assert db.session.scalars(sa.select(Order)).all() == []

    before = text_of(manager.get(f"{sent.location}/report"))
    assert "New orders: 1." in text_of(manager.post(f"{sent.location}/take", follow_redirects=True))
    for report in (before, text_of(manager.get(f"{sent.location}/report"))):
        rows = list(csv.reader(io.StringIO(report), delimiter=";"))
        assert rows[0][-3:] == ["error-line", "error-code", "error-message"]
        assert [row[-2] for row in rows[1:]] == ["", "not_a_quantity", "unknown_vendor"]
        assert rows[2][4] == "'=Chair"
    assert [order.basket for order in db.session.scalars(sa.select(Order))] == ["C-1"]
    assert manager.post(f"{sent.location}/take").status_code == 409


@pytest.mark.parametrize(
    ("data", "sentence"),
    [(b"", "The file is empty"), (b"PK\x03\x04\0\0", "not a CSV"), (b"basket;sku\n1;2\n", "columns are missing")],
)
def test_a_file_that_is_no_list_of_orders_is_refused_at_its_field(
    app: Flask, manager: FlaskClient, data: bytes, sentence: str
) -> None:
    answer = send(manager, data)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert db.session.scalars(sa.select(OrderImport)).all() == []


def test_rules_are_added_and_retired_on_their_page(app: Flask, manager: FlaskClient) -> None:
    vendor = make_vendor(name="Lamps & Co")
    manager.post("/commission-rules", data={"vendor": str(vendor.id), "rate": "12,5", "fixed": "0,50"})
    rule = db.session.scalars(sa.select(CommissionRule)).one()
    assert (rule.vendor_id, rule.basis_points, rule.fixed_minor) == (vendor.id, 1250, 50)
    page = text_of(manager.get("/commission-rules"))
    assert "Lamps &amp; Co" in page
    assert "12.5% + €0.50" in page
    manager.post(f"/commission-rules/{rule.id}/retire")
    assert "retired" in text_of(manager.get("/commission-rules"))
    assert manager.post(f"/commission-rules/{rule.id}/retire").status_code == 409


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"rate": ""}, "This is needed"),
        ({"rate": "much"}, "Write a percentage"),
        ({"rate": "101"}, "more than the price"),
        ({"rate": "15", "fixed": "1.234"}, "Write an amount"),
        ({"rate": "15", "sku": "A"}, "choose the vendor"),
        ({"rate": "15", "minimum": "5", "maximum": "4"}, "less than the least"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_at_its_field_and_what_was_typed_is_kept(
    app: Flask, manager: FlaskClient, typed: dict[str, str], sentence: str
) -> None:
    answer = manager.post("/commission-rules", data={"vendor": "", "category": "604x", **typed})
    if "sku" in typed:
        answer = manager.post("/commission-rules", data={"vendor": "", **typed})
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert db.session.scalars(sa.select(CommissionRule)).all() == []


def test_the_home_page_counts_what_is_to_be_sent_and_taken(app: Flask, manager: FlaskClient) -> None:
    order = make_order(status=OrderStatus.PAID, delivered_at=None)
    make_order(vendor=order.vendor)
    send(manager, HEADER + "C-1;2026-11-20;nobody;A;Lamp;1;20,00;alix@buyer.example\n")
    with app.test_request_context():
        seller = home_items(make_user(Role.VENDOR_USER, vendor_id=order.vendor_id))
        assert [(item.count, item.due_at) for item in seller] == [(1, order.ordered_at + HANDLING)]
        assert [item.count for item in home_items(make_user(Role.ACCOUNT_MANAGER))] == [1]
        assert home_items(make_user(Role.MEDIATOR)) == []


def test_the_search_over_everything_finds_orders_of_the_reader_only(app: Flask) -> None:
    order = make_order()
    with app.test_request_context():
        assert [found.title for found in find_orders(order.basket, make_user(), 5)] == [order.basket]
        stranger = make_user(Role.VENDOR_USER, vendor_id=make_vendor().id)
        assert find_orders(order.basket, stranger, 5) == []


def test_the_command_takes_a_file_and_prints_its_figures(app: Flask, tmp_path: Path) -> None:
    vendor = make_vendor()
    file = tmp_path / "orders.csv"
    good = f"C-1;2026-11-20;{vendor.code};A;Lamp;1;20,00;alix@buyer.example\n"
    file.write_text(HEADER + good + good.replace("C-1", "C-2").replace("20,00", "free"))
    result = app.test_cli_runner().invoke(args=["orders", "import", str(file)])
    assert result.exit_code == 1
    assert json.loads(result.stdout.splitlines()[-1]) == {
        "lines_read": 2,
        "lines_in_success": 1,
        "lines_in_error": 1,
        "orders": 1,
    }
    assert "line 3, amount: “free” is not an amount" in result.stderr
    file.write_text(HEADER + good)
    assert app.test_cli_runner().invoke(args=["orders", "import", str(file)]).exit_code == 0
    for wrong in (tmp_path / "absent.csv", tmp_path):
        refused = app.test_cli_runner().invoke(args=["orders", "import", str(wrong)])
        assert refused.exit_code == 2
        assert "Traceback" not in refused.output
