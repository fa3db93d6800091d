"""Whether a sheet was ever blocked or sent back since it came: noted wherever its state is set.

A listener on the attribute rather than a line in every verb: a sheet is blocked by a file, an editor, a correction, a
switch or a category's new duty, and none of them may be forgotten.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import event

from catalog.lifecycle import ListingStatus
from catalog.models import Listing


def _note_return(listing: Listing, status: Any, _before: Any, _initiator: Any) -> None:
    if status == ListingStatus.CHANGES_REQUESTED:
        listing.returned = True


def register() -> None:
    """Have every listing note it; once, however many applications a process makes."""
    if not event.contains(Listing.status, "set", _note_return):
        event.listen(Listing.status, "set", _note_return)
