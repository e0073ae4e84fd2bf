"""The page of an entity: its record, and its neighbourhood grouped by class and ranked by edge count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from ..errors import NotFoundError
from ..namespaces import AKB, DCTERMS, OWL, RDF, SKOS, Namespaces, is_web_address
from ..records.languages import Text, english_first, words_of
from ..records.pages import EntityPage, EntityRef, Fact, Group, Neighbour, Retired
from ..schema.schema import Schema
from ..sparql.queries import question
from ..sparql.terms import Iri, Row
from ..store.interface import Queryable
from .edge_details import details_around, groups_with_details
from .rows import link_of, ref_of


def entity_ref(store: Queryable, iri: str) -> tuple[EntityRef, str]:
    """Return an entity as others mention it, and the notation of its status.

    Raises NotFoundError when there is no such entity.
    """
    rows = store.select(question("page_class"), {"entity": Iri(iri)})
    if not rows:
        raise NotFoundError(f"There is no entity {iri}.")
    return ref_of(rows[0]), str(rows[0]["status"])


@dataclass(frozen=True)
class Stated:
    """What is asserted of an entity itself, read by one query."""

    ref: EntityRef
    status: str
    """The notation of the status, such as `active`."""
    is_retired: bool
    successor: str
    """The IRI of the entity that took its place; empty where none did."""
    rows: tuple[Row, ...]
    """The rows that `queries/entity.rq` returned of what is asserted, and of its names."""

    @property
    def types(self) -> tuple[str, ...]:
        """The IRIs of its asserted classes."""
        return tuple(str(row["value"]) for row in self.rows if row["property"] == f"{RDF}type")


def stated(store: Queryable, iri: str) -> Stated:
    """Return what is asserted of an entity itself. Raises NotFoundError when there is no such entity."""
    rows = store.select(question("entity"), {"entity": Iri(iri)})
    # Each row has the page class of the entity. If there are two, the first in alphabetical order is used.
    class_name = min((str(row["class"]) for row in rows if "class" in row), default="")
    rows = [row for row in rows if row.get("class") == class_name]
    made = [row for row in rows if "made" in row]
    values: dict[str, Row] = {}
    for row in made or rows:
        if not isinstance(row["value"], Text):
            values.setdefault(str(row["property"]), row)
    if made:
        names = {f"{SKOS}prefLabel", f"{SKOS}altLabel"}
        rows = [row for row in rows if ("made" in row) == (row["property"] in names)]
    wanted = [values.get(name) for name in (f"{DCTERMS}identifier", f"{SKOS}prefLabel", f"{SKOS}definition")]
    status = values.get(f"{AKB}status", {}).get("value_notation")
    if not class_name or status is None or None in wanted:
        raise NotFoundError(f"There is no entity {iri}.")
    curie, label, definition = (str(row["value"]) for row in wanted if row)
    return Stated(
        ref=EntityRef(iri, curie, label, class_name, definition),
        status=str(status),
        is_retired=values.get(f"{OWL}deprecated", {}).get("value") is True,
        successor=str(values.get(f"{AKB}mergedInto", {}).get("value", "")),
        rows=tuple(rows),
    )


def retired(store: Queryable, entity: Stated) -> Retired | None:
    """Return what became of an entity when it is retired, else None."""
    if not entity.is_retired:
        return None
    return Retired(entity.ref, entity.status, entity_ref(store, entity.successor)[0] if entity.successor else None)


def entity_page(store: Queryable, schema: Schema, namespaces: Namespaces, entity: Stated) -> EntityPage:
    """Return everything that the page of an entity shows."""
    ref, rows = entity.ref, entity.rows
    types = [str(row.get("value_label", ref.class_name)) for row in rows if row["property"] == f"{RDF}type"]
    has_nested = any(str(row["value"]).startswith("_:") for row in rows)
    nested = store.select(question("nested"), {"entity": Iri(ref.iri)}) if has_nested else []
    return EntityPage(
        entity=ref,
        type_label=types[0] if types else ref.class_name,
        status=entity.status,
        alt_labels=tuple(_names(rows, ref.label)),
        facts=tuple(_facts(rows, schema, _by_node(nested))),
        sources=tuple(sorted(str(row["value"]) for row in rows if row["property"] == f"{DCTERMS}source")),
        groups=groups_with_details(
            neighbourhood(store, namespaces, ref.iri), details_around(store, namespaces, ref.iri)
        ),
    )


def neighbourhood(store: Queryable, namespaces: Namespaces, iri: str) -> tuple[Group, ...]:
    """Return the neighbours of an entity by page class in display order, each class ranked by edge count.

    Only active and contested edges join neighbours; several edges to one neighbour make it one neighbour.
    """
    rows = store.select(question("neighbourhood"), {"entity": Iri(iri)})
    groups = []
    for (class_name, plural), of_class in groupby(rows, key=lambda row: (str(row["class"]), str(row["plural"]))):
        neighbours = [
            _neighbour(list(links), namespaces) for _, links in groupby(of_class, key=lambda row: row["neighbour"])
        ]
        groups.append(Group(class_name, plural, tuple(neighbours)))
    return tuple(groups)


def describe(store: Queryable, iri: str) -> str:
    """Return the description of an entity as sorted N-Triples: what is asserted of it and of its edges."""
    return store.construct(question("describe"), {"entity": Iri(iri)})


def describe_record(store: Queryable, iri: str) -> str:
    """Return the description of an entity without the nodes of its edges, as sorted N-Triples."""
    return store.construct(question("describe_record"), {"entity": Iri(iri)})


def said_of(store: Queryable, iri: str) -> str:
    """Return the asserted triples whose subject is an entity or edge, as sorted N-Triples."""
    return store.construct(question("said"), {"thing": Iri(iri)})


def describe_as_schema_org(store: Queryable, schema: Schema, iri: str) -> str:
    """Return what schema.org has words for of an entity and its neighbours, as sorted N-Triples."""
    return store.construct(question("describe_schema_org", schema.roles), {"entity": Iri(iri)})


def edge_subject(store: Queryable, edge: str) -> str:
    """Return the IRI of the entity from which an edge starts. Raises NotFoundError for an unknown edge."""
    rows = store.select(question("edge_subject"), {"edge": Iri(edge)})
    if not rows:
        raise NotFoundError(f"There is no edge {edge}.")
    return str(rows[0]["subject"])


def _neighbour(rows: list[Row], namespaces: Namespaces) -> Neighbour:
    unique = {str(row["edge"]): row for row in rows}
    return Neighbour(
        entity=ref_of(rows[0], "neighbour", label="name"),
        edge_count=int(rows[0]["edge_count"]),
        links=tuple(link_of(row, namespaces) for row in unique.values()),
    )


def _names(rows: Sequence[Row], label: str) -> list[str]:
    """Return what else an entity is called: in English first, then in other languages."""
    names = {row["value"] for row in rows if row["property"] in {f"{SKOS}prefLabel", f"{SKOS}altLabel"}} - {label}
    return english_first(map(words_of, names))


def _by_node(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Return the rows of `queries/nested.rq`, without any twice, by the node of which they speak."""
    found: dict[str, dict[tuple[str, str], Row]] = {}
    for row in rows:
        found.setdefault(str(row["node"]), {})[str(row["property"]), str(row["value"])] = row
    return {node: list(said.values()) for node, said in found.items()}


def _facts(rows: Sequence[Row], schema: Schema, nested: Mapping[str, list[Row]]) -> Iterator[Fact]:
    by_property: dict[str, list[Row]] = {}
    for row in rows:
        by_property.setdefault(str(row["property"]), []).append(row)
    for iri, term in schema.facts.items():
        for row in sorted(by_property.get(iri, ()), key=lambda row: str(row["value"])):
            value = words_of(str(row["value"]).lower() if isinstance(row["value"], bool) else row["value"])
            if value.startswith("_:"):
                # A node that leads back to one on the way is not followed again.
                rest = {node: said for node, said in nested.items() if node != value}
                parts = tuple(_facts(nested.get(value, ()), schema, rest))
                text = "; ".join(f"{one.name}: {one.value}" for one in parts)
                yield Fact(term.name, text, "", iri, parts=parts)
                continue
            href = term.address_of(value)
            if not href and is_web_address(value) and "value_label" not in row:
                href = value
            yield Fact(term.name, str(row["value_label"]) if "value_label" in row else value, href, iri)
