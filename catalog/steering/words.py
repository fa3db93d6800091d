"""The words of steering: kinds, marks, causes, verbs of the timeline, refusals."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from backoffice import things, words
from backoffice.things import Kind
from catalog.search.queries import Synonym
from catalog.steering.active import Rule
from catalog.steering.chains import MOST_STEPS, Fault, Refusal
from catalog.steering.models import Cause, RuleKind, SearchRule, SearchSynonym
from catalog.steering.previewing import Mark

KINDS = {
    RuleKind.PIN: _l("Put a product at a place"),
    RuleKind.BOOST_BRAND: _l("Show a brand sooner or later"),
    RuleKind.BOOST_CATEGORY: _l("Show a category sooner or later"),
    RuleKind.BOOST_PRODUCT: _l("Show a product sooner or later"),
}
MARKS: dict[Mark, tuple[object, words.Tone]] = {
    Mark.SAME: (_l("same place"), "neutral"),
    Mark.UP: (_l("higher"), "information"),
    Mark.DOWN: (_l("lower"), "attention"),
    Mark.ADDED: (_l("comes in"), "done"),
    Mark.REMOVED: (_l("drops out"), "blocked"),
}
CAUSES = {
    Cause.SYNONYM: _l("Synonym added"),
    Cause.SYNONYM_ENDED: _l("Synonym ended"),
    Cause.RULE: _l("Boost or pin added"),
    Cause.RULE_ENDED: _l("Boost or pin ended"),
    Cause.KEYWORD: _l("Missing keyword taken"),
}
VERBS = {
    "synonym.add": _l("added a synonym"),
    "synonym.end": _l("ended a synonym"),
    "search_rule.add": _l("added a boost or pin"),
    "search_rule.end": _l("ended a boost or pin"),
}


def register() -> None:
    """Give the words to the house."""
    words.register(KINDS)
    words.register({mark: said for mark, (said, _) in MARKS.items()}, {mark: tone for mark, (_, tone) in MARKS.items()})
    words.register(CAUSES)
    words.register_verbs(VERBS)
    words.register_fields("search_synonym", {"synonym": (_l("synonym"), None)})
    words.register_fields("search_rule", {"rule": (_l("boost or pin"), None)})
    names = sa.select(SearchSynonym.id, SearchSynonym.term.label("name"))
    things.register(SearchSynonym.__tablename__, Kind(_l("synonym"), names, "steering.synonyms"))
    names = sa.select(SearchRule.id, SearchRule.query.label("name"))
    things.register(SearchRule.__tablename__, Kind(_l("boost or pin"), names, "steering.rules"))


def arrow(entry: Synonym) -> str:
    """Return a synonym as one line: "frigo → réfrigérateur"."""
    return f"{entry.term} {'↔' if entry.both_ways else '→'} {entry.means}"


def rule(one: Rule) -> str:
    """Return a rule as one line."""
    said = f"{one.query}: {one.target}"
    return f"{said} → {one.rank}" if one.kind == RuleKind.PIN else f"{said} × {one.factor:g}"


def refused_synonym(refusal: Refusal) -> str:
    """Return why a synonym cannot be kept, with the way that shows it."""
    way = " → ".join(refusal.way)
    return {
        Fault.NOTHING: _("Write a word on both sides; signs alone say nothing."),
        Fault.SAME: _("Search reads both as the same word already."),
        Fault.FOLLOWS: _("This holds already: %(way)s.", way=way),
        Fault.LOOP: _("This would go round in a circle: %(way)s. Make it one entry both ways instead.", way=way),
        Fault.TOO_FAR: _("This makes a chain of more than %(count)s steps: %(way)s.", count=MOST_STEPS, way=way),
    }[refusal.fault]


def too_long(count: int, signs: int) -> str:
    """Return the refusal of a synonym that is a sentence."""
    return _("Write at most %(count)s words and %(signs)s characters on each side.", count=count, signs=signs)


def too_many(count: int) -> str:
    """Return the refusal of one more than can be kept."""
    return _("There are %(count)s already. End some before adding more.", count=count)


def no_query() -> str:
    """Return the refusal of a rule without a search."""
    return _("Write the search it is for.")


def ends_before_start() -> str:
    """Return the refusal of days in the wrong order."""
    return _("The last day is before the first.")


def over_already() -> str:
    """Return the refusal of a rule that would never hold."""
    return _("The last day is over already.")


def factor_between(low: float, high: float) -> str:
    """Return the refusal of a factor out of bounds."""
    said = {"low": format_decimal(low), "high": format_decimal(high)}
    return _("Give a factor between %(low)s and %(high)s; 1 changes nothing.", **said)


def rank_between(most: int) -> str:
    """Return the refusal of a place out of bounds."""
    return _("Give a place between 1 and %(most)s.", most=most)


def no_such_target(target: str) -> str:
    """Return the refusal of a brand or category that no product has."""
    return _("No product shown is of “%(target)s”.", target=target)


def not_shown(target: str) -> str:
    """Return the refusal of a product that customers do not see."""
    return _(
        "Product %(target)s is not shown to customers: it is not published, or was merged into another.", target=target
    )


def not_synonyms(header: str) -> str:
    """Return the refusal of a file that is no list of synonyms."""
    return _("This is not a list of synonyms: its first line must be %(header)s.", header=header)


def no_such_language(code: str) -> str:
    """Return the refusal of a language that the house does not speak."""
    return _("“%(code)s” is not a language here: write fr or en.", code=code)
