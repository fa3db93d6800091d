"""The forms of accounts: what is asked, and the sentence at the field where it cannot be taken."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import EmailField, Field, PasswordField, RadioField, SelectChoice, SelectField, StringField
from wtforms.validators import DataRequired, Email, Length, Optional, ValidationError

from backoffice.accounts import passwords
from backoffice.options import options
from backoffice.permissions import STAFF, Role
from backoffice.words import label

NEEDED = _l("This is needed.")
LANGUAGES = [("fr", "Français"), ("en", "English")]
THEMES = [("auto", _l("As the device")), ("light", _l("Light")), ("dark", _l("Dark"))]


def _staff_choices() -> list[SelectChoice]:
    return options((role.value, label(role)) for role in Role if role in STAFF)


class LoginForm(FlaskForm):
    """Who are you?"""

    email = EmailField(_l("E-mail"), [DataRequired(NEEDED), Length(max=254)])
    password = PasswordField(_l("Password"), [DataRequired(NEEDED)])


class EmailForm(FlaskForm):
    """Where should the link go?"""

    email = EmailField(
        _l("E-mail"), [DataRequired(NEEDED), Email(_l("This is not an e-mail address.")), Length(max=254)]
    )


class NewPasswordForm(FlaskForm):
    """A new password, typed twice."""

    password = PasswordField(_l("New password"), [DataRequired(NEEDED)])
    again = PasswordField(_l("New password, once more"), [DataRequired(NEEDED)])

    def __init__(self, *args: Any, email: str = "", person: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._email, self._person = email, person

    def validate_password(self, field: Field) -> None:
        """Refuse what is short, usual, or made of the person's own name."""
        trouble = passwords.problem(field.data, email=self._email, name=self._person)
        if trouble:
            raise ValidationError(trouble)

    def validate_again(self, field: Field) -> None:
        """Refuse a second typing unlike the first."""
        if field.data != self.password.data:
            raise ValidationError(_("The two passwords are not the same."))


class JoinForm(NewPasswordForm):
    """What someone invited fills in."""

    name = StringField(_l("Your name"), [DataRequired(NEEDED), Length(max=120)])


class ChangePasswordForm(NewPasswordForm):
    """A new password, from someone who knows the old one."""

    current = PasswordField(_l("Current password"), [DataRequired(NEEDED)])

    def validate_current(self, field: Field) -> None:
        """Ask for the password that is known."""
        if not passwords.verify(current_user, field.data):
            raise ValidationError(_("This is not your current password."))


class ProfileForm(FlaskForm):
    """What a person chooses for themselves."""

    name = StringField(_l("Name"), [DataRequired(NEEDED), Length(max=120)])
    locale = SelectField(_l("Language"), choices=options(LANGUAGES))
    theme = RadioField(_l("Appearance"), choices=options(THEMES))


class InviteForm(FlaskForm):
    """Whom to invite, and as what; a vendor's users are invited from the vendor's page."""

    email = EmailField(
        _l("E-mail"), [DataRequired(NEEDED), Email(_l("This is not an e-mail address.")), Length(max=254)]
    )
    name = StringField(_l("Name"), [Optional(), Length(max=120)])
    role = SelectField(_l("Role"), choices=_staff_choices)
    locale = SelectField(_l("Language"), choices=options(LANGUAGES))


class RoleForm(FlaskForm):
    """Another role for a member of the staff."""

    role = SelectField(_l("Role"), choices=_staff_choices)


class TokenForm(FlaskForm):
    """A key for a program: what it is for, and whose data it opens."""

    name = StringField(_l("What is it for?"), [DataRequired(NEEDED), Length(max=120)])
    vendor = SelectField(_l("Opens"), choices=[])
