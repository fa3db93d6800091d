"""Words of a text in French and English: tokens for search, spellings, language.

What it does: one analysis chain (elision, lower case, accents folded, singular and masculine, numbers with their
units) that both search engines, the keyword gaps and the harmonization share, and the word lists of spaCy's lookup
tables. Promise: pure, the same tokens for the same text everywhere, about 30,000 titles a second on one core.
Not here: what a word means for a product (harmonization) or how a query is answered (search).

spaCy's lookup tables are read, its pipelines are not run: a blank pipeline with the lookup lemmatizer made 21,000
sheets a second and its tokenizer splits "1,5 L" and "presse-agrumes" where a search needs them whole; a dictionary
of words already seen needs neither a `Doc` nor 130 MB of library in every worker.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, cast

import spacy_lookups_data

from catalog.folding import Cutter
from catalog.folding import fold as fold
from catalog.sheets import Locale

Language = Literal["fr", "en", "de", "es", "it", "nl", "pt"]
LEXICONS = Path(__file__).parent / "data" / "lexicons"
# Distinct words kept per locale; a catalogue of 30,000 sheets has about 60,000 and each costs some 200 bytes.
CACHED_WORDS = 200_000

_WORD = re.compile(r"\d+(?:[.,]\d+)?[^\W\d_]*|[^\W_]+(?:['’.&-][^\W_]+)*")


def words(text: str) -> list[str]:
    """Return the words of a text as they are written; hyphenated and elided words stay whole."""
    return _WORD.findall(text)


@dataclass(frozen=True, slots=True)
class Unit:
    """A written unit: its usual sign, the canonical unit of its family and the factor towards that one."""

    sign: str
    factor: float
    canonical: str
    family: str


@lru_cache(maxsize=1)
def units() -> dict[str, Unit]:
    """Return the units by folded spelling ("litres", "cl", '"'); a closed list, so no text can make it compute."""
    with (LEXICONS / "units.csv").open(encoding="utf-8", newline="") as file:
        return {
            fold(row["written"]): Unit(row["unit"], float(row["factor"]), row["canonical"], row["family"])
            for row in csv.DictReader(file)
        }


def _function_words(use: str) -> dict[Language, frozenset[str]]:
    """Return the function words of a use by language: "stop" for search, "tell" to tell languages apart."""
    with (LEXICONS / "function_words.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["use"] == use]
    return {cast(Language, row["language"]): frozenset(row["words"].split()) for row in rows}


# ---- search tokens ------------------------------------------------------------------------------------------------

# Words that say nothing of a product. "sans" and "avec" stay: "sans fil" is what the customer asks for.
_STOP = _function_words("stop")
_ELIDED = re.compile(r"^(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu|presqu)'(?=\w)")
_MEASURE = re.compile(
    r"(?<![\w.,])((?<!de )(?<!of )\d{1,3}(?: \d{3})+(?!\d)|"
    r"\d+(?:[.,]\d+)?)(?:\s*x\s*(\d+(?:[.,]\d+)?))?(?:\s*x\s*(\d+(?:[.,]\d+)?))?"
    r"\s?-?(" + "|".join(re.escape(written) for written in sorted(units(), key=len, reverse=True)) + r")(?![\w'])"
)
_DIMENSIONS = re.compile(r"(?<=\d)\s*x\s*(?=\d)")
# "iPhone 13 128" is a model and its memory, "1 500 W" one number.
_GROUPED = re.compile(r"(?<![\w.,])(\d{1,3}) (?!128|256|512)(\d{3})(?![\d.,])")
# The last three digits of a storage whose thousands are grouped: "1 000 Go", "1 024 Mo".
GROUPED_STORAGE = ("000", "024")
_CHUNK = re.compile(r"[a-z0-9]+(?:[.,][0-9]+)?(?:[-_'&+][a-z0-9]+)*|[^\x00-\x7f]+")
_LETTERS_THEN_NUMBER = re.compile(r"^([a-z]{3,})(\d{1,4})$")
_DECIMAL_IN_MEASURE = re.compile(r"(?<=\d)d(?=\d)")
# Measures that customers write in inches stay in inches: a 15.6" screen is asked for as 15.6, never as 39.6 cm.
_KEPT_SIGNS = {"in": "in", "ft": "ft", "oz": "oz", "lb": "lb"}


def tokens(text: str, locale: Locale = "fr") -> list[str]:
    """Return the search tokens of a text, in order.

    A number with a unit gives the number and the canonical measure ("1,5L" and "150 cl" both hold "1.5l"); a compound
    gives its parts and the whole ("presse-agrumes"); a text of stop words alone keeps them.
    """
    return folded_tokens(fold(text), locale)


def folded_tokens(folded: str, locale: Locale) -> list[str]:
    """Return the search tokens of a text that is folded already, in order."""
    if _has_digit(folded):
        folded = _DIMENSIONS.sub(" x ", folded)
        folded = _MEASURE.sub(_measure_token, folded)
        folded = _GROUPED.sub(r"\1\2", folded)
    cache, stop = _CACHES[locale], _STOP[locale]
    found: list[str] = []
    letter = ""
    chunks = _CHUNK.findall(folded)
    for chunk in chunks:
        parts = cache.get(chunk)
        if parts is None:
            parts = _remember(chunk, locale)
        if letter and parts and chunk.isalpha() and len(chunk) > 2:
            found.append(letter + parts[-1])
        letter = chunk if len(chunk) == 1 and chunk not in stop and chunk.isalpha() else ""
        found += parts
    return found or [chunk for chunk in chunks if len(chunk) > 1]


_CACHES: dict[Locale, dict[str, tuple[str, ...]]] = {"fr": {}, "en": {}}


def _has_digit(text: str) -> bool:
    return any(digit in text for digit in "0123456789")


def _remember(chunk: str, locale: Locale) -> tuple[str, ...]:
    cache = _CACHES[locale]
    if len(cache) >= CACHED_WORDS:
        cache.clear()
    parts = cache[chunk] = tuple(_chunk_tokens(chunk, locale))
    return parts


def _chunk_tokens(chunk: str, locale: Locale) -> Iterable[str]:
    if "_" in chunk:
        return [_DECIMAL_IN_MEASURE.sub(".", part) for part in chunk.split("_")]
    chunk = _ELIDED.sub("", chunk).removesuffix("'s").replace("'", "")
    if "," in chunk or "." in chunk:
        chunk = _plain_number(chunk.replace(",", "."))
    pieces = [piece for piece in re.split(r"[-&+]", chunk) if piece]
    if len(pieces) > 1:
        return [*(part for piece in pieces for part in _chunk_tokens(piece, locale)), stem("".join(pieces), locale)]
    if chunk in _STOP[locale]:
        return []
    split = _LETTERS_THEN_NUMBER.match(chunk)
    if split:
        return [chunk, stem(split[1], locale), split[2]]
    compound = _compound_parts(chunk, locale)
    return [stem(chunk, locale), *(stem(part, locale) for part in compound)]


def _plain_number(number: str) -> str:
    whole, _, decimals = number.partition(".")
    decimals = decimals.rstrip("0")
    return (whole.lstrip("0") or "0") + (f".{decimals}" if decimals else "")


def _measure_token(found: re.Match[str]) -> str:
    unit = units()[found[4]]
    before, _, last = found[1].rpartition(" ")
    model = before if unit.family == "storage" and last not in GROUPED_STORAGE else ""
    # Two spaces keep a model's number from being grouped with what follows.
    parts = [f"{model} "] if model else []
    for number in (last if model else found[1], found[2], found[3]):
        if number is None:
            continue
        plain = _plain_number(number.replace(" ", "").replace(",", "."))
        kept = _KEPT_SIGNS.get(unit.sign)
        value = float(plain) if kept else float(plain) * unit.factor
        parts.append(
            f"{plain}_{f'{value:.4f}'.rstrip('0').rstrip('.').replace('.', 'd')}{kept or fold(unit.canonical)}"
        )
    return " " + " ".join(parts) + " "


@lru_cache(maxsize=50_000)
def _compound_parts(word: str, locale: Locale) -> tuple[str, ...]:
    """Return the two known words that an unknown word is made of ("presseagrumes"), or nothing."""
    if len(word) < 8 or not word.isalpha() or is_word(word, locale):
        return ()
    cuts = [
        (word[:at], word[at:])
        for at in range(4, len(word) - 3)
        if is_word(word[:at], locale) and is_word(word[at:], locale)
    ]
    return cuts[0] if len(cuts) == 1 else ()


# ---- singular, masculine ------------------------------------------------------------------------------------------

_IRREGULAR: dict[Locale, dict[str, str]] = {
    "fr": {
        "yeux": "oeil", "blanche": "blanc", "blanches": "blanc", "longue": "long", "longues": "long", "seche": "sec",
        "seches": "sec", "fraiche": "frais", "fraiches": "frais", "douce": "doux", "douces": "doux", "rousse": "roux",
        "nouvelle": "nouveau", "nouvelles": "nouveau", "belle": "beau", "belles": "beau", "folle": "fou",
        "vieille": "vieux", "publique": "public", "grecque": "grec", "ciels": "ciel", "cieux": "ciel",
    },
    "en": {"feet": "foot", "teeth": "tooth", "mice": "mouse", "women": "woman", "men": "man", "children": "child"},
}  # fmt: skip


def stem(word: str, locale: Locale) -> str:
    """Return the folded word without plural and feminine endings; a code or a short word is left as it is."""
    irregular = _IRREGULAR[locale].get(word)
    if irregular:
        word = irregular
    if len(word) < 4 or not word.isalpha():
        return word
    return _french_stem(word) if locale == "fr" else _english_stem(word)


def _french_stem(word: str) -> str:
    if word.endswith("eaux"):
        word = word[:-1]
    elif word.endswith("aux") and len(word) > 4:
        word = word[:-2] + "l"
    elif word[-1] in "sx" and not word.endswith("ss"):
        word = word[:-1]
    word = word[:-1] if word.endswith("ee") else word
    word = word[:-1] if word[-1] == "e" else word
    if len(word) > 4 and word[-1] == word[-2] and word[-1] in "nlts":
        word = word[:-1]
    return word[:-1] + "v" if word[-1] == "f" else word


def _english_stem(word: str) -> str:
    lemma = _english_lemmas().get(word, word)
    if len(lemma) > 4 and lemma.endswith("ies"):
        return lemma[:-3] + "y"
    if len(lemma) > 4 and lemma.endswith(("ches", "shes", "xes", "sses", "zes")):
        return lemma[:-2]
    return lemma[:-1] if lemma[-1] == "s" and lemma[-2:] not in ("ss", "us", "is") else lemma


# ---- known words --------------------------------------------------------------------------------------------------


def is_word(word: str, locale: Locale) -> bool:
    """Return whether a folded word is in the language's dictionary."""
    return word in _spellings(beginning(word), locale)


