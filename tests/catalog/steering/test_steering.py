"""Synonyms, boosts and pins over a real index: what they do, when they hold, what they never do."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from backoffice.clock import now
from backoffice.errors import Invalid
from backoffice.extensions import db
from backoffice.permissions import Role
from catalog import demand, searching
from catalog.models import Product
from catalog.search.queries import Query, Synonym
from catalog.steering import active, files, keeping, previewing
from catalog.steering.active import Rule
from catalog.steering.models import Cause, RuleKind, SearchRule, SearchSnapshot, SearchSynonym
from catalog.steering.previewing import Mark
from tests.factories.accounts import login, make_user
from tests.factories.catalog import import_rows, selling_vendor

pytestmark = pytest.mark.usefixtures("quick_reading")

TITLES = {
    "R1": ("Réfrigérateur combiné 300 L blanc", "Bosch"),
    "R2": ("Réfrigérateur table top 110 L", "Beko"),
    "R3": ("Mini réfrigérateur de bureau", "Klarstein"),
    "T1": ("Théière en fonte rouge", "Staub"),
}


@pytest.fixture
def shop(app: Flask) -> dict[str, int]:
    """Four published products by their short names."""
    rows = [
        {"sku": sku, "titre": title, "description": f"{title}.", "marque": brand, "couleur": ""}
        for sku, (title, brand) in TITLES.items()
    ]
    import_rows(selling_vendor(), *rows)
    titles = {title: number for number, title in db.session.execute(sa.select(Product.id, Product.title))}
    return {sku: next(number for said, number in titles.items() if title in said) for sku, (title, _) in TITLES.items()}


def found(text: str) -> list[int]:
    return [hit.id for hit in searching.search(Query(text))[1].hits]


def test_a_synonym_finds_what_no_sheet_says_and_ends_at_once(shop: dict[str, int]) -> None:
    assert found("frigo") == []
    row = keeping.add_synonym(Synonym("frigo", "réfrigérateur"), "fr", by=None)
    db.session.commit()
    assert set(found("frigo")) == {shop["R1"], shop["R2"], shop["R3"]}
    assert found("frigo bosch")[0] == shop["R1"]
    keeping.end_synonym(row, by=None)
    db.session.commit()
    assert found("frigo") == []


def test_a_one_way_synonym_does_not_work_backwards(shop: dict[str, int]) -> None:
    keeping.add_synonym(Synonym("théière", "frigo"), "fr", by=None)
    keeping.add_synonym(Synonym("bouilloire", "théière"), "fr", by=None)
    assert found("bouilloire") == [shop["T1"]]
    assert found("frigo") == []


def test_a_word_of_a_synonym_is_not_taken_to_be_misspelled(shop: dict[str, int]) -> None:
    # Near to "bosch", which the catalogue holds.
    keeping.add_synonym(Synonym("bosck", "théière"), "fr", by=None)
    query, results = searching.search(Query("bosck"))
    assert [hit.id for hit in results.hits] == [shop["T1"]]
    assert searching.sync.engine().suggest(query) is None
    misspelled, _results = searching.search(Query("bosk"))
    assert searching.sync.engine().suggest(misspelled) == "bosck"


def test_a_pin_puts_a_product_at_its_place_within_its_days(shop: dict[str, int]) -> None:
    today = now().date()
    pin = Rule(RuleKind.PIN, "réfrigérateur", str(shop["T1"]), rank=2)
    keeping.add_rule(pin, by=None)
    assert found("réfrigérateurs")[1] == shop["T1"]
    assert len(found("réfrigérateur")) == 4
    assert shop["T1"] not in found("réfrigérateur blanc")
    later = Rule(RuleKind.PIN, "théière", str(shop["R1"]), rank=1, starts_on=today + timedelta(days=2))
    keeping.add_rule(later, by=None)
    assert found("théière") == [shop["T1"]]
    steering = active.current()
    assert steering.steer(Query("théière"), today + timedelta(days=2)).pins != ()


def test_pins_of_products_that_customers_do_not_see_are_passed_over(shop: dict[str, int]) -> None:
    for rank, sku in ((1, "T1"), (2, "R3")):
        keeping.add_rule(Rule(RuleKind.PIN, "réfrigérateur", str(shop[sku]), rank=rank), by=None)
    before = found("réfrigérateur")
    assert before[:2] == [shop["T1"], shop["R3"]]
    hidden, merged = (db.session.get_one(Product, shop[sku]) for sku in ("T1", "R3"))
    hidden.published = False
    merged.merged_into_id, merged.published = shop["R1"], False
    for product in (hidden, merged):
        product.version += 1
    searching.sync.mark_dirty([hidden.id, merged.id])
    db.session.commit()
    searching.sync.drain()
    assert set(found("réfrigérateur")) == {shop["R1"], shop["R2"]}
    with pytest.raises(Invalid):
        keeping.add_rule(Rule(RuleKind.PIN, "frigo", str(shop["T1"])), by=None)


def test_a_boost_brings_a_brand_forward_and_a_low_one_takes_it_back(shop: dict[str, int]) -> None:
    keeping.add_rule(Rule(RuleKind.BOOST_BRAND, "réfrigérateur", "klarstein", factor=2.0), by=None)
    assert found("réfrigérateur")[0] == shop["R3"]
    keeping.add_rule(Rule(RuleKind.BOOST_BRAND, "réfrigérateur", "Klarstein", factor=0.2), by=None)
    assert found("réfrigérateur")[-1] == shop["R3"]


def test_a_boost_never_lifts_a_mended_word_over_one_as_typed(shop: dict[str, int]) -> None:
    keeping.add_rule(Rule(RuleKind.BOOST_BRAND, "mini réfrigérateur", "Bosch", factor=2.0), by=None)
    assert found("mini réfrigérateur")[0] == shop["R3"]


@pytest.mark.parametrize(
    "rule",
    [
        Rule(RuleKind.PIN, "  ", "1"),
        Rule(RuleKind.PIN, "chaise", "999999"),
        Rule(RuleKind.PIN, "chaise", "x"),
        Rule(RuleKind.BOOST_BRAND, "chaise", "Nobody", factor=1.5),
        Rule(RuleKind.BOOST_BRAND, "chaise", "Bosch", factor=9.0),
        Rule(RuleKind.BOOST_CATEGORY, "chaise", "no such", factor=1.5),
    ],
)
def test_a_rule_that_could_do_nothing_is_refused(shop: dict[str, int], rule: Rule) -> None:
    with pytest.raises(Invalid):
        keeping.add_rule(rule, by=None)


def test_a_preview_shows_real_queries_and_saves_nothing(shop: dict[str, int]) -> None:
    for times, text in ((5, "frigo bosch"), (9, "théière"), (2, "frigo")):
        demand.count(text, found=0, times=times)
    db.session.commit()
    entry = Synonym("frigo", "réfrigérateur")
    queries = previewing.real_queries(("frigo", "réfrigérateur"), "fr")
    assert {"frigo", "frigo bosch", "theiere"} <= {text for text, _ in queries}
    current = active.current()
    compared = previewing.compare(current, keeping.with_synonym(current, entry, "fr"), queries, "fr")
    by_query = {one.query: one for one in compared}
    assert {line.mark for line in by_query["frigo"].lines} == {Mark.ADDED}
    assert not by_query["theiere"].changed
    assert found("frigo") == []


def test_a_preview_shows_what_customers_find_in_both_languages_today(shop: dict[str, int]) -> None:
    demand.count("théière", found=1, times=9)
    db.session.commit()
    current = active.current()
    after = keeping.with_synonym(current, Synonym("théière", "bosch"), "en")
    (tea,) = previewing.compare(current, after, [("théière", 9)], "en")
    # Who reads English finds the French sheets today, and would lose them to the synonym.
    assert [(line.product, line.mark) for line in tea.lines] == [(shop["R1"], Mark.ADDED), (shop["T1"], Mark.REMOVED)]


def test_what_a_change_did_is_kept_for_the_story(shop: dict[str, int]) -> None:
    demand.count("frigo", found=0)
    keeping.add_synonym(Synonym("frigo", "réfrigérateur"), "fr", by=None)
    (row,) = db.session.scalars(sa.select(SearchSnapshot).where(SearchSnapshot.query == "frigo"))
    assert (row.cause, row.total_before, row.total_after) == (Cause.SYNONYM, 0, 3)
    assert row.before == []
    assert len(row.after or []) == 3


def test_lines_of_two_orders_say_what_moved_came_and_went() -> None:
    lines = previewing.lines([(1, "a"), (2, "b"), (3, "c")], [(2, "b"), (1, "a"), (4, "d")])
    marks = {line.product: line.mark for line in lines}
    assert marks == {2: Mark.UP, 1: Mark.DOWN, 4: Mark.ADDED, 3: Mark.REMOVED}


def test_a_file_of_synonyms_is_read_line_by_line_and_given_out_again(shop: dict[str, int]) -> None:
    text = "locale;term;means;both_ways\nfr;frigo;réfrigérateur;1\nfr;réfrigérateur;frigo;\nde;Stuhl;chaise;\nfr;tv;;\n"
    read = files.read(text.encode())
    assert [entry.term for _, entry in read.new] == ["frigo"]
    assert [number for number, _ in read.faults] == [3, 4, 5]
    for locale, entry in read.new:
        keeping.add_synonym(entry, locale, by=None)
    given = "".join(files.exported())
    assert "fr;frigo;réfrigérateur;1" in given
    assert files.read(given.encode()).known == 1
    with pytest.raises(Invalid):
        files.read(b"sku;titre\nA;B\n")


def test_without_synonyms_and_rules_a_query_is_asked_as_it_is(shop: dict[str, int]) -> None:
    query = Query("réfrigérateur")
    assert active.steered(query) is query


@pytest.mark.parametrize(
    ("term", "means", "warned"),
    [
        ("nespresso", "expresso", True),
        ("nespresso", "krups", True),
        ("expresso", "nespresso", False),
        ("expresso", "nespresso&both_ways=y", True),
        ("krupps", "krups", False),
        ("frigo", "réfrigérateur", False),
    ],
)
def test_a_trademark_is_not_made_a_common_word_unawares(app: Flask, term: str, means: str, warned: bool) -> None:
    browser = login(app, make_user(Role.CONTENT_EDITOR))
    page = browser.get(f"/steering/synonyms/new?locale=fr&term={term}&means={means}").text
    assert ("is a trademark" in page) == warned


def test_editors_try_save_end_and_put_back_on_pages(shop: dict[str, int], app: Flask) -> None:
    browser = login(app, make_user(Role.CONTENT_EDITOR))
    demand.count("frigo", found=0)
    db.session.commit()
    tried = browser.get("/steering/synonyms/new?locale=fr&term=frigo&means=réfrigérateur").text
    assert "comes in" in tried
    assert "Save the synonym" in tried
    form = {"locale": "fr", "term": "frigo", "means": "réfrigérateur"}
    assert "holds from now on" in browser.post("/steering/synonyms", data=form, follow_redirects=True).text
    refused = browser.post("/steering/synonyms", data=form, follow_redirects=True).text
    assert "This holds already: frigo → réfrigérateur" in refused
    row = f"/steering/synonyms/{db.session.scalars(sa.select(SearchSynonym.id)).one()}"
    assert "no longer has this synonym" in browser.post(f"{row}/end", follow_redirects=True).text
    assert "Put back" in browser.get("/steering/synonyms?ended=1").text
    assert "holds again" in browser.post(f"{row}/restore", follow_redirects=True).text
    pin = {"kind": "pin", "query": "frigo", "target": str(shop["T1"]), "rank": "1"}
    assert "comes in" in browser.get("/steering/rules/new", query_string=pin).text
    assert "Saved for the search" in browser.post("/steering/rules", data=pin, follow_redirects=True).text
    story = browser.get("/steering/queries/story?q=frigo").text
    assert "Synonym added" in story
    assert "Boost or pin added" in story
    assert "frigo" in browser.get("/steering/queries").text


def test_a_factor_is_written_and_refused_as_the_reader_writes_numbers(shop: dict[str, int], app: Flask) -> None:
    browser = login(app, make_user(Role.CONTENT_EDITOR, locale="fr"))
    tried = {"kind": "boost_brand", "query": "réfrigérateur", "target": "Klarstein"}
    shown = browser.get("/steering/rules/new", query_string={**tried, "factor": "1,5"}).text
    assert "Sur de vraies recherches" in shown
    (control,) = re.findall(r'<input[^>]*name="factor"[^>]*>', browser.get("/steering/rules/new").text)
    # A number control would drop the comma.
    assert 'value="1,5"' in control
    assert 'type="text"' in control
    assert "entre 0,2 et 2" in browser.get("/steering/rules/new", query_string={**tried, "factor": "9"}).text
    faulty = browser.get("/steering/rules/new", query_string={**tried, "factor": "beaucoup"}).text
    assert "flottant" not in faulty
    assert 'value="beaucoup"' in faulty
    assert browser.post("/steering/rules", data={**tried, "factor": "1,5"}).status_code == 302
    assert db.session.scalars(sa.select(SearchRule.factor)).one() == 1.5


def test_why_it_is_here_says_what_editors_steered(shop: dict[str, int], app: Flask) -> None:
    keeping.add_rule(Rule(RuleKind.PIN, "réfrigérateur", str(shop["T1"]), rank=2), by=None)
    keeping.add_rule(Rule(RuleKind.BOOST_BRAND, "réfrigérateur", "Klarstein", factor=0.5), by=None)
    db.session.commit()
    browser = login(app, make_user(Role.CONTENT_EDITOR))
    pinned = browser.get(f"/products/{shop['T1']}/why?q=réfrigérateur").text
    assert "at place 2 for this search" in pinned
    assert "would not be found" not in pinned
    assert "“Klarstein” shown later" in browser.get(f"/products/{shop['R3']}/why?q=réfrigérateur").text
    assert "An editor" not in browser.get(f"/products/{shop['R1']}/why?q=réfrigérateur").text
    assert "An editor" not in browser.get(f"/products/{shop['T1']}/why?q=réfrigérateur&sort=price").text
