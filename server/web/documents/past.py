"""An entity as it was: a release of one version, over which documents are written as they are over the whole.

It has what the file of the entity said, and of each entity that it names what that was called then. The ontology, and
so the words of pages, is that of today. How many edges a neighbour had in all is not known; those of the version count.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from ...build.lifting import lifted, view_of
from ...engine import engine_fingerprint
from ...namespaces import AKB, RDF, XSD
from ...records.history import Commit, Version
from ...schema.schema import Schema
from ...sparql.queries import question
from ...store.embedded import Store
from ...store.forwarding import Forwarding
from ...turtle.base import Base
from ...turtle.source_files import SourceFile
from ...turtle.statements import Statement, iri_of, is_iri, statements
from ..current import current_settings
from ..open_release import OpenRelease

_TYPE: Final = f"<{RDF}type>"
_RELATED: Final = f"<{AKB}related>"
_ENDS: Final = (f"<{AKB}subject>", f"<{AKB}object>")
_COUNT: Final = f"<{AKB}edgeCount>"
_MOST_NAMED: Final = 1_000
"""Entities whose names of then are looked up."""


def release_of(release: OpenRelease, version: Version) -> OpenRelease:
    """Return a release that has nothing but a version of an entity, for what writes its document.

    Its mark, and with it the tags of its documents, is the same in each release that knows the same.
    """
    names = _names(release, version.commit, version)
    ontology = release.once(("ontology as N-Triples",), lambda: release.store.construct(question("ontology")))
    known = hashlib.sha256(f"{version.hash} {names}\n{ontology}".encode()).hexdigest()
    past = replace(
        release,
        # It takes a while to fill, and not every document asks it.
        store=Forwarding(lambda: _store_of(release, version.ntriples + names, ontology)),
        mark=f"at {version.commit.revision} {known} {engine_fingerprint()} {release.theme.mark}",
    )
    for name in ("schema", "header", "site", "examples"):
        past.__dict__[name] = getattr(release, name)
    return past


def _names(release: OpenRelease, commit: Commit, version: Version) -> str:
    """Return as N-Triples of what class each named entity was then, and what it was called and said to be."""
    named = {value[1:-1] for _, _, value in statements(version.ntriples) if is_iri(value)} - {version.entity}
    said = release.history.said_at(sorted(named)[:_MOST_NAMED], commit)
    return "".join(
        f"{subject} {predicate} {value} .\n"
        for iri, ntriples in sorted(said.items())
        for subject, predicate, value in statements(ntriples)
        if subject == f"<{iri}>" and (predicate == _TYPE or value[0] == '"')
    )


def _store_of(release: OpenRelease, ntriples: str, ontology: str) -> Store:
    """Return a store of one version."""
    graph = release.namespaces.graph
    store = Store.in_memory(release.namespaces.prefixes())
    said = list(dict.fromkeys(statements(ntriples)))
    asserted = "".join(f"{subject} {predicate} {value} .\n" for subject, predicate, value in said)
    store.load_ntriples(asserted, f"{graph}asserted")
    store.load_ntriples(ontology, f"{graph}ontology")
    follows = {*_inferred(release.schema, said)} - {*said}
    counts = Counter(value for _, predicate, value in said if predicate in _ENDS)
    entities = {subject for subject, predicate, _ in said if predicate == _TYPE} | {*counts}
    counted = {(one, _COUNT, f'"{counts[one]}"^^<{XSD}integer>') for one in entities}
    for name, triples in (("inferred", follows), ("statistics", counted)):
        text = "".join(f"{subject} {predicate} {value} .\n" for subject, predicate, value in sorted(triples))
        store.load_ntriples(text, f"{graph}{name}")
    if release.info.is_lifted:
        file = SourceFile("kb/then.nt", asserted, asserted)
        settings = current_settings()
        base = Base(Path(), release.namespaces, (file,), (), ())
        stated, repeated = store.new_and_known(
            lifted(base, release.schema, settings.languages, settings.labels),
            (f"{graph}asserted", f"{graph}inferred"),
        )
        store.load_ntriples(stated, f"{graph}entities")
        store.load_ntriples(repeated, f"{graph}repeated")
        store.view = view_of(release.namespaces)
    return store


def _inferred(schema: Schema, said: Sequence[Statement]) -> Iterator[Statement]:
    """Yield what follows and pages ask for: the classes above those of a node, and that edges relate their ends."""
    for subject, predicate, value in said:
        if predicate == _TYPE and is_iri(value):
            yield from ((subject, _TYPE, f"<{above}>") for above in schema.upward(iri_of(value)))
        elif predicate[1:-1] in schema.predicates:
            yield subject, _RELATED, value
