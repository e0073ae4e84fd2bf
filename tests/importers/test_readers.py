"""Files of other programs: what is read of each format, what is said of what is not, and no fault of ours for any."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.errors import AkbError, UsageError
from server.importers.dating import dated, of_fields, refined
from server.importers.kinds import KINDS, Records, importer_of, kind_of_file, read_records
from server.importers.tables import Columns
from server.importers.works import Described, Work
from server.records.dates import Date
from server.records.findings import Finding

COLUMNS = Columns(("class", "label", "altLabels"), ("subject", "predicate", "object"))


def read(folder: Path, name: str, content: str | bytes) -> Records:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_records(kind_of_file(path), path, COLUMNS)


def one(folder: Path, name: str, content: str | bytes) -> Work:
    records = read(folder, name, content)
    assert records.faults == []
    [work] = records.works
    return work


@pytest.mark.parametrize(
    ("text", "date", "rest"),
    [
        ("2024-12-18T17:59:59Z", Date(2024, 12, 18), ""),
        ("2024/12/18/", Date(2024, 12, 18), ""),
        ("18 December 2024", Date(2024, 12, 18), ""),
        ("Dec. 18th, 2024", Date(2024, 12, 18), ""),
        ("12/2024", Date(2024, 12), ""),
        ("12/18/2024", Date(2024, 12, 18), ""),
        ("3/4/2024", Date(2024), "3/4/2024"),
        ("2024-02-30", Date(2024, 2), ""),
        ("Spring 2024", Date(2024), "Spring"),
        ("2024 (in press)", Date(2024), "(in press)"),
        ("in press", None, "in press"),
        ("n.d.", None, "n.d."),
        ("", None, ""),
    ],
)
def test_a_date_is_read_however_it_is_written(text: str, date: Date | None, rest: str) -> None:
    assert dated(text) == (date, rest)


def test_dates_in_parts_and_of_two_records() -> None:
    assert of_fields("2024", "dec", "18") == (Date(2024, 12, 18), "")
    assert of_fields("2024", "18~December") == (Date(2024, 12, 18), "")
    assert of_fields("2024", "summer") == (Date(2024), "summer")
    assert refined(Date(2024), Date(2024, 12)) == Date(2024, 12)
    assert refined(Date(2025, 3), Date(2024)) == Date(2024)


def test_bibtex_has_accents_groups_macros_and_crossrefs(tmp_path: Path) -> None:
    records = read(
        tmp_path,
        "a.bib",
        r"""
