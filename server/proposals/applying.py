"""Turns the parts of a proposal into new texts of files, or says what is wrong with a part."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

from rdflib import DCTERMS, PROV, RDF, XSD, Graph, Literal, URIRef

from ..errors import AkbError, NotFoundError
from ..guessing import guess
from ..namespaces import SCHEMA, SLUG
from ..review.merging import merged_files
from ..turtle.authoring import slug_of
from ..turtle.base import with_changes
from ..turtle.edges import CODES, VOCAB, edges_in, free_edge_iri, match_plain_triple
from ..validation.changes.trying import Trial
from .drafting import (
    COMMENT,
    ENDS,
    EXISTS,
    LONGEST_QUOTE,
    MISSING,
    NOT_FOR_CALLERS,
    NOT_IN_BASE,
    STALE,
    UNKNOWN,
    VALUE,
    Applied,
    Draft,
    WrongPart,
)
from .records import Kind, Part, Proposal

_OF_ENTITY: Final = ("class", "type", "slug", "distinct", "quote", "text")
_OF_EDGE: Final = ("subject", "predicate", "object", "assertedIn", "quote", "text")
_OF_CLAIM: Final = ("predicate", "assertedIn", "note", "locator", "confidence")
_OFFERED: Final = 8


def apply(trial: Trial, proposal: Proposal) -> Applied:
    """Return the new texts of the files that a proposal changes, and what is wrong with its parts.

    Entities come first, then corrections, edges and mergers, so that an edge may end at an entity of the same proposal.
    """
    return _Applier(trial, proposal).run()


class _Applier(Draft):
    def run(self) -> Applied:
        edges: list[Part] = []
        for part in self._parts("entity"):
            with suppress(WrongPart):
                self._entity(part)
        for part in self._parts("claim"):
            with suppress(WrongPart):
                edges.append(self._claim(part))
        for part in self._parts("correction"):
            with suppress(WrongPart):
                self._correction(part)
        for part in (*self._parts("edge"), *edges):
            with suppress(WrongPart):
                self._edge(part)
        if not self.applied.findings:
            self._write()
            for part in self._parts("merger"):
                with suppress(WrongPart):
                    self._merger(part)
        return self.applied

    def _parts(self, kind: Kind) -> list[Part]:
        return [part for part in self._proposal.parts if part.kind == kind]

    def _entity(self, part: Part) -> str:
        extra = _OF_CLAIM if part.kind == "claim" else ()
        self._must_have_fields(part, self._fields(self._of_entities, *_OF_ENTITY, *extra))
        name = part.get("class") or (self._claims() if part.kind == "claim" else "")
        if not name:
            mend = f"give class: one of {', '.join(self._schema.page_class_by_name)}."
            raise self._fault(part, MISSING, "The part has no class.", mend)
        label, slug = part.get("label"), part.get("slug") or slug_of(part.get("label"))
        if not label:
            raise self._fault(part, MISSING, "The entity has no label.", "give its name.")
        if not SLUG.fullmatch(slug):
            mend = "give slug: lower-case letters and digits, joined by single hyphens."
            raise self._fault(part, VALUE, f"{slug!r:.60} cannot be a slug.", mend)
        try:
            class_iri = self._schema.class_for(name, part.get("type"))
        except AkbError as error:
            raise self._fault(part, UNKNOWN, error.message, error.mend.replace("--type", "type")) from error
        focus, iri = f"{name}:{slug}", self._namespaces.entity(name, slug)
        path = f"kb/{name}/{slug}.ttl"
        if self._home(iri) is not None or path in self._trial.index.ids():
            mend = "correct that one, or give another slug if this is something else."
            raise self._fault(part, EXISTS, f"{focus} is in the base already.", mend, focus)
        node, graph = URIRef(iri), Graph(bind_namespaces="none")
        graph.add((node, RDF.type, URIRef(class_iri)))
        graph.add((node, DCTERMS.identifier, Literal(focus)))
        graph.add((node, VOCAB.status, self._status(part)))
        of_edge = frozenset(_OF_CLAIM) if part.kind == "claim" else frozenset()
        self._put(part, self._of_entities, graph, node, frozenset({"status", *of_edge}))
        self._graphs[path], self._found[iri], self._types[iri] = graph, path, class_iri
        self.applied.parts[iri] = self.applied.new[iri] = part.number
        self.applied.types[iri] = class_iri
        if part.kind == "entity":
            quotes = [value for name in sorted(self._verbatim) for value in part.many(name)]
            self._quotes(part, quotes, "")
        return iri

    def _claims(self) -> str:
        """Return the name of the page class of claims, if the base has one."""
        found = (
            one.notation for one in self._schema.page_classes if f"{SCHEMA}Claim" in self._schema.meanings(one.iri)
        )
        return next(found, "")

    def _claim(self, part: Part) -> Part:
        """Add a claim, and return the part of the edge from its source."""
        source = self._known(part, "assertedIn")
        if not part.get("quote"):
            mend = "give quote, locator and text: the words of the source that say it, and where."
            raise self._fault(part, MISSING, "The claim has no quote.", mend)
        iri = self._entity(part)
        predicate = part.get("predicate") or self._only_predicate(part, source, iri)
        compact = self._namespaces.compact
        fields = {name: part.many(name) for name in (*_OF_CLAIM, "quote", "text", "sources", "status")}
        ends = {"subject": (compact(source),), "predicate": (predicate,), "object": (compact(iri),)}
        given = {name: values for name, values in {**fields, **ends}.items() if values}
        return Part(part.number, "edge", given)

    def _only_predicate(self, part: Part, source: str, iri: str) -> str:
        joining = self._schema.joining(self._types[source], self._types[iri])
        found = [term.notation for term, turned in joining if not turned]
        if len(found) != 1:
            mend = f"give one of {', '.join(found[:_OFFERED])}." if found else "name another source in assertedIn."
            raise self._fault(part, MISSING, "The part does not say how the source and the claim are joined.", mend)
        return found[0]

    def _edge(self, part: Part) -> None:
        self._must_have_fields(part, self._fields(self._of_edges, *_OF_EDGE))
        for name in ("subject", "object"):
            self._known(part, name)
        source = self._known(part, "assertedIn") if part.get("assertedIn") else ""
        subject, predicate, object_ = map(URIRef, self._oriented(part))
        self._must_fit(part, str(subject), str(predicate), str(object_))
        if not part.get("note"):
            raise self._fault(part, MISSING, "The edge has no note.", "say in one sentence how the two are joined.")
        self._quotes(part, part.many("quote"), part.get("assertedIn"))
        path = self._found[str(subject)]
        graph = self._graph(path)
        node = free_edge_iri(self._graph_of, self._namespaces, subject, predicate, object_, source)
        focus = self._namespaces.compact(node)
        if (node, None, None) in graph:
            mend = "correct that edge, or name the source that you have in assertedIn."
            raise self._fault(part, EXISTS, f"{focus} says this already.", mend, focus)
        now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
        agent = CODES[self._agent_type()]
        for property_, value in (
            (RDF.type, VOCAB.Edge),
            (VOCAB.subject, subject),
            (VOCAB.predicate, predicate),
            (VOCAB.object, object_),
            (VOCAB.status, self._status(part)),
            (VOCAB.agentType, agent),
            (PROV.generatedAtTime, Literal(now, datatype=XSD.dateTime, normalize=False)),
            *(((VOCAB.assertedIn, URIRef(source)),) if source else ()),
            *(((VOCAB.reviewer, Literal(self._proposal.reviewer)),) if self._proposal.reviewer else ()),
        ):
            graph.add((node, property_, value))
        self._put(part, self._of_edges, graph, node, frozenset({"status"}))
        self._put_quote(part, graph, node)
        match_plain_triple(graph, (subject, predicate, object_), self._schema.in_use)
        self._found[str(node)], self._types[str(node)] = path, str(VOCAB.Edge)
        self.applied.parts[str(node)] = part.number

    def _agent_type(self) -> str:
        """Return what kind of agent asserts the edges of the proposal."""
        if not self._proposal.model:
            return "human"
        return "machine-reviewed" if self._proposal.reviewer else "machine-extracted"

    def _put_quote(self, part: Part, graph: Graph, node: URIRef) -> None:
        """Let an edge have the words of its source, where these are one quote that is short enough."""
        quotes = [" ".join(one.split()) for one in part.many("quote")]
        term = self._quoted
        if term is None or len(quotes) != 1 or len(quotes[0]) > LONGEST_QUOTE or term.key in part.fields:
            return
        graph.add((node, URIRef(term.iri), self._term(part, self._of_edges, term.key, quotes[0])))

    def _oriented(self, part: Part) -> tuple[str, str, str]:
        ends = [self._namespaces.compact(self._iri(part, name)) for name in ("subject", "object")]
        try:
            return self._schema.oriented(ends[0], part.get("predicate"), ends[1], self._namespaces)
        except AkbError as error:
            names = [term.notation for term in self._schema.predicates.values()]
            mend = f"{guess(part.get('predicate'), names)}{self._offered(part)}"
            raise self._fault(part, UNKNOWN, error.message, mend) from error

    def _must_fit(self, part: Part, subject: str, predicate: str, object_: str) -> None:
        """Refuse an edge whose ends are not of the classes that its predicate joins."""
        term, compact = self._schema.properties[predicate], self._namespaces.compact
        if subject == object_:
            raise self._fault(part, ENDS, "The edge starts and ends at the same entity.", "name two entities.")
        for end, wanted, word in ((subject, term.domain, "starts from"), (object_, term.range, "ends at")):
            if wanted and not self._schema.is_under(self._types[end], wanted):
                kind = compact(self._types[end])
                message = f"{term.curie} {word} {compact(wanted)}, and {compact(end)} is {kind}."
                raise self._fault(part, ENDS, message, self._offered(part))

    def _offered(self, part: Part) -> str:
        """Return which predicates may join the ends of an edge."""
        types = [self._types[self._iri(part, name)] for name in ("subject", "object")]
        ways: dict[str, bool] = {}
        for term, turned in self._schema.joining(*types):
            ways[term.notation] = ways.get(term.notation, True) and turned
        found = [f"{name} (from the object)" if turned else name for name, turned in ways.items()]
        return f"these may join the two: {', '.join(found[:_OFFERED])}." if found else "no predicate joins the two."

    def _correction(self, part: Part) -> None:
        self._must_have_fields(part, ("of", "property", "was", "is", "quote", "text", "locator"))
        iri = self._known(part, "of")
        is_edge = self._types[iri] == str(VOCAB.Edge)
        reader = self._of_edges if is_edge else self._of_entities
        name, focus = part.get("property"), self._namespaces.compact(iri)
        property_ = reader.property_of(name)
        known = self._fields(reader)
        if property_ is None or property_ in NOT_FOR_CALLERS:
            mend = f"{guess(name, known)}it has {', '.join(known)}."
            raise self._fault(part, UNKNOWN, f"{name!r:.60} is not a property of it.", mend)
        if not (part.get("was") or part.get("is")):
            mend = "give was, is, or both: without was a value is added, without is one is taken away."
            raise self._fault(part, MISSING, "The correction changes nothing.", mend)
        node, graph = URIRef(iri), self._graph(self._found[iri])
        there = set(graph.objects(node, property_))
        old, new = (self._term(part, reader, name, part.get(w)) if part.get(w) else None for w in ("was", "is"))
        gone = {one for one in there if old is not None and (one == old or str(one) == str(old))}
        if (old is not None and not gone) or (old is None and there and not reader.is_many(name)):
            said = "; ".join(sorted(self._namespaces.compact(str(one)) for one in there)) or "nothing"
            mend = f"look at it again; it says {said!r:.300}."
            raise self._fault(part, STALE, f"{focus} does not have that {name}.", mend, focus)
        if new is not None and new in there:
            raise self._fault(part, EXISTS, f"{focus} has that {name} already.", "leave the part out.", focus)
        for one in gone:
            graph.remove((node, property_, one))
        if new is not None:
            graph.add((node, property_, new))
        self._quotes(part, part.many("quote"), "")
        if is_edge:
            ends = tuple(URIRef(str(graph.value(node, end))) for end in (VOCAB.subject, VOCAB.predicate, VOCAB.object))
            match_plain_triple(graph, (ends[0], ends[1], ends[2]), self._schema.in_use)
        self.applied.parts[iri] = part.number

    def _merger(self, part: Part) -> None:
        self._must_have_fields(part, ("survivor", "lost"))
        survivor, lost = self._known(part, "survivor"), self._known(part, "lost")
        if survivor == lost:
            raise self._fault(part, ENDS, "The two are one entity already.", "name two entities.")
        pages = [self._schema.page_class_of(self._types[one]) for one in (survivor, lost)]
        if pages[0] != pages[1]:
            names = [self._namespaces.compact(self._types[one]) for one in (survivor, lost)]
            message = f"The survivor is {names[0]}, and the other is {names[1]}."
            raise self._fault(part, ENDS, message, "merge two entities of one class, or join them by an edge.")
        named = self._trial.paths_naming([survivor, lost]) | self._trial.paths_about([survivor, lost])
        # An edge of the other, in the file of a third, may move to that of either end.
        edges = (one for file in self._trial.read(named).files for one in edges_in(file.graph))
        ends = {str(end) for one in edges if URIRef(lost) in one.ends for end in (one.subject, one.object)}
        base = with_changes(self._trial.read({*named, *self._trial.paths_about(ends)}), self.applied.after)
        try:
            self.applied.after |= merged_files(base, self._schema, survivor, lost)
        except AkbError as error:
            rule = NOT_IN_BASE if isinstance(error, NotFoundError) else COMMENT
            raise self._fault(part, rule, error.message, error.mend) from error
        self.applied.parts |= {survivor: part.number, lost: part.number}
