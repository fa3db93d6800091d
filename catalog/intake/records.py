"""From nested records (XML elements, JSON objects) to rows of cells under dotted headers.

Promise: `{"price": {"amount": 5}}` gives the column `price.amount`; lists of texts are joined by " | "; a list of
name and value pairs gives a column a name; a product with several variants gives a row a variant.
Not here: parsing, nor what a header means.

The columns of nested files are only known when all is read, so records are read twice: once for the columns, once for
the rows. Memory stays bounded; keeping the records was rejected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from catalog.intake.content import Content
from catalog.intake.limits import Limits
from catalog.intake.refusals import UnreadableFile
from catalog.intake.tables import Ledger, Note, Table
from catalog.mapping.reading import words_of

SEPARATOR = " | "
MAX_DEPTH = 12
_NAMES = ("name", "key", "code", "label", "attribute", "attribute_code", "title", "nom")
_VALUES = ("value", "values", "text", "data", "val", "option", "options", "valeur", "#text")
_VARIANTS = words_of(
    """variants variant variations variation skus declinaisons declinaison combinations combination children"""
)
# Google's composite attributes are written with colons in its text feeds; elsewhere they would be four columns each.
_COMPOSITES = {"shipping": ("country", "region", "service", "price"), "tax": ("country", "region", "rate", "tax_ship")}

Record = Mapping[str, Any]


def local(name: str) -> str:
    """Return a name without its namespace prefix, in lower case."""
    return name.rsplit(":", 1)[-1].lstrip("@").lower()


def unfold(record: Record) -> list[Record]:
    """Return one record a variant, each with what the product says; the record itself where it has none or one.

    The texts of `option1…3` go under the names that the product's `options` give them.
    """
    key = next((k for k in record if local(k) in _VARIANTS), None)
    if key is None:
        return [record]
    variants = record[key]
    if isinstance(variants, Mapping) and len(variants) == 1:
        key_inside, inside = next(iter(variants.items()))
        if isinstance(inside, list):
            variants, key = inside, f"{key}.{key_inside}"
    if not isinstance(variants, list) or not variants or not all(isinstance(item, Mapping) for item in variants):
        return [record]
    names = _option_names(record)
    common = {k: v for k, v in record.items() if k != key.split(".")[0] and not (names and local(k) == "options")}
    return [{**common, key: _named_options(item, names)} for item in variants]


def _option_names(record: Record) -> list[str]:
    options = next((value for key, value in record.items() if local(key) == "options"), None)
    if not isinstance(options, list):
        return []
    return [str(item.get("name", "")) if isinstance(item, Mapping) else str(item) for item in options]


def _named_options(variant: Record, names: Sequence[str]) -> Record:
    named = {f"option{turn}": name for turn, name in enumerate(names, 1) if name}
    return {named.get(key, key): value for key, value in variant.items()}


def flatten(record: Record) -> dict[str, str]:
    """Return the cells of one record under dotted headers."""
    cells: dict[str, str] = {}
    for header, text in _walk("", record, 0):
        if not text:
            cells.setdefault(header, "")
        elif cells.get(header):
            if text not in cells[header].split(SEPARATOR):
                cells[header] += SEPARATOR + text
        else:
            cells[header] = text
    return cells


def _walk(prefix: str, value: Any, depth: int) -> Iterator[tuple[str, str]]:
    if depth > MAX_DEPTH:
        return
    if isinstance(value, Mapping):
        composite = _composite(prefix, value)
        if composite is not None:
            yield prefix, composite
            return
        pair = _pair(value)
        if pair is not None:
            yield _under(_parent(prefix), pair[0]), _scalar_or_list(pair[1])
            return
        for key, inner in value.items():
            yield from _walk(prefix if key == "#text" else _under(prefix, key), inner, depth + 1)
    elif isinstance(value, list):
        for item in value:
            yield from _walk(prefix, item, depth + 1)
        if not value and prefix:
            yield prefix, ""
    else:
        yield prefix or "value", scalar(value)


def _under(prefix: str, key: str) -> str:
    return f"{prefix}.{key}" if prefix else key


def _parent(prefix: str) -> str:
    """Return where a named value hangs: `<attribute name="Colour">` stands beside its brothers, not under itself."""
    head, _, last = prefix.rpartition(".")
    return head if local(last) in ("attribute", "param", "property", "field", "feature", "caracteristique") else prefix


def _pair(value: Record) -> tuple[str, Any] | None:
    """Return (name, value) of a mapping that is nothing but that."""
    if not 2 <= len(value) <= 4:
        return None
    keys = {local(key): key for key in value}
    name = next((keys[k] for k in _NAMES if k in keys), None)
    content = next((keys[k] for k in _VALUES if k in keys and keys[k] != name), None)
    if name is None or content is None or not isinstance(value[name], str) or not value[name].strip():
        return None
    others = set(keys) - {local(name), local(content), "id", "position", "type", "unit", "lang"}
    return None if others else (value[name].strip()[:80], value[content])


def _composite(prefix: str, value: Record) -> str | None:
    parts = _COMPOSITES.get(local(prefix.rsplit(".", 1)[-1]))
    texts = {local(key): inner for key, inner in value.items()}
    if parts is None or not set(texts) <= set(parts) or any(isinstance(v, Mapping | list) for v in texts.values()):
        return None
    return ":".join(scalar(texts.get(part, "")) for part in parts)


def _scalar_or_list(value: Any) -> str:
    if isinstance(value, list):
        return SEPARATOR.join(filter(None, map(_scalar_or_list, value)))
    if isinstance(value, Mapping):
        return SEPARATOR.join(filter(None, map(_scalar_or_list, value.values())))
    return scalar(value)


def scalar(value: Any) -> str:
    """Return a text for a leaf; null is empty, whole floats lose their point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e16 else repr(value)
    return str(value).strip()


def nested_table(
    kind: str,
    content: Content,
    records: Callable[[], Iterable[tuple[int, Record]]],
    *,
    encoding: str | None,
    limits: Limits,
    notes: Sequence[Note] = (),
) -> Table:
    """Return the table of numbered records, read once here for their columns and again for every reading of rows."""
    headers: dict[str, None] = {}
    count = rows = 0
    for _, record in records():
        count += 1
        for variant in unfold(record):
            rows += 1
            headers.update(dict.fromkeys(flatten(variant)))
        if len(headers) > limits.columns:
            raise UnreadableFile("too_many_columns", {"name": content.name, "limit": limits.columns})
    if not headers:
        raise UnreadableFile("no_rows", {"name": content.name})
    names = tuple(headers)

    def reading(ledger: Ledger) -> Iterator[tuple[int, Sequence[str]]]:
        number = 0
        for line, record in records():
            for variant in unfold(record):
                number = number + 1 if rows != count else line
                cells = flatten(variant)
                yield number, [cells.get(name, "") for name in names]

    head = [Note("archive", {"member": content.member})] if content.member else []
    head += [*notes, *([Note("variants_unfolded", {"count": rows})] if rows != count else [])]
    return Table(
        content.name, kind, names, reading, encoding=encoding, header_line=0, head_notes=tuple(head),
        record_count=count, limits=limits,
    )  # fmt: skip
