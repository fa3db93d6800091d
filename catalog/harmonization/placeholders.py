"""Rules of filler values: "à compléter", "xxx", "N/A", "lorem ipsum".

Promise: a filler is gone before anything is read, and its absence is not counted as a second fault.
Not here: the brand, whose words for "none" have a list of their own (brands).
"""

from __future__ import annotations

import re

from catalog.harmonization import lexicons
from catalog.harmonization.context import Context
from catalog.harmonization.draft import Draft
from catalog.harmonization.registry import Outcome, Repair, fault, rule
from catalog.harmonization.tidying import TEXTS
from catalog.text import fold

_FILLER = re.compile(
    r"^(?:lorem ipsum\b.*|[x_\-.?*#/\s]+|(?:xxx+|yyy+|zzz+)|\{\{?.*\}\}?|\[(?:.*)\]|<.*>|%\w+%|\$\{?\w+\}?)$",
    re.I | re.S,
)
# What a filler of this form begins with: the form itself is looked at only then.
_FILLER_STARTS = tuple("lxyzLXYZ_-.?*#/{[<%$")
_LOREM = re.compile(r"\blorem ipsum\b|\bdolor sit amet\b", re.IGNORECASE)
# Attributes in which these words may be true: an id "test", a brand that has rules of its own.
_FREE = frozenset(("brand", "id", "stock", "parent_id", "item_group_id", "price", "sale_price", "link", "availability"))
_LONGEST_FILLER = 40
# "n.c.", "N / A", "r.a.s.": abbreviations are in the list without their points; no longer one has any.
_LONGEST_ABBREVIATION = 6
_POINTS = re.compile(r"[\s./]+")
_MAY_BE_SIZE = re.compile(r"x{1,5}")
# A text that only says that it is one: "Description du produit", "No title available", "Insert text here", "Produit 1".
_NOTHING = (
    r"pas de|sans|aucun|aucune|no|insert|inserez|inserer|enter|saisir|saisissez|votre|your|my|mon|nouveau|nouvel|new"
)
_THING = r"titre|title|nom|name|texte|text|description|descriptif|produit|product|article|item|contenu|content"
_SELF_NAMED = re.compile(
    rf"(?:(?:{_NOTHING}|test|essai|sample|default|untitled|unnamed)(?: (?:la|le|un|une|the|a|votre|your))? )?(?:{_THING})"
    rf"(?: (?:(?:du|de l'|de|of the|of|for this) ?)?(?:{_THING}|test|essai|sample))?(?: (?:ici|here|courte?|longue?|short|long))?"
    r"(?: (?:(?:non )?disponible|(?:not )?available|unavailable|absente?|manquante?|missing|vide|empty|par defaut|"
    r"a (?:venir|completer|remplir|rediger|saisir|definir|traduire)|non (?:renseigne|fourni|defini|precise)e?|"
    r"to (?:be )?(?:complete|fill|define|write|translate|add)d?|to follow|coming soon|tbd|tbc|\d{1,3}))?"
)
_SELF_NAMED_STARTS = frozenset(
    f"{_NOTHING}|test|essai|sample|default|untitled|unnamed|{_THING}".replace("pas de", "pas").split("|")
)


@rule(
    "placeholder.value",
    attribute="*",
    confidence=0.95,
    fr="Vide une valeur de remplissage (« à compléter », « xxx », « N/A ») et la signale.",
    en="Empties a filler value (“to be completed”, “xxx”, “N/A”) and reports it.",
)
def placeholder(value: object, draft: Draft, context: Context) -> Outcome:
    """Take a filler out of any attribute; its absence is then no second fault."""
    if not isinstance(value, str) or draft.attribute in _FREE:
        return None
    if len(value) > _LONGEST_FILLER and "orem" not in value and "dolor" not in value:
        return None
    whole = fold(value).strip()
    text = whole.strip(" .!:;,\"'()[]")
    if draft.attribute == "size" and _MAY_BE_SIZE.fullmatch(text):
        return None
    known = lexicons.placeholders()
    shaped = _is_shaped(value.strip())
    if text in ("", "0000", "9999") and not shaped and whole not in known:
        return None
    if not (shaped or text in known or whole in known or _is_lorem(text) or _is_worded(text, draft.attribute)):
        return None
    return Repair(None), fault("placeholder_value", draft, value)


def _is_worded(text: str, attribute: str) -> bool:
    """Return whether a folded text is a listed abbreviation with points, or a title or description that names itself."""
    if len(text) <= _LONGEST_ABBREVIATION and not text.isalnum() and _POINTS.sub("", text) in lexicons.placeholders():
        return True
    if attribute not in TEXTS:
        return False
    return text == "0" or (text.split(" ", 1)[0] in _SELF_NAMED_STARTS and _SELF_NAMED.fullmatch(text) is not None)


def _is_shaped(text: str) -> bool:
    return text.startswith(_FILLER_STARTS) and _FILLER.match(text) is not None


def _is_lorem(text: str) -> bool:
    return ("orem" in text or "dolor" in text) and _LOREM.search(text) is not None


@rule(
    "placeholder.price",
    attribute=("price", "availability", "link"),
    confidence=0.95,
    fr="Vide une valeur de remplissage à la place d’un prix.",
    en="Empties a filler value in place of a price.",
)
def placeholder_price(value: object, draft: Draft, context: Context) -> Outcome:
    """Take a worded filler out of a price; numbers are judged as prices."""
    if not isinstance(value, str) or any(map(str.isdigit, value)):
        return None
    text = fold(value).strip(" .")
    if lexicons.placeholders().isdisjoint((text, f"{text}.", _POINTS.sub("", text))):
        return None
    return Repair(None), fault("placeholder_value", draft, value)


# What shops' software calls the picture that it shows where there is none.
_NO_PICTURE = re.compile(
    r"/(?:no[-_]?(?:image|photo|picture|img|pic|visual)s?|(?:product[-_]?)?placeholder(?:[-_]image)?|sans[-_]?(?:image|photo)|"
    r"(?:image|photo|visuel|picture)[-_]?(?:not[-_]?available|unavailable|non[-_]?disponible|indisponible|coming[-_]?soon|"
    r"missing|manquante?|a[-_]?venir)|coming[-_]?soon|default[-_]?(?:image|product|photo))"
    r"(?:[-_]?\d{1,4}(?:x\d{1,4})?)?(?:\.[a-z]{3,4})?(?:\?\S*)?$",
    re.IGNORECASE,
)


@rule(
    "placeholder.image",
    attribute="image_link",
    confidence=0.95,
    fr="Vide l’adresse d’une image qui tient la place d’une absente (« no-image.jpg »).",
    en="Empties the address of an image that stands for none (“no-image.jpg”).",
)
def placeholder_image(value: object, draft: Draft, context: Context) -> Outcome:
    """Take out the address of the picture that a shop shows where there is none."""
    if not isinstance(value, str) or not _NO_PICTURE.search(value):
        return None
    return Repair(None), fault("placeholder_value", draft, value)
