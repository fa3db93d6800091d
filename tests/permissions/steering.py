"""Who steers searches: editors; staff without that role are told so, vendors see their own missing words."""

from __future__ import annotations

from typing import Any

from backoffice.clock import now
from backoffice.extensions import db
from catalog.gaps.models import GapBatch
from catalog.steering.models import RuleKind, SearchRule, SearchSynonym
from tests.permissions.catalog import EDITORS, READERS
from tests.permissions.table import Row

IMPORTERS = ("administrator", "account_manager", "content_editor", "vendor_owner", "vendor_stranger")


def _kept(row: Any, name: str) -> dict[str, Any]:
    db.session.add(row)
    db.session.commit()
    return {name: row.id}


def _synonym(*, ended: bool = False) -> dict[str, Any]:
    row = SearchSynonym(locale="fr", term="frigo", means="réfrigérateur", ended_at=now() if ended else None)
    return _kept(row, "synonym_id")


def _rule(*, ended: bool = False) -> dict[str, Any]:
    row = SearchRule(kind=RuleKind.PIN, query="chaise", target="1", rank=1, ended_at=now() if ended else None)
    return _kept(row, "rule_id")


ROWS = [
    Row("catalog.decide_keywords", "POST", EDITORS, 302, data=lambda _world: {"action": "accept"}),
    Row(
        "catalog.undo_keywords", "POST", EDITORS, 302,
        values=lambda _world: _kept(GapBatch(state="refused", items=[]), "batch_id"),
    ),
    Row("catalog.export_keywords", allowed=EDITORS),
    Row(
        "catalog.my_keywords", allowed=IMPORTERS,
        exceptions=dict.fromkeys(("administrator", "account_manager", "content_editor"), 302),
    ),
    Row("catalog.suggest_searches", allowed=READERS, query={"q": "cha"}),
    Row("steering.synonyms", allowed=EDITORS),
    Row("steering.new_synonym", allowed=EDITORS),
    Row(
        "steering.add_synonym", "POST", EDITORS, 302,
        data=lambda _world: {"term": "frigo", "means": "réfrigérateur", "locale": "fr"},
    ),
    Row("steering.end_synonym", "POST", EDITORS, 302, values=lambda _world: _synonym()),
    Row("steering.restore_synonym", "POST", EDITORS, 302, values=lambda _world: _synonym(ended=True)),
    Row("steering.export_synonyms", allowed=EDITORS),
    Row("steering.read_synonyms", "POST", EDITORS, 422),
    Row(
        "steering.save_synonyms", "POST", EDITORS, 302,
        data=lambda _world: {"content": "locale;term;means;both_ways\n"},
    ),
    Row("steering.rules", allowed=EDITORS),
    Row("steering.new_rule", allowed=EDITORS),
    Row(
        "steering.add_rule", "POST", EDITORS, 302,
        data=lambda _world: {"kind": "boost_brand", "query": "chaise", "target": "Personne", "factor": "1.5"},
    ),
    Row("steering.end_rule", "POST", EDITORS, 302, values=lambda _world: _rule()),
    Row("steering.restore_rule", "POST", EDITORS, 302, values=lambda _world: _rule(ended=True)),
    Row("steering.queries", allowed=EDITORS),
    Row("steering.export_queries", allowed=EDITORS),
    Row("steering.query_story", allowed=EDITORS, query={"q": "chaise"}),
    Row(
        "steering.add_keyword", "POST", EDITORS, 302,
        data=lambda world: {"listing": str(world.catalogued.sheet.id), "term": "chaise longue"},
    ),
]  # fmt: skip
