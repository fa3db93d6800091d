"""Numbers written as words, in French and English, read as the digits they spell.

`spoken_digits("zéro six douze, trente-quatre")` → one run with the digits "061234". Only runs in which at least one
number is a word are returned: plain digits are other patterns' work.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_FR_UNITS = [
    "zero",
    "un",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "six",
    "sept",
    "huit",
    "neuf",
    "dix",
    "onze",
    "douze",
    "treize",
    "quatorze",
    "quinze",
    "seize",
]
_FR_TENS = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante", 80: "quatre vingt"}
_EN_UNITS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_EN_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def _french(number: int) -> str:
    if number <= 16:
        return _FR_UNITS[number]
    if number < 20:
        return f"dix {_FR_UNITS[number - 10]}"
    base = 60 if 60 <= number < 80 else 80 if number >= 80 else number // 10 * 10
    rest = number - base
    if rest == 0:
        return _FR_TENS[base]
    return f"{_FR_TENS[base]} {_french(rest)}"


def _english(number: int) -> str:
    if number < 20:
        return _EN_UNITS[number]
    tens, rest = _EN_TENS[number // 10 - 2], number % 10
    return f"{tens} {_EN_UNITS[rest]}" if rest else tens


def _table() -> dict[tuple[str, ...], str]:
    # One-digit numbers spell one digit; from ten on, two: "zéro six douze" is 0 6 12.
    names = {tuple(name(number).split()): str(number) for name in (_french, _english) for number in range(100)}
    # "oh" for 0 in English, and the French of Belgium and Switzerland.
    return {**names, ("oh",): "0", ("septante",): "70", ("octante",): "80", ("huitante",): "80", ("nonante",): "90"}


_NUMBERS = _table()
_LONGEST = max(map(len, _NUMBERS))
_TOKEN = re.compile(r"[^\W\d_]+|\d+")
# What may stand between the numbers of one run.
_JOIN = re.compile(r"[\s,.;/*_()-]{0,3}(?:et\s)?")
_PLURAL = {"vingts": "vingt", "une": "un"}


def _plain(word: str) -> str:
    letters = "".join(c for c in unicodedata.normalize("NFKD", word.lower()) if not unicodedata.combining(c))
    return _PLURAL.get(letters, letters)


def spoken_digits(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, digits) of each run of at least four numbers of which one is a word."""
    tokens = [(m.start(), m.end(), _plain(m.group())) for m in _TOKEN.finditer(text)]
    # The "et" of "vingt et un" belongs to the number and says nothing.
    tokens = [token for token in tokens if token[2] != "et"]
    run: list[tuple[int, int, str, bool]] = []
    place = 0
    while place < len(tokens):
        digits, taken = _number_at(tokens, place)
        start, end = tokens[place][0], tokens[place + max(taken, 1) - 1][1]
        joined = bool(run) and _JOIN.fullmatch(text, run[-1][1], start) is not None
        if run and (not taken or not joined):
            yield from _finished(run)
            run = []
        if taken:
            run.append((start, end, digits, not tokens[place][2].isdigit()))
        place += max(taken, 1)
    yield from _finished(run)


def _number_at(tokens: list[tuple[int, int, str]], place: int) -> tuple[str, int]:
    """Return the digits of the number that begins here and how many tokens it takes; ("", 0) for none."""
    if tokens[place][2].isdigit():
        return tokens[place][2], 1
    for length in range(min(_LONGEST, len(tokens) - place), 0, -1):
        words = tuple(token[2] for token in tokens[place : place + length])
        if words in _NUMBERS:
            return _NUMBERS[words], length
    return "", 0


def _finished(run: list[tuple[int, int, str, bool]]) -> Iterator[tuple[int, int, str]]:
    if len(run) >= 4 and any(spoken for *_, spoken in run):
        yield run[0][0], run[-1][1], "".join(digits for _, _, digits, _ in run)
