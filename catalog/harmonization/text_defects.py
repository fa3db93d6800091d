"""Rules that mend damaged text: mojibake, markup, emoji, invisible characters.

Promise: text that is not damaged comes out as it went in, down to its apostrophes and non-breaking spaces.
Not here: contact details (contact), sales phrases and spaces (boilerplate), the case and length of titles (titles).
Curly apostrophes are not straightened: they are good French, and search folds them anyway.
"""

from __future__ import annotations

import html
import re

import ftfy

from catalog.harmonization.context import Context
from catalog.harmonization.draft import Draft
from catalog.harmonization.registry import Outcome, Repair, fault, rule
from catalog.harmonization.tidying import NAMED, TEXTS, tidy

# What UTF-8 read as cp1252, Latin-1, cp850 or Mac Roman leaves: a lead byte's character before a continuation byte's. A
# capital letter after "Ã" is Portuguese, not a fault. Of the control characters above ASCII those are misread ones
# that cp1252 gives to signs of our languages ("’", "…", "œ") or cp850 to letters.
_GARBLED = re.compile(
    r"[ÃÂâÅÄÎÐïÔ√\x80-\x9f&](?:(?<=[ÃÂâÅÄÎÐ])[\x80-\xbf‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œžŸ€]|(?<=Ã)(?= |$|\w)|(?<=ï)(?:¿½|»¿)|"
    r"(?<=Ô)Ç|(?<=√)[©®™†ß¥Æπª¢Ø¨´]|(?<=[\x80-\x97\x99\x9a\x9c])|(?<=&)Atilde;)"
)
# Letters lost for good: the replacement character, or a question mark inside a word ("d?eau", "tr?s").
_LOST = re.compile(r"\ufffd|(?<=[^\W\d_])['’]?\?(?=[a-zà-ÿ])")
_MAYBE_LOST = re.compile(r"[?\ufffd](?:(?<=\ufffd)|(?=[a-zà-ÿ]|[^\W\d_]))")
_LOST_APOSTROPHE = re.compile(r"(?<![^\W\d_])([ldjmnsct]|qu)[?\ufffd](?=[aeiouyhâàéèêîôœ][^\W\d_])", re.IGNORECASE)


@rule(
    "text.mojibake",
    attribute=NAMED,
    fixes="mojibake",
    confidence=0.96,
    fr="Rétablit les accents abîmés par une erreur d’encodage.",
    en="Restores accents garbled by a wrong encoding.",
)
def mojibake(value: str, draft: Draft, context: Context) -> Outcome:
    """Undo a wrong decoding where that leaves less damage than before; report letters that are lost."""
    garbled = (not value.isascii() and ("├" in value or _GARBLED.search(value))) or "&Atilde;" in value
    if not garbled and "?" not in value and "\ufffd" not in value:
        return None
    mended = value
    if garbled:
        mended = ftfy.fix_encoding(value)
        if _damage(mended) >= _damage(value) and "\ufffd" not in value:
            mended = value
        if "ÔÇ" in value or "├" in value:
            mended = _from_cp850(mended)
    lost = None
    if _MAYBE_LOST.search(mended):
        mended = _LOST_APOSTROPHE.sub(r"\1'", mended)
        lost = _LOST.search(mended)
    found = fault("mojibake", draft, _around(mended, lost)) if lost and "://" not in mended else None
    if mended == value:
        return found or (fault("mojibake", draft, value[:80]) if garbled and _still_garbled(value) else None)
    return (Repair(mended), found) if found else Repair(mended)


def _damage(text: str) -> int:
    return text.count("├") + len(_GARBLED.findall(text))


def _from_cp850(text: str) -> str:
    """Return a text that a DOS console misread, read again; unchanged where that is not what happened."""
    try:
        return text.encode("cp850").decode("utf-8")
    except UnicodeError:
        return text


def _still_garbled(value: str) -> bool:
    return bool(re.search(r"Ã[©¨ª«§ ´»®¯¢¹]|â€|ï¿½|├®", value))


def _around(text: str, found: re.Match[str]) -> str:
    return text[max(0, found.start() - 20) : found.end() + 20]


