"""Whatever the check lets through comes out of each format well-formed and the same, or is refused by name.

Thousands of entities are made, as hard to write as they can be; what is written is read by parsers that are not ours.
The first ones pass the check; the others, `odd-...`, have what bases in other forms may have as well.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
import rdflib
import rispy
from flask.testing import FlaskClient
from markdown_it import MarkdownIt
from pybtex.database import parse_string

from server.errors import UnwritableError
from server.formats.entity import entity_json
from server.formats.listing import listing_csv, listing_json
from server.formats.overviews import timeline_csv, timeline_json
from server.formats.references import bibtex, csl_json, reference_line, ris
from server.formats.texts import isolated, one_line, readable
from server.knowledge.citations import citations
from server.knowledge.overviews import timeline
from server.records.candidates import Related, Thresholds
from server.records.citations import Citation
from server.records.dates import date_of
from server.records.findings import Severity, Stage
from server.records.lists import ClassSummary, ListedEntity, ListedRow, ListSelection
from server.records.overviews import Dated
from server.records.pages import EntityPage, EntityRef, Fact
from server.schema.reading import schema_of
from server.serialization import RDF_XML, RESULTS_XML, SHEET_FORMATS, Format, rows_formats, triples_formats
from server.store.embedded import Store
from server.turtle.reader import read_base
from server.validation.check import check
from server.web.documents.markdown import listing_markdown
from server.web.documents.representations import represent
from server.web.given.lists import ClassPage
from server.web.given.overviews import TimelinePage
from server.web.http.languages import page_of_ours
from server.web.http.paging import Pages
from server.web.pages.embedding import embedded
from tests.conftest import copy_base
from tests.formats.made import Made, made
from tests.made import NAMESPACES, OUR_SCHEMA

SEED = 18 if os.environ.get("CI") else int.from_bytes(os.urandom(4))
"""CI makes the same entities each time; whoever runs the tests at home makes others."""
GOOD = made(SEED, 2_000)
ODD = made(SEED + 1, 200, of_any_kind=True)
ENTITIES = [*GOOD, *ODD]
GRAPH = f"{NAMESPACES.graph}asserted"
BATCH = 50
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


@pytest.fixture
def count(record_property: Callable[[str, object], None]) -> Callable[[str, int], None]:
    """Say at the end of the output how many entities were written in a format and read back, and hold the number."""

    def counted(name: str, entities: int) -> None:
        assert entities >= len(GOOD), f"{name}: {entities} entities, with seed {SEED}"
        record_property("written", (name, entities, SEED))

    return counted


@pytest.fixture(scope="module")
def store(repository: Path) -> Store:
    """The entities, and what the ontology says of their class."""
    found = Store.in_memory(NAMESPACES.prefixes())
    for one in ENTITIES:
        found.load(one.turtle, GRAPH)
    for name in ("ontology/akb.ttl", "ontology/schemes.ttl", "server/turtle/core.ttl"):
        found.load((repository / name).read_text(encoding="utf-8"), f"{NAMESPACES.graph}ontology")
    return found


@pytest.fixture(scope="module")
def described() -> dict[str, str]:
    """What is said of each entity, as N-Triples."""
    return {
        one.iri: (
            ox.serialize(ox.parse(one.turtle, format=ox.RdfFormat.TURTLE), format=ox.RdfFormat.N_TRIPLES) or b""
        ).decode()
        for one in ENTITIES
    }


@pytest.fixture(scope="module")
def references(store: Store) -> list[tuple[Made, Citation]]:
    found = citations(store, OUR_SCHEMA, "paper")
    return [(one, found[one.iri]) for one in ENTITIES]


@pytest.fixture(scope="module")
def listed() -> list[ListedEntity]:
    return [ListedEntity(ref_of(one), "active", one.issued, place) for place, one in enumerate(ENTITIES)]


SUMMARY = ClassSummary("paper", "paper", "Papers", "What papers are.", len(ENTITIES))


def ref_of(one: Made) -> EntityRef:
    return EntityRef(one.iri, f"paper:{one.slug}", one.label, "paper", one.definition)


def batches(entities: Sequence[Made] = ENTITIES) -> Iterator[Sequence[Made]]:
    return (entities[start : start + BATCH] for start in range(0, len(entities), BATCH))


def parsed(text: str | bytes, format_: ox.RdfFormat) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(text, format=format_)}


def test_what_is_made_passes_the_check(tmp_path: Path) -> None:
    """A quarter of them is enough: they are all made in the same way, and the check takes longer than all writers."""
    checked = GOOD[:500]
    folder = tmp_path / "kb/paper"
    folder.mkdir(parents=True)
    for one in checked:
        (folder / f"{one.slug}.ttl").write_text(one.turtle, encoding="utf-8")
    base = read_base(copy_base(tmp_path / "base", tmp_path / "kb"), NAMESPACES)
    report = check(base, schema_of(base), stages=(Stage.SYNTAX, Stage.SHAPES, Stage.LINT))
    assert not [one for one in report.findings if one.severity is Severity.VIOLATION]
    assert len(base.files) == len(checked)


@pytest.mark.parametrize("chosen", [one for one in triples_formats() if one is not RDF_XML], ids=lambda one: one.name)
def test_rdf_says_the_same(
    chosen: Format, described: dict[str, str], repository: Path, count: Callable[[str, int], None]
) -> None:
    context = json.loads((repository / "ontology/context.jsonld").read_text(encoding="utf-8"))["@context"]
    format_ = ox.RdfFormat.from_media_type(chosen.media_type)
    assert format_
    written = 0
    for batch in batches():
        ntriples = "".join(described[one.iri] for one in batch)
        text = represent(ntriples, chosen, NAMESPACES, context)
        assert parsed(text.encode(), format_) == parsed(ntriples, ox.RdfFormat.N_TRIPLES), [one.slug for one in batch]
        written += len(batch)
    count(chosen.name, written)


def test_rdf_xml_says_the_same_or_names_what_it_cannot(
    described: dict[str, str], count: Callable[[str, int], None]
) -> None:
    """RDF 1.1 XML Syntax; XML 1.0, section 2.2."""
    refused = 0
    for place, one in enumerate(ENTITIES):
        ntriples = described[one.iri]
        if NOT_XML.search(f"{one.label}{one.definition}"):
            with pytest.raises(UnwritableError, match=r"U\+[0-9A-F]{4}"):
                represent(ntriples, RDF_XML, NAMESPACES, {})
            refused += 1
            continue
        text = represent(ntriples, RDF_XML, NAMESPACES, {})
        ElementTree.fromstring(text)
        assert parsed(text, ox.RdfFormat.RDF_XML) == parsed(ntriples, ox.RdfFormat.N_TRIPLES), one.slug
        if place % BATCH == 0:
            graph = rdflib.Graph().parse(data=text, format="xml")
            assert set(graph) == set(rdflib.Graph().parse(data=ntriples, format="nt")), one.slug
    assert 0 < refused < len(ODD)
    count("rdf", len(ENTITIES))


LATEX = {
    "backslash": "\\",
    "asciitilde": "~",
    "asciicircum": "^",
    "less": "<",
    "greater": ">",
    "braceleft": "{",
    "braceright": "}",
}


def latex(text: str) -> str:
    """Return what TeX prints for a text (LaTeX 2e, sections 2.2 and 7.3 of the companion), without grouping braces."""
    return re.sub(r"\\text(\w+)\{\}|\\(.)|[{}]", lambda one: LATEX[one[1]] if one[1] else one[2] or "", text)


def words(text: str) -> list[str]:
    return sorted(one_line(text).replace(",", " ").split())


def test_bibtex_says_the_same(references: list[tuple[Made, Citation]], count: Callable[[str, int], None]) -> None:
    """btxdoc, sections 3 and 4."""
    entries = {}
    for start in range(0, len(references), BATCH):
        written = "".join(bibtex(citation) for _, citation in references[start : start + BATCH])
        entries |= parse_string(written, "bibtex").entries
    assert list(entries) == [one.slug for one in ENTITIES]
    for one, citation in references:
        entry = entries[one.slug]
        fields = entry.fields
        assert latex(fields["title"]) == one_line(one.label)
        assert fields["title"][0] + fields["title"][-1] == "{}", "styles change the case of what is not in braces"
        assert fields["year"] == (str(one.year) if one.year > 0 else f"{-one.year} BCE")
        assert ("month" in fields) == (one.datatype != "gYear")
        assert fields["doi"] == one.doi if "doi" in fields else latex(fields["note"]) == f"DOI {one.doi}"
        assert fields["url"] == one.iri
        people = entry.persons["author"]
        assert [words(latex(str(person))) for person in people] == [words(author.name) for author in citation.authors]
        for person, author in zip(people, citation.authors, strict=True):
            assert author.is_person or (len(person.last_names) == 1 and person.last_names[0].startswith("{"))
    count("bib", len(references))


def test_ris_says_the_same(references: list[tuple[Made, Citation]], count: Callable[[str, int], None]) -> None:
    for one, citation in references:
        text = ris(citation)
        assert all(re.match("[A-Z][A-Z0-9]  - ", line) for line in text.split("\r\n")[:-1])
        [found] = rispy.loads(text)
        assert found["title"] == one_line(one.label)
        assert found["doi"] == one.doi
        assert int(found["year"]) == one.year
        assert [words(name) for name in found["authors"]] == [words(author.name) for author in citation.authors]
    count("ris", len(references))


def test_csl_json_says_the_same(references: list[tuple[Made, Citation]], count: Callable[[str, int], None]) -> None:
    """CSL 1.0.2, the schema of its input data."""
    for one, citation in references:
        [found] = json.loads(csl_json(citation))
        assert (found["title"], found["DOI"], found["id"]) == (one.label, one.doi, one.slug)
        [parts] = found["issued"]["date-parts"]
        assert parts[0] == one.year
        assert len(parts) == {"gYear": 1, "gYearMonth": 2, "date": 3}[one.datatype]
        for name, author in zip(found["author"], citation.authors, strict=True):
            assert name.keys() <= {"literal", "family", "given", "suffix", "non-dropping-particle"}
            assert words(" ".join(name.values())) == words(author.name)
            assert author.is_person == ("family" in name)
    count("csl.json", len(references))


def test_a_line_is_one_line_with_an_address_that_is_whole(
    references: list[tuple[Made, Citation]], count: Callable[[str, int], None]
) -> None:
    """RFC 3986, section 2.2; UAX #9, section 2.4."""
    for one, citation in references:
        line = reference_line(citation)
        assert not CONTROLS.search(line)
        assert line == " ".join(line.split())
        assert isolated(one_line(one.label)) in line
        address = line.rpartition(" ")[2]
        assert re.fullmatch(r"https://doi\.org/10\.[\w.~!$&'()*+,;=:@/%-]+", address, re.ASCII), address
        assert rdflib.URIRef(address)
        assert "T" not in line.removesuffix(address).rpartition(". ")[2]
        depth = 0
        for sign in line:
            depth += (sign in "\u2066\u2067\u2068") - (sign == "\u2069")
            assert depth >= 0
        assert depth == 0
    count("txt", len(references))


