"""The tree, its levels and its value lists as files that go out and come back: what is exported is read again the same.

Promise: a file is taken whole or refused with its line; Google's two languages meet by id, the newer one giving the
shape. Not here: writing to the database (`ruling`, `updates`).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from backoffice.errors import Invalid
from backoffice.exporting import safe_cell
from catalog import taxonomy, tree
from catalog.requirements import EVERYWHERE, Level
from catalog.sheets import Locale
from catalog.taxonomies import levels, ruling, values
from catalog.taxonomy import Category, Taxonomy, TaxonomyRefused, records

LEVEL_COLUMNS = ("category", "attribute", "level")
VALUE_COLUMNS = ("attribute", "value", "label_en", "synonyms_fr", "synonyms_en")
PARTED = "|"
_VERSION = re.compile(r"version\s*:\s*(\d{4}-\d\d-\d\d)", re.IGNORECASE)


def _line(cells: Iterable[Any]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([safe_cell(cell) for cell in cells])
    return out.getvalue()


# ---- out -----------------------------------------------------------------------------------------------------------


def tree_csv() -> Iterator[str]:
    """Yield the lines of the tree: id, parent, both labels."""
    yield _line(taxonomy.COLUMNS)
    for one in tree.current().taxonomy:
        yield _line((one.id, one.parent, one.labels.get("fr"), one.labels.get("en")))


def levels_csv() -> Iterator[str]:
    """Yield the lines of all stated levels, those that come with Comptoir among them."""
    yield _line(LEVEL_COLUMNS)
    for code, asked in sorted(levels.stated().items()):
        for attribute, level in sorted(asked.items()):
            yield _line((code, attribute, level.value))


def values_csv() -> Iterator[str]:
    """Yield the lines of the operator's own values and words."""
    yield _line(VALUE_COLUMNS)
    for row in values.own():
        synonyms = (PARTED.join(row.synonyms.get(locale, ())) for locale in ("fr", "en"))
        yield _line((row.attribute, row.value, row.label_en, *synonyms))


# ---- in ------------------------------------------------------------------------------------------------------------


def read_trees(contents: Sequence[tuple[bytes, Locale]]) -> Taxonomy:
    """Return one tree of a file, or of the same tree's two languages; raises TaxonomyRefused.

    Of two versions the newer gives the shape, and the older its labels for what both have.
    """
    read = []
    for content, locale in contents:
        lines = taxonomy.lines_of(content)
        read.append((_version(lines), taxonomy.read_taxonomy(lines, locale)))
    read.sort(key=lambda pair: pair[0], reverse=True)
    found = read[0][1]
    for _older, other in read[1:]:
        found = _labelled(found, other)
    return found


def _version(lines: Sequence[str]) -> str:
    found = _VERSION.search(lines[0]) if lines else None
    return found[1] if found else ""


def _labelled(shape: Taxonomy, other: Taxonomy) -> Taxonomy:
    return Taxonomy.of(
        Category(one.id, one.parent, {**(other[one.id].labels if one.id in other else {}), **one.labels})
        for one in shape
    )


def take_levels(content: bytes, *, by: Any) -> int:
    """Set the levels of a file; returns how many changed. Raises TaxonomyRefused with the line."""
    known, defaults = tree.current().taxonomy, levels.DEFAULT_LEVELS
    asked: list[tuple[str, str, Level | None]] = []
    for line, cells in records(taxonomy.lines_of(content), LEVEL_COLUMNS):
        code, attribute, said = (cells[name] for name in LEVEL_COLUMNS)
        if code != EVERYWHERE and code not in known and code not in defaults:
            raise TaxonomyRefused("unknown_category", line, id=code)
        if attribute not in levels.ASKABLE:
            raise TaxonomyRefused("unknown_attribute", line, attribute=attribute)
        if said and said not in set(Level):
            raise TaxonomyRefused("unknown_level", line, level=said)
        level = Level(said) if said else None
        # What is as it comes with Comptoir is no word of the operator's; a category that this tree lacks is passed over.
        if level == defaults.get(code, {}).get(attribute):
            level = None
        if code == EVERYWHERE or code in known:
            asked.append((code, attribute, level))
    return ruling.put_levels(asked, by=by)


def take_values(content: bytes, *, by: Any) -> int:
    """Add the values and words of a file; returns how many lines. Raises TaxonomyRefused with the line."""
    count = 0
    for line, cells in records(taxonomy.lines_of(content), VALUE_COLUMNS):
        synonyms = {locale: cells[f"synonyms_{locale}"].split(PARTED) for locale in ("fr", "en")}
        try:
            ruling.put_value(cells["attribute"], cells["value"], label_en=cells["label_en"], synonyms=synonyms, by=by)
        except Invalid as refused:
            raise TaxonomyRefused("refused", line, sentence=refused.message) from refused
        count += 1
    return count
