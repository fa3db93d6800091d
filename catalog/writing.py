"""A chunk of an import written: new listings with their pages, changed ones, and a line for each line of the file.

Promise: an unchanged sheet is not written; what editors decided stays as far as the vendor's words are the same; each
change leaves the trace by which it is taken back. Not here: when a chunk is written (`pipeline`), how a sheet is made
(`assembly`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from flask import current_app

from backoffice.clock import now
from backoffice.extensions import db
from backoffice.vendors.lifecycle import can_sell
from catalog import grouping, keywords, listings, set_aside
from catalog.columns import columns_of
from catalog.desk import reasons, trust
from catalog.desk.selection import TrustLevel
from catalog.issues import MENDED_BY_EMPTYING
from catalog.lifecycle import ListingStatus
from catalog.mapping import Rules
from catalog.models import Import, ImportLine, LineOutcome, Listing, Product
from catalog.publishing import show_again
from catalog.rulebook import versions
from catalog.sheets import MappedSheet, Severity
from catalog.spill import Line
from catalog.switches import record
from catalog.takeback import traces

Columns = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Taking:
    """How a chunk's lines are taken: by which run, which attributes its file speaks of, what waits for an editor."""

    run: Import
    named: frozenset[str]
    below: float
    may_sell: bool
    trust: TrustLevel


def write(run: Import, lines: Sequence[Line], made: Mapping[str, Columns]) -> list[int]:
    """Write a chunk's listings, products and lines and count them; returns the new pages, of which the index must hear.

    `made` holds the columns of the sheets that say something new, by the vendor's identifier. The caller commits.
    """
    query = sa.select(Listing).where(Listing.vendor_id == run.vendor_id, Listing.sku.in_(list(made)))
    existing = {listing.sku: listing for listing in db.session.scalars(query)}
    below, level = current_app.config["REVIEW_BELOW"], trust.level_of(run.vendor_id)
    taking = _Taking(run, attributes_of(run), below, can_sell(run.vendor), level)
    created = _create(taking, {sku: one for sku, one in made.items() if sku not in existing})
    record.count_applied(made.values())
    sheets = {line.sku: line.sheet for line in lines if line.first is None}
    updated = [sku for sku in made if sku in existing]
    whole = {sku: _whole(existing[sku], sheets[sku], made[sku], taking) for sku in updated}
    traces.write([_update(existing[sku], whole[sku], made[sku]["content_hash"], taking) for sku in updated])
    grouping.follow([existing[sku] for sku in updated])
    # The indexer is asked for after several chunks, by who has them written.
    show_again(existing[sku].product_id for sku in updated)
    made = {**made, **whole}
    standing = _standing(run, [line.sku for line in lines if line.first is None and line.sku not in made])
    rows = [_line(run, line, made, standing, existing) for line in lines]
    db.session.execute(sa.insert(ImportLine.__table__), rows)
    _count(run, rows)
    return created


