"""The figures of mediation over a period: each with its numerator, its denominator and the clock it was read by.

The cohort is the disputes opened in the period. A rate without a denominator is None, never zero.
Not here: reading the rows (`reporting`) and the words on the page (the template).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

from disputes.vocabulary import DecidedBy, Outcome, Reason, Remedy, Stage


@dataclass(frozen=True, slots=True)
class Case:
    """One dispute as far as figures go; `refunded_minor` is what was given back."""

    opened_at: datetime
    reason: Reason
    stage: Stage
    amount_minor: int
    lines: int
    first_response_at: datetime | None = None
    answer_due_at: datetime | None = None
    resolved_at: datetime | None = None
    outcome: Outcome | None = None
    remedy: Remedy | None = None
    decided_by: DecidedBy | None = None
    refunded_minor: int = 0


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with what it is a share of."""

    numerator: int
    denominator: int

    @property
    def value(self) -> float | None:
        """The share from 0 to 1; None of nothing."""
        return self.numerator / self.denominator if self.denominator else None


@dataclass(frozen=True, slots=True)
class Delay:
    """The middle of a delay, and on how many of how many disputes it could be read."""

    median: timedelta | None
    measured: int
    of: int


@dataclass(frozen=True, slots=True)
class Share:
    """One part of a mix: its member, how many disputes, and how much money (given back, or disputed for reasons)."""

    member: Outcome | Remedy | Reason
    number: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of one cohort."""

    opened: int
    resolved: int
    incident: Rate
    first_response: Delay
    resolution: Delay
    answered_in_time: Rate
    agreement: Rate
    escalation: Rate
    appeal: Rate
    refunded_minor: int
    by_outcome: Sequence[Share] = field(default_factory=tuple)
    by_remedy: Sequence[Share] = field(default_factory=tuple)
    by_reason: Sequence[Share] = field(default_factory=tuple)


def figures(cases: Iterable[Case], *, lines_sold: int, moment: datetime) -> Figures:
    """Return the figures of these disputes; `lines_sold` are the order lines of the same period, `moment` is now."""
    cohort = list(cases)
    done = [case for case in cohort if case.resolved_at is not None]
    # Late is late, answered or not; a clock that still runs counts for neither side.
    answered = [_in_time(case, moment) for case in cohort if case.answer_due_at is not None]
    judged = [verdict for verdict in answered if verdict is not None]
    return Figures(
        opened=len(cohort),
        resolved=len(done),
        incident=Rate(sum(case.lines for case in cohort), lines_sold),
        first_response=_delay([case.first_response_at for case in cohort], cohort),
        resolution=_delay([case.resolved_at for case in cohort], cohort),
        answered_in_time=Rate(sum(judged), len(judged)),
        agreement=Rate(sum(case.decided_by is DecidedBy.AGREEMENT for case in done), len(done)),
        escalation=Rate(sum(case.stage is not Stage.INQUIRY for case in cohort), len(cohort)),
        appeal=Rate(
            sum(case.stage in (Stage.APPEAL, Stage.EXTERNAL) for case in done),
            sum(case.decided_by is DecidedBy.MEDIATOR for case in done),
        ),
        refunded_minor=sum(case.refunded_minor for case in cohort),
        by_outcome=_mix((case.outcome, case.refunded_minor) for case in done),
        by_remedy=_mix((case.remedy, case.refunded_minor) for case in done),
        by_reason=_mix((case.reason, case.amount_minor) for case in cohort),
    )


def _in_time(case: Case, moment: datetime) -> bool | None:
    if case.answer_due_at is None:
        return None
    if case.first_response_at is not None:
        return case.first_response_at <= case.answer_due_at
    return None if moment <= case.answer_due_at else False


def _delay(ends: Sequence[datetime | None], cohort: Sequence[Case]) -> Delay:
    spans = [(end - case.opened_at).total_seconds() for end, case in zip(ends, cohort, strict=True) if end is not None]
    return Delay(timedelta(seconds=median(spans)) if spans else None, len(spans), len(cohort))


def _mix(pairs: Iterable[tuple[Outcome | Remedy | Reason | None, int]]) -> tuple[Share, ...]:
    numbers: Counter[Outcome | Remedy | Reason] = Counter()
    amounts: Counter[Outcome | Remedy | Reason] = Counter()
    for member, amount in pairs:
        if member is not None:
            numbers[member] += 1
            amounts[member] += amount
    ordered = sorted(numbers, key=lambda member: (-numbers[member], member.value))
    return tuple(Share(member, numbers[member], amounts[member]) for member in ordered)
