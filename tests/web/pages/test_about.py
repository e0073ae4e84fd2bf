"""The page on the base: what it is, how it is checked, by whom, and how to correct it."""

from __future__ import annotations

import re
from dataclasses import replace

from flask.testing import FlaskClient

from server.records.releases import ReleaseInfo
from server.web.current import Current


def page(client: FlaskClient) -> str:
    return client.get("/about", headers={"Accept": "text/html"}).text


def numbers(text: str, words: str) -> list[int]:
    """Return the numbers before some words of a page, with the links around them left out."""
    plain = re.sub(r"<[^>]*>", "", text)
    return [int(found.replace(",", "")) for found in re.findall(rf"([\d,]+) {words}", plain)]


def test_it_says_what_the_base_says_of_itself(client: FlaskClient) -> None:
    text = page(client)
    assert "<h1>About Alignment KB</h1>" in text
    assert 'rel="license">CC BY 4.0</a>' in text
    header = client.get("/catalogue.nt").text
    assert re.search(r'description> "([^"]{20})', header)[1] in text


def test_its_numbers_are_those_of_the_release(client: FlaskClient) -> None:
    text = page(client)
    info: ReleaseInfo = client.application.extensions["akb"].release().info
    assert numbers(text, "entities") == [sum(info.entities.values())]
    assert info.edges in numbers(text, "edges?")
    assert numbers(text, "statements? follows?") == [info.inferred]
    shapes = client.get("/shapes.html").text
    [rules] = numbers(text, "quer(?:y|ies) that look")
    assert 0 < rules <= shapes.count("<pre")
    assert numbers(text, "shapes?")[0] > 10
    # By whom: every edge of the small base says what kind of agent made it.
    made = re.findall(r"<li>([\w -]+): <a[^>]*>([\d,]+)</a> edges?</li>", text)
    assert dict(made).keys() <= {"human", "machine-extracted", "machine-reviewed"}
    assert sum(int(count.replace(",", "")) for _, count in made) == info.edges


def test_every_address_that_it_names_is_there(client: FlaskClient) -> None:
    links = {link for link in re.findall(r'href="(/[^"#]*)', page(client)) if not link.startswith("/random")}
    assert {"/shapes", "/gaps", "/ontology", "/openapi", "/docs/editing"} <= links
    for link in links:
        assert client.get(link, follow_redirects=True).status_code == 200, link


def test_it_is_a_document_and_leads_to_the_description_in_data(client: FlaskClient) -> None:
    answer = client.get("/about.html")
    assert (answer.status_code, answer.content_type) == (200, "text/html; charset=utf-8")
    assert '</.well-known/void>; rel="describedby"' in answer.headers["Link"]
    assert client.get("/about", headers={"Accept": "text/turtle"}).status_code == 406
    assert client.get("/about.html", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_it_says_where_the_repository_is_where_that_is_known(client: FlaskClient, monkeypatch: object) -> None:
    current: Current = client.application.extensions["akb"]
    release = current.release()
    info = replace(
        release.info, repository="https://codeberg.org/a/b", edit="https://codeberg.org/a/b/_edit/main/{path}"
    )
    known = replace(release, info=info, mark="another")
    monkeypatch.setattr(current, "_open", known)
    text = page(client)
    assert '<a href="https://codeberg.org/a/b">' in text
    assert "“Edit this” leads to the editor" in text
    entity = client.get("/concept/alignment-faking.html").text
    assert (
        '"https://codeberg.org/a/b/_edit/main/kb/concept/alignment-faking.ttl" rel="nofollow">Edit this</a>' in entity
    )
