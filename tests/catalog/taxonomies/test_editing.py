"""Categories are added, renamed, moved, merged and retired; sheets and rules follow, and every act has its way back."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from backoffice import audit, jobs
from backoffice.errors import Conflict, Invalid
from backoffice.extensions import db
from backoffice.orders import rates
from backoffice.orders.models import CommissionRule
from catalog import tree, workshop
from catalog.lifecycle import ListingStatus
from catalog.models import Category, Listing
from catalog.quality import stated_category
from catalog.rulebook.models import MappingDecision
from catalog.taxonomies import editing, following, successions
from catalog.taxonomies.models import ActState, CategoryAct, CategoryActTurn
from tests.factories.accounts import make_user
from tests.factories.catalog import selling_vendor
from tests.factories.taxonomies import put_listing, small_tree


def category(code: str) -> Category:
    return db.session.scalars(sa.select(Category).where(Category.code == code)).one()


def fresh(listing: Listing) -> Listing:
    db.session.expire_all()
    return db.session.get_one(Listing, listing.id)


def finish() -> None:
    db.session.commit()
    jobs.drain()
    db.session.expire_all()
    tree.forget()


@pytest.fixture
def home(app: Flask) -> None:
    small_tree()


def test_a_marketplace_without_a_tree_gets_the_built_in_one_before_its_first_act(app: Flask) -> None:
    editing.add("", "166", "Chapeaux de fête", "Party hats", by=None)
    finish()
    categories = tree.current()
    assert len(categories.taxonomy) == len(tree.Taxonomy.builtin()) + 1
    assert categories.path("166", "fr")


@pytest.mark.usefixtures("home")
def test_an_added_category_gets_a_number_of_its_own_and_its_place() -> None:
    first = editing.add("", "70002", "Bouilloires", "Kettles", by=make_user())
    second = editing.add("", None, "Divers", "", by=None)
    finish()
    assert (first.code, second.code) == ("c001", "c002")
    assert tree.current().path("c001", "en") == "Home > Kitchen > Kettles"


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("code", "label", "field"),
    [("70001", "Maison", "code"), ("a b", "Maison", "code"), ("*", "Tout", "code"), ("", "", "label_fr"),
     ("", "Maison > Cuisine", "label_fr"), ("", "x" * 201, "label_fr")],
)  # fmt: skip
def test_an_unsound_category_is_refused_at_its_field(code: str, label: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        editing.add(code, None, label, "", by=None)
    assert field in (refused.value.details or {})


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("above", ["70001", "70002", "70003"])
def test_a_category_cannot_go_below_itself(above: str) -> None:
    with pytest.raises(Invalid, match="stands below it or is itself"):
        editing.move(category("70001"), above, by=None)


@pytest.mark.usefixtures("home")
def test_a_move_takes_the_branch_along_and_can_be_taken_back() -> None:
    listing = put_listing(selling_vendor(), "70003")
    version = listing.product.version
    act = editing.move(category("70002"), "70006", by=make_user())
    finish()
    assert act is not None
    assert tree.current().path("70003", "fr") == "Jouets > Cuisine > Cafetières"
    assert fresh(listing).product.version > version, "the page's path in the index is another"
    successions.undo(db.session.get_one(CategoryAct, act.id), by=None)
    finish()
    assert tree.current().path("70003", "fr") == "Maison > Cuisine > Cafetières"


@pytest.mark.usefixtures("home")
def test_of_two_people_who_change_one_category_the_second_is_told() -> None:
    editing.rename(editing.opened("70002", 1, by=None), "Cuisine et table", "", by=None)
    finish()
    with pytest.raises(Conflict, match="Someone changed “Cuisine et table” meanwhile"):
        editing.opened("70002", 1, by=None)


@pytest.mark.usefixtures("home")
def test_a_merge_moves_sheets_pages_children_rules_and_decided_words_and_says_so_before() -> None:
    vendor, editor = selling_vendor(), make_user()
    listings = [put_listing(vendor, "70002", f"S{number}") for number in range(3)]
    rates.add(rates.Rate(category="70002", basis_points=800), by=None)
    db.session.add(MappingDecision(vendor_id=vendor.id, topic="category", key="cuisine", value="70002"))
    db.session.commit()
    assert successions.preview(category("70002")) == successions.Preview(3, 3, 2, 1, 1)
    act = successions.merge(category("70002"), "70005", by=editor)
    finish()
    assert {fresh(one).category for one in listings} == {"70005"}
    assert {fresh(one).product.category for one in listings} == {"70005"}
    assert fresh(listings[0]).values["category"] == "70005"
    assert tree.current().path("70003", "fr") == "Maison > Jardin > Cafetières"
    assert [rule.category for rule in rates.in_force()] == ["70005"]
    assert db.session.scalars(sa.select(MappingDecision.value)).one() == "70005"
    assert (act.state, act.moved) == (ActState.DONE, 3)
    assert audit.timeline(category("70002"))[0].verb == "category.merge"


@pytest.mark.usefixtures("home")
def test_what_names_a_merged_category_leads_to_the_one_that_received_it() -> None:
    successions.merge(category("70002"), "70005", by=None)
    finish()
    taxonomy = tree.current().taxonomy
    assert stated_category({"google_product_category": "70002"}, taxonomy, "fr") == "70005"
    assert tree.current().label("70002", "fr") == "Jardin"
    assert "70002" not in taxonomy


@pytest.mark.usefixtures("home")
def test_a_merge_taken_back_puts_back_what_nobody_has_moved_since() -> None:
    vendor = selling_vendor()
    places = {"A": "70002", "B": "70002", "C": "70005"}
    stays, corrected, native = (put_listing(vendor, code, sku) for sku, code in places.items())
    rates.add(rates.Rate(category="70002", basis_points=800), by=None)
    act = successions.merge(category("70002"), "70005", by=None)
    finish()
    fresh(corrected).category = "70006"
    finish()
    successions.undo(db.session.get_one(CategoryAct, act.id), by=None)
    finish()
    assert [fresh(one).category for one in (stays, corrected, native)] == ["70002", "70006", "70005"]
    assert tree.current().path("70003", "fr") == "Maison > Cuisine > Cafetières"
    assert [rule.category for rule in rates.in_force()] == ["70002"]
    assert db.session.get_one(CategoryAct, act.id).state == ActState.UNDONE


@pytest.mark.usefixtures("home")
def test_a_vendor_s_own_rate_of_the_receiving_category_stands() -> None:
    rates.add(rates.Rate(category="70002", basis_points=800), by=None)
    rates.add(rates.Rate(category="70005", basis_points=1500), by=None)
    successions.merge(category("70002"), "70005", by=None)
    finish()
    assert [(rule.category, rule.basis_points) for rule in rates.in_force()] == [("70005", 1500)]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(CommissionRule)) == 2


@pytest.mark.usefixtures("home")
def test_sheets_of_a_category_retired_without_successor_wait_for_an_editor_and_come_back() -> None:
    listing = put_listing(selling_vendor(), "70004")
    act = successions.retire(category("70004"), None, by=None)
    finish()
    found = fresh(listing)
    assert (found.category, found.status) == (None, ListingStatus.TO_REVIEW)
    assert "category" not in found.values
    assert [one["code"] for one in found.issues] == ["1004"]
    successions.undo(db.session.get_one(CategoryAct, act.id), by=None)
    finish()
    found = fresh(listing)
    assert (found.category, found.status, found.issues) == ("70004", ListingStatus.PUBLISHED, [])


@pytest.mark.usefixtures("home")
def test_a_category_with_others_below_is_not_retired_but_merged() -> None:
    with pytest.raises(Invalid, match="2 categories stand below it"):
        successions.retire(category("70002"), "70005", by=None)
    with pytest.raises(Invalid, match="stands below it or is itself"):
        successions.merge(category("70001"), "70003", by=None)


@pytest.mark.usefixtures("home")
def test_a_merge_goes_on_where_a_worker_was_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "TURN", 2)
    vendor = selling_vendor()
    listings = [put_listing(vendor, "70003", f"S{number}") for number in range(5)]
    act = successions.merge(category("70003"), "70004", by=None)
    db.session.commit()
    jobs.drain(limit=1)
    successions.follow_category(act.id)
    db.session.rollback()  # the worker died before its transaction was over
    finish()
    assert {fresh(one).category for one in listings} == {"70004"}
    turns = db.session.scalars(sa.select(CategoryActTurn.listings)).all()
    assert sorted(number for turn in turns for number, _status in turn) == sorted(one.id for one in listings)


@pytest.mark.usefixtures("home")
def test_an_act_that_another_followed_is_not_taken_back() -> None:
    first = editing.rename(category("70004"), "Thé", "", by=None)
    finish()
    editing.rename(category("70004"), "Thés", "", by=None)
    finish()
    assert first is not None
    with pytest.raises(Conflict, match="since"):
        successions.undo(db.session.get_one(CategoryAct, first.id), by=None)


@pytest.mark.usefixtures("home")
def test_every_worker_makes_sheets_with_the_tree_of_now() -> None:
    before = workshop.recipe_of(None, "fr")
    assert workshop.recipe_of(None, "fr") is before
    editing.rename(category("70004"), "Thé", "", by=None)
    finish()
    assert workshop.recipe_of(None, "fr") is not before
