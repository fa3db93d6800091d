"""A vendor's mapping as it is kept: versions, the dictionary of all vendors, suggestions, rules in a run, replay."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from backoffice import jobs
from backoffice.audit import AuditEvent
from backoffice.errors import Conflict, Invalid
from backoffice.extensions import db
from backoffice.vendors.models import Vendor
from catalog import pipeline, uploads, workshop
from catalog.lifecycle import ListingStatus
from catalog.models import Category, Import, ImportStatus, Listing, MappingVersion
from catalog.rulebook import decisions, replays, suggestions, trials, versions
from tests.factories.catalog import SHEET, csv_of, import_bytes, import_rows, listing_of, selling_vendor

NO_COLUMNS: dict[str, str | None] = {}


@pytest.fixture
def vendor(app: Flask) -> Vendor:
    """A vendor who may sell."""
    return selling_vendor()


def _save(vendor: Vendor, rules: str = "", columns: dict[str, str | None] | None = None) -> MappingVersion | None:
    standing = versions.newest(vendor.id)
    given = columns if columns is not None else standing.columns if standing else {}
    saved = versions.save(vendor.id, base=standing.version if standing else 0, columns=given, rules=rules, by=None)
    db.session.commit()
    return saved


# ---- versions -------------------------------------------------------------------------------------------------------


def test_a_version_is_added_and_the_earlier_one_stays(vendor: Vendor) -> None:
    first = _save(vendor, 'marque: copier "Fabricant"')
    second = _save(vendor, 'marque: copier "Fabricant"\ntitle: replace "*" with ""')
    assert first is not None
    assert second is not None
    assert (first.version, first.rules) == (1, ['brand: copy "Fabricant"'])
    assert versions.difference(first, second).added == ['title: replace "*" with ""']
    assert db.session.scalars(sa.select(AuditEvent.verb)).all() == ["mapping.change"] * 2


def test_saving_what_stands_already_makes_no_version(vendor: Vendor) -> None:
    _save(vendor, 'brand: copy "Fabricant"')
    assert _save(vendor, "marque: copier « Fabricant »") is None


def test_of_two_who_save_at_once_the_second_is_told_and_nothing_is_lost(vendor: Vendor) -> None:
    _save(vendor, 'brand: copy "A"')
    versions.save(vendor.id, base=1, columns={}, rules='brand: copy "B"', by=None)
    with pytest.raises(Conflict, match="version 2"):
        versions.save(vendor.id, base=1, columns={}, rules='brand: copy "C"', by=None)
    db.session.commit()
    kept = [one.rules for one in db.session.scalars(sa.select(MappingVersion).order_by(MappingVersion.version))]
    assert kept == [['brand: copy "A"'], ['brand: copy "B"']]


def test_going_back_makes_a_new_version_with_its_reason(vendor: Vendor) -> None:
    first = _save(vendor, 'brand: copy "A"', {"Nom": "title"})
    _save(vendor, "", {})
    assert first is not None
    again = versions.revert(vendor.id, first, base=2, by=None)
    assert again is not None
    assert (again.version, again.rules, again.columns) == (3, first.rules, {"Nom": "title"})
    assert again.reason == "Back to version 1"


@pytest.mark.parametrize("rules", ['titel: copy "A"', "title: copy", 'category: lookup "a" -> "nowhere"'])
def test_a_rule_that_cannot_be_followed_is_not_saved(vendor: Vendor, rules: str) -> None:
    with pytest.raises(Invalid, match="cannot be followed"):
        _save(vendor, rules)
    with pytest.raises(Invalid, match="no attribute"):
        _save(vendor, "", {"Nom": "titel"})


def test_a_word_decided_again_loses_its_earlier_value(vendor: Vendor) -> None:
    _save(vendor, '# colours\ncolor: lookup "Bleu nuit" -> "bleu", "Encre" -> "noir"')
    versions.decide(vendor.id, {("color", "bleu NUIT"): "noir"}, by=None, base=1)
    standing = versions.newest(vendor.id)
    assert standing is not None
    assert standing.rules == ["# colours", 'color: lookup "Encre" -> "noir"', 'color: lookup "bleu NUIT" -> "noir"']


def test_a_version_with_the_same_rules_in_another_order_is_told_apart(vendor: Vendor) -> None:
    first = _save(vendor, 'title: replace "a" with "b"\ntitle: replace "b" with "c"')
    second = _save(vendor, 'title: replace "b" with "c"\ntitle: replace "a" with "b"')
    assert second is not None
    found = versions.difference(first, second)
    assert (found.added, found.removed, found.moved) == ([], [], True)


# ---- the dictionary -------------------------------------------------------------------------------------------------


def test_what_other_vendors_decided_is_counted_and_names_nobody(vendor: Vendor) -> None:
    for name in ("Astre Paris", "Boréal"):
        _save(selling_vendor(name=name), 'color: lookup "Outremer profond" -> "bleu"', {"Intitulé maison": "title"})
    found = decisions.votes("color", ["outremer profond", "autre"], vendor.id)
    assert found == {"outremer profond": {"bleu": 2}}
    assert decisions.headers(vendor.id) == {"Intitulé maison": {"title": 2}}


def test_one_other_vendor_alone_is_no_evidence(vendor: Vendor) -> None:
    _save(selling_vendor(), 'color: lookup "Outremer profond" -> "bleu"')
    assert decisions.votes("color", ["outremer profond"], vendor.id) == {}


def test_a_decision_counts_as_the_newest_version_has_it(vendor: Vendor) -> None:
    others = [selling_vendor(), selling_vendor()]
    for other in others:
        _save(other, 'color: lookup "Outremer profond" -> "noir"')
        _save(other, 'color: lookup "Outremer profond" -> "bleu"')
    assert decisions.votes("color", ["outremer profond"], vendor.id) == {"outremer profond": {"bleu": 2}}


def test_the_next_vendor_is_proposed_what_others_decided_with_the_reason(vendor: Vendor) -> None:
    for _number in range(3):
        _save(selling_vendor(), "", {"ZZ-9": "material"})
    run = uploads.upload(vendor, io.BytesIO(csv_of([{**SHEET, "ZZ-9": "coton"}])), "a.csv", by=None)
    column = next(one for one in uploads.preview_for(run).columns if one.header == "ZZ-9")
    assert column.attribute == "material"
    assert "3 decisions of other vendors" in column.reason("en")


# ---- suggestions ----------------------------------------------------------------------------------------------------


def _asked(
    vendor: Vendor, words: dict[str, list[tuple[str, int]]], rules: str = ""
) -> dict[str, suggestions.Suggestion]:
    if rules:
        _save(vendor, rules)
    decided = versions.read_of(versions.newest(vendor.id)).rules
    found = suggestions.suggest(words, decided, workshop.of_vendor(vendor.id, "fr"), vendor.id)
    return {one.word: one for one in found}


def test_only_words_that_are_not_understood_are_asked_about(vendor: Vendor) -> None:
    asked = _asked(vendor, {"color": [("Bleu nuit", 9), ("Blleu", 3), ("Xyzzy", 2)], "condition": [("neuf", 4)]})
    assert list(asked) == ["Blleu", "Xyzzy"]
    assert (asked["Blleu"].value, asked["Blleu"].reason("en")) == ("bleu", "Resembles “bleu”.")
    assert (asked["Xyzzy"].value, asked["Xyzzy"].confidence) == ("", 0.0)


def test_what_others_decided_comes_before_a_likeness(vendor: Vendor) -> None:
    for _number in range(2):
        _save(selling_vendor(), 'color: lookup "Blleu" -> "vert"')
    one = _asked(vendor, {"color": [("Blleu", 3)]})["Blleu"]
    assert (one.value, one.reason("fr")) == ("vert", "2 autres vendeurs ont décidé ainsi (100 %).")
    assert one.sure


def test_a_word_that_was_decided_is_not_asked_about_again(vendor: Vendor) -> None:
    assert _asked(vendor, {"color": [("Xyzzy", 2)]}, 'color: lookup "xyzzy" -> "bleu"') == {}


def test_a_vendors_category_is_proposed_by_its_words_and_asked_about_once(vendor: Vendor) -> None:
    words = {"product_type": [("Maison > Luminaires > Lampes de bureau", 12)]}
    one = _asked(vendor, words)["Maison > Luminaires > Lampes de bureau"]
    assert one.target == "category"
    if one.value:
        assert one.value in workshop.of_vendor(vendor.id, "fr").taxonomy
    assert _asked(vendor, words, 'category: lookup "Maison > Luminaires > Lampes de bureau" -> "736"') == {}


def test_the_words_of_a_whole_file_are_kept_with_its_import(vendor: Vendor) -> None:
    run = import_rows(vendor, *({"sku": f"A-{number}", "couleur": "Xyzzy"} for number in range(3)))
    assert trials.words_of(run, None)["color"] == [("Xyzzy", 3)]


# ---- rules in a run -------------------------------------------------------------------------------------------------


def test_an_import_follows_the_vendors_rules(vendor: Vendor) -> None:
    _save(vendor, 'title: replace "Essenza " with ""\ncolor: lookup "Xyzzy" -> "bleu"\ncategory: lookup "Caf" -> "736"')
    run = import_rows(vendor, {"couleur": "Xyzzy", "rayon": "Caf"})
    listing = listing_of(vendor)
    assert "Essenza" not in listing.title
    assert listing.values["color"] == ["bleu"]
    assert listing.category == "736"
    assert run.mapping_version is not None
    assert run.mapping_version.version == 1


def test_a_rule_whose_column_the_file_lacks_leaves_the_value(vendor: Vendor) -> None:
    _save(vendor, 'brand: copy "Absente"\ntitle: join "Absente" "titre"')
    import_rows(vendor)
    assert listing_of(vendor).brand == "Krups"
    assert "Cafetière" in listing_of(vendor).title


def test_a_mapping_that_points_at_what_was_removed_is_told_and_does_no_harm(vendor: Vendor) -> None:
    gone = MappingVersion(
        vendor_id=vendor.id,
        version=1,
        columns={"titre": "title", "stock": "gone_attribute"},
        rules=['gone_attribute: copy "stock"', 'category: lookup "a" -> "gone"', 'brand: constant "Lumio"'],
    )
    db.session.add(gone)
    db.session.commit()
    rules, faults = versions.usable(gone)
    assert [rule.target for rule in rules] == ["brand"]
    assert [fault.line for fault in faults] == [1, 2]
    run = import_rows(vendor)
    assert run.status == ImportStatus.DONE
    assert listing_of(vendor).brand == "Lumio"


def test_columns_decided_at_the_start_of_an_import_keep_the_rules(vendor: Vendor) -> None:
    _save(vendor, 'brand: constant "Lumio"', {"titre": "title"})
    versions.remember(vendor.id, {"stock": None}, by=None, reason="")
    standing = versions.newest(vendor.id)
    assert standing is not None
    assert (standing.columns, standing.rules) == ({"titre": "title", "stock": None}, ['brand: constant "Lumio"'])


# ---- seen before it runs, and replay ----------------------------------------------------------------------------------


def test_a_run_that_was_asked_to_counts_first_and_writes_nothing(vendor: Vendor) -> None:
    import_rows(vendor, {}, {"sku": "CAF-2"})
    rows = ({"prix": "5,00 €"}, {"sku": "CAF-2"}, {"sku": "CAF-3"}, {"sku": "CAF-3", "titre": "Une autre"})
    run = import_rows(vendor, *rows, ask_first=True)
    assert run.status == ImportStatus.AWAITING_CONFIRMATION
    assert run.forecast == {"new": 1, "changed": 1, "unchanged": 1, "repeated": 1, "withdrawn": 0}
    assert listing_of(vendor).price_minor == 8990
    pipeline.proceed(run)
    db.session.commit()
    jobs.drain()
    assert listing_of(vendor).price_minor == 500


@pytest.mark.parametrize(("clear", "emptied"), [(True, 1), (False, 0)])
def test_what_empty_cells_will_clear_is_counted_before(vendor: Vendor, clear: bool, emptied: int) -> None:
    import_rows(vendor, {"couleur": "noir"})
    run = import_rows(vendor, {"couleur": "", "prix": "5,00 €"}, ask_first=True, clear_empty=clear)
    found = {one["attribute"]: one["emptied"] for one in db.session.get_one(trials.ImportStudy, run.id).differences}
    assert found == {"price": 0} | ({"color": emptied} if clear else {})


def test_an_earlier_file_read_again_shows_before_and_after_then_is_applied(vendor: Vendor) -> None:
    run = import_rows(vendor, {"couleur": "Xyzzy"}, {"sku": "CAF-2", "couleur": "noir"})
    assert listing_of(vendor).values.get("color") != ["bleu"]
    _save(vendor, 'color: lookup "Xyzzy" -> "bleu"')
    again = replays.replay(run, by=None)
    db.session.commit()
    jobs.drain()
    again = db.session.get_one(Import, again.id)
    assert again.status == ImportStatus.AWAITING_CONFIRMATION
    assert again.forecast == {"new": 0, "changed": 1, "unchanged": 1, "repeated": 0, "withdrawn": 0}
    study = db.session.get_one(trials.ImportStudy, again.id)
    assert study.differences == [{"attribute": "color", "changed": 1, "emptied": 0, "examples": [[2, "Xyzzy", "bleu"]]}]
    pipeline.proceed(again)
    db.session.commit()
    jobs.drain()
    assert listing_of(vendor).values["color"] == ["bleu"]
    assert db.session.get_one(Import, again.id).lines_unchanged == 1


def test_a_replay_is_told_how_many_files_came_after_it(vendor: Vendor) -> None:
    first = import_rows(vendor)
    import_rows(vendor, {"prix": "5,00 €"})
    assert replays.later(first.id, vendor.id) == 1


def test_a_file_that_was_never_read_cannot_be_read_again(vendor: Vendor) -> None:
    run = import_bytes(vendor, b"")
    with pytest.raises(Conflict):
        replays.replay(run, by=None)


def test_the_command_makes_sheets_by_a_vendors_mapping(vendor: Vendor, app: Flask, tmp_path: Path) -> None:
    _save(vendor, 'title: constant "Tout autre chose"')
    path = tmp_path / "a.csv"
    path.write_bytes(csv_of([SHEET]))
    done = app.test_cli_runner().invoke(args=["catalog", "harmonize", str(path), "--vendor", vendor.code])
    assert json.loads(done.output.splitlines()[-1])["mapped"]["title"] == "Tout autre chose"
    unknown = app.test_cli_runner().invoke(args=["catalog", "harmonize", str(path), "--vendor", "nobody"])
    assert unknown.exit_code == 2


def test_a_category_that_was_loaded_is_a_target_for_rules(vendor: Vendor) -> None:
    db.session.add_all([Category(code="C-1", label_fr="Cafetières", label_en="Coffee makers")])
    db.session.commit()
    _save(vendor, 'category: lookup "Caf" -> "C-1"')
    import_rows(vendor, {"rayon": "Caf"})
    assert listing_of(vendor).category == "C-1"
    assert listing_of(vendor).status in set(ListingStatus)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Listing)) == 1
