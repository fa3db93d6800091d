"""What the storefront sends → frozen baskets, each split by vendor, and every problem with its line and column.

    CSV bytes ─ decode, delimiter, headers ─► rows ─┐
    API payload ─ lines with the basket's own ──────┴─► values cell by cell ─► grouped by basket and vendor

Promise: pure; nothing is raised for a bad cell: problems of all lines are collected, and an order with one is left out
whole while the others are taken. Not here: whether the vendor exists and what is stored already (`recording`).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from backoffice.orders.fields import COLUMNS, Misread, column_of
from backoffice.orders.lifecycle import OrderStatus
from backoffice.orders.problems import OrderIssue, UnreadableOrders

# A file is taken in one transaction: 10,000 lines of as many orders take six seconds, so that others wait half a minute
# for the largest file at most (measured on one core, SQLite).
MAX_LINES = 20_000
MAX_MEGABYTES = 20
OF_BASKET = ("ordered_at", "currency", "buyer_email", "buyer_name", "buyer_locale")
# Of one vendor's part; written once or repeated on each of its lines.
OF_ORDER = ("status", "shipping", "tracking_number", "shipped_at", "delivered_at")


@dataclass(frozen=True, slots=True)
class LineIn:
    """One article as reported; the amount is of the whole line, VAT included, in minor units."""

    row: int
    sku: str
    title: str
    quantity: int
    amount_minor: int
    vat_basis_points: int


@dataclass(frozen=True, slots=True)
class OrderIn:
    """One vendor's part of a basket as reported."""

    vendor: str
    lines: tuple[LineIn, ...]
    status: OrderStatus = OrderStatus.PAID
    shipping_minor: int = 0
    tracking_number: str = ""
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Basket:
    """What a buyer paid at once, split by vendor."""

    number: str
    ordered_at: datetime
    buyer_email: str
    orders: tuple[OrderIn, ...]
    currency: str = "EUR"
    buyer_name: str = ""
    buyer_locale: str = "fr"


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: the baskets that are right, the problems of the others, and how many lines there were."""

    baskets: tuple[Basket, ...] = ()
    issues: tuple[OrderIssue, ...] = ()
    lines_read: int = 0


@dataclass(slots=True)
class _Line:
    row: int
    values: dict[str, Any]
    given: frozenset[str]
    issues: list[OrderIssue] = field(default_factory=list)


def read_csv(data: bytes, zone: tzinfo) -> Reading:
    """Read a file of order lines; raises UnreadableOrders where it is none. Rows are counted with the header as 1."""
    headers, rows = table_of(data)
    named = [column_of(header) for header in headers]
    missing = [name for name, column in COLUMNS.items() if column.needed and name not in named]
    if missing:
        raise UnreadableOrders("missing_columns", columns=", ".join(missing))
    lines = [_line(row, _cells(named, cells), zone) for row, cells in rows]
    if not lines:
        raise UnreadableOrders("no_lines")
    return _gathered(lines)


def _cells(named: Sequence[str | None], cells: Sequence[str]) -> dict[str, str]:
    # Where two headers name the same column, the first that is filled in counts.
    found: dict[str, str] = {}
    for name, cell in zip(named, cells, strict=False):
        if name is not None and cell.strip() and name not in found:
            found[name] = cell.strip()
    return found


def read_rows(rows: Iterable[tuple[int, Mapping[str, str]]], zone: tzinfo) -> Reading:
    """Read lines whose cells are named by our columns already, each with its number."""
    return _gathered([_line(row, {name: text for name, text in cells.items() if text}, zone) for row, cells in rows])


def table_of(data: bytes) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Return a CSV file's headers and its filled lines with their numbers; raises UnreadableOrders."""
    if len(data) > MAX_MEGABYTES << 20:
        raise UnreadableOrders("too_large", most=MAX_MEGABYTES)
    text = _decoded(data)
    if not text.strip():
        raise UnreadableOrders("empty")
    head = text.lstrip("\r\n").splitlines()[0]
    delimiter = max(";,\t|", key=head.count)
    if head.count(delimiter) == 0:
        raise UnreadableOrders("not_csv")
    try:
        rows = [
            (row, cells) for row, cells in enumerate(_parsed(text, delimiter), start=1) if any(map(str.strip, cells))
        ]
    except csv.Error:
        raise UnreadableOrders("not_csv") from None
    if not rows:
        raise UnreadableOrders("empty")
    if len(rows) - 1 > MAX_LINES:
        raise UnreadableOrders("too_many_lines", most=MAX_LINES)
    return rows[0][1], rows[1:]


