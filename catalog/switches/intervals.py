"""How sure a share is that was counted on few: the Wilson interval. Pure."""

from __future__ import annotations

from math import sqrt

# Two-sided 95 %.
_Z = 1.96


def wilson(hits: int, total: int) -> tuple[float, float]:
    """Return the bounds (0 to 1) between which the true share lies with 95 % certainty; all is possible of nothing."""
    if total <= 0:
        return 0.0, 1.0
    share, z2 = hits / total, _Z * _Z
    middle = share + z2 / (2 * total)
    reach = _Z * sqrt(share * (1 - share) / total + z2 / (4 * total * total))
    whole = 1 + z2 / total
    return max(0.0, (middle - reach) / whole), min(1.0, (middle + reach) / whole)
