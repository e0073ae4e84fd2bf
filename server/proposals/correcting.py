"""The form with which anyone corrects an entity or an edge, made from the shapes, and the parts of a proposal in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Final, Literal

from rdflib import RDF, XSD, BNode, Graph, URIRef
from rdflib import Literal as LiteralTerm
from rdflib.term import Node

from ..importers.cells import CellReader, cell_readers
from ..records.languages import is_english
from ..records.terms import PropertyTerm
from ..schema.property_shapes import Limits
from ..schema.schema import Schema
from ..text.order import order_key
from ..turtle.edges import VOCAB
from .drafting import NOT_FOR_CALLERS

IS: Final = "is."
"""What stands before the name of a field in a form."""
WAS: Final = "was."
"""What stands before it for the value from which the sender started, so that a change in between is noticed."""
MOST_EDGES: Final = 10
"""The maximum number of edges that a form adds."""
_OF_NEW_EDGES: Final = ("assertedIn", "quote", "text")
"""What an edge that is proposed may have beside the columns of edges."""
_FIRST_OF_EDGES: Final = ("note", "assertedIn", "locator")
_NUMBERS: Final = frozenset(map(str, (XSD.decimal, XSD.integer, XSD.double, XSD.float)))
_LINE: Final = "\n"

Kind = Literal["line", "sentence", "lines", "choice"]
Part = dict[str, Any]


@dataclass(frozen=True)
class FormField:
    """A field of the form: a property of what is corrected."""

    name: str
    """What a correction calls the property."""
    label: str
    hint: str
    kind: Kind
    values: tuple[str, ...] = ()
    """What the base says, as far as the form can change it."""
    others: tuple[str, ...] = ()
    """What else the base says, which the form leaves as it is: texts in other languages, and nodes without a name."""
    choices: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)
    is_number: bool = False

    @property
    def value(self) -> str:
        """The values, each on a line of its own."""
        return _LINE.join(self.values)

    @property
    def pattern(self) -> str:
        """The patterns of the shapes as one of HTML, which a whole value must match (HTML, section 4.10.5.3.6)."""
        ahead = "".join(f"(?=.*(?:{one}))" for one in self.limits.patterns)
        return f"{ahead}.*" if ahead else ""


@dataclass(frozen=True)
class Joining:
    """A predicate that may join an entity to another."""

    value: str
    """Its notation, with a leading `^` if the edge runs from the other entity to this one."""
    label: str
    definition: str
    is_turned: bool
    classes: tuple[str, ...]
    """The names of the page classes to which the other entity may belong."""


@dataclass(frozen=True)
class Asked:
    """What a form asks for: parts of a proposal, and the field that each is from, in the same order."""

    parts: tuple[Part, ...]
    keys: tuple[str, ...]


def entity_fields(schema: Schema, types: Sequence[str], said: Graph) -> tuple[FormField, ...]:
    """Return the fields of an entity of some classes: its names and texts, its facts, and its status and sources."""
    found = [*_fields(schema, cell_readers(schema)[0], types, said)]
    labels = Counter(one.label for one in found)
    # Two properties that pages call the same are told apart by their names.
    return tuple(replace(one, label=f"{one.label} ({one.name})") if labels[one.label] > 1 else one for one in found)


def edge_fields(schema: Schema, said: Graph | None = None) -> tuple[FormField, ...]:
    """Return the fields of an edge; of a new one without what is said of it."""
    reader = cell_readers(schema)[1]
    found = [*_fields(schema, reader, [str(VOCAB.Edge)], Graph() if said is None else said)]
    rank = {name: number for number, name in enumerate(_FIRST_OF_EDGES)}
    return tuple(sorted(found, key=lambda one: rank.get(one.name, len(rank))))


def types_in(said: Graph) -> tuple[str, ...]:
    """Return the IRIs of the classes of the entity that a graph describes."""
    return tuple(sorted(str(one) for one in said.objects(None, RDF.type)))


def predicate_and_object_in(said: Graph) -> tuple[str, str]:
    """Return the IRIs of the predicate and the object of the edge that a graph describes."""
    predicate, object_ = (next(said.objects(None, one)) for one in (VOCAB.predicate, VOCAB.object))
    return str(predicate), str(object_)


def _fields(schema: Schema, reader: CellReader, types: Sequence[str], said: Graph) -> Iterator[FormField]:
    seen: set[URIRef] = set()
    for name in reader.columns:
        property_ = reader.property_of(name)
        if property_ is None or property_ in seen or property_ in NOT_FOR_CALLERS:
            continue
        seen.add(property_)
        term = (schema.properties | schema.borrowed).get(str(property_))
        values = sorted(said.objects(None, property_), key=str)
        limits = _limits(schema, str(property_), types)
        if not values and (limits.is_forbidden or not _fits(schema, term, types)):
            continue
        codes = {iri: notation for notation, iri in schema.codes.get(term.scheme if term else "", {}).items()}
        ours = [one for one in values if _is_ours(one)]
        allowed = limits.codes if limits.codes is not None else tuple(codes)
        kind = _kind(term, is_many=reader.is_many(name), has_codes=bool(codes))
        yield FormField(
            name,
            _capitalized(term.name if term else name),
            term.definition if term else "",
            kind,
            tuple(codes.get(str(one), str(one)) for one in ours),
            tuple(str(one) for one in values if one not in ours),
            tuple(codes[iri] for iri in allowed if iri in codes),
            limits,
            is_number=term is not None and bool(term.datatypes) and _NUMBERS.issuperset(term.datatypes),
        )


def _limits(schema: Schema, property_: str, types: Sequence[str]) -> Limits:
    found = Limits()
    for one in types:
        found &= schema.limits_of(property_, one)
    return found


def _fits(schema: Schema, term: PropertyTerm | None, types: Sequence[str]) -> bool:
    """Return whether instances of some classes may have a property, by its shapes, or else by its domain."""
    wanted = () if term is None else term.classes or tuple(one for one in (term.domain,) if one)
    return not wanted or any(schema.is_under(one, other) for one in types for other in wanted)


def _is_ours(value: Node) -> bool:
    """Return whether a correction can change a value: an IRI, or a text in English or without a language."""
    if isinstance(value, LiteralTerm):
        return is_english(value.language or "en") and _LINE not in str(value)
    return not isinstance(value, BNode)


def _kind(term: PropertyTerm | None, *, is_many: bool, has_codes: bool) -> Kind:
    if is_many:
        return "lines"
    if has_codes:
        return "choice"
    return "sentence" if term is not None and term.values == "text" else "line"


def _capitalized(name: str) -> str:
    return name[:1].upper() + name[1:]


def joinings(schema: Schema, types: Sequence[str]) -> tuple[Joining, ...]:
    """Return the predicates that may start or end at an instance of some classes, the outgoing ones first."""

    def fits(wanted: str) -> bool:
        return not wanted or any(schema.is_under(one, wanted) for one in types)

    found = []
    for term in schema.predicates.values():
        inverse = schema.properties.get(term.inverse)
        for turned in (False,) if "symmetric" in term.traits else (False, True):
            here, there = (term.range, term.domain) if turned else (term.domain, term.range)
            if fits(here):
                label = (inverse.label if inverse else f"{term.label} (from the other)") if turned else term.label
                named = f"{'^' if turned else ''}{term.notation or term.curie}"
                found.append(Joining(named, label, term.definition, turned, _page_classes(schema, there)))
    return tuple(sorted(found, key=lambda one: (one.is_turned, order_key(one.label))))


def _page_classes(schema: Schema, wanted: str) -> tuple[str, ...]:
    return tuple(
        one.notation
        for one in schema.page_classes
        if not wanted or schema.is_under(one.iri, wanted) or schema.is_under(wanted, one.iri)
    )


def asked_for(
    curie: str,
    fields: Sequence[FormField],
    given: Mapping[str, str],
    named: Callable[[str], str] = str,
    *,
    many: Mapping[str, bool] | None = None,
) -> Asked:
    """Return what a form asks for of an entity or edge, by its CURIE.

    A field that is not in the form stays as it is. `named` returns the CURIE of an entity by what somebody calls it.
    """
    parts: list[tuple[str, Part]] = []
    for one in fields:
        now = given.get(IS + one.name)
        if now is None:
            continue
        was, values = _values(one, given.get(WAS + one.name, one.value)), _values(one, now)
        gone = [value for value in was if value not in values]
        new = [value for value in values if value not in was]
        for number in range(max(len(gone), len(new))):
            part = {"kind": "correction", "of": curie, "property": one.name}
            part |= {"was": gone[number]} if number < len(gone) else {}
            part |= {"is": new[number]} if number < len(new) else {}
            parts.append((IS + one.name, part))
    for number in range(1, MOST_EDGES + 1):
        edge = _new_edge(curie, f"edge.{number}.", given, named, many or {})
        if edge:
            parts.append((f"edge.{number}.predicate", edge))
    return Asked(tuple(part for _, part in parts), tuple(key for key, _ in parts))


def _new_edge(
    curie: str, start: str, given: Mapping[str, str], named: Callable[[str], str], many: Mapping[str, bool]
) -> Part | None:
    """Return the part of an edge that a form adds; None where its fields are empty."""
    filled = {
        key.removeprefix(start): value.strip()
        for key, value in given.items()
        if key.startswith(start) and value.strip()
    }
    if not filled:
        return None
    predicate, other = filled.pop("predicate", ""), named(filled.pop("other", ""))
    ends = (other, curie) if predicate.startswith("^") else (curie, other)
    part: Part = {"kind": "edge", "subject": ends[0], "predicate": predicate.removeprefix("^"), "object": ends[1]}
    for name, value in filled.items():
        if name == "assertedIn":
            part[name] = named(value)
        elif many.get(name):
            part[name] = [line.strip() for line in value.splitlines() if line.strip()]
        else:
            part[name] = value
    return {name: value for name, value in part.items() if value}


def _values(one: FormField, text: str) -> list[str]:
    """Return the distinct values in a field of a form; differences in white space are ignored."""
    lines = text.splitlines() if one.kind == "lines" else [" ".join(text.split())]
    found = [" ".join(line.split()) for line in lines]
    if one.is_number:
        found = [_number(value) for value in found]
    return [*dict.fromkeys(value for value in found if value)]


def _number(text: str) -> str:
    """Return a number without trailing zeros, as the base writes it; other text stays, and the check refuses it."""
    try:
        return f"{Decimal(text).normalize():f}" if Decimal(text).is_finite() else text
    except ArithmeticError:
        return text