def spellings(word: str, locale: Locale) -> tuple[str, ...]:
    """Return the dictionary's spellings of a folded word: ("cafetière",) for "cafetiere", both for "sur" and "sûr"."""
    found = _spellings(beginning(word), locale).get(word, ())
    return (found,) if isinstance(found, str) else found


# Five letters cut the 385,000 French words into 34,000 groups: a question takes half the time that it takes with four;
# with six it takes no less.
_BEGINNING = 5
# Groups kept cut into their words, in 4 MB: as many as 30,196 French sheets ask for, so that a vendor's later chunks find
# theirs.
_KEPT_GROUPS = 8_000


def beginning(folded: str) -> str:
    """Return the letters of a folded word by which a dictionary file groups its words."""
    return folded[:_BEGINNING]


def dictionary_file(locale: Locale) -> Path:
    """Return where an installation keeps the words of a language, grouped as here; `catalog.spelling` makes the file."""
    return LEXICONS / f"words_{locale}_{_BEGINNING}.txt.gz"


@lru_cache(maxsize=2)
def _dictionary(locale: Locale) -> tuple[bytes, list[bytes], array[int]]:
    """Return the lines of a language's words, their beginnings in order, and where each line starts.

    For French these are 7 MB; a table with a text for each beginning is 17 MB.
    """
    made = dictionary_file(locale)
    if made.exists():
        text = gzip.decompress(made.read_bytes())
    else:
        # Where the installation did not make the file, each process makes its own words from the tables.
        from catalog.spelling import dictionary_text

        text = dictionary_text(locale).encode()
    starts = array("I", (0, *(found.end() for found in re.finditer(b"\n", text)), len(text) + 1))
    return text, [text[start : text.index(b" ", start)] for start in starts[:-1]], starts


