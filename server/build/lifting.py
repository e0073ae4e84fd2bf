"""States the entities of a base in another form than ours in the terms of the engine, so that pages can show any RDF.

Pages, lists, search and map need the id, name, text, status and page class of an entity, and the edges between
entities. The files of a base of our form have all of that, as its shapes require. For any other base it is derived here
from the data and stored in a named graph of its own, `graph:entities`. Pages then query that graph instead of the data;
what they show as asserted still comes from the data.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from ..namespaces import AKB, AKBV, DCTERMS, OWL, RDF, REPEATED, SKOS, SLUG, Namespaces
from ..schema.schema import Schema
from ..turtle.base import Base
from ..turtle.defaults import LABELS, RESOURCE, TEXTS, name_of, quoted, slug_of, text_in, words_of
from ..turtle.edges import MORE_DIGITS, edge_id
from ..turtle.statements import Statement, iri_of, is_iri, literal_of, pairs_in, statements, value_of

GRAPH: Final = "entities"
"""The name of the graph of the statements made here."""
_VIEW: Final = (GRAPH, REPEATED, "ontology", "similarity", "statistics")
_TYPE: Final = f"<{RDF}type>"
_TEXTS: Final = {f"<{iri}>": place for place, iri in enumerate(TEXTS)}
_EDGE, _STATUS, _RELATED = (f"<{AKB}{name}>" for name in ("Edge", "status", "related"))
_ENDS: Final = tuple(f"<{AKB}{end}>" for end in ("subject", "predicate", "object"))
_DEPRECATED: Final = f"<{OWL}deprecated>"
_LONGEST_SLUG: Final = 80


def view_of(namespaces: Namespaces) -> tuple[str, ...]:
    """Return the IRIs of the graphs that pages query in a base whose entities are stated here."""
    return tuple(f"{namespaces.graph}{name}" for name in _VIEW)


def is_whole(base: Base, schema: Schema) -> bool:
    """Tell whether the files of a base have what pages need: they do if its shapes require a status of each entity."""
    status = schema.properties.get(f"{AKB}status")
    return base.foreign is None and status is not None and f"{AKB}Entity" in status.classes


def lifted(base: Base, schema: Schema, languages: Sequence[str], labels: Sequence[str] = ()) -> str:
    """Return as N-Triples what pages need of the entities of a base and the edges between them.

    An entity is listed under the first of its page classes in display order. Its id is its CURIE if its IRI consists of
    its class and a slug, as ours do; else its class and the last part of its IRI, with some digits of a hash appended
    where several entities would share it. Its name and its text are the best available in `languages`, and are tagged
    as English, the language that pages query. The properties `labels`, given by their IRIs or CURIEs, take precedence
    for names.
    """
    return "".join(f"{line}\n" for line in _Lifting(base, schema, languages, labels).lines())


class _Lifting:
    def __init__(self, base: Base, schema: Schema, languages: Sequence[str], labels: Sequence[str]) -> None:
        self._namespaces = base.namespaces
        self._schema = schema
        self._languages = languages
        prefixes = base.namespaces.prefixes()
        named = [base.namespaces.expand(one) if one.partition(":")[0] in prefixes else one for one in labels]
        self._name_places = {f"<{iri}>": place for place, iri in enumerate(dict.fromkeys((*named, *LABELS)))}
        self._pieces = tuple(base.pieces)
        self._types: defaultdict[str, list[str]] = defaultdict(list)
        self._names: defaultdict[str, defaultdict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
        self._texts: defaultdict[str, defaultdict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
        self._retired: set[str] = set()
        self._statuses: dict[str, str] = {}
        """The status of each entity that has one, as a term."""
        edges = {edge for piece in self._pieces for edge, kind in pairs_in(piece, f"{RDF}type") if kind == _EDGE}
        self._edge_nodes: dict[str, list[tuple[str, str]]] = {edge: [] for edge in edges}
        self._page_class: dict[str, str] = {}
        """The name of the page class of each entity, by its term."""

    def lines(self) -> Iterator[str]:
        """Yield the statements."""
        self._read()
        pages = self._schema.page_classes
        places = {term.iri: place for place, term in enumerate(pages)}
        for entity, types in self._types.items():
            found = [page for one in types if (page := self._schema.page_class_of(iri_of(one)))]
            page = min(found, key=lambda term: places[term.iri], default=None)
            if page is None and RESOURCE in places:
                page = pages[places[RESOURCE]]
            if page is not None:
                self._page_class[entity] = page.notation
                yield from self._entity(entity, page.iri, types, places)
        for entity, curie in self._curies():
            yield f"{entity} <{DCTERMS}identifier> {quoted(curie)} ."
        yield from self._edges()

    def _read(self) -> None:
        """Read the statements about each subject with an IRI."""
        for piece in self._pieces:
            for subject, predicate, value in statements(piece):
                if not is_iri(subject):
                    continue
                if subject in self._edge_nodes:
                    self._edge_nodes[subject].append((predicate, value))
                    continue
                types = self._types[subject]
                if predicate == _TYPE:
                    types.append(value)
                elif (place := self._name_places.get(predicate)) is not None:
                    self._names[subject][place].append(value)
                elif (place := _TEXTS.get(predicate)) is not None:
                    self._texts[subject][place].append(value)
                elif predicate == _STATUS:
                    self._statuses[subject] = value
                elif predicate == _DEPRECATED and value_of(value) in {"true", "1"}:
                    self._retired.add(subject)

    def _entity(self, entity: str, page: str, types: list[str], pages: Mapping[str, int]) -> Iterator[str]:
        yield f"{entity} {_TYPE} <{AKB}Entity> ."
        yield f"{entity} {_TYPE} <{page}> ."
        for kind in dict.fromkeys(types):
            if iri_of(kind) not in pages and iri_of(kind) in self._schema.classes:
                yield f"{entity} {_TYPE} {kind} ."
        label = self._best(self._names.get(entity, {})) or words_of(iri_of(entity))
        yield f"{entity} <{SKOS}prefLabel> {quoted(label, 'en')} ."
        others = {
            value: literal
            for values in self._names.get(entity, {}).values()
            for value in values
            if (literal := literal_of(value)) is not None and literal.text != label
        }
        for literal in others.values():
            yield f"{entity} <{SKOS}altLabel> {quoted(literal.text, literal.language or 'en')} ."
        yield f"{entity} <{SKOS}definition> {quoted(self._best(self._texts.get(entity, {})), 'en')} ."
        status = f"<{AKBV}{'deprecated' if entity in self._retired else 'active'}>"
        yield f"{entity} {_STATUS} {self._statuses.get(entity, status)} ."
        if entity in self._retired:
            yield f'{entity} {_DEPRECATED} "true"^^<http://www.w3.org/2001/XMLSchema#boolean> .'

    def _best(self, found: Mapping[int, list[str]]) -> str:
        """Return the text of the first property that has one, in the best language."""
        return next((text for place in sorted(found) if (text := text_in(found[place], self._languages))), "")

    def _curies(self) -> Iterator[tuple[str, str]]:
        """Yield each entity with a unique id."""
        wanted: defaultdict[str, list[str]] = defaultdict(list)
        for entity, name in self._page_class.items():
            iri = iri_of(entity)
            curie = self._namespaces.compact(iri)
            if not (curie.startswith(f"{name}:") and SLUG.fullmatch(curie.removeprefix(f"{name}:"))):
                curie = f"{name}:{slug_of(name_of(iri))[:_LONGEST_SLUG].strip('-') or 'unnamed'}"
            wanted[curie].append(entity)
        for curie, entities in wanted.items():
            for entity in entities:
                apart = f"-{hashlib.sha256(entity.encode()).hexdigest()[:6]}" if len(entities) > 1 else ""
                yield entity, curie + apart

    def _edges(self) -> Iterator[str]:
        """Yield the edges of the base, and an active edge for each other triple that joins two entities."""
        predicates = {f"<{iri}>" for iri in self._schema.predicates}
        explained: set[Statement] = set()
        for edge, said in self._edge_nodes.items():
            values = dict(said)
            yield from (f"{edge} {predicate} {value} ." for predicate, value in said)
            if _STATUS not in values:
                yield f"{edge} {_STATUS} <{AKBV}active> ."
            if all(end in values for end in _ENDS):
                subject, predicate, value = (values[end] for end in _ENDS)
                explained.add((subject, predicate, value))
                yield f"{subject} {_RELATED} {value} ."
        for piece in self._pieces:
            for triple in statements(piece):
                subject, predicate, value = triple
                joins = subject in self._page_class and value in self._page_class and predicate in predicates
                if not joins or triple in explained:
                    continue
                explained.add(triple)
                edge = f"<{self._namespaces.edge}{edge_id(*map(iri_of, triple), digits=MORE_DIGITS)}>"
                yield f"{subject} {_RELATED} {value} ."
                yield f"{edge} {_TYPE} {_EDGE} ."
                yield from (f"{edge} {end} {term} ." for end, term in zip(_ENDS, triple, strict=True))
                yield f"{edge} {_STATUS} <{AKBV}active> ."
