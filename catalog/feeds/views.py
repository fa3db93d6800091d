"""Pages of feeds: the list, one with its fetches, its settings, and the acts on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from flask import Blueprint, Flask, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from backoffice import audit
from backoffice.egress import FetchRefused
from backoffice.egress.refusals import sentence
from backoffice.errors import Invalid, NotFound
from backoffice.exporting import csv_answer, csv_line
from backoffice.extensions import db
from backoffice.paging import paginate
from backoffice.permissions import Permission, requires
from backoffice.vendors.models import Vendor
from backoffice.words import label
from catalog.feeds import keeping, turns, words
from catalog.feeds.forms import FeedForm
from catalog.feeds.lifecycle import FeedAction, FeedState, FetchOutcome, actions
from catalog.feeds.models import Feed, FeedFetch
from catalog.views.blueprint import reader_language

blueprint = Blueprint("feeds", __name__)
# Fetches of an export are read and written so many at a time.
BATCH = 500


@blueprint.get("/feeds")
@requires(Permission.IMPORT_SHEETS)
def index() -> ResponseReturnValue:
    """List the feeds, newest first, each with how its last fetch went."""
    page = paginate(_filtered(), order=[(Feed.id, "desc")])
    return render_template(
        "feeds/index.html",
        page=page,
        latest=keeping.latest([feed.id for feed in page.items]),
        states=list(FeedState),
        turn=words.turn,
    )


def _filtered() -> Any:
    """Return the feeds that the address asks for: without a state, all but the removed ones."""
    query, asked = keeping.of_reader(current_user), request.args.get("state", "")
    if asked in set(FeedState):
        return query.where(Feed.state == FeedState(asked))
    return query.where(Feed.state != FeedState.REMOVED)


@blueprint.get("/feeds.csv")
@requires(Permission.IMPORT_SHEETS)
def export() -> Response:
    """Give the list as a CSV file; no credential is in it."""
    head = (_("Name"), _("Vendor"), _("Address of the file"), _("How often"), _("Status"), _("Failures in a row"))

    def lines() -> Iterator[str]:
        yield csv_line(head)
        for feed in db.session.scalars(_filtered().order_by(Feed.id)):
            yield csv_line(
                (feed.name, feed.vendor.name, feed.address, words.turn(feed), label(feed.state), feed.failures)
            )

    return csv_answer(lines(), "feeds.csv")


@blueprint.route("/feeds/new", methods=["GET", "POST"])
@requires(Permission.IMPORT_SHEETS)
def new() -> ResponseReturnValue:
    """Add a feed; staff say for which vendor."""
    form = FeedForm()
    form.offer_vendors(current_user, request.args.get("vendor", ""))
    if form.validate_on_submit():
        vendor = db.session.get_one(Vendor, form.vendor_id(current_user))
        feed = _kept(form, lambda: keeping.add(vendor, form.values(), secret=form.secret.data or "", by=current_user))
        if feed is not None:
            flash(_("The feed was added. Fetch it now to see whether it is read well."), "success")
            return redirect(url_for("feeds.show", feed_id=feed.id))
    return render_template("feeds/edit.html", form=form, feed=None), 422 if form.is_submitted() else 200


def _kept(form: FeedForm, act: Callable[[], Feed]) -> Feed | None:
    """Do an act and commit; None where it is refused, with the reason at its field."""
    try:
        feed = act()
    except FetchRefused as refused:
        form.address.errors = [*form.address.errors, sentence(refused.code, refused.params, reader_language())]
    except Invalid as refused:
        form.secret.errors = [*form.secret.errors, refused.message]
    else:
        db.session.commit()
        return feed
    db.session.rollback()
    return None


def _feed_or_404(feed_id: int) -> Feed:
    query = keeping.of_reader(current_user).where(Feed.id == feed_id)
    locked = query.with_for_update(of=Feed) if request.method == "POST" else query
    found: Feed | None = db.session.scalar(locked)
    if found is None:
        raise NotFound()
    return found


@blueprint.get("/feeds/<int:feed_id>")
@requires(Permission.IMPORT_SHEETS)
def show(feed_id: int) -> ResponseReturnValue:
    """Show a feed: its settings without the secret, and its fetches."""
    feed = _feed_or_404(feed_id)
    query, outcome = keeping.fetches_of(feed), request.args.get("outcome", "")
    if outcome in set(FetchOutcome):
        query = query.where(FeedFetch.outcome == FetchOutcome(outcome))
    return render_template(
        "feeds/show.html",
        feed=feed,
        page=paginate(query, order=[(FeedFetch.id, "desc")]),
        outcomes=list(FetchOutcome),
        outcome=outcome,
        turn=words.turn(feed),
        credential=words.CREDENTIALS[feed.credential],
        failure=lambda fetched: words.failure(fetched, reader_language()),
        acts=[(action.value, words.ACTIONS[action]) for action in actions(feed.state)],
        fetched=feed.state != FeedState.REMOVED,
        due=feed.state == FeedState.ACTIVE and feed.vendor.status not in turns.GONE,
        timeline=audit.timeline(feed),
    )


@blueprint.get("/feeds/<int:feed_id>/fetches.csv")
@requires(Permission.IMPORT_SHEETS)
def export_fetches(feed_id: int) -> Response:
    """Give the fetches of a feed as a CSV file."""
    feed, reader = _feed_or_404(feed_id), reader_language()
    query = keeping.fetches_of(feed).order_by(FeedFetch.id.desc()).execution_options(yield_per=BATCH)
    head = (_("Date"), _("Result"), _("Seconds"), _("Bytes"), _("Import"), _("Reason"))

    def lines() -> Iterator[str]:
        yield csv_line(head)
        for one in db.session.scalars(query):
            said = words.failure(one, reader)
            yield csv_line((one.started_at, label(one.outcome), one.seconds, one.size, one.import_id, said))

    return csv_answer(lines(), f"feed-{feed.id}.csv")


@blueprint.route("/feeds/<int:feed_id>/edit", methods=["GET", "POST"])
@requires(Permission.IMPORT_SHEETS)
def edit(feed_id: int) -> ResponseReturnValue:
    """Change a feed's settings; a secret left empty stays."""
    feed, form = _feed_or_404(feed_id), FeedForm()
    del form.vendor
    if not form.is_submitted():
        form.show(feed)
    elif form.validate():

        def changed() -> Feed:
            keeping.change(feed, form.values(), secret=form.secret.data or "", by=current_user)
            return feed

        if _kept(form, changed) is not None:
            flash(_("The feed was changed."), "success")
            return redirect(url_for("feeds.show", feed_id=feed_id))
        feed = _feed_or_404(feed_id)
    return render_template("feeds/edit.html", form=form, feed=feed), 422 if form.is_submitted() else 200


