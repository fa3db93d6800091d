"""One contract for both engines: the same questions, the same answers.

Elasticsearch is asked where COMPTOIR_ELASTICSEARCH_URL names a server; without it those cases are skipped.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from catalog.search.elastic import ElasticStore
from catalog.search.embedded import EmbeddedStore
from catalog.search.engine import CatalogueSearch
from catalog.search.port import CandidateQuery
from catalog.search.queries import Boost, Filters, Pin, Query, Synonym, Synonyms
from tests.catalog.search.products import PRODUCTS, product

ENGINES = ("embedded", "elasticsearch")


@contextmanager
def cluster() -> Iterator[tuple[Elasticsearch, str]]:
    """Give a client of the real server and an alias of this test's own; what it made there is removed."""
    url = os.environ.get("COMPTOIR_ELASTICSEARCH_URL")
    if not url:
        pytest.skip("COMPTOIR_ELASTICSEARCH_URL names no Elasticsearch server: only the embedded engine is tested")
    client = Elasticsearch(url)
    alias = f"comptoir-test-{uuid.uuid4().hex[:8]}"
    try:
        yield client, alias
    finally:
        for index in client.indices.get(index=f"{alias}-*", allow_no_indices=True):
            client.indices.delete(index=index)
        client.close()


def made(name: str, folder: Path) -> Iterator[CatalogueSearch]:
    """Yield an empty engine of this name."""
    if name == "embedded":
        yield CatalogueSearch(EmbeddedStore(folder))
        return
    with cluster() as (client, alias):
        yield CatalogueSearch(ElasticStore(client, alias=alias))


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CatalogueSearch]:
    """An engine that holds the small marketplace; the tests only ask it."""
    for one in made(request.param, tmp_path_factory.mktemp("index")):
        assert one.index(PRODUCTS).written == len(PRODUCTS)
        yield one


@pytest.fixture(params=ENGINES)
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[CatalogueSearch]:
    """An empty engine for a test that writes."""
    yield from made(request.param, tmp_path)


# query: the products it finds, best first (those of equal score by number). One file for people to read and extend.
GOLDEN: dict[str, list[int]] = {
    "cafetière nespresso": [1, 3],
    "cafetiere nespresso": [1, 3],
    "CAFETIÈRE NESPRESSO": [1, 3],
    "cafetières nespresso": [1, 3],
    "caftière nespresso": [1, 3],
    "cafetière nesprsso": [1, 3],
    "cafetière bialetti": [1, 2, 3],
    "lave-vaisselle bosch": [4],
    "lavevaisselle bosch": [4],
    "lave vaisselle": [4, 5],
    "lavevaisselle": [4, 5],
    "taie oreiller": [6],
    "taie d’oreiller": [6],
    "taie d oreiller": [6],
    "taie doreiller": [6],
    "housse 240 x 220 cm": [7],
    "housse 2400x2200 mm": [7],
    "coque galaxy": [8, 9],
    "coques galaxy s6": [9],
    "SM-G900F": [8],
    "smg900f": [8],
    "4242005123456": [4],
    "bouilloire 170 cl": [10],
    "bouilloire 2,2 kW": [10],
    "bouteille 0,5 l": [11],
    "bouteille 50cl": [11],
    "tshirt": [12],
    "t shirt coton": [12],
    "t-shirts": [12],
    "chaise bureau": [13],
    "perceuse 18 volts": [14],
    "ecouteurs reduction bruit": [15],
    "batterie 4,4 Ah": [19],
    "loccitane savon": [20],
    "l'occitane": [20],
    "de la": [],
    "xyzzy": [],
}


@pytest.mark.parametrize("text", GOLDEN)
def test_golden_queries_find_what_they_should_in_the_same_order(engine: CatalogueSearch, text: str) -> None:
    found = engine.search(Query(text, limit=10))
    assert [hit.id for hit in found.hits] == GOLDEN[text]
    assert found.total == len(GOLDEN[text])


def test_both_engines_give_the_same_scores(tmp_path: Path) -> None:
    answers = []
    for name in ENGINES:
        for engine in made(name, tmp_path / name):
            engine.index(PRODUCTS)
            answers.append({text: [(hit.id, hit.score) for hit in engine.search(Query(text)).hits] for text in GOLDEN})
    one, other = answers
    for text in GOLDEN:
        assert [number for number, _ in one[text]] == [number for number, _ in other[text]], text
        assert [score for _, score in one[text]] == pytest.approx([score for _, score in other[text]], abs=0.02), text


def test_english_sheets_are_found_in_english(engine: CatalogueSearch) -> None:
    assert [hit.id for hit in engine.search(Query("headphone sony", "en")).hits] == [16]
    assert [hit.id for hit in engine.search(Query("stainless kettle", "en")).hits] == [17]
    assert [hit.id for hit in engine.search(Query("stainles ketle", "en")).hits] == [17]


