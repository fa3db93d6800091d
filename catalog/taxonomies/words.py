"""The words of the tree's administration: states, verbs and fields of the history, sentences of refusals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from flask_babel import format_percent, get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from backoffice import settings, things, words
from backoffice.things import Kind
from catalog.models import Category
from catalog.requirements import Level
from catalog.taxonomies.comparison import Difference
from catalog.taxonomies.models import ActKind, ActState, CategoryModel, ListedValue, TaxonomyUpdate

KINDS: dict[ActKind, Any] = {
    ActKind.ADD: _l("added"),
    ActKind.RENAME: _l("renamed"),
    ActKind.MOVE: _l("moved"),
    ActKind.MERGE: _l("merged"),
    ActKind.RETIRE: _l("retired"),
}
STATES: dict[ActState, tuple[Any, words.Tone]] = {
    ActState.RUNNING: (_l("sheets are following"), "information"),
    ActState.DONE: (_l("done"), "done"),
    ActState.UNDOING: (_l("going back"), "information"),
    ActState.UNDONE: (_l("taken back"), "neutral"),
}
LEVELS: dict[Level, tuple[Any, words.Tone]] = {
    Level.REQUIRED: (_l("required"), "attention"),
    Level.RECOMMENDED: (_l("recommended"), "information"),
    Level.OPTIONAL: (_l("optional"), "neutral"),
    Level.DISABLED: (_l("not asked for"), "neutral"),
}
# Over the categories of each kind, however many.
HEADINGS: dict[Difference, Any] = {
    Difference.GONE: _l("Categories gone"),
    Difference.RENAMED: _l("Categories renamed"),
    Difference.MOVED: _l("Categories moved"),
    Difference.NEW: _l("New categories"),
}
FIELDS = {
    "label_fr": (_l("French name"), None),
    "label_en": (_l("English name"), None),
    "parent": (_l("above it"), None),
    "successor": (_l("successor"), None),
    "merged": (_l("received"), None),
    "sheets": (_l("sheets"), None),
    "act": (_l("act"), ActKind),
    "categories": (_l("categories"), None),
}
VERBS = {
    "category.add": _l("added the category"),
    "category.rename": _l("renamed the category"),
    "category.move": _l("moved the category"),
    "category.merge": _l("merged the category into another"),
    "category.retire": _l("retired the category"),
    "category.receive": _l("let it take another one's place"),
    "category.undo": _l("took an act back"),
    "category.levels": _l("changed what the category asks for"),
    "category.levels_everywhere": _l("changed what all categories ask for"),
    "value.put": _l("changed a value of a list"),
    "value.drop": _l("took a value out of a list"),
    "taxonomy.apply": _l("took a newer category tree"),
    "taxonomy.drop": _l("set a newer category tree aside"),
    "model.back": _l("went back to a former model"),
}
GATES = {
    "gpsr_manufacturer_missing": _l("Manufacturer's name and address (product safety)"),
    "gpsr_responsible_missing": _l("Responsible person in the Union, for products from outside"),
    "gpsr_warnings_missing": _l("Safety warnings"),
    "epr_idu_missing": _l("Producer's unique number (EPR)"),
    "energy_class_missing": _l("Energy class"),
}
VERDICTS = {"live": _l("went live"), "worse": _l("not better: the former stayed"), "few": _l("too few decided sheets")}


def register() -> None:
    """Give the words of the tree's administration to the house."""
    for table in (STATES, LEVELS):
        pairs: Mapping[Any, tuple[Any, words.Tone]] = dict(table)
        words.register({one: pair[0] for one, pair in pairs.items()}, {one: pair[1] for one, pair in pairs.items()})
    words.register(dict(KINDS))
    words.register_fields("category", FIELDS)
    words.register_fields("listed_value", {"synonyms": (_l("words"), None)})
    words.register_fields("taxonomy_update", {"categories": (_l("categories"), None)})
    words.register_verbs(VERBS)
    values = sa.select(ListedValue.id, ListedValue.value.label("name"))
    updates = sa.select(TaxonomyUpdate.id, TaxonomyUpdate.name.label("name"))
    models = sa.select(CategoryModel.id, CategoryModel.folder.label("name"))
    things.register("listed_value", Kind(_l("value of a list"), values, "taxonomies.lists"))
    things.register("taxonomy_update", Kind(_l("newer category tree"), updates, "taxonomies.update", "update_id"))
    things.register("category_model", Kind(_l("category model"), models, "taxonomies.models"))
    settings.register_words("taxonomies.models")


