"""The quick engine: `sparq-rdf`, whose closure is that of OWL 2 RL for the constructs that are listed here.

The list holds what tests compare with the reference engine, on ontologies and facts that are generated.
"""

from __future__ import annotations

import json
from collections.abc import Sequence, Set
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from ..namespaces import OWL, RDF, RDFS
from .facts import AS_WRITTEN, DIFFERENT, LOGIC, SAME, TYPE, Facts, Triple, written
from .index import Binding, Index, Pattern, is_variable
from .rules import NOTHING, THING

if TYPE_CHECKING:
    import sparq

KINDS: Final = frozenset(
    OWL + name
    for name in (
        *("Class", "Restriction", "ObjectProperty", "DatatypeProperty", "AnnotationProperty", "NamedIndividual"),
        *("Ontology", "FunctionalProperty", "InverseFunctionalProperty", "SymmetricProperty", "TransitiveProperty"),
        *("AsymmetricProperty", "IrreflexiveProperty", "AllDisjointClasses", "AllDisjointProperties", "AllDifferent"),
        *("NegativePropertyAssertion", "Thing", "Axiom"),
    )
) | {f"{RDF}Property", f"{RDFS}Class", f"{RDFS}Datatype", f"{RDF}List"}
"""The kinds of terms that the engine knows: of no other kind does OWL 2 RL have a rule."""
PREDICATES: Final = frozenset(
    OWL + name
    for name in (
        *("equivalentClass", "disjointWith", "complementOf", "intersectionOf", "unionOf", "oneOf"),
        *("onProperty", "onClass", "someValuesFrom", "allValuesFrom", "hasValue"),
        *("maxCardinality", "maxQualifiedCardinality"),
        *("equivalentProperty", "inverseOf", "propertyDisjointWith", "propertyChainAxiom"),
        *("members", "distinctMembers", "sourceIndividual", "assertionProperty", "targetIndividual", "targetValue"),
        *("sameAs", "differentFrom", "versionIRI", "priorVersion", "imports", "hasKey"),
    )
) | {
    *(RDFS + name for name in ("subClassOf", "subPropertyOf", "domain", "range", "isDefinedBy", "seeAlso")),
    *(RDF + name for name in ("type", "first", "rest")),
}
"""The predicates of the logic that the engine knows: of no other does OWL 2 RL have a rule."""
_SINGLE: Final = frozenset(
    OWL + name
    for name in (
        *("intersectionOf", "unionOf", "oneOf", "onProperty", "onClass", "someValuesFrom", "allValuesFrom", "hasValue"),
        *("maxCardinality", "maxQualifiedCardinality", "members", "distinctMembers", "hasKey"),
    )
)
"""Of a node the engine reads one value of each only."""
_QUIET: Final = frozenset(
    (f"{RDFS}isDefinedBy", f"{RDFS}seeAlso", f"{OWL}versionIRI", f"{OWL}priorVersion", f"{OWL}AnnotationProperty")
)
_USED: Final = frozenset((THING, NOTHING, f"{RDF}nil", f"{RDFS}Literal", f"{RDF}langString", f"{RDF}PlainLiteral"))
"""Terms of the logic that axioms may lead to."""
_OTHER_NAME: Final = "urn:akb:differentFrom"
"""What `owl:differentFrom` is called there: the engine holds it to be symmetric, which no rule of OWL 2 RL says."""


def beyond(facts: Facts) -> str:
    """Say what keeps the quick engine from answering for an ontology and facts, or nothing."""
    if find_spec("sparq") is None:
        return "sparq-rdf is not installed"
    for subject, predicate, value in facts.axioms:
        if predicate not in PREDICATES:
            return f"the ontology uses {predicate}"
        if predicate == TYPE and value.startswith(LOGIC) and value not in KINDS:
            return f"the ontology uses {value}"
        if predicate in _QUIET or (predicate == TYPE and value in _QUIET):
            continue
        terms = {subject, value} if predicate != TYPE else {subject}
        # An axiom about the logic's own terms changes the logic.
        odd = sorted(term for term in terms if term.startswith(LOGIC) and term not in _USED)
        if odd:
            return f"the ontology says something of {odd[0]}"
    single = [(subject, predicate) for subject, predicate, _ in facts.axioms if predicate in _SINGLE]
    if len(single) != len(set(single)):
        subject, predicate = max(single, key=single.count)
        return f"{subject} has two values of {predicate}"
    return _facts_beyond(facts)


def _facts_beyond(facts: Facts) -> str:
    schema = {
        term
        for subject, predicate, value in facts.axioms
        for term in ((subject, value) if predicate.startswith((RDFS, f"{OWL}equivalent")) else ())
    }
    schema |= {subject for subject, predicate, value in facts.axioms if predicate == TYPE and value in KINDS}
    schema -= {subject for subject, predicate, value in facts.axioms if (predicate, value) == (TYPE, f"{OWL}Thing")}
    for entity in facts.entities:
        if entity[1:-1] in schema:
            return f"the data says something of {entity[1:-1]}, a term of the ontology"
    allowed = {TYPE, SAME, DIFFERENT}
    for line in facts.lines:
        _, predicate, value = line.split(" ", 2)
        if predicate.startswith(_OPENED) and predicate[1:-1] not in allowed:
            return f"the data uses {predicate[1:-1]}"
        if predicate[1:-1] == TYPE and value.startswith(_OPENED) and value[1:-3] not in {THING, NOTHING}:
            return f"the data uses {value[1:-3]}"
    return ""


