"""The catalogue as stored: imports and their lines, listings in three states, products, judgements, mappings, categories.

A listing keeps the vendor's words (`mapped`), what the machine made of them (`values`, `changes`, `issues`) and what an
editor decided (`corrections`, `undone`), so that every one of them can be shown, undone and made again.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.clock import now
from backoffice.extensions import Json, UtcDateTime, db, state_type
from backoffice.files import StoredFile
from catalog.lifecycle import ListingStatus
from catalog.sheets import Decision

if TYPE_CHECKING:
    from backoffice.accounts.models import User
    from backoffice.vendors.models import Vendor

# JSON in which nothing is the database's NULL, not JSON's.
_JSON_OR_NULL = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class ImportStatus(StrEnum):
    """Where a run of one file stands."""

    UPLOADED = "uploaded"
    READING = "reading"
    AWAITING_CONFIRMATION = "awaiting_confirmation"
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"
    CANCELLED = "cancelled"


class LineOutcome(StrEnum):
    """What became of one line of a file."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    ERROR = "error"


class ProposalState(StrEnum):
    """What became of a possible duplicate."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"


class Category(db.Model):
    """One category of the tree; `code` is the marketplace's or Google's own number."""

    __tablename__ = "category"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(40), unique=True)
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("category.id"), index=True)
    label_fr: Mapped[str] = mapped_column(sa.String(200), default="")
    label_en: Mapped[str] = mapped_column(sa.String(200), default="")
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # What took its place when it was merged or retired.
    successor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("category.id"))
    # Editors' compare-and-set: raised with every act on the category.
    version: Mapped[int] = mapped_column(default=1)

    def label(self, locale: str) -> str:
        """Return the name in this language, or in the other where it has none."""
        return (self.label_en or self.label_fr) if locale == "en" else (self.label_fr or self.label_en)


class MappingVersion(db.Model):
    """A vendor's accepted mapping, columns and rules, kept version by version with its author and reason."""

    __tablename__ = "mapping_version"
    __table_args__ = (sa.UniqueConstraint("vendor_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    vendor_id: Mapped[int] = mapped_column(sa.ForeignKey("vendor.id"))
    version: Mapped[int] = mapped_column()
    # {column header: attribute or null}
    columns: Mapped[dict[str, str | None]] = mapped_column(Json)
    # Rules in canonical form, one a line (`catalog.mapping.rule_text`), notes among them.
    rules: Mapped[list[str]] = mapped_column(Json, default=list)
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    reason: Mapped[str] = mapped_column(sa.String(300), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    vendor: Mapped[Vendor] = relationship("Vendor")
    author: Mapped[User | None] = relationship("User")


class Import(db.Model):
    """One run of one file of one vendor, its settings, progress and figures."""

    __tablename__ = "catalog_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    vendor_id: Mapped[int] = mapped_column(sa.ForeignKey("vendor.id"), index=True)
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_file.id"))
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    status: Mapped[ImportStatus] = mapped_column(state_type(ImportStatus), default=ImportStatus.UPLOADED)
    locale: Mapped[str] = mapped_column(sa.String(2), default="fr")
    format: Mapped[str] = mapped_column(sa.String(20), default="")
    encoding: Mapped[str] = mapped_column(sa.String(20), default="")
    delimiter: Mapped[str] = mapped_column(sa.String(5), default="")
    # What a person set by hand over what was recognized: {"encoding": …, "delimiter": …, "sheet": …}
    overrides: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    columns: Mapped[dict[str, str | None]] = mapped_column(Json, default=dict)
    full_replacement: Mapped[bool] = mapped_column(default=False)
    clear_empty: Mapped[bool] = mapped_column(default=False)
    # Whether the run stops for a person once the whole file is read and what it would change is counted.
    ask_first: Mapped[bool] = mapped_column(default=False)
    # The vendor's mapping that the run follows, and the import whose file it reads again.
    mapping_version_id: Mapped[int | None] = mapped_column(sa.ForeignKey("mapping_version.id"))
    replay_of_id: Mapped[int | None] = mapped_column(sa.ForeignKey("catalog_import.id"))
    # What stopped a run, or the sentence about a file that cannot be read: {"code": …, "params": …}
    refusal: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    forecast: Mapped[dict[str, int]] = mapped_column(Json, default=dict)
    # What was found in the lines, counted once when the run is over: [[code, lines, first line]]; None before.
    faults: Mapped[list[list[Any]] | None] = mapped_column(_JSON_OR_NULL)
    lines_total: Mapped[int] = mapped_column(default=0)
    lines_read: Mapped[int] = mapped_column(default=0)
    lines_in_error: Mapped[int] = mapped_column(default=0)
    lines_with_warning: Mapped[int] = mapped_column(default=0)
    lines_created: Mapped[int] = mapped_column(default=0)
    lines_updated: Mapped[int] = mapped_column(default=0)
    lines_unchanged: Mapped[int] = mapped_column(default=0)
    lines_withdrawn: Mapped[int] = mapped_column(default=0)
    chunks_total: Mapped[int] = mapped_column(default=0)
    chunks_done: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Since when the import is being taken back, and when that was over.
    taking_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    taken_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    vendor: Mapped[Vendor] = relationship("Vendor")
    mapping_version: Mapped[MappingVersion | None] = relationship(MappingVersion)
    file: Mapped[StoredFile] = relationship(StoredFile)

    @property
    def lines_in_success(self) -> int:
        """Lines that were taken: created, updated or already the same."""
        return self.lines_created + self.lines_updated + self.lines_unchanged


class ImportLine(db.Model):
    """What became of one line of a file; unique by import and line, so that a chunk done twice counts once."""

    __tablename__ = "import_line"
    __table_args__ = (sa.Index("ix_import_line_outcome", "import_id", "outcome", "row"),)

    import_id: Mapped[int] = mapped_column(sa.ForeignKey("catalog_import.id"), primary_key=True)
    row: Mapped[int] = mapped_column(primary_key=True)
    outcome: Mapped[LineOutcome] = mapped_column(state_type(LineOutcome))
    sku: Mapped[str] = mapped_column(sa.String(120), default="")
    # [{"code", "severity", "attribute", "value", "params"}], the faults of the line as sent.
    issues: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)


class Product(db.Model):
    """A shared page on which several vendors' listings meet; a merged one forwards to the one that was kept."""

    __tablename__ = "product"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(sa.String(500), default="")
    brand: Mapped[str | None] = mapped_column(sa.String(120), index=True)
    category: Mapped[str | None] = mapped_column(sa.String(40), index=True)
    published: Mapped[bool] = mapped_column(default=False)
    merged_into_id: Mapped[int | None] = mapped_column(sa.ForeignKey("product.id"), index=True)
    # Raised with every change; the search index takes it as the external version.
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    listings: Mapped[list[Listing]] = relationship(back_populates="product", order_by="Listing.id")


# Sheets with a keyword that nobody has decided on, as each database can say it of an index: (SQLite, PostgreSQL).
_OPEN = (
    """status != 'withdrawn' AND instr(keywords, '"state":"open"') > 0""",
    """status != 'withdrawn' AND keywords @> '[{"state": "open"}]'""",
)
OPEN_KEYWORDS = {f"{name}_where": sa.text(words) for name, words in zip(("sqlite", "postgresql"), _OPEN, strict=True)}

# Most sheets are of no group: the index holds the others alone.
GROUPED = {f"{name}_where": sa.text("group_key IS NOT NULL") for name in ("sqlite", "postgresql")}
# Most sheets are checked by nobody.
REVIEWED = {f"{name}_where": sa.text("reviewed_by_id IS NOT NULL") for name in ("sqlite", "postgresql")}


class Listing(db.Model):
    """A vendor's sheet on the marketplace: the vendor's words, the harmonized sheet, its offer and its status."""

    __tablename__ = "listing"
    __table_args__ = (
        sa.UniqueConstraint("vendor_id", "sku"),
        sa.Index("ix_listing_queue", "status", "priority", "id"),
        sa.Index("ix_listing_sku", "sku"),
        sa.Index("ix_listing_open_keywords", "id", **OPEN_KEYWORDS),
        sa.Index("ix_listing_vendor_status", "vendor_id", "status", "id"),
        sa.Index("ix_listing_vendor", "vendor_id", "id"),
        sa.Index("ix_listing_status", "status", "id"),
        sa.Index("ix_listing_import", "import_id"),
        # All that the figures of quality and of first acceptance are counted from, so that no sheet is read for them.
        sa.Index(
            "ix_listing_figures", "vendor_id", "category", "status", "quality", "completeness", "returned", "created_at"
        ),
        sa.Index("ix_listing_group", "vendor_id", "group_key", **GROUPED),
        sa.Index("ix_listing_reviewed", "reviewed_by_id", "reviewed_at", "id", **REVIEWED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    vendor_id: Mapped[int] = mapped_column(sa.ForeignKey("vendor.id"))
    sku: Mapped[str] = mapped_column(sa.String(120))
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"), index=True)
    import_id: Mapped[int | None] = mapped_column(sa.ForeignKey("catalog_import.id"))
    row: Mapped[int] = mapped_column(default=0)
    status: Mapped[ListingStatus] = mapped_column(state_type(ListingStatus))
    # Queue order of the review desk: the lower, the sooner (errors, doubt, disputes).
    priority: Mapped[int] = mapped_column(default=0)
    locale: Mapped[str] = mapped_column(sa.String(2), default="fr")
    content_hash: Mapped[str] = mapped_column(sa.String(64))
    mapped: Mapped[dict[str, str]] = mapped_column(Json)
    sources: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    values: Mapped[dict[str, Any]] = mapped_column(Json)
    changes: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    issues: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    keywords: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    suggestions: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    # What an editor decided over the machine: {attribute: value}; and changes taken back: [[rule, attribute]].
    corrections: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    undone: Mapped[list[list[str]]] = mapped_column(Json, default=list)
    dismissed: Mapped[list[str]] = mapped_column(Json, default=list)
    # Checks of quality that an editor set aside: {check: {"codes", "reason", "by", "at"}}.
    set_aside: Mapped[dict[str, dict[str, Any]]] = mapped_column(Json, default=dict)
    # Whether the sheet was ever blocked or sent back since it first arrived.
    returned: Mapped[bool] = mapped_column(default=False)
    # Field-level reasons of the last sending back: [{"attribute", "code", "words"}].
    feedback: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    # Buyers' words from disputes that say the sheet is wrong: [{"dispute", "quote"}].
    flags: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    title: Mapped[str] = mapped_column(sa.String(500), default="")
    brand: Mapped[str | None] = mapped_column(sa.String(120), index=True)
    gtin: Mapped[str | None] = mapped_column(sa.String(14), index=True)
    mpn: Mapped[str | None] = mapped_column(sa.String(120))
    # The group of variants that shares a page, as far as the vendor's word for it is believed (`catalog.grouping`).
    group_key: Mapped[str | None] = mapped_column(sa.String(120))
    category: Mapped[str | None] = mapped_column(sa.String(40), index=True)
    completeness: Mapped[float] = mapped_column(default=0.0)
    quality: Mapped[float] = mapped_column(default=0.0)
    price_minor: Mapped[int | None] = mapped_column(sa.BigInteger)
    currency: Mapped[str] = mapped_column(sa.String(3), default="EUR")
    stock: Mapped[int | None] = mapped_column()
    condition: Mapped[str] = mapped_column(sa.String(20), default="")
    automatic: Mapped[bool] = mapped_column(default=True)
    # Editors' compare-and-set: raised with every decision and import.
    version: Mapped[int] = mapped_column(default=1)
    reviewed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    vendor: Mapped[Vendor] = relationship("Vendor")
    product: Mapped[Product] = relationship(Product, back_populates="listings")
    reviewed_by: Mapped[User | None] = relationship("User")


def uncertainty(likelihood: float) -> float:
    """Return how little is known of a pair: 1 where it may as well be the same as not, 0 where it is sure."""
    return round(4 * likelihood * (1 - likelihood), 4)


class Proposal(db.Model):
    """A possible duplicate: a listing and another vendor's, with score, route and evidence."""

    __tablename__ = "match_proposal"
    __table_args__ = (
        sa.UniqueConstraint("left_id", "right_id"),
        sa.CheckConstraint("left_id < right_id", name="ordered_pair"),
        # The desk's order; the likelihood stands in it so that those waiting are summed up without reading the pairs.
        sa.Index("ix_match_proposal_worth", "state", "value", "id", "score"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    left_id: Mapped[int] = mapped_column(sa.ForeignKey("listing.id"))
    right_id: Mapped[int] = mapped_column(sa.ForeignKey("listing.id"), index=True)
    score: Mapped[float] = mapped_column()
    # What a decision is worth (`catalog.desk.worth`): the desk's order.
    value: Mapped[float] = mapped_column(default=lambda context: uncertainty(context.get_current_parameters()["score"]))
    decision: Mapped[Decision] = mapped_column(state_type(Decision))
    route: Mapped[str] = mapped_column(sa.String(20))
    evidence: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    state: Mapped[ProposalState] = mapped_column(state_type(ProposalState), default=ProposalState.PENDING)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    left: Mapped[Listing] = relationship(Listing, foreign_keys=[left_id])
    right: Mapped[Listing] = relationship(Listing, foreign_keys=[right_id])


class Judgement(db.Model):
    """A decision on a pair, by a person or by the machine (no judge); kept for ever, and taken back by a date."""

    __tablename__ = "judgement"

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("match_proposal.id"), index=True)
    decision: Mapped[Decision] = mapped_column(state_type(Decision))
    judge_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    # Where the pair was merged: the page that was kept, the one that forwards, and the listings that moved.
    kept_product_id: Mapped[int | None] = mapped_column(sa.ForeignKey("product.id"), index=True)
    merged_product_id: Mapped[int | None] = mapped_column(sa.ForeignKey("product.id"), index=True)
    moved_listings: Mapped[list[int]] = mapped_column(Json, default=list)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    proposal: Mapped[Proposal] = relationship(Proposal)


class SearchCount(db.Model):
    """How often a query was asked on a day, found nothing, found few, was followed to a product; without the person."""

    __tablename__ = "search_count"
    __table_args__ = (sa.Index("ix_search_count_query", "query", "day"),)

    day: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    query: Mapped[str] = mapped_column(sa.String(120), primary_key=True)
    asked: Mapped[int] = mapped_column(default=0)
    empty: Mapped[int] = mapped_column(default=0)
    few: Mapped[int] = mapped_column(default=0)
    clicked: Mapped[int] = mapped_column(default=0)
