"""The form that says where a rule is switched off."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.validators import Optional

from backoffice.errors import Invalid
from backoffice.extensions import db
from backoffice.options import options
from backoffice.vendors.models import Vendor
from catalog import issues
from catalog.review import category_named
from catalog.sheets import Locale
from catalog.switches.scopes import Scope, attributes_of


class ScopeForm(FlaskForm):
    """An attribute of the rule, a category and a vendor; each may be left open."""

    attribute = SelectField(_l("Attribute"), validators=[Optional()])
    category = StringField(_l("Category and those below"), validators=[Optional()])
    vendor = SelectField(_l("Vendor"), validators=[Optional()])

    def offer(self, rule: str, reader: Locale) -> None:
        """Offer the rule's attributes and every vendor, and for each of both all of them."""
        names = attributes_of(rule)
        labelled = [(name, issues.attribute_label(name, reader)) for name in names]
        self.attribute.choices = options([("", _("All it works on")), *(labelled if len(names) > 1 else [])])
        named = db.session.execute(sa.select(Vendor.id, Vendor.name).order_by(Vendor.name))
        self.vendor.choices = options([("", _("All vendors")), *((str(number), name) for number, name in named)])

    def scope(self, rule: str, reader: Locale) -> Scope | None:
        """Return the scope that was asked for, or None with the reason at its field."""
        if not self.validate():
            return None
        category = None
        try:
            said = (self.category.data or "").strip()
            category = category_named(said, reader) if said else None
        except Invalid as refusal:
            self.category.errors = [refusal.message]
            return None
        return Scope(rule, self.attribute.data or "", category, int(self.vendor.data) if self.vendor.data else None)
