"""What ontology and shapes together say of a property, and which statuses are in use."""

from __future__ import annotations

from rdflib import Graph

from server.namespaces import AKB, BIBO, DCTERMS, SKOS, Namespaces
from server.schema.reading import read_schema
from server.schema.schema import Schema
from server.turtle.parsing import parse

NAMESPACES = Namespaces()
PREFIXES = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in NAMESPACES.prefixes().items()) + (
    "@prefix dash: <http://datashapes.org/dash#> .\n@prefix : <https://own.test/ontology#> .\n"
)
CLASSES = "akb:Entity a owl:Class . :Thing a owl:Class ; rdfs:subClassOf akb:Entity .\n"


def vocabulary_with(ontology: str, shapes: str) -> Schema:
    return read_schema(graph_of(CLASSES + ontology), graph_of(shapes), NAMESPACES)


def graph_of(text: str) -> Graph:
    return parse(PREFIXES + text)


def test_facts_come_in_the_order_of_the_shapes_and_then_by_name() -> None:
    ontology = "".join(
        f':{name} a owl:DatatypeProperty ; rdfs:range xsd:string ; rdfs:label "{name} label"@en .\n'
        for name in ("a", "b", "c", "d", "unshaped")
    )
    shapes = """
        :Shape a sh:NodeShape ; sh:targetClass :Thing ; sh:property :sa, :sb, :sc, :sd, :label .
        :sa sh:path :a . :sb sh:path :b ; sh:order 7 ; sh:name "Zwei"@de, "Bee"@en . :sc sh:path :c ; sh:order 2.5 .
        :sd sh:path :d ; sh:name "A name"@en .
        :label sh:path skos:prefLabel ; sh:order 1 .
    """
    facts = vocabulary_with(ontology, shapes).facts.values()
    assert [(term.name, term.order) for term in facts] == [
        *(("c label", 2.5), ("Bee", 7.0)),
        *(("A name", None), ("a label", None), ("unshaped label", None)),
    ]


def test_shapes_of_what_is_no_entity_make_no_facts() -> None:
    found = vocabulary_with(
        ":p a owl:DatatypeProperty . :Other a owl:Class .",
        ":Shape a sh:NodeShape ; sh:targetClass :Other ; sh:property [ sh:path :p ; sh:order 1 ] .",
    )
    assert not found.facts


def test_how_many_values_there_may_be() -> None:
    found = vocabulary_with(
        ":f a owl:DatatypeProperty, owl:FunctionalProperty . :p a owl:DatatypeProperty . :q a owl:DatatypeProperty .",
        """:Shape a sh:NodeShape ; sh:targetClass :Thing ; sh:property
            [ sh:path :p ; sh:maxCount 1 ], [ sh:path :q ; sh:maxCount 2 ], [ sh:path :text ; sh:uniqueLang true ] .""",
    )
    own = "https://own.test/ontology#"
    many = {name: found.is_many(own + name) for name in ("f", "p", "q", "text", "unheard-of")}
    assert many == {"f": False, "p": False, "q": True, "text": False, "unheard-of": True}
    assert not found.is_many(f"{SKOS}prefLabel"), "an entity has one label in each language, whatever the shapes say"
    assert found.is_many(f"{SKOS}altLabel")


def test_what_values_are() -> None:
    shapes = """:Shape a sh:NodeShape ; sh:targetClass :Thing ; sh:property
        [ sh:path :iri ; sh:nodeKind sh:IRI ], [ sh:path :text ; sh:datatype rdf:langString ],
        [ sh:path :date ; sh:or ( [ sh:datatype xsd:date ] [ sh:datatype xsd:gYear ] ) ],
        [ sh:path :code ; sh:in ( :x ) ], [ sh:path :plain ] ."""
    found = vocabulary_with(':x skos:inScheme :scheme ; skos:notation "x" .', shapes)
    assert not found.properties, "the ontology declares none of them"
    kinds = {term.key: (term.values, len(term.datatypes), bool(term.scheme)) for term in found.borrowed.values()}
    assert kinds == {
        "iri": ("iri", 0, False),
        "text": ("text", 1, False),
        "date": ("literal", 2, False),
        "code": ("iri", 0, True),
        "plain": ("literal", 0, False),
    }
    assert found.codes == {"https://own.test/ontology#scheme": {"x": "https://own.test/ontology#x"}}


def test_what_our_own_base_says(schema: Schema) -> None:
    doi = schema.properties[f"{BIBO}doi"]
    assert (doi.name, doi.is_identifying, doi.is_many) == ("DOI", True, False)
    assert doi.address_of("10.1/x") == "https://doi.org/10.1/x"
    assert not schema.properties[f"{SKOS}closeMatch"].is_identifying
    assert tuple(schema.in_use.values()) == ("active", "contested")
    assert schema.statuses_of_new_edges == ("draft", "active", "contested")
    known = {term.notation for term in schema.page_classes if term.is_known_elsewhere}
    works = {"paper", "post", "book", "report", "venue"}
    assert known == works | {"thinker", "framework", "method", "concept", "artifact"}
    assert set(schema.edge_facts) == {
        *(f"{AKB}{name}" for name in ["agentType", "confidence", "locator", "note", "sourceVersion", "status"]),
        *(f"{AKB}{name}" for name in ["basis", "from", "quotedText", "reviewer", "stance", "until"]),
        f"{DCTERMS}issued",
    }


def test_limits_are_those_of_all_shapes_of_the_class_and_above() -> None:
    found = vocabulary_with(
        ":p a owl:DatatypeProperty . :Small a owl:Class ; rdfs:subClassOf :Thing .",
        """:A a sh:NodeShape ; sh:targetClass :Thing ; sh:property
            [ sh:path :p ; sh:minCount 1 ; sh:maxLength 40 ; sh:pattern "a" ; sh:maxInclusive 3 ] .
        :B a sh:NodeShape ; sh:targetClass :Small ; sh:property [ sh:path :p ; sh:maxLength 7 ; sh:in ( :x :y ) ],
            [ sh:path :q ; sh:maxCount 0 ], [ sh:path :p ; sh:maxLength 2 ; sh:severity sh:Warning ] .""",
    )
    own = "https://own.test/ontology#"
    above, below = (found.limits_of(f"{own}p", own + name) for name in ("Thing", "Small"))
    assert (above.is_required, above.longest, above.patterns, above.most, above.codes) == (True, 40, ("a",), 3, None)
    assert (below.longest, below.patterns, below.codes) == (7, ("a",), (f"{own}x", f"{own}y"))
    assert found.limits_of(f"{own}q", f"{own}Small").is_forbidden
    assert not found.limits_of(f"{own}q", f"{own}Thing").is_forbidden
