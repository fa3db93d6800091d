"""Flat pages of the catalogue: indexes that are read as the pages show them, an import's faults counted once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

OPEN_KEYWORDS = {
    "sqlite_where": sa.text("""status != 'withdrawn' AND instr(keywords, '"state":"open"') > 0"""),
    "postgresql_where": sa.text("""status != 'withdrawn' AND keywords @> '[{"state": "open"}]'"""),
}


def upgrade() -> None:
    # The lower, the sooner: the queue of equals by age is read as its index lies.
    op.execute("UPDATE listing SET priority = -priority")
    op.create_index("ix_listing_sku", "listing", ["sku"])
    op.create_index("ix_listing_open_keywords", "listing", ["id"], **OPEN_KEYWORDS)
    faults = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
    op.add_column("catalog_import", sa.Column("faults", faults, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("catalog_import") as batch_op:
        batch_op.drop_column("faults")
    op.drop_index("ix_listing_open_keywords", "listing")
    op.drop_index("ix_listing_sku", "listing")
    op.execute("UPDATE listing SET priority = -priority")
