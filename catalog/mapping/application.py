"""A mapping applied to rows: cells in the marketplace's attributes, still in the vendor's words.

Promise: units and currencies of a header or of a sister column go with the values; levels of a category are joined;
further images are parted from the first; nothing is dropped (columns without attribute are kept as extras).
Not here: harmonization of the values. A plan is compiled once for a mapping: 20,000 rows a second and more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from catalog.mapping.columns import ColumnMapping
from catalog.mapping.packed import pairs
from catalog.mapping.reading import BARE_NUMBER, CURRENCIES, UNITS, is_packed, plain
from catalog.mapping.rules import NO_RULES, Rules
from catalog.sheets import MappedSheet, Row

LEVEL_SEPARATOR = " > "
MULTI_SEPARATOR = " | "
BULLET_ORDER = 100
CONTINUED_BY = "#continued_by"
"""Key of `extras` that names the rows (images of one product) that were folded into a sheet."""

HELD_ROWS = 2_000
"""Rows of one group held together; Shopify allows a product 2,000 variants."""

_URLS = re.compile(r"(?:https?:)?//[^\s|]+?(?=[,;|\s]+(?:https?:)?//|[\s|]|[,;]*$)", re.I)
# What Shopify writes as the one variant of a product without options.
NO_CHOICE = "Default Title"
_OPTION = re.compile(r"Option\d Value")
_BY_ID = re.compile(r"id:\s*(\d+)")
_GROUP_VALUES = (
    "title",
    "description",
    "brand",
    "product_type",
    "google_product_category",
    "gender",
    "age_group",
    "material",
)
_PICTURED_VALUES = (*_GROUP_VALUES, "image_link")
_PARENT_VALUES = (*_PICTURED_VALUES, "weight")
_OWN_VALUES = frozenset(("id", "price", "gtin", "stock", "size", "color"))


@dataclass(frozen=True, slots=True)
class _Feed:
    """One attribute and the columns that feed it, in order; units by column, companions by column."""

    attribute: str
    headers: tuple[str, ...]
    units: Mapping[str, str]
    companions: Mapping[str, str]
    join: str | None


@dataclass(frozen=True, slots=True)
class _Plan:
    simple: tuple[tuple[str, str], ...]
    feeds: tuple[_Feed, ...]
    images: str | None
    options: tuple[tuple[str, str], ...]
    unmapped: tuple[str, ...]
    packed: tuple[str, ...]


_compiled: tuple[tuple[ColumnMapping, ...], _Plan] | None = None


def apply_mapping(row: Row, columns: Sequence[ColumnMapping], rules: Rules = NO_RULES) -> MappedSheet:
    """Return a row in attributes; empty cells give no value, columns without attribute become extras.

    The vendor's rules work on what the columns gave, before images are parted.
    """
    global _compiled
    key = tuple(columns)
    known = _compiled
    if known is None or known[0] != key:
        known = _compiled = (key, _plan(key))
    plan, cells = known[1], row.cells
    values: dict[str, str] = {}
    sources: dict[str, str] = {}
    for attribute, header in plan.simple:
        value = cells.get(header)
        if value and (value := value.strip()):
            values[attribute] = value
            sources[attribute] = header
    for feed in plan.feeds:
        _feed(feed, cells, values, sources)
    for header in plan.packed:
        for attribute, value in pairs(cells.get(header, "")):
            if values.setdefault(attribute, value) is value:
                sources.setdefault(attribute, header)
    for attribute, header in plan.options:
        if sources.get(attribute) == header and values[attribute] == NO_CHOICE:
            del values[attribute], sources[attribute]
    if rules:
        rules.apply(cells, values, sources)
    if (plan.images or "image_link" in rules.targets) and "image_link" in values:
        _part_images(values, sources)
    extras = {header: cells[header] for header in plan.unmapped if cells.get(header)}
    return MappedSheet(row.number, values, sources, extras)


def _plan(columns: tuple[ColumnMapping, ...]) -> _Plan:
    by_attribute: dict[str, list[ColumnMapping]] = {}
    for column in columns:
        if column.attribute:
            by_attribute.setdefault(column.attribute, []).append(column)
    simple, feeds = [], []
    for attribute, group in by_attribute.items():
        group.sort(key=lambda column: column.order)
        if len(group) == 1 and not group[0].unit and not group[0].companion:
            simple.append((attribute, group[0].header))
            continue
        units = {column.header: column.unit for column in group if column.unit}
        companions = {column.header: column.companion for column in group if column.companion}
        feeds.append(_Feed(attribute, tuple(c.header for c in group), units, companions, _join(attribute, group)))
    images = next((column.header for column in columns if column.attribute == "image_link"), None)
    unmapped = tuple(column.header for column in columns if not column.attribute)
    options = tuple((c.attribute, c.header) for c in columns if c.attribute and _OPTION.fullmatch(c.header))
    packed = tuple(header for header in unmapped if is_packed(header))
    return _Plan(tuple(simple), tuple(feeds), images, options, unmapped, packed)


def _join(attribute: str, group: Sequence[ColumnMapping]) -> str | None:
    """Return what joins several columns of an attribute, None where the first filled one is taken."""
    if attribute == "product_type":
        return LEVEL_SEPARATOR
    if attribute == "additional_image_link":
        return MULTI_SEPARATOR
    return "\n" if attribute == "description" and any(c.order >= BULLET_ORDER for c in group) else None


def _feed(feed: _Feed, cells: Mapping[str, str], values: dict[str, str], sources: dict[str, str]) -> None:
    parts: list[str] = []
    for header in feed.headers:
        value = (cells.get(header) or "").strip()
        if not value or (parts and value == parts[-1]):
            continue
        unit = feed.units.get(header) or _unit_in(cells.get(feed.companions.get(header, ""), ""))
        parts.append(f"{value} {unit}" if unit and BARE_NUMBER.fullmatch(value) else value)
        sources.setdefault(feed.attribute, header)
        if feed.join is None:
            break
    if parts:
        values[feed.attribute] = (feed.join or "").join(parts)


def _unit_in(text: str | None) -> str | None:
    """Return the usual sign of a unit or currency that a cell names ("KILOGRAM" → "kg"), or the cell's own word."""
    word = (text or "").strip()
    if not word:
        return None
    lower = word.lower()
    return CURRENCIES.get(lower) or UNITS.get(plain(lower)) or word


