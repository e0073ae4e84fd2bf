"""Writes `docs/ontology.md`: every class and predicate on one page, for people who write or query edges."""

from __future__ import annotations

from ..namespaces import AKB
from ..records.terms import ClassTerm, PropertyTerm
from .reading import Vocabulary

_INTRO = """<!-- Generated from ontology/ by `akb generate`. Do not edit. -->

# The ontology

{where} The same reference, with links,
is the page `/ontology` of a running server; the Turtle is in `ontology/`.

"""


def reference(vocabulary: Vocabulary, own: tuple[str, ...]) -> str:
    """Return the reference as Markdown; `own` are the namespaces of the ontology."""
    where = (
        f"Every term lives in `{AKB}` (prefix `akb:`)."
        if own == (AKB,)
        else "These are the terms of the base, and those of the engine (prefix `akb:`)."
    )
    parts = [_INTRO.format(where=where), "## Classes\n\n", _classes(vocabulary)]
    parts += ["\n## Predicates: what an edge may say\n\n", _predicates(vocabulary)]
    parts += ["\n## Properties of entities and edges\n\n", _properties(vocabulary)]
    return "".join(parts)


def _classes(vocabulary: Vocabulary) -> str:
    rows = ["| Class | Under | Folder | Meaning | Mappings |", "|---|---|---|---|---|"]
    for term in vocabulary.classes.values():
        folder = f"`kb/{term.notation}/`" if term.display_order else ""
        rows.append(f"| `{term.curie}` | {_codes(term.parents)} | {folder} | {term.definition} | {_mapped(term)} |")
    return "\n".join(rows) + "\n"


def _predicates(vocabulary: Vocabulary) -> str:
    parts = []
    for term in vocabulary.predicates.values():
        inverse = vocabulary.properties.get(term.inverse)
        lines = [f"### `{term.curie}`\n", f"{term.definition}\n"]
        lines.append(
            f"- shown as: `{term.notation}`" + (f", from the other end `{inverse.notation}`" if inverse else "")
        )
        lines.append(f"- from {_class(vocabulary, term.domain)} to {_class(vocabulary, term.range)}")
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


def _properties(vocabulary: Vocabulary) -> str:
    rows = ["| Property | Of | Values | Meaning |", "|---|---|---|---|"]
    for term in vocabulary.properties.values():
        if term.is_predicate:
            continue
        values = vocabulary.classes[term.range].label if term.range in vocabulary.classes else term.kind
        domain = _class(vocabulary, term.domain)
        rows.append(f"| `{term.curie}` | {domain} | {values} | {term.definition} |")
    return "\n".join(rows) + "\n"


def _class(vocabulary: Vocabulary, iri: str) -> str:
    return vocabulary.classes[iri].label if iri in vocabulary.classes else "any"


def _codes(curies: tuple[str, ...]) -> str:
    return ", ".join(f"`{curie}`" for curie in curies)


def _mapped(term: ClassTerm | PropertyTerm) -> str:
    return "; ".join(f"{kind} `{target}`" for kind, target in term.mappings)
