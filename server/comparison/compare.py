"""Compares two moments of a base."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Final

from rdflib import BNode, Graph, URIRef

from ..namespaces import AKB, AKBV, DCTERMS, OWL, RDF, RDFS, REVIEW, SKOS, Namespaces
from ..turtle.source_files import SourceFile
from .describing import Description, Descriptions, Names, describe
from .matching import Ends, ends_of, renamed_entities, same_edges
from .records import Change, Difference, EdgeChange, FileChange, NodeChange, PropertyChange, Unread, Value

_TYPE: Final = f"{RDF}type"
_EDGE: Final = f"{AKB}Edge"
_IDENTIFIER: Final = f"{DCTERMS}identifier"
_MERGED: Final = f"{AKB}mergedInto"
_SWAPPED: Final = {"akb:subject", "akb:object"}
_ORDER: Final = {change: place for place, change in enumerate(Change)}


@dataclass(frozen=True)
class Side:
    """What one moment of a base has in the files that differ."""

    name: str
    files: tuple[SourceFile, ...] = ()
    others: Mapping[str, bytes] = field(default_factory=dict)
    """The files that are not Turtle, by path."""
    in_use: frozenset[str] = frozenset()
    """The IRIs of the statuses in use at that moment."""
    is_base: bool = True
    """Whether it is a base of our form; in any other folder, every subject counts as an entity."""

    def graphs(self, folder: str) -> list[Graph]:
        """Return the graphs of the files of a folder of the base."""
        if not self.is_base:
            return [file.graph for file in self.files] if folder == "kb" else []
        return [_graph_of(file) for file in self.files if file.path.startswith(f"{folder}/")]


def compare(before: Side, after: Side, namespaces: Namespaces, unread: tuple[Unread, ...] = ()) -> Difference:
    """Return what differs.

    A statement that is in several files counts once among the files that differ; that a file which does not differ
    has it too is not looked into.
    """
    names = Names(namespaces, chain(before.files, after.files))
    described = {
        part: (describe(before.graphs(part), names), describe(after.graphs(part), names))
        for part in ("kb", "ontology", "shapes")
    }
    old, new = described["kb"]
    edges_old, edges_new = _edges(old), _edges(new)
    entities_old = _without_plain((old, new), (edges_old, edges_new), (before.in_use, after.in_use))
    entities_new = _without_plain((new, old), (edges_new, edges_old), (after.in_use, before.in_use))
    renamed = renamed_entities(
        {iri: entities_old[iri] for iri in entities_old.keys() - entities_new.keys()},
        {iri: entities_new[iri] for iri in entities_new.keys() - entities_old.keys()},
    )
    merged = {
        iri: into
        for iri in entities_new.keys() & entities_old.keys()
        if (into := _first(entities_new[iri], _MERGED)) and into != _first(entities_old[iri], _MERGED)
    }
    writer = _Writer(names, merged | renamed)
    triples = [_statements(file.graph for file in side.files) for side in (before, after)]
    return Difference(
        before=before.name,
        after=after.name,
        entities=writer.nodes(entities_old, entities_new, renamed),
        edges=writer.edges(edges_old, edges_new),
        ontology=writer.nodes(*described["ontology"], {}),
        shapes=writer.nodes(*described["shapes"], {}),
        files=_files(before.others, after.others),
        unread=unread,
        touched=len({file.path for file in (*before.files, *after.files)} | {*before.others, *after.others}),
        removed=tuple(sorted(triples[0] - triples[1])),
        added=tuple(sorted(triples[1] - triples[0])),
        labels={
            names.short(iri): label
            for part in described.values()
            for side in part
            for iri, description in side.items()
            if (label := label_of(description))
        },
    )


def label_of(description: Description) -> str:
    """Return the label of a node, or nothing."""
    found = description.get(f"{SKOS}prefLabel") or description.get(f"{RDFS}label") or ()
    return min(found, key=lambda value: (value.language not in {"en", ""}, value)).text if found else ""


class _Writer:
    """Writes changes down, in the light of which entities have a new name."""

    def __init__(self, names: Names, moved: Mapping[str, str]) -> None:
        self._names = names
        self._moved = moved

    def nodes(self, old: Descriptions, new: Descriptions, renamed: Mapping[str, str]) -> tuple[NodeChange, ...]:
        """Compare entities, terms or shapes."""
        comers = set(renamed.values())
        changes = [self._node(Change.REMOVED, iri, old[iri], {}) for iri in old.keys() - new.keys() - renamed.keys()]
        changes += [self._node(Change.ADDED, iri, {}, new[iri]) for iri in new.keys() - old.keys() - comers]
        for was, iri in renamed.items():
            change = self._node(Change.RENAMED, iri, *_without_identifiers(self._names, was, iri, old[was], new[iri]))
            changes.append(replace(change, was=self._names.short(was)))
        for iri in old.keys() & new.keys():
            if old[iri] != new[iri]:
                change = self._node(_fate(old[iri], new[iri]), iri, old[iri], new[iri])
                if change.change is Change.MERGED:
                    change = replace(change, into=self._names.short(_first(new[iri], _MERGED)))
                changes.append(change)
        return tuple(sorted(changes, key=lambda change: (_ORDER[change.change], change.name)))

    def _node(self, change: Change, iri: str, old: Description, new: Description) -> NodeChange:
        properties = self._properties(old, new)
        if change is Change.CHANGED and properties and all(one.follows for one in properties):
            change = Change.MOVED
        shown = new or old
        types = sorted(value.text for value in shown.get(_TYPE, ()))
        return NodeChange(
            change, self._names.short(iri), iri, label_of(new) or label_of(old), ", ".join(types), properties
        )

    def edges(self, old: Descriptions, new: Descriptions) -> tuple[EdgeChange, ...]:
        """Compare edges."""
        gone = {iri: ends_of(old[iri]) for iri in old.keys() - new.keys()}
        came = {iri: ends_of(new[iri]) for iri in new.keys() - old.keys()}
        same = same_edges(gone, came, self._moved)
        comers = set(same.values())
        changes = [self._edge(Change.REMOVED, iri, old[iri], {}) for iri in gone if iri not in same]
        changes += [self._edge(Change.ADDED, iri, {}, new[iri]) for iri in came if iri not in comers]
        changes += [
            self._edge(Change.CHANGED, iri, old[was], new[iri], was)
            for was, iri in chain(same.items(), zip(old, old, strict=True))
            if iri in new and (was != iri or old[iri] != new[iri])
        ]
        return tuple(
            sorted(changes, key=lambda edge: (edge.subject, edge.predicate, edge.object, edge.source, edge.name))
        )

    def _edge(self, change: Change, iri: str, old: Description, new: Description, was: str = "") -> EdgeChange:
        properties = self._properties(old, new)
        if old and new and self._swapped(ends_of(old), ends_of(new)):
            properties = tuple(replace(one, follows=one.follows or one.property in _SWAPPED) for one in properties)
        if change is Change.CHANGED and all(one.follows for one in properties):
            change = Change.MOVED
        shown = new or old
        ends = ends_of(shown)
        short = self._names.short
        return EdgeChange(
            change,
            name=short(iri),
            iri=iri,
            subject=short(ends.subject),
            predicate=short(ends.predicate),
            object=short(ends.object),
            source=short(ends.source),
            status=short(_first(shown, f"{AKB}status")),
            note=ends.note,
            properties=properties,
            was=short(was) if was and was != iri else "",
        )

    def _swapped(self, old: Ends, new: Ends) -> bool:
        """Tell whether the ends of a symmetric edge, which are stored in order, changed places by a new name alone."""
        then = old.renamed(self._moved)
        return (
            (then.subject, then.object) == (new.object, new.subject)
            and (then.subject, then.object) != (old.subject, old.object)
            and old.subject <= old.object
            and new.subject <= new.object
        )

    def _properties(self, old: Description, new: Description) -> tuple[PropertyChange, ...]:
        changes: list[PropertyChange] = []
        for iri in old.keys() | new.keys():
            removed = old.get(iri, frozenset()) - new.get(iri, frozenset())
            added = new.get(iri, frozenset()) - old.get(iri, frozenset())
            # Where the old value is the new one under its old name, the node has only followed.
            followed = {value for value in removed if self._new_name(value) in added and value.iri in self._moved}
            arrived = {self._new_name(value) for value in followed}
            name = self._names.short(iri)
            for gone, came, follows in ((removed - followed, added - arrived, False), (followed, arrived, True)):
                if gone or came:
                    changes.append(PropertyChange(name, tuple(sorted(gone)), tuple(sorted(came)), follows))
        return tuple(sorted(changes, key=lambda change: (change.property, change.follows)))

    def _new_name(self, value: Value) -> Value:
        iri = self._moved.get(value.iri, "")
        return Value(self._names.short(iri), iri) if iri else value


def _graph_of(file: SourceFile) -> Graph:
    """Return what a file says of what it describes.

    Whether the members of a review are different follows from its outcome: their files may not be compared.
    """
    if not file.path.startswith(f"kb/{REVIEW}/"):
        return file.graph
    graph = Graph(bind_namespaces="none")
    for triple in file.graph:
        if triple[1] != URIRef(f"{OWL}differentFrom"):
            graph.add(triple)
    return graph


def _edges(descriptions: Descriptions) -> dict[str, Description]:
    return {
        iri: description
        for iri, description in descriptions.items()
        if any(value.iri == _EDGE for value in description.get(_TYPE, ()))
    }


def _without_plain(
    described: tuple[Descriptions, Descriptions],
    edges: tuple[Descriptions, Descriptions],
    in_use: tuple[frozenset[str], frozenset[str]],
) -> Descriptions:
    """Return the descriptions of entities without the plain triples that come and go with their edges.

    Each pair has one side, whose descriptions are returned, and the other.
    A plain triple that comes or goes alone is left in: the base had a fault, or has one now.
    """
    mine, other = described
    known: dict[tuple[str, str, str], tuple[bool, bool]] = {}
    for place, side in enumerate(edges):
        for description in side.values():
            ends = ends_of(description)
            triple = (ends.subject, ends.predicate, ends.object)
            used = [*known.get(triple, (False, False))]
            used[place] = used[place] or _first(description, f"{AKB}status") in in_use[place]
            known[triple] = (used[0], used[1])

    def is_of_edge(subject: str, predicate: str, value: Value, *, here: bool) -> bool:
        used = known.get((subject, predicate, value.iri))
        if used is None:
            return False
        there = value in other.get(subject, {}).get(predicate, ())
        return here == there or (here, there) == used

    entities: dict[str, Description] = {}
    for iri, description in mine.items():
        if iri in edges[0]:
            continue
        kept = {
            predicate: frozenset(value for value in values if not is_of_edge(iri, predicate, value, here=True))
            for predicate, values in description.items()
        }
        entities[iri] = {predicate: values for predicate, values in kept.items() if values}
    return entities


def _without_identifiers(
    names: Names, was: str, iri: str, old: Description, new: Description
) -> tuple[Description, Description]:
    """Leave the identifiers of a renamed entity out where they say what its IRI says."""
    expected = (frozenset({Value(names.short(was))}), frozenset({Value(names.short(iri))}))
    if (old.get(_IDENTIFIER), new.get(_IDENTIFIER)) != expected:
        return old, new
    return (
        {name: values for name, values in old.items() if name != _IDENTIFIER},
        {name: values for name, values in new.items() if name != _IDENTIFIER},
    )


def _fate(old: Description, new: Description) -> Change:
    into = _first(new, _MERGED)
    if into and into != _first(old, _MERGED):
        return Change.MERGED
    if _is_retired(new) != _is_retired(old):
        return Change.RETIRED if _is_retired(new) else Change.RESTORED
    return Change.CHANGED


def _is_retired(description: Description) -> bool:
    return any(value.text in {"true", "1"} for value in description.get(f"{OWL}deprecated", ())) or any(
        value.iri == f"{AKBV}deprecated" for value in description.get(f"{AKB}status", ())
    )


def _first(description: Description, name: str) -> str:
    return min((value.iri for value in description.get(name, ()) if value.iri), default="")


def _files(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> tuple[FileChange, ...]:
    changes = [FileChange(Change.REMOVED, path) for path in old.keys() - new.keys()]
    changes += [FileChange(Change.ADDED, path) for path in new.keys() - old.keys()]
    changes += [FileChange(Change.CHANGED, path) for path in old.keys() & new.keys() if old[path] != new[path]]
    return tuple(sorted(changes, key=lambda change: change.path))


def _statements(graphs: Iterable[Graph]) -> set[str]:
    return {
        f"{subject.n3()} {predicate.n3()} {object_.n3()} ."
        for graph in graphs
        for subject, predicate, object_ in graph
        if not isinstance(subject, BNode) and not isinstance(object_, BNode)
    }