def _part_images(values: dict[str, str], sources: dict[str, str]) -> None:
    """Leave the first address in the image and move the others of the same cell to the further images."""
    cell = values["image_link"]
    if cell.count("//") < 2:
        return
    found = _URLS.findall(cell)
    if len(found) < 2:
        return
    values["image_link"] = found[0].rstrip(",;")
    more = [address.rstrip(",;") for address in found[1:]]
    known = values.get("additional_image_link")
    values["additional_image_link"] = MULTI_SEPARATOR.join([*more, *([known] if known else [])])
    if "image_link" in sources:
        sources.setdefault("additional_image_link", sources["image_link"])


def map_rows(rows: Iterable[Row], columns: Sequence[ColumnMapping], rules: Rules = NO_RULES) -> Iterator[MappedSheet]:
    """Yield the sheets of rows that may continue one product, in file order.

    A row that names an earlier one as its parent (WooCommerce, Amazon) inherits what it leaves empty. One that repeats
    the group of the row before it (Shopify) inherits the title, description, brand and categories; one that brings
    nothing but an image is folded into the group's first sheet, whose extras then name it under `CONTINUED_BY`. Only one
    group is held at a time, and of an endless one no more than `HELD_ROWS`; as many sheets are remembered as parents.
    """
    columns = tuple(columns)
    named = {*rules.targets, *(one.attribute for one in columns)}
    sheets: Iterator[MappedSheet] = (apply_mapping(row, columns, rules) for row in rows)
    if "item_group_id" in named:
        sheets = _continued(sheets)
    yield from _with_parents(sheets) if "parent_id" in named else sheets


def _with_parents(sheets: Iterable[MappedSheet]) -> Iterator[MappedSheet]:
    known: dict[str, MappedSheet] = {}
    for sheet in map(_plainly_parented, sheets):
        parent = known.get(sheet.values.get("parent_id", ""))
        yield _inherited(sheet, parent, _PARENT_VALUES) if parent else sheet
        if "parent_id" not in sheet.values and "id" in sheet.values:
            known[sheet.values["id"]] = sheet
            if len(known) > HELD_ROWS:
                del known[next(iter(known))]


def _plainly_parented(sheet: MappedSheet) -> MappedSheet:
    """Read "id:44" as 44: so WooCommerce names a parent that has no SKU."""
    named = _BY_ID.fullmatch(sheet.values.get("parent_id", ""))
    return replace(sheet, values={**sheet.values, "parent_id": named[1]}) if named else sheet


def _continued(sheets: Iterable[MappedSheet]) -> Iterator[MappedSheet]:
    group: list[MappedSheet] = []
    given = 0  # how many of the group went out already: none, or its first
    for sheet in sheets:
        same = bool(group) and _group_of(sheet) is not None and _group_of(sheet) == _group_of(group[0])
        if not same or len(group) >= HELD_ROWS:
            yield from islice(_unfolded(group), given, None)
            group, given = (group[:1], 1) if same else ([], 0)
        group.append(sheet)
    yield from islice(_unfolded(group), given, None)


def _group_of(sheet: MappedSheet) -> str | None:
    return sheet.values.get("item_group_id")


def _unfolded(group: Sequence[MappedSheet]) -> Iterator[MappedSheet]:
    if not group:
        return
    first, images, folded = group[0], list[str](), list[str]()
    kept = []
    for sheet in group[1:]:
        if _OWN_VALUES & sheet.values.keys() or "title" in sheet.values:
            # A line that names no product goes on with the one before: its picture is this one's too, in any colour.
            kept.append(_inherited(sheet, first, _GROUP_VALUES if "title" in sheet.values else _PICTURED_VALUES))
        else:
            images += [sheet.values[key] for key in ("image_link", "additional_image_link") if key in sheet.values]
            folded.append(str(sheet.row))
    yield _with_images(first, images, folded) if folded else first
    yield from kept


def _inherited(sheet: MappedSheet, first: MappedSheet, names: Sequence[str]) -> MappedSheet:
    missing = {key: first.values[key] for key in names if key in first.values and key not in sheet.values}
    sources = {key: first.sources[key] for key in missing if key in first.sources}
    return (
        replace(sheet, values={**sheet.values, **missing}, sources={**sheet.sources, **sources}) if missing else sheet
    )


def _with_images(first: MappedSheet, images: Sequence[str], folded: Sequence[str]) -> MappedSheet:
    known = first.values.get("additional_image_link")
    joined = MULTI_SEPARATOR.join([*([known] if known else []), *images])
    values = {**first.values, **({"additional_image_link": joined} if joined else {})}
    return replace(first, values=values, extras={**first.extras, CONTINUED_BY: ", ".join(folded)})
