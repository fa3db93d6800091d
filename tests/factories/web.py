"""Servers of others on this machine, as vendors' feeds and pictures come from; they answer as a test tells them to."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Act = Callable[[BaseHTTPRequestHandler], None]


class Shop:
    """A server on this machine, whose answers are functions by path; keeps the headers it was sent."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.acts: dict[str, Act] = {}
        self.seen: list[tuple[str, dict[str, str]]] = []
        shop = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                shop.seen.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
                # Whoever asked may have turned away, which is what many of these answers are for.
                with suppress(OSError):
                    shop.acts[self.path](self)

            def log_message(self, *_said: object) -> None:
                pass

        self.server = ThreadingHTTPServer((host, 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def url(self, path: str, host: str = "shop.example") -> str:
        return f"http://{host}:{self.port}{path}"

    def gives(self, path: str, body: bytes = b"", status: int = 200, **headers: str) -> None:
        """Answer a path with this."""

        def act(asked: BaseHTTPRequestHandler) -> None:
            asked.send_response(status)
            for name, value in headers.items():
                asked.send_header(name.replace("_", "-"), value)
            asked.send_header("Content-Length", str(len(body)))
            asked.end_headers()
            asked.wfile.write(body)

        self.acts[path] = act

    def streams(self, path: str, block: bytes, pause: float = 0.0, **headers: str) -> None:
        """Answer a path without end."""

        def act(asked: BaseHTTPRequestHandler) -> None:
            asked.send_response(200)
            for name, value in headers.items():
                asked.send_header(name.replace("_", "-"), value)
            asked.end_headers()
            while True:
                asked.wfile.write(block)
                asked.wfile.flush()
                time.sleep(pause)

        self.acts[path] = act


@contextmanager
def opened(host: str = "127.0.0.1") -> Iterator[Shop]:
    """A server while the block lasts; under 0.0.0.0 every address of this machine leads to it."""
    made = Shop(host)
    try:
        yield made
    finally:
        made.server.shutdown()
        made.server.server_close()
