"""Who wants to be left alone is, for as long as it said (RFC 9110, section 10.2.3)."""

from __future__ import annotations

import os
import time
from email.message import Message
from email.utils import formatdate
from pathlib import Path

import pytest

from server.outgoing.waits import RetryError, Waits, retried, retry_after, whole_seconds


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("7", 7),
        (" 7 ", 7),
        ("0", 0),
        ("99999999999999999999", 86_400),
        ("Sun, 29 Nov 2026 12:00:30 GMT", 30),
        ("Sun, 29 Nov 2026 11:00:00 GMT", 0),
        ("Fri, 29 Nov 2999 12:00:00 GMT", 86_400),
        ("soon", None),
        ("-7", None),
        ("7.5", None),
        ("\N{ARABIC-INDIC DIGIT SEVEN}", None),
        ("", None),
    ],
)
def test_a_wait_is_in_seconds_or_until_a_date(said: str, seconds: float | None) -> None:
    headers = Message()
    headers["Retry-After"] = said
    headers["Date"] = "Sun, 29 Nov 2026 12:00:00 GMT"
    assert retry_after(headers) == seconds


def test_without_its_own_date_our_clock_counts() -> None:
    headers = Message()
    headers["Retry-After"] = formatdate(time.time() + 100, usegmt=True)
    found = retry_after(headers)
    assert found is not None
    assert 60 < found <= 100


def test_processes_with_one_folder_know_the_same(tmp_path: Path) -> None:
    one, other, apart = Waits(tmp_path / "waits"), Waits(tmp_path / "waits"), Waits()
    assert one.left("http://a.example/") == 0
    one.note("http://a.example/", 100)
    assert 90 < one.left("http://a.example/") <= 100
    assert 90 < other.left("http://a.example/") <= 101
    assert apart.left("http://a.example/") == other.left("http://b.example/") == 0
    one.note("http://a.example/", 0)
    assert one.left("http://a.example/") == other.left("http://a.example/") == 0


def test_a_folder_that_cannot_be_written_is_no_reason_to_ask_again(tmp_path: Path) -> None:
    (tmp_path / "waits").write_text("a file")
    waits = Waits(tmp_path / "waits")
    waits.note("http://a.example/", 100)
    assert waits.left("http://a.example/") > 90


def test_a_wait_of_another_clock_is_none(tmp_path: Path) -> None:
    waits = Waits(tmp_path)
    waits.note("http://a.example/", 100)
    (file,) = tmp_path.iterdir()
    os.utime(file, (2**33, 2**33))
    assert Waits(tmp_path).left("http://a.example/") == 0


def test_a_wait_that_is_asked_for_is_as_long_as_that() -> None:
    waits: list[float] = []
    left = [RetryError("busy"), RetryError("busy", 20)]

    def attempt() -> str:
        if left:
            raise left.pop(0)
        return "done"

    assert retried(attempt, lambda: 0, waits.append, lambda _reason, _wait: None) == "done"
    assert waits[0] < 1
    assert waits[1] == 20


def test_who_asks_for_too_long_a_wait_is_not_waited_for() -> None:
    def attempt() -> str:
        raise RetryError("busy", 3600)

    with pytest.raises(RetryError):
        retried(attempt, lambda: 0, pytest.fail, lambda _reason, _wait: None)


def test_a_wait_is_told_in_whole_seconds_and_never_as_none() -> None:
    assert [whole_seconds(seconds) for seconds in (0, 0.2, 1, 6.1)] == [1, 1, 1, 7]
