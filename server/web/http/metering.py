"""Measures the work that each request is, and refuses those of a client that has taken its share (`fairness.py`)."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from ...store.places import ask_for, waited
from .fairness import Fairness, is_free, refused
from .observing import CACHED, peer_of
from .prefixes import prefix_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class Meter:
    """A WSGI application that lets another one work for each client in turn.

    Work is the time from the request to the answer, but for that in which a query waited for a worker. To send the
    answer costs nothing; nor does what comes out of the cache.
    """

    def __init__(self, application: WSGIApplication, fairness: Fairness) -> None:
        self._application = application
        self._fairness = fairness

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request (PEP 3333)."""
        client = self._fairness.client(peer_of(environ))
        ask_for(client)
        if not client:
            return self._application(environ, start_response)
        if (wait := self._fairness.admit(client)) is not None and not is_free(environ["PATH_INFO"]):
            _, headers, body = refused(wait, environ.get("HTTP_ACCEPT", ""), prefix_of(environ))
            start_response("429 TOO MANY REQUESTS", headers)
            return () if environ["REQUEST_METHOD"] == "HEAD" else (body,)
        started = time.perf_counter() - waited()
        try:
            return self._application(environ, start_response)
        finally:
            if CACHED not in environ:
                self._fairness.charge(client, time.perf_counter() - waited() - started)
