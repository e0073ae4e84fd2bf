"""Markdown of every kind of page: what it tells, that it reads as it is, and that it comes in pages."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from markdown_it import MarkdownIt

AF = "/concept/alignment-faking"
CLAIM = "/claim/alignment-faking-emerges-with-scale"
PAGES = (
    "/debates",
    "/open-questions",
    "/timeline",
    "/gaps",
    "/gaps/edges-without-a-source",
    "/search?q=alignment&size=2",
    "/search?q=xyzzyq&mode=text",
    f"{AF}/neighbourhood?size=2",
    f"{AF}/history",
    "/changes?size=2",
    f"/path?from=concept:alignment-faking&to={CLAIM[1:].replace('/', ':')}",
    f"{AF}",
    CLAIM,
    "/claim?size=2",
    "/claim?sort=name&size=2&page=2",
    "/review?size=2",
    "/review/proposals",
    "/explain?subject=concept:alignment-faking&predicate=a&object=akb:Concept",
    "/explain?subject=concept:alignment-faking&predicate=a&object=akb:Entity",
    "/shapes",
    "/about",
    "/examples",
    "/answers?query=SELECT+*+%7B+%3Fs+a+akb:Claim+%7D",
    "/answers?query=ASK+%7B%7D",
    "/query",
    "/query/papers-by-year",
    "/query/evidence-on-a-claim",
)


@pytest.mark.parametrize("address", PAGES)
def test_every_kind_of_page_is_markdown_whose_links_lead_on(client: FlaskClient, address: str) -> None:
    path, _, query = address.partition("?")
    found = client.get(f"{path}.md?{query}", follow_redirects=True)
    assert (found.status_code, found.mimetype) == (200, "text/markdown")
    negotiated = client.get(address, headers={"Accept": "text/markdown"}, follow_redirects=True)
    assert negotiated.text == found.text
    assert found.text.startswith("# ")
    assert "{{" not in found.text
    tokens = [child for token in MarkdownIt().parse(found.text) for child in token.children or ()]
    links = [str(token.attrGet("href")) for token in tokens if token.type == "link_open"]
    for link in dict.fromkeys(one for one in links if one.startswith("/")):
        assert client.head(link).status_code == 200, link
        break


def test_a_claim_has_first_what_is_for_and_against_it_in_phrases(client: FlaskClient) -> None:
    text = client.get(f"{CLAIM}.md").text
    sections = re.findall(r"^## (.+)$", text, re.MULTILINE)
    shown = [name.rpartition(" (")[0] or name for name in sections]
    assert shown.index("Evidence for") < shown.index("Evidence against") < shown.index("Neighbourhood")
    for section, phrase, other in (
        ("Evidence against", "- is opposed by **[", "`claim:base-models-can-already-do-it`"),
        ("Who disputes it", "- is disputed by **[", "`paper:alignment-faking-in-a-small-llm`"),
    ):
        told = text.split(f"## {section}")[1].split("## ")[0]
        assert phrase in told
        assert other in told
        assert "_by" not in told
    assert "Source: itself" in told
    # Its note is told once.
    assert "is disputed by it: see above" in text.split("## Neighbourhood")[1]


def test_what_comes_in_pages_leads_to_the_next(client: FlaskClient) -> None:
    first = client.get(f"{AF}/neighbourhood.md?size=2").text
    following = re.search(r"\[the next page\]\((\S+)\)", first)
    assert following
    assert following[1] == f"{AF}/neighbourhood.md?size=2&page=2"
    assert client.get(following[1]).status_code == 200


def test_a_list_comes_in_pages_with_its_filters_and_data_are_whole(client: FlaskClient) -> None:
    whole = client.get("/claim.json").json["count"]
    seen: list[str] = []
    address = "/claim.md?sort=name&size=7"
    while address:
        text = client.get(address).text
        assert text.startswith(f"# Claims ({whole})")
        seen += re.findall(r"^- \*\*.*?`(claim:[\w-]+)`", text, re.MULTILINE)
        following = re.search(r"\[the next page\]\((\S+)\)", text)
        address = following[1] if following else ""
        assert not following or "sort=name&size=7&page=" in address
    assert len(seen) == len({*seen}) == whole
    assert client.get("/claim.md?size=7&page=999").status_code == 404


def test_a_query_is_a_block_of_code_whatever_is_in_it(client: FlaskClient) -> None:
    query = "# A title with ``` and *marks*\nSELECT ?x { VALUES ?x { '```' '|' '<b>' } }"
    text = client.get("/answers.md", query_string={"query": query}, follow_redirects=True).text
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(text)
    assert [token.content for token in tokens if token.type == "fence"] == [f"{query}\n"]
    cells = [tokens[place + 1].content for place, token in enumerate(tokens) if token.type == "td_open"]
    assert len(cells) == 3
    assert not any(token.type == "html_block" for token in tokens)


def test_a_neighbourhood_is_narrowed(client: FlaskClient) -> None:
    text = client.get(f"{AF}/neighbourhood.md?class=claim").text
    assert "as selected" in text
    assert re.findall(r"^## (\w+)", text, re.MULTILINE) in (["Claims"], [])
