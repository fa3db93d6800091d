"""The states of a listing: one table of moves, and the reading of a sheet that says where a new one starts.

Pure. Promise: the buttons of a page, the API and the pipeline all ask this table; nothing is published with a blocking
issue. Not here: whether the vendor may sell (`backoffice.vendors`), which guards `publish` in `catalog.publishing`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from typing import Any

from catalog.sheets import Severity


class ListingStatus(StrEnum):
    """Where a vendor's sheet stands on the marketplace."""

    PENDING = "pending"
    TO_REVIEW = "to_review"
    CHANGES_REQUESTED = "changes_requested"
    REJECTED = "rejected"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Action(StrEnum):
    """What a person, or the software, may do to a listing."""

    ACCEPT = "accept"
    PUBLISH = "publish"
    UNPUBLISH = "unpublish"
    SEND_BACK = "send_back"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    RESTORE = "restore"
    FLAG = "flag"


S, A = ListingStatus, Action

# Accepting leads to PENDING: publishing follows at once where the vendor may sell, and waits for the approval elsewhere.
MOVES: dict[tuple[ListingStatus, Action], ListingStatus] = {
    (S.TO_REVIEW, A.ACCEPT): S.PENDING,
    (S.TO_REVIEW, A.SEND_BACK): S.CHANGES_REQUESTED,
    (S.TO_REVIEW, A.REJECT): S.REJECTED,
    (S.TO_REVIEW, A.WITHDRAW): S.WITHDRAWN,
    (S.CHANGES_REQUESTED, A.REJECT): S.REJECTED,
    (S.CHANGES_REQUESTED, A.WITHDRAW): S.WITHDRAWN,
    (S.PENDING, A.PUBLISH): S.PUBLISHED,
    (S.PENDING, A.SEND_BACK): S.CHANGES_REQUESTED,
    (S.PENDING, A.REJECT): S.REJECTED,
    (S.PENDING, A.WITHDRAW): S.WITHDRAWN,
    (S.PENDING, A.FLAG): S.TO_REVIEW,
    (S.PUBLISHED, A.UNPUBLISH): S.PENDING,
    (S.PUBLISHED, A.SEND_BACK): S.CHANGES_REQUESTED,
    (S.PUBLISHED, A.REJECT): S.REJECTED,
    (S.PUBLISHED, A.WITHDRAW): S.WITHDRAWN,
    (S.PUBLISHED, A.FLAG): S.TO_REVIEW,
    (S.WITHDRAWN, A.RESTORE): S.TO_REVIEW,
    (S.REJECTED, A.RESTORE): S.TO_REVIEW,
}
# What the software alone does: never offered as a button.
AUTOMATIC = frozenset({A.PUBLISH, A.UNPUBLISH, A.FLAG})

# Warnings that an editor must look at before the sheet is shown; the others are told to the vendor and wait for nobody.
DOUBTS = frozenset(
    {
        "brand_conflict",
        "category_conflict",
        "unit_conflict",
        "keyword_contradiction",
        "price_suspect",
        "contact_in_text",
        "wrong_language",
        "2006",
    }
)


def actions(status: ListingStatus) -> list[Action]:
    """Return what a person may do to a listing in this state."""
    return [action for (state, action) in MOVES if state == status and action not in AUTOMATIC]


def blocking(issues: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the issues that keep a sheet from being published; an error cannot be dismissed."""
    return [issue for issue in issues if issue["severity"] == Severity.ERROR]


def doubts(
    issues: Sequence[Mapping[str, Any]],
    changes: Sequence[Mapping[str, Any]],
    *,
    dismissed: Collection[str],
    review_below: float,
) -> list[str]:
    """Return the keys of what an editor should look at: doubtful issues and changes below the threshold.

    A key is an issue's code, or "rule:attribute" of a change; an editor who accepts the sheet dismisses its keys.
    """
    keys = [issue["code"] for issue in issues if issue["code"] in DOUBTS]
    keys += [f"{change['rule']}:{change['attribute']}" for change in changes if change["confidence"] < review_below]
    return [key for key in dict.fromkeys(keys) if key not in dismissed]


def first_status(*, blocked: bool, doubtful: bool, flagged: bool) -> ListingStatus:
    """Return where a sheet stands after the machine has read it, before anything is published."""
    if flagged:
        return S.TO_REVIEW
    if blocked:
        return S.CHANGES_REQUESTED
    return S.TO_REVIEW if doubtful else S.PENDING
