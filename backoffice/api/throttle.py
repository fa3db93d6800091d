"""How many requests a token may send in a window of time, counted in the memory of this process.

A marketplace on several processes allows that many in each; the limit protects the process, it is no contract.
"""

from __future__ import annotations

import math
import threading

from flask_babel import gettext as _

from backoffice.clock import now
from backoffice.errors import TooManyRequests

# A storefront that reports every order by itself sends some ten requests a second at its peak.
REQUESTS = 1_200
WINDOW_SECONDS = 60


class Throttle:
    """Counts by token in windows that begin together."""

    def __init__(self, requests: int = REQUESTS, seconds: int = WINDOW_SECONDS) -> None:
        self._requests, self._seconds = requests, seconds
        self._window, self._counts = 0, dict[int, int]()
        self._lock = threading.Lock()

    def count(self, token_id: int) -> None:
        """Count one request; raises TooManyRequests with the seconds until the next window."""
        moment = now().timestamp()
        window = int(moment // self._seconds)
        with self._lock:
            if window != self._window:
                self._window, self._counts = window, {}
            self._counts[token_id] = self._counts.get(token_id, 0) + 1
            over = self._counts[token_id] > self._requests
        if over:
            wait = max(1, math.ceil((window + 1) * self._seconds - moment))
            raise TooManyRequests(_("Too many requests. Wait %(seconds)s seconds.", seconds=wait), retry_after=wait)
