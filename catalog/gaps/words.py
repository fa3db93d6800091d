"""The words of missing keywords: refusals and what was done."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

DONE = {
    "accepted": lambda count: ngettext("%(num)s keyword taken.", "%(num)s keywords taken.", count),
    "refused": lambda count: ngettext("%(num)s keyword refused.", "%(num)s keywords refused.", count),
    "synonym": lambda count: ngettext(
        "%(num)s keyword settled by a synonym.", "%(num)s keywords settled by a synonym.", count
    ),
}


def choose_some() -> str:
    """Return the refusal of a decision about nothing."""
    return _("Choose at least one keyword.")


def reason_needed() -> str:
    """Return the refusal to refuse without a word."""
    return _("Say why the word does not fit: the next editor reads it.")


def decided_meanwhile() -> str:
    """Return why a gap was passed over."""
    return _("somebody decided on it meanwhile")


def undone_already() -> str:
    """Return the refusal to take a batch back twice."""
    return _("These decisions were taken back already.")
