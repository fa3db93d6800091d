"""What processes tell the collector, and that a start leaves it as it was."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from backoffice import process


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Leave the collector as the test found it."""
    threshold, collecting = gc.get_threshold(), gc.isenabled()
    yield
    gc.set_threshold(*threshold)
    (gc.enable if collecting else gc.disable)()
    gc.unfreeze()


def test_a_settled_process_looks_for_garbage_seldom() -> None:
    gc.set_threshold(700, 10, 10)
    process.settle()
    assert gc.get_threshold() == process.COLLECTED_FROM


def test_a_start_looks_for_none_and_leaves_the_collector_as_it_was() -> None:
    with process.starting():
        assert not gc.isenabled()
    assert gc.isenabled()
    gc.disable()
    with process.starting():
        pass
    assert not gc.isenabled()


def test_what_stands_is_left_out_of_later_looks() -> None:
    gc.unfreeze()
    process.stay()
    assert gc.get_freeze_count() > 0
