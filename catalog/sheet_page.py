"""One sheet as its pages show it: values beside the vendor's words, and every decision with its why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import format_decimal

from backoffice.formatting import money
from catalog import attributes, issues, listings, quality, reports, tree, words
from catalog.attributes import ATTRIBUTES
from catalog.harmonization import RULES
from catalog.models import Listing
from catalog.sheets import Locale, Severity, Value


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
        keywords=[one | {"label": words.keyword_kind(one["kind"])} for one in listing.keywords],
        suggestions=[one | {"path": categories.path(one["id"], reader) or one["path"]} for one in listing.suggestions],
        category_path=categories.path(listing.category, reader),
        band=quality.band_of(listing.quality),
        doubts=open_doubts,
        feedback=[
            {"attribute": label(one["attribute"], reader), "words": one["words"] or issues.fix(one["code"], reader)}
            for one in listing.feedback
        ],
    )


def _names(listing: Listing) -> list[str]:
    named = [name for name in ATTRIBUTES if name in listing.mapped or listing.values.get(name) not in (None, "")]
    return [name for name in named if name != "category"]


def label(name: str | None, locale: Locale) -> str:
    """Return an attribute's name for people."""
    return issues.attribute_label(name, locale) if name else ""


def _line(listing: Listing, name: str, locale: Locale) -> Line:
    raw, value = listing.mapped.get(name, ""), shown(listing.values.get(name))
    return Line(
        name,
        label(name, locale),
        listing.sources.get(name, ""),
        raw,
        value,
        _verdict(listing, name, raw, value),
        corrected=name in listing.corrections,
        editable=name in attributes.EDITABLE,
    )


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
    return ", ".join(str(item) for item in value) if isinstance(value, list) else str(value)


def shown(value: Value) -> str:
    """Return a value as the reader writes it: 19,99 € and 1,5 L in French."""
    if isinstance(value, Mapping) and "amount" in value:
        return money(value["amount"], value.get("currency") or "EUR")
    if isinstance(value, Mapping) and isinstance(value.get("value"), int | float):
        return f"{format_decimal(value['value'])} {value.get('unit') or ''}".strip()
    return text_of(value)


def _change(change: Mapping[str, Any], locale: Locale, doubts: list[str]) -> dict[str, Any]:
    return {
        "attribute": label(change["attribute"], locale),
        "name": change["attribute"],
        "before": shown(change["before"]),
        "after": shown(change["after"]),
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
