"""JSON and JSON Lines as a table: which list holds the products is found, not configured.

Promise: streamed item by item, however long the list; nested objects become dotted columns.
Not here: JSON that is no list of objects nor an object of objects, which is one record.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from catalog.intake.content import Content
from catalog.intake.encodings import Encoding, encoding_of, recoded, text_lines
from catalog.intake.limits import MEGABYTE, Limits
from catalog.intake.records import Record, local, nested_table
from catalog.intake.refusals import UnreadableFile
from catalog.intake.tables import Table
from catalog.mapping.reading import words_of

_LIST_NAMES = words_of(
    """products items offers articles produits artikel data results listings entries records rows skus catalog
    catalogue produkte productos feed nodes edges value values"""
)
_SPACE = re.compile(r"[ \t\r\n\ufeff]*")
ITEM = 16 * MEGABYTE
"""Characters that one item may span; beyond it the list is not one of products."""
WHOLE = 64 * MEGABYTE
"""Characters of a document that is no list: it is one object and is read whole."""
_DEPTH = 5
_Path = tuple[str, ...]


def open_json(content: Content, limits: Limits) -> Table:
    """Return the table of a JSON document; raise `UnreadableFile`."""
    encoding = encoding_of(content)
    path = list_path(content, encoding)

    def records() -> Iterator[tuple[int, Record]]:
        if path is None:
            yield from enumerate(_whole(content, encoding), 1)
            return
        items = (item for where, item in _items(content, encoding) if where == path)
        yield from enumerate(items, 1)

    return nested_table("json", content, records, encoding=encoding.name, limits=limits)


def open_jsonl(content: Content, limits: Limits) -> Table:
    """Return the table of a JSON Lines file, numbered by line; raise `UnreadableFile`."""
    encoding = encoding_of(content)

    def records() -> Iterator[tuple[int, Record]]:
        for number, (line, _) in enumerate(text_lines(content, encoding, ITEM), 1):
            if not line.strip():
                continue
            try:
                item = json.loads(line)
            except (ValueError, RecursionError) as error:
                position = getattr(error, "pos", 0)
                params = {"name": content.name, "position": position, "line": number}
                raise UnreadableFile("broken_json_line", params) from error
            yield number, item if isinstance(item, dict) else {"value": item}

    return nested_table("jsonl", content, records, encoding=encoding.name, limits=limits)


def list_path(content: Content, encoding: Encoding) -> _Path | None:
    """Return the path of the list of objects that looks most like products, None where there is no such list."""
    found: dict[_Path, tuple[int, int]] = {}
    for path, item in _items(content, encoding):
        count, keys = found.get(path, (0, 0))
        found[path] = (count + 1, max(keys, len(item)))

    def likeness(path: _Path) -> float:
        count, keys = found[path]
        named = bool(path) and local(path[-1]) in _LIST_NAMES
        return min(count, 50) + min(keys, 20) + 60 * named - len(path)

    return max(found, key=likeness) if found else None


def _whole(content: Content, encoding: Encoding) -> Iterator[Record]:
    """Yield the records of a document without a list: an object of alike objects, or one object."""
    document = JsonText(content, encoding, WHOLE).value()
    if isinstance(document, list):
        header = document[0] if document and isinstance(document[0], list) else []
        for line in document[1:] if header else ():
            yield dict(zip(map(str, header), line, strict=False)) if isinstance(line, list) else {"value": line}
        return
    if not isinstance(document, dict):
        return
    document = _named_within(document)
    inner = list(document.values())
    if len(inner) > 1 and all(isinstance(item, dict) and len(item) > 1 for item in inner):
        for key, item in document.items():
            yield {"key": key, **item}
    elif document:
        yield document


def _named_within(document: Record) -> Record:
    """Return the object that holds the products by their numbers, beside which an export may tell its own date."""
    while True:
        objects = {key: value for key, value in document.items() if isinstance(value, dict)}
        named = [value for key, value in objects.items() if local(key) in _LIST_NAMES and len(objects) == 1]
        inner = named or (list(objects.values()) if len(document) == 1 else [])
        if not inner:
            return document
        document = inner[0]


def _items(content: Content, encoding: Encoding) -> Iterator[tuple[_Path, Record]]:
    """Yield (path of its list, object) for every object in a list that is not itself inside such an object."""
    text = JsonText(content, encoding, ITEM)
    try:
        yield from _walk(text, (), 0)
        if text.peek():
            raise UnreadableFile("broken_json", {"name": content.name, "position": text.position})
    finally:
        text.close()


def _walk(text: JsonText, path: _Path, depth: int) -> Iterator[tuple[_Path, Record]]:
    start = text.peek()
    if start == "[":
        yield from _walk_list(text, path)
    elif start == "{" and depth < _DEPTH:
        text.take("{")
        while text.peek() != "}":
            key = str(text.value())
            text.take(":")
            yield from _walk(text, (*path, key), depth + 1)
            if text.peek() != "}":
                text.take(",")
        text.take("}")
    else:
        text.value()


def _walk_list(text: JsonText, path: _Path) -> Iterator[tuple[_Path, Record]]:
    text.take("[")
    while text.peek() != "]":
        item = text.value()
        if isinstance(item, dict):
            yield path, item
        if text.peek() != "]":
            text.take(",")
    text.take("]")


class JsonText:
    """A growing window over a JSON text: looks at the next character, takes one, or reads one whole value."""

    def __init__(self, content: Content, encoding: Encoding, limit: int) -> None:
        plain = encoding.name in ("utf-8", "utf-8-sig") and not encoding.fallback
        self._stream = (content if plain else recoded(content, encoding.name)).open()
        self._name = content.name
        self._limit = limit
        self._window = ""
        self._at = 0
        self._pending = b""
        self._ended = False
        self._passed = 0
        self._decoder = json.JSONDecoder(strict=False)

    @property
    def position(self) -> int:
        """Return how many characters have been read."""
        return self._passed + self._at

    def close(self) -> None:
        """Close the stream."""
        self._stream.close()

    def peek(self) -> str:
        """Return the next character that is no space, or nothing at the end."""
        while True:
            match = _SPACE.match(self._window, self._at)
            self._at = match.end() if match else self._at
            if self._at < len(self._window) or not self._grow():
                return self._window[self._at : self._at + 1]

    def take(self, expected: str) -> None:
        """Pass over the next character, which must be this one."""
        if self.peek() != expected:
            raise self._broken()
        self._at += 1

    def value(self) -> Any:
        """Return the next whole value; the window grows until it holds one and what follows it."""
        self.peek()
        while True:
            try:
                value, end = self._decoder.raw_decode(self._window, self._at)
            except (ValueError, RecursionError) as error:
                if isinstance(error, RecursionError) or not self._grow():
                    raise self._broken() from error
                continue
            # A number at the very end of the window may go on in what is not read yet.
            if end < len(self._window) or not self._grow():
                self._at = end
                return value

    def _grow(self) -> bool:
        """Read on, doubling what is read of a long value; False at the end of the file."""
        if self._ended:
            return False
        if len(self._window) - self._at > self._limit:
            raise self._broken()
        self._passed += self._at
        kept = self._window[self._at :]
        data = self._pending + self._stream.read(max(1 << 18, len(kept)))
        self._ended = len(data) == len(self._pending)
        cut = len(data) if self._ended else _whole_characters(data)
        self._pending = data[cut:]
        self._window, self._at = kept + data[:cut].decode("utf-8", "replace"), 0
        return True

    def _broken(self) -> UnreadableFile:
        return UnreadableFile("broken_json", {"name": self._name, "position": self.position})


def _whole_characters(data: bytes) -> int:
    """Return how many bytes can be decoded without cutting a UTF-8 character in two."""
    for back in range(1, min(4, len(data)) + 1):
        byte = data[-back]
        if byte >= 0xC0:
            return len(data) - back
        if byte < 0x80:
            break
    return len(data)