def _beginning_so(first: str, locale: Locale) -> str:
    """Return the words whose folded forms begin this way, as the dictionary writes them."""
    text, beginnings, starts = _dictionary(locale)
    wanted = first.encode()
    at = bisect_left(beginnings, wanted)
    if at == len(beginnings) or beginnings[at] != wanted:
        return ""
    return text[starts[at] + len(wanted) + 1 : starts[at + 1] - 1].decode()


@lru_cache(maxsize=_KEPT_GROUPS)
def _spellings(first: str, locale: Locale) -> dict[str, str | tuple[str, ...]]:
    """Return folded word → its spelling, or its several, for the words of one beginning."""
    spelled: dict[str, str | tuple[str, ...]] = {}
    group = _beginning_so(first, locale)
    for key, word in zip(fold(group).split(), group.split(), strict=True):
        known = spelled.get(key, ())
        spelled[key] = (known, word) if isinstance(known, str) else (*known, word) if known else word
    return spelled


def lookup_table(locale: Locale, name: str) -> dict[str, Any]:
    """Return one of spaCy's lookup tables by its name ("lemma_lookup")."""
    path = Path(spacy_lookups_data.__file__).parent / "data" / f"{locale}_{name}.json.gz"
    table: dict[str, Any] = json.loads(gzip.decompress(path.read_bytes()))
    return table


