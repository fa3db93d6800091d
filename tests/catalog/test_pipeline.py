"""An import from file to listings: every line accounted for, nothing twice, nothing lost, nothing changed in vain."""

from __future__ import annotations

import io
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from backoffice import jobs
from backoffice.extensions import db
from backoffice.vendors.models import VendorStatus
from catalog import makers, pipeline, uploads
from catalog.issues import ISSUES, MENDED_BY_EMPTYING
from catalog.models import Import, ImportLine, ImportStatus, Listing, ListingStatus, Product
from catalog.search import sync
from catalog.search.queries import Query
from tests.factories.catalog import import_bytes, import_rows, listing_of, selling_vendor
from tests.factories.vendors import make_vendor


def test_a_sheet_of_a_vendor_who_may_sell_is_published_and_found(app: Flask) -> None:
    vendor = selling_vendor()
    run = import_rows(vendor)
    assert (run.status, run.lines_created, run.lines_in_error) == (ImportStatus.DONE, 1, 0)
    listing = listing_of(vendor)
    assert listing.status == ListingStatus.PUBLISHED
    assert listing.price_minor == 8990
    found = sync.engine().search(Query("cafetière Nespresso"))
    assert [hit.id for hit in found.hits] == [listing.product_id]


def test_nothing_of_a_vendor_is_published_before_approval(app: Flask) -> None:
    vendor = make_vendor(status=VendorStatus.ONBOARDING, locale="fr")
    import_rows(vendor)
    assert listing_of(vendor).status == ListingStatus.PENDING
    assert sync.engine().search(Query("cafetière Nespresso")).total == 0


def test_the_same_file_sent_again_changes_nothing(app: Flask) -> None:
    vendor = selling_vendor()
    import_rows(vendor, {}, {"sku": "CAF-2", "titre": "Bouilloire électrique inox 1,7 L"})
    before = {one.sku: (one.version, one.updated_at) for one in db.session.scalars(sa.select(Listing))}
    run = import_rows(vendor, {}, {"sku": "CAF-2", "titre": "Bouilloire électrique inox 1,7 L"})
    assert (run.lines_unchanged, run.lines_created, run.lines_updated) == (2, 0, 0)
    assert {one.sku: (one.version, one.updated_at) for one in db.session.scalars(sa.select(Listing))} == before


def test_a_line_sent_again_unmended_is_told_again_and_not_written(app: Flask) -> None:
    vendor = selling_vendor()
    faulty = {"sku": "CAF-2", "titre": "Bouilloire électrique inox 1,7 L", "ean": "123", "prix": "gratuit"}
    first = import_rows(vendor, {}, faulty)
    version = listing_of(vendor, "CAF-2").version
    run = import_rows(vendor, {}, faulty)
    assert (run.lines_unchanged, run.lines_in_error, run.lines_updated) == (1, 1, 0)
    told = [db.session.get_one(ImportLine, (one.id, 3)).issues for one in (first, run)]
    assert {issue["code"] for issue in told[0]} >= {"invalid_gtin", "price_format"}
    assert told[1] == told[0]
    assert listing_of(vendor, "CAF-2").version == version


def test_what_an_editor_let_pass_is_not_told_of_a_line_sent_again(app: Flask) -> None:
    vendor = selling_vendor()
    faulty = {"ean": "123"}
    import_rows(vendor, faulty)
    listing_of(vendor).dismissed = ["invalid_gtin"]
    db.session.commit()
    run = import_rows(vendor, faulty)
    assert (run.lines_unchanged, run.lines_in_error) == (1, 0)


def test_every_line_is_accounted_for_once(app: Flask) -> None:
    vendor = selling_vendor()
    run = import_rows(vendor, *({"sku": f"S{n}", "titre": f"Théière en fonte n° {n}"} for n in range(1203)))
    assert run.lines_read == run.lines_total == 1203
    assert run.lines_in_success + run.lines_in_error == 1203
    counted = db.session.scalar(sa.select(sa.func.count()).select_from(ImportLine))
    assert counted == 1203


