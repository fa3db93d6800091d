"""The pages of a vendor's mapping: typed, tried, saved, gone back to, carried as a file, replayed."""

from __future__ import annotations

import html
import io
import json
import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from backoffice import jobs
from backoffice.extensions import db
from backoffice.permissions import Role
from backoffice.vendors.models import Vendor
from catalog.models import Import, ImportStatus, Listing, MappingVersion
from catalog.rulebook import versions
from tests.factories.accounts import login, make_user
from tests.factories.catalog import import_rows, listing_of, selling_vendor


@pytest.fixture
def vendor(app: Flask) -> Vendor:
    """A vendor with one file imported."""
    vendor = selling_vendor()
    import_rows(vendor, {"couleur": "Xyzzy"}, {"sku": "CAF-2", "couleur": "Blleu"})
    return vendor


@pytest.fixture
def browser(app: Flask, vendor: Vendor) -> FlaskClient:
    """The browser of the vendor's user, who reads English."""
    return login(app, make_user(Role.VENDOR_USER, vendor_id=vendor.id, locale="en"))


def _form(browser: FlaskClient, vendor: Vendor, **changed: Any) -> dict[str, Any]:
    """Return the form of the page as it would be sent, with these fields changed."""
    return {**_sent(browser.get(f"/vendors/{vendor.id}/mapping").text), "rules": "", "reason": "", **changed}


def _sent(page: str) -> dict[str, Any]:
    """Return the form of a page of a mapping as it would be sent."""
    headers = re.findall(r'name="header" value="([^"]*)"', page)
    selects = re.findall(r'<select class="form-select" name="(column-\d+)".*?</select>', page, re.S)
    chosen = {}
    for name in selects:
        part = page.split(f'name="{name}"', 1)[1].split("</select>", 1)[0]
        found = re.search(r'value="([^"]*)" selected', part)
        chosen[name] = found[1] if found else ""
    base = re.search(r'name="base" value="(\d+)"', page)
    rules = html.unescape(page.split("data-trial-source>", 1)[1].split("</textarea>", 1)[0])
    reason = html.unescape(page.split('id="reason"', 1)[1].split('value="', 1)[1].split('"', 1)[0])
    return {
        "header": headers,
        **chosen,
        "base": base[1] if base else "0",
        "rules": rules,
        "reason": reason,
        "act": "save",
    }


def _save(browser: FlaskClient, vendor: Vendor, **changed: Any) -> Any:
    return browser.post(f"/vendors/{vendor.id}/mapping", data=_form(browser, vendor, **changed))


def test_the_page_shows_columns_with_reasons_and_the_eight_verbs(browser: FlaskClient, vendor: Vendor) -> None:
    page = browser.get(f"/vendors/{vendor.id}/mapping").text
    for words in ("What the column titre becomes", "if-empty", "lookup", "The header “titre” names this attribute."):
        assert words in page


def test_a_rule_is_tried_without_being_saved(browser: FlaskClient, vendor: Vendor) -> None:
    answer = _save(browser, vendor, act="try", rules='title: replace "Cafetière" with "Machine"')
    assert answer.status_code == 200
    assert "Machine à capsules" in answer.text
    assert "replace &#34;Cafetière&#34;" in answer.text
    assert versions.newest(vendor.id) is None


def test_a_trial_shows_what_saving_changes_where_a_rule_is_taken_away(browser: FlaskClient, vendor: Vendor) -> None:
    _save(browser, vendor, rules='title: replace "Cafetière" with "Machine"')
    page = _save(browser, vendor, act="try", rules="").text
    table = page.split("<h3>What saving it changes</h3>", 1)[1].split("</table>", 1)[0]
    assert "By the saved mapping" in table
    assert table.index("Machine à capsules") < table.index("Cafetière à capsules")
    assert "What saving it changes" not in browser.get(f"/vendors/{vendor.id}/mapping").text


