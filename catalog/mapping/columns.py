"""One column's proposed attribute, with the reason in words.

Promise: every proposal can say in French or English why it was made.
Not here: how it is made (`proposals.py`) or used (`application.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

# Why a column got its attribute, or none; {header}, {attribute} and others are the params.
REASONS: Mapping[str, Mapping[str, str]] = {
    "exact_header": {
        "fr": "L’en-tête « {words} » désigne cet attribut.",
        "en": "The header “{words}” names this attribute.",
    },
    "header_words": {
        "fr": "L’en-tête contient « {words} ».",
        "en": "The header contains “{words}”.",
    },
    "abbreviation": {
        "fr": "L’en-tête est une abréviation courante.",
        "en": "The header is a common abbreviation.",
    },
    "remembered": {
        "fr": "Vous avez déjà décidé ainsi pour cet en-tête.",
        "en": "You decided so for this header before.",
    },
    "dictionary": {
        "fr": "{count} décisions d’autres vendeurs pour cet en-tête ({share} %).",
        "en": "{count} decisions of other vendors for this header ({share}%).",
    },
    "fuzzy_header": {
        "fr": "L’en-tête ressemble à « {like} » et les valeurs s’y prêtent.",
        "en": "The header resembles “{like}” and the values agree.",
    },
    "values": {
        "fr": "Les valeurs le montrent ({share} % des cellules remplies).",
        "en": "The values show it ({share}% of the filled cells).",
    },
    "short_text": {
        "fr": "Aucune colonne ne s’appelle titre ; de celles qui décrivent l’article, « {words} » est la courte.",
        "en": "No column is called title; of those that describe the article, “{words}” is the short one.",
    },
    "convention": {
        "fr": "{name} nomme ainsi cet attribut.",
        "en": "This is what {name} calls this attribute.",
    },
    "stand_in": {
        "fr": "Aucune colonne n’est nommée ainsi ; celle-ci s’en approche le plus.",
        "en": "No column is named so; this one comes nearest.",
    },
    "option_name": {
        "fr": "La colonne « {column} » nomme cette option « {name} ».",
        "en": "The column “{column}” names this option “{name}”.",
    },
    "pairs": {
        "fr": "Ses couples « nom=valeur » complètent ce que les autres colonnes ne disent pas.",
        "en": "Its pairs “name=value” add what the other columns do not say.",
    },
    "known_unused": {
        "fr": "Cette colonne n’a pas d’équivalent sur la place de marché.",
        "en": "This column has no counterpart on the marketplace.",
    },
    "taken": {
        "fr": "La colonne « {column} » remplit déjà cet attribut.",
        "en": "The column “{column}” already feeds this attribute.",
    },
    "contrary_values": {
        "fr": "L’en-tête dirait « {attribute} », mais les valeurs disent le contraire.",
        "en": "The header would say “{attribute}”, but the values say otherwise.",
    },
    "unknown": {
        "fr": "Ni l’en-tête ni les valeurs ne sont reconnus.",
        "en": "Neither the header nor the values are recognized.",
    },
}


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """A column and the attribute proposed for it, or None.

    `unit` is the unit or currency the header carries into bare values, `companion` the column that holds it row by
    row; `locale` the language of the values; `order` sorts the columns that feed one attribute together.
    """

    header: str
    attribute: str | None
    confidence: float = 0.0
    reason_code: str = "unknown"
    reason_params: Mapping[str, Any] = field(default_factory=dict)
    unit: str | None = None
    samples: Sequence[str] = ()
    locale: str | None = None
    companion: str | None = None
    order: int = 0

    def reason(self, locale: str = "fr") -> str:
        """Return why, in the reader's language."""
        text = REASONS[self.reason_code]["fr" if locale.startswith("fr") else "en"]
        known = {"words": self.header, "attribute": self.attribute or "", "like": "", "column": "", "name": ""}
        return text.format_map({**known, "count": 0, "share": 0, **self.reason_params})
