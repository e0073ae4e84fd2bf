"""Records of works into a base: each once, joined to authors and references, and what is not sure left to a person."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from rdflib import DCTERMS, SKOS, Graph, URIRef

from server.proposals.queue import Queue
from server.settings import read_settings
from server.turtle.edges import CODES, VOCAB
from server.turtle.reader import read_base
from tests.importers.conftest import Run
from tests.importers.made_records import made_works, write_records
from tests.made import NAMESPACES


def node(curie: str) -> URIRef:
    return URIRef(NAMESPACES.expand(curie))


def asserted(root: Path) -> Graph:
    return read_base(root, NAMESPACES).asserted


def files(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in (root / "kb").rglob("*.ttl")}


def waiting(library: Path, tmp_path: Path) -> list[dict[str, object]]:
    settings = read_settings({"AKB_STATE": str(tmp_path / "state")}, root=library)
    return [dict(one.proposal) for one in Queue(settings).waiting()]


def test_thirty_papers_in_six_formats_become_thirty_papers(akb: Run, library: Path, tmp_path: Path) -> None:
    """One command: none twice, authors and references joined, and the check finds no violation."""
    works = made_works()
    paths = write_records(tmp_path / "records", works)
    result = akb("import", *paths)
    assert result.exit_code == 0, result.output
    graph = asserted(library)
    seeds = {node("paper:watched-boats"), node("paper:unseen-boats")}
    papers = set(graph.subjects(predicate=VOCAB.authorList)) - seeds
    assert len(papers) == len(works) == 30
    titles = {str(graph.value(one, SKOS.prefLabel)) for one in papers}
    assert titles == {work.title for work in works}
    by_title = {str(graph.value(one, SKOS.prefLabel)): one for one in papers}
    people = {str(label): one for one, label in graph.subject_objects(SKOS.prefLabel) if "/thinker/" in str(one)}
    for work in works:
        paper = by_title[work.title]
        assert str(graph.value(paper, VOCAB.authorList)).count("; ") == len(work.authors) - 1
        joined = set(graph.objects(paper, VOCAB.authoredBy))
        assert joined == {people[name] for name in work.authors}, "all of them wrote three works or more"
        assert work.doi in {"", str(graph.value(paper, URIRef("http://purl.org/ontology/bibo/doi")))}
        assert work.arxiv in {"", str(graph.value(paper, VOCAB.arxivId) or work.arxiv)}
        cited = set(graph.objects(paper, VOCAB.cites))
        assert cited <= {by_title[works[one].title] for one in work.cites}
    assert len(list(graph.subject_objects(VOCAB.cites))) == 1 + int(re.search(r"(\d+) citations", result.output)[1])  # type: ignore[index]
    assert len(list(graph.subject_objects(VOCAB.cites))) > 20
    checked = akb("check", "--format", "json")
    findings = json.loads(checked.stdout)["findings"]
    assert [one for one in findings if one["file"].startswith("kb/")] == []
    before = files(library)
    again = akb("import", *reversed(paths))
    assert again.exit_code == 0, again.output
    assert "30 were there" in again.output
    assert "0 files created, 0 changed" in again.output
    assert files(library) == before


BIB = r"""
@article{known, title = {Watched {B}oats}, author = {Lind, Ada and Oak, Ben and {\"A}ng, S{\"o}ren},
  year = 1990, month = may, doi = {10.5555/SEED.1}, pages = {1--2}}
@article{other, title = {Lamps and {L}atency}, author = {Lind, A. and Oak, B. and Soren Ang},
  year = 1995, references = {10.5555/seed.1, 10.5555/nowhere}, doi = {10.5555/lamps}}
@misc{pressed, title = {A work that waits to be printed}, author = {Elm, N. and others}, year = {in press},
  note = {Mine}}
@inproceedings{nameless, title = {Nobody wrote these lines down}, year = 1996}
@techreport{of-group, title = {Minutes of the last season}, author = {{The Boat Group}}, year = 1997}
"""


def test_what_is_there_is_completed_and_what_is_new_is_a_draft(akb: Run, library: Path, tmp_path: Path) -> None:
    path = tmp_path / "refs.bib"
    path.write_text(BIB, encoding="utf-8")
    result = akb("import", "bibtex", path)
    assert result.exit_code == 0, result.output
    assert "5 records read, 4 works are new, 1 was there" in result.output
    graph = asserted(library)
    lamps = node("paper:lamps-and-latency")
    assert graph.value(lamps, VOCAB.status) == CODES.draft
    assert "BibTeX entry other of refs.bib, DOI 10.5555/lamps" in map(str, graph.objects(lamps, DCTERMS.source))
    assert (lamps, VOCAB.cites, node("paper:watched-boats")) in graph
    assert "1 reference to a work outside" in result.output
    # An initial needs two co-authors that are known of both; a name without its accents needs none.
    assert (lamps, VOCAB.authoredBy, node("thinker:soren-ang")) in graph
    assert (lamps, VOCAB.authoredBy, node("thinker:ada-lind")) not in graph
    assert (node("report:minutes-of-the-last-season"), VOCAB.authoredBy, node("thinker:boat-group")) in graph
    pressed = node("paper:a-work-that-waits-to-be-printed")
    assert graph.value(pressed, DCTERMS.issued) is None
    assert graph.value(pressed, VOCAB.authorList) is None, "the list is cut short"
    said = result.stderr
    assert "'in press' is no date" in said
    assert "cut short" in said
    assert "note (1), pages (1)" in said
    assert f"{path}:6 (pressed)" in said
    [question] = waiting(library, tmp_path)
    assert "A. Lind on the work, Ada Lind in the base" in str(question["why"])
    assert question["parts"][0]["object"] == "thinker:ada-lind"  # type: ignore[index]


def test_an_orcid_decides_and_a_page_waits_for_the_third_work(akb: Run, library: Path, tmp_path: Path) -> None:
    def record(number: int, name: str, orcid: str) -> dict[str, object]:
        given, _, family = name.partition(" ")
        return {
            "DOI": f"10.5555/third.{number}",
            "title": [f"On the counting of lamps, part {number}"],
            "author": [
                {"given": given, "family": family, "ORCID": f"http://orcid.org/{orcid}"} if orcid else {"name": name}
            ],
            "issued": {"date-parts": [[1990 + number]]},
            "type": "journal-article",
            "is-referenced-by-count": 0,
        }

    def answer(*records: dict[str, object]) -> Path:
        path = tmp_path / "answer.json"
        path.write_text(json.dumps({"status": "ok", "message-type": "work-list", "message": {"items": records}}))
        return path

    elm = "0000-0001-5109-3700"
    assert akb("import", answer(record(1, "Noor Elm", elm), record(2, "N. Elm", elm))).exit_code == 0
    assert not list((library / "kb/thinker").glob("*elm*"))
    assert akb("import", answer(record(3, "Noor Elm", elm), record(4, "Noor Elm", elm))).exit_code == 0
    graph = asserted(library)
    page = node("thinker:noor-elm")
    assert (page, SKOS.exactMatch, URIRef(f"https://orcid.org/{elm}")) in graph
    assert len(set(graph.subjects(VOCAB.authoredBy, page))) == 3
    # From now on the number is known, whatever the name.
    assert akb("import", answer(record(5, "Noor Birch", elm))).exit_code == 0
    assert len(set(asserted(library).subjects(VOCAB.authoredBy, page))) == 4


def test_a_work_that_may_be_there_waits_for_a_decision(akb: Run, library: Path, tmp_path: Path) -> None:
    path = tmp_path / "doubt.ris"
    path.write_text(
        "TY  - JOUR\nTI  - Unseen boats in the fog at night\nAU  - Lind, Ada\nPY  - 1999\nER  - \n"
        "TY  - JOUR\nTI  - Unseen boats in the fogs at night\nAU  - Lind, Ada\nPY  - 1991\nER  - \n"
        "TY  - JOUR\nTI  - Unseen Boats in the Fog at Night\nAU  - Oak, B.\nPY  - 1992\nER  - \n"
    )
    before = files(library)
    result = akb("import", path)
    assert result.exit_code == 0, result.output
    assert files(library).keys() == before.keys()
    questions = waiting(library, tmp_path)
    assert sorted(
        str(one["why"]).partition(": ")[2].partition(".")[0] for one in questions if "It may be" in str(one["why"])
    ) == [
        "the titles are nearly the same: 'Unseen boats in the fog at night'",
        "the titles are the same, and the years are 1991 and 1999",
    ]
    assert all(one["parts"][0]["distinct"] == "paper:unseen-boats" for one in questions)  # type: ignore[index]
    # The same questions are not asked twice.
    akb("import", path)
    assert waiting(library, tmp_path) == questions


def test_the_records_can_be_the_references_of_a_work(akb: Run, library: Path, tmp_path: Path) -> None:
    path = tmp_path / "refs.bib"
    path.write_text(
        "@article{u, title={Unseen boats in the fog at night}, year=1991, author={Lind, Ada}, eprint={9101.00001}}\n"
        "@article{v, title={Not there}, year=1991}\n"
    )
    before = files(library)
    result = akb("import", "bibtex", path, "--cited-by", "paper:watched-boats")
    assert result.exit_code == 0, result.output
    assert files(library).keys() == before.keys(), "no reference becomes a work"
    assert (node("paper:watched-boats"), VOCAB.cites, node("paper:unseen-boats")) in asserted(library)
    assert akb("import", "bibtex", path, "--cited-by", "paper:none").exit_code == 2


def test_a_retracted_work_is_said_to_be_one(akb: Run, library: Path, tmp_path: Path) -> None:
    path = tmp_path / "w.json"
    record = {"id": "https://openalex.org/W1", "title": "Taken back", "publication_year": 1999, "is_retracted": True}
    path.write_text(json.dumps(record))
    assert akb("import", path).exit_code == 0
    assert asserted(library).value(node("paper:taken-back"), VOCAB.status) == CODES.retracted


def test_a_faulty_record_stops_all_or_is_left_out(akb: Run, library: Path, tmp_path: Path) -> None:
    path = tmp_path / "faulty.bib"
    path.write_text(
        "@article{good, title={Good lines}, year=1999}\n\n@article{broken, title={Not closed, year=1999}\n"
        "@article{good, title={Other lines}, year=1999}\n@article{x, year=1999}\n"
    )
    before = files(library)
    result = akb("import", path)
    assert result.exit_code == 1
    assert f"{path}:3: violation [record] broken: The entry is not well-formed" in result.output
    assert files(library) == before
    result = akb("import", path, "--skip-faulty")
    assert result.exit_code == 0, result.output
    assert "3 records with faults left out" in result.output
    assert files(library).keys() - before.keys() == {"kb/paper/good-lines.ttl"}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["import", "bibtex"], "No file of the kind bibtex is named"),
        (["import", "none.bib"], "cannot be read"),
        (["import", "spreadsheet", "x"], "is not a kind of file"),
        (["import", "2412.14093"], "asked of a catalogue only with --fetch"),
        (["import", "doi", "10.5555/x"], "asked of a catalogue only with --fetch"),
        (["new", "paper", "2412.14093"], "akb new paper --arxiv 2412.14093 --fetch"),
        (["new", "paper", "--doi", "10.5555/x"], "only with --fetch"),
        (["new", "paper", "--arxiv", "boat", "--fetch"], "'boat' is no number on arXiv"),
        (["new", "concept", "--doi", "10.5555/x", "--fetch"], "name a class of works: paper"),
        (["new", "paper"], "Nothing says what the entity is called"),
    ],
)
def test_wrong_use_says_what_to_write(words: list[str], message: str, akb: Run) -> None:
    result = akb(*words)
    assert result.exit_code == 2
    assert message in result.stderr
