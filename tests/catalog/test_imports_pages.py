"""A file sent through the pages: looked at, its mapping decided, run, reported; and hostile ones turned away in words."""

from __future__ import annotations

import csv
import io
import re
import zipfile

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import Workbook, load_workbook
from werkzeug.test import TestResponse

from backoffice import jobs
from backoffice.extensions import db
from backoffice.notifications import Notification
from backoffice.permissions import Role
from backoffice.vendors.models import Vendor
from catalog import uploads
from catalog.models import Import, ImportStatus, Listing, ListingStatus, MappingVersion
from tests.factories.accounts import login, make_user
from tests.factories.catalog import SHEET, csv_of, import_rows, listing_of, selling_vendor

DTD = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a><b><t>&x;</t></b></a>'


@pytest.fixture
def vendor(app: Flask) -> Vendor:
    """A vendor who may sell."""
    return selling_vendor()


@pytest.fixture
def browser(app: Flask, vendor: Vendor) -> FlaskClient:
    """The browser of the vendor's user, who reads English."""
    return login(app, make_user(Role.VENDOR_USER, vendor_id=vendor.id, locale="en"))


def _send(browser: FlaskClient, content: bytes, name: str = "sheets.csv", **form: object) -> TestResponse:
    return browser.post("/imports/new", data={"empty_cells": "keep", "file": (io.BytesIO(content), name), **form})


def _run() -> Import:
    db.session.expire_all()
    return db.session.scalars(sa.select(Import).order_by(Import.id.desc())).first()  # type: ignore[return-value]


def _headers(run: Import) -> list[str]:
    """Return the file's columns as the page numbers them."""
    return [column.header for column in uploads.preview_for(run).columns]


def _start(browser: FlaskClient, run: Import, **form: object) -> TestResponse:
    chosen = {f"column-{at}": run.columns[header] or "" for at, header in enumerate(_headers(run))}
    answer = browser.post(f"/imports/{run.id}/start", data={**chosen, "empty_cells": "keep", **form})
    jobs.drain()
    return answer


def _count(model: type) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def _workbook(rows: list[list[str]]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def _zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_a_vendor_is_asked_for_sheets_until_it_sends_a_file(browser: FlaskClient) -> None:
    assert "Send your first product sheets" in browser.get("/").text
    _send(browser, csv_of([SHEET]))
    assert "Send your first product sheets" not in browser.get("/").text


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("sheets.json", b'\xef\xbb\xbf[{"sku": "A", "titre": "Chaise"}, {"sku": "B", "titre": "Table"}]'),
        ("sheets.xml", b"<products><product><sku>A</sku><titre>Chaise</titre></product></products>"),
    ],
)
def test_a_file_that_names_its_values_tells_nothing_of_header_lines_and_delimiters(
    browser: FlaskClient, vendor: Vendor, name: str, content: bytes
) -> None:
    page = browser.get(_send(browser, content, name).headers["Location"]).text
    assert "<dd>those that the file gives its values</dd>" in page
    assert "<dd>UTF-8</dd>" in page
    for needless in ("Header on line", "Delimiter", "This is not right: read it differently"):
        assert needless not in page


def test_a_column_without_a_name_is_called_by_its_number(browser: FlaskClient, vendor: Vendor) -> None:
    page = browser.get(_send(browser, b"sku;;titre\nA;x;Chaise\nB;y;Table\n").headers["Location"]).text
    assert '<th scope="row">Column 2</th>' in page
    assert "column_2" not in page


def test_a_file_is_looked_at_then_run_then_reported(browser: FlaskClient, vendor: Vendor) -> None:
    answer = _send(browser, csv_of([SHEET, {**SHEET, "sku": "CAF-2", "ean": "3661234567891"}]))
    run = _run()
    assert answer.headers["Location"] == f"/imports/{run.id}"
    preview = browser.get(f"/imports/{run.id}").text
    for words in (
        "What was recognized",
        "<dd>UTF-8</dd>",
        "Cafetière à capsules Nespresso",
        "What the column titre becomes",
    ):
        assert words in preview
    assert _count(Listing) == 0
    assert _start(browser, run).status_code == 302
    report = browser.get(f"/imports/{run.id}").text
    assert "The barcode “3661234567891” is wrong." in report
    assert "Download your file with the errors" in report
    lines = browser.get(f"/imports/{run.id}/lines?outcome=error").text
    assert "CAF-2" in lines
    assert "CAF-1" not in lines
    (row,) = csv.DictReader(
        browser.get(f"/imports/{run.id}/report?only=errors").data.decode("utf-8-sig").splitlines(), delimiter=";"
    )
    assert (row["sku"], row["error-code"]) == ("CAF-2", "invalid_gtin")


