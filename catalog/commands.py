"""`flask catalog …`: what scripts ask of the catalogue; the shapes are public and stand in the README."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa
from flask import Flask, current_app
from flask.cli import AppGroup

from backoffice import jobs
from backoffice.cli import HouseGroup, stop
from backoffice.database import LARGEST_KEY
from backoffice.extensions import db
from backoffice.vendors.models import Vendor
from catalog import assembly, import_turns, pipeline, reports, taxonomy, training, tree, uploads
from catalog.assembly import Workshop
from catalog.assortment import merchant, published
from catalog.duplicates import Duplicates
from catalog.forecast import LEARNING_SAMPLE
from catalog.harmonized_line import harmonize_line
from catalog.intake import UnreadableFile, inspect, safe_open_table
from catalog.mapping import NO_RULES, Rules, map_rows, propose_mapping
from catalog.models import Import, ImportStatus
from catalog.rulebook import versions
from catalog.search import sync
from catalog.search.port import EngineUnavailable
from catalog.search.queries import Query
from catalog.sheets import Issue, Locale, MappedSheet
from catalog.taxonomies import following, learning
from catalog.taxonomy import TaxonomyRefused

group = HouseGroup("catalog", help="Product sheets: look at files, import them, search, and keep the index.")
taxonomy_group = AppGroup("taxonomy", help="The category tree.")
index_group = AppGroup("index", help="The search index.")
group.add_command(taxonomy_group)
group.add_command(index_group)

BATCH = 500
FILE = click.Path(path_type=Path)


@group.command("inspect")
@click.argument("file", type=FILE)
@click.option("--locale", type=click.Choice(["fr", "en"]), default="en", help="Language of the reasons.")
def inspect_command(file: Path, locale: str) -> None:
    """Say what FILE is and what its columns mean."""
    try:
        click.echo(json.dumps(inspect(file, locale=locale), ensure_ascii=False))
    except UnreadableFile as error:
        stop(error.message(locale))


# JSON leaves these as they are, and readers that follow Unicode end a line at them.
_LINE_ENDS = {ord(sign): f"\\u{ord(sign):04x}" for sign in "\x85\u2028\u2029"}


@group.command("harmonize")
@click.argument("file", type=FILE)
@click.option("--locale", type=click.Choice(["fr", "en"]), default="fr", help="Language of the sheets and messages.")
@click.option("--output", type=FILE, help="Write the lines here instead of to standard output.")
@click.option("--vendor", "code", help="Map by this vendor's columns and rules; needs the database.")
def harmonize_command(file: Path, locale: Locale, output: Path | None, code: str | None) -> None:
    """Make every sheet of FILE without a database; one JSON object a line."""
    vendor = _vendor(code) if code is not None else None
    try:
        sheets, given, problems = _mapped(file, vendor)
        target = output.open("w", encoding="utf-8") if output else sys.stdout
        made = bad = 0
        for line in _lines(sheets, given, locale, problems):
            made += 1
            bad += any(issue["severity"] == "error" for issue in line["issues"])
            target.write(json.dumps(line, ensure_ascii=False).translate(_LINE_ENDS) + "\n")
        if output:
            target.close()
    except UnreadableFile as error:
        stop(error.message(locale))
    except BrokenPipeError:
        # Who reads the lines wants no more of them (`… | head`): click ends in silence.
        raise
    except OSError as error:
        stop(f"{output or file}: {error.strerror}.")
    click.echo(f"{made} sheets, {bad} of them with an error", err=True)
    sys.exit(1 if bad else 0)


def _vendor(code: str) -> Vendor:
    vendor = db.session.scalar(sa.select(Vendor).where(Vendor.code == code))
    if vendor is None:
        stop(f"There is no vendor “{code}”. `flask vendors list` shows the codes.")
    return vendor


Problems = Callable[[], Iterable[Issue]]


def _mapped(file: Path, vendor: Vendor | None) -> tuple[Iterator[MappedSheet], frozenset[str], Problems]:
    """Return the file's sheets, the attributes that it has a column for, and how to ask what is wrong with its lines.

    The columns mean what the vendor's mapping says where there is one.
    """
    table = safe_open_table(file)
    remembered = versions.remembered(vendor.id) if vendor else {}
    columns = propose_mapping(table.headers, list(islice(table.rows(), 300)), remembered)
    rules = Rules(versions.usable(versions.newest(vendor.id))[0], table.headers) if vendor else NO_RULES
    given = rules.made.union(one.attribute for one in columns if one.attribute)
    return map_rows(table.rows(), columns, rules), given, table.drain_problems


def _lines(
    sheets: Iterator[MappedSheet], given: frozenset[str], locale: Locale, problems: Problems
) -> Iterator[dict[str, Any]]:
    """Yield the printed lines; the first sheets teach the vendor's brands and repeated lines before any is made."""
    first = list(islice(sheets, LEARNING_SAMPLE))
    shop = Workshop.default(locale).learned(first, given)
    duplicates, broken = Duplicates(), dict[int, Issue]()
    waiting = _chained(first, sheets)
    while batch := list(islice(waiting, BATCH)):
        broken.update((problem.row or 0, problem) for problem in problems())
        for made in assembly.make(batch, shop):
            yield harmonize_line(made, locale, duplicates, broken.pop(made.mapped.row, None), given)


