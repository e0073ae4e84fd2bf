"""What is around an entity."""

from __future__ import annotations

from server.similarity.linking import linked
from server.similarity.records import Described


def test_edges_count_from_both_ends_and_only_those_in_use_make_neighbours() -> None:
    a, b, c = (Described(f"urn:{name}", name, (), "") for name in "abc")
    edges = [
        {"subject": "urn:a", "object": "urn:b", "status": "active"},
        {"subject": "urn:c", "object": "urn:a", "status": "retracted"},
        {"subject": "urn:c", "object": "urn:b", "status": "contested"},
    ]
    identifiers = [{"entity": "urn:a", "property": "http://purl.org/ontology/bibo/doi", "value": "10.1000/X"}]
    identifiers[0]["address"] = "https://doi.org/{value}"
    classes = [{"entity": "urn:a", "class": kind} for kind in ("urn:Thing", "urn:Boat")]
    first, second, third = linked([a, b, c], edges, identifiers, classes, ("active", "contested"))
    assert (first.neighbours, first.joined) == ({"urn:b"}, {"urn:b", "urn:c"})
    assert (second.neighbours, second.joined) == ({"urn:a", "urn:c"}, {"urn:a", "urn:c"})
    assert (third.neighbours, third.joined) == ({"urn:b"}, {"urn:a", "urn:b"})
    assert (first.identifiers, second.identifiers) == ({"doi:10.1000/x"}, frozenset())
    assert first.names == ("a",)
    assert (first.kind, second.kind) == ("urn:Boat", "")
