"""Says of a rule that is broken which asserted statements break it, by which axioms, and where all these are."""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Protocol

from rdflib import BNode

from ..errors import LimitError
from ..namespaces import OWL, RDF, RDFS
from ..records.conflicts import Conflict, Statement
from ..turtle.base import Base
from ..turtle.source_files import SourceFile
from ..turtle.statements import value_of
from .facts import BLANK, NODE, TYPE, Facts, Triple, written
from .index import Binding, Index, Triples, filled
from .literals import is_literal, shown
from .proofs import Proof, Prover, Rules
from .rules import Ban

_NAME: Final = re.compile(r"\{a:([^}]*)\}")
_UPWARD: Final = {
    f"{RDFS}subClassOf": (f"{RDFS}subClassOf", f"{OWL}equivalentClass"),
    f"{RDFS}subPropertyOf": (f"{RDFS}subPropertyOf", f"{OWL}equivalentProperty"),
}
_UNION: Final = f"{OWL}unionOf"
_INTERSECTION: Final = f"{OWL}intersectionOf"
_MOST_SHOWN: Final = 12
"""Members of a list and parts of an expression that are written out."""
_DEEPEST: Final = 3
"""Expressions within each other that are written out."""


class Closure(Triples, Protocol):
    """What an engine made of facts and axioms."""

    def schema(self) -> Index:
        """Return what it says in the terms of the logic itself."""

    def classes(self) -> set[str]:
        """Return the classes that have a member."""


@dataclass(frozen=True)
class Broken:
    """A rule whose body holds, and of what."""

    ban: Ban
    binding: Binding


@dataclass(frozen=True)
class Explained:
    """A conflict, the asserted triples that make it, and how much must be said to show it."""

    conflict: Conflict
    leaves: frozenset[Triple]
    size: int


