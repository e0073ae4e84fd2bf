"""A way to an entity by chance."""

from __future__ import annotations

from flask.testing import FlaskClient


def test_it_leads_to_an_entity_in_use_and_nobody_keeps_where(client: FlaskClient) -> None:
    answer = client.get("/random")
    assert answer.status_code == 303
    assert answer.headers["Cache-Control"] == "no-store"
    assert client.get(answer.headers["Location"], follow_redirects=True).status_code == 200


def test_all_entities_of_the_classes_come_up_and_no_others(client: FlaskClient) -> None:
    listed = {
        "/" + one["id"].replace(":", "/")
        for name in ("quote", "method")
        for one in client.get(f"/{name}.json").json["entities"]
    }
    found = {client.get("/random?class=quote&class=method").headers["Location"] for _ in range(60 * len(listed))}
    # That one of n is missed in 60 n tries has a chance of n e^-60.
    assert found == listed


def test_a_class_that_is_not_there_is_said(client: FlaskClient) -> None:
    answer = client.get("/random?class=ship")
    assert answer.status_code == 400
    assert "'ship'" in answer.json["detail"]
