"""Completeness and quality of a sheet, kept apart, and the category it is taken to have.

What: completeness is the share of asked-for attributes that are filled, and names the missing; quality is a table of
weighted checks, each of which an editor may dismiss, in bands from A to E. Promise: pure, computed from a sheet and
what was found in it, so that it is made again in the transaction that changes the sheet. Not here: finding faults
(harmonization), and what blocks publication (lifecycle).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from catalog.categories import NameSuggester, category_conflict, category_unknown, names_conflict
from catalog.issues import issue
from catalog.requirements import Level, Requirements
from catalog.sheets import CategorySuggestion, HarmonizedSheet, Issue, KeywordGap, Locale, Value
from catalog.taxonomy import Taxonomy

# ---- category -------------------------------------------------------------------------------------------------------

_STATED = ("category", "google_product_category", "product_type")


def choose_category(
    sheet: HarmonizedSheet, suggestions: Sequence[CategorySuggestion], taxonomy: Taxonomy, accept: float
) -> tuple[str | None, list[Issue]]:
    """Return the category's id and what a person should look at.

    A category stated by id or whole path is taken; otherwise the best suggestion from `accept` on; otherwise None.
    """
    stated = stated_category(sheet.values, taxonomy, sheet.locale)
    names = _names(taxonomy, sheet.locale)
    if stated:
        conflict = category_conflict(taxonomy.path(stated, sheet.locale), suggestions, names, sheet.values)
        return stated, [conflict] if conflict else []
    found: list[Issue] = []
    number = sheet.values.get("google_product_category")
    # The built-in tree holds a small part of Google's numbers: one that it lacks is not a wrong number.
    if isinstance(number, str) and number.strip() and taxonomy is not Taxonomy.builtin():
        found.append(issue("1001", "google_product_category", number, row=sheet.row))
    best = suggestions[0] if suggestions else None
    contradicted = names_conflict(sheet.values, names)
    if best is not None and best.score >= accept and best.id in taxonomy:
        return best.id, found + ([contradicted] if contradicted else [])
    # Where shelf and title speak of different things, that is why nothing was recognized: it says more than "unknown".
    unknown = contradicted or category_unknown(suggestions)
    return None, found + ([unknown] if unknown else [])


def stated_category(values: Mapping[str, Value], taxonomy: Taxonomy, locale: Locale) -> str | None:
    """Return the category that the sheet states by its id or its whole path in either language."""
    other: Locale = "en" if locale == "fr" else "fr"
    for attribute in _STATED:
        said = values.get(attribute)
        if isinstance(said, str) and said.strip():
            standing = taxonomy.standing(said.strip())
            if standing is not None:
                return standing
            found = taxonomy.by_path(said, locale) or taxonomy.by_path(said, other)
            if found:
                return found.id
    return None


@lru_cache(maxsize=8)
def _names(taxonomy: Taxonomy, locale: Locale) -> NameSuggester:
    return NameSuggester.of(taxonomy, locale)


# ---- completeness ---------------------------------------------------------------------------------------------------

# A required attribute counts twice: a sheet that lacks one is further from done than one that lacks a recommended.
_WEIGHTS: Mapping[Level, int] = {Level.REQUIRED: 2, Level.RECOMMENDED: 1}


class Missing(str):
    """The name of a missing attribute; `level` says how much it is needed."""

    __slots__ = ("level",)
    level: Level

    def __new__(cls, attribute: str, level: Level) -> Missing:
        """Make the name with its level."""
        missing = super().__new__(cls, attribute)
        missing.level = level
        return missing


def completeness(
    values: Mapping[str, Value], category: str | None, requirements: Requirements, locale: Locale = "fr"
) -> tuple[float, list[Missing]]:
    """Return the filled share (0 to 1) of what the category asks for, and what is missing, the required first.

    Texts count only in the language asked for where the sheet has them by language (`title_en` beside `title`).
    """
    asked = requirements.of(category)
    total = filled = 0
    missing: list[Missing] = []
    for attribute, level in asked.items():
        weight = _WEIGHTS.get(level, 0)
        if not weight:
            continue
        total += weight
        if _is_filled(category if attribute == "category" else _localized(values, attribute, locale)):
            filled += weight
        else:
            missing.append(Missing(attribute, level))
    missing.sort(key=lambda name: name.level is not Level.REQUIRED)
    return (round(filled / total, 4) if total else 1.0), missing


# What is said in a language; a number or a barcode is the same in all.
_TEXTS = ("title", "description")


def completeness_by_locale(
    values: Mapping[str, Value], category: str | None, requirements: Requirements, own: Locale
) -> dict[Locale, tuple[float, list[Missing]]]:
    """Return completeness in each language, the sheet's own first; a text in one language is missing in the other."""
    other: Locale = "en" if own == "fr" else "fr"
    untold = {name: value for name, value in values.items() if name not in _TEXTS}
    return {
        own: completeness(values, category, requirements, own),
        other: completeness(untold, category, requirements, other),
    }