def test_an_exact_word_beats_a_mended_one(fresh: CatalogueSearch) -> None:
    fresh.index([product(1, "Pantalon large"), product(2, "Pantalon lange"), product(3, "Robe large")])
    found = fresh.search(Query("pantalon lange"))
    assert [hit.id for hit in found.hits] == [2, 1]
    assert found.mended
    assert not found.partial


def test_words_that_no_product_has_together_are_let_go_and_it_is_said(engine: CatalogueSearch) -> None:
    found = engine.search(Query("chaise perceuse"))
    assert {hit.id for hit in found.hits} == {13, 14}
    assert found.partial


def test_only_published_products_are_shown(engine: CatalogueSearch) -> None:
    assert engine.search(Query("bialetti italienne")).total == 0
    assert [hit.id for hit in engine.search(Query("bialetti italienne", published=False)).hits] == [18]


def test_no_words_list_everything(engine: CatalogueSearch) -> None:
    assert engine.search(Query("")).total == sum(one.published for one in PRODUCTS)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(brand="Bosch"), {4, 14}),
        (Filters(category=10), {1, 2, 3}),
        (Filters(colour="rouge"), {1}),
        (Filters(vendor=2), {4}),
        (Filters(available=False), {13}),
        (Filters(price_min=1_000, price_max=3_490), {2, 3}),
        (Filters(price_min=10_000), {4}),
        (Filters(locale="en"), {16, 17}),
        (Filters(brand="Bosch", vendor=2), {4}),
    ],
)
def test_filters_narrow(engine: CatalogueSearch, filters: Filters, expected: set[int]) -> None:
    assert {hit.id for hit in engine.search(Query("", filters=filters)).hits} == expected


def test_facets_count_what_was_found(engine: CatalogueSearch) -> None:
    facets = engine.search(Query("cafetière nespresso")).facets
    assert {value.value: value.count for value in facets["brand_name"]} == {"Nespresso": 1, "Durgol": 1}
    assert {value.value: value.count for value in facets["categories"]} == {"10": 2, "11": 1}
    assert {value.value: value.count for value in facets["price"]} == {"0-2000": 1, "5000-10000": 1}
    assert [value.value for value in facets["colours"]] == ["rouge"]


def test_sorting_by_price_puts_products_without_one_last(engine: CatalogueSearch) -> None:
    ascending = [hit.id for hit in engine.search(Query("", sort="price", limit=6)).hits]
    descending = [hit.id for hit in engine.search(Query("", sort="-price", limit=5)).hits]
    assert ascending == [5, 3, 2, 1, 4, 6]
    assert descending == [4, 1, 2, 3, 5]


def test_pages_follow_each_other_without_gap_or_repetition(engine: CatalogueSearch) -> None:
    seen: list[int] = []
    after: str | None = None
    while True:
        page = engine.search(Query("", limit=7, after=after))
        seen += [hit.id for hit in page.hits]
        after = page.after
        if after is None:
            break
    assert len(seen) == len(set(seen)) == sum(one.published for one in PRODUCTS)


def test_a_page_key_of_somebody_else_starts_at_the_first_page(engine: CatalogueSearch) -> None:
    assert engine.search(Query("coque", after="' OR 1=1")).hits == engine.search(Query("coque")).hits


def test_marks_are_pieces_of_plain_text(engine: CatalogueSearch) -> None:
    hit = engine.search(Query("savon marseille")).hits[0]
    assert "".join(piece.text for piece in hit.title_fragments) == "Savon <b>de</b> Marseille à l'huile d'olive"
    assert [piece.text for piece in hit.title_fragments if piece.marked] == ["Savon", "Marseille"]
    assert any(piece.marked and piece.text == "Savon" for piece in hit.snippet)


def test_synonyms_work_one_way_or_both(engine: CatalogueSearch) -> None:
    one_way = Synonyms([Synonym("expresso", "cafetière capsules")])
    both = Synonyms([Synonym("visseuse", "perceuse sans fil", both_ways=True), Synonym("perceuse", "visseuse", True)])
    assert engine.search(Query("expresso", synonyms=one_way)).hits[0].id == 1
    assert [hit.id for hit in engine.search(Query("visseuse bosch", synonyms=both)).hits] == [14]
    assert engine.search(Query("perceuse", synonyms=both)).total == 1


