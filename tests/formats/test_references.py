"""References: what is written is read back by other libraries and says the same; and who gets which format."""

from __future__ import annotations

import json
import string
from dataclasses import replace

import pytest
import rispy
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from pybtex.database import Entry, parse_string

from server.formats.references import bibtex, csl_json, reference_line, ris
from server.records.citations import Author, Citation, Venue, VenueKind, WorkKind
from server.serialization import REFERENCE_FORMATS

PAPER = "/paper/alignment-faking-in-llms"
WORK = Citation(
    iri="https://example.org/kb/paper/a-work",
    title="100% of $x_1 & {y} #2: ~ ^ \\ <b>",
    authors=(Author("Teun van der Weij"), Author("Ada Lovelace"), Author("A Lab & Co", is_person=False)),
    issued="2024-06-11",
    doi="10.1000/a_b",
    arxiv="2406.07358",
    url="https://example.org/a_b?c=1&d=%20",
)


def read(text: str) -> Entry:
    [entry] = parse_string(text, "bibtex").entries.values()
    return entry


def test_an_entry_of_bibtex_is_read_as_what_it_says() -> None:
    entry = read(bibtex(WORK))
    assert (entry.key, entry.type) == ("a-work", "misc")
    people = entry.persons["author"]
    assert [" ".join(one.prelast_names + one.last_names) for one in people] == [
        "van der Weij",
        "Lovelace",
        r"{A Lab \& Co}",
    ]
    assert [" ".join(one.first_names) for one in people] == ["Teun", "Ada", ""]
    assert {name: entry.fields[name] for name in ("year", "month", "doi", "eprint", "archiveprefix", "url")} == {
        "year": "2024",
        "month": "June",
        "doi": "10.1000/a_b",
        "eprint": "2406.07358",
        "archiveprefix": "arXiv",
        "url": "https://example.org/a_b?c=1&d=%20",
    }
    title = r"100\% of \$x\_1 \& \textbraceleft{}y\textbraceright{} \#2: \textasciitilde{} \textasciicircum{}"
    assert entry.fields["title"] == f"{{{title}" + r" \textbackslash{} \textless{}b\textgreater{}}"


def test_names_have_their_parts_in_every_format() -> None:
    names = ("Martin Luther King Jr.", "Teun van der Weij", "Acme, Inc. and others")
    authors = tuple(Author(name, is_person=place < 2) for place, name in enumerate(names))
    work = Citation(WORK.iri, "X", authors, "2024", "", "", "")
    people = read(bibtex(work)).persons["author"]
    assert [(one.last_names, one.lineage_names) for one in people] == [
        (["King"], ["Jr."]),
        (["Weij"], []),
        (["{Acme, Inc. and others}"], []),
    ]
    assert json.loads(csl_json(work))[0]["author"] == [
        {"family": "King", "given": "Martin Luther", "suffix": "Jr."},
        {"family": "Weij", "given": "Teun", "non-dropping-particle": "van der"},
        {"literal": "Acme, Inc. and others"},
    ]
    assert rispy.loads(ris(work))[0]["authors"][0] == "King, Martin Luther, Jr."


@pytest.mark.parametrize(
    ("issued", "bib", "line", "parts", "tag"),
    [
        ("-0350", "350 BCE", "350 BCE", [-350], "-0350"),
        ("12024", "12024", "12024", [12024], "12024"),
        ("2024-12-18+05:30", "2024", "18 December 2024", [2024, 12, 18], "2024/12/18"),
        ("2021Z", "2021", "2021", [2021], "2021"),
    ],
)
def test_a_date_is_whole_and_has_no_zone(issued: str, bib: str, line: str, parts: list[int], tag: str) -> None:
    work = Citation(WORK.iri, "X", (), issued, "", "", "")
    assert read(bibtex(work)).fields["year"] == bib
    assert reference_line(work).startswith(f"X. {line}. https://")
    assert json.loads(csl_json(work))[0]["issued"] == {"date-parts": [parts]}
    assert int(rispy.loads(ris(work))[0]["year"]) == parts[0]
    assert work.published == tag
    assert dict(work.context_object)["rft.date"] == tag.replace("/", "-")


