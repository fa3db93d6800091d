"""The bytes of what was sent, out of their zip or gzip wrapping, counted while they inflate.

Promise: nothing is ever written to disk and no name inside an archive is ever used as a path; a bomb is refused from
the archive's directory before anything inflates, and by counting where no directory can be trusted.
Not here: what the bytes mean (`detection.py`).
"""

from __future__ import annotations

import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from errno import EINVAL
from pathlib import Path
from typing import BinaryIO

from catalog.intake.limits import MEGABYTE, Limits
from catalog.intake.refusals import UnreadableFile

ZIP_MAGIC = b"PK\x03\x04"
EMPTY_ZIP_MAGIC = b"PK\x05\x06"
GZIP_MAGIC = b"\x1f\x8b"
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_JUNK = re.compile(r"(^|/)(__MACOSX/|\.DS_Store$|Thumbs\.db$|\._)", re.I)
# Members that make of a zip a document rather than an archive.
_PACKAGE_MARKS = ("[Content_Types].xml", "mimetype", "Index/Document.iwa")
_ZIP_WORDS = {"password": "encrypted", "encrypted": "encrypted", "compression": "broken_archive"}
_BROKEN = (zipfile.BadZipFile, zlib.error, gzip.BadGzipFile, EOFError)


def display_name(name: str) -> str:
    """Return the last part of a file's name, without path, control characters or more than 120 characters."""
    last = re.split(r"[\\/]", _CONTROL.sub("", name))[-1].strip()
    return (last or "file")[:120]


class _Counted(io.RawIOBase):
    """A stream that refuses to give more than the limits allow for what the packed file weighs."""

    def __init__(self, stream: BinaryIO, packed: int, name: str, limits: Limits) -> None:
        self._stream = stream
        self._packed = max(packed, 1)
        self._name = name
        self._limits = limits
        self._given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        with broken_archives_refused(self._name):
            data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        self._given += len(data)
        refuse_bomb(self._given, self._packed, self._name, self._limits)
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()


@contextmanager
def broken_archives_refused(name: str) -> Iterator[None]:
    """Turn every way an archive breaks into one refusal."""
    try:
        yield
    except _BROKEN as error:
        raise UnreadableFile("broken_archive", {"name": name}) from error
    except OSError as error:  # an offset in the directory that points before the file
        if error.errno != EINVAL:
            raise
        raise UnreadableFile("broken_archive", {"name": name}) from error
    except RuntimeError as error:
        # zipfile has no errors of its own for a password and for a kind of compression it does not know.
        code = next((code for word, code in _ZIP_WORDS.items() if word in str(error)), None)
        if code is None:
            raise
        raise UnreadableFile(code, {"name": name}) from error


def refuse_bomb(inflated: int, packed: int, name: str, limits: Limits) -> None:
    """Raise where this much inflated content is more than the limits allow for this packed size (bytes)."""
    heavy = inflated > limits.inflated_bytes
    if heavy or (inflated > limits.ratio_floor and inflated > packed * limits.inflated_ratio):
        limit = min(limits.inflated_bytes, max(limits.ratio_floor, packed * limits.inflated_ratio)) // MEGABYTE
        raise UnreadableFile("archive_bomb", {"name": name, "limit": limit})


@dataclass(frozen=True, slots=True)
class Content:
    """What was sent, unwrapped: a name to show, and a stream as often as wanted. `member` names the file unpacked."""

    name: str
    opener: Callable[[], BinaryIO]
    member: str | None = None

    def open(self) -> BinaryIO:
        """Return a fresh binary stream from the first byte; the caller closes it."""
        return self.opener()

    def head(self, size: int = 65_536) -> bytes:
        """Return the first bytes."""
        with self.open() as stream:
            return stream.read(size)


