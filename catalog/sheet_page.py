"""One sheet as its pages show it: values beside the vendor's words, and every decision with its why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from flask_babel import format_decimal
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from backoffice import audit
from backoffice.accounts.models import User
from backoffice.audit import TimelineEntry
from backoffice.extensions import db
from backoffice.formatting import money, percent
from catalog import attributes, gap_words, issues, listings, quality, reports, set_aside, tree, words
from catalog.attributes import ATTRIBUTES, Kind
from catalog.harmonization import RULES
from catalog.models import Import, Listing
from catalog.sheets import Locale, Severity, Value
from catalog.taxonomies import levels

# Attributes whose number is a share of a hundred.
SHARES = frozenset({"vat_rate"})


@dataclass(frozen=True, slots=True)
class Line:
    """One attribute: the vendor's words, the sheet's value, and what differs."""

    name: str
    label: str
    column: str
    raw: str
    value: str
    verdict: str
    corrected: bool
    editable: bool
    # Addresses of the web that the value is made of, to be followed; empty for anything else.
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetView:
    """All that a sheet's page shows."""

    lines: list[Line]
    changes: list[dict[str, Any]]
    taken_back: list[dict[str, Any]]
    issues: list[dict[str, Any]]
    keywords: list[dict[str, Any]]
    suggestions: list[dict[str, Any]]
    category_path: str
    band: str
    doubts: list[str]
    feedback: list[dict[str, str]]
    checks: list[dict[str, Any]]
    # Completeness in each language: (language, share, names of what is missing).
    complete: list[tuple[str, float, list[str]]]


def view(listing: Listing, locale: str) -> SheetView:
    """Return what the page of a listing shows, in the reader's language."""
    reader: Locale = "fr" if locale.startswith("fr") else "en"
    categories = tree.current()
    open_doubts = listings.doubts_of(listing)
    return SheetView(
        lines=[_line(listing, name, reader) for name in _names(listing)],
        changes=[_change(change, reader, open_doubts) for change in listing.changes],
        taken_back=[_rule(rule, attribute, reader) for rule, attribute in listing.undone],
        issues=[_issue(one, reader) for one in _by_severity(listing.issues)],
        keywords=[
            one | {"label": words.keyword_kind(one["kind"]), "evidence": gap_words.told(one, reader)}
            for one in listing.keywords
        ],
        suggestions=[one | {"path": categories.path(one["id"], reader) or one["path"]} for one in listing.suggestions],
        category_path=categories.path(listing.category, reader),
        band=quality.band_of(listing.quality),
        doubts=open_doubts,
        feedback=[
            {"attribute": label(one["attribute"], reader), "words": one["words"] or issues.fix(one["code"], reader)}
            for one in listing.feedback
        ],
        checks=_checks(listing, reader),
        complete=_complete(listing, reader),
    )


def _checks(listing: Listing, locale: Locale) -> list[dict[str, Any]]:
    """Return the checks of quality that found something, the heaviest first, those set aside with their reason."""
    failed = [one for one in set_aside.quality_of(listing).checks if not one.passed]
    blocking = {one["code"] for one in listing.issues if one["severity"] == Severity.ERROR}
    return [
        {
            "id": one.check.id,
            "text": one.check.text[locale],
            "weight": one.check.weight,
            "found": [issues.fix(code, locale) for code in one.found if code in issues.ISSUES],
            "dismissed": one.dismissed,
            "entry": listing.set_aside.get(one.check.id),
            "blocks": bool(blocking.intersection(one.found)),
        }
        for one in sorted(failed, key=lambda one: -one.check.weight)
    ]


def _complete(listing: Listing, locale: Locale) -> list[tuple[str, float, list[str]]]:
    own: Locale = "fr" if listing.locale.startswith("fr") else "en"
    found = quality.completeness_by_locale(listing.values, listing.category, levels.current(), own)
    return [
        (issues.language_name(language, locale), share, [issues.attribute_label(name, locale) for name in missing])
        for language, (share, missing) in found.items()
    ]


def _names(listing: Listing) -> list[str]:
    named = [name for name in ATTRIBUTES if name in listing.mapped or listing.values.get(name) not in (None, "")]
    return [name for name in named if name != "category"]


def label(name: str | None, locale: Locale) -> str:
    """Return an attribute's name for people."""
    return issues.attribute_label(name, locale) if name else ""


def _line(listing: Listing, name: str, locale: Locale) -> Line:
    raw, value = listing.mapped.get(name, ""), shown(listing.values.get(name), name)
    return Line(
        name,
        label(name, locale),
        listing.sources.get(name, ""),
        raw,
        value,
        _verdict(listing, name, raw, value),
        corrected=name in listing.corrections,
        editable=name in attributes.EDITABLE,
        addresses=_addresses(name, listing.values.get(name)),
    )


