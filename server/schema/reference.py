"""Writes `docs/ontology.md`: every class and predicate on one page, for people who write or query edges."""

from __future__ import annotations

from ..namespaces import AKB
from ..records.terms import ClassTerm, PropertyTerm
from .schema import Schema

_INTRO = """<!-- Generated from ontology/ by `akb generate`. Do not edit. -->

# The ontology

{where} The same reference, with links,
is the page `/ontology` of a running server; the Turtle is in `ontology/`.

"""


def reference(schema: Schema, own: tuple[str, ...]) -> str:
    """Return the reference as Markdown; `own` are the namespaces of the ontology."""
    where = (
        f"Every term lives in `{AKB}` (prefix `akb:`)."
        if own == (AKB,)
        else "These are the terms of the base, and those of the engine (prefix `akb:`)."
    )
    parts = [_INTRO.format(where=where), "## Classes\n\n", _classes(schema)]
    parts += ["\n## Predicates: what an edge may say\n\n", _predicates(schema)]
    parts += ["\n## Properties of entities and edges\n\n", _properties(schema)]
    return "".join(parts)


def _classes(schema: Schema) -> str:
    rows = ["| Class | Under | Folder | Meaning | Mappings |", "|---|---|---|---|---|"]
    for term in schema.classes.values():
        folder = f"`kb/{term.notation}/`" if term.display_order else ""
        rows.append(f"| `{term.curie}` | {_codes(term.parents)} | {folder} | {term.definition} | {_mapped(term)} |")
    return "\n".join(rows) + "\n"


def _predicates(schema: Schema) -> str:
    parts = []
    for term in schema.predicates.values():
        inverse = schema.properties.get(term.inverse)
        lines = [f"### `{term.curie}`\n", f"{term.definition}\n"]
        lines.append(
            f"- shown as: `{term.notation}`" + (f", from the other end `{inverse.notation}`" if inverse else "")
        )
        lines.append(f"- from {_class(schema, term.domain)} to {_class(schema, term.range)}")
        if term.traits:
            lines.append(f"- {', '.join(term.traits)}")
        if inverse:
            lines.append(f"- inverse, inferred only: `{inverse.curie}`")
        if term.parents:
            lines.append(f"- under {_codes(term.parents)}")
        if term.mappings:
            lines.append(f"- {_mapped(term)}")
        lines.append(f"- example: `{term.example}`")
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def _properties(schema: Schema) -> str:
    rows = ["| Property | Of | Values | Meaning |", "|---|---|---|---|"]
    for term in schema.properties.values():
        if term.is_predicate:
            continue
        values = schema.classes[term.range].label if term.range in schema.classes else term.kind
        domain = _class(schema, term.domain)
        rows.append(f"| `{term.curie}` | {domain} | {values} | {term.definition} |")
    return "\n".join(rows) + "\n"


def _class(schema: Schema, iri: str) -> str:
    return schema.classes[iri].label if iri in schema.classes else "any"


def _codes(curies: tuple[str, ...]) -> str:
    return ", ".join(f"`{curie}`" for curie in curies)


def _mapped(term: ClassTerm | PropertyTerm) -> str:
    return "; ".join(f"{kind} `{target}`" for kind, target in term.mappings)
