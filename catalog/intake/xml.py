"""XML feeds of any names as a table: which element is a product is found, not configured.

Promise: Google Merchant RSS and Atom and plain `<products><product>` alike, streamed; a document type is refused, no
entity is resolved and nothing outside the file is read; headers are the names as written (`g:title`).
Not here: web pages and SVG, refused by `detection.py`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from lxml import etree

from catalog.intake.content import Content
from catalog.intake.encodings import bom_of, recoded
from catalog.intake.limits import Limits
from catalog.intake.records import Record, local, nested_table
from catalog.intake.refusals import UnreadableFile
from catalog.intake.tables import Note, Table
from catalog.mapping.reading import CURRENCIES, UNITS, words_of

_DECLARED = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([\w.:-]+)[\"']", re.I)
# Names that products go by; they count as much as ten brothers with the same name.
_RECORD_NAMES = words_of(
    """item entry product produit produkt producto prodotto article artikel articulo offer offre angebot oferta sku
    listing row record fiche"""
)
_ADDRESSES = ("href", "src", "url")
# Attributes that say in which unit or language an element's text is.
_UNITS = ("currency", "unit", "uom", "devise", "monnaie", "unite", "cur", "einheit", "unidad", "moneda", "waehrung")
_BESIDE_TEXT = frozenset(("#text", "lang", "type", "locale", *_UNITS))
_EDGES = re.compile(r"^([^\W\d_]+|[€$£])|([^\W\d_]+|[€$£])$")
MAX_PATHS = 5_000
_Path = tuple[str, ...]


def open_xml(content: Content, limits: Limits) -> Table:
    """Return the table of an XML feed; raise `UnreadableFile`."""
    encoding = _encoding(content)
    content, path, wrong = located(content)
    notes = (Note("encoding_repaired", {"encoding": encoding}),) if wrong else ()
    encoding = "cp1252" if wrong else encoding

    def records() -> Iterator[tuple[int, Record]]:
        return _records(content, path)

    return nested_table("xml", content, records, encoding=encoding, limits=limits, notes=notes)


def located(content: Content) -> tuple[Content, _Path, bool]:
    """Return the content as it can be parsed, the path of its products, and whether its declaration was wrong."""
    try:
        return content, _record_path(content), False
    except _WrongEncoding:
        content = _reread(content)
        return content, _record_path(content), True


class _WrongEncoding(Exception):
    """The bytes are not of the encoding that the file declares."""


def _encoding(content: Content) -> str:
    head = content.head(4096)
    mark = bom_of(head)
    match = _DECLARED.search(head)
    return mark or (match[1].decode("ascii").lower() if match else "utf-8")


def _reread(content: Content) -> Content:
    """Return the content as UTF-8 from cp1252, its declaration silenced so that the parser believes the bytes."""
    inner = recoded(content, "cp1252")

    def opener() -> Any:
        stream = inner.open()
        return _Undeclared(stream)

    return Content(content.name, opener, content.member)


class _Undeclared:
    """A stream whose first bytes have lost their XML declaration."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._first = True

    def read(self, size: int = -1) -> bytes:
        data: bytes = self._stream.read(size)
        if self._first:
            self._first = False
            data = re.sub(rb"^\s*<\?xml[^>]*\?>", b"", data, count=1) or b"\n"
        return data

    def close(self) -> None:
        self._stream.close()

    def __enter__(self) -> _Undeclared:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def xml_events(content: Content) -> Iterator[tuple[str, Any]]:
    """Yield start and end of every element; raise `UnreadableFile` for a document type or broken XML."""
    with content.open() as stream:
        parser = etree.iterparse(
            stream, events=("start", "end"), resolve_entities=False, load_dtd=False, no_network=True,
            remove_comments=True, remove_pis=True,
        )  # fmt: skip
        first = True
        try:
            for event, element in parser:
                if first and element.getroottree().docinfo.doctype:
                    raise UnreadableFile("xml_dtd", {"name": content.name})
                first = False
                yield event, element
        except etree.XMLSyntaxError as error:
            if "DTD" in str(error) or ("Entity" in str(error) and "not defined" not in str(error)):
                raise UnreadableFile("xml_dtd", {"name": content.name}) from error
            if "encoding" in str(error).lower() or "not proper UTF-8" in str(error):
                raise _WrongEncoding from error
            # An unknown entity stands in the parser's own log only; the error's holds those of earlier files too.
            line = error.lineno or next((entry.line for entry in parser.error_log), None)
            raise UnreadableFile("broken_xml", {"name": content.name, "line": line or "?"}) from error