def content_of(source: Path, limits: Limits, file_name: str | None = None) -> Content:
    """Return the content of a file, out of a zip or gzip of one file; raise `UnreadableFile`."""
    name = display_name(file_name or source.name)
    if not source.exists():
        raise UnreadableFile("missing", {"name": name})
    if not source.is_file():
        raise UnreadableFile("not_a_file", {"name": name})
    size = source.stat().st_size
    if size == 0:
        raise UnreadableFile("empty", {"name": name})
    if size > limits.file_bytes:
        raise UnreadableFile("too_big", {"name": name, "limit": limits.file_bytes // MEGABYTE})
    plain = Content(name, lambda: source.open("rb"))
    magic = plain.head(4)
    if magic[:2] == GZIP_MAGIC:
        return _in_gzip(source, size, name, limits)
    if magic in (ZIP_MAGIC, EMPTY_ZIP_MAGIC):
        return _in_zip(plain, size, limits)
    return plain


def _in_gzip(source: Path, size: int, name: str, limits: Limits) -> Content:
    def opener() -> BinaryIO:
        return io.BufferedReader(_Counted(gzip.open(source, "rb"), size, name, limits), 1 << 18)  # type: ignore[arg-type]

    member = re.sub(r"\.gz$", "", name, flags=re.I)
    inner = Content(name, opener, member)
    magic = inner.head(4)
    if not magic:
        raise UnreadableFile("empty", {"name": name})
    return _whole(inner, limits) if magic == ZIP_MAGIC else _not_nested(inner, magic)


def _in_zip(plain: Content, size: int, limits: Limits) -> Content:
    with broken_archives_refused(plain.name), zipfile.ZipFile(plain.open()) as archive:
        infos = check_directory(archive, size, plain.name, limits)
        names = {info.filename for info in infos}
        if names & set(_PACKAGE_MARKS) or any(name.startswith(("xl/", "word/", "ppt/")) for name in names):
            return plain
        members = [info for info in infos if not info.is_dir() and not _JUNK.search(info.filename)]
    if len(members) != 1:
        raise UnreadableFile("archive_many", {"name": plain.name, "count": len(members)})
    member = members[0]

    def opener() -> BinaryIO:
        with broken_archives_refused(plain.name):
            archive = zipfile.ZipFile(plain.open())
            stream = archive.open(member)  # keeps its archive open until it is closed itself
        return io.BufferedReader(_Counted(stream, member.compress_size, plain.name, limits), 1 << 18)  # type: ignore[arg-type]

    inner = Content(plain.name, opener, display_name(member.filename))
    magic = inner.head(4)
    if not magic:
        raise UnreadableFile("empty", {"name": plain.name})
    return _whole(inner, limits) if magic == ZIP_MAGIC else _not_nested(inner, magic)


def check_directory(archive: zipfile.ZipFile, size: int, name: str, limits: Limits) -> list[zipfile.ZipInfo]:
    """Return the entries of an archive whose sums are within the limits; raise before anything inflates."""
    infos = archive.infolist()
    if len(infos) > limits.archive_entries:
        raise UnreadableFile("archive_entries", {"name": name, "limit": limits.archive_entries})
    if any(info.flag_bits & 1 for info in infos):
        raise UnreadableFile("encrypted", {"name": name})
    refuse_bomb(sum(info.file_size for info in infos), size, name, limits)
    return infos


def _whole(inner: Content, limits: Limits) -> Content:
    """Return a workbook inside an archive as bytes in memory: its own directory stands at its end."""
    with inner.open() as stream:
        data = stream.read()
    with broken_archives_refused(inner.name), zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = {info.filename for info in check_directory(archive, len(data), inner.name, limits)}
    if not names & set(_PACKAGE_MARKS):
        raise UnreadableFile("archive_nested", {"name": inner.name})
    return Content(inner.name, lambda: io.BytesIO(data), inner.member)


def _not_nested(inner: Content, magic: bytes) -> Content:
    if magic[:2] == GZIP_MAGIC:
        raise UnreadableFile("archive_nested", {"name": inner.name})
    return inner