def test_a_repeated_line_is_told_and_written_once(app: Flask) -> None:
    vendor = selling_vendor()
    run = import_rows(vendor, {}, {}, {})
    assert (run.lines_created, run.lines_in_error) == (1, 2)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Listing)) == 1
    line = db.session.get_one(ImportLine, (run.id, 3))
    assert [issue["code"] for issue in line.issues] == ["duplicate_in_file"]


def test_a_chunk_done_twice_counts_once(app: Flask) -> None:
    vendor = selling_vendor()
    run = import_rows(vendor)
    pipeline.import_chunk(run.id, 0)
    db.session.commit()
    assert db.session.get_one(Import, run.id).lines_read == 1


def test_an_import_killed_between_chunks_goes_on(app: Flask) -> None:
    app.config["CHUNK_ROWS"] = 2
    try:
        vendor = selling_vendor()
        run = import_rows(vendor, *({"sku": f"S{n}", "titre": f"Théière en fonte n° {n}"} for n in range(5)))
    finally:
        app.config["CHUNK_ROWS"] = 500
    assert (run.chunks_total, run.chunks_done, run.lines_created) == (3, 3, 5)


def test_an_import_is_written_whole_though_another_of_the_vendor_wrote_meanwhile(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendor = selling_vendor()
    import_rows(vendor)
    title, make = listing_of(vendor).title, pipeline.makers.columns_made

    def overtaken(*arguments: Any) -> Any:
        monkeypatch.setattr(pipeline.makers, "columns_made", make)
        listing = listing_of(vendor)
        listing.title, listing.content_hash = "Autre", "other"
        db.session.commit()
        return make(*arguments)

    monkeypatch.setattr(pipeline.makers, "columns_made", overtaken)
    run = import_rows(vendor)
    assert (run.lines_updated, run.lines_unchanged) == (1, 0)
    assert listing_of(vendor).title == title


@pytest.mark.parametrize("ask", [False, True])
def test_an_import_cancelled_while_it_is_read_writes_nothing(
    app: Flask, monkeypatch: pytest.MonkeyPatch, ask: bool
) -> None:
    vendor = selling_vendor()
    run = uploads.upload(vendor, io.BytesIO(b"sku,titre,prix\nCAF-1,Cafeti\xc3\xa8re inox,30\n"), "un.csv", by=None)
    run.ask_first = ask
    pipeline.confirm(run, by=None)
    db.session.commit()
    number = run.id

    def cancelled_meanwhile(*_args: object) -> None:
        pipeline.cancel(db.session.get_one(Import, number), by=None)
        db.session.commit()

    monkeypatch.setattr(pipeline.workshop, "learn", cancelled_meanwhile)
    jobs.drain()
    run = db.session.get_one(Import, number)
    assert run.status == ImportStatus.CANCELLED
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Listing)) == 0
    assert not pipeline.spill_folder(number).exists()


def test_an_import_cancelled_between_chunks_leaves_nothing_of_the_file_beside_it(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "CHUNK_ROWS", 1)
    lines = b"".join(b"CAF-%d,Cafeti\xc3\xa8re inox,30\n" % number for number in range(3))
    run = uploads.upload(selling_vendor(), io.BytesIO(b"sku,titre,prix\n" + lines), "trois.csv", by=None)
    pipeline.confirm(run, by=None)
    db.session.commit()
    pipeline.read_import(run.id)
    assert pipeline.spill_folder(run.id).exists()
    pipeline.cancel(run, by=None)
    db.session.commit()
    jobs.drain()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Listing)) == 0
    assert not pipeline.spill_folder(run.id).exists()


def test_an_absent_column_leaves_the_value_and_an_empty_cell_does_what_the_import_says(app: Flask) -> None:
    vendor = selling_vendor()
    import_rows(vendor)
    import_bytes(vendor, b"sku;titre\nCAF-1;Cafetiere Nespresso Essenza Mini noire\n")
    assert listing_of(vendor).values["brand"] == "Krups"
    import_rows(vendor, {"marque": ""})
    assert listing_of(vendor).values["brand"] == "Krups"
    import_rows(vendor, {"marque": "", "stock": "3"}, clear_empty=True)
    assert "brand" not in listing_of(vendor).mapped