def name_of(element: Any) -> str:
    """Return an element's name as the file writes it, with its prefix."""
    tag = str(element.tag).rpartition("}")[2]  # a prefix that is declared nowhere stays in the tag itself
    return f"{element.prefix}:{tag}" if element.prefix and ":" not in tag else tag


def _record_path(content: Content) -> _Path:
    """Return the path of the element that is a product: repeated or so called, with elements or attributes inside."""
    counts: Counter[_Path] = Counter()
    kinds: dict[_Path, set[str]] = {}
    path: list[str] = []
    for event, element in xml_events(content):
        if event == "start":
            path.append(name_of(element))
            here = tuple(path)
            if len(counts) < MAX_PATHS or here in counts:
                counts[here] += 1
                inside = kinds.setdefault(here, set())
                inside.update(f"@{key}" for key in element.attrib)
                if len(path) > 1:
                    kinds.setdefault(tuple(path[:-1]), set()).add(path[-1])
        else:
            path.pop()
            _forget(element)
    candidates = [here for here in counts if len(here) > 1 and len(kinds[here]) > 1]
    if not candidates:
        raise UnreadableFile("no_rows", {"name": content.name})
    return max(candidates, key=lambda here: _likeness(here, counts, kinds))


def _likeness(here: _Path, counts: Counter[_Path], kinds: dict[_Path, set[str]]) -> float:
    """Return how much an element looks like a product: many alike, many things inside, shallow, so called."""
    named = local(here[-1]) in _RECORD_NAMES
    # A repeated element inside another repeated one is a part of it (a variant, an image), not the product.
    inside_repeated = any(counts[here[:depth]] > 1 for depth in range(2, len(here)))
    inside_named = any(local(part) in _RECORD_NAMES for part in here[1:-1])
    alike = min(counts[here], 50) if not (inside_repeated or inside_named) else 0
    return (
        alike + (60 if named and not (inside_repeated or inside_named) else 0) + min(len(kinds[here]), 20) - len(here)
    )


def _records(content: Content, path: _Path) -> Iterator[tuple[int, Record]]:
    here: list[str] = []
    number = 0
    for event, element in xml_events(content):
        if event == "start":
            here.append(name_of(element))
            continue
        if tuple(here) == path:
            number += 1
            yield number, as_mapping(element)
        here.pop()
        if len(here) < len(path):
            _forget(element)


def _forget(element: Any) -> None:
    element.clear(keep_tail=False)
    while element.getprevious() is not None:
        del element.getparent()[0]


def as_mapping(element: Any) -> dict[str, Any]:
    """Return an element as a mapping: attributes, then children; repeated children are lists."""
    found: dict[str, Any] = dict(_attributes(element))
    for child in element:
        if not isinstance(child.tag, str):
            continue
        name, value = name_of(child), _value(child)
        if name in found:
            known = found[name]
            found[name] = [*known, value] if isinstance(known, list) else [known, value]
        else:
            found[name] = value
    text = (element.text or "").strip()
    if text:
        found["#text"] = text
    return found


def _attributes(element: Any) -> Iterator[tuple[str, str]]:
    for key, value in element.attrib.items():
        if not key.startswith("{"):
            yield str(key), str(value)


def _says_unit(text: str) -> bool:
    """Tell whether a text has a unit or currency of its own before or after its amount, or no amount at all ("free")."""
    edges = {edge.lower() for pair in _EDGES.findall(text) for edge in pair if edge}
    return bool(edges & (CURRENCIES.keys() | UNITS.keys())) or not any(map(str.isdigit, text))


def _value(element: Any) -> Any:
    if not len(element) and not element.attrib:
        return (element.text or "").strip()
    found = as_mapping(element)
    if "#text" in found and set(found) <= _BESIDE_TEXT:
        unit = next((found[name] for name in _UNITS if found.get(name)), None)
        return f"{found['#text']} {unit}" if unit and not _says_unit(found["#text"]) else found["#text"]
    address = next((found[key] for key in _ADDRESSES if key in found), None)
    if address and "#text" not in found and not len(element):
        return address  # Atom's <link href="…"/>
    return found
