"""Merges two changes of one file of `kb/` by what they say, not by lines.

Two reviewers who each add an edge to one entity write at the same place of its file, which is a conflict for git and
none for anybody else. Here a statement that either side added is added, and one that either took away is gone. What
cannot be joined so, such as two new definitions, or an edge that one side took out and the other changed, is a
conflict, and is marked as by git.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

from rdflib import OWL, PROV, Graph, Literal, URIRef
from rdflib.term import Node

from ..namespaces import Namespaces
from ..schema.schema import Schema
from ..turtle.edges import VOCAB, edges_in
from ..turtle.parsing import parse_turtle
from ..turtle.writer import canonical, first_comment

Triple = tuple[Node, Node, Node]
Slot = tuple[Node, Node, str]
"""A property of a node, in a language: what has one value, unless the property may have several."""


@dataclass(frozen=True)
class Merged:
    """What became of two changes of a file."""

    text: str = ""
    clashes: tuple[str, ...] = ()
    """What both sides say anew and cannot both be, in words; the text then has both, between git's markers."""
    reason: str = ""
    """Why the file cannot be merged by what it says: it is no Turtle, or has a comment. There is no text then."""


def merge_texts(base: str, ours: str, theirs: str, schema: Schema, namespaces: Namespaces) -> Merged:
    """Merge two texts that were made of one, `base` (empty when there was none).

    The vocabulary says which properties may have several values. Of any other, two sides that say something new
    contradict each other.
    """
    sides: list[set[Triple]] = []
    for name, text in (("the common ancestor", base), ("our side", ours), ("their side", theirs)):
        graph = parse_turtle(text)
        if not isinstance(graph, Graph):
            return Merged(reason=f"{name} is not Turtle: line {graph.line}, {graph.message}")
        if first_comment(text):
            return Merged(reason=f"{name} has a comment, which would be lost")
        sides.append(set(graph))
    before, one, other = sides
    slots = _clashing(before, one, other, schema)
    halved = _taken_out_and_changed(before, one, other)
    # Of these the text has all that one side says, and nothing of the other.
    slots |= {_slot(triple) for triple in one | other if triple[0] in halved}
    merged = {t for t in (before & one & other) | (one - before) | (other - before) if _slot(t) not in slots}
    ours_first, theirs_first = (
        canonical(_whole(merged | {t for t in side if _slot(t) in slots}, schema), namespaces) for side in (one, other)
    )
    clashes = [
        f"{namespaces.compact(str(subject))} {namespaces.compact(str(predicate))}"
        for subject, predicate, _ in slots
        if subject not in halved
    ]
    clashes += [
        f"{namespaces.compact(str(node))} is taken out on one side, and changed on the other" for node in halved
    ]
    if retired := _retired_in_use(_whole(merged, schema), schema):
        # One side retires the entity, the other lets an edge of it be in use: neither can be had with the other.
        clashes.append(f"{namespaces.compact(str(retired))} is retired on one side, and has an edge in use")
        ours_first, theirs_first = ours, theirs
    if clashes:
        return Merged(_with_markers(ours_first, theirs_first), tuple(sorted(clashes)))
    return Merged(ours_first)


def _clashing(before: set[Triple], one: set[Triple], other: set[Triple], schema: Schema) -> set[Slot]:
    """Return the slots that both sides changed, and not to the same."""
    everything = before | one | other
    # An entity may have the predicate of an edge with many others.
    many = {value for _, predicate, value in everything if predicate == VOCAB.predicate}
    many |= {predicate for _, predicate, _ in everything if schema.is_many(str(predicate))}
    values: list[dict[Slot, set[Node]]] = []
    for side in (before, one, other):
        found: dict[Slot, set[Node]] = {}
        for triple in side:
            if triple[1] not in many:
                found.setdefault(_slot(triple), set()).add(triple[2])
        values.append(found)
    was, ours, theirs = values
    return {
        slot
        for slot in ours.keys() | theirs.keys() | was.keys()
        # Both may have entered the same edge, each at another time: that is no contradiction.
        if slot[1] != PROV.generatedAtTime
        and ours.get(slot) != was.get(slot)
        and theirs.get(slot) != was.get(slot)
        and ours.get(slot) != theirs.get(slot)
    }


def _taken_out_and_changed(before: set[Triple], one: set[Triple], other: set[Triple]) -> set[Node]:
    """Return the nodes of which one side says nothing more, and the other something else than before."""
    was, ours, theirs = map(_by_node, (before, one, other))
    return {
        node
        for node, said in was.items()
        if (node not in ours or node not in theirs)
        and any(node in side and side[node] != said for side in (ours, theirs))
    }


def _by_node(triples: set[Triple]) -> dict[Node, set[Triple]]:
    found: dict[Node, set[Triple]] = {}
    for triple in triples:
        found.setdefault(triple[0], set()).add(triple)
    return found


def _slot(triple: Triple) -> Slot:
    subject, predicate, value = triple
    return subject, predicate, (value.language or "") if isinstance(value, Literal) else ""


def _whole(triples: set[Triple], schema: Schema) -> Graph:
    """Return a graph in which each node has one time of entry, and each edge in use its plain triple."""
    graph = Graph(bind_namespaces="none")
    for triple in triples:
        graph.add(triple)
    for node in set(graph.subjects(PROV.generatedAtTime)):
        for later in sorted(graph.objects(node, PROV.generatedAtTime), key=str)[1:]:
            graph.remove((node, PROV.generatedAtTime, later))
    for edge in list(edges_in(graph)):
        if _is_in_use(graph, edge.iri, schema):
            graph.add(edge.ends)
    return graph


def _retired_in_use(graph: Graph, schema: Schema) -> Node | None:
    """Return the entity that is retired although an edge in use starts from it, if there is one."""
    starts = {edge.subject for edge in edges_in(graph) if _is_in_use(graph, edge.iri, schema)}
    return next((node for node in starts if (node, OWL.deprecated, Literal(True)) in graph), None)


def _is_in_use(graph: Graph, edge: URIRef, schema: Schema) -> bool:
    return str(graph.value(edge, VOCAB.status)) in schema.in_use


def _with_markers(ours: str, theirs: str) -> str:
    """Return two texts as one, with both where they differ, between the markers that git uses for a conflict."""
    one, other = ours.splitlines(keepends=True), theirs.splitlines(keepends=True)
    lines: list[str] = []
    for kind, start, end, other_start, other_end in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if kind == "equal":
            lines += one[start:end]
        else:
            lines += ["<<<<<<< ours\n", *one[start:end], "=======\n", *other[other_start:other_end], ">>>>>>> theirs\n"]
    return "".join(lines)
