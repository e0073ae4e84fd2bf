"""What is said of a validation result when its shape has no `sh:message`: the same whichever engine found it."""

from __future__ import annotations

from typing import Final

from rdflib import SH, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from .engines.results import Result, members

_TEXTS: Final = {
    "Class": ("class", "is not an instance of {}"),
    "Datatype": ("datatype", "is not a literal of the datatype {}, in a form that this has"),
    "NodeKind": ("nodeKind", "is not of the kind {}"),
    "MinCount": ("minCount", "has fewer values than {}"),
    "MaxCount": ("maxCount", "has more values than {}"),
    "MinExclusive": ("minExclusive", "is not greater than {}"),
    "MinInclusive": ("minInclusive", "is less than {}, or cannot be compared with it"),
    "MaxExclusive": ("maxExclusive", "is not less than {}"),
    "MaxInclusive": ("maxInclusive", "is greater than {}, or cannot be compared with it"),
    "MinLength": ("minLength", "is shorter than {} characters, or a blank node"),
    "MaxLength": ("maxLength", "is longer than {} characters, or a blank node"),
    "Pattern": ("pattern", "does not match the pattern {}"),
    "LanguageIn": ("languageIn", "is not a text in one of the languages {}"),
    "UniqueLang": ("uniqueLang", "has two values in one language"),
    "Equals": ("equals", "differs from the values of {}"),
    "Disjoint": ("disjoint", "is also a value of {}"),
    "LessThan": ("lessThan", "is not less than each value of {}"),
    "LessThanOrEquals": ("lessThanOrEquals", "is greater than a value of {}, or cannot be compared with it"),
    "Not": ("not", "conforms to {}, and must not"),
    "And": ("and", "does not conform to all of {}"),
    "Or": ("or", "conforms to none of {}"),
    "Xone": ("xone", "does not conform to exactly one of {}"),
    "Node": ("node", "does not conform to {}"),
    "QualifiedMinCount": ("qualifiedMinCount", "has fewer values than {} that conform to a shape"),
    "QualifiedMaxCount": ("qualifiedMaxCount", "has more values than {} that conform to a shape"),
    "Closed": ("closed", "has a property that its shape does not allow"),
    "HasValue": ("hasValue", "lacks the value {}"),
    "In": ("in", "is not one of {}"),
    "MemberShape": ("memberShape", "is not a list whose members all conform to {}"),
    "MinListLength": ("minListLength", "is not a list of {} members or more"),
    "MaxListLength": ("maxListLength", "is not a list of {} members or fewer"),
    "UniqueMembers": ("uniqueMembers", "is not a list in which no member occurs twice"),
    "SingleLine": ("singleLine", "has more than one line"),
    "SubsetOf": ("subsetOf", "is not a value of {} too"),
    "SomeValue": ("someValue", "has no value that conforms to {}"),
    "ReifierShape": ("reifierShape", "is of a triple whose reifiers do not all conform to {}, or that lacks one"),
}
"""By constraint component (SHACL, section 4; SHACL 1.2 Core, section 7): its parameter, and what is wrong with the
value or the focus node."""

_OF_FOCUS: Final = {
    "MinCount",
    "MaxCount",
    "UniqueLang",
    "QualifiedMinCount",
    "QualifiedMaxCount",
    "HasValue",
    "SomeValue",
    "Closed",
}


def usual_message(shapes: Graph, result: Result) -> str:
    """Return a sentence on what is wrong, with IRIs that are still to be shortened."""
    name = result.component.removeprefix(str(SH)).removesuffix("ConstraintComponent")
    if name not in _TEXTS:
        return f"The constraint <{result.component}> is not met."
    parameter, text = _TEXTS[name]
    operands = ", ".join(
        sorted(_shown(shapes, value) for value in shapes.objects(result.shape, URIRef(f"{SH}{parameter}")))
    )
    where = f" at {_iri(result.path)}" if isinstance(result.path, URIRef) else ""
    who = "The node" if name in _OF_FOCUS else "A value"
    return f"{who}{where} {text.format(operands)}."


def _shown(shapes: Graph, value: Node) -> str:
    listed = members(shapes, value) if isinstance(value, BNode) else None
    if listed is not None:
        return f"({', '.join(_shown(shapes, member) for member in listed)})"
    if isinstance(value, BNode):
        return "a shape without a name"
    return _iri(value) if isinstance(value, URIRef) else repr(str(value)) if not _is_number(value) else str(value)


def _is_number(value: Node) -> bool:
    return isinstance(value, Literal) and isinstance(value.value, int) and not isinstance(value.value, bool)


def _iri(node: Node | None) -> str:
    return f"<{node}>"
