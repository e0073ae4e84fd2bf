"""IRIs that lead nowhere; and those that only look as if they did."""

from __future__ import annotations

import pytest

from server.validation.lint.iris import iri_findings
from tests.made import NAMESPACES, OUR_SCHEMA
from tests.validation.lint.conftest import BaseMaker


def rules(read: BaseMaker, predicate: str, iri: str) -> list[str]:
    graph, locator = read(f"concept:a {predicate} <{iri}> .")
    return [finding.rule for finding in iri_findings(graph, OUR_SCHEMA, NAMESPACES, locator)]


@pytest.mark.parametrize(
    "iri",
    [
        "https://arxiv.org/abs/2412.14093",
        "https://arxiv.org/abs/2412.14093v2",
        "https://arxiv.org/pdf/2412.14093.pdf",
        "https://arxiv.org/abs/hep-th/9901001",
        "https://arxiv.org/list/cs.AI/recent",
        "https://doi.org/10.48550/arXiv.2412.14093",
        "https://en.wikipedia.org/wiki/Alignment_(disambiguation)",
        "https://example-of-a-name.com/a",
        "https://[2606:4700::1111]/",
        "https://host.org/search?q=reward&page=2#results",
        "https://host.org/a%20b",
        "https://orcid.org/0000-0002-1825-0097",
        "https://www.wikidata.org/wiki/Q42",
        "https://www.wikidata.org/wiki/Wikidata:Introduction",
    ],
)
def test_a_good_source_passes(read: BaseMaker, iri: str) -> None:
    assert rules(read, "dcterms:source", iri) == []


@pytest.mark.parametrize(
    ("predicate", "iri", "rule"),
    [
        ("skos:exactMatch", "http://www.wikidata.org/entity/Q42", ""),
        ("skos:exactMatch", "https://www.wikidata.org/entity/Q42", "external-id"),
        ("skos:exactMatch", "http://www.wikidata.org/entity/Q042", "external-id"),
        ("dcterms:source", "https://doi.org/", "external-id"),
        ("dcterms:source", "https://orcid.org/0000-0002-1825-0096", "external-id"),
        ("dcterms:source", "http://192.168.0.1/notes", "iri-host"),
        ("dcterms:source", "https://intranet/notes", "iri-host"),
        ("dcterms:source", "https://host.test/notes", "iri-host"),
        ("dcterms:source", "https://host.org/a).", "iri-junk"),
        ("dcterms:source", "https://host.org/a#", "iri-junk"),
        ("dcterms:source", "https://host.org/a?fbclid=1", "iri-junk"),
        ("dcterms:source", "mailto:someone@host.org", "iri-not-web"),
        ("foaf:homepage", "ftp://host.org/", ""),
        ("dcterms:source", "http://host.org/", "iri-plain-http"),
        ("skos:closeMatch", "http://host.org/thing", ""),
        ("akb:note", "http://localhost/", ""),
        ("akb:extends", "http://w3id.org/alignment-kb/concept/b", "iri-scheme"),
        ("akb:extends", "https://www.w3id.org/alignment-kb/concept/b", "iri-scheme"),
        ("akb:extends", "https://w3id.org/alignment-kb/concept/b", ""),
        ("skos:closeMatch", "https://schema.org/Claim", "iri-scheme"),
        ("skos:closeMatch", "http://schema.org/Claim", ""),
    ],
)
def test_an_iri(read: BaseMaker, predicate: str, iri: str, rule: str) -> None:
    assert rules(read, predicate, iri) == ([rule] if rule else [])


def test_the_mend_names_what_was_meant(read: BaseMaker) -> None:
    graph, locator = read("concept:a dcterms:source <https://host.org/a?utm_source=x&b=2&utm_medium=y> .")
    [finding] = iri_findings(graph, OUR_SCHEMA, NAMESPACES, locator)
    assert finding.mend == "write <https://host.org/a?b=2>."
