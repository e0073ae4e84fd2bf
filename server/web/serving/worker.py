"""A web worker: one process that accepts connections on the socket of its parent, and answers them.

It prepares all that it can before it asks which place it has: a spare one waits here until another dies.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import os
import resource
import select
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial
from typing import Final

import uvicorn
from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from ...errors import AkbError
from ...priorities import unhurried
from ...settings import Settings, read_settings
from ..app import create_app
from ..current import application_of
from ..data.answering import LARGEST_REQUEST
from ..http.logs import configure_logging
from ..http.metrics import count_worker
from ..http.proxies import address_of, behind_proxies
from .connections import Connection, Limits
from .gateway import Gateway
from .supervisor import CHANNEL

_PAGES: Final = 12
"""Threads beyond those that wait for queries, so that pages find some free."""
_SPARE_DESCRIPTORS: Final = 200
"""Descriptors that files, workers and peers need."""
_PATIENCE: Final = 0.3
"""Seconds for which requests wait while a new release is opened, which takes several where much is asked."""
_LOOK: Final = 1.0
"""Seconds between two looks of a worker for a new release, whether anybody asks for something or not."""
_LONGEST_MESSAGE: Final = 1 << 17
_BODIES: Final = 32
"""Times the largest body: what all bodies that are being received may have together."""


def threads(settings: Settings) -> int:
    """Return how many requests a worker works on at a time.

    A query that runs, waits, or calls peers holds a thread; pages must find others free.
    """
    return 2 * settings.query_workers + settings.query_queue + _PAGES


def main() -> None:
    """Serve until told to stop, or until the parent is gone."""
    settings = read_settings(os.environ)
    configure_logging(settings)
    most = min(settings.connections, _raised_descriptors() - _SPARE_DESCRIPTORS)
    Connection.limits = Limits(
        most=most,
        # Behind proxies, all clients have the addresses of these.
        most_of_one=0 if settings.proxies else settings.connections_per_client,
        seconds=settings.stall_seconds,
    )
    application = create_app(settings)
    listening = _place(socket.socket(fileno=int(os.environ[CHANNEL])), application, settings)
    if settings.spare_worker:
        _warm(application, settings)
    _open(application)
    application_of(application).patience = _PATIENCE
    threading.Thread(target=_look, args=(application,), daemon=True).start()
    Connection.gateway = gateway = Gateway(
        application.wsgi_app,
        threads=threads(settings),
        waiting=settings.waiting_requests,
        body_bytes=LARGEST_REQUEST,
        bodies_bytes=_BODIES * LARGEST_REQUEST,
        prefixes=settings.prefixes,
        client_of=address_of(settings),
    )
    # What is there now stays, and to look through it for garbage would take a tenth of the time of small queries.
    gc.collect()
    gc.freeze()
    configuration = uvicorn.Config(
        gateway,
        http=Connection,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        # Which proxies are believed is for `http/proxies.py` to say.
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=settings.drain_seconds,
    )
    with asyncio.Runner(loop_factory=configuration.get_loop_factory()) as runner:
        runner.run(_serve(_Server(configuration), listening))


class _Server(uvicorn.Server):
    """One that says when it is ready, and whose stop by a signal is a success."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to accept connections."""
        await super().startup(sockets)
        count_worker("ready")

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop in good order at SIGTERM and SIGINT."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.handle_exit)
        yield


async def _serve(server: uvicorn.Server, listening: socket.socket) -> None:
    watching = asyncio.get_running_loop().create_task(Connection.limits.watch())
    try:
        await server.serve(sockets=[listening])
    finally:
        watching.cancel()


def _place(channel: socket.socket, application: Flask, settings: Settings) -> socket.socket:
    """Wait for a place, and return its socket; meanwhile be ready to answer from the newest release at once.

    Ends the process when the parent has ended: a worker that nobody can stop would hold the port.
    """
    if not _has_message(channel, 0):
        unhurried(partial(_warm, application, settings))
        while not _has_message(channel, _LOOK):
            unhurried(partial(_open, application))
    message, descriptors, *_ = socket.recv_fds(channel, _LONGEST_MESSAGE, 1)
    if not message:
        sys.exit(1)
    os.environ |= json.loads(message)
    threading.Thread(target=_end_with_parent, args=(channel,), daemon=True).start()
    return socket.socket(fileno=descriptors[0])


def _has_message(channel: socket.socket, seconds: float) -> bool:
    return bool(select.select([channel], [], [], seconds)[0])


def _open(application: Flask) -> None:
    """Open the release, if it can be: each request says what is wrong, and a build may mend it."""
    with contextlib.suppress(AkbError):
        application_of(application).release()


def _look(application: Flask) -> None:
    """Open each new release soon after it was published: the first request after it then need not wait."""
    while True:
        time.sleep(_LOOK)
        _open(application)


def _warm(application: Flask, settings: Settings) -> None:
    """Open the release and make two of its pages, so that their templates are compiled."""
    # The class has the application without what counts requests and keeps answers.
    pages = behind_proxies(partial(Flask.wsgi_app, application), settings)
    with contextlib.suppress(AkbError):
        release = application_of(application).release()
        example = release.examples.entity
        for path in ("/", *([f"{release.path_of(example.iri)}.html"] if example else [])):
            run_wsgi_app(pages, EnvironBuilder(path).get_environ(), buffered=True)


def _end_with_parent(channel: socket.socket) -> None:
    """End when the parent was killed: a worker that nobody can stop would hold the port."""
    channel.recv(1)
    os._exit(1)


def _raised_descriptors() -> int:
    """Raise the limit of open descriptors as far as this process may, and return it."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = 65_536 if hard == resource.RLIM_INFINITY else min(hard, 65_536)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return most
