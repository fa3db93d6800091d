"""Looks at a rule's effect, kept until they are decided on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backoffice.extensions import BigKey, Json, UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rule_effect_look",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.Column("attribute", sa.String(length=40), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=True),
        sa.Column("vendor_id", sa.Integer(), nullable=True),
        sa.Column("lifting_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("job_id", BigKey, nullable=True),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("seen", Json, nullable=True),
        sa.Column("standing", Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user_account.id"], name=op.f("fk_rule_effect_look_author_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["job_id"], ["job.id"], name=op.f("fk_rule_effect_look_job_id_job"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["lifting_id"], ["rule_switch.id"], name=op.f("fk_rule_effect_look_lifting_id_rule_switch")
        ),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendor.id"], name=op.f("fk_rule_effect_look_vendor_id_vendor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_effect_look")),
    )
    with op.batch_alter_table("rule_effect_look", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rule_effect_look_asked_at"), ["asked_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_rule_effect_look_job_id"), ["job_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("rule_effect_look", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rule_effect_look_job_id"))
        batch_op.drop_index(batch_op.f("ix_rule_effect_look_asked_at"))
    op.drop_table("rule_effect_look")
