"""A page's judgements found by the page: the one that was kept and the one that forwards to it."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_PAGES = ("kept_product_id", "merged_product_id")


def upgrade() -> None:
    for column in _PAGES:
        op.create_index(f"ix_judgement_{column}", "judgement", [column], unique=False)


def downgrade() -> None:
    for column in reversed(_PAGES):
        op.drop_index(f"ix_judgement_{column}", table_name="judgement")
