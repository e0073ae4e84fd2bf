"""The Linked Data Event Stream of the base: every change, for those who keep a copy (LDES 1.0; TREE).

The first node changes as the base does. All others are immutable, and so are single members.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import Final

from flask import Blueprint, Response, request

from ...engine import engine_fingerprint
from ...formats.event_stream import PREFIXES, member_quads, node_quads
from ...knowledge.event_stream import NODES, SIZE, EventStream
from ...records.event_stream import PATH
from ...records.sentences import sentence
from ...serialization import HTML, JSON_LD, N_QUADS, N_TRIPLES, QUAD_FORMATS, TRIG, TURTLE, Format
from ...store.writing import write_nquads
from ..current import current_release
from ..http.caching import Representation, digest
from ..http.links import Link, header
from ..http.memento import FOR_GOOD
from ..http.negotiation import choose, named
from ..http.origins import site_address
from ..http.problems import problem
from ..open_release import OpenRelease

blueprint = Blueprint("event_stream", __name__)

FORMATS: Final = (TRIG, N_QUADS, JSON_LD, TURTLE, N_TRIPLES)
_NAMED: Final = frozenset({*QUAD_FORMATS, JSON_LD})
"""The formats in which the content of each member is a graph of its own."""
_FOR_PEOPLE: Final = "/feed.html#event-stream"


@blueprint.get("/ldes")
@blueprint.get("/ldes.<extension>")
def root(extension: str | None = None) -> Response:
    """Return the first node of the stream; lead people to the page that says what it is for (303)."""
    release = current_release()
    stream = stream_of(release)
    if extension is None and choose(request, (*FORMATS, HTML)) is HTML:
        response = Response(status=303, headers={"Location": _FOR_PEOPLE})
        response.vary.add("Accept")
        return response
    return _node(release, stream, "", extension)


@blueprint.get("/ldes/<undotted:name>")
@blueprint.get("/ldes/<undotted:name>.<extension>")
def node(name: str, extension: str | None = None) -> Response:
    """Return another node of the stream, which never changes."""
    release = current_release()
    return _node(release, stream_of(release), name, extension)


@blueprint.get("/ldes/member/<revision>/<path:local>")
def member(revision: str, local: str) -> Response:
    """Return one member, which never changes."""
    release = current_release()
    found = stream_of(release).member(revision, local)
    chosen = choose(request, FORMATS)
    response = _answer(release, f"/{PATH}/member/{revision}/{local}", chosen, partial(member_quads, found))
    response.last_modified = found.version.commit.at
    response.vary.add("Accept")
    return response


def stream_of(release: OpenRelease) -> EventStream:
    """Return the event stream of a release, at the address of the site."""
    licences = tuple(licence.iri for licence in release.site.licences)
    of_site = (release.namespaces.base, site_address(), release.site.name, licences)
    return EventStream(release.history, *of_site, SIZE, NODES)


def _node(release: OpenRelease, stream: EventStream, name: str, extension: str | None) -> Response:
    chosen = named(extension, FORMATS) if extension is not None else choose(request, FORMATS)
    if chosen is None:
        names = ", ".join(f".{one.name}" for one in FORMATS)
        return problem(
            404,
            sentence(
                "There is no format .%(extension)s of the event stream; there are %(names)s.",
                extension=extension,
                names=names,
            ),
        )
    found = stream.node(name) if name else stream.root()
    path = f"/{PATH}/{name}" if name else f"/{PATH}"
    response = _answer(release, path, chosen, partial(node_quads, found), stream.site, is_final=bool(name))
    if not name:
        # Two commits may be of one second: by their times a client could miss the later one.
        response.last_modified = datetime.fromisoformat(release.info.built)
    elif found.members:
        response.last_modified = found.members[-1].version.commit.at
    links = [Link(f"{path}.{one.name}", "alternate", (("type", one.media_type),)) for one in FORMATS]
    response.headers["Link"] = header([*links, Link("/feed", "help")])
    if extension is None:
        response.vary.add("Accept")
        response.headers["Content-Location"] = f"{path}.{chosen.name}"
    return response


def _answer(
    release: OpenRelease,
    path: str,
    chosen: Format,
    lines: Callable[..., Iterable[str]],
    site: str = "",
    *,
    is_final: bool = True,
) -> Representation:
    def write() -> bytes:
        text = "".join(lines(named=chosen in _NAMED))
        if chosen in {N_QUADS, N_TRIPLES}:
            return text.encode()
        output = io.BytesIO()
        prefixes = PREFIXES | release.namespaces.prefixes()
        write_nquads(text, output, chosen, {name: iri for name, iri in prefixes.items() if f"<{iri}" in text})
        return output.getvalue()

    response = Representation(release, path, (chosen.name, site), chosen.content_type, write)
    if is_final:
        # It is the same in every release of the same engine.
        response.set_etag(digest(engine_fingerprint(), path, chosen.name, site))
        response.headers["Cache-Control"] = FOR_GOOD
    return response
