"""What the operator rules: requirement levels, values of lists, gates of the law; the branch's sheets follow.

Promise: each change is in the history; a level or value taken away leaves what comes with Comptoir. Not here: reading
what counts (`levels`, `values`, `duties`), what follows (`following`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from backoffice import audit, settings
from backoffice.errors import Invalid
from backoffice.extensions import db
from catalog import tree
from catalog.harmonization.listed import LISTABLE, plain
from catalog.harmonization.spellings import spellings, values_of
from catalog.models import Category
from catalog.requirements import EVERYWHERE, Level
from catalog.taxonomies import duties, following, words
from catalog.taxonomies.levels import ASKABLE
from catalog.taxonomies.models import ListedValue, RequirementLevel
from catalog.text import fold

LONGEST = 80


def adopted(*, by: Any) -> None:
    """Give a marketplace that has no tree of its own the built-in one as rows, before the first act on it."""
    if db.session.scalar(sa.select(Category.id).limit(1)) is None:
        tree.load(tree.current().taxonomy, by=by)
        following.show_again(None)


def put_levels(levels: Iterable[tuple[str, str, Level | None]], *, by: Any) -> int:
    """Set (category, attribute, level) and have the branches judged again; None takes an own level away.

    Returns how many changed. Raises Invalid for what is no category or attribute. The caller commits.
    """
    adopted(by=by)
    known = {(row.category, row.attribute): row for row in db.session.scalars(sa.select(RequirementLevel))}
    changes: dict[str, dict[str, tuple[Any, Any]]] = {}
    for code, attribute, level in levels:
        _check(code, attribute)
        row = known.get((code, attribute))
        before = row.level if row else None
        if before != level:
            _store(known, code, attribute, level)
            changes.setdefault(code, {})[attribute] = (before, level)
    for code, changed in changes.items():
        _tell(code, changed, by)
    if changes:
        db.session.flush()
        tree.changed()
        following.judge_again(sorted(changes))
    return sum(map(len, changes.values()))


def _check(code: str, attribute: str) -> None:
    if attribute not in ASKABLE:
        raise Invalid(words.unknown_attribute(attribute))
    if code != EVERYWHERE and code not in tree.current().taxonomy:
        raise Invalid(words.unknown_category(code))


def _store(known: dict[tuple[str, str], RequirementLevel], code: str, attribute: str, level: Level | None) -> None:
    row = known.get((code, attribute))
    if level is None:
        db.session.delete(known.pop((code, attribute)))
    elif row is not None:
        row.level = level
    else:
        row = known[code, attribute] = RequirementLevel(category=code, attribute=attribute, level=level)
        db.session.add(row)


def _tell(code: str, changed: Mapping[str, tuple[Any, Any]], by: Any) -> None:
    """Write the change into the category's history; what concerns all of them, into that of the oldest."""
    query = sa.select(Category).order_by(Category.id)
    found = db.session.scalars(query if code == EVERYWHERE else query.where(Category.code == code)).first()
    verb = "category.levels_everywhere" if code == EVERYWHERE else "category.levels"
    audit.record(verb, found, by=by, changes=dict(changed))


def put_value(
    attribute: str,
    value: str,
    *,
    label_en: str = "",
    synonyms: Mapping[str, Iterable[str]] | None = None,
    more: bool = False,
    by: Any,
) -> ListedValue:
    """Add a value to an attribute's list, or change its words; sheets made from now on know it. The caller commits.

    With `more`, the words and the English name that the value has stay beside the new ones. Raises Invalid for an
    attribute without a list, an empty value, and a word that another value of the list has.
    """
    value, label_en = " ".join(value.split())[:LONGEST], " ".join(label_en.split())[:LONGEST]
    said = {locale: _clean(given) for locale, given in (synonyms or {}).items() if locale in ("fr", "en")}
    if attribute not in LISTABLE:
        raise Invalid(words.no_list(attribute))
    if not value:
        raise Invalid(words.value_needed(), details={"value": words.value_needed()})
    others = db.session.scalars(sa.select(ListedValue).where(ListedValue.attribute == attribute)).all()
    value = _as_listed(attribute, value, others)
    row = next((one for one in others if one.value == value), None)
    if more and row is not None:
        label_en = label_en or row.label_en
        said = {locale: _clean([*row.synonyms.get(locale, ()), *said.get(locale, ())]) for locale in ("fr", "en")}
    _refuse_value_s_name(attribute, value, [label_en, *(word for given in said.values() for word in given)])
    _refuse_taken(others, row, [value, label_en, *(word for given in said.values() for word in given)])
    row = row or ListedValue(attribute=attribute, value=value)
    before = (row.label_en, row.synonyms)
    db.session.add(row)
    row.label_en, row.synonyms = label_en, said
    audit.record("value.put", row, by=by, changes={"synonyms": (_told(before), _told((label_en, said)))})
    tree.changed()
    return row


def _as_listed(attribute: str, value: str, own: Iterable[ListedValue]) -> str:
    """Return a value as the list writes it where it has it: "Argente" is "argenté"."""
    named = {plain(one): one for one in (*values_of(attribute, "fr"), *(row.value for row in own))}
    exact = any(row.value == value for row in own)
    return value if exact else named.get(plain(value), value)


def _clean(given: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(word for word in (" ".join(one.split())[:LONGEST] for one in given) if word))


def _told(said: tuple[str | None, Mapping[str, list[str]] | None]) -> str:
    label, synonyms = said
    return " · ".join(filter(None, [label, *(word for given in (synonyms or {}).values() for word in given)]))


def _refuse_value_s_name(attribute: str, value: str, said: Iterable[str]) -> None:
    """Raise Invalid for a word that names another built-in value: every green sheet would turn red by it."""
    english = spellings("en").get(attribute, {})
    names = {plain(name): one for one in values_of(attribute, "fr") for name in (one, english.get(fold(one), one))}
    for word in said:
        if names.get(plain(word), value) != value:
            raise Invalid(words.word_taken(word, names[plain(word)]), details={"synonyms": word})


def _refuse_taken(others: Iterable[ListedValue], row: ListedValue | None, said: Iterable[str]) -> None:
    taken = {}
    for other in others:
        if other is not row:
            own = (other.value, other.label_en, *(word for given in other.synonyms.values() for word in given))
            taken |= {plain(word): other.value for word in own if word}
    for word in said:
        if plain(word) in taken:
            raise Invalid(words.word_taken(word, taken[plain(word)]), details={"synonyms": word})


def drop_value(row: ListedValue, *, by: Any) -> None:
    """Take an own value, or own words, out of a list again; sheets keep what they say. The caller commits."""
    audit.record("value.drop", row, by=by, changes={"synonyms": (_told((row.label_en, row.synonyms)), None)})
    db.session.delete(row)
    db.session.flush()
    tree.changed()


def set_gates(said: Mapping[str, Mapping[str, Any]], *, by: Any) -> None:
    """Switch gates on, {code: {"severity", "categories"}}, all others off; sheets are judged again. Raises Invalid."""
    for choice in said.values():
        for code in choice.get("categories") or ():
            if code != EVERYWHERE and code not in tree.current().taxonomy:
                raise Invalid(words.unknown_category(code), details={"categories": code})
    if duties.read(said) == duties.choices():
        return
    settings.put(duties.KEY, {code: dict(choice) for code, choice in said.items()}, by=by)
    tree.changed()
    following.judge_again([EVERYWHERE])
