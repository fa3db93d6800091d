"""Panels that packages above hang on an order's page: they know the order, the order's page does not know them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import render_template

from backoffice.accounts.models import User
from backoffice.orders.models import Order

# A panel returns {"template": name, "context": {...}} for an order and its reader, or None where it has nothing to say.
Panel = Callable[[Order, User], Mapping[str, Any] | None]
PANELS: list[Panel] = []


def add(panel: Panel) -> None:
    """Hang a panel on the page, once."""
    if panel not in PANELS:
        PANELS.append(panel)


def drawn(order: Order, user: User) -> list[str]:
    """Return the panels of this order as markup that their templates have escaped, in the order they were hung."""
    found = [panel(order, user) for panel in PANELS]
    return [render_template(one["template"], order=order, **one["context"]) for one in found if one]
