"""Finds what contradicts itself in a closure, and the asserted statements that make it.

Whatever engine made the closure, what the axioms forbid is asked of it here (the rules whose head is `false`,
OWL 2 Profiles, 4.3, tables 4 to 8), so that each conflict has words of ours, and its statements come from a proof.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from ..namespaces import OWL
from ..records.conflicts import Conflict
from ..turtle.base import Base
from .explanations import Broken, Closure, Explainer
from .facts import SAME, TYPE, Facts, Triple
from .index import Index
from .literals import is_datatype, is_literal
from .rules import NOTHING, Ban, bans_of, rules_of

_MANY = 8
"""Triples of which it costs more to try all choices than to look through all conflicts."""


def conflicts_in(base: Base, facts: Facts, closure: Closure, axioms: Sequence[Triple]) -> tuple[Conflict, ...]:
    """Return what contradicts itself, without repetitions: the same statements are often found from both ends.

    `axioms` are all that are stated, of which the facts may have a part.
    """
    schema = closure.schema()
    broken = list(_broken(schema, facts, closure))
    if not broken:
        return ()
    explain = Explainer(base, facts, closure, schema, axioms)
    found = [explain.conflict(one) for one in broken]
    # What holds of more statements than another conflict needs is mended with that.
    sets = {one.leaves for one in found}
    least = [one for one in found if not _has_less(one.leaves, sets)]
    # An inverse or a super-property breaks the same rule on the same statements: the plainest mention is enough.
    plainest_last = sorted(
        least, key=lambda one: (-one.size, -len(one.conflict.axiom), -len(one.conflict.axioms), _order(one.conflict))
    )
    unique = {one.leaves or one.conflict.axiom: one.conflict for one in plainest_last}
    return tuple(sorted(unique.values(), key=_order))


def _order(conflict: Conflict) -> tuple[object, ...]:
    return conflict.statements, conflict.axiom, conflict.axioms, conflict.focus


def has_conflicts(facts: Facts, closure: Closure) -> bool:
    """Tell whether anything contradicts itself, as `conflicts_in` would find it."""
    return any(True for _ in _broken(closure.schema(), facts, closure))


def _has_less(leaves: frozenset[Triple], sets: set[frozenset[Triple]]) -> bool:
    """Tell whether some of the triples, and not all, are one of the sets."""
    if len(leaves) > _MANY:
        return any(other < leaves for other in sets if other)
    return any(frozenset(some) in sets for size in range(1, len(leaves)) for some in combinations(leaves, size))


def _broken(schema: Index, facts: Facts, closure: Closure) -> Iterator[Broken]:
    # What is of no class at all is of every class (scm-cls): of that no more needs to be said.
    nothing = {binding["?x"] for binding in closure.solutions((("?x", TYPE, NOTHING),))}
    classes = closure.classes()
    for ban in bans_of(schema):
        if any(predicate == TYPE and value not in classes for _, predicate, value in ban.body):
            continue  # of many classes that exclude each other most have no member
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
            yield Broken(ban, binding)
    yield from _unequal_values(schema, facts, closure)
    yield from _wrong_datatypes(schema, facts, closure)


def _unequal_values(schema: Index, facts: Facts, closure: Closure) -> Iterator[Broken]:
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
                yield Broken(Ban("eq-diff1", rule.body, sentence, axioms=rule.axioms), binding)
    for binding in closure.solutions((("?x", SAME, "?y"),)):
        one, other = binding["?x"], binding["?y"]
        if one < other and is_literal(one) and is_literal(other):
            sentence = "{a:?x} and {a:?y} are two values, and would be one"
            yield Broken(Ban("eq-diff1", (("?x", SAME, "?y"),), sentence), binding)


def _wrong_datatypes(schema: Index, facts: Facts, closure: Closure) -> Iterator[Broken]:
    """Yield where a value would have a datatype that does not contain it (dt-not-type)."""
    if not facts.literals.is_used:
        return
    for datatype in sorted({value for _, _, value in schema if is_datatype(value)}):
        sentence = f"{{a:?x}} is no {{a:{datatype}}}"
        for binding in closure.solutions((("?x", TYPE, datatype),)):
            value = binding["?x"]
            if is_literal(value) and not facts.literals.is_in(value, datatype):
                yield Broken(Ban("dt-not-type", (("?x", TYPE, datatype),), sentence), binding)
