"""The back office alone: what the catalogue above tells of articles is left out, unless a test gives its own."""

from __future__ import annotations

import pytest

from backoffice.orders import recording


@pytest.fixture(autouse=True)
def _nobody_above(monkeypatch: pytest.MonkeyPatch) -> None:
    for hook in ("CATEGORY_OF", "ANCESTORS_OF", "KNOWN_SKUS"):
        monkeypatch.setattr(recording, hook, [])
