"""The page of one dispute for everyone in it, and the acts on it; by login, or by the link mailed to the buyer.

Each address exists twice: `disputes.X` behind the login and `disputes.X_by_link` with a token. Both find the dispute
through the reader's own query and then do the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, flash, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from backoffice import files
from backoffice.accounts.models import User
from backoffice.database import key_in
from backoffice.errors import Forbidden, Invalid, wants_json
from backoffice.extensions import db
from backoffice.permissions import Permission, public, requires
from disputes import access, forms, moves, offers, resolution, threads
from disputes.access import Reader
from disputes.blueprint import bp
from disputes.models import Dispute, id_in
from disputes.thread_page import as_json, render
from disputes.threads import Audience
from disputes.vocabulary import Action, Fault, FundedBy, Outcome, Party, Remedy, ReturnState, Status

Found = tuple[Dispute, Reader]


def _by_login(dispute_id: int) -> Found:
    return access.dispute_for(current_user, dispute_id), access.login_reader()


def _by_link(token: str, dispute_id: int) -> Found:
    order = access.order_of(token)
    return access.dispute_by_link(order, dispute_id), access.link_reader(order, token)


@bp.get("/disputes/<int:dispute_id>")
@requires(Permission.READ_DISPUTES)
def show(dispute_id: int) -> ResponseReturnValue:
    """Show a dispute to a reader of this house, a vendor or a logged-in buyer."""
    return _shown(_by_login(dispute_id))


@bp.get("/my-order/<token>/disputes/<int:dispute_id>")
@public
def show_by_link(token: str, dispute_id: int) -> ResponseReturnValue:
    """Show a dispute to the holder of the order's link."""
    return _shown(_by_link(token, dispute_id))


def _shown(found: Found) -> ResponseReturnValue:
    dispute, reader = found
    if wants_json():
        return jsonify(as_json(dispute, reader))
    if dispute.status is Status.MERGED and "stay" not in request.args:
        return redirect(reader.url("show", dispute_id=dispute.merged_into_id))
    return render(dispute, reader)


@bp.post("/disputes/<int:dispute_id>/messages")
@requires(Permission.READ_DISPUTES)
def write(dispute_id: int) -> ResponseReturnValue:
    """Add a message to the conversation."""
    return _written(_by_login(dispute_id))


@bp.post("/my-order/<token>/disputes/<int:dispute_id>/messages")
@public
def write_by_link(token: str, dispute_id: int) -> ResponseReturnValue:
    """Add the buyer's message to the conversation."""
    return _written(_by_link(token, dispute_id))


def _written(found: Found) -> ResponseReturnValue:
    def do(dispute: Dispute, reader: Reader) -> None:
        uploads = request.files.getlist("files")
        chosen = request.form.get("audience", threads.CHOICES[reader.party][0])
        audience = Audience(chosen) if chosen in list(Audience) else Audience.EVERYONE
        threads.write(dispute, request.form.get("body", ""), reader, audience=audience, uploads=uploads)

    def again(error: Invalid) -> dict[str, Any]:
        return {"message_error": error.message, "body": request.form.get("body", "")}

    return _done(found, do, _("Your message was sent."), again)


@bp.post("/disputes/<int:dispute_id>/offers")
@requires(Permission.READ_DISPUTES)
def make_offer(dispute_id: int) -> ResponseReturnValue:
    """Lay a settlement offer on the table."""
    return _offered(_by_login(dispute_id))


@bp.post("/my-order/<token>/disputes/<int:dispute_id>/offers")
@public
def make_offer_by_link(token: str, dispute_id: int) -> ResponseReturnValue:
    """Lay the buyer's settlement offer on the table."""
    return _offered(_by_link(token, dispute_id))


