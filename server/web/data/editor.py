"""What the query editor of `/sparql` completes: classes, predicates, and the CURIEs of entities."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from flask import Blueprint, Response, request

from ...sparql.queries import question
from ...text.forms import folded
from ..current import OpenRelease, current_release

blueprint = Blueprint("editor", __name__)

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; "
    # The table of YASGUI 4.6.2 writes one fixed style sheet into the page; this is its hash, and lets in nothing else.
    "style-src 'self' 'sha256-zCK2EVMoPc04mRF/g5CotUvxbJPWS+8V0b+s9ptqQIk='; "
    "img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""The policy of the page with the editor: scripts of ours, and requests to this server only."""

_OFFERED_AT_MOST = 50
"""How many entities are offered at once: more are not read, and another letter makes them fewer."""

Offer = dict[str, str]
"""A name to complete to, and what it is called in words."""


@blueprint.get("/sparql/completions")
def completions() -> Response:
    """Return the vocabulary; with `entity=`, the entities that are so called instead."""
    release = current_release()
    if "entity" in request.args:
        found: object = {"entities": _called(request.args["entity"], release)}
    else:
        found = release.once(("completions",), lambda: _schema(release))
    return Response(json.dumps(found, ensure_ascii=False), content_type="application/json")


def _schema(release: OpenRelease) -> dict[str, object]:
    used = release.store.select(question("vocabulary_used"))
    terms = [*release.schema.classes.values(), *release.schema.properties.values()]
    labels = {term.iri: term.label for term in terms}

    def offers(kind: str, declared: set[str]) -> list[Offer]:
        iris = declared | {str(row["term"]) for row in used if row["kind"] == kind}
        named = {release.namespaces.compact(iri): labels.get(iri, "") for iri in iris}
        # What no prefix covers cannot be written as a name; our own terms come first.
        return [
            {"name": name, "label": named[name]}
            for name in sorted(named, key=lambda name: (not name.startswith("akb:"), name.lower()))
            if "//" not in name
        ]

    return {
        "base": release.namespaces.base,
        "classes": offers("class", set(release.schema.classes)),
        "predicates": offers("predicate", set(release.schema.properties)),
        "services": [{"name": name, "label": label} for name, label in _services(release)],
    }


def _services(release: OpenRelease) -> Iterator[tuple[str, str]]:
    """Yield what may stand behind SERVICE: a search with its block, or the address of a peer."""
    for search in release.federation.searches.values():
        yield search.example.removeprefix("SERVICE "), search.label
    for peer in release.federation.peers.enabled:
        yield f"<{peer.endpoint}>", peer.name


def _called(text: str, release: OpenRelease) -> list[Offer]:
    """Return the entities whose CURIE or a label holds a text; first those of which it is the beginning."""
    wanted = folded(text)
    names = release.once(("names",), lambda: _names(release))
    found: dict[str, str] = {}
    for curie, label in names:
        if wanted in curie or wanted in folded(label):
            found.setdefault(curie, label)
    best_first = sorted(found, key=lambda curie: not any(part.startswith(wanted) for part in (curie, _slug(curie))))
    return [{"name": curie, "label": found[curie]} for curie in best_first[:_OFFERED_AT_MOST]]


def _names(release: OpenRelease) -> list[tuple[str, str]]:
    rows = release.store.select(question("names"))
    return [(release.namespaces.compact(str(row["entity"])), str(row["label"])) for row in rows]


def _slug(curie: str) -> str:
    return curie.partition(":")[2]
