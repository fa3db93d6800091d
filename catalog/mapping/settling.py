"""Columns that compete for one attribute: who feeds it, who shares, who stays unmapped.

Promise: one column an attribute, save where several make sense: levels of a category, more images, bullet points, and
the same words in several languages, channels or currencies.
Not here: what a column means alone (`candidates.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from catalog.mapping.candidates import Candidate
from catalog.mapping.reading import phrases_of, words_of
from catalog.mapping.vocabulary import written_out

_BULLETS = phrases_of(
    """bullet point; bullet points; key product features; bullet; feature bullet; point fort; points forts; puce; atout;
    selling point; caracteristique cle"""
)
# How deep a level of a vendor's own category tree stands; numbers in the header decide among equals.
_LEVELS: Mapping[str, int] = {
    "univers": 0, "rubrique": 1, "sous rubrique": 2, "s famille": 3, "s categorie": 2, "s rayon": 2,
    "sous sous categorie": 3, "sous sous famille": 4,
    "categorie niveau": 1, "rayon": 1, "sous rayon": 2, "famille": 2, "sous famille": 3, "familia": 2,
    "subfamilia": 3, "seccion": 1, "category": 1, "categorie": 1, "kategorie": 1, "categoria": 1, "categories": 1,
    "main category": 0, "hauptkategorie": 0, "categorie principale": 0, "categoria principal": 0, "subcategory": 2,
    "sub category": 2, "sous categorie": 2, "souscategorie": 2, "unterkategorie": 2, "subcategoria": 2,
    "categorie mere": 0, "categorie parente": 0, "warengruppe": 1, "warengr": 1, "cat": 1, "sscat": 2, "scat": 2, "sous cat": 2,
    "product category": 1, "categorie produit": 1, "famille produit": 2, "produktkategorie": 1,
    "department category": 1, "libelle famille": 2, "libelle famille article": 2,
}  # fmt: skip
BULLETS_FROM = 100
"""The order of the first bullet point among the columns of a description."""
# Beside an "ID", which counts a shop's rows, these hold the vendor's own number of an article.
_OWN_NUMBERS = ("sku", "ugs", "artikelnummer", "default code", "reference", "referencia")
_PREFERRED_LOCALES = {"fr": 0, None: 1, "en": 2}


def settle(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates in their order, those that lost their attribute with the reason."""
    candidates = [_manufacturer(candidate, candidates) for candidate in candidates]
    candidates = _titled(candidates)
    groups: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        if candidate.attribute:
            groups.setdefault(candidate.attribute, []).append(candidate)
    settled: dict[int, Candidate] = {}
    for attribute in sorted(groups, key=lambda name: name != "image_link"):
        rule = _RULES.get(attribute, _one)
        for candidate in rule(groups[attribute]):
            settled[candidate.column.position] = candidate
    return [settled.get(candidate.column.position, candidate) for candidate in candidates]


_MAKERS = ("manufacturer", "fabricant", "hersteller", "fabricante", "constructeur", "maker", "produttore")


def _manufacturer(candidate: Candidate, every: Iterable[Candidate]) -> Candidate:
    """Read "Manufacturer" as the brand, unless another column is the brand: then it is the manufacturer's name."""
    if candidate.attribute != "brand" or not candidate.weak or not any(m in candidate.words for m in _MAKERS):
        return candidate
    if any(other.attribute == "brand" and not other.weak for other in every):
        return replace(candidate, attribute="manufacturer_name", weak=False)
    return candidate


# A name of so many letters at most; what is longer describes.
_LONGEST_NAME = 90


