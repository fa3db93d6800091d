"""What editors fill in to steer searches: read from the address while it is tried, from the form when it is saved."""

from __future__ import annotations

from typing import Any

from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, DateField, FloatField, HiddenField, IntegerField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from backoffice.options import options
from catalog.search.queries import Synonym
from catalog.sheets import Locale
from catalog.steering.active import Rule
from catalog.steering.models import RuleKind
from catalog.steering.words import KINDS

LANGUAGES = (("fr", _l("French")), ("en", _l("English")))


class _Tried(FlaskForm):
    class Meta:
        """Trying changes nothing; the saving form carries the house's own token."""

        csrf = False


class SynonymForm(_Tried):
    """Two words or phrases, and in which direction they mean the same."""

    locale = SelectField(_l("Language"), choices=options(LANGUAGES))
    term = StringField(_l("Who searches"), validators=[DataRequired(_l("Write a word.")), Length(max=80)])
    means = StringField(_l("also finds"), validators=[DataRequired(_l("Write a word.")), Length(max=80)])
    both_ways = BooleanField(_l("And the other way round"))
    reason = StringField(_l("Why"), validators=[Optional(), Length(max=300)])
    gap = HiddenField()

    def entry(self) -> Synonym:
        """Return what was filled in."""
        return Synonym(self.term.data or "", self.means.data or "", bool(self.both_ways.data))

    def language(self) -> Locale:
        """Return the language it holds in."""
        return "en" if self.locale.data == "en" else "fr"


class FactorField(FloatField):
    """A number as the reader writes it: 1,5 in French; a point is read in both languages."""

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else format_decimal(self.data) if self.data is not None else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; raises ValueError for what is none."""
        if not valuelist:
            return
        try:
            self.data = float(valuelist[0].replace(",", "."))
        except ValueError:
            self.data = None
            raise ValueError(_("Write a number, such as %(example)s.", example=format_decimal(1.5))) from None


class RuleForm(_Tried):
    """A boost or a pin for one search."""

    kind = SelectField(_l("What"), choices=options((kind.value, said) for kind, said in KINDS.items()))
    query = StringField(_l("Who searches"), validators=[DataRequired(_l("Write a search.")), Length(max=120)])
    target = StringField(
        _l("Product number, brand or category number"), validators=[DataRequired(_l("Say what.")), Length(max=120)]
    )
    rank = IntegerField(_l("Place"), default=1, validators=[Optional()])
    factor = FactorField(_l("Factor"), default=1.5, validators=[Optional()])
    starts_on = DateField(_l("First day"), validators=[Optional()])
    ends_on = DateField(_l("Last day"), validators=[Optional()])
    reason = StringField(_l("Why"), validators=[Optional(), Length(max=300)])

    def rule(self) -> Rule:
        """Return what was filled in."""
        return Rule(
            RuleKind(self.kind.data), self.query.data or "", (self.target.data or "").strip(),
            factor=self.factor.data if self.factor.data is not None else 1.0,
            rank=self.rank.data if self.rank.data is not None else 1,
            starts_on=self.starts_on.data, ends_on=self.ends_on.data,
        )  # fmt: skip


class SynonymFileForm(FlaskForm):
    """A file of synonyms."""

    file = FileField(_l("CSV file"), validators=[FileRequired(_l("Choose a file."))])


class KeywordForm(FlaskForm):
    """A word given to a sheet."""

    listing = IntegerField(validators=[InputRequired()])
    term = StringField(validators=[DataRequired(), Length(max=120)])


def said(form: FlaskForm) -> dict[str, Any]:
    """Return the form's values as hidden fields of the form that saves."""
    fields = ((field.name, field.data) for field in form if field.name != "csrf_token")
    return {name: ("1" if value is True else str(value)) for name, value in fields if value not in (None, "", False)}


def explained(error: str) -> str:
    """Return the sentence over a form that cannot be saved as it is."""
    return _("This cannot be saved: %(why)s", why=error)