def test_only_the_lines_with_one_fault_come_back_and_a_fault_that_is_none_is_not_found(browser: FlaskClient) -> None:
    _send(browser, csv_of([SHEET, {**SHEET, "sku": "CAF-2", "ean": "3661234567891"}, {**SHEET, "sku": "CAF-3"}]))
    _start(browser, _run())
    address = f"/imports/{_run().id}/report?code="
    found = browser.get(f"{address}invalid_gtin").data.decode("utf-8-sig")
    assert "CAF-2" in found
    assert "CAF-3" not in found
    assert browser.get(f"{address}no_such_fault").status_code == 404


def test_a_workbook_comes_back_as_a_workbook(browser: FlaskClient) -> None:
    _send(browser, _workbook([["sku", "titre", "ean"], ["A", "Théière en fonte", "3661234567891"]]), "sheets.xlsx")
    run = _run()
    _start(browser, run)
    answer = browser.get(f"/imports/{run.id}/report")
    assert "sheets-report.xlsx" in answer.headers["Content-Disposition"]
    rows = list(load_workbook(io.BytesIO(answer.data)).active.values)
    assert rows[0][-3:] == ("error-line", "error-code", "error-message")
    assert "invalid_gtin" in rows[1]


def test_a_column_decided_otherwise_is_taken_and_remembered(browser: FlaskClient, vendor: Vendor) -> None:
    _send(browser, csv_of([SHEET]))
    run = _run()
    at = _headers(run).index("marque")
    _start(browser, run, **{f"column-{at}": ""})
    assert listing_of(vendor).mapped.get("brand") is None
    assert db.session.scalars(sa.select(MappingVersion)).one().columns["marque"] is None
    _send(browser, csv_of([{**SHEET, "stock": "4"}]))
    assert _run().columns["marque"] is None


def test_a_mapping_without_a_title_comes_back_with_what_was_chosen(browser: FlaskClient) -> None:
    _send(browser, csv_of([SHEET]))
    run = _run()
    at, brand = _headers(run).index("titre"), _headers(run).index("marque")
    answer = _start(browser, run, **{f"column-{at}": "", f"column-{brand}": "manufacturer_name"})
    assert answer.status_code == 422
    assert "Choose the column that holds the title" in answer.text
    select = re.search(rf'name="column-{brand}".*?</select>', answer.text, re.S)
    assert select is not None
    assert re.search(r'value="manufacturer_name" selected', select.group())
    assert _run().status == ImportStatus.UPLOADED
    assert _start(browser, run, **{f"column-{at}": "no_such_attribute", "column-0": "title"}).status_code == 422


def test_a_file_of_prices_changes_the_sheets_it_names_and_leaves_their_titles(
    browser: FlaskClient, vendor: Vendor
) -> None:
    _send(browser, csv_of([SHEET]))
    _start(browser, _run())
    before = listing_of(vendor)
    title, quality, number = before.title, before.quality, before.sku
    _send(browser, f"sku;prix;stock\n{number};33,50;2\nNEUF-1;12,00;4\n".encode())
    run = _run()
    assert _start(browser, run).status_code == 302
    run, after = _run(), listing_of(vendor)
    assert (after.title, after.price_minor, after.stock) == (title, 3350, 2)
    assert after.quality == quality
    assert (run.status, run.lines_updated, run.lines_in_error) == (ImportStatus.DONE, 1, 1)


