"""Which deadline runs in which status, and when it ends.

Hours are hours that pass: 48 h across the change to summer time are 48 h. Days are the reader's calendar days: 30 days
end at the same time on the clock, whatever the clock did meanwhile. Everything is kept in UTC.
Not here: the rows and their firing (`timers`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from disputes.vocabulary import Stage, Status

# Which rules of counting a timer was made under; raised when they change, so that old rows can be told.
CALENDAR_VERSION = 1


class TimerKind(StrEnum):
    """What ends when a timer fires."""

    SELLER_ANSWER = "seller_answer"
    BUYER_REMINDER = "buyer_reminder"
    BUYER_ANSWER = "buyer_answer"
    INFORMATION = "information"
    OFFER = "offer"
    INQUIRY = "inquiry"
    DELIVERY = "delivery"
    RETURN = "return"
    REVIEW = "review"
    HOLD = "hold"
    APPEAL_WINDOW = "appeal_window"


@dataclass(frozen=True, slots=True)
class Terms:
    """The operator's delays; hours that pass, or calendar days of `zone`."""

    zone: str = "Europe/Paris"
    seller_answer_hours: int = 48
    buyer_reminder_hours: int = 72
    buyer_answer_days: int = 7
    information_hours: int = 48
    offer_hours: int = 120
    inquiry_days: int = 20
    delivery_days: int = 14
    return_days: int = 14
    review_hours: int = 72
    hold_days: int = 10
    appeal_days: int = 30
    filing_days: int = 100


# Setting → field: the delays an operator sets; the others keep the defaults above.
SETTINGS = {
    "TIMEZONE": "zone",
    "VENDOR_ANSWER_HOURS": "seller_answer_hours",
    "OFFER_HOURS": "offer_hours",
    "APPEAL_DAYS": "appeal_days",
    "FILING_DAYS": "filing_days",
}


def terms_from(settings: Mapping[str, Any]) -> Terms:
    """Return the delays as the settings have them."""
    return Terms(**{field: settings[name] for name, field in SETTINGS.items() if name in settings})


def after_hours(start: datetime, hours: int) -> datetime:
    """Return the moment that many hours later, in UTC."""
    return start.astimezone(UTC) + timedelta(hours=hours)


def after_days(start: datetime, days: int, zone: str) -> datetime:
    """Return the moment that many calendar days later at the same local time, in UTC.

    A local time that the clock skips is taken an hour later; one that it repeats, at its first passing.
    """
    local = start.astimezone(ZoneInfo(zone))
    return (local + timedelta(days=days)).replace(fold=0).astimezone(UTC)


def due(kind: TimerKind, start: datetime, terms: Terms) -> datetime:
    """Return when a timer of this kind that starts at `start` ends."""
    hours = {
        TimerKind.SELLER_ANSWER: terms.seller_answer_hours,
        TimerKind.BUYER_REMINDER: terms.buyer_reminder_hours,
        TimerKind.INFORMATION: terms.information_hours,
        TimerKind.OFFER: terms.offer_hours,
        TimerKind.REVIEW: terms.review_hours,
    }
    if kind in hours:
        return after_hours(start, hours[kind])
    days = {
        TimerKind.BUYER_ANSWER: terms.buyer_answer_days,
        TimerKind.INQUIRY: terms.inquiry_days,
        TimerKind.DELIVERY: terms.delivery_days,
        TimerKind.RETURN: terms.return_days,
        TimerKind.HOLD: terms.hold_days,
        TimerKind.APPEAL_WINDOW: terms.appeal_days,
    }
    return after_days(start, days[kind], terms.zone)


_K = TimerKind
_BY_STATUS: dict[Status, tuple[TimerKind, ...]] = {
    Status.OFFER_PENDING: (_K.OFFER,),
    Status.WAITING_DELIVERY: (_K.DELIVERY,),
    Status.WAITING_RETURN: (_K.RETURN,),
    Status.UNDER_REVIEW: (_K.REVIEW,),
    Status.ON_HOLD: (_K.HOLD,),
    Status.RESOLVED: (_K.APPEAL_WINDOW,),
}
# Who is waited for decides while the two are alone; later it is the mediator's question that is.
_WAITING_INQUIRY: dict[Status, tuple[TimerKind, ...]] = {
    Status.WAITING_SELLER_RESPONSE: (_K.SELLER_ANSWER,),
    Status.WAITING_BUYER_RESPONSE: (_K.BUYER_REMINDER, _K.BUYER_ANSWER),
}
_TALKING = frozenset({Status.WAITING_SELLER_RESPONSE, Status.WAITING_BUYER_RESPONSE, Status.OFFER_PENDING})


def running(status: Status, stage: Stage) -> tuple[TimerKind, ...]:
    """Return the kinds of timers that run in this status; all others are stopped on entering it."""
    kinds = _BY_STATUS.get(status, ())
    if status in _WAITING_INQUIRY:
        kinds = _WAITING_INQUIRY[status] if stage is Stage.INQUIRY else (_K.INFORMATION,)
    # The inquiry as a whole has a limit too, which runs on while the two write to each other.
    return (*kinds, _K.INQUIRY) if stage is Stage.INQUIRY and status in _TALKING else kinds


def filing_ends(ordered_at: datetime, terms: Terms) -> datetime:
    """Return until when a dispute may be opened on an order."""
    return after_days(ordered_at, terms.filing_days, terms.zone)
