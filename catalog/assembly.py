"""A mapped sheet through every pure stage: harmonized, categorized, its keywords, completeness and quality.

    MappedSheet → harmonization → category → keywords → completeness, quality → MadeSheet

Pure; sheets are made in batches because a category model is fast in batches only. Promise: the same workshop and sheet
give the same result, so that a listing can be made again at any time. Not here: where sheets come from and go to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from catalog import gates, quality
from catalog.categories import Suggester
from catalog.gates import Gate
from catalog.harmonization import Context, harmonize, own_values
from catalog.issues import issue
from catalog.keywords import KeywordContext, contradictions, keyword_gaps
from catalog.requirements import EVERYWHERE, Level, Requirements, default_requirements
from catalog.sheets import CategorySuggestion, HarmonizedSheet, Issue, KeywordGap, Locale, MappedSheet, Value
from catalog.taxonomy import Category, Taxonomy


@dataclass(frozen=True, eq=False)
class Recipe:
    """What a workshop is put together from, small enough to be sent to another process; equal only to itself.

    `learned` holds what the vendor's sheets taught; `model` is the folder of a trained category model, where there is
    one: another model is in another folder.
    """

    locale: Locale
    taxonomy: Taxonomy
    learned: Mapping[str, Any] = field(default_factory=dict)
    model: Path | None = None
    currency: str = "EUR"
    review_below: float = 0.8
    category_accept: float = 0.7
    # {category: {attribute: level}}; None for the levels that a marketplace starts from.
    levels: Mapping[str, Mapping[str, Level]] | None = None
    gates: Sequence[Gate] = ()
    # The operator's own values by attribute: word → value, in the sheets' language.
    lists: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    # Rules that do not work: {category or "*" for all: [rule or "rule:attribute"]}.
    off: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the recipe in plain types."""
        tree = [[one.id, one.parent, dict(one.labels)] for one in self.taxonomy]
        plain_types = {
            "taxonomy": [tree, dict(self.taxonomy.successors)],
            "model": str(self.model) if self.model else None,
            "gates": [gate.as_json() for gate in self.gates],
        }
        return {one.name: getattr(self, one.name) for one in fields(self)} | plain_types

    @classmethod
    def of_json(cls, said: Mapping[str, Any]) -> Recipe:
        """Return the recipe of these plain types."""
        categories, successors = said["taxonomy"]
        read = {
            "taxonomy": Taxonomy.of((Category(*one) for one in categories), successors=successors),
            "model": Path(said["model"]) if said["model"] else None,
            "gates": tuple(Gate.of_json(one) for one in said["gates"]),
        }
        return cls(**{**said, **read})

    @cached_property
    def requirements(self) -> Requirements:
        """The levels as they are inherited along the tree."""
        if self.levels is None:
            return default_requirements(self.taxonomy)
        levels = {code: {name: Level(one) for name, one in asked.items()} for code, asked in self.levels.items()}
        return Requirements(levels, self.taxonomy)


