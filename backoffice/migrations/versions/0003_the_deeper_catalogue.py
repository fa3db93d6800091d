"""The deeper catalogue: mapping rules, feeds, pictures, tree acts, switches, steering, desks, quality and history."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backoffice.extensions import Json, UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "arrival_week",
        sa.Column("vendor_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("week", sa.String(length=10), nullable=False),
        sa.Column("arrived", sa.Integer(), nullable=False),
        sa.Column("decided", sa.Integer(), nullable=False),
        sa.Column("passed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("vendor_id", "week", name=op.f("pk_arrival_week")),
    )
    op.create_table(
        "category_model",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("folder", sa.String(length=60), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("sheets", sa.Integer(), nullable=False),
        sa.Column("kept_aside", sa.Integer(), nullable=False),
        sa.Column("categories", sa.Integer(), nullable=False),
        sa.Column("figures", Json, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_category_model")),
    )
    op.create_table(
        "listed_value",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attribute", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(length=80), nullable=False),
        sa.Column("label_en", sa.String(length=80), nullable=False),
        sa.Column("synonyms", Json, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listed_value")),
        sa.UniqueConstraint("attribute", "value", name=op.f("uq_listed_value_attribute_value")),
    )
    op.create_table(
        "market_figure",
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("vendors", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("day", "name", name=op.f("pk_market_figure")),
    )
    op.create_table(
        "marketplace_setting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("value", Json, nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marketplace_setting")),
        sa.UniqueConstraint("key", name=op.f("uq_marketplace_setting_key")),
    )
    op.create_table(
        "quality_day",
        sa.Column("vendor_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("sheets", sa.Integer(), nullable=False),
        sa.Column("band_a", sa.Integer(), nullable=False),
        sa.Column("band_b", sa.Integer(), nullable=False),
        sa.Column("band_c", sa.Integer(), nullable=False),
        sa.Column("band_d", sa.Integer(), nullable=False),
        sa.Column("band_e", sa.Integer(), nullable=False),
        sa.Column("completeness", sa.Double(), nullable=False),
        sa.Column("quality", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("vendor_id", "category", "day", name=op.f("pk_quality_day")),
    )
    with op.batch_alter_table("quality_day", schema=None) as batch_op:
        batch_op.create_index("ix_quality_day_table", ["day", "category", "vendor_id"], unique=False)

    op.create_table(
        "requirement_level",
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("attribute", sa.String(length=40), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "required",
                "recommended",
                "optional",
                "disabled",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("category", "attribute", name=op.f("pk_requirement_level")),
    )
    op.create_table(
        "rule_day",
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("applied", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("rule", "day", name=op.f("pk_rule_day")),
    )
    op.create_table(
        "search_snapshot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("query", sa.String(length=120), nullable=False),
        sa.Column("locale", sa.String(length=2), nullable=False),
        sa.Column(
            "cause",
            sa.Enum(
                "synonym",
                "synonym_ended",
                "rule",
                "rule_ended",
                "keyword",
                name="cause",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("what", sa.String(length=300), nullable=False),
        sa.Column("total_before", sa.Integer(), nullable=False),
        sa.Column("total_after", sa.Integer(), nullable=True),
        sa.Column("before", Json, nullable=False),
        sa.Column("after", Json, nullable=True),
        sa.Column("taken_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_snapshot")),
    )
    with op.batch_alter_table("search_snapshot", schema=None) as batch_op:
        batch_op.create_index("ix_search_snapshot_query", ["query", "id"], unique=False)

    op.create_table(
        "mapping_decision",
        sa.Column("vendor_id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendor.id"], name=op.f("fk_mapping_decision_vendor_id_vendor")),
        sa.PrimaryKeyConstraint("vendor_id", "topic", "key", name=op.f("pk_mapping_decision")),
    )
    with op.batch_alter_table("mapping_decision", schema=None) as batch_op:
        batch_op.create_index("ix_mapping_decision_topic", ["topic", "key"], unique=False)

    op.create_table(
        "misdescription",
        sa.Column("vendor_id", sa.Integer(), nullable=False),
        sa.Column("sku", sa.String(length=120), nullable=False),
        sa.Column("dispute", sa.String(length=40), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendor.id"], name=op.f("fk_misdescription_vendor_id_vendor")),
        sa.PrimaryKeyConstraint("sku", "dispute", name=op.f("pk_misdescription")),
    )
    with op.batch_alter_table("misdescription", schema=None) as batch_op:
        batch_op.create_index("ix_misdescription_vendor", ["vendor_id", "at"], unique=False)

    op.create_table(
        "vendor_feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("vendor_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=2000), nullable=False),
        sa.Column(
            "every",
            sa.Enum("hour", "day", "week", name="every", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("full_replacement", sa.Boolean(), nullable=False),
        sa.Column("clear_empty", sa.Boolean(), nullable=False),
        sa.Column(
            "credential",
            sa.Enum("none", "basic", "header", name="credential", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("credential_name", sa.String(length=120), nullable=False),
        sa.Column("secret", sa.String(length=1000), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "active",
                "paused",
                "stopped",
                "removed",
                name="feedstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("next_at", UtcDateTime(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("etag", sa.String(length=200), nullable=False),
        sa.Column("last_modified", sa.String(length=60), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendor.id"], name=op.f("fk_vendor_feed_vendor_id_vendor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vendor_feed")),
    )
    with op.batch_alter_table("vendor_feed", schema=None) as batch_op:
        batch_op.create_index("ix_vendor_feed_due", ["state", "next_at"], unique=False)
        batch_op.create_index("ix_vendor_feed_vendor", ["vendor_id", "id"], unique=False)

    op.create_table(
        "vendor_trust",
        sa.Column("vendor_id", sa.Integer(), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "trusted",
                "usual",
                "distrusted",
                name="trustlevel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("arrived", sa.Integer(), nullable=False),
        sa.Column("passed", sa.Integer(), nullable=False),
        sa.Column("sold", sa.Integer(), nullable=False),
        sa.Column("disputed", sa.Integer(), nullable=False),
        sa.Column("counted_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendor.id"], name=op.f("fk_vendor_trust_vendor_id_vendor")),
        sa.PrimaryKeyConstraint("vendor_id", name=op.f("pk_vendor_trust")),
    )
    op.create_table(
        "bulk_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "act",
            sa.Enum(
                "accept", "send_back", "correct", name="bulkact", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("attribute", sa.String(length=60), nullable=False),
        sa.Column("vendor_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "running",
                "done",
                "undoing",
                "undone",
                name="bulkstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name=op.f("fk_bulk_decision_actor_id_user_account")),
        sa.ForeignKeyConstraint(
            ["undone_by_id"], ["user_account.id"], name=op.f("fk_bulk_decision_undone_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendor.id"], name=op.f("fk_bulk_decision_vendor_id_vendor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_decision")),
    )
    with op.batch_alter_table("bulk_decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bulk_decision_actor_id"), ["actor_id"], unique=False)

    op.create_table(
        "category_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "add",
                "rename",
                "move",
                "merge",
                "retire",
                name="actkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "running",
                "done",
                "undoing",
                "undone",
                name="actstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=True),
        sa.Column("before", Json, nullable=False),
        sa.Column("listings", sa.Integer(), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_category_act_by_id_user_account")),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name=op.f("fk_category_act_category_id_category")),
        sa.ForeignKeyConstraint(["target_id"], ["category.id"], name=op.f("fk_category_act_target_id_category")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_category_act")),
    )
    with op.batch_alter_table("category_act", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_category_act_category_id"), ["category_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_category_act_target_id"), ["target_id"], unique=False)

    op.create_table(
        "gap_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("items", Json, nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["user_account.id"], name=op.f("fk_gap_batch_author_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gap_batch")),
    )
    op.create_table(
        "rule_switch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.Column("attribute", sa.String(length=40), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=True),
        sa.Column("vendor_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("lifted_at", UtcDateTime(), nullable=True),
        sa.Column("lifted_by_id", sa.Integer(), nullable=True),
        sa.Column("lifted_reason", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["user_account.id"], name=op.f("fk_rule_switch_author_id_user_account")),
        sa.ForeignKeyConstraint(
            ["lifted_by_id"], ["user_account.id"], name=op.f("fk_rule_switch_lifted_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendor.id"], name=op.f("fk_rule_switch_vendor_id_vendor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_switch")),
    )
    with op.batch_alter_table("rule_switch", schema=None) as batch_op:
        batch_op.create_index("ix_rule_switch_rule", ["rule", "lifted_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_rule_switch_vendor_id"), ["vendor_id"], unique=False)

    op.create_table(
        "search_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "pin",
                "boost_brand",
                "boost_category",
                "boost_product",
                name="rulekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("query", sa.String(length=120), nullable=False),
        sa.Column("target", sa.String(length=120), nullable=False),
        sa.Column("factor", sa.Double(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["user_account.id"], name=op.f("fk_search_rule_author_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_rule")),
    )
    with op.batch_alter_table("search_rule", schema=None) as batch_op:
        batch_op.create_index("ix_search_rule_live", ["ended_at", "id"], unique=False)

    op.create_table(
        "search_synonym",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("locale", sa.String(length=2), nullable=False),
        sa.Column("term", sa.String(length=80), nullable=False),
        sa.Column("means", sa.String(length=80), nullable=False),
        sa.Column("both_ways", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user_account.id"], name=op.f("fk_search_synonym_author_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_synonym")),
    )
    with op.batch_alter_table("search_synonym", schema=None) as batch_op:
        batch_op.create_index("ix_search_synonym_live", ["ended_at", "locale", "id"], unique=False)

    op.create_table(
        "taxonomy_update",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("categories", Json, nullable=False),
        sa.Column("lines", Json, nullable=False),
        sa.Column("revision", sa.String(length=40), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("applied_at", UtcDateTime(), nullable=True),
        sa.Column("dropped_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_taxonomy_update_by_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_taxonomy_update")),
    )
    op.create_table(
        "category_act_turn",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("act_id", sa.Integer(), nullable=False),
        sa.Column("listings", Json, nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["act_id"], ["category_act.id"], name=op.f("fk_category_act_turn_act_id_category_act")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_category_act_turn")),
    )
    with op.batch_alter_table("category_act_turn", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_category_act_turn_act_id"), ["act_id"], unique=False)

    op.create_table(
        "picture",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("url_hash", sa.String(length=64), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("checked_at", UtcDateTime(), nullable=True),
        sa.Column("fault", sa.String(length=40), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("etag", sa.String(length=200), nullable=False),
        sa.Column("last_modified", sa.String(length=60), nullable=False),
        sa.Column("format", sa.String(length=10), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("blank", sa.Boolean(), nullable=False),
        sa.Column("fingerprint", sa.String(length=16), nullable=False),
        sa.Column("small_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["small_id"], ["stored_file.id"], name=op.f("fk_picture_small_id_stored_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_picture")),
        sa.UniqueConstraint("url_hash", name=op.f("uq_picture_url_hash")),
    )
    with op.batch_alter_table("picture", schema=None) as batch_op:
        batch_op.create_index("ix_picture_due", ["due_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_picture_fingerprint"), ["fingerprint"], unique=False)

    op.create_table(
        "rule_switch_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("switch_id", sa.Integer(), nullable=False),
        sa.Column("lifting", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "running", "done", "cancelled", name="runstate", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.Column("until", sa.Integer(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["switch_id"], ["rule_switch.id"], name=op.f("fk_rule_switch_run_switch_id_rule_switch")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_switch_run")),
    )
    with op.batch_alter_table("rule_switch_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rule_switch_run_switch_id"), ["switch_id"], unique=False)

    op.create_table(
        "feed_fetch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("feed_id", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "imported",
                "unchanged",
                "busy",
                "failed",
                name="fetchoutcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("refusal", Json, nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["vendor_feed.id"], name=op.f("fk_feed_fetch_feed_id_vendor_feed")),
        sa.ForeignKeyConstraint(
            ["import_id"], ["catalog_import.id"], name=op.f("fk_feed_fetch_import_id_catalog_import")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_fetch")),
    )
    with op.batch_alter_table("feed_fetch", schema=None) as batch_op:
        batch_op.create_index("ix_feed_fetch_feed", ["feed_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_feed_fetch_import_id"), ["import_id"], unique=False)
        batch_op.create_index(
            "ix_feed_fetch_open",
            ["feed_id"],
            unique=False,
            sqlite_where=sa.text("NOT told"),
            postgresql_where=sa.text("NOT told"),
        )

    op.create_table(
        "import_study",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("differences", Json, nullable=False),
        sa.Column("words", Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["catalog_import.id"],
            name=op.f("fk_import_study_import_id_catalog_import"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("import_id", name=op.f("pk_import_study")),
    )
    op.create_table(
        "import_trace",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "act",
            sa.Enum(
                "created", "changed", "withdrawn", name="traceact", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("prior", Json, nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "restored",
                "removed",
                "withdrawn",
                "kept",
                name="traceoutcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["import_id"], ["catalog_import.id"], name=op.f("fk_import_trace_import_id_catalog_import")
        ),
        sa.PrimaryKeyConstraint("import_id", "listing_id", name=op.f("pk_import_trace")),
    )
    with op.batch_alter_table("import_trace", schema=None) as batch_op:
        batch_op.create_index("ix_import_trace_listing", ["listing_id"], unique=False)
        batch_op.create_index("ix_import_trace_outcome", ["import_id", "outcome", "listing_id"], unique=False)

    op.create_table(
        "bulk_item",
        sa.Column("bulk_id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("prior", Json, nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "decided",
                "lighter",
                "left",
                "restored",
                "kept",
                name="bulkoutcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["bulk_id"], ["bulk_decision.id"], name=op.f("fk_bulk_item_bulk_id_bulk_decision")),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_bulk_item_listing_id_listing"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("bulk_id", "listing_id", name=op.f("pk_bulk_item")),
    )
    with op.batch_alter_table("bulk_item", schema=None) as batch_op:
        batch_op.create_index("ix_bulk_item_outcome", ["bulk_id", "outcome", "listing_id"], unique=False)

    op.create_table(
        "desk_lease",
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("holder_id", sa.Integer(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["holder_id"], ["user_account.id"], name=op.f("fk_desk_lease_holder_id_user_account")),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_desk_lease_listing_id_listing"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("listing_id", name=op.f("pk_desk_lease")),
    )
    with op.batch_alter_table("desk_lease", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_desk_lease_holder_id"), ["holder_id"], unique=False)

    op.create_table(
        "listing_past",
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.Column("said", Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_listing_past_listing_id_listing"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("listing_id", "version", name=op.f("pk_listing_past")),
    )
    op.create_table(
        "listing_picture",
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("picture_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_listing_picture_listing_id_listing"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["picture_id"], ["picture.id"], name=op.f("fk_listing_picture_picture_id_picture")),
        sa.PrimaryKeyConstraint("listing_id", "place", name=op.f("pk_listing_picture")),
    )
    with op.batch_alter_table("listing_picture", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_listing_picture_picture_id"), ["picture_id"], unique=False)

    op.create_table(
        "mend_first",
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("vendor_id", sa.Integer(), nullable=False),
        sa.Column("sold", sa.Integer(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("missing", sa.Double(), nullable=False),
        sa.Column("effect", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_mend_first_listing_id_listing"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("listing_id", name=op.f("pk_mend_first")),
    )
    with op.batch_alter_table("mend_first", schema=None) as batch_op:
        batch_op.create_index("ix_mend_first_effect", ["effect", "listing_id"], unique=False)
        batch_op.create_index("ix_mend_first_vendor", ["vendor_id", "effect", "listing_id"], unique=False)

    op.create_table(
        "odd_offer",
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("median_minor", sa.BigInteger(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("distance", sa.Double(), nullable=False),
        sa.Column("offers", sa.Integer(), nullable=False),
        sa.Column("found_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["listing_id"], ["listing.id"], name=op.f("fk_odd_offer_listing_id_listing")),
        sa.PrimaryKeyConstraint("listing_id", name=op.f("pk_odd_offer")),
    )
    with op.batch_alter_table("odd_offer", schema=None) as batch_op:
        batch_op.create_index("ix_odd_offer_distance", ["distance", "listing_id"], unique=False)

    op.create_table(
        "open_gap",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("vendor_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("term", sa.String(length=200), nullable=False),
        sa.Column("volume", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_open_gap_listing_id_listing"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendor.id"], name=op.f("fk_open_gap_vendor_id_vendor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_gap")),
        sa.UniqueConstraint("listing_id", "term", name=op.f("uq_open_gap_listing_id_term")),
    )
    with op.batch_alter_table("open_gap", schema=None) as batch_op:
        batch_op.create_index("ix_open_gap_kind", ["kind", "volume", "id"], unique=False)
        batch_op.create_index("ix_open_gap_vendor", ["vendor_id", "volume", "id"], unique=False)
        batch_op.create_index("ix_open_gap_volume", ["volume", "id"], unique=False)

    op.create_table(
        "planned_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column(
            "action",
            sa.Enum(
                "accept",
                "publish",
                "unpublish",
                "send_back",
                "reject",
                "withdraw",
                "restore",
                "flag",
                name="action",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("planned_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.Column("refusal", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["listing_id"], ["listing.id"], name=op.f("fk_planned_act_listing_id_listing")),
        sa.ForeignKeyConstraint(
            ["planned_by_id"], ["user_account.id"], name=op.f("fk_planned_act_planned_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_act")),
    )
    with op.batch_alter_table("planned_act", schema=None) as batch_op:
        batch_op.create_index("ix_planned_act_due", ["done_at", "due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_planned_act_listing_id"), ["listing_id"], unique=False)

    op.create_table(
        "rule_verdict",
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.Column("attribute", sa.String(length=60), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_rule_verdict_listing_id_listing"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("listing_id", "rule", "attribute", name=op.f("pk_rule_verdict")),
    )
    with op.batch_alter_table("rule_verdict", schema=None) as batch_op:
        batch_op.create_index("ix_rule_verdict_day", ["day", "rule", "undone"], unique=False)

    op.create_table(
        "second_opinion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("asker_id", sa.Integer(), nullable=False),
        sa.Column("asked_id", sa.Integer(), nullable=False),
        sa.Column("leaning", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("decision", sa.String(length=20), nullable=False),
        sa.Column("decider_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_id"], ["user_account.id"], name=op.f("fk_second_opinion_asked_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["asker_id"], ["user_account.id"], name=op.f("fk_second_opinion_asker_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["decider_id"], ["user_account.id"], name=op.f("fk_second_opinion_decider_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_second_opinion_listing_id_listing"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_opinion")),
    )
    with op.batch_alter_table("second_opinion", schema=None) as batch_op:
        batch_op.create_index("ix_second_opinion_asked", ["asked_id", "answered_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_second_opinion_asker_id"), ["asker_id"], unique=False)
        batch_op.create_index("ix_second_opinion_listing", ["listing_id", "answered_at"], unique=False)

    op.create_table(
        "sheet_audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("auditor_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("right", sa.Boolean(), nullable=False),
        sa.Column("attribute", sa.String(length=60), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["auditor_id"], ["user_account.id"], name=op.f("fk_sheet_audit_auditor_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_sheet_audit_listing_id_listing"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_audit")),
    )
    with op.batch_alter_table("sheet_audit", schema=None) as batch_op:
        batch_op.create_index("ix_sheet_audit_at", ["at", "right"], unique=False)
        batch_op.create_index(batch_op.f("ix_sheet_audit_auditor_id"), ["auditor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sheet_audit_listing_id"), ["listing_id"], unique=False)

    op.create_table(
        "vendor_fault",
        sa.Column("vendor_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("standing", sa.Integer(), nullable=False),
        sa.Column("mended", sa.Integer(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("counted_at", UtcDateTime(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("example", Json, nullable=False),
        sa.Column("issue", Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_vendor_fault_listing_id_listing"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendor.id"], name=op.f("fk_vendor_fault_vendor_id_vendor")),
        sa.PrimaryKeyConstraint("vendor_id", "code", name=op.f("pk_vendor_fault")),
    )
    with op.batch_alter_table("vendor_fault", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_vendor_fault_listing_id"), ["listing_id"], unique=False)

    op.create_table(
        "waiting_reason",
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("attribute", sa.String(length=60), nullable=False),
        sa.Column("vendor_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_waiting_reason_listing_id_listing"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendor.id"], name=op.f("fk_waiting_reason_vendor_id_vendor")),
        sa.PrimaryKeyConstraint("listing_id", "code", "attribute", name=op.f("pk_waiting_reason")),
    )
    with op.batch_alter_table("waiting_reason", schema=None) as batch_op:
        batch_op.create_index("ix_waiting_reason_group", ["code", "attribute", "vendor_id", "listing_id"], unique=False)
        batch_op.create_index(
            "ix_waiting_reason_vendor", ["vendor_id", "code", "attribute", "listing_id"], unique=False
        )

    op.create_table(
        "merge_audit",
        sa.Column("judgement_id", sa.Integer(), nullable=False),
        sa.Column("auditor_id", sa.Integer(), nullable=False),
        sa.Column("right", sa.Boolean(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["auditor_id"], ["user_account.id"], name=op.f("fk_merge_audit_auditor_id_user_account")
        ),
        sa.ForeignKeyConstraint(["judgement_id"], ["judgement.id"], name=op.f("fk_merge_audit_judgement_id_judgement")),
        sa.PrimaryKeyConstraint("judgement_id", name=op.f("pk_merge_audit")),
    )
    with op.batch_alter_table("merge_audit", schema=None) as batch_op:
        batch_op.create_index("ix_merge_audit_at", ["at", "right"], unique=False)
        batch_op.create_index(batch_op.f("ix_merge_audit_auditor_id"), ["auditor_id"], unique=False)

    with op.batch_alter_table("catalog_import", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ask_first", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("mapping_version_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("replay_of_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("taking_back_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("taken_back_at", UtcDateTime(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_catalog_import_mapping_version_id_mapping_version"),
            "mapping_version",
            ["mapping_version_id"],
            ["id"],
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_catalog_import_replay_of_id_catalog_import"), "catalog_import", ["replay_of_id"], ["id"]
        )

    with op.batch_alter_table("category", schema=None) as batch_op:
        batch_op.add_column(sa.Column("successor_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="0"))
        batch_op.create_foreign_key(
            batch_op.f("fk_category_successor_id_category"), "category", ["successor_id"], ["id"]
        )

    with op.batch_alter_table("listing", schema=None) as batch_op:
        batch_op.add_column(sa.Column("set_aside", Json, nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("returned", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("group_key", sa.String(length=120), nullable=True))
        batch_op.create_index(
            "ix_listing_figures",
            ["vendor_id", "category", "status", "quality", "completeness", "returned", "created_at"],
            unique=False,
        )
        batch_op.create_index(
            "ix_listing_group",
            ["vendor_id", "group_key"],
            unique=False,
            sqlite_where=sa.text("group_key IS NOT NULL"),
            postgresql_where=sa.text("group_key IS NOT NULL"),
        )

    with op.batch_alter_table("mapping_version", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rules", Json, nullable=False, server_default="[]"))

    with op.batch_alter_table("match_proposal", schema=None) as batch_op:
        batch_op.add_column(sa.Column("value", sa.Double(), nullable=False, server_default="0"))
        batch_op.drop_index(batch_op.f("ix_match_proposal_queue"))
        batch_op.create_index("ix_match_proposal_worth", ["state", "value", "id", "score"], unique=False)

    with op.batch_alter_table("search_count", schema=None) as batch_op:
        batch_op.add_column(sa.Column("few", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("clicked", sa.Integer(), nullable=False, server_default="0"))
        batch_op.create_index("ix_search_count_query", ["query", "day"], unique=False)
    op.execute("UPDATE match_proposal SET value = 4 * score * (1 - score)")
    _fill_dictionary()


def _fill_dictionary() -> None:
    """Count what vendors decided before there was a dictionary: the columns of each one's newest version."""
    newest = sa.text(
        "SELECT vendor_id, columns FROM mapping_version AS kept WHERE version = "
        "(SELECT max(version) FROM mapping_version WHERE vendor_id = kept.vendor_id)"
    ).columns(vendor_id=sa.Integer, columns=Json)
    decided = sa.table("mapping_decision", *(sa.column(name) for name in ("vendor_id", "topic", "key", "value")))
    rows = [
        {"vendor_id": vendor, "topic": "column", "key": header, "value": attribute}
        for vendor, columns in op.get_bind().execute(newest)
        for header, attribute in columns.items()
        if attribute and 0 < len(header) <= 200
    ]
    if rows:
        op.bulk_insert(decided, rows)


