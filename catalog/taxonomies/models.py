"""What is kept of the tree beside its categories: acts with what they moved, levels, values, newer versions, models."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.clock import now
from backoffice.extensions import Json, UtcDateTime, db, state_type
from catalog.models import Category
from catalog.requirements import Level

if TYPE_CHECKING:
    from backoffice.accounts.models import User


class ActKind(StrEnum):
    """What a person did to a category."""

    ADD = "add"
    RENAME = "rename"
    MOVE = "move"
    MERGE = "merge"
    RETIRE = "retire"


class ActState(StrEnum):
    """Where an act stands: what it moves is under way, all done, going back, or taken back."""

    RUNNING = "running"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"


class CategoryAct(db.Model):
    """One act on the tree, with what is needed to take it back.

    `before` holds the labels and parent as they were, the children that a merge moved, and the commission rules and
    vendors' decisions that followed.
    """

    __tablename__ = "category_act"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ActKind] = mapped_column(state_type(ActKind))
    state: Mapped[ActState] = mapped_column(state_type(ActState), default=ActState.DONE)
    category_id: Mapped[int] = mapped_column(sa.ForeignKey("category.id"), index=True)
    target_id: Mapped[int | None] = mapped_column(sa.ForeignKey("category.id"), index=True)
    before: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    listings: Mapped[int] = mapped_column(default=0)
    moved: Mapped[int] = mapped_column(default=0)
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    category: Mapped[Category] = relationship(Category, foreign_keys=[category_id])
    target: Mapped[Category | None] = relationship(Category, foreign_keys=[target_id])
    by: Mapped[User | None] = relationship("User")


class CategoryActTurn(db.Model):
    """The listings and pages that one turn of an act moved; `undone` once they were put back."""

    __tablename__ = "category_act_turn"

    id: Mapped[int] = mapped_column(primary_key=True)
    act_id: Mapped[int] = mapped_column(sa.ForeignKey("category_act.id"), index=True)
    # [[listing, status before]] of what moved.
    listings: Mapped[list[list[Any]]] = mapped_column(Json, default=list)
    undone: Mapped[bool] = mapped_column(default=False)


class RequirementLevel(db.Model):
    """An operator's own level of one attribute in one category; `category` is a code, or "*" for all."""

    __tablename__ = "requirement_level"

    category: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    attribute: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    level: Mapped[Level] = mapped_column(state_type(Level))


class ListedValue(db.Model):
    """A value that the operator added to an attribute's list, or more words for one that was there."""

    __tablename__ = "listed_value"
    __table_args__ = (sa.UniqueConstraint("attribute", "value"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attribute: Mapped[str] = mapped_column(sa.String(40))
    value: Mapped[str] = mapped_column(sa.String(80))
    label_en: Mapped[str] = mapped_column(sa.String(80), default="")
    # {"fr": [word, …], "en": […]}
    synonyms: Mapped[dict[str, list[str]]] = mapped_column(Json, default=dict)


class TaxonomyUpdate(db.Model):
    """A newer tree that was read and compared, waiting for a person's word; `lines` are its differences."""

    __tablename__ = "taxonomy_update"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(200), default="")
    # [[code, parent, {locale: label}]] of the whole new tree, and [{"kind", "code", "before", "after", "successor"}].
    categories: Mapped[list[list[Any]]] = mapped_column(Json, default=list)
    lines: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    # The tree as it was when compared; another one now means that the comparison is out of date.
    revision: Mapped[str] = mapped_column(sa.String(40), default="")
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    applied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    dropped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CategoryModel(db.Model):
    """A night's learning: the folder of its model, how good that was on sheets kept aside, and whether it went live.

    `figures`: {"top1": {"new", "present"}, "top3": …, "curve": [[threshold, coverage, accuracy]], "seconds"}.
    """

    __tablename__ = "category_model"

    id: Mapped[int] = mapped_column(primary_key=True)
    folder: Mapped[str] = mapped_column(sa.String(60), default="")
    # "live" where it went live, else why not: "worse", "few".
    verdict: Mapped[str] = mapped_column(sa.String(20), default="")
    sheets: Mapped[int] = mapped_column(default=0)
    kept_aside: Mapped[int] = mapped_column(default=0)
    categories: Mapped[int] = mapped_column(default=0)
    figures: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
