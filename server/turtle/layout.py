"""A Turtle text as a tree that keeps how each term is written and where comments are: for writing it in another order.

The text must be RDF 1.1 Turtle (section 6.5 of the recommendation); that is not checked again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from ..errors import UsageError

_TOKEN: Final = re.compile(
    r"""
      (?P<space>[ \t\r\n]+)
    | (?P<comment>\#[^\r\n]*)
    | (?P<iri><[^<>"{}|^`\x00-\x20]*>)
    | (?P<string>\"{3}(?:[^"\\]|\\.|"(?!""))*\"{3} | '{3}(?:[^'\\]|\\.|'(?!''))*'{3}
        | "(?:[^"\\\r\n]|\\.)*" | '(?:[^'\\\r\n]|\\.)*')
    | (?P<at>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    | (?P<mark>\^\^|[;,\[\]()])
    | (?P<number>[+-]?(?:[0-9]+\.?[0-9]*[eE][+-]?[0-9]+|\.?[0-9]+[eE][+-]?[0-9]+|[0-9]*\.[0-9]+|[0-9]+))
    | (?P<word>(?:\\.|[^\s<>"'\[\](),;\#^@\\.]|\.(?=[^\s<>"'\[\](),;\#^@]))+)
    | (?P<dot>\.)
    """,
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """A piece of the text that is no space: of which kind, what, and the lines on which it begins and ends."""

    kind: str
    text: str
    line: int
    last: int
    at: int


@dataclass
class Pair:
    """A predicate with one object, and the comments that belong to it: those above it, and the one behind it."""

    verb: str
    object: Node
    above: list[str] = field(default_factory=list)
    behind: str = ""


@dataclass
class Blank:
    """A blank node without a label, and what is said of it."""

    pairs: list[Pair] = field(default_factory=list)
    opening: str = ""
    """The comment behind its bracket."""
    below: list[str] = field(default_factory=list)
    """The comments after its last pair."""


@dataclass
class Items:
    """A collection."""

    nodes: list[Node]


Node = str | Blank | Items
"""A term as it is written, or what has parts."""


@dataclass
class Directive:
    """A declaration of a prefix or of the base, as it is written, with the comments above and behind it."""

    text: str
    above: list[list[str]]
    is_near: bool
    """Whether the last group above it is right above it."""
    behind: str = ""


@dataclass
class Block:
    """What a statement says of its subject."""

    subject: Node
    pairs: list[Pair]
    above: list[str]
    below: list[str]


@dataclass
class Section:
    """Blocks under the comments that are about none of them alone: groups of lines."""

    comments: list[list[str]] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)


@dataclass
class Layout:
    """A text: its declarations, and its sections in their order."""

    directives: list[Directive]
    sections: list[Section]


def tokens_of(text: str) -> list[Token]:
    """Return the tokens of a Turtle text."""
    found = []
    position, line = 0, 1
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise _unexpected(line)
        last = line + match[0].count("\n")
        if match.lastgroup != "space":
            found.append(Token(match.lastgroup or "", match[0], line, last, position))
        position, line = match.end(), last
    return found


def layout_of(text: str) -> Layout:
    """Return a Turtle text as a tree.

    Raises UsageError where a comment is in a place where it cannot be kept, or when the text nests too deeply.
    """
    try:
        return _Parser(text).document()
    except RecursionError:
        raise UsageError("The text nests too deeply to be formatted.", "give some of its nodes names.") from None


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens = tokens_of(text)
        self._next = 0
        self._last_line = 0

    def document(self) -> Layout:
        layout = Layout([], [Section()])
        behind: Directive | Pair | None = None
        while True:
            groups = self._comments_above(behind)
            if self._next >= len(self._tokens):
                if groups:
                    layout.sections.append(Section(groups))
                return layout
            # What is right above a statement is about it; what a blank line parts from it is about what follows.
            token = self._tokens[self._next]
            is_near = bool(groups) and token.line == self._last_comment + 1
            if (directive := self._directive(groups, is_near=is_near)) is not None:
                if groups and any(section.blocks for section in layout.sections):
                    raise _misplaced(token, "above a declaration that is not at the start")
                layout.directives.append(directive)
                behind = directive
                continue
            above = groups.pop() if is_near else []
            if groups:
                layout.sections.append(Section(groups))
            block = self._statement(above)
            layout.sections[-1].blocks.append(block)
            behind = block.pairs[-1] if block.pairs and not block.below else None

    def _comments_above(self, before: Directive | Pair | None) -> list[list[str]]:
        """Take comments: one on the line of what was before goes behind it, the others are returned in groups."""
        groups: list[list[str]] = []
        self._last_comment = -1
        while (token := self._peek()) is not None and token.kind == "comment":
            self._next += 1
            if token.line == self._last_line and self._last_line:
                if before is None or before.behind:
                    raise _misplaced(token)
                before.behind = token.text
                continue
            if token.line != self._last_comment + 1 or not groups:
                groups.append([])
            groups[-1].append(token.text)
            self._last_comment = token.line
        return groups

    def _peek(self) -> Token | None:
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def _take(self) -> Token:
        token = self._peek()
        if token is None:
            raise _unexpected(self._last_line)
        if token.kind == "comment":
            raise _misplaced(token)
        self._next += 1
        self._last_line = token.last
        return token

    def _directive(self, above: list[list[str]], *, is_near: bool) -> Directive | None:
        first = self._tokens[self._next]
        name = first.text.lower()
        if not (name in {"@prefix", "@base"} or (first.kind == "word" and name in {"prefix", "base"})):
            return None
        count = (3 if "prefix" in name else 2) + (first.kind == "at")
        parts = [self._take().text for _ in range(count)]
        return Directive(" ".join(parts), above, is_near)

    def _statement(self, above: list[str]) -> Block:
        subject = self._node()
        pairs: list[Pair] = []
        below: list[str] = []
        if isinstance(subject, Blank):
            if subject.opening or subject.below:
                raise _misplaced(self._tokens[self._next - 1])
            pairs, subject.pairs = subject.pairs, []
        if (token := self._peek()) is not None and token.kind != "dot":
            more, below = self._pairs()
            pairs = [*pairs, *more]
        if self._take().kind != "dot":
            raise _unexpected(self._last_line)
        return Block(subject, pairs, above, below)

    def _pairs(self) -> tuple[list[Pair], list[str]]:
        """Read predicates and objects up to what ends them; return them, and the comments after the last of them."""
        pairs: list[Pair] = []
        while True:
            groups = self._comments_above(pairs[-1] if pairs else None)
            above = [line for group in groups for line in group]
            token = self._peek()
            if token is None:
                raise _unexpected(self._last_line)
            if token.kind == "dot" or token.text == "]":
                return pairs, above
            if token.text == ";":
                if above:
                    raise _misplaced(token)
                self._take()
                continue
            verb = self._take().text
            while True:
                pairs.append(Pair(verb, self._node(), above))
                groups = self._comments_above(pairs[-1])
                if groups and ((token := self._peek()) is None or token.text not in {"]", "."}):
                    raise _misplaced(self._tokens[self._next - 1])
                if groups:
                    return pairs, [line for group in groups for line in group]
                if (token := self._peek()) is None or token.text != ",":
                    break
                self._take()
                above = [line for group in self._comments_above(pairs[-1]) for line in group]

    def _node(self) -> Node:
        token = self._take()
        if token.text == "[":
            return self._blank()
        if token.text == "(":
            nodes: list[Node] = []
            while (following := self._peek()) is not None and following.text != ")":
                nodes.append(self._node())
            self._take()
            return Items(nodes)
        if token.kind != "string":
            return token.text
        text = token.text
        if (following := self._peek()) is not None and following.kind == "at":
            text += self._take().text
        elif following is not None and following.text == "^^":
            text += self._take().text + self._take().text
        return text

    def _blank(self) -> Blank:
        blank = Blank()
        token = self._peek()
        if token is not None and token.kind == "comment" and token.line == self._last_line:
            blank.opening = token.text
            self._next += 1
        blank.pairs, blank.below = self._pairs()
        self._take()
        return blank


def _misplaced(token: Token, where: str = "in a place where formatting cannot keep it") -> UsageError:
    return UsageError(
        f"The comment at line {token.line} is {where}.",
        "put it on a line of its own, above what it is about.",
    )


def _unexpected(line: int) -> UsageError:
    return UsageError(f"Line {line} is not as formatting expects Turtle to be.", "report this with the file.")
