"""Blocks: what a file says about one subject, in terms that are written as in N-Triples."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from ...namespaces import AKB, Namespaces
from ...store.parsing import SyntaxProblem
from ...turtle.parsing import ntriples_of
from ...turtle.source_files import text_of
from ...turtle.statements import Statement, statements

_STATUS: Final = f"<{AKB}status>"


@dataclass(frozen=True)
class Block:
    """What one file says about one subject, as N-Triples."""

    file: str
    subject: str
    text: str

    @cached_property
    def statements(self) -> list[Statement]:
        """The statements, whose terms are written as in N-Triples."""
        return list(statements(self.text))


def read_statements(content: bytes) -> list[Statement] | None:
    """Return the statements of a Turtle file, or None when it cannot be read."""
    try:
        text = text_of(content)
    except UnicodeDecodeError:
        return None
    read = ntriples_of(text)
    return None if isinstance(read, SyntaxProblem) else list(statements(read))


def by_subject(statements: Iterable[Statement]) -> dict[str, list[Statement]]:
    """Group statements by the IRI of their subject; what a file says of blank nodes goes with each of its subjects."""
    groups: dict[str, list[Statement]] = defaultdict(list)
    nameless: list[Statement] = []
    for statement in statements:
        subject = statement[0]
        if subject.startswith("<"):
            groups[subject[1:-1]].append(statement)
        else:
            nameless.append(statement)
    if nameless:
        for group in groups.values() or [groups[nameless[0][0]]]:
            group.extend(nameless)
    return groups


def is_entity(subject: str, said: Iterable[Statement], namespaces: Namespaces) -> bool:
    """Tell whether a subject is an entity: it has a status, and is no edge."""
    return not subject.startswith(namespaces.edge) and any(predicate == _STATUS for _, predicate, _ in said)


def tagged_in(statements: Iterable[Statement]) -> set[str]:
    """Return the properties some value of which carries a language."""
    return {predicate[1:-1] for _, predicate, value in statements if value[0] == '"' and value[-1] not in '">'}
