"""What a file is, by its bytes; its name only parts JSON Lines of one record from JSON.

Promise: what is not a table of products is refused, with its true kind and the remedy.
Not here: the encoding (`encodings.py`), the dialect of a delimited file (`dialects.py`), the records of XML or JSON.
"""

from __future__ import annotations

import json
import re
import zipfile
from typing import Literal

from catalog.intake.content import ZIP_MAGIC, Content
from catalog.intake.encodings import bom_of, wide_without_bom
from catalog.intake.refusals import UnreadableFile

Kind = Literal["xlsx", "ods", "xml", "json", "jsonl", "csv"]

# First bytes of what is no table of products, with the refusal and its kind.
_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "wrong_type", "pdf"),
    (b"\x89PNG", "wrong_type", "image"),
    (b"\xff\xd8\xff", "wrong_type", "image"),
    (b"GIF8", "wrong_type", "image"),
    (b"BM\x00", "wrong_type", "image"),
    (b"II*\x00", "wrong_type", "image"),
    (b"MM\x00*", "wrong_type", "image"),
    (b"RIFF", "wrong_type", "sound_or_video"),
    (b"ID3", "wrong_type", "sound_or_video"),
    (b"OggS", "wrong_type", "sound_or_video"),
    (b"\x7fELF", "wrong_type", "program"),
    (b"MZ\x90", "wrong_type", "program"),
    (b"Rar!", "wrong_type", "archive"),
    (b"7z\xbc\xaf", "wrong_type", "archive"),
    (b"BZh", "wrong_type", "archive"),
    (b"\xfd7zXZ", "wrong_type", "archive"),
    (b"SQLite format 3", "wrong_type", "database"),
    (b"{\\rtf", "wrong_type", "word"),
)
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD_BIFF = (b"\x09\x08", b"\x09\x04\x06", b"\x09\x02\x06", b"\x09\x00\x04")
_HTML = re.compile(r"<\s*(!doctype\s+html|html|body|table|head|meta)\b", re.I)


def kind_of(content: Content) -> Kind:
    """Return what the content is; raise `UnreadableFile` for what is no table."""
    head = content.head()
    if head.startswith(ZIP_MAGIC):
        return _kind_of_package(content)
    _refuse_known(content.name, head)
    text = _head_text(head)
    start = text.lstrip("\ufeff \t\r\n\x00")
    if start.startswith("<"):
        return _kind_of_markup(content.name, start)
    if start[:1] in ("{", "["):
        named_lines = (content.member or content.name).lower().endswith((".jsonl", ".ndjson"))
        return "jsonl" if named_lines and start[:1] == "{" else _kind_of_json(start) or "csv"
    _refuse_binary(content.name, head)
    return "csv"


def _kind_of_package(content: Content) -> Kind:
    with content.open() as stream, zipfile.ZipFile(stream) as archive:
        names = set(archive.namelist())
        kind = archive.read("mimetype")[:100].decode("ascii", "replace") if "mimetype" in names else ""
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "opendocument.spreadsheet" in kind:
        return "ods"
    if "xl/workbook.bin" in names:
        raise UnreadableFile("binary_excel", {"name": content.name})
    marks = {"word/": "word", "ppt/": "slides", "Index/": "numbers"}
    found = next((marks[mark] for mark in marks if any(name.startswith(mark) for name in names)), "archive")
    if "opendocument" in kind:
        found = "word"
    raise UnreadableFile("wrong_type", {"name": content.name, "kind": found})


def _refuse_known(name: str, head: bytes) -> None:
    if head.startswith(_OLE2):
        # A password turns even an XLSX into this old container.
        locked = "EncryptedPackage".encode("utf-16-le") in head
        raise UnreadableFile("encrypted" if locked else "old_excel", {"name": name})
    if head.startswith(_OLD_BIFF) and b"\x00" in head[:8]:
        raise UnreadableFile("old_excel", {"name": name})
    for magic, code, kind in _MAGIC:
        if head.startswith(magic):
            raise UnreadableFile(code, {"name": name, "kind": kind})
    if head[4:8] == b"ftyp":
        raise UnreadableFile("wrong_type", {"name": name, "kind": "sound_or_video"})


def _refuse_binary(name: str, head: bytes) -> None:
    """Refuse content full of control bytes that no encoding of text explains."""
    if bom_of(head) or wide_without_bom(head):
        return
    controls = sum(byte < 32 and byte not in (9, 10, 11, 12, 13, 26, 27, 30, 31) for byte in head)
    if controls > len(head) * 0.05:
        raise UnreadableFile("binary", {"name": name})


def _head_text(head: bytes) -> str:
    encoding = bom_of(head) or wide_without_bom(head) or "utf-8"
    return head.decode(encoding, "replace")


def _kind_of_markup(name: str, start: str) -> Kind:
    if _HTML.match(start) or (_HTML.search(start[:2000]) and not start.startswith("<?xml")):
        raise UnreadableFile("web_page", {"name": name})
    if "urn:schemas-microsoft-com:office:spreadsheet" in start[:4000]:
        raise UnreadableFile("old_excel", {"name": name})
    if re.search(r"<\s*svg\b", start[:4000], re.I):
        raise UnreadableFile("wrong_type", {"name": name, "kind": "svg"})
    return "xml"


def _kind_of_json(start: str) -> Kind | None:
    """Return json or jsonl for text that starts as one, None for a delimited file that starts with a bracket."""
    if not re.match(r"[\[{]\s*([\[{\"\]}]|-?\d|true|false|null)", start):
        return None
    lines = [line for line in start.split("\n") if line.strip()]
    if not start.startswith("{"):
        return "json"
    try:
        json.loads(lines[0])
    except ValueError:
        return "json"
    return "jsonl" if len(lines) > 1 else "json"
