"""The catalogue's forms."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, SelectField
from wtforms.validators import DataRequired

from backoffice.extensions import db
from backoffice.vendors.models import Vendor
from catalog import taxonomy
from catalog.sheets import Locale

# Google's tree, the longest in use, is a tenth of this.
LONGEST_TREE = 5_000_000


class UploadForm(FlaskForm):
    """A file of product sheets and how it is to be taken."""

    vendor = SelectField(_l("Vendor"), coerce=int, validators=[DataRequired(_l("Choose the vendor."))])
    file = FileField(_l("File of product sheets"), validators=[FileRequired(_l("Choose a file."))])
    empty_cells = SelectField(
        _l("An empty cell"), choices=[("keep", _l("leaves the value as it is")), ("clear", _l("clears the value"))]
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
        self.vendor.choices = [(number, name) for number, name in db.session.execute(query)]
        if chosen.isdigit() and not self.is_submitted():
            self.vendor.data = int(chosen)

    def vendor_id(self, user: Any) -> int:
        """Return the vendor that the file is for."""
        return int(self.vendor.data if user.is_staff else user.vendor_id)


class TreeForm(FlaskForm):
    """A file of categories, and the language of a file that has one."""

    file = FileField(_l("File"), validators=[FileRequired(_l("Choose a file."))])
    locale = SelectField(_l("Language of a Google file"), choices=[("fr", _l("French")), ("en", _l("English"))])

    def read(self, reader: Locale) -> list[taxonomy.Category] | None:
        """Return the file's categories, or None with the reason at the field."""
        content = self.file.data.stream.read(LONGEST_TREE + 1)
        language: Locale = "en" if self.locale.data == "en" else "fr"
        refusal = _("This file is too large for a category tree.") if len(content) > LONGEST_TREE else None
        try:
            read = [] if refusal else list(taxonomy.read_taxonomy(content.decode("utf-8-sig").splitlines(), language))
        except UnicodeDecodeError:
            refusal = _("This file is not UTF-8 text.")
        except taxonomy.TaxonomyRefused as error:
            refusal = error.message(reader)
        if refusal is None:
            return read
        self.file.errors = [*self.file.errors, refusal]
        return None
