"""How bytes become lines of text.

Promise: BOM, then strict UTF-8 over the whole file, then a code page; a file whose lines disagree is read line by line,
each as what it is. Lines end at CR, LF or CRLF and nowhere else, and none is longer than the limit.
Not here: what the lines mean.

Rejected: statistical guessers (chardet, charset-normalizer); they were seen to take short French files for other pages.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from catalog.intake.content import Content
from catalog.intake.refusals import UnreadableFile

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What product sheets of western Europe really use beyond ASCII; capitals and signs weigh half, for another page's small
# letters often fall on them.
_SMALL = frozenset("àâäáãåçéèêëíìîïñóòôöõœúùûüÿßæø")
_OTHER = frozenset("ÀÂÄÁÇÉÈÊËÍÎÏÑÓÔÖŒÚÙÛÜØ€£°²³½¼®™©«»’‘“”–—…·•×µªº¿¡\u00a0\u202f")
# Small letters stand in words, "à" alone: a lone byte of "RRP (£)" is no "ú", whatever an older page makes of it.
_IN_WORDS = re.compile(r"(?<=[A-Za-z])[^\x00-\x7f]|[^\x00-\x7f](?=[A-Za-z])|à")


@dataclass(frozen=True, slots=True)
class Encoding:
    """How bytes become text: a Python codec, and for lines that are not of it (`mixed`), a second one."""

    name: str
    fallback: str | None = None
    mixed: int = 0


def bom_of(head: bytes) -> str | None:
    """Return the codec that a byte order mark names, or None."""
    return next((name for mark, name in _BOMS if head.startswith(mark)), None)


def wide_without_bom(head: bytes) -> str | None:
    """Return the UTF-16 codec of text that shows a NUL at every second byte, or None."""
    sample = head[:4096]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if half >= 4 and odd > half * 0.6 and even < half * 0.1:
        return "utf-16-le"
    if half >= 4 and even > half * 0.6 and odd < half * 0.1:
        return "utf-16-be"
    return None


def encoding_of(content: Content) -> Encoding:
    """Return the encoding of the whole content, read once."""
    head = content.head()
    wide = bom_of(head) or wide_without_bom(head)
    if wide and wide != "utf-8-sig":
        return Encoding(wide)
    name = wide or "utf-8"
    if _is_utf8(content):
        return Encoding(name)
    valid, invalid, sample = _vote(content)
    page = _code_page(sample)
    if valid == 0 and wide is None:
        return Encoding(page)
    # Both kinds of lines: each is read as what it is; the file is called by the greater number.
    return Encoding(name if valid >= invalid or wide else page, page if valid >= invalid or wide else "utf-8", invalid)


def _is_utf8(content: Content) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with content.open() as stream:
        try:
            while chunk := stream.read(1 << 20):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _vote(content: Content) -> tuple[int, int, bytes]:
    """Return how many lines beyond ASCII are UTF-8, how many are not, and a sample of the latter (bytes)."""
    valid = invalid = 0
    sample = bytearray()
    for line in byte_lines(content, 1 << 26):
        if line.isascii():
            continue
        try:
            line.decode("utf-8")
            valid += 1
        except UnicodeDecodeError:
            invalid += 1
            if len(sample) < 200_000:
                sample += line
    return valid, invalid, bytes(sample)


def _code_page(sample: bytes) -> str:
    """Return cp1252, unless an older page makes clearly more letters of the bytes beyond ASCII."""
    beyond = bytes(byte for byte in sample if byte > 127)
    if not beyond:
        return "cp1252"
    shares = {}
    for page in ("cp1252", "mac_roman", "cp850"):
        text = sample.decode(page, "replace")
        signs = sum(letter in _OTHER for letter in text)
        shares[page] = (sum(letter in _SMALL for letter in _IN_WORDS.findall(text)) + 0.5 * signs) / len(beyond)
    best = max(shares, key=lambda page: shares[page])
    # cp1252 is by far the most sent: only a clear lead speaks for another (French text: 1.0 against 0.3 or less).
    return best if shares[best] > shares["cp1252"] + 0.3 else "cp1252"


def byte_lines(content: Content, limit: int) -> Iterator[bytes]:
    """Yield physical lines without their ends (CR, LF or CRLF); raise where one is longer than the limit (bytes)."""
    pending = b""
    number = 0
    with content.open() as stream:
        while chunk := stream.read(1 << 18):
            lines = (pending + chunk).splitlines(keepends=True)
            # The last line waits for what follows: its end may be half of a CRLF.
            pending = lines.pop()
            for line in lines:
                number += 1
                if len(line) > limit:
                    raise UnreadableFile("line_too_long", {"name": content.name, "line": number, "limit": limit})
                yield line.rstrip(b"\r\n")
            if len(pending) > limit:
                raise UnreadableFile("line_too_long", {"name": content.name, "line": number + 1, "limit": limit})
    yield from pending.splitlines()


def text_lines(content: Content, encoding: Encoding, limit: int) -> Iterator[tuple[str, bool]]:
    """Yield (line without its end, whether it was in the other encoding); NULs are left in place."""
    if encoding.name.startswith(("utf-16", "utf-32")):
        yield from ((line, False) for line in _wide_lines(content, encoding.name, limit))
        return
    first, second = encoding.name.replace("utf-8-sig", "utf-8"), encoding.fallback
    strict = "utf-8" if "utf-8" in (first, second) else first
    other = (second if strict == first else first) or first
    mark = codecs.BOM_UTF8
    for line in byte_lines(content, limit):
        if mark:
            line, mark = line.removeprefix(mark), b""
        try:
            yield line.decode(strict), strict != first
        except UnicodeDecodeError:
            yield line.decode(other, "replace"), other != first


def _wide_lines(content: Content, codec: str, limit: int) -> Iterator[str]:
    """Yield the lines of UTF-16 or UTF-32 text, through UTF-8 so that only real line ends part them."""

    def opener() -> io.BufferedReader:
        return io.BufferedReader(_Recoded(content, codec))

    for line in byte_lines(Content(content.name, opener), limit):
        yield line.decode("utf-8").removeprefix("\ufeff")


class _Recoded(io.RawIOBase):
    """A stream of another encoding as UTF-8 bytes."""

    def __init__(self, content: Content, codec: str) -> None:
        self._stream = content.open()
        self._decoder = codecs.getincrementaldecoder(codec)("replace")
        self._ready = b""
        self._done = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._ready and not self._done:
            chunk = self._stream.read(1 << 16)
            self._done = not chunk
            self._ready = self._decoder.decode(chunk, final=self._done).encode("utf-8", "replace")
        part, self._ready = self._ready[: len(buffer)], self._ready[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)

    def close(self) -> None:
        self._stream.close()
        super().close()


def recoded(content: Content, codec: str) -> Content:
    """Return the same content as UTF-8, read from this codec with replacement of what it cannot say."""
    return Content(content.name, lambda: io.BufferedReader(_Recoded(content, codec)), content.member)
