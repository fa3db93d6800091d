"""Why a file is not read: one table of codes with one clear sentence each, in French and in English.

Promise: every refusal names the problem and the remedy, without a traceback and without a word of jargon.
Not here: faults of single rows, which are `Issue`s and never stop a file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

_XLS_FR = "Ouvrez-le dans votre tableur, enregistrez-le au format XLSX ou CSV, puis renvoyez-le."
_XLS_EN = "Open it in your spreadsheet program, save it as XLSX or CSV, and send it again."
_CSV_FR = "Envoyez un fichier CSV, XLSX, ODS, XML ou JSON."
_CSV_EN = "Send a CSV, XLSX, ODS, XML or JSON file."

TEXTS: Mapping[str, Mapping[str, str]] = {
    "missing": {"fr": "Le fichier « {name} » n’existe pas.", "en": "The file “{name}” does not exist."},
    "not_a_file": {"fr": "« {name} » n’est pas un fichier lisible.", "en": "“{name}” is not a readable file."},
    "empty": {"fr": "Le fichier « {name} » est vide.", "en": "The file “{name}” is empty."},
    "no_rows": {
        "fr": "Le fichier « {name} » ne contient aucun tableau : ni en-tête ni ligne de produit n’a été trouvé.",
        "en": "The file “{name}” holds no table: neither a header nor a product line was found.",
    },
    "no_records": {
        "fr": "« {name} » contient un en-tête mais aucune ligne de produit. Ajoutez-en, puis renvoyez-le.",
        "en": "“{name}” holds a header but no product line. Add some and send it again.",
    },
    "too_big": {
        "fr": "Le fichier « {name} » dépasse {limit} Mo. Envoyez-le en plusieurs parties.",
        "en": "The file “{name}” is over {limit} MB. Send it in several parts.",
    },
    "old_excel": {
        "fr": f"« {{name}} » est un ancien classeur Excel (XLS), qui n’est pas accepté. {_XLS_FR}",
        "en": f"“{{name}}” is an old Excel workbook (XLS), which is not accepted. {_XLS_EN}",
    },
    "binary_excel": {
        "fr": f"« {{name}} » est un classeur Excel binaire (XLSB), qui n’est pas accepté. {_XLS_FR}",
        "en": f"“{{name}}” is a binary Excel workbook (XLSB), which is not accepted. {_XLS_EN}",
    },
    "encrypted": {
        "fr": "« {name} » est protégé par un mot de passe. Retirez la protection, puis renvoyez-le.",
        "en": "“{name}” is protected by a password. Remove the protection and send it again.",
    },
    "wrong_type": {
        "fr": f"« {{name}} » n’est pas un tableau de produits mais : {{kind}}. {_CSV_FR}",
        "en": f"“{{name}}” is not a table of products but: {{kind}}. {_CSV_EN}",
    },
    "web_page": {
        "fr": f"« {{name}} » est une page web (HTML), même si son nom dit autre chose. {_XLS_FR}",
        "en": f"“{{name}}” is a web page (HTML), whatever its name says. {_XLS_EN}",
    },
    "binary": {
        "fr": f"« {{name}} » contient des données binaires, pas du texte. {_CSV_FR}",
        "en": f"“{{name}}” holds binary data, not text. {_CSV_EN}",
    },
    "wrong_encoding": {
        "fr": "« {name} » ne peut pas être lu avec l’encodage {encoding}. Choisissez-en un autre.",
        "en": "“{name}” cannot be read with the encoding {encoding}. Choose another one.",
    },
    "archive_many": {
        "fr": "L’archive « {name} » contient {count} fichiers. Envoyez un seul fichier par archive.",
        "en": "The archive “{name}” holds {count} files. Send one file per archive.",
    },
    "archive_entries": {
        "fr": "L’archive « {name} » contient plus de {limit} éléments ; elle est refusée par précaution.",
        "en": "The archive “{name}” holds more than {limit} entries; it is refused as a precaution.",
    },
    "archive_bomb": {
        "fr": "« {name} » se décompresserait en plus de {limit} Mo ; il est refusé par précaution. "
        "Envoyez-le en plusieurs parties.",
        "en": "“{name}” would inflate to more than {limit} MB; it is refused as a precaution. "
        "Send it in several parts.",
    },
    "archive_nested": {
        "fr": "« {name} » est une archive dans une archive. Envoyez le fichier lui-même.",
        "en": "“{name}” is an archive inside an archive. Send the file itself.",
    },
    "broken_archive": {
        "fr": "« {name} » est endommagé ou incomplet. Enregistrez-le de nouveau, puis renvoyez-le.",
        "en": "“{name}” is damaged or incomplete. Save it again and send it again.",
    },
    "xml_dtd": {
        "fr": "« {name} » contient une déclaration DOCTYPE (DTD), refusée par sécurité. Retirez-la, puis renvoyez-le.",
        "en": "“{name}” holds a DOCTYPE declaration (DTD), refused for safety. Remove it and send it again.",
    },
    "broken_xml": {
        "fr": "« {name} » n’est pas un XML valide : erreur à la ligne {line}. Corrigez-la, puis renvoyez-le.",
        "en": "“{name}” is not valid XML: error at line {line}. Mend it and send it again.",
    },
    "broken_json": {
        "fr": "« {name} » n’est pas un JSON valide : erreur près du caractère {position}. "
        "Corrigez-le, puis renvoyez-le.",
        "en": "“{name}” is not valid JSON: error near character {position}. Mend it and send it again.",
    },
    "broken_json_line": {
        "fr": "La ligne {line} de « {name} » n’est pas un JSON valide : erreur près du caractère {position}. "
        "Corrigez-la, puis renvoyez le fichier.",
        "en": "Line {line} of “{name}” is not valid JSON: error near character {position}. "
        "Mend it and send the file again.",
    },
    "line_too_long": {
        "fr": "La ligne {line} de « {name} » dépasse {limit} caractères : ce n’est pas un tableau de produits.",
        "en": "Line {line} of “{name}” is over {limit} characters: this is not a table of products.",
    },
    "too_many_columns": {
        "fr": "« {name} » a plus de {limit} colonnes. Retirez les colonnes inutiles, puis renvoyez-le.",
        "en": "“{name}” has more than {limit} columns. Remove the needless columns and send it again.",
    },
    "too_much_text": {
        "fr": "« {name} » contient trop de texte une fois déplié. Envoyez-le en plusieurs parties.",
        "en": "“{name}” holds too much text once unfolded. Send it in several parts.",
    },
    "unknown_sheet": {
        "fr": "« {name} » n’a pas d’onglet « {sheet} ».",
        "en": "“{name}” has no tab “{sheet}”.",
    },
    "too_much_memory": {
        "fr": "La lecture de « {name} » demande trop de mémoire. Enregistrez-le en CSV ou en plusieurs parties.",
        "en": "Reading “{name}” takes too much memory. Save it as CSV or in several parts.",
    },
    "too_long": {
        "fr": "La lecture de « {name} » a été arrêtée : elle durait trop longtemps. Envoyez-le en plusieurs parties.",
        "en": "Reading “{name}” was stopped: it took too long. Send it in several parts.",
    },
    "crashed": {
        "fr": "« {name} » n’a pas pu être lu : il est endommagé ou construit d’une façon inattendue. {remedy}",
        "en": "“{name}” could not be read: it is damaged or built in an unexpected way. {remedy}",
    },
}

_REMEDY = {"fr": _XLS_FR, "en": _XLS_EN}


class UnreadableFile(ValueError):
    """A file that is refused as a whole, with its code and the words to tell it."""

    def __init__(self, code: str, params: Mapping[str, Any] | None = None) -> None:
        self.code = code if code in TEXTS else "crashed"
        self.params: dict[str, Any] = {"name": "?", **(params or {})}
        super().__init__(self.message("en"))

    def message(self, locale: str = "fr") -> str:
        """Return the problem and its remedy for a reader of this language."""
        return self._said(locale, lambda text: text)

    def problem(self, locale: str = "fr") -> str:
        """Return the problem alone, for one who cannot send the file again: the remedies speak to who sent it."""
        return self._said(locale, lambda text: text.partition(". ")[0].removesuffix(".") + ".")

    def _said(self, locale: str, taken: Callable[[str], str]) -> str:
        language = "fr" if locale.startswith("fr") else "en"
        known = {"remedy": _REMEDY[language], "line": "?", "limit": "?", "kind": "?", "count": "?", "position": "?"}
        known |= {"encoding": "?", "sheet": "?"} | self.params
        kind = KINDS.get(str(known["kind"]))
        if kind is not None:
            known["kind"] = kind[language]
        return taken(TEXTS[self.code][language]).format_map(known)


# What a file turned out to be, by its first bytes; the keys are the `kind` of `wrong_type`.
KINDS: Mapping[str, Mapping[str, str]] = {
    "pdf": {"fr": "un document PDF", "en": "a PDF document"},
    "image": {"fr": "une image", "en": "an image"},
    "svg": {"fr": "une image SVG", "en": "an SVG image"},
    "word": {"fr": "un document de traitement de texte", "en": "a word processor document"},
    "slides": {"fr": "une présentation", "en": "a presentation"},
    "numbers": {"fr": "un classeur Numbers", "en": "a Numbers workbook"},
    "program": {"fr": "un programme", "en": "a program"},
    "archive": {"fr": "une archive d’un type non accepté", "en": "an archive of a kind not accepted"},
    "sound_or_video": {"fr": "un son ou une vidéo", "en": "a sound or a video"},
    "database": {"fr": "une base de données", "en": "a database"},
}
