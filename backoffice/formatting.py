"""Numbers, money and times as the reader writes them: the template filters, all through Babel."""

from __future__ import annotations

import difflib
import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_timedelta
from babel.numbers import format_currency
from flask import Flask, current_app
from flask_babel import format_date as babel_date
from flask_babel import format_decimal, format_percent, get_locale
from flask_babel import gettext as _
from markupsafe import Markup, escape

from backoffice.clock import now

# What waits is counted so far and no further: beyond, a number moves nobody, and counting a third of a million things
# at every page takes 15 ms.
MANY = 1_000
# Currencies whose minor unit is not a hundredth; all others are.
_MINOR_DIGITS = {"JPY": 0, "KRW": 0, "TND": 3, "KWD": 3, "BHD": 3}


def money(amount_minor: int | None, currency: str = "EUR") -> str:
    """Return an amount in minor units as the reader writes money: 1 299,00 € or €1,299.00."""
    if amount_minor is None:
        return "—"
    return format_currency(units(amount_minor, currency), currency, locale=get_locale())


def units(amount_minor: int, currency: str) -> Decimal:
    """Return an amount in minor units in units of its currency: 129900 cents are 1299.00 euros, 1299 yen are 1299."""
    return Decimal(amount_minor).scaleb(-_MINOR_DIGITS.get(currency, 2))


def moment(value: datetime | None) -> str:
    """Return a moment with its date and time: 22 nov. 2026, 14:05."""
    if value is None:
        return "—"
    local = value.astimezone(ZoneInfo(current_app.config["TIMEZONE"]))
    return f"{babel_date(local, 'd MMM y', rebase=False)}, {local:%H:%M}"


def hour(value: datetime) -> str:
    """Return the time of a moment of today: 14:05."""
    return f"{value.astimezone(ZoneInfo(current_app.config['TIMEZONE'])):%H:%M}"


def quoted(text: object) -> str:
    """Return a text between the quotation marks of the reader's language."""
    return _("“%(text)s”", text=text)


def day(value: date | datetime | None) -> str:
    """Return a date: 22 nov. 2026."""
    if value is None:
        return "—"
    if isinstance(value, datetime):
        value = value.astimezone(ZoneInfo(current_app.config["TIMEZONE"])).date()
    return babel_date(value, "d MMM y")


def relative(value: datetime | None) -> Markup:
    """Return a moment relative to now within a day of it, with the exact time on hover; the exact time otherwise."""
    if value is None:
        return Markup("—")
    distance = value - now()
    words = moment(value)
    if abs(distance) < timedelta(hours=24):
        words = format_timedelta(distance, add_direction=True, locale=get_locale())
    return Markup('<time datetime="{}" title="{}">{}</time>').format(value.isoformat(), moment(value), words)


def number(value: float | None) -> str:
    """Return a number with the reader's separators."""
    return "—" if value is None else format_decimal(value)


def counted(value: int, most: int = MANY) -> str:
    """Return a number that was counted up to `most` and no further: 12, or 1,000+."""
    return f"{number(value)}{'+' if value >= most else ''}"


def percent(value: float | None) -> str:
    """Return a share from 0 to 1 as a percentage; in French its sign never begins a line."""
    return (
        "—" if value is None else format_percent(value, "#,##0.#\u00a0%" if str(get_locale()) == "fr" else "#,##0.#%")
    )


def paragraphs(text: str | None) -> Markup:
    """Return a person's text with its line breaks kept and nothing else believed."""
    return Markup("<br>").join(escape(line) for line in (text or "").splitlines())


def diff_words(before: object, after: object) -> list[tuple[str, str]]:
    """Return word runs as (op, text) with op "same", "deleted" or "added"."""
    left, right = (re.findall(r"\s+|[^\s]+", str(side or "")) for side in (before, after))
    runs: list[tuple[str, str]] = []
    for op, i1, i2, j1, j2 in difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if op == "equal":
            runs.append(("same", "".join(left[i1:i2])))
            continue
        runs += [("deleted", "".join(left[i1:i2]))] if i2 > i1 else []
        runs += [("added", "".join(right[j1:j2]))] if j2 > j1 else []
    return runs


def country(code: str | None) -> str:
    """Return a country's name in the reader's language; a code that none has as it is."""
    return str(Locale.parse(str(get_locale() or "fr")).territories.get(code or "", code or ""))


def register(app: Flask) -> None:
    """Give the filters to every template."""
    app.jinja_env.filters.update(
        hour=hour,
        quoted=quoted,
        money=money,
        datetime=moment,
        day=day,
        relative=relative,
        number=number,
        counted=counted,
        percent=percent,
        paragraphs=paragraphs,
        country=country,
    )
    app.jinja_env.globals["diff_words"] = diff_words