@blueprint.post("/feeds/<int:feed_id>/act")
@requires(Permission.IMPORT_SHEETS)
def act(feed_id: int) -> ResponseReturnValue:
    """Pause, resume, remove or restore a feed."""
    feed, asked = _feed_or_404(feed_id), request.form.get("action", "")
    if asked not in {action.value for action in words.ACTIONS} - {FeedAction.STOP.value}:
        raise Invalid(_("The form is not complete. Reload the page and try again."))
    keeping.act(feed, FeedAction(asked), by=current_user)
    db.session.commit()
    flash(_("The feed “%(name)s” is now: %(status)s.", name=feed.name, status=label(feed.state)), "success")
    return redirect(url_for("feeds.show", feed_id=feed.id))


@blueprint.post("/feeds/<int:feed_id>/fetch")
@requires(Permission.IMPORT_SHEETS)
def fetch_now(feed_id: int) -> ResponseReturnValue:
    """Have the feed fetched now, in the background."""
    feed = _feed_or_404(feed_id)
    keeping.ask(feed, by=current_user)
    db.session.commit()
    flash(_("The feed is being fetched; the result appears below in a moment."), "info")
    return redirect(url_for("feeds.show", feed_id=feed.id))


def register(app: Flask) -> None:
    """Add the pages, words and turns of feeds to the house."""
    app.register_blueprint(blueprint)
    words.register()
