"""The life of a vendor as one table, and the verbs that walk it.

Every move has an actor, a reason where it restricts, a time, an audit row, a message to the vendor that carries the
reviewer's words, and a signal; an illegal one raises IllegalMove and names the legal ones. The buttons of a page and
the actions of the API come from `choices`. Not here: how an item of the checklist is judged (`vetting`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm.exc import StaleDataError

from backoffice import audit
from backoffice.accounts.models import User
from backoffice.clock import now
from backoffice.errors import Conflict, IllegalMove, Invalid
from backoffice.events import vendor_status_changed
from backoffice.extensions import db
from backoffice.jobs import handler
from backoffice.permissions import Permission, may
from backoffice.vendors import messages, vetting
from backoffice.vendors.models import RequirementState, SuspensionReason, Vendor, VendorStatus
from backoffice.words import label

# Regulation (EU) 2019/1150, article 4: a termination is announced at least 30 days before it takes effect.
NOTICE = timedelta(days=30)


class Action(StrEnum):
    """What can be done to a vendor's status."""

    INVITE = "invite"
    START = "start"
    SUBMIT = "submit"
    REQUEST_REVISION = "request_revision"
    APPROVE = "approve"
    REJECT = "reject"
    REOPEN = "reopen"
    GO_LIVE = "go_live"
    GO_ON_VACATION = "go_on_vacation"
    COME_BACK = "come_back"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    GIVE_NOTICE = "give_notice"
    WITHDRAW_NOTICE = "withdraw_notice"
    TERMINATE = "terminate"


A, S = Action, VendorStatus
MOVES: dict[tuple[VendorStatus, Action], VendorStatus] = {
    (S.PROSPECT, A.INVITE): S.INVITED,
    (S.PROSPECT, A.REJECT): S.REJECTED,
    (S.INVITED, A.START): S.ONBOARDING,
    (S.INVITED, A.REJECT): S.REJECTED,
    (S.ONBOARDING, A.SUBMIT): S.READY_FOR_REVIEW,
    (S.ONBOARDING, A.REJECT): S.REJECTED,
    (S.READY_FOR_REVIEW, A.APPROVE): S.APPROVED,
    (S.READY_FOR_REVIEW, A.REQUEST_REVISION): S.ONBOARDING,
    (S.READY_FOR_REVIEW, A.REJECT): S.REJECTED,
    (S.REJECTED, A.REOPEN): S.PROSPECT,
    (S.APPROVED, A.GO_LIVE): S.LIVE,
    (S.APPROVED, A.SUSPEND): S.SUSPENDED,
    (S.LIVE, A.GO_ON_VACATION): S.ON_VACATION,
    (S.LIVE, A.SUSPEND): S.SUSPENDED,
    (S.ON_VACATION, A.COME_BACK): S.LIVE,
    (S.ON_VACATION, A.SUSPEND): S.SUSPENDED,
    (S.SUSPENDED, A.REINSTATE): S.APPROVED,
    **{
        (status, action): status
        for status in (S.APPROVED, S.LIVE, S.ON_VACATION, S.SUSPENDED)
        for action in (A.GIVE_NOTICE, A.WITHDRAW_NOTICE)
    },
    **{(status, A.TERMINATE): S.TERMINATED for status in (S.APPROVED, S.LIVE, S.ON_VACATION, S.SUSPENDED)},
}

# A restriction is never without its statement of reasons (Regulation (EU) 2022/2065, article 17).
NEEDS_REASON = frozenset({A.REJECT, A.SUSPEND, A.GIVE_NOTICE})
BY_VENDOR = frozenset({A.SUBMIT, A.GO_ON_VACATION, A.COME_BACK})
BY_SOFTWARE = frozenset({A.START, A.GO_LIVE})
SELLING = frozenset({S.APPROVED, S.LIVE})
# Enough to hand the file in: what waits for a reviewer is out of the vendor's hands.
GIVEN = vetting.SETTLED | {RequirementState.PENDING}


def can_sell(vendor: Vendor) -> bool:
    """Return whether the vendor's sheets may be published now."""
    return vendor.status in SELLING


def _all_given(vendor: Vendor) -> str | None:
    return _names_missing(vendor, GIVEN, _("Still to give: %(items)s."))


