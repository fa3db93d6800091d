"""Which gates of the law the operator has switched on, how grave a lack is, and for which categories.

Promise: without a word of the operator's no gate is switched on, so that a sheet says what it said before; switched on,
a gate warns, until the operator lets it block. Not here: the gates themselves (`catalog.gates`), switching (`ruling`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _l

from backoffice import settings
from backoffice.clock import now
from catalog.gates import Gate, all_gates
from catalog.sheets import Severity

KEY = "taxonomy.gates"


def read(said: Any) -> dict[str, dict[str, Any]]:
    """Return the stored choices, {code: {"severity", "categories"}}; ValueError for what is no choice."""
    if not isinstance(said, Mapping):
        raise ValueError("gates are kept by their code")
    found = {}
    for code, choice in said.items():
        if code not in all_gates():
            raise ValueError(f"there is no gate {code}")
        found[code] = {"severity": Severity(choice["severity"]), "categories": list(choice.get("categories") or [])}
    return found


settings.register(settings.Key(KEY, _l("duties of the law"), read, default={}))


def choices() -> dict[str, dict[str, Any]]:
    """Return the operator's choices; a gate that is not in them is off."""
    found: dict[str, dict[str, Any]] = settings.value(KEY)
    return found


def switched_on() -> tuple[Gate, ...]:
    """Return the gates that hold today, with the operator's severity and categories."""
    chosen, today = choices(), now().date()
    return tuple(
        replace(
            gate,
            severity=chosen[code]["severity"],
            categories=tuple(chosen[code]["categories"]) or gate.categories,
        )
        for code, gate in all_gates().items()
        if code in chosen and gate.in_force(today)
    )
