"""Which entity of a base somebody means who types a name: its CURIE, its IRI, or what it is called."""

from __future__ import annotations

from collections import defaultdict

from rdflib import OWL, RDF, SKOS

from ..errors import NotFoundError
from ..guessing import guess, nearest
from ..text.names import strict_key_of
from .base import Base
from .statements import iri_of, literal_of, value_of


def entities_named(base: Base, name: str) -> tuple[str, ...]:
    """Return the IRIs of the entities that a name means: one for a CURIE or an IRI, else all that are called so.

    Case, accents and the order of words do not count; what is retired is found by its CURIE alone. Raises NotFoundError
    where there is none, with what is called nearly so.
    """
    said = base.by_predicate
    compact = base.namespaces.compact
    kinds = {iri_of(node) for node, _ in said.get(str(RDF.type), ())}
    try:
        exact = base.namespaces.expand(name)
    except KeyError:
        exact = name.strip("<>")
    if exact in kinds:
        return (exact,)
    retired = {iri_of(node) for node, yes in said.get(str(OWL.deprecated), ()) if value_of(yes) == "true"}
    called: defaultdict[str, set[str]] = defaultdict(set)
    shown = dict[str, str]()
    for property_ in (SKOS.prefLabel, SKOS.altLabel):
        for node, value in said.get(str(property_), ()):
            literal, iri = literal_of(value), iri_of(node)
            if literal is not None and iri in kinds and iri not in retired:
                called[strict_key_of(literal.text)].add(iri)
                shown[literal.text] = compact(iri)
    if found := called.get(strict_key_of(name)):
        return tuple(sorted(found))
    near = guess(name, set(shown.values())) if ":" in name else _guess_of(name, shown)
    raise NotFoundError(f"{name} is not in the base.", f"{near}check the spelling, or add it with `akb new`.")


def _guess_of(name: str, shown: dict[str, str]) -> str:
    """Return how advice on a name begins that nothing has."""
    folded = {label.casefold(): label for label in shown}
    label = folded.get(nearest(name.casefold(), folded), "")
    return f"did you mean {shown[label]}, {label}? " if label else ""


def classes_of(base: Base, iri: str) -> tuple[str, ...]:
    """Return the IRIs of the classes that the files give an entity."""
    return tuple(iri_of(kind) for node, kind in base.by_predicate.get(str(RDF.type), ()) if iri_of(node) == iri)