_TAGS = (
    "a abbr article b big blockquote body br button caption center code col dd del div dl dt em embed figure font "
    "footer form h1 h2 h3 h4 h5 h6 head header hr html i iframe img input ins label li link main mark meta nav ol "
    "option p param pre s script section select small span strike strong style sub sup table tbody td tfoot th thead "
    "title tr tt u ul video wbr object svg path noscript"
)
_TAG = re.compile(rf"<(/?)({_TAGS.replace(' ', '|')}|[a-z]+:[a-z]+)\b((?:\s|/)[^<>]*)?>", re.IGNORECASE)
_CUT_TAG = re.compile(rf"<\s*/?(?:{_TAGS.replace(' ', '|')})\b[^<>]*$|</?$", re.IGNORECASE)
_UNSEEN = re.compile(r"<(script|style)\b.*?</\1\s*>|<!--.*?-->|<!\[CDATA\[|\]\]>|<!doctype[^<>]*>", re.I | re.S)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});", re.IGNORECASE)
_INLINE = frozenset(
    [
        "a",
        "abbr",
        "b",
        "big",
        "code",
        "del",
        "em",
        "font",
        "i",
        "ins",
        "label",
        "mark",
        "s",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "tt",
        "u",
        "wbr",
    ]
)
_MARKUP_PASSES = 3


@rule(
    "text.html",
    attribute=NAMED,
    fixes="html_in_text",
    confidence=0.97,
    fr="Retire les balises HTML et remplace les entités par leurs caractères.",
    en="Removes HTML tags and turns entities into characters.",
)
def markup(value: str, draft: Draft, context: Context) -> Outcome:
    """Take tags out and entities for what they mean; a lone "<" before a number is left alone."""
    if "<" not in value and "&" not in value:
        return None
    text = value
    for _ in range(_MARKUP_PASSES):
        if "<" not in text and "&" not in text:
            break
        stripped = _CUT_TAG.sub("", _TAG.sub(_tag_space, _UNSEEN.sub(" ", text)))
        plain = _ENTITY.sub(lambda entity: html.unescape(entity[0]), stripped)
        if plain == text:
            break
        text = plain
    if text == value:
        return None
    return Repair(tidy(text.replace("\xa0", " ")))


def _tag_space(tag: re.Match[str]) -> str:
    name = tag[2].lower()
    if name in _INLINE:
        return ""
    return "\n" if name == "li" and not tag[1] else " "


_EMOJI = re.compile(
    "(?:[\U0001f000-\U0001faff\U000e0020-\U000e007f\u2600-\u263f\u2650-\u26ff\u2700-\u27bf\u2b00-\u2bff\u25a0-\u25ff"
    "\u203c\u2049\u2190-\u2193\u21e8\u21d2\u2794\u231a-\u23ff\ue000-\uf8ff][\ufe0e\ufe0f\u200d\u20e3]*(?:(?<=\u200d)[\u2640\u2642]\ufe0f?)?|[0-9]\ufe0f?\u20e3|\ufe0f)+"
)
_BEYOND_LETTERS = re.compile("[\u203c\u2049\u20e3\u2190-\U000fffff]")
# Signs of the ranges above that mean something on a product: rotation, degrees of wash, arrows inside a range.
_MEANT = frozenset("→←↔℃Ø")


@rule(
    "text.emoji",
    attribute=TEXTS,
    fixes="emoji_in_text",
    confidence=0.97,
    fr="Retire les émojis et les symboles décoratifs.",
    en="Removes emoji and decorative symbols.",
)
def emoji(value: str, draft: Draft, context: Context) -> Outcome:
    """Take emoji, stars, hearts and ticks out of a text."""
    if value.isascii() or not _BEYOND_LETTERS.search(value):
        return None
    text = _EMOJI.sub(lambda found: found[0] if set(found[0]) <= _MEANT else "\ue000", value)
    if text == value:
        return None
    text = re.sub(r" ?\ue000(?=[.,;!?])|\ue000", " ", text) if "\ue000" in text else text
    return Repair(tidy(text))


_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f\x98\x9b\x9d-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffc]"
)
_LINE_CONTROLS = re.compile("[\x0b\x0c\x1c-\x1f\x85\u2028\u2029]")
# What word processors write for a hyphen that shows only at the end of a line.
_SOFT_HYPHEN = re.compile("(?<=[^\\W\\d_])\x1f(?=[^\\W\\d_])")


@rule(
    "text.control_characters",
    attribute="*",
    fixes="control_characters",
    confidence=0.99,
    fr="Retire les caractères qui ne se voient pas.",
    en="Removes characters that do not show.",
)
def control_characters(value: object, draft: Draft, context: Context) -> Outcome:
    """Take out control characters, zero-width marks and soft hyphens; what separated lines becomes a space."""
    if not isinstance(value, str) or value.isprintable():
        return None
    text = _INVISIBLE.sub("", _LINE_CONTROLS.sub(" ", _SOFT_HYPHEN.sub("", value)))
    if text == value:
        return None
    return Repair(tidy(text) if draft.attribute in TEXTS else text.strip())
