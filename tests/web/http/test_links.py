"""Typed links (RFC 8288), link sets (RFC 9264) and FAIR Signposting on both levels."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient

from server.web.http.links import Link, header, link_set
from server.web.http.signposting import class_links

AF = "/concept/alignment-faking"
IRI = "https://w3id.org/alignment-kb/concept/alignment-faking"
LINK = re.compile(r'<([^>]*)>((?:; \w+="[^"]*")+)')


def links_of(value: str) -> dict[str, set[str]]:
    """Return the targets of a Link header by relation, leaving out those that are from elsewhere."""
    found: dict[str, set[str]] = {}
    for target, parameters in LINK.findall(value):
        told = dict(re.findall(r'(\w+)="([^"]*)"', parameters))
        if "anchor" not in told:
            for relation in told["rel"].split():
                found.setdefault(relation, set()).add(target)
    return found


def test_a_header_holds_each_link_once_and_leaves_out_those_without_room() -> None:
    one = Link("/a", "alternate describedby", (("type", "text/turtle"),), more=(("formats", "x"),))
    assert header([one, one, Link("/b", "item", in_header=False)]) == (
        '</a>; rel="alternate describedby"; type="text/turtle"'
    )
    assert str(Link("/b", "type", anchor="/c")) == '</b>; rel="type"; anchor="/c"'


def test_a_link_set_holds_all_links_by_context_and_relation() -> None:
    """RFC 9264, section 4.2: an array of contexts, each with arrays of targets; extension attributes are arrays."""
    one = Link("/a", "alternate describedby", (("type", "text/turtle"),), more=(("formats", "x"),))
    text = link_set("http://h/d", [one, Link("/b", "item", in_header=False), Link("/t", "type", anchor="/c")])
    target = {"href": "/a", "type": "text/turtle", "formats": ["x"]}
    assert json.loads(text) == {
        "linkset": [
            {"anchor": "http://h/d", "alternate": [target], "describedby": [target], "item": [{"href": "/b"}]},
            {"anchor": "/c", "type": [{"href": "/t"}]},
        ]
    }


@pytest.mark.parametrize("path", [AF, f"{AF}.html", f"{AF}.ttl"])
def test_an_entity_has_the_signposts_of_a_landing_page(path: str, client: FlaskClient) -> None:
    found = links_of(client.get(path).headers["Link"])
    assert found["cite-as"] == {IRI}
    assert found["describes"] == {IRI}
    assert found["type"] == {"https://schema.org/AboutPage", "https://schema.org/DefinedTerm"}
    assert found["license"] == {"https://creativecommons.org/licenses/by/4.0/"}
    assert found["collection"] == {"/concept"}
    assert found["linkset"] == {f"{AF}.linkset.json"}
    others = {f"{AF}.{name}" for name in ("jsonld", "ttl", "nt", "nq", "trig", "rdf")} - {path}
    references = {f"{AF}.{name}" for name in ("bib", "ris", "csl.json", "txt")}
    assert found["describedby"] == others | references
    assert len(client.get(path).headers["Link"]) < 4000, "proxies have room for 4 kilobytes or 8"


class _Head(HTMLParser):
    """The links in the head of a page, as a Link header would have them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "link":
            given = dict(attrs)
            rest = "".join(f'; {name}="{value}"' for name, value in given.items() if name not in {"href", "rel"})
            self.links.append(f'<{given["href"]}>; rel="{given["rel"]}"{rest}')


@pytest.mark.parametrize(
    "path",
    [
        *(
            AF,
            "/paper/alignment-faking-in-llms",
            "/concept",
            "/paper?sort=name&size=5&page=2",
            "/",
            "/.well-known/void",
        ),
        *("/ontology", "/shapes", "/timeline", "/gaps", f"{AF}/neighbourhood?size=5", "/search?q=faking", "/review"),
    ],
)
def test_a_page_has_the_links_of_its_header_in_its_head(path: str, client: FlaskClient) -> None:
    """FAIR Signposting, level 1: for clients that read no headers. An element has no anchor, and fewer attributes."""
    response = client.get(path, headers={"Accept": "text/html"}, follow_redirects=True)
    in_header = [
        f"<{target}>" + re.sub(r'; (?:formats|token)="[^"]*"', "", rest)
        for target, rest in LINK.findall(response.headers["Link"])
        if "anchor=" not in rest
    ]
    assert len(in_header) >= 2
    # Feeds and cards for other sites are found in the head alone (oEmbed, section 4).
    head = [one for one in _Head(response.text).links if "feed" not in one and "oembed" not in one]
    assert [one for one in head if one in in_header] == in_header
    own = {"icon", "stylesheet", "search", "canonical"}
    assert {LINK.fullmatch(one)[2].split('"')[1] for one in head if one not in in_header} <= own


