"""Answers that are given again without asking the application."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from server.settings import Settings, read_settings

AF = "/concept/alignment-faking"


@pytest.fixture
def app(settings: Settings, make_app: Callable[[Settings], Flask]) -> Flask:
    return make_app(settings)


@pytest.fixture
def seen(app: Flask) -> list[str]:
    """The paths that came through to the application."""
    seen: list[str] = []
    app.before_request(lambda: seen.append(request.full_path.rstrip("?")))
    return seen


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        (f"{AF}.html", {}, 200),
        (f"{AF}.jsonld", {"Accept-Encoding": "br"}, 200),
        (f"{AF}.ttl?_profile=record", {}, 200),
        ("/concept", {"Accept": "text/turtle"}, 200),
        (AF, {"Accept": "text/turtle"}, 303),
        (AF, {"Accept-Profile": "<http://schema.org/>", "Accept": "text/turtle"}, 303),
    ],
)
def test_an_answer_is_given_again_as_it_was(
    path: str, headers: dict[str, str], status: int, app: Flask, seen: list[str]
) -> None:
    client = app.test_client()
    first = client.get(path, headers=headers)
    again = client.get(path, headers=headers)
    head = client.head(path, headers=headers)
    assert seen == [path]
    assert first.status_code == again.status_code == head.status_code == status
    assert first.status == again.status
    for response in (first, again, head):
        del response.headers["X-Request-Id"]
    assert list(first.headers) == list(again.headers) == list(head.headers)
    assert first.data == again.data
    assert head.data == b""


def test_each_wish_has_an_answer_of_its_own(app: Flask, seen: list[str]) -> None:
    client = app.test_client()
    answers = {
        (accept, coding): client.get("/concept", headers={"Accept": accept, "Accept-Encoding": coding}).data
        for _ in range(2)
        for accept in ("text/html", "text/turtle")
        for coding in ("", "br")
    }
    assert len(seen) == len(set(answers.values())) == 4


def test_an_address_is_not_mistaken_for_another(app: Flask, seen: list[str]) -> None:
    client = app.test_client()
    paths = [f"{AF}.ttl", f"{AF}.ttl?_profile=record", f"{AF}.ttl?x=1"]
    for path in paths:
        client.get(path)
    assert seen == paths


@pytest.mark.parametrize("path", ["/", "/nowhere", "/.well-known/void", "/healthz", "/method/rlhf", "/sparql"])
def test_other_answers_are_not_kept(path: str, app: Flask, seen: list[str]) -> None:
    client = app.test_client()
    for _ in range(2):
        client.get(path)
    assert seen == [path, path]


def test_nothing_is_kept_where_there_is_no_room(settings: Settings, make_app: Callable[[Settings], Flask]) -> None:
    own = read_settings({"AKB_STATE": str(settings.state), "AKB_KEPT_MB": "0"}, root=settings.root)
    app = make_app(own)
    client = app.test_client()
    assert client.get(f"{AF}.html").data == client.get(f"{AF}.html").data
    assert app.extensions["akb"].cache.bytes == 0


def test_a_post_is_never_answered_from_what_is_kept(client: FlaskClient) -> None:
    client.get(f"{AF}.html")
    assert client.post(f"{AF}.html").status_code == 405
