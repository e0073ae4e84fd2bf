"""Which SPARQL 1.2 the engine takes, found out by asking it; each question is answered by `true` where it does.

The specification is still to be finished, and engines take up its parts one by one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import pyoxigraph as ox

_DATA: Final = """PREFIX : <urn:x-akb:> VERSION "1.2" :s :p :o ~ :e {| :note "n"@en |} . :s :p :other ."""


@dataclass(frozen=True)
class Feature:
    """A part of SPARQL 1.2: its name, what it is, and a query that answers `true` where it is taken."""

    name: str
    label: str
    query: str


FEATURES: Final = (
    Feature("version", "VERSION before a query", 'VERSION "1.2" ASK {}'),
    Feature("triple-terms", "Triple terms in patterns: <<( s p o )>>", "ASK { :e ?reifies <<( :s :p :o )>> }"),
    Feature("reified-triples", "Reified triples: << s p o ~ reifier >>", 'ASK { << :s :p :o ~ :e >> :note "n"@en }'),
    Feature("annotations", "Annotations: s p o ~ reifier {| p o |}", 'ASK { :s :p :o ~ :e {| :note "n"@en |} }'),
    Feature("triple-terms-in-expressions", "Triple terms in expressions",
            "ASK { BIND(<<( :s :p :o )>> AS ?t) :e ?reifies ?t }"),
    Feature("triple-terms-in-values", "Triple terms in VALUES",
            "ASK { VALUES ?t { <<( :s :p :o )>> } :e ?reifies ?t }"),
    Feature("triple", "TRIPLE(s, p, o)", "ASK { :e ?reifies ?t FILTER(SAMETERM(?t, TRIPLE(:s, :p, :o))) }"),
    Feature("is-triple", "isTRIPLE(term)", "ASK { :e ?reifies ?t FILTER(isTRIPLE(?t)) FILTER(!isTRIPLE(:s)) }"),
    Feature("subject", "SUBJECT(term)", "ASK { FILTER(SUBJECT(TRIPLE(:s, :p, :o)) = :s) }"),
    Feature("predicate", "PREDICATE(term)", "ASK { FILTER(PREDICATE(TRIPLE(:s, :p, :o)) = :p) }"),
    Feature("object", "OBJECT(term)", "ASK { FILTER(OBJECT(TRIPLE(:s, :p, :o)) = :o) }"),
    Feature("directions", "Directions of texts: \"text\"@en--ltr", 'ASK { FILTER("a"@en--ltr != "a"@en) }'),
    Feature("langdir", "LANGDIR(text)", 'ASK { FILTER(LANGDIR("a"@en--ltr) = "ltr") }'),
    Feature("has-lang", "hasLANG(text)", 'ASK { FILTER(hasLANG("a"@en)) FILTER(!hasLANG("a")) }'),
    Feature("has-langdir", "hasLANGDIR(text)", 'ASK { FILTER(hasLANGDIR("a"@en--ltr)) FILTER(!hasLANGDIR("a"@en)) }'),
    Feature("strlangdir", "STRLANGDIR(text, language, direction)",
            'ASK { FILTER(STRLANGDIR("a", "en", "ltr") = "a"@en--ltr) }'),
    Feature("same-value", "sameValue(a, b)", "ASK { FILTER(sameValue(1, 1.0)) }"),
    Feature("construct-annotations", "Annotations in CONSTRUCT",
            "CONSTRUCT { :s :p :new ~ :e } WHERE {}"),
)  # fmt: skip
"""The parts that are asked for, in the order of the documentation."""


@cache
def taken() -> frozenset[str]:
    """Return the names of the parts that the embedded engine takes."""
    store = ox.Store()
    store.load(_DATA.encode(), format=ox.RdfFormat.TURTLE)
    return frozenset(feature.name for feature in FEATURES if _is_taken(store, feature.query))


def _is_taken(store: ox.Store, query: str) -> bool:
    try:
        found = store.query(query, prefixes={"": "urn:x-akb:"})
        if isinstance(found, ox.QueryTriples):
            return any(isinstance(triple.object, ox.Triple) for triple in found)
    except (SyntaxError, ValueError, OSError, RuntimeError):
        return False
    return bool(found)
