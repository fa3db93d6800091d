"""The category tree.

Promise: pure values. A tree is read from Google's `id - a > b > c` text (both languages merged by id) or from a CSV
`id,parent,label_fr,label_en`; a cycle, an unknown parent or a duplicate id is refused with its line and a sentence in
the reader's language, so a tree that exists is sound. A retired category leads to the one that took its place.
Not here: the stored tree and its administration (`catalog.taxonomies`), what a category asks for
(`catalog.requirements`), and which category a sheet belongs to (categories).
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from catalog.sheets import Locale
from catalog.text import tokens

SEPARATOR = " > "
LOCALES: tuple[Locale, ...] = ("fr", "en")
COLUMNS = ("id", "parent", "label_fr", "label_en")
# What stands in addresses, and in the column that keeps it.
CODE = re.compile(r"[\w.-]{1,40}")
LABEL_LENGTH = 200
_BUILTIN = Path(__file__).parent / "data" / "taxonomy" / "general.csv"
# What a workbook begins with, as every archive does.
_ARCHIVE = b"PK\x03\x04"
_GOOGLE_LINE = re.compile(r"^\s*(\d+)\s+-\s+(\S.*?)\s*$")

REFUSALS: Mapping[str, Mapping[Locale, str]] = {
    "empty": {"fr": "Le fichier ne contient aucune catégorie.", "en": "The file holds no category."},
    "unreadable_line": {
        "fr": "Ligne {line} : « {text} » ne se lit pas. Attendu : « 604 - Maison > Électroménager ».",
        "en": "Line {line}: “{text}” cannot be read. Expected: “604 - Home > Appliances”.",
    },
    "missing_column": {
        "fr": "Il manque la colonne « {column} ». Colonnes attendues : {columns}. "
        "La première ligne du fichier est : « {found} ».",
        "en": "The column “{column}” is missing. Expected columns: {columns}. "
        "The first line of the file is: “{found}”.",
    },
    "nothing": {"fr": "Ce fichier est vide.", "en": "This file is empty."},
    "workbook": {
        "fr": "Ce fichier est un classeur (XLSX ou ODS), quoi que dise son nom. Enregistrez-le au format CSV (UTF-8).",
        "en": "This file is a workbook (XLSX or ODS), whatever its name says. Save it as CSV (UTF-8).",
    },
    "encoding": {
        "fr": "Ligne {line} : ces octets ne sont pas de l’UTF-8. Enregistrez le fichier en UTF-8.",
        "en": "Line {line}: these bytes are not UTF-8. Save the file as UTF-8.",
    },
    "torn_line": {
        "fr": "Ligne {line} : un guillemet n’est pas fermé, ou une cellule est trop longue. Le fichier ne se lit pas au-delà.",
        "en": "Line {line}: a quotation mark is not closed, or a cell is too long. The file cannot be read beyond it.",
    },
    "unknown_category": {
        "fr": "Ligne {line} : il n’y a pas de catégorie « {id} ».",
        "en": "Line {line}: there is no category “{id}”.",
    },
    "unknown_attribute": {
        "fr": "Ligne {line} : il n’y a pas d’attribut « {attribute} » à cet endroit.",
        "en": "Line {line}: there is no attribute “{attribute}” here.",
    },
    "unknown_level": {
        "fr": "Ligne {line} : « {level} » n’est pas un niveau. Écrivez required, recommended, optional ou disabled.",
        "en": "Line {line}: “{level}” is no level. Write required, recommended, optional or disabled.",
    },
    "refused": {"fr": "Ligne {line} : {sentence}", "en": "Line {line}: {sentence}"},
    "missing_value": {
        "fr": "Ligne {line} : l’identifiant et au moins un libellé sont obligatoires.",
        "en": "Line {line}: the id and at least one label are required.",
    },
    "bad_id": {
        "fr": "Ligne {line} : « {id} » ne peut pas être un identifiant : lettres, chiffres, points et tirets, 40 au plus.",
        "en": "Line {line}: “{id}” cannot be an id: letters, digits, points and dashes, 40 at most.",
    },
    "bad_label": {
        "fr": "Ligne {line} : un libellé ne contient ni « > » ni caractère nul, et compte 200 caractères au plus.",
        "en": "Line {line}: a label has no “>” and no null character in it, and 200 characters at most.",
    },
    "duplicate_id": {
        "fr": "Ligne {line} : l’identifiant « {id} » est déjà celui de la ligne {first}.",
        "en": "Line {line}: the id “{id}” is already used on line {first}.",
    },
    "unknown_parent": {
        "fr": "Ligne {line} : la catégorie parente « {parent} » de « {id} » n’existe pas dans le fichier.",
        "en": "Line {line}: the parent category “{parent}” of “{id}” does not exist in the file.",
    },
    "cycle": {
        "fr": "Ligne {line} : la catégorie « {id} » est sa propre ancêtre ({loop}).",
        "en": "Line {line}: the category “{id}” is its own ancestor ({loop}).",
    },
}  # fmt: skip


class TaxonomyRefused(ValueError):
    """A tree that cannot be taken; `line` is the faulty line of the file (0: the whole file)."""

    def __init__(self, code: str, line: int = 0, **params: Any) -> None:
        self.code, self.line, self.params = code, line, params
        super().__init__(self.message("en"))

    def message(self, locale: Locale) -> str:
        """Return one sentence that says what is wrong and on which line."""
        return REFUSALS[self.code][locale].format(line=self.line, **self.params)


@dataclass(frozen=True, slots=True)
class Category:
    """One category: `id` as the marketplace or Google writes it, `parent` None at the top, labels by locale."""

    id: str
    parent: str | None
    labels: Mapping[Locale, str]

    def label(self, locale: Locale) -> str:
        """Return the label in this language, or in the other where it was never given."""
        return self.labels.get(locale) or next(iter(self.labels.values()))


@dataclass(frozen=True, eq=False)
class Taxonomy:
    """A sound tree of categories by id, in the order they were read; `successors` of those that were retired."""

    categories: Mapping[str, Category] = field(default_factory=dict)
    successors: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        categories: Iterable[Category],
        lines: Sequence[int] | None = None,
        successors: Mapping[str, str] | None = None,
    ) -> Taxonomy:
        """Return the tree of these categories; `lines` are their lines in the file, for the sentence of a refusal."""
        by_id: dict[str, Category] = {}
        line_of: dict[str, int] = {}
        for position, category in enumerate(categories, start=1):
            line = lines[position - 1] if lines else position
            if category.id in by_id:
                raise TaxonomyRefused("duplicate_id", line, id=category.id, first=line_of[category.id])
            by_id[category.id], line_of[category.id] = category, line
        _refuse_orphans_and_cycles(by_id, line_of)
        return cls(by_id, dict(successors or {}))

    @classmethod
    def builtin(cls) -> Taxonomy:
        """Return the general tree that comes with Comptoir, for a marketplace that has none yet."""
        return _builtin()

    def __len__(self) -> int:
        return len(self.categories)

    def __contains__(self, category_id: object) -> bool:
        return category_id in self.categories

    def __iter__(self) -> Iterator[Category]:
        return iter(self.categories.values())

    def __getitem__(self, category_id: str) -> Category:
        return self.categories[category_id]

    def standing(self, category_id: str | None) -> str | None:
        """Return the category that this id means today: itself, the one that took its place, or None."""
        seen: set[str] = set()
        while category_id is not None and category_id not in self.categories and category_id not in seen:
            seen.add(category_id)
            category_id = self.successors.get(category_id)
        return category_id if category_id in self.categories else None

    def branch(self, category_id: str) -> list[str]:
        """Return the ids of this category and of all below it."""
        found = [category_id]
        for one in found:
            found.extend(child.id for child in self.children(one))
        return found

    def ancestors(self, category_id: str) -> list[Category]:
        """Return the categories above this one, the top first."""
        found: list[Category] = []
        parent = self.categories[category_id].parent
        while parent is not None:
            found.append(self.categories[parent])
            parent = found[-1].parent
        return found[::-1]

    def path(self, category_id: str, locale: Locale) -> str:
        """Return "top > … > category" in this language."""
        known = self._paths.get((category_id, locale))
        if known is None:
            lineage = [*self.ancestors(category_id), self.categories[category_id]]
            known = self._paths[category_id, locale] = SEPARATOR.join(category.label(locale) for category in lineage)
        return known

    def children(self, category_id: str | None) -> list[Category]:
        """Return the categories right below this one; below None stand the top ones."""
        return self._children.get(category_id, [])

    def is_leaf(self, category_id: str) -> bool:
        """Return whether nothing stands below this category."""
        return category_id in self.categories and category_id not in self._children

    @cached_property
    def leaf_ids(self) -> frozenset[str]:
        """The ids of the categories that have none below."""
        return frozenset(category.id for category in self.leaves())

    @cached_property
    def _paths(self) -> dict[tuple[str, Locale], str]:
        return {}

    def leaves(self) -> list[Category]:
        """Return the categories that have none below."""
        return [category for category in self if self.is_leaf(category.id)]

    def by_path(self, path: str, locale: Locale) -> Category | None:
        """Return the category that is written like this path, whatever its case and the spaces around ">"."""
        return self._by_path[locale].get(_plain_path(path))

    def search(self, query: str, locale: Locale = "fr", limit: int = 20) -> list[Category]:
        """Return the categories whose path holds every word of the query, or its beginning; best first.

        A word in the category's own label counts more than one in the names above it, a short label more than a long.
        """
        wanted = tokens(query, locale)
        scored = []
        for position, (category, own, above) in enumerate(self._words[locale]):
            score = _search_score(wanted, own, above)
            if score > 0:
                scored.append((-score / (1 + len(own)) ** 0.5, position, category))
        return [category for _, _, category in sorted(scored, key=lambda entry: entry[:2])[:limit]]

    def merged(self, other: Taxonomy) -> Taxonomy:
        """Return this tree with the other's labels added by id, and its categories that were not here."""
        merged = dict(self.categories)
        for category in other:
            mine = merged.get(category.id)
            labels = {**category.labels, **mine.labels} if mine else category.labels
            merged[category.id] = Category(category.id, mine.parent if mine else category.parent, labels)
        return Taxonomy.of(merged.values(), successors=self.successors)

    @cached_property
    def _children(self) -> dict[str | None, list[Category]]:
        below: dict[str | None, list[Category]] = defaultdict(list)
        for category in self:
            below[category.parent].append(category)
        return dict(below)

    @cached_property
    def _by_path(self) -> dict[Locale, dict[str, Category]]:
        return {one: {_plain_path(self.path(category.id, one)): category for category in self} for one in LOCALES}

    @cached_property
    def _words(self) -> dict[Locale, list[tuple[Category, list[str], list[str]]]]:
        return {one: [self._named(category, one) for category in self] for one in LOCALES}

    def _named(self, category: Category, locale: Locale) -> tuple[Category, list[str], list[str]]:
        above = [word for higher in self.ancestors(category.id) for word in tokens(higher.label(locale), locale)]
        return category, tokens(category.label(locale), locale), above


