"""SERVICE that is answered on our side: `akb:search` by words, `akb:near` by meaning.

Neither calls anybody. A block says what is looked for, and its rows take its place in the query as those of a peer do
(SPARQL 1.1 Federated Query, section 2). Who can search gives the functions; here is what a block may say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from ..errors import ForbiddenQueryError, QueryError
from ..guessing import nearest
from ..namespaces import AKB
from ..sparql.explaining import position
from ..sparql.prologue import Prologue
from ..sparql.solutions import Solutions, literal
from ..sparql.structure import Element
from ..sparql.terms import lexical
from ..sparql.triples import Part, Triple, read_triples

MOST: Final = 10_000
"""The highest `akb:limit`."""
_MOST_TEXTS: Final = 50
"""How many values the variable of a text may have: each is a search of its own."""
_SHOWN: Final = 60
"""Characters of a pattern that an error shows."""
_SAID: Final = ("score", "rank", "snippet")
"""What a block may ask of what was found."""


@dataclass(frozen=True)
class Sought:
    """One search: for a text, or for what is near to the entity with an IRI."""

    text: str
    is_entity: bool
    limit: int
    among: frozenset[str] | None
    """The IRIs of which something can be joined; None where that is not known."""
    with_snippets: bool


@dataclass(frozen=True)
class Match:
    """An entity that was found, from 0 to 1 how well it fits, and the place that fits."""

    iri: str
    score: float
    snippet: str = ""


@dataclass(frozen=True)
class Matches:
    """What a search found, the best first, and what its author should know."""

    all: Sequence[Match]
    notes: tuple[str, ...] = ()
    total: int = 0
    """How many there were, where that is known."""


@dataclass(frozen=True)
class Search:
    """A service of ours."""

    name: str
    """Its local name in the vocabulary of the engine."""
    predicate: str
    """The local name of the property that says what is looked for."""
    label: str
    takes_entities: bool
    limit: int
    """How many are found where nobody says."""
    find: Callable[[Sought], Matches]

    @property
    def example(self) -> str:
        """A block to start from."""
        return f'SERVICE akb:{self.name} {{ ?item akb:{self.predicate} "words" ; akb:score ?score }}'


Searches = Mapping[str, Search]
"""By the IRI that SERVICE names."""


@dataclass(frozen=True)
class Block:
    """What a block says: what is found, what is looked for, and under which variables the rest comes."""

    search: Search
    subject: Part
    object: Part
    said: Mapping[str, str]
    """The variables of score, rank and snippet."""
    limit: int | None
    beside: tuple[str, ...] = field(default=())
    """The filters in it, which go on to hold."""

    @property
    def variables(self) -> frozenset[str]:
        """Those by which it is joined with what is beside it."""
        return frozenset(filter(None, (self.subject.variable, self.object.variable)))


def search_named(iri: str, searches: Searches) -> Search | None:
    """Return the service of ours with an IRI. Raises ForbiddenQueryError for one in our vocabulary that is none."""
    if iri in searches or not iri.startswith(AKB):
        return searches.get(iri)
    if not searches:
        raise ForbiddenQueryError("There is no search inside queries here.", "ask `akb search` for words.")
    names = {f"akb:{search.name}": search for search in searches.values()}
    best = names.get(nearest(f"akb:{iri.removeprefix(AKB)}", names))
    raise ForbiddenQueryError(
        f"akb:{iri.removeprefix(AKB)} is not a service of this endpoint.",
        f"write {best.example}." if best else f"there are {' and '.join(names)}.",
    )


def read_block(query: str, call: Element, search: Search, prologue: Prologue) -> Block:
    """Read what a block of SERVICE says. Raises QueryError, with the place, for what it cannot say."""
    return _Reader(query, call, search, prologue).block()


@dataclass
class _Reader:
    query: str
    call: Element
    search: Search
    prologue: Prologue
    said: dict[str, str] = field(default_factory=dict)
    limit: int | None = None
    sought: Triple | None = None

    def wrong(self, at: int, what: str, mend: str) -> QueryError:
        line, column = position(self.query, at)
        return QueryError(f"Line {line}, column {column}: {what}", mend)

    @property
    def instead(self) -> str:
        return f"put it beside the block of SERVICE akb:{self.search.name}, which only says what is looked for."

    def block(self) -> Block:
        group = self.call.groups[0]
        if group.select is not None:
            raise self.wrong(group.start, "a search has no SELECT inside.", f"write {self.search.example}.")
        beside = [one for one in group.elements if one.kind == "filter" and not one.groups]
        triples = [triple for one in group.elements if one not in beside for triple in self.triples(one)]
        for triple in triples:
            self.take(triple)
        if self.sought is None:
            missing = f"the search does not say what it is for: akb:{self.search.predicate} is missing."
            raise self.wrong(group.start, missing, f"write {self.search.example}.")
        subject, object_ = self.sought.subject, self.sought.object
        if other := next((one for one in triples if one.subject.text != subject.text), None):
            raise self.wrong(other.subject.start, "a search is about one thing.", f"write {subject.text} there.")
        names = [*self.said.values(), *filter(None, (subject.variable, object_.variable))]
        if len({*names}) < len(names):
            raise self.wrong(group.start, "a variable has two meanings in the search.", "give each its own.")
        if not (subject.variable or subject.iri(self.prologue)):
            raise self.wrong(subject.start, f"{subject.text} cannot be found.", "write a variable there.")
        if not (object_.variable or object_.is_literal or self.search.takes_entities):
            wanted = f"akb:{self.search.predicate} wants words."
            raise self.wrong(object_.start, wanted, 'write them in quotes: "words".')
        texts = tuple(self.query[one.start : one.end] for one in beside)
        return Block(self.search, subject, object_, self.said, self.limit, texts)

    def triples(self, element: Element) -> list[Triple]:
        found = read_triples(self.query, element.start, element.end) if element.kind == "triples" else None
        if found is None:
            text = " ".join(self.query[element.start : element.end].split())
            shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]} ..."
            raise self.wrong(element.start, f"a search cannot have this in it: {shown}", self.instead)
        return found

    def take(self, one: Triple) -> None:
        """Take what a triple says of the search."""
        words = (self.search.predicate, "limit", *_SAID)
        name = one.predicate.iri(self.prologue).removeprefix(AKB)
        if name not in words:
            best = nearest(one.predicate.text, [f"akb:{word}" for word in words])
            mend = f"write {best} if you meant that; else {self.instead}" if best else self.instead
            raise self.wrong(one.predicate.start, f"{one.predicate.text} is no part of a search.", mend)
        if name == self.search.predicate:
            if self.sought is not None:
                raise self.wrong(one.object.start, "a search looks for one thing.", "write a SERVICE block for each.")
            self.sought = one
        elif name == "limit":
            text = lexical(one.object.text) or ""
            self.limit = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
            if not 1 <= self.limit <= MOST:
                raise self.wrong(one.object.start, f"the limit is {one.object.text}.", f"give 1 to {MOST:,}.")
        elif not one.object.variable or name in self.said:
            raise self.wrong(one.object.start, f"akb:{name} wants one variable.", f"write akb:{name} ?{name} once.")
        else:
            self.said[name] = one.object.variable


def rows_of(
    block: Block, prologue: Prologue, bound: Iterable[Solutions], left: Callable[[], float]
) -> tuple[Solutions, list[str]]:
    """Return what a block finds, and notes, given what the patterns beside it bind.

    `left` is called before each search: it raises when there is no time. Raises QueryError for a text that nothing
    binds.
    """
    values: dict[str, dict[str, None]] = {}
    for solutions in bound:
        for at, name in enumerate(solutions.variables):
            values[name] = dict.fromkeys(row[at] for row in solutions.rows)
    subject, object_ = block.subject.variable, block.object.variable
    among: frozenset[str] | None = None
    if not subject:
        among = frozenset({block.subject.iri(prologue)})
    elif block.limit is None and subject in values:
        # Only what can be joined counts against a limit that nobody asked for.
        among = frozenset(term[1:-1] for term in values[subject] if term.startswith("<"))
    if object_ and object_ not in values:
        raise QueryError(
            f"?{object_}, which the search is for, has no values, or too many, by what is beside SERVICE.",
            "bind it in the same group, such as by VALUES, or write the text itself.",
        )
    given = [*values[object_]] if object_ else [block.object.literal(prologue) or f"<{block.object.iri(prologue)}>"]
    if len(given) > _MOST_TEXTS:
        raise QueryError(
            f"The search is for {len(given):,} values of ?{object_}; it may be for {_MOST_TEXTS}.",
            "narrow what is beside SERVICE.",
        )
    rows: list[tuple[str, ...]] = []
    notes: dict[str, None] = {}
    for term in given:
        left()
        is_entity = term.startswith("<")
        text = term[1:-1] if is_entity else lexical(term)
        if text is None or (is_entity and not block.search.takes_entities):
            continue
        limit = block.limit or block.search.limit
        found = block.search.find(Sought(text, is_entity, limit, among, "snippet" in block.said))
        notes |= dict.fromkeys(found.notes)
        if block.limit is None and found.total > len(found.all):
            notes[
                f"The search for {text!r} finds {found.total:,}, of which the best {len(found.all):,} are used: "
                "narrow it by patterns beside it, or set akb:limit."
            ] = None
        for rank, one in enumerate(found.all, 1):
            said = {"score": f"{one.score:.4f}", "rank": str(rank), "snippet": literal(one.snippet)}
            ends = ((f"<{one.iri}>",) if subject else ()) + ((term,) if object_ else ())
            rows.append((*ends, *(said[name] for name in block.said)))
    columns = tuple(filter(None, (subject, object_, *block.said.values())))
    return Solutions(columns, tuple(rows)), [*notes]
