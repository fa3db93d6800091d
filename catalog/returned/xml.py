"""An XML feed given back: each faulty product with three elements more, the rest of the feed as it was."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from lxml import etree

from catalog.intake.content import Content
from catalog.intake.xml import as_mapping, located, xml_events
from catalog.returned import streams
from catalog.returned.errors import ERROR_COLUMNS, Errors, Numbers, fields_of


def write_xml(
    content: Content, output: Path, errors: Errors, *, encoding: str, unfolded: bool, only_errors: bool
) -> int:
    """Write a feed with its errors in its own encoding; returns how many products were written."""
    content, path, _wrong = located(content)
    numbers = Numbers(unfolded=unfolded)
    place = written = 0

    def change(where: tuple[str, ...], element: Any) -> Iterable[Any]:
        nonlocal place, written
        if _names(where) != _names(path):
            yield element
            return
        place += 1
        _drop_old(element)
        fields = fields_of(numbers.of(as_mapping(element), place), errors)
        if only_errors and not fields:
            return
        written += 1
        for name, text in zip(ERROR_COLUMNS, fields, strict=False):
            etree.SubElement(element, element.tag.replace(etree.QName(element).localname, name)).text = text
        yield element

    depth = len(path)
    with output.open("wb") as stream, etree.xmlfile(stream, encoding=encoding) as writer:
        writer.write_declaration()
        within = lambda where: len(where) < depth and _names(where) == _names(path)[: len(where)]  # noqa: E731
        streams.copy(xml_events(content), writer, within, change)
    return written


def _names(path: Iterable[str]) -> tuple[str, ...]:
    """Return names without namespace or prefix, in which a path as read and one as written are alike."""
    return tuple(name.rpartition("}")[2].rpartition(":")[2] for name in path)


def _drop_old(element: Any) -> None:
    for child in list(element):
        if isinstance(child.tag, str) and etree.QName(child).localname in ERROR_COLUMNS:
            element.remove(child)
