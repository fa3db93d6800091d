"""When a sheet's stated category contradicts what its text says, or no category can be told at all.

Promise: precision first: a conflict is raised only where the text speaks plainly of another branch of the tree and
the stated category is implausible. Not here: choosing the category (an editor or a threshold does).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from catalog.categories.features import VENDOR_ATTRIBUTES, Values
from catalog.categories.names import NameSuggester
from catalog.issues import issue
from catalog.sheets import CategorySuggestion, Issue
from catalog.taxonomy import SEPARATOR

# Of suggestions scored .90 or more, 97 of 100 were right on the held-out tenth.
SURE = 0.90
# Below this the text gives no lead at all. A lead that is too weak to be taken is a suggestion to choose from, no fault of
# the sheet. Of 64 plain, well-written sheets of many kinds 19 stood from .28 to .40; texts without sense mostly have no
# suggestion.
IDENTIFIED = 0.28
# Names alone are weaker evidence. The title's best word must be rare among the names and hardly speak of the stated
# branch, and the other way round. On 5,000 real sheets with their true category stated it was raised on 1.2 %, with a
# category of another branch on 23 %; with a strength of 4.2: 1.6 % and 27 %.
STRONG = 4.5
OTHER_BRANCH = 0.3
# A book, a record or a film may speak of anything.
ANY_SUBJECT = frozenset({"783"})


def category_conflict(
    stated_path: str | None,
    suggestions: Sequence[CategorySuggestion],
    names: NameSuggester | None = None,
    values: Values | None = None,
) -> Issue | None:
    """Return the issue that the stated path is another branch of the tree than the text speaks of, or None.

    Without a sure suggestion the names of the categories are asked, where `names` and `values` are given.
    """
    if not stated_path:
        return None
    if suggestions and suggestions[0].score >= SURE:
        best = suggestions[0]
        stated, told = _steps(stated_path), _steps(best.path)
        near = stated[:2] == told[: len(stated[:2])] or any(_steps(other.path) == stated for other in suggestions)
        if not near:
            return issue("category_conflict", "category", stated_path, suggested=best.path, score=best.score)
    return names_conflict({**values, "product_type": stated_path}, names) if names and values is not None else None


def names_conflict(values: Values, names: NameSuggester) -> Issue | None:
    """Return the issue that the title's words name another top category than the vendor's category, or None."""
    said = " ".join(str(values.get(name) or "") for name in VENDOR_ATTRIBUTES).strip()
    if not said or said.isdigit():
        return None
    stated, told = _stated_branches(values, said, names), names.branches({"title": values.get("title")})
    if not stated or not told:
        return None
    stated_top, told_top = max(stated, key=stated.__getitem__), max(told, key=told.__getitem__)
    if stated_top == told_top or not ANY_SUBJECT.isdisjoint((stated_top, told_top)):
        return None
    weak = min(told[told_top], stated[stated_top]) < STRONG
    # "Sport" names clothes and bags as much as bicycles: each branch that it names best is a stated one.
    best = [branch for branch, strength in stated.items() if strength == stated[stated_top]]
    mixed = max(*(_against(told, branch) for branch in best), _against(stated, told_top)) > OTHER_BRANCH
    if weak or mixed:
        return None
    return issue("category_conflict", "category", said, suggested=names.taxonomy.path(told_top, names.locale))


def _stated_branches(values: Values, said: str, names: NameSuggester) -> Mapping[str, float]:
    """Return the branch of a category that is in the tree, or else those its words speak of."""
    known = names.taxonomy.by_path(str(values.get("product_type") or ""), names.locale)
    if known is None:
        return names.branches_of_shelf(said)
    above = names.taxonomy.ancestors(known.id)
    return {above[0].id if above else known.id: 2 * STRONG}


def category_unknown(suggestions: Sequence[CategorySuggestion]) -> Issue | None:
    """Return the issue that the category could not be identified, where even the best suggestion is a guess."""
    if suggestions and suggestions[0].score >= IDENTIFIED:
        return None
    return issue("1004", "category", suggestions[0].path if suggestions else None)


def _against(branches: Mapping[str, float], other: str) -> float:
    return branches.get(other, 0.0) / max(branches.values())


def _steps(path: str) -> list[str]:
    return [step.strip().casefold() for step in path.split(SEPARATOR.strip())]