@cache
def _builtin() -> Taxonomy:
    with _BUILTIN.open(encoding="utf-8", newline="") as lines:
        return read_csv(lines)


def _plain_path(path: str) -> str:
    return SEPARATOR.join(" ".join(part.split()).casefold() for part in path.split(">"))


def _search_score(wanted: Sequence[str], own: Sequence[str], above: Sequence[str]) -> float:
    score = 0.0
    for word in wanted:
        if word in own:
            score += 3.0
        elif any(candidate.startswith(word) for candidate in own):
            score += 2.0
        elif any(candidate.startswith(word) for candidate in above):
            score += 0.5
        else:
            return 0.0
    return score


def _refuse_orphans_and_cycles(by_id: Mapping[str, Category], line_of: Mapping[str, int]) -> None:
    for category in by_id.values():
        if category.parent is not None and category.parent not in by_id:
            raise TaxonomyRefused("unknown_parent", line_of[category.id], id=category.id, parent=category.parent)
    sound: set[str] = set()
    for start in by_id:
        trail: list[str] = []
        current: str | None = start
        while current is not None and current not in sound:
            if current in trail:
                loop = " > ".join([*trail[trail.index(current) :], current])
                raise TaxonomyRefused("cycle", line_of[current], id=current, loop=loop)
            trail.append(current)
            current = by_id[current].parent
        sound.update(trail)


