"""The buyers of the demo: invented names at addresses that exist nowhere; the first one has an account."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from backoffice.demo import people

_FRENCH = """
Baptiste Marchal, Chloé Vasseur, Driss Amrani, Émilie Jourdan, Fabien Leclair, Gaëlle Riou, Henri Castel, Inaya Diallo,
Jérôme Pasquier, Karine Bonnet, Léo Fournel, Maëlys Gautier, Noé Bertin, Odile Charpentier, Pascal Nguyen, Quentin Barbier,
Rose Delattre, Samir Haddad, Tiphaine Morvan, Ulysse Perrin, Valérie Schmitt, William Dorval, Yasmine Cherif, Zoé Lambert,
Arnaud Texier, Brigitte Paulin, Cédric Hamon, Delphine Roux, Étienne Salles, Fatou Sow, Gilles Pruvost, Hélène Aubry,
Ismaël Toumi, Juliette Carre, Kevin Maillard, Laurence Besson, Mathis Renault, Nora Belkacem, Olivier Tanguy, Pauline Ferry,
Rémi Colas, Sabrina Lopes, Théo Vidal, Victoire Masson, Xavier Blin, Youri Petrov
"""
_ENGLISH = "Emma Whitlock, Daniel Okafor"


@dataclass(frozen=True, slots=True)
class Buyer:
    """Someone who buys."""

    name: str
    email: str
    locale: str = "fr"


def _buyer(name: str, locale: str) -> Buyer:
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return Buyer(name, re.sub(r"[^a-z]+", ".", plain) + "@courriel.example", locale)


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.replace("\n", " ").split(",")]


BUYERS = (
    Buyer("Alix Moreau", people.BUYER),
    *(_buyer(name, "fr") for name in _names(_FRENCH)),
    *(_buyer(name, "en") for name in _names(_ENGLISH)),
)
