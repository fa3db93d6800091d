"""The form of a feed."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, SelectField, StringField, URLField
from wtforms.validators import DataRequired, Length, Optional, Regexp

from backoffice.options import options
from catalog.feeds import words
from catalog.feeds.lifecycle import Credential
from catalog.feeds.models import Feed
from catalog.feeds.schedule import Every
from catalog.forms import TakingForm

# Headers that say how a request is carried; a vendor's key is none of them.
_CARRYING = frozenset({"host", "content-length", "connection", "transfer-encoding", "te", "upgrade", "user-agent"})
_TOKEN = re.compile(r"[A-Za-z0-9_-]+")


class FeedForm(TakingForm):
    """Where a vendor's file is, when it is fetched, and how it is taken."""

    address = URLField(_l("Address of the file"), validators=[DataRequired(_l("Give the address.")), Length(max=2000)])
    name = StringField(_l("Name"), validators=[Optional(), Length(max=120)])
    every = SelectField(_l("How often"), choices=options((one.value, words.SCHEDULES[one]) for one in Every))
    weekday = SelectField(
        _l("On"), coerce=int, choices=options((str(at), day) for at, day in enumerate(words.WEEKDAYS))
    )
    hour = SelectField(_l("At"), coerce=int, choices=options((str(at), f"{at:02}:00") for at in range(24)), default=4)
    credential = SelectField(
        _l("The server asks for"), choices=options((one.value, words.CREDENTIALS[one]) for one in Credential)
    )
    credential_name = StringField(
        _l("User name, or name of the header"),
        validators=[
            Optional(),
            Length(max=120),
            Regexp(r"^[!-~]+$", message=_l("Letters, digits and signs only, without accents or spaces.")),
        ],
    )
    secret = PasswordField(
        _l("Password or key"),
        validators=[Optional(), Length(max=1000), Regexp(r"^[ -~]+$", message=_l("Letters, digits and signs only."))],
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Return whether the fields fit; a credential has a name, and a header's is not one that carries the request."""
        sound = bool(super().validate(extra_validators))
        kind, name = self.credential.data, self.credential_name.data or ""
        refusal = None
        if kind != Credential.NONE and not name:
            refusal = _("This is needed.")
        elif kind == Credential.HEADER and (name.lower() in _CARRYING or not _TOKEN.fullmatch(name)):
            refusal = _("This header cannot be set.")
        if refusal is not None and not self.credential_name.errors:
            self.credential_name.errors = [refusal]
            sound = False
        return sound

    def show(self, feed: Feed) -> None:
        """Show a feed's settings, all but its secret."""
        self.process(
            obj=feed,
            every=feed.every.value,
            credential=feed.credential.value,
            empty_cells="clear" if feed.clear_empty else "keep",
        )
        self.secret.data = ""

    def values(self) -> dict[str, Any]:
        """Return the settings as a feed holds them, without the secret."""
        open_to_all = self.credential.data == Credential.NONE
        return {
            "name": (self.name.data or "").strip(),
            "address": (self.address.data or "").strip(),
            "every": Every(self.every.data),
            "hour": self.hour.data,
            "weekday": self.weekday.data,
            "full_replacement": self.full_replacement.data,
            "clear_empty": self.empty_cells.data == "clear",
            "credential": Credential(self.credential.data),
            "credential_name": "" if open_to_all else self.credential_name.data or "",
        }
