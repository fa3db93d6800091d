"""What the marketplace decides for all its sheets: rules switched off, the tree's shape, how searches are steered.

    a table of decisions, each with its day and its reason ─► moments

Not here: one vendor's own rules (`vendor_habits`), what customers search for (`moments`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import sqlalchemy as sa

from backoffice.demo import people
from backoffice.demo.timeline import Calendar, Moment
from backoffice.extensions import db
from catalog import review
from catalog.demo import finding
from catalog.search.queries import Synonym
from catalog.steering import keeping
from catalog.steering.active import Rule
from catalog.steering.models import RuleKind
from catalog.switches import effect, switching
from catalog.switches.scopes import Scope
from catalog.taxonomies import editing, successions
from catalog.taxonomies.models import ActKind, CategoryAct

# Food processors and blenders; kitchenware; toasters; food boxes; kitchen utensils.
_BLENDERS, _KITCHEN, _TOASTERS, _BOXES, _UTENSILS = "505666", "638", "c088", "2626", "668"


def of_house(calendar: Calendar) -> Iterator[Moment]:
    """Switch rules, shape the tree, steer the searches."""
    yield from _switches(calendar)
    yield from _categories(calendar)
    yield from _steering(calendar)


# ---- rules switched off --------------------------------------------------------------------------------------------


def _switches(calendar: Calendar) -> Iterator[Moment]:
    yield Moment(calendar.ago(30, 15, 40), _take_back_materials)
    jug = "La matière lue dans ces textes est celle du bol ou des lames, pas celle de l’appareil."
    yield Moment(calendar.ago(29, 14, 30), partial(_switch_off, Scope("material.found", category=_BLENDERS), "", jug))
    toys = "« 60 pièces » compte ce que contient la boîte d’un jouet ; ce n’est pas un lot de 60 articles."
    yield Moment(calendar.ago(16, 15, 10), partial(_switch_off, Scope("pack.found"), "kastanje", toys))


def _take_back_materials() -> None:
    """What an editor finds wrong on three sheets is what the rule is switched off for the day after."""
    for sku in ("MV-1027", "MV-1029", "MV-1032"):
        listing = finding.listing(sku)
        review.undo_change(listing, "material.found", "material", by=people.find(people.EDITOR))


def _switch_off(scope: Scope, vendor: str, why: str) -> None:
    where = replace(scope, vendor_id=finding.vendor(vendor).id) if vendor else scope
    seen = effect.of(where)
    # As on the page: who switches a rule that changes most sheets types the share that was shown.
    agreed = f"{seen.share:.0%}" if seen.share >= switching.TYPE_FROM else "yes"
    switching.switch_off(where, why, by=people.find(people.EDITOR), effect=seen, agreed=agreed)


# ---- the tree ------------------------------------------------------------------------------------------------------


def _categories(calendar: Calendar) -> Iterator[Moment]:
    yield Moment(calendar.ago(50, 9, 45), _rename)
    # Asked for by a roaster that is about to join.
    yield Moment(calendar.ago(6, 11, 20), _add)
    # Merged one evening, taken apart the next morning: boxes have a levy of their own.
    yield Moment(calendar.ago(24, 17, 30), _merge)
    yield Moment(calendar.ago(23, 9, 5), _undo_merge)


def _rename() -> None:
    by = people.find(people.ADMINISTRATOR)
    row = editing.opened(_TOASTERS, 1, by=by)
    editing.rename(
        row, "Grille-pain, gaufriers et croque-monsieur", "Toasters, waffle irons and sandwich makers", by=by
    )


def _add() -> None:
    by = people.find(people.ADMINISTRATOR)
    editing.add("", _KITCHEN, "Accessoires de barista", "Barista accessories", by=by)


def _merge() -> None:
    by = people.find(people.ADMINISTRATOR)
    successions.merge(editing.opened(_BOXES, 1, by=by), _UTENSILS, by=by)


def _undo_merge() -> None:
    merged = db.session.scalars(sa.select(CategoryAct).where(CategoryAct.kind == ActKind.MERGE)).one()
    successions.undo(merged, by=people.find(people.ADMINISTRATOR))


# ---- searches ------------------------------------------------------------------------------------------------------

_SYNONYMS = (
    (Synonym("doudou", "peluche", both_ways=True), "Les clients disent l’un, les vendeurs l’autre."),
    (Synonym("sauteuse", "poêle"), "Qui cherche une sauteuse peut prendre une poêle haute ; l’inverse égarerait."),
)


def _steering(calendar: Calendar) -> Iterator[Moment]:
    today = calendar.today.date()
    for place, (entry, why) in enumerate(_SYNONYMS):
        yield Moment(calendar.ago(10, 10, 5 * place), partial(_add_synonym, entry, why))
    yield Moment(calendar.ago(7, 9, 30), partial(_boost, today))
    yield Moment(calendar.ago(7, 9, 40), partial(_pin, today))


def _add_synonym(entry: Synonym, why: str) -> None:
    keeping.add_synonym(entry, "fr", by=people.find(people.EDITOR), reason=why)


def _days(today: date, since: int, until: int) -> tuple[date, date]:
    return today - timedelta(days=since), today + timedelta(days=until)


def _boost(today: date) -> None:
    starts, ends = _days(today, 7, 21)
    rule = Rule(RuleKind.BOOST_BRAND, "cafetière", "Torvel", factor=1.5, starts_on=starts, ends_on=ends)
    why = "Mois du café : deux vendeurs ont toute la gamme Torvel en stock, aucun acheteur n’attendra."
    keeping.add_rule(rule, by=people.find(people.EDITOR), reason=why)


def _pin(today: date) -> None:
    starts, ends = _days(today, 7, 30)
    page = str(finding.listing("BDF-1071").product_id)
    rule = Rule(RuleKind.PIN, "plaid", page, rank=1, starts_on=starts, ends_on=ends)
    why = "La laine des Monts fait la vitrine d’accueil ce mois-ci ; qui la cherche doit tomber dessus."
    keeping.add_rule(rule, by=people.find(people.EDITOR), reason=why)
