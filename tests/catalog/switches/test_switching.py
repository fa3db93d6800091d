"""A rule switched off and on: where it holds, what is seen before, what becomes of the sheets, killed or not."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from backoffice import jobs
from backoffice.audit import AuditEvent
from backoffice.errors import Conflict, Invalid
from backoffice.extensions import db
from backoffice.permissions import Role
from backoffice.vendors.models import Vendor
from catalog import review, workshop
from catalog.assembly import Recipe, Workshop, make
from catalog.models import Listing
from catalog.sheets import MappedSheet
from catalog.switches import effect, remaking, switching
from catalog.switches.effect import Effect
from catalog.switches.models import RuleSwitch, RunState, SwitchRun
from catalog.switches.scopes import NEEDED, Scope
from tests.factories.accounts import make_user
from tests.factories.catalog import import_rows, listing_of, selling_vendor

pytestmark = pytest.mark.usefixtures("quick_reading")

SHOUTED = {"titre": "CAFETIERE A CAPSULES ESSENZA MINI NOIRE"}
CALM = "Cafetière à capsules Essenza Mini noire"
NOBODY = Effect(0, 0, 0, {}, (), 0, 0)


def _off(scope: Scope, reason: str = "Un essai") -> RuleSwitch:
    run = switching.switch_off(scope, reason, by=make_user(Role.CONTENT_EDITOR), effect=NOBODY)
    db.session.commit()
    jobs.drain()
    return db.session.get_one(RuleSwitch, run.switch_id)


def _title(vendor: Vendor, sku: str = "CAF-1") -> str:
    return listing_of(vendor, sku).title


def test_a_rule_switched_off_for_a_vendor_leaves_its_sheets_alone_and_no_other_vendors(app: Flask) -> None:
    quiet, other = selling_vendor(), selling_vendor()
    for vendor in (quiet, other):
        import_rows(vendor, SHOUTED)
    _off(Scope("title.case", vendor_id=quiet.id))
    assert _title(quiet) == SHOUTED["titre"]
    assert _title(other).startswith("Cafetière")


def test_sheets_that_come_in_later_follow_the_switch_too(app: Flask) -> None:
    vendor = selling_vendor()
    _off(Scope("title.case"))
    import_rows(vendor, SHOUTED)
    assert _title(vendor) == SHOUTED["titre"]


def test_a_category_switch_reaches_the_categories_below_and_leaves_the_rest(app: Flask) -> None:
    vendor = selling_vendor()
    import_rows(
        vendor,
        {**SHOUTED, "sku": "A", "google_product_category": "604"},
        {"sku": "B", "titre": "TABLE BASSE EN CHENE MASSIF", "google_product_category": "436"},
    )
    categories = {sku: listing_of(vendor, sku).category for sku in "AB"}
    assert categories["A"] is not None
    assert categories["A"] != categories["B"]
    _off(Scope("title.case", category=categories["A"]))
    assert _title(vendor, "A") == SHOUTED["titre"]
    assert _title(vendor, "B").startswith("Table basse")


def test_a_switch_for_one_attribute_leaves_the_others(app: Flask) -> None:
    vendor = selling_vendor()
    text = {
        "titre": "<b>Cafetière</b> à capsules",
        "description": "Compacte et <b>simple</b> à nettoyer, avec un réservoir amovible.",
    }
    import_rows(vendor, text)
    _off(Scope("text.html", attribute="description"))
    listing = listing_of(vendor)
    assert listing.values["description"] == text["description"]
    assert "<b>" not in listing.title


def test_lifting_a_switch_lets_the_rule_work_again(app: Flask) -> None:
    vendor = selling_vendor()
    import_rows(vendor, SHOUTED)
    switch = _off(Scope("title.case", vendor_id=vendor.id))
    switching.lift(switch, "Essai fini", by=make_user(), effect=NOBODY)
    db.session.commit()
    jobs.drain()
    assert _title(vendor).startswith("Cafetière")
    verbs = sa.select(AuditEvent.verb, AuditEvent.reason).where(AuditEvent.object_type == "rule_switch")
    assert [tuple(row) for row in db.session.execute(verbs.order_by(AuditEvent.id))] == [
        ("rule.switch_off", "Un essai"),
        ("rule.switch_on", "Essai fini"),
    ]


def test_what_an_editor_corrected_stays(app: Flask) -> None:
    vendor = selling_vendor()
    import_rows(vendor, {**SHOUTED, "marque": "KRUPS"})
    review.correct(listing_of(vendor), "title", "Ma cafetière", by=make_user())
    db.session.commit()
    _off(Scope("title.case"))
    assert _title(vendor) == "Ma cafetière"


def test_the_effect_is_seen_before_and_nothing_is_written(app: Flask) -> None:
    vendor = selling_vendor()
    import_rows(vendor, {**SHOUTED, "sku": "A"}, {"sku": "B"}, {"sku": "C"}, {"sku": "D"})
    before = {one.id: one.version for one in db.session.scalars(sa.select(Listing))}
    seen = effect.of(Scope("title.case", vendor_id=vendor.id))
    assert (seen.in_scope, seen.looked_at, seen.changed) == (4, 4, 1)
    assert seen.values["title"] == 1
    [example] = [one for one in seen.examples if one.attribute == "title"]
    assert example.after == SHOUTED["titre"]
    db.session.expire_all()
    assert {one.id: one.version for one in db.session.scalars(sa.select(Listing))} == before


def test_a_rule_that_only_writes_a_value_in_its_own_form_changes_no_sheet(app: Flask) -> None:
    vendor = selling_vendor()
    import_rows(vendor, {"sku": "A", "couleur": "noir"}, {"sku": "B", "couleur": "Bleu nuit"})
    assert listing_of(vendor, "A").values["color"] == ["noir"]
    seen = effect.of(Scope("color.read", vendor_id=vendor.id))
    assert (seen.looked_at, seen.changed) == (2, 1)
    assert [(one.before, one.after) for one in seen.examples if one.attribute == "color"] == [(["bleu"], "Bleu nuit")]
    _off(Scope("color.read", vendor_id=vendor.id))
    assert listing_of(vendor, "A").values["color"] == "noir"
    assert db.session.scalars(sa.select(SwitchRun)).one().changed == 1


@pytest.mark.parametrize(
    ("changed", "agreed", "refused"),
    [(29, "", False), (31, "", True), (31, "yes", False), (91, "yes", True), (91, "91", False), (91, "40", True)],
)
def test_many_sheets_change_only_for_who_agreed_to_the_figure(
    app: Flask, changed: int, agreed: str, refused: bool
) -> None:
    seen = Effect(100, 100, changed, {}, (), 0, 0)
    if refused:
        with pytest.raises(Invalid, match=str(changed)):
            switching.refuse_unagreed(seen, agreed)
    else:
        switching.refuse_unagreed(seen, agreed)


@pytest.mark.parametrize("rule", sorted(NEEDED))
def test_rules_that_read_what_the_house_computes_on_cannot_be_switched_off(app: Flask, rule: str) -> None:
    with pytest.raises(Invalid):
        switching.switch_off(Scope(rule), "Non", by=None, effect=NOBODY)


def test_a_switch_needs_a_reason_and_stands_once(app: Flask) -> None:
    with pytest.raises(Invalid):
        switching.switch_off(Scope("title.case"), "  ", by=None, effect=NOBODY)
    _off(Scope("title.case"))
    with pytest.raises(Conflict):
        switching.switch_off(Scope("title.case"), "Encore", by=None, effect=NOBODY)


def test_a_turn_done_twice_and_a_turn_out_of_order_change_nothing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remaking, "TURN", 2)
    vendor = selling_vendor()
    import_rows(vendor, *({**SHOUTED, "sku": f"S{number}"} for number in range(5)))
    run = switching.switch_off(Scope("title.case"), "Essai", by=None, effect=NOBODY)
    db.session.commit()
    for _again in range(2):
        remaking.remake_sheets(run.id, 0)
        db.session.commit()
    run = db.session.get_one(SwitchRun, run.id)
    assert (run.done, run.changed, run.state) == (2, 2, RunState.RUNNING)
    jobs.drain()
    run = db.session.get_one(SwitchRun, run.id)
    assert (run.done, run.changed, run.state) == (5, 5, RunState.DONE)
    assert {one.version for one in db.session.scalars(sa.select(Listing))} == {2}


def test_a_run_that_is_cancelled_stops_where_it_is(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remaking, "TURN", 2)
    vendor = selling_vendor()
    import_rows(vendor, *({**SHOUTED, "sku": f"S{number}"} for number in range(5)))
    run = switching.switch_off(Scope("title.case"), "Essai", by=None, effect=NOBODY)
    db.session.commit()
    remaking.remake_sheets(run.id, 0)
    remaking.cancel(run, by=make_user())
    db.session.commit()
    jobs.drain()
    titles = [_title(vendor, f"S{number}") for number in range(5)]
    assert titles.count(SHOUTED["titre"]) == 2
    with pytest.raises(Conflict):
        remaking.cancel(db.session.get_one(SwitchRun, run.id), by=None)


def test_a_recipe_carries_the_switches_to_another_process(app: Flask) -> None:
    vendor = selling_vendor()
    _off(Scope("title.case", vendor_id=vendor.id))
    _off(Scope("text.html", category="604"))
    recipe = workshop.recipe_of(vendor.id, "fr")
    assert Recipe.of_json(recipe.as_json()).off == {"*": ["title.case"], "604": ["text.html"]}
    [made] = make([MappedSheet(2, {"title": SHOUTED["titre"]})], Workshop.of(Recipe.of_json(recipe.as_json())))
    assert made.sheet.values["title"] == SHOUTED["titre"]


def test_without_a_category_switch_every_sheet_is_made_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    from catalog import assembly

    seen: list[int] = []
    real = assembly.harmonize
    monkeypatch.setattr(assembly, "harmonize", lambda sheet, context: seen.append(sheet.row) or real(sheet, context))
    sheet = MappedSheet(2, {"title": "Grille-pain deux fentes", "category": "604"})
    plain = Workshop.default()
    make([sheet], plain.without({"*": ["title.case"]}))
    assert len(seen) == 1
    make([sheet], plain.without({"604": ["title.case"]}))
    assert len(seen) == 3
