"""The forms of the tree's administration."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from backoffice.options import options
from catalog.sheets import Locale
from catalog.taxonomies.files import read_trees
from catalog.taxonomy import LABEL_LENGTH, Taxonomy, TaxonomyRefused

# Google's tree, the longest in use, is a tenth of this.
LONGEST_FILE = 5_000_000


def content_of(field: Any) -> bytes | None:
    """Return a sent file's bytes, None with the reason at the field where it is too large."""
    content: bytes = field.data.stream.read(LONGEST_FILE + 1)
    if len(content) <= LONGEST_FILE:
        return content
    field.errors = [*field.errors, _("This file is too large for a category tree.")]
    return None


class TreeForm(FlaskForm):
    """A file of categories, the same in the other language, and whether what it lacks is gone."""

    file = FileField(_l("File"), validators=[FileRequired(_l("Choose a file."))])
    locale = SelectField(
        _l("Language of a Google file"), choices=options([("fr", _l("French")), ("en", _l("English"))])
    )
    second = FileField(_l("The same in the other language"), [Optional()])
    whole = BooleanField(_l("It is the whole tree: Google categories that it lacks are gone"))

    def read(self, reader: Locale) -> Taxonomy | None:
        """Return the file's tree, or None with the reason at the field."""
        first: Locale = "en" if self.locale.data == "en" else "fr"
        other: Locale = "fr" if first == "en" else "en"
        given = [(self.file, first), *([(self.second, other)] if self.second.data else [])]
        contents = [(content_of(field), locale) for field, locale in given]
        kept = [(content, locale) for content, locale in contents if content is not None]
        if len(kept) < len(contents):
            return None
        at = self.file
        try:
            if len(kept) > 1:
                at = self.second
                read_trees(kept[1:])
                at = self.file
            return read_trees(kept)
        except TaxonomyRefused as error:
            at.errors = [*at.errors, error.message(reader)]
            return None


class FileForm(FlaskForm):
    """A file of levels or values."""

    file = FileField(_l("File"), validators=[FileRequired(_l("Choose a file."))])


class CategoryForm(FlaskForm):
    """A new category, or other names for one."""

    code = StringField(_l("Number"), [Optional(), Length(max=40)])
    parent = StringField(_l("Above it: number of a category"), [Optional()])
    label_fr = StringField(_l("French name"), [Optional(), Length(max=LABEL_LENGTH)])
    label_en = StringField(_l("English name"), [Optional(), Length(max=LABEL_LENGTH)])
    version = HiddenField()


class ValueForm(FlaskForm):
    """A value of a list with its words; words are parted by commas or lines."""

    value = StringField(_l("Value"), [InputRequired(_l("Write the value.")), Length(max=80)])
    label_en = StringField(_l("In English"), [Optional(), Length(max=80)])
    synonyms_fr = TextAreaField(_l("Other French words for it"), [Optional(), Length(max=2000)])
    synonyms_en = TextAreaField(_l("Other English words for it"), [Optional(), Length(max=2000)])

    def synonyms(self) -> dict[str, list[str]]:
        """Return the words by language."""
        said = {"fr": self.synonyms_fr.data or "", "en": self.synonyms_en.data or ""}
        return {locale: text.replace(",", "\n").splitlines() for locale, text in said.items()}


class ThresholdForm(FlaskForm):
    """The score from which a category is taken without a person."""

    share = StringField(
        _l("Take a category from this score on"), [InputRequired(_l("Write a number from 0 to 1.")), Length(max=10)]
    )
