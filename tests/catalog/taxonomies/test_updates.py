"""A newer tree is compared with ours; what is gone goes where a person says, and nothing happens before that."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from backoffice import jobs
from backoffice.errors import Conflict, Invalid
from backoffice.extensions import db
from catalog import tree
from catalog.lifecycle import ListingStatus
from catalog.models import Category, Listing
from catalog.taxonomies import editing, files, updates
from catalog.taxonomies.comparison import Difference, compare, counts
from catalog.taxonomies.models import TaxonomyUpdate
from catalog.taxonomy import Taxonomy, TaxonomyRefused, read_csv, read_google
from tests.factories.accounts import make_user
from tests.factories.catalog import selling_vendor
from tests.factories.taxonomies import TREE, put_listing, small_tree

GOOGLE = Path(__file__).parents[4] / "shared" / "data" / "taxonomy"
# Jardin renamed, Théières moved under Jouets, Cafetières gone with "Cafetières et théières" new.
NEWER = (
    TREE[0], "70001,,Maison,Home", "70002,70001,Cuisine,Kitchen", "70005,70001,Jardin et terrasse,Garden",
    "70006,,Jouets,Toys", "70004,70006,Théières,Teapots", "70007,70002,Cafetière,Coffee maker",
)  # fmt: skip


@pytest.fixture
def home(app: Flask) -> Taxonomy:
    return small_tree()


def proposed() -> TaxonomyUpdate:
    row = updates.propose(read_csv(NEWER), "newer.csv", "fr", whole=True, by=make_user())
    db.session.commit()
    return row


def finish() -> None:
    db.session.commit()
    jobs.drain()
    db.session.expire_all()
    tree.forget()


def test_what_differs_is_told_category_by_category(home: Taxonomy) -> None:
    found = {(line.kind.value, line.code): line for line in compare(home, read_csv(NEWER), "fr")}
    assert set(found) == {("gone", "70003"), ("renamed", "70005"), ("moved", "70004"), ("new", "70007")}
    gone = found["gone", "70003"]
    assert (gone.successor, gone.after) == ("70007", "Maison > Cuisine > Cafetière")


def test_nothing_changes_before_a_person_s_word(home: Taxonomy) -> None:
    row = proposed()
    assert tree.current().path("70005", "fr") == "Maison > Jardin"
    assert updates.waiting() is row
    updates.drop(row, by=None)
    db.session.commit()
    assert updates.waiting() is None
    with pytest.raises(Conflict):
        updates.apply(row, {}, by=None)


@pytest.mark.parametrize(("successor", "category"), [("70007", "70007"), ("", None)])
def test_sheets_of_a_gone_category_go_to_the_confirmed_successor_or_before_an_editor(
    home: Taxonomy, successor: str, category: str | None
) -> None:
    listing = put_listing(selling_vendor(), "70003")
    updates.apply(proposed(), {"70003": successor}, by=None)
    finish()
    found = db.session.get_one(Listing, listing.id)
    assert found.category == category
    assert found.status == (ListingStatus.PUBLISHED if category else ListingStatus.TO_REVIEW)
    assert tree.current().path("70004", "fr") == "Jouets > Théières"
    assert tree.current().path("70005", "fr") == "Maison > Jardin et terrasse"
    assert "70003" not in tree.current().taxonomy


def test_the_marketplace_s_own_categories_are_not_gone_and_find_a_place(home: Taxonomy) -> None:
    editing.add("", "70003", "Cafetières de collection", "", by=None)
    db.session.commit()
    row = proposed()
    assert [line["code"] for line in row.lines if line["kind"] == Difference.GONE] == ["70003"]
    updates.apply(row, {"70003": "70007"}, by=None)
    finish()
    assert tree.current().path("c001", "fr") == "Maison > Cuisine > Cafetière > Cafetières de collection"


def test_a_tree_that_changed_meanwhile_is_compared_again(home: Taxonomy) -> None:
    row = proposed()
    editing.rename(editing.find("70005"), "Jardins", "", by=None)
    db.session.commit()
    with pytest.raises(Conflict, match="changed since"):
        updates.apply(row, {"70003": "70007"}, by=None)


def test_a_successor_that_will_not_stand_is_refused(home: Taxonomy) -> None:
    with pytest.raises(Invalid, match="no category “70003”"):
        updates.apply(proposed(), {"70003": "70003"}, by=None)


def test_a_load_that_would_close_a_circle_with_the_tree_of_now_is_refused(home: Taxonomy) -> None:
    """The file alone is sound; with what stands, 70001 would hang below itself."""
    row = updates.propose(
        read_csv([TREE[0], "70002,,Cuisine,Kitchen", "70001,70002,Maison,Home"]), "x.csv", "fr", whole=False, by=None
    )
    updates.apply(row, {}, by=None)
    finish()
    assert tree.current().path("70005", "fr") == "Cuisine > Maison > Jardin"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Category)) == 6


def test_of_two_languages_the_newer_version_gives_the_shape() -> None:
    french = b"# Google_Product_Taxonomy_Version: 2015-02-19\n1 - Maison\n2 - Maison > Vieux\n3 - Maison > Lits\n"
    english = b"# Google_Product_Taxonomy_Version: 2019-07-10\n1 - Home\n9 - Sleep\n3 - Sleep > Beds\n"
    for given in ([(french, "fr"), (english, "en")], [(english, "en"), (french, "fr")]):
        found = files.read_trees(given)  # type: ignore[arg-type]
        assert [one.id for one in found] == ["1", "9", "3"]
        assert found.path("3", "fr") == "Sleep > Lits"
        assert found.path("3", "en") == "Sleep > Beds"


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        ("# Version\n1 - Maison\n2 - Maison > Caf\xe9\n".encode("cp1252"), "encoding", 3),
        ("1 - Maison\n".encode("utf-16"), "encoding", 1),
        (b"id,parent,label_fr,label_en\n1,2,a,a\n2,1,b,b\n", "cycle", 2),
        (b"id;parent;label_fr;label_en\n1;;a;a\n1;;b;b\n", "duplicate_id", 3),
        (b"1 - Home\n1 - Garden\n", "duplicate_id", 2),
        (b"", "nothing", 0),
    ],
)
def test_an_unsound_file_is_refused_with_its_line(content: bytes, code: str, line: int) -> None:
    with pytest.raises(TaxonomyRefused) as refused:
        files.read_trees([(content, "fr")])
    assert (refused.value.code, refused.value.line) == (code, line)
    assert refused.value.message("fr") != refused.value.message("en")


@pytest.mark.skipif(not GOOGLE.exists() and os.environ.get("CI") != "true", reason="the taxonomy files are not here")
def test_google_s_own_files_meet_and_their_versions_are_told_apart() -> None:
    texts = {name: (GOOGLE / f"taxonomy-with-ids.{name}.txt").read_bytes() for name in ("fr-FR", "en-US")}
    both = files.read_trees([(texts["fr-FR"], "fr"), (texts["en-US"], "en")])
    assert len(both) > 5_500
    french = read_google(texts["fr-FR"].decode("utf-8-sig").splitlines(), "fr")
    found = counts(compare(french, both, "fr"))
    assert found[Difference.NEW] == len(both) - len(french) + found[Difference.GONE]
    assert found[Difference.GONE] < 200