# ---- files --------------------------------------------------------------------------------------------------------


def read_taxonomy(lines: Iterable[str], locale: Locale = "fr") -> Taxonomy:
    """Return the tree of a file in either form, told apart by its first line that is not a comment."""
    kept = [line.removeprefix("\ufeff").rstrip("\r\n") for line in lines]
    first = next((line for line in kept if line.strip() and not line.lstrip().startswith("#")), "")
    if not first:
        raise TaxonomyRefused("empty")
    return read_google(kept, locale) if _GOOGLE_LINE.match(first) else read_csv(kept)


def read_google(lines: Iterable[str], locale: Locale) -> Taxonomy:
    """Return the tree of Google's text: a comment line, then one `id - top > … > category` a line."""
    categories: list[Category] = []
    numbers: list[int] = []
    id_of: dict[str, str] = {}
    parents: list[str] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        read = _GOOGLE_LINE.match(line)
        if read is None:
            raise TaxonomyRefused("unreadable_line", number, text=line.strip()[:80])
        above, _, label = read[2].rpartition(SEPARATOR)
        _refuse_unkeepable(number, read[1], [label])
        id_of.setdefault(read[2], read[1])
        parents.append(above)
        categories.append(Category(read[1], None, {locale: label}))
        numbers.append(number)
    placed = [
        Category(category.id, id_of.get(above, above) if above else None, category.labels)
        for category, above in zip(categories, parents, strict=True)
    ]
    if not placed:
        raise TaxonomyRefused("empty")
    return Taxonomy.of(placed, numbers)


