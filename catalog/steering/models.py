"""What editors said of searches: synonyms, boosts and pins as rows that are never rewritten, and what they changed."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.clock import now
from backoffice.extensions import Json, UtcDateTime, db, state_type

if TYPE_CHECKING:
    from backoffice.accounts.models import User


class RuleKind(StrEnum):
    """What a rule does to the results of its query."""

    PIN = "pin"
    BOOST_BRAND = "boost_brand"
    BOOST_CATEGORY = "boost_category"
    BOOST_PRODUCT = "boost_product"


class Cause(StrEnum):
    """Why the results of a query changed."""

    SYNONYM = "synonym"
    SYNONYM_ENDED = "synonym_ended"
    RULE = "rule"
    RULE_ENDED = "rule_ended"
    KEYWORD = "keyword"


class SearchSynonym(db.Model):
    """Asking for `term` also finds `means` in this language; a changed one is a new row, the old one has an end."""

    __tablename__ = "search_synonym"
    __table_args__ = (sa.Index("ix_search_synonym_live", "ended_at", "locale", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    locale: Mapped[str] = mapped_column(sa.String(2))
    term: Mapped[str] = mapped_column(sa.String(80))
    means: Mapped[str] = mapped_column(sa.String(80))
    both_ways: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(sa.String(300), default="")
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    author: Mapped[User | None] = relationship("User")


class SearchRule(db.Model):
    """A boost or a pin for one query, in force between two days, both included; None leaves a side open.

    `target` is a brand's name, a category's code or a product's number.
    """

    __tablename__ = "search_rule"
    __table_args__ = (sa.Index("ix_search_rule_live", "ended_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[RuleKind] = mapped_column(state_type(RuleKind))
    query: Mapped[str] = mapped_column(sa.String(120))
    target: Mapped[str] = mapped_column(sa.String(120))
    factor: Mapped[float | None] = mapped_column()
    rank: Mapped[int | None] = mapped_column()
    starts_on: Mapped[date | None] = mapped_column(sa.Date)
    ends_on: Mapped[date | None] = mapped_column(sa.Date)
    reason: Mapped[str] = mapped_column(sa.String(300), default="")
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    author: Mapped[User | None] = relationship("User")


class SearchSnapshot(db.Model):
    """The first ten of a query before and after something changed: [[product, title]], best first.

    `after` is None until the index has heard of the change.
    """

    __tablename__ = "search_snapshot"
    __table_args__ = (sa.Index("ix_search_snapshot_query", "query", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    query: Mapped[str] = mapped_column(sa.String(120))
    locale: Mapped[str] = mapped_column(sa.String(2))
    cause: Mapped[Cause] = mapped_column(state_type(Cause))
    what: Mapped[str] = mapped_column(sa.String(300))
    total_before: Mapped[int] = mapped_column()
    total_after: Mapped[int | None] = mapped_column()
    before: Mapped[list[list[Any]]] = mapped_column(Json)
    after: Mapped[list[list[Any]] | None] = mapped_column(Json)
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