def test_lists_and_the_timeline_say_the_same_as_json_and_csv(
    listed: list[ListedEntity], store: Store, count: Callable[[str, int], None]
) -> None:
    """RFC 8259; RFC 4180."""
    labels = [one.label for one in ENTITIES]
    found = json.loads(listing_json(SUMMARY, map(ListedRow, listed)))["entities"]
    assert [one["label"] for one in found] == labels
    rows = list(csv.DictReader(io.StringIO(listing_csv(map(ListedRow, listed)), newline="")))
    assert [row["label"] for row in rows] == labels
    assert [row["definition"] for row in rows] == [one.definition for one in ENTITIES]
    count("json", len(found))
    count("csv", len(rows))
    works = timeline(store, OUR_SCHEMA)
    dates = [date_of(one.issued) for one in works]
    assert dates == sorted(dates, reverse=True)
    assert {(one.entity.iri, one.issued) for one in works} == {(one.iri, one.issued) for one in ENTITIES}
    assert timeline(store, OUR_SCHEMA, 100, 50) == works[50:150]
    dated = json.loads(timeline_json(works))["works"]
    assert [one["issued"] for one in dated] == [one.issued for one in works]
    rows = list(csv.DictReader(io.StringIO(timeline_csv(works), newline="")))
    assert [row["label"] for row in rows] == [one.entity.label for one in works]
    count("timeline", len(dated))


