"""A mapped sheet through every pure stage: harmonized, categorized, its keywords, completeness and quality.

    MappedSheet → harmonization → category → keywords → completeness, quality → MadeSheet

Pure; sheets are made in batches because a category model is fast in batches only. Promise: the same workshop and sheet
give the same result, so that a listing can be made again at any time. Not here: where sheets come from and go to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cache
from pathlib import Path
from typing import Any

from catalog import quality
from catalog.categories import Suggester
from catalog.harmonization import Context, harmonize
from catalog.keywords import KeywordContext, contradictions, keyword_gaps
from catalog.sheets import CategorySuggestion, HarmonizedSheet, Issue, KeywordGap, Locale, MappedSheet, Value
from catalog.taxonomy import Category, Requirements, Taxonomy, default_requirements


@dataclass(frozen=True, eq=False)
class Recipe:
    """What a workshop is put together from, small enough to be sent to another process; equal only to itself.

    `learned` holds what the vendor's sheets taught; `model` is the folder of a trained category model, where there is
    one, and `model_stamp` changes with it.
    """

    locale: Locale
    taxonomy: Taxonomy
    learned: Mapping[str, Any] = field(default_factory=dict)
    model: Path | None = None
    model_stamp: int = 0
    currency: str = "EUR"
    review_below: float = 0.8
    category_accept: float = 0.7

    def as_json(self) -> dict[str, Any]:
        """Return the recipe in plain types."""
        tree = [[one.id, one.parent, dict(one.labels)] for one in self.taxonomy]
        model = str(self.model) if self.model else None
        return {one.name: getattr(self, one.name) for one in fields(self)} | {"taxonomy": tree, "model": model}

    @classmethod
    def of_json(cls, said: Mapping[str, Any]) -> Recipe:
        """Return the recipe of these plain types."""
        tree = Taxonomy.of(Category(*one) for one in said["taxonomy"])
        return cls(**{**said, "taxonomy": tree, "model": Path(said["model"]) if said["model"] else None})


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
        )
        if recipe.model is not None:
            suggester = Suggester.load(recipe.model, recipe.taxonomy)
        else:
            suggester = Suggester.of_labels(recipe.taxonomy, recipe.locale)
        keywords = KeywordContext.default(recipe.locale, recipe.taxonomy)
        return cls(context, recipe.taxonomy, suggester, keywords, category_accept=recipe.category_accept)

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
    return [
        _finish(mapped, sheet, tuple(found), workshop)
        for mapped, sheet, found in zip(sheets, harmonized, suggested, strict=True)
    ]


def remake(
    sheet: MappedSheet, workshop: Workshop, *, undone: Sequence[Sequence[str]] = (), values: Mapping[str, Value]
) -> MadeSheet:
    """Make one sheet again without the changes taken back, each (rule, attribute), and with an editor's own values."""
    apart = {f"{rule}:{attribute}" for rule, attribute in undone}
    context = replace(workshop.context, disabled=workshop.context.disabled | apart)
    harmonized = harmonize(sheet, context)
    if values:
        issues = [issue for issue in harmonized.issues if issue.attribute not in values]
        harmonized = replace(harmonized, values={**harmonized.values, **values}, issues=issues)
    found = workshop.suggester.suggest([harmonized.values])[0]
    return _finish(sheet, harmonized, tuple(found), workshop)


def _finish(
    mapped: MappedSheet, sheet: HarmonizedSheet, suggestions: tuple[CategorySuggestion, ...], workshop: Workshop
) -> MadeSheet:
    category, category_issues = quality.choose_category(sheet, suggestions, workshop.taxonomy, workshop.category_accept)
    values = {**sheet.values, "category": category} if category else dict(sheet.values)
    gaps = tuple(keyword_gaps(values, workshop.keywords))
    share, missing = quality.completeness(values, category, workshop.requirements, sheet.locale)
    issues = (*sheet.issues, *category_issues, *contradictions(gaps), *quality.missing_issues(missing, sheet.row))
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
