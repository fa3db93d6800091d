"""Feeds' passwords sealed where they stood in clear."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backoffice import sealing

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_FEED = sa.table("vendor_feed", sa.column("id", sa.Integer), sa.column("secret", sa.Text))


def upgrade() -> None:
    with op.batch_alter_table("vendor_feed", schema=None) as batch_op:
        batch_op.alter_column("secret", existing_type=sa.String(length=1000), type_=sa.Text(), existing_nullable=False)
    _rewrite(sealing.seal)


def downgrade() -> None:
    _rewrite(sealing.opened)
    with op.batch_alter_table("vendor_feed", schema=None) as batch_op:
        batch_op.alter_column("secret", existing_type=sa.Text(), type_=sa.String(length=1000), existing_nullable=False)


def _rewrite(written) -> None:
    connection = op.get_bind()
    for number, secret in connection.execute(sa.select(_FEED).where(_FEED.c.secret != "")).all():
        connection.execute(sa.update(_FEED).where(_FEED.c.id == number).values(secret=written(secret)))