class Explainer:
    """Explains what is broken in a base, of which an engine made a closure; `axioms` are all that are stated."""

    def __init__(self, base: Base, facts: Facts, closure: Closure, schema: Index, axioms: Sequence[Triple]) -> None:
        self._base = base
        self._facts = facts
        self._lines = set(facts.lines)
        self._axioms = Index(axioms)
        self._by_subject: defaultdict[str, list[SourceFile]] = defaultdict(list)
        for file in dict.fromkeys((*base.all_files, *base.ontology_files)):
            for subject in dict.fromkeys(line.partition(" ")[0] for line in file.ntriples.split("\n")):
                self._by_subject[subject].append(file)

        def is_asserted(triple: Triple) -> bool:
            return written(triple) in self._lines or triple in self._axioms

        self._prover = Prover(closure, is_asserted, (Rules(schema),))

    def conflict(self, broken: Broken) -> Explained:
        """Return a conflict, and the asserted triples that make it."""
        ban, binding = broken.ban, broken.binding
        proofs = [self._prove(filled(pattern, binding)) for pattern in ban.body]
        leaves = frozenset(leaf for proof in proofs for leaf in proof.leaves())
        used = dict.fromkeys((*ban.axioms, *(axiom for proof in proofs for axiom in self._axioms_of(proof))))
        facts = [leaf for leaf in leaves if written(leaf) in self._lines]
        # An edge is more easily wrong than a type.
        likelier = min(facts, key=lambda leaf: (leaf[1] == TYPE, self._text(leaf)), default=None)
        focus = binding.get(ban.focus, ban.focus)
        if ban.is_symmetric:
            focus = min(binding["?x"], binding["?y"])
        if is_literal(focus):
            focus = min((leaf[0] for leaf in leaves), default="")
        conflict = Conflict(
            _NAME.sub(lambda match: self._name(binding.get(match[1], match[1])), ban.sentence),
            tuple(sorted(dict.fromkeys(map(self._statement, leaves)))),
            tuple(dict.fromkeys(map(self._axiom, used))),
            _plain(focus),
            (_plain(likelier[0]), likelier[1], self._value(likelier)) if likelier else None,
        )
        return Explained(conflict, leaves, sum(proof.size for proof in proofs))

    def _prove(self, goal: Triple) -> Proof:
        """Return why something holds; where that is too long to be found, as if it were asserted."""
        try:
            return self._prover.prove(goal) or Proof(goal)
        except LimitError:
            return Proof(goal)

    def _axioms_of(self, proof: Proof) -> Iterator[Triple]:
        """Yield the axioms of each step of a proof; for one that follows from others, those."""
        for axiom in dict.fromkeys(axiom for step in proof.steps() for axiom in step.axioms):
            yield from (axiom,) if axiom in self._axioms else self._path(*axiom)

    def _path(self, start: str, predicate: str, end: str) -> list[Triple]:
        """Return the axioms that lead up from one class or property to another; the axiom itself where none do."""
        found: dict[str, list[Triple]] = {start: []}
        queue = deque([start])
        while queue and end not in found:
            one = queue.popleft()
            for kind in _UPWARD.get(predicate, ()):
                steps = [(value, (one, kind, value)) for value in self._axioms.objects(one, kind)]
                if kind.startswith(OWL):
                    steps += [(subject, (subject, kind, one)) for subject in self._axioms.subjects(kind, one)]
                if predicate == f"{RDFS}subClassOf":
                    # A union lies above each of its members, and each of its members above an intersection.
                    steps += [(axiom[0], axiom) for axiom in self._unions.get(one, ())]
                    for head in self._axioms.objects(one, _INTERSECTION):
                        steps += [(member, (one, _INTERSECTION, head)) for member in self._axioms.list_at(head)]
                for following, axiom in steps:
                    if following not in found:
                        found[following] = [*found[one], axiom]
                        queue.append(following)
        return found.get(end) or [(start, predicate, end)]

    @cached_property
    def _unions(self) -> Mapping[str, list[Triple]]:
        """The axioms that make a union, by each member of it."""
        found: defaultdict[str, list[Triple]] = defaultdict(list)
        for union, head in self._axioms.pairs(_UNION):
            for member in self._axioms.list_at(head):
                found[member].append((union, _UNION, head))
        return found

    def _statement(self, leaf: Triple) -> Statement:
        lines = [self._ntriples(leaf, form) for form in self._forms(leaf[2])]
        place = next((place for line in lines if (place := self._place(line))), ("", 0))
        is_known = place[0] or written(leaf) in self._lines or leaf in self._axioms
        return Statement(self._text(leaf) if is_known else f"{self._text(leaf)} (inferred)", *place)

    def _axiom(self, axiom: Triple) -> Statement:
        subject, predicate, value = axiom
        place = self._place(self._ntriples(axiom, self._forms(value)[0])) or ("", 0)
        if subject.startswith(BLANK):
            return Statement(self._expression(subject), *place)
        verb = "a" if predicate == TYPE else self._name(predicate)
        return Statement(f"{self._name(subject)} {verb} {self._expression(value)}", *place)

    def _forms(self, term: str) -> list[str]:
        """Return the ways in which a term may be written in N-Triples."""
        if is_literal(term):
            return self._facts.literals.forms(term)
        if term.startswith('"'):
            return [term]
        return [f"_:{term.removeprefix(BLANK)}" if term.startswith(BLANK) else f"<{_plain(term)}>"]

    def _ntriples(self, triple: Triple, value: str) -> str:
        [subject] = self._forms(triple[0])
        return f"{subject} <{triple[1]}> {value} ."

    def _place(self, line: str) -> tuple[str, int] | None:
        """Return the file and the line of a triple that is given as a line of N-Triples."""
        subject, predicate, value = line[:-2].split(" ", 2)
        for file in self._by_subject.get(subject, ()):
            if f"{line}\n" in file.ntriples:
                place = file.places.find(value_of(subject), value_of(predicate), value_of(value))
                return file.path, place.line if place else 0
        return None

    def _value(self, leaf: Triple) -> str:
        """Return what the object of a triple says, as it is written where that is asserted; a BNode for a blank one."""
        forms = self._forms(leaf[2])
        if leaf[2].startswith(BLANK):
            return BNode(leaf[2].removeprefix(BLANK))
        return value_of(next((form for form in forms if self._place(self._ntriples(leaf, form))), forms[0]))

    def _text(self, triple: Triple) -> str:
        subject, predicate, value = triple
        verb = "a" if predicate == TYPE else self._name(predicate)
        return f"{self._name(subject)} {verb} {self._name(value)}"

    def _name(self, term: str) -> str:
        if is_literal(term):
            return shown(self._facts.literals.forms(term)[0], self._base.namespaces.compact)
        if term.startswith('"'):
            return shown(term, self._base.namespaces.compact)
        if term.startswith(BLANK):
            # An expression of the ontology is written out; a thing has no more to it than its statements.
            return self._expression(term) if self._axioms.about(term) else "a blank node"
        return self._base.namespaces.compact(_plain(term))

    def _expression(self, term: str, depth: int = 0) -> str:
        """Return a term as in Turtle, with what a blank node says in brackets."""
        about = self._axioms.about(term) if term.startswith(BLANK) else ()
        if not about:
            return self._name(term) if not term.startswith(BLANK) else "[]"
        if depth > _DEEPEST:
            return "[...]"
        parts = sorted(about, key=lambda pair: (pair[0] != TYPE, pair))
        if any(predicate == f"{RDF}first" for predicate, _ in parts):
            members = self._axioms.list_at(term)
            inner = [self._expression(member, depth + 1) for member in members[:_MOST_SHOWN]]
            return f"( {' '.join([*inner, '...'] if len(members) > _MOST_SHOWN else inner)} )"
        said = [
            f"{'a' if predicate == TYPE else self._name(predicate)} {self._expression(value, depth + 1)}"
            for predicate, value in parts[:_MOST_SHOWN]
        ]
        return f"[ {' ; '.join(said)} ]"


def _plain(term: str) -> str:
    """Return the IRI of a node, or the label of a blank one, without what marks it while rules run."""
    return term.removeprefix(NODE).removeprefix(BLANK)
