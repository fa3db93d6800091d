"""The case of a title that was sent in capitals, word by word, from evidence.

Order of trust: a brand's own spelling, the same words in the description, the vendor's other sheets, acronyms and
model codes (kept), the dictionary (lower case, accents restored where only one spelling exists), else a proper noun.
Not here: when a title is recased (titles).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from catalog.harmonization import lexicons
from catalog.harmonization.context import Context
from catalog.harmonization.draft import Draft
from catalog.sheets import Locale
from catalog.text import LEXICONS, fold, is_word, spellings, units

# A title is shouted when this share of its letters are capitals: "Clé USB HDMI" has two thirds, "ROBE D'été" less.
SHOUTED_SHARE = 0.85
_PIECE = re.compile(r"\d[\d.,]*|[^\W\d_]+(?:\d[^\W_]*)?|\d+[^\W\d_]+|[^\w\s]+|\s+|_")
_CHUNK = re.compile(r"[^\W_]+(?:[-.'’&/+][^\W_]+)*")
_SMALL: Mapping[Locale, frozenset[str]] = {"fr": lexicons.words("small_fr"), "en": lexicons.words("small_en")}
_ENGLISH_ONLY = lexicons.words("english_title_words")
_NOT_PREPOSITION = lexicons.words("before_a_letter")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_JOINTS = re.compile(r"([-.'’&/+])")
_VOWELS = re.compile(r"[aeiouy]")
_NUMBER_UNIT = re.compile(r"^(\d+(?:[.,]\d+)?)([^\W\d_]+[23²³]?)$")
_WRITTEN_UNITS = {"go": "Go", "to": "To", "mo": "Mo", "ko": "Ko", "gb": "GB", "tb": "TB", "mb": "MB", "cv": "CV"}


@lru_cache(maxsize=1)
def _names() -> Mapping[str, str]:
    lines = (LEXICONS / "spelled_names.txt").read_text(encoding="utf-8").split()
    return {fold(name): name for name in lines}


def is_shouted(title: str) -> bool:
    """Return whether a title is written in capitals; one that holds only codes and acronyms is not."""
    written = title.split()
    if 2 * sum(map(str.isupper, written)) < len(written):
        return False
    upper = sum(map(str.isupper, title))
    lower = sum(map(str.islower, title))
    if upper < 6 or upper < SHOUTED_SHARE * (upper + lower):
        return False
    long_words = [word for word in re.findall(r"[^\W\d_]{4,}", title) if word.isupper()]
    known = [word for word in long_words if word not in lexicons.acronyms()]
    return len(known) >= 2 or any(is_word(fold(word), "fr") or is_word(fold(word), "en") for word in known)


def recased(title: str, draft: Draft, context: Context) -> tuple[str, float]:
    """Return the title in the case of the language and how sure that is (0 to 1)."""
    said = _said_in_description(title, draft.text("description"))
    if said:
        return said, 0.98
    manner = _manner(title, draft, context)
    brands = _brand_spans(draft)
    out: list[str] = []
    at = guessed = 0
    previous = ""
    model = False
    for chunk in _CHUNK.finditer(title):
        out.append(title[at : chunk.start()])
        at = chunk.end()
        brand = next((name for start, end, name in brands if start <= chunk.start() < end), None)
        if brand is not None:
            start, end = next((s, e) for s, e, _ in brands if s <= chunk.start() < e)
            spelled = brand if chunk.start() == start else ""
            if chunk.start() > start:
                out.pop()
            if chunk.end() > end:
                spelled += _tail(title[end : chunk.end()], title[chunk.end() :], manner)
            at = max(at, end)
            model = start > 0
        else:
            spelled, sure = _chunk_case(chunk[0], previous, title[chunk.end() :], manner)
            guessed += not sure
            model = model and _is_model_word(chunk[0], spelled, manner.locale)
            spelled = _with_capital(spelled) if model else spelled
        out.append(spelled)
        previous = chunk[0]
    out.append(title[at:])
    text = "".join(out)
    return _with_capital(text), 0.9 if guessed <= 1 else 0.84


def _tail(glued: str, rest: str, manner: _Manner) -> str:
    """Return what is glued to a brand ("SONY-CASQUE") in the case of the language."""
    word = glued.lstrip("-–/.+&'’")
    return glued[: len(glued) - len(word)] + (_chunk_case(word, "", rest, manner)[0] if word else "")


@dataclass(slots=True)
class _Manner:
    """How the words of a title are to be written: in which language, by which habits, and as the sheet writes them."""

    locale: Locale
    style: str | None
    learned: Mapping[str, str]
    seen: Mapping[str, str]
    accents_kept: bool


def _manner(title: str, draft: Draft, context: Context) -> _Manner:
    """Return how a title's words are to be written; an English title in a French sheet stays English."""
    english = context.locale == "fr" and _is_english(draft.words("title").folded)
    locale, style = ("en", None) if english else (context.locale, context.title_style)
    return _Manner(locale, style, context.spellings, _description_forms(draft), not title.isascii())


