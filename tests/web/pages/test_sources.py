"""What a reader sees of the sources of edges, of works that are no papers, of venues, and of answers with yes and no.

One base is built for all tests: the small one, with an edge of each kind in it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pybtex.database import parse_string

from tests.made import edge, record

QUESTION = "question:what-causes-the-other-compliance-gaps"
YES, NO, DEPENDS = (
    "claim:an-8b-model-shows-it",
    "claim:base-models-can-already-do-it",
    "claim:setup-functions-as-jailbreak",
)
QUOTED = "we find that the model complies"
ISSUED = 'dcterms:issued "2024-02"^^xsd:gYearMonth ;'


def fact(text: str, *facts: str) -> str:
    """Return an edge that says more."""
    return text.replace("    akb:confidence", "".join(f"    {one} ;\n" for one in facts) + "    akb:confidence")


def added(root: Path) -> Path:
    """Add to the small base what these tests look at."""
    files = {
        "venue/boat-meeting": record("venue:boat-meeting", "akb:Conference"),
        "venue/boat-reports": record("venue:boat-reports", "akb:ReportSeries"),
        "report/boats": record("report:boats", "akb:Report", ISSUED)
        + edge("report:boats", "akb:publishedIn", "venue:boat-reports")
        + edge("report:boats", "akb:authoredBy", "thinker:anthropic"),
        "book/boats": record("book:boats", "akb:Book", ISSUED)
        + edge("book:boats", "akb:authoredBy", "thinker:evan-hubinger"),
        "post/boats": record("post:boats", "akb:Post", ISSUED)
        + edge("post:boats", "akb:studies", "concept:alignment-faking"),
    }
    for name, text in files.items():
        path = root / "kb" / f"{name}.ttl"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    more = {
        "paper/scheming-ais": fact(
            edge("paper:scheming-ais", "akb:publishedIn", "venue:boat-meeting"),
            'dcterms:issued "2025-07"^^xsd:gYearMonth',
        ),
        YES.replace(":", "/"): fact(edge(YES, "akb:answers", QUESTION), "akb:stance akbv:yes"),
        NO.replace(":", "/"): fact(
            edge(NO, "akb:answers", QUESTION), "akb:stance akbv:no", "akb:basis akbv:our-reading"
        ),
        DEPENDS.replace(":", "/"): fact(edge(DEPENDS, "akb:answers", QUESTION), "akb:stance akbv:depends"),
    }
    for name, text in more.items():
        path = root / "kb" / f"{name}.ttl"
        prefixes = "".join(line for line in record("x:y", "z").splitlines(keepends=True) if line.startswith("@prefix"))
        path.write_text(prefixes + path.read_text() + text)
    path = root / "kb/thinker/evan-hubinger.ttl"
    old = '    akb:note "Research scientist who leads the Alignment Stress-Testing team."@en ;\n'
    dates = '    akb:from "2023-01"^^xsd:gYearMonth ;\n    akb:until "2025"^^xsd:gYear ;\n'
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, old + dates))
    path = root / "kb/thinker/greenblatt-et-al.ttl"
    place = "    akb:assertedIn paper:alignment-faking-in-llms ;\n"
    read = '    akb:sourceVersion "v2" ;\n    akb:consultedAt <https://arxiv.org/abs/2412.14093v2> ;\n'
    read += f'    akb:quotedText "{QUOTED}"@en ;\n    akb:reviewer "A. Reader" ;\n'
    path.write_text(path.read_text().replace(place, place + read, 1))
    return root


@pytest.fixture(scope="module")
def site(
    make_base: Callable[[Path], Path],
    make_client: Callable[[Path], FlaskClient],
    tmp_path_factory: pytest.TempPathFactory,
) -> FlaskClient:
    """A client of the base."""
    return make_client(added(make_base(tmp_path_factory.mktemp("sources") / "base")))


def page(site: FlaskClient, path: str) -> str:
    """Return a page."""
    answer = site.get(f"{path}.html")
    assert answer.status_code == 200, path
    return answer.text


def words_of(text: str) -> str:
    """Return the words of a part of a page."""
    return " ".join(re.sub("<[^>]+>", "", text).split())


def test_an_edge_leads_to_the_version_that_says_so_and_to_where_it_was_read(site: FlaskClient) -> None:
    address = "https://arxiv.org/abs/2412.14093v2"
    shown = page(site, "/thinker/greenblatt-et-al")
    assert f'<a href="{address}">v2</a>' in shown
    assert f'<a href="{address}">arxiv.org</a>' in shown
    whole = site.get("/thinker/greenblatt-et-al.json").json
    said = [link for group in whole["neighbourhood"] for one in group["neighbours"] for link in one["links"]]
    [link] = [one for one in said if one["version"]]
    assert (link["version"], link["versionAddress"]) == ("v2", address)
    assert address in link["readAt"]
    assert f"Read at <{address}>" in site.get("/thinker/greenblatt-et-al.md").text


def test_an_edge_shows_the_words_of_its_source_and_who_reviewed_it(site: FlaskClient) -> None:
    path = "/thinker/greenblatt-et-al"
    for shown in (page(site, path), site.get(f"{path}/neighbourhood.html").text):
        assert f'<blockquote title="In its words"><p>{QUOTED}</p></blockquote>' in shown
        assert "Reviewed by A. Reader" in words_of(shown)
    whole = site.get(f"{path}.json").json
    said = [link for group in whole["neighbourhood"] for one in group["neighbours"] for link in one["links"]]
    facts = {fact["name"]: fact["value"] for link in said for fact in link["facts"]}
    assert (facts["In its words"], facts["Reviewed by"]) == (QUOTED, "A. Reader")


def test_a_question_shows_how_it_is_answered_and_what_is_our_own_reading(site: FlaskClient) -> None:
    path = f"/{QUESTION.replace(':', '/')}"
    chips = set(re.findall(r'<span class="chip fact [a-z-]+" title="\w+">([^<]+)</span>', page(site, path)))
    assert chips == {"yes", "no", "it depends", "our reading"}
    rows = site.get(f"{path}/neighbourhood.json").json["items"]
    facts = {one["id"]: {fact["code"] for edge in one["edges"] for fact in edge["facts"]} for one in rows}
    assert facts[YES] == {"yes"}
    assert facts[NO] == {"no", "our-reading"}
    assert "Answer: it depends" in site.get(f"{path}/neighbourhood.csv").text
    assert "(Basis: our reading; Answer: no)" in site.get(f"{path}.md").text


def test_a_question_with_answers_on_both_sides_is_a_debate(site: FlaskClient) -> None:
    debates = {one["id"]: one for one in site.get("/debates.json").json["debates"]}
    sides = {side: [one["entity"]["id"] for one in debates[QUESTION][side]] for side in ("for", "against", "between")}
    assert sides == {"for": [YES], "against": [NO], "between": [DEPENDS]}
    shown = page(site, "/debates")
    [article] = [one for one in shown.split("<article")[1:] if f'href="/{QUESTION.replace(":", "/")}"' in one]
    assert "it depends" in words_of(article)
    assert re.search(rf">{len(debates)}</a>\)</span></h1>", shown), "what counts them finds the same"


def test_an_affiliation_has_its_dates_on_both_pages(site: FlaskClient) -> None:
    for path in ("/thinker/evan-hubinger", "/thinker/anthropic"):
        words = words_of(page(site, path))
        assert "From January 2023" in words
        assert "Until 2025" in words


def test_works_of_every_class_are_cited_as_what_they_are(site: FlaskClient) -> None:
    entries = {}
    for name in ("paper/scheming-ais", "report/boats", "book/boats", "post/boats"):
        [entries[name]] = parse_string(site.get(f"/{name}.bib").text, "bibtex").entries.values()
    assert {name: one.type for name, one in entries.items()} == {
        "paper/scheming-ais": "inproceedings",
        "report/boats": "techreport",
        "book/boats": "book",
        "post/boats": "misc",
    }
    assert entries["paper/scheming-ais"].fields["booktitle"] == "boat-meeting".replace("-", " ")
    assert entries["paper/scheming-ais"].fields["year"] == "2025"
    assert entries["report/boats"].fields["institution"] == "boat reports"
    assert '<meta name="citation_conference_title" content="boat meeting">' in page(site, "/paper/scheming-ais")


def test_works_and_venues_are_wherever_classes_are(site: FlaskClient) -> None:
    for name in ("post", "book", "report", "venue"):
        assert site.get(f"/{name}.html").status_code == 200
        assert f'href="/{name}"' in site.get("/", headers={"Accept": "text/html"}).text
    assert "boats" in {one["label"] for one in site.get("/timeline.json").json["works"]}
    assert "What appeared in it, by date Scheming AIs" in words_of(page(site, "/venue/boat-meeting"))
    assert "Where it appeared boat meeting" in words_of(page(site, "/paper/scheming-ais"))
    data = json.loads(site.get("/paper/scheming-ais.jsonld?_profile=schema").text)
    assert "EventSeries" in json.dumps(data)
    assert "answers-without-a-stance" in site.get("/gaps.json").text
