"""Addresses that others gave us, fetched without being led inside our own network.

    address → read (addresses) → host resolved → every IP judged (addresses) → connected to that very IP (connecting)
    → answer within limits of time and size (fetching); a redirect goes the whole way again

Promise: what is connected to is what was checked, so that a name that changes its mind between two looks gains nothing;
no proxy and no credential of the environment is used; what cannot be fetched is a `FetchRefused` with a code and a
sentence in the reader's language. Not here: what is fetched and when (feeds and images of the catalogue).
"""

from backoffice.egress.addresses import Rules
from backoffice.egress.fetching import Answer, Limits, Wanted, fetch
from backoffice.egress.refusals import FetchRefused
from backoffice.egress.settings import rules_of

__all__ = ["Answer", "FetchRefused", "Limits", "Rules", "Wanted", "fetch", "rules_of"]