def _chained(first: list[MappedSheet], rest: Iterator[MappedSheet]) -> Iterator[MappedSheet]:
    yield from first
    yield from rest


@group.command("import")
@click.argument("file", type=FILE)
@click.option("--vendor", "code", required=True, help="The vendor's code, as `flask vendors list` shows it.")
@click.option("--wait", is_flag=True, help="Do the work here and answer when it is done.")
@click.option("--full-replacement", is_flag=True, help="Withdraw the vendor's sheets that are not in FILE.")
@click.option("--empty-cells", type=click.Choice(["keep", "clear"]), default="keep", help="What an empty cell does.")
def import_command(file: Path, code: str, *, wait: bool, full_replacement: bool, empty_cells: str) -> None:
    """Import FILE for a vendor; the last line is the result."""
    vendor = _vendor(code)
    if not file.is_file():
        stop(f"“{file.name}” is not a readable file.")
    started = time.monotonic()
    with file.open("rb") as stream:
        run = uploads.upload(vendor, stream, file.name, by=None)
    run.full_replacement, run.clear_empty = full_replacement, empty_cells == "clear"
    if run.status == ImportStatus.REFUSED:
        db.session.commit()
        stop(UnreadableFile(run.refusal["code"], run.refusal["params"]).message("en"))
    pipeline.start_if_mapped(run, by=None)
    db.session.commit()
    number = run.id
    if run.status == ImportStatus.UPLOADED:
        stop(
            f"No column of “{file.name}” was recognized as the title. Say which holds it on the page /imports/{number}."
        )
    if wait:
        _work_until_done(number)
    run = db.session.get_one(Import, number)
    click.echo(json.dumps(reports.figures(run) | {"seconds": round(time.monotonic() - started, 2)}))
    if run.status == ImportStatus.REFUSED:
        sys.exit(2)
    sys.exit(1 if run.lines_in_error or run.status == ImportStatus.AWAITING_CONFIRMATION else 0)


def _work_until_done(number: int) -> None:
    """Do due jobs until this import has ended; where another worker holds its chunk, wait for it."""
    said = 0.0
    while True:
        worked = jobs.drain(limit=1)
        run = db.session.get_one(Import, number)
        ended = run.status not in import_turns.LIVE
        broken = None if ended else import_turns.broken_job(number)
        if broken is not None:
            stop(f"The import stopped: {broken.error} Task {broken.id} can be tried again under “Tasks in progress”.")
        if ended or time.monotonic() - said > 2:
            click.echo(f"{run.lines_read} of {run.lines_total} lines", err=True)
            said = time.monotonic()
        db.session.rollback()
        if ended:
            break
        if not worked:
            time.sleep(0.2)
    jobs.drain()


@group.command("report")
@click.argument("number", metavar="IMPORT", type=click.IntRange(1, LARGEST_KEY))
@click.option("--output", type=FILE, required=True, help="Where the vendor's file goes.")
@click.option("--only-errors", is_flag=True, help="Only the lines in error.")
@click.option("--locale", type=click.Choice(["fr", "en"]), help="Language of the messages; the import's by default.")
def report_command(number: int, output: Path, *, only_errors: bool, locale: str | None) -> None:
    """Write the vendor's file of an import back, with the errors beside each line."""
    run = db.session.get(Import, number)
    if run is None:
        stop(f"There is no import {number}.")
    try:
        reports.write(run, output, only_errors=only_errors, locale=locale)
    except UnreadableFile as error:
        stop(error.message(locale or "en"))
    except OSError as error:
        stop(f"{output}: {error.strerror}.")
    sys.exit(1 if run.lines_in_error else 0)


