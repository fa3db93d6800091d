"""Rules of what says nothing of a product: sales phrases, loud punctuation, surplus spaces.

Promise: a phrase is taken out only where it stands apart from the sentence around it, with the punctuation that held
it; phrases are those of the list and those the vendor repeats. Not here: addresses and telephone numbers (contact).
"""

from __future__ import annotations

import re

from catalog.harmonization.context import Context
from catalog.harmonization.draft import Draft, Hit
from catalog.harmonization.registry import Outcome, Repair, rule
from catalog.harmonization.tidying import TEXTS, tidy

_OPENS = frozenset('.!?…-–—|*([/,;:•~+>"»«#\n')
_CLOSES = frozenset('.!?…-–—|*)],;/•~+<"»«#\n')
_END = re.compile(r"\s*(?:%|[!.…?]+)?\s*")
_LOUD_SIGN = re.compile(r"[!*~=_#?<>|•]")
_LOUD = re.compile(r"!{2,}|[*~=_#]{2,}|\?{2,}|(?<!\d)!(?=\s*$)|^\s*[*~#>|•-]+\s+|^\s*!+|>{2,}|<{2,}")


@rule(
    "text.boilerplate",
    attribute=TEXTS,
    fixes="boilerplate",
    confidence=0.93,
    fr="Retire les formules qui ne disent rien du produit (« Voir la présentation », « Livraison gratuite »).",
    en="Removes phrases that say nothing of the product (“See more”, “Free shipping”).",
)
def boilerplate(value: str, draft: Draft, context: Context) -> Outcome:
    """Take out sales phrases that stand apart from the sentence around them, those of the list and those learned."""
    words = draft.words(draft.attribute)
    text = value
    for hit in reversed(words.phrases()):
        start, end = words.span(hit)
        if _stands_apart(value, start, end, hit, draft.attribute):
            text = _without(text, start, end, draft.attribute)
    text = _without_cut_phrase(text, context)
    if draft.attribute == "title" and (_LOUD_SIGN.search(text) or not text[:1].isalnum()):
        text = _LOUD.sub(" ", text)
    elif "!!" in text:
        text = re.sub(r"\s*!{2,}", " !" if context.locale == "fr" and " !!" in text else "!", text)
    if text == value:
        return None
    return Repair(tidy(text) or None)


def _stands_apart(text: str, start: int, end: int, hit: Hit, attribute: str) -> bool:
    before, after = text[:start].rstrip(), text[end:].lstrip()
    opened = not before or before[-1] in _OPENS
    before = before.rstrip("[(")
    closed = not after or after[0] in _CLOSES
    if opened and closed:
        at_an_end = not before or not after or after[0] in "!-–|*)"
        return bool(before or after) and (attribute == "description" or len(hit.term.parts) > 1 or at_an_end)
    shouted = text[start:end].isupper() and not text.isupper()
    if attribute == "title":
        return (shouted or len(hit.term.parts) > 1) and (not before or not after)
    return False


def _without(text: str, start: int, end: int, attribute: str) -> str:
    before, after = text[:start].rstrip(), text[end:]
    ended = _END.match(after)
    after = after[ended.end() :] if ended else after
    if before[-1:] in ("(", "[") and after[:1] in (")", "]"):
        before, after = before[:-1].rstrip(), after[1:]
    if attribute == "title" or not before.endswith((".", "!", "?", "…")):
        before = before.rstrip(' -–—|*/,;:•~+>#(["«' if not after or attribute == "title" else " -–—|*•~#")
    after = after.lstrip(" -–—|*/,;:•~+>#")
    joint = (
        " - " if attribute == "title" and before and after and text[start - 2 : start].strip() in ("-", "–") else " "
    )
    return before + joint + after if before and after else before + after


# A last piece of this many characters may be the beginning of a phrase; a shorter one proves nothing.
_CUT_PIECE = range(5, 61)


def _without_cut_phrase(text: str, context: Context) -> str:
    """Return the text without a last phrase that was itself cut ("… Voir la présen")."""
    at = max(text.rfind("…"), text.rfind("..."))
    if at < 0:
        return text
    start = at + (1 if text[at] == "…" else 3)
    cut = text[start:].strip().lower()
    if len(cut) in _CUT_PIECE and any(phrase.startswith(cut) for phrase in context.boilerplate):
        return text[:start].rstrip()
    return text


def _is_neat(text: str) -> bool:
    """Return whether a printable text, which has no space but the common one, needs no mending."""
    return not ("  " in text or "`" in text or "´" in text or text[0] == " " or text[-1] == " ")


_BACKQUOTE = re.compile(r"(?<=[^\W\d_])[`´](?=[^\W\d_])")
_TANGLES = ("  ", "\t", "\r", "`", "´", "\xa0 ", " \xa0", "\xa0\xa0", "\u202f ", " \u202f", "\n\n\n")


@rule(
    "text.spaces",
    attribute=(*TEXTS, "brand", "manufacturer_name", "mpn"),
    confidence=0.99,
    fr="Réduit les espaces en trop et remet les apostrophes droites.",
    en="Collapses surplus spaces and mends apostrophes.",
)
def spaces(value: str, draft: Draft, context: Context) -> Outcome:
    """Collapse runs of spaces; a title is one line; a backquote between letters is an apostrophe."""
    if value.isprintable() and _is_neat(value):
        return None
    one_line = draft.attribute != "description" and "\n" in value
    tangled = one_line or "  " in value or "\t" in value or value[0].isspace() or value[-1].isspace()
    if not tangled and (
        (value.isascii() and "`" not in value and "\n\n\n" not in value) or not any(map(value.__contains__, _TANGLES))
    ):
        return None
    text = _BACKQUOTE.sub("'", value) if "`" in value or "´" in value else value
    if one_line:
        text = text.replace("\n", " ")
    text = tidy(text)
    return Repair(text or None) if text != value else None