STEERED: dict[str, tuple[Query, list[int]]] = {
    "a synonym of a compound": (
        Query("plonge", synonyms=Synonyms([Synonym("plonge", "lave-vaisselle")])), [4, 5]),
    "a compound with a synonym": (
        Query("porte-gobelet", synonyms=Synonyms([Synonym("porte gobelet", "bouteille")])), [11]),
    "a pin that the words do not find": (Query("cafetière nespresso", pins=(Pin(13, 2),)), [1, 13, 3]),
    "a pin of a product that is not published": (Query("cafetière nespresso", pins=(Pin(18, 1),)), [1, 3]),
    "a pin within a filter": (
        Query("cafetière nespresso", filters=Filters(brand="Durgol"), pins=(Pin(13, 1), Pin(3, 1))), [3]),
    "a pin where nothing is found": (Query("xyzzy", pins=(Pin(13, 1),)), [13]),
    "a pin beyond the last": (Query("coque galaxy", pins=(Pin(13, 9),)), [8, 9, 13]),
    "a boosted brand": (Query("cafetière nespresso", boosts=(Boost("brand_name", "Durgol", 2.0),)), [3, 1]),
    "a brand taken back": (Query("cafetière nespresso", boosts=(Boost("brand_name", "Nespresso", 0.2),)), [3, 1]),
    "a boosted category": (Query("cafetière", boosts=(Boost("categories", 11, 1.5),)), [1, 2, 3]),
    "a boosted product": (Query("lave vaisselle", boosts=(Boost("id", 5, 2.0),)), [5, 4]),
    "no steering of a price order": (
        Query("cafetière nespresso", sort="price", pins=(Pin(13, 1),), boosts=(Boost("id", 1, 2.0),)), [3, 1]),
}  # fmt: skip


@pytest.mark.parametrize("name", STEERED)
def test_steered_queries_find_what_they_should_in_the_same_order(engine: CatalogueSearch, name: str) -> None:
    query, expected = STEERED[name]
    assert [hit.id for hit in engine.search(query).hits] == expected


def test_a_pin_keeps_its_place_from_page_to_page(engine: CatalogueSearch) -> None:
    query = Query("", limit=3, pins=(Pin(15, 5),))
    seen: list[int] = []
    while True:
        page = engine.search(query)
        seen += [hit.id for hit in page.hits]
        if page.after is None:
            break
        query = replace(query, after=page.after)
    assert seen[4] == 15
    assert len(seen) == len(set(seen)) == sum(one.published for one in PRODUCTS)


@pytest.mark.parametrize(
    ("text", "number", "ways"),
    [
        ("cafetières nespresso", 1, {"cafetieres": ("title", "lemma"), "nespresso": ("brand", "exact")}),
        ("caftière", 2, {"caftiere": ("title", "typo")}),
        ("lavevaisselle", 4, {"lavevaisselle": ("title", "compound")}),
        ("verseuse 150 cl", 2, {"verseuse": ("text", "exact"), "150 cl": ("text", "measure")}),
        ("4242005123456", 4, {"4242005123456": ("codes", "code")}),
    ],
)
def test_every_hit_can_say_why_it_is_there(
    engine: CatalogueSearch, text: str, number: int, ways: dict[str, tuple[str, str]]
) -> None:
    reasons = engine.explain(Query(text), number)
    assert {reason.word: (reason.field, reason.way) for reason in reasons} == ways
    assert all(reason.text and "{" not in reason.text for reason in reasons)


def test_what_is_not_there_has_no_reason(engine: CatalogueSearch) -> None:
    assert engine.explain(Query("cafetière"), 999) == []
    assert engine.explain(Query("zzz"), 1) == []


def test_a_misspelled_query_is_mended_as_the_sheets_spell_it(engine: CatalogueSearch) -> None:
    assert engine.suggest(Query("caftiere nesprsso")) == "cafetière nespresso"
    assert engine.suggest(Query("cafetière nespresso")) is None
    assert engine.suggest(Query("xyzzy")) is None


def test_a_begun_query_is_completed_only_where_something_is_found(engine: CatalogueSearch) -> None:
    assert engine.complete("cafet")[:1] == ["cafetières"] or engine.complete("cafet")[:1] == ["cafetière"]
    assert engine.complete("bosch perc") == ["bosch perceuse", "bosch perceuses"]
    assert engine.complete("zz") == []


def test_candidates_are_likest_first_and_leave_a_vendor_out(engine: CatalogueSearch) -> None:
    ask = CandidateQuery("Bosch lave vaisselle intégrable", brand="BOSCH")
    assert engine.candidates(ask)[0].id == 4
    assert 4 not in [one.id for one in engine.candidates(replace(ask, exclude_vendor=2))]
    assert engine.candidates(CandidateQuery("appareil", codes=("4242005123456",)))[0].id == 4
    assert engine.candidates(CandidateQuery("téléphone", codes=("sm g900f",)))[0].id == 8
    assert engine.candidates(CandidateQuery("Moka cafetière italienne bialetti"))[0].id == 18, "unpublished ones too"
    assert engine.candidates(CandidateQuery("")) == []


