"""Matches with other bases: what a reconciliation service proposed, and the change of a file when a person decides.

Proposals are machine output, and are never in `kb/`: they wait in a file of the state folder, from which the build
takes them into the release. What was decided is a statement of the entity's file, so that nothing is proposed twice.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from rdflib import OWL, RDF, SKOS, Graph, Literal, URIRef

from ..errors import NotFoundError, UnreadableError, UsageError
from ..federation.reconciliation import Item, Question, Service
from ..locks import make_state
from ..namespaces import AKB
from ..records.candidates import candidate_id
from ..records.languages import is_english
from ..records.terms import PropertyTerm
from ..schema.schema import Schema
from ..turtle.base import Base
from ..turtle.edges import VOCAB, statuses_in_use
from ..turtle.statements import iri_of
from ..turtle.writer import canonical, first_comment, write_atomically
from .records import FileChanges

FILE: Final = "matches.json"
DECISIONS: Final = {
    "exact": SKOS.exactMatch,
    "close": SKOS.closeMatch,
    "same": OWL.sameAs,
    "different": OWL.differentFrom,
}
"""What a person may say of a match, and the property that says it."""


@dataclass(frozen=True)
class Proposal:
    """An item of another base that may be the same as an entity of ours."""

    id: str
    """As of any pair: `candidate_id` of the two IRIs."""
    entity: str
    item: str
    name: str
    """What the other base calls it."""
    description: str
    score: float
    """From 0 to 100, as the service gave it."""
    decision: str
    """What is proposed: `exact` where the service is sure, else `close`."""
    service: str
    """Its address."""


def matchable(schema: Schema) -> tuple[str, ...]:
    """Return the names of the page classes of what other bases may know too."""
    return tuple(term.notation for term in schema.page_classes if term.is_known_elsewhere)


def unmatched(base: Base, schema: Schema, space: str, classes: Collection[str] = ()) -> list[str]:
    """Return the IRIs of the entities in use that name no item of an identifier space.

    They are of some page classes; without any, of those that `matchable` returns.
    """
    classes = classes or matchable(schema)
    graph = base.asserted
    found = []
    for entity, type_ in graph.subject_objects(RDF.type):
        page = schema.page_class_of(str(type_))
        if page is None or page.notation not in classes or str(graph.value(entity, VOCAB.status)) not in schema.in_use:
            continue
        known = (other for property_ in DECISIONS.values() for other in graph.objects(entity, property_))
        named = [
            other for other in known if str(other).startswith(space) and (entity, OWL.differentFrom, other) not in graph
        ]
        if not named:
            found.append(str(entity))
    return sorted(found)


def question_about(base: Base, schema: Schema, entity: str, service: Service) -> Question:
    """Return what to ask a service about an entity: its label, and its identifiers where the service knows those.

    A service of another base knows the properties that the ontology matches with its own (`skos:exactMatch`); one of
    this vocabulary knows the same as we.
    """
    graph, node = base.asserted, URIRef(entity)
    label = next(
        (
            str(one)
            for one in graph.objects(node, SKOS.prefLabel)
            if isinstance(one, Literal) and is_english(one.language or "")
        ),
        "",
    )
    values = {
        pid: str(value)
        for term in schema.facts.values()
        if term.is_identifying and not term.is_iri and (pid := _name_at(service, term))
        for value in graph.objects(node, URIRef(term.iri))
    }
    return Question(label, values)


def proposals_from(
    base: Base, entity: str, items: Iterable[Item], service: Service, least: float
) -> Iterator[Proposal]:
    """Yield what is proposed of the candidates for an entity: what is sure, and what has at least a score.

    What a person said to be different is not proposed again.
    """
    for item in items:
        decided = (URIRef(entity), OWL.differentFrom, URIRef(item.iri)) in base.asserted
        if decided or not (item.match or item.score >= least):
            continue
        yield Proposal(
            candidate_id(entity, item.iri),
            entity,
            item.iri,
            item.name,
            item.description,
            item.score,
            "exact" if item.match else "close",
            service.peer.endpoint,
        )


def read_proposals(state: Path) -> tuple[Proposal, ...]:
    """Return the proposals that wait, in the order of their ids. Raises UnreadableError when the file is damaged."""
    try:
        records = json.loads((state / FILE).read_text(encoding="utf-8"))
        return tuple(sorted((Proposal(**record) for record in records), key=lambda one: one.id))
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, TypeError) as error:
        raise UnreadableError(
            f"{state / FILE} cannot be read: {error}", "delete it, and run `akb link wikidata` again."
        ) from error


def fingerprint_of(state: Path) -> str:
    """Return a hash over the proposals that wait; empty when there are none."""
    try:
        return hashlib.sha256((state / FILE).read_bytes()).hexdigest()
    except OSError:
        return ""


def write_proposals(state: Path, proposals: Iterable[Proposal]) -> None:
    """Keep proposals, one for each pair."""
    by_id = {one.id: asdict(one) for one in proposals}
    make_state(state)
    write_atomically(
        state / FILE, json.dumps([by_id[id_] for id_ in sorted(by_id)], indent=1, ensure_ascii=False) + "\n"
    )


def waiting(base: Base, proposals: Iterable[Proposal]) -> tuple[Proposal, ...]:
    """Return the proposals on which nobody decided and whose entity is still in use."""
    wanted = tuple(proposals)
    if not wanted:
        return ()
    codes = {f"<{code}>" for code in statuses_in_use(base.ontology)}
    in_use = {iri_of(node) for node, code in base.pairs(str(VOCAB.status)) if code in codes}
    said = {(iri_of(one), iri_of(other)) for property_ in DECISIONS.values() for one, other in base.pairs(property_)}
    return tuple(one for one in wanted if one.entity in in_use and (one.entity, one.item) not in said)


def proposal_named(proposals: Iterable[Proposal], id_: str) -> Proposal:
    """Return the proposal with an id. Raises NotFoundError when there is none."""
    for one in proposals:
        if one.id == id_:
            return one
    raise NotFoundError(f"No match {id_!r} waits for a decision.", "`akb link matches` lists those that do.")


def decided(base: Base, proposal: Proposal, decision: str) -> FileChanges:
    """Return the change of the entity's file that a decision makes; it is not checked yet.

    Raises UsageError when the file has comments, which would be lost, or says something about the pair already.
    """
    entity, item = URIRef(proposal.entity), URIRef(proposal.item)
    file = next((file for file in base.files if (entity, VOCAB.status, None) in file.graph), None)
    if file is None:
        raise NotFoundError(f"{base.namespaces.compact(proposal.entity)} is not in the base.")
    if line := first_comment(file.text):
        raise UsageError(
            f"{file.path}:{line}: the file has a comment, which would be lost.", "delete the comment first."
        )
    said = [name for name, property_ in DECISIONS.items() if (entity, property_, item) in file.graph]
    if said:
        raise UsageError(f"{file.path} says already that the two are {said[0]}.", "change that statement by hand.")
    graph = Graph(bind_namespaces="none")
    graph += file.graph
    graph.add((entity, DECISIONS[decision], item))
    return FileChanges({file.path: file.text}, {file.path: canonical(graph, base.namespaces)})


def _name_at(service: Service, term: PropertyTerm) -> str:
    """Return what a service calls a property, or nothing."""
    if service.schema_space == f"{AKB}Entity":
        return term.curie
    matches = (other for kind, other in term.mappings if kind == "same as")
    return next(
        (one.removeprefix(space) for one in matches if (space := service.identifier_space) and one.startswith(space)),
        "",
    )
