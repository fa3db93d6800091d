"""Accuracy against coverage, from which an operator picks the threshold above which nobody is asked.

Promise: measured on sheets the model had not seen. Not here: what is done above or below the threshold (review).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class CoveragePoint:
    """Taking every suggestion scored `threshold` or more decides `coverage` of the sheets, `accuracy` of them right."""

    threshold: float
    coverage: float
    accuracy: float


def coverage_curve(scores: Sequence[float], right: Sequence[bool], points: int = 50) -> list[CoveragePoint]:
    """Return accuracy by coverage, from the surest sheets alone to all of them."""
    if not scores:
        return []
    order = np.argsort(-np.asarray(scores), kind="stable")
    sure, good = np.asarray(scores)[order], np.asarray(right, float)[order]
    accuracy = np.cumsum(good) / np.arange(1, len(good) + 1)
    steps = np.unique(np.linspace(1, len(good), min(points, len(good))).round().astype(int)) - 1
    return [CoveragePoint(float(sure[at]), float((at + 1) / len(good)), float(accuracy[at])) for at in steps]


def coverage_at(scores: Sequence[float], right: Sequence[bool], accuracy: float) -> CoveragePoint:
    """Return the point that decides most sheets with at least this accuracy; its threshold is above 1 if none does."""
    best = CoveragePoint(1.01, 0.0, 1.0)
    for point in coverage_curve(scores, right, points=len(scores)):
        if point.accuracy >= accuracy:
            best = point
    return best
