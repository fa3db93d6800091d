"""The verbs of a mapping rule: one table with each verb's words, its parts, an example, and what it does to a value.

Promise: no verb can hang or grow a text without end: texts are taken literally, there are no patterns, and a result
longer than `LONGEST_VALUE` is not taken. Not here: how a rule is written (`rule_text.py`), in which order rules act
(`rules.py`), what is wrong with one (`rule_checks.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from catalog.mapping.reading import BARE_NUMBER, CURRENCIES, UNITS, plain
from catalog.text import fold

# Longer than any description seen (32,000 characters); a chain of replacements could otherwise fill the memory.
LONGEST_VALUE = 100_000
# Columns that one value is joined from: addresses and bullet points come in tens.
MOST_JOINED = 20
# The rule `lookup` of this target reads the vendor's own words for a category, where nothing gave it one before.
CATEGORY = "category"
CATEGORY_WORDS = ("product_type", "google_product_category")

Cells = Mapping[str, str]
# Takes the cells of a line and the value as it stands; returns the value, "" where there is none.
Act = Callable[[Cells, str], str]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what it does (`verb`) for which attribute (`target`), on which line of the text it stands."""

    target: str
    verb: str
    columns: tuple[str, ...] = ()
    text: str = ""
    other: str = ""
    number: int = 1
    pairs: tuple[tuple[str, str], ...] = ()
    if_empty: bool = False
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a rule after its verb: which field of `Rule` it fills, the word before it, how many it may be."""

    field: str
    keyword: str = ""
    most: int = 1
    default: Any = None

    @property
    def required(self) -> bool:
        """Return whether a rule without this part is not understood."""
        return self.default is None


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb: its words in both languages, what it does in a sentence, an example, its parts, its act."""

    words: Mapping[str, str]
    says: Mapping[str, str]
    example: Mapping[str, str]
    parts: tuple[Part, ...]
    act: Callable[[Rule], Act]
    # Whether the verb makes a value from the line's cells or from nothing, rather than work on the one that stands.
    makes: bool = True

    def reads_columns(self, rule: Rule) -> bool:
        """Return whether this rule needs columns of the file."""
        return self.makes and bool(rule.columns)


def key_of(text: str) -> str:
    """Return what two spellings of a value share: case, accents and blanks do not count."""
    return fold(" ".join(text.split()))


def cell_of(cells: Cells, column: str) -> str:
    """Return a cell without the blanks around it."""
    return (cells.get(column) or "").strip()


def _copy(rule: Rule) -> Act:
    column = rule.columns[0]
    return lambda cells, _value: cell_of(cells, column)


def _constant(rule: Rule) -> Act:
    text = rule.text
    return lambda _cells, _value: text


def _split(rule: Rule) -> Act:
    column, sign = (rule.columns or ("",))[0], rule.text
    place = rule.number - 1 if rule.number > 0 else rule.number

    def act(cells: Cells, value: str) -> str:
        parts = (cell_of(cells, column) if column else value).split(sign)
        return parts[place].strip() if -len(parts) <= place < len(parts) else ""

    return act


def _join(rule: Rule) -> Act:
    columns, between = rule.columns, rule.text

    def act(cells: Cells, value: str) -> str:
        joined = between.join(filter(None, (cell_of(cells, column) for column in columns)))
        return joined if len(joined) <= LONGEST_VALUE else value

    return act


def _replace(rule: Rule) -> Act:
    old, new = rule.text, rule.other
    growth = max(0, len(new) - len(old))

    def act(_cells: Cells, value: str) -> str:
        if growth and len(value) + value.count(old) * growth > LONGEST_VALUE:
            return value
        return value.replace(old, new).strip()

    return act


def _lookup(rule: Rule) -> Act:
    table = {key_of(left): right for left, right in reversed(rule.pairs)}
    if rule.target == CATEGORY:
        # The vendor's words are no category of ours: where the table does not know them, there is none.
        return lambda _cells, value: table.get(key_of(value), "")
    return lambda _cells, value: table.get(key_of(value), value)


def _unit(rule: Rule) -> Act:
    sign = sign_of(rule.text) or rule.text
    return lambda _cells, value: f"{value} {sign}" if BARE_NUMBER.fullmatch(value) else value