@pytest.mark.parametrize(("column", "attribute", "wrong"), [("ean", "gtin", "123"), ("prix", "price", "abc")])
def test_an_empty_cell_mends_what_is_told_to_be_mended_by_leaving_it_empty(
    app: Flask, column: str, attribute: str, wrong: str
) -> None:
    vendor = selling_vendor()
    import_rows(vendor, {column: wrong})
    codes = {issue["code"] for issue in listing_of(vendor).issues}
    assert codes & MENDED_BY_EMPTYING
    # What the file has no column for stays wrong; an empty cell where it has one is what the remedy asks for.
    import_bytes(vendor, b"sku;titre\nCAF-1;Cafetiere Nespresso Essenza Mini noire\n")
    assert listing_of(vendor).mapped[attribute] == wrong
    import_rows(vendor, {column: ""})
    assert attribute not in listing_of(vendor).mapped
    assert not {issue["code"] for issue in listing_of(vendor).issues} & MENDED_BY_EMPTYING


def test_every_fault_that_an_empty_cell_mends_says_so() -> None:
    said = {code for code, kind in ISSUES.items() if "leave the cell empty" in kind.fix["en"]}
    assert said == MENDED_BY_EMPTYING


def test_changed_sheets_are_written_in_as_many_statements_however_many_they_are(app: Flask, queries: list[str]) -> None:
    spent = []
    for count in (5, 60):
        vendor = selling_vendor()
        rows = [{"sku": f"S{n}", "titre": f"Théière en fonte n° {n}"} for n in range(count)]
        import_rows(vendor, *rows)
        queries.clear()
        run = import_rows(vendor, *({**row, "titre": row["titre"] + " bleue"} for row in rows))
        assert run.lines_updated == count
        spent.append(len(queries))
    # Of 55 sheets more none brings a statement of its own; batches of other parts may begin anew.
    assert spent[1] < spent[0] + 20, spent


def test_a_full_replacement_withdraws_what_is_not_in_the_file(app: Flask) -> None:
    vendor = selling_vendor()
    rows = [{"sku": f"S{n}", "titre": f"Théière en fonte n° {n}"} for n in range(10)]
    import_rows(vendor, *rows)
    run = import_rows(vendor, *rows[:8], full_replacement=True)
    assert (run.status, run.lines_withdrawn) == (ImportStatus.DONE, 2)
    assert listing_of(vendor, "S9").status == ListingStatus.WITHDRAWN
    assert sync.engine().search(Query("théière fonte")).total == 8


def test_a_sheet_that_a_replacement_left_out_is_shown_again_when_a_file_names_it_again(app: Flask) -> None:
    vendor = selling_vendor()
    rows = [{"sku": f"S{n}", "titre": f"Théière en fonte n° {n}"} for n in range(10)]
    import_rows(vendor, *rows)
    import_rows(vendor, *rows[:8], full_replacement=True)
    run = import_rows(vendor, *rows, full_replacement=True)
    assert (run.lines_updated, run.lines_unchanged) == (2, 8)
    assert listing_of(vendor, "S9").status == ListingStatus.PUBLISHED


def test_a_file_that_would_withdraw_much_waits_for_a_person(app: Flask) -> None:
    vendor = selling_vendor()
    rows = [{"sku": f"S{n}", "titre": f"Théière en fonte n° {n}"} for n in range(10)]
    import_rows(vendor, *rows)
    run = import_rows(vendor, *rows[:2], full_replacement=True)
    assert run.status == ImportStatus.AWAITING_CONFIRMATION
    assert run.forecast == {"new": 0, "changed": 0, "unchanged": 2, "repeated": 0, "withdrawn": 8, "live": 10}
    assert listing_of(vendor, "S9").status == ListingStatus.PUBLISHED
    pipeline.proceed(run)
    db.session.commit()
    jobs.drain()
    assert listing_of(vendor, "S9").status == ListingStatus.WITHDRAWN


