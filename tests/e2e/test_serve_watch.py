"""`akb serve --watch`: what is saved is on the next page, and a slip in a file takes nothing away."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.conftest import running_server

pytestmark = pytest.mark.slow

AF = "concept/alignment-faking"


def wait_for(is_so: Callable[[], bool], what: str) -> None:
    """Wait until something is so; how long that takes says how busy the machine is."""
    deadline = time.monotonic() + 300
    while not is_so():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


def test_what_is_saved_is_on_the_next_page(root: Path, tmp_path: Path) -> None:
    path = root / "kb" / f"{AF}.ttl"
    before = path.read_text()
    with running_server(root, tmp_path / "state", "--watch") as address:

        def page() -> str:
            with urlopen(f"{address}{AF}.html") as answer:
                assert "max-age=0" in answer.headers["Cache-Control"], "a browser asks each time"
                return answer.read().decode()

        def said(words: str) -> bool:
            return any(words in log.read_text() for log in tmp_path.glob("serve-*.log"))

        assert "Seen at once" not in page()
        path.write_text(before.replace('definition "', 'definition "Seen at once: ', 1))
        wait_for(lambda: "Seen at once" in page(), "the change was on the page")
        path.write_text(before + "\nslip")
        wait_for(lambda: said("Not Turtle"), "the slip was reported")
        assert "Seen at once" in page(), "the release before it is served"
        path.write_text(before)
        wait_for(lambda: "Seen at once" not in page(), "what was taken back was gone")