def test_many_candidates_are_answered_in_their_order(engine: CatalogueSearch) -> None:
    asks = [CandidateQuery("perceuse bosch"), CandidateQuery("xyzzy"), CandidateQuery("chaise")]
    assert [[one.id for one in row][:1] for row in engine.candidates_many(asks)] == [[14], [], [13]]
    assert engine.candidates_many([]) == []


# ---- writing ------------------------------------------------------------------------------------------------------


def test_a_stale_write_is_left_out(fresh: CatalogueSearch) -> None:
    fresh.index([product(1, "Nouveau titre", version=5)])
    report = fresh.index([product(1, "Vieux titre", version=4), product(2, "Autre", version=1)])
    assert (report.written, report.stale, dict(report.errors)) == (1, 1, {})
    assert [hit.title for hit in fresh.search(Query("titre")).hits] == ["Nouveau titre"]


def test_the_same_version_is_written_again_and_counted_once(fresh: CatalogueSearch) -> None:
    fresh.index([product(1, "Titre"), product(1, "Titre")])
    fresh.index([product(1, "Titre")])
    assert list(fresh.versions()) == [(1, 1)]


def test_versions_come_by_ascending_id(fresh: CatalogueSearch) -> None:
    fresh.index([product(number, "Titre", version=number + 1) for number in (9, 2, 30, 1)])
    assert list(fresh.versions()) == [(1, 2), (2, 3), (9, 10), (30, 31)]


def test_deleted_products_are_gone_and_unknown_ones_do_no_harm(fresh: CatalogueSearch) -> None:
    fresh.index([product(1, "Titre"), product(2, "Titre")])
    fresh.delete([1, 77])
    assert list(fresh.versions()) == [(2, 1)]
    fresh.delete([])


def test_one_bad_document_keeps_none_back(fresh: CatalogueSearch) -> None:
    bad = product(2, "Prix impossible", price_min_minor=2**70)
    report = fresh.index([product(1, "Titre"), bad, product(3, "Titre")])
    assert list(report.errors) == [2]
    assert report.written == 2
    assert fresh.search(Query("titre")).total == 2


def test_words_of_a_new_product_are_known_at_once(fresh: CatalogueSearch) -> None:
    fresh.index([product(1, "Tabouret")])
    assert fresh.search(Query("tabouert")).total == 1
    fresh.index([product(2, "Guéridon")])
    assert fresh.search(Query("gueridno")).total == 1


def test_a_rebuild_is_invisible_until_it_is_accepted(fresh: CatalogueSearch) -> None:
    fresh.index([product(1, "Ancien"), product(2, "Ancien")])
    with fresh.rebuild() as building:
        building.index([product(1, "Renouvelé", version=2)])
        assert fresh.search(Query("ancien")).total == 2
        assert building.search(Query("renouvelé")).total == 1
        building.accept()
    assert list(fresh.versions()) == [(1, 2)]
    assert fresh.search(Query("renouvelé")).total == 1


def test_a_rebuild_that_fails_changes_nothing(fresh: CatalogueSearch) -> None:
    fresh.index([product(1, "Ancien")])

    def half_a_rebuild() -> None:
        with fresh.rebuild() as building:
            building.index([product(2, "Moitié")])
            raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        half_a_rebuild()
    assert list(fresh.versions()) == [(1, 1)]


def test_changes_during_a_rebuild_reach_both_indexes(fresh: CatalogueSearch) -> None:
    fresh.index([product(1, "Ancien"), product(2, "Ancien")])
    with fresh.rebuild() as building:
        fresh.index([product(1, "Changé entretemps", version=2)])
        building.index([product(1, "Ancien"), product(2, "Ancien")])
        fresh.delete([2])
        assert list(building.versions()) == [(1, 2)]
        building.accept()
    assert [hit.title for hit in fresh.search(Query("", limit=5)).hits] == ["Changé entretemps"]


def test_health_names_engine_version_and_documents(engine: CatalogueSearch) -> None:
    health = engine.health()
    assert health.ok
    assert health.engine == engine.name
    assert health.documents == len(PRODUCTS)
    assert health.version


@pytest.mark.parametrize(
    "text", ['"', "(", "a AND", "-", "*:*", "title:x", "\x00", "é" * 5000, "1 " * 500, "’’’", "😀", "%"]
)
def test_no_query_is_an_error(engine: CatalogueSearch, text: str) -> None:
    assert engine.search(Query(text)).total >= 0
    engine.suggest(Query(text))
    engine.complete(text)


def test_processes_that_begin_at_once_share_the_first_index() -> None:
    with cluster() as (client, alias), ThreadPoolExecutor(6) as processes:
        stores = [CatalogueSearch(ElasticStore(client, alias=alias)) for _ in range(6)]
        written = list(processes.map(lambda store: store.index(PRODUCTS[:2]), stores))
        assert [report.errors for report in written] == [{}] * 6
        assert stores[0].search(Query("cafetière")).total == stores[5].search(Query("cafetière")).total > 0
