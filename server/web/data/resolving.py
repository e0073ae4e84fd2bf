"""The resolver: leads from an identifier, in any of the usual ways of writing it, to what it identifies."""

from __future__ import annotations

from urllib.parse import quote, unquote, urlencode

from flask import Blueprint, abort, request
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as AnyResponse

from ...knowledge.identifiers import identified
from ...namespaces import Namespaces
from ...records.sentences import sentence
from ..current import current_release
from ..http.problems import problem
from ..http.redirects import UNESCAPED, has_ids, redirect_to_tidied, tidied
from ..open_release import OpenRelease

blueprint = Blueprint("resolving", __name__)


@blueprint.get("/resolve")
def resolve() -> AnyResponse:
    """Lead to what `id` identifies (303): a CURIE, an IRI, a DOI, an arXiv id or a Wikidata id."""
    release = current_release()
    given = request.args.getlist("id")
    text = given[0].strip() if len(given) == 1 else ""
    # A DOI may end with the sign as well.
    text = text[1:-1] if text.startswith("<") and text.endswith(">") else text
    if not text:
        abort(400, sentence("Name one identifier: ?id= with a CURIE, an IRI, a DOI, an arXiv id or a Wikidata id."))
    target = _own(release, text)
    if target is None:
        iri = identified(release.identifiers, text)
        target = iri and _anywhere(release, iri)
    if not target:
        return problem(
            404,
            sentence("No entity is known here by %(text)s.", text=f"{text[:200]!r}"),
            sentence(
                "give a CURIE such as %(curie)s, an IRI, a DOI, an arXiv id or a Wikidata id.",
                curie=release.examples.curie,
            ),
        )
    others = [(name, value) for name, value in request.args.items(multi=True) if name != "id"]
    path, _, fragment = target.partition("#")
    query = f"?{urlencode(others)}" if others else ""
    return redirect(path + query + (f"#{fragment}" if fragment else ""), 303)


@blueprint.get("/<prefix>:<local>")
def curie(prefix: str, local: str) -> AnyResponse:
    """Lead from a CURIE to the address of what it names: for good (301) to one of ours, else 303."""
    release = current_release()
    classes = release.namespaces.classes
    if has_ids(prefix, classes):
        query = f"?{request.query_string.decode('ascii', 'replace')}" if request.query_string else ""
        return redirect(quote(tidied(f"/{prefix}/{local}", classes), safe=UNESCAPED) + query, 301)
    if prefix not in release.namespaces.prefixes():
        prefixes = ", ".join(sorted(release.namespaces.prefixes()))
        return redirect_to_tidied() or problem(
            404,
            sentence("There is no prefix %(prefix)s; there are %(prefixes)s.", prefix=f"{prefix!r}", prefixes=prefixes),
        )
    return redirect(_anywhere(release, release.namespaces.expand(f"{prefix}:{local}")), 303)


def _own(release: OpenRelease, text: str) -> str | None:
    """Return where a CURIE or an IRI of ours leads, whether there is such a thing or not; None for all else."""
    namespaces = release.namespaces
    prefix, colon, local = text.partition(":")
    if colon and has_ids(prefix, namespaces.classes):
        return quote(tidied(f"/{prefix}/{local}", namespaces.classes), safe=UNESCAPED)
    if colon and prefix in namespaces.prefixes():
        return _anywhere(release, namespaces.expand(text))
    return _entity(release, text) or _path(namespaces, text)


def _entity(release: OpenRelease, iri: str) -> str | None:
    """Return the path of an entity whose address is not made from its IRI, as in bases that have not our form."""
    path = release.path_of(iri) if release.info.is_lifted else iri
    return path if path != iri else None


def _path(namespaces: Namespaces, iri: str) -> str | None:
    """Return the path of an IRI of ours, by http too and with or without escapes; None for an IRI of others."""
    scheme, _, rest = iri.partition("://")
    _, _, base = namespaces.base.partition("://")
    if scheme not in {"http", "https"} or not rest.startswith(base):
        return None
    path, _, fragment = unquote(rest.removeprefix(base)).partition("#")
    return quote(tidied(f"/{path}", namespaces.classes), safe=UNESCAPED) + (f"#{quote(fragment)}" if fragment else "")


def _anywhere(release: OpenRelease, iri: str) -> str:
    return _entity(release, iri) or _path(release.namespaces, iri) or quote(iri, safe=f"{UNESCAPED}#?%")
