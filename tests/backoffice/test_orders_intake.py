"""A file of order lines is read whole: right orders, and every problem with its line and column."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.orders import intake, problems
from backoffice.orders.archive import decimal_of
from backoffice.orders.fields import COLUMNS, Misread
from backoffice.orders.lifecycle import OrderStatus
from backoffice.orders.problems import MESSAGES, UNREADABLE, UnreadableOrders

PARIS = ZoneInfo("Europe/Paris")
FRENCH = "Commande;Date de commande;Vendeur;Référence;Désignation;Quantité;Montant TTC;TVA;E-mail;Acheteur;Statut\n"
LINE = 'C-1;22/11/2026 14:05;lampes;A-1;"Lampe ; laiton";2;1 299,00 €;5,5 %;Alix@Buyer.example;Alix;Expédiée\n'
HEADER = "basket,ordered_at,vendor,sku,quantity,amount,buyer_email,status,shipping\n"


def read(text: str) -> intake.Reading:
    return intake.read_csv(text.encode(), PARIS)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_french_file_is_read_in_whatever_spreadsheets_write(encoding: str) -> None:
    reading = intake.read_csv((FRENCH + LINE).encode(encoding), PARIS)
    assert reading.issues == ()
    basket = reading.baskets[0]
    assert basket.ordered_at == datetime(2026, 11, 22, 13, 5, tzinfo=UTC)
    assert basket.buyer_email == "alix@buyer.example"
    order = basket.orders[0]
    assert (order.vendor, order.status) == ("lampes", OrderStatus.SHIPPED)
    line = order.lines[0]
    assert (line.title, line.quantity, line.amount_minor) == ("Lampe ; laiton", 2, 129900)
    assert line.vat_basis_points == 550


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        ("quantity", "0", "not_a_quantity"),
        ("quantity", "two", "not_a_quantity"),
        ("quantity", "1.5", "not_a_quantity"),
        ("quantity", "９９", "not_a_quantity"),
        ("amount", "", "missing"),
        ("amount", "1.299", "amount_unclear"),
        ("amount", "1,299", "amount_unclear"),
        ("amount", "-5", "amount_negative"),
        ("amount", "5.0012", "not_an_amount"),
        ("amount", "free", "not_an_amount"),
        ("amount", "1.2.3,4.5", "not_an_amount"),
        ("ordered_at", "31/02/2026", "not_a_date"),
        ("ordered_at", "0001-01-01", "not_a_date"),
        ("buyer_email", "alix", "not_an_email"),
        ("status", "lost", "unknown_status"),
        ("vendor", "x" * 61, "too_long"),
    ],
)
def test_a_cell_that_is_not_what_its_column_holds_is_told_with_its_place(column: str, text: str, code: str) -> None:
    cells = {
        "basket": "C-1",
        "ordered_at": "2026-11-22",
        "vendor": "lamps",
        "sku": "A",
        "quantity": "1",
        "amount": "20",
        "buyer_email": "a@b.example",
        "status": "paid",
        "shipping": "0",
    }
    cells[column] = text
    reading = read(HEADER + ",".join(f'"{cell}"' for cell in cells.values()) + "\n")
    assert [(issue.row, issue.column, issue.code) for issue in reading.issues] == [(2, column, code)]
    assert reading.baskets == ()
    assert reading.lines_read == 1


@pytest.mark.parametrize(
    ("text", "minor"),
    [("19,99", 1999), ("19.99", 1999), ("1.299,00", 129900), ("1,299.00", 129900), ("1 299", 129900), ("5", 500)],
)
def test_amounts_are_read_as_people_write_them(text: str, minor: int) -> None:
    assert COLUMNS["amount"].read(text, UTC) == minor


@given(st.integers(0, 10**9))
def test_an_amount_that_we_write_is_read_back_the_same(minor: int) -> None:
    assert COLUMNS["amount"].read(decimal_of(minor), UTC) == minor


@given(st.text(max_size=30), st.sampled_from(sorted(COLUMNS)))
def test_no_cell_whatever_is_in_it_breaks_the_reading(text: str, column: str) -> None:
    told = "missing"
    try:
        COLUMNS[column].read(text, UTC)
    except Misread as fault:
        told = fault.code
    assert told in MESSAGES


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reading_of_a_file(data: bytes) -> None:
    told = "empty"
    try:
        intake.read_csv(data, UTC)
    except UnreadableOrders as error:
        told = error.code
    assert told in UNREADABLE


def test_an_order_with_a_bad_line_is_left_out_whole_and_the_others_are_taken() -> None:
    reading = read(
        HEADER
        + "C-1,2026-11-22,lamps,A,1,20,a@b.example,paid,\n"
        + "C-1,2026-11-22,lamps,B,0,20,a@b.example,paid,\n"
        + "C-1,2026-11-22,chairs,C,1,20,a@b.example,paid,\n"
        + "C-2,2026-11-22,lamps,A,1,20,a@b.example,paid,\n"
    )
    taken = [(basket.number, [order.vendor for order in basket.orders]) for basket in reading.baskets]
    assert taken == [("C-1", ["chairs"]), ("C-2", ["lamps"])]
    assert [(issue.row, issue.code) for issue in reading.issues] == [(2, "order_refused"), (3, "not_a_quantity")]


def test_lines_of_one_basket_must_agree_on_who_bought_and_when() -> None:
    reading = read(
        HEADER
        + "C-1,2026-11-22,lamps,A,1,20,a@b.example,paid,4.90\n"
        + "C-1,2026-11-22,chairs,C,1,20,other@b.example,paid,\n"
    )
    told = [(issue.row, issue.column, issue.code) for issue in reading.issues]
    assert (3, "buyer_email", "basket_disagrees") in told
    assert reading.baskets == ()


def test_shipping_repeated_on_each_line_counts_once() -> None:
    line = "C-1,2026-11-22,lamps,{},1,20,a@b.example,paid,4.90\n"
    reading = read(HEADER + line.format("A") + line.format("B"))
    assert reading.baskets[0].orders[0].shipping_minor == 490


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"  \n \n", "empty"),
        (b";;\n;;\n", "empty"),
        (b"PK\x03\x04\x00\x00workbook", "not_csv"),
        (b"one column only\n1\n", "not_csv"),
        (b"basket;vendor\n1;2\n", "missing_columns"),
        (HEADER.encode(), "no_lines"),
    ],
)
def test_a_file_that_is_no_list_of_orders_says_why(data: bytes, code: str) -> None:
    with pytest.raises(UnreadableOrders) as refusal:
        intake.read_csv(data, PARIS)
    assert refusal.value.code == code
    assert refusal.value.message("fr") != refusal.value.message("en")


def test_more_lines_than_a_month_holds_are_refused() -> None:
    lines = "C,2026-11-22,lamps,A,1,20,a@b.example,paid,\n" * (intake.MAX_LINES + 1)
    with pytest.raises(UnreadableOrders, match="too_many_lines"):
        read(HEADER + lines)


def test_every_problem_has_its_sentence_in_both_languages() -> None:
    for table in (MESSAGES, UNREADABLE):
        assert all(set(sentences) == {"fr", "en"} for sentences in table.values())
    issue = problems.OrderIssue(2, "amount", "amount_unclear", "1.299")
    assert "1.299" in problems.sentence(issue, "fr")


def test_a_file_in_any_order_of_lines_gives_the_same_orders() -> None:
    lines = [
        f"C-{number % 5},2026-11-22,vendor-{number % 2},S-{number},1,{number + 1},a@b.example,paid,\n"
        for number in range(20)
    ]
    straight = read(HEADER + "".join(lines))
    random.Random(3).shuffle(lines)
    shuffled = read(HEADER + "".join(lines))

    def totals(reading: intake.Reading) -> dict[tuple[str, str], int]:
        return {
            (basket.number, order.vendor): sum(line.amount_minor for line in order.lines)
            for basket in reading.baskets
            for order in basket.orders
        }

    assert totals(straight) == totals(shuffled)
