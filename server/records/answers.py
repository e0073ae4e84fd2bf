"""An answer that is cited: what a query found over one state, whole, in a form that does not depend on its order."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

_BLANK_CELL: Final = re.compile(r"(?<![^\t])_:[^\t]*")
_BLANK_TERM: Final = re.compile(r"^_:\S+|(?<= )_:\S+(?= \.$)")


@dataclass(frozen=True)
class Answer:
    """The answer to a query: `kind` is `solutions`, `boolean` or `triples`."""

    kind: str
    names: tuple[str, ...]
    """The variables of a SELECT."""
    lines: tuple[str, ...]
    """Sorted: the rows of a SELECT as in TSV, the triples of a CONSTRUCT as in N-Triples, or `true` or `false`.

    Blank nodes, whose labels another evaluation may choose otherwise, are all alike.
    """

    @property
    def text(self) -> str:
        """The answer as its hash is made from it: the variables of a SELECT on a line, and the lines."""
        head = "".join(f"{name}\t" for name in self.names)[:-1]
        return "".join(f"{line}\n" for line in ([head] if self.kind == "solutions" else []) + [*self.lines])

    @property
    def hash(self) -> str:
        """SHA-256 of `text`."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True)
class Difference:
    """What differs between two answers to one query; each is sorted."""

    gone: tuple[str, ...]
    came: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.gone or self.came)


def answer_of(kind: str, text: str) -> Answer:
    """Return the answer that a text has: TSV for solutions, N-Triples for triples, `true` or `false`."""
    # Only line feeds end lines: texts have every other character.
    lines = text.split("\n")
    if not lines[-1]:
        lines.pop()
    if kind == "solutions":
        names = tuple(lines[0].split("\t")) if lines and lines[0] else ()
        return Answer(kind, names, tuple(sorted(_BLANK_CELL.sub("_:", line) for line in lines[1:])))
    if kind == "triples":
        return Answer(kind, (), tuple(sorted({_BLANK_TERM.sub("_:", line) for line in lines})))
    return Answer(kind, (), tuple(lines))


def difference(then: Answer, now: Answer) -> Difference:
    """Return what an answer has lost and gained since."""
    before, after = Counter(then.lines), Counter(now.lines)
    return Difference(tuple(sorted((before - after).elements())), tuple(sorted((after - before).elements())))