def test_names_with_commas_are_told_apart_in_a_line() -> None:
    authors = tuple(map(Author, ("Lind, Ada", "Oak, Ben, Jr.", "Ann Rose")))
    assert reference_line(Citation(WORK.iri, "X", authors, "", "", "", "")).startswith(
        "Lind, Ada; Oak, Ben, Jr. and Ann Rose. X."
    )


def test_what_is_no_date_is_a_text() -> None:
    work = Citation(WORK.iri, "X", (), "c. 350 BC", "", "", "")
    assert read(bibtex(work)).fields["year"] == "c. 350 BC"
    assert json.loads(csl_json(work))[0]["issued"] == {"literal": "c. 350 BC"}


def test_the_link_of_a_doi_is_encoded_and_the_doi_is_not() -> None:
    doi = "10.1000/456#789%20x?y=<1>"
    work = Citation(WORK.iri, "X", (), "", doi, "", "")
    assert reference_line(work).endswith("https://doi.org/10.1000/456%23789%2520x%3Fy=%3C1%3E")
    assert read(bibtex(work)).fields["doi"] == rispy.loads(ris(work))[0]["doi"] == doi
    assert ("rft_id", f"info:doi/{doi}") in work.context_object


def test_others_are_others_in_every_format() -> None:
    work = Citation(WORK.iri, "X?", (Author("Ada Lovelace"),), "2024", "", "", "", may_lack_authors=True)
    assert str(read(bibtex(work)).persons["author"][1]) == "others"
    assert "more authors" in rispy.loads(ris(work))[0]["notes"][0]
    assert "more authors" in json.loads(csl_json(work))[0]["note"]
    assert reference_line(work) == "Ada Lovelace and others. X? 2024. https://example.org/kb/paper/a-work"


def test_ris_is_read_as_what_it_says() -> None:
    [found] = rispy.loads(ris(WORK))
    assert found["title"] == WORK.title
    assert found["authors"] == ["van der Weij, Teun", "Lovelace, Ada", "A Lab & Co"]
    assert (found["year"], found["date"], found["doi"]) == ("2024", "2024/06/11", "10.1000/a_b")
    assert found["urls"] == [WORK.url]


def test_csl_json_says_what_the_record_says() -> None:
    """CSL 1.0.2, the schema of its input data."""
    [found] = json.loads(csl_json(WORK))
    assert found["author"] == [
        {"family": "Weij", "given": "Teun", "non-dropping-particle": "van der"},
        {"family": "Lovelace", "given": "Ada"},
        {"literal": "A Lab & Co"},
    ]
    assert found["issued"] == {"date-parts": [[2024, 6, 11]]}
    assert (found["type"], found["DOI"], found["title"]) == ("article", WORK.doi, WORK.title)
    assert "note" not in found


@pytest.mark.parametrize(("issued", "parts"), [("2024", [2024]), ("2024-03", [2024, 3]), ("", None)])
def test_a_date_is_as_exact_as_it_is_known(issued: str, parts: list[int] | None) -> None:
    work = Citation(WORK.iri, "X", (), issued, "", "", "")
    found = json.loads(csl_json(work))[0].get("issued")
    assert found == ({"date-parts": [parts]} if parts else None)
    fields = read(bibtex(work)).fields
    assert ("month" in fields) == (len(parts or []) > 1)
    assert ("year" in fields) == bool(parts)


@given(
    title=st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1).filter(str.strip),
    name=st.text(string.ascii_letters + " .-'éß", min_size=1).filter(str.strip),
    is_person=st.booleans(),
)
def test_whatever_a_title_holds_each_format_stays_whole(title: str, name: str, is_person: bool) -> None:
    work = Citation(WORK.iri, title, (Author(name, is_person),), "2024-06-11", "10.1/x", "", "")
    entry = read(bibtex(work))
    assert entry.fields["year"] == "2024"
    assert set(entry.fields) == {"title", "year", "month", "doi", "url"}
    [found] = rispy.loads(ris(work))
    assert found["title"] == " ".join(title.split())
    assert found["year"] == "2024"
    assert json.loads(csl_json(work))[0]["title"] == title
    assert "\n" not in reference_line(work)


