"""Panels that other packages hang on a vendor's page: they know the vendor, the vendor's page does not know them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import render_template

from backoffice.vendors.models import Vendor

# A panel returns {"template": name, "context": {...}} for a vendor, or None where it has nothing to say.
Panel = Callable[[Vendor], Mapping[str, Any] | None]
PANELS: list[Panel] = []


def add(panel: Panel) -> None:
    """Hang a panel on the page, once."""
    if panel not in PANELS:
        PANELS.append(panel)


def drawn(vendor: Vendor) -> list[str]:
    """Return the panels of this vendor as markup that their templates have escaped, in the order they were hung."""
    found = [panel(vendor) for panel in PANELS]
    return [render_template(one["template"], vendor=vendor, **one["context"]) for one in found if one]