@dataclass(frozen=True, slots=True)
class Workshop:
    """All that a sheet is made with: what is known of the vendor and of the marketplace."""

    context: Context
    taxonomy: Taxonomy
    suggester: Suggester
    keywords: KeywordContext
    requirements: Requirements = field(default_factory=default_requirements)
    # A suggested category is taken without a person at or above this calibrated score.
    category_accept: float = 0.7
    # What the law asks for that the operator has switched on.
    gates: Sequence[Gate] = ()
    # Rules that do not work in a category and those below it, beside those that work nowhere (`context.disabled`).
    off: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def default(cls, locale: Locale = "fr") -> Workshop:
        """Return the workshop of a marketplace of which nothing is known: built-in tree, lexicons and suggestions."""
        taxonomy = Taxonomy.builtin()
        suggester = Suggester.of_labels(taxonomy, locale)
        return cls(Context.default(locale), taxonomy, suggester, KeywordContext.default(locale, taxonomy))

    @classmethod
    def of(cls, recipe: Recipe) -> Workshop:
        """Return the workshop that a recipe describes; the same one in every process."""
        plain, learned = Context.default(recipe.locale), recipe.learned
        context = replace(
            plain,
            brands=plain.brands.with_learned(learned.get("brands", {})),
            boilerplate=plain.boilerplate | frozenset(learned.get("boilerplate", ())),
            spellings={**plain.spellings, **learned.get("spellings", {})},
            title_style=learned.get("title_style") or plain.title_style,
            currency=recipe.currency,
            review_below=recipe.review_below,
            given=plain.given | frozenset(learned.get("given", ())),
        ).with_values(own_values(recipe.lists))
        suggester = Suggester.kept(recipe.model, recipe.taxonomy, recipe.locale)
        keywords = KeywordContext.default(recipe.locale, recipe.taxonomy)
        shop = cls(
            context, recipe.taxonomy, suggester, keywords, recipe.requirements, recipe.category_accept, recipe.gates
        )
        return shop.without(recipe.off) if recipe.off else shop

    def without(self, off: Mapping[str, Sequence[str]]) -> Workshop:
        """Return this workshop with these rules off and no others: {category or "*": [rule or "rule:attribute"]}."""
        nowhere = frozenset(off.get(EVERYWHERE, ()))
        within: dict[str, frozenset[str]] = {}
        for code, rules in off.items():
            standing = self.taxonomy.standing(code)
            if standing is not None:
                within[standing] = within.get(standing, frozenset()) | frozenset(rules)
        return replace(self, context=replace(self.context, disabled=nowhere), off=within)

    def off_in(self, category: str | None) -> frozenset[str]:
        """Return the rules that are off in this category besides those that are off everywhere."""
        if category is None or category not in self.taxonomy:
            return frozenset()
        lineage = (category, *(one.id for one in self.taxonomy.ancestors(category)))
        return frozenset().union(*(self.off.get(code, frozenset()) for code in lineage))

    def learned(self, sheets: Sequence[MappedSheet], given: frozenset[str] = frozenset()) -> Workshop:
        """Return this workshop knowing what a vendor's own sheets teach: brands, repeated lines, spellings."""
        return replace(self, context=self.context.learned(sheets)).of_file(given)

    def of_file(self, given: frozenset[str]) -> Workshop:
        """Return this workshop for a file that has a column for these attributes: an empty cell of theirs is told."""
        return replace(self, context=replace(self.context, given=self.context.given | given))


@dataclass(frozen=True, slots=True)
class MadeSheet:
    """A sheet with all that the catalogue has to say about it."""

    mapped: MappedSheet
    sheet: HarmonizedSheet
    issues: tuple[Issue, ...]
    keywords: tuple[KeywordGap, ...]
    suggestions: tuple[CategorySuggestion, ...]
    category: str | None
    completeness: float
    missing: tuple[str, ...]
    quality: float


def make(sheets: Sequence[MappedSheet], workshop: Workshop) -> list[MadeSheet]:
    """Make a batch of sheets, in their order."""
    harmonized = [harmonize(sheet, workshop.context) for sheet in sheets]
    suggested = workshop.suggester.suggest([sheet.values for sheet in harmonized])
    if workshop.off:
        harmonized = _with_categories_off(sheets, harmonized, suggested, workshop)
    return [
        _finish(mapped, sheet, tuple(found), workshop)
        for mapped, sheet, found in zip(sheets, harmonized, suggested, strict=True)
    ]


def _with_categories_off(
    sheets: Sequence[MappedSheet],
    harmonized: Sequence[HarmonizedSheet],
    suggested: Sequence[Sequence[CategorySuggestion]],
    workshop: Workshop,
) -> list[HarmonizedSheet]:
    """Return the sheets, those again whose category has rules off: it is known only once a sheet was harmonized."""
    contexts: dict[frozenset[str], Context] = {}
    found = []
    for mapped, sheet, plausible in zip(sheets, harmonized, suggested, strict=True):
        off = workshop.off_in(_category_of(sheet, plausible, workshop))
        if off and off not in contexts:
            contexts[off] = replace(workshop.context, disabled=workshop.context.disabled | off)
        found.append(harmonize(mapped, contexts[off]) if off else sheet)
    return found


