"""The ontology as readers want it: how often each term is used, an example of it from the data, and its shapes."""

from __future__ import annotations

from ..namespaces import Namespaces, is_web_address
from ..records.dataset import DatasetSummary
from ..records.terms import Code, CodeList, OntologyHeader, PropertyTerm, ShapeTerm, TermUse
from ..schema.schema import Schema
from ..sparql.queries import question
from ..store.interface import Queryable

_LONGEST = 160
"""Characters: of a longer value an example shows the beginning."""


def ontology_header(store: Queryable) -> OntologyHeader:
    """Return what the ontology says of itself."""
    row = next(iter(store.select(question("ontology_header"))), {})
    return OntologyHeader(
        iri=str(row.get("ontology", "")),
        title=str(row.get("title", "")),
        description=str(row.get("description", "")),
        version=str(row.get("version", "")),
        version_iri=str(row.get("version_iri", "")),
        licence=str(row.get("licence", "")),
    )


def code_lists(store: Queryable, schema: Schema) -> tuple[CodeList, ...]:
    """Return the lists from which properties of the vocabulary take their values, and how often each code is used."""
    uses: dict[str, list[tuple[PropertyTerm, int]]] = {}
    for row in store.select(question("code_uses")):
        if term := schema.properties.get(str(row["property"])):
            uses.setdefault(str(row["code"]), []).append((term, int(row["count"])))
    codes: dict[str, dict[str, Code]] = {}
    said: dict[str, tuple[str, str]] = {}
    for row in store.select(question("schemes")):
        scheme, code = str(row["scheme"]), str(row["code"])
        said.setdefault(scheme, (str(row["scheme_label"]), str(row["scheme_definition"])))
        one = Code(code, str(row["notation"]), str(row["label"]), str(row["definition"]), tuple(uses.get(code, ())))
        codes.setdefault(scheme, {}).setdefault(code, one)
    return tuple(CodeList(iri, *texts, tuple(codes[iri].values())) for iri, texts in said.items())


def term_uses(
    store: Queryable,
    namespaces: Namespaces,
    schema: Schema,
    summary: DatasetSummary,
    shapes: tuple[ShapeTerm, ...],
) -> dict[str, TermUse]:
    """Return how each class and property of the vocabulary is used, by its IRI."""
    counts = {part.iri: part.count for part in (*summary.classes, *summary.properties)}
    examples = _examples(store, namespaces, schema)
    by_term: dict[str, list[ShapeTerm]] = {}
    for shape in shapes:
        for term in {*shape.targets, *([shape.path] if shape.path else [])}:
            by_term.setdefault(term, []).append(shape)

    def shapes_on(iri: str) -> tuple[ShapeTerm, ...]:
        # What a shape says of a class, it says of each class under that one (SHACL, section 2.1.3.2).
        held = [iri, *(one for one in schema.upward(iri) if one != iri)] if iri in schema.classes else [iri]
        return tuple(shape for one in held for shape in by_term.get(namespaces.compact(one), ()))

    return {
        iri: TermUse(count=counts.get(iri, 0), example=examples.get(iri, ""), shapes=shapes_on(iri))
        for iri in (*schema.classes, *schema.properties)
    }


def _examples(store: Queryable, namespaces: Namespaces, schema: Schema) -> dict[str, str]:
    """Return a statement of the data for each term, as Turtle writes it but for long values."""
    found: dict[str, str] = {}
    for row in store.select(question("class_examples")):
        class_ = str(row["term"])
        found[class_] = f"{namespaces.compact(str(row['subject']))} a {namespaces.compact(class_)}"
    statements = {
        str(row["term"]): (namespaces.compact(str(row["subject"])), str(row["value"]))
        for row in store.select(question("property_examples"))
        if "value" in row  # a blank node has no text
    }
    for iri, term in schema.properties.items():
        # An inverse is not in kb/; what is said the other way round follows.
        turned = iri not in statements and term.inverse in statements
        if iri not in statements and not turned:
            continue
        subject, value = statements[term.inverse if turned else iri]
        value = _value(value, namespaces)
        found[iri] = f"{value} {term.curie} {subject}" if turned else f"{subject} {term.curie} {value}"
    return found


def _value(value: str, namespaces: Namespaces) -> str:
    if is_web_address(value):
        name = namespaces.compact(value)
        return f"<{value}>" if name == value else name
    return f'"{value if len(value) <= _LONGEST else value[: _LONGEST - 1] + "…"}"'
