"""`akb serve`: build when needed, then serve."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click

from ..errors import AkbError, UsageError
from ..settings import Project, Settings
from .build import build_release, release_to_read
from .common import engine_option, origin_of, progress_bar, project_options, root_option, settings_for, show_error
from .sources import sources_of

_LONG_SECONDS = 60
_ALLOCATOR = "glibc.malloc.tcache_count=200"
"""How a web worker's C library handles memory: to ask the engine takes hundreds of small pieces, freed at the end.

If they are cached, the engine takes a third less time for a small query. Other C libraries pass over this.
"""


@click.command()
@root_option
@project_options
@click.option("--host", help="Address to listen on. Default: $AKB_HOST, else 127.0.0.1.")
@click.option("--port", type=int, help="Port to listen on; 0 takes any free one. Default: $AKB_PORT, else 8000.")
@click.option("--workers", type=int, help="Web worker processes. Default: $AKB_WORKERS, else 1.")
@click.option("--watch", is_flag=True, help="Build after each change of a file; browsers do not cache pages.")
@click.option("--follow", help="Serve the releases of this address or folder, and build none. Default: $AKB_FOLLOW.")
@click.option(
    "--allow-propose",
    is_flag=True,
    help="Let what is sent to /propose wait in the queue of proposals. Default: $AKB_ALLOW_PROPOSE, else no.",
)
@engine_option
def serve(
    root: Path | None,
    project: Project | None,
    host: str | None,
    port: int | None,
    workers: int | None,
    watch: bool,
    follow: str | None,
    allow_propose: bool,
    engine: str | None,
) -> None:
    """Serve the base as web pages, as data, and at a SPARQL endpoint.

    With --data it serves any RDF in place of a base: Turtle, N-Triples, N-Quads, TriG, RDF/XML or JSON-LD, a file or a
    folder, gzipped or not. Each thing that the data describe has a page, under its own IRI.

    Builds a release first when there is none or when a file has changed. When that build fails and there is an older
    release, that one is served, with a warning. With --follow it needs no base: it takes each release that another
    machine publishes, verifies it by its checksums, and swaps it in. Prints one line with the address when it is
    ready. Stop it with Ctrl-C.
    """
    from ..federation.peers import peers_of
    from ..leftovers import temporary_place
    from ..web.theme import read_theme

    if allow_propose:
        # Workers read it too: they inherit the environment.
        os.environ["AKB_ALLOW_PROPOSE"] = "yes"
    settings = settings_for(root, host=host, port=port, workers=workers, follow=follow, engine=engine, project=project)
    # What is missing, or wrong in the file of peers or in the theme, is reported here, and not by each worker.
    temporary_place()
    peers_of(settings)
    read_theme(settings.root)
    if watch and settings.follow:
        raise UsageError("--watch builds, and --follow takes what another machine built.", "leave one of them out.")
    stopped = threading.Event()
    # Begun before the first build, so that no change while it runs is missed.
    changes = _changes(settings, stopped) if watch else iter(())
    release_to_read(settings, _take if settings.follow else build_release)
    _must_suit_store(settings)
    listening = _listen(settings)
    if watch:
        # A page that a browser keeps would not show what was saved a moment ago.
        os.environ |= {"AKB_CACHE_SECONDS": "0", "AKB_SHARED_CACHE_SECONDS": "0"}
        threading.Thread(target=_watch, args=(settings, changes), daemon=True).start()
    try:
        _start(settings, listening)
    finally:
        stopped.set()


def _must_suit_store(settings: Settings) -> None:
    """Raise UsageError where pages would ask a remote store what only the embedded one can answer."""
    from ..build.releases import Releases

    releases = Releases(settings.releases)
    if settings.store and releases.info(releases.held().release).is_lifted:
        raise UsageError(
            "Pages of data that do not have the form of a base are answered by the embedded store alone.",
            "unset AKB_STORE; `akb publish` hands the data to another store all the same.",
        )


def _changes(settings: Settings, stopped: threading.Event) -> Iterator[str]:
    """Begin to watch the source files; yield after each change which files changed, until the event is set."""
    from .watching import changes_under

    project = settings.project
    places = [project.data, project.ontology, project.shapes] if project else sources_of(settings.root)
    return changes_under([place for place in places if place], stopped, is_base=project is None)


def _watch(settings: Settings, changes: Iterator[str]) -> None:
    """Build after each change of a source file; what must be mended is said, and waits."""
    for changed in changes:
        click.echo(f"{datetime.now():%H:%M:%S} {changed}")
        try:
            info, made = build_release(settings)
        except AkbError as error:
            click.echo(show_error(error), err=True)
            continue
        if made:
            click.echo(f"Built in {info.seconds:.1f} seconds; the next page shows it.")


def _take(settings: Settings) -> None:
    """Take the release of the source that is followed, with a progress bar."""
    from ..build.following import Follower
    from ..web.http.logs import configure_logging

    configure_logging(settings)
    with progress_bar() as progress:
        Follower(settings).take(progress)


def _listen(settings: Settings) -> socket.socket:
    """Return a socket that has the address and port of the settings. Raises UsageError where it cannot be had."""
    listening = socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET)
    # A server that has just been stopped leaves connections, which do not keep another from its port.
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
        listening.listen()
    except OSError as error:
        listening.close()
        raise UsageError(
            f"Cannot listen on {settings.host}, port {settings.port}: {error.strerror or error}.",
            "stop what listens there, or choose another port: --port 8123, or --port 0 for any free one.",
        ) from error
    return listening


def _start(settings: Settings, listening: socket.socket) -> None:
    from ..web.http.logs import configure_logging
    from ..web.serving.supervisor import Supervisor

    configure_logging(settings)

    # Workers are processes of their own: they inherit the environment, and know nothing of our options.
    environment = {**os.environ, "AKB_BASE": settings.namespaces.base, "AKB_WORKERS": str(settings.workers)}
    environment |= {"AKB_HOST": settings.host, "AKB_PORT": str(listening.getsockname()[1])}
    if settings.project:
        environment |= _of_project(settings.project)
    environment |= {"AKB_ROOT": str(settings.root), "AKB_STATE": str(settings.state), "AKB_FOLLOW": settings.follow}
    environment.setdefault("GLIBC_TUNABLES", _ALLOCATOR)
    origin = origin_of(settings.host, listening.getsockname()[1])
    # A prefix that the proxy takes off is none here.
    prefix = "" if settings.proxy_strips else next(iter(settings.prefixes), "")
    threading.Thread(target=_announce, args=(origin, f"{origin}{prefix}/"), daemon=True).start()
    if settings.follow:
        from ..build.following import Follower

        # The workers notice by themselves that another release is the current one.
        threading.Thread(target=Follower(settings).run, args=(threading.Event(),), daemon=True).start()
    Supervisor(listening, settings.workers, environment, settings.drain_seconds, has_spare=settings.spare_worker).run()


def _of_project(project: Project) -> dict[str, str]:
    """Return the variables that name the data that are served."""
    places = {"AKB_DATA": project.data, "AKB_ONTOLOGY": project.ontology, "AKB_SHAPES": project.shapes}
    return {name: str(place) for name, place in places.items() if place}


def _announce(origin: str, address: str) -> None:
    """Print the address of the site as soon as the server answers, however long that takes."""
    from urllib.request import Request

    from ..outgoing.client import Rules, send
    from ..outgoing.failures import OutgoingError

    warning = time.monotonic() + _LONG_SECONDS
    while True:
        try:
            send(Request(f"{origin}/readyz"), Rules(seconds=_LONG_SECONDS))  # noqa: S310 - our own address, http
        except OutgoingError:
            time.sleep(0.05)
        else:
            click.echo(f"Serving at {address} (stop with Ctrl-C)")
            return
        if time.monotonic() > warning:
            click.echo(f"The server has not answered for {_LONG_SECONDS} seconds; see the messages above.", err=True)
            warning += _LONG_SECONDS
