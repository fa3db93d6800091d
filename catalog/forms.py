"""The catalogue's forms."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, SelectField
from wtforms.validators import DataRequired

from backoffice.database import key_in
from backoffice.extensions import db
from backoffice.options import options
from backoffice.vendors.models import Vendor


class TakingForm(FlaskForm):
    """Whose product sheets come, and how they are to be taken, whichever way they come."""

    vendor = SelectField(_l("Vendor"), coerce=int, validators=[DataRequired(_l("Choose the vendor."))])
    empty_cells = SelectField(
        _l("An empty cell"),
        choices=options([("keep", _l("leaves the value as it is")), ("clear", _l("clears the value"))]),
    )
    full_replacement = BooleanField(
        _l("This file replaces my whole catalogue: sheets that are not in it are withdrawn")
    )

    def offer_vendors(self, user: Any, chosen: str = "") -> None:
        """Offer staff all vendors by name; a vendor's own user has no choice to make."""
        if not user.is_staff:
            del self.vendor
            return
        query = sa.select(Vendor.id, Vendor.name).order_by(Vendor.name)
        self.vendor.choices = options(db.session.execute(query).all())
        if not self.is_submitted():
            self.vendor.data = key_in(chosen)

    def vendor_id(self, user: Any) -> int:
        """Return the vendor that the sheets are for."""
        return int(self.vendor.data if user.is_staff else user.vendor_id)


class UploadForm(TakingForm):
    """A file of product sheets and how it is to be taken."""

    file = FileField(_l("File of product sheets"), validators=[FileRequired(_l("Choose a file."))])
