"""Milliseconds and statements of every page of the house, with many sheets loaded.

    python -m tests.benchmarks.pages --sheets N

Walks the rows of the permission table: each page that a persona may read is asked for as that persona, over a
catalogue of N sheets of the owner's vendor (imported by the product's own pipeline), N / 100 of them possible duplicates.
Last line: JSON `pages` ({page: {p50_ms, p95_ms, queries}}) and the worst of each, `p50_ms p95_ms queries`.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask, url_for
from flask.testing import FlaskClient

from backoffice import jobs
from backoffice.extensions import db
from catalog import pipeline, uploads
from catalog.models import Listing, Proposal
from catalog.sheets import Decision
from tests.benchmarks.import_throughput import house
from tests.permissions.table import STAFF, Row
from tests.permissions.test_permissions import ROWS
from tests.permissions.world import World

REPEATS = 20
# One persona of each kind that sees something of its own: the heaviest reader first.
READERS = (*STAFF, "vendor_owner", "buyer_owner", "anonymous")
# Pages whose work depends on what is asked, beside the bare list of the permission table.
ASKED = {
    "catalog.products": ({"q": "cafetiere noire"}, {"q": "tabourret"}, {"q": "lampe", "brand": "Solvanne"}),
    "catalog.sheets": ({"status": "to_review"}, {"q": "lampe"}),
    "dashboard.search": ({"q": "lampe"},),
}
THINGS = (
    "Cafetière",
    "Lampe de bureau",
    "Tabouret",
    "Bouilloire",
    "Théière en fonte",
    "Valise cabine",
    "Chaise pliante",
)
BRANDS = ("Solvanne", "Maison Verlaine", "Kastanje", "Brin de Fil", "Voltamarine", "AUCUNE", "")
COLOURS = ("noir", "bleu marine", "vert d'eau", "ROUGE", "blanc cassé")
SIZES = ("40 x 30 cm", "1,7 L", "0.6 l", "2,4 kg", "1250 W")


def sheets(count: int) -> Iterator[list[str]]:
    """Yield a header and so many sheets, a third of them with something that an editor should look at."""
    yield ["sku", "titre", "description", "marque", "prix", "couleur"]
    kinds = list(product(THINGS, BRANDS, COLOURS, SIZES))
    for number in range(count):
        thing, brand, colour, size = kinds[number * 37 % len(kinds)]
        contact = " Appelez le 01 99 00 12 34." if number % 3 == 0 else ""
        text = f"{thing} {size}, modèle {number}, finition {colour}. Livré monté.{contact}"
        price = f"{number % 400 + 5},90 €"
        yield [f"P{number:07d}", f"{thing} {brand} {colour} {size} n° {number}", text, brand, price, colour]


def fill(world: World, folder: Path, count: int) -> None:
    """Import the sheets for the owner's vendor, and put some of them to the duplicates desk."""
    file = folder / "sheets.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(sheets(count))
    with file.open("rb") as stream:
        run = uploads.upload(world.vendor, stream, file.name, by=None)
    pipeline.confirm(run, by=None)
    db.session.commit()
    jobs.drain()
    ids = list(db.session.scalars(sa.select(Listing.id).order_by(Listing.id).limit(count // 50)))
    rows = [
        {"left_id": left, "right_id": right, "score": 0.5, "decision": Decision.UNSURE, "route": "model"}
        for left, right in zip(ids[::2], ids[1::2], strict=False)
    ]
    if rows:
        db.session.execute(sa.insert(Proposal), rows)
    db.session.commit()


def addresses(world: World) -> Iterator[tuple[str, str, str]]:
    """Yield (page's name, persona, address) of every page that can be read, for the first staff and outsider who may."""
    for row in ROWS:
        if row.method != "GET" or row.endpoint.startswith("api"):
            continue
        for persona in _readers(row):
            with world.app.test_request_context():
                place = url_for(row.endpoint, **row.values(world), **row.query)
                more = [url_for(row.endpoint, **asked) for asked in ASKED.get(row.endpoint, ())]
            yield f"{row.endpoint} ({persona})", persona, place
            for number, address in enumerate(more, 1):
                yield f"{row.endpoint} {number} ({persona})", persona, address


def _readers(row: Row) -> list[str]:
    readers = [persona for persona in READERS if row.expected(persona) == 200]
    staff = [persona for persona in readers if persona in STAFF][:1]
    return staff + [persona for persona in readers if persona not in STAFF][:1]


def timed(browser: FlaskClient, address: str, statements: list[str]) -> dict[str, float] | None:
    """Return the page's figures; None for what is no page: a redirect, a file, an answer to a program."""
    first = browser.get(address)
    if first.status_code != 200 or first.mimetype != "text/html":
        print(f"no page: {address} {first.status_code} {first.mimetype}", file=sys.stderr)
        return None
    spent = []
    for _ in range(REPEATS):
        statements.clear()
        started = time.perf_counter()
        browser.get(address).get_data()
        spent.append(1000 * (time.perf_counter() - started))
    return {**shares(spent), "queries": len(statements)}


def shares(spent: Sequence[float]) -> dict[str, float]:
    """Return the median and the 95th percentile of these milliseconds."""
    ranked = sorted(spent)
    return {
        name: round(ranked[int(share * (len(ranked) - 1) + 0.5)], 1)
        for name, share in (("p50_ms", 0.5), ("p95_ms", 0.95))
    }


def measure(app: Flask, folder: Path, count: int) -> dict[str, Any]:
    """Fill the house and ask for every page; returns the figures."""
    with app.app_context():
        world = World.build(app)
        fill(world, folder, count)
        wanted = list(addresses(world))
        browsers = {persona: world.browser(persona) for _, persona, _ in wanted}
        statements: list[str] = []
        sa.event.listen(db.engine, "before_cursor_execute", lambda *seen: statements.append(seen[2]))
        db.session.commit()
        db.session.remove()
    pages = {}
    # Outside of the context that filled the house: each request gets one of its own, as it does when served.
    for page, persona, address in wanted:
        figures = timed(browsers[persona], address, statements)
        if figures is not None:
            pages[page] = figures
    worst = {name: max(figures[name] for figures in pages.values()) for name in ("p50_ms", "p95_ms", "queries")}
    return {"sheets": count, "pages": pages, **worst}


def main() -> int:
    """Read the arguments and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sheets", type=int, default=30_196)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(measure(house(folder), Path(folder), arguments.sheets), ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
