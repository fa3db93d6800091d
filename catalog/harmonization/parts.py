"""Parts of an article, whose material and colour are not the article's."""

from __future__ import annotations

from catalog.harmonization.draft import Hit, Words

_PARTS = frozenset((
    "embout", "embouts", "toecap", "semelle", "semelles", "doublure", "manche", "poignee", "poignees",
    "lid", "lids", "lining",
))  # fmt: skip


def follows_part(hit: Hit, words: Words) -> bool:
    """Return whether a word is said of a part right before it ("embout acier", "manche en bois").

    A part that begins the text is the article itself.
    """
    before = hit.start - 2 if hit.start and words.folded[hit.start - 1] in ("en", "in") else hit.start - 1
    return before > 0 and words.folded[before] in _PARTS
