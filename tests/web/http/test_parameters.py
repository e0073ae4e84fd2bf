"""Parameters of addresses: what is read, and the one wording of what is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.exceptions import BadRequest

from server.web.http.parameters import any_of, number, one_of, text, texts, values_of

COLOURS = ("red", "green", "blue")


def read(query: str, how: Callable[[], object]) -> object:
    with Flask(__name__).test_request_context(f"/?{query}"):
        return how()


@pytest.mark.parametrize(
    ("query", "how", "found"),
    [
        ("", lambda: number("n", 5, 9), 5),
        ("n=9", lambda: number("n", 5, 9), 9),
        ("t=a+b", lambda: text("t", 3), "a b"),
        ("", lambda: text("t", 3), ""),
        ("t=a+b&t=&t=+c&t=c+", lambda: texts("t", 2, 3), ("a b", "c")),
        ("c=red&c=&c=blue&c=red", lambda: values_of("c", COLOURS), ("red", "blue", "red")),
        ("c=red&c=&c=blue&c=red", lambda: any_of("c", COLOURS), ("blue", "red")),
        ("c=red&c=blue", lambda: one_of("c", COLOURS), "blue"),
        ("c=", lambda: one_of("c", COLOURS), ""),
    ],
)
def test_what_is_given_is_read(query: str, how: Callable[[], object], found: object) -> None:
    assert read(query, how) == found


@pytest.mark.parametrize(
    ("query", "how", "said"),
    [
        ("n=0", lambda: number("n", 5, 9), "n is '0', and not a whole number from 1 to 9."),
        ("n=²", lambda: number("n", 5, 9), "n is '²', and not a whole number from 1 to 9."),
        ("t=abcd", lambda: text("t", 3), "t has 4 characters; there may be 3."),
        ("t=abcd&t=a", lambda: texts("t", 2, 3), "t has 4 characters; there may be 3."),
        ("t=a&t=b&t=c", lambda: texts("t", 2, 3), "t is given 3 times; it may be given 2 times."),
        ("c=pink&c=red", lambda: any_of("c", COLOURS), "There is no c 'pink'; there are red, green, blue."),
        ("c=pink", lambda: any_of("c", COLOURS, ["red"]), "There is no c 'pink'; there are red."),
        ("c=pink", lambda: one_of("c", ()), "There is no c 'pink'; there is none here."),
    ],
)
def test_what_cannot_be_read_is_refused(query: str, how: Callable[[], object], said: str) -> None:
    with pytest.raises(BadRequest) as error:
        read(query, how)
    assert error.value.description == said
