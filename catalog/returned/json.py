"""JSON and JSON Lines given back: each faulty record with three fields more, the rest of the document as it was."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from catalog.folding import PLAINLY
from catalog.intake.content import Content
from catalog.intake.encodings import encoding_of, text_lines
from catalog.intake.json import ITEM, WHOLE, JsonText, list_path
from catalog.returned.errors import ERROR_COLUMNS, Errors, Numbers, fields_of


class _Writer:
    """Writes records with their errors and counts them."""

    def __init__(self, out: IO[str], errors: Errors, numbers: Numbers, only_errors: bool) -> None:
        self.out, self.count = out, 0
        self._errors, self._numbers, self._only = errors, numbers, only_errors

    def noted(self, item: Any, own: int) -> Any:
        """Return a record with its errors, or None where only faulty ones are asked for and it has none."""
        record = item if isinstance(item, dict) else {"value": item}
        fields = fields_of(self._numbers.of(record, own), self._errors)
        if self._only and not fields:
            return None
        self.count += 1
        kept = {name: value for name, value in record.items() if name not in ERROR_COLUMNS}
        noted = kept | dict(zip(ERROR_COLUMNS, fields, strict=True)) if fields else kept
        return noted if fields or isinstance(item, dict) else item

    def say(self, value: Any) -> None:
        """Write a value as JSON."""
        self.out.write(json.dumps(value, ensure_ascii=False))


def write_jsonl(content: Content, output: Path, errors: Errors, *, unfolded: bool, only_errors: bool) -> int:
    """Write a JSON Lines file with its errors; returns how many records were written."""
    encoding = encoding_of(content)
    with output.open("w", encoding=encoding.name, errors=PLAINLY, newline="") as out:
        writer = _Writer(out, errors, Numbers(unfolded=unfolded), only_errors)
        for number, (line, _) in enumerate(text_lines(content, encoding, ITEM), 1):
            noted = writer.noted(json.loads(line), number) if line.strip() else None
            if noted is not None:
                writer.say(noted)
                out.write("\n")
    return writer.count


def write_json(content: Content, output: Path, errors: Errors, *, unfolded: bool, only_errors: bool) -> int:
    """Write a JSON document with its errors; returns how many records were written."""
    encoding = encoding_of(content)
    path = list_path(content, encoding)
    with output.open("w", encoding=encoding.name, errors=PLAINLY, newline="") as out:
        writer = _Writer(out, errors, Numbers(unfolded=unfolded), only_errors)
        if path is None:
            text = JsonText(content, encoding, WHOLE)
            writer.say(_whole(text.value(), writer))
        else:
            text = JsonText(content, encoding, ITEM)
            _copy(text, path, writer)
        text.close()
        out.write("\n")
    return writer.count


def _copy(text: JsonText, path: tuple[str, ...] | None, writer: _Writer) -> None:
    """Write the next value; `path` leads from it to the list of records, None where that is not inside."""
    start = text.peek()
    if path == () and start == "[":
        _copy_list(text, writer)
    elif path and start == "{":
        _copy_object(text, path, writer)
    else:
        writer.say(text.value())


def _copy_object(text: JsonText, path: tuple[str, ...], writer: _Writer) -> None:
    writer.out.write("{")
    for place, key in enumerate(_keys(text)):
        writer.out.write(",\n" if place else "\n")
        writer.say(key)
        writer.out.write(": ")
        _copy(text, path[1:] if key == path[0] else None, writer)
    writer.out.write("\n}")


def _keys(text: JsonText) -> Iterator[str]:
    """Yield the keys of the object that comes next; the caller reads each value before it asks for the next key."""
    text.take("{")
    while text.peek() != "}":
        key = str(text.value())
        text.take(":")
        yield key
        if text.peek() != "}":
            text.take(",")
    text.take("}")


def _copy_list(text: JsonText, writer: _Writer) -> None:
    text.take("[")
    number = written = 0
    writer.out.write("[")
    while text.peek() != "]":
        item = text.value()
        number += isinstance(item, dict)
        noted = writer.noted(item, number) if isinstance(item, dict) else item
        if noted is not None:
            writer.out.write(",\n" if written else "\n")
            writer.say(noted)
            written += 1
        if text.peek() != "]":
            text.take(",")
    text.take("]")
    writer.out.write("\n]")


def _whole(document: Any, writer: _Writer) -> Any:
    """Return a document without a list of objects, with its errors: lines under a header, objects by key, one object."""
    if isinstance(document, list):
        return _lines(document, writer)
    if not isinstance(document, Mapping):
        return document
    if len(document) == 1 and isinstance(only := next(iter(document.values())), dict):
        return {next(iter(document)): _whole(only, writer)}
    inner = list(document.values())
    if len(inner) > 1 and all(isinstance(item, dict) and len(item) > 1 for item in inner):
        noted = {key: writer.noted(item, number) for number, (key, item) in enumerate(document.items(), 1)}
        return {key: item for key, item in noted.items() if item is not None}
    return writer.noted(document, 1) or {}


def _lines(document: list[Any], writer: _Writer) -> list[Any]:
    if not document or not isinstance(document[0], list):
        return document
    header = [str(name) for name in document[0]]
    own = [place for place, name in enumerate(header) if name not in ERROR_COLUMNS]
    lines = [[*(document[0][place] for place in own), *ERROR_COLUMNS]]
    for number, line in enumerate(document[1:], 1):
        cells = line if isinstance(line, list) else [line]
        noted = writer.noted(dict(zip(header, cells, strict=False)), number)
        if noted is not None:
            kept = [cells[place] if place < len(cells) else None for place in own]
            lines.append([*kept, *(noted.get(name, "") for name in ERROR_COLUMNS)])
    return lines
