"""What the catalogue's tests share."""

from __future__ import annotations

import pytest

from catalog import uploads
from catalog.intake import open_table


@pytest.fixture
def quick_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read files in this process, for tests about other things: starting the child that reads them takes half a second."""
    monkeypatch.setattr(uploads, "safe_open_table", open_table)
