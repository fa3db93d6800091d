"""What is wrong with a rule: its place, and a sentence with the remedy in French and in English.

Promise: every fault names its line and what to do. Not here: finding them (`rule_text.py`, `rule_checks.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from catalog.attributes import ATTRIBUTES
from catalog.mapping.verbs import IF_EMPTY, VERBS, Verb

TEXTS: Mapping[str, Mapping[str, str]] = {
    "no_colon": {
        "fr": 'Il manque le deux-points après l’attribut. Par exemple : marque: copier "Fabricant"',
        "en": 'The colon after the attribute is missing. For example: brand: copy "Maker"',
    },
    "unknown_attribute": {
        "fr": "L’attribut « {name} » n’existe pas, ou n’existe plus.{near}",
        "en": "There is no attribute “{name}”, or there is none any more.{near}",
    },
    "no_verb": {
        "fr": "Il manque le verbe. Au choix : {verbs}.",
        "en": "The verb is missing. One of: {verbs}.",
    },
    "unknown_verb": {
        "fr": "« {verb} » n’est pas un verbe. Au choix : {verbs}.",
        "en": "“{verb}” is not a verb. One of: {verbs}.",
    },
    "part_missing": {
        "fr": "Il manque quelque chose après le verbe. Par exemple : {example}",
        "en": "Something is missing after the verb. For example: {example}",
    },
    "left_over": {
        "fr": "« {rest} » est de trop. Par exemple : {example}",
        "en": "“{rest}” is too much. For example: {example}",
    },
    "no_arrow": {
        "fr": 'Il manque la flèche et la nouvelle valeur après « {value} » : "{value}" -> "…"',
        "en": 'The arrow and the new value are missing after “{value}”: "{value}" -> "…"',
    },
    "open_quote": {
        "fr": 'Le guillemet n’est pas refermé devant : {rest}. Refermez-le, ou écrivez \\" pour un guillemet du texte.',
        "en": 'The quotation mark before {rest} is not closed. Close it, or write \\" for one that is in the text.',
    },
    "bad_number": {
        "fr": "« {number} » n’est pas un numéro de partie : 1 pour la première, -1 pour la dernière.",
        "en": "“{number}” is not the number of a part: 1 for the first, -1 for the last.",
    },
    "line_too_long": {
        "fr": "La ligne dépasse {most} caractères. Faites-en plusieurs.",
        "en": "The line is over {most} characters. Make several of it.",
    },
    "too_many_lines": {
        "fr": 'Il y a plus de {most} lignes. Réunissez plusieurs valeurs sur une ligne : "a" -> "b", "c" -> "d"',
        "en": 'There are over {most} lines. Put several values on one: "a" -> "b", "c" -> "d"',
    },
    "too_many_rules": {
        "fr": "Il y a plus de {most} règles autres que des tables. Retirez-en.",
        "en": "There are over {most} rules that are not lookups. Remove some.",
    },
    "empty_search": {
        "fr": "Rien à chercher : donnez le texte à remplacer, ou le signe où couper.",
        "en": "Nothing to look for: give the text to replace, or the sign to cut at.",
    },
    "no_such_column": {
        "fr": "Ce fichier n’a pas de colonne « {column} » : la règle n’y fait rien.{near}",
        "en": "This file has no column “{column}”: the rule does nothing there.{near}",
    },
    "joined_without": {
        "fr": "Ce fichier n’a pas de colonne « {column} » : les autres sont jointes sans elle.{near}",
        "en": "This file has no column “{column}”: the others are joined without it.{near}",
    },
    "sign_as_column": {
        "fr": '« {sign} » est lu comme une colonne. Ce qui va entre les colonnes s’écrit à la fin : avec "{sign}"',
        "en": '“{sign}” is read as a column. What goes between the columns is written at the end: with "{sign}"',
    },
    "unknown_category": {
        "fr": "La catégorie « {category} » n’existe pas, ou n’existe plus. Donnez le numéro d’une catégorie.{near}",
        "en": "There is no category “{category}”, or there is none any more. Give the number of one.{near}",
    },
    "not_in_list": {
        "fr": "« {value} » n’est pas dans la liste de valeurs de « {attribute} ».{near}",
        "en": "“{value}” is not in the list of values of “{attribute}”.{near}",
    },
    "unit_unfit": {
        "fr": "« {unit} » n’est pas une unité de « {attribute} ». Au choix : {units}.",
        "en": "“{unit}” is not a unit of “{attribute}”. One of: {units}.",
    },
    "unit_without_measure": {
        "fr": "« {attribute} » n’est ni une mesure ni un prix : une unité n’y a pas de sens.",
        "en": "“{attribute}” is neither a measure nor a price: a unit means nothing there.",
    },
    "one_for_all": {
        "fr": "Toutes les lignes auraient la même référence : une seule serait gardée. Copiez une colonne.",
        "en": "Every line would have the same identifier: only one would be kept. Copy a column.",
    },
}
_NEAR = {"fr": " Vouliez-vous dire « {near} » ?", "en": " Did you mean “{near}”?"}
# What may be saved all the same: the file at hand may be an exception, the list may be longer tomorrow.
WARNINGS = frozenset({"no_such_column", "joined_without", "sign_as_column", "not_in_list"})


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, on which line of the rules (from 1)."""

    line: int
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def blocking(self) -> bool:
        """Return whether rules with this fault are not saved."""
        return self.code not in WARNINGS

    def message(self, locale: str = "fr") -> str:
        """Return what is wrong and what to do, in the reader's language."""
        language = "fr" if locale.startswith("fr") else "en"
        said = dict(self.params)
        near = said.get("near")
        if self.code == "unknown_attribute" and isinstance(near, str) and near in ATTRIBUTES:
            near = ATTRIBUTES[near].label(language)
        said["near"] = _NEAR[language].format(near=near) if near else ""
        verb = said.get("verb")
        if isinstance(verb, Verb):
            said["example"] = verb.example[language]
        if said.get("attribute") in ATTRIBUTES:
            said["attribute"] = ATTRIBUTES[said["attribute"]].label(language)
        return TEXTS[self.code][language].format_map({"verbs": _verbs(language), **said})


def _verbs(language: str) -> str:
    return ", ".join(verb.words[language] for verb in (*VERBS.values(), IF_EMPTY))
