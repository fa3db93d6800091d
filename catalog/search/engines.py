"""The engine that the settings choose.

Promise: nothing is asked of the engine here, so that the house starts while it is down. Not here: reading the
environment (`config`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

from catalog.search.engine import CatalogueSearch
from catalog.search.port import SearchEngine

# A search page waits no longer than this for the cluster.
REQUEST_SECONDS = 30.0


class SearchSettings(Protocol):
    """The settings that say which engine, where, and how to be let in; empty where not used."""

    SEARCH_ENGINE: str
    SEARCH_PATH: str | Path
    INDEX_NAME: str
    ELASTICSEARCH_URL: str
    ELASTICSEARCH_API_KEY: str
    ELASTICSEARCH_USER: str
    ELASTICSEARCH_PASSWORD: str
    ELASTICSEARCH_CA_FILE: str
    ELASTICSEARCH_SHARDS: int


def build_engine(settings: SearchSettings) -> SearchEngine:
    """Return the engine named by SEARCH_ENGINE: "embedded" or "elasticsearch"."""
    if settings.SEARCH_ENGINE == "embedded":
        from catalog.search.embedded import EmbeddedStore

        return CatalogueSearch(EmbeddedStore(Path(settings.SEARCH_PATH)))
    if settings.SEARCH_ENGINE == "elasticsearch":
        from elasticsearch import Elasticsearch

        from catalog.search.elastic import ElasticStore

        client = Elasticsearch(settings.ELASTICSEARCH_URL, request_timeout=REQUEST_SECONDS, **_entry(settings))
        return CatalogueSearch(ElasticStore(client, alias=settings.INDEX_NAME, shards=settings.ELASTICSEARCH_SHARDS))
    raise ValueError(f'SEARCH_ENGINE is "{settings.SEARCH_ENGINE}"; it may be "embedded" or "elasticsearch"')


def _entry(settings: SearchSettings) -> dict[str, Any]:
    entry: dict[str, Any] = {}
    if settings.ELASTICSEARCH_API_KEY:
        entry["api_key"] = settings.ELASTICSEARCH_API_KEY
    elif settings.ELASTICSEARCH_USER:
        entry["basic_auth"] = (settings.ELASTICSEARCH_USER, settings.ELASTICSEARCH_PASSWORD)
    if settings.ELASTICSEARCH_CA_FILE:
        entry["ca_certs"] = settings.ELASTICSEARCH_CA_FILE
    return entry
