"""Switches as stored: looks before, what is off where and why, the turns that follow, editors' verdicts, daily counts."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.clock import now
from backoffice.extensions import BigKey, Json, UtcDateTime, db, state_type
from backoffice.jobs import Job, JobState

if TYPE_CHECKING:
    from backoffice.accounts.models import User
    from backoffice.vendors.models import Vendor


class RunState(StrEnum):
    """Where the making again of a switch's sheets stands."""

    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"


class Position(StrEnum):
    """Where a switch stands, as its history says it."""

    ON = "on"
    OFF = "off"


class RuleSwitch(db.Model):
    """A rule that does not work on an attribute ("" for all) of a vendor's or category's sheets (None for all).

    It holds until it is lifted; a lifted one stays as history.
    """

    __tablename__ = "rule_switch"
    __table_args__ = (sa.Index("ix_rule_switch_rule", "rule", "lifted_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    rule: Mapped[str] = mapped_column(sa.String(60))
    attribute: Mapped[str] = mapped_column(sa.String(40), default="")
    # A category's code: it and those below.
    category: Mapped[str | None] = mapped_column(sa.String(40))
    vendor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("vendor.id"), index=True)
    reason: Mapped[str] = mapped_column(sa.String(300))
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lifted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    lifted_reason: Mapped[str] = mapped_column(sa.String(300), default="")

    vendor: Mapped[Vendor | None] = relationship("Vendor")
    author: Mapped[User | None] = relationship("User", foreign_keys=[author_id])
    lifted_by: Mapped[User | None] = relationship("User", foreign_keys=[lifted_by_id])


class EffectLook(db.Model):
    """A look at what switching a rule off would change, or lifting a switch: asked for by a person, taken by a job."""

    __tablename__ = "rule_effect_look"

    id: Mapped[int] = mapped_column(primary_key=True)
    rule: Mapped[str] = mapped_column(sa.String(60))
    attribute: Mapped[str] = mapped_column(sa.String(40), default="")
    category: Mapped[str | None] = mapped_column(sa.String(40))
    vendor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("vendor.id"))
    # The switch that would be lifted; None where one would be set.
    lifting_id: Mapped[int | None] = mapped_column(sa.ForeignKey("rule_switch.id"))
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    job_id: Mapped[int | None] = mapped_column(BigKey, sa.ForeignKey("job.id", ondelete="SET NULL"), index=True)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True)
    # What was seen (`effect.Effect`), and the switches that stood then.
    seen: Mapped[dict[str, Any] | None] = mapped_column(Json)
    standing: Mapped[list[Any]] = mapped_column(Json, default=list)

    lifting: Mapped[RuleSwitch | None] = relationship(RuleSwitch)
    job: Mapped[Job | None] = relationship(Job)

    @property
    def state(self) -> JobState:
        """How far the look has come."""
        if self.seen is not None:
            return JobState.DONE
        return self.job.state if self.job else JobState.FAILED


class SwitchRun(db.Model):
    """The making again of a switch's sheets, by ascending id up to the last one there was when it began."""

    __tablename__ = "rule_switch_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    switch_id: Mapped[int] = mapped_column(sa.ForeignKey("rule_switch.id"), index=True)
    lifting: Mapped[bool] = mapped_column(default=False)
    state: Mapped[RunState] = mapped_column(state_type(RunState), default=RunState.RUNNING)
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    # The listing done last, and the last one to do.
    after: Mapped[int] = mapped_column(default=0)
    until: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    switch: Mapped[RuleSwitch] = relationship(RuleSwitch)


class RuleVerdict(db.Model):
    """What an editor said last of a rule's change on one attribute of one sheet: left as it is, or taken back."""

    __tablename__ = "rule_verdict"
    # Read by day alone for the figures of all rules: rule and verdict stand in the index.
    __table_args__ = (sa.Index("ix_rule_verdict_day", "day", "rule", "undone"),)

    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listing.id", ondelete="CASCADE"), primary_key=True)
    rule: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    attribute: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    day: Mapped[str] = mapped_column(sa.String(10))
    undone: Mapped[bool] = mapped_column()


class RuleDay(db.Model):
    """How many changes a rule made on a day, in sheets that came in."""

    __tablename__ = "rule_day"

    rule: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    day: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    applied: Mapped[int] = mapped_column(default=0)
