"""What a sheet was before its last decision, and an editor's sheets by when they were checked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backoffice.extensions import Json, UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "last_decision",
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("prior", Json, nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["user_account.id"], name=op.f("fk_last_decision_actor_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_last_decision_listing_id_listing"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("listing_id", name=op.f("pk_last_decision")),
    )
    op.create_index(op.f("ix_last_decision_actor_id"), "last_decision", ["actor_id"], unique=False)
    op.drop_index(op.f("ix_listing_reviewed_by_id"), table_name="listing")
    checked = sa.text("reviewed_by_id IS NOT NULL")
    op.create_index(
        "ix_listing_reviewed",
        "listing",
        ["reviewed_by_id", "reviewed_at", "id"],
        unique=False,
        sqlite_where=checked,
        postgresql_where=checked,
    )


def downgrade() -> None:
    op.drop_index("ix_listing_reviewed", table_name="listing")
    op.create_index(op.f("ix_listing_reviewed_by_id"), "listing", ["reviewed_by_id"], unique=False)
    op.drop_index(op.f("ix_last_decision_actor_id"), table_name="last_decision")
    op.drop_table("last_decision")
