"""The demo's goods: what its vendors sell, the files they send, the orders that follow, and the editors' work on them.

    assortment (the truth) → vendor_sheets (each vendor's words and faults) → vendor_files (bytes in each one's form)
    → moments: files through the real pipeline, editors at their desks, customers searching, baskets from the storefront
    + vendor_habits (mapping rules, feeds, a file taken back), desks (groups, colleagues, audits, plans), house_rules
    (rules switched off, the tree, synonyms and pins)

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
    from catalog.demo import baskets, desks, house_rules, moments, vendor_habits

    usual = (moments.of_files, moments.of_nights, moments.of_desks, moments.of_customers, baskets.moments)
    for source in (*usual, vendor_habits.of_vendors, desks.of_desks, house_rules.of_house):
        yield from source(calendar)
