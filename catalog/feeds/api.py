"""Feeds in the API: a vendor's own, listed, added, and asked for; a secret goes in and never comes out."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
import sqlalchemy as sa
from flask import Flask
from flask_babel import get_locale
from flask_babel import gettext as _
from marshmallow import fields, validate

from backoffice.api import caller, registry
from backoffice.api.idempotency import Answer, once
from backoffice.api.paging import PageArgs, page_of, seek
from backoffice.api.registry import IDEMPOTENCY, Resources
from backoffice.api.schemas import moment
from backoffice.egress import FetchRefused
from backoffice.egress.refusals import sentence
from backoffice.errors import Invalid, NotFound
from backoffice.extensions import db
from catalog.feeds import keeping
from catalog.feeds.lifecycle import Credential, FeedState
from catalog.feeds.models import Feed
from catalog.feeds.schedule import Every

bp = Resources("api_feeds", __name__, description="Product sheets: files fetched from a vendor's address")


class FeedSchema(ma.Schema):
    """One feed; what its server asks for is named, never told."""

    id = fields.Integer(required=True)
    vendor = fields.String(required=True)
    name = fields.String(required=True)
    address = fields.String(required=True)
    every = fields.String(required=True, validate=validate.OneOf([one.value for one in Every]))
    hour = fields.Integer(required=True)
    weekday = fields.Integer(required=True)
    full_replacement = fields.Boolean(required=True)
    credential = fields.String(required=True, validate=validate.OneOf([one.value for one in Credential]))
    status = fields.String(required=True, validate=validate.OneOf([one.value for one in FeedState]))
    failures = fields.Integer(required=True)
    next_at = moment(required=True, allow_none=True)
    last = fields.Nested(
        ma.Schema.from_dict(
            {
                "at": moment(required=True),
                "outcome": fields.String(required=True),
                "import": fields.Integer(required=True, allow_none=True),
            },
            name="FeedFetchSchema",
        ),
        required=True,
        allow_none=True,
    )


class NewFeedSchema(ma.Schema):
    """Where a vendor's file is, when it is fetched, and how it is taken."""

    vendor = fields.String(metadata={"description": "Vendor's code; needed with a key of the marketplace."})
    address = fields.String(required=True, validate=validate.Length(1, 2000))
    name = fields.String(load_default="", validate=validate.Length(max=120))
    every = fields.String(load_default="day", validate=validate.OneOf([one.value for one in Every]))
    hour = fields.Integer(load_default=4, validate=validate.Range(0, 23))
    weekday = fields.Integer(load_default=0, validate=validate.Range(0, 6), metadata={"description": "0 is Monday."})
    full_replacement = fields.Boolean(load_default=False)
    empty_cells = fields.String(load_default="keep", validate=validate.OneOf(["keep", "clear"]))
    user = fields.String(validate=validate.Regexp(r"^[!-~]{1,120}$"))
    password = fields.String(load_only=True, validate=validate.Regexp(r"^[ -~]{1,1000}$"))


class FeedsArgs(PageArgs):
    """Whose feeds."""

    vendor = fields.String(metadata={"description": "Vendor's code; needed with a key of the marketplace."})


@bp.route("/products/feeds", methods=["GET"])
@bp.arguments(FeedsArgs, location="query")
@bp.response(200, page_of(FeedSchema))
def list_feeds(args: dict[str, Any]) -> dict[str, Any]:
    """List a vendor's feeds in the order in which they were added."""
    vendor = caller.vendor_of(args.get("vendor"))
    query = sa.select(Feed).where(Feed.vendor_id == vendor.id, Feed.state != FeedState.REMOVED)
    rows, following = seek(query, args, order=[(Feed.id, "asc")])
    last = keeping.latest([feed.id for feed in rows])
    return {"items": [_json(feed, last.get(feed.id)) for feed in rows], "next_page_token": following}


@bp.route("/products/feeds", methods=["POST"])
@bp.doc(parameters=[IDEMPOTENCY])
@bp.arguments(NewFeedSchema)
@bp.response(201, FeedSchema)
@once
def add_feed(body: dict[str, Any]) -> Answer:
    """Add a feed; it is fetched at its next turn."""
    values = {**body, "every": Every(body["every"]), "clear_empty": body["empty_cells"] == "clear"}
    if "user" in body:
        values |= {"credential": Credential.BASIC, "credential_name": body["user"]}
    try:
        vendor = caller.vendor_of(body.get("vendor"))
        feed = keeping.add(vendor, values, secret=body.get("password", ""), by=caller.current())
    except FetchRefused as refused:
        said = sentence(refused.code, refused.params, str(get_locale()))
        raise Invalid(said, details={"address": said}) from None
    db.session.flush()
    return _json(feed, None), 201


@bp.route("/products/feeds/<int:feed_id>/fetch", methods=["POST"])
@bp.response(202, FeedSchema)
def fetch_feed_now(feed_id: int) -> dict[str, Any]:
    """Have a feed fetched now, in the background."""
    who = caller.current()
    query = sa.select(Feed).where(Feed.id == feed_id)
    feed = db.session.scalar(query if who.is_operator else query.where(Feed.vendor_id == who.vendor_id))
    if feed is None:
        raise NotFound(_("There is no such feed."))
    keeping.ask(feed, by=who)
    db.session.commit()
    return _json(feed, keeping.latest([feed.id]).get(feed.id))


def _json(feed: Feed, last: Any) -> dict[str, Any]:
    plain = ("id", "name", "address", "hour", "weekday", "full_replacement", "failures")
    return {
        **{name: getattr(feed, name) for name in plain},
        "vendor": feed.vendor.code,
        "every": feed.every.value,
        "credential": feed.credential.value,
        "status": feed.state.value,
        "next_at": feed.next_at.isoformat() if feed.state == FeedState.ACTIVE else None,
        "last": last and {"at": last.started_at.isoformat(), "outcome": last.outcome.value, "import": last.import_id},
    }


def register(app: Flask) -> None:
    """Add the resources of feeds to the API."""
    registry.add(app, bp)
