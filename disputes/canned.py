"""Ready-made answers for those who write the same words every day, in the language of whom they write to.

A table in both languages, with the order's and the dispute's numbers filled in. Not here: answers that an operator
edits on a page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import get_locale

from disputes.models import Dispute
from disputes.vocabulary import Party


@dataclass(frozen=True, slots=True)
class Reply:
    """One ready-made answer: who may use it, its name and its words by language."""

    parties: frozenset[Party]
    label: dict[str, str]
    text: dict[str, str]


REPLIES = (
    Reply(
        frozenset({Party.SELLER}),
        {"en": "Looking into it", "fr": "Recherche en cours"},
        {
            "en": "Thank you for telling us. We are looking into order {order} and will answer within one working day.",
            "fr": "Merci de nous avoir prévenus. Nous vérifions la commande {order} et répondrons sous un jour ouvré.",
        },
    ),
    Reply(
        frozenset({Party.SELLER, Party.MEDIATOR}),
        {"en": "Please send photos", "fr": "Demander des photos"},
        {
            "en": "Could you please send photos of the article and of its packing with your next message?",
            "fr": "Pourriez-vous joindre à votre prochain message des photos de l’article et de son emballage ?",
        },
    ),
    Reply(
        frozenset({Party.MEDIATOR}),
        {"en": "I am taking over", "fr": "Je prends le dossier"},
        {
            "en": "I am the mediator for dispute {number}. I am reading what both of you wrote and will come back with"
            " a question or a decision.",
            "fr": "Je suis le médiateur du litige {number}. Je lis vos échanges et reviendrai vers vous avec une"
            " question ou une décision.",
        },
    ),
)


def replies(dispute: Dispute, party: Party) -> list[dict[str, Any]]:
    """Return the answers that this party may use, filled in, as the composer takes them.

    A vendor or mediator writes to the buyer, so the words are in the buyer's language and the names in the reader's.
    """
    shown = str(get_locale() or "fr")
    written = dispute.order.buyer_locale if dispute.order.buyer_locale in ("fr", "en") else "fr"
    return [
        {
            "label": reply.label[shown if shown in reply.label else "fr"],
            "text": reply.text[written].format(order=dispute.order.basket, number=dispute.number),
        }
        for reply in REPLIES
        if party in reply.parties
    ]
