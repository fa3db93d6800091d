"""What a customer chooses on a product page with variants: the options, their values, and each offer's own.

Promise: computed from what the sheets say each time they are shown, so that it is never out of step. Not here: which
sheets are variants (`catalog.grouping`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from catalog import publishing, sheet_page
from catalog.models import Listing
from catalog.sheets import Locale
from catalog.variants import distinguishing


@dataclass(frozen=True, slots=True)
class Choice:
    """A page's offers in the order of their options, then price; `words` says each one's variant by its id.

    `names` are the attributes that distinguish, `values` their labels and what there is to choose from.
    """

    offers: list[Listing]
    names: list[str] = field(default_factory=list)
    values: list[tuple[str, str]] = field(default_factory=list)
    words: dict[int, str] = field(default_factory=dict)


def of_page(listings: Sequence[Listing], locale: Locale) -> Choice:
    """Return what there is to choose among these sheets of one page; nothing to choose where they are no variants."""
    offered = publishing.offered(listings)
    cheapest = sorted(offered, key=lambda one: (one.price_minor is None, one.price_minor or 0))
    variants = [one for one in offered if one.group_key is not None]
    names = distinguishing([one.values for one in variants])
    if not names:
        return Choice(cheapest)
    said = {one.id: [sheet_page.shown(one.values.get(name)) for name in names] for one in offered}
    values = [
        (
            sheet_page.label(name, locale),
            ", ".join(dict.fromkeys(said[one.id][at] for one in variants if said[one.id][at])),
        )
        for at, name in enumerate(names)
    ]
    words = {number: " · ".join(filter(None, texts)) or "—" for number, texts in said.items()}
    # In the order in which the vendor names the values: sizes go S, M, L and not by their letters.
    named = [list(dict.fromkeys(texts[at] for texts in said.values())) for at in range(len(names))]
    places = {number: [named[at].index(text) for at, text in enumerate(texts)] for number, texts in said.items()}
    return Choice(sorted(cheapest, key=lambda one: places[one.id]), names, values, words)
