"""The triple patterns of a block, one by one (SPARQL 1.1 Query, section 19.8, rules 75 to 95).

`;` and `,` are resolved. What has nodes within it (`[ ... ]`, collections, triple terms) is not taken apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from .lexer import Token, tokens
from .prologue import Prologue
from .terms import literal_text

_TERMS: Final = frozenset({"iri", "pname", "var", "bnode", "number", "string"})
_BOOLEANS: Final = ("TRUE", "FALSE")


@dataclass(frozen=True)
class Part:
    """The subject, predicate or object of a pattern: its tokens; a predicate that is a path has several."""

    cut: tuple[Token, ...]

    @property
    def text(self) -> str:
        """How the query writes it."""
        first = self.cut[0].start
        out = ""
        for token in self.cut:
            out = out.ljust(token.start - first) + token.text
        return out

    @property
    def start(self) -> int:
        """Where it starts in the query."""
        return self.cut[0].start

    @property
    def end(self) -> int:
        """Where it ends in the query."""
        return self.cut[-1].end

    @property
    def variable(self) -> str:
        """The name of the variable that it is; empty where it is none."""
        return self.cut[0].text[1:] if len(self.cut) == 1 and self.cut[0].kind == "var" else ""

    @property
    def is_literal(self) -> bool:
        """Whether it is a literal."""
        return self.cut[0].kind in {"string", "number"} or self.cut[0].is_word(*_BOOLEANS) or self.cut[0].text in "+-"

    def iri(self, prologue: Prologue) -> str:
        """Return the IRI that it is; empty where it is none."""
        if len(self.cut) != 1:
            return ""
        if self.cut[0].text == "a" and self.cut[0].kind == "word":
            return "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
        return prologue.iri(self.cut[0]) or "" if self.cut[0].kind in {"iri", "pname"} else ""

    def literal(self, prologue: Prologue) -> str:
        """Return the literal that it is, as N-Triples writes it; empty where it is none."""
        if not self.is_literal:
            return ""
        last = self.cut[-1]
        if last.kind in {"pname", "iri"}:
            return literal_text(f"{self.cut[0].text}^^<{prologue.iri(last) or ''}>")
        return literal_text(self.text)


@dataclass(frozen=True)
class Triple:
    """One triple pattern."""

    subject: Part
    predicate: Part
    object: Part

    @property
    def text(self) -> str:
        """How a query writes it alone."""
        return f"{self.subject.text} {self.predicate.text} {self.object.text}"

    @property
    def variables(self) -> frozenset[str]:
        """The names of its variables."""
        parts = (self.subject, self.predicate, self.object)
        return frozenset(token.text[1:] for part in parts for token in part.cut if token.kind == "var")


def read_triples(text: str, start: int, end: int) -> list[Triple] | None:
    """Return the patterns between two offsets of a query; None where they cannot be taken apart."""
    cut = [token for token in tokens(text) if token.kind != "space" and start <= token.start < end]
    try:
        return _Reader(cut).triples()
    except ValueError:
        return None


class _Reader:
    def __init__(self, cut: Sequence[Token]) -> None:
        self.cut = cut
        self.at = 0

    def triples(self) -> list[Triple]:
        found: list[Triple] = []
        while self.at < len(self.cut):
            subject = self.term()
            while True:
                predicate = self.predicate()
                found.append(Triple(subject, predicate, self.term()))
                while self.is_mark(","):
                    self.at += 1
                    found.append(Triple(subject, predicate, self.term()))
                if not self.is_mark(";"):
                    break
                while self.is_mark(";"):
                    self.at += 1
                if self.at >= len(self.cut) or self.is_mark("."):
                    break
            if self.at < len(self.cut) and not self.is_mark("."):
                raise ValueError(self.cut[self.at].text)
            self.at += 1
        return found

    def term(self) -> Part:
        first = self.at
        if self.is_mark("+") or self.is_mark("-"):
            self.at += 1
        token = self.token()
        if token.kind not in _TERMS and not token.is_word(*_BOOLEANS):
            raise ValueError(token.text)
        self.at += 1
        if token.kind == "string" and self.at < len(self.cut):
            if self.cut[self.at].kind == "langtag":
                self.at += 1
            elif self.is_mark("^"):
                self.at += 3
        return Part(tuple(self.cut[first : self.at]))

    def predicate(self) -> Part:
        first = self.at
        if self.token().kind == "var":
            self.at += 1
        else:
            self.path()
        return Part(tuple(self.cut[first : self.at]))

    def path(self) -> None:
        """Go past a property path (section 9.1)."""
        self.step()
        while self.is_mark("/") or self.is_mark("|"):
            self.at += 1
            self.step()

    def step(self) -> None:
        while self.is_mark("^") or self.is_mark("!"):
            self.at += 1
        token = self.token()
        if token.is_mark("("):
            self.at += 1
            self.path()
            if not self.is_mark(")"):
                raise ValueError(self.token().text)
        elif token.kind not in {"iri", "pname"} and token.text != "a":
            raise ValueError(token.text)
        self.at += 1
        while self.at < len(self.cut) and any(map(self.is_mark, "?*+")):
            self.at += 1

    def token(self) -> Token:
        if self.at >= len(self.cut):
            raise ValueError("the end")
        return self.cut[self.at]

    def is_mark(self, mark: str) -> bool:
        return self.at < len(self.cut) and self.cut[self.at].is_mark(mark)