def _is_english(folded: Sequence[str]) -> bool:
    """Return whether a French sheet's title is English: its small words are, and none is French."""
    return not _ENGLISH_ONLY.isdisjoint(folded) and _SMALL["fr"].isdisjoint(set(folded) - {"a", "on", "d", "l"})


def _is_model_word(written: str, spelled: str, locale: Locale) -> bool:
    """Return whether a word that follows a brand inside a French title is part of the model's name."""
    key = fold(written)
    elided = key.replace("’", "'").split("'")[0]
    if locale != "fr" or not _SMALL["fr"].isdisjoint((key, elided)) or (key in units() and spelled != written):
        return False
    return (
        not spelled.islower()
        or key in lexicons.words("model_words")
        or (not is_word(key, "fr") and not _is_inflected(key))
    )


def _with_capital(text: str) -> str:
    first = re.search(r"[^\W_]", text)
    if not first or not first[0].islower() or re.match(r"[^\W_]*[A-Z]", text[first.start() :]):
        return text
    return text[: first.start()] + first[0].upper() + text[first.end() :]


def _said_in_description(title: str, description: str) -> str | None:
    """Return the title as the description writes it, where it does and not in capitals."""
    wanted, said = fold(title), fold(description)
    if len(said) != len(description) or len(wanted) != len(title):
        wanted, said = title.lower(), description.lower()
    at = said.find(wanted)
    while at >= 0:
        found = description[at : at + len(title)]
        if sum(map(str.islower, found)) > 0.4 * len(title):
            return found[:1].upper() + found[1:] if is_word(fold(re.split(r"\W", found)[0]), "fr") else found
        at = said.find(wanted, at + 1)
    return None


def _brand_spans(draft: Draft) -> list[tuple[int, int, str]]:
    """Return where brands stand in the title, with the spelling of the list or of the vendor's own column."""
    words = draft.words("title")
    spans = [
        (*words.span(hit), hit.term.value) for hit in words.hits("brand")
        if hit.term.anywhere or fold(hit.term.value) == fold(draft.text("brand"))
    ]  # fmt: skip
    spans = [(start, end, _spelled_like(words.text[start:end], name)) for start, end, name in spans]
    own = draft.text("brand")
    at = words.text.lower().find(own.lower()) if own and not own.isupper() else -1
    if at >= 0 and not any(start <= at < end for start, end, _ in spans):
        spans.append((at, at + len(own), own))
    return spans


def _spelled_like(written: str, name: str) -> str:
    """Return the brand's canonical spelling, or the alias that was written, capitalized like a name."""
    if lexicons.key(written) == lexicons.key(name):
        return written if name.isupper() else name
    return written if len(written) <= 3 else written.title()


def _description_forms(draft: Draft) -> dict[str, str]:
    """Return folded word → its spelling inside the description's sentences, where they agree and are not capitals."""
    forms: dict[str, str | None] = {}
    text = draft.text("description")
    if is_shouted(text):
        return {}
    wanted = set(draft.words("title").folded)
    for found in _LETTERS.finditer(text):
        word = found[0]
        key = fold(word)
        if key not in wanted:
            continue
        before = text[max(0, found.start() - 8) : found.start()].rstrip()
        starts = not before or before[-1] in '.!?:;…-–"(«•'
        if word.isupper() and (len(word) > 4 or is_word(key, "fr")):
            continue
        if starts and word[1:].islower() and word[0].isupper():
            continue
        forms[key] = word if forms.get(key, word) == word else None
    return {key: word for key, word in forms.items() if word}


def _chunk_case(chunk: str, previous: str, rest: str, manner: _Manner) -> tuple[str, bool]:
    """Return a chunk of the title in its right case, and whether that rests on more than a guess."""
    if any(map(str.isdigit, chunk)):
        return _with_digits(chunk), True
    if previous[-1:].isdigit() and fold(chunk) in units() and chunk.lower() != "pouces":
        return _unit_case(chunk, manner.locale), True
    named = _names().get(fold(chunk))
    if named:
        return named, True
    parts = _JOINTS.split(chunk)
    cased: list[str] = []
    sure = True
    for place in range(0, len(parts), 2):
        following = rest if place + 1 >= len(parts) else parts[place + 1]
        word, known = _word_case(parts[place], previous, following, manner, len(parts) > 1)
        sure = sure and known
        cased += [word, *parts[place + 1 : place + 2]]
        previous = parts[place]
    return "".join(cased), sure


