"""The manual on the site: every page of docs/, with links, anchors and pictures that lead somewhere."""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from server.web.documents.manual import _parser, coded, heading_id, manual, manual_text


@cache
def names() -> list[str]:
    """Return the names of all pages, which takes a while."""
    return sorted(manual())


def html(client: FlaskClient, path: str) -> str:
    answer = client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 200, path
    return answer.text


def test_its_contents_list_every_page_of_docs(client: FlaskClient, repository: Path) -> None:
    files = {path.stem for path in (repository / "docs").glob("*.md")}
    # The reference of an ontology belongs to its base: the site has it at /ontology.
    assert files - {*names()} == {"ontology"}
    listed = re.findall(r'<a href="/docs/([\w-]+)">', html(client, "/docs"))
    assert sorted({*listed}) == names()


def test_every_link_of_every_page_leads_to_a_place_that_is_there(client: FlaskClient) -> None:
    texts = {name: manual_text(name).html for name in names()}
    ids = {name: {*re.findall(r' id="([^"]*)"', text)} for name, text in texts.items()}
    followed = 0
    for name, text in texts.items():
        for target in map(unescape, re.findall(r'(?:href|src)="([^"]*)"', text)):
            if target.startswith(("http://", "https://")):
                continue
            path, _, fragment = target.partition("#")
            page = path.removeprefix("/docs/") if path.startswith("/docs/") else name
            if path and page not in texts:
                assert client.get(path, headers={"Accept": "text/html"}).status_code == 200, (name, target)
            elif fragment:
                assert fragment in ids[page], (name, target)
            followed += 1
    assert followed > 300


def test_a_page_has_its_headings_with_anchors_contents_and_marked_code(client: FlaskClient) -> None:
    text = html(client, "/docs/addresses")
    assert '<h2 id="whole-graphs">Whole graphs</h2>' in text
    assert '<a href="#whole-graphs">Whole graphs</a>' in text
    assert 'href="/docs/sparql#tables"' in text
    assert '<pre class="code" tabindex="0">' in text
    assert "<script" not in text.partition("<main")[2]
    assert 'src="/docs/images/claim.png"' in html(client, "/docs/pages")
    picture = client.get("/docs/images/claim.png")
    assert (picture.content_type, picture.data[:4]) == ("image/png", b"\x89PNG")
    # Files of the repository that the site does not have are not linked.
    assert "../shapes" not in html(client, "/docs/rules")


def test_examples_name_the_address_of_the_site(client: FlaskClient) -> None:
    assert "127.0.0.1:8000" not in html(client, "/docs/api").partition("<main")[2].replace(
        "in place of <code>http://127.0.0.1:8000/</code>", ""
    )
    assert "http://localhost/concept/alignment-faking" in unescape(re.sub("<[^>]*>", "", html(client, "/docs/api")))
    # That of a proxy in front of the server is no example to run here.
    assert "proxy_pass" not in html(client, "/docs/operating") or "127.0.0.1:8000" in html(client, "/docs/operating")


def test_a_page_comes_as_markdown_too_and_what_is_not_there_is_said(client: FlaskClient, repository: Path) -> None:
    answer = client.get("/docs/search", headers={"Accept": "text/markdown"})
    assert answer.headers["Content-Location"] == "/docs/search.md"
    assert answer.text == (repository / "docs/search.md").read_text()
    # A link to a file that the site does not have is left as its text; all others are as they stand there.
    text = client.get("/docs/rules.md").text
    assert "entity.ttl" in text
    assert "](../" not in text
    assert "](validation.md" in text
    for path in ("/docs/nothing", "/docs/ontology", "/docs/../README", "/docs/images/nothing.png", "/docs/rules.py"):
        assert client.get(path).status_code in {404, 301}, path


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "a <img src=x onerror=alert(1)> b",
        "[a](javascript:alert(1))",
        "![a](data:text/html;base64,PHNjcmlwdD4=)",
        "```html\n</code><script>alert(1)</script>\n```",
        "| <b>a</b> |\n|---|\n| <i>b</i> |",
    ],
)
def test_html_in_a_page_is_text(source: str) -> None:
    assert re.findall(r"<(script|img|b|i)\b|=\"(?:javascript|data):", _parser().render(source)) == []


@given(st.text(), st.sampled_from(["python", "console", "turtle", "no such language", ""]))
def test_marked_code_is_the_code(code: str, language: str) -> None:
    shown = re.fullmatch(
        r'<pre class="code" tabindex="0"><code>(.*)</code></pre>\n', str(coded(code, language)), re.DOTALL
    )
    plain = unescape(re.sub(r"</?span[^<>]*>", "", shown[1]))
    normal = code.replace("\r\n", "\n").replace("\r", "\n")
    assert plain.rstrip("\n") == unescape(normal.replace("&", "&amp;")).rstrip("\n")


def test_headings_have_the_ids_that_code_hosts_give_them() -> None:
    assert heading_id("The form of a query: `SELECT`, and others") == "the-form-of-a-query-select-and-others"
    assert heading_id("Notes", ["notes", "notes-1"]) == "notes-2"
