"""The words of what is counted, for the navigation, the history and the notifications of the house."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from backoffice import navigation
from backoffice.navigation import Entry
from backoffice.permissions import STAFF, Permission, Role

VENDORS = frozenset({Role.VENDOR_USER})


def register() -> None:
    """Put the pages into the navigation: one line for staff, one for vendors."""
    navigation.add(
        Entry(_l("Quality"), "figures.overview", "reports", Permission.READ_CATALOG, STAFF, 43),
        Entry(_l("Quality and lessons"), "figures.own", "reports", Permission.READ_CATALOG, VENDORS, 33),
    )
