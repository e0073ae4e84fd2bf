"""Which files are read as what is told by their names and by how they begin."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.serialization import JSON_LD, N3, N_QUADS, N_TRIPLES, RDF_XML, TRIG, TURTLE, Format
from server.turtle.kinds import format_of, suffix_of, unread_kind

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


@pytest.mark.parametrize(
    ("name", "syntax"),
    [
        ("a.ttl", TURTLE),
        ("a.turtle", TURTLE),
        ("a.TTL.gz", TURTLE),
        ("a.nt", N_TRIPLES),
        ("a.n3", N3),
        ("a.trig", TRIG),
        ("a.nq.gz", N_QUADS),
        ("a.jsonld", JSON_LD),
    ],
)
def test_most_suffixes_say_the_format(name: str, syntax: Format) -> None:
    assert format_of(suffix_of(Path(name)), "whatever") is syntax


@pytest.mark.parametrize(
    ("suffix", "text", "kind"),
    [
        (".xml", f'<?xml version="1.0"?><!-- x --><rdf:RDF xmlns:rdf="{RDF}"/>', RDF_XML),
        # RDF 1.1 XML Syntax, section 2.6: rdf:RDF may be left out.
        (".xml", f'<a:T xmlns:a="http://a/" xmlns:rdf="{RDF}" rdf:about="http://a/b"/>', RDF_XML),
        (".rdf", '<T xmlns="http://a/"/>', RDF_XML),
        # Names of namespaces are often entities.
        (".owl", f'<!DOCTYPE x [<!ENTITY r "{RDF}">]><rdf:RDF xmlns:rdf="&r;"/>', RDF_XML),
        (".owl", "@prefix a: <http://a/> . a:b a a:c .", TURTLE),
        (".owl", "<http://a/b> a <http://a/c> .", TURTLE),
        (".owl", "# x\nPrefix(:=<http://a/>)\nOntology(<http://a/o>)", "OWL in functional syntax"),
        (".owl", "Prefix: a: <http://a/>\nOntology: <http://a/o>", "OWL in Manchester syntax"),
        (".owl", '<?xml version="1.0"?><Ontology xmlns="http://www.w3.org/2002/07/owl#"/>', "OWL/XML"),
        (".owl", "format-version: 1.2\n", "OBO"),
        (".xml", "<project><modelVersion>4.0.0</modelVersion></project>", "XML, and not RDF: it begins with <project>"),
        (".xml", "<project>&", "XML, and not RDF: it begins with <project>"),
        (".xml", "<!DOCTYPE a [", "XML that is not well-formed"),
        (".rdf", "<!DOCTYPE a [", RDF_XML),
        (".json", '{"@context": {}, "a": 1}', JSON_LD),
        (".json", '[{"@id": "http://a/"}]', JSON_LD),
        (".json", '{"@id": ', JSON_LD),
        (".json", '{"name": "package"}', "JSON, and not JSON-LD"),
        (".json", "{", "JSON that is not well-formed"),
        (".json", "[" * 100_000, "JSON that is not well-formed"),
    ],
)
def test_others_are_told_by_how_they_begin(suffix: str, text: str, kind: Format | str) -> None:
    assert format_of(suffix, text) == kind


def test_an_entity_in_an_attribute_is_not_fetched(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(RDF)
    text = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{(tmp_path / "secret").as_uri()}">]><x xmlns:rdf="&e;"/>'
    assert format_of(".xml", text) == "XML that is not well-formed"


@pytest.mark.parametrize("name", ["a.ofn", "a.obo.gz", "a.ttl.zip", "a.nt.bz2"])
def test_what_is_not_read_has_a_name(name: str) -> None:
    assert unread_kind(Path(name))


@pytest.mark.parametrize("name", ["a.ttl", "a.zip", "a.md", "a.tar.gz", "a.py.bz2"])
def test_what_is_read_or_is_no_rdf_has_none(name: str) -> None:
    assert not unread_kind(Path(name))
