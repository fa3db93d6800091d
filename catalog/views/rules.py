"""The rules of harmonization, each with what it does and how often it worked and was taken back."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from backoffice.permissions import Permission, requires
from catalog import sheet_page
from catalog.harmonization import RULES
from catalog.sheets import Locale
from catalog.views.blueprint import blueprint, reader_language


@blueprint.get("/rules")
@requires(Permission.READ_CATALOG)
def rules() -> ResponseReturnValue:
    """List every rule in the order in which they run."""
    reader: Locale = "fr" if reader_language() == "fr" else "en"
    shown = [
        {
            "id": one.id,
            "attributes": [sheet_page.label(name, reader) for name in one.attributes if name != "*"],
            "text": one.text[reader],
            "confidence": one.confidence,
            "fixes": one.fixes,
        }
        for one in RULES.values()
    ]
    return render_template("catalog/rules.html", rules=shown)
