"""Proposals over HTTP: checked, queued where that is allowed, and decided on; nothing is written to kb/."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from server.proposals.proposing import propose
from server.proposals.queue import Queue
from server.proposals.records import Near
from server.proposals.writing import outcome_record
from server.settings import Settings
from server.turtle.files import names_in
from server.web.app import create_app

EDGE = {
    "kind": "edge",
    "subject": "concept:preference-locking",
    "predicate": "extends",
    "object": "concept:compliance-gap",
    "note": "What a test says of the two.",
}
CALLER = {"REMOTE_ADDR": "192.0.2.7"}
HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def allowing(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return replace(
        settings,
        allow_propose=True,
        proposals=tmp_path_factory.mktemp("queue"),
        proposals_a_minute=1,
        review_key="a secret",
        query_workers=1,
    )


@pytest.fixture(scope="module")
def desk(allowing: Settings) -> Iterator[FlaskClient]:
    """A client of a site that takes proposals."""
    app = create_app(allowing)
    yield app.test_client()
    app.extensions["akb"].close()


def noted(text: str, **more: Any) -> dict[str, Any]:
    return {"parts": [EDGE | {"note": text, "assertedIn": "paper:scheming-ais"}], **more}


def test_a_good_one_waits_is_shown_and_is_decided_on(desk: FlaskClient, allowing: Settings) -> None:
    before = {name: (allowing.root / name).read_bytes() for name in names_in(allowing.root)}
    sent = noted("A first note.", who="A <b>caller</b>", model="m 1.0", why="Because.")
    response = desk.post("/propose", json=sent)
    assert response.status_code == 201, response.text
    body, path = response.json, response.headers["Location"]
    assert body is not None
    assert (body["accepted"], body["summary"], body["queued"]["address"]) == (True, "1 edge added.", path)
    assert body["patch"].startswith("diff --git a/kb/concept/preference-locking.ttl")
    assert [one["predicate"] for one in body["difference"]["edges"]] == ["akb:extends"]
    assert desk.post("/propose", json=sent).status_code == 200, "it waits already"

    listed = desk.get("/review/proposals.json").json
    assert listed is not None
    assert [one["address"] for one in listed["items"]] == [path]
    assert path in desk.get("/review/proposals", headers=HTML).text
    page = desk.get(path, headers=HTML).text
    assert "A &lt;b&gt;caller&lt;/b&gt;" in page
    assert "m 1.0" in page
    assert "A first note." in page
    whole = desk.get(f"{path}.json").json
    assert whole is not None
    assert (whole["model"], whole["parts"][0]["note"]) == ("m 1.0", "A first note.")

    assert desk.post(path, data={"outcome": "accepted"}, headers=HTML).status_code == 422, "nobody took it"
    for key in ({}, {"key": "a guess"}):
        refused = desk.post(path, data={"outcome": "rejected", "who": "Ada Lind", "why": "No.", **key})
        assert refused.status_code == 422
    patch = desk.post(path, data={"outcome": "accepted", "who": "Ada Lind", "download": "1"})
    assert patch.mimetype == "text/x-diff"
    assert patch.text.splitlines()[0] == body["patch"].splitlines()[0]
    assert len(Queue(allowing).waiting()) == 1, "without the key nothing is written down"
    form = {"who": "Ada Lind", "key": "a secret", "1.note": "A better note."}
    checked = desk.post(path, data={"outcome": "check", **form}, headers=HTML)
    assert "A better note." in checked.text
    assert "a secret" not in checked.text
    assert len(Queue(allowing).waiting()) == 1, "to look at the patch decides nothing"
    led = desk.post(path, data={"outcome": "accepted", **form}, headers=HTML)
    assert (led.status_code, led.location) == (303, "/review/proposals"), "it was the last one"
    assert Queue(allowing).waiting() == ()
    assert "Accepted" in desk.get(path, headers=HTML).text
    whole_patch = desk.get("/review/accepted.patch").text
    assert "accepted with changes by Ada Lind" in whole_patch.partition("diff --git")[0]
    assert '+    akb:note "A better note."@en' in whole_patch
    assert '+    akb:reviewer "Ada Lind"' in whole_patch
    assert desk.post(path, data={"outcome": "back", "who": "Ada Lind"}, headers=HTML).status_code == 422
    assert desk.post(path, data={"outcome": "back", **form}, headers=HTML).location.startswith(path)
    assert len(Queue(allowing).waiting()) == 1
    assert desk.get("/review/accepted.patch").text == ""
    desk.post(path, data={"reject": "The source does not say so.", **form}, headers=HTML)
    decided = Queue(allowing).get(path.rpartition("/")[2]).decision
    assert decided is not None
    assert (decided.outcome, decided.why) == ("rejected", "The source does not say so.")
    assert {name: (allowing.root / name).read_bytes() for name in names_in(allowing.root)} == before


def test_several_are_decided_on_at_once_and_make_one_patch(desk: FlaskClient, allowing: Settings) -> None:
    ids = []
    for predicate, object_ in (("extends", "concept:situational-awareness"), ("part_of", "concept:sycophancy-in-llms")):
        part = EDGE | {"predicate": predicate, "object": object_, "assertedIn": "paper:scheming-ais"}
        sent = desk.post("/propose", json={"parts": [part]}, environ_base={"REMOTE_ADDR": f"192.0.2.{len(object_)}"})
        assert sent.json is not None
        ids.append(sent.json["queued"]["id"])
    page = desk.get("/review/proposals?about=paper:scheming-ais", headers=HTML).text
    assert all(f'value="{id_}"' in page for id_ in ids)
    assert desk.get("/review/proposals.json?about=paper:none").json["count"] == 0
    who = {"who": "Ada Lind", "about": "paper:scheming-ais"}
    nobody = desk.post("/review/proposals", data={"outcome": "accepted", **who}, headers=HTML)
    assert nobody.status_code == 422
    assert "choose from 1 to" in nobody.text
    form = {"outcome": "accepted", "id": ids, **who}
    patch = desk.post("/review/proposals", data=form, headers={"Accept": "text/x-diff"}).text
    assert patch.count("diff --git") == 1, "both change one file"
    assert "akb:extends" in patch
    assert "akb:partOf" in patch
    assert len(Queue(allowing).waiting()) == 2
    rejected = desk.post("/review/proposals", data={"reject": "No.", "id": ids, **who}, headers=HTML)
    assert rejected.status_code == 422, "without the key"
    page = desk.post("/review/proposals", data={"batch": "paper:scheming-ais", "key": "a secret", **who}, headers=HTML)
    assert page.text.count(": accepted") == 2
    assert [one.number for one in Queue(allowing).accepted()] == [1, 2]
    later = desk.post(f"/proposal/{ids[0]}", data={"outcome": "later", "key": "a secret", **who}, headers=HTML)
    assert later.status_code == 422
    assert "was accepted already, by Ada Lind" in later.text
    for one in Queue(allowing).accepted():
        Queue(allowing).settle(one.id)


def test_a_damaged_file_of_the_queue_is_counted_and_the_others_are_shown(desk: FlaskClient, allowing: Settings) -> None:
    path = allowing.proposals_folder / "0123456789.json"
    path.write_text('{"id": "0123456789", "record": 7, "decision": null}')
    try:
        assert "1 of the queue cannot be read" in desk.get("/review/proposals", headers=HTML).text
        assert desk.get("/review/proposals.json").status_code == 200
        assert desk.get("/proposal/0123456789", headers=HTML).status_code == 500
    finally:
        path.unlink()


def test_a_bad_one_is_a_problem_with_its_findings(desk: FlaskClient, allowing: Settings) -> None:
    response = desk.post("/propose", json=EDGE | {"predicate": "authored_by"})
    assert (response.status_code, response.mimetype) == (422, "application/problem+json")
    body = json.loads(response.text)
    assert body["reasons"] == ["wrong-ends"]
    assert body["findings"][0]["mend"].startswith("these may join the two:")
    page = desk.post("/propose", data={"proposal": json.dumps(EDGE | {"note": "<script>x</script>"})}, headers=HTML)
    assert page.status_code == 422
    assert "<script>x" not in page.text
    assert Queue(allowing).waiting() == ()


def test_what_is_no_proposal_is_said_to_be_none(desk: FlaskClient) -> None:
    for text, status in (("{", 422), ("[" * 9999, 422), (json.dumps({"why": "x" * 70_000}), 413)):
        response = desk.post("/propose", data=text, content_type="application/json")
        assert (response.status_code, response.mimetype) == (status, "application/problem+json"), response.text
        assert response.json is None or response.json["mend"]


def test_a_caller_may_propose_so_much_in_a_minute(desk: FlaskClient) -> None:
    bad = EDGE | {"predicate": "authored_by"}
    seen = []
    while 429 not in seen:
        seen.append(desk.post("/propose", json=bad, environ_base=CALLER).status_code)
    assert seen[:5] == [422] * 5, "five minutes of one at once, and then no more"
    refused = desk.post("/propose", json=bad, environ_base=CALLER)
    assert int(refused.headers["Retry-After"]) >= 1
    assert desk.post("/propose", json=bad, environ_base={"REMOTE_ADDR": "192.0.2.8"}).status_code == 422


def test_without_leave_a_good_one_is_only_checked(client: FlaskClient, settings: Settings) -> None:
    response = client.post("/propose", json=noted("A second note."))
    assert response.status_code == 200
    assert response.json is not None
    assert (response.json["accepted"], response.json["queued"]) == (True, None)
    assert not Path(settings.proposals_folder).exists()
    page = client.get("/propose", headers=HTML)
    assert "nothing is stored" in page.text
    assert json.loads(page.text.partition("required>")[2].partition("</textarea>")[0].replace("&#34;", '"'))["parts"]


def test_a_proposal_that_is_not_there_is_not_found(desk: FlaskClient) -> None:
    for path in ("/proposal/0123456789", "/proposal/0123456789.json", "/proposal/x"):
        assert desk.get(path).status_code == 404
    assert desk.post("/proposal/0123456789", data={"outcome": "accepted"}).status_code == 404


def test_the_score_the_nearest_and_what_would_be_said_twice_are_shown(desk: FlaskClient, allowing: Settings) -> None:
    question = {
        "kind": "entity",
        "class": "question",
        "questionStatus": "open",
        "label": "Do gaps in compliance close when nobody looks?",
        "definition": "Whether a model complies as much without readers as with them.",
    }
    concept = f"{allowing.namespaces.base}question/what-causes-the-other-compliance-gaps"
    near = [Near(1, concept, 0.44, is_same=False, is_near=False)]
    again = {**question, "label": "Do gaps in compliance close while nobody looks?", "definition": "Whether they do."}
    queue, ids = Queue(allowing), []
    for part, score in ((question, 0.71), (again, 0.2)):
        record = outcome_record(propose(allowing, {"who": "a program", "score": score, "parts": [part]}, near))
        assert record["accepted"], record["findings"]
        ids.append(queue.add(record)[0].id)
    first, second = ids
    try:
        page = desk.get(f"/proposal/{first}", headers=HTML).text
        assert "Score <strong>0.71</strong> of 1." in page
        assert "question%3Awhat-causes-the-other-compliance-gaps" in page.partition("Nearest in the base")[2]
        assert "cosine 0.44" in page
        assert f'href="/proposal/{second}"' in page.partition("Would say the same")[2]
        listed = desk.get("/review/proposals", headers=HTML).text
        assert "Score 0.71." in listed
        assert "(0.44)" in listed
        assert "Score 0.71. Nearest in the base: question:what" in desk.get("/review/proposals.md").text
        whole = desk.get(f"/proposal/{first}.json").json
        assert whole is not None
        assert (whole["score"], whole["near"][0]["cosine"]) == (0.71, 0.44)
        assert whole["repeated"][0].endswith(f"/proposal/{second}")
    finally:
        for id_ in ids:
            (queue.folder / f"{id_}.json").unlink()
