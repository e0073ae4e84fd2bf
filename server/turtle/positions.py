"""Reads Turtle and keeps the place of every term (RDF 1.1 Turtle, section 6.5).

No known parser reports the position of a triple. This one does, and only that: it takes texts that are known to be
Turtle, and is used on files that have findings. It takes time in proportion to the text, however deep the text nests.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from rdflib import RDF, XSD, BNode, Literal, URIRef

from ..errors import UnreadableError
from .blanks import matched
from .resolving import resolve
from .statements import Statement, is_blank, literal_of, statements, unescaped

Term = URIRef | BNode | Literal

# Beyond ASCII the texts, which are known to be Turtle, have no characters outside of names and strings: what is negated
# here takes a tenth of the time to compile.
_LETTER: Final = r"[^\x00-@\[-`{-\x7f]"
_START: Final = r"[^\x00-/:-@\[-^`{-\x7f]"
_CHAR: Final = r"[^\x00-,./:-@\[-^`{-\x7f]"
_LOCAL_CHAR: Final = r"[^\x00-,./;-@\[-^`{-\x7f]|%[0-9A-Fa-f]{2}|\\[_~.!$&'()*+,;=/?#@%-]"
# A name may hold dots and not end with one. Groups are not repeated possessively: Python up to 3.11.4 gets that wrong.
_TOKEN: Final = re.compile(
    rf"""
      (?P<space>(?:[ \t\r\n]++|\#[^\r\n]*+)+)
    | <(?P<iri>[^<>"{{}}|^`\x00-\x20]*+)>
    | "{{3}}(?P<long>[^"\\]*+(?:(?:\\.|"(?!""))[^"\\]*+)*)"{{3}}
    | '{{3}}(?P<long2>[^'\\]*+(?:(?:\\.|'(?!''))[^'\\]*+)*)'{{3}}
    | "(?P<short>[^"\\\r\n]*+(?:\\.[^"\\\r\n]*+)*)" | '(?P<short2>[^'\\\r\n]*+(?:\\.[^'\\\r\n]*+)*)'
    | _:(?P<blank>{_START}{_CHAR}*+(?:\.++{_CHAR}++)*)
    | (?P<prefix>(?:{_LETTER}{_CHAR}*+(?:\.++{_CHAR}++)*)?):
      (?P<local>(?:(?!-)(?:{_LOCAL_CHAR})+(?:\.++(?:{_LOCAL_CHAR})+)*)?)
    | @(?P<at>[a-zA-Z]++(?:-[a-zA-Z0-9]++)*)
    | (?P<double>[+-]?(?:[0-9]++\.?[0-9]*+|\.[0-9]++)[eE][+-]?[0-9]++)
    | (?P<decimal>[+-]?[0-9]*+\.[0-9]++)
    | (?P<integer>[+-]?[0-9]++)
    | (?P<word>[A-Za-z]++)
    | (?P<mark>\^\^|[.;,\[\]()])
    """,
    re.VERBOSE | re.DOTALL,
)
_NUMBERS: Final = {"double": XSD.double, "decimal": XSD.decimal, "integer": XSD.integer}
_TRUTHS: Final = ("true", "false")


class Place(NamedTuple):
    """A place in a text; line and column count from 1, in characters."""

    line: int
    column: int


class PlacedTriple(NamedTuple):
    """A triple, and the offsets of its terms in the text."""

    subject: URIRef | BNode
    predicate: URIRef
    object: Term
    subject_at: int
    predicate_at: int
    object_at: int


class NotTurtleError(UnreadableError):
    """A text is not RDF 1.1 Turtle; `place` is where that shows."""

    def __init__(self, place: Place) -> None:
        super().__init__(f"Not RDF 1.1 Turtle at line {place.line}, column {place.column}.")
        self.place = place


class Places:
    """The positions of the triples of a Turtle text, whose relative IRIs are resolved against `base`.

    Blank nodes are found by the labels that they have in `ntriples`, which is what another reader made of the text, or
    of what it says about some subjects; where the two cannot be matched term by term, they have no position.
    Raises NotTurtleError for what is not RDF 1.1 Turtle; not all of that is noticed.
    """

    def __init__(self, text: str, base: str = "", ntriples: str = "") -> None:
        self._lines = [0, *(match.end() for match in re.finditer("\n", text))]
        reader = _Reader(text, base)
        try:
            self.triples = tuple(reader.read())
        except _StuckError as error:
            raise NotTurtleError(self.place(error.offset)) from None
        except (KeyError, TypeError, StopIteration, AssertionError, IndexError, ValueError, OverflowError):
            # The order of terms and marks is not that of Turtle, or a prefix is not declared.
            raise NotTurtleError(self.place(reader.offset)) from None
        if "_:" in ntriples:
            self.triples = _labelled(self.triples, ntriples)
        self._by_subject: dict[str, list[PlacedTriple]] = {}
        self._named: dict[str, int] = {}
        for triple in self.triples:
            self._by_subject.setdefault(str(triple.subject), []).append(triple)
            for term, offset in zip(triple[:3], triple[3:], strict=True):
                self._named[str(term)] = min(offset, self._named.get(str(term), offset))

    def place(self, offset: int) -> Place:
        """Return the line and the column of an offset."""
        line = bisect_right(self._lines, offset)
        return Place(line, offset - self._lines[line - 1] + 1)

    def find(self, subject: str, predicate: str = "", value: str | Term = "") -> Place | None:
        """Return the position of the first triple of a pattern, or None when there is none.

        The value is a term, or the text of one of whatever kind. The position is that of the last term that is given:
        of the object, the predicate, or the subject.
        """
        is_term = isinstance(value, URIRef | BNode | Literal)
        # The literals 0 and "" are false.
        has_value = is_term or len(value) > 0
        offsets = [
            triple.object_at if has_value else triple.predicate_at if predicate else triple.subject_at
            for triple in self._by_subject.get(subject, ())
            if predicate in {"", str(triple.predicate)}
            and (not has_value or (triple.object if is_term else str(triple.object)) == value)
        ]
        return self.place(min(offsets)) if offsets else None

    def mention(self, term: str) -> Place | None:
        """Return where a term is first named, as whatever, or None where it is not."""
        offset = self._named.get(term)
        return None if offset is None else self.place(offset)

    def first_blank(self) -> Place:
        """Return the position of the first blank node, else the start of the text."""
        offsets = [
            offset
            for triple in self.triples
            for term, offset in ((triple.subject, triple.subject_at), (triple.object, triple.object_at))
            if isinstance(term, BNode)
        ]
        return self.place(min(offsets, default=0))


def _labelled(triples: tuple[PlacedTriple, ...], ntriples: str) -> tuple[PlacedTriple, ...]:
    """Return triples with the labels that their blank nodes have in N-Triples, if these say the same."""
    written = ((_written(triple.subject), _written(triple.predicate), _written(triple.object)) for triple in triples)
    ours, theirs = _each(written), _each((s, p, _plain(o)) for s, p, o in statements(ntriples))
    subjects = {subject for subject, _, _ in theirs if not is_blank(subject)}
    if any(not is_blank(subject) and subject not in subjects for subject, _, _ in ours):
        ours, theirs = _about(ours, subjects), _about(theirs, subjects)
    labels = matched(ours, theirs) or {}
    named: dict[Term, BNode] = {BNode(one[2:]): BNode(label[2:]) for one, label in labels.items()}
    return tuple(
        triple._replace(
            subject=triple.subject if isinstance(triple.subject, URIRef) else named.get(triple.subject, triple.subject),
            object=named.get(triple.object, triple.object),
        )
        for triple in triples
    )


def _each(triples: Iterable[Statement]) -> list[Statement]:
    return list(dict.fromkeys(triples))


def _about(triples: list[Statement], subjects: set[str]) -> list[Statement]:
    """Return the triples about some subjects and the blank nodes to which these lead."""
    by_subject: dict[str, list[Statement]] = {}
    for triple in triples:
        by_subject.setdefault(triple[0], []).append(triple)
    wanted = dict.fromkeys(subject for subject in by_subject if subject in subjects)
    rest = list(wanted)
    while rest:
        found = [value for _, _, value in by_subject.get(rest.pop(), ()) if is_blank(value) and value not in wanted]
        wanted |= dict.fromkeys(found)
        rest += found
    return [triple for subject in wanted for triple in by_subject.get(subject, ())]


def _written(term: Term) -> str:
    if isinstance(term, Literal):
        return repr((str(term), (term.language or "").lower(), str(term.datatype or "")))
    return f"_:{term}" if isinstance(term, BNode) else f"<{term}>"


def _plain(term: str) -> str:
    """Return a term of N-Triples as `_written` writes it, however its characters are escaped."""
    literal = literal_of(term)
    return term if literal is None else repr((literal.text, literal.language.lower(), literal.datatype))


@dataclass
class _Frame:
    """A statement, a `[...]` or a `(...)` that is being read: what is known of it so far."""

    opened: str
    subject: URIRef | BNode | None = None
    subject_at: int = 0
    predicate: URIRef | None = None
    predicate_at: int = 0
    head: URIRef | BNode = field(default=RDF.nil)
    """The first cell of a collection."""


class _StuckError(Exception):
    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


class _Reader:
    """Reads tokens one by one; a stack of frames takes the place of recursion."""

    def __init__(self, text: str, base: str) -> None:
        self._text = text
        self.offset = 0
        """Where the token starts that is being read."""
        self._prefixes: dict[str, str] = {}
        self._base = base
        self._blanks: dict[str, BNode] = {}
        self._stack = [_Frame("")]
        self._triples: list[PlacedTriple] = []
        self._string: tuple[str, int] | None = None

    def read(self) -> list[PlacedTriple]:
        tokens = self._tokens()
        for token in tokens:
            kind, offset = token.lastgroup or "", token.start()
            if self._string is not None and self._ends_string(token, tokens):
                continue
            if kind == "at":
                if token["at"] not in {"prefix", "base"}:
                    raise _StuckError(offset)
                self._directive(token["at"], tokens)
                next(tokens)  # the dot
            elif kind == "word" and token["word"].lower() in {"prefix", "base"}:
                self._directive(token["word"].lower(), tokens)
            elif kind == "mark":
                self._mark(token["mark"], offset)
            elif kind in {"long", "long2", "short", "short2"}:
                self._string = unescaped(token[kind]), offset
            else:
                self._term(self._simple(token), offset)
        return self._triples

    def _tokens(self) -> Iterator[re.Match[str]]:
        position = 0
        while position < len(self._text):
            self.offset = position
            token = _TOKEN.match(self._text, position)
            if token is None:
                raise _StuckError(position)
            position = token.end()
            if token.lastgroup != "space":
                yield token

    def _ends_string(self, token: re.Match[str], tokens: Iterator[re.Match[str]]) -> bool:
        """Make a literal of the string that was read last; tell whether the token is a part of that literal."""
        assert self._string is not None
        (text, offset), self._string = self._string, None
        if token.lastgroup == "at":
            self._term(Literal(text, lang=token["at"]), offset)
            return True
        if token["mark"] == "^^":
            self._term(Literal(text, datatype=self._iri(next(tokens)), normalize=False), offset)
            return True
        self._term(Literal(text), offset)
        return False

    def _directive(self, name: str, tokens: Iterator[re.Match[str]]) -> None:
        if name == "prefix":
            prefix = next(tokens)["prefix"]
            self._prefixes[prefix] = self._iri(next(tokens))
        else:
            self._base = self._iri(next(tokens))

    def _simple(self, token: re.Match[str]) -> Term:
        """Return the term of one token."""
        kind = token.lastgroup or ""
        if kind == "blank":
            return self._blanks.setdefault(token["blank"], BNode())
        if kind in _NUMBERS:
            return Literal(token[kind], datatype=_NUMBERS[kind], normalize=False)
        if kind == "word":
            if token["word"] == "a":
                return RDF.type
            if token["word"] not in _TRUTHS:
                raise _StuckError(token.start())
            return Literal(token["word"], datatype=XSD.boolean, normalize=False)
        return self._iri(token)

    def _iri(self, token: re.Match[str]) -> URIRef:
        if token["iri"] is not None:
            return URIRef(resolve(self._base, unescaped(token["iri"])))
        if token["prefix"] not in self._prefixes:
            raise _StuckError(token.start())
        return URIRef(self._prefixes[token["prefix"]] + unescaped(token["local"]))

    def _term(self, term: Term, offset: int) -> None:
        """Take a term as whatever the open frame waits for."""
        frame = self._stack[-1]
        if frame.opened == "(":
            cell = BNode()
            if frame.subject is None:
                frame.head = cell
            else:
                self._triples.append(PlacedTriple(frame.subject, RDF.rest, cell, frame.subject_at, offset, offset))
            self._triples.append(PlacedTriple(cell, RDF.first, term, offset, offset, offset))
            frame.subject, frame.subject_at = cell, offset
        elif frame.subject is None:
            assert not isinstance(term, Literal)
            frame.subject, frame.subject_at = term, offset
        elif frame.predicate is None:
            assert isinstance(term, URIRef)
            frame.predicate, frame.predicate_at = term, offset
        else:
            self._triples.append(
                PlacedTriple(frame.subject, frame.predicate, term, frame.subject_at, frame.predicate_at, offset)
            )

    def _mark(self, mark: str, offset: int) -> None:
        frame = self._stack[-1]
        match mark:
            case ".":
                self._stack[-1] = _Frame("")
            case ";":
                frame.predicate = None
            case "[":
                self._stack.append(_Frame("[", subject=BNode(), subject_at=offset))
            case "(":
                # Until the first item the place of a collection is its bracket.
                self._stack.append(_Frame("(", subject_at=offset, predicate_at=offset))
            case "]":
                self._stack.pop()
                assert frame.subject is not None
                self._term(frame.subject, frame.subject_at)
            case ")":
                self._stack.pop()
                if frame.subject is not None:
                    self._triples.append(
                        PlacedTriple(frame.subject, RDF.rest, RDF.nil, frame.subject_at, offset, offset)
                    )
                self._term(frame.head, frame.predicate_at)
