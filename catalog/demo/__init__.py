"""The demo's goods: what its vendors sell, the files they send, the orders that follow, and the editors' work on them.

    assortment (the truth) → vendor_sheets (each vendor's words and faults) → vendor_files (bytes in each one's form)
    → moments: files through the real pipeline, editors at their desks, customers searching, baskets from the storefront

Not here: who the vendors are (`backoffice.demo`), what buyers complain of (`disputes.demo`).
"""

from __future__ import annotations

from collections.abc import Iterator

from flask import Flask

from backoffice.demo.timeline import Calendar, Moment


def register(app: Flask) -> None:
    """Add the moments of the catalogue and its sales to the demo."""
    app.extensions.setdefault("demo", []).append(_moments)


def _moments(calendar: Calendar) -> Iterator[Moment]:
    # Imported for a load alone: every start of the house would wait for what the demo is made with.
    from catalog.demo import baskets, moments

    for source in (moments.of_files, moments.of_nights, moments.of_desks, moments.of_customers, baskets.moments):
        yield from source(calendar)
