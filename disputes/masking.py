"""Hides e-mail addresses, phone numbers, links and messenger names in what buyer and vendor write to each other.

Also where they are spelled out ("jean point dupont arobase …", "zéro six douze …"), spaced letter by letter, or written
with look-alike letters. Order, tracking and article numbers, dates and amounts are left alone.
Promise: positions are found in a copy folded letter for letter, so that everything else stays as it was written.
Not here: who sees the original (mediators do) and who the masked text (`threads`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from disputes.spoken import spoken_digits

MASK = "•••••"


class Detail(StrEnum):
    """The kind of contact detail that was hidden."""

    EMAIL = "email"
    PHONE = "phone"
    LINK = "link"
    MESSENGER = "messenger"


@dataclass(frozen=True, slots=True)
class Found:
    """One hidden detail: its kind and where it stands in the original."""

    kind: Detail
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Masked:
    """A text as the other party reads it, and what was hidden in it."""

    text: str
    found: tuple[Found, ...]


# Letters of other scripts and signs that look like ours; one to one, so that positions stay.
_LOOKALIKES = str.maketrans(
    dict(
        pair
        for ours, theirs in {
            "a": "аα", "c": "с", "d": "ԁ", "e": "еε", "g": "ɡ", "h": "һ", "i": "іι", "j": "ј", "k": "κ", "o": "оο",
            "p": "рρ", "r": "г", "s": "ѕ", "t": "тτ", "u": "υ", "v": "ν", "x": "х", "y": "у",
            "A": "АΑ", "B": "ВΒ", "C": "С", "E": "ЕΕ", "H": "НΗ", "K": "КΚ", "M": "МΜ", "O": "ОΟ", "P": "РΡ",
            "T": "ТΤ", "X": "ХΧ", "Y": "УΥ", "@": "＠", ".": "．。·․", "-": "‐‑–—",
            **{str(digit): chr(0xFF10 + digit) for digit in range(10)},
        }.items()
        for pair in ((ord(theirs_letter), ours) for theirs_letter in theirs)
    )
)  # fmt: skip
_TLD = [
    "com",
    "fr",
    "net",
    "org",
    "eu",
    "io",
    "co",
    "uk",
    "de",
    "es",
    "it",
    "be",
    "ch",
    "lu",
    "nl",
    "pt",
    "pl",
    "info",
    "biz",
    "me",
    "tv",
    "app",
    "dev",
    "shop",
    "store",
    "online",
    "site",
    "xyz",
    "gg",
    "ly",
    "link",
]
_TLD_RE = "(?:" + "|".join(_TLD) + ")"
_AT = r"(?:\s?@\s?|\s?[(\[{]\s?(?:@|at|arobase|arobaze|chez)\s?[)\]}]\s?|\s(?:at|arobase|arobaze|arrobas)\s)"
_DOT = r"(?:\s?\.\s?|\s?[(\[{]\s?(?:\.|dot|point)\s?[)\]}]\s?|\s(?:dot|point)\s)"
_WORD = r"[\w+-]+"

_EMAIL = re.compile(rf"\b{_WORD}(?:{_DOT}{_WORD})*{_AT}{_WORD}(?:{_DOT}{_WORD})*?{_DOT}{_TLD_RE}\b", re.IGNORECASE)
_PLAIN_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LINK = re.compile(
    rf"\b(?:h(?:tt|xx)ps?\s?:\s?/\s?/\s?\S+|www\s?\.\s?\S+|(?:[\w-]+\.)+{_TLD_RE}\b(?:/\S*)?)"
    rf"|\b[\w-]{{3,}}\s?(?:[(\[]\s?(?:dot|point)\s?[)\]]|\s(?:dot|point)\s)\s?{_TLD_RE}\b",
    re.IGNORECASE,
)
# The name of a messenger alone is no contact detail; a name at the messenger is.
_MESSENGER = re.compile(
    r"\b(?:whats\s?app|telegram|signal|skype|snap(?:chat)?|insta(?:gram)?|messenger|wechat|viber|discord|facebook|fb)"
    r"\s?[:=]\s?@?(?P<named>[\w.#-]{3,})"
    r"|(?<![\w@.])(?P<at>@[a-z_][\w.]{2,})",
    re.IGNORECASE,
)
# One character, one space, one character …: an address written so that no pattern sees it.
_LETTER_BY_LETTER = re.compile(r"(?<!\S)(?:[\w@.+-] ){5,}[\w@.+-](?!\S)")
# A date, unless it goes on as a phone number does ("06.12.34" of "06.12.34.56.78").
_DATE = re.compile(
    r"(?<![\w./-])(?:\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)?\d{2}|(?:19|20)\d{2}-\d{2}-\d{2})\b(?![ ./-]\d{2}[ ./-]\d{2}\b)"
    r"(?:[ ,à]+\d{1,2}\s?[h:]\s?\d{0,2})?"
)
# What a parcel's or article's number looks like: letters mixed in, or more digits in one piece than any phone has.
_IDENTIFIER = re.compile(
    r"\b(?=\w*\d)(?=\w*[A-Za-z]{2})[A-Z0-9]{8,}\b|\b[A-Z]{1,3}-\d{4}-\d{4,}\b|(?<![\d+])(?!00)\d{13,}(?!\d)"
)

_PHONE_SIGN = re.compile(r"(?:\+|00)\s?[1-9][\d\s().-]{7,18}\d")
_PHONE_PLAIN = re.compile(r"(?<![\w.-])(?:\(0\)|0)\s?[1-9](?:[\s._/*-]{0,2}\d{2}){4}(?![\w-])")
_PHONE_GROUPED = re.compile(r"(?<![\w.-])(?<!\d )0[1-9]\d{2}[ .-]\d{3}[ .-]\d{3}(?![\w-])")
_PHONE_LETTERS = re.compile(
    r"(?<![\w.-])(?<!\d )[0oO](?=[\w\s.-]*\d)[\s._-]{0,2}[1-9lI](?:[\s._-]{0,2}[\doOlI]){8}(?![\w-])"
)
_NATIONAL = re.compile(r"0[1-9]\d{8}|(?:00)?33[1-9]\d{8}")


def mask(text: str, *, known: Iterable[str] = ()) -> Masked:
    """Return the text with contact details hidden; `known` are texts to leave alone, such as this order's numbers."""
    folded = text.translate(_LOOKALIKES)
    spared = _spared(folded, known)
    found: list[Found] = []
    for detect in DETECTORS:
        for hit in detect(folded):
            if not _touches(hit, spared) and not _touches(hit, ((f.start, f.end) for f in found)):
                found.append(hit)
    found.sort(key=lambda hit: hit.start)
    return Masked(_replaced(text, found), tuple(found))


