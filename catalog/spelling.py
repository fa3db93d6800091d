"""The dictionary files that `catalog.text` looks words up in, made from spaCy's lookup tables (MIT licence).

    python -m catalog.spelling

What it does: writes `words_fr_5.txt.gz` and `words_en_5.txt.gz` among the lexicons, which `make install` asks for and no
commit holds; a line is a beginning and the words whose folded forms begin that way. Reading the tables themselves
took 1.4 s of processor time at the start of each command and worker; a file takes a twentieth of that, and its words
are folded only when one of them is asked for.
Promise: the same tables give the same text. Not here: what is done with a word (text).
"""

from __future__ import annotations

import gzip
import sys
from collections.abc import Iterator
from itertools import chain
from typing import get_args

from catalog.sheets import Locale
from catalog.text import LEXICONS, beginning, dictionary_file, fold, lookup_table


def main() -> int:
    """Write the dictionary of each language; return the exit status."""
    for made_before in LEXICONS.glob("words_*.txt.gz"):
        made_before.unlink()
    for locale in get_args(Locale):
        path = dictionary_file(locale)
        path.write_bytes(gzip.compress(dictionary_text(locale).encode(), mtime=0))
    return 0


def dictionary_text(locale: Locale) -> str:
    """Return the lines of a dictionary file; the spellings of one folded word keep the order of the tables."""
    groups: dict[str, list[str]] = {}
    words = dict.fromkeys(word for word in _table_words(locale) if word.islower())
    for word in sorted(words, key=fold):
        first = beginning(fold(word))
        groups.setdefault(first, [first]).append(word)
    return "\n".join(map(" ".join, groups.values()))


def _table_words(locale: Locale) -> Iterator[str]:
    for form, lemma in lookup_table(locale, "lemma_lookup").items():
        yield form
        yield from [lemma] if isinstance(lemma, str) else lemma
    yield from chain.from_iterable(lookup_table(locale, "lemma_index").values())
    if locale == "fr":
        yield from chain.from_iterable(lookup_table(locale, "lemma_exc").values())


if __name__ == "__main__":
    sys.exit(main())