@pytest.mark.parametrize("chosen", REFERENCE_FORMATS, ids=lambda chosen: chosen.name)
def test_each_format_has_an_address_is_negotiated_and_linked(chosen: object, client: FlaskClient) -> None:
    """RFC 9110, section 12.5.1; FAIR Signposting, describedby."""
    for thing in (PAPER, "/concept/alignment-faking"):
        moved = client.get(thing, headers={"Accept": chosen.media_type})
        assert (moved.status_code, moved.location) == (303, f"{thing}.{chosen.name}")
        answer = client.get(moved.location)
        assert (answer.status_code, answer.content_type) == (200, chosen.content_type)
        assert answer.text.endswith("\n")
        page = client.get(f"{thing}.html")
        assert f'href="{thing}.{chosen.name}"' in page.text
        assert f'<{thing}.{chosen.name}>; rel="describedby"; type="{chosen.media_type}"' in page.headers["Link"]


def test_the_reference_on_a_page_is_the_line_of_text(client: FlaskClient) -> None:
    line = client.get(f"{PAPER}.txt").text.strip()
    assert line == (
        "Ryan Greenblatt, Carson Denison, Benjamin Wright and others. Alignment faking in large language models. "
        "18 December 2024. https://doi.org/10.48550/arXiv.2412.14093"
    )
    assert line in client.get(f"{PAPER}.html").text


def test_what_lists_no_entities_has_no_references(client: FlaskClient) -> None:
    assert client.get("/ontology.bib").status_code == 404
    assert client.get("/paper.bib").text.count("\n@") + 1 == client.get("/paper.json").json["count"]


CONFERENCE = Venue("Conference on Boats & Harbours", VenueKind.CONFERENCE, "2024-07")
JOURNAL = Venue("Journal of Boats", VenueKind.JOURNAL)
SERIES = Venue("Harbour Laboratory", VenueKind.SERIES)
SITE = Venue("The Boat Blog", VenueKind.SITE)


@pytest.mark.parametrize(
    ("kind", "venue", "bib", "field", "tag", "csl"),
    [
        (WorkKind.ARTICLE, CONFERENCE, "inproceedings", "booktitle", "CPAPER", "paper-conference"),
        (WorkKind.ARTICLE, JOURNAL, "article", "journal", "JOUR", "article-journal"),
        (WorkKind.ARTICLE, SERIES, "techreport", "institution", "RPRT", "report"),
        (WorkKind.ARTICLE, SITE, "misc", "howpublished", "ELEC", "webpage"),
        (WorkKind.REPORT, SERIES, "techreport", "institution", "RPRT", "report"),
        (WorkKind.REPORT, None, "techreport", "", "RPRT", "report"),
        (WorkKind.BOOK, None, "book", "", "BOOK", "book"),
        (WorkKind.POST, SITE, "misc", "howpublished", "BLOG", "post-weblog"),
        (WorkKind.THESIS, None, "misc", "", "THES", "thesis"),
        (WorkKind.ARTICLE, None, "misc", "", "UNPB", "article"),
    ],
    ids=lambda value: getattr(value, "name", None) or str(value),
)
def test_a_reference_says_what_the_work_is_and_where_it_appeared(
    kind: WorkKind, venue: Venue | None, bib: str, field: str, tag: str, csl: str
) -> None:
    work = replace(WORK, kind=kind, venue=venue)
    entry, [item], [record] = read(bibtex(work)), json.loads(csl_json(work)), rispy.loads(ris(work))
    assert (entry.type, item["type"], record["type_of_reference"]) == (bib, csl, tag)
    named = {name for name in ("booktitle", "journal", "institution", "howpublished") if name in entry.fields}
    assert named == ({field} if field else set())
    if venue:
        assert entry.fields[field] == venue.name.replace("&", r"\&")
        assert venue.name in {item.get("container-title"), item.get("publisher")}
        assert venue.name in {record.get("secondary_title"), record.get("publisher")}
        assert venue.name in reference_line(work)
        assert venue.name in dict(work.context_object).values()


def test_what_appeared_later_is_cited_by_the_date_of_its_venue() -> None:
    work = replace(WORK, venue=CONFERENCE)
    assert read(bibtex(work)).fields["year"] == "2024"
    assert read(bibtex(work)).fields["month"] == "July"
    assert json.loads(csl_json(work))[0]["issued"] == {"date-parts": [[2024, 7]]}
    assert dict(work.context_object)["rft.genre"] == "proceeding"
    assert replace(WORK, venue=JOURNAL).date == WORK.date
