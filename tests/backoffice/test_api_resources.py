"""The resources of the API do what the pages do, and answer as the OpenAPI document says."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from backoffice.audit import AuditEvent
from backoffice.extensions import db
from backoffice.jobs import drain
from backoffice.orders.models import Order
from catalog.models import Import, Listing
from disputes.models import DisputeMessage
from disputes.vocabulary import Party
from tests.factories.api import Program, basket
from tests.factories.disputes import make_dispute
from tests.factories.orders import make_order
from tests.factories.vendors import make_vendor

SHEETS = b"Reference;Titre;Prix;Stock\nL-1;Lampe de bureau en laiton;49,90;3\nL-2;;abc;1\n"


def test_a_mixed_basket_reported_by_the_storefront_becomes_one_order_a_vendor(app: Flask) -> None:
    lamps, chairs = make_vendor(), make_vendor()
    parcels = [{"vendor": lamps.code, "shipping_minor": 490, "status": "shipped", "tracking_number": "6A1"}]
    program = Program(app)
    answer = program.post("/orders", json=basket(lamps, chairs, parcels=parcels))
    assert answer.status_code == 201
    body = answer.get_json()
    assert (body["created"], body["moved"], body["unchanged"]) == (2, 0, 0)
    first, second = body["orders"]
    assert (first["vendor"], first["status"], first["total_minor"]) == (lamps.code, "shipped", 2490)
    assert (second["vendor"], second["status"], second["shipped_at"]) == (chairs.code, "paid", None)
    assert program.get(f"/orders/{first['id']}").get_json() == first
    actors = set(db.session.scalars(sa.select(AuditEvent.actor_name).where(AuditEvent.verb == "order.report")))
    assert actors == {program.token.name}


def test_a_basket_reported_again_without_a_key_is_known_and_moved_forward(app: Flask) -> None:
    vendor, program = make_vendor(), Program(app)
    program.post("/orders", json=basket(vendor))
    known = program.post("/orders", json=basket(vendor))
    assert (known.status_code, known.get_json()["unchanged"]) == (200, 1)
    parcels = [{"vendor": vendor.code, "status": "delivered"}]
    moved = program.post("/orders", json=basket(vendor, parcels=parcels)).get_json()
    assert (moved["moved"], moved["orders"][0]["status"]) == (1, "delivered")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"parcels": [{"vendor": "nobody"}]}, "parcels"),
        ({"basket": "   "}, "issues"),
        ({"ordered_at": "1990-01-01T00:00:00Z"}, "issues"),
        ({"currency": "XTS"}, "currency"),
    ],
)
def test_a_basket_that_makes_no_sense_is_refused_whole(app: Flask, change: dict[str, Any], field: str) -> None:
    answer = Program(app).post("/orders", json={**basket(make_vendor()), **change})
    assert answer.status_code == 422
    assert list(answer.get_json()["error"]["details"]) == [field]


def test_a_basket_with_one_unknown_vendor_leaves_nothing_behind(app: Flask) -> None:
    sent = basket(make_vendor(), make_vendor())
    sent["lines"][1]["vendor"] = "nobody"
    answer = Program(app).post("/orders", json=sent)
    assert answer.get_json()["error"]["details"]["issues"] == [
        {"line": 2, "field": "vendor", "code": "unknown_vendor", "message": "No vendor has the code “nobody”."}
    ]
    assert db.session.scalars(sa.select(Order)).all() == []


def test_a_file_of_sheets_goes_from_the_api_to_offers_and_its_error_report(app: Flask) -> None:
    vendor = make_vendor()
    program = Program(app, vendor)
    sent = program.post("/products/imports", data={"file": (io.BytesIO(SHEETS), "sheets.csv")})
    assert sent.status_code == 202
    number = sent.get_json()["id"]
    early = program.get(f"/products/imports/{number}/error-report")
    assert (early.status_code, early.get_json()["error"]["code"]) == (409, "conflict")
    drain()
    done = program.get(f"/products/imports/{number}").get_json()
    assert (done["status"], done["lines_read"]) == ("done", 2)
    assert done["lines_in_success"] + done["lines_in_error"] == 2
    assert done["lines_in_error"] >= 1
    report = program.get(f"/products/imports/{number}/error-report").get_data(as_text=True)
    rows = list(csv.reader(io.StringIO(report.lstrip("\ufeff")), delimiter=";"))
    assert rows[0][-3:] == ["error-line", "error-code", "error-message"]
    offers = program.get("/offers?sku=L-1").get_json()["items"]
    assert [(offer["sku"], offer["price"], offer["stock"]) for offer in offers] == [
        ("L-1", {"amount": 4990, "currency": "EUR"}, 3)
    ]
    assert Program(app, make_vendor()).get(f"/products/imports/{number}").status_code == 404
    assert program.get("/products/search?q=lampe").status_code == 200


def test_a_large_file_is_answered_at_once_and_looked_at_by_a_job(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalog.uploads.LOOKED_AT_ONCE", 10)
    program = Program(app, make_vendor())
    sent = program.post("/products/imports", data={"file": (io.BytesIO(SHEETS), "sheets.csv"), "empty_cells": "clear"})
    assert (sent.status_code, sent.get_json()["status"]) == (202, "uploaded")
    unreadable = program.post("/products/imports", data={"file": (io.BytesIO(b"\x00" * 50), "sheets.csv")})
    assert unreadable.status_code == 202
    drain()
    done = program.get(f"/products/imports/{sent.get_json()['id']}").get_json()
    assert (done["status"], done["lines_read"]) == ("done", 2)
    refused = program.get(f"/products/imports/{unreadable.get_json()['id']}").get_json()
    assert refused["status"] == "refused"
    assert refused["refusal"]


def test_the_operator_sends_a_file_for_the_vendor_it_names(app: Flask) -> None:
    vendor, program = make_vendor(), Program(app)

    def send(**form: str) -> Any:
        return program.post("/products/imports", data={"file": (io.BytesIO(SHEETS), "sheets.csv"), **form})

    assert send().status_code == 422
    assert send(vendor="nobody").status_code == 404
    assert send(vendor=vendor.code).get_json()["vendor"] == vendor.code
    other = Program(app, make_vendor())
    answer = other.post("/products/imports", data={"file": (io.BytesIO(SHEETS), "s.csv"), "vendor": vendor.code})
    assert answer.status_code == 404


def test_a_file_that_cannot_be_read_says_why_and_leaves_no_import(app: Flask) -> None:
    program = Program(app, make_vendor())
    answer = program.post("/products/imports", data={"file": (io.BytesIO(b""), "sheets.csv")})
    assert answer.status_code == 422
    assert answer.get_json()["error"]["message"]
    assert db.session.scalars(sa.select(Import)).all() == []


def test_a_vendors_program_reads_a_dispute_masked_answers_and_it_moves_on(app: Flask) -> None:
    dispute = make_dispute(words="Call me at 06 12 34 56 78.")
    program = Program(app, dispute.vendor)
    page = program.get(f"/disputes/{dispute.number}").get_json()
    assert page["turn"] == "required_action"
    assert {"write", "offer"} <= set(page["allowed_actions"])
    assert all("06 12" not in message["body"] for message in page["messages"])
    written = program.post(f"/disputes/{dispute.number}/messages", json={"body": "We are sorry."}, key="m-1")
    assert (written.status_code, written.get_json()["author"]) == (201, "seller")
    program.post(f"/disputes/{dispute.number}/messages", json={"body": "We are sorry."}, key="m-1")
    after = program.get(f"/disputes/{dispute.number}").get_json()
    assert after["status"] == "waiting_buyer_response"
    mine = sa.select(DisputeMessage.author_name).where(DisputeMessage.author_party == Party.SELLER)
    assert db.session.scalars(mine).all() == [program.token.name]


def test_an_audience_that_is_not_the_writers_is_refused(app: Flask) -> None:
    dispute = make_dispute()
    sent = {"body": "psst", "audience": "internal"}
    answer = Program(app, dispute.vendor).post(f"/disputes/{dispute.number}/messages", json=sent)
    assert answer.status_code == 422
    stranger = Program(app, make_vendor())
    assert stranger.post(f"/disputes/{dispute.number}/messages", json={"body": "x"}).status_code == 404


# -- the document ---------------------------------------------------------------------------------------------------


def problems(value: Any, schema: dict[str, Any], document: dict[str, Any], place: str = "$") -> Iterator[str]:
    """Yield where a value is not as an OpenAPI 3.0 schema says; the part of the language that the document uses."""
    if "$ref" in schema:
        schema = _resolved(schema["$ref"], document)
    if "anyOf" in schema:
        tried = [list(problems(value, one, document, place)) for one in schema["anyOf"]]
        yield from min(tried, key=len)
        return
    if value is None:
        yield from () if schema.get("nullable") else (f"{place} is null",)
        return
    kinds: dict[str, Any] = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool}
    kind = schema.get("type")
    if kind in kinds and (not isinstance(value, kinds[kind]) or (kind == "integer" and isinstance(value, bool))):
        yield f"{place} is no {kind}: {value!r}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{place} is none of {schema['enum']}: {value!r}"
    if kind == "object":
        known = schema.get("properties", {})
        yield from (f"{place}.{name} is missing" for name in schema.get("required", ()) if name not in value)
        if schema.get("additionalProperties") is False:
            yield from (f"{place}.{name} is not documented" for name in value if name not in known)
        for name in set(value) & set(known):
            yield from problems(value[name], known[name], document, f"{place}.{name}")
    if kind == "array":
        for number, item in enumerate(value):
            yield from problems(item, schema["items"], document, f"{place}[{number}]")


def _resolved(reference: str, document: dict[str, Any]) -> dict[str, Any]:
    found: Any = document
    for name in reference.removeprefix("#/").split("/"):
        found = found[name]
    return found


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for inner in node.values():
            yield from _references(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from _references(inner)


def test_the_document_is_public_whole_and_knows_every_route(app: Flask, client: FlaskClient) -> None:
    document = client.get("/api/v1/openapi.json").get_json()
    assert document["openapi"].startswith("3.0")
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    for reference in _references(document):
        assert _resolved(reference, document)
    served = {
        (rule.rule.replace("<int:", "{").replace("<", "{").replace(">", "}"), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api_")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    documented = {
        (path, method) for path, item in document["paths"].items() for method in item if method != "parameters"
    }
    assert documented == served
    names = [name for item in document["paths"].values() for name in item.get("get", {}).get("responses", {})]
    assert "default" in names


def test_every_documented_get_answers_as_its_schema_says(app: Flask, client: FlaskClient) -> None:
    order = make_order(lines=[{}, {}])
    dispute = make_dispute(order)
    operator, seller = Program(app), Program(app, order.vendor)
    sent = seller.post("/products/imports", data={"file": (io.BytesIO(SHEETS), "sheets.csv")})
    drain()
    assert db.session.scalars(sa.select(Listing)).first() is not None
    values = {"order_id": order.id, "number": dispute.number, "import_id": sent.get_json()["id"]}
    document = client.get("/api/v1/openapi.json").get_json()
    wrong: list[str] = []
    for path, item in document["paths"].items():
        if "get" not in item:
            continue
        address = path.removeprefix("/api/v1").format(**values)
        content = item["get"]["responses"]["200"]["content"]
        for program, query in (
            (operator, f"?vendor={order.vendor.code}" if path.endswith(("/offers", "/feeds")) else ""),
            (seller, ""),
        ):
            answer = program.get(address + query)
            if answer.status_code == 200 and "application/json" in content:
                found = problems(answer.get_json(), content["application/json"]["schema"], document)
                wrong += [f"{path}: {problem}" for problem in found]
            elif answer.status_code == 403:
                error = document["components"]["responses"]["DEFAULT_ERROR"]["content"]["application/json"]["schema"]
                wrong += [f"{path}: {problem}" for problem in problems(answer.get_json(), error, document)]
            elif answer.status_code != 200:
                wrong.append(f"{path}: {answer.status_code}")
    assert wrong == []
