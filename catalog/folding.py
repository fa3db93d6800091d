"""Folding: texts in lower case without accents, whole or cut into words, as fast as Python allows.

Promise: pure; the same result byte by byte as letter by letter, for a text of any alphabet. Nearly all texts of western
Europe can be written in one byte a character, and a table of bytes rewrites them ten times as fast as one of letters.
A file whose encoding lacks a sign is written with what stands for it (`PLAINLY`).
Not here: what a word is for search or a rule (text, harmonization).
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from codecs import charmap_encode
from collections.abc import Callable
from encodings.cp1252 import encoding_table

_APOSTROPHES = {ord(mark): "'" for mark in "’‘`´ʼ"}
_LIGATURES = {ord("œ"): "oe", ord("æ"): "ae", ord("ß"): "ss", ord("ø"): "o", ord("ł"): "l", ord("đ"): "d"}
_FOLDED: dict[int, str] = {
    **{
        code: "".join(part for part in unicodedata.normalize("NFD", chr(code)) if not unicodedata.combining(part))
        for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))
    },
    **dict.fromkeys(range(768, 880), ""),
    **dict.fromkeys((160, 8199, 8201, 8239), " "),
    **dict.fromkeys(range(8208, 8214), "-"),
    ord("²"): "2", ord("³"): "3", ord("×"): "x", ord("″"): '"', ord("”"): '"', ord("“"): '"',
    **_LIGATURES,
    **_APOSTROPHES,
}  # fmt: skip
_BYTES = "cp1252"


def fold(text: str) -> str:
    """Return the text in lower case without accents, ligatures opened, dashes and apostrophes made plain."""
    if text.isascii():
        return text.lower()
    try:
        plain = charmap_encode(text, "strict", encoding_table)[0].translate(_FOLDED_BYTES)
    except UnicodeEncodeError:
        return text.lower().translate(_FOLDED)
    return plain.decode("ascii") if plain.isascii() else plain.decode(_BYTES).lower().translate(_FOLDED)


def _byte_table(rewrite: Callable[[str], str]) -> bytes:
    """Return what each byte is rewritten to; itself where that is not one byte."""
    letters = (bytes((byte,)).decode(_BYTES, errors="ignore") for byte in range(256))
    written = (rewrite(letter).encode(_BYTES) for letter in letters)
    return bytes(new[0] if len(new) == 1 else byte for byte, new in enumerate(written))


_FOLDED_BYTES = _byte_table(lambda letter: letter.lower().translate(_FOLDED))


class Cutter:
    """Cuts texts into the words that a pattern of letters names, and rewrites these (in lower case, or folded).

    A text is cut and rewritten byte by byte: what a word may hold becomes what it is rewritten to, all else a space.
    A text with letters of other alphabets is cut by the pattern.
    """

    def __init__(self, part: re.Pattern[str], rewrite: Callable[[str], str]) -> None:
        self._part, self._rewrite = part, rewrite
        self._table = _byte_table(lambda letter: rewrite(letter) if part.fullmatch(letter) else " ")

    def line(self, text: str) -> bytes | None:
        """Return the text with its words rewritten in place and all else blank; None where that cannot be."""
        if text.isascii():
            return text.encode("ascii").translate(self._table)
        try:
            return charmap_encode(text, "blank", encoding_table)[0].translate(self._table)
        except UnicodeEncodeError:
            return None

    def words(self, text: str, line: bytes | None) -> list[str]:
        """Return the rewritten words of a text of which the line is known."""
        if line is None:
            return self._rewrite(" ".join(self._part.findall(text))).split()
        # What is rewritten to several letters (a ligature) was left for now.
        return line.decode("ascii").split() if line.isascii() else self._rewrite(line.decode(_BYTES)).split()


def _blank(error: UnicodeError) -> tuple[str, int]:
    """Return spaces for signs that cannot be written in one byte; of letters and digits the error is raised."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    unknown = error.object[error.start : error.end]
    if any(sign.isalnum() or "\u0370" <= sign < "\u0500" for sign in unknown):
        raise error
    return " " * len(unknown), error.end


codecs.register_error("blank", _blank)


def _plainly(error: UnicodeError) -> tuple[str, int]:
    """Return what a file's encoding cannot write without its accents and curls, or else as question marks."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    unknown = error.object[error.start : error.end]
    return "".join(_PLAIN.get(ord(sign), "?") for sign in unknown), error.end


_PLAIN = _FOLDED | {
    ord("…"): "...", ord("Œ"): "OE", ord("Æ"): "AE", ord("€"): "EUR", ord("«"): '"', ord("»"): '"',
}  # fmt: skip
# For `open(…, errors=PLAINLY)`: "l’œuf" in cp850 is "l'oeuf".
PLAINLY = "plainly"
codecs.register_error(PLAINLY, _plainly)
