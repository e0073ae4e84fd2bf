"""The ontology keeps its own promises: every term is explained, and the whole stays inside OWL 2 RL."""

from __future__ import annotations

import re

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, BNode, Graph, Literal, URIRef
from rdflib.namespace import VANN

from server.namespaces import AKB
from server.schema.schema import Schema
from server.turtle.base import Base
from server.turtle.edges import VOCAB
from server.turtle.reader import CORE
from tests.made import NAMESPACES

# The agreed design: predicate, inverse, domain, range, traits, parent.
PREDICATES = """
associatedWith     -               Entity            Entity        SI  related
analogousTo        -               Entity            Entity        SI  associatedWith
distinguishedFrom  -               Entity            Entity        SI  associatedWith
extends            extendedBy      Entity            Entity        AI  related
specializes        generalizes     Concept           Concept       AI  related
partOf             hasPart         Entity            Entity        T   related
requires           requiredFor     Idea              Idea          AI  related
contributesTo      resultsFrom     Idea              Idea          I   related
mitigates          mitigatedBy     Idea              Concept       AI  related
measures           measuredBy      Entity            Concept       AI  related
exhibits           exhibitedBy     AISystem          Concept       AI  related
implements         implementedBy   Artifact          Idea          AI  related
studies            studiedBy       Source            Entity        AI  related
introduces         introducedBy    Source            Entity        AI  studies
uses               usedBy          Entity            Entity        I   related
produces           producedBy      Source            Artifact      AI  related
authoredBy         authorOf        Entity            Thinker       AI  related
affiliatedWith     hasAffiliate    Thinker           Organization  AI  related
cites              citedBy         Work              Work          AI  related
publishedIn        publishes       Work              Venue         AI  related
buildsOn           builtOnBy       Work              Work          AI  cites
replicates         replicatedBy    Work              Work          AI  cites
critiques          critiquedBy     Source            Entity        I   related
asserts            assertedBy      Source            Claim         AI  related
disputes           disputedBy      Source            Claim         AI  related
raises             raisedBy        Source            Question      AI  related
addresses          addressedBy     Entity            Question      AI  related
answers            answeredBy      Claim             Question      AI  addresses
about              subjectOf       DiscourseElement  Entity        I   related
supports           supportedBy     Entity            Claim         I   related
opposes            opposedBy       Entity            Claim         I   related
contradicts        -               Claim             Claim         SI  related
qualifies          qualifiedBy     Claim             Claim         AI  related
motivates          motivatedBy     Entity            Entity        AI  related
quotedFrom         hasQuote        Quote             Work          AI  related
spokenBy           speakerOf       Quote             Thinker       AI  related
illustrates        illustratedBy   Quote             Entity        AI  related
"""
TRAITS = {"S": "symmetric", "T": "transitive", "A": "asymmetric", "I": "irreflexive"}
ROWS = [line.split() for line in PREDICATES.strip().splitlines()]


def test_the_predicates_are_those_of_the_design_and_no_others(schema: Schema) -> None:
    assert len(ROWS) == 37
    assert {row[0] for row in ROWS} == {term.curie.removeprefix("akb:") for term in schema.predicates.values()}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_predicate_is_as_the_design_says(row: list[str], schema: Schema) -> None:
    name, inverse, domain, range_, traits, parent = row
    term = schema.predicates[AKB + name]
    assert (term.domain, term.range) == (AKB + domain, AKB + range_)
    assert term.inverse == ("" if inverse == "-" else AKB + inverse)
    assert set(term.traits) == {TRAITS[letter] for letter in traits}
    assert term.parents == (f"akb:{parent}",)
    if inverse != "-":
        other = schema.properties[AKB + inverse]
        assert not other.is_asserted
        assert (other.domain, other.range, other.inverse) == (term.range, term.domain, term.iri)


def own_terms(base: Base) -> list[URIRef]:
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
    return sorted(
        {
            term
            for kind in kinds
            for term in base.ontology.subjects(RDF.type, kind)
            if isinstance(term, URIRef) and term.startswith(AKB)
        }
    )


def test_every_term_is_labelled_defined_exemplified_and_notated(base: Base) -> None:
    terms = own_terms(base)
    assert len(terms) > 100
    graph = base.ontology
    for term in terms:
        for property_ in (RDFS.label, SKOS.definition, SKOS.notation, VANN.example, RDFS.isDefinedBy):
            assert len(list(graph.objects(term, property_))) == 1, f"{term} needs one {property_}"
        assert str(graph.value(term, SKOS.definition)).endswith("."), term
        name = term.removeprefix(AKB)
        expected = "ai_system" if name == "AISystem" else re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
        assert str(graph.value(term, SKOS.notation)) == expected