def test_the_file_is_read_again_the_way_a_person_says(browser: FlaskClient, vendor: Vendor) -> None:
    _send(browser, "sku;titre\nA;Théière | fonte\n".encode("cp1252"))
    run = _run()
    assert run.encoding == "cp1252"
    browser.post(f"/imports/{run.id}/reading", data={"delimiter": "|", "encoding": "cp1252"})
    assert _run().delimiter == "|"
    browser.post(f"/imports/{run.id}/reading", data={"delimiter": "", "encoding": "no-such"})
    assert _run().delimiter == ";"


def test_a_started_import_is_not_started_twice_nor_changed(browser: FlaskClient) -> None:
    _send(browser, csv_of([SHEET]))
    run = _run()
    assert _start(browser, run).status_code == 302
    for act in ("start", "reading", "cancel", "proceed"):
        answer = browser.post(f"/imports/{run.id}/{act}", data={})
        assert answer.status_code == 409, act
        assert "This import has started or is over" in answer.text
    assert _count(Listing) == 1


def test_the_bar_moves_and_says_when_it_is_over(browser: FlaskClient) -> None:
    _send(browser, csv_of([SHEET]))
    run = _run()
    browser.post(f"/imports/{run.id}/start", data={"column-1": "title"})
    during = browser.get(f"/imports/{run.id}/progress").json
    assert (during["state"], during["done"], during["total"]) == ("running", 0, 1)
    page = browser.get(f"/imports/{run.id}").text
    assert f'data-progress="/imports/{run.id}/progress"' in page
    assert re.search(r"data-progress-state>.*?<span>in progress</span>", page)
    jobs.drain()
    after = browser.get(f"/imports/{run.id}/progress").json
    assert (after["state"], after["done"]) == ("done", 1)


def test_who_sent_the_file_is_told_when_it_is_done(browser: FlaskClient) -> None:
    _send(browser, csv_of([SHEET]))
    _start(browser, _run())
    (told,) = db.session.scalars(sa.select(Notification))
    assert (told.kind, told.params["success"]) == ("import_done", 1)


def test_a_cancelled_import_writes_nothing_more(browser: FlaskClient) -> None:
    _send(browser, csv_of([SHEET]))
    run = _run()
    assert browser.post(f"/imports/{run.id}/cancel").status_code == 302
    jobs.drain()
    assert _run().status == ImportStatus.CANCELLED
    assert _count(Listing) == 0
    assert browser.get(f"/imports/{run.id}").status_code == 200


def test_a_replacement_that_withdraws_much_asks_and_obeys(browser: FlaskClient, vendor: Vendor) -> None:
    rows = [{"sku": f"S{n}", "titre": f"Théière en fonte n° {n}"} for n in range(10)]
    import_rows(vendor, *rows)
    _send(browser, csv_of([{**SHEET, **row} for row in rows[:2]]), full_replacement="y")
    run = _run()
    _start(browser, run, full_replacement="1")
    page = browser.get(f"/imports/{run.id}").text
    assert "This file would withdraw 8 sheets of 10." in page
    assert browser.post(f"/imports/{run.id}/proceed").status_code == 302
    jobs.drain()
    assert listing_of(vendor, "S9").status == ListingStatus.WITHDRAWN
    assert "Withdrawn" in browser.get(f"/imports/{run.id}").text


def test_a_replacement_that_is_refused_is_told_to_have_changed_nothing(browser: FlaskClient, vendor: Vendor) -> None:
    rows = [{"sku": f"S{n}", "titre": f"Théière en fonte n° {n}"} for n in range(10)]
    import_rows(vendor, *rows)
    _send(browser, csv_of([{**SHEET, **row} for row in rows[:2]]), full_replacement="y")
    run = _run()
    _start(browser, run, full_replacement="1")
    page = browser.post(f"/imports/{run.id}/cancel", follow_redirects=True).text
    assert "The import was cancelled. Nothing was written." in page
    assert "cancelled before its first line; no sheet has changed" in page
    assert "Every line was taken" not in page
    assert "See the sheets of this import" not in page


