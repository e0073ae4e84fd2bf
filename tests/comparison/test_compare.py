"""What became of entities and edges, in a curator's words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph

from server.comparison.compare import Side, compare
from server.comparison.records import Change, Difference, EdgeChange, NodeChange, Value
from tests.comparison.samples import NAMESPACES, differ, edge, edge_name, entity, side

A = entity("concept:a", "Alpha", "The first of them.")
B = entity("concept:b", "Beta", "The second of them.")
C = entity("concept:c", "Gamma", "The third of them.")


def fates(nodes: tuple[NodeChange, ...]) -> dict[str, str]:
    return {node.name: node.change.value for node in nodes}


def edge_fates(edges: tuple[EdgeChange, ...]) -> list[tuple[str, str, str, str]]:
    return [(edge.change.value, edge.subject, edge.predicate, edge.object) for edge in edges]


def changes(node: NodeChange | EdgeChange) -> dict[str, tuple[list[str], list[str]]]:
    return {
        one.property: ([value.text for value in one.removed], [value.text for value in one.added])
        for one in node.properties
    }


def test_an_entity_is_added_removed_and_changed() -> None:
    found = differ(A + B, A.replace("first of them", "best of them") + C)
    assert fates(found.entities) == {"concept:a": "changed", "concept:b": "removed", "concept:c": "added"}
    changed = next(node for node in found.entities if node.name == "concept:a")
    assert changes(changed) == {"skos:definition": (["The first of them."], ["The best of them."])}
    assert (changed.label, changed.type, changed.iri) == ("Alpha", "akb:Concept", NAMESPACES.expand("concept:a"))


def test_everything_that_is_said_of_a_new_entity_is_listed() -> None:
    [added] = differ("", A).entities
    assert changes(added) == {
        "akb:status": ([], ["akbv:active"]),
        "dcterms:identifier": ([], ["concept:a"]),
        "rdf:type": ([], ["akb:Concept"]),
        "skos:definition": ([], ["The first of them."]),
        "skos:prefLabel": ([], ["Alpha"]),
    }


def test_form_is_no_difference() -> None:
    """Order, prefixes, comments, abbreviations, and in which file a statement stands."""
    before = {"kb/concept/a.ttl": A + edge("concept:a", "akb:extends", "concept:b"), "kb/concept/b.ttl": B}
    after = {
        "kb/concept/a.ttl": B + "# a comment\n",
        "kb/concept/b.ttl": edge("concept:a", "akb:extends", "concept:b") + A,
    }
    found = differ(before, after)
    assert not found
    assert found.touched == 2


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"x"@en', '"x"@de'),
        ('"x"@en', '"x"'),
        ("1", "1.0"),
        ('"1"', "1"),
        ('"0.20"^^xsd:decimal', "0.2"),
        ('"x "', '"x"'),
    ],
)
def test_literals_differ_in_every_part_of_them(old: str, new: str) -> None:
    """RDF 1.1 Concepts, section 3.3: literal term equality."""
    [node] = differ(A + f"concept:a skos:note {old} .", A + f"concept:a skos:note {new} .").entities
    [one] = node.properties
    assert one.removed != one.added
    assert len(one.removed) == len(one.added) == 1


def test_an_edge_is_added_and_removed_with_its_plain_triple() -> None:
    one, two = (
        edge("concept:a", "akb:extends", "concept:b", note="One."),
        edge("concept:a", "akb:requires", "concept:c"),
    )
    found = differ(A + one, A + two)
    assert not found.entities, "the plain triples belong to the edges"
    assert edge_fates(found.edges) == [
        ("removed", "concept:a", "akb:extends", "concept:b"),
        ("added", "concept:a", "akb:requires", "concept:c"),
    ]
    assert found.edges[1].note == "A note."
    assert found.edges[1].status == "akbv:active"


def test_an_edge_changes_note_status_locator_and_confidence() -> None:
    old = edge(
        "concept:a", "akb:extends", "concept:b", status="draft", more='; akb:confidence 0.7 ; akb:locator "p. 1" '
    )
    new = edge("concept:a", "akb:extends", "concept:b", note="Why.", more='; akb:confidence 0.8 ; akb:locator "p. 2" ')
    found = differ(A + old, A + new)
    assert not found.entities
    [changed] = found.edges
    assert changed.change is Change.CHANGED
    assert changes(changed) == {
        "akb:confidence": (["0.7"], ["0.8"]),
        "akb:locator": (["p. 1"], ["p. 2"]),
        "akb:note": (["A note."], ["Why."]),
        "akb:status": (["akbv:draft"], ["akbv:active"]),
    }


def test_a_plain_triple_that_comes_or_goes_without_its_edge_is_shown() -> None:
    whole = edge("concept:a", "akb:extends", "concept:b")
    torn = whole.split("\n", 1)[1]
    for old, new, expected in ((whole, torn, (["concept:b"], [])), (torn, whole, ([], ["concept:b"]))):
        found = differ(A + old, A + new)
        assert [changes(node) for node in found.entities] == [{"akb:extends": expected}]
        assert not found.edges


def test_a_predicate_or_source_of_an_edge_changes() -> None:
    """The edge gets another IRI by that, and is the same edge to its reader."""
    old = edge("concept:a", "akb:extends", "concept:b", "paper:p")
    for new, expected in (
        (edge("concept:a", "akb:requires", "concept:b", "paper:p", note="New."), "akb:predicate"),
        (edge("concept:a", "akb:extends", "concept:b", "paper:q", note="New."), "akb:assertedIn"),
        (edge("concept:a", "akb:extends", "concept:c", "paper:p"), "akb:object"),
        (edge("concept:b", "akb:extends", "concept:a", "paper:p"), "akb:subject"),
    ):
        [changed] = differ(A + old, A + new).edges
        assert changed.change is Change.CHANGED, expected
        assert expected in changes(changed)
        assert changed.was == edge_name("concept:a", "akb:extends", "concept:b", "paper:p")


def test_another_edge_of_the_same_source_is_no_change_of_one() -> None:
    old = edge("concept:a", "akb:extends", "concept:b", "paper:p", note="One.")
    new = edge("concept:a", "akb:extends", "concept:c", "paper:p", note="Another.")
    assert sorted(one.change for one in differ(A + old, A + new).edges) == ["added", "removed"]


def test_an_entity_is_renamed_and_its_references_follow() -> None:
    def base(name: str) -> dict[str, str]:
        return {
            f"kb/concept/{name}.ttl": entity(f"concept:{name}", "Alpha", "The first.")
            + edge(f"concept:{name}", "akb:extends", "concept:b")
            + edge("concept:b", "akb:analogousTo", f"concept:{name}"),
            "kb/concept/b.ttl": entity("concept:b", "Beta", "The second.", f"; dcterms:relation concept:{name} "),
        }

    found = differ(base("a"), base("z"))
    assert fates(found.entities) == {"concept:z": "renamed", "concept:b": "moved"}
    renamed = found.entities[0]
    assert (renamed.was, renamed.properties) == ("concept:a", ())
    assert [one.change for one in found.edges] == [Change.MOVED] * 2
    assert all(property_.follows for one in found.edges for property_ in one.properties)


def test_a_renamed_entity_may_have_changed_besides() -> None:
    new = entity("concept:z", "Alpha", "The first of all.", "; skos:altLabel 'A'")
    [renamed] = differ(A, new).entities
    assert (renamed.change, renamed.was) == (Change.RENAMED, "concept:a")
    assert changes(renamed) == {
        "skos:altLabel": ([], ["A"]),
        "skos:definition": (["The first of them."], ["The first of all."]),
    }


def test_an_edge_that_changed_besides_following_is_changed() -> None:
    old = A + edge("concept:a", "akb:extends", "concept:b", note="One.")
    new = A.replace("concept:a", "concept:z") + edge("concept:z", "akb:extends", "concept:b", note="Two.")
    [changed] = differ(old, new).edges
    assert changed.change is Change.CHANGED
    assert {one.property: one.follows for one in changed.properties} == {"akb:note": False, "akb:subject": True}


def test_a_symmetric_edge_whose_ends_swap_by_a_new_name_follows() -> None:
    old = A + edge("concept:a", "akb:associatedWith", "concept:b")
    new = A.replace("concept:a", "concept:z") + edge("concept:b", "akb:associatedWith", "concept:z")
    [moved] = differ(old, new).edges
    assert moved.change is Change.MOVED


def test_a_change_of_class_is_a_new_name_too() -> None:
    new = A.replace("concept:a", "method:a").replace("akb:Concept", "akb:Method")
    [renamed] = differ(A, new).entities
    assert (renamed.change, renamed.was) == (Change.RENAMED, "concept:a")
    assert changes(renamed) == {"rdf:type": (["akb:Concept"], ["akb:Method"])}


def test_two_drafts_alike_in_form_alone_are_not_one_renamed() -> None:
    assert fates(differ(A, C).entities) == {"concept:a": "removed", "concept:c": "added"}


def test_of_several_likely_ones_the_likest_is_taken() -> None:
    near, same = A.replace("concept:a", "concept:y").replace("first", "1st"), A.replace("concept:a", "concept:x")
    assert fates(differ(A, near + same).entities) == {"concept:x": "renamed", "concept:y": "added"}


def test_an_entity_is_merged_and_its_edges_go_to_the_other() -> None:
    old = A + B + edge("concept:c", "akb:extends", "concept:a")
    gone = A.replace("akbv:active", "akbv:merged ; owl:deprecated true ; akb:mergedInto concept:b")
    found = differ(old, gone + B + edge("concept:c", "akb:extends", "concept:b"))
    [merged] = found.entities
    assert (merged.change, merged.name, merged.into) == (Change.MERGED, "concept:a", "concept:b")
    assert [one.change for one in found.edges] == [Change.MOVED]


def test_an_entity_is_retired_and_restored() -> None:
    retired = A.replace("akbv:active", "akbv:deprecated ; owl:deprecated true")
    assert fates(differ(A, retired).entities) == {"concept:a": "retired"}
    assert fates(differ(retired, A).entities) == {"concept:a": "restored"}


def test_terms_shapes_and_other_files_change() -> None:
    term, shape = "akb:Novel a owl:Class ; rdfs:label {0} .", "<x:s> a sh:NodeShape ; sh:property [ sh:minCount {0} ] ."
    found = differ(
        {
            "ontology/akb.ttl": term.format("'a'"),
            "shapes/s.ttl": shape.format(1),
            "shapes/rules/r.rq": "1",
            "ontology/c": "c",
        },
        {
            "ontology/akb.ttl": term.format("'b'"),
            "shapes/s.ttl": shape.format(2),
            "shapes/rules/r.rq": "2",
            "shapes/d": "d",
        },
    )
    assert fates(found.ontology) == {"akb:Novel": "changed"}
    [changed] = found.shapes
    assert changes(changed) == {
        "sh:property": (['[ sh:minCount "1"^^xsd:integer ]'], ['[ sh:minCount "2"^^xsd:integer ]'])
    }
    assert [(one.change.value, one.path) for one in found.files] == [
        ("removed", "ontology/c"),
        ("added", "shapes/d"),
        ("changed", "shapes/rules/r.rq"),
    ]
    assert not found.entities


# ---- what holds for every two bases ----

NAMES = st.sampled_from(["concept:a", "concept:b", "method:c", "paper:d"])
TEXTS = st.sampled_from(["", "One.", "Two words.", "Three more words."])
ENTITIES = st.builds(
    lambda name, label, definition, retired: entity(name, label, definition, "; owl:deprecated true " * retired),
    NAMES,
    TEXTS,
    TEXTS,
    st.booleans(),
)
EDGES = st.builds(
    lambda s, p, o, source, note, status, plain: edge(s, p, o, source, note=note, status=status).split("\n", 1)[
        not plain
    ],
    NAMES,
    st.sampled_from(["akb:extends", "akb:associatedWith"]),
    NAMES,
    st.sampled_from(["", "paper:d"]),
    TEXTS,
    st.sampled_from(["active", "draft"]),
    st.booleans(),
)
LOOSE = st.sampled_from(["concept:a skos:note 1 .\n", "<x:y> <x:z> <x:y> .\n", "akb:t a owl:Class .\n", ""])
BASES = st.dictionaries(
    st.sampled_from(["kb/concept/a.ttl", "kb/paper/d.ttl", "ontology/akb.ttl", "shapes/s.ttl"]),
    st.lists(ENTITIES | EDGES | LOOSE, max_size=4).map("".join),
)


def lines(difference_or_files: dict[str, str]) -> set[str]:
    """Every statement of a base, as N-Triples."""
    return {f"{s.n3()} {p.n3()} {o.n3()} ." for file in side(difference_or_files).files for s, p, o in file.graph}


@given(BASES)
def test_a_base_does_not_differ_from_itself(base: dict[str, str]) -> None:
    assert not differ(base, base)
    assert not differ(base, dict(reversed(base.items())))


@given(BASES, BASES)
def test_what_is_removed_and_added_makes_one_base_of_the_other(old: dict[str, str], new: dict[str, str]) -> None:
    found = differ(old, new)
    assert set(found.removed) <= lines(old)
    assert (lines(old) - set(found.removed)) | set(found.added) == lines(new)
    Graph().parse(data="\n".join([*found.removed, *found.added]), format="nt")


@given(BASES, BASES)
def test_a_difference_is_shown_exactly_when_statements_differ(old: dict[str, str], new: dict[str, str]) -> None:
    found = differ(old, new)
    moved = {folder: lines(part(old, folder)) != lines(part(new, folder)) for folder in ("kb", "ontology", "shapes")}
    assert bool(found) == any(moved.values())
    assert bool(found.entities or found.edges) == moved["kb"]
    assert bool(found.ontology) == moved["ontology"]
    assert bool(found.shapes) == moved["shapes"]


def part(base: dict[str, str], folder: str) -> dict[str, str]:
    return {path: text for path, text in base.items() if path.startswith(folder)}


@given(BASES, BASES)
def test_the_way_back_mirrors_the_way_there(old: dict[str, str], new: dict[str, str]) -> None:
    there, back = differ(old, new), differ(new, old)
    assert (there.added, there.removed) == (back.removed, back.added)

    def removed(found: Difference) -> set[str]:
        return {node.name for node in found.entities if node.change is Change.REMOVED}

    def added(found: Difference) -> set[str]:
        return {node.name for node in found.entities if node.change is Change.ADDED}

    assert removed(there) == added(back)


def test_the_base_of_this_repository_does_not_differ_from_itself(base: object) -> None:
    one = Side("one", (*base.files, *base.ontology_files))
    assert not compare(one, one, NAMESPACES)
    nothing = compare(Side("none"), one, NAMESPACES)
    assert len(nothing.entities) >= 60
    assert len(nothing.edges) >= 100
    assert {value for node in nothing.entities for change in node.properties for value in change.removed} == set()
    assert Value("akb:Concept", NAMESPACES.expand("akb:Concept")) in {
        value for node in nothing.entities for change in node.properties for value in change.added
    }