def test_no_two_terms_have_the_same_definition(base: Base) -> None:
    definitions = [str(base.ontology.value(term, SKOS.definition)) for term in own_terms(base)]
    assert len(definitions) == len(set(definitions))


def test_an_example_is_turtle_uses_its_term_and_speaks_of_the_base(base: Base, schema: Schema) -> None:
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in NAMESPACES.prefixes().items())
    core = set(Graph().parse(CORE).subjects())
    present = {base.namespaces.compact(str(node)).partition(":")[0] for node in base.asserted.subjects(VOCAB.status)}
    for term in own_terms(base):
        example = Graph().parse(data=prefixes + str(base.ontology.value(term, VANN.example)), format="turtle")
        # A list is triples of its own.
        [(subject, predicate, object_)] = [triple for triple in example if isinstance(triple[0], URIRef)]
        classes = schema.classes.get(str(term))
        if classes is None:
            assert predicate == term
        else:
            assert predicate == RDF.type
            assert schema.is_under(str(object_), str(term)), f"{term}: {object_} is no sub-class of it"
        names = {base.namespaces.compact(str(end)).partition(":")[0] for end in (subject, object_)}
        if (names & set(base.namespaces.classes)) - present:
            continue  # the base has no entity of that class yet
        for end in (subject, object_):
            if isinstance(end, URIRef) and re.match(r"https://w3id.org/alignment-kb/[a-z]+/", end):
                # The terms of the engine are for bases of any field.
                if "/edge/" in end:
                    assert (end, RDF.type, VOCAB.Edge) in base.asserted, f"{term}: {end} is not in the base"
                if re.search("/(edge|candidate|review|graph)/", end) or term in core:
                    continue
                assert (end, VOCAB.status, None) in base.asserted, f"{term}: {end} is not in the base"
                declared = schema.properties.get(str(term))
                wanted = (declared.domain if end == subject else declared.range) if declared else ""
                if wanted in schema.classes:
                    given = str(base.asserted.value(end, RDF.type))
                    assert schema.is_under(given, wanted), f"{term}: {end} is no {wanted}"


ALLOWED_IN_RL = {
    # OWL 2 Profiles, section 4.2: what the ontology uses of it. Restrictions, unions and functional properties are
    # not among them: two `quotedFrom` values once became owl:sameAs.
    OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, OWL.Ontology, OWL.AllDisjointClasses,
    OWL.SymmetricProperty, OWL.TransitiveProperty, OWL.AsymmetricProperty, OWL.IrreflexiveProperty,
}  # fmt: skip


def test_the_ontology_stays_inside_owl_2_rl(base: Base) -> None:
    used = {kind for kind in base.ontology.objects(None, RDF.type) if str(kind).startswith(str(OWL))}
    assert used <= ALLOWED_IN_RL
    owl = {p for p in base.ontology.predicates() if str(p).startswith(str(OWL))}
    assert owl <= {OWL.inverseOf, OWL.members, OWL.disjointWith, OWL.versionIRI, OWL.versionInfo}
    for subject in base.ontology.subjects(RDF.type, OWL.TransitiveProperty):
        # OWL 2, section 11: a transitive property is not simple, and may not be asymmetric or irreflexive.
        assert not {OWL.AsymmetricProperty, OWL.IrreflexiveProperty} & set(base.ontology.objects(subject, RDF.type))
    for property_ in (RDFS.domain, RDFS.range):
        for subject, object_ in base.ontology.subject_objects(property_):
            assert isinstance(object_, URIRef)
            assert not isinstance(subject, BNode)
            assert len(list(base.ontology.objects(subject, property_))) == 1, f"{subject} has several {property_}"


def test_every_code_belongs_to_a_scheme_and_is_explained(base: Base) -> None:
    codes = list(base.ontology.subjects(RDF.type, SKOS.Concept))
    assert len(codes) == 33
    for code in codes:
        assert (base.ontology.value(code, SKOS.inScheme), RDF.type, SKOS.ConceptScheme) in base.ontology
        assert base.ontology.value(code, SKOS.definition)
        assert base.ontology.value(code, SKOS.notation) == Literal(str(code).rpartition("#")[2])


def test_the_label_of_every_predicate_reads_as_the_verb_of_a_sentence_in_both_directions(
    schema: Schema,
) -> None:
    """Pages say "A is the author of B": a verb in the third person, or `is` or `has` with what belongs to it."""
    labels = {term.label for term in schema.properties.values() if term.is_predicate}
    assert len(labels) > 50
    verb = re.compile(
        r"is about|is [a-z ]+ (?:by|for|from|of|on|to|with|quote)|has as an? [a-z]+|[a-z]+s(?: to| on| from| in)?"
    )
    assert sorted(label for label in labels if not verb.fullmatch(label)) == []
    assert sorted(label for label in labels if re.fullmatch(r"is (?!part )[a-z]+ of|has [a-z]+", label)) == []