def _titled(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Read a short text as the title where nothing else is one: "Short text" and "Kurztext" name articles in SAP."""
    if any(candidate.attribute == "title" for candidate in candidates):
        return list(candidates)
    texts = [candidate for candidate in candidates if candidate.attribute == "description"]
    short = [text for text in texts if text.weak and 0 < text.column.profile.length <= _LONGEST_NAME]
    if len(texts) < 2 or not short:
        return list(candidates)
    name = min(texts, key=lambda text: (text.column.profile.length, text.column.position))
    if name not in short:
        return list(candidates)
    return [replace(one, attribute="title") if one is name else one for one in candidates]


def _rank(candidate: Candidate) -> tuple[object, ...]:
    """Return what sorts the better candidate first."""
    column = candidate.column
    return (
        candidate.reason != "remembered",
        column.profile.filled == 0,
        not (candidate.attribute == "id" and any(word in candidate.words for word in _OWN_NUMBERS)),
        candidate.weak,
        -round(candidate.confidence, 1),
        column.reading.index or 0,
        column.position,
    )


def _lost(candidate: Candidate, winner: Candidate) -> Candidate:
    params = {"column": winner.column.header, "attribute": candidate.attribute}
    return Candidate(candidate.column, None, 0.5, "taken", params)


def _one(group: Sequence[Candidate]) -> list[Candidate]:
    """Return the best, beside it the same words in other languages, channels or currencies; the rest lose."""
    ranked = sorted(group, key=_rank)
    winner = ranked[0]
    kept = [winner] + [other for other in ranked[1:] if _is_version(other, winner)]
    kept.sort(key=lambda c: (_PREFERRED_LOCALES.get(c.column.reading.locale, 3), c.column.position))
    sharing = [replace(candidate, order=order) for order, candidate in enumerate(kept)]
    positions = {candidate.column.position for candidate in kept}
    return sharing + [_lost(other, winner) for other in ranked if other.column.position not in positions]


def _is_version(other: Candidate, winner: Candidate) -> bool:
    if other.reason == "remembered" and winner.reason == "remembered":
        return True
    left, right = other.column.reading, winner.column.reading
    differs = (left.locale, left.channel, left.currency) != (right.locale, right.channel, right.currency)
    marked = left.locale or left.channel or left.currency
    return bool(differs and marked and not other.weak and (left.words == right.words or left.locale != right.locale))


def _description(group: Sequence[Candidate]) -> list[Candidate]:
    """Return one text and every bullet point after it."""
    bullets = [candidate for candidate in group if candidate.words in _BULLETS]
    texts = (
        _one([candidate for candidate in group if candidate.words not in _BULLETS]) if len(bullets) < len(group) else []
    )
    bullets.sort(key=lambda candidate: (candidate.column.reading.index or 0, candidate.column.position))
    return texts + [replace(bullet, order=BULLETS_FROM + order) for order, bullet in enumerate(bullets)]


def _images(group: Sequence[Candidate]) -> list[Candidate]:
    """Return the first as the image and the others as further images; a weak one loses."""
    ranked = sorted(group, key=lambda one: (*_foremost(one), *_rank(one)))
    winner = ranked[0]
    found = [winner]
    for other in ranked[1:]:
        more = replace(
            other, attribute="additional_image_link", order=other.column.reading.index or other.column.position
        )
        further = not _small(other) and (other.column.profile["image"] >= _SURELY or not other.weak)
        found.append(more if further else _lost(other, winner))
    return found


# From this share of cells that are pictures a column is one, whatever the rest of its name.
_SURELY = 0.9
_MAIN = words_of("primary main principal principale default defaut grande large hero")
_FURTHER = words_of("gallery galerie extra adicionales additionnelles aggiuntive weitere otras autres")
_SMALL = words_of("petite petit small thumb thumbnail mini miniature vignette swatch")


def _foremost(candidate: Candidate) -> tuple[bool, ...]:
    """Return what sorts the picture that says that it is the first one first, small ones and empty columns last."""
    said, empty = words_of(candidate.words), candidate.column.profile.filled == 0
    return candidate.reason != "remembered", empty, _small(candidate), bool(said & _FURTHER), not said & _MAIN


def _small(candidate: Candidate) -> bool:
    return bool(_SMALL & words_of(candidate.words))


def _more_images(group: Sequence[Candidate]) -> list[Candidate]:
    return [
        replace(candidate, order=(candidate.column.reading.index or 0) * 1000 + candidate.column.position)
        for candidate in group
    ]


def _level(candidate: Candidate) -> int | None:
    words = candidate.words
    return _LEVELS.get(words, _LEVELS.get(written_out(words)))


def _category(group: Sequence[Candidate]) -> list[Candidate]:
    """Return the levels of the vendor's tree in their order; codes beside their names, and other words, lose."""
    said = [c for c in group if c.column.profile["wordy"] >= 0.5 or c.reason == "remembered"]
    kept = _levels(said or group)
    positions = {c.column.position for c in kept}
    return kept + [_lost(c, kept[0]) for c in group if c.column.position not in positions]


def _levels(group: Sequence[Candidate]) -> list[Candidate]:
    levels = [c for c in group if _level(c) is not None or c.column.reading.index or c.reason == "remembered"]
    if not levels:
        return [c for c in _one(group) if c.attribute]
    # "Categories" holds whole paths: the single levels beside it would say the same again.
    plain_first = sorted(levels, key=lambda c: (_level(c) or 0, c.column.reading.index or 0, c.column.position))
    doubled = [
        c for c in levels if c.column.reading.locale and c.column.reading.locale != levels[0].column.reading.locale
    ]
    return [replace(c, order=order) for order, c in enumerate(plain_first) if c not in doubled]


_RULES: Mapping[str, Callable[[Sequence[Candidate]], list[Candidate]]] = {
    "description": _description,
    "image_link": _images,
    "additional_image_link": _more_images,
    "product_type": _category,
}
