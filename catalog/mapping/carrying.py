"""A vendor's mapping as a file that can be kept, read and brought back: JSON with the number of its form.

Promise: what is written is read back as the same mapping; a file that cannot be taken says what is wrong at which
place, all of it at once, and nothing of it is taken. Not here: whether its columns, categories and values exist
(`rule_checks.py`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalog.attributes import ATTRIBUTES
from catalog.mapping.rule_checks import Known, check
from catalog.mapping.rule_text import LONGEST_LINE, nearest_attribute, read_rules

FORM = 1
# The longest mapping that can be written (5,000 lines of 2,000 characters) is larger; no vendor's is a tenth of this.
LARGEST_FILE = 2_000_000
MOST_COLUMNS = 2_000

TEXTS: Mapping[str, Mapping[str, str]] = {
    "too_large": {
        "fr": "Ce fichier est trop gros pour une correspondance.",
        "en": "This file is too large for a mapping.",
    },
    "not_json": {
        "fr": "Ce fichier n’est pas du JSON (ligne {line}). Envoyez un fichier exporté depuis la page Correspondance.",
        "en": "This file is not JSON (line {line}). Send a file exported from the Mapping page.",
    },
    "not_a_mapping": {
        "fr": "Ce fichier n’est pas une correspondance : « comptoir_mapping » y manque.",
        "en": "This file is not a mapping: “comptoir_mapping” is missing in it.",
    },
    "other_form": {
        "fr": "Ce fichier est d’une autre forme ({form}) ; celle d’ici est {known}. Exportez-le à nouveau.",
        "en": "This file is of another form ({form}); the one here is {known}. Export it again.",
    },
    "wrong_kind": {
        "fr": "« {place} » n’est pas de la bonne sorte : {expected}.",
        "en": "“{place}” is not of the right kind: {expected}.",
    },
    "unknown_attribute": {
        "fr": "columns → « {header} » : l’attribut « {name} » n’existe pas, ou n’existe plus.{near}",
        "en": "columns → “{header}”: there is no attribute “{name}”, or there is none any more.{near}",
    },
    "rule": {"fr": "rules → ligne {line} : {message}", "en": "rules → line {line}: {message}"},
}
_KINDS = {
    "columns": {"fr": "un objet {{en-tête: attribut ou null}}", "en": "an object {{header: attribute or null}}"},
    "rules": {"fr": "une liste de lignes", "en": "a list of lines"},
}
_NEAR = {"fr": " Vouliez-vous dire « {near} » ?", "en": " Did you mean “{near}”?"}


@dataclass(frozen=True, slots=True)
class Carried:
    """A mapping out of a file: columns and rules, or the sentences that say why it is not taken."""

    columns: Mapping[str, str | None]
    rules: Sequence[str]
    refusals: Sequence[str] = ()


def written(columns: Mapping[str, str | None], rules: Sequence[str], *, version: int) -> str:
    """Return the file of a mapping; it names no vendor."""
    said = {"comptoir_mapping": FORM, "version": version, "columns": dict(columns), "rules": list(rules)}
    return json.dumps(said, ensure_ascii=False, indent=1) + "\n"


def read(content: bytes, known: Known, locale: str) -> Carried:
    """Return the mapping of a file, or why it is not taken, in the reader's language."""
    language = "fr" if locale.startswith("fr") else "en"
    if len(content) > LARGEST_FILE:
        return _refused(language, "too_large")
    try:
        said = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return _refused(language, "not_json", line=1)
    except json.JSONDecodeError as error:
        return _refused(language, "not_json", line=error.lineno)
    except RecursionError:
        return _refused(language, "not_json", line=1)
    if not isinstance(said, dict) or "comptoir_mapping" not in said:
        return _refused(language, "not_a_mapping")
    if said["comptoir_mapping"] != FORM:
        return _refused(language, "other_form", form=str(said["comptoir_mapping"])[:20], known=FORM)
    return _taken(said, known, language)


def _taken(said: Mapping[str, Any], known: Known, language: str) -> Carried:
    columns, rules = said.get("columns", {}), said.get("rules", [])
    wrong = [name for name, good in (("columns", _are_columns(columns)), ("rules", _are_lines(rules))) if not good]
    if wrong:
        kinds = [_say(language, "wrong_kind", place=name, expected=_KINDS[name][language].format()) for name in wrong]
        return Carried({}, (), tuple(kinds))
    refusals = [
        _say(language, "unknown_attribute", header=header, name=name, near=_near(name, language))
        for header, name in columns.items()
        if name is not None and name not in ATTRIBUTES
    ]
    read_lines = read_rules(rules)
    faults = [fault for fault in check(read_lines, known) if fault.blocking]
    refusals += [_say(language, "rule", line=fault.line, message=fault.message(language)) for fault in faults]
    return Carried({}, (), tuple(refusals)) if refusals else Carried(columns, read_lines.lines)


def _are_columns(columns: Any) -> bool:
    if not isinstance(columns, dict) or len(columns) > MOST_COLUMNS:
        return False
    return all(value is None or isinstance(value, str) for value in columns.values())


def _are_lines(rules: Any) -> bool:
    return isinstance(rules, list) and all(
        isinstance(line, str) and len(line) <= LONGEST_LINE and "\n" not in line for line in rules
    )


def _near(name: str, language: str) -> str:
    near = nearest_attribute(name)
    return _NEAR[language].format(near=near) if near else ""


def _say(language: str, code: str, **params: Any) -> str:
    return TEXTS[code][language].format_map(params)


def _refused(language: str, code: str, **params: Any) -> Carried:
    return Carried({}, (), (_say(language, code, **params),))
