"""The settings choose the engine; nothing is asked of it before the first question."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from catalog.search.engines import build_engine
from catalog.search.port import CandidateQuery, EngineUnavailable
from catalog.search.queries import Query


def settings(**values: Any) -> SimpleNamespace:
    usual = {
        "SEARCH_ENGINE": "embedded", "SEARCH_PATH": "", "INDEX_NAME": "comptoir-test", "ELASTICSEARCH_SHARDS": 1,
        "ELASTICSEARCH_URL": "", "ELASTICSEARCH_API_KEY": "", "ELASTICSEARCH_USER": "", "ELASTICSEARCH_PASSWORD": "",
        "ELASTICSEARCH_CA_FILE": "",
    }  # fmt: skip
    return SimpleNamespace(**(usual | values))


def test_the_embedded_engine_writes_nothing_before_it_is_asked(tmp_path: Path) -> None:
    engine = build_engine(settings(SEARCH_PATH=tmp_path / "search"))
    assert engine.name == "embedded"
    assert not (tmp_path / "search").exists()
    assert engine.search(Query("rien")).total == 0


@pytest.mark.parametrize(
    "entry", [{}, {"ELASTICSEARCH_API_KEY": "key"}, {"ELASTICSEARCH_USER": "u", "ELASTICSEARCH_PASSWORD": "p"}]
)
def test_a_cluster_that_does_not_answer_is_unavailable_and_says_so(entry: dict[str, str]) -> None:
    engine = build_engine(settings(SEARCH_ENGINE="elasticsearch", ELASTICSEARCH_URL="http://127.0.0.1:9", **entry))
    assert engine.name == "elasticsearch"
    health = engine.health()
    assert not health.ok
    assert health.message
    for ask in (
        lambda: engine.search(Query("x")),
        lambda: engine.candidates(CandidateQuery("x")),
        lambda: list(engine.versions()),
    ):
        with pytest.raises(EngineUnavailable):
            ask()


def test_an_unknown_engine_is_named() -> None:
    with pytest.raises(ValueError, match="solr"):
        build_engine(settings(SEARCH_ENGINE="solr"))


def test_a_folder_that_cannot_be_written_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "search").write_text("a file where a folder should be", encoding="utf-8")
    engine = build_engine(settings(SEARCH_PATH=tmp_path / "search"))
    assert not engine.health().ok
    with pytest.raises(EngineUnavailable):
        engine.search(Query("x"))
