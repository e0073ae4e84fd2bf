"""The rules of OWL 2 RL/RDF (OWL 2 Profiles, 4.3, tables 4 to 7), made ready for an ontology.

Each axiom becomes the rule that it makes of facts: of `p rdfs:domain c` comes "what has p is a c" (prp-dom). So a proof
is found by asking facts alone, and a list, of which a table of patterns cannot speak, is read once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from ..namespaces import OWL, RDFS
from .facts import DIFFERENT, SAME, TYPE, Triple
from .index import Index, Pattern

THING: Final = f"{OWL}Thing"
NOTHING: Final = f"{OWL}Nothing"


@dataclass(frozen=True)
class Rule:
    """What follows by an axiom: the head, where the whole body holds."""

    name: str
    """By which OWL 2 Profiles, 4.3, knows it."""
    head: Pattern
    body: tuple[Pattern, ...]
    axioms: tuple[Triple, ...] = ()
    """Of the ontology, of which the rule is made."""
    lists: tuple[str, ...] = ()
    """The heads of the lists that the axioms lead to."""


@dataclass(frozen=True)
class Ban:
    """What an axiom forbids: a body that must never hold."""

    name: str
    body: tuple[Pattern, ...]
    sentence: str
    """What the axiom says, with `{a:...}` for the name of a term; variables are named as in the body."""
    focus: str = "?x"
    axioms: tuple[Triple, ...] = ()
    """Of the ontology, which say so."""
    ordered: tuple[str, str] | None = None
    """Two variables that say the same when exchanged; they denote two different things."""
    among: frozenset[str] = frozenset()
    """Where set, the only things that the two may be."""
    is_symmetric: bool = False
    """Whether the body says the same from both ends, which may be one."""


def _has(*pairs: str) -> tuple[Pattern, ...]:
    """Return patterns from texts such as `?x p ?y`, split at spaces."""
    return tuple((s, p, o) for s, p, o in (pair.split(" ") for pair in pairs))


def rules_of(schema: Index) -> tuple[Rule, ...]:
    """Return the rules that the axioms of an ontology make of facts, those of equality among them."""
    return (
        *_property_rules(schema),
        *_class_rules(schema),
        *_list_rules(schema),
        *_restriction_rules(schema),
        *EQUALITY,
    )


EQUALITY: Final = (
    Rule("eq-sym", ("?x", SAME, "?y"), (("?y", SAME, "?x"),)),
    Rule("eq-trans", ("?x", SAME, "?z"), (("?x", SAME, "?y"), ("?y", SAME, "?z"))),
    Rule("eq-rep-s", ("?s", "?p", "?o"), (("?t", SAME, "?s"), ("?t", "?p", "?o"))),
    Rule("eq-rep-p", ("?s", "?p", "?o"), (("?q", SAME, "?p"), ("?s", "?q", "?o"))),
    Rule("eq-rep-o", ("?s", "?p", "?o"), (("?t", SAME, "?o"), ("?s", "?p", "?t"))),
)
"""Table 4."""


def _property_rules(schema: Index) -> Iterator[Rule]:
    """Yield the rules of table 5."""
    for kind, name, head, body in (
        ("SymmetricProperty", "prp-symp", "?y {p} ?x", ("?x {p} ?y",)),
        ("TransitiveProperty", "prp-trp", "?x {p} ?z", ("?x {p} ?y", "?y {p} ?z")),
        ("FunctionalProperty", "prp-fp", f"?y {SAME} ?z", ("?x {p} ?y", "?x {p} ?z")),
        ("InverseFunctionalProperty", "prp-ifp", f"?x {SAME} ?z", ("?x {p} ?y", "?z {p} ?y")),
    ):
        for p in schema.subjects(TYPE, OWL + kind):
            yield Rule(name, *_made(head, body, p=p), axioms=((p, TYPE, OWL + kind),))
    for predicate, name, head, body in (
        (f"{RDFS}subPropertyOf", "prp-spo1", "?x {o} ?y", ("?x {s} ?y",)),
        (f"{OWL}equivalentProperty", "prp-eqp1", "?x {o} ?y", ("?x {s} ?y",)),
        (f"{OWL}equivalentProperty", "prp-eqp2", "?x {s} ?y", ("?x {o} ?y",)),
        (f"{OWL}inverseOf", "prp-inv1", "?y {o} ?x", ("?x {s} ?y",)),
        (f"{OWL}inverseOf", "prp-inv2", "?y {s} ?x", ("?x {o} ?y",)),
        (f"{RDFS}domain", "prp-dom", f"?x {TYPE} {{o}}", ("?x {s} ?y",)),
        (f"{RDFS}range", "prp-rng", f"?y {TYPE} {{o}}", ("?x {s} ?y",)),
    ):
        for s, o in schema.pairs(predicate):
            # A property that is its own inverse is symmetric; of the others nothing follows from one about itself.
            if s != o or predicate == f"{OWL}inverseOf":
                yield Rule(name, *_made(head, body, s=s, o=o), axioms=((s, predicate, o),))
    for p, chain in schema.pairs(f"{OWL}propertyChainAxiom"):
        links = schema.list_at(chain)
        if links:
            path = tuple((f"?u{at}", link, f"?u{at + 1}") for at, link in enumerate(links))
            axiom = (p, f"{OWL}propertyChainAxiom", chain)
            yield Rule("prp-spo2", ("?u0", p, f"?u{len(links)}"), path, (axiom,), (chain,))
    for class_, keys in schema.pairs(f"{OWL}hasKey"):
        names = schema.list_at(keys)
        if names:
            members = (("?x", TYPE, class_), ("?y", TYPE, class_))
            shared = ((one, key, f"?z{at}") for at, key in enumerate(names) for one in ("?x", "?y"))
            yield Rule("prp-key", ("?x", SAME, "?y"), (*members, *shared), ((class_, f"{OWL}hasKey", keys),), (keys,))


def _class_rules(schema: Index) -> Iterator[Rule]:
    """Yield the rules of table 7."""
    for predicate, name, head, body in (
        (f"{RDFS}subClassOf", "cax-sco", "{o}", "{s}"),
        (f"{OWL}equivalentClass", "cax-eqc1", "{o}", "{s}"),
        (f"{OWL}equivalentClass", "cax-eqc2", "{s}", "{o}"),
    ):
        for s, o in schema.pairs(predicate):
            if s != o:
                made = _made(f"?x {TYPE} {head}", (f"?x {TYPE} {body}",), s=s, o=o)
                yield Rule(name, *made, axioms=((s, predicate, o),))


def _list_rules(schema: Index) -> Iterator[Rule]:
    """Yield those rules of table 6 that speak of lists of classes or individuals."""
    for class_, head in schema.pairs(f"{OWL}intersectionOf"):
        axioms = ((class_, f"{OWL}intersectionOf", head),)
        members = schema.list_at(head)
        if members:
            all_of = tuple(("?x", TYPE, one) for one in members)
            yield Rule("cls-int1", ("?x", TYPE, class_), all_of, axioms, (head,))
        for one in members:
            yield Rule("cls-int2", ("?x", TYPE, one), (("?x", TYPE, class_),), axioms, (head,))
    for class_, head in schema.pairs(f"{OWL}unionOf"):
        for one in schema.list_at(head):
            axioms = ((class_, f"{OWL}unionOf", head),)
            yield Rule("cls-uni", ("?x", TYPE, class_), (("?x", TYPE, one),), axioms, (head,))
    for class_, head in schema.pairs(f"{OWL}oneOf"):
        for one in schema.list_at(head):
            yield Rule("cls-oo", (one, TYPE, class_), (), ((class_, f"{OWL}oneOf", head),), (head,))


def _restriction_rules(schema: Index) -> Iterator[Rule]:
    """Yield those rules of table 6 that speak of restrictions."""
    for p, c, value, predicate in _restrictions(schema):
        axioms = ((c, f"{OWL}onProperty", p), (c, OWL + predicate, value))
        member, has = ("?x", TYPE, c), ("?x", p, "?y")
        both = (member, has, ("?x", p, "?z"))
        match predicate:
            case "someValuesFrom" if value == THING:
                yield Rule("cls-svf2", member, (has,), axioms)
            case "someValuesFrom":
                yield Rule("cls-svf1", member, (has, ("?y", TYPE, value)), axioms)
            case "allValuesFrom":
                yield Rule("cls-avf", ("?y", TYPE, value), (member, has), axioms)
            case "hasValue":
                yield Rule("cls-hv1", ("?x", p, value), (member,), axioms)
                yield Rule("cls-hv2", member, (("?x", p, value),), axioms)
            case "maxCardinality" if number_in(value) == 1:
                yield Rule("cls-maxc2", ("?y", SAME, "?z"), both, axioms)
            case "maxQualifiedCardinality" if number_in(value) == 1:
                for of in schema.objects(c, f"{OWL}onClass"):
                    typed = () if of == THING else (("?y", TYPE, of), ("?z", TYPE, of))
                    name = "cls-maxqc4" if of == THING else "cls-maxqc3"
                    yield Rule(name, ("?y", SAME, "?z"), (*both, *typed), (*axioms, (c, f"{OWL}onClass", of)))


def bans_of(schema: Index) -> tuple[Ban, ...]:
    """Return what the axioms of an ontology forbid (tables 4 to 8: the rules whose head is `false`)."""
    return tuple(dict.fromkeys((*_property_bans(schema), *_class_bans(schema), *_equality_bans(schema))))


def _property_bans(schema: Index) -> Iterator[Ban]:
    for p in schema.subjects(TYPE, f"{OWL}IrreflexiveProperty"):
        axioms: tuple[Triple, ...] = ((p, TYPE, f"{OWL}IrreflexiveProperty"),)
        yield Ban("prp-irp", (("?x", p, "?x"),), f"{{a:{p}}} is irreflexive: nothing has it to itself", axioms=axioms)
    for p in schema.subjects(TYPE, f"{OWL}AsymmetricProperty"):
        axioms = ((p, TYPE, f"{OWL}AsymmetricProperty"),)
        sentence = f"{{a:{p}}} is asymmetric: it cannot hold both ways"
        yield Ban("prp-asyp", (("?x", p, "?y"), ("?y", p, "?x")), sentence, axioms=axioms, is_symmetric=True)
    for name, one, other, axioms in (
        *_stated_pairs(schema, "prp-pdw", "propertyDisjointWith"),
        *_pairs_in(schema, "prp-adp", "AllDisjointProperties"),
    ):
        first, second = sorted((one, other))
        sentence = f"{{a:{first}}} and {{a:{second}}} are disjoint: no two things have both"
        yield Ban(name, (("?x", first, "?y"), ("?x", second, "?y")), sentence, axioms=axioms)
    for node, subject in schema.pairs(f"{OWL}sourceIndividual"):
        for p in schema.objects(node, f"{OWL}assertionProperty"):
            for name, predicate in (("prp-npa1", "targetIndividual"), ("prp-npa2", "targetValue")):
                for value in schema.objects(node, OWL + predicate):
                    sentence = f"it is denied that {{a:{subject}}} has {{a:{p}}} {{a:{value}}}"
                    axioms = ((node, f"{OWL}sourceIndividual", subject), (node, OWL + predicate, value))
                    yield Ban(name, ((subject, p, value),), sentence, focus=subject, axioms=axioms)


def _class_bans(schema: Index) -> Iterator[Ban]:
    yield Ban("cls-nothing2", (("?x", TYPE, NOTHING),), f"nothing is an {{a:{NOTHING}}}")
    for name, one, other, axioms in (
        *_stated_pairs(schema, "cax-dw", "disjointWith"),
        *_pairs_in(schema, "cax-adc", "AllDisjointClasses"),
    ):
        first, second = sorted((one, other))
        sentence = f"{{a:{first}}} and {{a:{second}}} are disjoint, and {{a:?x}} would be both"
        body = tuple(("?x", TYPE, class_) for class_ in dict.fromkeys((first, second)))
        yield Ban(name, body, sentence, axioms=axioms)
    for one, other in schema.pairs(f"{OWL}complementOf"):
        sentence = f"nothing is both {{a:{one}}} and {{a:{other}}}, its complement, and {{a:?x}} would be"
        axioms = ((one, f"{OWL}complementOf", other),)
        yield Ban("cls-com", (("?x", TYPE, one), ("?x", TYPE, other)), sentence, axioms=axioms)
    for p, c, value, predicate in _restrictions(schema):
        held: tuple[Pattern, ...] = (("?x", TYPE, c), ("?x", p, "?y"))
        axioms = ((c, f"{OWL}onProperty", p), (c, OWL + predicate, value))
        if number_in(value) == 0 and predicate == "maxCardinality":
            yield Ban("cls-maxc1", held, f"{{a:?x}} may have no {{a:{p}}}", axioms=axioms)
        if number_in(value) == 0 and predicate == "maxQualifiedCardinality":
            for of in schema.objects(c, f"{OWL}onClass"):
                typed: tuple[Pattern, ...] = () if of == THING else (("?y", TYPE, of),)
                name = "cls-maxqc2" if of == THING else "cls-maxqc1"
                sentence = f"{{a:?x}} may have no {{a:{p}}} that is a {{a:{of}}}"
                yield Ban(name, (*held, *typed), sentence, axioms=(*axioms, (c, f"{OWL}onClass", of)))


def _equality_bans(schema: Index) -> Iterator[Ban]:
    same_and_not = (("?x", SAME, "?y"), ("?x", DIFFERENT, "?y"))
    yield Ban("eq-diff1", same_and_not, "{a:?x} and {a:?y} cannot be the same and different", is_symmetric=True)
    # Of a thing itself it need not be said that it is the same (eq-ref).
    yield Ban("eq-diff1", (("?x", DIFFERENT, "?x"),), "{a:?x} cannot be different from itself")
    for name, predicate in (("eq-diff2", "members"), ("eq-diff3", "distinctMembers")):
        for node in schema.subjects(TYPE, f"{OWL}AllDifferent"):
            for head in schema.objects(node, OWL + predicate):
                sentence = "{a:?x} and {a:?y} are among those that are all different, and would be the same"
                members = frozenset(schema.list_at(head))
                axioms = ((node, OWL + predicate, head),)
                yield Ban(name, (("?x", SAME, "?y"),), sentence, axioms=axioms, ordered=("?x", "?y"), among=members)


def _restrictions(schema: Index) -> Iterator[tuple[str, str, str, str]]:
    """Yield property, restriction, value and the last part of the predicate of each restriction."""
    for predicate in ("someValuesFrom", "allValuesFrom", "hasValue", "maxCardinality", "maxQualifiedCardinality"):
        for c, value in schema.pairs(OWL + predicate):
            for p in schema.objects(c, f"{OWL}onProperty"):
                yield p, c, value, predicate


_Pair = tuple[str, str, str, tuple[Triple, ...]]
"""A rule, two that are disjoint by it, and the axioms that say so."""


def _stated_pairs(schema: Index, rule: str, name: str) -> Iterator[_Pair]:
    for one, other in schema.pairs(OWL + name):
        yield rule, one, other, ((one, OWL + name, other),)


def _pairs_in(schema: Index, rule: str, kind: str) -> Iterator[_Pair]:
    for node in schema.subjects(TYPE, OWL + kind):
        for head in schema.objects(node, f"{OWL}members"):
            for one, other in combinations(schema.list_at(head), 2):
                yield rule, one, other, ((node, f"{OWL}members", head),)


def number_in(literal: str) -> int | None:
    """Return the whole number that a cardinality, given as N-Triples, says."""
    text = literal.partition('"')[2].partition('"')[0]
    return int(text) if literal.startswith('"') and text.isdecimal() else None


def _made(head: str, body: tuple[str, ...], **names: str) -> tuple[Pattern, tuple[Pattern, ...]]:
    """Return patterns from texts, with the names in braces replaced."""
    [made] = _has(head.format(**names))
    return made, _has(*(one.format(**names) for one in body))


MEANINGS: Final = {
    "eq-ref": "everything is the same as itself",
    "eq-sym": "what is the same is so both ways",
    "eq-trans": "what is the same as a third is the same",
    "eq-rep-s": "what holds of a subject holds of what is the same",
    "eq-rep-p": "what holds by a property holds by one that is the same",
    "eq-rep-o": "what holds of an object holds of what is the same",
    "prp-dom": "whatever has a property is of the property's domain",
    "prp-rng": "whatever a property leads to is of the property's range",
    "prp-fp": "a functional property leads to one thing only",
    "prp-ifp": "an inverse functional property leads to a thing from one thing only",
    "prp-symp": "a symmetric property holds both ways",
    "prp-trp": "a transitive property holds over two steps where it holds over each",
    "prp-spo1": "where a property holds, a property above it holds",
    "prp-spo2": "where a chain of properties holds, the property that it implies holds",
    "prp-eqp1": "an equivalent property holds where the first does",
    "prp-eqp2": "an equivalent property holds where the second does",
    "prp-inv1": "an inverse property holds the other way round",
    "prp-inv2": "an inverse property holds the other way round",
    "prp-key": "two that share the values of a key are the same",
    "cls-thing": "everything is a thing",
    "cls-int1": "what is of each class of an intersection is of the intersection",
    "cls-int2": "what is of an intersection is of each of its classes",
    "cls-uni": "what is of a class of a union is of the union",
    "cls-svf1": "what has the property to something of the class is of the restriction",
    "cls-svf2": "what has the property at all is of the restriction",
    "cls-avf": "all that the property leads to from the restriction is of the class",
    "cls-hv1": "what is of the restriction has the value",
    "cls-hv2": "what has the value is of the restriction",
    "cls-maxc2": "where one value is the most, two values are the same",
    "cls-maxqc3": "where one value of a class is the most, two such values are the same",
    "cls-maxqc4": "where one value is the most, two values are the same",
    "cls-oo": "what is listed in a class is of it",
    "cax-sco": "what is of a class is of every class above it",
    "cax-eqc1": "what is of a class is of an equivalent one",
    "cax-eqc2": "what is of a class is of an equivalent one",
}
"""What each rule that concludes something says, in words."""
