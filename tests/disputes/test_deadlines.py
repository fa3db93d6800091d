"""When deadlines end, across the change of the clocks and with the operator's own delays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from disputes.deadlines import TimerKind, after_days, after_hours, due, filing_ends, running, terms_from
from disputes.vocabulary import Stage, Status

PARIS = "Europe/Paris"


def paris(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo(PARIS))  # type: ignore[misc]


def test_48_hours_are_48_hours_when_the_clocks_go_forward() -> None:
    # On 29 March 2026 the clocks of Paris skip 02:00–03:00.
    start = paris(2026, 3, 28, 12, 0)
    end = after_hours(start, 48)
    assert end - start.astimezone(UTC) == timedelta(hours=48)
    assert end.astimezone(ZoneInfo(PARIS)).hour == 13


def test_48_hours_are_48_hours_when_the_clocks_go_back() -> None:
    start = paris(2026, 10, 24, 12, 0)
    assert after_hours(start, 48).astimezone(ZoneInfo(PARIS)).hour == 11


def test_days_end_at_the_same_time_on_the_clock_whatever_it_did() -> None:
    for start in (paris(2026, 3, 20, 23, 59), paris(2026, 10, 20, 0, 1), paris(2026, 6, 1, 12, 0)):
        local = after_days(start, 10, PARIS).astimezone(ZoneInfo(PARIS))
        assert (local.hour, local.minute) == (start.hour, start.minute)
        assert (local.date() - start.date()).days == 10


def test_a_time_that_the_clock_skips_is_taken_an_hour_later() -> None:
    local = after_days(paris(2026, 3, 28, 2, 30), 1, PARIS).astimezone(ZoneInfo(PARIS))
    assert (local.day, local.hour, local.minute) == (29, 3, 30)


def test_a_time_that_the_clock_repeats_is_its_first_passing() -> None:
    assert after_days(paris(2026, 10, 24, 2, 30), 1, PARIS) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_the_operators_delays_are_used() -> None:
    terms = terms_from(
        {"VENDOR_ANSWER_HOURS": 24, "OFFER_HOURS": 10, "APPEAL_DAYS": 3, "FILING_DAYS": 5, "TIMEZONE": PARIS}
    )
    start = paris(2026, 6, 1, 12, 0)
    assert due(TimerKind.SELLER_ANSWER, start, terms) == start + timedelta(hours=24)
    assert due(TimerKind.OFFER, start, terms) == start + timedelta(hours=10)
    assert due(TimerKind.APPEAL_WINDOW, start, terms) == start + timedelta(days=3)
    assert filing_ends(start, terms) == start + timedelta(days=5)


def test_every_kind_has_a_delay_and_runs_somewhere() -> None:
    kinds = {kind for status in Status for stage in Stage for kind in running(status, stage)}
    assert kinds == set(TimerKind)
    for kind in TimerKind:
        assert due(kind, paris(2026, 1, 1, 0, 0), terms_from({})) > paris(2026, 1, 1, 0, 0)


def test_the_mediators_question_has_its_own_delay() -> None:
    assert running(Status.WAITING_BUYER_RESPONSE, Stage.CLAIM) == (TimerKind.INFORMATION,)
    assert TimerKind.BUYER_ANSWER in running(Status.WAITING_BUYER_RESPONSE, Stage.INQUIRY)
    assert running(Status.CLOSED, Stage.CLAIM) == ()
