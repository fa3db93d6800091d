"""What can be wrong with a reported order, as coded problems with their place, and the sentences for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Language = Literal["fr", "en"]


@dataclass(frozen=True, slots=True)
class OrderIssue:
    """One problem: the line as the sender counts them (None for the whole), the column, a code, and what was written.

    A `warning` is for a person to know; anything else keeps the order it stands in from being taken.
    """

    row: int | None
    column: str
    code: str
    value: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    warning: bool = False


MESSAGES: dict[str, dict[Language, str]] = {
    "missing": {"fr": "« {column} » est vide.", "en": "“{column}” is empty."},
    "too_long": {
        "fr": "« {column} » dépasse {most} caractères.",
        "en": "“{column}” is longer than {most} characters.",
    },
    "not_text": {
        "fr": "« {column} » contient des caractères qui ne sont pas du texte.",
        "en": "“{column}” contains characters that are not text.",
    },
    "not_a_date": {
        "fr": "« {value} » n’est pas une date. Écrivez 2026-11-22T14:05 ou 22/11/2026 14:05.",
        "en": "“{value}” is not a date. Write 2026-11-22T14:05 or 22/11/2026 14:05.",
    },
    "not_an_amount": {
        "fr": "« {value} » n’est pas un montant. Écrivez par exemple 12,50.",
        "en": "“{value}” is not an amount. Write for example 12.50.",
    },
    "amount_unclear": {
        "fr": "« {value} » se lit de deux façons. Écrivez deux décimales, par exemple 1299,00.",
        "en": "“{value}” can be read in two ways. Write two decimals, for example 1299.00.",
    },
    "amount_negative": {
        "fr": "« {value} » est négatif. Un remboursement passe par un litige.",
        "en": "“{value}” is negative. Money goes back through a dispute.",
    },
    "not_a_quantity": {
        "fr": "« {value} » n’est pas une quantité. Écrivez un nombre entier à partir de 1.",
        "en": "“{value}” is not a quantity. Write a whole number from 1.",
    },
    "not_a_rate": {
        "fr": "« {value} » n’est pas un taux de TVA. Écrivez un pourcentage, par exemple 20 ou 5,5.",
        "en": "“{value}” is not a VAT rate. Write a percentage, for example 20 or 5.5.",
    },
    "unknown_currency": {
        "fr": "La devise « {value} » n’est pas prise en charge.",
        "en": "The currency “{value}” is not supported.",
    },
    "not_an_email": {
        "fr": "« {value} » n’est pas une adresse e-mail.",
        "en": "“{value}” is not an e-mail address.",
    },
    "unknown_status": {
        "fr": "Le statut « {value} » est inconnu. Écrivez paid, shipped, delivered ou cancelled.",
        "en": "The status “{value}” is unknown. Write paid, shipped, delivered or cancelled.",
    },
    "basket_disagrees": {
        "fr": "« {value} » diffère de la première ligne du panier (« {first} »).",
        "en": "“{value}” differs from the basket’s first line (“{first}”).",
    },
    "order_refused": {
        "fr": "Cette ligne est juste, mais une autre ligne de la même commande est à corriger.",
        "en": "This line is right, but another line of the same order needs a correction.",
    },
    "unknown_vendor": {
        "fr": "Aucun vendeur n’a le code « {value} ».",
        "en": "No vendor has the code “{value}”.",
    },
    "unknown_sku": {
        "fr": "Le vendeur n’a pas de fiche produit « {value} ». La commande est prise ; vérifiez la référence.",
        "en": "The vendor has no product sheet “{value}”. The order is taken; check the article number.",
    },
    "order_differs": {
        "fr": "Cette commande a déjà été reçue avec d’autres articles ou montants. Ce qui a été reçu d’abord reste.",
        "en": "This order was received before with other articles or amounts. What came first stays.",
    },
    "status_impossible": {
        "fr": "Une commande au statut « {before} » ne peut pas devenir « {value} ».",
        "en": "An order that is “{before}” cannot become “{value}”.",
    },
}

# Why a file as a whole cannot be read.
UNREADABLE: dict[str, dict[Language, str]] = {
    "empty": {"fr": "Le fichier est vide.", "en": "The file is empty."},
    "not_csv": {
        "fr": "Ce n’est pas un fichier CSV. Enregistrez-le comme CSV (UTF-8), puis envoyez-le de nouveau.",
        "en": "This is not a CSV file. Save it as CSV (UTF-8), then send it again.",
    },
    "missing_columns": {
        "fr": "Il manque les colonnes : {columns}.",
        "en": "These columns are missing: {columns}.",
    },
    "no_lines": {
        "fr": "Le fichier n’a qu’une ligne d’en-têtes.",
        "en": "The file has nothing but its header line.",
    },
    "too_many_lines": {
        "fr": "Le fichier a plus de {most} lignes. Envoyez-le en plusieurs parties.",
        "en": "The file has more than {most} lines. Send it in several parts.",
    },
    "too_large": {
        "fr": "Le fichier dépasse {most} Mo. Envoyez-le en plusieurs parties.",
        "en": "The file is larger than {most} MB. Send it in several parts.",
    },
}


class UnreadableOrders(Exception):
    """A file that is no list of orders; `code` is one of UNREADABLE."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params

    def message(self, locale: str) -> str:
        """Return the sentence that says why, in the reader's language."""
        return UNREADABLE[self.code][language(locale)].format(**self.params)


def language(locale: str) -> Language:
    """Return which of the two languages a reader gets."""
    return "fr" if locale.startswith("fr") else "en"


def sentence(issue: OrderIssue, locale: str) -> str:
    """Return a problem's sentence in the reader's language."""
    words = MESSAGES[issue.code][language(locale)]
    return words.format(column=issue.column, value=issue.value, **issue.params)