def _refuse_unkeepable(line: int, category_id: str, labels: Iterable[str]) -> None:
    """Raise TaxonomyRefused for an id or a label that the database would not hold."""
    if not CODE.fullmatch(category_id):
        raise TaxonomyRefused("bad_id", line, id=category_id[:80])
    if any(">" in label or "\0" in label or len(label) > LABEL_LENGTH for label in labels):
        raise TaxonomyRefused("bad_label", line)


def lines_of(content: bytes) -> list[str]:
    """Return the lines of a UTF-8 file; another encoding is refused with the first line that shows it."""
    if content.startswith(_ARCHIVE):
        raise TaxonomyRefused("workbook")
    if not content.strip():
        raise TaxonomyRefused("nothing")
    try:
        return content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise TaxonomyRefused("encoding", content.count(b"\n", 0, error.start) + 1) from None


def records(lines: Iterable[str], columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield (line, cells) of a CSV parted by commas, semicolons or tabs, whatever the case of its header.

    Raises TaxonomyRefused for a missing column.
    """
    kept = [line.rstrip("\r\n") for line in lines]
    head = kept[0] if kept else ""
    # Strict, for a quotation mark left open would otherwise swallow the rest of the file without a word.
    reader = csv.DictReader(kept, delimiter=max(",;\t", key=head.count), strict=True)
    last = 0
    try:
        reader.fieldnames = [name.strip().lower() for name in reader.fieldnames or ()]
        for column in columns:
            if column not in reader.fieldnames:
                raise TaxonomyRefused("missing_column", column=column, columns=",".join(columns), found=head[:80])
        last = reader.line_num
        for record in reader:
            last = reader.line_num
            yield last, {column: unguarded((record[column] or "").strip()) for column in columns}
    except csv.Error:
        raise TaxonomyRefused("torn_line", last + 1) from None


def unguarded(cell: str) -> str:
    """Return a cell without the apostrophe that keeps a spreadsheet from running it."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@") else cell


def read_csv(lines: Iterable[str]) -> Taxonomy:
    """Return the tree of a CSV with the columns id, parent (empty at the top), label_fr, label_en."""
    categories, numbers = [], []
    for number, cells in records(lines, COLUMNS):
        labels: dict[Locale, str] = {}
        if cells["label_fr"]:
            labels["fr"] = cells["label_fr"]
        if cells["label_en"]:
            labels["en"] = cells["label_en"]
        if not cells["id"] or not labels:
            raise TaxonomyRefused("missing_value", number)
        _refuse_unkeepable(number, cells["id"], labels.values())
        categories.append(Category(cells["id"], cells["parent"] or None, labels))
        numbers.append(number)
    if not categories:
        raise TaxonomyRefused("empty")
    return Taxonomy.of(categories, numbers)
