"""How a server goes over to a new release: whoever asks meanwhile is answered from the one before."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from server.build.build import build
from server.settings import Settings, read_settings
from server.web.current import Current
from server.web.http.observing import NotAtOnceError
from server.web.open_release import OpenRelease

LONG = 60.0
"""Seconds that no machine takes; what is waited for comes far earlier."""


@pytest.fixture
def current(ready: tuple[Path, Path]) -> Iterator[Current]:
    """What a server serves, with a release open."""
    root, state = ready
    current = Current(read_settings({"AKB_STATE": str(state)}, root=root))
    current.release()
    yield current
    current.close()


class Gate:
    """Keeps releases from being opened until it is let go, and counts the attempts."""

    def __init__(self, current: Current, monkeypatch: pytest.MonkeyPatch) -> None:
        self.tried = 0
        self.go = threading.Event()
        read = current._read

        def opened(before: OpenRelease | None) -> OpenRelease:
            self.tried += 1
            assert self.go.wait(LONG)
            return read(before)

        monkeypatch.setattr(current, "_read", opened)


def eventually(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + LONG
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.01)


def change(settings: Settings) -> str:
    """Build another release, and return its name."""
    path = settings.root / "kb/concept/alignment-faking.ttl"
    path.write_text(path.read_text().replace('skos:definition "', 'skos:definition "Once more: ', 1))
    return build(settings)[0].name


def test_without_a_limit_the_first_caller_waits_for_a_new_release(current: Current) -> None:
    before, name = current.release(), change(current.settings)
    after = current.release()
    assert after.info.name == name != before.info.name
    # What every page needs is made by then.
    assert {"schema", "site", "examples", "class_style"} <= vars(after).keys()


def test_while_a_release_is_opened_nobody_waits_longer_than_is_said(
    current: Current, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, name = current.release(), change(current.settings)
    gate = Gate(current, monkeypatch)
    current.patience = 0.0
    with pytest.raises(NotAtOnceError):
        current.at_once()
    assert current.release() is before
    assert current.release() is before is current.at_once()
    gate.go.set()
    eventually(lambda: current.release().info.name == name)
    assert current.at_once().info.name == name
    assert gate.tried == 1


def test_a_page_that_asks_many_times_waits_no_longer_than_one_that_asks_once(
    current: Current, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = current.release()
    change(current.settings)
    gate = Gate(current, monkeypatch)
    current.patience = 0.2
    waited: list[float | None] = []
    joined = threading.Thread.join

    def join(thread: threading.Thread, timeout: float | None = None) -> None:
        waited.append(timeout)
        joined(thread, timeout)

    monkeypatch.setattr(threading.Thread, "join", join)
    assert {id(current.release()) for _ in range(100)} == {id(before)}
    assert sum(one or 0 for one in waited) <= 2 * current.patience
    monkeypatch.undo()
    gate.go.set()


def test_whoever_asks_while_a_release_is_opened_soon_enough_gets_it(
    current: Current, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = change(current.settings)
    gate = Gate(current, monkeypatch)
    current.patience = LONG
    found: list[str] = []
    callers = [threading.Thread(target=lambda: found.append(current.release().info.name)) for _ in range(3)]
    callers[0].start()
    eventually(lambda: gate.tried == 1)
    for caller in callers[1:]:
        caller.start()
    gate.go.set()
    for caller in callers:
        caller.join(LONG)
    assert found == [name] * 3


def test_a_release_that_cannot_be_opened_for_whatever_reason_is_told_once_and_the_next_one_is_tried(
    current: Current, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    before = current.release()
    change(current.settings)
    with monkeypatch.context() as broken, caplog.at_level(logging.ERROR, "akb.web"):
        broken.setattr(current, "_read", lambda _: 1 / 0)
        assert current.release() is before
        assert current.release() is before
    assert "cannot be opened" in current.refused
    assert [record.exc_info is not None for record in caplog.records] == [True]
    name = change(current.settings)
    assert current.release().info.name == name
    assert current.refused == ""


def test_what_is_closed_while_a_release_is_opened_stays_closed(
    current: Current, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(current.settings)
    gate = Gate(current, monkeypatch)
    current.patience = 0.0
    current.release()
    closing = threading.Thread(target=current.close)
    closing.start()
    gate.go.set()
    closing.join(LONG)
    assert not closing.is_alive()
    assert current.opened is None
