"""The people of the demo: the six whose accounts are printed, and those who work beside them.

All invented, all at addresses that exist nowhere; everyone has the demo's password, in the demo profile only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from flask import current_app

from backoffice.accounts import invitations
from backoffice.accounts.models import User
from backoffice.demo.timeline import Calendar, Moment
from backoffice.permissions import Role


@dataclass(frozen=True, slots=True)
class Person:
    """Someone with an account: `does` says it in the table that is printed; reads the browser's language."""

    email: str
    name: str
    role: Role
    does: str = ""

    @property
    def shown(self) -> bool:
        """Whether the account is printed."""
        return bool(self.does)


ADMINISTRATOR, MANAGER, EDITOR = "admin@demo.example", "manager@demo.example", "editor@demo.example"
MEDIATOR, SECOND_MEDIATOR = "mediator@demo.example", "ines.carpentier@demo.example"
SECOND_MANAGER, BUYER, VENDOR = "hugo.lemoine@demo.example", "buyer@demo.example", "vendor@demo.example"

PEOPLE = (
    Person(ADMINISTRATOR, "Claire Aubanel", Role.ADMINISTRATOR, "administrator: everything, users and roles"),
    Person(MANAGER, "Nadia Ferhat", Role.ACCOUNT_MANAGER, "account manager: vendors and their vetting"),
    Person(EDITOR, "Thomas Giraud", Role.CONTENT_EDITOR, "content editor: imports, review desk, duplicates"),
    Person(MEDIATOR, "Sonia Delmas", Role.MEDIATOR, "mediator: disputes"),
    Person(VENDOR, "Luc Verlaine", Role.VENDOR_USER, "vendor: Maison Verlaine, its sheets and disputes"),
    Person(BUYER, "Alix Moreau", Role.BUYER, "buyer: orders and disputes"),
    Person(SECOND_MANAGER, "Hugo Lemoine", Role.ACCOUNT_MANAGER),
    Person(SECOND_MEDIATOR, "Inès Carpentier", Role.MEDIATOR),
    Person("martin.roche@demo.example", "Martin Roche", Role.CONTENT_EDITOR),
)


def find(email: str) -> User:
    """Return someone of the demo."""
    user = invitations.find_by_email(email)
    if user is None:
        raise LookupError(f"{email} has not joined the demo yet")
    return user


def join(path: str, name: str) -> User:
    """Spend an invitation with the demo's password."""
    return invitations.join(path.rpartition("/")[2], current_app.config["DEMO_PASSWORD"], name=name)


def moments(calendar: Calendar) -> Iterator[Moment]:
    """Invite the staff and the buyer; a vendor's user comes with its shop."""
    for place, person in enumerate(PEOPLE):
        if person.role is not Role.VENDOR_USER:
            yield Moment(calendar.ago(130, 9, place), partial(_welcome, person))


def _welcome(person: Person) -> None:
    by = None if person.email == ADMINISTRATOR else find(ADMINISTRATOR)
    _user, path = invitations.invite(person.email, person.role, by=by, name=person.name)
    join(path, person.name)
