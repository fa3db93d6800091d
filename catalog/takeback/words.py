"""The words of taking an import back: acts, outcomes, notifications, and the sentences of refusals."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from backoffice import words
from catalog.takeback.traces import TraceAct, TraceOutcome

OUTCOMES: dict[TraceOutcome, tuple[Any, words.Tone]] = {
    TraceOutcome.RESTORED: (_l("as before"), "done"),
    TraceOutcome.REMOVED: (_l("deleted"), "neutral"),
    TraceOutcome.WITHDRAWN: (_l("withdrawn"), "neutral"),
    TraceOutcome.KEPT: (_l("left as it is"), "attention"),
}
ACTS = {
    TraceAct.CREATED: _l("made by the import"),
    TraceAct.CHANGED: _l("changed by the import"),
    TraceAct.WITHDRAWN: _l("withdrawn by the import"),
}
NOTES = {
    "editor": _l("Someone decided on this sheet since; take that back by hand where it is meant."),
    "import": _l("A later file changed this sheet; take that import back first."),
    "gone": _l("This sheet is no longer there."),
}


def register() -> None:
    """Give the words to the house."""
    words.register(
        {outcome: label for outcome, (label, _tone) in OUTCOMES.items()},
        {outcome: tone for outcome, (_label, tone) in OUTCOMES.items()},
    )
    words.register(ACTS)
    words.register_fields(
        "catalog_import", {str(outcome): (label, None) for outcome, (label, _tone) in OUTCOMES.items()}
    )
    words.register_verbs(
        {
            "import.take_back": _l("started to take the import back"),
            "import.taken_back": _l("the import was taken back"),
        }
    )
    words.register_notifications(
        {
            "import_taken_back": _l(
                "The import of %(file)s was taken back: %(done)s sheets as before, %(kept)s left as they are."
            )
        }
    )


def not_over() -> str:
    """Return the refusal to take back what is still under way or was never run."""
    return _("Only an import that is over can be taken back. Cancel it first, or wait for its end.")


def already_taken_back() -> str:
    """Return the refusal to take an import back twice."""
    return _("This import has been taken back already.")


def nothing_to_take_back() -> str:
    """Return the refusal to take back what changed nothing, or what is too long ago."""
    return _("This import changed nothing, or it is too long ago to be taken back.")