def test_the_authors_of_a_work_are_signposts(client: FlaskClient) -> None:
    found = links_of(client.get("/paper/alignment-faking-in-llms.html").headers["Link"])
    assert "https://w3id.org/alignment-kb/thinker/evan-hubinger" in found["author"]
    assert "author" not in links_of(client.get(f"{AF}.html").headers["Link"])


def test_the_page_of_an_error_has_no_links_of_a_document(client: FlaskClient) -> None:
    page = client.get("/concept/nowhere.html", headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert not [one for one in _Head(page.text).links if "alternate" in one and "/feed." not in one]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/paper/alignment-faking-in-llms", "ScholarlyArticle"),
        ("/thinker/evan-hubinger", "Person"),
        ("/thinker/greenblatt-et-al", "Organization"),
        ("/quote/prediction-does-not-rule-out-faking", "Quotation"),
    ],
)
def test_the_type_of_an_entity_is_that_of_schema_org(path: str, kind: str, client: FlaskClient) -> None:
    found = links_of(client.get(f"{path}.html").headers["Link"])
    assert found["type"] == {"https://schema.org/AboutPage", f"https://schema.org/{kind}"}


def test_a_class_leads_to_its_items_and_every_link_of_a_header_leads_somewhere(client: FlaskClient) -> None:
    found = links_of(client.get("/concept.html").headers["Link"])
    listed = {
        one["iri"].removeprefix("https://w3id.org/alignment-kb") for one in client.get("/concept.json").json["entities"]
    }
    assert found["item"] == listed
    for path in ("/concept.html", f"{AF}.html", "/ontology.html", "/.well-known/void.html"):
        for targets in links_of(client.get(path).headers["Link"]).values():
            for target in targets:
                if target.startswith("/"):
                    assert client.get(target).status_code in {200, 303}, target


def test_the_link_set_holds_what_the_header_does_and_more(client: FlaskClient) -> None:
    response = client.get(f"{AF}.linkset.json")
    assert response.content_type == "application/linkset+json"
    [whole, *others] = response.json["linkset"]
    assert whole["anchor"] == f"http://localhost{AF}.html"
    in_header = links_of(response.headers["Link"])
    for relation, targets in in_header.items():
        assert targets <= {link["href"] for link in whole[relation]}, relation
    # Every representation of every profile.
    assert len(whole["alternate"]) == 11 + 6 + 6 + 5 + 2
    schema = {"href": f"{AF}.ttl?_profile=schema", "type": "text/turtle", "formats": ["http://schema.org/"]}
    assert schema in whole["alternate"]
    for link in whole["alternate"]:
        assert client.get(link["href"]).status_code in {200, 303}, link
    assert {one["anchor"] for one in others} == {
        "https://w3id.org/alignment-kb/profiles#edges",
        "https://w3id.org/alignment-kb/profiles#record",
        "https://w3id.org/alignment-kb/profiles#reifiers",
        "http://schema.org/",
    }


def test_a_long_list_has_its_items_in_the_link_set_alone(client: FlaskClient) -> None:
    release = client.application.extensions["akb"].release()
    iris = [release.namespaces.entity("concept", f"one-of-many-{number}") for number in range(31)]
    links = class_links(release, iris)
    assert 'rel="item"' not in header(links)
    assert header(class_links(release, iris[:30])).count('rel="item"') == 30
    [whole] = json.loads(link_set("http://h/concept.html", links))["linkset"]
    assert [link["href"] for link in whole["item"]] == [f"/concept/one-of-many-{number}" for number in range(31)]


def test_a_406_leads_to_what_there_is(client: FlaskClient) -> None:
    response = client.get(AF, headers={"Accept": "image/png"})
    assert response.status_code == 406
    offered = response.json["available"]
    assert {
        "href": f"{AF}.md",
        "type": "text/markdown",
        "formats": "https://w3id.org/alignment-kb/profiles#edges",
    } in offered
    assert all(client.get(one["href"]).status_code in {200, 303} for one in offered)
    assert f"{AF}.md" in links_of(response.headers["Link"])["alternate"]
    page = client.get("/concept", headers={"Accept": "text/html;level=1, image/png, application/xhtml+xml;q=0"})
    assert page.status_code == 406
    html = client.get(f"{AF}?_profile=schema", headers={"Accept": "text/html"}).text
    assert f'href="{AF}.jsonld"' in html
