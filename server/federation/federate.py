"""Calls the peers of a query, one SERVICE after the other, and puts what they say in its place.

What is left is a query without SERVICE, which any engine can run (SPARQL 1.1 Federated Query, sections 2 to 4): each
call has become VALUES. The engine itself never reaches out. Searches of ours (`searches.py`) are answered alike.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Protocol
from uuid import uuid4

from ..errors import (
    BusyError,
    ForbiddenQueryError,
    PeerBusyError,
    PeerError,
    PeerTimeoutError,
    TimeLimitError,
    TooLargeError,
)
from ..sparql.context import Path, context, find_call
from ..sparql.dialects import dialect_of
from ..sparql.guards import READ_AT_ONCE, calls_service, guarded, may_call_service
from ..sparql.lexer import tokens
from ..sparql.portable import portable
from ..sparql.prologue import Prologue, read_prologue
from ..sparql.solutions import UNDEF, Solutions, can_be_sent, read_solutions, write_values
from ..sparql.structure import Element, Group, Select, certain, read_structure
from ..waiting import about_to_wait
from .client import Budget
from .engine_services import refuse_engine_services
from .peers import Peer, Peers
from .searches import Search, Searches, read_block, rows_of, search_named

_MOST_CALLS: Final = 10
_MOST_BINDINGS: Final = 10_000
_READING: Final = 5.0
"""Seconds that it may take to read a query over no data."""
_BATCH: Final = 200
"""Rows of bindings in one request: many endpoints refuse a query of some hundred kilobytes."""


class Local(Protocol):
    """Our own data, as a query may ask it."""

    def __call__(self, query: str, seconds: float, /, *, empty: bool = False) -> bytes:
        """Return the answer as SPARQL results in JSON; with `empty`, that over no data at all."""


@dataclass(frozen=True)
class Federated:
    """A query without SERVICE, and what its author should know of the calls: errors that SILENT passed over."""

    query: str
    notes: tuple[str, ...] = ()
    called: tuple[str, ...] = ()
    """The names of the peers that were asked; none where only searches of ours were."""


class Federation:
    """The peers, and the way to them. Threads may share it."""

    def __init__(
        self,
        peers: Peers,
        prefixes: Mapping[str, str],
        most_at_once: int,
        on_call: Callable[[str, str], None] = lambda _peer, _outcome: None,
        searches: Searches = MappingProxyType({}),
    ) -> None:
        """Take the peers, the prefixes that every query has, and how many queries may call peers at a time.

        `on_call` is called with the name of each peer that was asked, and the outcome: ok, timeout, busy or error.
        `searches` are the services that are answered here.
        """
        self.peers = peers
        self.searches = searches
        self._on_call = on_call
        self._prefixes = prefixes
        self._places = threading.BoundedSemaphore(most_at_once)

    def expand(self, query: str, local: Local, *, base: str | None, seconds: float) -> Federated:
        """Return a query with its calls answered; one that calls nobody is returned as it is.

        Raises QueryError for a malformed query, ForbiddenQueryError for a call that the policy refuses, PeerError and
        PeerTimeoutError for a peer that fails, and LimitError when the time of the query is over or too many call.
        """
        if not calls_service(query):
            return Federated(query)
        if len(query) > READ_AT_ONCE:
            raise TooLargeError(
                f"The query has {len(query):,} characters; one that calls others may have {READ_AT_ONCE:,}.",
                "call them in a query of its own.",
            )
        with self._place():
            deadline = time.monotonic() + seconds
            run = _Run(query, local, self.peers, self.searches, self._prefixes, base, deadline, self._on_call)
            run.check()
            return run.answered()

    def read(self, query: str, local: Local) -> None:
        """Raise QueryError for a malformed query; nobody is called."""
        deadline = time.monotonic() + _READING
        _Run(query, local, self.peers, self.searches, self._prefixes, None, deadline, self._on_call).check()

    @contextmanager
    def _place(self) -> Iterator[None]:
        if not self._places.acquire(blocking=False):
            raise BusyError("Too many queries wait for other endpoints.", "send the query again in a few seconds.")
        about_to_wait()
        try:
            yield
        finally:
            self._places.release()


@dataclass
class _Run:
    """One query on its way."""

    query: str
    local: Local
    peers: Peers
    searches: Searches
    prefixes: Mapping[str, str]
    base: str | None
    deadline: float
    on_call: Callable[[str, str], None]
    budgets: dict[str, Budget] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    rows: dict[str, str] = field(default_factory=dict)
    """The rows that peers sent, by the marks in their place: the text that is read anew for each call stays short."""

    def filled(self, text: str) -> str:
        """Return a text with the rows in the place of their marks."""
        for mark, rows in self.rows.items():
            text = text.replace(mark, rows)
        return text

    def check(self) -> None:
        """Raise QueryError, with the place in the text, when the query is malformed.

        Services that are parts of other engines come first: their prefixes are declared nowhere.

        The engine reads it with GRAPH in the place of SERVICE, which has the same syntax, and over no data.
        """
        refuse_engine_services(self.query, self.prefixes, can_search=bool(self.searches))
        masked: list[str] = []
        before = None
        for token in tokens(self.query):
            word = "GRAPH" if token.is_word("SERVICE") else token.text
            if token.is_word("SILENT") and before is not None and before.is_word("SERVICE"):
                word = ""
            masked.append(word.ljust(len(token.text)))
            before = before if token.kind == "space" else token
        self.local("".join(masked), self.left(), empty=True)

    def answered(self) -> Federated:
        for _ in range(_MOST_CALLS):
            prologue = read_prologue(self.query, self.prefixes, self.base)
            select = read_structure(self.query, prologue.end)
            found = find_call(select.where)
            if found is None:
                guarded(self.query, self.prefixes)
                called = tuple(budget.peer.name for budget in self.budgets.values())
                return Federated(self.filled(self.query), tuple(self.notes), called)
            call, path = found
            values = self.result(call, path, prologue, select)
            self.query = f"{self.query[: call.start]}{values}{self.query[call.end :]}"
        raise ForbiddenQueryError(
            f"The query calls other endpoints more than {_MOST_CALLS} times.", "send it in parts."
        )

    def result(self, call: Element, path: Path, prologue: Prologue, select: Select) -> str:
        """Return what replaces a call: VALUES with a mark in the place of its rows, and the filters of a search."""
        beside: tuple[str, ...] = ()
        try:
            if (search := self.search(call, prologue)) is not None:
                solutions, beside = self.found(search, call, path, prologue, select)
            else:
                solutions = self.call(call, path, prologue, select)
        except (PeerError, ForbiddenQueryError) as error:
            if not call.silent:
                raise
            # One solution that binds nothing, which joins with everything (section 2.2).
            self.notes.append(f"SERVICE SILENT ignored this: {error.message}")
            solutions = Solutions((), ((),))
        head, _, rows = write_values(solutions.variables, solutions.rows).partition("{")
        mark = f"<{uuid4().urn}>"
        self.rows[mark] = rows.removesuffix("}")
        values = f"{head}{{{mark}}}"
        return f"{{ {values} {' '.join(beside)} }}" if beside else values

    def search(self, call: Element, prologue: Prologue) -> Search | None:
        """Return the search of ours that a call names, if it does."""
        iri = prologue.iri(call.name) if call.name is not None and call.name.kind != "var" else None
        return search_named(iri, self.searches) if iri else None

    def found(
        self, search: Search, call: Element, path: Path, prologue: Prologue, select: Select
    ) -> tuple[Solutions, tuple[str, ...]]:
        """Return what a search of ours finds, and the filters of its block."""
        block = read_block(self.query, call, search, prologue)
        given = self.given(path, block.variables, prologue, select)
        solutions, notes = rows_of(block, prologue, given, self.left)
        self.notes += [note for note in notes if note not in self.notes]
        return solutions, block.beside

    def call(self, call: Element, path: Path, prologue: Prologue, select: Select) -> Solutions:
        budget = self.budget(call, prologue)
        group = call.groups[0]
        inside = self.query[group.start : group.end]
        if may_call_service(inside):
            raise ForbiddenQueryError(
                "A SERVICE is inside another, and a peer is not asked to call others.", "put them side by side."
            )
        binding = certain(group)
        given = self.given(path, binding, prologue, select)
        declared, inside = portable(inside, read_prologue(self.query, self.prefixes, None))
        answers: list[Solutions] = []
        for values in _batches(given):
            wanted = f"{declared}SELECT * WHERE {_joined(values, inside, group)} LIMIT {budget.rows + 1}"
            answers.append(self.ask(budget, wanted))
            self.note(budget.peer, call, answers[-1])
        named = binding.union(*(answer.variables for answer in answers)) & call.variables
        variables = tuple(sorted(named))
        return Solutions(variables, tuple(row for answer in answers for row in _in_order(answer, variables)))

    def given(self, path: Path, shared: frozenset[str], prologue: Prologue, select: Select) -> list[Solutions]:
        """Return what the patterns beside a call bind to variables that it shares with them."""
        found = [
            self.bindings(pattern.text, sorted(pattern.variables & shared), prologue, select)
            for pattern in context(self.query, path, shared)
        ]
        return [bound for bound in found if bound is not None]

    def note(self, peer: Peer, call: Element, answer: Solutions) -> None:
        """Take note of what was wrong with an answer and is no reason to refuse it."""
        notes = list(answer.notes)
        if strange := [name for name in answer.variables if name not in call.variables]:
            notes.append(f"?{strange[0][:40]} was not asked for and is left out")
        self.notes += [note for one in notes if (note := f"The peer {peer.name}: {one}.") not in self.notes]

    def ask(self, budget: Budget, query: str) -> Solutions:
        outcome = "error"
        try:
            answer = budget.ask(query, self.left())
            outcome = "ok"
        except PeerTimeoutError:
            outcome = "timeout"
            raise
        except PeerBusyError:
            outcome = "busy"
            raise
        finally:
            self.on_call(budget.peer.name, outcome)
        return answer

    def budget(self, call: Element, prologue: Prologue) -> Budget:
        """Return what the query may still take from the peer that a call names."""
        assert call.name is not None
        endpoint = None if call.name.kind == "var" else prologue.iri(call.name)
        if endpoint is None:
            raise ForbiddenQueryError(
                f"SERVICE {call.name.text} does not name an endpoint.", "write its IRI there, not a variable."
            )
        peer = self.peers.allowed(endpoint)
        if peer is None:
            offered = ", ".join(f"<{one.endpoint}>" for one in self.peers.enabled)
            if (dialect := dialect_of(endpoint)) is not None:
                raise ForbiddenQueryError(f"{dialect.fault(f'SERVICE {call.name.text}')}.", dialect.mend())
            raise ForbiddenQueryError(
                f"This endpoint does not call <{endpoint}>, which is not one of its peers.",
                f"call {offered}; or query that one by itself, or call this one from it."
                if offered
                else "query that one by itself, or call this one from it; this one has no peers.",
            )
        return self.budgets.setdefault(endpoint, Budget(peer, self.peers.caller))

    def bindings(self, pattern: str, names: Sequence[str], prologue: Prologue, select: Select) -> Solutions | None:
        """Return what some patterns beside a call bind to its variables; None when that would narrow nothing."""
        heads = " ".join(f"?{name}" for name in names)
        query = (
            f"{self.query[: prologue.end]}\nSELECT DISTINCT {heads} {select.dataset} WHERE {{ {pattern} }} "
            f"LIMIT {_MOST_BINDINGS + 1}"
        )
        found = read_solutions(self.local(self.filled(query), self.left()))
        bound = [
            at for at, _ in enumerate(names) if all(row[at] != UNDEF and can_be_sent(row[at]) for row in found.rows)
        ]
        if not bound or len(found.rows) > _MOST_BINDINGS:
            return None
        rows = dict.fromkeys(tuple(row[at] for at in bound) for row in found.rows)
        return Solutions(tuple(names[at] for at in bound), tuple(rows))

    def left(self) -> float:
        seconds = self.deadline - time.monotonic()
        if seconds <= 0:
            raise TimeLimitError(
                "The time of the query was over before all its calls were answered.", "call fewer peers in one query."
            )
        return seconds


def _in_order(answer: Solutions, variables: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the rows of an answer with these variables in this order: peers name them in any."""
    places = [answer.variables.index(name) if name in answer.variables else None for name in variables]
    return [tuple(UNDEF if at is None else row[at] for at in places) for row in answer.rows]


def _batches(given: list[Solutions]) -> Iterator[list[str]]:
    """Yield the VALUES blocks of each request: those of one request after another bind the same thing never twice."""
    given = sorted(given, key=lambda one: len(one.rows))
    if not given:
        yield []
        return
    if not given[0].rows:
        return
    *others, largest = given
    beside = [write_values(one.variables, one.rows) for one in others if len(one.rows) <= _BATCH]
    for start in range(0, len(largest.rows), _BATCH):
        yield [write_values(largest.variables, largest.rows[start : start + _BATCH]), *beside]


def _joined(values: list[str], inside: str, group: Group) -> str:
    """Return a group that joins bindings with the group of a call.

    Patterns without groups of their own are put beside the bindings, where simple engines look first; any others keep
    their braces, for OPTIONAL and the like would mean something else there.
    """
    bound = certain(group)
    plain = group.select is None and all(
        element.kind == "triples" or (element.kind == "filter" and not element.groups and element.variables <= bound)
        for element in group.elements
    )
    body = inside[1:-1] if plain else inside
    return "{ " + "\n".join([*values, body]) + "\n}"