_OPENED: Final = tuple(f"<{namespace}" for namespace in LOGIC)


class FastClosure:
    """The closure of facts under an ontology, by the quick engine."""

    def __init__(self, facts: Facts) -> None:
        import sparq  # noqa: PLC0415 - it may not be installed, which `beyond` says

        text = "\n".join((*facts.lines, *map(written, (*facts.axioms, *_reflexive(facts.axioms))), ""))
        self._graph: sparq.Graph = sparq.Graph.load(
            text.replace(f"<{DIFFERENT}>", f"<{_OTHER_NAME}>"), format="ntriples"
        )
        self._graph.reason("owl")
        self._facts = facts

    @property
    def finds_fault(self) -> bool:
        """Whether the engine itself says that something contradicts itself."""
        return bool(self._graph.inconsistencies())

    def lines(self, known: Set[str]) -> list[str]:
        """Return the triples between nodes that are not known, as lines of N-Triples, each once."""
        return [line for predicate in self._predicates() for line in self._lines_of(predicate) if line not in known]

    def _lines_of(self, predicate: str) -> list[str]:
        given = _OTHER_NAME if predicate == DIFFERENT else predicate
        answer = self._graph.query_json(f"SELECT ?s ?o WHERE {{ ?s <{given}> ?o FILTER(isIRI(?s) && isIRI(?o)) }}")
        start = answer.find(_ROW)
        if start < 0:
            return []
        # Of IRIs JSON escapes nothing, so that its rows become lines without being read one by one.
        body = answer[start + len(_ROW) : answer.rindex(_END)]
        assert "\\" not in body
        text = body.replace(_END + "," + _ROW, "> .\n<").replace(_MIDDLE, f"> <{predicate}> <")
        return f"<{text}> .".split("\n")

    def schema(self) -> Index:
        """Return what the closure says in the terms of the logic itself."""
        triples = [axiom for axiom in self._facts.axioms if axiom[1] in AS_WRITTEN]
        for predicate in self._predicates():
            if predicate.startswith(LOGIC) and predicate not in {TYPE, SAME, DIFFERENT, *AS_WRITTEN}:
                rows = self.solutions((("?s", predicate, "?o"),))
                triples += [(row["?s"], predicate, row["?o"]) for row in rows if row["?o"]]
        for kind in KINDS - {THING}:
            triples += [(row["?s"], TYPE, kind) for row in self.solutions((("?s", TYPE, kind),))]
        return Index(triples)

    def solutions(self, patterns: Sequence[Pattern]) -> list[Binding]:
        """Return each way to fill the variables so that all patterns are in the closure."""
        names = list(dict.fromkeys(term for pattern in patterns for term in pattern if is_variable(term)))
        where = " . ".join(" ".join(map(_term, pattern)) for pattern in patterns)
        if not names:
            return [{}] if self._graph.ask(f"ASK {{ {where} }}") else []
        answer = json.loads(self._graph.query_json(f"SELECT {' '.join(names)} WHERE {{ {where} }}"))
        rows = answer["results"]["bindings"]
        return [
            {name: _other_way(row[name[1:]]["value"]) for name in names}
            for row in rows
            if all(row[name[1:]]["type"] == "uri" for name in names)
        ]

    def classes(self) -> set[str]:
        """Return the classes that have a member."""
        answer = json.loads(self._graph.query_json(f"SELECT DISTINCT ?c WHERE {{ ?x <{TYPE}> ?c }}"))
        return {row["c"]["value"] for row in answer["results"]["bindings"]}

    def _predicates(self) -> list[str]:
        answer = json.loads(self._graph.query_json("SELECT DISTINCT ?p WHERE { ?s ?p ?o }"))
        return sorted(_other_way(row["p"]["value"]) for row in answer["results"]["bindings"])


def _reflexive(axioms: list[Triple]) -> list[Triple]:
    """Return that classes and properties of restrictions are under themselves (scm-cls, scm-op, scm-dp).

    The engine leaves that out, though what is under one restriction may be so under another by it.
    """
    kinds = {f"{OWL}ObjectProperty": "subPropertyOf", f"{OWL}DatatypeProperty": "subPropertyOf"}
    kinds |= {f"{OWL}Class": "subClassOf"}
    used = {value for _, predicate, value in axioms if predicate in _OF_RESTRICTIONS}
    named = [(subject, kinds[kind]) for subject, predicate, kind in axioms if predicate == TYPE and kind in kinds]
    return [(one, RDFS + under, one) for one, under in (*named, (THING, "subClassOf")) if one in used]


_OF_RESTRICTIONS: Final = frozenset((f"{OWL}onProperty", f"{OWL}someValuesFrom", f"{OWL}allValuesFrom"))
_ROW: Final = '{"s":{"type":"uri","value":"'
_MIDDLE: Final = '"},"o":{"type":"uri","value":"'
_END: Final = '"}}'


def _term(term: str) -> str:
    return term if is_variable(term) else f"<{_OTHER_NAME if term == DIFFERENT else term}>"


def _other_way(iri: str) -> str:
    return DIFFERENT if iri == _OTHER_NAME else iri
