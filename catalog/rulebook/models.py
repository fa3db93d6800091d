"""What is kept of mappings beside their versions: every vendor's standing decisions, and what a file was seen to hold."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.extensions import Json, db


class MappingDecision(db.Model):
    """One decision of a vendor's newest version: what a header, a category word or a value became.

    `topic` is "column", "category" or the attribute that a value is of; `key` the vendor's word as it is compared.
    """

    __tablename__ = "mapping_decision"
    __table_args__ = (sa.Index("ix_mapping_decision_topic", "topic", "key"),)

    vendor_id: Mapped[int] = mapped_column(sa.ForeignKey("vendor.id"), primary_key=True)
    topic: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(200), primary_key=True)
    value: Mapped[str] = mapped_column(sa.String(200))


class ImportStudy(db.Model):
    """What reading a whole file showed before anything was written: what would change, and the vendor's own words."""

    __tablename__ = "import_study"

    import_id: Mapped[int] = mapped_column(sa.ForeignKey("catalog_import.id", ondelete="CASCADE"), primary_key=True)
    # [{"attribute", "changed", "emptied", "examples": [[line, before, after]]}], the most changed first.
    differences: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    # {attribute: [[word, lines]]}, of the attributes whose words are mapped one by one.
    words: Mapped[dict[str, list[list[Any]]]] = mapped_column(Json, default=dict)
