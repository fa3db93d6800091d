"""A connection to an IP that was checked, under a clock that cuts it whatever it is doing.

Timeouts of sockets are for one wait each: a server that sends a byte a second would never meet one. The clock ends the
connection when the total is over, in the handshake and the headers too. Not here: what is asked and how much is read.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType

from backoffice.egress.addresses import DEFAULT_PORTS, Rules, Target, permitted
from backoffice.egress.refusals import FetchRefused

# IPs of one name that are tried in turn.
ADDRESSES_TRIED = 3


class Clock:
    """The time that one fetch has, redirects and all; what is open when it is over is shut."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.over = False
        self._open: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Clock:
        self._timer.start()
        return self

    def __exit__(self, *_raised: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._timer.cancel()

    def watch(self, opened: socket.socket, host: str) -> None:
        """Take this connection under the clock; raises FetchRefused where the time is over already."""
        self._open = opened
        if self.over:
            raise FetchRefused("too_slow", host=host, seconds=round(self.seconds))

    def _cut(self) -> None:
        self.over = True
        if self._open is not None:
            with suppress(OSError):
                # The plain socket's own: that of a TLS socket would take its state from under a reading thread.
                socket.socket.shutdown(self._open, socket.SHUT_RDWR)


class CheckedConnection(http.client.HTTPConnection):
    """Speaks HTTP with one of these IPs, and names the host it was asked for."""

    def __init__(
        self, target: Target, addresses: Sequence[str], clock: Clock, *, connect_seconds: float, read_seconds: float
    ) -> None:
        super().__init__(target.host, target.port)
        self.default_port = DEFAULT_PORTS[target.scheme]
        self._target, self._addresses, self._clock = target, addresses, clock
        self._connect_seconds, self._read_seconds = connect_seconds, read_seconds

    def connect(self) -> None:
        """Connect to the first IP that answers; raises OSError, FetchRefused."""
        failed: OSError = OSError("no address")
        for address in self._addresses[:ADDRESSES_TRIED]:
            try:
                opened = socket.create_connection((address, self._target.port), self._connect_seconds)
            except OSError as error:
                failed = error
                continue
            self.sock = self._secured(opened)
            self.sock.settimeout(self._read_seconds)
            return
        raise failed

    def _secured(self, opened: socket.socket) -> socket.socket:
        host = self._target.host
        try:
            self._clock.watch(opened, host)
            if self._target.scheme != "https":
                return opened
            context = ssl.create_default_context()
            opened = context.wrap_socket(opened, server_hostname=host, do_handshake_on_connect=False)
            self._clock.watch(opened, host)
            opened.do_handshake()
        except BaseException:
            opened.close()
            raise
        return opened


def addresses_of(target: Target, rules: Rules) -> list[str]:
    """Return the IPs of the host that may be connected to; raises FetchRefused."""
    try:
        found = rules.resolve(target.host, target.port)
    except (OSError, UnicodeError):
        raise FetchRefused("unknown_host", host=target.host) from None
    allowed = permitted(found, rules.networks)
    if not allowed:
        raise FetchRefused("not_public" if found else "unknown_host", host=target.host)
    return allowed


def system_resolver(host: str, port: int) -> list[str]:
    """Return the IPs that this machine's resolver knows for a host; its own time limits hold."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(place[0]) for *_kind, place in found]
