"""The named graphs as documents: the read side of the Graph Store Protocol (SPARQL 1.1 Graph Store HTTP Protocol).

A graph is named by the query of `/graph-store` (section 4.2), or is asked for at its own address (section 4.1). In
N-Quads and TriG each triple is in its own graph, so that these can be loaded into other stores. Who reads the document
itself, and no graph of it, would find nothing there: so a client that takes triples as well gets these.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import IO
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, request

from ...records.sentences import sentence
from ...serialization import QUAD_FORMATS, Format, triples_formats
from ..current import current_release
from ..http.caching import FileResponse
from ..http.codings import coding_for, encoded
from ..http.negotiation import choose, named
from ..http.problems import problem
from ..open_release import OpenRelease

blueprint = Blueprint("graphs", __name__)


@blueprint.get("/graph-store")
def graph_store() -> Response:
    """Return the graph that the query names, or the union of all (GET and HEAD: sections 5.2 and 5.6)."""
    graphs, default = request.args.getlist("graph"), "default" in request.args
    if len(graphs) + default != 1:
        abort(400, sentence("Name one graph: ?graph= with its IRI, or ?default for the union of all."))
    if default:
        return _graph(current_release(), None, _wanted(), negotiated=True)
    if not _is_absolute(graphs[0]):
        abort(400, sentence("%(graphs)s is not an absolute IRI.", graphs=f"{graphs[0]!r}"))
    return _graph(current_release(), graphs[0], _wanted(), negotiated=True)


@blueprint.get("/graph/<name>")
@blueprint.get("/graph/<name>.<extension>")
def graph(name: str, extension: str | None = None) -> Response:
    """Return the named graph that has this address."""
    release = current_release()
    chosen = _wanted() if extension is None else named(extension, triples_formats())
    if chosen is None:
        names = ", ".join(f".{candidate.name}" for candidate in triples_formats())
        abort(
            404,
            sentence(
                "There is no format .%(extension)s of a graph; there are %(names)s.", extension=extension, names=names
            ),
        )
    return _graph(release, release.namespaces.graph + name, chosen, negotiated=extension is None)


def _graph(release: OpenRelease, iri: str | None, chosen: Format, *, negotiated: bool) -> Response:
    known = release.local.graphs()
    if iri is not None and iri not in known:
        return problem(
            404,
            sentence("There is no graph <%(iri)s>.", iri=iri),
            sentence("ask for one of these: %(join)s.", join=", ".join(known)),
        )
    coding = coding_for(request.headers.get("Accept-Encoding", ""))
    file = release.files.get((iri, chosen.name, coding), partial(_write, release, iri, chosen, coding))
    response = FileResponse(file, chosen.content_type, coding)
    response.last_modified = datetime.fromisoformat(release.info.built)
    if negotiated:
        response.vary.add("Accept")
        if iri is not None and iri.startswith(release.namespaces.graph):
            name = iri.removeprefix(release.namespaces.graph)
            response.headers["Content-Location"] = f"/graph/{name}.{chosen.name}"
    return response.for_request()


def _wanted() -> Format:
    return choose(request, triples_formats(), less=QUAD_FORMATS)


def _write(release: OpenRelease, iri: str | None, chosen: Format, coding: str, output: IO[bytes]) -> None:
    """Write a graph, once for all clients: no lock on the store while one reads slowly, and memory for one piece."""
    with encoded(output, coding) as file:
        release.local.write_graph(iri, chosen, file)


def _is_absolute(iri: str) -> bool:
    try:
        return bool(urlsplit(iri).scheme)
    except ValueError:
        return False
