"""The vendors of the demo, each brought to where it stands by the acts of its people and ours.

    a table of shops: who they are, and a path of acts with the day of each ─► moments

Not here: what they sell (`catalog.demo`).
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import sqlalchemy as sa

from backoffice.accounts import links
from backoffice.accounts.links import Purpose
from backoffice.accounts.models import User
from backoffice.demo import company_numbers, papers, people
from backoffice.demo.people import MANAGER, SECOND_MANAGER, find
from backoffice.demo.timeline import Calendar, Moment
from backoffice.extensions import db
from backoffice.permissions import Role
from backoffice.vendors import application, lifecycle, requirements, vetting
from backoffice.vendors.models import LegalForm, SuspensionReason, Vendor
from backoffice.vendors.vetting import Judgement


@dataclass(frozen=True, slots=True)
class Shop:
    """A vendor of the demo; `path` is "act days-ago, act days-ago, …", `said` the words that some acts carry."""

    name: str
    legal_name: str
    contact: str
    email: str
    phone: str
    address: tuple[str, str, str]
    path: str
    manager: str = MANAGER
    country: str = "FR"
    locale: str = "fr"
    form: LegalForm = LegalForm.COMPANY
    presentation: str = ""
    said: Mapping[str, str] | None = None


# The usual way to a shop on sale: entered, invited, joined, filled in, handed in, looked at, approved.
_ON_SALE = "enter {0}, invite {1}, join {2}, fill {2}, send {2}, submit {2}, judge {3}, approve {3}"

SHOPS: tuple[Shop, ...] = (
    Shop(
        "Maison Verlaine", "Maison Verlaine SAS", "Luc Verlaine", people.VENDOR, "+33 4 65 71 01 20",
        ("14 rue des Tables-Claudiennes", "69001", "Lyon"), _ON_SALE.format(126, 124, 123, 120),
        presentation="Arts de la table et petit électroménager depuis trois générations.",
    ),
    Shop(
        "Brin de Fil", "Brin de Fil SARL", "Salomé Kerven", "salome@brin-de-fil.example", "+33 3 53 01 02 30",
        ("8 quai du Port-Maria", "29200", "Brest"), _ON_SALE.format(125, 122, 121, 117), SECOND_MANAGER,
        presentation="Vêtements et linge de maison, petites séries.",
    ),
    Shop(
        "Voltamarine", "Voltamarine SAS", "Rachid Benaïm", "rachid@voltamarine.example", "+33 2 61 91 03 40",
        ("3 allée des Dockers", "44200", "Nantes"), _ON_SALE.format(124, 121, 118, 114),
        presentation="Grossiste en son, informatique et petit électroménager.",
    ),
    Shop(
        "Kastanje", "Kastanje Handels GmbH", "Jana Brandt", "jana@kastanje.example", "+49 40 66969123",
        ("Lindenweg 5", "20095", "Hamburg"), _ON_SALE.format(110, 108, 105, 100), SECOND_MANAGER, "DE", "en",
        presentation="Toys and electronics for European shops.",
    ),
    Shop(
        "Atelier du Cap", "Atelier du Cap SARL", "Maxime Roubaud", "maxime@atelier-du-cap.example", "+33 4 65 71 04 50",
        ("27 traverse du Moulin", "13008", "Marseille"), _ON_SALE.format(119, 117, 116, 112) + ", suspend 6",
        said={"suspend": "Quatre colis sur dix sont partis après le délai annoncé depuis un mois, et trois acheteurs "
              "attendent encore une réponse. La vente reprendra quand les commandes en retard seront expédiées."},
    ),
    Shop(
        "Papeterie Sarment", "Papeterie Sarment SAS", "Élodie Sarment", "elodie@papeterie-sarment.example",
        "+33 5 36 49 05 60", ("2 place du Vieux-Marché", "33000", "Bordeaux"), _ON_SALE.format(16, 14, 10, 2),
        presentation="Carnets, papiers et encres.",
    ),
    Shop(
        "La Brûlerie des Quais", "La Brûlerie des Quais SARL", "Bastien Orsini", "bastien@brulerie-des-quais.example",
        "+33 2 61 91 06 70", ("11 quai de la Fosse", "44000", "Nantes"),
        "apply 9, invite 8, join 6, fill 5, send 4, submit 3",
        presentation="Cafés torréfiés à la commande et accessoires de barista.",
    ),
    Shop(
        "Tricots d'Armor", "Tricots d'Armor EURL", "Gwenn Le Dantec", "gwenn@tricots-armor.example",
        "+33 2 61 91 07 80", ("5 rue du Rempart", "22100", "Dinan"),
        "enter 24, invite 22, join 19, fill 19, send 18, submit 18, revise 11", SECOND_MANAGER,
        said={"revise": "L'extrait Kbis date de plus de trois mois. Envoyez celui de ce mois-ci, toutes les pages."},
    ),
    Shop(
        "Lampes du Monde", "Lampes du Monde SAS", "Karim Saadi", "karim@lampes-du-monde.example", "+33 1 99 00 08 90",
        ("60 rue de Charonne", "75011", "Paris"), "enter 12, invite 4",
    ),
    Shop(
        "Ferme des Trois Chênes", "", "Anne Delorme", "anne@trois-chenes.example", "+33 3 53 01 09 10",
        ("Lieu-dit Les Chênes", "39800", "Poligny"), "apply 1", form=LegalForm.SOLE_TRADER,
        presentation="Confitures, miels et jus de pomme de la ferme.",
    ),
    Shop(
        "Cycles Ardoise", "Cycles Ardoise SAS", "Paul Guérin", "paul@cycles-ardoise.example", "+33 2 61 91 10 20",
        ("19 boulevard du Roi-René", "49100", "Angers"), "enter 5", SECOND_MANAGER,
    ),
    Shop(
        "Import Direct 24", "Import Direct 24 SAS", "Dominique Frey", "contact@import-direct-24.example",
        "+33 1 99 00 11 30", ("1 rue du Commerce", "75015", "Paris"), "apply 40, invite 38, join 37, fill 37, reject 30",
        said={"reject": "Le titulaire du compte bancaire n'est pas votre société, et aucun document n'explique ce lien. "
              "Vous pouvez déposer une nouvelle demande avec un compte à votre nom."},
    ),
)  # fmt: skip


def moments(calendar: Calendar) -> Iterator[Moment]:
    """Walk every shop along its path."""
    for number, shop in enumerate(SHOPS, start=1):
        for place, step in enumerate(shop.path.split(", ")):
            act, days = step.split(" ")
            # Acts of one day follow one another by half an hour.
            at = calendar.ago(int(days), 9 + place // 2 + number % 3, 30 * (place % 2) + number)
            yield Moment(at, partial(ACTS[act], shop, number))


def _vendor(shop: Shop) -> Vendor:
    return db.session.scalars(sa.select(Vendor).where(Vendor.name == shop.name)).one()


def _user(shop: Shop) -> User:
    return find(shop.email)


def _known(shop: Shop) -> dict[str, Any]:
    street, postcode, city = shop.address
    return {
        "name": shop.name, "country": shop.country, "locale": shop.locale, "legal_form": shop.form,
        "contact_name": shop.contact, "email": shop.email, "phone": shop.phone, "street": street,
        "postcode": postcode, "city": city, "presentation": shop.presentation,
    }  # fmt: skip


def _enter(shop: Shop, _number: int) -> None:
    application.enter_prospect(_known(shop), by=find(shop.manager))


def _apply(shop: Shop, _number: int) -> None:
    application.apply(_known(shop))


def _invite(shop: Shop, _number: int) -> None:
    vendor, manager = _vendor(shop), find(shop.manager)
    application.assign(vendor, manager.id, by=manager)
    application.invite(vendor, by=manager)


def _join(shop: Shop, _number: int) -> None:
    # The invitation's own link is known to the mail alone, so another one is made.
    user = people.join(links.create(_user(shop), Purpose.INVITATION), shop.contact)
    if shop.email == people.VENDOR:
        user.locale = None  # like the others whose accounts are printed: the browser's language


def _fill(shop: Shop, number: int) -> None:
    numbers = company_numbers.german(number) if shop.country == "DE" else company_numbers.french(number)
    own = shop.name != "Import Direct 24"
    values = {
        **numbers,
        "legal_name": shop.legal_name,
        "account_holder": shop.legal_name if own else "Zorn Holding Ltd",
    }
    vetting.give(_vendor(shop), values, by=_user(shop))
    vetting.accept_terms(_vendor(shop), shop.contact, by=_user(shop))


_PAPERS = {
    "identity_document": ("piece-identite.pdf", "Pièce d'identité (exemple)"),
    "registration_document": ("extrait-kbis.pdf", "Extrait d'immatriculation (exemple)"),
}


def _documents(vendor: Vendor) -> list[str]:
    return [one.kind for one in requirements.requirements_of(vendor) if one.document]


def _send(shop: Shop, _number: int) -> None:
    vendor, user = _vendor(shop), _user(shop)
    for kind in _documents(vendor):
        name, title = _PAPERS.get(kind, (f"{kind}.pdf", "Document (exemple)"))
        page = papers.pdf(title, shop.legal_name, shop.contact, "Document de démonstration, sans valeur")
        vetting.send_document(vendor, kind, io.BytesIO(page), name, by=user)


def _judge(shop: Shop, _number: int) -> None:
    for kind in _documents(_vendor(shop)):
        vetting.judge(_vendor(shop), kind, Judgement.ACCEPT, by=find(shop.manager))


def _approve(shop: Shop, _number: int) -> None:
    lifecycle.approve(_vendor(shop), by=find(shop.manager), reason="Dossier complet, contrôles au vert. Bienvenue !")


def _revise(shop: Shop, _number: int) -> None:
    vendor, manager = _vendor(shop), find(shop.manager)
    vetting.judge(vendor, "identity_document", Judgement.ACCEPT, by=manager)
    vetting.judge(vendor, "registration_document", Judgement.REVISE, by=manager, words=_words(shop, "revise"))
    lifecycle.request_revision(vendor, by=manager)


def _reject(shop: Shop, _number: int) -> None:
    lifecycle.reject(_vendor(shop), by=find(shop.manager), reason=_words(shop, "reject"))


def _suspend(shop: Shop, _number: int) -> None:
    reason = _words(shop, "suspend")
    lifecycle.suspend(_vendor(shop), by=find(shop.manager), reason=reason, because=SuspensionReason.MANUAL)


def _submit(shop: Shop, _number: int) -> None:
    lifecycle.submit(_vendor(shop), by=_user(shop))


def _words(shop: Shop, act: str) -> str:
    return (shop.said or {})[act]


ACTS: Mapping[str, Callable[[Shop, int], None]] = {
    "enter": _enter,
    "apply": _apply,
    "invite": _invite,
    "join": _join,
    "fill": _fill,
    "send": _send,
    "submit": _submit,
    "judge": _judge,
    "approve": _approve,
    "revise": _revise,
    "reject": _reject,
    "suspend": _suspend,
}


def user_of(code: str) -> User:
    """Return the person who works for the vendor with this code."""
    query = sa.select(User).join(Vendor, User.vendor_id == Vendor.id)
    return db.session.scalars(query.where(Vendor.code == code, User.role == Role.VENDOR_USER)).one()
