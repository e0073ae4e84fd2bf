"""The properties of entities that others may name as evidence or ask for, and their values."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from ...namespaces import AKB, DCTERMS, SKOS, Namespaces
from ...records.terms import PropertyTerm
from ...schema.schema import Schema
from ...sparql.queries import narrowed, question
from ...sparql.terms import Iri
from ...store.interface import Queryable
from .records import PropertyValue

_NAMES: Final = (f"{SKOS}prefLabel", f"{SKOS}altLabel", f"{SKOS}definition")
_OTHERS: Final = (f"{AKB}status", f"{DCTERMS}source")
"""What every entity has, beside its facts and its edges."""

Values = Mapping[str, Mapping[str, Sequence[PropertyValue]]]
"""By the IRI of the entity, and then by that of the property."""


def offered_properties(schema: Schema) -> tuple[PropertyTerm, ...]:
    """Return the properties that can be named: facts, and predicates in both directions."""
    predicates = (term for term in schema.properties.values() if term.is_predicate)
    wanted = (*_NAMES, *schema.facts, *_OTHERS)
    facts = (schema.properties[iri] for iri in wanted if iri in schema.properties)
    return tuple(dict.fromkeys((*facts, *predicates)))


def property_named(schema: Schema, name: str) -> PropertyTerm | None:
    """Return the property with a CURIE, an IRI or a notation, if it is one that can be named."""
    for term in offered_properties(schema):
        if name in {term.curie, term.iri, term.notation} and name:
            return term
    return None


def type_named(schema: Schema, name: str) -> str | None:
    """Return the IRI of the class with a CURIE, an IRI or a notation."""
    found = (iri for iri, term in schema.classes.items() if name and name in {term.curie, iri, term.notation})
    return next(found, None)


def offered_types(schema: Schema) -> tuple[str, ...]:
    """Return the IRIs of the classes of entities: page classes in display order, then those above and below them."""
    pages = [term.iri for term in schema.page_classes]
    others = [iri for iri in schema.classes if schema.is_under(iri, f"{AKB}Entity") and iri not in pages]
    return (*pages, *others)


def properties_of_type(store: Queryable, schema: Schema, class_iri: str) -> tuple[PropertyTerm, ...]:
    """Return the properties that entities of a class have; those that most of them have come first."""
    offered = {term.iri: term for term in offered_properties(schema)}
    rows = store.select(question("properties_of_class"), {"class": Iri(class_iri)})
    return tuple(offered[str(row["property"])] for row in rows if row["property"] in offered)


def property_values(
    store: Queryable, namespaces: Namespaces, entities: Collection[str], properties: Collection[str]
) -> Values:
    """Return the values that certain properties of certain entities have, sorted by name."""
    found: dict[str, dict[str, list[PropertyValue]]] = {iri: {} for iri in entities}
    if not entities or not properties:
        return found
    terms = {"entity": [f"<{iri}>" for iri in entities], "property": [f"<{iri}>" for iri in properties]}
    for row in store.select(narrowed(question("property_values"), terms)):
        text = str(row["value"])
        label = str(row.get("value_label", text))
        # A code of ours has a notation and no page; its name says all there is.
        is_entity = "value_id" in row and text.startswith(namespaces.base)
        value = PropertyValue(label, str(row["value_id"]) if is_entity else "", text)
        values = found[str(row["entity"])].setdefault(str(row["property"]), [])
        if value not in values:
            values.append(value)
    return found