def changed_meanwhile(name: str) -> str:
    """Return the refusal of an act decided on an earlier version of a category."""
    return _("Someone changed “%(name)s” meanwhile. Nothing was written: look at it again, then decide.", name=name)


def name_of(row: Category) -> str:
    """Return a category's name in the reader's language."""
    return row.label(get_locale().language if get_locale() else "fr")


def bad_code(code: str) -> str:
    """Return the refusal of what is no number of a category."""
    return _("“%(code)s” cannot be a category's number: use letters, digits, points and dashes, 40 at most.", code=code)


def code_taken(code: str) -> str:
    """Return the refusal of a number that is another category's, or was."""
    return _("The number “%(code)s” is or was another category's. Choose another one, or leave it empty.", code=code)


def label_needed() -> str:
    """Return the refusal of a category without a name."""
    return _("Give the category a name in one language at least.")


def bad_label() -> str:
    """Return the refusal of a name that would break a path."""
    return _("A name has no “>” in it and 200 characters at most.")


def name_taken(name: str) -> str:
    """Return the refusal of a name that a category beside it has."""
    return _("There is a category “%(name)s” at this place already: two of one name cannot be told apart.", name=name)


def own_ancestor(name: str, above: str) -> str:
    """Return the refusal of a cycle."""
    return _("“%(name)s” cannot go into “%(above)s”, which stands below it or is itself.", name=name, above=above)


def own_successor() -> str:
    """Return the refusal of a category that would take its own place."""
    return _("A category cannot take its own place. Choose another one, or none.")


def still_has_children(count: int) -> str:
    """Return the refusal to retire a category that has others below."""
    return ngettext(
        "One category stands below it. Move or merge that one first.",
        "%(num)d categories stand below it. Move or merge them first.",
        count,
    )


def unknown_category(code: str) -> str:
    """Return the refusal of a category that does not stand."""
    return _("There is no category “%(code)s”, or there is none any more.", code=code)


def unknown_attribute(name: str) -> str:
    """Return the refusal of what is no attribute."""
    return _("There is no attribute “%(name)s”.", name=name)


def unknown_level(said: str) -> str:
    """Return the refusal of what is no level."""
    return _("“%(said)s” is no level. Write required, recommended, optional, disabled, or nothing.", said=said)


def no_list(name: str) -> str:
    """Return the refusal of a value for an attribute that has no list."""
    return _("“%(name)s” is no attribute with a list of values.", name=name)


def value_needed() -> str:
    """Return the refusal of an empty value."""
    return _("Write the value.")


def word_taken(word: str, value: str) -> str:
    """Return the refusal of a word that another value of the list has."""
    return _("“%(word)s” is a word for “%(value)s” already: one word leads to one value.", word=word, value=value)


def not_over() -> str:
    """Return the refusal to take back what is under way or taken back."""
    return _("This act is under way, or was taken back already.")


def acted_since() -> str:
    """Return the refusal to take back an act that another one followed."""
    return _("Something was done to this category since. Take that back first.")


def in_use() -> str:
    """Return the refusal to take back the adding of a category that is in use."""
    return _("Sheets, categories or commission rules stand on it by now. Retire it with a successor instead.")


def update_ended() -> str:
    """Return the refusal to apply a comparison twice."""
    return _("This newer tree was applied or set aside already.")


def tree_changed() -> str:
    """Return the refusal to apply what was compared with an earlier tree."""
    return _("The tree was changed since they were compared. Send the file again to compare it with the tree of now.")


def model_gone() -> str:
    """Return the refusal to go back to a model that is no longer kept."""
    return _("This model is no longer kept.")


def better(figures: Mapping[str, float]) -> str:
    """Return why a model went live."""
    new, old = (format_percent(figures[name], "#,##0.0 %") for name in ("new", "present"))
    return _("%(new)s right on sheets kept aside, where the former had %(old)s", new=new, old=old)
