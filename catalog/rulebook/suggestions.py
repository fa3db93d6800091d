"""What a vendor's word could become: a value of a list, a category; with the reason and how sure it is.

    the word ─► other vendors' decisions on it ─► a spelling of the list that it resembles, a category that it speaks of

Promise: only words that the marketplace does not understand by itself are asked about; every suggestion says why. Not
here: the decision, which is the vendor's (`versions.py`).
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz import fuzz, process

from catalog.assembly import Workshop
from catalog.harmonization import harmonize
from catalog.harmonization.spellings import spellings
from catalog.mapping.file_words import Words
from catalog.mapping.verbs import CATEGORY, CATEGORY_WORDS, Rule, key_of
from catalog.rulebook import decisions
from catalog.sheets import Locale, MappedSheet

# Words asked about at once: a page that a person can work through.
ASKED = 60
# Share of other vendors that must agree, as for headers (`catalog.mapping.candidates`).
MANY_AGREE = 0.8
# Likeness (rapidfuzz's ratio, 0 to 100) from which a spelling is proposed: of 554 colour names with a letter dropped or
# doubled, 99.8 % find their own colour at 84 and 0.2 % another one; at 88 4 % find none. Its WRatio finds "tan" in
# "standard", and is wrong eight times as often.
ALIKE = 84
# A category is proposed at all from this calibrated score on, and chosen beforehand from the next.
SPEAKS_OF, CHOSEN = 0.3, 0.7

REASONS: Mapping[str, Mapping[str, str]] = {
    "others": {
        "fr": "{count} autres vendeurs ont décidé ainsi ({share} %).",
        "en": "{count} other vendors decided so ({share}%).",
    },
    "alike": {"fr": "Ressemble à « {like} ».", "en": "Resembles “{like}”."},
    "words": {"fr": "Les mots parlent de cette catégorie.", "en": "The words speak of this category."},
    "unknown": {"fr": "Rien de connu ne s’en approche.", "en": "Nothing that is known comes near."},
}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A vendor's word, on how many lines it stands, and what it could become ("" where nothing comes near)."""

    target: str
    word: str
    lines: int
    value: str = ""
    confidence: float = 0.0
    reason_code: str = "unknown"
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sure(self) -> bool:
        """Return whether the value is chosen before a person looks."""
        return self.confidence >= CHOSEN

    def reason(self, locale: str) -> str:
        """Return why, in the reader's language."""
        return REASONS[self.reason_code]["fr" if locale.startswith("fr") else "en"].format_map(self.params)


def suggest(words: Words, decided: Sequence[Rule], shop: Workshop, vendor_id: int) -> list[Suggestion]:
    """Return what to ask about a file's words, those of most lines first; nothing on words decided already."""
    known = {(rule.target, key_of(left)) for rule in decided if rule.verb == "lookup" for left, _right in rule.pairs}
    asked: list[tuple[str, str, int]] = []
    for attribute, counted in words.items():
        target = CATEGORY if attribute in CATEGORY_WORDS else attribute
        fresh = [(word, lines) for word, lines in counted if (target, key_of(word)) not in known]
        asked += [(target, word, lines) for word, lines in fresh if not _understood(attribute, word, shop)]
    asked = sorted(asked, key=lambda one: -one[2])[:ASKED]
    votes = {
        target: decisions.votes(target, (key_of(word) for other, word, _ in asked if other == target), vendor_id)
        for target in {target for target, _word, _lines in asked}
    }
    return [_suggested(one, votes[one[0]].get(key_of(one[1]), {}), shop) for one in asked]


def _understood(attribute: str, word: str, shop: Workshop) -> bool:
    """Return whether the marketplace reads the word by itself, without a doubt."""
    if attribute in CATEGORY_WORDS:
        tree = shop.taxonomy
        return word in tree or tree.by_path(word, "fr") is not None or tree.by_path(word, "en") is not None
    sheet = harmonize(MappedSheet(0, {attribute: word}), shop.context)
    return not any(issue.attribute == attribute for issue in sheet.issues)


def _suggested(asked: tuple[str, str, int], votes: Mapping[str, int], shop: Workshop) -> Suggestion:
    target, word, lines = asked
    allowed = _allowed(target, shop)
    total = sum(votes.values())
    if total:
        best = max(votes, key=lambda value: votes[value])
        share = votes[best] / total
        if share >= MANY_AGREE and best in allowed:
            params = {"count": votes[best], "share": round(share * 100)}
            return Suggestion(target, word, lines, best, round(0.75 + 0.2 * share, 2), "others", params)
    return _category(word, lines, shop) if target == CATEGORY else _value(target, word, lines, shop.context.locale)


def _allowed(target: str, shop: Workshop) -> Container[str]:
    if target == CATEGORY:
        return shop.taxonomy
    return frozenset(spellings(shop.context.locale).get(target, {}).values())


def _value(target: str, word: str, lines: int, locale: Locale) -> Suggestion:
    listed = spellings(locale).get(target, {})
    found = process.extractOne(key_of(word), list(listed), scorer=fuzz.ratio, score_cutoff=ALIKE)
    if found is None:
        return Suggestion(target, word, lines)
    like, score, _at = found
    return Suggestion(target, word, lines, listed[like], round(score / 100 * 0.9, 2), "alike", {"like": like})


def _category(word: str, lines: int, shop: Workshop) -> Suggestion:
    # The last part of a path says most, and so is said twice.
    last = word.replace("/", ">").split(">")[-1].strip()
    found = shop.suggester.suggest([{"product_type": word, "title": last}])[0]
    if not found or found[0].score < SPEAKS_OF:
        return Suggestion(CATEGORY, word, lines)
    best = found[0]
    return Suggestion(CATEGORY, word, lines, best.id, round(min(best.score, 0.95), 2), "words")