def _all_settled(vendor: Vendor) -> str | None:
    return _names_missing(vendor, vetting.SETTLED, _("Still to be judged or given: %(items)s."))


def _names_missing(vendor: Vendor, taken: frozenset[RequirementState], sentence: str) -> str | None:
    missing = vetting.open_items(vetting.checklist(vendor), states=taken)
    return sentence % {"items": ", ".join(str(item.requirement.label) for item in missing)} if missing else None


def _revision_asked(vendor: Vendor) -> str | None:
    if any(item.state == RequirementState.REJECTED for item in vetting.checklist(vendor)):
        return None
    return _("Say first, at the items concerned, what the vendor should change.")


def _has_email(vendor: Vendor) -> str | None:
    return None if vendor.email else _("The vendor has no e-mail address yet.")


def _no_notice(vendor: Vendor) -> str | None:
    return _("Notice was given already.") if vendor.ends_at is not None else None


def _notice(vendor: Vendor) -> str | None:
    return _("No notice was given.") if vendor.ends_at is None else None


def _notice_over(vendor: Vendor) -> str | None:
    if vendor.ends_at is None:
        return _("Notice must be given first; it lasts %(days)s days.", days=NOTICE.days)
    return _("The notice is still running.") if vendor.ends_at > now() else None


GUARDS: dict[Action, Callable[[Vendor], str | None]] = {
    A.INVITE: _has_email,
    A.SUBMIT: _all_given,
    A.APPROVE: _all_settled,
    A.REQUEST_REVISION: _revision_asked,
    A.GIVE_NOTICE: _no_notice,
    A.WITHDRAW_NOTICE: _notice,
    A.TERMINATE: _notice_over,
}


@dataclass(frozen=True, slots=True)
class Choice:
    """An action that is legal in this state; `obstacle` is the sentence that says what must come first, if anything."""

    action: Action
    obstacle: str | None = None
    needs_reason: bool = False


def choices(vendor: Vendor, user: User) -> list[Choice]:
    """Return what this user may do to the vendor's status now, in the table's order."""
    found = []
    for status, action in MOVES:
        if status == vendor.status and _is_theirs(action, vendor, user):
            guard = GUARDS.get(action)
            found.append(Choice(action, guard(vendor) if guard else None, _needs_reason(vendor, action)))
    return found


def _is_theirs(action: Action, vendor: Vendor, user: User) -> bool:
    if action in BY_SOFTWARE:
        return False
    if action in BY_VENDOR:
        return user.vendor_id == vendor.id
    return may(user, Permission.VET_VENDORS)


def _needs_reason(vendor: Vendor, action: Action) -> bool:
    # Approving beside a possible duplicate is a decision that someone will ask about.
    return action in NEEDS_REASON or (action == A.APPROVE and bool(vetting.possible_duplicates(vendor)))


def move(
    vendor: Vendor,
    action: Action,
    *,
    by: User | None,
    reason: str = "",
    version: int | None = None,
    because: SuspensionReason | None = None,
) -> None:
    """Walk one step of the table.

    `version` is the vendor's as the actor saw it. Raises IllegalMove where the table or a guard refuses, Conflict where
    the vendor has changed since, Invalid where a reason is needed and missing.
    """
    after = _legal(vendor, action, by)
    if version is not None and version != vendor.version:
        raise changed_meanwhile(vendor)
    if _needs_reason(vendor, action) and not reason.strip():
        raise Invalid(_("Give the reason: the vendor reads it."), details={"reason": _("This is needed.")})
    before = vendor.status
    vendor.suspension_reason = (because or vendor.suspension_reason) if after == S.SUSPENDED else None
    vendor.status = after
    if after != before:
        vendor.status_changed_at = now()
    _EFFECTS.get(action, _nothing)(vendor)
    vetting.touch(vendor)
    changes = {"status": (before, after)} if after != before else {}
    audit.record(f"vendor.{action}", vendor, by=by, changes=changes, reason=reason.strip())
    try:
        db.session.flush()
    except StaleDataError:
        raise Conflict(_("Someone else has just decided on this vendor. Look again, then decide.")) from None
    messages.tell_move(vendor, str(action), reason=reason.strip(), by=by)
    if after != before:
        vendor_status_changed.send(vendor, actor=by, before=before, after=after)


