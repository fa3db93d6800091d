"""The forms of vendors; those of the checklist are built from a table of fields by the requirement's own list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pycountry
from babel import Locale
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    EmailField,
    Field,
    HiddenField,
    SelectChoice,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
    URLField,
)
from wtforms.validators import URL, DataRequired, Email, Length, Optional, ValidationError

from backoffice.accounts.forms import LANGUAGES
from backoffice.database import key_in
from backoffice.options import in_reading_order, options
from backoffice.permissions import Permission, may
from backoffice.vendors import checks
from backoffice.vendors.lifecycle import Action
from backoffice.vendors.models import CheckResult, LegalForm, SuspensionReason, Vendor, VendorStatus
from backoffice.vendors.portfolio import managers
from backoffice.vendors.vetting import Judgement, facts_of, normalized
from backoffice.vendors.words import FIELD_NAMES, evidence
from backoffice.words import label

NEEDED = _l("This is needed.")


def _one_line(text: str | None) -> str | None:
    return " ".join(text.split()) if text else text


def _countries() -> list[SelectChoice]:
    """Return the countries in the reader's language, France first: most vendors are established there."""
    names = Locale.parse(str(get_locale() or "fr")).territories
    codes = [country.alpha_2 for country in pycountry.countries]
    listed = in_reading_order((code, names.get(code, code)) for code in codes)
    return options(sorted(listed, key=lambda pair: pair[0] != "FR"))


def _legal_forms() -> list[SelectChoice]:
    return options((form.value, label(form)) for form in LegalForm)


def _text(longest: int, **render: Any) -> Callable[[str, bool], Any]:
    def make(name: str, needed: bool) -> Any:
        rules = [_presence(needed), Length(max=longest)]
        return StringField(FIELD_NAMES[name], rules, filters=[_one_line], render_kw=render)

    return make


def _presence(needed: bool) -> Any:
    return DataRequired(NEEDED) if needed else Optional()


# How each column of a vendor is asked for; `needed` is whether it may stay empty.
FIELDS: dict[str, Callable[[str, bool], Any]] = {
    "name": _text(160, autocomplete="organization"),
    "legal_name": _text(160, autocomplete="organization"),
    "legal_form": lambda name, _needed: SelectField(FIELD_NAMES[name], choices=_legal_forms),
    "country": lambda name, _needed: SelectField(FIELD_NAMES[name], choices=_countries),
    "siren": _text(20, inputmode="numeric", autocomplete="off"),
    "siret": _text(24, inputmode="numeric", autocomplete="off"),
    "registration_number": _text(40, autocomplete="off"),
    "vat_number": _text(24, autocomplete="off"),
    "iban": _text(42, autocomplete="off"),
    "bic": _text(14, autocomplete="off"),
    "account_holder": _text(160, autocomplete="off"),
    "contact_name": _text(160, autocomplete="name"),
    "email": lambda name, needed: EmailField(
        FIELD_NAMES[name],
        [_presence(needed), Email(_l("This is not an e-mail address.")), Length(max=254)],
        render_kw={"autocomplete": "email"},
    ),
    "phone": lambda name, needed: TelField(
        FIELD_NAMES[name], [_presence(needed), Length(max=30)], render_kw={"autocomplete": "tel"}
    ),
    "website": lambda name, needed: URLField(
        FIELD_NAMES[name],
        [_presence(needed), URL(message=_l("Write the whole address, beginning with https://.")), Length(max=300)],
    ),
    "street": _text(200, autocomplete="street-address"),
    "postcode": _text(12, autocomplete="postal-code"),
    "city": _text(100, autocomplete="address-level2"),
    "locale": lambda name, _needed: SelectField(FIELD_NAMES[name], choices=options(LANGUAGES)),
    "presentation": lambda name, needed: TextAreaField(FIELD_NAMES[name], [_presence(needed), Length(max=4000)]),
}
# Which check speaks at which field of a form.
CHECK_AT_FIELD = {
    "siren": "siren",
    "siret": "siret",
    "siret_of_siren": "siret",
    "vat": "vat_number",
    "vat_of_siren": "vat_number",
    "iban": "iban",
    "bic": "bic",
    "phone": "phone",
}


