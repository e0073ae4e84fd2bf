"""The form that corrects an entity or an edge: made from the shapes, tried as a proposal, sent on."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from server.proposals.queue import Queue
from server.settings import Settings
from server.web.app import create_app

PATH = "/concept/compliance-gap/correct"
HTML = {"Accept": "text/html"}


def value_of(page: str, name: str) -> str:
    """Return the value of a field of the form on a page."""
    found = re.search(rf'name="{re.escape(name)}" value="([^"]*)"', page)
    found = found or re.search(rf'<textarea id="[^"]*" name="{re.escape(name)}"[^>]*>\n([^<]*)</textarea>', page)
    assert found, name
    return html.unescape(found[1])


def test_the_form_has_what_the_shapes_give_the_class(client: FlaskClient) -> None:
    page = client.get(PATH, headers=HTML).text
    assert 'name="is.label"' in page
    assert value_of(page, "is.definition") == value_of(page, "was.definition") != ""
    assert 'name="is.doi"' not in page, "a concept has none"
    assert 'name="is.issued"' not in page, "its shape forbids it"
    assert 'name="is.doi"' in client.get("/paper/scheming-ais/correct", headers=HTML).text
    options = dict(re.findall(r'<option value="(\^?\w+)" data-ends="([^"]*)"', page))
    assert options["specializes"] == "concept"
    assert "^authored_by" not in options, "nothing is written by a concept"
    assert f'href="{PATH}"' in client.get("/concept/compliance-gap.html").text
    assert client.get("/concept/none/correct").status_code == 404
    assert client.get("/edge/0000000000/correct").status_code == 404


def test_a_change_is_shown_and_can_be_taken_away(client: FlaskClient) -> None:
    page = client.get(PATH, headers=HTML).text
    was = value_of(page, "was.definition")
    form = {"is.definition": f"{was} So a test says.", "was.definition": was, "who": "Ada Lind"}
    checked = client.post(PATH, data=form, headers=HTML)
    assert checked.status_code == 200, checked.text
    assert "<ins>" in checked.text.partition('id="outcome"')[2]
    assert "It can be taken" in checked.text
    assert 'value="propose"' not in checked.text, "this server stores nothing"
    patch = client.post(PATH, data=form | {"step": "patch"})
    assert patch.mimetype == "text/x-diff"
    assert "+    skos:definition" in patch.text
    as_json = client.post(PATH, data=form | {"step": "json"}).json
    assert as_json is not None
    assert as_json["parts"] == [
        {"kind": "correction", "of": "concept:compliance-gap", "property": "definition", "was": was}
        | {"is": form["is.definition"]}
    ]
    whole = client.post(PATH, data=form | {"step": "editor"}, headers=HTML).text
    assert "So a test says.&#34;@en" in whole.partition('class="patch whole"')[2]
    same = client.post(PATH, data={"is.definition": was + "  "}, headers=HTML)
    assert (same.status_code, "Nothing is changed yet" in same.text) == (200, True)


def test_what_is_wrong_is_said_beside_its_field(client: FlaskClient) -> None:
    stale = client.post(PATH, data={"is.label": "A new name", "was.label": "What it never was"}, headers=HTML)
    assert stale.status_code == 422
    assert re.search(r'id="wrong-is.label">[^<]+does not have that label', stale.text)
    edge = {"edge.1.predicate": "specializes", "edge.1.other": "paper:scheming-ais", "edge.1.note": "A note."}
    wrong = client.post(PATH, data=edge, headers=HTML)
    assert re.search(r'id="wrong-edge.1.predicate">[^<]*these may join the two', wrong.text)
    assert re.search(r'<option value="contributes_to"[^>]* disabled', wrong.text), "it is a paper"


def test_an_edge_is_added_by_the_name_of_its_other_end(client: FlaskClient) -> None:
    edge = {"edge.1.predicate": "^studies", "edge.1.other": "Scheming AIs", "edge.1.note": "It looks at such gaps."}
    unknown = client.post(PATH, data=edge | {"edge.1.other": "scheming"}, headers=HTML).text
    picked = re.search(r'name="pick" value="(edge.1.other=[\w:-]+)"', unknown)
    assert picked, "what may be meant is offered"
    found = client.post(PATH, data=edge | {"pick": "edge.1.other=paper:scheming-ais"}, headers=HTML)
    assert found.status_code == 200, found.text.partition('id="outcome"')[2]
    assert "kb/paper/scheming-ais.ttl" in found.text
    more = client.post(PATH, data=edge | {"step": "more"}, headers=HTML).text
    assert 'name="edge.2.predicate"' in more


def test_an_edge_has_a_form_of_its_own(client: FlaskClient) -> None:
    links = re.findall(r'href="(/edge/\w+/correct)"', client.get(PATH, headers=HTML).text)
    assert links
    page = client.get(links[0], headers=HTML).text
    was = value_of(page, "was.note")
    form = {"is.note": "Another note.", "was.note": was, "is.status": "retracted", "was.status": "active"}
    found = client.post(links[0], data=form, headers=HTML)
    assert found.status_code == 200, found.text.partition('id="outcome"')[2]
    assert "retracted" in found.text.partition('id="outcome"')[2]
    assert client.post(links[0], data={"is.confidence": "7"}, headers=HTML).status_code == 422


def test_it_waits_only_where_that_is_allowed(
    client: FlaskClient, settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    form = {"is.altLabels": "gap in compliance, says a test", "was.altLabels": "", "step": "propose"}
    allowing = replace(settings, allow_propose=True, proposals=tmp_path_factory.mktemp("queue"), query_workers=1)
    assert client.post(PATH, data=form, headers=HTML).status_code == 200
    assert Queue(allowing).waiting() == ()
    app = create_app(allowing)
    try:
        landed = app.test_client().post(PATH, data=form, headers=HTML)
        assert landed.status_code == 201, landed.text
        [waiting] = Queue(allowing).waiting()
        assert f'href="/proposal/{waiting.id}"' in landed.text
        assert "texts" not in waiting.record
    finally:
        app.extensions["akb"].close()
