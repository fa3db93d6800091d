"""Missing keywords over all sheets: weighed, judged for trademarks, decided together, taken back."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from backoffice import jobs
from backoffice.errors import Invalid
from backoffice.extensions import db
from backoffice.permissions import Role
from catalog import demand, review, searching
from catalog.gap_words import ADDED, MISSING_BRAND, MISSING_COMPATIBILITY, MISSING_NOUN
from catalog.gaps import deciding, trademarks, weighing
from catalog.gaps.models import GapBatch, OpenGap
from catalog.gaps.trademarks import Standing
from catalog.models import Listing
from catalog.search import sync
from catalog.search.queries import Query
from tests.factories.accounts import login, make_user
from tests.factories.catalog import SHEET, import_rows, listing_of, selling_vendor

pytestmark = pytest.mark.usefixtures("quick_reading")

CAPSULES = {
    "sku": "CAP", "titre": "Capsules de café bio lot de 50", "marque": "Moka Bleu",
    "description": "Cinquante capsules de café, compatibles avec les machines Nespresso.",
}  # fmt: skip
LAMP = {"sku": "LAM", "titre": "Modèle articulé noir", "marque": "Lumio", "description": "Modèle articulé noir, 40 cm."}


@pytest.fixture
def vendor(app: Flask) -> Any:
    """A vendor whose capsules do not say in the title what they fit, and whose lamp does not name its brand."""
    demand.count("capsules nespresso", found=0, times=12)
    db.session.commit()
    found = selling_vendor()
    import_rows(found, CAPSULES, LAMP)
    return found


def gaps() -> dict[str, OpenGap]:
    return {gap.term: gap for gap in db.session.scalars(sa.select(OpenGap))}


@pytest.mark.parametrize(
    ("term", "kind", "values", "standing"),
    [
        ("cafetière", MISSING_NOUN, {"title": "Modèle 12 tasses"}, Standing.FREE),
        ("Krups", MISSING_BRAND, {"title": "Cafetière", "brand": "Krups"}, Standing.OWN_BRAND),
        ("Nespresso", MISSING_COMPATIBILITY,
         {"title": "Capsules", "brand": "Moka", "description": "compatibles avec Nespresso"}, Standing.FITS),
        ("Nespresso", ADDED, {"title": "Capsules", "compatible_with": ["Nespresso"]}, Standing.FITS),
        ("Nespresso", ADDED, {"title": "Capsules de café", "brand": "Moka"}, Standing.FOREIGN),
        ("capsules Nespresso", ADDED, {"title": "Capsules pour Senseo"}, Standing.CONTRADICTS),
        ("Nespresso / Tassimo", "contradictory_term", {"title": "Nespresso"}, Standing.CONTRADICTS),
        ("perceuse Bosch", ADDED, {"title": "Perceuse", "brand": "Makita"}, Standing.FOREIGN),
        ("perceuse Bosch", ADDED, {"title": "Perceuse", "brand": "Bosch"}, Standing.OWN_BRAND),
    ],
)  # fmt: skip
def test_a_word_is_judged_by_whose_name_it_is(term: str, kind: str, values: dict[str, Any], standing: Standing) -> None:
    judged = trademarks.judge(term, kind, values)
    assert judged.standing == standing
    assert judged.why("fr") != judged.why("en")


def test_open_gaps_are_weighed_by_what_customers_search(vendor: Any) -> None:
    found = gaps()
    assert found["Nespresso"].volume == 12
    assert found["Lumio"].volume == 0
    demand.count("lampe lumio", found=3, times=4)
    db.session.commit()
    weighing.weigh_gaps()
    db.session.commit()
    assert gaps()["Lumio"].volume == 4


def test_gaps_are_weighed_in_turns_and_those_that_are_settled_leave_the_copy(
    vendor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {term: gap.volume for term, gap in gaps().items()}
    monkeypatch.setattr(weighing, "TURN", 1)
    settled = db.session.get_one(Listing, gaps()["Lumio"].listing_id)
    settled.keywords = [{**one, "state": "refused"} for one in settled.keywords]
    db.session.execute(sa.delete(OpenGap).where(OpenGap.term == "Nespresso"))
    jobs.enqueue("catalog.weigh_gaps")
    db.session.commit()
    jobs.drain()
    assert {term: gap.volume for term, gap in gaps().items()} == {
        term: volume for term, volume in before.items() if term != "Lumio"
    }


def test_a_batch_passes_a_trademark_over_and_says_why_and_alone_it_is_taken(vendor: Any) -> None:
    ids = [gap.id for gap in gaps().values()]
    done = deciding.decide(ids, deciding.ACCEPTED, by=None, reader="en")
    assert dict(done.passed).keys() == {"Nespresso"}
    assert "compatible with" in dict(done.passed)["Nespresso"]
    (left,) = gaps().values()
    alone = deciding.decide([left.id], deciding.ACCEPTED, by=None, reader="en")
    assert alone.batch is not None
    db.session.commit()
    sync.drain()
    _query, results = searching.search(Query("capsules nespresso"))
    assert [hit.title for hit in results.hits] == [listing_of(vendor, "CAP").title]
    assert listing_of(vendor, "CAP").brand != "Nespresso"


def test_decisions_are_taken_back_but_for_what_was_decided_since(vendor: Any) -> None:
    ids = [gap.id for gap in gaps().values()]
    with pytest.raises(Invalid):
        deciding.decide(ids, deciding.REFUSED, by=None, reader="en")
    batch = deciding.decide(ids, deciding.REFUSED, by=None, reader="en", reason="not here").batch
    assert batch is not None
    assert gaps() == {}
    review.settle_keyword(listing_of(vendor, "LAM"), "Lumio", "accepted", by=None)
    assert deciding.undo(batch, by=None) == len(ids) - 1
    assert "Nespresso" in gaps()
    assert "Lumio" not in gaps()


def test_a_refusal_outlives_the_vendors_next_file(vendor: Any) -> None:
    deciding.decide([gaps()["Nespresso"].id], deciding.REFUSED, by=None, reader="en", reason="Pas pour ce lot")
    db.session.commit()
    import_rows(vendor, {**CAPSULES, "prix": "9,90 €"})
    (kept,) = [one for one in listing_of(vendor, "CAP").keywords if one["term"] == "Nespresso"]
    assert (kept["state"], kept["reason"]) == ("refused", "Pas pour ce lot")


def test_a_word_that_an_editor_added_outlives_a_correction(vendor: Any) -> None:
    listing = listing_of(vendor, "LAM")
    review.add_keyword(listing, "lampe d'architecte", by=None)
    review.correct(listing, "color", "noir", by=None)
    assert ("lampe d'architecte", "accepted") in [(one["term"], one["state"]) for one in listing.keywords]
    with pytest.raises(Invalid):
        review.add_keyword(listing, "lampe Nespresso", by=None)


def test_editors_decide_on_the_page_and_take_it_back(vendor: Any, app: Flask) -> None:
    browser = login(app, make_user(Role.CONTENT_EDITOR))
    page = browser.get("/keywords").text
    assert page.index("Nespresso") < page.index("Lumio")
    assert "another&#39;s trademark" in page
    assert "Lumio" not in browser.get("/keywords?volume=10").text
    assert "Nespresso" not in browser.get("/keywords?kind=missing_brand_in_title").text
    assert "Nespresso" in browser.get("/keywords/list.csv").text
    form = {"selected": str(gaps()["Nespresso"].id), "action": "accept"}
    done = browser.post("/keywords/decide", data=form, follow_redirects=True).text
    assert "1 keyword taken" in done
    assert "Take back" in done
    batch = db.session.scalars(sa.select(GapBatch.id)).one()
    assert "1 decision taken back" in browser.post(f"/keywords/batches/{batch}/undo", follow_redirects=True).text
    assert "Nespresso" in gaps()
    settled = {"locale": "fr", "term": "Nespresso", "means": "capsules", "gap": str(gaps()["Nespresso"].id)}
    browser.post("/steering/synonyms", data=settled)
    assert "Nespresso" not in gaps()


def test_a_vendor_reads_the_words_its_own_sheets_lack(vendor: Any, app: Flask) -> None:
    import_rows(selling_vendor(), {**SHEET, **CAPSULES, "titre": "Capsules de café doux"})
    page = login(app, make_user(Role.VENDOR_USER, vendor_id=vendor.id)).get("/my-keywords").text
    assert "Nespresso" in page
    assert "Capsules de café doux" not in page


def test_from_a_search_without_results_to_a_found_product(vendor: Any, app: Flask) -> None:
    browser = login(app, make_user(Role.CONTENT_EDITOR))
    demand.count("lampe architecte lumio", found=0)
    db.session.commit()
    story = browser.get("/steering/queries/story?q=lampe architecte lumio").text
    assert "What may have been meant" in story
    listing = listing_of(vendor, "LAM")
    form = {"listing": str(listing.id), "term": "lampe architecte lumio"}
    answer = browser.post("/steering/queries/keyword", data=form, follow_redirects=True).text
    assert "will be found by" in answer
    sync.drain()
    assert [hit.id for hit in searching.search(Query("lampe architecte lumio"))[1].hits] == [listing.product_id]
    from catalog.steering import snapshots

    snapshots.finish_snapshots()
    db.session.commit()
    assert "Missing keyword taken" in browser.get("/steering/queries/story?q=lampe architecte lumio").text
