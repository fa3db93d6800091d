"""The rule of cut titles: "Coque souple motif Dra…" completed with the words of the description.

A cut shows by its mark ("…", "[...]"), by a last word that only joins ("avec"), or by a description that says the title
and goes on within its last word.

Promise: only words that the description holds are added, and fewer rather than more. It runs before the brand is looked
for, which may stand in the part that was cut. Not here: the case and the length of titles (titles).
"""

from __future__ import annotations

import re

from catalog.harmonization.context import Context
from catalog.harmonization.draft import Draft
from catalog.harmonization.registry import Outcome, Repair, fault, rule
from catalog.text import fold, is_word

_CUT = re.compile(r"\s*(?:…|\.{2,}|[\[(](?:…|\.{2,})[\])])\s*$")
_MID_CUT = re.compile(r"\w(?:…|\.{3,})\s+\S{1,8}$")
# A title does not end so: "Montre homme avec", "Blender with". "Best of" does.
_JOINS = (" avec", " pour", " de", " du", " des", " et", " à", " au", " aux", " with", " for", " and", " the", " of")
_JOINING_SIGNS = ("/", "&", "(")
# Endings that a word of the description may have and the same word of a whole title lack.
_INFLECTIONS = frozenset(("s", "x", "e", "es"))
# A shorter title may be the beginning of anything.
SHORTEST_BEGINNING = 15
# A word as long after a title may begin a line of its own.
SHORTEST_LINE = 4
_LETTERS = re.compile(r"[^\W\d_]*")
_LAST_WORD = re.compile(r"[^\W\d_]+$")
# Where a description says the title, it goes on at most this far before the sentence turns to something else.
LONGEST_COMPLETION = 80
# The signs come first, so that the search skips to these.
_STOP_AT = re.compile(
    r"[\s.!?;…:,](?:(?<=\s)\s*[-–|:•]\s|(?<=[.!?;])(?:\s|$)|(?<=…)|(?<=\.)\.|(?<=\n)|(?<=:)\s|(?<=\s)\(?(?:est|sont|permet|permettent|vous|offre|offrent|poss[èe]de|dispose|"
    r"convient|assure|propose|pr[ée]sente|apporte|id[ée]ale?s?|parfaite?s?|qui|se|fera|is|are|was|has|have|features|"
    r"offers|comes|will|gives|makes|provides|lets|allows|keeps|that|which|perfect|ideal|delivers|brings|combines)\b"
    r"|(?<=,)\s(?=[a-zà-ÿ]))",
    re.IGNORECASE,
)
_DANGLING = re.compile(
    r"[\s,;:–(/&+-]+(?:de|du|des|le|la|les|et|en|à|avec|pour|of|the|and|with|for)?\s*$", re.IGNORECASE
)


@rule(
    "title.truncated",
    attribute="title",
    fixes="title_truncated",
    confidence=0.9,
    fr="Complète un titre coupé avec les mots de la description.",
    en="Completes a cut title with the words of the description.",
)
def truncated(value: str, draft: Draft, context: Context) -> Outcome:
    """Complete a cut title where the description holds the words that follow."""
    marked = "…" in value or ".." in value
    cut = _CUT.search(value) if marked else None
    if marked and not cut:
        return fault("title_truncated", draft, value) if _MID_CUT.search(value) else None
    if not cut and not _ends_joining(value):
        long = len(value) >= SHORTEST_BEGINNING and value[-1].isalpha()
        within = long and value in draft.text("description")
        if not within or not _is_within_word(value, draft.text("description")):
            return _last_word_completed(value, draft) if long and not within else None
    start = value[: cut.start()].rstrip() if cut else value
    rest = _continuation(start, draft.text("description")) if start else None
    if rest is None:
        return fault("title_truncated", draft, value)
    completed = (start + rest).rstrip(" -–,:;|(/")
    if len(completed) <= len(start) and rest:
        return fault("title_truncated", draft, value)
    ended = _ended_by_itself(start, rest, draft.text("description"))
    return Repair(completed, confidence=0.9 if ended else 0.78)