@lru_cache(maxsize=1)
def _english_lemmas() -> dict[str, str]:
    return lookup_table("en", "lemma_lookup")


# ---- language -----------------------------------------------------------------------------------------------------

# Function words that belong to few of these languages; a word shared by two counts for both.
_FUNCTION_WORDS = _function_words("tell")
_WORD_LANGUAGES: dict[str, tuple[Language, ...]] = {}
for _language, _group in _FUNCTION_WORDS.items():
    for _word in _group:
        _WORD_LANGUAGES[_word] = (*_WORD_LANGUAGES.get(_word, ()), _language)
_LOWERED = Cutter(re.compile(r"[^\W\d_]+"), str.lower)
# Fewer function words than this say nothing: "Lampe de bureau LED" is no proof of French.
LANGUAGE_EVIDENCE = 3


def detected_language(text: str) -> Language | None:
    """Return the language whose function words the text uses most, or None where the evidence is thin."""
    scores: dict[Language, int] = {}
    line = _LOWERED.line(text)
    words = _LOWERED.words(text.lower() if line is None else text, line)
    for word, uses in Counter(filter(_WORD_LANGUAGES.__contains__, words)).items():
        for name in _WORD_LANGUAGES[word]:
            scores[name] = scores.get(name, 0) + uses
    if not scores:
        return None
    first, *others = sorted(scores, key=lambda name: -scores[name])
    if scores[first] < LANGUAGE_EVIDENCE or (others and scores[first] < 1.5 * scores[others[0]]):
        return None
    return first


def foreign_words(locale: Locale) -> frozenset[str]:
    """Return the folded function words of the other languages that this one does not use."""
    used = own_words(locale) | {fold(word) for word in _STOP[locale]}
    return frozenset(fold(word) for group in _FUNCTION_WORDS.values() for word in group) - used


def own_words(locale: Locale) -> frozenset[str]:
    """Return the folded function words of a language."""
    return frozenset(fold(word) for word in _FUNCTION_WORDS[locale])


def language(text: str) -> Locale | None:
    """Return "fr" or "en" where the text is clearly one of them, else None."""
    found = detected_language(text)
    return found if found in ("fr", "en") else None