@group.command("train-matcher")
@click.option("--output", type=FILE, help="Write the model here instead of taking it into use.")
def train_matcher_command(output: Path | None) -> None:
    """Learn the matcher from the decisions that people took on possible duplicates."""
    card = training.train_matcher(output)
    click.echo(json.dumps(card))
    sys.exit(1 if "reason" in card else 0)


@group.command("train-categories")
@click.option("--folds", type=click.IntRange(2, 10), default=5, help="Share kept aside for the figures: one in FOLDS.")
def train_categories_command(folds: int) -> None:
    """Learn category suggestion from the sheets whose category was decided; live only where it is better."""
    note = learning.learn(folds=folds)
    live = note.verdict == "live"
    card: dict[str, Any] = {"live": live, "sheets": note.sheets, "kept_aside": note.kept_aside}
    card |= {"top1": note.figures["top1"], "top3": note.figures["top3"]} if note.figures else {}
    if note.verdict == "few":
        card["reason"] = f"fewer than {learning.ENOUGH} decided sheets"
    db.session.commit()
    click.echo(json.dumps(card))
    sys.exit(0 if live else 1)


@taxonomy_group.command("load")
@click.argument("file", type=FILE)
@click.option("--locale", type=click.Choice(["fr", "en"]), default="fr", help="Language of a Google file's labels.")
def taxonomy_load(file: Path, locale: Locale) -> None:
    """Load a category tree: Google's text, or a CSV with id, parent, label_fr, label_en."""
    try:
        read = taxonomy.read_taxonomy(taxonomy.lines_of(file.read_bytes()), locale)
        total = tree.load(read)
        tree.current()
    except TaxonomyRefused as error:
        stop(error.message("en"))
    except OSError as error:
        stop(f"{file.name} cannot be read: {error.strerror}.")
    following.show_again(None)
    db.session.commit()
    click.echo(json.dumps({"read": len(read), "categories": total}))


@group.command("search")
@click.argument("query")
@click.option("--limit", type=click.IntRange(1, 200), default=10)
@click.option("--locale", type=click.Choice(["fr", "en"]), default="fr")
def search_command(query: str, limit: int, locale: Locale) -> None:
    """Search the published products."""
    engine = sync.engine()
    try:
        found = engine.search(Query(query, locale, limit=limit))
    except EngineUnavailable as error:
        stop(f"The search engine does not answer: {error}.")
    hits = [
        {"product": hit.id, "title": hit.title, "brand": hit.brand or None, "score": round(hit.score, 4)}
        for hit in found.hits
    ]
    click.echo(json.dumps({"total": found.total, "engine": engine.name, "hits": hits}, ensure_ascii=False))


@group.command("export")
@click.argument("output", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--locale", type=click.Choice(["fr", "en"]), default="fr", help="Language of categories and values.")
def export_command(output: Path, locale: Locale) -> None:
    """Write the published catalogue to OUTPUT: Google Merchant XML, CSV or JSON Lines, by its ending."""
    writing = merchant.FORMATS.get(output.suffix.lower().removeprefix("."))
    if writing is None:
        stop(f"End the file's name in {', '.join('.' + name for name in merchant.FORMATS)}: “{output.name}” does not.")
    shop = merchant.Shop(current_app.config["OPERATOR_NAME"], current_app.config["BASE_URL"], locale)
    count = 0

    def counted() -> Iterator[dict[str, Any]]:
        nonlocal count
        for item in published.items(locale):
            count += 1
            yield item

    partial = output.with_name(output.name + ".partial")
    with partial.open("w", encoding="utf-8", newline="") as target:
        target.writelines(writing.write(counted(), shop))
    partial.replace(output)
    click.echo(json.dumps({"products": count, "file": str(output)}, ensure_ascii=False))


@index_group.command("rebuild")
def index_rebuild() -> None:
    """Build the index beside the live one, compare, and swap."""
    try:
        click.echo(json.dumps({"documents": sync.rebuild()}))
    except EngineUnavailable as error:
        stop(f"The search engine does not answer: {error}.")
    except sync.RebuildRefused as error:
        stop(f"The live index was kept: {error}.")


@index_group.command("check")
def index_check() -> None:
    """Compare the index with the database: missing, stale, surplus; exit 1 where they differ."""
    try:
        figures = sync.check()
    except EngineUnavailable as error:
        stop(f"The search engine does not answer: {error}.")
    click.echo(json.dumps(figures))
    sys.exit(1 if figures["missing"] or figures["stale"] or figures["surplus"] else 0)


def register(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(group)
