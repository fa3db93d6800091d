"""Vendors, the state of their checklist, their documents and the checks run on them, as stored."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.accounts.models import User
from backoffice.clock import now
from backoffice.extensions import Json, UtcDateTime, db, state_type
from backoffice.files import StoredFile


class VendorStatus(StrEnum):
    """Where a vendor stands; which moves lead from each is the table in `lifecycle`."""

    PROSPECT = "prospect"
    INVITED = "invited"
    ONBOARDING = "onboarding"
    READY_FOR_REVIEW = "ready_for_review"
    APPROVED = "approved"
    LIVE = "live"
    REJECTED = "rejected"
    ON_VACATION = "on_vacation"
    SUSPENDED = "suspended"
    TERMINATED = "terminated"


class SuspensionReason(StrEnum):
    """Why a vendor is suspended, for figures; the words to the vendor are the reviewer's."""

    MANUAL = "manual"
    PENDING_APPROVAL = "pending_approval"
    INCOMPLETE_PROFILE = "incomplete_profile"
    AUTOMATIC = "automatic"
    SANCTIONS = "sanctions"
    INSOLVENCY = "insolvency"


class LegalForm(StrEnum):
    """What kind of person the vendor is in law; the checklist depends on it."""

    COMPANY = "company"
    SOLE_TRADER = "sole_trader"
    ASSOCIATION = "association"


class VendorSource(StrEnum):
    """How we came to know the vendor."""

    PROSPECTION = "prospection"
    APPLICATION = "application"


class RequirementState(StrEnum):
    """The state of one item of the checklist for one vendor; `pending` waits for a reviewer."""

    INCOMPLETE = "incomplete"
    PENDING = "pending"
    COMPLETE = "complete"
    REJECTED = "rejected"
    WAIVED = "waived"


class CheckResult(StrEnum):
    """What a check says; `warning` is for a person to look at, `skipped` had nothing to look at."""

    PASSED = "passed"
    WARNING = "warning"
    FAILED = "failed"
    SKIPPED = "skipped"


class Vendor(db.Model):
    """A company or person that sells; `version` counts its changes, so that a stale page cannot decide."""

    __tablename__ = "vendor"
    __table_args__ = (
        sa.CheckConstraint("status NOT IN ('approved', 'live') OR approved_at IS NOT NULL", name="approved_has_date"),
        sa.CheckConstraint("(status = 'suspended') = (suspension_reason IS NOT NULL)", name="suspended_has_reason"),
        sa.Index("ix_vendor_status_changed", "status", "status_changed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(60), unique=True)
    name: Mapped[str] = mapped_column(sa.String(160))
    status: Mapped[VendorStatus] = mapped_column(state_type(VendorStatus), default=VendorStatus.PROSPECT)
    status_changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    suspension_reason: Mapped[SuspensionReason | None] = mapped_column(state_type(SuspensionReason))
    source: Mapped[VendorSource] = mapped_column(state_type(VendorSource), default=VendorSource.PROSPECTION)
    locale: Mapped[str] = mapped_column(sa.String(2), default="fr")

    legal_name: Mapped[str] = mapped_column(sa.String(160), default="")
    legal_form: Mapped[LegalForm] = mapped_column(state_type(LegalForm), default=LegalForm.COMPANY)
    country: Mapped[str] = mapped_column(sa.String(2), default="FR")
    siren: Mapped[str] = mapped_column(sa.String(9), default="", index=True)
    siret: Mapped[str] = mapped_column(sa.String(14), default="")
    registration_number: Mapped[str] = mapped_column(sa.String(40), default="")
    vat_number: Mapped[str] = mapped_column(sa.String(20), default="", index=True)
    iban: Mapped[str] = mapped_column(sa.String(34), default="", index=True)
    bic: Mapped[str] = mapped_column(sa.String(11), default="")
    account_holder: Mapped[str] = mapped_column(sa.String(160), default="")

    contact_name: Mapped[str] = mapped_column(sa.String(160), default="")
    email: Mapped[str] = mapped_column(sa.String(254), default="", index=True)
    phone: Mapped[str] = mapped_column(sa.String(20), default="", index=True)
    website: Mapped[str] = mapped_column(sa.String(300), default="")
    street: Mapped[str] = mapped_column(sa.String(200), default="")
    postcode: Mapped[str] = mapped_column(sa.String(12), default="")
    city: Mapped[str] = mapped_column(sa.String(100), default="")
    presentation: Mapped[str] = mapped_column(sa.Text, default="")

    account_manager_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("user_account.id", use_alter=True, name="fk_vendor_account_manager_id_user_account"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    live_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Set when notice was given: the contract cannot end before.
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Touched by every change of the file, results and documents included, so that `version` counts those too.
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    version: Mapped[int] = mapped_column()

    account_manager: Mapped[User | None] = relationship(User, foreign_keys=[account_manager_id])
    requirement_results: Mapped[list[RequirementResult]] = relationship(back_populates="vendor")
    documents: Mapped[list[VendorDocument]] = relationship(back_populates="vendor", order_by="VendorDocument.id.desc()")
    checks: Mapped[list[VendorCheck]] = relationship(back_populates="vendor", order_by="VendorCheck.id")

    __mapper_args__ = {"version_id_col": version}


class RequirementResult(db.Model):
    """One item of the checklist for one vendor: its state, what was given, and who judged it with which words."""

    __tablename__ = "vendor_requirement_result"
    __table_args__ = (
        sa.UniqueConstraint("vendor_id", "kind"),
        sa.CheckConstraint(
            "state NOT IN ('rejected', 'waived')"
            " OR (judged_by_id IS NOT NULL AND judged_at IS NOT NULL AND words <> '')",
            name="judged_with_words",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    vendor_id: Mapped[int] = mapped_column(sa.ForeignKey("vendor.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(40))
    state: Mapped[RequirementState] = mapped_column(state_type(RequirementState), default=RequirementState.INCOMPLETE)
    # What is kept beside the vendor's own columns, such as the accepted terms' version and who signed.
    given: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    given_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    words: Mapped[str] = mapped_column(sa.Text, default="")
    judged_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    judged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    vendor: Mapped[Vendor] = relationship(Vendor, back_populates="requirement_results")
    judged_by: Mapped[User | None] = relationship(User, lazy="joined")


class VendorDocument(db.Model):
    """A document a vendor sent for one requirement; the latest of its kind counts, the earlier ones are kept."""

    __tablename__ = "vendor_document"

    id: Mapped[int] = mapped_column(primary_key=True)
    vendor_id: Mapped[int] = mapped_column(sa.ForeignKey("vendor.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(40))
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_file.id"))
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    vendor: Mapped[Vendor] = relationship(Vendor, back_populates="documents")
    file: Mapped[StoredFile] = relationship(StoredFile, lazy="joined", innerjoin=True)


class VendorCheck(db.Model):
    """The latest run of one check on one vendor: source, date, result, and the evidence as a code with its values."""

    __tablename__ = "vendor_check"
    __table_args__ = (sa.UniqueConstraint("vendor_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    vendor_id: Mapped[int] = mapped_column(sa.ForeignKey("vendor.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(40))
    result: Mapped[CheckResult] = mapped_column(state_type(CheckResult))
    source: Mapped[str] = mapped_column(sa.String(60))
    evidence: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    vendor: Mapped[Vendor] = relationship(Vendor, back_populates="checks")