def test_staff_send_a_file_for_a_vendor_they_choose(app: Flask, vendor: Vendor) -> None:
    manager = login(app, make_user(Role.ACCOUNT_MANAGER))
    page = manager.get(f"/imports/new?vendor={vendor.id}").text
    assert f'<option selected value="{vendor.id}">' in page
    assert _send(manager, csv_of([SHEET]), vendor=str(vendor.id)).status_code == 302
    assert _run().vendor_id == vendor.id
    assert _send(manager, csv_of([SHEET]), vendor="999999").status_code == 422


def test_a_vendor_s_user_cannot_send_for_another(browser: FlaskClient, vendor: Vendor) -> None:
    other = selling_vendor()
    _send(browser, csv_of([SHEET]), vendor=str(other.id))
    assert _run().vendor_id == vendor.id


def test_no_file_is_an_error_at_its_field(browser: FlaskClient) -> None:
    answer = browser.post("/imports/new", data={"empty_cells": "keep"})
    assert answer.status_code == 422
    assert "Choose a file." in answer.text
    assert _count(Import) == 0


# One of each kind; the whole armoury is in test_hostile_files.py.
HOSTILE = [
    ("empty.csv", b""),
    ("header.csv", b"sku;titre\n"),
    ("photo.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256))),
    ("letter.pdf", b"%PDF-1.7\n1 0 obj\n"),
    ("program.xlsx", b"MZ" + bytes(200)),
    ("feed.xml", DTD),
    ("bomb.zip", _zipped({"a.csv": b"0;0;0;0;0\n" * 4_000_000})),
    ("doll.zip", _zipped({"b.zip": _zipped({"a.csv": b"sku;titre\n1;x\n"})})),
    ("page.html", b"<html><body><script>alert(1)</script></body></html>"),
]


# The child process that such files are read in is what these tests are about, unlike the others'.
@pytest.mark.parametrize("locale", ["fr", "en"])
def test_a_hostile_file_is_refused_with_a_sentence_in_the_reader_s_language(
    app: Flask, vendor: Vendor, locale: str
) -> None:
    browser = login(app, make_user(Role.VENDOR_USER, vendor_id=vendor.id, locale=locale))
    title = {"fr": "Ce fichier n’a pas été importé", "en": "This file was not imported"}[locale]
    for name, content in HOSTILE:
        _send(browser, content, name)
        run = _run()
        page = browser.get(f"/imports/{run.id}").text
        assert (run.status, run.file.name) == (ImportStatus.REFUSED, name), name
        assert title in page, name
        sentence = re.search(r'class="state-text">(.+?)</p>', page)
        assert sentence is not None, name
        assert len(sentence.group(1)) > 20, name
        assert "Traceback" not in page
    assert _count(Listing) == 0


def test_a_file_of_a_header_alone_is_told_so(browser: FlaskClient) -> None:
    _send(browser, b"sku;titre\n", "header.csv")
    assert "holds a header but no product line" in browser.get(f"/imports/{_run().id}").text


def test_a_path_in_the_file_name_stays_a_name(browser: FlaskClient) -> None:
    for name in ("../../../etc/passwd.csv", "C:\\Windows\\..\\boot.csv", "/etc/cron.d/x.csv", "..csv", "<b>x</b>.csv"):
        _send(browser, csv_of([SHEET]), name)
        run = _run()
        assert not set(run.file.name) & set("/\\"), name
        page = browser.get(f"/imports/{run.id}").text
        assert "<b>x</b>" not in page
        _start(browser, run)
        assert browser.get(f"/imports/{run.id}/report").status_code == 200


def test_a_formula_cell_is_text_everywhere(browser: FlaskClient, app: Flask, vendor: Vendor) -> None:
    formula = '=HYPERLINK("http://x.example";"Cafetière en fonte")'
    content = _workbook([["sku", "titre", "marque", "ean"], ["=1+1", formula, "@SUM(A1)", "3661234567891"]])
    _send(browser, content, "formula.xlsx")
    run = _run()
    _start(browser, run)
    for name in (f"/imports/{run.id}/report", f"/imports/{run.id}/report?only=errors"):
        for row in load_workbook(io.BytesIO(browser.get(name).data)).active.iter_rows():
            assert all(cell.data_type != "f" for cell in row)
    export = csv.reader(io.StringIO(browser.get("/sheets.csv").data.decode("utf-8-sig")), delimiter=";")
    assert not [cell for row in export for cell in row if cell[:1] in ("=", "+", "-", "@")]


def test_a_file_larger_than_the_house_takes_is_refused(browser: FlaskClient, app: Flask) -> None:
    largest = app.config["MAX_CONTENT_LENGTH"]
    app.config["MAX_CONTENT_LENGTH"] = 50_000
    try:
        answer = _send(browser, b"x" * 60_000)
    finally:
        app.config["MAX_CONTENT_LENGTH"] = largest
    assert answer.status_code == 413
    assert "too large" in answer.text
    assert _count(Import) == 0


def test_twenty_thousand_identical_lines_make_one_sheet_and_each_is_reported(
    browser: FlaskClient, vendor: Vendor, quick_reading: None
) -> None:
    content = b"sku;titre\n" + "CAF-1;Cafetière en inox\n".encode() * 20_000
    _send(browser, content)
    run = _run()
    _start(browser, run)
    run = _run()
    assert (run.lines_read, run.lines_created, run.lines_in_error) == (20_000, 1, 19_999)
    assert _count(Listing) == 1
    assert browser.get(f"/imports/{run.id}").status_code == 200
    assert "19,999" in browser.get(f"/imports/{run.id}").text


def test_a_file_that_went_missing_is_a_sentence_not_a_crash(app: Flask, browser: FlaskClient, vendor: Vendor) -> None:
    run = uploads.upload(vendor, io.BytesIO(b"sku;titre\nA;Chaise longue en toile\n"), "a.csv", by=None)
    db.session.commit()
    run.file.path.unlink()
    app.extensions.pop("previews", None)
    answer = browser.get(f"/imports/{run.id}")
    assert answer.status_code == 200
    assert "cannot be read" in answer.text


def test_a_large_file_is_looked_at_and_counted_after_its_sender_was_answered(
    browser: FlaskClient, quick_reading: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "LOOKED_AT_ONCE", 1_000)
    content = b"sku;titre\n" + b"".join(f"A-{n};Chaise longue en toile {n}\n".encode() for n in range(700))
    with monkeypatch.context() as patch:
        patch.setattr(uploads, "preview_of", None)
        assert _send(browser, content).status_code == 302
    run = _run()
    page = browser.get(f"/imports/{run.id}")
    assert "Looking at the file" in page.text
    assert browser.get(f"/imports/{run.id}/progress").json["state"] == "running"  # type: ignore[index]
    too_soon = browser.post(f"/imports/{run.id}/start", data={"empty_cells": "keep"})
    assert too_soon.status_code == 409
    assert "still being looked at" in too_soon.text
    assert jobs.drain(limit=1) == 1
    page = browser.get(f"/imports/{run.id}")
    assert "being counted" in page.text
    assert browser.get(f"/imports/{run.id}/progress").json["state"] == "done"  # type: ignore[index]
    jobs.drain()
    assert _run().lines_total == 700
    assert _start(browser, _run()).status_code == 302
    assert _run().lines_created == 700


def test_a_large_file_that_is_none_is_refused_by_the_job_in_words(
    browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "LOOKED_AT_ONCE", 0)
    _send(browser, b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, "photo.csv")
    assert _run().status == ImportStatus.UPLOADED
    jobs.drain()
    assert _run().status == ImportStatus.REFUSED
    assert "This file was not imported" in browser.get(f"/imports/{_run().id}").text


def test_what_was_found_is_counted_once_when_the_run_is_over(
    browser: FlaskClient, vendor: Vendor, queries: list[str], quick_reading: None
) -> None:
    run = import_rows(vendor, {"sku": "A", "ean": "123"}, {"sku": "A"}, {"sku": "B", "ean": "124"})
    assert run.faults is not None
    assert ["invalid_gtin", 2, 2] in run.faults
    queries.clear()
    page = browser.get(f"/imports/{run.id}").text
    assert "Line 2 already has the id “A”" in page
    assert not any("json_each" in query or "jsonb_array_elements" in query for query in queries)
