"""Fetching one address into a stream, within limits, and judging every step of the way again.

Promise: never more bytes than the limit are written, counted as sent and as inflated; never more time is taken than the
total; credentials are for the origin they were given for and stay there. Not here: trying again, and what to do with it.
"""

from __future__ import annotations

import hashlib
import http.client
import ssl
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import IO

from backoffice.egress.addresses import Rules, Target, read_address, redirected
from backoffice.egress.connecting import CheckedConnection, Clock, addresses_of
from backoffice.egress.refusals import FetchRefused

MEGABYTE = 1024 * 1024
_BLOCK = 64 * 1024
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_UNCHANGED = 304
# zlib's word for "gzip or zlib, see for yourself".
_EITHER = 47


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one fetch may take: bytes, seconds of a connection, of one wait and in all, redirects."""

    most_bytes: int
    connect_seconds: float = 5.0
    read_seconds: float = 15.0
    total_seconds: float = 60.0
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: an address, headers, and headers that are secrets of that address's own server.

    `accepts` is asked of the answer's media type before anything is read.
    """

    address: str
    headers: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    accepts: Callable[[str], bool] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What was fetched: nothing where `unchanged`; else `size` bytes with their SHA-256."""

    address: str
    unchanged: bool = False
    media_type: str = ""
    etag: str = ""
    last_modified: str = ""
    size: int = 0
    sha256: str = ""


def fetch(wanted: Wanted, into: IO[bytes], *, rules: Rules, limits: Limits) -> Answer:
    """Write what the address holds into the stream; raises FetchRefused, and may have written a part then."""
    start = target = read_address(wanted.address, rules.ports)
    with Clock(limits.total_seconds) as clock:
        for _step in range(limits.redirects + 1):
            secrets = wanted.secrets if target.origin == start.origin else {}
            headers = {"User-Agent": rules.agent, "Accept-Encoding": "gzip", **wanted.headers, **secrets}
            try:
                found = _asked(target, headers, wanted, into, _Means(rules, limits, clock))
            except FetchRefused:
                raise
            except (OSError, http.client.HTTPException, zlib.error, ValueError) as error:
                raise _refusal(error, target, clock, limits) from error
            if isinstance(found, Answer):
                return found
            target = found
    raise FetchRefused("too_many_redirects")


@dataclass(frozen=True, slots=True)
class _Means:
    """What every step of one fetch shares."""

    rules: Rules
    limits: Limits
    clock: Clock


def _refusal(error: Exception, target: Target, clock: Clock, limits: Limits) -> FetchRefused:
    """Return what went wrong in our words."""
    if clock.over:
        return FetchRefused("too_slow", host=target.host, seconds=round(limits.total_seconds))
    if isinstance(error, ssl.SSLCertVerificationError):
        return FetchRefused("certificate", host=target.host)
    if isinstance(error, TimeoutError):
        return FetchRefused("too_slow", host=target.host, seconds=round(limits.read_seconds))
    broken = isinstance(
        error, http.client.HTTPException | zlib.error | ssl.SSLError | ConnectionResetError | ValueError
    )
    return FetchRefused("broken" if broken else "no_answer", host=target.host)


def _asked(
    target: Target, headers: Mapping[str, str], wanted: Wanted, into: IO[bytes], means: _Means
) -> Answer | Target:
    """Ask one server; returns what it gave, or where it leads on to."""
    connection = CheckedConnection(
        target,
        addresses_of(target, means.rules),
        means.clock,
        connect_seconds=means.limits.connect_seconds,
        read_seconds=means.limits.read_seconds,
    )
    try:
        connection.request("GET", target.path, headers=dict(headers))
        response = connection.getresponse()
        if response.status in _REDIRECTS and response.headers.get("Location"):
            return redirected(target, response.headers["Location"], means.rules.ports)
        return _taken(response, target, wanted, into, means)
    finally:
        connection.close()


def _taken(
    response: http.client.HTTPResponse, target: Target, wanted: Wanted, into: IO[bytes], means: _Means
) -> Answer:
    said = response.headers
    kept = Answer(target.url, etag=said.get("ETag", "")[:200], last_modified=said.get("Last-Modified", "")[:60])
    if response.status == _UNCHANGED:
        return replace(kept, unchanged=True)
    if response.status != http.client.OK:
        raise FetchRefused("status", host=target.host, status=response.status)
    media_type = said.get_content_type() if said.get("Content-Type") else ""
    if wanted.accepts is not None and not wanted.accepts(media_type):
        raise FetchRefused("unexpected_type", found=media_type[:60] or "?")
    digest, size = hashlib.sha256(), 0
    for block in _inflated(_sent(response, means.limits), said.get("Content-Encoding", ""), target):
        size += len(block)
        if size > means.limits.most_bytes:
            raise _too_large(means.limits)
        digest.update(block)
        into.write(block)
    if means.clock.over:
        raise FetchRefused("too_slow", host=target.host, seconds=round(means.limits.total_seconds))
    return replace(kept, media_type=media_type, size=size, sha256=digest.hexdigest())


def _too_large(limits: Limits) -> FetchRefused:
    return FetchRefused("too_large", megabytes=max(1, limits.most_bytes // MEGABYTE))


def _sent(response: http.client.HTTPResponse, limits: Limits) -> Iterator[bytes]:
    """Yield the body as it is sent; one that says or proves to be too large ends it, and so does one cut short."""
    announced, sent = response.length, 0
    if announced is not None and announced > limits.most_bytes:
        raise _too_large(limits)
    while block := response.read1(_BLOCK):
        sent += len(block)
        if sent > limits.most_bytes:
            raise _too_large(limits)
        yield block
    if announced is not None and sent < announced:
        raise http.client.IncompleteRead(b"", announced - sent)


def _inflated(blocks: Iterator[bytes], encoding: str, target: Target) -> Iterator[bytes]:
    """Yield the content, a bounded block at a time, so that a small answer cannot become a large one in memory."""
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        yield from blocks
        return
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise FetchRefused("broken", host=target.host)
    inflater = zlib.decompressobj(_EITHER)
    for block in blocks:
        left = block
        while left:
            if inflater.eof:
                inflater = zlib.decompressobj(_EITHER)
            yield inflater.decompress(left, _BLOCK)
            left = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
    yield inflater.flush()
    if not inflater.eof:
        raise zlib.error("cut short")
