"""Words of a title that a description excludes: "sans fil" and "filaire", "pliable" and "n'est pas pliable".

Promise: a title is contradicted only by a description that says the other and nowhere what the title says; where a
description may speak of other things (people, animals) it must say whom the article is for. Measured on 30,196 real
sheets, few of whose descriptions are whole: 2 found, both true; colours and finishes stayed out, as they found 13 false.
Not here: systems that exclude one another (`systems`), the suggestion or issue that follows (`keywords`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

# Names of what excludes one another: what a title says for it, and what a description says for it; phrases of folded
# words, parted by ";". A description that names only one thing speaks of the article in either form.
_FAMILIES: Sequence[Mapping[str, tuple[str, str]]] = (
    {
        "iPhone": ("iphone", ""), "Samsung Galaxy": ("galaxy", ""), "Huawei": ("huawei", ""), "Xiaomi": ("xiaomi", ""),
        "OnePlus": ("oneplus", ""),
    },
    {"Kindle": ("kindle", ""), "Kobo": ("kobo", ""), "Vivlio": ("vivlio", "")},
    {"Android": ("android", ""), "iPhone": ("iphone", "")},
    {"essence": ("essence", ""), "diesel": ("diesel; gasoil", ""), "petrol": ("petrol", "")},
    {"gaucher": ("gaucher; gauchers", ""), "droitier": ("droitier; droitiers", "")},
    {
        "sans fil": ("sans fil; sans fils; cordless; wireless", ""),
        "filaire": ("filaire; filaires; corded; wired", ""),
    },
    {
        "électrique": ("electrique; electriques", ""),
        "thermique": ("thermique; moteur essence; a essence", "thermique a essence; moteur thermique; moteur essence"),
    },
    {"LED": ("led", ""), "halogène": ("halogene; halogenes; halogen", "")},
    {
        "homme": ("homme; hommes; men; mens; masculin", "pour homme; pour hommes; for men; modele masculin"),
        "femme": ("femme; femmes; women; womens; feminin", "pour femme; pour femmes; for women; modele feminin"),
    },
    {
        "chien": ("chien; chiens; dog; dogs; chiot", "pour chien; pour chiens; for dogs; for your dog"),
        "chat": ("chat; chats; cat; cats; chaton", "pour chat; pour chats; for cats; for your cat"),
    },
)  # fmt: skip
# What makes the opposite of the word that follows.
_NEGATIONS = frozenset(("pas", "non", "not"))
_BEFORE_PAS = frozenset(("est", "sont"))
_BETWEEN = frozenset(("d", "de"))
_SHORTEST_NEGATED = 6


@dataclass(frozen=True, slots=True)
class Opposition:
    """What a title says, what the description says against it, and the folded words that say it."""

    title: str
    text: str
    words: tuple[str, ...]


@cache
def _phrases() -> Sequence[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]]:
    """Return each name's phrases of titles and of descriptions, parted from others by blanks."""
    return [
        {name: (_parted(titled), _parted(told) or _parted(titled)) for name, (titled, told) in family.items()}
        for family in _FAMILIES
    ]


def _parted(text: str) -> tuple[str, ...]:
    return tuple(f" {phrase.strip()} " for phrase in text.split(";") if phrase.strip())


def opposition(title: Sequence[str], rest: Sequence[str], text: str) -> Opposition | None:
    """Return what a description says against its title; both as folded words, `text` as it is written."""
    named, said = f" {' '.join(title)} ", f" {' '.join(rest)} "
    for family in _phrases():
        own = [name for name, (titled, _) in family.items() if _any(titled, named)]
        if len(own) != 1 or _any(family[own[0]][0], said):
            continue
        against = {name: phrase for name, (_, told) in family.items() for phrase in told if phrase in said}
        others = [(name, phrase.split()) for name, phrase in against.items() if name != own[0]]
        if len(others) == 1 and not _is_listed(text, others[0][1][-1]):
            return Opposition(own[0], others[0][0], tuple(others[0][1]))
    return _denied(title, rest)


def _any(phrases: Iterable[str], said: str) -> bool:
    return any(phrase in said for phrase in phrases)


def _denied(title: Sequence[str], rest: Sequence[str]) -> Opposition | None:
    """Return a word of the title that the description denies: "n'est pas pliable", "non rechargeable"."""
    if _NEGATIONS.isdisjoint(rest):
        return None
    told = frozenset(title)
    for at in range(1, len(rest)):
        word, near = rest[at], at - 2 if rest[at - 1] in _BETWEEN and at > 1 else at - 1
        before = rest[near]
        if word not in told or len(word) < _SHORTEST_NEGATED or before not in _NEGATIONS:
            continue
        if before == "pas" and near and rest[near - 1] not in _BEFORE_PAS:
            continue
        if rest.count(word) == 1 and not _NEGATIONS.intersection(title):
            return Opposition(word, f"{before} {word}", (before, word))
    return None


def _is_listed(text: str, word: str) -> bool:
    """Return whether a word stands in a list, of which a title may name any ("pour iPhone, iPad et autres")."""
    after = r"[^.,\n]{0,12}?(?:[,/&+]\s?(?:\w*[A-Z]|et\b|ou\b|and\b|or\b)|\b(?:et|ou|and|or)\b)"
    return re.search(rf"\b(?i:{word})\b{after}", text) is not None