def _category_of(sheet: HarmonizedSheet, suggestions: Sequence[CategorySuggestion], workshop: Workshop) -> str | None:
    return quality.choose_category(sheet, suggestions, workshop.taxonomy, workshop.category_accept)[0]


def remake(
    sheet: MappedSheet, workshop: Workshop, *, undone: Sequence[Sequence[str]] = (), values: Mapping[str, Value]
) -> MadeSheet:
    """Make one sheet again without the changes taken back, each (rule, attribute), and with an editor's own values."""
    apart = {f"{rule}:{attribute}" for rule, attribute in undone}
    context = replace(workshop.context, disabled=workshop.context.disabled | apart)
    harmonized = _overruled(harmonize(sheet, context), values)
    found = tuple(workshop.suggester.suggest([harmonized.values])[0])
    off = workshop.off_in(_category_of(harmonized, found, workshop)) if workshop.off else None
    if off:
        harmonized = _overruled(harmonize(sheet, replace(context, disabled=context.disabled | off)), values)
    return _finish(sheet, harmonized, found, workshop)


def _overruled(sheet: HarmonizedSheet, values: Mapping[str, Value]) -> HarmonizedSheet:
    """Return the sheet with a person's values, without what was found in the values they stand for."""
    if not values:
        return sheet
    issues = [issue for issue in sheet.issues if issue.attribute not in values]
    return replace(sheet, values={**sheet.values, **values}, issues=issues)


@dataclass(frozen=True, slots=True)
class Judged:
    """What a sheet's category makes of its values: what is missing, told as issues and figures."""

    issues: tuple[Issue, ...]
    completeness: float
    quality: float


# Issues that follow from the category alone; all others were found in the values.
_OF_CATEGORY = frozenset(("1000", "1004", *gates.all_gates()))


def judged(
    values: Mapping[str, Value],
    category: str | None,
    issues: Sequence[Issue],
    gaps: Sequence[KeywordGap],
    recipe: Recipe,
    *,
    row: int,
) -> Judged:
    """Judge values that stay as they are by what a category asks for, without making the sheet again."""
    share, missing = quality.completeness(values, category, recipe.requirements, recipe.locale)
    kept = [one for one in issues if one.code not in _OF_CATEGORY or (one.code == "1004" and not category)]
    if not category and not any(one.code in ("1001", "1004", "category_conflict") for one in kept):
        kept.append(issue("1004", row=row))
    told = (
        *kept, *quality.missing_issues(missing, row), *gates.missed(values, category, recipe.gates, recipe.taxonomy, row),
    )  # fmt: skip
    return Judged(told, round(share, 4), quality.score(HarmonizedSheet(row, values, (), told), gaps))


def _finish(
    mapped: MappedSheet, sheet: HarmonizedSheet, suggestions: tuple[CategorySuggestion, ...], workshop: Workshop
) -> MadeSheet:
    category, category_issues = quality.choose_category(sheet, suggestions, workshop.taxonomy, workshop.category_accept)
    values = {**sheet.values, "category": category} if category else dict(sheet.values)
    gaps = tuple(keyword_gaps(values, workshop.keywords))
    share, missing = quality.completeness(values, category, workshop.requirements, sheet.locale)
    asked = gates.missed(values, category, workshop.gates, workshop.taxonomy, sheet.row) if workshop.gates else ()
    issues = (
        *sheet.issues, *category_issues, *contradictions(gaps), *quality.missing_issues(missing, sheet.row), *asked,
    )  # fmt: skip
    whole = replace(sheet, values=values, issues=issues)
    return MadeSheet(
        mapped,
        replace(sheet, values=values),
        issues,
        gaps,
        suggestions,
        category,
        share,
        tuple(missing),
        quality.score(whole, gaps),
    )


def plain(parts: Sequence[Any]) -> list[dict[str, Any]]:
    """Return frozen values as they are stored: dictionaries of plain types."""
    return [{name: getattr(part, name) for name in _names_of(part.__class__)} for part in parts]


@cache
def _names_of(kind: Any) -> tuple[str, ...]:
    return tuple(one.name for one in fields(kind))
