"""The report of mediation over a period, on a page and as a file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue

from backoffice import formatting, words
from backoffice.clock import now
from backoffice.exporting import csv_answer
from backoffice.permissions import Permission, requires
from disputes import reporting
from disputes.blueprint import bp
from disputes.figures import Share

DEFAULT_DAYS = 90


def _period() -> tuple[date, date]:
    """Return the first and last day asked for; the last 90 days where none or nonsense is."""
    today = now().astimezone(ZoneInfo(current_app.config["TIMEZONE"])).date()
    last = _day("to") or today
    first = _day("from") or last - timedelta(days=DEFAULT_DAYS - 1)
    return min(first, last), max(first, last)


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


def _moments(first: date, last: date) -> tuple[datetime, datetime]:
    zone = ZoneInfo(current_app.config["TIMEZONE"])
    start = datetime(first.year, first.month, first.day, tzinfo=zone)
    end = datetime(last.year, last.month, last.day, tzinfo=zone) + timedelta(days=1)
    return start, end


@bp.get("/disputes/report")
@requires(Permission.READ_REPORTS)
def report() -> ResponseReturnValue:
    """Show the figures of the disputes opened in a period."""
    first, last = _period()
    figures = reporting.read_figures(*_moments(first, last))
    charts = {
        "outcome": _bars(figures.by_outcome),
        "remedy": _bars(figures.by_remedy),
        "reason": _bars(figures.by_reason),
    }
    currency = current_app.config["CURRENCY"]
    return render_template(
        "disputes/report.html", figures=figures, charts=charts, first=first, last=last, currency=currency
    )


def _bars(shares: Sequence[Share]) -> list[dict[str, Any]]:
    """Return a mix as the chart macros take it: number and money of each part."""
    currency = current_app.config["CURRENCY"]
    return [
        {
            "label": words.label(share.member),
            "value": share.number,
            "display": f"{formatting.number(share.number)} · {formatting.money(share.amount_minor, currency)}",
        }
        for share in shares
    ]


@bp.get("/disputes/report.csv")
@requires(Permission.READ_REPORTS)
def report_csv() -> ResponseReturnValue:
    """Give out the disputes behind the report as a file."""
    first, last = _period()
    return csv_answer(reporting.as_csv(*_moments(first, last)), f"disputes-{first}-{last}.csv")
