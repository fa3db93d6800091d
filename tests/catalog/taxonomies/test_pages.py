"""The pages of the tree: what they show, what they refuse at which field, and that they stay few statements long."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from backoffice import jobs
from backoffice.extensions import db
from backoffice.permissions import Role
from catalog import tree
from catalog.models import Category, Listing
from catalog.taxonomies import duties, levels, threshold, values
from catalog.taxonomies.models import CategoryAct, CategoryModel, TaxonomyUpdate
from tests.factories.accounts import login, make_user
from tests.factories.catalog import selling_vendor
from tests.factories.taxonomies import TREE, put_listing, small_tree

PAGES = (
    "/categories", "/categories?in=70002", "/categories?q=maison", "/categories/at/70002", "/categories/at/70002/end",
    "/categories/new?in=70002", "/categories/history", "/categories/levels", "/categories/levels?in=70001&attribute=size",
    "/categories/lists", "/categories/lists?attribute=pattern", "/categories/duties", "/categories/suggestion",
)  # fmt: skip


@pytest.fixture
def editor(app: Flask) -> FlaskClient:
    small_tree()
    return login(app, make_user(Role.CONTENT_EDITOR, locale="en"))


def sent(text: str, name: str = "tree.csv", **fields: Any) -> dict[str, Any]:
    return {"file": (io.BytesIO(text.encode()), name), "locale": "fr", **fields}


def finish() -> None:
    jobs.drain()
    db.session.expire_all()
    tree.forget()


@pytest.mark.parametrize("address", PAGES)
def test_a_page_opens_in_both_languages_with_few_statements(app: Flask, queries: list[str], address: str) -> None:
    small_tree()
    put_listing(selling_vendor(), "70003")
    for locale in ("fr", "en"):
        browser = login(app, make_user(Role.ADMINISTRATOR, locale=locale))
        browser.get(address)
        queries.clear()
        assert browser.get(address).status_code == 200
        assert len([one for one in queries if one.startswith("SELECT")]) <= 15, queries


@pytest.mark.parametrize(
    "address",
    ["/categories?in=x", "/categories/at/x", "/categories/levels?in=x", "/categories/lists?attribute=title",
     "/categories/newer/9", "/categories/at/x/end"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(editor: FlaskClient, address: str) -> None:
    assert editor.get(address).status_code == 404


def test_a_branch_is_counted_with_all_below_it_and_a_vendor_reads_no_counts(app: Flask, editor: FlaskClient) -> None:
    vendor = selling_vendor()
    for sku in "ABC":
        put_listing(vendor, "70003", sku)
    assert ">3<" in re.sub(r"\s", "", editor.get("/categories").text)
    reader = login(app, make_user(Role.VENDOR_USER, vendor_id=vendor.id))
    assert ">3</td>" not in re.sub(r"\s", "", reader.get("/categories").text).replace("<td>3</td>", "<td>below</td>", 1)
    assert "/categories/duties" not in reader.get("/categories").text


def test_a_category_is_added_moved_renamed_and_taken_back_by_its_forms(editor: FlaskClient) -> None:
    suggested = "Maison > Cuisine (70002)".rjust(60)
    answer = editor.post("/categories/new", data={"label_fr": "Bouilloires", "parent": suggested})
    assert answer.headers["Location"].endswith("/categories/at/c001")
    editor.post("/categories/at/c001/rename", data={"label_fr": "Bouilloires", "label_en": "Kettles", "version": "1"})
    editor.post("/categories/at/c001/move", data={"parent": "maison > jardin", "version": "2"})
    finish()
    assert tree.current().path("c001", "en") == "Home > Garden > Kettles"
    page = editor.get("/categories/at/c001").text
    assert "moved the category" in page
    last = db.session.scalar(sa.select(sa.func.max(CategoryAct.id)))
    assert f"/categories/history/{last}/undo" in page
    editor.post(f"/categories/history/{last}/undo")
    finish()
    assert tree.current().path("c001", "en") == "Home > Kitchen > Kettles"


@pytest.mark.parametrize(
    ("locale", "first", "last"), [("fr", "Adultes", "Sport et plein air"), ("en", "Adults", "Toys and board games")]
)
def test_categories_stand_as_a_dictionary_of_the_reader_s_language_has_them(
    app: Flask, locale: str, first: str, last: str
) -> None:
    reader = login(app, make_user(Role.CONTENT_EDITOR, locale=locale))
    names = re.findall(r'<th scope="row"[^>]*><a[^>]*>([^<]+)</a>', reader.get("/categories").text)
    assert (names[0][: len(first)], names[-1][: len(last)]) == (first, last)
    # An accent moves no word to the end.
    assert locale == "en" or names.index("Électronique") < names.index("Maison et jardin")


def test_an_english_reader_is_told_english_names(editor: FlaskClient) -> None:
    form = {"label_fr": "Bouilloires", "label_en": "Kettles", "parent": "70002"}
    assert "“Kettles” was added" in editor.post("/categories/new", data=form, follow_redirects=True).text
    acts = editor.get("/categories/history").text
    assert "Kettles" in acts
    assert "Bouilloires" not in acts


def test_a_category_is_named_by_its_own_name_where_one_alone_has_it(editor: FlaskClient) -> None:
    answer = editor.post("/categories/new", data={"label_fr": "Bouilloires", "parent": "cuisine"})
    assert answer.headers["Location"].endswith("/categories/at/c001")
    finish()
    assert tree.current().path("c001", "fr").endswith("Cuisine > Bouilloires")


def test_two_categories_of_one_place_do_not_have_one_name(editor: FlaskClient) -> None:
    form = {"label_fr": "Bouilloires", "parent": "70002"}
    assert editor.post("/categories/new", data=form).status_code == 302
    again = editor.post("/categories/new", data={**form, "label_fr": "bouilloires"})
    assert again.status_code == 422
    assert "at this place already" in again.text
    assert editor.post("/categories/new", data={**form, "label_fr": "Passoires"}).status_code == 302
    renamed = editor.post("/categories/at/c002/rename", data={"label_fr": "Bouilloires", "version": "1"})
    assert "at this place already" in renamed.text
    editor.post("/categories/new", data={"label_fr": "Bouilloires", "parent": ""})
    moved = editor.post("/categories/at/c003/move", data={"parent": "70002", "version": "1"})
    assert "at this place already" in moved.text


@pytest.mark.parametrize(
    ("act", "form", "words"),
    [
        ("move", {"parent": "70003", "version": "1"}, "stands below it or is itself"),
        ("move", {"parent": "nowhere", "version": "1"}, "There is no category “nowhere”"),
        ("rename", {"label_fr": "A > B", "version": "1"}, "A name has no “&gt;”"),
        ("rename", {"label_fr": "Neuf", "version": "7"}, "Someone changed “Kitchen” meanwhile"),
        ("end", {"action": "merge", "target": "", "version": "1"}, "Choose the category that receives"),
        ("end", {"action": "retire", "target": "70005", "version": "1"}, "2 categories stand below it"),
    ],
)
def test_an_impossible_act_is_refused_in_words_and_changes_nothing(
    editor: FlaskClient, act: str, form: dict[str, str], words: str
) -> None:
    answer = editor.post(f"/categories/at/70002/{act}", data=form)
    assert answer.status_code == 422
    assert words in answer.text
    assert tree.current().path("70003", "fr") == "Maison > Cuisine > Cafetières"


@pytest.mark.parametrize(("action", "field"), [("merge", "target"), ("retire", "successor")])
def test_a_merge_or_an_end_into_nothing_known_is_told_at_its_own_field(
    editor: FlaskClient, action: str, field: str
) -> None:
    form = {"action": action, "target": "nowhere", "version": "1"}
    page = editor.post("/categories/at/70003/end", data=form).text
    told = page.split(f'id="{field}-error"', 1)[1].split("</div>", 1)[0]
    assert "There is no category “nowhere”" in told
    assert 'value="nowhere"' in told
    assert page.count('class="field-error"') == 1


def test_a_category_without_sheets_ends_without_a_word_of_sheets(editor: FlaskClient) -> None:
    form = {"action": "retire", "target": "", "version": "1"}
    page = editor.post("/categories/at/70004/end", data=form, follow_redirects=True).text
    assert "Done. You can take it back below." in page


def test_the_history_of_a_new_category_says_both_its_names(editor: FlaskClient) -> None:
    form = {"label_fr": "Bouilloires", "label_en": "Kettles", "parent": "70002"}
    page = editor.post("/categories/new", data=form, follow_redirects=True).text
    history = page.split("added the category", 1)[1]
    for word in ("French name", "Bouilloires", "English name", "Kettles"):
        assert word in history


def test_the_end_of_a_category_is_counted_before_it_is_decided(editor: FlaskClient) -> None:
    listing = put_listing(selling_vendor(), "70003")
    assert ">1<" in re.sub(r"\s", "", editor.get("/categories/at/70003/end").text)
    form = {"action": "merge", "target": "Maison > Cuisine > Théières (70004)", "version": "1"}
    assert editor.post("/categories/at/70003/end", data=form).status_code == 302
    finish()
    assert db.session.get_one(Listing, listing.id).category == "70004"
    assert "1 / 1" in editor.get("/categories/history").text
    led = editor.get("/categories/at/70003", follow_redirects=True)
    assert led.request.path == "/categories/at/70004"
    assert "this one took its place" in led.text


def test_a_later_tree_is_compared_and_applied_after_a_word(editor: FlaskClient) -> None:
    newer = "\n".join([*TREE[:3], *TREE[4:], "70009,70002,Cafetières filtre,Filter makers"])
    answer = editor.post("/categories", data=sent(newer, whole="y"))
    page = editor.get(answer.headers["Location"]).text
    assert "Home &gt; Kitchen &gt; Coffee makers" in page
    for heading in ("Categories gone", "Categories renamed", "Categories moved", "New categories"):
        assert f'<span class="counter-label">{heading}</span>' in page
    assert 'value="70009"' in page
    assert "See what it changes" in editor.get("/categories").text
    update = db.session.scalars(sa.select(TaxonomyUpdate)).one()
    form = {"action": "apply", "successor-70003": "70003"}
    assert editor.post(f"/categories/newer/{update.id}", data=form).status_code == 422
    form = {"action": "apply", "successor-70003": "70009"}
    assert editor.post(f"/categories/newer/{update.id}", data=form).status_code == 302
    finish()
    assert tree.current().taxonomy.standing("70003") == "70009"


@pytest.mark.parametrize(
    ("text", "words"),
    [("id,parent,label_fr,label_en\n1,2,a,a\n2,1,b,b\n", "Line 2: the category “1” is its own ancestor"),
     ("1 - Home\n1 - Toys\n", "Line 2: the id “1”"), ("a,b\n", "The column “id” is missing")],
)  # fmt: skip
def test_a_faulty_tree_is_refused_at_its_field_with_its_line(editor: FlaskClient, text: str, words: str) -> None:
    answer = editor.post("/categories", data=sent(text))
    assert answer.status_code == 422
    assert words in answer.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Category)) == 6


def test_levels_are_set_on_the_matrix_and_by_a_file(editor: FlaskClient) -> None:
    form = {"level:70002:material": "required", "level:70002:size": "kept", "in": "70001"}
    assert editor.post("/categories/levels", data=form).status_code == 302
    assert levels.own()["70002"] == {"material": "required"}
    file = (
        editor.get("/categories/levels.csv").data.decode().replace("70002,material,required", "70002,material,optional")
    )
    assert editor.post("/categories/levels.csv", data=sent(file)).status_code == 302
    assert levels.own()["70002"] == {"material": "optional"}
    answer = editor.post("/categories/levels.csv", data=sent("category,attribute,level\n70002,material,often\n"))
    assert (answer.status_code, "Line 2: “often” is no level" in answer.text) == (422, True)
    assert editor.post("/categories/levels", data={"level:70002:material": "often"}).status_code == 422


def test_a_value_is_added_shown_and_removed(editor: FlaskClient) -> None:
    form = {"value": "brumailleux", "label_en": "misty", "synonyms_fr": "brumailleuse, brume fine"}
    assert editor.post("/categories/lists?attribute=color", data=form).status_code == 302
    row = values.own("color")[0]
    assert row.synonyms["fr"] == ["brumailleuse", "brume fine"]
    assert "brume fine" in editor.get("/categories/lists?attribute=color").text
    taken = editor.post("/categories/lists?attribute=color", data={"value": "autre", "synonyms_fr": "Brume fine"})
    assert (taken.status_code, "a word for “brumailleux” already" in taken.text) == (422, True)
    assert editor.post(f"/categories/lists/{row.id}/drop").status_code == 302
    assert not values.own("color")


def test_duties_are_switched_on_with_their_categories(editor: FlaskClient) -> None:
    form = {"severity-epr_idu_missing": "error", "categories-epr_idu_missing": "70001, 70006"}
    assert editor.post("/categories/duties", data=form).status_code == 302
    assert duties.choices() == {"epr_idu_missing": {"severity": "error", "categories": ["70001", "70006"]}}
    form["categories-epr_idu_missing"] = "none-such"
    assert editor.post("/categories/duties", data=form).status_code == 422


def test_the_threshold_is_set_with_its_effect_shown(editor: FlaskClient) -> None:
    note = CategoryModel(
        folder="20260101-020000", verdict="live", sheets=900, kept_aside=100, categories=12,
        figures={"top1": {"new": 0.8, "present": 0.5}, "top3": {"new": 0.9, "present": 0.6},
                 "curve": [[0.95, 0.4, 0.99], [0.7, 0.81, 0.94], [0.1, 1.0, 0.8]]},
    )  # fmt: skip
    db.session.add(note)
    threshold.settings.put("taxonomy.model", note.folder, by=None)
    db.session.commit()
    page = re.sub(r"\s+", " ", editor.get("/categories/suggestion").text)
    assert "At 0.7: 81% of sheets are placed by themselves, 94% rightly." in page
    assert "This is the configured value." in page
    assert editor.post("/categories/suggestion", data={"share": "2"}).status_code == 422
    assert editor.post("/categories/suggestion", data={"share": "0.95"}).status_code == 302
    assert "At 0.95: 40% of sheets" in re.sub(r"\s+", " ", editor.get("/categories/suggestion").text)