# A last word of this many letters that no dictionary has may be the beginning of one that the description says.
_BEGUN = range(3, 9)
_LEAST_MISSING = 2


def _last_word_completed(value: str, draft: Draft) -> Outcome:
    """Complete a last word that is no word, where the description says one and only one that begins with it."""
    begun = _LAST_WORD.search(value)
    last = begun[0] if begun else ""
    if len(last) not in _BEGUN or not last.islower() or not begun or value[begun.start() - 1 : begun.start()] != " ":
        return None
    folded = fold(last)
    words = {word for word in draft.words("description").folded if word.startswith(folded)}
    if len(words) != 1 or is_word(folded, "fr") or is_word(folded, "en"):
        return None
    (whole,) = words
    if len(whole) < len(folded) + _LEAST_MISSING or not is_word(whole, "fr"):
        return None
    written = re.search(rf"\b{re.escape(last)}\w+", draft.text("description"))
    return Repair(value[: begun.start()] + written[0], confidence=0.78) if written else None


def _ends_joining(title: str) -> bool:
    """Return whether a title ends in what joins it to more: a word, or a sign ("Pneu été 225/")."""
    if title.endswith(_JOINING_SIGNS):
        return len(title) >= SHORTEST_BEGINNING
    return title.endswith(_JOINS) and not title.lower().endswith("best of")


def _is_within_word(title: str, description: str) -> bool:
    """Return whether the description says the title and goes on within its last word: "Lampe de chev" has no mark."""
    at = description.find(title)
    end = at + len(title)
    if not description[end : end + 1].isalpha() or description[at - 1 : at].isalnum():
        return False
    begun = _LAST_WORD.search(title)
    rest = _LETTERS.match(description, end)
    if begun is None or rest is None or not rest[0] or rest[0] in _INFLECTIONS:
        return False
    return _is_one_word(begun[0], rest[0])


def _is_one_word(begun: str, rest: str) -> bool:
    """Return whether two pieces are one word: exports also glue the next line to a whole title ("SpiraleLongueur")."""
    if not (rest.isupper() if begun.isupper() and len(begun) > 1 else rest.islower()):
        return False
    return not is_word(fold(begun), "fr") and not (len(rest) >= SHORTEST_LINE and is_word(fold(rest), "fr"))


def _continuation(start: str, description: str) -> str | None:
    """Return what follows the start of a title in the description, up to where the sentence turns; None if absent."""
    low, wanted = description.lower(), start.lower()
    at = low.find(wanted)
    best: str | None = None
    while at >= 0:
        rest = description[at + len(start) :]
        at = low.find(wanted, at + 1)
        stop = _STOP_AT.search(rest)
        piece = rest[: stop.start()] if stop else rest
        if len(piece) > LONGEST_COMPLETION:
            piece = re.match(r"\w*", rest)[0]  # type: ignore[index]
        if stop and (stop[0].startswith("…") or stop[0] == "..") and best is not None:
            continue
        if stop and stop[0].startswith("…") and piece and rest[: stop.end()].rstrip("… ") == piece:
            piece = _whole_words(piece)
        if best is None or len(piece) > len(best):
            best = piece
    if best is None:
        return None
    return best


def _whole_words(piece: str) -> str:
    """Return a piece without its last word, which was cut."""
    return piece.rsplit(" ", 1)[0] if " " in piece else ""


def _ended_by_itself(start: str, rest: str | None, description: str) -> bool:
    """Return whether the completed title is a piece of its own in the description, not the start of a sentence."""
    at = description.lower().find((start + (rest or "")).lower())
    after = description[at + len(start) + len(rest or "") :]
    return at >= 0 and (not after or bool(re.match(r"\s+[-–|:•]\s|[.!?](?:\s|$)|\s*\n", after)))
