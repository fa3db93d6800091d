"""The catalogue's pages: imports, sheets, the review desk, duplicates, products, categories and rules.

Thin: a view reads the request, narrows to what the reader may see, calls one verb and commits.
"""

from __future__ import annotations

from flask import Flask, current_app
from flask_babel import lazy_gettext as _l

from backoffice import events, navigation
from backoffice.navigation import Entry
from backoffice.orders import recording
from backoffice.permissions import STAFF, Permission, Role
from backoffice.vendors import panels
from catalog import demand, linking, misdescription, pipeline, publishing, waiting, words
from catalog.gaps import views as gaps
from catalog.gaps import weighing
from catalog.past import register as keep_past
from catalog.rulebook import words as rulebook_words
from catalog.search import sync
from catalog.switches import words as switch_words
from catalog.takeback import traces
from catalog.takeback import words as takeback_words
from catalog.views import (
    duplicates,
    imports,
    mapping,
    mapping_versions,
    past,
    products,
    review,
    rule_switches,
    rules,
    sheets,
    taking_back,
)
from catalog.views.blueprint import blueprint

VENDORS = frozenset({Role.VENDOR_USER})
# Imported for the jobs they handle.
_HANDLERS = (demand, linking, pipeline, traces, weighing)


def register(app: Flask) -> None:
    """Add the catalogue to the house: pages, words, navigation, index, and what it hears from others."""
    imported = (imports, mapping, mapping_versions, taking_back)
    for pages in (*imported, sheets, past, review, duplicates, products, rules, rule_switches, gaps):
        assert pages.__doc__  # each module registers its views on the blueprint when imported
    app.register_blueprint(blueprint)
    words.register()
    keep_past()
    rulebook_words.register()
    takeback_words.register()
    switch_words.register()
    sync.init_app(app, sync.Loader(publishing.documents_for, publishing.versions_after))
    events.vendor_status_changed.connect(publishing.vendor_changed)
    events.product_misdescribed.connect(misdescription.flag_sheets)
    panels.add(waiting.vendor_panel)
    hooks = (
        (recording.CATEGORY_OF, waiting.category_of),
        (recording.ANCESTORS_OF, waiting.ancestors_of),
        (recording.KNOWN_SKUS, waiting.known_skus),
    )
    for asked, answer in hooks:
        if answer not in asked:
            asked.append(answer)
    app.extensions.setdefault("home", []).append(waiting.home_items)
    app.extensions.setdefault("finders", []).append(waiting.find)
    app.extensions.setdefault("readiness", []).append(lambda: {"search": sync.engine().health().ok})
    app.extensions.setdefault("checks", []).append(_check_search)
    P = Permission  # noqa: N806
    navigation.add(
        Entry(_l("Imports"), "catalog.imports", "imports", P.IMPORT_SHEETS, STAFF | VENDORS, 30),
        Entry(_l("Mapping"), "catalog.mappings", "mapping", P.IMPORT_SHEETS, STAFF | VENDORS, 31),
        Entry(_l("Product sheets"), "catalog.sheets", "products", P.READ_CATALOG, STAFF | VENDORS, 32),
        Entry(_l("Review desk"), "catalog.review", "review", P.REVIEW_SHEETS, STAFF, 34, waiting.reviews),
        Entry(_l("Duplicates"), "catalog.duplicates", "duplicates", P.REVIEW_SHEETS, STAFF, 36, waiting.comparisons),
        Entry(_l("Products"), "catalog.products", "search", P.READ_CATALOG, STAFF | VENDORS, 38),
        Entry(_l("Missing keywords"), "catalog.keywords", "keywords", P.REVIEW_SHEETS, STAFF, 42),
        Entry(_l("Missing keywords"), "catalog.my_keywords", "keywords", P.IMPORT_SHEETS, VENDORS, 42),
        Entry(_l("Harmonization rules"), "catalog.rules", "rules", P.READ_CATALOG, STAFF, 44),
        Entry(_l("Search index"), "catalog.index_state", "refresh", P.MANAGE_SETTINGS, STAFF, 940),
    )


def _check_search() -> tuple[str, bool, str]:
    health = sync.engine().health()
    figures = sync.backlog()
    said = (
        health.message
        or f"{health.engine} {health.version}, {health.documents} documents, {figures['waiting']} waiting"
    )
    return "search", health.ok, f"{said} ({current_app.config['SEARCH_ENGINE']})"
