"""What the query editor of `/sparql` completes: classes, predicates, and the CURIEs of entities."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Final

from flask import Blueprint, Response, abort, request

from ...records.sentences import sentence
from ...records.terms import ClassTerm, PropertyTerm, Term
from ...sparql.queries import question
from ...sparql.terms import is_iri
from ...store.labels import labels_of
from ...text.forms import folded
from ..current import current_release
from ..open_release import OpenRelease

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

_LABELS_AT_MOST: Final = 2_000
"""How many IRIs may be asked for at once."""

Offer = dict[str, object]
"""A name to complete to, with its label and its definition. A predicate has the classes that it is `of`, by the shapes
and its domain, and its `range`; a class those that are `above` it."""


@blueprint.get("/sparql/completions")
def completions() -> Response:
    """Return the vocabulary; with `entity=`, the entities that are so called instead."""
    release = current_release()
    if "entity" in request.args:
        found: object = {"entities": _called(request.args["entity"], release)}
    else:
        found = release.once(("completions",), lambda: _schema(release))
    return Response(json.dumps(found, ensure_ascii=False), content_type="application/json")


@blueprint.route("/sparql/labels", methods=["GET", "POST"])
def labels() -> Response:
    """Return what IRIs are called, given as `iri=` or as a JSON list that is sent; what has no name is left out."""
    wanted = request.get_json(silent=True) if request.method == "POST" else request.args.getlist("iri")
    if not isinstance(wanted, list) or not all(isinstance(one, str) for one in wanted):
        abort(400, sentence("Send a JSON list of IRIs."))
    if len(wanted) > _LABELS_AT_MOST:
        abort(
            413,
            sentence(
                "The list has %(wanted)s IRIs; there may be %(labels_at_most)s.",
                wanted=f"{len(wanted):,}",
                labels_at_most=f"{_LABELS_AT_MOST:,}",
            ),
        )
    iris = [one for one in dict.fromkeys(wanted) if is_iri(one)]
    found = {iri: called.label for iri, called in labels_of(iris, current_release().store.select).items()}
    return Response(json.dumps(found, ensure_ascii=False), content_type="application/json")


def _schema(release: OpenRelease) -> dict[str, object]:
    used = release.store.select(question("vocabulary_used"))
    schema, compact = release.schema, release.namespaces.compact
    known: dict[str, Term] = {**schema.classes, **schema.properties}

    def offers(kind: str, declared: Mapping[str, Term]) -> list[Offer]:
        iris = set(declared) | {str(row["term"]) for row in used if row["kind"] == kind}
        found = []
        for iri in iris:
            term = known.get(iri)
            offer: Offer = {"name": compact(iri), "label": "", "definition": ""}
            if term is not None:
                offer |= {"label": term.label, "definition": term.definition}
            if isinstance(term, PropertyTerm):
                offer |= {"of": sorted({compact(one) for one in (*term.classes, term.domain) if one})}
                offer |= {"range": compact(term.range)} if term.range else {}
            elif isinstance(term, ClassTerm):
                offer |= {"above": sorted(compact(one) for one in schema.upward(iri) if one != iri)}
            found.append(offer)
        # What no prefix covers cannot be written as a name; our own terms come first.
        found.sort(key=lambda one: (not str(one["name"]).startswith("akb:"), str(one["name"]).lower()))
        return [one for one in found if "//" not in str(one["name"])]

    return {
        "base": release.namespaces.base,
        "classes": offers("class", schema.classes),
        "predicates": offers("predicate", schema.properties),
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