def _addresses(name: str, value: Value) -> tuple[str, ...]:
    if ATTRIBUTES[name].kind is not Kind.LINK:
        return ()
    found = value if isinstance(value, list) else [value]
    return tuple(one for one in found if isinstance(one, str) and one.startswith(("http://", "https://")))


def _verdict(listing: Listing, name: str, raw: str, value: str) -> str:
    """Reading "19,99 €" as an amount is no modification: only an explained change or an editor's hand is one."""
    if not raw or not value:
        return "same" if raw == value else "added" if value else "missing"
    touched = name in listing.corrections or any(change["attribute"] == name for change in listing.changes)
    return "changed" if touched and raw != value else "same"


def text_of(value: Value) -> str:
    """Return a value as the file of a vendor would write it, so that it can be read again: 1.5 L, 19.99 EUR, noir, rouge."""
    if value is None:
        return ""
    if isinstance(value, Mapping):
        if "amount" in value:
            return f"{value['amount'] / 100:.2f} {value.get('currency', '')}".strip()
        return f"{value.get('value', '')} {value.get('unit') or ''}".strip()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return ", ".join(str(item) for item in value) if isinstance(value, list) else str(value)


def shown(value: Value, name: str = "") -> str:
    """Return a value of an attribute as the reader writes it: 19,99 €, 1,5 L and 20 % in French."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return percent(value / 100) if name in SHARES else format_decimal(value)
    if isinstance(value, Mapping) and "amount" in value:
        return money(value["amount"], value.get("currency") or "EUR")
    if isinstance(value, Mapping) and isinstance(value.get("value"), int | float):
        return f"{format_decimal(value['value'])} {value.get('unit') or ''}".strip()
    text = text_of(value)
    return str(words.VALUES.get((name, text), text))


def _change(change: Mapping[str, Any], locale: Locale, doubts: list[str]) -> dict[str, Any]:
    return {
        "attribute": label(change["attribute"], locale),
        "name": change["attribute"],
        "before": shown(change["before"], change["attribute"]),
        "after": shown(change["after"], change["attribute"]),
        "rule": change["rule"],
        "reason": rule_text(change["rule"], locale),
        "confidence": change["confidence"],
        "source": change["source"],
        "doubtful": f"{change['rule']}:{change['attribute']}" in doubts,
    }


def _rule(rule: str, attribute: str, locale: Locale) -> dict[str, Any]:
    return {"rule": rule, "name": attribute, "attribute": label(attribute, locale), "reason": rule_text(rule, locale)}


def rule_text(rule: str, locale: Locale) -> str:
    """Return what a rule does, in one sentence."""
    return RULES[rule].text[locale] if rule in RULES else rule


def _by_severity(stored: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(stored, key=lambda issue: issue["severity"] != Severity.ERROR)


def _issue(stored: Mapping[str, Any], locale: Locale) -> dict[str, Any]:
    return {
        "code": stored["code"],
        "severity": Severity(stored["severity"]),
        "attribute": label(stored.get("attribute"), locale),
        "name": stored.get("attribute"),
        "column": stored.get("column") or "",
        "message": reports.words(stored, locale),
        "fix": issues.fix(reports.issue_of(stored), locale),
    }


def history(listing: Listing, locale: Locale, *, limit: int = 50) -> list[TimelineEntry]:
    """Return what happened to the sheet, newest first: what people decided, and the files that brought it."""
    acts = [_with_rule(act, locale) for act in audit.timeline(listing, limit=limit)]
    return sorted([*acts, *_arrivals(listing)], key=lambda one: one.at, reverse=True)[:limit]


def _with_rule(act: TimelineEntry, locale: Locale) -> TimelineEntry:
    """Return the act with the rule whose change was taken back in words; a rule that is gone keeps its name."""
    rule = RULES.get(act.reason) if act.verb in words.ABOUT_RULES else None
    return act if rule is None else replace(act, reason=rule.text[locale])


def _arrivals(listing: Listing) -> list[TimelineEntry]:
    """Return the file that last said something new of the sheet, and its first arrival where that was another."""
    query = sa.select(Import, User).outerjoin(User, Import.created_by_id == User.id)
    found = db.session.execute(
        query.options(joinedload(Import.file)).where(Import.id == listing.import_id)
    ).one_or_none()
    if found is None:
        return []
    run, user = found
    began = run.started_at or run.created_at
    sender = user.display_name if user is not None else listing.vendor.name
    said = _("sent it in “%(file)s”, line %(row)s", file=run.file.name, row=listing.row)
    arrivals = [TimelineEntry(began, sender, "import.confirm", said, [], "", {})]
    if listing.created_at < began:
        first = _("sent it for the first time")
        arrivals.append(TimelineEntry(listing.created_at, listing.vendor.name, "import.confirm", first, [], "", {}))
    return arrivals
