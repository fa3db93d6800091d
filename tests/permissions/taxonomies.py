"""Who gets what from the pages of the category tree: everyone who reads the catalogue reads it, editors change it."""

from __future__ import annotations

import io
from functools import cached_property
from itertools import count
from typing import Any

from backoffice.extensions import db
from catalog import tree
from catalog.taxonomies import editing, updates
from catalog.taxonomies.models import CategoryModel, ListedValue, TaxonomyUpdate
from catalog.taxonomy import Taxonomy
from tests.permissions.table import STAFF, Row

READERS = (*STAFF, "vendor_owner", "vendor_stranger")
EDITORS = ("administrator", "content_editor")
# A world is made afresh for every persona, on one database.
_NUMBERS = count()
CSV = b"id,parent,label_fr,label_en\n"


class Ruled:
    """A category, an act on one, a newer tree, a value and a night's learning; each made when a row first asks."""

    def category(self) -> str:
        """Return a category of its own for a row, so that no row ends what another needs."""
        number = next(_NUMBERS)
        row = editing.add(f"perm-{number}", None, f"Essai {number}", "", by=None)
        db.session.commit()
        return row.code

    @cached_property
    def code(self) -> str:
        """The number of a category that stays."""
        return self.category()

    def act(self) -> int:
        """Return an act that can be taken back."""
        row = editing.find(self.category())
        done = editing.rename(row, f"Autre {row.code}", "", by=None)
        db.session.commit()
        assert done is not None
        return done.id

    def update(self) -> TaxonomyUpdate:
        """Return a newer tree that waits for a word."""
        row = updates.propose(Taxonomy.of(tree.current().taxonomy), "newer.csv", "fr", whole=False, by=None)
        db.session.commit()
        return row

    def value(self) -> int:
        """Return a value that can be taken out of its list."""
        row = ListedValue(attribute="pattern", value=f"motif {next(_NUMBERS)}", label_en="", synonyms={})
        db.session.add(row)
        db.session.commit()
        return row.id

    @cached_property
    def note(self) -> int:
        """A night's learning whose model is no longer kept."""
        row = CategoryModel(folder="", verdict="few", figures={})
        db.session.add(row)
        db.session.commit()
        return row.id


def extend(world: Any) -> None:
    """Add what these pages show."""
    world.ruled = Ruled()


def _code(world: Any) -> dict[str, Any]:
    return {"code": world.ruled.code}


def _fresh(world: Any) -> dict[str, Any]:
    return {"code": world.ruled.category()}


def _named(**more: str) -> dict[str, str]:
    """Return a form with a name that no category has: two of one place may not share it."""
    return {"label_fr": f"Neuve {next(_NUMBERS)}", **more}


def _file(text: bytes) -> Any:
    return lambda _world: {"file": (io.BytesIO(text), "file.csv"), "locale": "fr"}


ROWS = [
    Row("taxonomies.index", allowed=READERS),
    Row("taxonomies.load", "POST", EDITORS, 302, data=_file(CSV + b"perm-x,,X,X\n")),
    Row("taxonomies.export_tree", allowed=READERS),
    Row("taxonomies.show", allowed=READERS, values=_code),
    Row("taxonomies.new", allowed=EDITORS),
    Row("taxonomies.new", "POST", EDITORS, 302, data=lambda _world: _named()),
    Row("taxonomies.rename", "POST", EDITORS, 302, values=_fresh, data=lambda _world: _named(version="1")),
    Row("taxonomies.move", "POST", EDITORS, 302, values=_fresh, data=lambda _world: {"parent": "", "version": "1"}),
    Row("taxonomies.preview_end", allowed=EDITORS, values=_code),
    Row("taxonomies.end", "POST", EDITORS, 302, values=_fresh, data=lambda _world: {"action": "retire", "version": "1"}),
    Row("taxonomies.acts", allowed=EDITORS),
    Row("taxonomies.undo", "POST", EDITORS, 302, values=lambda world: {"act_id": world.ruled.act()}),
    Row("taxonomies.update", allowed=EDITORS, values=lambda world: {"update_id": world.ruled.update().id}),
    Row(
        "taxonomies.apply_update", "POST", EDITORS, 302,
        values=lambda world: {"update_id": world.ruled.update().id}, data=lambda _world: {"action": "drop"},
    ),
    Row("taxonomies.matrix", allowed=READERS),
    Row("taxonomies.put_levels", "POST", EDITORS, 302, data=lambda _world: {"level:*:mpn": "recommended"}),
    Row("taxonomies.export_levels", allowed=READERS),
    Row("taxonomies.load_levels", "POST", EDITORS, 302, data=_file(b"category,attribute,level\n")),
    Row("taxonomies.lists", allowed=READERS),
    Row(
        "taxonomies.put_value", "POST", EDITORS, 302,
        data=lambda _world: {"value": "bleu canard"}, query={"attribute": "color"},
    ),
    Row("taxonomies.drop_value", "POST", EDITORS, 302, values=lambda world: {"value_id": world.ruled.value()}),
    Row("taxonomies.export_values", allowed=READERS),
    Row(
        "taxonomies.load_values", "POST", EDITORS, 302,
        data=_file(b"attribute,value,label_en,synonyms_fr,synonyms_en\n"),
    ),
    Row("taxonomies.gates", allowed=EDITORS),
    Row("taxonomies.put_gates", "POST", EDITORS, 302),
    Row("taxonomies.models", allowed=EDITORS),
    Row("taxonomies.set_threshold", "POST", EDITORS, 302, data=lambda _world: {"share": "0.8"}),
    Row("taxonomies.learn_now", "POST", EDITORS, 302),
    Row(
        "taxonomies.go_back", "POST", EDITORS, 409,
        values=lambda world: {"note_id": world.ruled.note},
    ),
]  # fmt: skip