class VendorForm(FlaskForm):
    """A form of a vendor's columns; a check that fails speaks at its field."""

    asked: tuple[str, ...] = ()

    def values(self) -> dict[str, Any]:
        """Return what was given, by column."""
        return {name: self[name].data or "" for name in self.asked}

    def validate(self, extra_validators: Any = None) -> bool:
        """Fill in the BIC that the IBAN tells, then ask every field."""
        if {"iban", "bic"} <= set(self.asked) and not self["bic"].data:
            self["bic"].data = checks.bic_of(self["iban"].data or "")
        return bool(super().validate(extra_validators))

    def taken(self, vendor: Vendor | None) -> bool:
        """Return whether the form was sent and all of it holds; one field left empty does not hide what is wrong in another."""
        if not self.is_submitted():
            return False
        valid = self.validate()
        return self._agrees(vendor) and valid

    def _agrees(self, vendor: Vendor | None) -> bool:
        """Return whether every check passes on the vendor with these values; adds the sentences at the fields."""
        facts = facts_of(vendor) if vendor is not None else {}
        values = {name: value for name, value in self.values().items() if not self[name].errors}
        given = normalized(values, str(values.get("country") or facts.get("country") or "FR"))
        facts = {**facts, **{name: str(value) for name, value in given.items()}}
        right = True
        for kind, name in CHECK_AT_FIELD.items():
            if name not in self.asked or self[name].errors:
                continue
            outcome = checks.run(kind, facts)
            if outcome.result == CheckResult.FAILED:
                self[name].errors = [*self[name].errors, evidence(outcome.evidence)]
                right = False
        return right


def vendor_form(fields: Sequence[str], optional: Sequence[str] = (), **kwargs: Any) -> VendorForm:
    """Return a form that asks for these columns."""
    members = {name: FIELDS[name](name, name in fields) for name in (*fields, *optional)}
    kind = type("AskedVendorForm", (VendorForm,), {**members, "asked": (*fields, *optional)})
    return kind(**kwargs)  # type: ignore[no-any-return]


PROSPECT_FIELDS = ("name", "legal_form", "country", "locale")
PROSPECT_OPTIONAL = ("contact_name", "email", "phone", "website", "siren", "city", "presentation")
EDIT_FIELDS = ("name", "legal_form", "country", "locale")
EDIT_OPTIONAL = tuple(name for name in FIELDS if name not in EDIT_FIELDS)


class ApplicationForm(VendorForm):
    """The short public form; `fax` is a trap that people do not see and programs fill."""

    asked = ("name", "legal_form", "country", "contact_name", "email", "phone", "siren", "presentation")
    name = FIELDS["name"]("name", True)
    legal_form = FIELDS["legal_form"]("legal_form", True)
    country = FIELDS["country"]("country", True)
    contact_name = FIELDS["contact_name"]("contact_name", True)
    email = FIELDS["email"]("email", True)
    phone = FIELDS["phone"]("phone", True)
    siren = FIELDS["siren"]("siren", False)
    presentation = FIELDS["presentation"]("presentation", True)
    fax = StringField(_l("Leave this empty"), [Optional()])


class ColleagueForm(FlaskForm):
    """Whom to invite to work for the vendor."""

    email = EmailField(
        _l("E-mail"), [DataRequired(NEEDED), Email(_l("This is not an e-mail address.")), Length(max=254)]
    )
    name = StringField(_l("Name"), [Optional(), Length(max=120)], filters=[_one_line])


class TermsForm(FlaskForm):
    """Accepting the terms, by name."""

    signer = StringField(
        _l("First and last name of who accepts"), [DataRequired(NEEDED), Length(max=160)], filters=[_one_line]
    )
    accepted = BooleanField(
        _l("I have read the terms and accept them for the vendor."), [DataRequired(_l("Tick to accept."))]
    )


class DocumentForm(FlaskForm):
    """A document to be judged."""

    document = FileField(_l("Document"), [FileRequired(_l("Choose a file."))])


class ActForm(FlaskForm):
    """One move of the vendor's status, as decided on a page that showed `version`."""

    action = SelectField(choices=options((action.value, action.value) for action in Action))
    reason = TextAreaField(_l("Reason, as the vendor will read it"), [Optional(), Length(max=4000)])
    because = SelectField(
        _l("Kind of suspension"),
        [Optional()],
        choices=lambda: options((reason.value, label(reason)) for reason in SuspensionReason),
        default=SuspensionReason.MANUAL.value,
    )
    version = HiddenField()

    def seen_version(self) -> int | None:
        """Return the version the page showed, None where it showed none."""
        return key_in(self.version.data)


class JudgeForm(FlaskForm):
    """One item judged."""

    judgement = SelectField(choices=options((judgement.value, judgement.value) for judgement in Judgement))
    words = StringField(_l("What the vendor should do, or why it is waived"), [Optional(), Length(max=2000)])
    version = HiddenField()


class ManagerForm(FlaskForm):
    """Who looks after the vendor."""

    manager = SelectField(
        _l("Account manager"), choices=lambda: options([("", "—"), *((str(m.id), m.display_name) for m in managers())])
    )

    def validate_manager(self, field: Field) -> None:
        """Refuse someone who may not."""
        chosen = {str(person.id): person for person in managers()}.get(field.data)
        if field.data and (chosen is None or not may(chosen, Permission.MANAGE_VENDORS)):
            raise ValidationError(_l("This person cannot look after a vendor."))


def status_choices() -> list[tuple[str, str]]:
    """Return the states a list is narrowed by."""
    return [("", str(_l("all states"))), *((status.value, label(status)) for status in VendorStatus)]
