"""The form on the style page: one field of each kind, some of them wrong, to look at."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DecimalField,
    EmailField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    URLField,
)
from wtforms.validators import Email, InputRequired, Optional

from backoffice.options import options


class SampleForm(FlaskForm):
    """One field of each kind."""

    name = StringField(_l("Company name"), [InputRequired()], description=_l("As on the registration extract."))
    email = EmailField(_l("E-mail"), [Email(_l("This address has no domain. Example: contact@example.com"))])
    site = URLField(_l("Web site"), [Optional()])
    rate = DecimalField(_l("Commission rate"))
    country = SelectField(_l("Country"), choices=options([("FR", "France"), ("BE", "Belgique")]))
    message = TextAreaField(_l("Reason"), description=_l("The vendor will read these words."))
    kind = RadioField(
        _l("Decision"), choices=options([("a", _l("Ask for a revision")), ("b", _l("Reject"))]), default="a"
    )
    accept = BooleanField(_l("I have read the terms of sale"), [InputRequired(_l("Tick this box to go on."))])
    file = FileField(_l("Catalogue"), description=_l("CSV, XLSX, XML or JSON."))
