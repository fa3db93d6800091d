"""The first house: every table of the main job."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backoffice.extensions import BigKey, Json, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "category",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("label_fr", sa.String(length=200), nullable=False),
        sa.Column("label_en", sa.String(length=200), nullable=False),
        sa.Column("retired_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["parent_id"], ["category.id"], name=op.f("fk_category_parent_id_category")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_category")),
        sa.UniqueConstraint("code", name=op.f("uq_category_code")),
    )
    with op.batch_alter_table("category", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_category_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "index_dirty",
        sa.Column("product_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("stamp", sa.BigInteger(), nullable=False),
        sa.Column("marked_at", UtcDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("product_id", name=op.f("pk_index_dirty")),
    )
    with op.batch_alter_table("index_dirty", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_index_dirty_marked_at"), ["marked_at"], unique=False)

    op.create_table(
        "job",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("arguments", Json, nullable=False),
        sa.Column("unique_key", sa.String(length=120), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "running",
                "done",
                "failed",
                name="jobstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("owner", sa.String(length=60), nullable=True),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("unique_key", name=op.f("uq_job_unique_key")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index("ix_job_due", ["state", "due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_job_kind"), ["kind"], unique=False)

    op.create_table(
        "login_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_attempt")),
    )
    with op.batch_alter_table("login_attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_login_attempt_key"), ["key"], unique=False)

    op.create_table(
        "outgoing_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=250), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("message_id", sa.String(length=250), nullable=False),
        sa.Column("keep_body", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("queued", "sent", name="mailstate", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_mail")),
        sa.UniqueConstraint("message_id", name=op.f("uq_outgoing_mail_message_id")),
    )
    op.create_table(
        "product",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("brand", sa.String(length=120), nullable=True),
        sa.Column("category", sa.String(length=40), nullable=True),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["merged_into_id"], ["product.id"], name=op.f("fk_product_merged_into_id_product")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product")),
    )
    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_product_brand"), ["brand"], unique=False)
        batch_op.create_index(batch_op.f("ix_product_category"), ["category"], unique=False)
        batch_op.create_index(batch_op.f("ix_product_merged_into_id"), ["merged_into_id"], unique=False)

    op.create_table(
        "schedule_slot",
        sa.Column("task", sa.String(length=60), nullable=False),
        sa.Column("slot", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("task", "slot", name=op.f("pk_schedule_slot")),
    )
    op.create_table(
        "search_count",
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("query", sa.String(length=120), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("empty", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "query", name=op.f("pk_search_count")),
    )
    op.create_table(
        "vendor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "prospect",
                "invited",
                "onboarding",
                "ready_for_review",
                "approved",
                "live",
                "rejected",
                "on_vacation",
                "suspended",
                "terminated",
                name="vendorstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("status_changed_at", UtcDateTime(), nullable=False),
        sa.Column(
            "suspension_reason",
            sa.Enum(
                "manual",
                "pending_approval",
                "incomplete_profile",
                "automatic",
                "sanctions",
                "insolvency",
                name="suspensionreason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "source",
            sa.Enum(
                "prospection", "application", name="vendorsource", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("locale", sa.String(length=2), nullable=False),
        sa.Column("legal_name", sa.String(length=160), nullable=False),
        sa.Column(
            "legal_form",
            sa.Enum(
                "company",
                "sole_trader",
                "association",
                name="legalform",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("siren", sa.String(length=9), nullable=False),
        sa.Column("siret", sa.String(length=14), nullable=False),
        sa.Column("registration_number", sa.String(length=40), nullable=False),
        sa.Column("vat_number", sa.String(length=20), nullable=False),
        sa.Column("iban", sa.String(length=34), nullable=False),
        sa.Column("bic", sa.String(length=11), nullable=False),
        sa.Column("account_holder", sa.String(length=160), nullable=False),
        sa.Column("contact_name", sa.String(length=160), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("website", sa.String(length=300), nullable=False),
        sa.Column("street", sa.String(length=200), nullable=False),
        sa.Column("postcode", sa.String(length=12), nullable=False),
        sa.Column("city", sa.String(length=100), nullable=False),
        sa.Column("presentation", sa.Text(), nullable=False),
        sa.Column("account_manager_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("submitted_at", UtcDateTime(), nullable=True),
        sa.Column("approved_at", UtcDateTime(), nullable=True),
        sa.Column("live_at", UtcDateTime(), nullable=True),
        sa.Column("ends_at", UtcDateTime(), nullable=True),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'suspended') = (suspension_reason IS NOT NULL)", name=op.f("ck_vendor_suspended_has_reason")
        ),
        sa.CheckConstraint(
            "status NOT IN ('approved', 'live') OR approved_at IS NOT NULL", name=op.f("ck_vendor_approved_has_date")
        ),
        sa.ForeignKeyConstraint(
            ["account_manager_id"],
            ["user_account.id"],
            name="fk_vendor_account_manager_id_user_account",
            use_alter=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vendor")),
        sa.UniqueConstraint("code", name=op.f("uq_vendor_code")),
    )
    with op.batch_alter_table("vendor", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_vendor_account_manager_id"), ["account_manager_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_vendor_created_at"), ["created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_vendor_email"), ["email"], unique=False)
        batch_op.create_index(batch_op.f("ix_vendor_iban"), ["iban"], unique=False)
        batch_op.create_index(batch_op.f("ix_vendor_phone"), ["phone"], unique=False)
        batch_op.create_index(batch_op.f("ix_vendor_siren"), ["siren"], unique=False)
        batch_op.create_index("ix_vendor_status_changed", ["status", "status_changed_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_vendor_vat_number"), ["vat_number"], unique=False)

    op.create_table(
        "commission_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("vendor_id", sa.Integer(), nullable=True),
        sa.Column("category", sa.String(length=40), nullable=True),
        sa.Column("sku", sa.String(length=120), nullable=True),
        sa.Column("basis_points", sa.Integer(), nullable=False),
        sa.Column("fixed_minor", sa.BigInteger(), nullable=False),
        sa.Column("minimum_minor", sa.BigInteger(), nullable=True),
        sa.Column("maximum_minor", sa.BigInteger(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("retired_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendor.id"], name=op.f("fk_commission_rule_vendor_id_vendor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commission_rule")),
    )
    op.create_table(
        "purchase_order",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("basket", sa.String(length=80), nullable=False),
        sa.Column("vendor_id", sa.Integer(), nullable=False),
        sa.Column("buyer_email", sa.String(length=254), nullable=False),
        sa.Column("buyer_name", sa.String(length=160), nullable=False),
        sa.Column("buyer_locale", sa.String(length=2), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "paid",
                "shipped",
                "delivered",
                "cancelled",
                name="orderstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("shipping_minor", sa.BigInteger(), nullable=False),
        sa.Column("ordered_at", UtcDateTime(), nullable=False),
        sa.Column("shipped_at", UtcDateTime(), nullable=True),
        sa.Column("delivered_at", UtcDateTime(), nullable=True),
        sa.Column("tracking_number", sa.String(length=80), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendor.id"], name=op.f("fk_purchase_order_vendor_id_vendor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase_order")),
        sa.UniqueConstraint("basket", "vendor_id", name=op.f("uq_purchase_order_basket_vendor_id")),
    )
    with op.batch_alter_table("purchase_order", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_purchase_order_basket"), ["basket"], unique=False)
        batch_op.create_index(batch_op.f("ix_purchase_order_buyer_email"), ["buyer_email"], unique=False)
        batch_op.create_index(batch_op.f("ix_purchase_order_ordered_at"), ["ordered_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_purchase_order_vendor_id"), ["vendor_id"], unique=False)

    op.create_table(
        "user_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "administrator",
                "account_manager",
                "content_editor",
                "mediator",
                "vendor_user",
                "buyer",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("locale", sa.String(length=2), nullable=True),
        sa.Column("theme", sa.String(length=8), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("vendor_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("last_login_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendor.id"], name=op.f("fk_user_account_vendor_id_vendor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("email", name=op.f("uq_user_account_email")),
    )
    with op.batch_alter_table("user_account", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_user_account_vendor_id"), ["vendor_id"], unique=False)

    op.create_table(
        "vendor_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("vendor_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column(
            "result",
            sa.Enum(
                "passed",
                "warning",
                "failed",
                "skipped",
                name="checkresult",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("evidence", Json, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendor.id"], name=op.f("fk_vendor_check_vendor_id_vendor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vendor_check")),
        sa.UniqueConstraint("vendor_id", "kind", name=op.f("uq_vendor_check_vendor_id_kind")),
    )
    with op.batch_alter_table("vendor_check", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_vendor_check_vendor_id"), ["vendor_id"], unique=False)

    op.create_table(
        "api_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("vendor_id", sa.Integer(), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("last_used_at", UtcDateTime(), nullable=True),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_api_token_created_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendor.id"], name=op.f("fk_api_token_vendor_id_vendor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("digest", name=op.f("uq_api_token_digest")),
    )
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_token_vendor_id"), ["vendor_id"], unique=False)

    op.create_table(
        "audit_event",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(length=254), nullable=False),
        sa.Column("verb", sa.String(length=80), nullable=False),
        sa.Column("object_type", sa.String(length=40), nullable=False),
        sa.Column("object_id", sa.Integer(), nullable=False),
        sa.Column("changes", Json, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("request_id", sa.String(length=40), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name=op.f("fk_audit_event_actor_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
    )
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_event_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index("ix_audit_object", ["object_type", "object_id", "id"], unique=False)

    op.create_table(
        "dispute",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("vendor_id", sa.Integer(), nullable=False),
        sa.Column("buyer_email", sa.String(length=254), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "waiting_seller_response",
                "waiting_buyer_response",
                "offer_pending",
                "waiting_delivery",
                "waiting_return",
                "under_review",
                "on_hold",
                "executing",
                "execution_failed",
                "resolved",
                "closed",
                "merged",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "stage",
            sa.Enum(
                "inquiry",
                "claim",
                "appeal",
                "external",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "awaiting",
            sa.Enum(
                "buyer",
                "seller",
                "mediator",
                "account_manager",
                "observer",
                "system",
                name="party",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "not_received",
                "late",
                "not_as_described",
                "damaged",
                "defective",
                "missing_item",
                "wrong_item",
                "counterfeit",
                "changed_mind",
                "duplicate_charge",
                "credit_not_processed",
                "invoice_error",
                "general",
                name="reason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "wish",
            sa.Enum(
                "refund",
                "partial_refund",
                "return_and_refund",
                "replacement",
                "delivery",
                "answer",
                name="wish",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("safety_risk", sa.Boolean(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("mediator_id", sa.Integer(), nullable=True),
        sa.Column("former_mediator_id", sa.Integer(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "buyer_favour",
                "seller_favour",
                "operator_payout",
                "denied",
                "cancelled_by_buyer",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "remedy",
            sa.Enum(
                "refund_full",
                "refund_partial",
                "refund_with_return",
                "replacement",
                "refund_with_replacement",
                "return_only",
                "goodwill",
                "rejected",
                "none",
                name="remedy",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "fault",
            sa.Enum(
                "seller",
                "buyer",
                "carrier",
                "operator",
                "none",
                name="fault",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "funded_by",
            sa.Enum(
                "seller",
                "operator",
                "carrier",
                "none",
                name="fundedby",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "decided_by",
            sa.Enum(
                "agreement",
                "buyer",
                "mediator",
                "timer",
                "rule",
                name="decidedby",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=False),
        sa.Column("granted", Json, nullable=False),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("answer_due_at", UtcDateTime(), nullable=True),
        sa.Column("first_response_at", UtcDateTime(), nullable=True),
        sa.Column("seller_answered_at", UtcDateTime(), nullable=True),
        sa.Column("delivered_at", UtcDateTime(), nullable=True),
        sa.Column("returned_at", UtcDateTime(), nullable=True),
        sa.Column("resolved_at", UtcDateTime(), nullable=True),
        sa.Column("appeal_until", UtcDateTime(), nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(status = 'merged') = (merged_into_id IS NOT NULL)", name=op.f("ck_dispute_merged_forwards")
        ),
        sa.CheckConstraint(
            "coalesce(decided_by, '') <> 'mediator' OR (decided_by_id IS NOT NULL AND decided_at IS NOT NULL AND decision_reason <> '')",
            name=op.f("ck_dispute_decision_has_reason"),
        ),
        sa.CheckConstraint("status <> 'closed' OR closed_at IS NOT NULL", name=op.f("ck_dispute_closed_has_date")),
        sa.CheckConstraint(
            "status NOT IN ('resolved', 'closed') OR (resolved_at IS NOT NULL AND decided_by IS NOT NULL AND outcome IS NOT NULL AND remedy IS NOT NULL AND fault IS NOT NULL AND funded_by IS NOT NULL)",
            name=op.f("ck_dispute_resolved_has_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user_account.id"], name=op.f("fk_dispute_decided_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["former_mediator_id"], ["user_account.id"], name=op.f("fk_dispute_former_mediator_id_user_account")
        ),
        sa.ForeignKeyConstraint(["mediator_id"], ["user_account.id"], name=op.f("fk_dispute_mediator_id_user_account")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["dispute.id"], name=op.f("fk_dispute_merged_into_id_dispute")),
        sa.ForeignKeyConstraint(["order_id"], ["purchase_order.id"], name=op.f("fk_dispute_order_id_purchase_order")),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendor.id"], name=op.f("fk_dispute_vendor_id_vendor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute")),
    )
    with op.batch_alter_table("dispute", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dispute_buyer_email"), ["buyer_email"], unique=False)
        batch_op.create_index("ix_dispute_due", ["due_at", "id"], unique=False)
        batch_op.create_index("ix_dispute_mediator_status", ["mediator_id", "status"], unique=False)
        batch_op.create_index(batch_op.f("ix_dispute_opened_at"), ["opened_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_dispute_order_id"), ["order_id"], unique=False)
        batch_op.create_index("ix_dispute_vendor_status", ["vendor_id", "status"], unique=False)

    op.create_table(
        "mapping_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("vendor_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("columns", Json, nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user_account.id"], name=op.f("fk_mapping_version_author_id_user_account")
        ),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendor.id"], name=op.f("fk_mapping_version_vendor_id_vendor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mapping_version")),
        sa.UniqueConstraint("vendor_id", "version", name=op.f("uq_mapping_version_vendor_id_version")),
    )
    op.create_table(
        "notification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("params", Json, nullable=False),
        sa.Column("url", sa.String(length=300), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_notification_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification")),
    )
    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notification_user_id"), ["user_id"], unique=False)

    op.create_table(
        "order_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sku", sa.String(length=120), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("vat_basis_points", sa.Integer(), nullable=False),
        sa.Column("commission_minor", sa.BigInteger(), nullable=False),
        sa.Column("commission_rule_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("amount_minor >= 0", name=op.f("ck_order_line_amount_not_negative")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_order_line_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["commission_rule_id"],
            ["commission_rule.id"],
            name=op.f("fk_order_line_commission_rule_id_commission_rule"),
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["purchase_order.id"], name=op.f("fk_order_line_order_id_purchase_order")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_line")),
        sa.UniqueConstraint("order_id", "number", name=op.f("uq_order_line_order_id_number")),
    )
    with op.batch_alter_table("order_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_order_line_order_id"), ["order_id"], unique=False)
        batch_op.create_index("ix_order_line_sku", ["sku"], unique=False)

    op.create_table(
        "single_use_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_single_use_link_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_single_use_link")),
        sa.UniqueConstraint("digest", name=op.f("uq_single_use_link_digest")),
    )
    with op.batch_alter_table("single_use_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_single_use_link_user_id"), ["user_id"], unique=False)

    op.create_table(
        "stored_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["user_account.id"], name=op.f("fk_stored_file_uploaded_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
    )
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stored_file_sha256"), ["sha256"], unique=False)

    op.create_table(
        "user_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.Column("user_agent", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_user_session_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_session")),
        sa.UniqueConstraint("digest", name=op.f("uq_user_session_digest")),
    )
    with op.batch_alter_table("user_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_user_session_user_id"), ["user_id"], unique=False)

    op.create_table(
        "vendor_requirement_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("vendor_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "incomplete",
                "pending",
                "complete",
                "rejected",
                "waived",
                name="requirementstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("given", Json, nullable=False),
        sa.Column("given_at", UtcDateTime(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("judged_by_id", sa.Integer(), nullable=True),
        sa.Column("judged_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "state NOT IN ('rejected', 'waived') OR (judged_by_id IS NOT NULL AND judged_at IS NOT NULL AND words <> '')",
            name=op.f("ck_vendor_requirement_result_judged_with_words"),
        ),
        sa.ForeignKeyConstraint(
            ["judged_by_id"], ["user_account.id"], name=op.f("fk_vendor_requirement_result_judged_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["vendor.id"], name=op.f("fk_vendor_requirement_result_vendor_id_vendor")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vendor_requirement_result")),
        sa.UniqueConstraint("vendor_id", "kind", name=op.f("uq_vendor_requirement_result_vendor_id_kind")),
    )
    with op.batch_alter_table("vendor_requirement_result", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_vendor_requirement_result_vendor_id"), ["vendor_id"], unique=False)

    op.create_table(
        "catalog_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("vendor_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "uploaded",
                "reading",
                "awaiting_confirmation",
                "running",
                "done",
                "refused",
                "cancelled",
                name="importstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("locale", sa.String(length=2), nullable=False),
        sa.Column("format", sa.String(length=20), nullable=False),
        sa.Column("encoding", sa.String(length=20), nullable=False),
        sa.Column("delimiter", sa.String(length=5), nullable=False),
        sa.Column("overrides", Json, nullable=False),
        sa.Column("columns", Json, nullable=False),
        sa.Column("full_replacement", sa.Boolean(), nullable=False),
        sa.Column("clear_empty", sa.Boolean(), nullable=False),
        sa.Column("refusal", Json, nullable=False),
        sa.Column("forecast", Json, nullable=False),
        sa.Column("lines_total", sa.Integer(), nullable=False),
        sa.Column("lines_read", sa.Integer(), nullable=False),
        sa.Column("lines_in_error", sa.Integer(), nullable=False),
        sa.Column("lines_with_warning", sa.Integer(), nullable=False),
        sa.Column("lines_created", sa.Integer(), nullable=False),
        sa.Column("lines_updated", sa.Integer(), nullable=False),
        sa.Column("lines_unchanged", sa.Integer(), nullable=False),
        sa.Column("lines_withdrawn", sa.Integer(), nullable=False),
        sa.Column("chunks_total", sa.Integer(), nullable=False),
        sa.Column("chunks_done", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=True),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_catalog_import_created_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_catalog_import_file_id_stored_file")),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendor.id"], name=op.f("fk_catalog_import_vendor_id_vendor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalog_import")),
    )
    with op.batch_alter_table("catalog_import", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_catalog_import_vendor_id"), ["vendor_id"], unique=False)

    op.create_table(
        "dispute_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dispute_id", sa.Integer(), nullable=False),
        sa.Column("order_line_id", sa.Integer(), nullable=False),
        sa.Column("vendor_id", sa.Integer(), nullable=False),
        sa.Column("sku", sa.String(length=120), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_minor >= 0", name=op.f("ck_dispute_line_amount_not_negative")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_dispute_line_quantity_positive")),
        sa.ForeignKeyConstraint(["dispute_id"], ["dispute.id"], name=op.f("fk_dispute_line_dispute_id_dispute")),
        sa.ForeignKeyConstraint(
            ["order_line_id"], ["order_line.id"], name=op.f("fk_dispute_line_order_line_id_order_line")
        ),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendor.id"], name=op.f("fk_dispute_line_vendor_id_vendor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute_line")),
        sa.UniqueConstraint("dispute_id", "order_line_id", name=op.f("uq_dispute_line_dispute_id_order_line_id")),
    )
    with op.batch_alter_table("dispute_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dispute_line_order_line_id"), ["order_line_id"], unique=False)

    op.create_table(
        "dispute_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dispute_id", sa.Integer(), nullable=False),
        sa.Column(
            "author_party",
            sa.Enum(
                "buyer",
                "seller",
                "mediator",
                "account_manager",
                "observer",
                "system",
                name="party",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("author_name", sa.String(length=160), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("masked_body", sa.Text(), nullable=False),
        sa.Column("for_buyer", sa.Boolean(), nullable=False),
        sa.Column("for_seller", sa.Boolean(), nullable=False),
        sa.Column("for_mediator", sa.Boolean(), nullable=False),
        sa.Column("for_account_manager", sa.Boolean(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user_account.id"], name=op.f("fk_dispute_message_author_id_user_account")
        ),
        sa.ForeignKeyConstraint(["dispute_id"], ["dispute.id"], name=op.f("fk_dispute_message_dispute_id_dispute")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute_message")),
    )
    with op.batch_alter_table("dispute_message", schema=None) as batch_op:
        batch_op.create_index("ix_dispute_message_thread", ["dispute_id", "id"], unique=False)

    op.create_table(
        "dispute_remedy_execution",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dispute_id", sa.Integer(), nullable=False),
        sa.Column("order_line_id", sa.Integer(), nullable=False),
        sa.Column(
            "remedy",
            sa.Enum(
                "refund_full",
                "refund_partial",
                "refund_with_return",
                "replacement",
                "refund_with_replacement",
                "return_only",
                "goodwill",
                "rejected",
                "none",
                name="remedy",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column(
            "funded_by",
            sa.Enum(
                "seller",
                "operator",
                "carrier",
                "none",
                name="fundedby",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("idempotency_key", sa.String(length=80), nullable=False),
        sa.Column("executed_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_dispute_remedy_execution_amount_positive")),
        sa.ForeignKeyConstraint(
            ["dispute_id"], ["dispute.id"], name=op.f("fk_dispute_remedy_execution_dispute_id_dispute")
        ),
        sa.ForeignKeyConstraint(
            ["order_line_id"], ["order_line.id"], name=op.f("fk_dispute_remedy_execution_order_line_id_order_line")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute_remedy_execution")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_dispute_remedy_execution_idempotency_key")),
    )
    with op.batch_alter_table("dispute_remedy_execution", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dispute_remedy_execution_dispute_id"), ["dispute_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dispute_remedy_execution_order_line_id"), ["order_line_id"], unique=False)

    op.create_table(
        "dispute_routing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dispute_id", sa.Integer(), nullable=False),
        sa.Column("rule_id", sa.String(length=60), nullable=False),
        sa.Column("facts", Json, nullable=False),
        sa.Column(
            "result",
            sa.Enum("seller", "mediator", name="route", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["dispute_id"], ["dispute.id"], name=op.f("fk_dispute_routing_dispute_id_dispute")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute_routing")),
    )
    with op.batch_alter_table("dispute_routing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dispute_routing_dispute_id"), ["dispute_id"], unique=False)

    op.create_table(
        "dispute_timer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dispute_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "seller_answer",
                "buyer_reminder",
                "buyer_answer",
                "information",
                "offer",
                "inquiry",
                "delivery",
                "return",
                "review",
                "hold",
                "appeal_window",
                name="timerkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("calendar_version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("fired_at", UtcDateTime(), nullable=True),
        sa.Column("stopped_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["dispute_id"], ["dispute.id"], name=op.f("fk_dispute_timer_dispute_id_dispute")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute_timer")),
        sa.UniqueConstraint("dispute_id", "kind", "due_at", name=op.f("uq_dispute_timer_dispute_id_kind_due_at")),
    )
    with op.batch_alter_table("dispute_timer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dispute_timer_dispute_id"), ["dispute_id"], unique=False)
        batch_op.create_index("ix_dispute_timer_due", ["due_at", "fired_at", "stopped_at"], unique=False)

    op.create_table(
        "idempotency_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("owner", sa.String(length=32), nullable=False),
        sa.Column("lease_until", UtcDateTime(), nullable=False),
        sa.Column("status_code", sa.Integer(), nullable=True),
        sa.Column("answer", Json, nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "status_code IS NULL OR answer IS NOT NULL", name=op.f("ck_idempotency_key_done_has_answer")
        ),
        sa.ForeignKeyConstraint(["token_id"], ["api_token.id"], name=op.f("fk_idempotency_key_token_id_api_token")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idempotency_key")),
        sa.UniqueConstraint("token_id", "key", name=op.f("uq_idempotency_key_token_id_key")),
    )
    with op.batch_alter_table("idempotency_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_idempotency_key_created_at"), ["created_at"], unique=False)

    op.create_table(
        "order_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum("uploaded", "taken", name="orderimportstate", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("lines_read", sa.Integer(), nullable=False),
        sa.Column("lines_in_error", sa.Integer(), nullable=False),
        sa.Column("orders_created", sa.Integer(), nullable=False),
        sa.Column("orders_moved", sa.Integer(), nullable=False),
        sa.Column("orders_unchanged", sa.Integer(), nullable=False),
        sa.Column("issues", Json, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("taken_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_order_import_created_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_order_import_file_id_stored_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_import")),
    )
    op.create_table(
        "settlement_offer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dispute_id", sa.Integer(), nullable=False),
        sa.Column(
            "made_by",
            sa.Enum(
                "buyer",
                "seller",
                "mediator",
                "account_manager",
                "observer",
                "system",
                name="party",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column(
            "remedy",
            sa.Enum(
                "refund_full",
                "refund_partial",
                "refund_with_return",
                "replacement",
                "refund_with_replacement",
                "return_only",
                "goodwill",
                "rejected",
                "none",
                name="remedy",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("amounts", Json, nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "live",
                "accepted",
                "denied",
                "superseded",
                "expired",
                name="offerstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("made_by IN ('buyer', 'seller')", name=op.f("ck_settlement_offer_made_by_party")),
        sa.ForeignKeyConstraint(["dispute_id"], ["dispute.id"], name=op.f("fk_settlement_offer_dispute_id_dispute")),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["user_account.id"], name=op.f("fk_settlement_offer_made_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlement_offer")),
    )
    with op.batch_alter_table("settlement_offer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_settlement_offer_dispute_id"), ["dispute_id"], unique=False)
        batch_op.create_index(
            "uq_settlement_offer_live",
            ["dispute_id"],
            unique=True,
            sqlite_where=sa.text("state = 'live'"),
            postgresql_where=sa.text("state = 'live'"),
        )

    op.create_table(
        "vendor_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("vendor_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_vendor_document_file_id_stored_file")),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendor.id"], name=op.f("fk_vendor_document_vendor_id_vendor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vendor_document")),
    )
    with op.batch_alter_table("vendor_document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_vendor_document_vendor_id"), ["vendor_id"], unique=False)

    op.create_table(
        "dispute_attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_dispute_attachment_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["dispute_message.id"], name=op.f("fk_dispute_attachment_message_id_dispute_message")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute_attachment")),
    )
    with op.batch_alter_table("dispute_attachment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dispute_attachment_message_id"), ["message_id"], unique=False)

    op.create_table(
        "import_line",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "created",
                "updated",
                "unchanged",
                "error",
                name="lineoutcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("sku", sa.String(length=120), nullable=False),
        sa.Column("issues", Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["catalog_import.id"], name=op.f("fk_import_line_import_id_catalog_import")
        ),
        sa.PrimaryKeyConstraint("import_id", "row", name=op.f("pk_import_line")),
    )
    with op.batch_alter_table("import_line", schema=None) as batch_op:
        batch_op.create_index("ix_import_line_outcome", ["import_id", "outcome", "row"], unique=False)

    op.create_table(
        "listing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("vendor_id", sa.Integer(), nullable=False),
        sa.Column("sku", sa.String(length=120), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "pending",
                "to_review",
                "changes_requested",
                "rejected",
                "published",
                "withdrawn",
                name="listingstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("locale", sa.String(length=2), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("mapped", Json, nullable=False),
        sa.Column("sources", Json, nullable=False),
        sa.Column("values", Json, nullable=False),
        sa.Column("changes", Json, nullable=False),
        sa.Column("issues", Json, nullable=False),
        sa.Column("keywords", Json, nullable=False),
        sa.Column("suggestions", Json, nullable=False),
        sa.Column("corrections", Json, nullable=False),
        sa.Column("undone", Json, nullable=False),
        sa.Column("dismissed", Json, nullable=False),
        sa.Column("feedback", Json, nullable=False),
        sa.Column("flags", Json, nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("brand", sa.String(length=120), nullable=True),
        sa.Column("gtin", sa.String(length=14), nullable=True),
        sa.Column("mpn", sa.String(length=120), nullable=True),
        sa.Column("category", sa.String(length=40), nullable=True),
        sa.Column("completeness", sa.Double(), nullable=False),
        sa.Column("quality", sa.Double(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("stock", sa.Integer(), nullable=True),
        sa.Column("condition", sa.String(length=20), nullable=False),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
        sa.Column("reviewed_at", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["catalog_import.id"], name=op.f("fk_listing_import_id_catalog_import")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_listing_product_id_product")),
        sa.ForeignKeyConstraint(
            ["reviewed_by_id"], ["user_account.id"], name=op.f("fk_listing_reviewed_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendor.id"], name=op.f("fk_listing_vendor_id_vendor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing")),
        sa.UniqueConstraint("vendor_id", "sku", name=op.f("uq_listing_vendor_id_sku")),
    )
    with op.batch_alter_table("listing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_listing_brand"), ["brand"], unique=False)
        batch_op.create_index(batch_op.f("ix_listing_category"), ["category"], unique=False)
        batch_op.create_index(batch_op.f("ix_listing_gtin"), ["gtin"], unique=False)
        batch_op.create_index("ix_listing_import", ["import_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_listing_product_id"), ["product_id"], unique=False)
        batch_op.create_index("ix_listing_queue", ["status", "priority", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_listing_reviewed_by_id"), ["reviewed_by_id"], unique=False)
        batch_op.create_index("ix_listing_status", ["status", "id"], unique=False)
        batch_op.create_index("ix_listing_vendor", ["vendor_id", "id"], unique=False)
        batch_op.create_index("ix_listing_vendor_status", ["vendor_id", "status", "id"], unique=False)

    op.create_table(
        "match_proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("left_id", sa.Integer(), nullable=False),
        sa.Column("right_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column(
            "decision",
            sa.Enum(
                "same", "different", "unsure", name="decision", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("route", sa.String(length=20), nullable=False),
        sa.Column("evidence", Json, nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "accepted",
                "rejected",
                "superseded",
                name="proposalstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("left_id < right_id", name=op.f("ck_match_proposal_ordered_pair")),
        sa.ForeignKeyConstraint(["left_id"], ["listing.id"], name=op.f("fk_match_proposal_left_id_listing")),
        sa.ForeignKeyConstraint(["right_id"], ["listing.id"], name=op.f("fk_match_proposal_right_id_listing")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_proposal")),
        sa.UniqueConstraint("left_id", "right_id", name=op.f("uq_match_proposal_left_id_right_id")),
    )
    with op.batch_alter_table("match_proposal", schema=None) as batch_op:
        batch_op.create_index("ix_match_proposal_queue", ["state", "score", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_match_proposal_right_id"), ["right_id"], unique=False)

    op.create_table(
        "judgement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column(
            "decision",
            sa.Enum(
                "same", "different", "unsure", name="decision", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("judge_id", sa.Integer(), nullable=True),
        sa.Column("kept_product_id", sa.Integer(), nullable=True),
        sa.Column("merged_product_id", sa.Integer(), nullable=True),
        sa.Column("moved_listings", Json, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["judge_id"], ["user_account.id"], name=op.f("fk_judgement_judge_id_user_account")),
        sa.ForeignKeyConstraint(["kept_product_id"], ["product.id"], name=op.f("fk_judgement_kept_product_id_product")),
        sa.ForeignKeyConstraint(
            ["merged_product_id"], ["product.id"], name=op.f("fk_judgement_merged_product_id_product")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["match_proposal.id"], name=op.f("fk_judgement_proposal_id_match_proposal")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judgement")),
    )
    with op.batch_alter_table("judgement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_judgement_proposal_id"), ["proposal_id"], unique=False)

    # A vendor has an account manager and a vendor's user has a vendor: this key closes the circle once both stand.
    with op.batch_alter_table("vendor", schema=None) as batch_op:
        batch_op.create_foreign_key(
            op.f("fk_vendor_account_manager_id_user_account"), "user_account", ["account_manager_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("vendor", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_vendor_account_manager_id_user_account"), type_="foreignkey")
    with op.batch_alter_table("judgement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_judgement_proposal_id"))

    op.drop_table("judgement")
    with op.batch_alter_table("match_proposal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_match_proposal_right_id"))
        batch_op.drop_index("ix_match_proposal_queue")

    op.drop_table("match_proposal")
    with op.batch_alter_table("listing", schema=None) as batch_op:
        batch_op.drop_index("ix_listing_vendor_status")
        batch_op.drop_index("ix_listing_vendor")
        batch_op.drop_index("ix_listing_status")
        batch_op.drop_index(batch_op.f("ix_listing_reviewed_by_id"))
        batch_op.drop_index("ix_listing_queue")
        batch_op.drop_index(batch_op.f("ix_listing_product_id"))
        batch_op.drop_index("ix_listing_import")
        batch_op.drop_index(batch_op.f("ix_listing_gtin"))
        batch_op.drop_index(batch_op.f("ix_listing_category"))
        batch_op.drop_index(batch_op.f("ix_listing_brand"))

    op.drop_table("listing")
    with op.batch_alter_table("import_line", schema=None) as batch_op:
        batch_op.drop_index("ix_import_line_outcome")

    op.drop_table("import_line")
    with op.batch_alter_table("dispute_attachment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dispute_attachment_message_id"))

    op.drop_table("dispute_attachment")
    with op.batch_alter_table("vendor_document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_vendor_document_vendor_id"))

    op.drop_table("vendor_document")
    with op.batch_alter_table("settlement_offer", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_settlement_offer_live",
            sqlite_where=sa.text("state = 'live'"),
            postgresql_where=sa.text("state = 'live'"),
        )
        batch_op.drop_index(batch_op.f("ix_settlement_offer_dispute_id"))

    op.drop_table("settlement_offer")
    op.drop_table("order_import")
    with op.batch_alter_table("idempotency_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_idempotency_key_created_at"))

    op.drop_table("idempotency_key")
    with op.batch_alter_table("dispute_timer", schema=None) as batch_op:
        batch_op.drop_index("ix_dispute_timer_due")
        batch_op.drop_index(batch_op.f("ix_dispute_timer_dispute_id"))

    op.drop_table("dispute_timer")
    with op.batch_alter_table("dispute_routing", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dispute_routing_dispute_id"))

    op.drop_table("dispute_routing")
    with op.batch_alter_table("dispute_remedy_execution", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dispute_remedy_execution_order_line_id"))
        batch_op.drop_index(batch_op.f("ix_dispute_remedy_execution_dispute_id"))

    op.drop_table("dispute_remedy_execution")
    with op.batch_alter_table("dispute_message", schema=None) as batch_op:
        batch_op.drop_index("ix_dispute_message_thread")

    op.drop_table("dispute_message")
    with op.batch_alter_table("dispute_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dispute_line_order_line_id"))

    op.drop_table("dispute_line")
    with op.batch_alter_table("catalog_import", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_catalog_import_vendor_id"))

    op.drop_table("catalog_import")
    with op.batch_alter_table("vendor_requirement_result", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_vendor_requirement_result_vendor_id"))

    op.drop_table("vendor_requirement_result")
    with op.batch_alter_table("user_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_user_session_user_id"))

    op.drop_table("user_session")
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stored_file_sha256"))

    op.drop_table("stored_file")
    with op.batch_alter_table("single_use_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_single_use_link_user_id"))

    op.drop_table("single_use_link")
    with op.batch_alter_table("order_line", schema=None) as batch_op:
        batch_op.drop_index("ix_order_line_sku")
        batch_op.drop_index(batch_op.f("ix_order_line_order_id"))

    op.drop_table("order_line")
    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notification_user_id"))

    op.drop_table("notification")
    op.drop_table("mapping_version")
    with op.batch_alter_table("dispute", schema=None) as batch_op:
        batch_op.drop_index("ix_dispute_vendor_status")
        batch_op.drop_index(batch_op.f("ix_dispute_order_id"))
        batch_op.drop_index(batch_op.f("ix_dispute_opened_at"))
        batch_op.drop_index("ix_dispute_mediator_status")
        batch_op.drop_index("ix_dispute_due")
        batch_op.drop_index(batch_op.f("ix_dispute_buyer_email"))

    op.drop_table("dispute")
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_object")
        batch_op.drop_index(batch_op.f("ix_audit_event_actor_id"))

    op.drop_table("audit_event")
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_api_token_vendor_id"))

    op.drop_table("api_token")
    with op.batch_alter_table("vendor_check", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_vendor_check_vendor_id"))

    op.drop_table("vendor_check")
    with op.batch_alter_table("user_account", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_user_account_vendor_id"))

    op.drop_table("user_account")
    with op.batch_alter_table("purchase_order", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_purchase_order_vendor_id"))
        batch_op.drop_index(batch_op.f("ix_purchase_order_ordered_at"))
        batch_op.drop_index(batch_op.f("ix_purchase_order_buyer_email"))
        batch_op.drop_index(batch_op.f("ix_purchase_order_basket"))

    op.drop_table("purchase_order")
    op.drop_table("commission_rule")
    with op.batch_alter_table("vendor", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_vendor_vat_number"))
        batch_op.drop_index("ix_vendor_status_changed")
        batch_op.drop_index(batch_op.f("ix_vendor_siren"))
        batch_op.drop_index(batch_op.f("ix_vendor_phone"))
        batch_op.drop_index(batch_op.f("ix_vendor_iban"))
        batch_op.drop_index(batch_op.f("ix_vendor_email"))
        batch_op.drop_index(batch_op.f("ix_vendor_created_at"))
        batch_op.drop_index(batch_op.f("ix_vendor_account_manager_id"))

    op.drop_table("vendor")
    op.drop_table("search_count")
    op.drop_table("schedule_slot")
    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_product_merged_into_id"))
        batch_op.drop_index(batch_op.f("ix_product_category"))
        batch_op.drop_index(batch_op.f("ix_product_brand"))

    op.drop_table("product")
    op.drop_table("outgoing_mail")
    with op.batch_alter_table("login_attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_attempt_key"))

    op.drop_table("login_attempt")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_job_kind"))
        batch_op.drop_index("ix_job_due")

    op.drop_table("job")
    with op.batch_alter_table("index_dirty", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_index_dirty_marked_at"))

    op.drop_table("index_dirty")
    with op.batch_alter_table("category", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_category_parent_id"))

    op.drop_table("category")