def downgrade() -> None:
    with op.batch_alter_table("search_count", schema=None) as batch_op:
        batch_op.drop_index("ix_search_count_query")
        batch_op.drop_column("clicked")
        batch_op.drop_column("few")

    with op.batch_alter_table("match_proposal", schema=None) as batch_op:
        batch_op.drop_index("ix_match_proposal_worth")
        batch_op.create_index(batch_op.f("ix_match_proposal_queue"), ["state", "score", "id"], unique=False)
        batch_op.drop_column("value")

    with op.batch_alter_table("mapping_version", schema=None) as batch_op:
        batch_op.drop_column("rules")

    with op.batch_alter_table("listing", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_listing_group",
            sqlite_where=sa.text("group_key IS NOT NULL"),
            postgresql_where=sa.text("group_key IS NOT NULL"),
        )
        batch_op.drop_index("ix_listing_figures")
        batch_op.drop_column("group_key")
        batch_op.drop_column("returned")
        batch_op.drop_column("set_aside")

    with op.batch_alter_table("category", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_category_successor_id_category"), type_="foreignkey")
        batch_op.drop_column("version")
        batch_op.drop_column("successor_id")

    with op.batch_alter_table("catalog_import", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_catalog_import_replay_of_id_catalog_import"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_catalog_import_mapping_version_id_mapping_version"), type_="foreignkey")
        batch_op.drop_column("taken_back_at")
        batch_op.drop_column("taking_back_at")
        batch_op.drop_column("replay_of_id")
        batch_op.drop_column("mapping_version_id")
        batch_op.drop_column("ask_first")

    with op.batch_alter_table("merge_audit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_merge_audit_auditor_id"))
        batch_op.drop_index("ix_merge_audit_at")

    op.drop_table("merge_audit")
    with op.batch_alter_table("waiting_reason", schema=None) as batch_op:
        batch_op.drop_index("ix_waiting_reason_vendor")
        batch_op.drop_index("ix_waiting_reason_group")

    op.drop_table("waiting_reason")
    with op.batch_alter_table("vendor_fault", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_vendor_fault_listing_id"))

    op.drop_table("vendor_fault")
    with op.batch_alter_table("sheet_audit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sheet_audit_listing_id"))
        batch_op.drop_index(batch_op.f("ix_sheet_audit_auditor_id"))
        batch_op.drop_index("ix_sheet_audit_at")

    op.drop_table("sheet_audit")
    with op.batch_alter_table("second_opinion", schema=None) as batch_op:
        batch_op.drop_index("ix_second_opinion_listing")
        batch_op.drop_index(batch_op.f("ix_second_opinion_asker_id"))
        batch_op.drop_index("ix_second_opinion_asked")

    op.drop_table("second_opinion")
    with op.batch_alter_table("rule_verdict", schema=None) as batch_op:
        batch_op.drop_index("ix_rule_verdict_day")

    op.drop_table("rule_verdict")
    with op.batch_alter_table("planned_act", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_planned_act_listing_id"))
        batch_op.drop_index("ix_planned_act_due")

    op.drop_table("planned_act")
    with op.batch_alter_table("open_gap", schema=None) as batch_op:
        batch_op.drop_index("ix_open_gap_volume")
        batch_op.drop_index("ix_open_gap_vendor")
        batch_op.drop_index("ix_open_gap_kind")

    op.drop_table("open_gap")
    with op.batch_alter_table("odd_offer", schema=None) as batch_op:
        batch_op.drop_index("ix_odd_offer_distance")

    op.drop_table("odd_offer")
    with op.batch_alter_table("mend_first", schema=None) as batch_op:
        batch_op.drop_index("ix_mend_first_vendor")
        batch_op.drop_index("ix_mend_first_effect")

    op.drop_table("mend_first")
    with op.batch_alter_table("listing_picture", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_listing_picture_picture_id"))

    op.drop_table("listing_picture")
    op.drop_table("listing_past")
    with op.batch_alter_table("desk_lease", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_desk_lease_holder_id"))

    op.drop_table("desk_lease")
    with op.batch_alter_table("bulk_item", schema=None) as batch_op:
        batch_op.drop_index("ix_bulk_item_outcome")

    op.drop_table("bulk_item")
    with op.batch_alter_table("import_trace", schema=None) as batch_op:
        batch_op.drop_index("ix_import_trace_outcome")
        batch_op.drop_index("ix_import_trace_listing")

    op.drop_table("import_trace")
    op.drop_table("import_study")
    with op.batch_alter_table("feed_fetch", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_feed_fetch_open", sqlite_where=sa.text("NOT told"), postgresql_where=sa.text("NOT told")
        )
        batch_op.drop_index(batch_op.f("ix_feed_fetch_import_id"))
        batch_op.drop_index("ix_feed_fetch_feed")

    op.drop_table("feed_fetch")
    with op.batch_alter_table("rule_switch_run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rule_switch_run_switch_id"))

    op.drop_table("rule_switch_run")
    with op.batch_alter_table("picture", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_picture_fingerprint"))
        batch_op.drop_index("ix_picture_due")

    op.drop_table("picture")
    with op.batch_alter_table("category_act_turn", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_category_act_turn_act_id"))

    op.drop_table("category_act_turn")
    op.drop_table("taxonomy_update")
    with op.batch_alter_table("search_synonym", schema=None) as batch_op:
        batch_op.drop_index("ix_search_synonym_live")

    op.drop_table("search_synonym")
    with op.batch_alter_table("search_rule", schema=None) as batch_op:
        batch_op.drop_index("ix_search_rule_live")

    op.drop_table("search_rule")
    with op.batch_alter_table("rule_switch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rule_switch_vendor_id"))
        batch_op.drop_index("ix_rule_switch_rule")

    op.drop_table("rule_switch")
    op.drop_table("gap_batch")
    with op.batch_alter_table("category_act", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_category_act_target_id"))
        batch_op.drop_index(batch_op.f("ix_category_act_category_id"))

    op.drop_table("category_act")
    with op.batch_alter_table("bulk_decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bulk_decision_actor_id"))

    op.drop_table("bulk_decision")
    op.drop_table("vendor_trust")
    with op.batch_alter_table("vendor_feed", schema=None) as batch_op:
        batch_op.drop_index("ix_vendor_feed_vendor")
        batch_op.drop_index("ix_vendor_feed_due")

    op.drop_table("vendor_feed")
    with op.batch_alter_table("misdescription", schema=None) as batch_op:
        batch_op.drop_index("ix_misdescription_vendor")

    op.drop_table("misdescription")
    with op.batch_alter_table("mapping_decision", schema=None) as batch_op:
        batch_op.drop_index("ix_mapping_decision_topic")

    op.drop_table("mapping_decision")
    with op.batch_alter_table("search_snapshot", schema=None) as batch_op:
        batch_op.drop_index("ix_search_snapshot_query")

    op.drop_table("search_snapshot")
    op.drop_table("rule_day")
    op.drop_table("requirement_level")
    with op.batch_alter_table("quality_day", schema=None) as batch_op:
        batch_op.drop_index("ix_quality_day_table")

    op.drop_table("quality_day")
    op.drop_table("marketplace_setting")
    op.drop_table("market_figure")
    op.drop_table("listed_value")
    op.drop_table("category_model")
    op.drop_table("arrival_week")
