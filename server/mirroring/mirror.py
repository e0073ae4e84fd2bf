"""Brings a copy up to what its source is now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ..errors import NotFoundError, RemoteError, UnreadableError
from ..namespaces import SH
from ..store.parsing import SyntaxProblem
from ..turtle.parsing import ntriples_of
from ..turtle.statements import statements
from .copies import Copy, State
from .source import Source, Start

_GRAPHS: Final = ("ontology", "shapes")
"""The graphs of a base that are copied too; a copy has them in folders of these names."""
_PROGRAMS: Final = tuple(f"<{SH}{name}>" for name in ("select", "ask", "construct", "update"))
"""The predicates that make a node of a graph of shapes a program."""


@dataclass(frozen=True)
class Done:
    """What a run has brought."""

    changes: int
    state: State
    was_rewritten: bool = False
    """Whether the history of the source is another than before, so that the copy was made anew."""


def mirror(source: Source, folder: Path, on_progress: Callable[[int, int], None] = lambda _done, _all: None) -> Done:
    """Bring the copy in a folder up to date; `on_progress` is called with the changes that are in it, and all.

    Raises RemoteError, or NotFoundError, where the source does not answer or is not as it says; UsageError where the
    folder is no copy of it.
    """
    copy = Copy(folder)
    with copy.opened(source.address):
        state = copy.state
        start = source.start(state.tag if state else "")
        if start is None:
            assert state is not None, "only who has a tag is answered so"
            return Done(0, state)
        if state is None:
            state = copy.begin(source.address, start.node.stream, start.base)
        if state.stream != start.node.stream:
            raise RemoteError(f"{source.address} has another stream than before: {start.node.stream}.")
        rewritten = False
        try:
            state, count = _take(source, start, copy, state, on_progress)
        except _RewrittenError:
            rewritten = True
            state, count = _take(source, start, copy, copy.begin_anew(state), on_progress)
        graphs = {name: _graph(source, start, name) for name in _GRAPHS}
        return Done(count, copy.finish(state, start.tag, graphs), rewritten)


class _RewrittenError(Exception):
    """The source has another change at a place than the copy."""


def _take(
    source: Source, start: Start, copy: Copy, state: State, on_progress: Callable[[int, int], None]
) -> tuple[State, int]:
    """Take what is new, a node at a time, and return how much that was."""
    total, before, member = start.node.total, state.position, state.member
    if total < before:
        raise _RewrittenError
    for node in source.changes(start, before):
        if any(one.position == before and one.iri != member for one in node.changes):
            raise _RewrittenError
        new = [one for one in node.changes if one.position > state.position]
        places = [one.position for one in new]
        if places != list(range(state.position + 1, state.position + 1 + len(new))):
            raise RemoteError(f"{source.address} is refused: it lacks the change {state.position + 1}.")
        state = copy.take(state, new)
        on_progress(state.position, total)
    if state.position < total:
        raise RemoteError(f"{source.address} is refused: it lacks the change {state.position + 1}.")
    return state, state.position - before


def _graph(source: Source, start: Start, name: str) -> str:
    try:
        text = source.graph(start, name)
    except NotFoundError:
        return ""
    kept = without_programs(text)
    if isinstance(kept, SyntaxProblem):
        raise UnreadableError(f"The graph {name} of {start.site} is refused: {kept.sentence('Turtle')}.")
    return kept


def without_programs(text: str) -> str | SyntaxProblem:
    """Return Turtle without the nodes of it that are queries, or what keeps it from being Turtle.

    Rules are queries, and a build would run them: what strangers write is not run. They have held their data to them.
    """
    found = ntriples_of(text)
    if isinstance(found, SyntaxProblem):
        return found
    said = list(statements(found))
    programs = {subject for subject, predicate, _ in said if predicate in _PROGRAMS}
    if not programs:
        return text
    return "".join(f"{' '.join(one)} .\n" for one in said if not programs & {one[0], one[2]})
