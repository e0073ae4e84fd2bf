"""A base of another field, in terms of others: what follows from their mappings, its gaps and example queries."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from server.cli.main import main
from server.knowledge.citations import citations
from server.knowledge.entity import describe_as_schema_org
from server.knowledge.overviews import count, timeline
from server.web.open_release import OpenRelease

BOOK = "https://library.example/catalogue/book/quiet-engines"
SCHEMA = "http://schema.org/"
GAP = """# Which works name nobody who wrote them?
# title: Works of nobody
# mend: read the title page, and write `dcterms:creator`.
SELECT DISTINCT ?focus WHERE {
  ?focus dcterms:title ?title ; dcterms:identifier ?id .
  MINUS { ?focus dcterms:creator ?author }
}
ORDER BY ?focus
"""
EXAMPLE = """# Works by year, and {entity}
SELECT ?work ?year WHERE {
  ?work dcterms:issued ?year . FILTER(?work != example:entity)
}
ORDER BY ?year
"""
KEPT = """# Which works came out in a year, or in any?
# parameter ?wanted: Year (year)
# view: timeline x=?issued y=?work
SELECT ?work ?issued WHERE {
  ?work dcterms:issued ?date .
  BIND(STR(?date) AS ?issued)
  FILTER(COALESCE(?wanted, "any") = "any" || STRSTARTS(?issued, STR(?wanted)))
}
ORDER BY ?issued ?work
"""


@pytest.fixture(scope="module")
def library(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library of the tests, with a gap and an example query of its own, and a book without a writer."""
    root = tmp_path_factory.mktemp("field") / "library"
    shutil.copytree(repository / "tests/bases/library", root)
    for folder, name, text in (
        ("shapes/gaps", "works-of-nobody", GAP),
        ("examples", "years", EXAMPLE),
        ("kb/query", "works-of-a-year", KEPT),
    ):
        (root / folder).mkdir()
        (root / folder / f"{name}.rq").write_text(text)
    return root


@pytest.fixture(scope="module")
def shown(library: Path, make_client: Callable[[Path], FlaskClient]) -> FlaskClient:
    """A client of the site of the library."""
    return make_client(library)


@pytest.fixture(scope="module")
def release(shown: FlaskClient) -> OpenRelease:
    """The release that the site shows."""
    opened: OpenRelease = shown.application.extensions["akb"].release()
    return opened


def test_its_works_stand_in_the_timeline(shown: FlaskClient, release: OpenRelease) -> None:
    found = timeline(release.store, release.schema)
    assert len(found) == count(release.store, release.schema, "count_dated_works") == 13
    years = [one.issued for one in found]
    assert years == sorted(years, reverse=True)
    assert {one.entity.class_name for one in found} == {"book", "academic-article"}
    assert "/timeline" in shown.get("/", headers={"Accept": "text/html"}).text
    for name in ("debates", "open-questions"):
        assert shown.get(f"/{name}").status_code == 404


def test_its_works_have_references(shown: FlaskClient, release: OpenRelease) -> None:
    found = citations(release.store, release.schema, "book", [BOOK])[BOOK]
    assert (found.title, found.issued) == ("Quiet Engines", "1990")
    assert [(one.name, one.is_person) for one in found.authors] == [("Ivo Colophon", True)]
    assert "year = {1990}" in shown.get("/book/quiet-engines.bib").text
    assert citations(release.store, release.schema, "person") == {}


def test_it_is_described_in_the_words_of_schema_org(release: OpenRelease) -> None:
    said = describe_as_schema_org(release.store, release.schema, BOOK)
    author = "https://library.example/catalogue/person/ivo-colophon"
    for line in (
        f"<{BOOK}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{SCHEMA}Book> .",
        f'<{BOOK}> <{SCHEMA}name> "Quiet Engines"@en .',
        f"<{BOOK}> <{SCHEMA}author> <{author}> .",
        f'<{author}> <{SCHEMA}name> "Ivo Colophon"@en .',
    ):
        assert f"{line}\n" in said


def test_lists_know_the_years(shown: FlaskClient) -> None:
    rows = shown.get("/book.json?sort=newest").json["entities"]
    assert rows
    early = shown.get("/book?until=1980", headers={"Accept": "text/html"})
    assert early.status_code == 200


def test_its_gaps_are_its_own_and_those_of_any_base(library: Path, shown: FlaskClient) -> None:
    gaps = {one["gap"]: one["count"] for one in shown.get("/gaps.json").json["gaps"]}
    general = {"drafts-waiting", "edges-without-a-source", "entities-with-few-edges", "entities-without-a-match"}
    assert gaps.keys() == {*general, "works-of-nobody"}
    page = shown.get("/gaps/works-of-nobody.html").text
    assert "Works of nobody" in page
    counted = json.loads(CliRunner().invoke(main, ["stats", "--root", str(library), "--format", "json"]).stdout)["gaps"]
    assert counted.keys() == gaps.keys()


def test_its_examples_are_its_own_and_those_of_any_base(shown: FlaskClient, release: OpenRelease) -> None:
    page = shown.get("/examples.html").text
    assert f"Works by year, and {release.examples.entity.label if release.examples.entity else ''}" in page
    assert 'id="connected"' in page
    assert "akb:Claim" not in page


def test_its_kept_queries_are_its_own(shown: FlaskClient) -> None:
    every = shown.get("/query/works-of-a-year.json").json["rows"]
    year = every[0]["issued"][:4]
    found = shown.get(f"/query/works-of-a-year.json?wanted={year}").json["rows"]
    assert found == [row for row in every if row["issued"].startswith(year)]
    assert all(row["workLabel"] for row in every)
    assert "<svg" in shown.get("/query/works-of-a-year", headers={"Accept": "text/html"}).text


def test_the_check_says_which_of_them_cannot_be_used(library: Path, tmp_path: Path) -> None:
    root = tmp_path / "library"
    shutil.copytree(library, root, ignore=shutil.ignore_patterns(".akb"))
    (root / "shapes/gaps/works-of-nobody.rq").write_text(GAP.replace("# title: Works of nobody\n", ""))
    (root / "shapes/gaps/Of Nobody.rq").write_text(GAP)
    (root / "examples/years.rq").write_text(EXAMPLE.replace("example:entity", "example:nobody"))
    (root / "examples/none.rq").write_text("# What is there?\nDESCRIBE <urn:x>\n")
    result = CliRunner().invoke(main, ["check", "--root", str(root), "--only", "rules", "--format", "json"])
    assert result.exit_code == 1
    found = {one["file"]: (one["rule"], one["line"], one["message"]) for one in json.loads(result.stdout)["findings"]}
    assert found == {
        "examples/none.rq": (
            "example-unreadable",
            2,
            "The example cannot be shown: it is no SELECT, ASK or CONSTRUCT.",
        ),
        "examples/years.rq": (
            "example-unreadable",
            3,
            "The example cannot be shown: example:nobody is not known.",
        ),
        "shapes/gaps/Of Nobody.rq": (
            "gap-unreadable",
            1,
            "The gap cannot be looked for: 'Of Nobody' cannot be the name of its page.",
        ),
        "shapes/gaps/works-of-nobody.rq": ("gap-unreadable", 1, "The gap cannot be looked for: it has no title."),
    }