def test_a_rule_is_tried_while_one_types(browser: FlaskClient, vendor: Vendor) -> None:
    form = _form(browser, vendor, rules='title: copy "Titr"\ntitel: copy "x"')
    html = browser.post(f"/vendors/{vendor.id}/mapping/try", data=form).get_json()["html"]
    assert "Did you mean “titre”?" in html
    assert "There is no attribute “titel”" in html
    assert versions.newest(vendor.id) is None


def test_what_is_saved_is_a_version_with_its_reason(browser: FlaskClient, vendor: Vendor) -> None:
    assert _save(browser, vendor, rules='marque: copier "marque"', reason="Said by phone").status_code == 302
    standing = versions.newest(vendor.id)
    assert standing is not None
    assert (standing.rules, standing.reason) == (['brand: copy "marque"'], "Said by phone")
    listed = browser.get(f"/vendors/{vendor.id}/mapping/versions").text
    assert "Said by phone" in listed
    assert "brand: copy &#34;marque&#34;" in browser.get(f"/vendors/{vendor.id}/mapping/versions/1").text


def test_a_wrong_rule_keeps_what_was_typed_and_says_where(browser: FlaskClient, vendor: Vendor) -> None:
    answer = _save(browser, vendor, rules='title: copie "titre"')
    assert answer.status_code == 422
    assert "title: copie" in answer.text
    assert "Line 1" in answer.text
    assert "“copie” is not a verb" in answer.text
    assert answer.text.count("Nothing was saved.") == 1


def test_a_rule_that_would_empty_what_a_sheet_needs_asks_once_more(browser: FlaskClient, vendor: Vendor) -> None:
    rules = 'title: lookup "Cafetière à capsules Nespresso Essenza Mini noire" -> ""'
    answer = _save(browser, vendor, rules=rules)
    assert answer.status_code == 422
    assert "Save it all the same" in answer.text
    assert "Title would be empty on 2 of 2 lines" in answer.text
    assert versions.newest(vendor.id) is None
    assert _save(browser, vendor, rules=rules, anyway="1").status_code == 302


def test_a_title_column_left_out_asks_once_more(browser: FlaskClient, vendor: Vendor) -> None:
    form = _form(browser, vendor)
    at = form["header"].index("titre")
    answer = browser.post(f"/vendors/{vendor.id}/mapping", data={**form, f"column-{at}": ""})
    assert answer.status_code == 422
    assert "Save it all the same" in answer.text


def test_of_two_who_save_at_once_the_second_sees_the_difference_and_can_save_again(
    browser: FlaskClient, vendor: Vendor
) -> None:
    mine = _form(browser, vendor, rules='brand: constant "Mine"')
    _save(browser, vendor, rules='brand: constant "Theirs"')
    answer = browser.post(f"/vendors/{vendor.id}/mapping", data=mine)
    assert answer.status_code == 409
    assert "constant &#34;Theirs&#34;" in answer.text
    assert "constant &#34;Mine&#34;" in answer.text
    again = re.search(r'name="base" value="(\d+)"', answer.text)
    assert again is not None
    assert browser.post(f"/vendors/{vendor.id}/mapping", data={**mine, "base": again[1]}).status_code == 302
    kept = [one.rules for one in db.session.scalars(sa.select(MappingVersion).order_by(MappingVersion.version))]
    assert kept == [['brand: constant "Theirs"'], ['brand: constant "Mine"']]


def test_going_back_from_the_page_makes_a_version(browser: FlaskClient, vendor: Vendor) -> None:
    _save(browser, vendor, rules='brand: constant "A"')
    _save(browser, vendor, rules="")
    answer = browser.post(f"/vendors/{vendor.id}/mapping/versions/1/revert", data={"base": "2"})
    assert answer.status_code == 302
    standing = versions.newest(vendor.id)
    assert standing is not None
    assert (standing.version, standing.rules) == (3, ['brand: constant "A"'])


