"""Decides which questions may have another answer after a change.

A triple that was added or removed can change an answer only if it matches a triple pattern of the query (SPARQL 1.1
Query, section 18.3.1). Patterns are compared by their predicates only: a question may be asked again needlessly, but an
outdated answer is never reused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from ..namespaces import RDF
from ..sparql.lexer import Token, tokens
from ..sparql.structure import Group, read_structure
from ..sparql.terms import Row, Value
from ..store.embedded import Store
from ..store.prepared import Prepared
from ..turtle.statements import statements

_NAMES: Final = ("iri", "pname")
_NAMED: Final = "named"
"""Stands among the predicates of a subject that must be the object of a triple too."""


@dataclass
class Changes:
    """The predicates of the triples that were added or removed in any graph since the release before."""

    prefixes: Mapping[str, str]
    predicates: set[str] = field(default_factory=set)
    """IRIs; nothing is known of the other triples of these subjects."""
    apart: list[tuple[frozenset[str], frozenset[str]]] = field(default_factory=list)
    """Pairs of the predicates of changed triples, and all predicates of their subjects before or after the change.

    No other triples describe these subjects, and none has one as its object.
    """

    def note(self, ntriples: str) -> None:
        """Add changed triples, as our reader writes N-Triples."""
        self.predicates |= _predicates(ntriples)

    def note_apart(self, ntriples: str, whole: str) -> None:
        """Add changed triples of subjects of which only the triples in `whole` speak, before or after the change."""
        self.apart.append((_predicates(ntriples), _predicates(whole)))

    def concern(self, query: str) -> bool:
        """Tell whether the answer to a query of `queries/` may have changed."""
        if not self.predicates and not any(changed for changed, _ in self.apart):
            return False
        together = predicates_in(query, tuple(self.prefixes.items()))
        return together is None or any(
            not self.predicates.isdisjoint(one) or any(one & changed and one <= whole for changed, whole in self.apart)
            for one in together
        )


@dataclass(frozen=True)
class Unchanged:
    """A store that returns the answer from the previous release if the change cannot have affected it."""

    store: Store
    before: Prepared
    changes: Changes

    def select(self, query: str, bindings: Mapping[str, Value] | None = None) -> list[Row]:
        """Run a SELECT and return its rows; unbound variables are missing from a row."""
        known = None if bindings or self.changes.concern(query) else self.before.known(query)
        return self.store.select(query, bindings) if known is None else known


def _predicates(ntriples: str) -> frozenset[str]:
    return frozenset(predicate[1:-1] for _, predicate, _ in statements(ntriples))


@lru_cache(maxsize=512)
def predicates_in(query: str, prefixes: Sequence[tuple[str, str]]) -> frozenset[frozenset[str]] | None:
    """Return the predicates of the triple patterns of a query, as IRIs, or None if one may match any predicate.

    Each set holds the predicates that a subject needs to match the patterns about it, those of enclosing groups
    included, and _NAMED where it must be an object as well. Prefixed names are expanded with `prefixes`; the query must
    be well-formed and have no prologue.
    """
    spaces = dict(prefixes)
    cut = [token for token in tokens(query) if token.kind != "space"]
    found: set[frozenset[str]] = set()

    def read(group: Group, beside: Mapping[str, frozenset[str]], around: frozenset[str]) -> bool:
        """Collect the predicates of a group; `beside` has those that enclosing groups require, by subject.

        `around` has the variables that are objects there.
        """
        if group.select is not None:
            return read(group.select.where, {}, frozenset())
        together, objects = dict(beside), set(around)
        for element in group.elements:
            if element.kind == "triples":
                triples = _Triples([token for token in cut if element.start <= token.start < element.end])
                names = {verb: _iri(verb, spaces) for verb in triples.verbs()}
                if not all(names.values()):
                    return False
                found.update(frozenset({name}) for verb, name in names.items() if verb not in triples.together)
                own = frozenset(names[verb] for verb in triples.together)
                # Only a variable can be the same subject in two patterns.
                subject = triples.subject.text if triples.subject.kind == "var" else f"at {element.start}"
                together[subject] = together.get(subject, frozenset()) | own
                objects |= triples.objects
        found.update(own | {_NAMED} if subject in objects else own for subject, own in together.items())
        return all(read(one, together, frozenset(objects)) for element in group.elements for one in element.groups)

    return frozenset(found) if read(read_structure(query, 0).where, {}, frozenset()) else None


class _Triples:
    """Triples with one subject (SPARQL 1.1 Query, section 19.8, TriplesSameSubjectPath)."""

    def __init__(self, cut: Sequence[Token]) -> None:
        self._cut = cut
        self._at = 0
        self.subject = cut[0]
        """Its first token."""
        self.together: list[Token] = []
        """The predicates of the subject itself, complete once all verbs were yielded."""
        self.objects: set[str] = set()
        """The variables in the place of an object of one triple, and not of a path; complete as well."""

    def verbs(self) -> Iterator[Token]:
        """Yield the tokens in the place of predicates: variables, and of a property path its names and special marks.

        The marks `*`, `?` and `!` let a path match without any triple that has these predicates.
        """
        yield from self._node()
        yield from self._properties(is_subject=True)

    def _is(self, *marks: str) -> bool:
        return self._at < len(self._cut) and self._cut[self._at].text in marks

    def _properties(self, *, is_subject: bool = False) -> Iterator[Token]:
        while self._at < len(self._cut) and not self._is(".", "]"):
            if self._is(";"):
                self._at += 1
                continue
            first = self._at
            path = list(self._path())
            is_plain = self._cut[first : self._at] == path
            if is_subject and is_plain:
                self.together += path
            yield from path
            yield from self._object(is_plain=is_plain)
            while self._is(","):
                self._at += 1
                yield from self._object(is_plain=is_plain)

    def _object(self, *, is_plain: bool) -> Iterator[Token]:
        if is_plain and self._cut[self._at].kind == "var":
            self.objects.add(self._cut[self._at].text)
        yield from self._node()

    def _node(self) -> Iterator[Token]:
        if self._is("["):
            self._at += 1
            yield from self._properties()
        elif self._is("("):
            self._at += 1
            while not self._is(")"):
                yield from self._node()
        elif self._is("+", "-"):  # of a number
            self._at += 1
        is_text = self._cut[self._at].kind == "string"
        self._at += 1
        if is_text and self._at < len(self._cut) and self._cut[self._at].kind == "langtag":
            self._at += 1
        elif is_text and self._is("^"):  # two of them, and a datatype
            self._at += 3

    def _path(self) -> Iterator[Token]:
        while True:
            while self._is("^", "!"):
                if self._is("!"):
                    yield self._cut[self._at]
                self._at += 1
            if self._is("("):
                self._at += 1
                yield from self._path()
            else:
                yield self._cut[self._at]
            self._at += 1
            while self._is("*", "?", "+"):
                if not self._is("+"):
                    yield self._cut[self._at]
                self._at += 1
            if not self._is("/", "|"):
                return
            self._at += 1


def _iri(verb: Token, spaces: Mapping[str, str]) -> str:
    """Return the IRI of a predicate, or an empty string for a term that may match any predicate."""
    if verb.is_word("A"):
        return f"{RDF}type"
    if verb.kind not in _NAMES:
        return ""
    if verb.kind == "iri":
        return verb.text[1:-1]
    prefix, _, local = verb.text.partition(":")
    return spaces.get(prefix, f"{prefix}:") + local
