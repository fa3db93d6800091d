"""What may be fetched, by the house's settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backoffice.egress.addresses import Rules
from backoffice.egress.connecting import system_resolver


def rules_of(settings: Mapping[str, Any]) -> Rules:
    """Return the rules of every fetch of this house."""
    return Rules(
        resolve=system_resolver,
        networks=settings["EGRESS_NETWORKS"],
        ports=settings["EGRESS_PORTS"],
        agent=f"Comptoir (+{settings['BASE_URL']})",
    )