def _parsed(text: str, delimiter: str) -> Iterable[list[str]]:
    for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)):
        if number > 2 * MAX_LINES:
            raise UnreadableOrders("too_many_lines", most=MAX_LINES)
        yield cells


def _decoded(data: bytes) -> str:
    """Return the text: UTF-8, UTF-16 with its mark, or else what spreadsheets in Western Europe write."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError:
            raise UnreadableOrders("not_csv") from None
    if b"\0" in data:
        raise UnreadableOrders("not_csv")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _line(row: int, cells: Mapping[str, str], zone: tzinfo) -> _Line:
    line = _Line(row, {}, frozenset(cells))
    for name, column in COLUMNS.items():
        text = cells.get(name, "")
        line.values[name] = column.default
        if not text and column.needed:
            line.issues.append(OrderIssue(row, name, "missing"))
        if not text:
            continue
        try:
            if "\0" in text:
                raise Misread("not_text")
            line.values[name] = column.read(text, zone)
        except Misread as fault:
            line.issues.append(OrderIssue(row, name, fault.code, text[:200], fault.params))
    return line


def _gathered(lines: Sequence[_Line]) -> Reading:
    baskets: dict[str, list[_Line]] = {}
    for line in lines:
        # A line without a basket's number belongs with no other.
        baskets.setdefault(line.values["basket"] or f"\0{line.row}", []).append(line)
    for group in baskets.values():
        _compare(group, OF_BASKET)
        for part in _by_vendor(group).values():
            _compare(part, OF_ORDER)
    taken = [basket for basket in map(_basket, baskets.values()) if basket is not None]
    issues = sorted((issue for line in lines for issue in line.issues), key=lambda issue: issue.row or 0)
    return Reading(tuple(taken), tuple(issues), len(lines))


def _by_vendor(lines: Iterable[_Line]) -> dict[str, list[_Line]]:
    parts: dict[str, list[_Line]] = {}
    for line in lines:
        parts.setdefault(line.values["vendor"], []).append(line)
    return parts


def _compare(lines: Sequence[_Line], names: Sequence[str]) -> None:
    """Note where lines that belong together say different things; an empty cell says nothing."""
    for name in names:
        said = [line for line in lines if name in line.given]
        for line in said[1:]:
            if line.values[name] != said[0].values[name]:
                written, first = _shown(line.values[name]), _shown(said[0].values[name])
                line.issues.append(OrderIssue(line.row, name, "basket_disagrees", written, {"first": first}))
        for line in lines if said else ():
            line.values[name] = said[0].values[name]


def _shown(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _basket(lines: Sequence[_Line]) -> Basket | None:
    """Return the basket with the orders that are right; a wrong cell about the basket itself leaves all of it out."""
    spoiled = any(issue.column in ("basket", *OF_BASKET) for line in lines for issue in line.issues)
    orders = []
    for vendor, part in _by_vendor(lines).items():
        if spoiled or any(line.issues for line in part):
            for line in part:
                if not line.issues:
                    line.issues.append(OrderIssue(line.row, "basket", "order_refused", line.values["basket"]))
        else:
            orders.append(_order(vendor, part))
    if not orders:
        return None
    values = lines[0].values
    return Basket(
        number=values["basket"], orders=tuple(orders), **{name: values[name] for name in OF_BASKET if name in values}
    )


def _order(vendor: str, lines: Sequence[_Line]) -> OrderIn:
    values = lines[0].values
    return OrderIn(
        vendor=vendor,
        lines=tuple(_article(line) for line in lines),
        status=values["status"],
        shipping_minor=values["shipping"],
        tracking_number=values["tracking_number"],
        shipped_at=values["shipped_at"],
        delivered_at=values["delivered_at"],
    )


def _article(line: _Line) -> LineIn:
    values = line.values
    return LineIn(
        row=line.row,
        sku=values["sku"],
        title=values["title"],
        quantity=values["quantity"],
        amount_minor=values["amount"],
        vat_basis_points=values["vat_rate"],
    )