def sign_of(text: str) -> str | None:
    """Return the usual sign of a unit or currency ("kilogramme" → "kg"), None for an unknown one."""
    lower = text.strip().lower()
    return CURRENCIES.get(lower) or UNITS.get(plain(lower))


_COLUMN, _COLUMNS = Part("columns"), Part("columns", most=MOST_JOINED)

VERBS: Mapping[str, Verb] = {
    "copy": Verb(
        {"fr": "copier", "en": "copy"},
        {"fr": "Prend la colonne telle quelle.", "en": "Takes the column as it is."},
        {"fr": 'marque: copier "Fabricant"', "en": 'brand: copy "Maker"'},
        (_COLUMN,),
        _copy,
    ),
    "constant": Verb(
        {"fr": "constante", "en": "constant"},
        {"fr": "Donne la même valeur à toutes les lignes.", "en": "Gives every line the same value."},
        {"fr": 'état: constante "neuf"', "en": 'condition: constant "new"'},
        (Part("text"),),
        _constant,
    ),
    "split": Verb(
        {"fr": "découper", "en": "split"},
        {
            "fr": "Coupe une colonne, ou la valeur, à un signe et en garde une partie (-1 : la dernière).",
            "en": "Cuts a column, or the value, at a sign and keeps one part (-1: the last).",
        },
        {"fr": 'taille: découper "Variante" à "/" partie 2', "en": 'size: split "Variant" at "/" part 2'},
        (Part("columns", default=()), Part("text", "at"), Part("number", "part", default=1)),
        _split,
    ),
    "join": Verb(
        {"fr": "joindre", "en": "join"},
        {
            "fr": "Met plusieurs colonnes bout à bout ; les cellules vides sont passées.",
            "en": "Puts several columns one after the other; empty cells are passed over.",
        },
        {"fr": 'titre: joindre "Marque" "Modèle" avec " "', "en": 'title: join "Brand" "Model" with " "'},
        (_COLUMNS, Part("text", "with", default=" ")),
        _join,
    ),
    "replace": Verb(
        {"fr": "remplacer", "en": "replace"},
        {
            "fr": "Remplace un texte par un autre, partout dans la valeur, à la lettre près.",
            "en": "Replaces a text by another, everywhere in the value, to the letter.",
        },
        {"fr": 'titre: remplacer "*PROMO*" par ""', "en": 'title: replace "*PROMO*" with ""'},
        (Part("text"), Part("other", "by")),
        _replace,
        makes=False,
    ),
    "lookup": Verb(
        {"fr": "table", "en": "lookup"},
        {
            "fr": "Remplace une valeur entière par une autre ; majuscules et accents ne comptent pas.",
            "en": "Replaces a whole value by another; capitals and accents do not count.",
        },
        {"fr": 'couleur: table "Bleu nuit" -> "bleu"', "en": 'color: lookup "Midnight" -> "blue"'},
        (Part("pairs"),),
        _lookup,
        makes=False,
    ),
    "unit": Verb(
        {"fr": "unité", "en": "unit"},
        {
            "fr": "Ajoute l’unité ou la devise aux nombres seuls.",
            "en": "Adds the unit or currency to bare numbers.",
        },
        {"fr": 'poids: unité "kg"', "en": 'weight: unit "kg"'},
        (Part("text"),),
        _unit,
        makes=False,
    ),
}
# The eighth verb stands before another one, which then acts only where the attribute has no value yet.
IF_EMPTY = Verb(
    {"fr": "si-vide", "en": "if-empty"},
    {
        "fr": "Ne fait ce qui suit que là où l’attribut est encore vide.",
        "en": "Does what follows only where the attribute is still empty.",
    },
    {"fr": 'marque: si-vide copier "Fabricant"', "en": 'brand: if-empty copy "Maker"'},
    (),
    _constant,
)
# The words that stand before a part: (English, French), and any other that is understood.
KEYWORDS: Mapping[str, tuple[str, ...]] = {
    "at": ("at", "à", "sur"),
    "part": ("part", "partie"),
    "with": ("with", "avec"),
    "by": ("with", "par", "by"),
}
