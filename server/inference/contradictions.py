"""Finds what contradicts itself in a closure, and the asserted statements that make it.

Whatever engine made the closure, what the axioms forbid is asked of it here (the rules whose head is `false`,
OWL 2 Profiles, 4.3, tables 4 to 8), so that each conflict has words of ours, and its statements come from a proof.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Protocol

from rdflib import Literal, URIRef
from rdflib.term import Node

from ..namespaces import OWL
from ..records.releases import Conflict
from ..turtle.base import Base
from .facts import BLANK, SAME, TYPE, Facts, Triple, written
from .index import Binding, Index, Triples, filled
from .literals import is_datatype, is_literal, parts_of, shown
from .proofs import Proof, Prover, Rules
from .rules import NOTHING, Ban, bans_of, rules_of

_MANY = 8
"""Triples of which it costs more to try all choices than to look through all conflicts."""
_NAME = re.compile(r"\{a:([^}]*)\}")


class Closure(Triples, Protocol):
    """What an engine made of facts and axioms."""

    def schema(self) -> Index:
        """Return what it says in the terms of the logic itself."""


@dataclass(frozen=True)
class _Broken:
    """A rule whose body holds, and of what."""

    ban: Ban
    binding: Binding


def conflicts_in(base: Base, facts: Facts, closure: Closure) -> tuple[Conflict, ...]:
    """Return what contradicts itself, without repetitions: the same statements are often found from both ends."""
    schema = closure.schema()
    broken = list(_broken(schema, facts, closure))
    if not broken:
        return ()
    explain = _Explainer(base, facts, closure, schema)
    found = [explain.conflict(one) for one in broken]
    # What holds of more statements than another conflict needs is mended with that.
    sets = {one.leaves for one in found}
    least = [one for one in found if not _has_less(one.leaves, sets)]
    # An inverse or a super-property breaks the same rule on the same statements: the plainest mention is enough.
    plainest_last = sorted(
        least, key=lambda one: (-one.size, -len(one.conflict.axiom), one.conflict.axiom, one.conflict.focus)
    )
    unique = {one.leaves or one.conflict.axiom: one.conflict for one in plainest_last}
    return tuple(sorted(unique.values(), key=lambda conflict: (conflict.first, conflict.second, conflict.axiom)))


def has_conflicts(facts: Facts, closure: Closure) -> bool:
    """Tell whether anything contradicts itself, as `conflicts_in` would find it."""
    return any(True for _ in _broken(closure.schema(), facts, closure))


def _has_less(leaves: frozenset[Triple], sets: set[frozenset[Triple]]) -> bool:
    """Tell whether some of the triples, and not all, are one of the sets."""
    if len(leaves) > _MANY:
        return any(other < leaves for other in sets if other)
    return any(frozenset(some) in sets for size in range(1, len(leaves)) for some in combinations(leaves, size))


def _broken(schema: Index, facts: Facts, closure: Closure) -> Iterator[_Broken]:
    # What is of no class at all is of every class (scm-cls): of that no more needs to be said.
    nothing = {binding["?x"] for binding in closure.solutions((("?x", TYPE, NOTHING),))}
    for ban in bans_of(schema):
        if ban.name in {"cax-dw", "cax-adc"} and all(is_datatype(pattern[2]) for pattern in ban.body):
            continue
        for binding in closure.solutions(ban.body):
            if ban.is_symmetric and binding["?x"] > binding["?y"]:
                continue
            if binding.get("?x") in nothing and ban.name != "cls-nothing2":
                continue
            if ban.name == "eq-diff1" and binding["?x"] == binding.get("?y"):
                continue
            if ban.ordered:
                one, other = (binding[name] for name in ban.ordered)
                if one >= other or one not in ban.among or other not in ban.among:
                    continue
            yield _Broken(ban, binding)
    yield from _unequal_values(schema, facts, closure)
    yield from _wrong_datatypes(schema, facts, closure)


def _unequal_values(schema: Index, facts: Facts, closure: Closure) -> Iterator[_Broken]:
    """Yield where two values would be one (dt-diff with eq-diff1): where there may be one value, and there are two."""
    if not facts.literals.is_used:
        return
    for rule in rules_of(schema):
        if rule.head[1] != SAME or rule.name.startswith("eq-") or rule.head[0] == "?x":
            continue
        p = rule.body[-1][1] if rule.name == "prp-fp" else next(o for _, q, o in rule.axioms if q == f"{OWL}onProperty")
        sentence = f"{{a:{p}}} may have one value only, and {{a:?x}} has {{a:?y}} and {{a:?z}}"
        for binding in closure.solutions(rule.body):
            one, other = binding["?y"], binding["?z"]
            if is_literal(one) and is_literal(other) and one < other:
                yield _Broken(Ban("eq-diff1", rule.body, sentence, axioms=rule.axioms), binding)
    for binding in closure.solutions((("?x", SAME, "?y"),)):
        one, other = binding["?x"], binding["?y"]
        if one < other and is_literal(one) and is_literal(other):
            sentence = "{a:?x} and {a:?y} are two values, and would be one"
            yield _Broken(Ban("eq-diff1", (("?x", SAME, "?y"),), sentence), binding)


def _wrong_datatypes(schema: Index, facts: Facts, closure: Closure) -> Iterator[_Broken]:
    """Yield where a value would have a datatype that does not contain it (dt-not-type)."""
    if not facts.literals.is_used:
        return
    for datatype in sorted({value for _, _, value in schema if is_datatype(value)}):
        sentence = f"{{a:?x}} is no {{a:{datatype}}}"
        for binding in closure.solutions((("?x", TYPE, datatype),)):
            value = binding["?x"]
            if is_literal(value) and not facts.literals.is_in(value, datatype):
                yield _Broken(Ban("dt-not-type", (("?x", TYPE, datatype),), sentence), binding)


@dataclass(frozen=True)
class _Explained:
    """A conflict, the asserted triples that make it, and how much must be said to show it."""

    conflict: Conflict
    leaves: frozenset[Triple]
    size: int


class _Explainer:
    def __init__(self, base: Base, facts: Facts, closure: Closure, schema: Index) -> None:
        self._base = base
        self._facts = facts
        self._lines, axioms = set(facts.lines), set(facts.axioms)

        def is_asserted(triple: Triple) -> bool:
            return written(triple) in self._lines or triple in axioms

        self._prover = Prover(closure, is_asserted, (Rules(schema),))

    def conflict(self, broken: _Broken) -> _Explained:
        """Return a conflict, and the asserted triples that make it."""
        ban, binding = broken.ban, broken.binding
        premises = [self._prover.prove(filled(pattern, binding)) for pattern in ban.body]
        proofs = [proof for proof in premises if proof is not None]
        assert len(proofs) == len(premises), "what is in the closure follows"
        axiom = _NAME.sub(lambda match: self._name(binding.get(match[1], match[1])), ban.sentence)
        leaves = frozenset(leaf for proof in proofs for leaf in proof.leaves())
        if len(set(proofs)) == 1 and len(leaves) > 1:
            shown_ones = sorted(map(self._with_file, leaves))
        else:
            shown_ones = sorted(dict.fromkeys(self._show(proof) for proof in proofs))
        first, second = (shown_ones[0], " and ".join(shown_ones[1:])) if len(shown_ones) > 1 else shown_ones * 2
        focus = binding.get(ban.focus, ban.focus)
        if ban.is_symmetric:
            focus = min(binding["?x"], binding["?y"])
        if is_literal(focus) or focus.startswith(BLANK):
            focus = min(leaf[0] for leaf in leaves) if leaves else ""
        # An edge is more easily wrong than a type.
        likelier = sorted(
            (leaf for leaf in leaves if written(leaf) in self._lines),
            key=lambda leaf: (leaf[1] == TYPE, self._show_triple(leaf)),
        )
        subject, predicate, value = map(str, self._restored(likelier[0])) if likelier else ("", "", "")
        conflict = Conflict(axiom, first, second, focus, (subject, predicate, value) if likelier else None)
        return _Explained(conflict, leaves, sum(proof.size for proof in proofs))

    def _show(self, proof: Proof) -> str:
        """Return the statements from which something follows, with their files."""
        leaves = list(proof.leaves())
        return " and ".join(map(self._with_file, leaves)) or f"{self._show_triple(proof.triple)} (inferred)"

    def _with_file(self, leaf: Triple) -> str:
        triple = self._restored(leaf)
        files = (*self._base.all_files, *self._base.ontology_files)
        file = next((file.path for file in files if triple in file.graph), "")
        return f"{self._show_triple(leaf)} ({file})" if file else self._show_triple(leaf)

    def _restored(self, leaf: Triple) -> tuple[Node, Node, Node]:
        """Return the triple as it is asserted, with its literal instead of the IRI that represents it."""
        subject, predicate, value = leaf
        start, end = URIRef(subject), URIRef(predicate)
        if not is_literal(value):
            return start, end, URIRef(value)
        parts = map(parts_of, self._facts.literals.forms(value))
        forms = [Literal(text, datatype=datatype, lang=language) for text, datatype, language in parts]
        given = next((form for form in forms if self._is_given((start, end, form))), forms[0])
        return start, end, given

    def _is_given(self, triple: tuple[Node, Node, Node]) -> bool:
        return any(triple in file.graph for file in self._base.all_files)

    def _show_triple(self, triple: Triple) -> str:
        subject, predicate, value = triple
        verb = "a" if predicate == TYPE else self._name(predicate)
        return f"{self._name(subject)} {verb} {self._name(value)}"

    def _name(self, term: str) -> str:
        if is_literal(term):
            return shown(self._facts.literals.forms(term)[0], self._base.namespaces.compact)
        if term.startswith(BLANK):
            return "something without a name"
        return self._base.namespaces.compact(term)
