"""The sheets of one vendor that have one fault, as a file that can be corrected and sent again.

Columns are the vendor's own, in the words of its last file, so that its mapping is remembered; the columns of the error
stand after them, as in the report of an import. Streamed; no cell can become a formula.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from backoffice.exporting import csv_line
from backoffice.extensions import db
from catalog import issues, reports
from catalog.figures.counting import LIVE
from catalog.harmonization import RULES
from catalog.models import Listing
from catalog.sheets import Locale
from catalog.vendor_report import ERROR_COLUMNS

BATCH = 500
_READ = (Listing.row, Listing.mapped, Listing.sources, Listing.issues)


def lines(vendor_id: int, code: str, locale: Locale) -> Iterator[str]:
    """Yield the lines of a CSV of the vendor's sheets that have this fault, mended or not."""
    heads = _heads(vendor_id, code)
    yield "\ufeff" + csv_line([*heads.values(), *ERROR_COLUMNS])
    for row in db.session.execute(
        _query(vendor_id, code, *_READ).order_by(Listing.id).execution_options(yield_per=BATCH)
    ):
        told = [reports.words(one, locale) for one in row.issues if one["code"] == code]
        said = " | ".join(told) or issues.fix(code, locale)
        yield csv_line([*(row.mapped.get(name, "") for name in heads), row.row, code, said])


def _heads(vendor_id: int, code: str) -> dict[str, str]:
    """Return the attributes of these sheets, each with the column it most often came from; one column a name."""
    seen: dict[str, Counter[str]] = {}
    for (sources,) in db.session.execute(_query(vendor_id, code, Listing.sources).execution_options(yield_per=BATCH)):
        for name, column in sources.items():
            seen.setdefault(name, Counter())[column] += 1
    heads: dict[str, str] = {}
    for name, counted in seen.items():
        column = counted.most_common(1)[0][0]
        heads[name] = column if column not in heads.values() else name
    return dict(sorted(heads.items(), key=lambda pair: (pair[0] != "id", pair[0] != "title")))


def _query(vendor_id: int, code: str, *columns: Any) -> sa.Select[Any]:
    rules = [each.id for each in RULES.values() if each.fixes == code]
    has = [_holds(Listing.issues, {"code": code}), *(_holds(Listing.changes, {"rule": rule}) for rule in rules)]
    return sa.select(*columns).where(Listing.vendor_id == vendor_id, Listing.status.in_(LIVE), sa.or_(*has))


def _holds(column: Any, wanted: Mapping[str, str]) -> sa.ColumnElement[bool]:
    """Return the condition that a stored list has an entry with this value, as each database can say it."""
    if db.engine.dialect.name == "postgresql":
        return sa.type_coerce(column, JSONB).contains([dict(wanted)])
    [(name, value)] = wanted.items()
    return sa.func.instr(sa.type_coerce(column, sa.Text), f'"{name}":"{value}"') > 0
