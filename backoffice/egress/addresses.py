"""Which addresses may be connected to: an address taken apart, and IPs judged. Pure.

Promise: an address that leads inside (loopback, private, link-local, shared, reserved, multicast, cloud metadata, IPv4
hidden in IPv6) is refused however it is written, because the judgement is of the resolved IP, never of the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import quote, urljoin, urlsplit

from backoffice.egress.refusals import FetchRefused

Network = IPv4Network | IPv6Network
# Host and port in, IPs as texts out; raises OSError for a name that is not known.
Resolver = Callable[[str, int], Sequence[str]]
DEFAULT_PORTS = {"http": 80, "https": 443}
LONGEST_ADDRESS = 2_000
# No server's name holds them; a name with accents would be encoded around a space, and the space be lost from sight.
_BROKEN = re.compile(r"[\\\s]")

# Global by their registry entry or by an older Python's, and yet not the public internet: the registry's own block, in
# which a cloud serves its metadata; relays of 6to4; a cloud's wire server.
_CLOSED_V4 = tuple(IPv4Network(text) for text in ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32"))
# Only global unicast is let through, which leaves out loopback, mapped and translated IPv4 (::ffff:0:0/96, 64:ff9b::/96),
# unique local, link-local and multicast; of it, what tunnels IPv4 (Teredo, 6to4) or serves documentation is left out too.
_OPEN_V6 = IPv6Network("2000::/3")
_CLOSED_V6 = tuple(IPv6Network(text) for text in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))


@dataclass(frozen=True, slots=True)
class Rules:
    """What may be connected to: ports, and networks that are let through although they are not public."""

    resolve: Resolver
    networks: tuple[Network, ...] = ()
    ports: frozenset[int] = frozenset(DEFAULT_PORTS.values())
    agent: str = "Comptoir"


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart, as it is asked for."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> tuple[str, str, int]:
        """What a credential is bound to."""
        return self.scheme, self.host, self.port

    @property
    def url(self) -> str:
        """The address put together again."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.path}"


def read_address(address: str, ports: frozenset[int]) -> Target:
    """Return the parts of an address; raises FetchRefused."""
    text = address.strip()
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").rstrip(".")
        host = host if host.isascii() else host.encode("idna").decode()
        port = parts.port
    except ValueError:
        raise FetchRefused("bad_address", address=text[:200]) from None
    if parts.scheme not in DEFAULT_PORTS and parts.scheme:
        raise FetchRefused("bad_scheme", scheme=parts.scheme[:20])
    if (
        not host
        or not parts.scheme
        or len(text) > LONGEST_ADDRESS
        or not text.isprintable()
        or _BROKEN.search(parts.netloc)
    ):
        raise FetchRefused("bad_address", address=text[:200])
    if "@" in parts.netloc:
        raise FetchRefused("credentials_in_address")
    port = DEFAULT_PORTS[parts.scheme] if port is None else port
    if port not in ports:
        raise FetchRefused("bad_port", port=port)
    path = quote(parts.path or "/", safe="/%:;=&~+!$,'@()*")
    query = f"?{quote(parts.query, safe='/%:;=&~+!$,()*@?')}" if parts.query else ""
    return Target(parts.scheme, host.lower(), port, path + query)


def redirected(target: Target, location: str, ports: frozenset[int]) -> Target:
    """Return where an answer leads on to; raises FetchRefused."""
    return read_address(urljoin(target.url, location.strip()), ports)


def is_public(text: str) -> bool:
    """Return whether an IP is on the public internet."""
    address = _ip(text)
    if isinstance(address, IPv4Address):
        closed = address.is_multicast or address.is_reserved or any(address in network for network in _CLOSED_V4)
        return address.is_global and not closed
    if not isinstance(address, IPv6Address) or address not in _OPEN_V6:
        return False
    return not any(address in network for network in _CLOSED_V6)


def leads_inside(target: Target, networks: Sequence[Network]) -> bool:
    """Return whether the address names by its number a host that would be refused; a name is judged when it is fetched."""
    return _ip(target.host) is not None and not permitted([target.host], networks)


def _ip(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text.partition("%")[0])
    except ValueError:
        return None


def permitted(found: Sequence[str], networks: Sequence[Network]) -> list[str]:
    """Return those of the resolved IPs that may be connected to, in their order."""
    allowed = []
    for text in dict.fromkeys(found):
        address = _ip(text)
        if is_public(text) or (address is not None and any(address in network for network in networks)):
            allowed.append(text)
    return allowed