def _with_digits(chunk: str) -> str:
    ordinal = re.fullmatch(r"(\d+)(ER|ERE|ÈRE|EME|ÈME|ND|RD|TH|ST)", chunk)
    if ordinal:
        return ordinal[1] + {"EME": "ème", "ERE": "ère"}.get(ordinal[2], ordinal[2].lower())
    found = _NUMBER_UNIT.match(chunk)
    if found and fold(found[2]) in units() and len(found[2]) > 1:
        return found[1] + _unit_case(found[2], "fr")
    if found and found[2] in ("G",) and found[1] not in ("2", "3", "4", "5", "6"):
        return found[1] + "g"
    if re.fullmatch(r"\d+(?:[.,]\d+)?(?:X\d+(?:[.,]\d+)?)+(?:CM|MM|M)?", chunk):
        return chunk.lower()
    return chunk


def _unit_case(written: str, locale: Locale) -> str:
    low = written.lower()
    if low in _WRITTEN_UNITS:
        return _WRITTEN_UNITS[low]
    if locale == "en" and len(low) > 3:
        return low.capitalize()
    sign = units()[fold(written)].sign
    return sign if fold(sign) == fold(written) else low


def _word_case(word: str, previous: str, rest: str, manner: _Manner, joined: bool) -> tuple[str, bool]:
    locale = manner.locale
    key = fold(word)
    if key in _SMALL[locale] and len(word) > 1:
        return word.lower(), True
    if key == "s" and previous and joined:
        return "s", True
    if len(word) == 1:
        return _letter_case(word, previous, rest, locale, manner.accents_kept), True
    if word in lexicons.acronyms() and not (is_word(key, locale) and len(word) > 4):
        return word, True
    shown = manner.seen.get(key) or _learned(key, manner)
    if shown and (locale == "fr" or not shown.islower()):
        return shown, True
    if len(word) <= 4 and not _VOWELS.search(key):
        return word, True
    known = spellings(key, locale) or (("",) if locale == "fr" and is_word(key, "en") and len(key) > 3 else ())
    if not known and not (locale == "fr" and _is_inflected(key)):
        return _unknown_case(word, key), len(word) <= 3
    low = word.lower()
    if locale == "fr" and not manner.accents_kept:
        low = _accented(known) or low
    if locale == "en" and manner.style != "sentence":
        return low[:1].upper() + low[1:], True
    return low, True


def _learned(key: str, manner: _Manner) -> str | None:
    """Return the vendor's spelling of a word; a capital it gives to a common word is a habit of its titles."""
    learned = manner.learned.get(key)
    return learned if learned and (learned.islower() or not is_word(key, manner.locale)) else None


def _accented(known: Sequence[str]) -> str | None:
    """Return the one spelling of a word sent without accents; a past participle yields to a noun ("câble", "câblé")."""
    if len(known) > 1:
        known = [word for word in known if not word.endswith(("é", "ée", "és", "ées"))]
    return known[0] if len(known) == 1 else None


def _is_inflected(key: str) -> bool:
    """Return whether a folded word is a plural or feminine of a known French word."""
    return len(key) > 4 and any(
        is_word(key.removesuffix(end), "fr") for end in ("s", "x", "e", "es") if key.endswith(end)
    )


def _letter_case(letter: str, previous: str, rest: str, locale: Locale, accents_kept: bool) -> str:
    if rest[:1] in ("'", "’") and locale == "fr":
        return letter.lower()
    if letter == "X" and previous[-1:].isdigit() and rest.lstrip()[:1].isdigit():
        return "x"
    following = re.match(r"\s+([^\W\d_]{2,}|\d|[LD]['’])", rest)
    if letter in "AÀ" and locale == "fr" and following and fold(previous) not in _NOT_PREPOSITION and previous:
        return "à"
    if letter == "H" and locale == "fr" and previous[-1:].isdigit():
        return "h"
    if letter == "Y" and locale == "fr":
        return "y"
    if letter == "A" and locale == "en" and following and previous:
        return "a"
    return letter


def _unknown_case(word: str, key: str) -> str:
    """Return a word that no dictionary knows: letters without a vowel and short ones are a code, others a name."""
    if len(word) <= 3 or not _VOWELS.search(key):
        return word
    return word[:1] + word[1:].lower()
