"""Another engine underneath: a remote SPARQL 1.1 store that holds a published release, asked as the embedded one is.

What other data the store holds stays out: every query goes with a dataset of our named graphs (SPARQL 1.1 Protocol,
section 2.1.4), whose union is the default graph, and no query may name another.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, TypeVar

import pyoxigraph as ox

from ..errors import QueryError, RemoteError
from ..namespaces import DCTERMS, Namespaces
from ..outgoing.client import Answer as Sent
from ..settings import Settings
from ..sparql.guards import guarded, refuse_deep
from ..sparql.queries import joined_plainly
from ..sparql.result_terms import Term, read_term, write_term
from ..sparql.results import Document, RawTerm, read_results
from ..sparql.rewriting import bind, declare, refuse_unclear, take_dataset
from ..sparql.terms import Row, Value, value_of
from .answers import Answer
from .embedded import query_reason
from .remote import ask_endpoint, must_be_address

T = TypeVar("T")

_LOG = logging.getLogger("akb.store")

_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
MARK: Final = f"{DCTERMS}identifier"
"""The predicate of the triple that names the release in a store."""
_NOTHING: Final = "urn:x-akb:nothing"
"""A graph that is not there: a dataset without any of our graphs must not be one without limits."""


class RemoteStore:
    """The named graphs of one base in a remote store."""

    def __init__(
        self,
        endpoint: str,
        prefixes: Mapping[str, str],
        graphs: Sequence[str],
        *,
        credentials: tuple[str, str] | None = None,
        timeout: int = 60,
    ) -> None:
        """Take the address of a query endpoint; `graphs` are the IRIs of the named graphs that queries see.

        `timeout` is how many seconds a query may take. Raises UsageError when the address is none.
        """
        must_be_address(endpoint)
        self.endpoint = endpoint
        self._prefixes = dict(prefixes)
        self._graphs = tuple(graphs)
        self._credentials = credentials
        self._timeout = timeout

    def configuration(self, timeout: int) -> dict[str, Any]:
        """Return, for another process and with another limit of time, what `configured` makes this store of."""
        return {
            "endpoint": self.endpoint,
            "prefixes": self._prefixes,
            "graphs": self._graphs,
            "credentials": self._credentials,
            "timeout": timeout,
        }

    @classmethod
    def configured(cls, configuration: Mapping[str, Any]) -> RemoteStore:
        """Make a store of what `configuration` returned."""
        credentials = configuration["credentials"]
        return cls(**{**configuration, "credentials": (credentials[0], credentials[1]) if credentials else None})

    def count(self, graph: str) -> int:
        """Count the triples of a named graph, be it one that queries do not see."""
        query = f"SELECT (COUNT(*) AS ?count) WHERE {{ GRAPH {ox.NamedNode(graph)} {{ ?s ?p ?o }} }}"
        [row] = _solutions(self._ask(query, "json", [graph], [graph]))
        return int(row["count"])

    def release(self, graph: str) -> str:
        """Return the name of the release that was published last, which the named graph `graph` says; else nothing."""
        query = f"SELECT ?name WHERE {{ GRAPH {ox.NamedNode(graph)} {{ ?base {ox.NamedNode(MARK)} ?name }} }}"
        rows = _solutions(self._ask(query, "json", [graph], [graph]))
        return rows[0]["name"] if len(rows) == 1 else ""

    def select(self, query: str, bindings: Mapping[str, Value] | None = None) -> list[Row]:
        """Run a SELECT and return its rows; unbound variables are missing from a row."""
        results = self._results(bind(joined_plainly(query), bindings or {}))
        names = [variable.value for variable in results.variables]
        return [
            {name: value_of(term) for name, term in zip(names, solution, strict=True) if term is not None}
            for solution in results
        ]

    def construct(self, query: str, bindings: Mapping[str, Value] | None = None) -> str:
        """Run a CONSTRUCT and return its triples as N-Triples, sorted, without duplicates."""
        text = declare(bind(joined_plainly(query), bindings or {}), self._prefixes, None)
        triples = _triples(self._ask(text, "nt", self._graphs, self._graphs))
        return "".join(sorted({f"{triple} .\n" for triple in triples}))

    def answer(
        self,
        query: str,
        *,
        base: str | None = None,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
    ) -> Answer:
        """Run any query as a client wrote it; a dataset replaces the union, and may name graphs of ours only.

        Raises QueryError when the query is malformed, by the same words as the embedded store, or when the remote
        store does not take it; ForbiddenQueryError when it reaches out of SPARQL; RemoteError when the store fails.
        """
        query, prefixes = guarded(query, self._prefixes)
        refuse_deep(query)
        refuse_unclear(query)
        # Our own parser goes first: what it takes is a query and nothing else, no update and no pragma of an engine.
        form = _form(query, prefixes, base)
        found = take_dataset(query, prefixes, base)
        if not (default_graphs or named_graphs):
            default_graphs, named_graphs = found.default_graphs, found.named_graphs
        if default_graphs or named_graphs:
            default = [graph for graph in default_graphs if graph in self._graphs] or [_NOTHING]
            named = [graph for graph in named_graphs if graph in self._graphs] or [_NOTHING]
        else:
            default = named = list(self._graphs)
        text = declare(found.query, prefixes, base)
        if form is ox.QueryTriples:
            return Answer(_triples(self._ask(text, "nt", default, named)), self._prefixes)
        body = self._ask(text, "json", default, named)
        return Answer(_boolean(body) if form is ox.QueryBoolean else _rows(body), self._prefixes, self.select)

    def _results(self, query: str) -> ox.QuerySolutions:
        return _rows(self._ask(declare(query, self._prefixes, None), "json", self._graphs, self._graphs))

    def _ask(self, query: str, format_name: str, default: Sequence[str], named: Sequence[str]) -> Sent:
        return ask_endpoint(
            self.endpoint,
            query,
            format_name,
            self._timeout,
            default_graphs=default,
            named_graphs=named,
            credentials=self._credentials,
        )


def remote_store(settings: Settings, namespaces: Namespaces) -> RemoteStore | None:
    """Return the store that the settings name, or None when they leave it at the embedded one.

    `namespaces` are those of the base that it holds.
    """
    if not settings.store:
        return None
    return RemoteStore(settings.store, namespaces.prefixes(), namespaces.graphs, credentials=settings.credentials)


def _form(query: str, prefixes: Mapping[str, str], base: str | None) -> type:
    """Return the kind of results that a query has, by running it on nothing."""
    try:
        return type(ox.Store().query(query, base_iri=base, prefixes=dict(prefixes)))
    except (SyntaxError, ValueError) as error:
        raise QueryError(query_reason(error), "fix the query at that line and column.") from error


def _triples(answer: Sent) -> ox.QueryTriples:
    store = ox.Store()
    try:
        store.load(answer.body, format=ox.RdfFormat.N_TRIPLES)
    except (SyntaxError, ValueError) as error:
        raise RemoteError(f"The store's answer is not N-Triples: {error}") from error
    # By way of a store, numbers and booleans are written as the embedded one writes them.
    triples = store.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
    assert isinstance(triples, ox.QueryTriples)
    return triples


def _boolean(answer: Sent) -> ox.QueryBoolean:
    document = _document(answer)
    value = document.boolean
    if value is None:
        # Virtuoso 7 answers with a row that holds 1, or with none.
        value = any(_lexical(term) not in {"0", "false"} for row in document.rows for term in row.values())
    return _parsed({"head": {}, "boolean": value}, ox.QueryBoolean)


def _rows(answer: Sent) -> ox.QuerySolutions:
    document = _document(answer)
    rows = []
    for row in document.rows:
        try:
            rows.append({name: _plain(read.term) for name, raw in row.items() if (read := read_term(raw)).term})
        except ValueError as error:
            _LOG.warning("a row of the store is left out: %s", error)
    return _parsed({"head": {"vars": document.variables}, "results": {"bindings": rows}}, ox.QuerySolutions)


def _plain(term: Term) -> RawTerm:
    """Return a term as JSON has it, and booleans by their names."""
    raw = write_term(term)
    if raw.get("datatype") == f"{_XSD}boolean":
        return raw | {"value": {"1": "true", "0": "false"}.get(raw["value"], raw["value"])}
    return raw


def _lexical(raw: RawTerm) -> str:
    return str(raw.get("value")) if isinstance(raw, dict) else ""


def _solutions(answer: Sent) -> list[dict[str, str]]:
    """Return the rows of an answer, with the text of each term."""
    return [{name: _lexical(raw) for name, raw in row.items()} for row in _document(answer).rows]


def _document(answer: Sent) -> Document:
    try:
        document = read_results(answer.body, answer.headers.get_content_charset(""))
    except ValueError as error:
        raise RemoteError(
            f"The store's answer is not SPARQL results: {error}.", "check that the address is that of SPARQL queries."
        ) from error
    return replace(document, rows=tuple(row for row in document.rows if isinstance(row, dict)))


def _parsed(data: object, kind: type[T]) -> T:
    results = ox.parse_query_results(json.dumps(data).encode(), format=ox.QueryResultsFormat.JSON)
    assert isinstance(results, kind)
    return results
