"""The demo's goods: what its vendors sell, the files they send, the orders that follow, and the editors' work on them.

    assortment (the truth) → vendor_sheets (each vendor's words and faults) → vendor_files (bytes in each one's form)
    → moments: files through the real pipeline, editors at their desks, customers searching, baskets from the storefront

Not here: who the vendors are (`backoffice.demo`), what buyers complain of (`disputes.demo`).
"""

from __future__ import annotations

from flask import Flask

from catalog.demo import baskets, moments


def register(app: Flask) -> None:
    """Add the moments of the catalogue and its sales to the demo."""
    app.extensions.setdefault("demo", []).extend([moments.of_files, moments.of_desks, moments.of_customers])
    app.extensions["demo"].append(baskets.moments)