def test_words_of_the_file_are_decided_in_one_form(browser: FlaskClient, vendor: Vendor) -> None:
    page = browser.get(f"/vendors/{vendor.id}/mapping").text
    assert "Resembles “bleu”." in page
    words = dict(re.findall(r'name="word-(\d+)" value="([^"]*)"', page))
    at = next(number for number, word in words.items() if word == "Xyzzy")
    form = {"base": "0", "take": [at], f"target-{at}": "color", f"word-{at}": "Xyzzy", f"value-{at}": "vert"}
    assert browser.post(f"/vendors/{vendor.id}/mapping/words", data=form).status_code == 302
    standing = versions.newest(vendor.id)
    assert standing is not None
    assert standing.rules == ['color: lookup "Xyzzy" -> "vert"']
    assert 'name="word-0" value="Xyzzy"' not in browser.get(f"/vendors/{vendor.id}/mapping").text


def test_a_mapping_goes_out_as_a_file_and_comes_back(browser: FlaskClient, vendor: Vendor) -> None:
    _save(browser, vendor, rules='brand: constant "A"')
    content = browser.get(f"/vendors/{vendor.id}/mapping.json").data
    _save(browser, vendor, rules="")
    sent = {"base": "2", "file": (io.BytesIO(content), "mine.json")}
    shown = browser.post(f"/vendors/{vendor.id}/mapping/file", data=sent)
    assert shown.status_code == 200
    assert "Nothing is saved yet." in shown.text
    assert "What the file says otherwise than version 2" in shown.text
    assert "+ brand: constant &#34;A&#34;" in shown.text
    assert getattr(versions.newest(vendor.id), "version", 0) == 2
    browser.post(f"/vendors/{vendor.id}/mapping", data=_sent(shown.text))
    standing = versions.newest(vendor.id)
    assert standing is not None
    assert (standing.rules, standing.reason) == (['brand: constant "A"'], "From the file mine.json")


def test_a_file_that_points_at_nothing_is_refused_at_its_place(browser: FlaskClient, vendor: Vendor) -> None:
    said = {"comptoir_mapping": 1, "columns": {"Nom": "gone"}, "rules": ["gone: copy x"]}
    sent = {"base": "0", "file": (io.BytesIO(json.dumps(said).encode()), "mine.json")}
    answer = browser.post(f"/vendors/{vendor.id}/mapping/file", data=sent)
    assert answer.status_code == 422
    assert "columns → “Nom”" in answer.text
    assert "rules → line 1" in answer.text
    assert versions.newest(vendor.id) is None


def test_no_mapping_file_is_told_at_its_field(browser: FlaskClient, vendor: Vendor) -> None:
    answer = browser.post(f"/vendors/{vendor.id}/mapping/file", data={"base": "0"})
    assert answer.status_code == 422
    field = answer.text.split('id="mapping-file-error"', 1)[1].split("</div>", 1)[0]
    assert "Choose a file." in field
    assert 'aria-describedby="mapping-file-error"' in field


def test_an_earlier_file_is_chosen_seen_and_applied(browser: FlaskClient, vendor: Vendor) -> None:
    _save(browser, vendor, rules='color: lookup "Xyzzy" -> "vert"')
    first = db.session.scalars(sa.select(Import.id)).one()
    assert "See what would change" in browser.get(f"/vendors/{vendor.id}/mapping/replay").text
    answer = browser.post(f"/vendors/{vendor.id}/mapping/replay", data={"import": first})
    jobs.drain()
    page = browser.get(answer.headers["Location"]).text
    for words in ("Xyzzy", "vert", "1 sheet<", "Go on with the import", "This reads an earlier file again:"):
        assert words in page
    again = db.session.scalars(sa.select(Import).order_by(Import.id.desc())).first()
    assert again is not None
    assert again.status == ImportStatus.AWAITING_CONFIRMATION
    browser.post(f"/imports/{again.id}/proceed")
    jobs.drain()
    assert listing_of(vendor).values["color"] == ["vert"]
    assert "Take this import back" in browser.get(f"/imports/{again.id}").text


