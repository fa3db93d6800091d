"""What the demo shows of each feature of the catalogue: made by its people, with a reason, standing where a page shows it."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale

from backoffice import audit
from backoffice.clock import now
from backoffice.demo import people
from backoffice.extensions import db
from backoffice.files import StoredFile
from backoffice.jobs import Job
from backoffice.vendors.models import Vendor
from catalog import demand, options
from catalog.assortment.models import PlannedAct
from catalog.demo import finding
from catalog.desk import opinions, sampling
from catalog.desk.models import BulkAct, BulkDecision, BulkItem, BulkOutcome, BulkState, SecondOpinion
from catalog.feeds.lifecycle import FeedState
from catalog.feeds.models import Feed, FeedFetch
from catalog.lifecycle import ListingStatus
from catalog.models import Import, Listing, MappingVersion, Product
from catalog.rulebook import versions
from catalog.steering.models import RuleKind, SearchRule, SearchSnapshot, SearchSynonym
from catalog.switches.models import RuleSwitch, RuleVerdict, RunState, SwitchRun
from catalog.takeback.traces import Trace, TraceOutcome
from catalog.taxonomies.models import ActKind, ActState, CategoryAct
from tests.journeys.conftest import PASSWORD


def every(model: Any, *where: Any) -> list[Any]:
    return list(db.session.scalars(sa.select(model).where(*where).order_by(*sa.inspect(model).primary_key)))


def test_vendors_have_rules_of_several_verbs_in_versions_with_a_reason_each(demo: Flask) -> None:
    kept = every(MappingVersion)
    assert {version.version for version in kept} == {1, 2}
    assert all(version.reason and version.author_id for version in kept)
    used = [rule for version in kept for rule in versions.usable(version)[0]]
    assert {rule.verb for rule in used} >= {"replace", "split", "unit"}
    assert any(rule.if_empty for rule in used)
    assert all(not versions.usable(version)[1] for version in kept)


def test_a_file_that_came_after_its_vendors_rules_went_through_them(demo: Flask) -> None:
    titles = db.session.scalars(sa.select(Listing.title).where(Listing.sku.like("BDF-%") | Listing.sku.like("ADC-%")))
    assert not [title for title in titles if "NOUVEAU" in title or "| Atelier" in title]
    assert every(Import, Import.mapping_version_id.is_not(None))


def test_feeds_are_shown_and_nothing_was_or_will_be_fetched(demo: Flask) -> None:
    feeds = every(Feed)
    assert {feed.state for feed in feeds} == {FeedState.PAUSED}
    assert len(feeds) == 2
    assert all(".example/" in feed.address for feed in feeds)
    assert not every(FeedFetch)
    assert not every(Job, Job.kind == "catalog.fetch_feed")


def test_a_rule_is_off_for_a_vendor_and_another_for_a_category_and_their_sheets_were_made_again(demo: Flask) -> None:
    switches = every(RuleSwitch)
    assert {(switch.vendor_id is not None, switch.category is not None) for switch in switches} == {
        (True, False), (False, True),
    }  # fmt: skip
    assert all(switch.reason for switch in switches)
    assert all(run.state == RunState.DONE and run.changed for run in every(SwitchRun))


def test_editors_have_seen_what_rules_did_and_taken_some_of_it_back(demo: Flask) -> None:
    assert {verdict.undone for verdict in every(RuleVerdict)} == {True, False}


def test_synonyms_a_boost_and_a_pin_changed_what_searches_show(demo: Flask) -> None:
    synonyms, rules = every(SearchSynonym), every(SearchRule)
    assert {synonym.both_ways for synonym in synonyms} == {True, False}
    assert {rule.kind for rule in rules} == {RuleKind.BOOST_BRAND, RuleKind.PIN}
    assert all(one.reason for one in (*synonyms, *rules))
    assert all(rule.starts_on <= now().date() <= rule.ends_on for rule in rules)
    changed = {one.query for one in every(SearchSnapshot, SearchSnapshot.total_after.is_not(None))}
    assert changed >= {"doudou", "sauteuse", "cafetiere", "plaid"}
    story = demand.of_query("doudou")
    assert 0 < story.empty < story.asked


def test_a_group_was_decided_on_and_a_decision_on_another_taken_back(demo: Flask) -> None:
    decisions = every(BulkDecision)
    assert {(one.act, one.state) for one in decisions} == {
        (BulkAct.ACCEPT, BulkState.DONE), (BulkAct.SEND_BACK, BulkState.UNDONE),
    }  # fmt: skip
    outcomes = {item.outcome for item in every(BulkItem)}
    assert outcomes == {BulkOutcome.LIGHTER, BulkOutcome.DECIDED, BulkOutcome.RESTORED}


def test_a_colleagues_word_was_given_once_and_is_waited_for_once(demo: Flask) -> None:
    editor = people.find(people.EDITOR)
    assert len(every(SecondOpinion, SecondOpinion.answered_at.is_not(None))) == 1
    (waiting,) = db.session.scalars(opinions.asked_of(editor.id)).all()
    assert waiting.status == ListingStatus.TO_REVIEW


def test_the_machines_precision_shows_with_its_interval(demo: Flask) -> None:
    sheets, merges = sampling.of_sheets(), sampling.of_merges()
    assert sheets.seen >= 12
    assert merges.seen >= 6
    for precision in (sheets, merges):
        low, high = precision.interval
        assert low < (precision.share or 0) <= high
    assert sheets.right < sheets.seen


def test_a_shops_export_becomes_products_with_options(demo: Flask) -> None:
    page = db.session.get_one(Product, finding.listing("BDF-1097").product_id)
    choice = options.of_page(page.listings, "fr")
    assert page.title == "T-shirt Essentiel"
    assert choice.names == ["color", "size"]
    assert len(choice.offers) == 9
    shop = db.session.scalars(sa.select(Vendor.id).where(Vendor.code == "brin-de-fil")).one()
    grouped = sa.select(sa.func.count(Listing.product_id.distinct()))
    grouped = grouped.where(Listing.vendor_id == shop, Listing.group_key.is_not(None))
    assert (db.session.scalar(grouped) or 0) > 20


def test_an_import_was_taken_back_and_each_of_its_sheets_is_as_before(demo: Flask) -> None:
    (run,) = every(Import, Import.taken_back_at.is_not(None))
    traces = every(Trace, Trace.import_id == run.id)
    assert {trace.outcome for trace in traces} == {TraceOutcome.RESTORED}
    assert db.session.get_one(StoredFile, run.file_id).name == "articles_netto.jsonl"


def test_a_plan_was_carried_out_and_others_are_to_come(demo: Flask) -> None:
    done = every(PlannedAct, PlannedAct.done_at.is_not(None))
    assert [(one.refusal, one.listing.status) for one in done] == [("", ListingStatus.WITHDRAWN)]
    assert all(one.due_at > now() for one in every(PlannedAct, PlannedAct.done_at.is_(None)))
    assert len(every(PlannedAct)) == 3


def test_the_tree_was_changed_and_a_merge_of_categories_taken_back(demo: Flask) -> None:
    acts = {(act.kind, act.state) for act in every(CategoryAct)}
    assert acts == {(ActKind.RENAME, ActState.DONE), (ActKind.ADD, ActState.DONE), (ActKind.MERGE, ActState.UNDONE)}
    (merge,) = every(CategoryAct, CategoryAct.kind == ActKind.MERGE)
    assert merge.listings > 0
    assert len(every(Listing, Listing.category == merge.category.code)) == merge.listings


def test_checks_of_quality_are_set_aside_with_their_reason(demo: Flask) -> None:
    aside = [listing for listing in every(Listing) if listing.set_aside]
    assert len(aside) == 2
    assert all(entry["reason"] and entry["by"] for listing in aside for entry in listing.set_aside.values())


def test_the_history_of_a_plan_and_of_a_check_speaks_no_code(demo: Flask) -> None:
    for sku in ("BDF-1133", "KST-9006"):
        for entry in audit.timeline(finding.listing(sku)):
            said = [str(part) for detail in entry.details for part in detail if part is not None]
            assert not [part for part in said if "_" in part or "T0" in part or part in ("withdraw", "restore")]


def test_the_history_of_a_switch_says_where_it_stands_in_words(demo: Flask) -> None:
    with force_locale("fr"):
        said = [audit.timeline(switch)[0].details[0][1:] for switch in every(RuleSwitch)]
    assert said == [("activée", "désactivée")] * 2


@pytest.fixture
def editor(loaded: tuple[Flask, str]) -> FlaskClient:
    browser = loaded[0].test_client()
    assert browser.post("/login", data={"email": people.EDITOR, "password": PASSWORD}).status_code == 302
    return browser


@pytest.mark.parametrize(
    "path",
    [
        "/mappings", "/vendors/1/mapping", "/vendors/1/mapping/versions", "/feeds", "/feeds/1", "/rules",
        "/rules/pack.found", "/steering/queries", "/steering/queries/story?q=doudou", "/steering/rules",
        "/steering/synonyms", "/review/groups", "/review/bulk/3", "/review/audit", "/duplicates/audit",
        "/review?tab=asked", "/categories/history", "/imports/7/taken-back", "/assortment",
    ],
)  # fmt: skip
def test_the_pages_of_the_features_open(editor: FlaskClient, path: str) -> None:
    assert editor.get(path, follow_redirects=True).status_code == 200
