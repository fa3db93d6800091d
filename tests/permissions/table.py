"""The shape of the permission table: one row a route and method, what each persona gets.

Areas keep their rows in `tests/permissions/<area>.py` as `ROWS`; `test_permissions.py` walks the application's routes
and fails for one without a row.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

STAFF = ("administrator", "account_manager", "content_editor", "mediator")
OUTSIDERS = ("vendor_owner", "vendor_stranger", "buyer_owner", "buyer_stranger")
PERSONAS = ("anonymous", *STAFF, *OUTSIDERS)
EVERYONE = PERSONAS
LOGGED_IN = STAFF + OUTSIDERS


@dataclass(frozen=True)
class Row:
    """What every persona gets from one route.

    Those in `allowed` get `status` (a redirect after a POST is 302; None means anything but 302-to-login/403/404);
    the others get 302 to the login (anonymous; 401 on `api`), 403 (staff), 404 (outsiders). `exceptions` names a
    persona's own status. `values(world)` gives the URL's values, `data(world)` the form, `query` the query string.
    """

    endpoint: str
    method: str = "GET"
    allowed: tuple[str, ...] = STAFF
    status: int | None = 200
    values: Callable[[Any], dict[str, Any]] = field(default=lambda world: {})
    data: Callable[[Any], dict[str, Any]] = field(default=lambda world: {})
    query: dict[str, str] = field(default_factory=dict)
    json: bool = False
    exceptions: dict[str, int] = field(default_factory=dict)

    def expected(self, persona: str) -> int | None:
        """Return the status this persona must get."""
        if persona in self.exceptions:
            return self.exceptions[persona]
        if persona in self.allowed:
            return self.status
        if persona == "anonymous":
            return 302
        return 403 if persona in STAFF else 404
