"""What of axioms and facts can take part in a contradiction. Of a large ontology that is little, of its data too.

It is looked for backward from what is forbidden: a predicate or a class is wanted if a rule leads from it to one that
is wanted. Then forward from the facts that are left: it is reached if a rule whose whole body is reached leads to it.
Only predicates and classes are looked at, never nodes, so that too much may be kept and nothing is missed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from ..namespaces import OWL, RDF, RDFS
from .facts import DIFFERENT, LOGIC, NODE, SAME, TYPE, Facts, Triple, triple_of, written
from .fast import KINDS, PREDICATES
from .index import Index, Pattern
from .literals import is_datatype
from .rules import EQUALITY, NOTHING, THING, Ban, Rule, bans_of, rules_of

_Key = tuple[str, str]
"""A predicate, and for `rdf:type` the class; else nothing."""

_DECLARATIONS: Final = frozenset(
    (
        *(OWL + name for name in ("AnnotationProperty", "ObjectProperty", "DatatypeProperty", "Class", "Restriction")),
        *(OWL + name for name in ("NamedIndividual", "Ontology", "Axiom", "NegativePropertyAssertion")),
        *(RDFS + name for name in ("Class", "Datatype")),
        *(RDF + name for name in ("Property", "List")),
    )
)
"""Kinds that only say what a term is."""
_QUIET: Final = frozenset((f"{RDFS}isDefinedBy", f"{RDFS}seeAlso", f"{OWL}versionIRI", f"{OWL}priorVersion"))
_UPWARD: Final = frozenset((f"{RDFS}subClassOf", f"{RDFS}subPropertyOf"))
_BETWEEN_RESTRICTIONS: Final = ("someValuesFrom", "allValuesFrom", "hasValue")
"""Restrictions of each of these may be under each other (scm-svf, scm-avf, scm-hv)."""
_OF_INDIVIDUALS: Final = ("hasValue", "oneOf", "sourceIndividual", "targetIndividual", "members", "distinctMembers")
_PARTS: Final = frozenset(
    OWL + name
    for name in (
        *("onProperty", "onClass", "maxCardinality", "maxQualifiedCardinality", "members", "distinctMembers"),
        *("sourceIndividual", "assertionProperty", "targetIndividual", "targetValue"),
    )
)
"""What belongs to an axiom that takes several triples."""
_WITHOUT_RULES: Final = frozenset(
    OWL + name
    for name in (
        *("cardinality", "qualifiedCardinality", "minCardinality", "minQualifiedCardinality", "hasSelf"),
        *("disjointUnionOf", "withRestrictions", "datatypeComplementOf", "ReflexiveProperty"),
    )
)
"""What forbids something in OWL 2, and of which OWL 2 RL has no rule."""


def without_rules(axioms: Iterable[Triple]) -> list[str]:
    """Return the terms in axioms that forbid something and of which OWL 2 RL has no rule, sorted."""
    return sorted({term for _, predicate, value in axioms for term in (predicate, value)} & _WITHOUT_RULES)


def relevant(facts: Facts) -> Facts:
    """Return what can take part in a contradiction; all that is given, where that cannot be told.

    Facts speak of a class or a property by its name after NODE.
    """
    axioms = [axiom for axiom in facts.axioms if _has_rule(axiom)]
    if any(subject.startswith(LOGIC) for subject, _, _ in axioms):
        return facts  # an axiom about the logic's own terms changes the logic
    index = Index(axioms)
    rules = [rule for rule in rules_of(index) if rule not in EQUALITY]
    wanted = _wanted(index, rules)
    if (TYPE, THING) in wanted:
        return facts
    axioms = [axiom for axiom in axioms if not _leads_nowhere(axiom, wanted)]
    triples = [triple for line in facts.lines if _key(triple := triple_of(line)) in wanted]
    terms = _terms(axioms)
    spoken_of = terms & {node for triple in triples for node in _nodes(triple)}
    if spoken_of:
        equates = any(rule.head[1] == SAME for rule in rules) or any(p == SAME for _, p, _ in (*axioms, *triples))
        if equates or spoken_of & _individuals(index):
            return facts  # what holds of the thing may hold of the class or the property
        triples = [_renamed(triple, spoken_of) for triple in triples]
    reached, fired = _reached(triples, [rule for rule in rules if _key(rule.head) in wanted])
    broken = [ban for ban in bans_of(index) if all(_key(pattern) in reached for pattern in ban.body)]
    if not broken and (SAME, "") not in reached and not any(is_datatype(name) for _, name in reached):
        return replace(facts, axioms=[], lines=[], entities=set())
    # A restriction may be under another by what lies between the classes and properties of both.
    if not any((TYPE, one) in reached & wanted for one in _alike(index)):
        axioms = _made_of(index, fired, broken)
    lines = sorted({written(triple) for triple in triples})
    entities = {f"<{node}>" for triple in triples for node in _nodes(triple)}
    return replace(facts, axioms=axioms, lines=lines, entities=entities)


def _key(pattern: Pattern) -> _Key:
    return pattern[1], pattern[2] if pattern[1] == TYPE else ""


def _has_rule(axiom: Triple) -> bool:
    _, predicate, value = axiom
    if predicate == TYPE:
        return value not in _DECLARATIONS and (value in KINDS or not value.startswith(LOGIC))
    return predicate in PREDICATES - _QUIET


def _leads_nowhere(axiom: Triple, wanted: set[_Key]) -> bool:
    """Tell whether what an axiom concludes is of a term of the logic itself, such as `owl:topObjectProperty`."""
    _, predicate, value = axiom
    is_wanted = value in {THING, NOTHING} or (value, "") in wanted or (TYPE, value) in wanted
    return predicate in _UPWARD and value.startswith(LOGIC) and not is_wanted


def _wanted(index: Index, rules: list[Rule]) -> set[_Key]:
    """Return the predicates and classes of which a contradiction may follow."""
    by_head: defaultdict[_Key, list[Rule]] = defaultdict(list)
    for rule in rules:
        by_head[_key(rule.head)].append(rule)
    alike = _alike(index)
    wanted: set[_Key] = set()
    rest = [_key(pattern) for ban in bans_of(index) for pattern in ban.body]
    rest += [(SAME, ""), (DIFFERENT, "")]
    rest += [(TYPE, value) for _, _, value in index if is_datatype(value)]
    while rest:
        key = rest.pop()
        if key in wanted:
            continue
        wanted.add(key)
        rest += [_key(pattern) for rule in by_head[key] for pattern in rule.body]
        rest += [(TYPE, other) for other in alike.get(key[1], ())]
    return wanted


def _reached(triples: list[Triple], rules: list[Rule]) -> tuple[set[_Key], list[Rule]]:
    """Return the predicates and classes that facts may have by rules, and the rules that may be used for that."""
    reached = {_key(triple) for triple in triples}
    by_body: defaultdict[_Key, list[int]] = defaultdict(list)
    missing = [{_key(pattern) for pattern in rule.body} for rule in rules]
    for at, keys in enumerate(missing):
        for key in keys:
            by_body[key].append(at)
    fired = [at for at, keys in enumerate(missing) if not keys]
    rest = [*reached, *(_key(rules[at].head) for at in fired)]
    seen: set[_Key] = set()
    while rest:
        key = rest.pop()
        if key in seen:
            continue
        seen.add(key)
        for at in by_body[key]:
            missing[at].discard(key)
            if not missing[at]:
                fired.append(at)
                rest.append(_key(rules[at].head))
    return seen, [rules[at] for at in fired]


def _made_of(index: Index, rules: list[Rule], bans: list[Ban]) -> list[Triple]:
    """Return the axioms of which some rules and bans are made."""
    found = dict.fromkeys(
        [*(axiom for rule in rules for axiom in rule.axioms), *(axiom for ban in bans for axiom in ban.axioms)]
    )
    found |= dict.fromkeys(
        (node, *said)
        for node in {node for node, _, _ in found}
        for said in index.about(node)
        if said[0] in _PARTS or (said[0] == TYPE and said[1].startswith(LOGIC))
    )
    heads = {value for _, _, value in found} | {head for rule in rules for head in rule.lists}
    return [*found, *(triple for head in heads for triple in index.list_triples(head))]


def _alike(index: Index) -> Mapping[str, frozenset[str]]:
    """Return the restrictions of one kind, by each of them."""
    kinds = [frozenset(c for c, _ in index.pairs(OWL + name)) for name in _BETWEEN_RESTRICTIONS]
    return {one: kind for kind in kinds for one in kind}


def _terms(axioms: list[Triple]) -> set[str]:
    """Return the classes and properties of axioms, and all else that these name."""
    return {
        term
        for subject, predicate, value in axioms
        for term in ((subject, value) if predicate not in {SAME, DIFFERENT} else ())
        if not term.startswith(('"', *LOGIC))
    }


def _individuals(index: Index) -> set[str]:
    """Return what axioms name as a thing."""
    values = {value for name in _OF_INDIVIDUALS for _, value in index.pairs(OWL + name)}
    return values | {member for value in values for member in index.list_at(value)}


def _nodes(triple: Triple) -> Iterator[str]:
    """Yield the things of which a fact speaks."""
    yield triple[0]
    if triple[1] != TYPE:
        yield triple[2]


def _renamed(triple: Triple, names: set[str]) -> Triple:
    subject, predicate, value = triple
    subject = NODE + subject if subject in names else subject
    return subject, predicate, NODE + value if value in names and predicate != TYPE else value