def test_the_preview_of_a_file_names_the_rules_and_what_they_lack(browser: FlaskClient, vendor: Vendor) -> None:
    _save(browser, vendor, rules='brand: copy "Marqu"')
    sent = {"empty_cells": "keep", "file": (io.BytesIO(b"sku;titre;marque\nA;Chaise;Ikea\n"), "b.csv")}
    page = browser.get(browser.post("/imports/new", data=sent).headers["Location"]).text
    assert "One rule of this vendor works on these columns." in page
    assert "This file has no column “Marqu”: the rule does nothing there. Did you mean “marque”?" in page


def test_a_vendor_that_has_sheets_is_first_told_what_its_file_would_change(
    browser: FlaskClient, vendor: Vendor
) -> None:
    sent = {"empty_cells": "keep", "file": (io.BytesIO(b"sku;titre\nCAF-1;Chaise\n"), "b.csv")}
    again = browser.get(browser.post("/imports/new", data=sent).headers["Location"]).text
    assert "Count what it changes" in again
    assert "Start without counting" in again
    db.session.query(Listing).delete()
    db.session.commit()
    sent["file"] = (io.BytesIO(b"sku;titre\nCAF-2;Banc\n"), "c.csv")
    first = browser.get(browser.post("/imports/new", data=sent).headers["Location"]).text
    assert "Start the import" in first
    assert "Count what it changes" not in first


def test_a_file_may_be_counted_first(browser: FlaskClient, vendor: Vendor) -> None:
    sent = {"empty_cells": "keep", "file": (io.BytesIO(b"sku;titre\nCAF-1;Chaise\nN;Table\n"), "b.csv")}
    address = browser.post("/imports/new", data=sent).headers["Location"]
    browser.post(f"{address}/start", data={"column-0": "id", "column-1": "title", "empty_cells": "keep", "ask": "1"})
    assert "the import waits for your word" in browser.get(address).text
    assert "Confirmed with the file b.csv" in browser.get(f"/vendors/{vendor.id}/mapping/versions").text
    jobs.drain()
    page = browser.get(address).text
    assert "Nothing has been written yet" in page
    assert "Chaise" in page
    assert listing_of(vendor).title != "Chaise"


def test_staff_find_every_vendors_mapping_and_strangers_none(app: Flask, browser: FlaskClient, vendor: Vendor) -> None:
    _save(browser, vendor, rules='brand: constant "A"')
    editor = login(app, make_user(Role.CONTENT_EDITOR, locale="en"))
    assert vendor.name in editor.get("/mappings").text
    assert browser.get("/mappings").headers["Location"] == f"/vendors/{vendor.id}/mapping"
    stranger = login(app, make_user(Role.VENDOR_USER, vendor_id=selling_vendor().id, locale="en"))
    for path in ("", "/versions", "/versions/1", ".json", "/replay"):
        assert stranger.get(f"/vendors/{vendor.id}/mapping{path}").status_code == 404


def test_the_pages_cost_few_queries(browser: FlaskClient, vendor: Vendor, queries: list[str]) -> None:
    _save(browser, vendor, rules="\n".join(f'color: lookup "w{number}" -> "bleu"' for number in range(200)))
    run = db.session.scalars(sa.select(Import.id)).first()
    for path in ("", "/versions", "/versions/1", "/replay"):
        queries.clear()
        assert browser.get(f"/vendors/{vendor.id}/mapping{path}").status_code == 200
        assert len(queries) <= 15, "\n".join(queries)
    for path in (f"/imports/{run}", f"/imports/{run}/taken-back"):
        queries.clear()
        assert browser.get(path).status_code == 200
        assert len(queries) <= 15, "\n".join(queries)