def _offered(found: Found) -> ResponseReturnValue:
    form = forms.offer_form(found[0])

    def do(dispute: Dispute, reader: Reader) -> None:
        _valid(form)
        offers.make(dispute, Remedy(form.remedy.data), forms.amounts_of(form), reader, words=form.words.data or "")

    def again(error: Invalid) -> dict[str, Any]:
        forms.place_errors(form, error.details)
        return {"offer_form": form}

    return _done(found, do, _("Your offer was sent."), again)


@bp.post("/disputes/<int:dispute_id>/decision")
@requires(Permission.MEDIATE)
def decide(dispute_id: int) -> ResponseReturnValue:
    """Decide with reasons."""
    found = _by_login(dispute_id)
    form = forms.decision_form(found[0])

    def do(dispute: Dispute, reader: Reader) -> None:
        _valid(form)
        decision = resolution.Decision(
            outcome=Outcome(form.outcome.data),
            remedy=Remedy(form.remedy.data),
            fault=Fault(form.fault.data),
            funded_by=FundedBy(form.funded_by.data),
            amounts=forms.amounts_of(form),
            reason=form.reason.data or "",
        )
        resolution.decide(dispute, decision, reader)

    def again(error: Invalid) -> dict[str, Any]:
        forms.place_errors(form, error.details)
        return {"decision_form": form}

    return _done(found, do, _("The decision was recorded and sent to both parties."), again)


@bp.post("/disputes/<int:dispute_id>/question")
@requires(Permission.MEDIATE)
def ask(dispute_id: int) -> ResponseReturnValue:
    """Ask one party for information."""

    def do(dispute: Dispute, reader: Reader) -> None:
        whom = Party.BUYER if request.form.get("whom") == Party.BUYER else Party.SELLER
        resolution.ask(dispute, whom, request.form.get("question", ""), reader)

    def again(error: Invalid) -> dict[str, Any]:
        return {"question_error": error.message, "question": request.form.get("question", "")}

    return _done(_by_login(dispute_id), do, _("Your question was sent."), again)


@bp.post("/disputes/<int:dispute_id>/acts/<action>")
@requires(Permission.READ_DISPUTES)
def act(dispute_id: int, action: str) -> ResponseReturnValue:
    """Do an act that needs a reason at most."""
    return _acted(_by_login(dispute_id), action)


@bp.post("/my-order/<token>/disputes/<int:dispute_id>/acts/<action>")
@public
def act_by_link(token: str, dispute_id: int, action: str) -> ResponseReturnValue:
    """Do the buyer's act."""
    return _acted(_by_link(token, dispute_id), action)


def _acted(found: Found, name: str) -> ResponseReturnValue:
    doing = ACTS.get(Action(name)) if name in list(Action) else None
    reason = request.form.get("reason", "")[:5000]

    def do(dispute: Dispute, reader: Reader) -> None:
        if doing is None:
            raise Invalid(_("This act does not exist."))
        doing(dispute, reader, reason)

    def again(error: Invalid) -> dict[str, Any]:
        return {"act_error": error.message, "act_name": name, "reason": reason}

    return _done(found, do, _("Done."), again)


def _take(dispute: Dispute, reader: Reader, _reason: str) -> None:
    chosen = key_in(request.form.get("mediator"))
    mediator = db.session.get(User, chosen) if chosen is not None else None
    resolution.take(dispute, reader, mediator=mediator)


def _merge(dispute: Dispute, reader: Reader, _reason: str) -> None:
    key = id_in(request.form.get("target", ""))
    target = db.session.get(Dispute, key) if key else None
    if target is None:
        words = _("Write the number of the dispute that goes on, such as D-2026-000123.")
        raise Invalid(words, details={"target": words})
    resolution.merge(dispute, target, reader)


def _returned(dispute: Dispute, reader: Reader, reason: str) -> None:
    state = request.form.get("state", ReturnState.RECEIVED)
    if state not in list(ReturnState):
        raise Invalid(_("Say what you received."))
    resolution.acknowledge_return(dispute, reader, ReturnState(state), reason=reason)


def _plain(action: Action) -> Callable[[Dispute, Reader, str], None]:
    return lambda dispute, reader, reason: resolution.plain(dispute, action, reader, reason=reason)