def missing_issues(missing: Sequence[str], row: int | None = None) -> list[Issue]:
    """Return an issue for each missing attribute that is required; the recommended only lower completeness."""
    return [
        issue("1000", str(name), row=row)
        for name in missing
        if getattr(name, "level", Level.REQUIRED) is Level.REQUIRED
    ]  # fmt: skip


def _localized(values: Mapping[str, Value], attribute: str, locale: Locale) -> Value:
    own = values.get(f"{attribute}_{locale}")
    return own if own is not None else values.get(attribute)


def _is_filled(value: Value) -> bool:
    return value is not None and value not in ("", [], {})


# ---- quality --------------------------------------------------------------------------------------------------------


class Band(StrEnum):
    """Quality in five steps: A from 90 of 100, B from 80, C from 70, D from 60, E below."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"


BANDS = ((0.9, Band.A), (0.8, Band.B), (0.7, Band.C), (0.6, Band.D))


class Standing(StrEnum):
    """What an editor said of a failed check; nothing where it counts."""

    SET_ASIDE = "set_aside"


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the quality table: the issue codes or keyword gaps that fail it, and its weight in the score."""

    id: str
    weight: int
    attribute: str
    fails_on: frozenset[str]
    text: Mapping[Locale, str]


@dataclass(frozen=True, slots=True)
class CheckResult:
    """A check applied to a sheet; a dismissed one no longer lowers the score."""

    check: Check
    passed: bool
    dismissed: bool
    found: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quality:
    """The score from 0 to 1, its band, and every check."""

    score: float
    band: Band
    checks: tuple[CheckResult, ...]


def _check(check_id: str, weight: int, attribute: str, codes: str, fr: str, en: str) -> Check:
    return Check(check_id, weight, attribute, frozenset(codes.split()), {"fr": fr, "en": en})