% a comment
@string{pr = "Proceedings of " # "Boats"}
@comment{nothing}
@inproceedings{a, title = "{\"U}ber {L}ichter \& 50% of $\alpha_1$ \corp{Lab}", crossref = {b},
  author = {M{\"u}ller, J{\"o}rg and {The {B}oat Group} and Vincent van {Gogh} and
  {\'E}mile Zola and Ben Oak and others}}
@proceedings{b, title = pr, year = 1999, editor = {Ada Lind}}
@misc{c, title = {X}, howpublished = "\url{https://boats.example/a_b}", year = 2001, eprint = {math/0309136},
  archiveprefix = {arXiv}}
""",
    )
    assert records.faults == []
    first, second = records.works
    assert first.title == "Über Lichter & 50% of $\\alpha_1$ Lab"
    assert [author.name for author in first.authors] == [
        "Jörg Müller", "The Boat Group", "Vincent van Gogh", "Émile Zola", "Ben Oak",
    ]  # fmt: skip
    assert [author.is_group for author in first.authors] == [False, True, False, False, False]
    assert (first.is_cut_short, first.venue, first.issued) == (True, "Proceedings of Boats", Date(1999))
    assert first.remarks == ("title: \\corp is no known command of LaTeX; its argument was kept",)
    assert (second.arxiv, second.url) == ("math/0309136", "https://boats.example/a_b")


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("@article{a, title = {open, year = 1999}\n", 1, "not well-formed"),
        ("\n@article{a b, title = {x}}\n", 2, "not well-formed"),
        ("@article{a, title = nomacro}\n", 1, "undefined string"),
        ("@article{a, title = {x}, title = {y}}\n", 1, "title is there twice"),
        ("@article{a, year = 1999}\n", 1, "no title"),
        ("words\n@article{a, title={x}}\n\n@book{A, title={y}}\n", 4, "Another entry has the key"),
        ("only words\n", 1, "no entry"),
    ],
)
def test_broken_bibtex_is_told_of_by_its_line(text: str, line: int, message: str, tmp_path: Path) -> None:
    records = read(tmp_path, "a.bib", text)
    assert [(fault.line, message in fault.message) for fault in records.faults] == [(line, True)]
    assert all(fault.mend for fault in records.faults)


def test_what_follows_a_broken_entry_is_read(tmp_path: Path) -> None:
    records = read(
        tmp_path, "a.bib", "@article{a, title = {open\n}\n\n@article{b,\n title={B}, year = }\n@misc{c, title={C}}\n"
    )
    assert [work.title for work in records.works][-1] == "C"


def test_ris_is_read_record_by_record(tmp_path: Path) -> None:
    records = read(
        tmp_path,
        "a.ris",
        "TY  - RPRT\r\nT1  - Lamps\r\nA1  - Lind, Ada\r\nA1  - Oak, B. et al.\r\nY1  - 1999/05//\r\nXX  - odd\r\n"
        "UR  - https://doi.org/10.5555/A.1\r\nER  - \r\nstray\r\n\r\nTY  - JOUR\r\nPY  - 2001\r\nER  - \r\n"
        "TY  - JOUR\r\nTI  - Cut\r\nPY  - in press\r\n",
    )
    [cut] = records.works
    assert (cut.title, cut.undated, cut.issued) == ("Cut", "in press", None)
    assert "may be cut short" in cut.remarks[0]
    assert [(fault.line, fault.message) for fault in records.faults] == [
        (9, "The line is behind the end of a record."),
        (11, "The record has no title."),
    ]
    whole = one(
        tmp_path, "b.ris", "TY  - RPRT\nT1  - Lamps\nA1  - Lind, Ada\nXX  - odd\nDO  - doi: 10.5555/A.1\nER  - \n"
    )
    assert (whole.kind, whole.doi, whole.left_out) == ("report", "10.5555/A.1", {"XX": "odd"})


def test_zotero_exports_rdf_with_the_doi_at_the_journal(tmp_path: Path) -> None:
    work = one(
        tmp_path,
        "z.rdf",
        """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:z="http://www.zotero.org/namespaces/export#"
 xmlns:bib="http://purl.org/net/biblio#" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:dcterms="http://purl.org/dc/terms/" xmlns:foaf="http://xmlns.com/foaf/0.1/"
 xmlns:prism="http://prismstandard.org/namespaces/1.2/basic/">
 <bib:Article rdf:about="https://boats.example/a"><z:itemType>journalArticle</z:itemType>
  <dcterms:isPartOf rdf:resource="urn:issn:0000-0000"/>
  <bib:authors><rdf:Seq>
   <rdf:li><foaf:Person><foaf:surname>Lind</foaf:surname><foaf:givenName>Ada</foaf:givenName></foaf:Person></rdf:li>
   <rdf:li><foaf:Person><foaf:surname>Boat Group</foaf:surname></foaf:Person></rdf:li>
  </rdf:Seq></bib:authors><dc:title>Boats &amp; lamps</dc:title><dc:date>12/1999</dc:date><prism:volume>3</prism:volume>
 </bib:Article>
 <bib:Journal rdf:about="urn:issn:0000-0000"><dc:title>Journal of Boats</dc:title>
  <dc:identifier>DOI 10.5555/b.1</dc:identifier></bib:Journal>
</rdf:RDF>""",
    )
    assert (work.title, work.doi, work.venue, work.issued) == (
        "Boats & lamps",
        "10.5555/b.1",
        "Journal of Boats",
        Date(1999, 12),
    )
    assert [(author.name, author.is_group) for author in work.authors] == [("Ada Lind", False), ("Boat Group", True)]
    assert (work.place.line, work.left_out) == (6, {"volume": "3"})


def test_a_note_has_fields_links_and_a_first_paragraph(tmp_path: Path) -> None:
    [note] = read(
        tmp_path,
        "Tall lamps.md",
        "---\ntype: concept\naliases: [High lamps]\nextends: '[[Reward hacking|a link]]'\n"
        "uses: [method:a-b, '[[Boats#x]]']\ntags: [a]\ndate: 1999-01-02\n---\n"
        "# Lamps\n\nThey are **tall**, as [[Boats|boats]] see.\n\nMore.\n",
    ).described
    assert isinstance(note, Described)
    assert dict(note.fields) == {
        "type": ("concept",), "aliases": ("High lamps",), "tags": ("a",), "date": ("1999-01-02",), "label": ("Lamps",),
    }  # fmt: skip
    assert [(link.predicate, link.target) for link in note.links] == [
        ("extends", "Reward hacking"), ("uses", "method:a-b"), ("uses", "Boats"),
    ]  # fmt: skip
    assert note.definition == "They are tall, as boats see."


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.bib", "@article{a, title={Über}}".encode("latin-1"), "a.bib:1: byte 19 of the file is not UTF-8"),
        ("a.json", '[{"itemType": "book", "title": ', "a.json:1: not JSON"),
        ("a.json", "{}", "of no kind that is known"),
        ("a.txt", "words", "of no kind that is known"),
        ("a.atom", "<!DOCTYPE x><feed/>", "has a document type"),
        ("a.atom", "<feed", "not XML"),
        ("a.bib", "", "has no records of the kind bibtex"),
        ("a.ttl", "<a> <b> .", "a.ttl:1:"),
    ],
)
def test_a_file_that_is_not_of_its_kind_is_refused(
    name: str, content: str | bytes, message: str, tmp_path: Path
) -> None:
    with pytest.raises(UsageError) as caught:
        read(tmp_path, name, content)
    assert message in caught.value.message
    assert caught.value.mend


def test_front_matter_that_is_no_yaml_is_told_of_by_its_line(tmp_path: Path) -> None:
    [fault] = read(tmp_path, "a.md", "---\nclass: concept\ntitle: a: b\n---\n").faults
    assert fault.line == 3
    assert "not YAML" in fault.message
    assert "no front matter" in read(tmp_path, "b.md", "words").faults[0].message


def test_a_mark_at_its_beginning_says_the_encoding(tmp_path: Path) -> None:
    for encoding in ("utf-8-sig", "utf-16", "utf-32"):
        assert one(tmp_path, "a.bib", "@misc{a, title={Über}, year=2001}\r\n".encode(encoding)).title == "Über"


def test_arxiv_says_what_it_does_not_know(tmp_path: Path) -> None:
    space = 'xmlns="http://www.w3.org/2005/Atom"'
    wrong = f"<feed {space}><entry><id>http://arxiv.org/api/errors#x</id><summary>bad id</summary></entry></feed>"
    assert [fault.message for fault in read(tmp_path, "a.atom", wrong).faults] == ["arXiv answered: bad id."]
    assert "no such work" in read(tmp_path, "b.atom", f"<feed {space}></feed>").faults[0].message


def test_titles_of_publishers_have_their_markup_taken_away(tmp_path: Path) -> None:
    record = {
        "DOI": "10.5555/X",
        "title": ["The <i>tall</i> &amp; <jats:sub>2</jats:sub> a &lt; b"],
        "is-referenced-by-count": 0,
    }
    assert one(tmp_path, "a.json", json.dumps(record)).title == "The tall & 2 a < b"


# Hypothesis finds what nobody thought of; a file is what a program may have cut, joined or mixed up.
_PIECES = st.sampled_from(
    [
        *(
            "@article{a,",
            "title={x}",
            "author = {",
            "}",
            "{",
            '"',
            ",",
            "=",
            "#",
            "year=1999",
            "\\",
            "$",
            "@",
            "\n",
            "%",
        ),
        *(
            "TY  - JOUR\n",
            "TI  - x\n",
            "ER  - \n",
            "AU  - , ,\n",
            "PY  - \n",
            "---\n",
            "title: [",
            "[[",
            "]]",
            ": ",
            "- ",
        ),
        *(
            '{"itemType":"book"',
            '"title":"x"',
            '"creators":[null,{}]',
            "[",
            "]",
            '"date-parts":[[null]]',
            '"paperId":"1"',
        ),
        *(
            '"DOI":["10.5555/x"]',
            '"authorships":[[]]',
            '"id":"https://openalex.org/W1"',
            "<feed>",
            "</feed>",
            "\x00",
            "ö",
        ),
    ]
)


@given(st.sampled_from(sorted(KINDS)), st.lists(_PIECES, max_size=14).map("".join))
@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_file_is_a_fault_of_ours(tmp_path: Path, kind: str, text: str) -> None:
    path = tmp_path / "any.file"
    path.write_text(text, encoding="utf-8")
    with suppress(AkbError):
        assert all(fault.mend and fault.line for fault in read_records(kind, path, COLUMNS).faults)


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)
_KEYS = (
    *("id", "title", "author", "issued", "DOI", "doi", "itemType", "creators", "date", "message", "data", "attributes"),
    *("titles", "dates", "types", "authorships", "referenced_works", "primary_location", "paperId", "externalIds"),
    *("references", "reference", "publicationYear", "relatedIdentifiers", "updated-by", "relation", "extra", "name"),
)


@given(
    st.sampled_from(["csl", "zotero", "crossref", "datacite", "openalex", "semantic-scholar"]),
    st.dictionaries(st.sampled_from(_KEYS), _VALUES, max_size=8),
)
@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_json_is_a_fault_of_ours(tmp_path: Path, kind: str, value: dict[str, object]) -> None:
    path = tmp_path / "any.json"
    path.write_text(
        json.dumps([{"title": "x", "id": "https://openalex.org/W1", "paperId": "1", **value}]), encoding="utf-8"
    )
    with suppress(AkbError):
        assert all(isinstance(found, Work | Finding) for found in importer_of(kind).read(path))
