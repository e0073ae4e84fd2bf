"""A web worker prepares what it can before it has a place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from server.settings import Settings
from server.web.http import metrics
from server.web.serving.worker import _warm


@pytest.mark.parametrize("prefixes", [(), ("/kb",)])
def test_a_spare_one_has_made_pages_and_counted_none(
    prefixes: tuple[str, ...],
    make_app: Callable[[Settings], Flask],
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def count(*_: object, **__: object) -> None:
        raise AssertionError("it has no place to count in yet")

    monkeypatch.setattr(metrics._COUNTED, "add", count)
    own = replace(settings, prefixes=prefixes)
    application = make_app(own)
    statuses: list[int] = []
    application.after_request(lambda response: statuses.append(response.status_code) or response)
    _warm(application, own)
    assert statuses == [200, 200]
    assert caplog.text == ""
    compiled = {name for _, name in application.jinja_env.cache}
    assert {"base.html", "entity.html"} <= compiled