def _spared(folded: str, known: Iterable[str]) -> list[tuple[int, int]]:
    """Return the spans that are certainly no contact detail."""
    spans = [match.span() for match in _DATE.finditer(folded)]
    spans += [match.span() for match in _IDENTIFIER.finditer(folded)]
    for term in known:
        if len(term) >= 4:
            spans += [match.span() for match in re.finditer(re.escape(term), folded, re.IGNORECASE)]
    return spans


def _touches(hit: Found, spans: Iterable[tuple[int, int]]) -> bool:
    return any(hit.start < end and start < hit.end for start, end in spans)


def _replaced(text: str, found: list[Found]) -> str:
    parts, place = [], 0
    for hit in found:
        parts += [text[place : hit.start], MASK]
        place = hit.end
    return "".join((*parts, text[place:]))


def _emails(folded: str) -> Iterator[Found]:
    for pattern in (_PLAIN_EMAIL, _EMAIL):
        for match in pattern.finditer(folded):
            yield Found(Detail.EMAIL, *match.span())


def _letter_by_letter(folded: str) -> Iterator[Found]:
    for match in _LETTER_BY_LETTER.finditer(folded):
        compact = match.group().replace(" ", "")
        if _PLAIN_EMAIL.search(compact) or _LINK.search(compact):
            yield Found(Detail.EMAIL if "@" in compact else Detail.LINK, *match.span())


def _links(folded: str) -> Iterator[Found]:
    for match in _LINK.finditer(folded):
        yield Found(Detail.LINK, *match.span())


def _messengers(folded: str) -> Iterator[Found]:
    for match in _MESSENGER.finditer(folded):
        yield Found(Detail.MESSENGER, *match.span("named" if match["named"] else "at"))


def _phones(folded: str) -> Iterator[Found]:
    for pattern in (_PHONE_SIGN, _PHONE_PLAIN, _PHONE_GROUPED):
        for match in pattern.finditer(folded):
            yield Found(Detail.PHONE, *match.span())
    for match in _PHONE_LETTERS.finditer(folded):
        digits = re.sub(r"[^0-9oOlI]", "", match.group()).translate(str.maketrans("oOlI", "0011"))
        if _NATIONAL.fullmatch(digits):
            yield Found(Detail.PHONE, *match.span())


def _spoken_phones(folded: str) -> Iterator[Found]:
    for start, end, digits in spoken_digits(folded):
        for match in _NATIONAL.finditer(digits):
            if match.group() == digits or digits.endswith(match.group()):
                yield Found(Detail.PHONE, start, end)


DETECTORS: tuple[Callable[[str], Iterator[Found]], ...] = (
    _letter_by_letter,
    _emails,
    _links,
    _phones,
    _spoken_phones,
    _messengers,
)