def _standing(run: Import, unchanged: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Return what still ails the sheets whose lines say nothing new: sent again unmended, a line is told again."""
    told = (Listing.sku, Listing.issues, Listing.dismissed)
    query = sa.select(*told).where(Listing.vendor_id == run.vendor_id, Listing.sku.in_(unchanged))
    return {
        sku: [issue for issue in issues if issue["code"] not in dismissed]
        for sku, issues, dismissed in (db.session.execute(query) if unchanged else ())
    }


def _line(
    run: Import,
    line: Line,
    made: Mapping[str, Columns],
    standing: Mapping[str, list[dict[str, Any]]],
    existing: Container[str],
) -> dict[str, Any]:
    fresh = line.first is None and line.sku in made
    found = made[line.sku]["issues"] if fresh else standing.get(line.sku, []) if line.first is None else []
    issues = [_issue_json(issue, line.sheet) for issue in (*found, *map(asdict, line.faults))]
    outcome = LineOutcome.UNCHANGED
    if any(issue["severity"] == Severity.ERROR for issue in issues):
        outcome = LineOutcome.ERROR
    elif fresh:
        outcome = LineOutcome.UPDATED if line.sku in existing else LineOutcome.CREATED
    return {"import_id": run.id, "row": line.sheet.row, "outcome": outcome, "sku": line.sku, "issues": issues}


def _issue_json(issue: Mapping[str, Any], sheet: MappedSheet) -> dict[str, Any]:
    """Return a fault as the line keeps it: with the vendor's column, without the row that the line has already."""
    column = issue["column"] or sheet.sources.get(issue["attribute"] or "")
    kept = ("code", "severity", "attribute", "value", "params")
    return {**{name: issue[name] for name in kept}, "column": column}


def _create(taking: _Taking, made: Mapping[str, Columns]) -> list[int]:
    """Insert new listings, each on a product page of its own or on that of its variants; returns the pages' ids."""
    if not made:
        return []
    times = {"created_at": now(), "updated_at": now()}
    rows = [{**_row(taking, sku, one), **times} for sku, one in made.items()]
    places = grouping.places(taking.run.vendor_id, rows, taking.named)
    pages = [_page(row) | times for row in places.leaders]
    # Asked for in the order of the rows, the ids would cost SQLite a statement a row. In any order they do as well:
    # of two new pages that say the same, either may be either listing's. The tables are written to rather than the
    # models, which would take the rows apart by what is absent in them.
    blank = defaultdict(list)
    told = (Product.id, Product.title, Product.brand, Product.category, Product.published)
    for number, *says in db.session.execute(sa.insert(Product.__table__).returning(*told), pages) if pages else ():
        blank[tuple(says)].append(number)
    for row in places.leaders:
        row["product_id"] = blank[tuple(_page(row).values())].pop()
    shared = places.settle()
    db.session.execute(sa.insert(Listing.__table__), rows)
    traces.write_created(taking.run, made)
    reasons.of_import(
        taking.run.vendor_id, {row["sku"]: row for row in rows if row["status"] == ListingStatus.TO_REVIEW}
    )
    show_again(shared)
    return [row["product_id"] for row in rows]


def _page(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the page of a single listing says."""
    said = {name: row[name] for name in ("title", "brand", "category")}
    return {**said, "published": row["status"] == ListingStatus.PUBLISHED}


def _row(taking: _Taking, sku: str, columns: Columns) -> dict[str, Any]:
    state = listings.state_of(columns, dismissed=(), flagged=False, below=taking.below, trust=taking.trust)
    if state["status"] == ListingStatus.PENDING and taking.may_sell:
        state["status"] = ListingStatus.PUBLISHED
    returned = state["status"] == ListingStatus.CHANGES_REQUESTED
    keys = {"vendor_id": taking.run.vendor_id, "sku": sku, "import_id": taking.run.id}
    return {**columns, **state, **keys, "returned": returned}


def _whole(listing: Listing, sent: MappedSheet, columns: Columns, taking: _Taking) -> Columns:
    """Return the columns of a sheet with what its line does not say and what editors decided."""
    mapped = _merged(listing, sent, named=taking.named, clear=taking.run.clear_empty)
    if not (listing.corrections or listing.undone) and mapped is sent:
        return columns
    return columns_of(listings.remake_of(listing, mapped, corrections=listing.corrections, undone=listing.undone))


def _update(listing: Listing, columns: Columns, digest: str, taking: _Taking) -> dict[str, Any]:
    """Bring a listing up to the vendor's new words; what editors decided stays as far as those words are the same.

    Returns the trace by which that can be taken back.
    """
    run, earlier = taking.run, traces.before(listing)
    columns = {**columns, "keywords": keywords.carried(listing.keywords, columns["keywords"])}
    dismissed, flagged = listing.dismissed, bool(listing.flags)
    state = listings.state_of(columns, dismissed=dismissed, flagged=flagged, below=taking.below, trust=taking.trust)
    if listing.status in (ListingStatus.WITHDRAWN, ListingStatus.REJECTED):
        state["status"] = ListingStatus.TO_REVIEW if listing.status == ListingStatus.REJECTED else state["status"]
    if state["status"] == ListingStatus.PENDING and taking.may_sell:
        state["status"] = ListingStatus.PUBLISHED
    for name, value in {**columns, **state, "content_hash": digest, "import_id": run.id}.items():
        setattr(listing, name, value)
    set_aside.rescore(listing)
    listing.version += 1
    listing.updated_at = now()
    return traces.changed(run.id, earlier, listing)


def attributes_of(run: Import) -> frozenset[str]:
    """Return what the file says something about: the attributes of its columns, and those that a rule makes."""
    made = Rules(versions.usable(run.mapping_version)[0], run.columns.keys()).made
    return made.union(attribute for attribute in run.columns.values() if attribute)


def _merged(listing: Listing, mapped: MappedSheet, *, named: frozenset[str], clear: bool) -> MappedSheet:
    kept = unsaid(listing.mapped, listing.issues, mapped.values, named=named, clear=clear)
    if not kept:
        return mapped
    return MappedSheet(mapped.row, {**kept, **mapped.values}, {**listing.sources, **mapped.sources}, mapped.extras)


def unsaid(
    before: Mapping[str, str],
    issues: Iterable[Mapping[str, Any]],
    said: Mapping[str, str],
    *,
    named: Container[str],
    clear: bool,
) -> dict[str, str]:
    """Return the earlier words of a sheet that a line leaves as they are.

    An absent column leaves the value; an empty cell clears it only where the import says so, or where that mends it.
    """
    wrong = {issue["attribute"] for issue in issues if issue["code"] in MENDED_BY_EMPTYING}
    return {
        name: text
        for name, text in before.items()
        if name not in said and not (name in named and (clear or name in wrong))
    }


def _count(run: Import, lines: Sequence[Mapping[str, Any]]) -> None:
    run.lines_read += len(lines)
    for line in lines:
        outcome = line["outcome"]
        run.lines_in_error += outcome == LineOutcome.ERROR
        run.lines_created += outcome == LineOutcome.CREATED
        run.lines_updated += outcome == LineOutcome.UPDATED
        run.lines_unchanged += outcome == LineOutcome.UNCHANGED
        run.lines_with_warning += outcome != LineOutcome.ERROR and bool(line["issues"])
