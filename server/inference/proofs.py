"""Why something is inferred: the fewest steps that lead from asserted triples to it, each by one rule of OWL 2 RL.

The search runs backward from the goal, a depth at a time (iterative deepening), so that the first proof found is one of
the shallowest; among those of one rule after the other, the one with the fewest steps is taken.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from ..errors import LimitError
from .facts import BLANK, SAME, TYPE, Triple
from .index import Index, Pattern, Triples, bind, filled, is_variable
from .rules import EQUALITY, THING, Rule, rules_of

_DEEPEST: Final = 4
"""Steps above each other that are looked for before the next stage."""
_DEEPEST_LAST: Final = 12
_LEAST: Final = 2
"""Triples that a proof by a rule mentions at least."""
_MOST_QUESTIONS: Final = 20_000
"""Asked of the triples for one proof, before the search gives up."""


@dataclass(frozen=True)
class Proof:
    """A triple, and why it holds."""

    triple: Triple
    rule: str = ""
    """The name of the rule whose conclusion it is; empty for what is asserted."""
    premises: tuple[Proof, ...] = ()
    axioms: tuple[Triple, ...] = ()
    """What the ontology says, of which the rule speaks."""
    lists: tuple[str, ...] = ()
    """The heads of the lists that the axioms lead to."""

    @cached_property
    def size(self) -> int:
        """How many triples it mentions, each as often as it does."""
        return 1 + sum(premise.size for premise in self.premises)

    @property
    def is_asserted(self) -> bool:
        """Whether nothing needs to be inferred."""
        return not self.rule

    def leaves(self) -> Iterator[Triple]:
        """Yield the asserted triples from which it follows, from left to right, each once."""
        yield from dict.fromkeys(self._leaves())

    def _leaves(self) -> Iterator[Triple]:
        if self.is_asserted:
            yield self.triple
        for premise in self.premises:
            yield from premise._leaves()

    def steps(self) -> Iterator[Proof]:
        """Yield each step by a rule once, every one after those that it needs."""
        yield from dict.fromkeys(self._steps())

    def _steps(self) -> Iterator[Proof]:
        for premise in self.premises:
            yield from premise._steps()
        if not self.is_asserted:
            yield self


class Rules:
    """The rules that axioms make, found by what they conclude.

    Those from class to class come first, since a type that is asserted explains most.
    """

    def __init__(self, axioms: Index) -> None:
        self._by_predicate: dict[str, list[Rule]] = defaultdict(list)
        self._by_class: dict[str, list[Rule]] = defaultdict(list)
        for rule in rules_of(axioms):
            if rule in EQUALITY:
                continue
            if rule.head[1] == TYPE:
                self._by_class[rule.head[2]].append(rule)
            else:
                self._by_predicate[rule.head[1]].append(rule)
        for of_class in self._by_class.values():
            of_class.sort(key=lambda rule: not rule.name.startswith("cax"))

    def to(self, goal: Triple) -> Iterator[Rule]:
        """Yield the rules that may conclude a triple."""
        yield from self._by_class.get(goal[2], ()) if goal[1] == TYPE else self._by_predicate.get(goal[1], ())
        yield from EQUALITY


class Prover:
    """Finds proofs among triples.

    The rules come in stages: those by which a proof is looked for first, and then others. Without `is_whole`, the
    triples lack the types that are expressions without a name; that those hold is then found out by proving them.
    """

    def __init__(
        self,
        triples: Triples,
        is_asserted: Callable[[Triple], bool],
        stages: Sequence[Rules],
        *,
        is_whole: bool = True,
    ) -> None:
        self._triples = triples
        self._is_asserted = is_asserted
        self._is_whole = is_whole
        self._stages = stages
        self._rules = stages[0]
        self._found: dict[tuple[Triple, int], Proof | None] = {}
        self._answers: dict[tuple[Pattern, ...], tuple[dict[str, str], ...]] = {}
        self._asserted: dict[Triple, bool] = {}

    def prove(self, goal: Triple) -> Proof | None:
        """Return a proof of a triple, or None when it does not follow.

        Raises LimitError when the search is too long.
        """
        self._answers.clear()
        for stage, rules in enumerate(self._stages, 1):
            self._rules = rules
            deepest = _DEEPEST_LAST if stage == len(self._stages) else _DEEPEST
            self._found.clear()
            for depth in range(deepest + 1):
                if proof := self._prove(goal, depth):
                    return proof
        return None

    def _prove(self, goal: Triple, depth: int) -> Proof | None:
        key = (goal, depth)
        if key not in self._found:
            self._found[key] = self._search(goal, depth)
        return self._found[key]

    def _search(self, goal: Triple, depth: int) -> Proof | None:
        if goal not in self._asserted:
            self._asserted[goal] = self._is_asserted(goal)
        if self._asserted[goal]:
            return Proof(goal)
        if goal[1] == TYPE and goal[2] == THING:
            return Proof(goal, "cls-thing")
        if goal[1] == SAME and goal[0] == goal[2]:
            return Proof(goal, "eq-ref")
        if depth == 0:
            return None
        best = self._prove(goal, depth - 1)
        if best is not None:
            return best
        for rule in self._rules.to(goal):
            if best is not None and best.size == _LEAST:
                break
            proof = self._by(rule, goal, depth)
            if proof is not None and (best is None or _cost(proof) < _cost(best)):
                best = proof
        return best

    def _by(self, rule: Rule, goal: Triple, depth: int) -> Proof | None:
        """Return a proof of which a rule is the last step."""
        binding = bind(rule.head, goal)
        if binding is None:
            return None
        body = tuple(filled(pattern, binding) for pattern in rule.body)
        asked = tuple(pattern for pattern in body if self._is_known(pattern))
        for more in self._solutions(asked):
            premises = [filled(pattern, more) for pattern in body]
            if goal in premises or any(is_variable(term) for premise in premises for term in premise):
                continue
            proofs: list[Proof] = []
            for premise in premises:
                proof = self._prove(premise, depth - 1)
                if proof is None:
                    break
                proofs.append(proof)
            if len(proofs) == len(premises):
                return Proof(goal, rule.name, tuple(proofs), rule.axioms, rule.lists)
        return None

    def _is_known(self, pattern: Pattern) -> bool:
        """Tell whether the triples know all that fits a pattern."""
        if pattern[1] == TYPE and pattern[2] == THING:
            return False
        return self._is_whole or not (pattern[1] == TYPE and pattern[2].startswith(BLANK)) or is_variable(pattern[0])

    def _solutions(self, patterns: tuple[Pattern, ...]) -> Sequence[dict[str, str]]:
        if patterns not in self._answers:
            if len(self._answers) >= _MOST_QUESTIONS:
                raise LimitError("The search for why this is inferred gave up: too much leads to it.")
            rows = (dict(row) for row in self._triples.solutions(patterns))
            self._answers[patterns] = tuple(sorted(rows, key=lambda row: sorted(row.items())))
        return self._answers[patterns]


def _cost(proof: Proof) -> tuple[int, int]:
    return proof.size, sum(leaf[1] != TYPE for leaf in proof.leaves())
