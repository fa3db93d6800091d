"""A night's learning goes live only where it is better; one click goes back; the threshold is a person's choice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from backoffice import jobs, settings
from backoffice.clock import now
from backoffice.errors import Conflict
from backoffice.extensions import db
from catalog import tree, workshop
from catalog.categories import Suggester, train
from catalog.lifecycle import ListingStatus
from catalog.models import Listing, Product
from catalog.taxonomies import learning, shelf, successions, threshold
from catalog.taxonomies.editing import find
from catalog.taxonomies.models import CategoryModel
from tests.factories.accounts import make_user
from tests.factories.catalog import selling_vendor
from tests.factories.taxonomies import small_tree

# Words that no category's name holds: only learning can tell whose they are.
WORDS = {"70003": ("expresso", "mouture"), "70004": ("infusion", "samovar"), "70005": ("tuteur", "terreau")}


@pytest.fixture(autouse=True)
def shop(app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setitem(app.config, "DATA_FOLDER", tmp_path)
    monkeypatch.setattr(learning, "ENOUGH", 100)
    small_tree()
    yield
    app.extensions.pop("recipes", None)


def fill(count: int = 150, **values: Any) -> None:
    """Put sheets into the three categories as vendors stated them."""
    vendor = selling_vendor()
    page = Product(title="Page")
    db.session.add(page)
    db.session.flush()
    rows = []
    for number in range(count):
        code = sorted(WORDS)[number % 3]
        first, second = WORDS[code]
        title = f"{first} {second} modèle {number}"
        rows.append({
            "vendor_id": vendor.id, "sku": f"S{number}", "product_id": page.id, "status": ListingStatus.PUBLISHED,
            "content_hash": "", "mapped": {"title": title, "google_product_category": code},
            "values": {"title": title, "category": code}, "title": title, "category": code,
            "created_at": now(), "updated_at": now(), **values,
        })  # fmt: skip
    db.session.execute(sa.insert(Listing), rows)
    db.session.commit()


def learned() -> CategoryModel:
    note = learning.learn()
    db.session.commit()
    return note


def suggested() -> list[Any]:
    return workshop.of_vendor(None, "fr").suggester.suggest([{"title": "Samovar infusion russe"}])[0]


def test_a_better_model_goes_live_with_both_figures_on_its_card() -> None:
    fill()
    before = suggested()
    note = learned()
    assert note.verdict == "live"
    assert note.figures["top1"]["new"] > note.figures["top1"]["present"]
    assert note.sheets + note.kept_aside == 150
    assert suggested()[0].id == "70004"
    assert not before or before[0].id != "70004"
    folder = shelf.live()
    assert folder is not None
    assert Suggester.load(folder).card["top1"] == note.figures["top1"]


def test_a_model_that_is_not_better_stays_beside() -> None:
    fill()
    first = learned()
    live = shelf.live()
    second = learned()
    assert (second.verdict, second.folder) == ("worse", "")
    assert shelf.live() == live
    assert second.figures["top1"]["present"] == first.figures["top1"]["new"]


def test_too_few_decided_sheets_teach_nothing() -> None:
    fill(99)
    assert learned().verdict == "few"
    assert shelf.live() is None


def test_what_the_machine_gave_by_itself_is_not_learned_from() -> None:
    fill(mapped={"title": "Sans catégorie"})
    assert list(learning.decided()) == []
    editor = make_user()
    db.session.execute(sa.update(Listing).where(Listing.sku == "S1").values(reviewed_by_id=editor.id))
    corrected = {"category": {"text": "70004", "mapped": None}}
    db.session.execute(sa.update(Listing).where(Listing.sku == "S2").values(corrections=corrected))
    assert [key.rpartition(":")[2] for key, _values, _category in learning.decided()] == ["S1", "S2"]


def test_a_person_goes_back_to_a_former_model_and_only_to_one_that_is_kept() -> None:
    fill()
    note = learned()
    settings.put(shelf.KEY, "", by=None)
    db.session.commit()
    assert shelf.live() is None
    learning.go_back(note, by=make_user())
    db.session.commit()
    assert shelf.live() == shelf.root() / note.folder
    with pytest.raises(Conflict):
        learning.go_back(CategoryModel(folder="20200101-000000"), by=None)


def test_killed_while_it_writes_the_live_model_stands_and_the_rest_is_swept_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fill()

    def killed(_self: Suggester, folder: Path) -> None:
        (folder / "model.npz").write_bytes(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(Suggester, "save", killed)
    with pytest.raises(KeyboardInterrupt):
        learning.learn()
    db.session.rollback()
    monkeypatch.undo()
    assert shelf.live() is None
    shelf.clear({"kept"})
    assert not list(shelf.root().iterdir()) if shelf.root().exists() else True


def test_the_night_s_job_learns_once_and_can_be_asked_for() -> None:
    fill()
    learning.ask(by=None)
    learning.ask(by=None)
    db.session.commit()
    jobs.drain()
    assert [note.verdict for note in learning.notes()] == ["live"]


def test_a_learned_category_that_was_merged_is_suggested_as_the_one_that_received_it() -> None:
    fill()
    learned()
    successions.merge(find("70004"), "70003", by=None)
    db.session.commit()
    jobs.drain()
    tree.forget()
    assert [one.id for one in suggested()][:1] == ["70003"]


def test_the_threshold_is_the_configured_one_until_a_person_sets_it(app: Flask) -> None:
    assert threshold.accept() == app.config["CATEGORY_ACCEPT"]
    threshold.set_accept("0.85", by=make_user())
    db.session.commit()
    assert threshold.accept() == 0.85
    assert workshop.recipe_of(None, "fr").category_accept == 0.85
    assert [entry.changes["CATEGORY_ACCEPT"] for entry in settings.history(threshold.KEY)] == [[0.7, 0.85]]
    for wrong in ("1.2", "-0.1", "much"):
        with pytest.raises(ValueError):
            threshold.set_accept(wrong, by=None)


def test_the_effect_of_a_threshold_is_read_from_the_sheets_kept_aside() -> None:
    curve = [threshold.Effect(0.9, 0.2, 1.0), threshold.Effect(0.7, 0.6, 0.95), threshold.Effect(0.1, 1.0, 0.8)]
    found = [threshold.effect_at(curve, share) for share in (0.95, 0.8, 0.7, 0.0)]
    assert [(one.placed, one.right) for one in found if one] == [(0.0, 1.0), (0.2, 1.0), (0.6, 0.95), (1.0, 0.8)]
    assert threshold.effect_at([], 0.5) is None


def test_sixty_sheets_are_the_least_that_can_be_learned_at_all() -> None:
    with pytest.raises(ValueError, match="at least 60"):
        train([({"title": "a"}, "1"), ({"title": "b"}, "2")])


def test_a_night_learns_a_category_without_a_sheet_by_its_name() -> None:
    fill()
    teapots = sa.delete(Listing).where(Listing.category == "70004")
    db.session.execute(teapots)
    db.session.commit()
    note = learned()
    model = Suggester.load(shelf.root() / note.folder).learned
    assert note.categories == 2
    assert model is not None
    assert "70004" in model.classes