def test_a_file_of_sheets_that_are_not_shown_does_not_hide_how_many_it_would_withdraw(app: Flask) -> None:
    vendor = selling_vendor()
    shown = [{"sku": f"S{n}", "titre": f"Théière en fonte n° {n}"} for n in range(5)]
    faulty = [{"sku": f"F{n}", "titre": f"Théière en fonte n° {n}", "ean": "3661234567891"} for n in range(4)]
    import_rows(vendor, *shown, *faulty)
    run = import_rows(vendor, *faulty, full_replacement=True)
    assert run.status == ImportStatus.AWAITING_CONFIRMATION
    assert (run.forecast["withdrawn"], run.forecast["live"]) == (5, 5)
    pipeline.proceed(run)
    db.session.commit()
    jobs.drain()
    db.session.refresh(run)
    assert run.lines_withdrawn == 5


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "empty.csv"),
        (b"sku;titre\n", "header.csv"),
        (b"%PDF-1.4 \x00\x01", "doc.pdf"),
        (b"\x89PNG\r\n\x1a\n\x00", "a.xlsx"),
    ],
)
def test_a_file_that_holds_no_sheets_is_refused_with_a_sentence(app: Flask, content: bytes, name: str) -> None:
    run = import_bytes(selling_vendor(), content, name)
    assert run.status == ImportStatus.REFUSED
    assert run.refusal["code"]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Listing)) == 0


def test_a_wrong_barcode_keeps_the_sheet_back_and_is_never_used_to_match(app: Flask) -> None:
    vendor = selling_vendor()
    run = import_rows(vendor, {"ean": "3661234567891"})
    listing = listing_of(vendor)
    assert run.lines_in_error == 1
    assert listing.status == ListingStatus.CHANGES_REQUESTED
    assert listing.gtin is None


def test_two_vendors_with_one_barcode_meet_on_one_page(app: Flask) -> None:
    one, other = selling_vendor(), selling_vendor()
    import_rows(one, {"ean": "3045386381456"})
    import_rows(other, {"sku": "K-77", "titre": "KRUPS Nespresso Essenza Mini noir", "ean": "3045386381456"})
    first, second = listing_of(one), listing_of(other, "K-77")
    assert first.product_id == second.product_id
    standing = sa.select(sa.func.count()).select_from(Product).where(Product.merged_into_id.is_(None))
    assert db.session.scalar(standing) == 1


def test_the_decision_on_a_column_is_remembered_for_the_vendor(app: Flask) -> None:
    vendor = selling_vendor()
    run = uploads.upload(vendor, io.BytesIO(b"ref;zz\nA;Table basse en bois\n"), "a.csv", by=None)
    uploads.choose(run, {"ref": "id", "zz": "title"}, by=None)
    db.session.commit()
    later = uploads.upload(vendor, io.BytesIO(b"ref;zz\nB;Chaise en bois\n"), "b.csv", by=None)
    assert later.columns["zz"] == "title"


