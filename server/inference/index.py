"""Triples that can be matched: what rules ask of a closure, wherever it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from ..namespaces import RDF
from .facts import Triple

Pattern = Triple
"""A triple in which a name that starts with `?` is a variable."""
Binding = Mapping[str, str]

_FIRST, _REST, _NIL = f"{RDF}first", f"{RDF}rest", f"{RDF}nil"


class Triples(Protocol):
    """Triples that can be asked for what fits a pattern."""

    def solutions(self, patterns: Sequence[Pattern]) -> Iterable[Binding]:
        """Return each way to fill the variables so that all patterns are among the triples, in a fixed order."""


class Index:
    """Triples in memory."""

    def __init__(self, triples: Iterable[Triple] = ()) -> None:
        self._all: set[Triple] = set()
        self._objects: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._subjects: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._pairs: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._about: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for triple in sorted(triples):
            self.add(triple)

    def __contains__(self, triple: object) -> bool:
        return triple in self._all

    def __iter__(self) -> Iterator[Triple]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def add(self, triple: Triple) -> None:
        """Add a triple; one that is there stays as it is."""
        if triple not in self._all:
            self._all.add(triple)
            subject, predicate, value = triple
            self._objects[subject, predicate].append(value)
            self._subjects[predicate, value].append(subject)
            self._pairs[predicate].append((subject, value))
            self._about[subject].append((predicate, value))

    def objects(self, subject: str, predicate: str) -> Sequence[str]:
        """Return the objects of a subject and a predicate."""
        return self._objects.get((subject, predicate), ())

    def subjects(self, predicate: str, value: str) -> Sequence[str]:
        """Return the subjects of a predicate and an object."""
        return self._subjects.get((predicate, value), ())

    def pairs(self, predicate: str) -> Sequence[tuple[str, str]]:
        """Return the subjects and objects of a predicate."""
        return self._pairs.get(predicate, ())

    def about(self, subject: str) -> Sequence[tuple[str, str]]:
        """Return the predicates and objects of a subject."""
        return self._about.get(subject, ())

    def list_at(self, head: str) -> tuple[str, ...]:
        """Return the members of a list (RDF 1.1 Semantics, D.3); what is no whole list has those that can be read."""
        members: list[str] = []
        seen: set[str] = set()
        while head != _NIL and head not in seen:
            seen.add(head)
            members += self.objects(head, _FIRST)[:1]
            head = next(iter(self.objects(head, _REST)), _NIL)
        return tuple(members)

    def list_triples(self, head: str) -> tuple[Triple, ...]:
        """Return the triples of which a list is made."""
        triples: list[Triple] = []
        seen: set[str] = set()
        while head != _NIL and head not in seen:
            seen.add(head)
            triples += [(head, _FIRST, member) for member in self.objects(head, _FIRST)[:1]]
            triples += [(head, _REST, rest) for rest in self.objects(head, _REST)[:1]]
            head = next(iter(self.objects(head, _REST)), _NIL)
        return tuple(triples)

    def solutions(self, patterns: Sequence[Pattern]) -> Iterator[Binding]:
        """Yield each way to fill the variables so that all patterns are among the triples."""
        return joined(patterns, self._matches)

    def _matches(self, pattern: Pattern) -> Iterable[Triple]:
        subject, predicate, value = (None if is_variable(term) else term for term in pattern)
        if predicate is None:
            if subject is not None:
                return [(subject, *rest) for rest in self._about.get(subject, ())]
            return sorted(self._all)
        if subject is not None and value is not None:
            triple = (subject, predicate, value)
            return [triple] if triple in self._all else []
        if subject is not None:
            return [(subject, predicate, one) for one in self.objects(subject, predicate)]
        if value is not None:
            return [(one, predicate, value) for one in self.subjects(predicate, value)]
        return [(one, predicate, other) for one, other in self.pairs(predicate)]


def joined(patterns: Sequence[Pattern], matches: Callable[[Pattern], Iterable[Triple]]) -> Iterator[Binding]:
    """Yield each way to fill the variables of patterns, from what matches each of them alone."""
    if not patterns:
        yield {}
        return
    # What has the fewest variables narrows most.
    first = min(patterns, key=lambda pattern: sum(is_variable(term) for term in pattern))
    others = [pattern for pattern in patterns if pattern is not first]
    for triple in matches(first):
        binding = bind(first, triple)
        if binding is not None:
            for more in joined([filled(pattern, binding) for pattern in others], matches):
                yield {**binding, **more}


def is_variable(term: str) -> bool:
    """Tell whether a term of a pattern is a variable."""
    return term.startswith("?")


def bind(pattern: Pattern, triple: Triple) -> dict[str, str] | None:
    """Return the binding of the variables of a pattern by a triple, or None when it does not match."""
    binding: dict[str, str] = {}
    for wanted, given in zip(pattern, triple, strict=True):
        if not is_variable(wanted):
            if wanted != given:
                return None
        elif binding.setdefault(wanted, given) != given:
            return None
    return binding


def filled(pattern: Pattern, binding: Binding) -> Pattern:
    """Return a pattern with the variables replaced that a binding knows."""
    subject, predicate, value = pattern
    return binding.get(subject, subject), binding.get(predicate, predicate), binding.get(value, value)
