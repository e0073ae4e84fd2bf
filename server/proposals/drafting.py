"""A base as a proposal leaves it: the files that it speaks of, what is in them, and what is wrong with its parts."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from rdflib import RDF, Graph, Literal, URIRef
from rdflib.term import Node

from ..errors import AkbError, UnreadableError
from ..guessing import guess
from ..importers.cells import CellReader, cell_readers
from ..namespaces import REVIEW
from ..records.findings import Finding
from ..records.terms import PropertyTerm
from ..schema.schema import Schema
from ..texts.passages import Passages
from ..turtle.edges import VOCAB, statuses_of_new_edges
from ..turtle.writer import canonical, first_comment
from ..validation.changes.trying import Trial
from .quotes import quote_findings
from .reading import unknown_fields
from .records import Evidence, Part, Proposal

NOT_IN_BASE: Final = "not-in-base"
UNKNOWN: Final = "unknown-name"
VALUE: Final = "value"
MISSING: Final = "missing-field"
ENDS: Final = "wrong-ends"
EXISTS: Final = "exists-already"
STALE: Final = "not-as-it-was"
COMMENT: Final = "comment-in-file"

NOT_FOR_CALLERS: Final = frozenset({VOCAB.agentType, VOCAB.reviewer})
"""What the engine says of an edge: whoever sends it cannot say that a person did."""
LONGEST_QUOTE: Final = 300
"""Characters of a quote that goes into the base; of a longer one only the place does (docs/curation.md)."""


class WrongPart(Exception):  # noqa: N818 - no error of the program
    """A part cannot be used; what is wrong is among the findings."""


@dataclass
class Applied:
    """What became of the parts."""

    after: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    parts: dict[str, int] = field(default_factory=dict)
    """The numbers of the parts by the IRIs of the entities and edges that they are about."""
    new: dict[str, int] = field(default_factory=dict)
    """Likewise of the new entities alone."""
    types: dict[str, str] = field(default_factory=dict)
    """The IRIs of the classes of the new entities."""


def verbatim_fields(schema: Schema) -> frozenset[str]:
    """Return the names of the fields with words of others: the quote of a part, and the texts of quotations."""
    return frozenset({"quote", *(term.key for term in schema.quoted_texts)})


def quoted_property(schema: Schema) -> PropertyTerm | None:
    """Return the property with which an edge has the words of its source, if the base has one."""
    verbatim = verbatim_fields(schema)
    return next((term for term in schema.edge_facts.values() if term.key in verbatim), None)


class Draft:
    """What the parts of a proposal have made of the base so far."""

    def __init__(self, trial: Trial, proposal: Proposal) -> None:
        self.applied = Applied()
        self._trial = trial
        self._proposal = proposal
        self._schema = trial.schema
        self._namespaces = trial.empty.namespaces
        self._of_entities, self._of_edges = cell_readers(trial.schema)
        self._verbatim = verbatim_fields(trial.schema)
        self._quoted = quoted_property(trial.schema)
        self._graphs: dict[str, Graph] = {}
        self._found: dict[str, str] = {}
        """The paths of the files of entities and edges, by IRI; those of new entities too."""
        self._types: dict[str, str] = {}

    def _fault(self, part: Part, rule: str, message: str, mend: str, focus: str = "") -> WrongPart:
        self.applied.findings.append(part.fault(rule, message, mend, focus))
        return WrongPart()

    def _iri(self, part: Part, name: str) -> str:
        """Return the IRI that a field names, as a CURIE or whole."""
        text = part.get(name)
        if not text:
            raise self._fault(part, MISSING, f"The part has no {name}.", f"give {name}: the id of an entity.")
        if text.startswith(self._namespaces.base):
            return text
        try:
            return self._namespaces.expand(text)
        except KeyError:
            raise self._fault(
                part, UNKNOWN, f"{text!r:.80} is not an id.", "write it as class:name, such as search shows it."
            ) from None

    def _known(self, part: Part, name: str) -> str:
        """Return the IRI of an entity or edge of the base, or of the proposal, that a field names."""
        iri = self._iri(part, name)
        if self._home(iri) is None:
            text = part.get(name)
            mend = f"{self._guess(iri)}look for it by its name; what is new comes as a part of this proposal."
            raise self._fault(part, NOT_IN_BASE, f"{text!r:.80} is not in the base.", mend)
        return iri

    def _guess(self, iri: str) -> str:
        compact = self._namespaces.compact
        return guess(compact(iri), (compact(one) for one in self._trial.index.entities()), 80)

    def _home(self, iri: str) -> str | None:
        """Return the path of the file of an entity or edge."""
        if iri not in self._found:
            paths = [path for path in self._trial.paths_about([iri]) if not path.startswith(f"kb/{REVIEW}/")]
            for path in sorted(paths):
                kind = self._graph(path).value(URIRef(iri), RDF.type)
                if kind is not None:
                    self._found[iri], self._types[iri] = path, str(kind)
                    break
        return self._found.get(iri)

    def _graph(self, path: str) -> Graph:
        """Return the graph of a file as it becomes."""
        if path not in self._graphs:
            self._graphs[path] = graph = Graph(bind_namespaces="none")
            for file in self._trial.read([path]).files:
                graph += file.graph
        return self._graphs[path]

    def _graph_of(self, iri: URIRef) -> Graph:
        """Return a graph that has what is said of an entity or edge of the base, or of the proposal."""
        path = self._home(str(iri))
        return self._graph(path) if path else Graph()

    def _status(self, part: Part) -> Node:
        """Return the code of the status of what is new: in use, unless the part says otherwise."""
        statuses = statuses_of_new_edges(self._trial.empty.ontology)
        wanted = part.get("status") or list(statuses)[min(1, len(statuses) - 1)]
        if wanted not in statuses:
            message = f"What is new cannot have the status {wanted!r:.40}."
            raise self._fault(part, VALUE, message, f"give one of {', '.join(statuses)}.")
        return statuses[wanted]

    def _put(self, part: Part, reader: CellReader, graph: Graph, node: URIRef, skipped: frozenset[str]) -> None:
        """Put what the fields of a part say of a node into a graph."""
        for name, values in part.fields.items():
            property_ = reader.property_of(name)
            if property_ is None or name in skipped:
                continue
            if len(values) > 1 and not reader.is_many(name):
                raise self._fault(part, VALUE, f"{name} has {len(values)} values.", "give one.")
            for value in values:
                term = self._term(part, reader, name, value)
                graph.add((node, reader.property_for(name, term), term))

    def _term(self, part: Part, reader: CellReader, name: str, value: str) -> Literal | URIRef:
        try:
            return reader.term(name, value)
        except AkbError as error:
            raise self._fault(part, VALUE, f"{name}: {error.message}", error.mend) from error

    def _fields(self, reader: CellReader, *others: str) -> tuple[str, ...]:
        names = (name for name in reader.columns if reader.property_of(name))
        return tuple(dict.fromkeys((*others, *(n for n in names if reader.property_of(n) not in NOT_FOR_CALLERS))))

    def _must_have_fields(self, part: Part, known: tuple[str, ...]) -> None:
        if wrong := unknown_fields(part, known):
            self.applied.findings += wrong
            raise WrongPart

    def _quotes(self, part: Part, quotes: Iterable[str], source: str) -> None:
        stored = self._stored(source)
        for quote in quotes:
            for one in quote_findings(part, quote, source, stored):
                if isinstance(one, Finding):
                    self.applied.findings.append(one)
                else:
                    self.applied.evidence.append(one)

    def _stored(self, source: str) -> Passages | None:
        """Return the text of a source, if it is here and can be read."""
        with suppress(UnreadableError):
            return self._trial.shelf.passages(self._namespaces.compact(source)) if source else None
        return None

    def _write(self) -> None:
        """Write the files whose graphs have changed."""
        base = self._trial.read(self._graphs)
        known = {file.path: file for file in base.files}
        for path, graph in sorted(self._graphs.items()):
            file = known.get(path)
            if file is not None and set(graph) == set(file.graph):
                continue
            if file is not None and (line := first_comment(file.text)):
                number = next(iter(self.applied.parts.values()), 1)
                part = next(one for one in self._proposal.parts if one.number == number)
                self.applied.findings.append(
                    part.fault(
                        COMMENT, f"{path}:{line} has a comment, which would be lost.", "delete the comment first."
                    )
                )
                continue
            self.applied.after[path] = canonical(graph, self._namespaces)