def test_the_index_keeps_step_while_the_engine_is_down(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    vendor = selling_vendor()

    def down(*_args: object) -> None:
        raise sync.EngineUnavailable("refused")

    with monkeypatch.context() as patch:
        patch.setattr(type(sync.engine()), "index", down)
        run = import_rows(vendor)
        assert run.status == ImportStatus.DONE
        assert sync.backlog()["waiting"] == 1
    sync.drain()
    db.session.commit()
    assert sync.check() == {"database": 1, "index": 1, "missing": 0, "stale": 0, "surplus": 0}


def many(count: int) -> list[dict[str, str]]:
    """Return rows of which some say a brand and a price and some do not, each with a title of its own."""
    return [
        {
            "sku": f"S{n}",
            "titre": f"Théière en fonte n° {n}",
            "marque": "Krups" if n % 3 else "",
            "prix": "9" if n % 2 else "",
        }
        for n in range(count)
    ]


def test_each_listing_is_on_the_page_that_says_what_it_says(app: Flask) -> None:
    import_rows(selling_vendor(), *many(60), {"sku": "T", "titre": "Théière en fonte n° 7"})
    pairs = db.session.execute(
        sa.select(Listing.title, Listing.brand, Product.title, Product.brand, Product.id).join(Listing.product)
    ).all()
    assert len({row[4] for row in pairs}) == len(pairs) == 61
    assert [row[:2] for row in pairs] == [row[2:4] for row in pairs]


def test_sheets_made_ahead_by_a_child_are_the_same_as_those_made_here(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "CHUNK_ROWS", 10)
    alone, helped = selling_vendor(), selling_vendor()
    monkeypatch.setattr(pipeline, "AHEAD_FROM_CHUNKS", 100)
    import_rows(alone, *many(40))
    monkeypatch.setattr(pipeline, "AHEAD_FROM_CHUNKS", 2)
    monkeypatch.setattr(pipeline.os, "cpu_count", lambda: 2)
    taken = []
    take = makers.Maker.take
    monkeypatch.setattr(makers.Maker, "take", lambda *given: taken.append(take(*given)) or taken[-1])
    run = import_rows(helped, *many(40))
    assert (run.status, run.lines_created) == (ImportStatus.DONE, 40)
    assert [len(batch or ()) for batch in taken] == [0, 10, 10, 10]
    said = (Listing.sku, Listing.values, Listing.changes, Listing.issues, Listing.suggestions, Listing.content_hash)
    ours, theirs = (
        db.session.execute(sa.select(*said).where(Listing.vendor_id == vendor.id).order_by(Listing.sku)).all()
        for vendor in (alone, helped)
    )
    assert ours == theirs


def test_an_import_goes_on_without_the_child_that_helped_it(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "CHUNK_ROWS", 10)
    monkeypatch.setattr(pipeline, "AHEAD_FROM_CHUNKS", 2)
    monkeypatch.setattr(pipeline.os, "cpu_count", lambda: 2)
    begin = makers.Maker.begin

    def begin_and_die(maker: makers.Maker, *given: object) -> None:
        begin(maker, *given)  # type: ignore[arg-type]
        if maker._courier is not None and maker._courier.child is not None:
            maker._courier.child.kill()

    monkeypatch.setattr(makers.Maker, "begin", begin_and_die)
    run = import_rows(selling_vendor(), *many(40))
    assert (run.status, run.lines_created, run.lines_read) == (ImportStatus.DONE, 40, 40)


def test_a_file_that_waits_for_a_person_leaves_no_child_behind(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "CHUNK_ROWS", 10)
    monkeypatch.setattr(pipeline, "AHEAD_FROM_CHUNKS", 2)
    monkeypatch.setattr(pipeline.os, "cpu_count", lambda: 2)
    maker, vendor, warmed = makers.Maker(), selling_vendor(), []
    monkeypatch.setitem(app.extensions, "maker", maker)
    monkeypatch.setattr(makers._Courier, "warm", lambda courier: warmed.append(courier))
    import_rows(vendor, *many(80))
    run = import_rows(vendor, *many(30), full_replacement=True)
    assert (run.status, len(warmed), maker._courier) == (ImportStatus.AWAITING_CONFIRMATION, 2, None)


def test_no_lock_is_held_while_products_are_indexed(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    if db.engine.dialect.name != "sqlite":
        return  # PostgreSQL has no lock that a writer could hold against all others
    write = type(sync.engine()).index
    waited = []

    def index(engine: object, documents: object) -> object:
        # As a page does: another connection that writes at once, and would wait for a writer.
        with db.engine.connect() as page:
            page.exec_driver_sql("PRAGMA busy_timeout=0")
            page.rollback()
            page.exec_driver_sql("UPDATE vendor SET name = name")
            page.commit()
            page.exec_driver_sql("PRAGMA busy_timeout=30000")
        waited.append(False)
        return write(engine, documents)  # type: ignore[arg-type]

    monkeypatch.setattr(type(sync.engine()), "index", index)
    import_rows(selling_vendor())
    assert waited == [False]
    assert sync.backlog()["waiting"] == 0
