"""Which questions can have another answer after a change: those with a pattern that a changed triple fits.

A triple that came or went makes a difference to an answer only through a triple pattern that it matches, in a group of
any kind (SPARQL 1.1 Query, section 18.3.1). Patterns are told apart by their predicates here, which is less than could
be told, and never too much.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from ..federation.structure import Group, read_structure
from ..namespaces import RDF
from ..store.embedded import Row, Store, Value
from ..store.lexer import Token, tokens
from ..store.prepared import Prepared
from ..turtle.statements import statements

_NAMES: Final = ("iri", "pname")


@dataclass
class Changes:
    """The triples that came and went in any graph since the release before, by their predicates."""

    prefixes: Mapping[str, str]
    predicates: set[str] = field(default_factory=set)
    """IRIs; of triples whose subjects may have any others."""
    apart: list[tuple[frozenset[str], frozenset[str]]] = field(default_factory=list)
    """The predicates of triples that changed, and of all triples that subjects of that kind have, before or after."""

    def note(self, ntriples: str) -> None:
        """Add some triples, as our reader writes them."""
        self.predicates |= _predicates(ntriples)

    def note_apart(self, ntriples: str, whole: str) -> None:
        """Add some triples of a `whole`, before and after the change, of whose subjects nothing else says anything."""
        self.apart.append((_predicates(ntriples), _predicates(whole)))

    def concern(self, query: str) -> bool:
        """Tell whether the answer to a question of ours may be another one now."""
        if not self.predicates and not any(changed for changed, _ in self.apart):
            return False
        together = predicates_in(query, tuple(self.prefixes.items()))
        return together is None or any(
            not self.predicates.isdisjoint(one) or any(one & changed and one <= whole for changed, whole in self.apart)
            for one in together
        )


@dataclass(frozen=True)
class Unchanged:
    """A store that takes the answers that a change does not concern from the release before."""

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
    """Return the IRIs of the predicates of the triples that a query looks at; None where those may be any.

    Those that one subject must have together are in one set; what a pattern within others wants of a subject, it must
    have together with what they want. Names of the query are read with `prefixes`; it must be
    one that an engine found well-formed, without a prologue.
    """
    spaces = dict(prefixes)
    cut = [token for token in tokens(query) if token.kind != "space"]
    found: set[frozenset[str]] = set()

    def read(group: Group, beside: Mapping[str, frozenset[str]]) -> bool:
        """Read a group, whose solutions agree with those in which subjects have what stands `beside`."""
        if group.select is not None:
            return read(group.select.where, {})
        together = dict(beside)
        for element in group.elements:
            if element.kind == "triples":
                triples = _Triples([token for token in cut if element.start <= token.start < element.end])
                names = {verb: _iri(verb, spaces) for verb in triples.verbs()}
                if not all(names.values()):
                    return False
                found.update(frozenset({name}) for verb, name in names.items() if verb not in triples.together)
                own = frozenset(names[verb] for verb in triples.together)
                # A subject without a name of its own is another one each time.
                subject = triples.subject.text if triples.subject.kind == "var" else f"at {element.start}"
                together[subject] = together.get(subject, frozenset()) | own
        found.update(together.values())
        return all(read(one, together) for element in group.elements for one in element.groups)

    return frozenset(found) if read(read_structure(query, 0).where, {}) else None


class _Triples:
    """Triples with one subject (SPARQL 1.1 Query, section 19.8, TriplesSameSubjectPath)."""

    def __init__(self, cut: Sequence[Token]) -> None:
        self._cut = cut
        self._at = 0
        self.subject = cut[0]
        """Its first token."""
        self.together: list[Token] = []
        """The predicates that the subject has itself, when all verbs were read."""

    def verbs(self) -> Iterator[Token]:
        """Yield what stands where a predicate does.

        Of a path that is each name in it, and each mark by which it matches without a triple of these, or others.
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
            if is_subject and self._cut[first : self._at] == path:
                self.together += path
            yield from path
            yield from self._node()
            while self._is(","):
                self._at += 1
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
    """Return the IRI of a predicate, or nothing for what may match any."""
    if verb.is_word("A"):
        return f"{RDF}type"
    if verb.kind not in _NAMES:
        return ""
    if verb.kind == "iri":
        return verb.text[1:-1]
    prefix, _, local = verb.text.partition(":")
    return spaces.get(prefix, f"{prefix}:") + local
