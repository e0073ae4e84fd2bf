"""Tools for whoever writes queries: the words of the base, and SPARQL."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from ..errors import AkbError, QueryError
from ..formats.texts import one_line
from ..guessing import guess
from ..records.terms import ClassTerm, PropertyTerm, Term
from .base import AgentBase, Excerpt
from .tools import Arguments, Parameter, Tool
from .writing import Answer, Lines, counted, listed, short

_QUERY: Final = 10_000
"""Characters of a query."""
_CELL: Final = 300
"""Characters of a cell."""
_CODES: Final = 12


def tools(_base: AgentBase) -> Iterator[Tool]:
    """Yield the tools of this module."""
    yield Tool(
        "schema",
        "Read the schema",
        "Return the classes with counts, the predicates with domain and range, and the properties, by the names that "
        "queries use; with term, one class or predicate in full. Call it before sparql.",
        (Parameter("term", "A class, predicate or property: its CURIE or name.", most=200),),
        _schema,
    )
    yield Tool(
        "sparql",
        "Query by SPARQL",
        "Run a read-only query of SPARQL 1.1 (SELECT, ASK, CONSTRUCT, DESCRIBE), bounded in time and size, for what "
        "the other tools do not answer, such as counts. The prefixes of the base need not be declared. Edges are "
        "plain triples, and nodes of akb:Edge with akb:subject, akb:predicate, akb:object, akb:note, akb:assertedIn.",
        (
            Parameter("query", "The query.", most=_QUERY, is_required=True,
                      example="SELECT ?class (COUNT(*) AS ?n) { ?x a ?class } GROUP BY ?class"),
            Parameter("limit", "How many rows to show.", default=30, most=1000),
        ),
        _sparql,
        is_open_world=True,
    )  # fmt: skip


def _sparql(base: AgentBase, given: Arguments) -> Answer:
    try:
        found = base.ask(given["query"])
    except QueryError as error:
        mend = f"{error.mend} " if error.mend else ""
        raise AkbError(error.message, f"{mend}schema lists the classes and predicates.") from error
    lines = Lines()
    if found.kind == "boolean":
        lines.add("yes" if found.boolean else "no")
    elif found.kind == "solutions":
        table(base, lines, found, given["limit"])
    else:
        lines.add(f"{counted(found.count, 'triple', 'triples')}:")
        triples = found.text.splitlines()
        lines.items(triples, len(triples), "narrow the query")
    lines.add(*(f"Hint: {one_line(hint)}" for hint in found.hints))
    if found.count == 0 and found.kind != "boolean" and not found.hints:
        lines.add("Try: fewer patterns; schema with term for the direction of a predicate; labels have a language tag.")
    return lines.answer(base.state)


def table(base: AgentBase, lines: Lines, found: Excerpt, limit: int) -> None:
    """Add the rows of an answer as a table with tabs, at most so many."""
    lines.add(f"{counted(found.count, 'row', 'rows')}.", "\t".join(found.names))
    rows = ("\t".join(_cell(base, text, iri) for text, iri in row) for row in found.rows[:limit])
    lines.items(rows, found.count, "raise limit, narrow the query, or add LIMIT and OFFSET")


def _cell(base: AgentBase, text: str, iri: str) -> str:
    return base.namespaces.compact(iri) if iri else short(text, _CELL)


def _schema(base: AgentBase, given: Arguments) -> Answer:
    return _term(base, given["term"]) if given["term"] else _whole(base)


def _whole(base: AgentBase) -> Answer:
    schema, prefixes = base.schema, base.namespaces.prefixes()
    lines = Lines(9_000)
    lines.add(f"{one_line(base.site.name)}: {short(base.site.summary)}")
    lines.add("Classes (class of IRIs: CURIE, entities):")
    for summary in base.classes:
        curie = schema.page_class_by_name[summary.name].curie
        lines.add(f"- {summary.name}: {curie}, {summary.count}. {short(summary.definition, 90)}")
    predicates = sorted(schema.predicates.values(), key=lambda term: term.notation)
    lines.add("Predicates (from -> to; in brackets the inverse, which is inferred):")
    lines.items((_predicate(base, one) for one in predicates), len(predicates), "call schema with a term")
    facts = [one.curie for one in schema.facts.values()]
    lines.add(f"Properties of entities: skos:prefLabel, skos:definition, akb:status, {', '.join(facts)}.")
    lines.add(f"Properties of akb:Edge: {', '.join(one.curie for one in schema.edge_facts.values())}.")
    lines.add(f"Statuses in use: {', '.join(schema.in_use.values())}.")
    used = [name for name in ("akb", *(one.name for one in base.classes)) if name in prefixes]
    lines.add(f"Prefixes: {'; '.join(f'{name}: <{prefixes[name]}>' for name in used[:2])}; and so on for each class.")
    examples = [one.title for one in base.queries()]
    lines.add(f"Example queries (schema with term=examples): {listed(examples, 12)}." if examples else "")
    return lines.answer(base.state)


def _predicate(base: AgentBase, term: PropertyTerm) -> str:
    inverse = base.schema.properties.get(term.inverse)
    traits = [trait for trait in term.traits if trait == "symmetric"]
    more = [f"inverse {inverse.curie}"] if inverse and inverse.iri != term.iri else []
    ends = " -> ".join(_name(base, iri) for iri in (term.domain, term.range))
    said = f" ({', '.join([*traits, *more])})" if traits or more else ""
    return f"- {term.curie}: {ends}{said}"


def _name(base: AgentBase, iri: str) -> str:
    return base.namespaces.compact(iri).rpartition(":")[2] if iri else "anything"


def _term(base: AgentBase, wanted: str) -> Answer:
    lines = Lines()
    if wanted == "examples":
        queries = base.queries()
        lines.items((f"# {one_line(one.title)}\n{one.text.strip()}" for one in queries), len(queries))
        return lines.answer(base.state)
    schema = base.schema
    every: list[Term] = [*schema.classes.values(), *schema.properties.values(), *schema.borrowed.values()]
    by_name = {name: term for term in reversed(every) for name in _names(term)}
    term = by_name.get(wanted)
    if term is None:
        raise AkbError(
            f"There is no class and no property {wanted[:80]!r}.",
            f"{guess(wanted, by_name)}schema without term lists them.",
        )
    kind = "class" if isinstance(term, ClassTerm) else "predicate" if _is_predicate(term) else "property"
    lines.add(f"{term.curie} ({kind}, {term.label}): {short(term.definition, 600)}", f"IRI: {term.iri}")
    if isinstance(term, PropertyTerm):
        lines.add(_predicate(base, term)[2:], f"Traits: {', '.join(term.traits)}" if term.traits else "")
        codes = schema.codes.get(term.scheme, {})
        lines.add(
            f"Values: {listed((base.namespaces.compact(iri) for iri in codes.values()), _CODES)}" if codes else ""
        )
    else:
        _of_class(base, lines, term)
    lines.add(f"Above it: {', '.join(term.parents)}" if term.parents else "")
    lines.add(f"Example: {one_line(term.example)}" if term.example else "")
    mappings = [f"{kind} {target}" for kind, target in term.mappings]
    lines.add(f"In other vocabularies: {listed(mappings)}" if mappings else "")
    return lines.answer(base.state)


def _of_class(base: AgentBase, lines: Lines, term: Term) -> None:
    """Add the predicates that may start and end at a class, and the properties of its entities."""
    schema = base.schema

    def fitting(end: str) -> Sequence[str]:
        found = (one for one in schema.predicates.values() if schema.is_under(term.iri, getattr(one, end)))
        return [one.curie for one in found]

    lines.add(
        f"Predicates from it: {', '.join(fitting('domain'))}",
        f"Predicates to it: {', '.join(fitting('range'))}",
        f"Properties: {', '.join(one.curie for one in schema.facts.values() if _fits(base, one, term))}",
    )


def _fits(base: AgentBase, one: PropertyTerm, term: Term) -> bool:
    return not one.classes or any(base.schema.is_under(term.iri, other) for other in one.classes)


def _is_predicate(term: Term) -> bool:
    return isinstance(term, PropertyTerm) and term.is_predicate


def _names(term: Term) -> tuple[str, ...]:
    return term.iri, term.curie, term.curie.partition(":")[2], term.notation, term.label