# What a customer is turned away by weighs most: no title to find, no picture, nothing to read, a false statement.
CHECKS: tuple[Check, ...] = (
    _check("title.whole", 12, "title", "title_truncated truncated_title",
           "Le titre est entier.", "The title is whole."),
    _check("title.length", 8, "title", "title_too_short title_too_long",
           "Le titre a une bonne longueur.", "The title has a good length."),
    _check("title.readable", 6, "title", "title_all_caps title_repeated_words emoji_in_text",
           "Le titre se lit bien.", "The title reads well."),
    _check("title.brand", 6, "title", "missing_brand_in_title",
           "Le titre nomme la marque.", "The title names the brand."),
    _check("title.keywords", 8, "title", "missing_compatibility_term missing_category_noun",
           "Le titre porte les mots que l’on cherche.", "The title holds the words people search."),
    _check("text.truthful", 12, "title", "keyword_contradiction contradictory_term brand_conflict unit_conflict",
           "La fiche ne se contredit pas.", "The sheet does not contradict itself."),
    _check("description.present", 10, "description", "description_missing description_equals_title",
           "La description dit quelque chose.", "The description says something."),
    _check("description.clean", 6, "description",
           "html_in_text mojibake control_characters boilerplate contact_in_text",
           "Le texte est propre.", "The text is clean."),
    _check("description.language", 4, "description", "wrong_language",
           "Le texte est dans la bonne langue.", "The text is in the right language."),
    _check("brand.known", 6, "brand", "brand_missing", "La marque est indiquée.", "The brand is given."),
    _check("category.known", 8, "category", "1001 1004 category_conflict",
           "La catégorie est sûre.", "The category is certain."),
    _check("identifier.sound", 5, "gtin", "invalid_gtin restricted_gtin bulk_gtin gtin_digits_lost gtin_brand_clash",
           "Le code-barres est juste.", "The barcode is right."),
    _check("price.sound", 6, "price", "price_missing price_suspect price_format",
           "Le prix est clair.", "The price is clear."),
    _check("image.present", 8, "image_link",
           "image_missing image_url_invalid image_unreachable image_not_image image_too_large image_blank image_shared",
           "La fiche a une image.", "The sheet has an image."),
    _check("image.good", 4, "image_link", "image_too_small image_ratio image_duplicate",
           "Les images se voient bien.", "The images can be seen well."),
    _check("values.real", 5, "description",
           "placeholder_value 2006 1000 1002 not_as_described gpsr_manufacturer_missing gpsr_responsible_missing "
           "gpsr_warnings_missing epr_idu_missing energy_class_missing",
           "Les valeurs sont réelles.", "The values are real."),
)  # fmt: skip

_TOTAL_WEIGHT = sum(check.weight for check in CHECKS)
_FAILED_BY: Mapping[str, frozenset[int]] = {
    code: frozenset(place for place, check in enumerate(CHECKS) if code in check.fails_on)
    for check in CHECKS
    for code in check.fails_on
}


def quality(sheet: HarmonizedSheet, gaps: Sequence[KeywordGap] = (), dismissed: Collection[str] = ()) -> Quality:
    """Return how good a sheet is; `dismissed` holds ids of checks, or codes, that an editor set aside.

    The issues are the sheet's own: those of category and required attributes belong in it before.
    """
    found, aside = _codes(sheet, gaps), frozenset(dismissed)
    results = tuple(_applied(check, found, aside) for check in CHECKS)
    reached = sum(result.check.weight for result in results if result.passed or result.dismissed)
    reached_share = round(reached / _TOTAL_WEIGHT, 4)
    return Quality(reached_share, band_of(reached_share), results)


def score(sheet: HarmonizedSheet, gaps: Sequence[KeywordGap] = ()) -> float:
    """Return the score alone of a sheet of which nothing was set aside, as an import needs it of every sheet."""
    failed = set().union(*(_FAILED_BY.get(code, ()) for code in _codes(sheet, gaps)))
    return round((_TOTAL_WEIGHT - sum(CHECKS[place].weight for place in failed)) / _TOTAL_WEIGHT, 4)


def _codes(sheet: HarmonizedSheet, gaps: Sequence[KeywordGap]) -> set[str]:
    found = {one.code for one in sheet.issues} | {gap.kind for gap in gaps}
    if not _is_filled(sheet.values.get("image_link")):
        found.add("image_missing")
    if not _is_filled(sheet.values.get("description")):
        found.add("description_missing")
    return found


def _applied(check: Check, found: Collection[str], aside: Collection[str]) -> CheckResult:
    failing = tuple(sorted(check.fails_on.intersection(found)))
    left = [code for code in failing if code not in aside]
    return CheckResult(check, not failing, bool(failing) and (check.id in aside or not left), failing)


def band_of(score: float) -> Band:
    """Return the band of a score from 0 to 1."""
    return next((band for least, band in BANDS if score >= least), Band.E)
