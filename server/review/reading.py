"""Reads the decisions that a base holds, and writes one as Turtle."""

from __future__ import annotations

from typing import Final

from rdflib import OWL, PROV, RDF, SKOS, XSD, Graph, Literal, URIRef
from rdflib.term import Node

from ..namespaces import REVIEW, Namespaces
from ..records.candidates import OUTCOMES, Decision, Signals
from ..records.languages import is_english
from ..similarity.records import Described
from ..turtle.base import Base
from ..turtle.edges import CODES, VOCAB
from ..turtle.writer import canonical

_CODES: Final = {outcome: CODES["same" if outcome == "merged" else outcome] for outcome in OUTCOMES}
"""The code of each outcome; `akbv:merged` is a status."""


def reviews(base: Base) -> tuple[Decision, ...]:
    """Return the decisions that `kb/review/` holds, in the order of their ids; one that is not whole is left out."""
    prefix = f"kb/{REVIEW}/"
    graphs = (file.graph for file in base.all_files if file.path.startswith(prefix))
    found = (_decision(graph, base.namespaces) for graph in graphs)
    return tuple(sorted((one for one in found if one is not None), key=lambda one: one.id))


def path_of(decision_id: str) -> str:
    """Return the path of the decision on a pair, relative to the root of the base."""
    return f"kb/{REVIEW}/{decision_id}.ttl"


def described(graph: Graph, iri: str) -> Described:
    """Return what an entity says of itself, as a build reads it from the release with `queries/described.rq`."""
    node = URIRef(iri)
    label, definition = (_english(graph, node, predicate) for predicate in (SKOS.prefLabel, SKOS.definition))
    others = {str(name) for name in graph.objects(node, SKOS.altLabel)} - {label}
    return Described(iri, label, tuple(sorted(others)), definition)


def decision_text(decision: Decision, namespaces: Namespaces) -> str:
    """Return the text of the file of a decision."""
    node = URIRef(namespaces.review + decision.id)
    first, second = URIRef(decision.first), URIRef(decision.second)
    signals = decision.signals
    graph = Graph(bind_namespaces="none")
    values: list[tuple[URIRef, Node]] = [
        (RDF.type, VOCAB.Review),
        (VOCAB.member, first),
        (VOCAB.member, second),
        (VOCAB.outcome, _CODES[decision.outcome]),
        (VOCAB.reviewer, Literal(decision.who)),
        (PROV.generatedAtTime, Literal(decision.when, datatype=XSD.dateTime, normalize=False)),
        (VOCAB.labelScore, _score(signals.label)),
        (VOCAB.sharedScore, _score(signals.shared)),
        (VOCAB.sharesIdentifier, Literal("true" if signals.identifier else "false", datatype=XSD.boolean)),
        (VOCAB.textsHash, Literal(decision.texts)),
    ]
    if signals.cosine is not None:
        values.append((VOCAB.similarityScore, _score(signals.cosine)))
    if signals.corrected is not None:
        values.append((VOCAB.correctedScore, _score(signals.corrected)))
    if decision.why:
        values.append((VOCAB.reason, Literal(decision.why, lang="en")))
    for predicate, value in values:
        graph.add((node, predicate, value))
    if decision.outcome == "different":
        graph.add((first, OWL.differentFrom, second))
    return canonical(graph, namespaces)


def _decision(graph: Graph, namespaces: Namespaces) -> Decision | None:
    node = next(iter(graph.subjects(RDF.type, VOCAB.Review)), None)
    if node is None:
        return None
    members = sorted(str(member) for member in graph.objects(node, VOCAB.member))
    outcomes = [one for one in OUTCOMES if (node, VOCAB.outcome, _CODES[one]) in graph]
    if len(members) != 2 or len(outcomes) != 1:
        return None
    return Decision(
        id=str(node).removeprefix(namespaces.review),
        first=members[0],
        second=members[1],
        outcome=outcomes[0],
        signals=Signals(
            cosine=_number(graph, node, VOCAB.similarityScore),
            label=_number(graph, node, VOCAB.labelScore) or 0.0,
            shared=_number(graph, node, VOCAB.sharedScore) or 0.0,
            identifier=_text(graph, node, VOCAB.sharesIdentifier) == "true",
            corrected=_number(graph, node, VOCAB.correctedScore),
        ),
        texts=_text(graph, node, VOCAB.textsHash),
        who=_text(graph, node, VOCAB.reviewer),
        why=_text(graph, node, VOCAB.reason),
        when=_text(graph, node, PROV.generatedAtTime),
    )


def _score(value: float) -> Literal:
    # A Turtle decimal needs a point; further noughts would be lost in the store.
    digits = f"{value:.4f}".rstrip("0")
    return Literal(f"{digits}0" if digits.endswith(".") else digits, datatype=XSD.decimal)


def _number(graph: Graph, node: Node, predicate: URIRef) -> float | None:
    text = _text(graph, node, predicate)
    return float(text) if text else None


def _text(graph: Graph, node: Node, predicate: URIRef) -> str:
    value = graph.value(node, predicate)
    return "" if value is None else str(value)  # a literal with the value zero is false


def _english(graph: Graph, entity: URIRef, predicate: URIRef) -> str:
    texts = (value for value in graph.objects(entity, predicate) if isinstance(value, Literal))
    return min((str(text) for text in texts if is_english(text.language or "")), default="")
