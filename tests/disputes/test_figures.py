"""The figures of mediation, each from what it says it is counted from."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from disputes.figures import Case, figures
from disputes.vocabulary import DecidedBy, Outcome, Reason, Remedy, Stage

START = datetime(2026, 3, 1, tzinfo=UTC)
LATER = START + timedelta(days=60)


def case(**values: Any) -> Case:
    given: dict[str, Any] = {
        "opened_at": START,
        "reason": Reason.LATE,
        "stage": Stage.INQUIRY,
        "amount_minor": 1000,
        "lines": 1,
        "answer_due_at": START + timedelta(hours=48),
    }
    return Case(**{**given, **values})


def hours(number: int) -> datetime:
    return START + timedelta(hours=number)


def test_nothing_has_no_rates() -> None:
    found = figures([], lines_sold=0, moment=LATER)
    assert found.opened == 0
    assert found.incident.value is None
    assert found.agreement.value is None
    assert found.first_response.median is None


def test_rates_carry_their_numerator_and_denominator() -> None:
    agreed = case(resolved_at=hours(10), outcome=Outcome.BUYER_FAVOUR, remedy=Remedy.REFUND_PARTIAL,
                  decided_by=DecidedBy.AGREEMENT, refunded_minor=400)  # fmt: skip
    decided = case(stage=Stage.CLAIM, resolved_at=hours(30), outcome=Outcome.DENIED, remedy=Remedy.REJECTED,
                   decided_by=DecidedBy.MEDIATOR, lines=2)  # fmt: skip
    found = figures([agreed, decided, case()], lines_sold=200, moment=LATER)
    assert (found.incident.numerator, found.incident.denominator) == (4, 200)
    assert (found.agreement.numerator, found.agreement.denominator) == (1, 2)
    assert (found.escalation.numerator, found.escalation.denominator) == (1, 3)
    assert found.resolution.median == timedelta(hours=20)
    assert (found.resolution.measured, found.resolution.of) == (2, 3)
    assert found.refunded_minor == 400


def test_an_answer_is_in_time_late_or_still_open() -> None:
    found = figures(
        [
            case(first_response_at=hours(47)),
            case(first_response_at=hours(49)),
            case(),
        ],
        lines_sold=10,
        moment=hours(40),
    )
    assert (found.answered_in_time.numerator, found.answered_in_time.denominator) == (1, 2)
    later = figures([case()], lines_sold=10, moment=hours(50))
    assert (later.answered_in_time.numerator, later.answered_in_time.denominator) == (0, 1)


def test_mixes_count_disputes_and_money_largest_first() -> None:
    done = {"resolved_at": hours(1), "decided_by": DecidedBy.AGREEMENT, "outcome": Outcome.BUYER_FAVOUR}
    found = figures(
        [
            case(**done, remedy=Remedy.REFUND_FULL, refunded_minor=1000),
            case(**done, remedy=Remedy.GOODWILL, refunded_minor=100),
            case(**done, remedy=Remedy.GOODWILL, refunded_minor=200),
        ],
        lines_sold=10,
        moment=LATER,
    )
    assert [(share.member, share.number, share.amount_minor) for share in found.by_remedy] == [
        (Remedy.GOODWILL, 2, 300),
        (Remedy.REFUND_FULL, 1, 1000),
    ]
    assert found.by_reason[0].amount_minor == 3000
