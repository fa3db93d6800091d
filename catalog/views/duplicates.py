"""The duplicates desk: pairs that may be one product, side by side, decided from the keyboard and taken back at will."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import joinedload, load_only

from backoffice import navigation
from backoffice.accounts.models import User
from backoffice.database import key_in
from backoffice.errors import BackofficeError, Conflict, Invalid, NotFound, wants_json
from backoffice.extensions import db
from backoffice.paging import paginate
from backoffice.permissions import Permission, requires
from catalog import judgements, pairs, words
from catalog.desk import sampling, worth
from catalog.matching.cascade import CLASH
from catalog.models import Judgement, Listing, Proposal
from catalog.sheets import Decision
from catalog.views.blueprint import blueprint, reader_language

SHOWN = 12
TABS = ("waiting", "later", "decided")


def _tab() -> str:
    asked = request.args.get("tab", "waiting")
    return asked if asked in TABS else "waiting"


def _proposals() -> sa.Select[tuple[Proposal]]:
    sides = (Proposal.left, Proposal.right)
    return sa.select(Proposal).options(*(joinedload(side).joinedload(Listing.vendor) for side in sides))


def _queued() -> sa.Select[tuple[Proposal]]:
    """Return the proposals with what a line of the queue says of them."""
    title = joinedload(Proposal.left).load_only(Listing.title)
    return sa.select(Proposal).options(
        load_only(Proposal.score, Proposal.value, Proposal.left_id, Proposal.right_id), title
    )


@blueprint.get("/duplicates")
@requires(Permission.REVIEW_SHEETS)
def duplicates() -> ResponseReturnValue:
    """Open the undecided pair whose decision is worth most, or the list of those decided."""
    if _tab() == "decided":
        return _decided()
    return _desk(None)


def _decided() -> ResponseReturnValue:
    sides = (Proposal.left, Proposal.right)
    titles = (joinedload(Judgement.proposal).joinedload(side).load_only(Listing.title) for side in sides)
    query = sa.select(Judgement).options(*titles)
    page = paginate(query, order=[(Judgement.id, "desc")])
    people = sa.select(User).where(User.id.in_({one.judge_id for one in page.items}))
    judges = {user.id: user.display_name for user in db.session.scalars(people)}
    return render_template("catalog/judgements.html", page=page, judges=judges)


@blueprint.get("/duplicates/<int:proposal_id>")
@requires(Permission.REVIEW_SHEETS)
def duplicate(proposal_id: int) -> ResponseReturnValue:
    """Show one pair at the desk."""
    return _desk(_proposal_or_404(proposal_id))


def _proposal_or_404(proposal_id: int, *, to_decide: bool = False) -> Proposal:
    query = _proposals().where(Proposal.id == proposal_id)
    found = db.session.scalar(query.with_for_update(of=Proposal) if to_decide else query)
    if found is None:
        raise NotFound()
    return found


def _desk(proposal: Proposal | None, refusal: BackofficeError | None = None) -> ResponseReturnValue:
    # A taking back that is refused shows the desk under the address of the judgement.
    navigation.stand_at("catalog.duplicates")
    tab = _tab()
    waiting = judgements.waiting(_queued(), later=tab == "later")
    page = paginate(waiting, order=[(Proposal.value, "desc"), (Proposal.id, "desc")], size=SHOWN)
    if proposal is None and page.items:
        proposal = _proposal_or_404(page.items[0].id)
    context: dict[str, Any] = {"page": page, "proposal": proposal, "tab": tab, "refusal": refusal}
    context |= {"remaining": worth.remaining(), "precision": sampling.of_merges()}
    if proposal is not None:
        context["following"] = _following(page.items, proposal)
        context["view"] = pairs.view(proposal, reader_language())
        context["clash"] = proposal.route == CLASH
        context["standing"] = judgements.standing(proposal)
    return render_template("catalog/duplicates.html", **context), refusal.status if refusal else 200


def _following(items: Sequence[Proposal], proposal: Proposal) -> int | None:
    """Return the pair that comes after this one in the queue shown."""
    ids = [one.id for one in items]
    at = ids.index(proposal.id) + 1 if proposal.id in ids else 0
    rest = [one for one in [*ids[at:], *ids[:at]] if one != proposal.id]
    return rest[0] if rest else None


@blueprint.post("/duplicates/<int:proposal_id>/decide")
@requires(Permission.REVIEW_SHEETS)
def decide_duplicate(proposal_id: int) -> ResponseReturnValue:
    """Record same, different or unsure; a refused decision shows the pair again with the reason."""
    proposal = _proposal_or_404(proposal_id, to_decide=True)
    asked = request.form.get("decision", "")
    try:
        if asked not in set(Decision):
            raise Invalid(words.incomplete_form())
        judgements.decide(proposal, Decision(asked), by=current_user)
    except (Invalid, Conflict) as refusal:
        return _refused(proposal_id, refusal)
    db.session.commit()
    flash(_("Decision kept. It can be taken back under “Decided”."), "success")
    following = key_in(request.form.get("next", ""))
    if following is not None:
        after = request.form.get("after") or None
        return redirect(url_for("catalog.duplicate", proposal_id=following, tab=_tab(), after=after))
    return redirect(url_for("catalog.duplicates", tab=_tab()))


def _refused(proposal_id: int, refusal: BackofficeError) -> ResponseReturnValue:
    db.session.rollback()
    if wants_json():
        raise refusal
    return _desk(_proposal_or_404(proposal_id), refusal)


@blueprint.post("/judgements/<int:judgement_id>/undo")
@requires(Permission.REVIEW_SHEETS)
def undo_judgement(judgement_id: int) -> ResponseReturnValue:
    """Take a decision back: both pages are as they were."""
    judgement = db.session.get(Judgement, judgement_id, with_for_update=True)
    if judgement is None:
        raise NotFound()
    try:
        judgements.undo(judgement, by=current_user)
    except Conflict as refusal:
        return _refused(judgement.proposal_id, refusal)
    db.session.commit()
    flash(_("Decision taken back; both pages are as they were."), "success")
    return redirect(url_for("catalog.duplicate", proposal_id=judgement.proposal_id))