ACTS: dict[Action, Callable[[Dispute, Reader, str], None]] = {
    Action.ACCEPT_OFFER: lambda dispute, reader, _reason: offers.accept(dispute, reader),
    Action.DENY_OFFER: lambda dispute, reader, reason: offers.deny(dispute, reader, reason=reason),
    Action.ANNOUNCE_PARCEL: _plain(Action.ANNOUNCE_PARCEL),
    Action.CONFIRM_DELIVERY: lambda dispute, reader, _reason: resolution.confirm_delivery(dispute, reader),
    Action.REPORT_NOT_DELIVERED: lambda dispute, reader, reason: resolution.escalate(
        dispute, reader, action=Action.REPORT_NOT_DELIVERED, reason=reason
    ),
    Action.ACKNOWLEDGE_RETURN: _returned,
    Action.CONTEST_RETURN: _returned,
    Action.ESCALATE: lambda dispute, reader, reason: resolution.escalate(dispute, reader, reason=reason),
    Action.TAKE: _take,
    Action.HOLD: _plain(Action.HOLD),
    Action.RELEASE: _plain(Action.RELEASE),
    Action.MERGE: _merge,
    Action.WITHDRAW: lambda dispute, reader, reason: resolution.withdraw(dispute, reader, reason=reason),
    Action.RETRY_EXECUTION: lambda dispute, reader, _reason: resolution.retry(dispute, reader),
    Action.APPEAL: lambda dispute, reader, reason: resolution.appeal(dispute, reader, reason=reason),
    Action.REOPEN: lambda dispute, reader, reason: resolution.reopen(dispute, reader, reason=reason),
    Action.GO_EXTERNAL: _plain(Action.GO_EXTERNAL),
    Action.CLOSE: lambda dispute, reader, _reason: resolution.close(dispute, reader),
}


def _valid(form: Any) -> None:
    if not form.validate():
        # The fields carry their own words already.
        raise Invalid(_("Some fields need a correction."), details={})


def _done(
    found: Found,
    do: Callable[[Dispute, Reader], None],
    said: str,
    again: Callable[[Invalid], dict[str, Any]],
) -> ResponseReturnValue:
    """Do an act, commit, and go back to the page; what cannot be taken is shown on the page again as it was typed."""
    dispute, reader = found
    if reader.party is Party.OBSERVER:
        raise Forbidden(_("Your role does not include this."))
    try:
        moves.check_version(dispute, key_in(request.form.get("version")))
        do(dispute, reader)
        db.session.commit()
    except Invalid as error:
        return _again(dispute, reader, error, again(error))
    flash(said, "success")
    return redirect(reader.url("show", dispute_id=dispute.id))


def _again(dispute: Dispute, reader: Reader, error: Invalid, state: dict[str, Any]) -> ResponseReturnValue:
    key, token = dispute.id, reader.token
    db.session.rollback()
    if wants_json():
        raise error
    fresh, reader = _by_link(token, key) if token else _by_login(key)
    return render(fresh, reader, **state), Invalid.status


@bp.get("/disputes/<int:dispute_id>/attachments/<int:attachment_id>")
@requires(Permission.READ_DISPUTES)
def attachment(dispute_id: int, attachment_id: int) -> ResponseReturnValue:
    """Give out an attachment to someone who may read its message."""
    return _given_out(_by_login(dispute_id), attachment_id)


@bp.get("/my-order/<token>/disputes/<int:dispute_id>/attachments/<int:attachment_id>")
@public
def attachment_by_link(token: str, dispute_id: int, attachment_id: int) -> ResponseReturnValue:
    """Give out an attachment to the holder of the order's link."""
    return _given_out(_by_link(token, dispute_id), attachment_id)


def _given_out(found: Found, attachment_id: int) -> Response:
    dispute, reader = found
    return files.give_out(threads.attachment_for(dispute, attachment_id, reader).file)