def changed_meanwhile(vendor: Vendor) -> Conflict:
    """Return the refusal of an act on a page that shows the vendor as it was before someone else's act."""
    return Conflict(
        _(
            "%(name)s was changed meanwhile; it is now: %(status)s. Look again, then decide.",
            name=vendor.name,
            status=label(vendor.status),
        )
    )


def _legal(vendor: Vendor, action: Action, by: User | None) -> VendorStatus:
    after = MOVES.get((vendor.status, action))
    if by is not None:
        legal = [choice.action for choice in choices(vendor, by) if choice.obstacle is None]
    else:
        legal = [possible for status, possible in MOVES if status == vendor.status]
    if after is None or (by is not None and action not in BY_SOFTWARE and not _is_theirs(action, vendor, by)):
        words = ", ".join(label(possible) for possible in legal) or _("nothing")
        raise IllegalMove(
            _("This vendor is in the state “%(status)s”. Possible now: %(actions)s.",
              status=label(vendor.status), actions=words), legal=legal)  # fmt: skip
    obstacle = GUARDS[action](vendor) if action in GUARDS else None
    if obstacle:
        raise IllegalMove(obstacle, legal=legal)
    return after


def _nothing(_vendor: Vendor) -> None:
    """Most moves change the status only."""


def _set_submitted(vendor: Vendor) -> None:
    vendor.submitted_at = now()


def _set_approved(vendor: Vendor) -> None:
    vendor.approved_at = now()


def _set_live(vendor: Vendor) -> None:
    vendor.live_at = vendor.live_at or now()


def _set_notice(vendor: Vendor) -> None:
    vendor.ends_at = now() + NOTICE


def _clear_notice(vendor: Vendor) -> None:
    vendor.ends_at = None


_EFFECTS: dict[Action, Callable[[Vendor], None]] = {
    A.SUBMIT: _set_submitted,
    A.APPROVE: _set_approved,
    A.GO_LIVE: _set_live,
    A.GIVE_NOTICE: _set_notice,
    A.WITHDRAW_NOTICE: _clear_notice,
}


def submit(vendor: Vendor, *, by: User, version: int | None = None) -> None:
    """Hand the filled checklist to the reviewers."""
    move(vendor, A.SUBMIT, by=by, version=version)


def approve(vendor: Vendor, *, by: User, reason: str = "", version: int | None = None) -> None:
    """Let the vendor sell."""
    move(vendor, A.APPROVE, by=by, reason=reason, version=version)


def reject(vendor: Vendor, *, by: User, reason: str, version: int | None = None) -> None:
    """Turn the application down, with the reason that the vendor reads."""
    move(vendor, A.REJECT, by=by, reason=reason, version=version)


def request_revision(vendor: Vendor, *, by: User, reason: str = "", version: int | None = None) -> None:
    """Give the checklist back with the words at each item to mend."""
    move(vendor, A.REQUEST_REVISION, by=by, reason=reason, version=version)


def suspend(
    vendor: Vendor,
    *,
    by: User | None,
    reason: str,
    because: SuspensionReason = SuspensionReason.MANUAL,
    version: int | None = None,
) -> None:
    """Stop the vendor's selling until someone reinstates it."""
    move(vendor, A.SUSPEND, by=by, reason=reason, version=version, because=because)


def reinstate(vendor: Vendor, *, by: User, reason: str = "", version: int | None = None) -> None:
    """End a suspension; a vendor that had sheets on sale is live again."""
    move(vendor, A.REINSTATE, by=by, reason=reason, version=version)
    if vendor.live_at is not None:
        go_live(vendor, by=by)


def go_live(vendor: Vendor, *, by: User | None = None) -> None:
    """Note that an approved vendor has its first sheet on sale; does nothing for one that is live already."""
    if vendor.status != S.LIVE:
        move(vendor, A.GO_LIVE, by=by)


@handler("vendors.end_contracts", every=timedelta(hours=1))
def end_contracts() -> None:
    """Terminate the vendors whose notice is over."""
    ending = (S.APPROVED, S.LIVE, S.ON_VACATION, S.SUSPENDED)
    query = sa.select(Vendor).where(Vendor.ends_at <= now(), Vendor.status.in_(ending))
    for vendor in db.session.scalars(query):
        move(vendor, A.TERMINATE, by=None)
