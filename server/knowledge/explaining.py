"""Why a statement holds: the edges that assert it, or the rules and asserted statements from which it follows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ..errors import NotFoundError, UsageError
from ..inference.closure import closed_axioms
from ..inference.facts import BLANK, Triple, axioms_in, parsed
from ..inference.index import Binding, Index, Pattern, is_variable, joined
from ..inference.literals import Literals, is_literal, shown
from ..inference.proofs import Proof, Prover, Rules
from ..inference.rules import MEANINGS
from ..namespaces import AKB, RDF, Namespaces
from ..records.explanations import Explanation, Statement, Step
from ..records.pages import Direction, EntityRef, Link
from ..sparql.queries import narrowed, question
from ..sparql.terms import Iri
from ..store.interface import Queryable
from .edge_details import with_details
from .entity import entity_ref
from .rows import link_of

_IRI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]+")
_GRAPHS: Final = ("asserted", "ontology", "inferred")
"""From the plainest reason to the least plain."""


@dataclass(frozen=True)
class Axioms:
    """What an ontology says that rules act on: as it is written, and with what follows of it."""

    stated: Index
    literals: Literals
    rules: tuple[Rules, ...]
    """Those of the axioms as they are written, and those of all that follows of them."""


def read_axioms(store: Queryable) -> Axioms:
    """Read the axioms of a release."""
    literals = Literals()
    triples = axioms_in(store.construct(question("ontology")), literals)
    stated = Index(triples)
    return Axioms(stated, literals, (Rules(stated), Rules(closed_axioms(triples, literals))))


def term_named(name: str, namespaces: Namespaces) -> str:
    """Return the IRI that a CURIE, an IRI or `a` means. Raises UsageError for what is neither."""
    name = name.strip()
    if name == "a":
        return f"{RDF}type"
    iri = name[1:-1] if name.startswith("<") and name.endswith(">") else name
    prefix = iri.partition(":")[0]
    if prefix in namespaces.prefixes() and not iri.startswith(f"{prefix}://"):
        iri = namespaces.expand(iri)
    if not _IRI.fullmatch(iri) or (iri == name and "/" not in iri and not iri.startswith("urn:")):
        raise UsageError(f"{name!r} is neither a CURIE nor an IRI.", "write it as prefix:name.")
    return iri


def explain(store: Queryable, namespaces: Namespaces, axioms: Axioms, goal: Triple) -> Explanation:
    """Return why a statement between two nodes holds.

    Raises NotFoundError when the base does not say it, and LimitError when too much leads to it.
    """
    known = _Known(store, namespaces, axioms)
    graph = known.graph_of(goal)
    statement = known.statement(goal)
    if not graph:
        raise NotFoundError(
            f"{statement.text}: this is neither asserted nor inferred.", "look at the page of its subject for what is."
        )
    if graph != "inferred":
        return Explanation(statement, graph, asserted=(statement,))
    proof = Prover(known, known.is_asserted, axioms.rules, is_whole=False).prove(goal)
    if proof is None:
        raise NotFoundError(f"{statement.text}: this is inferred, and no proof of it was found.")
    steps = tuple(map(known.step, proof.steps()))
    return Explanation(statement, graph, steps, tuple(map(known.statement, proof.leaves())))


def inferred_about(store: Queryable, namespaces: Namespaces, iri: str, most: int = 200) -> tuple[Statement, ...]:
    """Return what is inferred about an entity, at most so many statements."""
    asked = question("inferred_about").rstrip()
    rows = store.select(f"{asked}\nLIMIT {most}", {"entity": Iri(iri)})
    triples = [(iri, str(row["predicate"]), str(row["object"])) for row in rows]
    return tuple(
        Statement(triple, (namespaces.compact(iri), _verb(triple[1], namespaces), namespaces.compact(triple[2])))
        for triple in triples
    )


def _verb(predicate: str, namespaces: Namespaces) -> str:
    return "a" if predicate == f"{RDF}type" else namespaces.compact(predicate)


class _Known:
    """The statements of a release, as the search for a proof asks for them."""

    def __init__(self, store: Queryable, namespaces: Namespaces, axioms: Axioms) -> None:
        self._store, self._namespaces, self._axioms = store, namespaces, axioms
        self._matched: dict[tuple[Pattern, str], dict[str, list[Triple]]] = {}
        self._statements: dict[Triple, Statement] = {}
        self._refs: dict[str, EntityRef | None] = {}

    def solutions(self, patterns: Sequence[Pattern]) -> Iterator[Binding]:
        """Yield each way to fill the variables so that all patterns hold."""
        return joined(patterns, self._matches)

    def _matches(self, pattern: Pattern) -> Iterable[Triple]:
        subject, predicate, value = pattern
        if any(term.startswith(BLANK) for term in pattern):
            return [_with(pattern, row) for row in self._axioms.stated.solutions([pattern])]
        # What is around a node is asked for once: one question in place of one for each property.
        if not is_variable(subject):
            found = self._around((subject, "?p", "?o"))
        elif not is_variable(value) and predicate != f"{RDF}type":
            found = self._around(("?s", "?p", value))
        else:
            found = self._around(pattern)
        if is_variable(predicate):
            return [triple for triples in found.values() for triple in triples]
        return found.get(predicate, ())

    def _around(self, pattern: Pattern, graphs: str = "") -> dict[str, list[Triple]]:
        """Return the statements that fit a pattern, by their predicates."""
        if (pattern, graphs) not in self._matched:
            text = " ".join(map(self._term, pattern))
            where = f"GRAPH ?g {{ {text} }} FILTER(?g IN ({graphs}))" if graphs else text
            by_predicate: dict[str, list[Triple]] = {}
            for line in self._store.construct(f"CONSTRUCT {{ {text} }} WHERE {{ {where} }}").split("\n"):
                if triple := parsed(line, self._axioms.literals):
                    by_predicate.setdefault(triple[1], []).append(triple)
            self._matched[pattern, graphs] = by_predicate
        return self._matched[pattern, graphs]

    def _term(self, term: str) -> str:
        if is_variable(term):
            return term
        return self._axioms.literals.forms(term)[0] if is_literal(term) else f"<{term}>"

    def graph_of(self, triple: Triple) -> str:
        """Return the name of the graph that has a statement; empty for none."""
        if any(term.startswith(BLANK) for term in triple):
            return "ontology" if triple in self._axioms.stated else ""
        terms = dict(zip(("subject", "predicate", "object"), ([self._term(term)] for term in triple), strict=True))
        rows = self._store.select(narrowed(question("holding"), terms))
        graphs = {str(row["graph"]).removeprefix(self._namespaces.graph) for row in rows}
        return next((graph for graph in _GRAPHS if graph in graphs), "")

    def is_asserted(self, triple: Triple) -> bool:
        """Tell whether a file says a statement."""
        if triple[0].startswith(BLANK) or triple[2].startswith(BLANK):
            return triple in self._axioms.stated
        around = self._around((triple[0], "?p", "?o"), "graph:asserted, graph:ontology")
        return triple in around.get(triple[1], ())

    def step(self, proof: Proof) -> Step:
        """Return a step of a proof as people read it."""
        members = tuple(triple for head in proof.lists for triple in self._axioms.stated.list_triples(head))
        return Step(
            proof.rule,
            MEANINGS[proof.rule],
            tuple(self.statement(premise.triple) for premise in proof.premises),
            tuple(map(self._bare, (*proof.axioms, *members))),
            self.statement(proof.triple),
        )

    def statement(self, triple: Triple) -> Statement:
        """Return a statement with the entities that it names and the edges that assert it."""
        if triple not in self._statements:
            self._statements[triple] = self._described(triple)
        return self._statements[triple]

    def _described(self, triple: Triple) -> Statement:
        bare = self._bare(triple)
        subject, value = self._ref(triple[0]), self._ref(triple[2])
        is_edge = subject and value and triple[1] != f"{RDF}type" and self.is_asserted(triple)
        edges = self._edges(triple) if is_edge else ()
        return Statement(bare.triple, bare.names, subject, value, edges)

    def _bare(self, triple: Triple) -> Statement:
        subject, predicate, value = triple
        terms = (subject, predicate, self._axioms.literals.forms(value)[0] if is_literal(value) else value)
        return Statement(terms, (self._name(subject), _verb(predicate, self._namespaces), self._name(terms[2])))

    def _name(self, term: str) -> str:
        if term.startswith('"'):
            return shown(term, self._namespaces.compact)
        return f"_:{term.removeprefix(BLANK)[:8]}" if term.startswith(BLANK) else self._namespaces.compact(term)

    def _ref(self, iri: str) -> EntityRef | None:
        if iri not in self._refs:
            try:
                is_entity = iri.startswith(self._namespaces.base) and not iri.startswith(AKB)
                self._refs[iri] = entity_ref(self._store, iri)[0] if is_entity else None
            except NotFoundError:
                self._refs[iri] = None
        return self._refs[iri]

    def _edges(self, triple: Triple) -> tuple[Link, ...]:
        subject, predicate, value = triple
        query = narrowed(question("links_between"), {"subject": [f"<{subject}>"], "object": [f"<{value}>"]})
        rows = [row for row in self._store.select(query) if str(row["predicate"]) == predicate]
        found = (link_of({**row, "direction": Direction.OUT.value}, self._namespaces) for row in rows)
        links = {link.edge: link for link in found}
        return with_details(self._store, self._namespaces, tuple(links.values()))


def _with(pattern: Pattern, binding: Binding) -> Triple:
    subject, predicate, value = (binding.get(term, term) for term in pattern)
    return subject, predicate, value
