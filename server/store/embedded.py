"""The embedded store: pyoxigraph behind the few verbs that the rest of the engine needs.

Facts that callers rely on: queries see the union of the named graphs as the default graph; a published
release is immutable and opened read-only; the GIL is released while a query runs.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import IO, Final

import pyoxigraph as ox

from ..errors import QueryError, UnreadableError
from ..namespaces import NOWHERE, REPEATED, XSD
from ..serialization import N_TRIPLES, QUAD_FORMATS, Format
from ..sparql.guards import guarded, has_dataset_clause, refuse_deep
from ..sparql.terms import Row, Value, term_of, value_of
from .answers import Answer
from .parsing import SyntaxProblem
from .pieces import Pieces
from .writing import write_triples

OVER_ALL_GRAPHS: Final = "\n# Over all graphs.\n"
"""The line of a question of ours that is about the data themselves, whatever pages see of them."""
_USUAL_DATATYPES: Final = tuple(
    ox.NamedNode(f"{XSD}{name}")
    for name in ("anyURI", "gYear", "gYearMonth", "date", "dateTime", "integer", "decimal", "double", "boolean")
)
_Names = list[ox.NamedNode | ox.BlankNode]
_TOO_LARGE: Final = 3
"""The exit code of a process that was to read a store into memory, and found more triples than allowed."""
_AT_ONCE: Final = 500
"""Quads with blank nodes that are copied into memory at once, which takes some milliseconds."""
_PIECE: Final = 1 << 20
"""Bytes of N-Quads that are looked through for blank nodes at once, which takes a millisecond."""


class Store:
    """A set of named graphs that can be queried."""

    def __init__(self, engine: ox.Store, prefixes: Mapping[str, str], folder: Path | None = None) -> None:
        """Take an engine, and the folder in which it writes, if there is one."""
        self._engine = engine
        self._folder = folder
        self.view: tuple[str, ...] = ()
        """The IRIs of the named graphs whose union our own questions see in place of that of all; empty for all."""
        self._prefixes = dict(prefixes)
        self._marks = tuple((f"{name}:", name, iri) for name, iri in prefixes.items())
        self._hidden = ox.NamedNode(f"{prefixes.get('graph', NOWHERE)}{REPEATED}")

    @classmethod
    def in_memory(cls, prefixes: Mapping[str, str]) -> Store:
        """Make an empty store that lives as long as the process."""
        return cls(ox.Store(), prefixes)

    @classmethod
    def create(cls, folder: Path, prefixes: Mapping[str, str]) -> Store:
        """Make an empty store in `folder`, to be filled by one writer."""
        return cls(ox.Store(str(folder)), prefixes, folder)

    @classmethod
    def copy(cls, source: Path, folder: Path, prefixes: Mapping[str, str]) -> Store:
        """Make a store in `folder` that holds what a published one holds and shares its files, for one writer."""
        ox.Store.read_only(str(source)).backup(str(folder))
        return cls(ox.Store(str(folder)), prefixes, folder)

    @classmethod
    def open(cls, folder: Path, prefixes: Mapping[str, str], memory_triples: int) -> Store:
        """Open a published store for reading; one of at most `memory_triples` triples is copied into memory.

        In memory a query is 2 to 10 times as fast, at about 0.45 KB a triple.
        Raises UnreadableError when the folder holds no store.
        """
        try:
            disk = ox.Store.read_only(str(folder))
        except OSError as error:
            raise UnreadableError(f"{folder} is not a readable store: {error}", "run `akb build`.") from error
        if len(disk) > memory_triples:
            return cls(disk, prefixes)
        return cls(_copied(disk), prefixes)

    @classmethod
    def read_apart(cls, folder: Path, prefixes: Mapping[str, str], memory_triples: int) -> Store | None:
        """Read a published store into memory and leave no thread of the engine behind, so that this process may fork.

        A store on disk has threads, so another process reads it, and hands it over as N-Quads. Returns None when it has
        more than `memory_triples` triples. This process must not have any other thread. Raises UnreadableError when the
        folder holds no store.
        """
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                os.close(reading)
                disk = ox.Store.read_only(str(folder))
                code = _TOO_LARGE if len(disk) > memory_triples else 0
                if code == 0:
                    with open(writing, "wb") as output:  # noqa: PTH123 - it has no path
                        ox.serialize(disk, output, format=ox.RdfFormat.N_QUADS)
            finally:
                os._exit(code)
        os.close(writing)
        memory = ox.Store()
        with open(reading, "rb") as text:  # noqa: PTH123 - it has no path
            memory.bulk_load(text, format=ox.RdfFormat.N_QUADS)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        if code not in {0, _TOO_LARGE}:
            raise UnreadableError(f"{folder} is not a readable store.", "run `akb build`.")
        return None if code == _TOO_LARGE else cls(memory, prefixes)

    def __len__(self) -> int:
        return len(self._engine)

    def load(self, text: str, graph: str, base: str = "") -> None:
        """Add Turtle (or N-Triples, which is a part of it) to a named graph; it must be valid."""
        self._engine.load(
            text.encode(), format=ox.RdfFormat.TURTLE, base_iri=base or None, to_graph=ox.NamedNode(graph)
        )

    def load_ntriples(self, texts: str | Iterable[str], graph: str) -> None:
        """Add N-Triples to a named graph in bulk, which for much of it is the quickest way; they must be valid.

        They may be in pieces, of which no more than one is held at a time. Blank nodes keep their labels, which are
        those of the base: what a query says of one can then be found there.
        """
        with_blanks: list[str] = []
        target = ox.NamedNode(graph)
        pieces = Pieces(_without_blanks((texts,) if isinstance(texts, str) else texts, with_blanks))
        self._engine.bulk_load(io.BufferedReader(pieces), format=ox.RdfFormat.N_TRIPLES, to_graph=target)
        # In bulk blank nodes would get new labels.
        triples = ox.parse("".join(with_blanks).encode(), format=ox.RdfFormat.N_TRIPLES)
        self._engine.bulk_extend(_within(quad, target) for quad in triples)

    def load_rest(self, text: str, graph: str, beside: Sequence[str]) -> None:
        """Add what valid Turtle says and no graph of `beside` does: the union would count a triple twice."""
        others = [ox.NamedNode(name) for name in beside]
        target = ox.NamedNode(graph)
        self._engine.extend(
            _within(quad, target)
            for quad in ox.parse(text.encode(), format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
            if not any(_within(quad, other) in self._engine for other in others)
        )

    def new_and_known(self, text: str, beside: Sequence[str]) -> tuple[str, str]:
        """Return the N-Triples of a text that no graph of `beside` holds, and those that one of them does."""
        others = [ox.NamedNode(name) for name in beside]
        parts: tuple[list[str], list[str]] = [], []
        lines = list(dict.fromkeys(filter(None, text.split("\n"))))
        quads = ox.parse("\n".join(lines).encode(), format=ox.RdfFormat.N_TRIPLES)
        for line, quad in zip(lines, quads, strict=True):
            parts[any(_within(quad, other) in self._engine for other in others)].append(f"{line}\n")
        return "".join(parts[0]), "".join(parts[1])

    def change(self, graph: str, removed: str, added: str) -> None:
        """Take the triples of one text of N-Triples out of a named graph, and then put those of another into it."""
        target = ox.NamedNode(graph)

        def quads(text: str) -> Iterator[ox.Quad]:
            triples = ox.parse(text.encode(), format=ox.RdfFormat.N_TRIPLES)
            return (_within(quad, target) for quad in triples)

        for quad in quads(removed):
            self._engine.remove(quad)
        self._engine.extend(quads(added))

    def clear(self, graph: str) -> None:
        """Take everything out of a named graph."""
        self._engine.clear_graph(ox.NamedNode(graph))

    def ntriples(self, graph: str) -> str:
        """Return a named graph as N-Triples, in any order."""
        written = ox.serialize(
            (quad.triple for quad in self._engine.quads_for_pattern(None, None, None, ox.NamedNode(graph))),
            format=ox.RdfFormat.N_TRIPLES,
        )
        assert written is not None
        return written.decode()

    def said_of(self, subjects: Iterable[str], graph: str) -> str:
        """Return what a named graph says of some IRIs, as N-Triples, in any order."""
        target = ox.NamedNode(graph)
        quads = (self._engine.quads_for_pattern(ox.NamedNode(one), None, None, target) for one in subjects)
        return "".join(f"{quad.triple} .\n" for quad in chain.from_iterable(quads))

    def compact(self) -> None:
        """Merge what was loaded into few files, in which queries find it sooner."""
        self._engine.optimize()

    def finish(self, *, compact: bool = True) -> None:
        """Flush what was loaded, so that it can be opened for reading; `compact` it where most of it is new.

        From then on it is only read: an engine that may write merges and removes files whenever it likes, also while
        somebody takes their checksums.
        """
        if compact:
            self.compact()
        self._engine.flush()
        if self._folder is not None:
            # Nothing else has the engine, which ends its work and closes its files.
            del self._engine
            self._engine = ox.Store.read_only(str(self._folder))

    def count(self, graph: str) -> int:
        """Count the triples of a named graph."""
        [row] = self.select(f"SELECT (COUNT(*) AS ?count) {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")
        return int(row["count"])

    def statements(self, graph: str) -> Iterator[tuple[str, bool]]:
        """Yield the triples of a named graph as lines of N-Triples, each with whether it has a blank node.

        A release that is opened from disk yields them in the same order every time.
        """
        for quad in self._engine.quads_for_pattern(None, None, None, ox.NamedNode(graph)):
            blank = isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode)
            yield f"{quad.triple} .\n", blank

    def same_text(self, literal: str, languages: Iterable[str]) -> tuple[str, ...]:
        """Return the literals here that have the text of another one, and some language or a usual datatype.

        Both as SPARQL writes them. There are none when the store has that one itself.
        """
        try:
            [quad] = ox.parse(f"<x:s> <x:p> {literal} .".encode(), format=ox.RdfFormat.TURTLE)
        except (SyntaxError, ValueError):
            return ()
        given = quad.object
        if not isinstance(given, ox.Literal) or self._has_object(given):
            return ()
        others = [ox.Literal(given.value)]
        others += [ox.Literal(given.value, language=tag) for tag in languages]
        others += [ox.Literal(given.value, datatype=datatype) for datatype in _USUAL_DATATYPES]
        return tuple(str(one) for one in others if self._has_object(one))

    def _has_object(self, term: ox.Literal) -> bool:
        # The engine looks for the value, which other texts have as well.
        found = next(iter(self._engine.quads_for_pattern(None, None, term)), None)
        return found is not None and found.object == term

    def graphs(self) -> tuple[str, ...]:
        """Return the IRIs of the named graphs, sorted."""
        return tuple(sorted(graph.value for graph in self._engine.named_graphs() if isinstance(graph, ox.NamedNode)))

    def write_graph(self, graph: str | None, chosen: Format, output: IO[bytes]) -> None:
        """Write a named graph, or with None all of them together, to `output` in a format of `triples_formats()`.

        It is written triple by triple and never held whole; in formats that can name graphs, each triple in its own. A
        graph that is not there is written as an empty one.
        """
        wanted = ox.NamedNode(graph) if graph is not None else None
        if wanted and chosen is N_TRIPLES:
            self._engine.dump(output, ox.RdfFormat.N_TRIPLES, from_graph=wanted)
            return
        quads = self._engine.quads_for_pattern(None, None, None, wanted)
        statements = quads if chosen in QUAD_FORMATS else (quad.triple for quad in quads)
        write_triples(statements, output, chosen, self._prefixes)

    def select(self, query: str, bindings: Mapping[str, Value] | None = None) -> list[Row]:
        """Run a SELECT and return its rows; unbound variables are missing from a row.

        A bound variable must be in the query's projection.
        """
        return list(self.rows(query, bindings))

    def rows(self, query: str, bindings: Mapping[str, Value] | None = None) -> Iterator[Row]:
        """Run a SELECT as `select` does, and yield its rows as the engine finds them: none is held."""
        results = self._run(query, bindings)
        if not isinstance(results, ox.QuerySolutions):
            raise QueryError("The query is not a SELECT.", "write SELECT, or use the call for its form.")
        names = [variable.value for variable in results.variables]
        for solution in results:
            yield {name: value_of(term) for name, term in zip(names, solution, strict=True) if term is not None}

    def construct(self, query: str, bindings: Mapping[str, Value] | None = None) -> str:
        """Run a CONSTRUCT and return its triples as N-Triples, sorted, without duplicates."""
        results = self._run(query, bindings)
        if not isinstance(results, ox.QueryTriples):
            raise QueryError("The query is not a CONSTRUCT.", "write CONSTRUCT, or use the call for its form.")
        return "".join(sorted({f"{triple} .\n" for triple in results}))

    def answer(
        self,
        query: str,
        *,
        base: str | None = None,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
    ) -> Answer:
        """Run any query as a client wrote it, over the union of all graphs.

        A dataset of the protocol comes before one that the query names with FROM, and either replaces the union
        (SPARQL 1.1 Protocol, section 2.1.4).

        Raises QueryError, with the engine's own words, when the query is malformed, and ForbiddenQueryError when
        it calls another endpoint.
        """
        # To declare every prefix takes the engine half as long as a small query.
        query, prefixes = guarded(query, {name: iri for mark, name, iri in self._marks if mark in query})
        refuse_deep(query)
        dataset = bool(default_graphs or named_graphs)
        is_whole = not dataset and not has_dataset_clause(query)
        visible = self._visible() if is_whole else []
        try:
            results = self._engine.query(
                query,
                base_iri=base,
                prefixes=dict(prefixes),
                # With the option for the union, the engine would ignore FROM.
                use_default_graph_as_union=is_whole and not visible,
                default_graph=[ox.NamedNode(iri) for iri in default_graphs] if dataset else [*visible] or None,
                named_graphs=[ox.NamedNode(iri) for iri in named_graphs] if dataset else visible or None,
            )
        except (SyntaxError, ValueError) as error:
            raise QueryError(query_reason(error), "fix the query at that line and column.") from error
        return Answer(results, self._prefixes, self.select)

    def _visible(self) -> _Names:
        """Return the graphs whose union is what the release says, where that is not all of them; else none."""
        if not self._engine.contains_named_graph(self._hidden):
            return []
        return [graph for graph in self._engine.named_graphs() if graph != self._hidden]

    def _run(
        self, query: str, bindings: Mapping[str, Value] | None
    ) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        substitutions: dict[ox.Variable, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple] = {
            ox.Variable(name): term_of(value) for name, value in (bindings or {}).items()
        }
        query, prefixes = guarded(query, self._prefixes)
        own: _Names = [ox.NamedNode(iri) for iri in self.view]
        view = self._visible() if OVER_ALL_GRAPHS in query else own
        return self._engine.query(
            query,
            prefixes=dict(prefixes),
            use_default_graph_as_union=not view,
            default_graph=[*view] or None,
            substitutions=substitutions,
        )


def _without_blanks(texts: Iterable[str], with_blanks: list[str]) -> Iterator[str]:
    """Yield N-Triples or N-Quads without the lines that may have a blank node, and add those to a list."""
    for text in texts:
        if "_:" not in text:
            yield text
            continue
        lines = text.split("\n")
        with_blanks.extend(f"{line}\n" for line in lines if "_:" in line)
        yield "\n".join(line for line in lines if "_:" not in line)


def _copied(disk: ox.Store) -> ox.Store:
    """Return a store in memory that holds what another one does, with the same labels of blank nodes.

    It goes by way of N-Quads, which the engine writes and reads without the lock of the interpreter, so that all other
    threads run meanwhile; to copy quad by quad takes longer, and holds that lock.
    """
    memory = ox.Store()
    written = disk.dump(format=ox.RdfFormat.N_QUADS)
    assert written is not None
    with_blanks: list[str] = []

    def texts() -> Iterator[str]:
        start = 0
        while start < len(written):
            end = written.find(b"\n", start + _PIECE) + 1 or len(written)
            yield written[start:end].decode()
            start = end

    pieces = Pieces(_without_blanks(texts(), with_blanks))
    memory.bulk_load(io.BufferedReader(pieces), format=ox.RdfFormat.N_QUADS)
    # In bulk blank nodes would get new labels.
    quads = ox.parse("".join(with_blanks).encode(), format=ox.RdfFormat.N_QUADS)
    while some := list(islice(quads, _AT_ONCE)):
        memory.bulk_extend(some)
    return memory


def _within(quad: ox.Quad, graph: ox.NamedNode) -> ox.Quad:
    return ox.Quad(quad.subject, quad.predicate, quad.object, graph)


def query_problem(query: str, prefixes: Mapping[str, str], *, of_any_form: bool = False) -> SyntaxProblem | None:
    """Return what keeps a text from being a SELECT (SPARQL 1.1 Query, section 19), or None when it is one.

    With `of_any_form` it may be an ASK, CONSTRUCT or DESCRIBE as well.
    """
    try:
        results = ox.Store().query(query, prefixes=dict(prefixes))
    except (SyntaxError, ValueError) as error:
        place = re.match(r"error at (\d+):(\d+): ", str(error))
        line, column = (int(place[1]), int(place[2])) if place else (1, 1)
        return SyntaxProblem(line, column, _query_words(str(error)[place.end() if place else 0 :]))
    if not of_any_form and not isinstance(results, ox.QuerySolutions):
        return SyntaxProblem(1, 1, "it is not a SELECT")
    return None


def _query_words(complaint: str) -> str:
    """Return the engine's complaint in words, instead of its list of everything expected there."""
    for words in ("Prefix not found", "The SELECT contains a variable that is unbound"):
        if words in complaint:
            return words[0].lower() + words[1:]
    return "this is not SPARQL"


def query_reason(error: Exception) -> str:
    """Return the engine's complaint about a query, without its list of every character expected there."""
    message = str(error)
    place, found, _ = message.partition(": expected one of Prefix not found")
    return f"{place}: the prefix is not declared" if found else message
