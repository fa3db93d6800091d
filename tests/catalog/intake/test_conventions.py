"""The conventions vendors use, read and mapped without a setting."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog.intake import open_table, preview_of
from tests.catalog.intake.feeds import all_feeds
from tests.catalog.intake.files import written
from tests.catalog.intake.products import Feed

FEEDS = all_feeds()


@pytest.mark.parametrize("feed", FEEDS, ids=[feed.name for feed in FEEDS])
def test_the_form_of_a_feed_is_found(tmp_path: Path, feed: Feed) -> None:
    found = preview_of(open_table(written(tmp_path, feed.name, feed.data))).as_json()
    assert {key: found[key] for key in ("format", "encoding", "delimiter", "records")} == {
        "format": feed.format,
        "encoding": feed.encoding,
        "delimiter": feed.delimiter,
        "records": feed.records,
    }


@pytest.mark.parametrize("feed", FEEDS, ids=[feed.name for feed in FEEDS])
def test_the_columns_of_a_feed_mean_what_the_convention_says(tmp_path: Path, feed: Feed) -> None:
    found = preview_of(open_table(written(tmp_path, feed.name, feed.data))).as_json()
    assert [(c["header"], c["attribute"]) for c in found["columns"]] == [(h.strip(), a) for h, a in feed.columns]


def test_every_column_says_why_in_both_languages(tmp_path: Path) -> None:
    for feed in FEEDS:
        for column in preview_of(open_table(written(tmp_path, feed.name, feed.data))).columns:
            assert column.reason("fr") != column.reason("en")
            assert "{" not in column.reason("fr") + column.reason("en")
