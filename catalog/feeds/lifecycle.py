"""The states of a feed and of one fetch of it: one table of moves. Pure."""

from __future__ import annotations

from enum import StrEnum


class FeedState(StrEnum):
    """Whether a feed is fetched: `stopped` is the software's doing after failures, `paused` a person's."""

    ACTIVE = "active"
    PAUSED = "paused"
    STOPPED = "stopped"
    REMOVED = "removed"


class FeedAction(StrEnum):
    """What is done to a feed; `stop` by the software alone."""

    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    REMOVE = "remove"
    RESTORE = "restore"


class FetchOutcome(StrEnum):
    """What came of one fetch; `busy` means that the import before was not over."""

    IMPORTED = "imported"
    UNCHANGED = "unchanged"
    BUSY = "busy"
    FAILED = "failed"


class Credential(StrEnum):
    """How a feed's server is told who asks."""

    NONE = "none"
    BASIC = "basic"
    HEADER = "header"


S, A = FeedState, FeedAction
MOVES: dict[tuple[FeedState, FeedAction], FeedState] = {
    (S.ACTIVE, A.PAUSE): S.PAUSED,
    (S.ACTIVE, A.STOP): S.STOPPED,
    (S.ACTIVE, A.REMOVE): S.REMOVED,
    (S.PAUSED, A.RESUME): S.ACTIVE,
    (S.PAUSED, A.REMOVE): S.REMOVED,
    (S.STOPPED, A.RESUME): S.ACTIVE,
    (S.STOPPED, A.REMOVE): S.REMOVED,
    (S.REMOVED, A.RESTORE): S.PAUSED,
}


def actions(state: FeedState) -> list[FeedAction]:
    """Return what a person may do to a feed in this state."""
    return [action for (before, action) in MOVES if before == state and action != A.STOP]
