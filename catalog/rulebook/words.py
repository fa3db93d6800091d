"""The words of mappings: verbs and fields of the history, and the sentences of refusals and reasons."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from backoffice import words


def register() -> None:
    """Give the words to the house."""
    words.register_fields("mapping_version", {"version": (_l("version"), None)})
    words.register_verbs({"import.replay": _l("had the file read again with the newest mapping")})


def unknown_attribute(name: str) -> str:
    """Return the refusal of a column that becomes what is no attribute."""
    return _("There is no attribute “%(name)s”, or there is none any more. Choose another one.", name=name)


def saved_meanwhile(version: int) -> str:
    """Return the refusal to save what was made on an earlier version than the one that stands."""
    return _(
        "Someone saved version %(version)s meanwhile. Nothing was lost: what you typed is still below; what differs "
        "is shown. Save again to put it in place of version %(version)s.",
        version=version,
    )


def rules_to_mend(count: int) -> str:
    """Return the refusal to save rules that cannot be followed."""
    return ngettext(
        "One rule cannot be followed; it is marked below.",
        "%(num)d rules cannot be followed; they are marked below.",
        count,
    )


def back_to_version(version: int) -> str:
    """Return the reason of a version that repeats an earlier one."""
    return _("Back to version %(version)s", version=version)


def values_decided(count: int) -> str:
    """Return the reason of a version that decides on words of the vendor."""
    return ngettext("One word decided", "%(num)d words decided", count)


def confirmed_with(name: str) -> str:
    """Return the reason of a version whose columns a person confirmed at an import."""
    return _("Confirmed with the file %(name)s", name=name)


def from_file(name: str) -> str:
    """Return the reason of a version that came from a file."""
    return _("From the file %(name)s", name=name)


def replay_impossible() -> str:
    """Return the refusal to read a file again that was never read."""
    return _("This file was never read, so that it cannot be read again. Send it once more.")