def test_an_entity_as_json_says_the_same(count: Callable[[str, int], None]) -> None:
    for one in ENTITIES:
        page = EntityPage(ref_of(one), "paper", "active", (one.label,), (Fact("DOI", one.doi),), (), ())
        found = json.loads(entity_json(page, Related(Thresholds("", None, 0.0), ())))
        assert (found["label"], found["definition"], found["facts"][0]["value"]) == (one.label, one.definition, one.doi)
    count("entity.json", len(ENTITIES))


class Texts(HTMLParser):
    """The texts of the elements of a page that are lists' entities, and how each is directed."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.open: list[str] = []
        self.directed: list[bool] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag not in {"meta", "link", "input", "img", "br"}:
            self.open.append(tag)
        if tag == "a" and (attributes.get("class") or "").startswith("entity "):
            self._inside = True
            self.found.append("")
            self.directed.append("dir" in attributes)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            while self.open.pop() != tag:
                pass
        self._inside = self._inside and tag != "a"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.found[-1] += data


def texts(page: str) -> Texts:
    reader = Texts()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    assert not CONTROLS.search(page)
    return reader


def test_pages_show_what_there_is(
    listed: list[ListedEntity], client: FlaskClient, count: Callable[[str, int], None]
) -> None:
    """HTML, sections 13.2.3.5 and 3.2.6.4: no controls; what runs from right to left moves nothing around it."""
    pages = Pages("/paper", 1, len(listed), len(listed))
    with client.application.test_request_context("/paper"):
        page = page_of_ours(
            ClassPage(
                summary=SUMMARY,
                shown=listed,
                rows=[ListedRow(one) for one in listed],
                total=len(listed),
                pages=pages,
                steps={},
                selection=ListSelection(since=-350),
                counting="",
                statuses=(),
                kinds=(),
                has_dates=True,
                orders={ListSelection().order: "most edges first"},
                data=embedded({"name": "".join(one.label for one in ENTITIES)}),
                citations={},
                formats=(),
                path="/paper",
            )
        )
        works = [Dated(one.entity, one.issued) for one in listed]
        dated = page_of_ours(
            TimelinePage(found=works, total=len(works), pages=pages, steps={}, formats=(), path="/timeline")
        )
        markdown = listing_markdown(SUMMARY, listed, pages)
    labels = [readable(one.label) for one in ENTITIES]
    [data] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert json.loads(data)["name"] == "".join(one.label for one in ENTITIES)
    for found in (texts(page), texts(dated)):
        # A reader of HTML takes each kind of line end for a line feed.
        assert sorted(found.found) == sorted(labels)
        right_to_left = [bool(re.search("[\u0590-\u06ff]", text)) for text in found.found]
        assert all(directed for directed, wanted in zip(found.directed, right_to_left, strict=True) if wanted)
    years = re.findall(r'<h2 id="y(-?[0-9]+)">([^<]+)</h2>', dated)
    assert {int(year) for year, _ in years} == {one.year for one in ENTITIES}
    assert ("-350", "350 BCE") in years or "-0350" not in {one.issued[:5] for one in ENTITIES}
    count("html", len(found.found))
    items = []
    for token in MarkdownIt("commonmark").parse(markdown):
        kinds = [child.type for child in token.children or ()]
        if "link_open" in kinds:
            inside = token.children[kinds.index("link_open") : kinds.index("link_close")]
            items.append("".join(child.content for child in inside))
    assert items == [readable(isolated(" ".join(one.label.split()))) for one in ENTITIES]
    count("md", len(items))


LITERALS = "SELECT ?s ?o WHERE { GRAPH graph:asserted { ?s skos:prefLabel|skos:definition|bibo:doi ?o } }"


def answered(store: Store, chosen: Format) -> bytes:
    return store.answer(LITERALS).serialize(chosen.name)


def test_rows_say_the_same_in_each_format(store: Store, count: Callable[[str, int], None]) -> None:
    """SPARQL 1.1 Query Results JSON, CSV and TSV Formats."""
    wanted = sorted((one.iri, text) for one in ENTITIES for text in (one.label, one.definition, one.doi))
    for chosen in (*rows_formats(), *SHEET_FORMATS):
        if chosen is RESULTS_XML:
            continue
        text = answered(store, chosen).decode("utf-8-sig")
        if chosen.name == "json":
            rows = [(row["s"]["value"], row["o"]["value"]) for row in json.loads(text)["results"]["bindings"]]
        elif chosen.name == "tsv":
            solutions = ox.parse_query_results(text.encode(), format=ox.QueryResultsFormat.TSV)
            rows = [(one["s"].value, one["o"].value) for one in solutions]
        else:
            delimiter = "\t" if chosen.name.endswith("tsv") else ","
            _, *cells = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
            # For people there is a column with what things are called, too.
            rows = [(row[0], row[-1]) for row in cells]
        if chosen in SHEET_FORMATS:
            # What a spreadsheet would run has a mark in front.
            assert sorted(iri for iri, _ in rows) == [iri for iri, _ in wanted]
        else:
            assert sorted(rows) == wanted, chosen.name
        count(f"rows.{chosen.name}", len({iri for iri, _ in rows}))
    with pytest.raises(UnwritableError, match=r"U\+[0-9A-F]{4}"):
        answered(store, RESULTS_XML)


def test_rows_as_xml_say_the_same(store: Store, count: Callable[[str, int], None]) -> None:
    """SPARQL Query Results XML Format."""
    query = LITERALS.replace("?o }", '?o } FILTER(!CONTAINS(STR(?s), "/odd-"))')
    text = store.answer(query).serialize(RESULTS_XML.name)
    tag = "{http://www.w3.org/2005/sparql-results#}"
    rows = [
        tuple(binding[0].text for binding in result) for result in ElementTree.fromstring(text).iter(f"{tag}result")
    ]
    assert sorted(rows) == sorted((one.iri, text) for one in GOOD for text in (one.label, one.definition, one.doi))
    count("rows.xml", len({iri for iri, _ in rows}))
