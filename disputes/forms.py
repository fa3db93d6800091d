"""The forms of disputes; what was typed is kept, and each error stands at its field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from wtforms import BooleanField, HiddenField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import Email, InputRequired, Length, Optional

from backoffice import words
from backoffice.options import options
from disputes.models import Dispute
from disputes.offers import OFFERABLE
from disputes.settlement import OUTCOME_REMEDIES
from disputes.vocabulary import Fault, FundedBy, Outcome, Reason, Remedy, Wish


def choices(members: Iterable[StrEnum], *, empty: Any = None) -> list[SelectChoice]:
    """Return the members as a field offers them, with an empty first line where a choice must be made."""
    first = [("", str(empty))] if empty is not None else []
    return options([*first, *((member.value, words.label(member)) for member in members)])


class MoneyField(StringField):
    """An amount as people write it ("12,50", "1 299.00"); its data are minor units, 0 where nothing was written."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed; raises ValueError with words where it is no amount."""
        self.typed = valuelist[0].strip() if valuelist else ""
        plain = "".join(self.typed.replace("€", "").split()).replace(",", ".")
        try:
            amount = Decimal(plain or "0")
        except InvalidOperation:
            raise ValueError(_("Write an amount such as 12.50.")) from None
        # A number beyond any order, or with more decimals than cents, is a slip of the hand.
        if not amount.is_finite() or abs(amount) > 10_000_000 or amount != round(amount, 2):
            raise ValueError(_("Write an amount such as 12.50."))
        self.data = int(amount * 100)

    def _value(self) -> str:
        return getattr(self, "typed", "")


class FindOrderForm(FlaskForm):
    """Order number and e-mail address, by which a buyer without an account finds the order."""

    basket = StringField(_l("Order number"), validators=[InputRequired(_l("Write your order number.")), Length(max=80)])
    email = StringField(
        _l("E-mail address"), validators=[InputRequired(_l("Write your e-mail address.")), Email(), Length(max=254)]
    )


class ComplaintForm(FlaskForm):
    """Second step of opening: what happened, in a word and in words, and what the buyer asks for."""

    reason = SelectField(_l("What happened?"), validators=[InputRequired(_l("Choose what happened."))])
    words = TextAreaField(
        _l("Tell us more"),
        description=_l("What you expected, what you received, since when. The vendor reads it."),
        validators=[InputRequired(_l("Say in a few words what happened.")), Length(min=10, max=5000)],
    )
    wish = SelectField(_l("What do you ask for?"), validators=[InputRequired(_l("Choose what you ask for."))])
    safety_risk = BooleanField(_l("Someone was hurt, or could be"), validators=[Optional()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reason.choices = choices(Reason, empty=_("Choose…"))
        self.wish.choices = choices(Wish, empty=_("Choose…"))


class SendForm(FlaskForm):
    """Third step of opening: pictures, and the button."""

    files = MultipleFileField(_l("Photos or documents"), validators=[Optional()])


class _OfferForm(FlaskForm):
    version = HiddenField()
    remedy = SelectField(_l("What you offer"), validators=[InputRequired(_l("Choose what you offer."))])
    words = TextAreaField(_l("A word to go with it"), validators=[Optional(), Length(max=5000)])


class _DecisionForm(FlaskForm):
    version = HiddenField()
    outcome = SelectField(_l("Outcome"), validators=[InputRequired(_l("Choose the outcome."))])
    remedy = SelectField(_l("Solution"), validators=[InputRequired(_l("Choose the solution."))])
    fault = SelectField(_l("Responsibility"), validators=[InputRequired(_l("Choose who is responsible."))])
    funded_by = SelectField(_l("Who pays"), validators=[InputRequired(_l("Choose who pays."))])
    reason = TextAreaField(
        _l("Reasons"),
        description=_l("Both parties read them."),
        validators=[InputRequired(_l("Give the reasons of the decision.")), Length(max=5000)],
    )


def _with_amounts(form: type[FlaskForm], dispute: Dispute) -> type[FlaskForm]:
    """Return the form with an amount for each line of the dispute."""
    fields = {
        f"amount_{line.order_line_id}": MoneyField(
            _("Amount for “%(title)s”", title=line.order_line.title or line.sku), validators=[Optional()]
        )
        for line in dispute.lines
    }
    return type(form.__name__, (form,), fields)


def offer_form(dispute: Dispute) -> FlaskForm:
    """Return the form of a settlement offer on this dispute's lines."""
    form = _with_amounts(_OfferForm, dispute)()
    form.remedy.choices = choices(OFFERABLE, empty=_("Choose…"))
    return form


def decision_form(dispute: Dispute) -> FlaskForm:
    """Return the form of a decision on this dispute's lines."""
    form = _with_amounts(_DecisionForm, dispute)()
    form.outcome.choices = choices([o for o in Outcome if o in OUTCOME_REMEDIES], empty=_("Choose…"))
    form.remedy.choices = choices(Remedy, empty=_("Choose…"))
    form.fault.choices = choices(Fault, empty=_("Choose…"))
    form.funded_by.choices = choices(FundedBy, empty=_("Choose…"))
    return form


def amounts_of(form: FlaskForm) -> dict[int, int]:
    """Return the amounts of the form in minor units by order line."""
    return {
        int(field.name.removeprefix("amount_")): field.data or 0 for field in form if field.name.startswith("amount_")
    }


def place_errors(form: FlaskForm, details: Mapping[str, str]) -> None:
    """Put the refusal of the work below at the fields it names."""
    for name, sentence in details.items():
        if name in form:
            form[name].errors = [*form[name].errors, sentence]
        else:
            form.form_errors.append(sentence)
