"""Data within pages."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph

from server.knowledge.entity import describe_as_schema_org
from server.namespaces import SCHEMA
from server.turtle.base import Base
from server.web.pages.embedding import embedded, entity_data
from tests.made import CLASSES

KINDS = {
    "paper/alignment-faking-in-llms": "ScholarlyArticle",
    "thinker/evan-hubinger": "Person",
    "thinker/anthropic": "Organization",
    "concept/alignment-faking": "DefinedTerm",
    "artifact/claude-3-opus": "SoftwareApplication",
    "quote/prediction-does-not-rule-out-faking": "Quotation",
    "claim/an-8b-model-shows-it": "Claim",
    "question/why-do-most-chat-models-not-fake-alignment": "Question",
}


class _Scripts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


JSON = st.recursive(
    st.text() | st.integers() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
)


@given(JSON)
def test_any_value_stands_in_a_page_and_comes_out_as_it_was(value: object) -> None:
    reader = _Scripts()
    reader.feed(f"{embedded(value)}<p>end</p>")
    reader.close()
    assert reader.tags == ["script", "p"]
    assert json.loads("".join(reader.texts[:-1])) == value


@pytest.mark.parametrize("text", ["</script><script>alert(1)</script>", "<!--<script>", "]]>", "&lt;/script&gt;"])
def test_no_text_ends_the_element(text: str) -> None:
    markup = embedded({"name": text})
    assert markup.count("<") == 2
    assert json.loads(markup[len('<script type="application/ld+json">') : -len("</script>")]) == {"name": text}


def data_of(client: FlaskClient, path: str) -> dict[str, object]:
    [text] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', client.get(path).text)
    return json.loads(text)


@pytest.mark.parametrize("path", KINDS)
def test_an_entity_has_the_type_of_its_class(path: str, client: FlaskClient, base: Base) -> None:
    slug = path.partition("/")[2]
    if not any(file.path.endswith(f"/{slug}.ttl") for file in base.files):
        pytest.fail(f"{path} is not in the base of the tests")
    data = data_of(client, f"/{path}.html")
    first = data["@graph"][0]
    assert first["@type"] == KINDS[path]
    assert first["@id"] == f"https://w3id.org/alignment-kb/{path}"
    assert first["name"]


def test_it_says_what_the_profile_says(client: FlaskClient) -> None:
    path = "/concept/alignment-faking"
    data = data_of(client, f"{path}.html")
    found = Graph().parse(data=json.dumps({**data, "@context": {"@vocab": SCHEMA}}), format="json-ld")
    profile = Graph().parse(data=client.get(f"{path}.nt?_profile=schema").text, format="nt")
    assert set(found) == set(profile)
    assert len(found) > 15


@pytest.mark.parametrize("name", CLASSES)
def test_a_class_lists_its_members(name: str, client: FlaskClient) -> None:
    data = data_of(client, f"/{name}.html")
    listed = data["mainEntity"]["itemListElement"]
    assert data["@type"] == "CollectionPage"
    assert data["mainEntity"]["numberOfItems"] == len(listed) == len(client.get(f"/{name}.json").json["entities"])


def test_of_many_values_a_page_has_the_first(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """The profile of schema.org has all: a work may refer to hundreds."""
    release = client.application.extensions["akb"].release()
    iri = f"{release.namespaces.base}paper/alignment-faking-in-llms"
    text = describe_as_schema_org(release.store, release.schema, iri)

    def first() -> dict[str, object]:
        graph = entity_data(release, iri, text)["@graph"]
        assert isinstance(graph, list)
        return dict(graph[0])

    whole = first()
    monkeypatch.setattr("server.web.pages.embedding._VALUES_AT_MOST", 2)
    assert any(isinstance(value, list) and len(value) > 2 for value in whole.values())
    assert first() == {name: value[:2] if isinstance(value, list) else value for name, value in whole.items()}
