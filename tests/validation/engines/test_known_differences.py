"""Where the engines differ the quick one is right: the smallest example of each, with the clause that decides it."""

from __future__ import annotations

import pytest

from server.turtle.parsing import parse
from server.validation.engines import fast, reference
from server.validation.engines.results import Request

from .generating import HEAD

pytestmark = [
    pytest.mark.skipif(not fast.is_installed(), reason="the package shacl has no wheel for this platform"),
    pytest.mark.filterwarnings("ignore:Parsing weird boolean"),
]


@pytest.mark.parametrize(
    ("constraint", "value", "found"),
    [
        # RDF 1.1 Concepts, section 5: white space around a number is not in its lexical form, nor are other digits.
        ("sh:datatype xsd:integer", '" 1 "^^xsd:integer', True),
        ("sh:datatype xsd:integer", '"\\u0661"^^xsd:integer', True),
        # XML Schema 1.1, part 2, sections 3.3.3 to 3.3.6: decimals have no exponent; NaN has capitals.
        ("sh:datatype xsd:decimal", '"1e3"^^xsd:decimal', True),
        ("sh:datatype xsd:double", '"nan"^^xsd:double', True),
        # Sections 3.3.7 to 3.3.9: dates and times have all their parts; years may be long or negative.
        ("sh:datatype xsd:dateTime", '"2024-01-01"^^xsd:dateTime', True),
        ("sh:datatype xsd:date", '"2024-01-01T00:00:00Z"^^xsd:date', True),
        ("sh:datatype xsd:date", '"-0044-03-15"^^xsd:date', False),
        ("sh:datatype xsd:time", '"12:00"^^xsd:time', True),
        ("sh:datatype xsd:dateTime", '"2024-01-01T24:00:00"^^xsd:dateTime', False),
        ("sh:datatype xsd:duration", '"P1W"^^xsd:duration', True),
        # SHACL, section 4.3: values that cannot be compared break the constraint.
        ("sh:maxExclusive 2", "true", True),
        ("sh:minInclusive 1.5", '"x"^^:own', True),
        # SHACL, section 4.5.3: likewise, and IRIs have no order.
        ("sh:lessThan :q", ":a", True),
        # SHACL, section 4.4.1: a blank node breaks it, whatever the length.
        ("sh:minLength 0", "_:b", True),
    ],
)
def test_the_quick_engine_follows_the_specification(constraint: str, value: str, found: bool) -> None:
    data = parse(HEAD + f":n :p {value} ; :q :z .").serialize(format="nt")
    shapes = parse(HEAD + f":s sh:targetNode :n ; sh:property [ sh:path :p ; {constraint} ] .")
    asked = Request(data, parse(""), shapes)
    assert bool(fast.validate(asked)) is found
    assert bool(reference.validate(asked)) is not found, "pyshacl has been mended: take this case away"
