"""The log, for people and for programs."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator

import pytest

from server.settings import Settings, read_settings
from server.web.http.logs import REQUEST_ID, configure_logging


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    """Begin outside of a request, whatever was streamed before and not closed; leave the log as it was."""
    REQUEST_ID.set("")
    logger = logging.getLogger("akb")
    before = logger.handlers, logger.level, logger.propagate
    yield
    logger.handlers, logger.level, logger.propagate = before


def configured(settings: Settings, form: str) -> None:
    configure_logging(read_settings({"AKB_LOG_FORMAT": form, "AKB_STATE": str(settings.state)}, root=settings.root))


def test_as_json_each_line_is_an_object(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    configured(settings, "json")
    token = REQUEST_ID.set("abc")
    logging.getLogger("akb.web").warning("two\nlines and %s", "more", extra={"status": 7})
    REQUEST_ID.reset(token)
    try:
        int("a fault")
    except ValueError:
        logging.getLogger("akb.web").exception("it failed")
    first, second = map(json.loads, capsys.readouterr().err.splitlines())
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", first.pop("time"))
    assert first == {
        "level": "WARNING",
        "logger": "akb.web",
        "message": "two\nlines and more",
        "request_id": "abc",
        "status": 7,
    }
    assert second["request_id"] == "-"
    assert "ValueError: invalid literal" in second["exc_info"]


def test_as_text_each_line_has_the_time_and_the_id(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    configured(settings, "text")
    logging.getLogger("akb.web").error("it failed")
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z ERROR akb\.web \[-\] it failed\n", capsys.readouterr().err
    )
